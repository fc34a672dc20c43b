//! The control plane of Amazon IVS Chat: 17 typed operations over a signed client of our own.
//!
//! An operation is a struct ([`ops`]) that knows its route, its limits and its answer. It turns into a [`Call`], which
//! is plain data; [`client`] sends it, by the rules of [`sigv4`], [`retry`], [`clock`] and [`pace`], and what comes back
//! is an [`Answer`], which [`decode`] reads. Everything but `client`, `pace` and [`network`] is pure, so the
//! console and the simulator speak in calls without a socket in sight.
//!
//! Source of names, members and limits: the service model `ivschat/2020-07-14`.

pub mod answer;
pub mod awscli;
pub mod client;
pub mod clock;
pub mod credentials;
pub mod endpoint;
pub mod error;
pub mod limit;
pub mod model;
pub mod network;
pub mod operation;
pub mod ops;
pub mod pace;
pub mod paging;
pub mod read_only;
pub mod retry;
pub mod service;
pub mod settings;
pub mod sigv4;

pub use answer::{Answer, decode};
pub use error::{Error, ErrorKind};
pub use model::{Arn, Tags};
pub use network::Network;
pub use operation::{Call, Effect, Operation, Request};
pub use read_only::ReadOnly;
pub use service::Service;
pub use settings::Settings;
