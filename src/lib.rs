//! `ivschat`: the terminal console for Amazon IVS Chat, and a simulator of the service.
//!
//! # The layers
//!
//! ```text
//! main        parse, build, run, report one error
//! exit        what the exit codes mean                                          nothing of ours
//! open        the console, put together from flags, environment and file
//! doctor      looks at everything between here and the rooms                    what open imports, and open
//! runtime     what really happens: the loop, the terminal, calls, connections  plain, app, journal, identity, api, messaging
//! cli config  what people say before it starts                         api, and of app what can be configured
//! plain       the same console without a screen: lines in, lines out; pure       app, api*
//! app         the console: state and what happens to it; pure     api*, messaging*, journal::record, identity::facts
//! journal     every change: what a line says (pure), and its files                 api*
//! simulator   the pretend service: a pure world, and a server around it            api*, messaging*
//! identity    profiles, credentials, who we are, signing in; all that knows aws-config                          api*
//! api         the control plane: 17 typed operations, and the client               nothing of ours
//! messaging   chat over a WebSocket: frames, and the session                       api::network
//! ```
//!
//! On the right is what a layer may import; `*` means without the file that knows the sockets, [`api::client`] or
//! [`messaging::session`]. `tests/layers.rs` reads the `use` lines and fails on an arrow that points upward.
//!
//! # Where to start reading
//!
//! [`app::App::update`] takes one thing that happened and returns what is to be done about it; [`app::keys::TABLE`] has all
//! keys and [`app::commands::TABLE`] all commands; [`app::room`] is a live room; [`simulator::World`] is the service. A new
//! operation is a struct in [`api::ops`], an arm in the simulator's world, a row in the table of keys, and a pane that asks
//! for it.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod doctor;
pub mod exit;
pub mod identity;
pub mod info;
pub mod journal;
pub mod messaging;
pub mod nearest;
pub mod open;
pub mod plain;
pub mod runtime;
pub mod simulator;
