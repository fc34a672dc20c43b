//! `ivschat`: the terminal console for Amazon IVS Chat, and a simulator of the service.
//!
//! # The layers
//!
//! ```text
//! main ── everything
//! runtime ── app, api, messaging, identity, config      (what really happens: loop, jobs, terminal)
//! simulator ── api (not client), messaging (not session)
//! app ── api (not client), messaging (not session)      (the console: state and what happens to it)
//! api, messaging ── nothing of ours
//! ```
//!
//! `tests/layers.rs` reads the `use` lines and fails on an arrow that points upward.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod messaging;
pub mod open;
pub mod runtime;
pub mod simulator;
