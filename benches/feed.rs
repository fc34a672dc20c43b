//! What a live room costs with few and with many messages held: a message that comes in, a frame, a key, bytes, memory.
//!
//! `cargo bench --bench feed` prints it beside the budgets. Only the ratios are to be trusted on another machine or another
//! day. Numbers behind `--` are the messages held: `cargo bench --bench feed -- 100 1000`.

#![allow(clippy::unwrap_used, reason = "what goes wrong here should say where")]

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::time::{Duration, Instant};
use std::{env, fs};

use ivschat::api::Answer;
use ivschat::app::identity::{Generation, Opened, Told};
use ivschat::app::key::Key;
use ivschat::app::look::Look;
use ivschat::app::msg::LinkId;
use ivschat::app::room::live;
use ivschat::app::{App, Job, Msg, Settings};
use ivschat::identity::facts::{From, Source};
use ivschat::messaging::Report;
use ivschat::messaging::frame::Frame;
use ivschat::runtime::backend;
use jiff::{Timestamp, ToSpan};
use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::layout::Size;
use serde_json::json;

/// Bytes of a message's text.
const TEXT: usize = 100;
/// Messages in one report of a connection while the room is filled.
const BATCH: usize = 64;
/// People who talk.
const PEOPLE: usize = 500;
/// Runs of which the median counts.
const RUNS: usize = 200;

const SIZES: [(u16, u16); 2] = [(80, 24), (200, 60)];
const ARN: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";

/// Whoever the console is, that is settled.
fn opened() -> Msg {
    let (source, region, region_from) = (Source::Fixed("bench"), "us-west-2".to_owned(), From::Fixed);
    Msg::Identity(Generation(1), Told::Opened(Ok(Opened { source, region, region_from, endpoint: None })))
}

/// A console that watches one room.
struct Bench {
    app: App,
    now: Timestamp,
    link: Option<LinkId>,
    said: usize,
}

impl Bench {
    /// With so many messages held.
    fn new(size: (u16, u16), held: usize, scrollback: usize) -> Self {
        let room = live::Settings {
            user_id: "me".into(),
            reason: "spam".into(),
            disconnect_reason: String::new(),
            scrollback,
            ..live::Settings::default()
        };
        let settings = Settings {
            region: "us-west-2".to_owned(),
            look: Look::terminal(),
            open: Some(ARN.to_owned()),
            room,
            seed: 1,
            ..Settings::default()
        };
        let now = "2026-11-21T12:00:00Z".parse().unwrap();
        let mut bench = Self { app: App::new(settings, now, size), now, link: None, said: 0 };
        let jobs = bench.app.start();
        bench.carry_out(jobs);
        bench.take(opened());
        let link = bench.link.clone().expect("the room is connected to");
        bench.take(Msg::Link(link, Report::Opened));
        while bench.said < held {
            let texts: Vec<_> = (0..BATCH.min(held - bench.said)).map(|_| bench.message()).collect();
            bench.comes(texts.iter().map(|text| Frame::parse(text)).collect());
        }
        bench
    }

    fn take(&mut self, msg: Msg) {
        let jobs = self.app.update(self.now, msg);
        self.carry_out(jobs);
    }

    /// Answers what the console needs in order to watch the room, and nothing else.
    fn carry_out(&mut self, jobs: Vec<Job>) {
        for job in jobs {
            match job {
                Job::Call(ask) => {
                    if let Some(body) = answer(ask.call.spec.name) {
                        let answer = Answer { status: 200, request_id: None, attempts: 1, body: body.into_bytes() };
                        self.take(ask.reply(Ok(answer)));
                    }
                }
                Job::Connect(link, _) => self.link = Some(link),
                _ => {}
            }
        }
    }

    /// The next message as the service sends it.
    fn message(&mut self) -> String {
        self.said += 1;
        let author = self.said.wrapping_mul(7919) % PEOPLE;
        json!({
            "Type": "MESSAGE",
            "Id": format!("M{:011}", self.said),
            "RequestId": "",
            "Attributes": {},
            "Content": text(self.said),
            "SendTime": self.now.to_string(),
            "Sender": { "UserId": format!("user-{author:04}"), "Attributes": { "displayName": format!("person{author}") } },
        })
        .to_string()
    }

