//! What the store knows, asked through a connection of its own that only reads: beside the owner, or without one.
//!
//! Start at [`Reader::open`]. Each question is answered from indices: a million events are asked in a tenth of a second.

mod report;
mod samples;

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params, params_from_iter};

use super::error::StoreError;
use super::row::{COLUMNS, Row, severity_named};
use super::schema::SCHEMA;
use crate::alert::Alert;
use crate::client::EventQuery;
use crate::clock::Wall;
use crate::event::Event;
use crate::intelligence::Report;

/// The supervisor itself, among services, where its events are shown.
const SUPERVISOR: &str = "supervisor";
/// How long one waits for whoever writes. In WAL readers wait only while a file is begun or closed.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Reads what is kept. What was told in the owner's present turn is not there yet.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    /// None: nothing was ever kept.
    connection: Option<Connection>,
}

/// What was read off a gauge in one minute.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct GaugeMinute {
    /// The minute's begin.
    pub at: Wall,
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
    /// The last.
    pub last: f64,
}

impl Reader {
    /// Opens `events.db` at `path`. Where nothing was ever kept, the answers are empty.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Ok(Self { path: path.to_owned(), connection: None });
        }
        let wrong = |error| StoreError::of(path, error);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(wrong)?;
        connection.busy_timeout(PATIENCE).map_err(wrong)?;
        let version: i64 =
            connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(wrong)?;
        match version {
            // Begun by an owner just now.
            0 => Ok(Self { path: path.to_owned(), connection: None }),
            SCHEMA => Ok(Self { path: path.to_owned(), connection: Some(connection) }),
            newer if newer > SCHEMA => Err(StoreError::Newer { path: path.to_owned() }),
            _ => Err(StoreError::Older { path: path.to_owned() }),
        }
    }

    /// What happened, oldest first: of a service (`supervisor`: the supervisor itself), since a time, at most so many, the newest.
    ///
    /// # Errors
    /// [`StoreError`]: the file cannot be read.
    pub fn events(&self, query: &EventQuery) -> Result<Vec<Event>, StoreError> {
        self.ask(|connection| events(connection, query))
    }

    /// Alerts, newest first, at most `limit`; `history`: with those that are over.
    ///
    /// # Errors
    /// [`StoreError`]: the file cannot be read.
    pub fn alerts(&self, history: bool, limit: u32) -> Result<Vec<Alert>, StoreError> {
        self.ask(|connection| alerts(connection, history, limit))
    }

    /// A gauge minute by minute, oldest first, from `since`; of a week at most.
    ///
    /// # Errors
    /// [`StoreError`]: the file cannot be read.
    pub fn gauge(&self, name: &str, since: Wall) -> Result<Vec<GaugeMinute>, StoreError> {
        self.ask(|connection| {
            let select = "SELECT minute, least, most, last FROM gauges WHERE minute >= ?1 AND name = ?2 ORDER BY minute";
            let mut select = connection.prepare(select)?;
            let rows = select.query_map(params![since.0.div_euclid(60_000), name], |row| {
                let at = Wall(row.get::<_, i64>(0)? * 60_000);
                Ok(GaugeMinute { at, least: row.get(1)?, most: row.get(2)?, last: row.get(3)? })
            })?;
            rows.collect()
        })
    }

    /// What was measured in the `hours` until `now`, in `parts` equal parts (1 to 1000 each; more is taken for that). Hours of the
    /// day and weekdays are those of a place `offset_min` minutes ahead of UTC; see [`utc_offset_min`](Self::utc_offset_min).
    ///
    /// Percentiles are exact (nearest rank) while all single samples of that time are kept, two days or 500,000; beyond, they are
    /// read off fixed buckets, whole hours, and at most 4.5 % off. Patterns are looked for in the last eight weeks, whatever was
    /// asked for.
    ///
    /// # Errors
    /// [`StoreError`]: the file cannot be read.
    pub fn report(&self, now: Wall, hours: u32, parts: u32, offset_min: i32) -> Result<Report, StoreError> {
        self.ask(|connection| report::report(connection, now, hours, parts, offset_min))
    }

    /// How far the clocks of this machine's place are ahead of UTC now, in minutes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn utc_offset_min(&self) -> Result<i32, StoreError> {
        self.ask(|connection| {
            let select = "SELECT (unixepoch('now', 'localtime') - unixepoch('now')) / 60";
            connection.query_row(select, [], |row| row.get(0))
        })
    }

    fn ask<T: Default>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let Some(connection) = &self.connection else { return Ok(T::default()) };
        question(connection).map_err(|error| StoreError::of(&self.path, error))
    }
}

fn events(connection: &Connection, query: &EventQuery) -> rusqlite::Result<Vec<Event>> {
    let mut select = format!("SELECT {COLUMNS} FROM events WHERE 1");
    let mut values: Vec<Value> = Vec::new();
    match query.service.as_deref() {
        None => {}
        Some(SUPERVISOR | crate::control_plane::SUPERVISOR) => select.push_str(" AND service IS NULL"),
        Some(name) => {
            select.push_str(" AND service = ?");
            values.push(name.to_owned().into());
        }
    }
    if let Some(since) = query.since {
        select.push_str(" AND at >= ?");
        values.push(since.0.into());
    }
    // By the calendar; what happened in the same millisecond, as it was told.
    select.push_str(" ORDER BY at DESC, id DESC LIMIT ?");
    values.push(query.limit.map_or(-1, i64::from).into());
    let mut statement = connection.prepare(&select)?;
    let rows = statement.query_map(params_from_iter(values), Row::read)?;
    let mut events: Vec<Event> = rows.filter_map(Result::transpose).collect::<rusqlite::Result<_>>()?;
    events.reverse();
    Ok(events)
}

/// Alerts, newest first.
pub(super) fn alerts(connection: &Connection, history: bool, limit: u32) -> rusqlite::Result<Vec<Alert>> {
    let select = "SELECT id, rule, service, severity, message, since, until, acknowledged, about FROM alerts
                  WHERE ?1 OR until IS NULL ORDER BY id DESC LIMIT ?2";
    let mut statement = connection.prepare(select)?;
    let rows = statement.query_map(params![history, limit], |row| {
        Ok(Alert {
            id: u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0),
            rule: row.get(1)?,
            service: row.get(2)?,
            severity: severity_named(&row.get::<_, String>(3)?),
            message: row.get(4)?,
            since: Wall(row.get(5)?),
            until: row.get::<_, Option<i64>>(6)?.map(Wall),
            acknowledged: row.get::<_, Option<i64>>(7)?.map(Wall),
            about: row.get(8)?,
        })
    })?;
    rows.collect()
}

/// A column that counts.
fn count(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}
