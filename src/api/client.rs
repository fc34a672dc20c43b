//! Sends calls: paced, signed, repeated where that is safe. The only file that knows the HTTP library.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use futures_util::{Stream, stream};
use http::header::{AGE, DATE, HeaderName, HeaderValue, LOCATION, USER_AGENT};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::OnceCell;
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use super::answer::{Answer, decode};
use super::clock::{self, Seen};
use super::error::{Error, ErrorKind, Refusal};
use super::network::{is_about_the_certificate, root_cause};
use super::operation::{Call, Operation, Paged};
use super::pace::Pace;
use super::paging::Pages;
use super::retry::{Course, Failure, Next, Quota};
use super::settings::Settings;
use super::sigv4::{self, Scope};

/// A client of one account and region. Clones share its connections, its pace and its retry quota.
///
/// Making one takes microseconds: proxies and certificate roots are read when the first call is sent, on a thread that
/// may wait, so the first screen does not. (Measured with 147 roots on Linux: 14 ms from a cold disk, 3 ms after.)
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    settings: Settings,
    http: OnceCell<reqwest::Client>,
    pace: Pace,
    quota: Mutex<Quota>,
    /// Milliseconds that the service's clock is ahead of ours, as far as we know.
    clock_offset: AtomicI64,
}

/// What one attempt left behind, if it was not an answer.
struct Failed {
    kind: ErrorKind,
    request_id: Option<String>,
    retry_after: Option<String>,
    clock_corrected: bool,
}

impl From<ErrorKind> for Failed {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, request_id: None, retry_after: None, clock_corrected: false }
    }
}

impl Failed {
    /// The error of a call that ends with its attempt number `attempts`.
    fn into_error(self, call: &Call, attempts: u32) -> Error {
        let Self { kind, request_id, .. } = self;
        let unsent = u32::from(matches!(kind, ErrorKind::Unsendable(_)));
        Error { operation: call.spec.name, request_id, attempts: attempts - unsent, kind }
    }
}

impl Client {
    /// A client that has not connected yet.
    pub fn new(settings: Settings) -> Self {
        let shared = Shared {
            settings,
            http: OnceCell::new(),
            pace: Pace::default(),
            quota: Mutex::default(),
            clock_offset: AtomicI64::new(0),
        };
        Self { shared: Arc::new(shared) }
    }

    /// What this client was made with.
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// Checks an operation, sends it, and reads its answer. Dropping the future gives the call up, wherever it stands.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] with 0 attempts if it breaks a limit; otherwise as [`send`](Self::send) and [`decode`].
    pub async fn call<O: Operation + Sync>(&self, operation: &O) -> Result<O::Output, Error> {
        let problems = operation.problems();
        if !problems.is_empty() {
            let kind = ErrorKind::Invalid(problems);
            return Err(Error { operation: O::SPEC.name, request_id: None, attempts: 0, kind });
        }
        decode::<O>(self.send(&operation.call()).await)
    }

    /// All pages from `first` on, until one fails.
    pub fn pages<O: Paged + Sync>(&self, first: O) -> impl Stream<Item = Result<O::Output, Error>> + Send {
        let client = self.clone();
        stream::unfold(Some(Pages::new(first)), move |pages| {
            let client = client.clone();
            async move {
                let mut pages = pages?;
                let page = client.call(pages.next()?).await;
                match page.and_then(|page| pages.accept(&page).map(|()| page)) {
                    Ok(page) => Some((Ok(page), Some(pages))),
                    Err(error) => Some((Err(error), None)),
                }
            }
        })
    }

