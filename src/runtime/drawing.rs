//! How much is written to the terminal: how often, and whether it moves what it shows by itself.

use std::time::Duration;

use super::signs::Signs;

/// Frames a second that no key asked for, here: chat that rolls by faster can't be read, and the processor has better
/// things to do.
const HERE: u32 = 30;
/// The same over SSH, where the line is the narrow place.
const OVER_SSH: u32 = 10;
/// The most that can be asked for.
pub const MOST: u32 = 60;
/// Bytes a second that frames over SSH take at most, if no key asked for them: a line of 64 kbit/s has 8,000, and what
/// waits in front of a key's answer is felt.
const LINE: u32 = 7_000;

/// How the screen is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawing {
    /// The shortest time between two frames that no key asked for.
    pub frame: Duration,
    /// Bytes a second that such frames take at most, if the line is narrow.
    pub line: Option<u32>,
    /// Whether the terminal is asked to move rows instead of being sent them anew.
    pub scrolls: bool,
    /// Whether the terminal is asked to tell of its mouse.
    pub mouse: bool,
    /// The signs that the terminal is sent.
    pub signs: Signs,
    /// Whether this is the kernel's own console, which prints some of what it does not understand.
    pub bare: bool,
}

impl Drawing {
    /// Draws `frames` a second at most, or what suits the line: `variable` looks the environment up.
    pub fn new(frames: Option<u32>, scrolls: bool, variable: impl Fn(&str) -> Option<String>) -> Self {
        let far = ["SSH_CONNECTION", "SSH_TTY"].into_iter().any(|name| variable(name).is_some());
        // Who says how often knows the line.
        let line = Some(LINE).filter(|_| far && frames.is_none());
        let frames = frames.unwrap_or(if far { OVER_SSH } else { HERE }).clamp(1, MOST);
        let bare = variable("TERM").is_some_and(|term| term == "linux");
        Self { frame: Duration::from_secs(1) / frames, line, scrolls, mouse: false, signs: Signs::default(), bare }
    }

    /// How long after a frame of so many bytes the next one waits.
    pub fn pause(&self, bytes: usize) -> Duration {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let line = self.line.map_or(Duration::ZERO, |line| Duration::from_secs(1) * bytes / line.max(1));
        self.frame.max(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_far_terminal_is_sent_fewer_frames_unless_asked_for() {
        let ssh = |name: &str| (name == "SSH_CONNECTION").then(|| "10.0.0.1 4000 10.0.0.2 22".to_owned());
        assert_eq!(Drawing::new(None, true, ssh).frame, Duration::from_millis(100));
        assert_eq!(Drawing::new(Some(20), true, ssh).frame, Duration::from_millis(50));
        assert_eq!(Drawing::new(None, true, ssh).pause(70), Duration::from_millis(100));
        assert_eq!(Drawing::new(None, true, ssh).pause(3_500), Duration::from_millis(500));
        assert_eq!(Drawing::new(Some(20), true, ssh).pause(3_500), Duration::from_millis(50));
        assert_eq!(Drawing::new(None, true, |_| None).pause(1 << 20), Duration::from_secs(1) / HERE);
        assert!(Drawing::new(None, true, |_| None).frame < Duration::from_millis(34));
        assert_eq!(Drawing::new(Some(0), true, |_| None).frame, Duration::from_secs(1));
    }
}
