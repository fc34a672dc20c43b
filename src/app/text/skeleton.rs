//! What a text says without its tricks, so that variants of it are told to be one.

use std::hash::{Hash, Hasher};

/// The text without case, blanks and punctuation, and with runs of a letter as one.
pub fn skeleton(text: &str) -> String {
    let mut skeleton = String::new();
    for c in text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase) {
        if !skeleton.ends_with(c) {
            skeleton.push(c);
        }
    }
    skeleton
}

/// A hash of the skeleton; 0 if that is empty.
pub fn fingerprint(text: &str) -> u64 {
    let skeleton = skeleton(text);
    if skeleton.is_empty() {
        return 0;
    }
    let mut hasher = std::hash::DefaultHasher::new();
    skeleton.hash(&mut hasher);
    hasher.finish().max(1)
}
