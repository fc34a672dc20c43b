//! Finds the links in a text, and where each one really leads.

use std::borrow::Cow;

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::clean::is_ignorable;

/// Ends of names that are taken for a link without more. English words among the ends of countries (`so`, `it`) are not
/// here: "ok.so" is two sentences.
const ENDS: &[&str] = &[
    "ai", "app", "biz", "bid", "cash", "cc", "click", "club", "cn", "co", "com", "de", "dev", "edu", "eu", "fr", "fun",
    "game", "games", "gg", "gift", "gov", "icu", "info", "io", "jp", "link", "live", "lol", "ly", "market", "mobi",
    "net", "online", "org", "page", "pl", "pro", "ru", "sale", "shop", "site", "space", "store", "stream", "su",
    "tech", "tk", "top", "tv", "uk", "vip", "website", "win", "work", "world", "ws", "xyz", "zip", "zone",
];

/// A link in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads: the host in small letters, as people read it, with its punycode decoded.
    pub host: String,
    /// The host as the network knows it, if that reads differently.
    pub ascii: Option<String>,
    /// What stands before the `@` of its address and is no part of the host, though it may look like one.
    pub before: Option<String>,
}

/// The links of a text: `http(s)://`, `www.`, and names whose end is one that is common or that a path follows. Tricks
/// are seen through: full-width letters and stops, invisible characters, an address before an `@`, numbers for an IP
/// address. Addresses of mail are no links.
pub fn links(text: &str) -> Vec<Link> {
    let plain = plain(text);
    if !plain.contains(['.', '/', '\\']) {
        return Vec::new();
    }
    plain.split(ends_word).flat_map(word).collect()
}

fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let visible = text.nfkc().filter(|c| !is_ignorable(*c));
    visible.map(|c| if matches!(c, '。' | '․' | '｡') { '.' } else { c }).collect::<String>().into()
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '|' | '{' | '}' | '“' | '”' | '«' | '»')
}

/// The links in what stands between blanks.
fn word(word: &str) -> Vec<Link> {
    let lower = word.to_ascii_lowercase();
    let mut starts: Vec<usize> = ["http:", "https:"].iter().flat_map(|scheme| starts(&lower, scheme)).collect();
    starts.sort_unstable();
    let Some(first) = starts.first() else { return bare(word).into_iter().collect() };
    let before = bare(&word[..*first]);
    let ends = starts.iter().skip(1).copied().chain([word.len()]);
    let links = starts.iter().zip(ends).filter_map(|(start, end)| link(&word[*start..end]));
    before.into_iter().chain(links).collect()
}

/// Where an address of this scheme starts. Two slashes are asked for: `http:` alone is talk.
fn starts(lower: &str, scheme: &str) -> Vec<usize> {
    let slashes = |rest: &str| rest.starts_with("//") || rest.starts_with("\\\\") || rest.starts_with("/\\");
    lower.match_indices(scheme).map(|(at, _)| at).filter(|at| slashes(&lower[at + scheme.len()..])).collect()
}

/// A name without a scheme in front, such as `www.example.com` or `example.com/free`.
fn bare(word: &str) -> Option<Link> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
    let (authority, path) = word.split_at(word.find(['/', '\\', '?', '#']).unwrap_or(word.len()));
    let host = authority.rsplit('@').next()?;
    let (host, port) = host.split_once(':').unwrap_or((host, ""));
    let labels: Vec<&str> = host.split('.').collect();
    let names = labels.iter().all(|label| !label.is_empty() && label.chars().all(is_of_name));
    let (last, count) = (labels.last()?.to_ascii_lowercase(), labels.len());
    if !names || count < 2 || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let led = !path.is_empty() || !port.is_empty();
    let mail = authority.contains('@') && !led;
    let known = ENDS.contains(&&*last) || last.starts_with("xn--");
    let likely = last.len() >= 2 && last.chars().all(char::is_alphabetic) && led && host.len() > 3;
    let www = count > 2 && labels[0].eq_ignore_ascii_case("www");
    ((known || likely || www) && !mail).then(|| link(&format!("http://{word}")))?
}

