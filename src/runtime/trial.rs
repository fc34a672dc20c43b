//! Rules tried on a recorded feed: the file is read line by line, however long it is.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, stdin};

use crate::app::room::protected::Protected;
use crate::app::room::rules::{Findings, Rules, Trial};

use super::file::{expand, open_to_read};

/// Bytes of a line: a frame of the longest message with all of its attributes has far fewer.
const LINE: u64 = 1024 * 1024;

/// What a compressed file begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Tries the rules on a file.
///
/// # Errors
/// If it can't be read, is no text, or holds no feed: in words, not yet safe to show.
pub fn run(path: &str, rules: &Rules, protected: &Protected) -> Result<Findings, String> {
    let file: File = open_to_read(path)?;
    read(BufReader::new(file), rules, protected).map_err(|why| format!("{}: {why}", expand(path).display()))
}

/// The same on what comes in on the standard input.
///
/// # Errors
/// As [`run`].
pub fn run_on_input(rules: &Rules, protected: &Protected) -> Result<Findings, String> {
    read(stdin().lock(), rules, protected).map_err(|why| format!("standard input: {why}"))
}

fn read(mut from: impl BufRead, rules: &Rules, protected: &Protected) -> Result<Findings, String> {
    let mut trial = Trial::new(rules, protected);
    let mut line = Vec::new();
    let mut first = true;
    loop {
        line.clear();
        let read = from.by_ref().take(LINE).read_until(b'\n', &mut line).map_err(|error| error.to_string())?;
        if read == 0 {
            break;
        }
        if std::mem::take(&mut first) && line.starts_with(&GZIP) {
            return Err("it is compressed: gunzip it first".to_owned());
        }
        if read as u64 == LINE && !line.ends_with(b"\n") {
            from.skip_until(b'\n').map_err(|error| error.to_string())?;
            trial.too_long();
        } else {
            trial.line(&String::from_utf8_lossy(&line));
        }
    }
    let found = trial.finish();
    if found.messages + found.others == 0 {
        return Err(match found.problems.first() {
            Some((line, why)) => format!("no line of it is a frame or a record of the chat log; line {line}: {why}"),
            None => "there is nothing in it".to_owned(),
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn rules() -> Rules {
        Rules::compile(&[toml::from_str("name = 'coins'\nwords = ['free coins']").unwrap()]).unwrap()
    }

    fn tried(bytes: &[u8]) -> Result<Findings, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        run(file.path().to_str().unwrap(), &rules(), &Protected::default())
    }

    const HIT: &str = r#"{"Type":"MESSAGE","Id":"m","Content":"free coins","Sender":{"UserId":"u"}}"#;

    #[test]
    fn a_file_is_tried_to_its_last_line_whether_that_ends_or_not() {
        let found = tried(format!("{HIT}\r\n\n{HIT}").as_bytes()).unwrap();
        assert_eq!((found.messages, found.hits[0].count, found.unreadable), (2, 2, 0));
    }

    #[test]
    fn a_line_without_end_costs_no_memory_and_is_one_that_can_not_be_read() {
        let long = "x".repeat(3 * 1024 * 1024);
        let found = tried(format!("{HIT}\n{long}\n{HIT}\n").as_bytes()).unwrap();
        assert_eq!((found.messages, found.unreadable), (2, 1));
        assert_eq!(found.problems[0].0, 2);
        assert_eq!(found.hits[0].examples[1].line, 3);
    }

    #[test]
    fn what_is_no_feed_is_refused_with_the_reason() {
        assert!(tried(&[0x1f, 0x8b, 8, 0]).unwrap_err().ends_with("it is compressed: gunzip it first"));
        assert!(tried(b"hello\nworld\n").unwrap_err().contains("line 1: "));
        assert!(tried(b"").unwrap_err().ends_with("there is nothing in it"));
        assert!(run("/no/such/file", &rules(), &Protected::default()).unwrap_err().starts_with("/no/such/file: "));
    }
}
