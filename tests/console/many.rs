//! Thousands of rooms: at the pace that the account allows, the first at once, and all of them once.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use ivschat::api::Answer;
use ivschat::api::pace::Pace;
use ivschat::app::identity::{Generation, Opened, Told};
use ivschat::app::outbox::Ask;
use ivschat::app::{App, Job, Msg};
use ivschat::identity::facts::{From, Source};
use ivschat::simulator::World;
use ivschat::simulator::world::{Quotas, Setup};
use jiff::{SignedDuration, Timestamp};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tokio::time::Instant;

use crate::Console;
use crate::harness::settings;

/// A console and the calls for pages of rooms that it has asked for; nothing else is answered.
struct Lister {
    app: App,
    world: World,
    pace: Pace,
    start: (Instant, Timestamp),
    asks: VecDeque<Ask>,
    seen: Vec<String>,
}

impl Lister {
    /// On a service that refuses every call over its quota.
    fn new(rooms: usize) -> Self {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let setup = Setup { rooms: Some(rooms), quotas: Quotas::Times(1.0), ..Setup::default() };
        let mut app = App::new(settings(&setup.region, None), now, (80, 24));
        app.start();
        let (source, region, region_from) = (Source::Fixed("test"), setup.region.clone(), From::Fixed);
        let opened = Told::Opened(Ok(Opened { source, region, region_from, endpoint: None }));
        let jobs = app.update(now, Msg::Identity(Generation(1), opened));
        let world = World::new(setup, now);
        let start = (Instant::now(), now);
        let mut lister = Self { app, world, pace: Pace::default(), start, asks: VecDeque::new(), seen: Vec::new() };
        lister.queue(jobs);
        lister
    }

    fn queue(&mut self, jobs: Vec<Job>) {
        let calls = jobs.into_iter().filter_map(|job| if let Job::Call(ask) = job { Some(ask) } else { None });
        self.asks.extend(calls.map(|ask| *ask).filter(|ask| ask.call.spec.name == "ListRooms"));
    }

    /// Has the next page come when it is its turn; false if none was asked for.
    async fn page(&mut self) -> bool {
        let Some(ask) = self.asks.pop_front() else { return false };
        self.pace.turn(&ask.call.spec).await;
        let now = self.start.1 + SignedDuration::try_from(self.start.0.elapsed()).unwrap();
        let answer = self.world.handle(now, &ask.call.request).expect("nothing is over the quota");
        let body = answer.body.unwrap();
        self.seen.extend(body["rooms"].as_array().unwrap().iter().map(|room| room["arn"].to_string()));
        let answer = Answer { status: 200, request_id: None, attempts: 1, body: body.to_string().into_bytes() };
        let jobs = self.app.update(now, ask.reply(Ok(answer)));
        self.queue(jobs);
        true
    }

    fn title(&self) -> String {
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        terminal.draw(|frame| self.app.view(frame)).unwrap();
        let cells = terminal.backend().buffer().content[80..120].iter();
        cells.map(ratatui::buffer::Cell::symbol).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn five_thousand_rooms_take_a_hundred_calls_at_five_a_second_and_the_first_are_shown_at_once() {
    let mut lister = Lister::new(5_000);
    assert!(lister.page().await);
    assert_eq!(lister.start.0.elapsed(), Duration::ZERO, "the first page waits for nothing");
    assert!(lister.title().contains("1 Rooms 50+ "), "{}", lister.title());
    for _ in 1..5 {
        assert!(lister.page().await);
    }
    assert!(lister.title().contains("1 Rooms 250+ "), "progress is shown: {}", lister.title());
    let mut calls = 5;
    while lister.page().await {
        calls += 1;
    }
    assert_eq!(calls, 100);
    assert!(lister.title().contains("1 Rooms 5000 "), "{}", lister.title());
    assert_eq!((lister.seen.len(), lister.seen.iter().collect::<BTreeSet<_>>().len()), (5_000, 5_000));
    let taken = lister.start.0.elapsed();
    assert!(taken >= Duration::from_millis(19_800) && taken < Duration::from_secs(20), "{taken:?}");
}

#[test]
fn what_has_come_can_be_filtered_and_sorted_while_the_rest_comes() {
    let setup = Setup { rooms: Some(480), quotas: Quotas::Off, ..Setup::default() };
    let console = Console::prepared(80, 24, setup, None, |_| {});
    let console = console.hangs("ListRooms").keys("<c-r>/lobby<enter>").shows("loading").shows("lobby-quiet");
    console.keys("<esc>s").works("ListRooms").wait(500).shows("1 Rooms 480").shows("by name");
}
