//! A server that plays all that gives credentials, on one port: it tells them apart by their paths.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use jiff::{Timestamp, ToSpan};
use tokio::net::TcpListener;

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// How many came before it for the same path.
    pub(crate) before: usize,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// A parameter of a form.
    pub(crate) fn form(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.body.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    name: Option<&'static str>,
    body: String,
}

impl Answer {
    pub(crate) fn ok(body: impl Into<String>) -> Self {
        Self { status: 200, name: None, body: body.into() }
    }

    /// A refusal of a service that speaks JSON.
    pub(crate) fn json_error(status: u16, name: &'static str, message: &str) -> Self {
        Self { status, name: Some(name), body: serde_json::json!({ "message": message }).to_string() }
    }

    /// A refusal with this body.
    pub(crate) fn refused(status: u16, name: &'static str, body: &str) -> Self {
        Self { status, name: Some(name), body: body.to_owned() }
    }

    /// A refusal of STS.
    pub(crate) fn sts_error(code: &str, message: &str) -> Self {
        let body = format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
             <Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
        );
        Self { status: 403, name: None, body }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (StatusCode::from_u16(self.status).unwrap(), self.body).into_response();
        if let Some(name) = self.name {
            response.headers_mut().insert("x-amzn-errortype", name.parse().unwrap());
        }
        // How long a token of the metadata service is good; it says so with every answer, for all that others care.
        response.headers_mut().insert("x-aws-ec2-metadata-token-ttl-seconds", "21600".parse().unwrap());
        response
    }
}

type Play = Arc<dyn Fn(&Seen) -> Option<Answer> + Send + Sync>;

/// The server, which lives as long as the test's runtime.
#[derive(Clone)]
pub(crate) struct Fake {
    pub(crate) url: String,
    log: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    /// Plays everything as it is when all is well, but for what `play` answers.
    pub(crate) async fn start(play: impl Fn(&Seen) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let log = Arc::new(Mutex::new(Vec::new()));
        let play: Play = Arc::new(play);
        let router = Router::new().fallback(answer).with_state((play, log.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, log }
    }

    /// Plays everything as it is when all is well.
    pub(crate) async fn well() -> Self {
        Self::start(|_| None).await
    }

    pub(crate) fn seen(&self, path: &str) -> Vec<Seen> {
        self.log.lock().unwrap().iter().filter(|seen| seen.path == path).cloned().collect()
    }

    /// The requests to STS with this action.
    pub(crate) fn sts(&self, action: &str) -> Vec<Seen> {
        self.seen("/").into_iter().filter(|seen| seen.form("Action").as_deref() == Some(action)).collect()
    }
}

async fn answer(
    State((play, log)): State<(Play, Arc<Mutex<Vec<Seen>>>)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let (path, query) = (uri.path().to_owned(), uri.query().unwrap_or_default().to_owned());
    let body = String::from_utf8(body.to_vec()).unwrap();
    let seen = {
        let mut log = log.lock().unwrap();
        let before = log.iter().filter(|seen| seen.path == path).count();
        let seen = Seen { method, path, query, headers, body, before };
        log.push(seen.clone());
        seen
    };
    play(&seen).unwrap_or_else(|| well(&seen))
}

/// In an hour, as AWS writes it.
pub(crate) fn in_an_hour() -> Timestamp {
    (Timestamp::now() + 1.hour()).round(jiff::Unit::Second).unwrap()
}

/// The keys of a kind: a session of its own, full of canaries.
pub(crate) fn keys(kind: &str) -> [String; 3] {
    [format!("ASIA{}", kind.to_uppercase()), format!("CANARY-secret-{kind}"), format!("CANARY-token-{kind}")]
}

/// What everybody answers when all is well.
fn well(seen: &Seen) -> Answer {
    let until = in_an_hour();
    match (seen.method.as_str(), seen.path.as_str()) {
        ("POST", "/") => sts(seen),
        ("GET", "/federation/credentials") => {
            let [key, secret, token] = keys("sso");
            let role = serde_json::json!({ "accessKeyId": key, "secretAccessKey": secret, "sessionToken": token,
                "expiration": until.as_millisecond() });
            Answer::ok(serde_json::json!({ "roleCredentials": role }).to_string())
        }
        ("POST", "/client/register") => Answer::ok(
            serde_json::json!({ "clientId": "client", "clientSecret": "CANARY-client-secret",
                "clientSecretExpiresAt": until.as_second() + 86_400 })
            .to_string(),
        ),
        ("POST", "/device_authorization") => Answer::ok(
            serde_json::json!({ "deviceCode": "CANARY-device-code", "userCode": "ABCD-EFGH", "expiresIn": 600,
                "interval": 1, "verificationUri": "https://device.sso.example/",
                "verificationUriComplete": "https://device.sso.example/?user_code=ABCD-EFGH" })
            .to_string(),
        ),
        ("POST", "/token") => Answer::ok(
            serde_json::json!({ "accessToken": "CANARY-access-new", "refreshToken": "CANARY-refresh-new",
                "expiresIn": 3600, "tokenType": "Bearer" })
            .to_string(),
        ),
        ("PUT", "/latest/api/token") => Answer::ok("CANARY-metadata-token"),
        ("GET", "/latest/meta-data/iam/security-credentials/") => Answer::ok("bastion"),
        ("GET", "/latest/meta-data/iam/security-credentials/bastion") => Answer::ok(upper("imds", until)),
        ("GET", "/latest/meta-data/placement/region") => Answer::ok("eu-west-1"),
        ("GET", "/container") => Answer::ok(upper("container", until)),
        _ => Answer::json_error(404, "NotFound", &format!("nobody plays {} {}", seen.method, seen.path)),
    }
}

/// Credentials as the metadata service and containers spell them.
fn upper(kind: &str, until: Timestamp) -> String {
    let [key, secret, token] = keys(kind);
    serde_json::json!({ "Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2026-01-01T00:00:00Z",
        "AccessKeyId": key, "SecretAccessKey": secret, "Token": token, "Expiration": until.to_string() })
    .to_string()
}

fn sts(seen: &Seen) -> Answer {
    let action = seen.form("Action").unwrap_or_default();
    let inside = match action.as_str() {
        "GetCallerIdentity" => {
            let name = if seen.header("authorization").contains("ASIAROLE") {
                "assumed-role/Moderator/nadia"
            } else {
                "user/nadia"
            };
            format!("<Arn>arn:aws:sts::123456789012:{name}</Arn><UserId>AIDA</UserId><Account>123456789012</Account>")
        }
        "AssumeRole" => given(&keys("role")),
        "AssumeRoleWithWebIdentity" => given(&keys("web")),
        _ => return Answer::sts_error("InvalidAction", &action),
    };
    Answer::ok(format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <{action}Result>{inside}</{action}Result>\
         <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></{action}Response>"
    ))
}

fn given([key, secret, token]: &[String; 3]) -> String {
    let until = in_an_hour();
    format!(
        "<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/Moderator/nadia</Arn>\
         <AssumedRoleId>AROA:nadia</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>{key}</AccessKeyId>\
         <SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{token}</SessionToken>\
         <Expiration>{until}</Expiration></Credentials>"
    )
}
