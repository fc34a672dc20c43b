//! Which proxy is for which host, as the environment says it. Its passwords are never shown.

use std::fmt;
use std::sync::Arc;

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::api::error::Problem;

/// Never for a proxy to see: this machine, and the places that hand out the credentials of the machine it runs on.
const OWN: &str = "localhost,127.0.0.0/8,::1,169.254.0.0/16,fd00:ec2::/32";

/// Which proxy is for which host; clones share it.
#[derive(Clone, Default)]
pub struct Proxies {
    given: Option<Arc<Given>>,
}

struct Given {
    http: Option<SecretString>,
    https: Option<SecretString>,
    not_for: String,
    matcher: Matcher,
}

/// The proxy that a connection goes through.
#[derive(Clone)]
pub struct Hop {
    uri: Uri,
    password: Option<HeaderValue>,
}

impl Proxies {
    /// What the environment says: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` for what has none of its own, and `NO_PROXY`, in
    /// upper or lower case.
    ///
    /// # Errors
    /// Each variable that names no proxy that we can use; its value, which may hold a password, is not repeated.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let first = |name: &'static str| {
            let value = variable(name).or_else(|| variable(&name.to_lowercase()))?;
            Some((name, SecretString::from(value.trim().to_owned()))).filter(|(_, url)| !url.expose_secret().is_empty())
        };
        // A web server that runs us would let whoever asks it set this one by a header named Proxy.
        let http = if variable("REQUEST_METHOD").is_some() { None } else { first("HTTP_PROXY") };
        let (https, all) = (first("HTTPS_PROXY"), first("ALL_PROXY"));
        let given = [&http, &https, &all].into_iter().flatten();
        let problems: Vec<_> =
            given.filter_map(|(name, url)| Some(Problem::new(*name, wrong(url.expose_secret())?))).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let or_all = |own: Option<(_, SecretString)>| own.or_else(|| all.clone()).map(|(_, url)| url);
        let (http, https) = (or_all(http), or_all(https));
        if http.is_none() && https.is_none() {
            return Ok(Self::default());
        }
        let not_for = [first("NO_PROXY").map(|(_, list)| list.expose_secret().to_owned()), Some(OWN.to_owned())];
        let not_for = not_for.into_iter().flatten().collect::<Vec<_>>().join(",");
        let text = |url: &Option<SecretString>| url.as_ref().map(|url| url.expose_secret().to_owned());
        let matcher = Matcher::builder()
            .http(text(&http).unwrap_or_default())
            .https(text(&https).unwrap_or_default())
            .no(not_for.clone())
            .build();
        Ok(Self { given: Some(Arc::new(Given { http, https, not_for, matcher })) })
    }

    /// The proxy that a connection to this URL (`http`, `https`, `ws` or `wss`) goes through, if any.
    pub fn hop(&self, url: &Url) -> Option<Hop> {
        let scheme = if matches!(url.scheme(), "http" | "ws") { "http" } else { "https" };
        let target = Uri::builder().scheme(scheme).authority(url.host_str()?).path_and_query("/").build().ok()?;
        let hit = self.given.as_ref()?.matcher.intercept(&target)?;
        Some(Hop { uri: hit.uri().clone(), password: hit.basic_auth().cloned() })
    }

    /// The same rules for the HTTP library.
    pub(super) fn rules(&self) -> reqwest::Result<Vec<reqwest::Proxy>> {
        let Some(given) = &self.given else { return Ok(Vec::new()) };
        let not_for = || reqwest::NoProxy::from_string(&given.not_for);
        let https = given.https.as_ref().map(|url| reqwest::Proxy::https(url.expose_secret()));
        let http = given.http.as_ref().map(|url| reqwest::Proxy::http(url.expose_secret()));
        https.into_iter().chain(http).map(|rule| rule.map(|rule| rule.no_proxy(not_for()))).collect()
    }
}

/// What is wrong with what should be a proxy's URL.
fn wrong(url: &str) -> Option<String> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        None | Some("http") => {}
        Some(other) => {
            let other: String = other.chars().filter(char::is_ascii_alphanumeric).take(10).collect();
            return Some(format!(
                "starts with {other}://, must be a proxy with CONNECT, such as http://proxy.example:3128"
            ));
        }
    }
    let probe = Uri::from_static("https://ivschat.us-west-2.amazonaws.com");
    let usable = Matcher::builder().https(url.to_owned()).build().intercept(&probe);
    let usable = usable.filter(|hit| hit.uri().host().is_some_and(|host| !host.is_empty()));
    if usable.is_some() { None } else { Some("must be a proxy's URL, such as http://proxy.example:3128".to_owned()) }
}

impl Hop {
    /// Where the proxy is.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// What is to be said in `Proxy-Authorization`.
    pub fn password(&self) -> Option<&HeaderValue> {
        self.password.as_ref()
    }
}

/// Host and port; user and password stay here.
impl fmt::Display for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.uri.host().unwrap_or_default(), self.uri.port_u16().unwrap_or(80))
    }
}

impl fmt::Debug for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hop({self})")
    }
}

impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(given) = &self.given else { return f.write_str("Proxies(none)") };
        f.debug_struct("Proxies").field("not_for", &given.not_for).finish_non_exhaustive()
    }
}
