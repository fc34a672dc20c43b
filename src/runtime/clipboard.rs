//! The clipboard: through tmux, or through the terminal itself, which works over SSH but never answers.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::child;

/// The most bytes of base64 that go through every terminal that has the sequence (xterm's buffer, less its frame).
const LIMIT: usize = 74_994;

/// Bytes of a sequence that GNU screen hands through at once; it drops longer ones.
const CHUNK: usize = 240;

/// How long tmux may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is said when the terminal was asked.
pub(super) const SENT: &str = "sent to the terminal's clipboard (OSC 52; it does not answer)";

/// What is said when tmux took it.
const LOADED: &str = "in tmux's buffer, and sent on to the terminal";

/// How a text is to get into the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// tmux if the console runs in it, else the terminal.
    Auto,
    /// The terminal.
    Osc52,
    /// tmux.
    Tmux,
    /// Not at all.
    Off,
}

/// The clipboard, as far as we can reach one.
#[derive(Debug, Clone)]
pub struct Clipboard {
    choice: Choice,
    inside: Inside,
    /// There is a tmux to run.
    has_tmux: bool,
}

/// What reads the sequences that we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Terminal,
    Tmux,
    Screen,
    /// The kernel's own console, which has no clipboard.
    Console,
}

/// The way that a text takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// A command of tmux's: what goes through its terminal it drops unless it is configured to let it pass.
    Tmux,
    /// The sequence OSC 52.
    Terminal(Wrapping),
}

/// How a sequence is wrapped so that it reaches the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapping {
    /// It goes as it is.
    None,
    /// GNU screen hands on what it is told to hand on, in pieces.
    Screen,
}

impl Clipboard {
    /// Looks around in the environment.
    pub fn new(choice: Choice, variable: impl Fn(&str) -> Option<String>) -> Self {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let inside = if variable("TMUX").is_some() {
            Inside::Tmux
        } else if variable("STY").is_some() {
            Inside::Screen
        } else if variable("TERM").is_some_and(|term| term == "linux") {
            Inside::Console
        } else {
            Inside::Terminal
        };
        let path = variable("PATH").unwrap_or_default();
        Self { choice, inside, has_tmux: std::env::split_paths(&path).any(|folder| is_there(&folder)) }
    }

    /// The way that a text takes from here in words, or why there is none.
    ///
    /// # Errors
    /// Why there is none.
    pub fn described(&self) -> Result<&'static str, String> {
        Ok(match self.way()? {
            Way::Tmux => "tmux load-buffer",
            Way::Terminal(Wrapping::None) => "the terminal's own (OSC 52), which does not say whether it took the text",
            Way::Terminal(Wrapping::Screen) => "OSC 52 through GNU screen",
        })
    }

    /// The way that a text takes from here, or why there is none.
    pub(super) fn way(&self) -> Result<Way, String> {
        let wrapping = if self.inside == Inside::Screen { Wrapping::Screen } else { Wrapping::None };
        match self.choice {
            Choice::Off => Err("the configuration says clipboard = \"off\"".to_owned()),
            Choice::Auto if self.inside == Inside::Tmux && self.has_tmux => Ok(Way::Tmux),
            Choice::Auto if self.inside == Inside::Console => {
                Err("this console has no clipboard; in tmux it has one".to_owned())
            }
            Choice::Auto | Choice::Osc52 => Ok(Way::Terminal(wrapping)),
            Choice::Tmux if !self.has_tmux => Err("clipboard = \"tmux\", but there is no tmux in the PATH".to_owned()),
            Choice::Tmux => Ok(Way::Tmux),
        }
    }
}

fn is_there(folder: &Path) -> bool {
    folder.join("tmux").is_file()
}

/// The sequence that puts a text into the terminal's clipboard. The text travels as base64: whatever it holds, it can't
/// end the sequence.
pub(super) fn osc52(text: &str, wrapping: Wrapping) -> Result<Vec<u8>, String> {
    let encoded = text.len().div_ceil(3) * 4;
    if encoded > LIMIT {
        let most = LIMIT / 4 * 3;
        return Err(format!("it has {} bytes, and a terminal's clipboard takes {most} at once", text.len()));
    }
    let mut sequence = String::new();
    // Writing to a string does not fail.
    let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut sequence);
    Ok(match wrapping {
        Wrapping::None => sequence.into_bytes(),
        Wrapping::Screen => through_screen(&sequence),
    })
}

