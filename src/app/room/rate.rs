//! Messages a second, counted over the last few seconds.

use std::collections::VecDeque;

use jiff::Timestamp;

/// Seconds that are counted over: long enough to be calm, short enough to show a raid.
const WINDOW: i64 = 10;

/// Counts messages by the second.
#[derive(Debug, Default)]
pub struct Rate {
    seconds: VecDeque<(i64, u32)>,
}

impl Rate {
    /// A message came.
    pub fn count(&mut self, now: Timestamp) {
        let second = now.as_second();
        match self.seconds.back_mut() {
            Some((last, count)) if *last == second => *count += 1,
            _ => self.seconds.push_back((second, 1)),
        }
        self.forget(now);
    }

    /// Forgets what has left the window.
    pub fn forget(&mut self, now: Timestamp) {
        while self.seconds.front().is_some_and(|(second, _)| *second <= now.as_second() - WINDOW) {
            self.seconds.pop_front();
        }
    }

    /// Messages a second, over the time that there is to count over.
    pub fn per_second(&self) -> f64 {
        let (Some((first, _)), Some((last, _))) = (self.seconds.front(), self.seconds.back()) else { return 0.0 };
        let messages: u32 = self.seconds.iter().map(|(_, count)| count).sum();
        let span = u32::try_from(last - first + 1).unwrap_or(1).max(3);
        f64::from(messages) / f64::from(span)
    }

    /// Whether nothing was said for the whole window.
    pub fn is_quiet(&self) -> bool {
        self.seconds.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_counts_over_the_window_and_forgets_what_left_it() {
        let start = Timestamp::from_second(1_000).unwrap();
        let mut rate = Rate::default();
        for second in 0..20 {
            for _ in 0..5 {
                rate.count(start + jiff::SignedDuration::from_secs(second));
            }
        }
        assert!((rate.per_second() - 5.0).abs() < 0.01, "{}", rate.per_second());
        rate.forget(start + jiff::SignedDuration::from_secs(60));
        assert!(rate.is_quiet());
    }
}
