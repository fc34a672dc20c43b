//! The sixteen colours in the words that every terminal knows.
//!
//! crossterm says them as the first of 256, and a terminal that knows only sixteen takes that for "blink, bold". It is
//! longer, too.

/// A frame with its colours said anew.
pub(super) fn sixteen(frame: &[u8]) -> Vec<u8> {
    let mut said = Vec::with_capacity(frame.len());
    let mut rest = frame;
    while let Some(at) = rest.iter().position(|byte| *byte == 0x1b) {
        let (before, sequence) = rest.split_at(at);
        said.extend_from_slice(before);
        let end = sequence.iter().skip(2).position(|byte| !(byte.is_ascii_digit() || *byte == b';')).map(|end| end + 2);
        if let Some(end) = end.filter(|end| sequence[1] == b'[' && sequence[*end] == b'm') {
            let parameters = String::from_utf8_lossy(&sequence[2..end]);
            said.extend_from_slice(format!("\x1b[{}m", anew(&parameters)).as_bytes());
            rest = &sequence[end + 1..];
        } else {
            said.push(0x1b);
            rest = &sequence[1..];
        }
    }
    said.extend_from_slice(rest);
    said
}

/// The parameters of a sequence, with each of the first sixteen of 256 colours by its own number.
fn anew(parameters: &str) -> String {
    let parameters: Vec<&str> = parameters.split(';').collect();
    let mut said = Vec::new();
    let mut at = 0;
    while at < parameters.len() {
        let colour = match parameters[at..] {
            [ground @ ("38" | "48"), "5", colour, ..] => own_number(ground == "48", colour),
            _ => None,
        };
        at += if colour.is_some() { 3 } else { 1 };
        said.push(colour.unwrap_or_else(|| parameters[at - 1].to_owned()));
        // What belongs to another colour is none of its own.
        let others = match parameters[at - 1..] {
            ["38" | "48" | "58", "5", _, ..] => 2,
            ["38" | "48" | "58", "2", _, _, _, ..] => 4,
            _ => 0,
        };
        said.extend(parameters[at..at + others].iter().map(|other| (*other).to_owned()));
        at += others;
    }
    said.join(";")
}

fn own_number(is_background: bool, colour: &str) -> Option<String> {
    let colour: u8 = colour.parse().ok()?;
    let base = match colour {
        0..8 => 30,
        8..16 => 90 - 8,
        16.. => return None,
    };
    Some((base + colour + if is_background { 10 } else { 0 }).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(frame: &str) -> String {
        String::from_utf8(sixteen(frame.as_bytes())).unwrap()
    }

    #[test]
    fn the_sixteen_are_said_by_their_own_numbers() {
        assert_eq!(said("a\x1b[38;5;6;49mb"), "a\x1b[36;49mb");
        assert_eq!(said("\x1b[38;5;1;48;5;0m"), "\x1b[31;40m");
        assert_eq!(said("\x1b[38;5;9;48;5;15m"), "\x1b[91;107m");
    }

    #[test]
    fn all_else_is_as_it_was() {
        for frame in [
            "",
            "38;5;6",
            "\x1b[7m\x1b[0m\x1b[m",
            "\x1b[38;5;200m",
            "\x1b[38;2;5;6;7;48;5;99m",
            "\x1b[58;5;1m",
            "\x1b[58;2;38;5;6m",
            "\x1b[38;5;6H",
            "\x1b[?2026h\x1b[2;9r",
            "\x1b",
            "\x1b[",
            "\x1b[38",
            "\x1b[38;5m",
            "\x1b[38;5;m",
            "\x1b]52;c;YQ==\x07",
            "ねこ\x1b[1;2H",
        ] {
            assert_eq!(said(frame), frame);
        }
        assert_eq!(said("\x1b[1;38;5;3;4m…"), "\x1b[1;33;4m…");
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(frame in proptest::collection::vec("[\x1b\\[0-9;m]", 0..40)) {
            sixteen(frame.concat().as_bytes());
        }
    }
}
