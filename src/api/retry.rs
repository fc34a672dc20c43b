//! When a failed call is sent again, and after how long. Pure: chance, time and the environment come in as arguments.
//!
//! The rules are those of the AWS SDKs' standard mode, with one of our own on top: a write is not repeated while it may
//! have been carried out already ([`Replay`]), since no operation takes an idempotency token.

use std::time::Duration;

use super::error::{ErrorKind, Problem};
use super::operation::Replay;

/// How often and how patiently calls are repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Requests that one call may take, the first included; at least 1.
    pub attempts: u32,
    /// The first wait is at most this long after a lost connection, a timeout or a server error.
    pub transient: Duration,
    /// The first wait is at most this long when the service says that we are too fast.
    pub throttled: Duration,
    /// No wait is longer, whatever the attempt.
    pub longest: Duration,
}

impl Default for Settings {
    /// 3 attempts; waits from 50 ms, or 1 s when throttled, up to 20 s.
    fn default() -> Self {
        Self {
            attempts: 3,
            transient: Duration::from_millis(50),
            throttled: Duration::from_secs(1),
            longest: Duration::from_secs(20),
        }
    }
}

impl Settings {
    /// The settings in `AWS_MAX_ATTEMPTS` and `AWS_RETRY_MODE`, which `variable` looks up; an empty one is not set.
    ///
    /// All three modes are taken and mean the same here: `legacy` differs only in rules that the SDKs have given up, but
    /// for its 5 attempts, and what `adaptive` adds, a pace of our own, is always on.
    ///
    /// # Errors
    /// Each variable whose value can't be used.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let given = |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let mut settings = Self::default();
        let mut problems = Vec::new();
        match given("AWS_RETRY_MODE").as_deref() {
            None | Some("standard" | "adaptive") => {}
            Some("legacy") => settings.attempts = 5,
            Some(other) => problems
                .push(Problem::new("AWS_RETRY_MODE", format!("is {other:?}, must be standard, adaptive or legacy"))),
        }
        if let Some(text) = given("AWS_MAX_ATTEMPTS") {
            match text.parse() {
                Ok(attempts) if attempts > 0 => settings.attempts = attempts,
                _ => problems.push(Problem::new("AWS_MAX_ATTEMPTS", format!("is {text:?}, must be a number from 1"))),
            }
        }
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    }
}

/// What all calls of a client may spend on repeats, so that a dead service is not asked three times by everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    tokens: u32,
}

impl Quota {
    const FULL: u32 = 500;
}

impl Default for Quota {
    /// 500 tokens: 35 repeats of transient failures, or 100 of throttled calls.
    fn default() -> Self {
        Self { tokens: Self::FULL }
    }
}

impl Quota {
    /// The tokens that are left.
    pub fn left(&self) -> u32 {
        self.tokens
    }

    fn take(&mut self, cost: u32) -> bool {
        let left = self.tokens.checked_sub(cost);
        self.tokens = left.unwrap_or(self.tokens);
        left.is_some()
    }

    fn give(&mut self, tokens: u32) {
        self.tokens = (self.tokens + tokens).min(Self::FULL);
    }
}

/// Why sending again may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// Something broke on the way, or in the service.
    Transient,
    /// We are too fast.
    Throttled,
}

impl Cause {
    /// What a repeat costs, in tokens of the quota.
    fn cost(self) -> u32 {
        match self {
            Self::Transient => 14,
            Self::Throttled => 5,
        }
    }

    fn of(kind: &ErrorKind) -> Option<Self> {
        match kind {
            ErrorKind::Refused(refusal) if refusal.is_throttling() => Some(Self::Throttled),
            ErrorKind::Refused(refusal) if matches!(refusal.status, 500 | 502 | 503 | 504) => Some(Self::Transient),
            // Broken is a body that broke off while it came: whether one that came whole can be read, and a repeat
            // would change nothing, is found out later.
            ErrorKind::Unreachable(_) | ErrorKind::Interrupted(_) | ErrorKind::TimedOut(_) | ErrorKind::Broken(_) => {
                Some(Self::Transient)
            }
            ErrorKind::Refused(_)
            | ErrorKind::Invalid(_)
            | ErrorKind::Redirected { .. }
            | ErrorKind::TooLarge { .. }
            // A certificate is not better the second time.
            | ErrorKind::Untrusted(_)
            | ErrorKind::Unsendable(_)
            | ErrorKind::Unsigned(_)
            | ErrorKind::Unwritten(_)
            | ErrorKind::ReadOnly => None,
        }
    }
}

