//! What the tests of the panel show: made up, and nowhere else than here.

use std::sync::Arc;

use ai_dawg::studio::operator::{Attempt, Engine, Happening, Line, Reports, Rule, Seen, Tone, Verified};
use ai_dawg::supervision::Role;
use jarvis::alert::{Alert, Severity};
use jarvis::audit::{Entry, Record, Verdict};
use jarvis::by::By;
use jarvis::clock::Wall;
use jarvis::gauge::Gauge;
use jarvis::health::State;
use jarvis::intelligence::{Bar, FeatureUse, Pattern, Report, ServiceReport};
use jarvis::status::Status;
use jarvis::switch::Switch;

/// 2026-11-21 13:45:07 UTC.
pub(crate) const NOW: Wall = Wall(1_795_268_707_250);

fn before(seconds: i64) -> Wall {
    Wall(NOW.0 - seconds * 1_000)
}

pub(crate) fn status(name: &str, state: State, port: u16) -> Status {
    Status {
        name: name.to_owned(),
        state,
        pid: Some(u32::from(port) + 12_000),
        port: Some(port),
        version: Some("0.3.1".to_owned()),
        restarts: 0,
        uptime_s: Some(7_384),
        reason: "ready".to_owned(),
        progress: None,
        unprovable: false,
    }
}

fn report(name: &str, parts: u64, minutes: u64, p95: f64, bad: &[(u64, bool)]) -> ServiceReport {
    let part = minutes * 60_000;
    let bar = |number: u64| {
        let from = Wall(NOW.0 - ((parts - number) * part) as i64);
        let worst = bad.iter().find(|(at, _)| *at == number);
        let mut bar = Bar { from, healthy_ms: part, ..Bar::default() };
        match worst {
            Some((_, true)) => (bar.down_ms, bar.healthy_ms) = (part / 3, part - part / 3),
            Some((_, false)) => (bar.unwell_ms, bar.healthy_ms) = (part / 3, part - part / 3),
            None => {}
        }
        bar
    };
    let wave = |number: u64| {
        let turn = number as f64 * 0.7 + p95;
        (!bad.iter().any(|(at, down)| *at == number && *down)).then(|| p95 * (1.0 + 0.12 * turn.sin()))
    };
    ServiceReport {
        name: name.to_owned(),
        bars: (0..parts).map(bar).collect(),
        uptime: Some(0.9994),
        p50_ms: Some(p95 * 0.6),
        p95_ms: Some(p95),
        p99_ms: Some(p95 * 1.8),
        p95_bars: (0..parts).map(wave).collect(),
        asked: 8_640,
        routed: 312,
        errors: 3,
        restarts: 2,
        budget_left: Some(0.4),
        p95_aim_ms: Some(1_000.0),
        p95_budget_left: Some(0.8),
    }
}

fn reports(services: &[(&str, f64)], bad: &[(u64, bool)]) -> Reports {
    let of = |parts, minutes| {
        let services = services.iter().enumerate().map(|(at, (name, p95))| {
            let bad = if at == 1 { bad } else { &[] };
            report(name, parts, minutes, *p95, bad)
        });
        let used = |what: &str, times, last| FeatureUse { what: what.to_owned(), times, last: before(last) };
        let says = "Beat producer fails at 3 every night: 6 of 7 nights".to_owned();
        let pattern = Pattern {
            service: "beat-producer".to_owned(),
            kind: "failures_by_hour".to_owned(),
            says,
            evidence: (1..7).map(|day| before(day * 86_400)).collect(),
            confidence: 0.93,
        };
        Some(Arc::new(Report {
            services: services.collect(),
            usage: vec![
                used("take_recorded", 41, 846),
                used("song_opened", 12, 9_000),
                used("exported", 3, 387),
            ],
            patterns: vec![pattern],
        }))
    };
    let engine = |parts, minutes| {
        let bars = report("engine", parts, minutes, 1.0, &[(parts - 20, false)]).bars;
        Some(Arc::new(Engine { bars }))
    };
    Reports {
        hour: of(60, 1),
        day: of(72, 20),
        month: of(60, 720),
        engine: [engine(60, 1), engine(72, 20), engine(60, 720)],
    }
}

fn happening(seconds: i64, tone: Tone, words: &str) -> Happening {
    Happening { at: before(seconds), service: None, words: words.to_owned(), tone }
}

fn entry(seq: u64, seconds: i64, action: &str, target: &str, reason: &str, outcome: &str) -> Entry {
    let record = Record {
        at: before(seconds),
        by: By::itself(),
        action: action.to_owned(),
        target: target.to_owned(),
        reason: reason.to_owned(),
        outcome: outcome.to_owned(),
    };
    Entry { seq, record, hash: "9f2c".repeat(16) }
}

fn gauge(name: &str, unit: &str, value: f64, warn: Option<f64>, fail: Option<f64>) -> Gauge {
    Gauge::new(name, unit, value).limits(warn, fail)
}