    fn comes(&mut self, frames: Vec<Frame>) {
        self.now += 10.milliseconds();
        let link = self.link.clone().unwrap();
        self.take(Msg::Link(link, Report::Frames(frames)));
    }

    fn one_comes(&mut self) {
        let text = self.message();
        self.comes(vec![Frame::parse(&text)]);
    }

    fn keys(&mut self, keys: &str) {
        for key in Key::sequence(keys).unwrap() {
            self.now += 200.milliseconds();
            self.take(Msg::Key(key));
        }
    }
}

/// What the service says to a call.
fn answer(operation: &str) -> Option<String> {
    let room = json!({ "arn": ARN, "id": "AbCdEf123456", "name": "lobby" });
    Some(match operation {
        "ListRooms" => json!({ "rooms": [room] }).to_string(),
        "GetRoom" => room.to_string(),
        "CreateChatToken" => json!({
            "token": "t",
            "tokenExpirationTime": "2026-11-21T12:01:00Z",
            "sessionExpirationTime": "2026-11-21T15:00:00Z",
        })
        .to_string(),
        _ => return None,
    })
}

/// A text of its own: what is the same is folded.
fn text(number: usize) -> String {
    let mut rest = number;
    let mut words = String::new();
    while words.len() < TEXT {
        let word = ["ember", "quartz", "willow", "harbour", "cobalt", "pigment", "lantern"][rest % 7];
        rest = rest / 7 + number.wrapping_mul(31) % 1_000_003;
        words.push_str(word);
        words.push(' ');
    }
    words.truncate(TEXT);
    words
}

/// What was written to the terminal.
#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Written {
    fn take(&self) -> usize {
        let mut bytes = self.0.borrow_mut();
        let count = bytes.len();
        bytes.clear();
        count
    }
}

/// A terminal, and what is written to it.
fn terminal(size: (u16, u16), scrolls: bool) -> (Terminal<impl Backend<Error = io::Error>>, Written) {
    let written = Written::default();
    let backend = backend(written.clone(), Size::new(size.0, size.1), scrolls);
    (Terminal::new(backend).unwrap(), written)
}

fn timed(act: impl FnOnce()) -> Duration {
    let start = Instant::now();
    act();
    start.elapsed()
}

/// The value below which this share of them is.
fn share<T: Ord + Copy>(mut values: Vec<T>, share: f64) -> T {
    values.sort_unstable();
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place among a few hundred"
    )]
    let at = (values.len() as f64 * share) as usize;
    values[at.min(values.len() - 1)]
}

/// How the reader looks at the room.
#[derive(Clone, Copy)]
enum State {
    Live,
    Stopped,
    Filtered,
}

impl State {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Live, "live"), (Self::Stopped, "stopped"), (Self::Filtered, "filtered")];

    fn enter(self, bench: &mut Bench) {
        match self {
            Self::Live => {}
            Self::Stopped => bench.keys("k"),
            Self::Filtered => bench.keys("/quartz<enter>"),
        }
    }
}

/// CPU of a message that comes in, parsing included, and of the frame that shows it.
fn message_and_frame(bench: &mut Bench, size: (u16, u16)) -> (Duration, Duration) {
    let (mut terminal, _) = terminal(size, true);
    terminal.draw(|frame| bench.app.view(frame)).unwrap();
    let (mut takings, mut frames) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let text = bench.message();
        takings.push(timed(|| bench.comes(vec![Frame::parse(&text)])));
        frames.push(timed(|| {
            terminal.draw(|frame| bench.app.view(frame)).unwrap();
        }));
    }
    (share(takings, 0.5), share(frames, 0.5))
}

