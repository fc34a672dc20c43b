//! Who we are, against local fakes of STS, IAM Identity Center, the instance metadata service and a container's
//! endpoint: each kind of credentials signs a call that the simulator accepts, and each failure says what helps.
//!
//! No test reads or changes this process's environment or home: both are made for it.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected has failed")]

mod canary;
mod endings;
mod failures;
mod fake;
mod kinds;
mod login;
mod order;
mod place;
mod roles;
mod signing_in;
mod world;
