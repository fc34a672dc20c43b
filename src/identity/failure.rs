//! A failed call of the SDK as a trouble: who was denied what, what could not be reached, what has run out.

use std::error::Error;

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::facts::Trouble;
use super::profiles::innermost;

/// What a call is, for the words of its failure.
pub(super) struct Asked<'a> {
    /// The IAM action, such as `sts:AssumeRole`.
    pub(super) action: &'a str,
    /// What it acts on.
    pub(super) resource: Option<&'a str>,
    /// Who is asked.
    pub(super) host: String,
}

/// The host of an endpoint, or the usual one of a service in a region.
pub(super) fn host(endpoint: Option<&str>, service: &str, region: &str) -> String {
    let url = endpoint.and_then(|endpoint| url::Url::parse(endpoint).ok());
    let named = url.and_then(|url| {
        let host = url.host_str()?.to_owned();
        Some(url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}")))
    });
    named.unwrap_or_else(|| format!("{service}.{region}.amazonaws.com"))
}

/// The code and the words of a refusal, if that is what the failure is.
pub(super) fn refusal<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Option<(&str, &str)> {
    let refused = error.as_service_error()?.meta();
    Some((refused.code().unwrap_or_default(), refused.message().unwrap_or_default()))
}

/// A failed call in words.
pub(super) fn told<E, R>(asked: &Asked<'_>, error: &SdkError<E, R>) -> Trouble
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug + 'static,
{
    let unreachable = |why: String| Trouble::Unreachable { host: asked.host.clone(), why };
    match error {
        SdkError::TimeoutError(_) => unreachable("nobody answered in time".to_owned()),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => unreachable("nobody answered in time".to_owned()),
        SdkError::DispatchFailure(_) => unreachable(innermost(error)),
        SdkError::ServiceError(_) => {
            let (code, message) = refusal(error).unwrap_or_default();
            refused(asked, code, message)
        }
        _ => Trouble::Other(format!("{} was not answered as it should be: {}", asked.action, innermost(error))),
    }
}

/// A refusal in words.
fn refused(asked: &Asked<'_>, code: &str, message: &str) -> Trouble {
    match code.strip_suffix("Exception").unwrap_or(code) {
        "AccessDenied" | "Forbidden" => {
            let between = |start: &str, end: &str| {
                let (_, rest) = message.split_once(start)?;
                Some(rest.split(end).next().unwrap_or(rest).to_owned())
            };
            Trouble::Denied {
                action: between("perform: ", " ").unwrap_or_else(|| asked.action.to_owned()),
                resource: between("on resource: ", " ").or_else(|| asked.resource.map(ToOwned::to_owned)),
                principal: between("User: ", " is not authorized"),
                why: message.to_owned(),
            }
        }
        "ExpiredToken" => Trouble::Expired { since: None },
        "InvalidClientTokenId" | "UnrecognizedClient" => Trouble::UnknownKey,
        // What AWS says besides may repeat the request, with the session token in it.
        "SignatureDoesNotMatch" | "InvalidSignature" => Trouble::Other(
            "AWS did not accept the signature: the secret key is wrong, or this machine's clock is".into(),
        ),
        "" => Trouble::Other(format!("{} was refused: {}", asked.action, start(message))),
        code => Trouble::Other(format!("{} was refused with {code}: {}", asked.action, start(message))),
    }
}

/// The first line of what AWS says, and not too much of it.
fn start(message: &str) -> String {
    message.lines().next().unwrap_or_default().chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_keeps_who_what_and_on_what() {
        let asked = Asked { action: "sts:AssumeRole", resource: Some("arn:aws:iam::1:role/r"), host: String::new() };
        let message = "User: arn:aws:iam::1:user/me is not authorized to perform: sts:AssumeRole on resource: \
                       arn:aws:iam::1:role/r";
        let Trouble::Denied { action, resource, principal, why } = refused(&asked, "AccessDenied", message) else {
            panic!("not a denial")
        };
        assert_eq!((action.as_str(), why.as_str()), ("sts:AssumeRole", message));
        assert_eq!(resource.as_deref(), Some("arn:aws:iam::1:role/r"));
        assert_eq!(principal.as_deref(), Some("arn:aws:iam::1:user/me"));
    }

    #[test]
    fn a_refused_signature_does_not_repeat_the_request() {
        let asked = Asked { action: "sts:AssumeRole", resource: None, host: String::new() };
        let message = "The signature does not match.\n\nThe Canonical String was\nx-amz-security-token:hidden";
        for code in ["SignatureDoesNotMatch", "SomethingNew", ""] {
            let told = refused(&asked, code, message).to_string();
            assert!(!told.contains("hidden"), "{told}");
        }
    }
}
