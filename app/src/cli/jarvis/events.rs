//! `events` and `report`: what happened, and what was measured, from the disk, whether a supervisor runs or not.

use std::fmt::{self, Display, Formatter};

use anyhow::Result;
use jarvis::client::EventQuery;
use jarvis::clock::{Clock, SystemClock};
use jarvis::event::Event;
use jarvis::intelligence::{Report, ServiceReport};
use jarvis::layout::Layout;
use jarvis::store::Reader;
use serde::Serialize;

use super::super::output::Output;
use super::plain::plain;
use crate::studio::operator::happening::{Chronicle, span, title};

#[derive(Serialize)]
#[serde(transparent)]
struct Happened(Vec<Event>);

/// `2026-11-21 13:45:07.250 UTC vocal-coach: down — killed (signal 9)`.
impl Display for Happened {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nothing of that has happened yet");
        }
        let mut chronicle = Chronicle::default();
        for (number, event) in self.0.iter().enumerate() {
            let end = if number > 0 { "\n" } else { "" };
            let service = event.sidecar.as_deref().unwrap_or("supervisor");
            let words = chronicle.tell(event).words;
            let words = words.strip_prefix(&format!("{}: ", title(service))).unwrap_or(&words);
            write!(f, "{end}{} {}: {}", event.at, plain(service), plain(words))?;
        }
        Ok(())
    }
}

/// What happened.
pub(super) fn events(layout: &Layout, query: &EventQuery, output: &mut Output) -> Result<()> {
    output.say(&Happened(Reader::open(&layout.events())?.events(query)?))
}

#[derive(Serialize)]
struct Measured {
    hours: u32,
    #[serde(flatten)]
    report: Report,
}

/// What was measured in the last `hours`.
pub(super) fn report(layout: &Layout, hours: u32, output: &mut Output) -> Result<()> {
    let reader = Reader::open(&layout.events())?;
    let offset = reader.utc_offset_min()?;
    let report = reader.report(SystemClock::new().wall(), hours, hours.clamp(1, 48), offset)?;
    output.say(&Measured { hours, report })
}

impl Display for Measured {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Report { services, usage, patterns } = &self.report;
        write!(f, "in the last {} h", self.hours)?;
        if services.is_empty() {
            write!(f, "\nno service was measured")?;
        }
        services.iter().try_for_each(|service| self::service(f, service))?;
        for used in usage {
            write!(f, "\nused: {} {} times, last {}", plain(&used.what), used.times, used.last)?;
        }
        for pattern in patterns {
            let percent = (pattern.confidence * 1e4).floor() / 100.0;
            write!(f, "\nkeeps happening ({percent} % sure): {}", plain(&pattern.says))?;
        }
        Ok(())
    }
}

fn service(f: &mut Formatter<'_>, service: &ServiceReport) -> fmt::Result {
    let measured: u64 = service.bars.iter().map(|bar| bar.healthy_ms + bar.unwell_ms + bar.down_ms).sum();
    write!(f, "\n{}: ", plain(&service.name))?;
    match (service.uptime, service.budget_left) {
        (Some(uptime), Some(left)) => write!(
            f,
            "healthy {:.3} % of {} measured, {:.0} % of the budget of 99.9 % left",
            uptime * 100.0,
            span(measured),
            left * 100.0
        )?,
        _ => f.write_str("no uptime measured yet")?,
    }
    if let (Some(aim), Some(left)) = (service.p95_aim_ms, service.p95_budget_left) {
        write!(f, "; {:.0} % of the budget of 95 answers of 100 within {aim} ms left", left * 100.0)?;
    }
    write!(f, "; restarts {}; asked {} times", service.restarts, service.asked)?;
    write!(f, " (routed {}), errors {}", service.routed, service.errors)?;
    match (service.p50_ms, service.p95_ms, service.p99_ms) {
        (Some(p50), Some(p95), Some(p99)) => {
            write!(f, "; answers in {p50:.1} ms (median), {p95:.1} ms (p95), {p99:.1} ms (p99)")
        }
        _ => f.write_str("; it never answered"),
    }
}

#[cfg(test)]
mod tests {
    use jarvis::clock::Wall;
    use jarvis::event::What;
    use jarvis::health::{State, Transition};
    use jarvis::intelligence::FeatureUse;

    use super::*;

    #[test]
    fn events_read_as_sentences_with_the_name_one_filters_by() {
        // Not seen red yet; meant for: the title in place of the name.
        let change = Transition { from: State::Healthy, to: State::Down, reason: "signal 11".to_owned() };
        let coach = Some("vocal-coach".to_owned());
        let events = vec![
            Event { at: Wall(0), sidecar: None, what: What::Began },
            Event { at: Wall(1), sidecar: coach.clone(), what: What::Changed(change) },
            Event { at: Wall(2), sidecar: coach, what: What::WillRestart { pause_ms: 500 } },
        ];
        let text = Happened(events).to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "1970-01-01 00:00:00.000 UTC supervisor: The supervisor began");
        assert_eq!(lines[1], "1970-01-01 00:00:00.001 UTC vocal-coach: down — signal 11");
        assert_eq!(lines[2], "1970-01-01 00:00:00.002 UTC vocal-coach: restart 1 comes in 500 ms");
    }

    #[test]
    fn what_a_sidecar_said_steers_no_terminal() {
        // Not seen red yet; meant for: a field that is written as it came.
        let change =
            Transition { from: State::Healthy, to: State::Down, reason: "\u{1b}[2Jgone\r\n".to_owned() };
        let coach = Some("vocal\u{1b}coach".to_owned());
        let happened = Happened(vec![Event { at: Wall(0), sidecar: coach, what: What::Changed(change) }]);
        let report = Report {
            services: vec![ServiceReport { name: "\u{9b}31mcoach".to_owned(), ..ServiceReport::default() }],
            usage: vec![FeatureUse { what: "\u{7}bell".to_owned(), times: 1, last: Wall(0) }],
            ..Report::default()
        };
        for text in [happened.to_string(), Measured { hours: 24, report: report.clone() }.to_string()] {
            assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
        }
        assert_eq!(happened.to_string().lines().count(), 1);
        // For programs it is as it was.
        let json = serde_json::to_string(&happened).unwrap();
        assert!(json.contains("\\u001b[2Jgone\\r\\n"), "{json}");
    }

    #[test]
    fn what_was_not_measured_is_not_made_up() {
        let services = vec![ServiceReport { name: "coach".to_owned(), ..ServiceReport::default() }];
        let report = Report { services, ..Report::default() };
        let text = Measured { hours: 24, report }.to_string();
        assert!(
            text.contains("coach: no uptime measured yet") && text.contains("it never answered"),
            "{text}"
        );
        assert!(!text.contains('%'), "{text}");
    }
}