/// Three services, of which one is being restarted.
pub(crate) fn usual() -> Seen {
    let mut producer = status("beat-producer", State::Down, 8_001);
    producer.restarts = 2;
    producer.reason =
        "it stopped answering while generating: process 20001 ended by itself, exit code 3".to_owned();
    producer.pid = None;
    let attempts = [("beat-producer".to_owned(), Attempt { number: 2, of: Some(3), since: before(8) })];
    let happened = [
        happening(2, Tone::Attention, "Beat producer: restart 2 of 3 comes in 4 s"),
        happening(
            7,
            Tone::Attention,
            "Beat producer: restart 1 of 3 did not help: it was not ready when looked at again",
        ),
        happening(10, Tone::Bad, "Beat producer: down — process ended by itself (exit code 3)"),
        happening(228, Tone::Good, "Exported: Midnight Verse.wav, 3:12, −14.0 LUFS"),
        happening(685, Tone::Quiet, "Take recorded: Take 4 on Lead vocal, 0:21"),
        happening(1_347, Tone::Quiet, "The supervisor began"),
    ];
    let alert = Alert {
        id: 7,
        rule: "service_down".to_owned(),
        service: Some("beat-producer".to_owned()),
        about: None,
        severity: Severity::Warning,
        message: "Beat producer has been down for 10 s: it is being restarted".to_owned(),
        since: before(8),
        until: None,
        acknowledged: None,
    };
    let over = Alert {
        id: 6,
        rule: "disk_filling".to_owned(),
        service: None,
        about: None,
        severity: Severity::Info,
        message: "The disk with the songs is 91 % full: make room".to_owned(),
        since: before(90_000),
        until: Some(before(80_000)),
        acknowledged: Some(before(89_000)),
    };
    let lines = [
        ("vocal-coach", "ready on 127.0.0.1:8000"),
        ("beat-producer", "loading drum kits"),
        ("beat-producer", "error: drum kit \"808 dusty\": file is truncated"),
    ];
    Seen {
        at: NOW,
        local: 3_600,
        role: Role::Owner { port: 4_000 },
        services: Some(vec![
            status("vocal-coach", State::Healthy, 8_000),
            producer,
            status("music-brain", State::Healthy, 8_002),
        ]),
        attempts: attempts.into(),
        switch: Some(Switch { on: true, stored: true, locked: None, unstored: None }),
        alerts: Some(vec![alert, over]),
        rules: Some(vec![
            Rule {
                name: "service_down".to_owned(),
                what: "A service is down or blocked".to_owned(),
                held_ms: 0,
                severity: Severity::Warning,
            },
            Rule {
                name: "disk_filling".to_owned(),
                what: "The disk is 90 % full".to_owned(),
                held_ms: 60_000,
                severity: Severity::Info,
            },
        ]),
        gauges: Some(vec![
            gauge("audio_load", "share", 0.113, Some(0.7), Some(1.0)),
            gauge("disk_free", "bytes", 4.2e9, Some(5e9), Some(1e9)),
            gauge("xruns", "count", 0.0, Some(1.0), None),
        ]),
        happened: Some(Arc::new(happened.into())),
        audit: Some(Arc::new(
            [
                entry(1_841, 2, "restart", "beat-producer", "rule “down”", "allowed"),
                entry(1_840, 10, "probe failed", "beat-producer", "time-out 5 s", "done"),
                entry(1_839, 685, "began", "jarvis", "", "done"),
            ]
            .into(),
        )),
        verified: Some(Verified {
            at: before(12),
            verdict: Ok(Verdict::Whole { entries: 1_841, head: None }),
        }),
        reports: reports(
            &[("vocal-coach", 18.0), ("beat-producer", 33.0), ("music-brain", 41.0)],
            &[(31, true), (53, false), (57, false), (58, true), (59, true)],
        ),
        lines: Arc::new(lines.map(|(service, text)| Line::new(service, text)).into()),
        lines_read: 1,
        ..Seen::default()
    }
}

/// Names that nobody should have given.
pub(crate) const WILD: [&str; 5] = [
    "<script>alert(1)</script>",
    "a\u{202e}reversed\u{202c} name\nin two lines",
    "项目 🎵 — Проект",
    "'; DROP TABLE events; --",
    "a-name-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on",
];

/// Services and words of theirs that try to break the layout.
pub(crate) fn wild() -> Seen {
    let mut seen = usual();
    let states = [State::Blocked, State::Flapping, State::Degraded, State::Starting, State::Stopped];
    let services = WILD.iter().zip(states).map(|(name, state)| {
        let mut status = status(name, state, 9_000);
        status.version = Some(format!("{name} {name}"));
        status.reason = format!("{name}\n{name}").repeat(20);
        status
    });
    seen.services = Some(services.collect());
    let happened = WILD.iter().map(|name| happening(5, Tone::Bad, &format!("{name}: {name}").repeat(8)));
    seen.happened = Some(Arc::new(happened.collect()));
    let audit =
        WILD.iter().enumerate().map(|(at, name)| entry(at as u64, 3, name, name, &name.repeat(9), name));
    seen.audit = Some(Arc::new(audit.collect()));
    seen.lines = Arc::new(WILD.iter().map(|name| Line::new(name, &name.repeat(30))).collect());
    let mut alert = seen.alerts.take().unwrap().remove(0);
    alert.service = Some(WILD[0].to_owned());
    alert.message = WILD.join(" ").repeat(5);
    seen.alerts = Some(vec![alert]);
    seen
}

/// So many services.
pub(crate) fn many(count: u16) -> Seen {
    let mut seen = usual();
    let states = [State::Healthy, State::Degraded, State::Down, State::Starting, State::Stopped];
    let services = (0..count).map(|number| {
        let state = states[usize::from(number) % states.len()];
        status(&format!("service-{number}"), state, 9_000 + number)
    });
    seen.services = Some(services.collect());
    seen
}
