//! The console as its users see it: keys go in, the screen comes out, and the service is a pretend one in the same
//! thread. The second of the three rings of tests.

#![allow(clippy::unwrap_used, reason = "a test that can't go on should say where")]

mod copy;
mod edit;
mod harness;
mod lists;
mod readme;
mod room;
mod svg;

use harness::Console;
