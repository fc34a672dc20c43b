use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::SystemTime;

use super::*;

/// A provider that counts its runs, and a clock that is set by hand.
struct Test {
    cache: Cache,
    runs: Arc<AtomicUsize>,
    clock: Arc<AtomicI64>,
}

impl Test {
    /// `give` makes what run number n gives, from 1 on.
    fn new(give: impl Fn(usize) -> Loaded + Send + Sync + 'static) -> Self {
        let (runs, clock) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicI64::new(0)));
        let give = Arc::new(give);
        let counted = runs.clone();
        let load: Load = Arc::new(move || {
            let (give, counted) = (give.clone(), counted.clone());
            Box::pin(async move {
                // All who ask meanwhile have come.
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                }
                give(counted.fetch_add(1, Ordering::SeqCst) + 1)
            })
        });
        let hands = clock.clone();
        let now: Clock = Arc::new(move || Timestamp::from_second(hands.load(Ordering::SeqCst)).unwrap());
        Self { cache: Cache::new(load, now), runs, clock }
    }

    fn at(&self, second: i64) {
        self.clock.store(second, Ordering::SeqCst);
    }

    fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }

    async fn key(&self) -> String {
        self.cache.get().await.unwrap().access_key_id().to_owned()
    }

    /// Until the load beside is over.
    async fn settled(&self, runs: usize) {
        while self.runs() < runs || self.cache.state().loading.is_some() {
            tokio::task::yield_now().await;
        }
    }
}

fn credentials(number: usize, until: Option<i64>) -> Credentials {
    let until = until.map(|second| SystemTime::from(Timestamp::from_second(second).unwrap()));
    Credentials::new(format!("AKID{number}"), "secret", None, until, "test")
}

fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap()
}

#[tokio::test]
async fn fifty_who_ask_at_once_make_one_run_and_so_do_fifty_at_expiry() {
    let test = Test::new(|n| Ok(credentials(n, Some(3600 * number(n)))));
    let fifty = || async {
        let mut asking = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let cache = test.cache.clone();
            asking.spawn(async move { cache.get().await });
        }
        asking.join_all().await
    };
    assert!(fifty().await.iter().all(|got| got.as_ref().unwrap().access_key_id() == "AKID1"));
    assert_eq!(test.runs(), 1);
    test.at(3600);
    assert!(fifty().await.iter().all(|got| got.as_ref().unwrap().access_key_id() == "AKID2"));
    assert_eq!(test.runs(), 2);
}

#[tokio::test]
async fn fifty_who_fail_at_once_make_one_run() {
    let test = Test::new(|_| Err(Trouble::Other("locked".into())));
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let cache = test.cache.clone();
        asking.spawn(async move { cache.get().await });
    }
    assert!(asking.join_all().await.iter().all(Result::is_err));
    assert_eq!(test.runs(), 1);
}

#[tokio::test]
async fn fifty_who_call_the_same_spent_make_one_run() {
    let test = Test::new(|n| Ok(credentials(n, None)));
    let old = test.cache.get().await.unwrap();
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (cache, old) = (test.cache.clone(), old.clone());
        asking.spawn(async move {
            cache.spent(&old);
            cache.get().await
        });
    }
    assert!(asking.join_all().await.iter().all(|got| got.as_ref().unwrap().access_key_id() == "AKID2"));
    assert_eq!(test.runs(), 2);
}

#[tokio::test]
async fn spent_ones_that_come_again_are_not_asked_for_again_at_once() {
    let test = Test::new(|_| Ok(credentials(7, None)));
    let old = test.cache.get().await.unwrap();
    for _ in 0..50 {
        test.cache.spent(&old);
        assert_eq!(test.key().await, "AKID7");
    }
    assert_eq!(test.runs(), 2);
    test.at(31);
    test.cache.spent(&old);
    test.key().await;
    assert_eq!(test.runs(), 3, "somebody may have put new ones there meanwhile");
}

#[tokio::test]
async fn shortly_before_they_run_out_others_are_loaded_while_nobody_waits() {
    let test = Test::new(|n| Ok(credentials(n, Some(3600 * number(n)))));
    assert_eq!(test.key().await, "AKID1");
    test.at(3299);
    assert_eq!((test.key().await.as_str(), test.runs()), ("AKID1", 1));
    test.at(3301);
    assert_eq!(test.key().await, "AKID1", "nobody waits");
    test.settled(2).await;
    assert_eq!(test.key().await, "AKID2");
    assert_eq!(test.cache.expires(), Timestamp::from_second(7200).ok());
}

#[tokio::test]
async fn what_can_not_be_renewed_is_used_to_its_end() {
    let test = Test::new(|n| if n == 1 { Ok(credentials(1, Some(3600))) } else { Err(Trouble::UnknownKey) });
    assert_eq!(test.key().await, "AKID1");
    test.at(3400);
    assert_eq!(test.key().await, "AKID1");
    test.settled(2).await;
    assert_eq!((test.key().await.as_str(), test.runs()), ("AKID1", 2), "it is not tried again at once");
    test.at(3590);
    assert_eq!((test.key().await.as_str(), test.runs()), ("AKID1", 3), "not even if one has to wait for it");
    test.at(3600);
    assert_eq!(test.cache.get().await, Err(Trouble::UnknownKey));
}

#[tokio::test]
async fn a_load_goes_on_when_the_first_who_asked_gives_up() {
    let test = Test::new(|n| Ok(credentials(n, None)));
    assert!(test.cache.get().now_or_never().is_none());
    assert_eq!((test.key().await.as_str(), test.runs()), ("AKID1", 1));
}

#[tokio::test]
async fn a_panic_is_told_and_the_next_load_may_succeed() {
    let test = Test::new(|n| if n == 1 { panic!("out of cheese") } else { Ok(credentials(n, None)) });
    assert!(matches!(test.cache.get().await, Err(Trouble::Other(why)) if why.contains("bug")));
    assert_eq!(test.key().await, "AKID2");
}