    /// Sends a call when it is its turn, and again as far as that is safe. Each attempt is signed anew; all of them
    /// carry the same `amz-sdk-invocation-id`. If the service calls the credentials expired, which it does before it
    /// carries anything out, the call is sent once more with new ones, if there are any.
    ///
    /// # Errors
    /// All kinds but [`ErrorKind::Invalid`], with the number of requests made and the service's id of the last.
    pub async fn send(&self, call: &Call) -> Result<Answer, Error> {
        let shared = &*self.shared;
        let invocation = Uuid::new_v4().to_string();
        let mut course = Course::new(call.spec.replay);
        shared.pace.turn(&call.spec).await;
        // Only now: while it waited for its turn the console may have been made read-only.
        if shared.settings.read_only.refuses(call) {
            let kind = ErrorKind::ReadOnly;
            return Err(Error { operation: call.spec.name, request_id: None, attempts: 0, kind });
        }
        let first = Instant::now();
        let mut attempts = 1;
        let mut credentials = shared.credentials(call, 0).await?;
        let mut renewed = false;
        loop {
            let failed = match shared.attempt(call, &credentials, &invocation, attempts).await {
                Ok(answer) => {
                    course.succeeded(&mut shared.quota());
                    return Ok(answer);
                }
                Err(failed) => failed,
            };
            if failed.kind.is_expired() && !renewed {
                shared.settings.credentials.spent(&credentials);
                let others = shared.credentials(call, attempts).await?;
                if others != credentials {
                    (credentials, renewed) = (others, true);
                    shared.pace.turn(&call.spec).await;
                    attempts += 1;
                    continue;
                }
            }
            let failure = Failure {
                kind: &failed.kind,
                retry_after: failed.retry_after.as_deref(),
                clock_corrected: failed.clock_corrected,
                since_first: first.elapsed(),
                chance: fastrand::f64(),
            };
            let next = course.after(&failure, &shared.settings.retry, &mut shared.quota());
            let error = failed.into_error(call, attempts);
            match next {
                Next::Fail => return Err(error),
                Next::Gone => {
                    return Ok(Answer { status: 404, request_id: error.request_id, attempts, body: Vec::new() });
                }
                Next::Again(wait) => sleep(wait).await,
            }
            shared.pace.turn(&call.spec).await;
            // Waiting for a turn may have taken longer than the call allows, or than the console may change anything.
            if !course.allows(first.elapsed()) || shared.settings.read_only.refuses(call) {
                return Err(error);
            }
            attempts += 1;
            credentials = shared.credentials(call, attempts - 1).await?;
        }
    }
}

impl Shared {
    fn quota(&self) -> std::sync::MutexGuard<'_, Quota> {
        self.quota.lock().expect("nothing panics while it holds the quota")
    }

    /// The credentials for the next attempt of a call that was sent `attempts` times by now.
    async fn credentials(&self, call: &Call, attempts: u32) -> Result<Credentials, Error> {
        self.settings.credentials.provide().await.map_err(|why| Error {
            operation: call.spec.name,
            request_id: None,
            attempts,
            kind: ErrorKind::Unsigned(why),
        })
    }

    async fn attempt(
        &self,
        call: &Call,
        credentials: &Credentials,
        invocation: &str,
        attempt: u32,
    ) -> Result<Answer, Failed> {
        let offset = SignedDuration::from_millis(self.clock_offset.load(Ordering::Relaxed));
        let now = clock::service_time(Timestamp::now(), offset);
        let request = self.request(call, credentials, invocation, attempt, now)?;
        let http = self.http.get_or_try_init(|| connect(&self.settings)).await?;
        let (sent, started, limit) = (Timestamp::now(), Instant::now(), self.settings.network.attempt_timeout);
        let too_late = |_| Failed::from(ErrorKind::TimedOut(limit));
        let sending = timeout_at(started + limit, http.execute(request));
        let response = sending.await.map_err(too_late)?.map_err(|error| sending_failed(&error, &self.way(call)))?;
        let (head, round_trip) = (Head::of(&response), started.elapsed());
        let reading = timeout_at(started + limit, read(response, self.settings.body_cap));
        let body = reading.await.map_err(too_late).and_then(|read| read.map_err(Failed::from));
        let body = body.map_err(|failed| Failed { request_id: head.request_id.clone(), ..failed })?;
        if (200..300).contains(&head.status) {
            return Ok(Answer { status: head.status, request_id: head.request_id, attempts: attempt, body });
        }
        let seen = Seen { sent, round_trip, date: head.date.as_deref(), cached: head.cached };
        Err(self.refused(&head, &seen, offset, &body))
    }

    /// Whom a call goes to, and through which proxy, in words.
    fn way(&self, call: &Call) -> String {
        let endpoint = self.settings.endpoint_of(call.service);
        let hop = endpoint.to_string().parse().ok().and_then(|url| self.settings.network.proxies.hop(&url));
        match hop {
            Some(proxy) => format!("{} through the proxy {proxy}", endpoint.host()),
            None => endpoint.host().to_owned(),
        }
    }

    /// Everything of a request but the connection: its headers, and the signature over them.
    fn request(
        &self,
        call: &Call,
        credentials: &Credentials,
        invocation: &str,
        attempt: u32,
        now: Timestamp,
    ) -> Result<reqwest::Request, Failed> {
        let unsendable = |error: sigv4::Unsignable| ErrorKind::Unsendable(error.to_string());
        let settings = &self.settings;
        let mut request = sigv4::unsigned(settings.endpoint_of(call.service), &call.request).map_err(unsendable)?;
        let attempts = format!("attempt={attempt}; max={}", settings.retry.attempts);
        for (name, text) in [
            ("amz-sdk-invocation-id", invocation),
            ("amz-sdk-request", &attempts),
            (USER_AGENT.as_str(), concat!("ivschat/", env!("CARGO_PKG_VERSION"))),
        ] {
            let value = HeaderValue::from_str(text).expect("ids, numbers and our name are plain ASCII");
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        let scope = Scope {
            credentials,
            service: call.service.signing_name(),
            region: &settings.region,
            time: SystemTime::from(now),
        };
        sigv4::sign(&mut request, &scope).map_err(unsendable)?;
        reqwest::Request::try_from(request).map_err(|error| ErrorKind::Unsendable(root_cause(&error)).into())
    }

    fn refused(&self, head: &Head, seen: &Seen<'_>, used: SignedDuration, body: &[u8]) -> Failed {
        if (300..400).contains(&head.status) {
            let kind = ErrorKind::Redirected { status: head.status, location: head.location.clone() };
            return Failed { request_id: head.request_id.clone(), ..kind.into() };
        }
        let refusal = Refusal::read(head.status, head.error_type.as_deref(), body);
        let correction = clock::is_blamed(&refusal).then(|| seen.correction(used)).flatten();
        if let Some(millis) = correction.and_then(|offset| i64::try_from(offset.as_millis()).ok()) {
            self.clock_offset.store(millis, Ordering::Relaxed);
        }
        Failed {
            kind: ErrorKind::Refused(refusal),
            request_id: head.request_id.clone(),
            retry_after: head.retry_after.clone(),
            clock_corrected: correction.is_some(),
        }
    }
}

