//! The real program in a real terminal, over real HTTP and WebSocket.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected has failed")]

mod bugs;
mod clipboard;
mod configuration;
mod credentials;
mod editor;
mod endings;
mod failures;
#[path = "../hostile/mod.rs"]
#[allow(dead_code, reason = "each of the rings uses a part of it")]
mod hostile;
mod hostility;
mod identity;
mod journal;
mod journey;
mod logs;
mod manners;
mod people;
mod plain;
#[path = "../service/mod.rs"]
#[allow(dead_code, reason = "each test program needs its own part of it")]
mod portal;
mod quiet;
mod recording;
mod refusals;
mod service;
mod session;
mod tokens;
