use std::collections::BTreeMap;

use super::*;
use crate::api::error::Refusal;

const ROOM: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";

fn at(millisecond: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap() + SignedDuration::from_millis(millisecond)
}

fn act(aim: Aim, origin: Origin, asked: Timestamp) -> Act {
    Act { room: ROOM.parse().unwrap(), aim, deed: Deed::default(), origin, asked }
}

fn message(n: usize) -> Aim {
    Aim::Message(format!("m{n}").into())
}

fn one(n: usize, asked: Timestamp) -> Act {
    act(message(n), Origin::Single, asked)
}

fn many(count: usize, asked: Timestamp) -> Queue {
    let mut queue = Queue::new(Settings::default());
    for n in 0..count {
        queue.put(act(message(n), Origin::Bulk(Ticket(1), n), asked));
    }
    queue
}

fn refused(status: u16, code: &str) -> Error {
    let kind = ErrorKind::Refused(Refusal::read(status, Some(code), b"{}"));
    Error { operation: "DeleteMessage", request_id: None, attempts: 3, kind }
}

/// A service that answers after 40 ms and lets so many calls through in any second, some of them other programs'.
struct Service {
    quota: usize,
    /// Calls of other programs a second.
    others: usize,
    /// When calls came in the last second.
    came: VecDeque<Timestamp>,
    answers: BTreeMap<(Timestamp, ActId), bool>,
    requests: usize,
    throttled: usize,
}

impl Service {
    fn new(quota: usize, others: usize) -> Self {
        let (came, answers) = (VecDeque::new(), BTreeMap::new());
        Self { quota, others, came, answers, requests: 0, throttled: 0 }
    }

    fn take(&mut self, now: Timestamp, id: ActId) {
        while self.came.front().is_some_and(|first| now.duration_since(*first) >= SignedDuration::from_secs(1)) {
            self.came.pop_front();
        }
        let fits = self.came.len() + self.others < self.quota;
        if fits {
            self.came.push_back(now);
        }
        self.requests += 1;
        self.throttled += usize::from(!fits);
        self.answers.insert((now + SignedDuration::from_millis(40), id), fits);
    }

    /// Runs a queue until it is empty; returns how long that took.
    fn run(&mut self, queue: &mut Queue) -> SignedDuration {
        let start = at(0);
        let (mut now, mut alarm, mut done) = (start, None, 0);
        loop {
            while let Some((id, _)) = queue.release(now) {
                self.take(now, id);
            }
            if let Some(wait) = queue.wake(now) {
                alarm = Some(now + wait);
            }
            let answer = self.answers.keys().next().copied();
            let Some(next) = answer.map(|(time, _)| time).into_iter().chain(alarm).min() else { break };
            now = next;
            if alarm.is_some_and(|alarm| alarm <= now) {
                alarm = None;
                queue.woken();
            }
            while let Some(((time, id), fits)) = self.answers.pop_first() {
                if time > now {
                    self.answers.insert((time, id), fits);
                    break;
                }
                let error = refused(429, "ThrottlingException");
                let answer = if fits { Ok(()) } else { Err(&error) };
                done += usize::from(matches!(queue.answered(id, answer, now), Answered::Over(_)) && fits);
            }
        }
        assert_eq!((queue.waiting(), queue.sent()), (0, 0));
        assert_eq!(done, self.requests - self.throttled, "each was carried out once");
        now.duration_since(start)
    }
}

#[test]
fn a_thousand_deletions_take_a_thousand_requests_and_stay_below_the_quota() {
    let (mut service, mut queue) = (Service::new(100, 0), many(1_000, at(0)));
    let took = service.run(&mut queue);
    assert_eq!((service.requests, service.throttled), (1_000, 0));
    // 80 a second are 12.5 s; no more than a quarter of that is lost.
    assert!(took < SignedDuration::from_millis(13_000), "{took:?}");
}

#[test]
fn when_others_take_most_of_the_quota_all_is_done_all_the_same() {
    let (mut service, mut queue) = (Service::new(100, 60), many(1_000, at(0)));
    let took = service.run(&mut queue);
    assert_eq!(service.requests - service.throttled, 1_000);
    assert!(service.throttled <= 20, "{} of {}", service.throttled, service.requests);
    assert!(took < SignedDuration::from_secs(60), "{took:?}");
}

#[test]
fn what_the_reader_means_singly_does_not_wait_for_what_is_one_of_many() {
    let mut queue = many(100, at(0));
    while queue.release(at(0)).is_some() {}
    queue.put(one(500, at(1)));
    assert_eq!(queue.release(at(1)).map(|(_, act)| act.aim), Some(message(500)));
}