/// What the headers of an answer tell us.
struct Head {
    status: u16,
    request_id: Option<String>,
    error_type: Option<String>,
    retry_after: Option<String>,
    location: Option<String>,
    date: Option<String>,
    cached: bool,
}

impl Head {
    fn of(response: &reqwest::Response) -> Self {
        let headers = response.headers();
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(shortened);
        Self {
            status: response.status().as_u16(),
            request_id: text("x-amzn-requestid").or_else(|| text("x-amz-request-id")),
            error_type: text("x-amzn-errortype"),
            retry_after: text("x-amz-retry-after"),
            location: text(LOCATION.as_str()),
            date: text(DATE.as_str()),
            cached: headers.contains_key(AGE),
        }
    }
}

/// Makes the HTTP client on a thread that may wait, since it reads the certificate roots from disk.
async fn connect(settings: &Settings) -> Result<reqwest::Client, Failed> {
    let settings = settings.clone();
    let build = move || {
        let client = settings.network.http(settings.endpoint.is_plain());
        client.map_err(|error| ErrorKind::Unsendable(root_cause(&error)).into())
    };
    tokio::task::spawn_blocking(build).await.expect("building a client does not panic")
}

/// Reads a body up to `cap` bytes. What is compressed is counted as it comes out, a piece at a time, so that a small
/// answer can't grow without bounds.
async fn read(mut response: reqwest::Response, cap: usize) -> Result<Vec<u8>, ErrorKind> {
    let refused = !response.status().is_success();
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(piece)) if body.len() + piece.len() > cap => return Err(ErrorKind::TooLarge { cap }),
            Ok(Some(piece)) => body.extend_from_slice(&piece),
            Ok(None) => return Ok(body),
            // The status of a refusal counts even if its words are lost.
            Err(_) if refused => return Ok(body),
            Err(error) => {
                let after = body.len();
                return Err(ErrorKind::Broken(format!("it broke off after {after} bytes: {}", root_cause(&error))));
            }
        }
    }
}

/// Tells a connection that never was from one that broke: only in the first case is it sure that nothing was done. `way`
/// is whom we wanted, and through which proxy.
fn sending_failed(error: &reqwest::Error, way: &str) -> Failed {
    let why = root_cause(error);
    let kind = if error.is_connect() && is_about_the_certificate(error) {
        ErrorKind::Untrusted(format!("{way}: {why}"))
    } else if error.is_connect() && error.is_timeout() {
        ErrorKind::Unreachable(format!("{way}: nobody answered in time"))
    } else if error.is_connect() {
        ErrorKind::Unreachable(format!("{way}: {why}"))
    } else {
        ErrorKind::Interrupted(why)
    };
    kind.into()
}

/// Enough of a text from outside to recognise it.
fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}
