//! What is asked is answered from what was told, and from nothing else.

use super::*;
use crate::event::Action;
use crate::intelligence::Bar;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// Turns of the loop, one each 10 s.
fn live(store: &mut SqliteStore, from: i64, until: i64) {
    (from..until).step_by(10_000).for_each(|at| store.flush(Wall(at)));
    store.flush(Wall(until));
}

fn told(bars: &[Bar]) -> Vec<(u64, u64, u64, u64)> {
    let minutes = |millis: u64| millis / 60_000;
    bars.iter()
        .map(|bar| {
            (minutes(bar.healthy_ms), minutes(bar.unwell_ms), minutes(bar.down_ms), minutes(bar.unknown_ms))
        })
        .collect()
}

#[test]
fn events_are_asked_by_service_time_and_number() {
    // Seen red: with the oldest in place of the newest.
    let at = folder();
    let mut store = SqliteStore::open(&at.path).unwrap();
    for number in 0..100 {
        store.record(&fell(DAY + number, if number % 2 == 0 { "coach" } else { "producer" }));
    }
    store.record(&Event { at: Wall(DAY + 100), sidecar: None, what: What::Began });
    store.flush(Wall(DAY + 100));
    let reader = Reader::open(&at.path).unwrap();
    let ask = |service: Option<&str>, since: Option<i64>, limit| {
        let query = EventQuery { service: service.map(str::to_owned), since: since.map(Wall), limit };
        let events = reader.events(&query).unwrap();
        events.iter().map(|event| event.at.0 - DAY).collect::<Vec<_>>()
    };
    assert_eq!(ask(None, None, Some(3)), [98, 99, 100]);
    assert_eq!(ask(Some("coach"), None, Some(2)), [96, 98]);
    assert_eq!(ask(Some("producer"), Some(DAY + 96), None), [97, 99]);
    assert_eq!(ask(Some("supervisor"), None, None), [100]);
    assert_eq!(ask(Some("x' OR 1 = 1 --"), None, None), [0; 0]);
}

#[test]
fn where_nothing_was_ever_kept_the_answers_are_empty() {
    // Seen red: with a reader that begins a file.
    let at = folder();
    let reader = Reader::open(&at.path).unwrap();
    assert_eq!(reader.events(&EventQuery::default()).unwrap(), []);
    assert_eq!(reader.report(Wall(DAY), 24, 48, 0).unwrap(), crate::intelligence::Report::default());
    assert!(!at.path.exists(), "who reads begins nothing");
}

#[test]
fn uptime_leaves_out_what_nobody_measured() {
    // Seen red: with silence counted as if it had gone on. Meant for besides: sleep counted, and a human's stop counted as
    // down.
    let at = folder();
    let mut store = SqliteStore::open(&at.path).unwrap();
    let (minute, coach) = (|number: i64| DAY + number * MINUTE, "coach");
    // Ten minutes: a start by the program counts for nothing, then it is healthy.
    store.record(&changed(minute(0), coach, State::Stopped, State::Starting));
    live(&mut store, minute(0), minute(5));
    store.record(&changed(minute(5), coach, State::Starting, State::Healthy));
    live(&mut store, minute(5), minute(10));
    // Down for two, starting for three.
    store.record(&fell(minute(10), coach));
    live(&mut store, minute(10), minute(12));
    store.record(&changed(minute(12), coach, State::Down, State::Starting));
    live(&mut store, minute(12), minute(15));
    store.record(&changed(minute(15), coach, State::Starting, State::Healthy));
    live(&mut store, minute(15), minute(20));
    // The machine sleeps for twenty minutes; nobody else says so than the time that passed.
    live(&mut store, minute(40), minute(45));
    // It sleeps for half a minute, and says so.
    let asleep = What::Asleep { from: Wall(minute(45)), to: Wall(minute(45) + 30_000) };
    store.record(&Event { at: Wall(minute(45) + 30_000), sidecar: None, what: asleep });
    live(&mut store, minute(45) + 30_000, minute(50));
    // A human stops it.
    let by = crate::by::By::name("panel");
    let asked = What::Asked { action: Action::Stop, by };
    store.record(&Event { at: Wall(minute(50)), sidecar: Some(coach.to_owned()), what: asked });
    store.record(&changed(minute(50), coach, State::Healthy, State::Stopped));
    live(&mut store, minute(50), minute(60));
    // The owner is killed.
    std::mem::forget(store);
    let report = Reader::open(&at.path).unwrap().report(Wall(minute(60)), 1, 6, 0).unwrap();
    let [service] = &report.services[..] else { panic!("{report:?}") };
    assert_eq!(
        told(&service.bars),
        [(5, 0, 0, 5), (5, 3, 2, 0), (0, 0, 0, 10), (0, 0, 0, 10), (9, 0, 0, 0), (0, 0, 0, 10)]
    );
    let uptime = service.uptime.unwrap();
    assert!((uptime - 19.5 / 24.5).abs() < 1e-9, "{uptime}");
    assert!(service.budget_left.unwrap() < 0.0);
    assert_eq!(service.p50_ms, None, "it was never asked");
}

