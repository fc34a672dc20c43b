//! The `ivschat` program.

fn main() {}
