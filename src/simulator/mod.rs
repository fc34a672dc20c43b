//! The pretend service: a [`World`] that is pure, and a server that puts it behind HTTP and WebSocket.

pub mod command;
pub mod script;
pub mod server;
pub mod world;

pub use script::Script;
pub use server::Server;
pub use world::World;
