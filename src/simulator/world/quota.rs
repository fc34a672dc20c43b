//! How often something may happen: the account's call rates, and the rates of messages.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::operation::Operation;
use super::setup::Quotas;

const SECOND: i128 = 1_000_000_000;

/// So many a second, with a second's worth at once: a bucket that holds as many tokens as the rate and is filled
/// evenly. How the service counts is not documented; AWS describes its throttling elsewhere as such a bucket.
#[derive(Debug, Clone)]
pub(super) struct Rate {
    /// Nanoseconds between two; 0 if there is no limit.
    interval: i128,
    /// When an empty bucket would be full again, in nanoseconds.
    full_at: i128,
    /// What errors say that the limit is.
    pub(super) limit: u32,
}

impl Rate {
    pub(super) fn new(limit: u32, quotas: Quotas) -> Self {
        let interval = match quotas {
            Quotas::Off => 0.0,
            // A rate of nothing is told as one in a very long time.
            Quotas::Times(factor) => (1e9 / (f64::from(limit) * factor)).clamp(1.0, 1e18),
        };
        #[expect(clippy::cast_possible_truncation, reason = "clamped above")]
        let interval = interval as i128;
        Self { interval, full_at: i128::MIN, limit }
    }

    /// Counts one, if there is room for one.
    pub(super) fn take(&mut self, now: Timestamp) -> bool {
        let now = now.as_nanosecond();
        let full_at = self.full_at.max(now);
        let allowed = full_at - now <= (SECOND - self.interval).max(0);
        if allowed {
            self.full_at = full_at + self.interval;
        }
        allowed
    }
}

/// The rates of the account.
#[derive(Debug)]
pub(super) struct Rates {
    quotas: Quotas,
    /// Deletions and disconnections by call and over connections count together here.
    calls: BTreeMap<Operation, Rate>,
    /// Messages to all rooms together.
    messages: Rate,
}

/// Messages a second to all rooms together, of clients that are connected.
const MESSAGES_PER_SECOND: u32 = 1000;
/// Requests a second over one connection.
const REQUESTS_PER_CONNECTION: u32 = 10;
/// Rooms of an account.
pub(super) const ROOMS: usize = 50_000;
/// Logging configurations of an account.
pub(super) const LOGGING_CONFIGURATIONS: usize = 10;
/// Connections of an account at the same time.
pub(super) const CONNECTIONS: usize = 50_000;

impl Rates {
    pub(super) fn new(quotas: Quotas) -> Self {
        let calls = Operation::ALL.into_iter().map(|operation| (operation, Rate::new(operation.per_second(), quotas)));
        Self { quotas, calls: calls.collect(), messages: Rate::new(MESSAGES_PER_SECOND, quotas) }
    }

    /// Counts a call, or says what its limit is.
    pub(super) fn call(&mut self, operation: Operation, now: Timestamp) -> Result<(), u32> {
        let rate = self.calls.get_mut(&operation).expect("every operation has a rate");
        if rate.take(now) { Ok(()) } else { Err(rate.limit) }
    }

    /// Counts a message of a client, if there is room for one.
    pub(super) fn message(&mut self, now: Timestamp) -> bool {
        self.messages.take(now)
    }

    /// The rate of a new connection.
    pub(super) fn connection(&self) -> Rate {
        Rate::new(REQUESTS_PER_CONNECTION, self.quotas)
    }

    /// The rate of a room that takes `limit` messages a second. It is a setting and not a quota, so it is not scaled.
    pub(super) fn room(&self, limit: u32) -> Rate {
        match self.quotas {
            Quotas::Off => Rate::new(limit, Quotas::Off),
            Quotas::Times(_) => Rate::new(limit, Quotas::Times(1.0)),
        }
    }

    /// Whether the account may have only so many resources.
    pub(super) fn counts_resources(&self) -> bool {
        self.quotas != Quotas::Off
    }
}
