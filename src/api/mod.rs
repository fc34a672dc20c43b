//! The control plane of Amazon IVS Chat: 17 typed operations over a signed client of our own.
//!
//! An operation is a struct ([`ops`]) that knows its route, its limits and its answer. It turns into a
//! [`Call`](operation::Call), which is plain data; [`client`] signs, sends, retries and paces calls. Everything
//! but `client` is pure, so the console and the simulator speak in calls without a socket in sight.
//!
//! Source of names, members and limits: the service model `ivschat/2020-07-14`.

pub mod error;
pub mod limit;
pub mod model;
pub mod operation;
pub mod ops;

pub use error::{Error, ErrorKind};
pub use model::{Arn, Tags};
pub use operation::{Call, Operation, Request};
