//! Stands in for the Lambda functions that review messages: the script says what each does.
//!
//! A function that the script does not know lets everything through. As in the service, a verdict that comes too late
//! or is not valid leaves it to the room's `fallbackResult`.

use crate::simulator::script::HandlerEntry;

use super::room::{Fallback, Handler};

/// What comes of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// This text is sent on.
    Allow(String),
    /// Nothing is; the sender is told why.
    Deny(String),
}

/// Reviews a text for a room with this handler whose messages have at most `length` code points.
pub(super) fn review(known: &[HandlerEntry], handler: Option<&Handler>, length: u32, content: String) -> Verdict {
    let Some(handler) = handler else { return Verdict::Allow(content) };
    let name = handler.uri.splitn(7, ':').nth(6).unwrap_or_default();
    let name = name.split(':').next().unwrap_or_default();
    let Some(entry) = known.iter().find(|entry| entry.name == name) else { return Verdict::Allow(content) };
    if has_word(&content, &entry.times_out) {
        return fall_back(handler, content);
    }
    if has_word(&content, &entry.deny) {
        return Verdict::Deny(entry.reason.clone().unwrap_or_else(|| "Message rejected by review handler".to_owned()));
    }
    let reviewed = replace_words(&content, &entry.replace, &entry.with);
    let fits = (1..=length as usize).contains(&reviewed.chars().count());
    if fits { Verdict::Allow(reviewed) } else { fall_back(handler, content) }
}

fn fall_back(handler: &Handler, content: String) -> Verdict {
    match handler.fallback {
        Fallback::Allow => Verdict::Allow(content),
        Fallback::Deny => Verdict::Deny("Message rejected: its review failed".to_owned()),
    }
}

fn has_word(content: &str, words: &[String]) -> bool {
    !words.is_empty() && split(content).any(|(piece, is_word)| is_word && words.contains(&piece.to_lowercase()))
}

fn replace_words(content: &str, words: &[String], with: &str) -> String {
    if !has_word(content, words) {
        return content.to_owned();
    }
    split(content)
        .map(|(piece, is_word)| if is_word && words.contains(&piece.to_lowercase()) { with } else { piece })
        .collect()
}

/// The words of a text and what is between them, in order.
fn split(content: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = content;
    std::iter::from_fn(move || {
        let is_word = rest.chars().next()?.is_alphanumeric();
        let end = rest.find(|c: char| c.is_alphanumeric() != is_word).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some((piece, is_word))
    })
}
