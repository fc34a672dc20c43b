//! The way out: proxies, private certificates, none at all, and how each of them fails.

#![allow(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

mod fakes;
mod opening;
mod proxy;
mod tls;
