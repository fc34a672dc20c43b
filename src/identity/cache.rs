//! Keeps credentials until shortly before they run out; one load serves all who wait for it.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_credential_types::Credentials;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use jiff::{SignedDuration, Timestamp};

use super::facts::Trouble;

/// From here on new ones are loaded beside: those who ask are given the old ones and do not wait.
const SOON: SignedDuration = SignedDuration::from_mins(5);

/// From here on those who ask wait for the new ones.
const NOW: SignedDuration = SignedDuration::from_secs(60);

/// What did not help is not tried again before that: a load that failed beside, or one that gave the spent credentials
/// again.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

type Loaded = Result<Credentials, Trouble>;
type Loading = Shared<BoxFuture<'static, Loaded>>;

/// How credentials are loaded.
pub(super) type Load = Arc<dyn Fn() -> BoxFuture<'static, Loaded> + Send + Sync>;

/// How late it is.
pub(super) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Credentials, kept.
#[derive(Clone)]
pub(super) struct Cache {
    load: Load,
    now: Clock,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    held: Option<Credentials>,
    loading: Option<Loading>,
    /// The last that were called spent.
    spent: Option<Credentials>,
    /// Until when no load is worth its while, unless nothing is held.
    pause: Option<Timestamp>,
}

/// What to do for somebody who asks.
enum Next {
    Give(Credentials),
    /// Give these, and load others beside.
    Beside(Credentials, Loading),
    Wait(Loading),
}

impl Cache {
    /// Nothing is held yet.
    pub(super) fn new(load: Load, now: Clock) -> Self {
        Self { load, now, state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When those that are held run out.
    pub(super) fn expires(&self) -> Option<Timestamp> {
        self.state().held.as_ref().and_then(expiry)
    }

    /// The credentials of now.
    pub(super) async fn get(&self) -> Loaded {
        let next = self.next();
        match next {
            Next::Give(credentials) => Ok(credentials),
            Next::Beside(credentials, loading) => {
                tokio::spawn(loading);
                Ok(credentials)
            }
            // It goes on if whoever waits gives up: others wait, or will.
            Next::Wait(loading) => {
                let waiting = tokio::spawn(loading);
                waiting.await.unwrap_or_else(|error| Err(Trouble::Other(format!("A bug in ivschat: {error}"))))
            }
        }
    }

    fn next(&self) -> Next {
        let now = (self.now)();
        let mut state = self.state();
        let left = |held: &Credentials| expiry(held).map(|until| until.duration_since(now));
        match state.held.clone() {
            Some(held) if left(&held).is_none_or(|left| left > SOON) => Next::Give(held),
            Some(held) if left(&held).is_some_and(|left| left > SignedDuration::ZERO) => {
                let rests = state.pause.is_some_and(|until| now < until);
                let hurry = left(&held).is_some_and(|left| left <= NOW);
                match (&state.loading, rests) {
                    (Some(loading), _) if hurry => Next::Wait(loading.clone()),
                    (Some(_), _) | (None, true) => Next::Give(held),
                    (None, false) if hurry => Next::Wait(self.start(&mut state)),
                    (None, false) => Next::Beside(held, self.start(&mut state)),
                }
            }
            Some(_) | None => {
                state.held = None;
                let loading = state.loading.clone();
                Next::Wait(loading.unwrap_or_else(|| self.start(&mut state)))
            }
        }
    }

    fn start(&self, state: &mut State) -> Loading {
        let (load, cache) = ((self.load)(), self.clone());
        // A panic must not leave those who wait waiting, nor those who come later.
        let bug =
            |_| Err(Trouble::Other("A bug in ivschat, or in a library that it loads credentials with".to_owned()));
        let loading = AssertUnwindSafe(load).catch_unwind().map(move |loaded| cache.settle(loaded.unwrap_or_else(bug)));
        let loading = loading.boxed().shared();
        state.loading = Some(loading.clone());
        loading
    }

    /// A load is over: what came of it is kept. If there is nothing new, what is still good is given.
    fn settle(&self, loaded: Loaded) -> Loaded {
        let now = (self.now)();
        let mut state = self.state();
        state.loading = None;
        match loaded {
            Ok(credentials) => {
                let again = state.spent.as_ref() == Some(&credentials);
                // Short-lived ones are loaded again when they are about to end, and not at once.
                let soon = expiry(&credentials).is_some_and(|until| until.duration_since(now) <= SOON);
                state.pause = (again || soon).then(|| now + PAUSE);
                state.held = Some(credentials.clone());
                Ok(credentials)
            }
            Err(trouble) => {
                state.pause = Some(now + PAUSE);
                state.held.clone().filter(|held| expiry(held).is_none_or(|until| until > now)).ok_or(trouble)
            }
        }
    }

    /// These are good, however they came.
    pub(super) fn put(&self, credentials: Credentials) {
        let mut state = self.state();
        state.pause = None;
        state.held = Some(credentials);
    }

    /// The service called these expired: they are not given again, unless a load has just shown that there are no
    /// others.
    pub(super) fn spent(&self, credentials: &Credentials) {
        let now = (self.now)();
        let mut state = self.state();
        let rests = state.pause.is_some_and(|until| now < until) && state.spent.as_ref() == Some(credentials);
        if state.held.as_ref() == Some(credentials) && !rests {
            state.held = None;
            state.pause = None;
        }
        state.spent = Some(credentials.clone());
    }

    /// Nothing is held any more: what is asked for next is loaded.
    pub(super) fn forget(&self) {
        *self.state() = State::default();
    }
}

/// When credentials run out.
pub(super) fn expiry(credentials: &Credentials) -> Option<Timestamp> {
    credentials.expiry().and_then(|until| Timestamp::try_from(until).ok())
}

#[cfg(test)]
mod tests;
