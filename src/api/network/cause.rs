//! Why a connection failed, in a few words: what is innermost in an error, without what we know already.

use std::io;

/// The innermost reason of an error in a few words: those around it say that a request failed, which we know.
pub fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let innermost = std::iter::successors(Some(error), |error| error.source()).last().unwrap_or(error);
    let text = innermost.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let text = text.strip_prefix("tunnel error: ").unwrap_or(text);
    let text = if text == "unsuccessful" { "it does not let us through" } else { text };
    let text = text.strip_prefix("invalid peer ").unwrap_or(text);
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).take(200).collect()
}

/// Whether the other side could not prove who it is.
pub fn is_about_the_certificate(error: &(dyn std::error::Error + 'static)) -> bool {
    let chain = std::iter::successors(Some(error), |error| inside(*error).or_else(|| error.source()));
    chain.filter_map(|error| error.downcast_ref()).any(|tls| matches!(tls, rustls::Error::InvalidCertificate(_)))
}

/// What an I/O error was made of, which is not among its sources.
fn inside<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a (dyn std::error::Error + 'static)> {
    let inner: &(dyn std::error::Error + Send + Sync + 'static) = error.downcast_ref::<io::Error>()?.get_ref()?;
    Some(inner)
}