/// The sequence in pieces that GNU screen hands through. It ends with BEL there, as the other end would end a piece.
fn through_screen(sequence: &str) -> Vec<u8> {
    let sequence = sequence.trim_end_matches("\x1b\\").trim_end_matches('\x07').to_owned() + "\x07";
    let mut pieces = Vec::new();
    for chunk in sequence.as_bytes().chunks(CHUNK) {
        pieces.extend_from_slice(b"\x1bP");
        pieces.extend_from_slice(chunk);
        pieces.extend_from_slice(b"\x1b\\");
    }
    pieces
}

/// Hands a text to tmux on its standard input, where no list of processes shows it.
pub(super) async fn load_buffer(text: String) -> Result<&'static str, String> {
    let loading = async {
        let mut tmux = child::command("tmux")
            .args(["load-buffer", "-w", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        if let Some(mut input) = tmux.stdin.take() {
            // A tmux that does not want it says why on its way out.
            let _ = input.write_all(text.as_bytes()).await;
        }
        tmux.wait_with_output().await
    };
    match timeout(PATIENCE, loading).await {
        Ok(Ok(output)) if output.status.success() => Ok(LOADED),
        Ok(Ok(output)) => {
            let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            Err(format!("tmux load-buffer: {}", if words.is_empty() { output.status.to_string() } else { words }))
        }
        Ok(Err(error)) => Err(format!("tmux: {error}")),
        Err(_) => Err(format!("tmux took longer than {} s", PATIENCE.as_secs())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clipboard(choice: Choice, variables: &'static [(&str, &str)]) -> Clipboard {
        let find =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Clipboard::new(choice, find)
    }

    #[test]
    fn inside_tmux_it_is_tmux_s_business_if_there_is_one_to_run() {
        let inside = Clipboard { has_tmux: true, ..clipboard(Choice::Auto, &[("TMUX", "/tmp/x,1,0")]) };
        assert_eq!(inside.way(), Ok(Way::Tmux));
        let without = clipboard(Choice::Auto, &[("TMUX", "/tmp/x,1,0"), ("PATH", "/nowhere"), ("STY", "1.x")]);
        assert_eq!(without.way(), Ok(Way::Terminal(Wrapping::None)));
        assert!(clipboard(Choice::Tmux, &[("PATH", "/nowhere")]).way().is_err());
    }

    #[test]
    fn elsewhere_it_is_the_terminal_s() {
        assert_eq!(clipboard(Choice::Auto, &[]).way(), Ok(Way::Terminal(Wrapping::None)));
        assert_eq!(clipboard(Choice::Auto, &[("STY", "1.x")]).way(), Ok(Way::Terminal(Wrapping::Screen)));
        assert!(clipboard(Choice::Auto, &[("TERM", "linux")]).way().is_err());
        assert!(clipboard(Choice::Off, &[("TMUX", "x")]).way().unwrap_err().contains("off"));
    }

    #[test]
    fn the_text_can_not_end_its_sequence() {
        let sequence = osc52("a\x1b\\\x07\x1b[31m", Wrapping::None).unwrap();
        assert_eq!(sequence, b"\x1b]52;c;YRtcBxtbMzFt\x1b\\");
    }

    #[test]
    fn screen_gets_pieces_that_it_hands_on() {
        let sequence = osc52(&"x".repeat(300), Wrapping::Screen).unwrap();
        let text = String::from_utf8(sequence).unwrap();
        let pieces: Vec<&str> = text.split_terminator("\x1b\\").collect();
        assert!(pieces.len() == 2 && pieces.iter().all(|piece| piece.starts_with("\x1bP") && piece.len() <= CHUNK + 2));
        let whole: String = pieces.iter().map(|piece| &piece[2..]).collect();
        assert!(whole.starts_with("\x1b]52;c;eHh4") && whole.ends_with('\x07'), "{whole:?}");
    }

    #[test]
    fn what_is_too_long_is_refused_with_the_limit() {
        assert!(osc52(&"x".repeat(56_244), Wrapping::None).is_ok());
        let why = osc52(&"x".repeat(56_245), Wrapping::None).unwrap_err();
        assert!(why.contains("56245 bytes") && why.contains("56244"), "{why}");
    }
}
