use super::*;
use crate::api::error::Refusal;

fn refused(status: u16, name: &str) -> ErrorKind {
    ErrorKind::Refused(Refusal::read(status, Some(name), b""))
}

fn lost() -> ErrorKind {
    ErrorKind::Interrupted("reset".into())
}

fn unreachable() -> ErrorKind {
    ErrorKind::Unreachable("refused".into())
}

fn failure(kind: &ErrorKind) -> Failure<'_> {
    Failure { kind, retry_after: None, clock_corrected: false, since_first: Duration::ZERO, chance: 1.0 }
}

/// What follows when these attempts fail one after the other.
fn follow(replay: Replay, kinds: &[ErrorKind]) -> Vec<Next> {
    let (mut course, mut quota) = (Course::new(replay), Quota::default());
    kinds.iter().map(|kind| course.after(&failure(kind), &Settings::default(), &mut quota)).collect()
}

fn repeats(replay: Replay, kind: &ErrorKind) -> bool {
    matches!(follow(replay, std::slice::from_ref(kind))[0], Next::Again(_))
}

#[test]
fn what_is_retried_and_what_is_not() {
    for (status, name, again) in [
        (400, "ValidationException", false),
        (400, "ThrottlingException", true),
        (400, "RequestLimitExceeded", true),
        (401, "NotAuthorized", false),
        (402, "ServiceQuotaExceededException", false),
        (403, "AccessDeniedException", false),
        (403, "ExpiredTokenException", false),
        (404, "ResourceNotFoundException", false),
        (408, "RequestTimeout", false),
        (409, "ConflictException", false),
        (429, "ThrottlingException", true),
        (429, "Whatever", true),
        (500, "InternalServerException", true),
        (501, "NotImplemented", false),
        (502, "", true),
        (503, "ServiceUnavailable", true),
        (503, "SlowDown", true),
        (504, "", true),
        (505, "", false),
        (507, "", false),
    ] {
        assert_eq!(repeats(Replay::Freely, &refused(status, name)), again, "{status} {name}");
    }
    for (kind, again) in [
        (lost(), true),
        (unreachable(), true),
        (ErrorKind::TimedOut(Duration::from_secs(15)), true),
        (ErrorKind::Broken("cut short".into()), true),
        (ErrorKind::TooLarge { cap: 1 }, false),
        (ErrorKind::Redirected { status: 307, location: None }, false),
        (ErrorKind::Unsendable("no".into()), false),
        (ErrorKind::Invalid(Vec::new()), false),
    ] {
        assert_eq!(repeats(Replay::Freely, &kind), again, "{kind}");
    }
}

#[test]
fn a_write_is_repeated_only_if_it_can_not_have_been_carried_out() {
    for (kind, again) in [
        (unreachable(), true),
        (refused(429, "ThrottlingException"), true),
        (lost(), false),
        (ErrorKind::TimedOut(Duration::from_secs(15)), false),
        (ErrorKind::Broken("cut short".into()), false),
        (refused(500, "InternalServerException"), false),
        (refused(503, "ServiceUnavailable"), false),
    ] {
        assert_eq!(repeats(Replay::UnlessCarriedOut, &kind), again, "{kind}");
    }
}

#[test]
fn doubt_about_one_attempt_is_not_forgotten_at_the_next() {
    let (mut course, mut quota) = (Course::new(Replay::UnlessCarriedOut), Quota::default());
    course.after(&failure(&lost()), &Settings::default(), &mut quota);
    assert!(!course.allows(Duration::ZERO));
    assert_eq!(course.after(&failure(&unreachable()), &Settings::default(), &mut quota), Next::Fail);
}

#[test]
fn a_deletion_that_finds_nothing_is_done_if_an_earlier_attempt_may_have_done_it() {
    let gone = || refused(404, "ResourceNotFoundException");
    assert_eq!(follow(Replay::GoneIsDone, &[gone()]), [Next::Fail]);
    assert_eq!(follow(Replay::GoneIsDone, &[lost(), gone()])[1], Next::Gone);
    assert_eq!(follow(Replay::GoneIsDone, &[lost(), unreachable(), gone()])[2], Next::Gone);
    assert_eq!(follow(Replay::GoneIsDone, &[refused(429, ""), gone()])[1], Next::Fail);
    assert_eq!(follow(Replay::Freely, &[lost(), gone()])[1], Next::Fail);
}

#[test]
fn a_disconnection_is_repeated_only_within_its_seconds_the_wait_included() {
    for (since_first, chance, again) in
        [(4_900, 1.0, true), (4_960, 1.0, false), (4_960, 0.1, true), (5_001, 0.0, false)]
    {
        let kind = lost();
        let since_first = Duration::from_millis(since_first);
        let failure = Failure { since_first, chance, ..failure(&kind) };
        let next = Course::new(Replay::Within(5)).after(&failure, &Settings::default(), &mut Quota::default());
        assert_eq!(matches!(next, Next::Again(_)), again, "{since_first:?} {chance}");
    }
}

#[test]
fn three_attempts_and_never_four() {
    let next = follow(Replay::Freely, &[lost(), lost(), lost()]);
    assert_eq!(next, [Next::Again(Duration::from_millis(50)), Next::Again(Duration::from_millis(100)), Next::Fail]);
    let next = follow(Replay::Freely, &[refused(429, ""), refused(429, ""), refused(429, "")]);
    assert_eq!(next, [Next::Again(Duration::from_secs(1)), Next::Again(Duration::from_secs(2)), Next::Fail]);
}