/// Whether a character may be in a name of the network.
fn is_of_name(c: char) -> bool {
    let mark = || {
        let category = CodePointMapData::<GeneralCategory>::new().get(c);
        matches!(category, GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark)
    };
    c == '-' || c == '_' || c.is_alphanumeric() || (!c.is_ascii() && mark())
}

/// An address with its scheme. One that no browser would follow still counts, with the host that it shows.
fn link(address: &str) -> Option<Link> {
    let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ')', '*']);
    let (_, rest) = address.split_once(':')?;
    let authority = rest.trim_start_matches(['/', '\\']);
    let authority = authority.split(['/', '\\', '?', '#']).next()?;
    let (before, shown) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let before = before.filter(|before| !before.is_empty()).map(str::to_owned);
    let url = Url::parse(address).ok();
    let ascii = url.as_ref().and_then(Url::host_str).map_or_else(|| shown.to_lowercase(), str::to_owned);
    if ascii.is_empty() {
        return None;
    }
    let (host, _) = idna::domain_to_unicode(&ascii);
    let ascii = Some(ascii).filter(|ascii| *ascii != host);
    Some(Link { host, ascii, before })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(text: &str) -> Vec<String> {
        links(text).into_iter().map(|link| link.host).collect()
    }

    #[test]
    fn links_are_found_with_and_without_a_scheme() {
        for (text, expected) in [
            ("see https://example.com/a?b#c, ok", &["example.com"][..]),
            ("(http://Example.COM)", &["example.com"]),
            ("go www.example.travel now", &["www.example.travel"]),
            ("free at coins.xyz!!!", &["coins.xyz"]),
            ("join discord.gg/abc or t.me/x", &["discord.gg", "t.me"]),
            ("a.com b.com,", &["a.com", "b.com"]),
            ("https://a.examplehttps://b.example", &["a.example", "b.example"]),
            ("HTTPS://EVIL.example:8443/x", &["evil.example"]),
            ("http://[2001:db8::1]/x", &["[2001:db8::1]"]),
            ("see:evil.com", &[]),
            ("\u{1f449}evil.com\u{1f448}", &["evil.com"]),
        ] {
            assert_eq!(hosts(text), expected, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in [
            "",
            "ok.so what",
            "it costs 3.50",
            "e.g. this... and/or that",
            "write to bob@example.com",
            "node.js and main.rs",
            "http: is a scheme",
            "1.2.3",
            "what?!.",
            "либо.да",
        ] {
            assert_eq!(hosts(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn the_host_is_where_it_leads_not_what_stands_in_front() {
        for (text, host, before) in [
            ("https://bank.com@evil.com", "evil.com", "bank.com"),
            ("https://bank.com:443@evil.com/login", "evil.com", "bank.com:443"),
            ("bank.com@evil.com/login", "evil.com", "bank.com"),
        ] {
            let link = links(text).remove(0);
            assert_eq!((&*link.host, link.before.as_deref()), (host, Some(before)), "{text}");
        }
        assert_eq!(hosts("https://evil.com\\@bank.com"), ["evil.com"]);
        assert_eq!(hosts("http://0x7f000001/ http://2130706433/"), ["127.0.0.1", "127.0.0.1"]);
    }

    #[test]
    fn punycode_is_shown_both_ways() {
        let both = |text: &str| links(text).into_iter().map(|link| (link.host, link.ascii)).collect::<Vec<_>>();
        let expected = |host: &str, ascii: &str| vec![(host.to_owned(), Some(ascii.to_owned()))];
        assert_eq!(both("https://xn--80ak6aa92e.com/"), expected("аррӏе.com", "xn--80ak6aa92e.com"));
        assert_eq!(both("аррӏе.com"), expected("аррӏе.com", "xn--80ak6aa92e.com"));
    }

    #[test]
    fn width_and_invisible_characters_hide_none() {
        for text in ["ｅｖｉｌ．ｃｏｍ", "ev\u{200b}il.c\u{2060}om", "evil。com", "https://evil\u{ad}.com"] {
            assert_eq!(hosts(text), ["evil.com"], "{text}");
        }
    }

    #[test]
    fn no_text_is_too_strange() {
        proptest::proptest!(|(text in "\\PC*|[a-z.:/@\\\\\\[\\]%0-9]{0,40}")| {
            links(&text);
        });
    }
}
