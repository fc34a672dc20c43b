//! Keeps each operation within the calls a second that the account may make: a call waits for its turn, first come,
//! first served.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::operation::Spec;

/// Evenly spaced turns, an own row of them for each operation.
///
/// A bucket of as many tokens as the quota lets nearly twice the quota through within one second: all of the bucket,
/// and then what flows in. Only a bucket of one stays within it, and that is the same as even spaces. It is also the
/// more considerate: the quota is the account's, and other programs live on it too.
#[derive(Debug, Default)]
pub struct Pace {
    rows: Mutex<HashMap<&'static str, Arc<Row>>>,
}

/// The moment from which the next call may go. Whoever waits for it holds the lock, which is fair.
type Row = tokio::sync::Mutex<Instant>;

impl Pace {
    /// Waits until a call of this operation may go out. Giving up the wait (dropping the future) costs no turn.
    pub async fn turn(&self, spec: &Spec) {
        let row = self.row(spec.name);
        let mut from = row.lock().await;
        sleep_until(*from).await;
        *from = Instant::now() + space(spec.per_second);
    }

    fn row(&self, name: &'static str) -> Arc<Row> {
        let mut rows = self.rows.lock().expect("nothing panics while it holds the rows");
        Arc::clone(rows.entry(name).or_insert_with(|| Arc::new(Row::new(Instant::now()))))
    }
}

/// Rounded up: three spaces of 333,333,333 ns would let a fourth call into the second.
fn space(per_second: u32) -> Duration {
    Duration::from_nanos(1_000_000_000_u64.div_ceil(u64::from(per_second.max(1))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Operation;
    use crate::api::ops::{CreateChatToken, CreateRoom, DeleteMessage, GetRoom, ListLoggingConfigurations};

    const SECOND: Duration = Duration::from_secs(1);

    async fn times(spec: Spec, calls: usize) -> Vec<Instant> {
        let pace = Arc::new(Pace::default());
        let waiting: Vec<_> = (0..calls)
            .map(|_| {
                let pace = Arc::clone(&pace);
                tokio::spawn(async move {
                    pace.turn(&spec).await;
                    Instant::now()
                })
            })
            .collect();
        let mut times = Vec::new();
        for call in waiting {
            times.push(call.await.unwrap());
        }
        times
    }

    #[tokio::test(start_paused = true)]
    async fn no_second_holds_more_calls_than_the_quota_and_they_go_in_order() {
        for spec in [ListLoggingConfigurations::SPEC, CreateRoom::SPEC, DeleteMessage::SPEC, CreateChatToken::SPEC] {
            let quota = spec.per_second as usize;
            let times = times(spec, 3 * quota + 1).await;
            assert!(times.is_sorted(), "{}", spec.name);
            for (first, over) in times.iter().zip(&times[quota..]) {
                assert!(*over - *first >= SECOND, "{}: {:?}", spec.name, *over - *first);
            }
            // Not much slower than allowed either: a millisecond a call is the timer's grain.
            let allowed = 3 * SECOND + Duration::from_millis(3 * u64::from(spec.per_second) + 1);
            assert!(times[3 * quota] - times[0] <= allowed, "{}", spec.name);
        }
    }

    #[test]
    fn as_many_spaces_as_the_quota_fill_the_second() {
        for quota in 1..=200 {
            assert!(space(quota) * quota >= SECOND, "{quota}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_single_call_and_other_operations_do_not_wait() {
        let (pace, start) = (Pace::default(), Instant::now());
        pace.turn(&CreateRoom::SPEC).await;
        pace.turn(&GetRoom::SPEC).await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        pace.turn(&CreateRoom::SPEC).await;
        assert!(start.elapsed() >= Duration::from_millis(200));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_was_given_up_costs_no_turn() {
        let (pace, start) = (Pace::default(), Instant::now());
        pace.turn(&CreateRoom::SPEC).await;
        for _ in 0..50 {
            let given_up = tokio::time::timeout(Duration::from_millis(1), pace.turn(&CreateRoom::SPEC));
            given_up.await.expect_err("it is not its turn yet");
        }
        pace.turn(&CreateRoom::SPEC).await;
        assert!(start.elapsed() <= Duration::from_millis(201), "{:?}", start.elapsed());
    }
}
