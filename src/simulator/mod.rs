//! The pretend service: a [`World`] that is pure, and a server that puts it behind HTTP and WebSocket.

pub mod server;
pub mod world;

pub use world::World;