/// The wait before repeat number `repeat` (the first is 0): `chance` is from 0 to 1, and it is drawn after the cap, so
/// that calls which failed together don't come back together.
pub fn back_off(first: Duration, repeat: u32, longest: Duration, chance: f64) -> Duration {
    let growth = 2_u32.saturating_pow(repeat);
    first.saturating_mul(growth).min(longest).mul_f64(chance.clamp(0.0, 1.0))
}

/// The wait that `x-amz-retry-after` asks for, in milliseconds: never less than our own `wait`, nor 5 s more. What is
/// not a number is ignored.
pub fn heed_retry_after(header: Option<&str>, wait: Duration) -> Duration {
    let asked = header.and_then(|text| text.trim().parse().ok()).map(Duration::from_millis);
    asked.map_or(wait, |asked| asked.clamp(wait, wait + Duration::from_secs(5)))
}

/// One call's way through its attempts.
#[derive(Debug, Clone)]
pub struct Course {
    replay: Replay,
    /// Failed attempts so far.
    failed: u32,
    /// Whether any of them may have been carried out.
    doubtful: bool,
    /// Whether a repeat was already spent on a corrected clock.
    corrected: bool,
    /// What the last repeat cost.
    cost: u32,
}

/// An attempt that failed, and what counts in the decision what to do about it.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    /// How it failed.
    pub kind: &'a ErrorKind,
    /// The `x-amz-retry-after` header of the answer.
    pub retry_after: Option<&'a str>,
    /// Whether the signature was refused for a clock that has been corrected since.
    pub clock_corrected: bool,
    /// How long ago the first attempt was sent.
    pub since_first: Duration,
    /// A random number from 0 to 1.
    pub chance: f64,
}

/// What to do after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send the call again, after this wait.
    Again(Duration),
    /// Nothing: what was to be deleted is gone, and an earlier attempt may well have done it.
    Gone,
    /// Tell the error.
    Fail,
}

impl Course {
    /// Nothing sent yet.
    pub fn new(replay: Replay) -> Self {
        Self { replay, failed: 0, doubtful: false, corrected: false, cost: 0 }
    }

    /// Decides what follows a failed attempt. A repeat is paid for from `quota`.
    pub fn after(&mut self, failure: &Failure<'_>, settings: &Settings, quota: &mut Quota) -> Next {
        self.failed += 1;
        if self.is_gone(failure.kind) {
            return Next::Gone;
        }
        self.doubtful |= failure.kind.may_have_been_done();
        if self.failed >= settings.attempts {
            return Next::Fail;
        }
        if failure.clock_corrected {
            // A refused signature was never carried out, so any operation may be signed anew, once and at once.
            let first_time = !std::mem::replace(&mut self.corrected, true);
            return if first_time { Next::Again(Duration::ZERO) } else { Next::Fail };
        }
        let Some(cause) = Cause::of(failure.kind) else { return Next::Fail };
        let base = match cause {
            Cause::Transient => settings.transient,
            Cause::Throttled => settings.throttled,
        };
        let wait = back_off(base, self.failed - 1, settings.longest, failure.chance);
        let wait = heed_retry_after(failure.retry_after, wait);
        if !self.allows(failure.since_first + wait) || !quota.take(cause.cost()) {
            return Next::Fail;
        }
        self.cost = cause.cost();
        Next::Again(wait)
    }

    /// Whether the call may be sent again this long after its first attempt.
    pub fn allows(&self, since_first: Duration) -> bool {
        match self.replay {
            Replay::Freely | Replay::GoneIsDone => true,
            Replay::UnlessCarriedOut => !self.doubtful,
            Replay::Within(seconds) => since_first <= Duration::from_secs(u64::from(seconds)),
        }
    }

    /// Gives back what the last repeat cost, or one token for a call that needed none.
    pub fn succeeded(&self, quota: &mut Quota) {
        quota.give(self.cost.max(1));
    }

    /// A deletion that finds nothing has done its work only if an earlier attempt may have: after a mere 429 the thing
    /// was never ours to delete, and the caller is told so.
    fn is_gone(&self, kind: &ErrorKind) -> bool {
        let not_found = matches!(kind, ErrorKind::Refused(refusal) if refusal.status == 404);
        not_found && self.doubtful && self.replay == Replay::GoneIsDone
    }
}

#[cfg(test)]
mod tests;
