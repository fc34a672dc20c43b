//! The console as its users see it: keys go in, the screen comes out, and the service is a pretend one in the same
//! thread. The second of the three rings of tests.

#![allow(clippy::unwrap_used, reason = "a test that can't go on should say where")]

mod aim;
mod bulk;
mod card;
mod columns;
mod commands;
mod configuration;
mod copy;
mod cursor;
mod disconnect;
mod edit;
mod event;
mod following;
mod forms;
mod harness;
#[path = "../hostile/mod.rs"]
#[allow(dead_code, reason = "each of the rings uses a part of it")]
mod hostile;
mod hostility;
mod identity;
mod inspect;
mod journal;
mod late;
mod link;
mod lists;
mod logging;
mod many;
mod marks;
mod merged;
mod mouse;
mod network;
mod operations;
mod persona;
mod plain;
mod property;
mod purge;
mod query;
mod queue;
mod readme;
mod reasons;
mod recording;
mod replay;
mod room;
mod rooms;
mod rules;
mod seeing;
mod session_log;
mod shift;
mod svg;
mod tags;
mod tiles;
mod tokens;
mod trouble;
mod write;

use harness::Console;