#[test]
fn no_more_are_on_their_way_than_can_be_cancelled_with_sense() {
    let mut queue = many(100, at(0));
    let mut sent = 0;
    for tick in 0..100 {
        while queue.release(at(tick * 100)).is_some() {
            sent += 1;
        }
    }
    assert_eq!((sent, queue.waiting()), (AT_ONCE, 100 - AT_ONCE));
    assert_eq!(queue.wake(at(10_000)), None, "an answer is waited for, not a time");
}

#[test]
fn an_act_in_its_grace_period_can_be_cancelled_and_is_sent_after_it() {
    let settings = Settings { grace: Duration::from_secs(3), ..Settings::default() };
    let mut queue = Queue::new(settings);
    queue.put(one(1, at(0)));
    queue.put(one(2, at(100)));
    assert_eq!(queue.release(at(2_999)), None);
    let cancelled: Vec<Aim> = queue.cancel_last().into_iter().map(|act| act.aim).collect();
    assert_eq!(cancelled, [message(2)]);
    assert_eq!(queue.wake(at(2_999)), Some(GRAIN), "a timer is no finer than that");
    assert_eq!(queue.release(at(3_000)).map(|(_, act)| act.aim), Some(message(1)));
    assert!(queue.cancel_last().is_empty(), "what is sent can't be cancelled");
    queue.put(one(3, at(4_000)));
    queue.hurry();
    assert!(queue.release(at(4_000)).is_some(), "who leaves does not wait");
}

#[test]
fn many_are_cancelled_as_a_whole() {
    let mut queue = many(100, at(0));
    let mut sent = 0;
    while queue.release(at(0)).is_some() {
        sent += 1;
    }
    queue.put(act(message(700), Origin::Bulk(Ticket(2), 0), at(1)));
    assert_eq!(queue.cancel_run(Ticket(2)).len(), 1);
    assert_eq!(queue.cancel_last().len(), 100 - sent);
    assert_eq!(queue.waiting(), 0);
}

#[test]
fn a_purge_disconnects_after_the_last_message_has_left() {
    let mut queue = many(30, at(0));
    queue.put(act(Aim::User("u".into()), Origin::Bulk(Ticket(1), 30), at(0)));
    let mut order = Vec::new();
    for tick in 0..200 {
        while let Some((id, act)) = queue.release(at(tick * 10)) {
            order.push(act.aim);
            assert!(matches!(queue.answered(id, Ok(()), at(tick * 10)), Answered::Over(_)));
        }
    }
    assert_eq!((order.len(), order.last()), (31, Some(&Aim::User("u".into()))));
}

#[test]
fn what_is_throttled_goes_back_to_its_place_and_is_told_in_the_end() {
    let mut queue = Queue::new(Settings::default());
    queue.put(one(1, at(0)));
    queue.put(one(2, at(0)));
    let mut now = at(0);
    for tries in 1.. {
        let Some((id, act)) = queue.release(now) else {
            let wait = queue.wake(now).expect("it goes again");
            assert!(wait >= GRAIN);
            queue.woken();
            now += wait;
            continue;
        };
        assert_eq!(act.aim, message(1), "the first is the first again");
        let error = refused(429, "ThrottlingException");
        if let Answered::Over(act) = queue.answered(id, Err(&error), now) {
            assert_eq!(act.aim, message(1));
            assert!(tries >= TRIES && now > at(10_000), "{tries} {now}");
            return;
        }
    }
}

#[test]
fn other_refusals_are_told_at_once() {
    let mut queue = many(1, at(0));
    let (id, _) = queue.release(at(0)).unwrap();
    let error = refused(403, "AccessDeniedException");
    assert!(matches!(queue.answered(id, Err(&error), at(1)), Answered::Over(_)));
    assert_eq!(queue.answered(id, Ok(()), at(2)), Answered::Unknown);
}

#[test]
fn a_clock_that_is_put_back_holds_nothing() {
    let mut queue = many(50, at(0));
    let (id, _) = queue.release(at(0)).unwrap();
    assert!(matches!(queue.answered(id, Err(&refused(429, "x")), at(0)), Answered::Later(_)));
    queue.put(one(900, at(0)));
    let hour_ago = at(-3_600_000);
    assert_eq!(queue.release(hour_ago).map(|(_, act)| act.aim), Some(message(900)));
    assert!(queue.release(hour_ago + SignedDuration::from_millis(50)).is_some());
}
