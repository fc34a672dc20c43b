//! What a long list costs beside a short one: a page that comes in, a key of the filter, a step of the cursor, a frame.
//!
//! Only the ratios are to be trusted on another machine or another day. A harness would be a dependency for a median.

#![allow(clippy::unwrap_used, reason = "what goes wrong here should say where")]

use std::time::{Duration, Instant};

use ivschat::api::Answer;
use ivschat::app::identity::{Generation, Opened, Told};
use ivschat::app::key::Key;
use ivschat::app::look::Look;
use ivschat::app::outbox::Ask;
use ivschat::app::room::live;
use ivschat::app::{App, Job, Msg, Settings};
use ivschat::identity::facts::{From, Source};
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::json;

const SIZE: (u16, u16) = (140, 40);
const PAGE: usize = 50;

/// Whoever the console is, that is settled.
fn opened() -> Msg {
    let (source, region, region_from) = (Source::Fixed("bench"), "us-west-2".to_owned(), From::Fixed);
    Msg::Identity(Generation(1), Told::Opened(Ok(Opened { source, region, region_from, endpoint: None })))
}

/// A console on a service that has as many rooms as are asked for.
struct Bench {
    app: App,
    now: Timestamp,
    pages: usize,
    next: Option<Ask>,
}

impl Bench {
    fn new(rows: usize) -> Self {
        let room = live::Settings {
            user_id: "me".into(),
            reason: "spam".into(),
            disconnect_reason: String::new(),
            scrollback: 100,
            ..live::Settings::default()
        };
        let (region, look) = ("us-west-2".to_owned(), Look::terminal());
        let settings = Settings { region, look, room, seed: 1, ..Settings::default() };
        let now = "2026-11-21T12:00:00Z".parse().unwrap();
        let mut bench = Self { app: App::new(settings, now, SIZE), now, pages: 0, next: None };
        let jobs = bench.app.start();
        bench.keep(jobs);
        let jobs = bench.app.update(now, opened());
        bench.keep(jobs);
        while bench.pages * PAGE < rows {
            bench.page();
        }
        bench
    }

    fn keep(&mut self, jobs: Vec<Job>) {
        let calls = jobs.into_iter().filter_map(|job| if let Job::Call(ask) = job { Some(*ask) } else { None });
        self.next = calls.filter(|ask| ask.call.spec.name == "ListRooms").last().or(self.next.take());
    }

    /// A page comes in; what it costs, its JSON included.
    fn page(&mut self) -> Duration {
        let body = page(self.pages).into_bytes();
        self.pages += 1;
        let ask = self.next.take().unwrap();
        let start = Instant::now();
        let msg = ask.reply(Ok(Answer { status: 200, request_id: None, attempts: 1, body }));
        let jobs = self.app.update(self.now, msg);
        let taken = start.elapsed();
        self.keep(jobs);
        taken
    }

    fn key(&mut self, key: &str) -> Duration {
        let msg = Msg::Key(key.parse().unwrap());
        let start = Instant::now();
        let jobs = self.app.update(self.now, msg);
        let taken = start.elapsed();
        self.keep(jobs);
        taken
    }

    fn keys(&mut self, keys: &str) {
        for key in Key::sequence(keys).unwrap() {
            let jobs = self.app.update(self.now, Msg::Key(key));
            self.keep(jobs);
        }
    }
}

/// A page of rooms as the service writes it, with a token for the next.
fn page(number: usize) -> String {
    let room = |index: usize| {
        json!({
            "arn": format!("arn:aws:ivschat:us-west-2:123456789012:room/Room{index:08}"),
            "id": format!("Room{index:08}"),
            // Far from its place by name, as names are.
            "name": format!("room-{:05}", index.wrapping_mul(7919) % 100_000),
            "createTime": "2026-11-01T00:00:00Z",
            "updateTime": "2026-11-20T00:00:00Z",
            "tags": {"env": "prod", "team": "live-events"},
        })
    };
    let rooms: Vec<_> = (number * PAGE..(number + 1) * PAGE).map(room).collect();
    json!({ "rooms": rooms, "nextToken": number.to_string() }).to_string()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The median of some runs at 500 and at 5,000 rows, and what the second is of the first.
fn compare(what: &str, budget: &str, measure: impl Fn(&mut Bench) -> Vec<Duration>) {
    let at = |rows| median(measure(&mut Bench::new(rows)));
    let (few, many) = (at(500), at(5_000));
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    println!("{what:<34} {few:>10.1?} {many:>10.1?} {ratio:>6.1}x  {budget}");
}

fn main() {
    println!("{:<34} {:>10} {:>10} {:>7}  budget", "", "500 rows", "5,000 rows", "ratio");
    compare("a page comes in", "at most 2x", |bench| (0..10).map(|_| bench.page()).collect());
    compare("... sorted by name", "at most 12x", |bench| {
        bench.keys("s");
        (0..10).map(|_| bench.page()).collect()
    });
    compare("... filtered", "at most 10x", |bench| {
        bench.keys("/room-12<enter>");
        (0..10).map(|_| bench.page()).collect()
    });
    compare("a key of the filter", "at most 12x, linear", |bench| {
        bench.keys("/");
        "rom-1 prod".chars().map(|c| bench.key(&c.to_string().replace(' ', "<space>"))).collect()
    });
    compare("a step of the cursor", "flat", |bench| (0..100).map(|_| bench.key("j")).collect());
    compare("a step at the end", "flat", |bench| {
        bench.keys("G");
        (0..100).map(|_| bench.key("k")).collect()
    });
    compare("a frame", "flat", |bench| {
        bench.keys("G");
        let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).unwrap();
        let mut draw = || {
            let start = Instant::now();
            terminal.draw(|frame| bench.app.view(frame)).unwrap();
            start.elapsed()
        };
        (0..50).map(|_| draw()).collect()
    });
}
