//! Text from outside, made safe and laid out.

mod clean;
pub mod code_points;
mod escape;
mod layout;
mod links;
mod skeleton;

pub use clean::{Clean, clean, clean_within, is_safe, is_small};
pub use code_points::{Point, Run};
pub use escape::{escape_all_hidden, escape_json};
pub use layout::{fit, fit_end, width, wrap};
pub use links::{Link, links};
pub use skeleton::{fingerprint, fingerprint_and_length, letters, skeleton};
