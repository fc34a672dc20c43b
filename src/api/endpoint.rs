//! Where the service is: a base URL that signed requests may be sent to, and the full URL of each request.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Url};

use super::error::Problem;
use super::operation::Request;
use super::service::Service;

/// All but the unreserved characters of RFC 3986: a space is `%20`, never `+`, or the signature is refused.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Which of AWS's hosts are meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hosts {
    /// Those whose cryptography is validated by FIPS 140 (`AWS_USE_FIPS_ENDPOINT`).
    pub fips: bool,
    /// Those that can be reached over IPv6, too (`AWS_USE_DUALSTACK_ENDPOINT`).
    pub dual_stack: bool,
}

/// The variables that choose among hosts.
const FIPS: &str = "AWS_USE_FIPS_ENDPOINT";
const DUAL_STACK: &str = "AWS_USE_DUALSTACK_ENDPOINT";

impl Hosts {
    /// What the environment asks for.
    ///
    /// # Errors
    /// Each variable that is neither true nor false.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut read = |name: &str| {
            let text = variable(name).unwrap_or_default().trim().to_ascii_lowercase();
            if !matches!(text.as_str(), "" | "true" | "false") {
                problems.push(Problem::new(name, format!("is {text:?}, must be true or false")));
            }
            text == "true"
        };
        let hosts = Self { fips: read(FIPS), dual_stack: read(DUAL_STACK) };
        if problems.is_empty() { Ok(hosts) } else { Err(problems) }
    }

    /// A URL that was given is used as it is: asking for other hosts of AWS's contradicts it.
    ///
    /// # Errors
    /// Each variable that does so.
    pub fn with_own_endpoint(self) -> Result<(), Vec<Problem>> {
        let asked = [(self.fips, FIPS, "FIPS"), (self.dual_stack, DUAL_STACK, "dual-stack")];
        let problems: Vec<_> = asked
            .into_iter()
            .filter(|(asked, ..)| *asked)
            .map(|(_, name, what)| {
                let why =
                    format!("is true, but an endpoint URL is given, too: give the URL of the {what} endpoint alone");
                Problem::new(name, why)
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The URL of the messaging API in a region. It has one host there: none for FIPS, and none for dual-stack, where the
    /// usual one is the next best.
    ///
    /// # Errors
    /// If FIPS is asked for: it is not left off behind anybody's back. If `region` can't be one.
    pub fn messaging(self, region: &str) -> Result<String, Problem> {
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let url = format!("wss://edge.ivschat.{}.{suffix}", checked(region)?);
        if self.fips {
            let why = format!(
                "is true, but the messaging API has no FIPS endpoint: chats without it are accepted with \
                 --messaging-endpoint-url {url}"
            );
            return Err(Problem::new(FIPS, why));
        }
        Ok(url)
    }
}

/// A region's name, if it could be a label of a host name.
fn checked(region: &str) -> Result<&str, Problem> {
    let label = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if region.is_empty() || !region.chars().all(label) {
        return Err(problem(format!("{region:?} is not the name of a region, such as us-west-2")));
    }
    Ok(region)
}

/// A base URL: `https`, or `http` to this machine only, since a signed request may carry a session token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Scheme, host, port and path, without a `/` at the end.
    base: String,
    loopback: bool,
}

impl Endpoint {
    /// The public endpoint of a service in a region, such as `https://ivschat.us-west-2.amazonaws.com`, with `.cn`
    /// behind it in China.
    ///
    /// # Errors
    /// If `region` could not be a label of a host name; a `/` in it would send credentials elsewhere.
    pub fn of_region(service: Service, region: &str) -> Result<Self, Problem> {
        Self::among(Hosts::default(), service, region)
    }

    /// The same among these hosts of AWS's, such as `https://ivschat-fips.us-west-2.api.aws`. It follows the rule set of
    /// the service model, which says how a host would be called, not that there is one.
    ///
    /// # Errors
    /// As [`of_region`](Self::of_region).
    pub fn among(hosts: Hosts, service: Service, region: &str) -> Result<Self, Problem> {
        let region = checked(region)?;
        let china = region.starts_with("cn-");
        let suffix = match (hosts.dual_stack, china) {
            (false, false) => "amazonaws.com",
            (false, true) => "amazonaws.com.cn",
            (true, false) => "api.aws",
            (true, true) => "api.amazonwebservices.com.cn",
        };
        let fips = if hosts.fips { "-fips" } else { "" };
        format!("https://{}{fips}.{region}.{suffix}", service.signing_name()).parse()
    }

    /// Whether requests stay on this machine: the simulator, or a tunnel.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether requests go unencrypted, which only happens on this machine.
    pub fn is_plain(&self) -> bool {
        self.base.starts_with("http://")
    }

    /// Host and port, to be named.
    pub fn host(&self) -> &str {
        let rest = self.base.split_once("://").map_or(self.base.as_str(), |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest)
    }

    /// The URL of a request: its path is encoded already, its query members are encoded here.
    pub fn url_of(&self, request: &Request) -> String {
        let encode = |text| utf8_percent_encode(text, QUERY);
        let members: Vec<_> =
            request.query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let mark = if members.is_empty() { "" } else { "?" };
        format!("{}{}{mark}{}", self.base, request.path, members.join("&"))
    }
}

impl FromStr for Endpoint {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let url = Url::parse(text).map_err(|error| problem(format!("{text:?} is not a URL: {error}")))?;
        if !url.username().is_empty() || url.password().is_some() {
            // The text is not repeated: it holds a password.
            return Err(problem("must not hold a user name or password".to_owned()));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(problem(format!("{text:?} must end with the host, the port or a path")));
        }
        let loopback = is_loopback(&url);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => return Err(problem(format!("{text:?} must use https: http is only for this machine"))),
            _ => return Err(problem(format!("{text:?} must start with https://"))),
        }
        Ok(Self { base: url.as_str().trim_end_matches('/').to_owned(), loopback })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn problem(message: String) -> Problem {
    Problem::new("endpoint", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Method;

    #[test]
    fn a_region_names_its_host() {
        let of = |service, region| Endpoint::of_region(service, region).map(|endpoint| endpoint.to_string());
        assert_eq!(of(Service::IvsChat, "us-west-2").unwrap(), "https://ivschat.us-west-2.amazonaws.com");
        assert_eq!(of(Service::Ivs, "eu-central-1").unwrap(), "https://ivs.eu-central-1.amazonaws.com");
        assert!(of(Service::IvsChat, "cn-north-1").unwrap().ends_with(".amazonaws.com.cn"));
        for foreign in ["", "evil.example/", "us-west-2@evil", "US-WEST-2", "a b"] {
            assert!(of(Service::Ivs, foreign).is_err(), "{foreign:?}");
        }
    }

    #[test]
    fn fips_and_dual_stack_name_other_hosts() {
        let of = |fips, dual_stack, region| {
            Endpoint::among(Hosts { fips, dual_stack }, Service::IvsChat, region).unwrap().host().to_owned()
        };
        assert_eq!(of(false, true, "us-west-2"), "ivschat.us-west-2.api.aws");
        assert_eq!(of(true, false, "us-west-2"), "ivschat-fips.us-west-2.amazonaws.com");
        assert_eq!(of(true, true, "us-west-2"), "ivschat-fips.us-west-2.api.aws");
        assert_eq!(of(false, true, "cn-north-1"), "ivschat.cn-north-1.api.amazonwebservices.com.cn");
        let ivs = Endpoint::among(Hosts { fips: true, dual_stack: true }, Service::Ivs, "us-east-1").unwrap();
        assert_eq!(ivs.host(), "ivs-fips.us-east-1.api.aws");
    }

    #[test]
    fn hosts_that_do_not_exist_are_refused_with_what_to_do() {
        let fips = Hosts { fips: true, dual_stack: true };
        let problem = fips.messaging("us-west-2").unwrap_err();
        assert_eq!(problem.member, "AWS_USE_FIPS_ENDPOINT");
        let way_out = "--messaging-endpoint-url wss://edge.ivschat.us-west-2.amazonaws.com";
        assert!(problem.message.ends_with(way_out), "{}", problem.message);
        let dual_stack = Hosts { fips: false, dual_stack: true };
        assert_eq!(dual_stack.messaging("us-west-2").unwrap(), "wss://edge.ivschat.us-west-2.amazonaws.com");
        assert!(dual_stack.messaging("evil.example/").is_err());
        let told: Vec<_> = fips.with_own_endpoint().unwrap_err().into_iter().map(|problem| problem.member).collect();
        assert_eq!(told, ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"]);
        assert_eq!(Hosts::default().with_own_endpoint(), Ok(()));
    }

    #[test]
    fn the_environment_chooses_among_hosts() {
        let read = |fips: &'static str| Hosts::read(move |name| (name == FIPS).then(|| fips.to_owned()));
        assert!(read("TRUE").unwrap().fips);
        assert!(!read("false").unwrap().fips);
        assert_eq!(read("yes").unwrap_err()[0].message, "is \"yes\", must be true or false");
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for fine in ["http://127.0.0.1:8080", "http://localhost:4566/", "http://[::1]:80", "https://10.0.0.1"] {
            assert!(fine.parse::<Endpoint>().is_ok(), "{fine}");
        }
        for bad in [
            "http://ivschat.us-west-2.amazonaws.com",
            "http://localhost.evil.example",
            "http://10.0.0.1",
            "ws://localhost",
            "localhost:4566",
            "https://a.example/?x=1",
            "https://a.example/#x",
        ] {
            assert!(bad.parse::<Endpoint>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_in_the_url_is_refused_and_not_repeated() {
        let problem = "https://user:hunter2@a.example".parse::<Endpoint>().unwrap_err();
        assert!(!problem.message.contains("hunter2"), "{}", problem.message);
    }

    #[test]
    fn a_request_keeps_its_encoded_path_and_gets_its_query_encoded() {
        let request = Request {
            method: Method::DELETE,
            path: "/tags/arn%3Aaws".to_owned(),
            query: [("tagKeys", "a b"), ("tagKeys", "team/x"), ("tagKeys", "é")]
                .map(|(n, v)| (n.into(), v.into()))
                .into(),
            body: None,
        };
        let endpoint: Endpoint = "http://localhost:4566/base/".parse().unwrap();
        assert_eq!(
            endpoint.url_of(&request),
            "http://localhost:4566/base/tags/arn%3Aaws?tagKeys=a%20b&tagKeys=team%2Fx&tagKeys=%C3%A9"
        );
    }
}
