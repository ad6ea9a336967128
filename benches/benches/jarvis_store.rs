//! The supervisor's memory: events in, and each question on a file of 1,000,000 events; how large that file is.
//!
//! The file lies on the disk of the target folder, as an owner would have it: eight weeks of four services, with a sample of
//! each service's answers each ten seconds in the last two days. Questions are asked through a reader that is opened anew
//! each time, as the command line does.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a bench")]

use std::path::Path;
use std::time::{Duration, Instant};

use dawg_benches::data;
use dawg_benches::timing::{self, Times};
use jarvis::client::EventQuery;
use jarvis::clock::Wall;
use jarvis::event::{Event, What};
use jarvis::health::{State, Transition};
use jarvis::latency::{Kind, Sample};
use jarvis::store::{Reader, SqliteStore, Store};

const SERVICES: [&str; 4] = ["vocal-coach", "producer", "brain", "mastering"];
/// A Saturday, 2026-11-21 00:00 UTC: the end.
const NOW: i64 = 1_795_219_200_000;
const WEEKS: i64 = 8 * 7 * 86_400_000;
/// Events of one turn.
const TURN: usize = 1000;

fn main() {
    let many = if timing::quick() { 20_000 } else { 1_000_000 };
    let path = data::folder().join("events.db");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
    fill(&path, many);
    let size = std::fs::metadata(&path).unwrap().len();
    println!(
        "\n{:.0} MB, {:.0} bytes an event, with indices, roll-ups and samples\n",
        size as f64 / 1e6,
        size as f64 / many as f64
    );
    questions(&path);
}

/// Writes the events, a thousand a turn, and says how fast; then the samples.
fn fill(path: &Path, many: usize) {
    let mut store = SqliteStore::open(path).unwrap();
    let events: Vec<Event> = (0..many).map(|number| event(number, many)).collect();
    let mut turns = Times::default();
    let start = Instant::now();
    for turn in events.chunks(TURN) {
        turns.time(|| {
            turn.iter().for_each(|event| store.record(event));
            store.flush(turn.last().unwrap().at);
        });
    }
    let rate = many as f64 / start.elapsed().as_secs_f64();
    println!("| events in, {TURN} a turn | {rate:.0} /s |");
    println!("| a turn of {TURN}: median, 99 of 100, worst {}", turns.cells());
    let mut one = Times::default();
    for number in 0..500 {
        one.time(|| {
            store.record(&Event { at: Wall(NOW + number), sidecar: None, what: What::Began });
            store.flush(Wall(NOW + number));
        });
    }
    println!("| a turn of one event {}", one.cells());
    for (number, at) in (NOW - 2 * 86_400_000..NOW).step_by(10_000).enumerate() {
        for service in SERVICES {
            let took = Duration::from_micros(800 + (number as u64 * 7919) % 1500);
            store.sample(Wall(at), service, Sample { kind: Kind::Probe, took, ok: number % 500 > 0 });
        }
        if number % 100 == 0 {
            store.flush(Wall(at));
        }
    }
    store.flush(Wall(NOW));
}

/// What a bad life is made of: six events for each fall, of one service after another.
fn event(number: usize, many: usize) -> Event {
    let at = Wall(NOW - WEEKS + (WEEKS as f64 * number as f64 / many as f64) as i64);
    let change = |from, to, reason: &str| What::Changed(Transition { from, to, reason: reason.to_owned() });
    let last = "killed (signal 9); its last words: cannot allocate 2147483648 bytes for the model";
    let what = match number % 6 {
        0 => change(State::Healthy, State::Down, last),
        1 => What::WillRestart { pause_ms: 640 },
        2 => What::Restarted,
        3 => change(State::Down, State::Starting, "restarted"),
        4 => change(State::Starting, State::Healthy, "ready"),
        _ => What::Healed { after_ms: 2300 },
    };
    Event { at, sidecar: Some(SERVICES[number / 6 % SERVICES.len()].to_owned()), what }
}

fn questions(path: &Path) {
    let ask = |name: &str, question: &dyn Fn(&Reader) -> usize| {
        let mut times = Times::default();
        let mut found = 0;
        for _ in 0..if timing::quick() { 2 } else { 20 } {
            found = times.time(|| question(&Reader::open(path).unwrap()));
        }
        println!("| {name} ({found}) {}", times.cells());
    };
    let events = |service: Option<&str>, since: Option<i64>, limit| {
        let query = EventQuery { service: service.map(str::to_owned), since: since.map(Wall), limit };
        move |reader: &Reader| reader.events(&query).unwrap().len()
    };
    let now = Wall(NOW);
    let report =
        |hours, parts| move |reader: &Reader| reader.report(now, hours, parts, 60).unwrap().services.len();
    println!("| asked (found) | median | 99 of 100 | worst |");
    println!("| --- | --- | --- | --- |");
    ask("the newest 100 events", &events(None, None, Some(100)));
    ask("the newest 100 of one service", &events(Some("brain"), None, Some(100)));
    ask("one hour of one service", &events(Some("brain"), Some(NOW - 3_600_000), None));
    ask("one day of everything", &events(None, Some(NOW - 86_400_000), None));
    ask("a service that is not there", &events(Some("nobody"), None, Some(100)));
    ask("the report of a day in 48 parts", &report(24, 48));
    ask("the report of a week in 168 parts", &report(168, 168));
    ask("the report of eight weeks in 56 parts", &report(1344, 56));
    ask("alerts", &|reader| reader.alerts(true, 1000).unwrap().len());
}