#[test]
fn a_killed_owner_leaves_at_most_ten_seconds_unknown() {
    // Seen red: with spans that are written only when they end.
    let at = folder();
    let mut store = SqliteStore::open(&at.path).unwrap();
    store.record(&changed(DAY, "coach", State::Starting, State::Healthy));
    live(&mut store, DAY, DAY + 5 * MINUTE);
    std::mem::forget(store);
    let report = Reader::open(&at.path).unwrap().report(Wall(DAY + HOUR), 1, 1, 0).unwrap();
    let healthy = report.services[0].bars[0].healthy_ms;
    assert!((290_000..=300_000).contains(&healthy), "{healthy}");
}

#[test]
fn latency_traffic_and_errors_are_exact_from_samples_and_near_from_hours() {
    // Seen red: with hours that count an error as an answer. Meant for besides: errors among the latencies, and hours that
    // count what samples had counted.
    let at = folder();
    let mut store = SqliteStore::open(&at.path).unwrap();
    for number in 1..=100 {
        store.sample(Wall(DAY + number), "coach", answer(u64::try_from(number).unwrap()));
    }
    store.aim(Duration::from_millis(97));
    let hung = Sample { kind: Kind::Routed, took: Duration::from_secs(5), ok: false };
    store.sample(Wall(DAY + 200), "coach", hung);
    store.record(&Event { at: Wall(DAY + 201), sidecar: Some("coach".to_owned()), what: What::Restarted });
    store.flush(Wall(DAY + 300));
    let report =
        || Reader::open(&at.path).unwrap().report(Wall(DAY + HOUR), 2, 2, 0).unwrap().services[0].clone();
    let exact = report();
    assert_eq!((exact.p50_ms, exact.p95_ms, exact.p99_ms), (Some(50.0), Some(95.0), Some(99.0)));
    assert_eq!(exact.p95_bars, [None, Some(95.0)]);
    assert_eq!((exact.asked, exact.routed, exact.errors, exact.restarts), (101, 1, 1, 1));
    // Four came late and one never, of 101 of which 5 % may. Seen red: with what never came not counted.
    assert_eq!(exact.p95_aim_ms, Some(97.0));
    assert!((exact.p95_budget_left.unwrap() - (1.0 - 5.0 / 101.0 / 0.05)).abs() < 1e-9, "{exact:?}");
    // Two days later the samples are gone.
    count(&at.path, "SELECT 1");
    rusqlite::Connection::open(&at.path)
        .unwrap()
        .execute_batch("DELETE FROM samples; DELETE FROM events")
        .unwrap();
    let rolled = report();
    assert_eq!((rolled.asked, rolled.routed, rolled.errors, rolled.restarts), (101, 1, 1, 1));
    // By buckets: between those that took 92.7 ms and those that took 101.1.
    let left = rolled.p95_budget_left.unwrap();
    assert!((1.0 - 10.0 / 5.05..=1.0 - 1.0 / 5.05).contains(&left), "{left}");
    for (read, measured) in
        [(rolled.p50_ms, 50.0), (rolled.p95_ms, 95.0), (rolled.p99_ms, 99.0), (rolled.p95_bars[1], 95.0)]
    {
        assert!((read.unwrap() / measured - 1.0f64).abs() < 0.05, "{read:?} for {measured}");
    }
}

#[test]
fn what_fails_at_three_every_night_is_found_in_the_place_s_own_hours() {
    // Seen red: with hours of UTC.
    let at = folder();
    let mut store = SqliteStore::open(&at.path).unwrap();
    store.record(&changed(DAY, "producer", State::Starting, State::Healthy));
    // An owner runs from midnight to six; of the rest nobody knows anything.
    for minute in (0..7 * 24 * 60).filter(|minute| minute % (24 * 60) < 6 * 60) {
        let now = DAY + minute * MINUTE;
        if minute % (24 * 60) == 3 * 60 + 10 && minute > 24 * 60 {
            store.record(&fell(now, "producer"));
            store.record(&changed(now + 3000, "producer", State::Down, State::Starting));
            store.record(&changed(now + 5000, "producer", State::Starting, State::Healthy));
        }
        store.flush(Wall(now + 5000));
    }
    let reader = Reader::open(&at.path).unwrap();
    let patterns = reader.report(Wall(DAY + 7 * 24 * HOUR), 24, 24, 120).unwrap().patterns;
    let [pattern] = &patterns[..] else { panic!("{patterns:?}") };
    assert_eq!(pattern.kind, "failures_by_hour");
    assert!(pattern.says.contains("between 5:00 and 6:00: on 6 of 7 days"), "{}", pattern.says);
    assert_eq!((pattern.evidence.len(), pattern.evidence[0]), (6, Wall(DAY + 27 * HOUR + 10 * MINUTE)));
    assert!(pattern.confidence > 0.999);
}
