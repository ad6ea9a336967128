//! An event as a row: what one asks by in columns, the rest as JSON; and back.

use rusqlite::types::FromSql;
use serde_json::{Map, Value};

use crate::alert::Severity;
use crate::clock::Wall;
use crate::event::{Event, What};
use crate::health::State;

/// What is read of a row, in the order of [`Row::read`].
pub(super) const COLUMNS: &str = "at, service, kind, was, state, reason, pid, rest";

/// One row of `events`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) at: i64,
    pub(super) service: Option<String>,
    pub(super) kind: String,
    pub(super) severity: &'static str,
    pub(super) was: Option<String>,
    pub(super) state: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) version: Option<String>,
    pub(super) pid: Option<i64>,
    pub(super) exit: Option<i64>,
    pub(super) signal: Option<i64>,
    pub(super) failure: bool,
    pub(super) rest: Option<String>,
}

impl Row {
    /// `event` as a row. `version` is what the service runs; `flaps`: it is called flapping, and its falls do not show as changes.
    pub(super) fn of(event: &Event, version: Option<&str>, flaps: bool) -> Self {
        let mut fields = match serde_json::to_value(&event.what) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        let mut text = |name: &str| match fields.get(name) {
            Some(Value::String(_)) => match fields.remove(name) {
                Some(Value::String(text)) => Some(text),
                _ => None,
            },
            _ => None,
        };
        let (kind, was, state, reason) =
            (text("kind").unwrap_or_default(), text("from"), text("to"), text("reason"));
        let pid = fields.remove("pid").and_then(|pid| pid.as_i64());
        let death = matches!(&event.what, What::Changed(change) if change.to == State::Down);
        let (exit, signal) = reason.as_deref().filter(|_| death).map_or((None, None), exit);
        Self {
            at: event.at.0,
            service: event.sidecar.clone(),
            kind,
            severity: name(severity(&event.what)),
            was,
            state,
            reason,
            version: version.map(str::to_owned),
            pid,
            exit,
            signal,
            failure: is_failure(&event.what, flaps),
            rest: (!fields.is_empty()).then(|| Value::Object(fields).to_string()),
        }
    }

    /// The event of a row of [`COLUMNS`]; none if a newer program wrote something we do not know.
    pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Event>> {
        let rest: Option<String> = row.get(7)?;
        let mut fields: Map<String, Value> =
            rest.and_then(|rest| serde_json::from_str(&rest).ok()).unwrap_or_default();
        put::<String>(&mut fields, "kind", row, 2)?;
        put::<String>(&mut fields, "from", row, 3)?;
        put::<String>(&mut fields, "to", row, 4)?;
        put::<String>(&mut fields, "reason", row, 5)?;
        put::<i64>(&mut fields, "pid", row, 6)?;
        let what = serde_json::from_value(Value::Object(fields)).ok();
        let (at, sidecar) = (Wall(row.get(0)?), row.get(1)?);
        Ok(what.map(|what| Event { at, sidecar, what }))
    }
}

fn put<T: FromSql + Into<Value>>(
    fields: &mut Map<String, Value>,
    name: &str,
    row: &rusqlite::Row<'_>,
    column: usize,
) -> rusqlite::Result<()> {
    if let Some(value) = row.get::<_, Option<T>>(column)? {
        fields.insert(name.to_owned(), value.into());
    }
    Ok(())
}

/// A service fell, or cannot be started.
fn is_failure(what: &What, flaps: bool) -> bool {
    match what {
        What::Changed(change) => matches!(change.to, State::Down | State::Blocked),
        What::WillRestart { .. } | What::HumanNeeded { .. } => flaps,
        _ => false,
    }
}

/// How grave an event is.
fn severity(what: &What) -> Severity {
    match what {
        What::HumanNeeded { .. } => Severity::Critical,
        What::Changed(change) => match change.to {
            State::Blocked => Severity::Critical,
            State::Down | State::Degraded | State::Flapping => Severity::Warning,
            State::Stopped | State::Starting | State::Healthy => Severity::Info,
        },
        What::NotVerified
        | What::Withheld { .. }
        | What::Moved { .. }
        | What::LeftOver(_)
        | What::Late { .. } => Severity::Warning,
        _ => Severity::Info,
    }
}

/// As a column holds it.
pub(super) fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}

/// From a column.
pub(super) fn severity_named(name: &str) -> Severity {
    match name {
        "critical" => Severity::Critical,
        "warning" => Severity::Warning,
        _ => Severity::Info,
    }
}

/// The exit code or signal with which the reason of a death begins (`process::Exit` wrote it).
fn exit(reason: &str) -> (Option<i64>, Option<i64>) {
    let number = |text: &str| {
        let digits = text.find(|sign: char| !sign.is_ascii_digit() && sign != '-').unwrap_or(text.len());
        text.get(..digits).and_then(|digits| digits.parse().ok())
    };
    if let Some(code) = reason.strip_prefix("exit code ") {
        return (number(code), None);
    }
    let signal = reason.strip_prefix("killed (signal ").or_else(|| reason.strip_prefix("signal "));
    (None, signal.and_then(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by::By;
    use crate::event::Action;
    use crate::health::Transition;
    use crate::process::Exit;
    use crate::process::leftover::LeftOver;

    #[test]
    fn the_exit_of_a_death_has_its_column() {
        // Seen red: without “killed (signal 9)”, which is what everybody tries first.
        for (died, expected) in [
            (Exit::Code(3), (Some(3), None)),
            (Exit::Code(-1), (Some(-1), None)),
            (Exit::Signal(9), (None, Some(9))),
            (Exit::Signal(11), (None, Some(11))),
        ] {
            assert_eq!(exit(&format!("{died}; its last words: signal 4")), expected);
        }
        assert_eq!(exit("no answer in 5 s"), (None, None));
    }

    #[test]
    fn nothing_is_lost_between_event_and_row() {
        // Seen red: with the sleep's `from` and `to` taken for states.
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE events (at, service, kind, was, state, reason, pid, rest)")
            .unwrap();
        let all = [
            What::Began,
            What::Changed(Transition { from: State::Healthy, to: State::Down, reason: "x".to_owned() }),
            What::Asked { action: Action::Stop, by: By::name("panel") },
            What::WillRestart { pause_ms: 500 },
            What::HumanNeeded { reason: "y".to_owned(), tried: Vec::new() },
            What::Withheld { action: Action::Restart, reason: "z".to_owned() },
            What::LeftOver(LeftOver { name: "coach".to_owned(), pid: 77, ended: true }),
            What::Asleep { from: Wall(1), to: Wall(2) },
            What::Switched { on: false, by: By::itself() },
        ];
        for what in all {
            let event = Event { at: Wall(9), sidecar: Some("coach".to_owned()), what };
            let row = Row::of(&event, None, false);
            connection.execute("DELETE FROM events", []).unwrap();
            let insert = "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            let values = rusqlite::params![
                row.at,
                row.service,
                row.kind,
                row.was,
                row.state,
                row.reason,
                row.pid,
                row.rest
            ];
            connection.execute(insert, values).unwrap();
            let select = format!("SELECT {COLUMNS} FROM events");
            let read = connection.query_row(&select, [], Row::read).unwrap();
            assert_eq!(read, Some(event));
        }
    }
}