/// The time from a key to its frame that 99 of 100 stay under, while messages come in between.
fn key(bench: &mut Bench, size: (u16, u16)) -> Duration {
    let (mut terminal, _) = terminal(size, true);
    bench.keys("k");
    let times = (0..RUNS).map(|run| {
        bench.one_comes();
        let key = if run % 4 == 0 { "j" } else { "k" };
        timed(|| {
            bench.keys(key);
            terminal.draw(|frame| bench.app.view(frame)).unwrap();
        })
    });
    share(times.collect(), 0.99)
}

/// Bytes that one message more costs.
fn bytes(size: (u16, u16), zoomed: bool, scrolls: bool) -> usize {
    let mut bench = Bench::new(size, 1_000, 10_000);
    if zoomed {
        bench.keys("z");
    }
    let (mut terminal, written) = terminal(size, scrolls);
    terminal.draw(|frame| bench.app.view(frame)).unwrap();
    written.take();
    let counts = (0..RUNS).map(|_| {
        bench.one_comes();
        terminal.draw(|frame| bench.app.view(frame)).unwrap();
        written.take()
    });
    share(counts.collect(), 0.5)
}

/// Megabytes that this process holds in memory.
fn memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

fn print_memory(most: usize) {
    let empty = Bench::new((80, 24), 1, most);
    let before = memory();
    drop(empty);
    let mut bench = Bench::new((80, 24), most, most);
    let full = memory();
    // What is let go must be free again.
    let [twice, five] = [2, 5].map(|times| {
        while bench.said < most * times {
            let texts: Vec<_> = (0..BATCH).map(|_| bench.message()).collect();
            bench.comes(texts.iter().map(|text| Frame::parse(text)).collect());
        }
        memory()
    });
    println!("memory with 1 / {most} messages of {TEXT} bytes held / the last of twice / of five times as many:");
    println!("  {before:.1} / {full:.1} / {twice:.1} / {five:.1} MB   budget: 15 / 45 / flat from there");
}

fn print_bytes() {
    println!(
        "\nbytes written for one message of {TEXT} bytes, its row {} cells:",
        "12:00:00  person123#a1b2  ".len() + TEXT
    );
    for (size, zoomed, what, budget) in [
        // Here the chat has the whole width anyway.
        (SIZES[0], false, "the chat alone", "194 (irssi), about 1.2x the row"),
        (SIZES[1], true, "the chat alone", "194 (irssi), about 1.2x the row"),
        (SIZES[1], false, "beside the lists", "2x the row where the terminal has margins, else the diff"),
    ] {
        let (moved, sent) = (bytes(size, zoomed, true), bytes(size, zoomed, false));
        let (width, height) = size;
        println!("  {width:>3}x{height:<3} {what:<17} {moved:>6}, without scrolling {sent:>6}   budget: {budget}");
    }
}

fn main() {
    let given: Vec<usize> = env::args().skip(1).filter_map(|number| number.parse().ok()).collect();
    let held = if given.is_empty() { vec![100, 10_000, 100_000] } else { given };
    let most = held.iter().copied().max().unwrap_or_default();
    // First, while nothing else has been held.
    print_memory(most);
    print_bytes();
    println!("\na message that comes in (parsed, judged, held) / the frame that shows it; a key to its frame, p99");
    println!(
        "budget: 115 us for both (irssi); a frame 1 ms at 200x60, with 100,000 held 1.1x of that with 1,000; a key 5 ms"
    );
    for size in SIZES {
        for count in &held {
            // Full: each message that comes lets one go.
            for (state, name) in State::ALL {
                let mut bench = Bench::new(size, *count, *count);
                state.enter(&mut bench);
                let (taking, frame) = message_and_frame(&mut bench, size);
                println!("  {:>3}x{:<3} {count:>7} held, {name:<9} {taking:>9.1?} / {frame:>9.1?}", size.0, size.1);
            }
            let mut bench = Bench::new(size, *count, *count);
            println!("  {:>3}x{:<3} {count:>7} held, a key     {:>9.1?}", size.0, size.1, key(&mut bench, size));
        }
    }
}