#[test]
fn the_wait_doubles_up_to_the_cap_and_is_drawn_after_it() {
    let ms = Duration::from_millis;
    for (first, repeat, chance, wait) in [
        (50, 0, 1.0, 50),
        (50, 3, 1.0, 400),
        (50, 9, 1.0, 20_000),
        (50, 9, 0.5, 10_000),
        (1_000, 4, 1.0, 16_000),
        (1_000, 5, 1.0, 20_000),
        (1_000, 40, 1.0, 20_000),
        (1_000, 2, 0.25, 1_000),
        (1_000, 2, 0.0, 0),
    ] {
        assert_eq!(back_off(ms(first), repeat, ms(20_000), chance), ms(wait), "{first} {repeat} {chance}");
    }
}

#[test]
fn retry_after_is_heeded_up_to_five_seconds_more() {
    let ms = Duration::from_millis;
    for (header, own, wait) in [
        (Some("1500"), 1_000, 1_500),
        (Some("500"), 1_000, 1_000),
        (Some("60000"), 2_000, 7_000),
        (Some("18446744073709551616"), 700, 700),
        (Some("soon"), 700, 700),
        (Some("-1"), 700, 700),
        (None, 700, 700),
    ] {
        assert_eq!(heed_retry_after(header, ms(own)), ms(wait), "{header:?}");
    }
    let kind = refused(429, "");
    let asked = Failure { retry_after: Some("60000"), chance: 0.0, ..failure(&kind) };
    let next = Course::new(Replay::Freely).after(&asked, &Settings::default(), &mut Quota::default());
    assert_eq!(next, Next::Again(ms(5_000)));
}

#[test]
fn sixty_calls_to_a_dead_service_make_ninety_five_requests() {
    let mut quota = Quota::default();
    let mut requests = 0;
    for _ in 0..60 {
        let mut course = Course::new(Replay::Freely);
        requests += 1;
        while let Next::Again(_) = course.after(&failure(&lost()), &Settings::default(), &mut quota) {
            requests += 1;
        }
    }
    assert_eq!((requests, quota.left()), (95, 10));
}

#[test]
fn a_throttled_repeat_costs_five_and_success_gives_back() {
    let (mut course, mut quota) = (Course::new(Replay::Freely), Quota::default());
    course.after(&failure(&refused(429, "")), &Settings::default(), &mut quota);
    assert_eq!(quota.left(), 495);
    course.after(&failure(&lost()), &Settings::default(), &mut quota);
    assert_eq!(quota.left(), 481);
    course.succeeded(&mut quota);
    assert_eq!(quota.left(), 495);
    Course::new(Replay::Freely).succeeded(&mut quota);
    assert_eq!(quota.left(), 496);
    for _ in 0..9 {
        Course::new(Replay::Freely).succeeded(&mut quota);
    }
    assert_eq!(quota.left(), 500);
}

#[test]
fn a_corrected_clock_is_worth_one_repeat_at_once_and_for_any_operation() {
    let kind = refused(403, "InvalidSignatureException");
    let corrected = Failure { clock_corrected: true, ..failure(&kind) };
    for replay in [Replay::Freely, Replay::UnlessCarriedOut, Replay::GoneIsDone, Replay::Within(5)] {
        let (mut course, mut quota) = (Course::new(replay), Quota::default());
        assert_eq!(course.after(&corrected, &Settings::default(), &mut quota), Next::Again(Duration::ZERO));
        assert_eq!(course.after(&corrected, &Settings::default(), &mut quota), Next::Fail);
        assert_eq!(quota, Quota::default(), "it is no sign of an overloaded service");
    }
    assert!(!repeats(Replay::Freely, &kind), "a signature that is wrong stays wrong");
}

#[test]
fn the_environment_is_read_and_what_it_gets_wrong_is_told_at_once() {
    let read = |attempts: &'static str, mode: &'static str| {
        Settings::from_environment(|name| match name {
            "AWS_MAX_ATTEMPTS" => Some(attempts.to_owned()),
            "AWS_RETRY_MODE" => Some(mode.to_owned()),
            _ => None,
        })
    };
    assert_eq!(Settings::from_environment(|_| None), Ok(Settings::default()));
    assert_eq!(read("", "").map(|settings| settings.attempts), Ok(3));
    assert_eq!(read("1", "standard").map(|settings| settings.attempts), Ok(1));
    assert_eq!(read("", "legacy").map(|settings| settings.attempts), Ok(5));
    assert_eq!(read("7", "legacy").map(|settings| settings.attempts), Ok(7));
    for (attempts, mode, members) in [
        ("0", "adaptive", vec!["AWS_MAX_ATTEMPTS"]),
        ("-1", "", vec!["AWS_MAX_ATTEMPTS"]),
        ("many", "never", vec!["AWS_RETRY_MODE", "AWS_MAX_ATTEMPTS"]),
    ] {
        let problems = read(attempts, mode).unwrap_err();
        assert_eq!(problems.iter().map(|problem| problem.member.as_str()).collect::<Vec<_>>(), members);
    }
}
