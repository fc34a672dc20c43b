//! How fast a recorded feed is played.

use std::fmt;
use std::str::FromStr;

/// The fastest that is not at once: a day in less than a second.
const FASTEST: f64 = 100_000.0;
/// The slowest.
const SLOWEST: f64 = 0.01;

/// How fast a recorded feed is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// So many times as fast as it came.
    Times(f64),
    /// Without waiting.
    AtOnce,
}

impl Default for Speed {
    fn default() -> Self {
        Self::Times(1.0)
    }
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "max" {
            return Ok(Self::AtOnce);
        }
        match text.strip_suffix('x').unwrap_or(text).parse::<f64>() {
            Ok(0.0) => Ok(Self::AtOnce),
            Ok(times) if (SLOWEST..=FASTEST).contains(&times) => Ok(Self::Times(times)),
            _ => Err(format!(
                "{text:?} is no speed: 1 is as fast as it came, 10 ten times that, up to {FASTEST}; max is at once"
            )),
        }
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Times(times) => write!(f, "{times}x"),
            Self::AtOnce => f.write_str("at once"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_are_numbers_or_max() {
        let read = |text: &str| text.parse::<Speed>();
        assert_eq!(read("10"), Ok(Speed::Times(10.0)));
        assert_eq!(read("0.5x"), Ok(Speed::Times(0.5)));
        assert_eq!((read("max"), read("0")), (Ok(Speed::AtOnce), Ok(Speed::AtOnce)));
        for wrong in ["", "x", "-1", "fast", "1e9", "NaN", "inf", "0.001"] {
            assert!(read(wrong).unwrap_err().contains("max is at once"), "{wrong}");
        }
        assert_eq!((Speed::Times(2.5).to_string(), Speed::AtOnce.to_string()), ("2.5x".into(), "at once".into()));
    }
}
