//! Text from outside, made safe and laid out.

mod clean;
mod layout;
mod links;
mod skeleton;

pub use clean::{Clean, clean, is_safe};
pub use layout::{fit, fit_end, width, wrap};
pub use links::{Link, links};
pub use skeleton::{fingerprint, skeleton};
