//! One transaction: all that waits, with the roll-ups it belongs to.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::schema::{INSERT, insert};
use super::waiting::Waiting;
use super::{Kept, row};
use crate::alert::Alert;
use crate::clock::Wall;
use crate::intelligence::histogram;
use crate::latency::Kind;
use crate::usage::Usage;

const HOUR_MS: i64 = 3_600_000;

/// Writes what waits; all of it, or nothing. Minutes of gauges that go on at `now` are left; with none, nothing is.
pub(super) fn write(
    connection: &mut Connection,
    waiting: &Waiting,
    now: Option<Wall>,
) -> rusqlite::Result<()> {
    // At once: who begins by reading and then writes is refused when another has written between.
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !waiting.events.is_empty() {
        events(&change, waiting)?;
    }
    if !waiting.samples.is_empty() {
        samples(&change, waiting)?;
    }
    if !waiting.spans.is_empty() {
        spans(&change, waiting)?;
    }
    gauges(&change, waiting, now)?;
    for alert in waiting.alerts.values() {
        self::alert(&change, alert)?;
    }
    for (name, value) in &waiting.settings {
        setting(&change, name, value)?;
    }
    for (at, service, text) in &waiting.versions {
        let insert = "INSERT INTO versions (at, service, version) VALUES (?1, ?2, ?3)";
        change.execute(insert, params![at.0, service, text])?;
    }
    change.commit()
}

fn events(change: &Transaction<'_>, waiting: &Waiting) -> rusqlite::Result<()> {
    let mut hours: BTreeMap<(i64, &str, &str), (i64, i64)> = BTreeMap::new();
    let mut new = change.prepare(INSERT)?;
    for row in &waiting.events {
        insert(&mut new, row)?;
        let key = (row.at.div_euclid(HOUR_MS), row.service.as_deref().unwrap_or(""), row.kind.as_str());
        let counts = hours.entry(key).or_default();
        counts.0 += 1;
        counts.1 += i64::from(row.failure);
    }
    let mut add = change.prepare(
        "INSERT INTO event_hours VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (hour, service, kind)
         DO UPDATE SET events = events + ?4, failures = failures + ?5",
    )?;
    for ((hour, service, kind), (events, failures)) in hours {
        add.execute(params![hour, service, kind, events, failures])?;
    }
    Ok(())
}

fn samples(change: &Transaction<'_>, waiting: &Waiting) -> rusqlite::Result<()> {
    let mut raw =
        change.prepare("INSERT INTO samples (at, service, routed, took, ok) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let mut hours: BTreeMap<(i64, &str, bool, i64), i64> = BTreeMap::new();
    for (at, service, sample) in &waiting.samples {
        let routed = sample.kind == Kind::Routed;
        let took = i64::try_from(sample.took.as_micros()).unwrap_or(i64::MAX);
        raw.execute(params![at.0, service, routed, took, sample.ok])?;
        let bucket = if sample.ok { histogram::bucket(took) } else { histogram::NO_ANSWER };
        *hours.entry((at.0.div_euclid(HOUR_MS), service, routed, bucket)).or_default() += 1;
    }
    let mut add = change.prepare(
        "INSERT INTO sample_hours VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (hour, service, routed, bucket)
         DO UPDATE SET samples = samples + ?5",
    )?;
    for ((hour, service, routed, bucket), samples) in hours {
        add.execute(params![hour, service, routed, bucket, samples])?;
    }
    Ok(())
}

fn spans(change: &Transaction<'_>, waiting: &Waiting) -> rusqlite::Result<()> {
    let mut span = change.prepare(
        "INSERT INTO lived (service, since, until, state) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (service, since)
         DO UPDATE SET until = max(until, ?3), state = ?4",
    )?;
    for one in waiting.spans.values() {
        span.execute(params![one.service, one.since, one.until, one.state.to_string()])?;
    }
    Ok(())
}

fn gauges(change: &Transaction<'_>, waiting: &Waiting, now: Option<Wall>) -> rusqlite::Result<()> {
    let minutes = waiting.minutes(now);
    if minutes.is_empty() {
        return Ok(());
    }
    let mut minute = change.prepare(
        "INSERT INTO gauges VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (minute, name)
         DO UPDATE SET least = min(least, ?4), most = max(most, ?5), last = ?6",
    )?;
    for key in minutes {
        let Some(one) = waiting.gauges.get(&key) else { continue };
        minute.execute(params![key.0, key.1, one.unit, one.least, one.most, one.last, one.warn, one.fail])?;
    }
    Ok(())
}

fn alert(change: &Connection, alert: &Alert) -> rusqlite::Result<()> {
    let mut statement = change.prepare(
        "INSERT INTO alerts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO UPDATE SET rule = ?2,
         service = ?3, severity = ?4, message = ?5, since = ?6, until = ?7, acknowledged = ?8, about = ?9",
    )?;
    let id = i64::try_from(alert.id).unwrap_or(i64::MAX);
    let (until, seen) = (alert.until.map(|at| at.0), alert.acknowledged.map(|at| at.0));
    let severity = row::name(alert.severity);
    statement.execute(params![
        id,
        alert.rule,
        alert.service,
        severity,
        alert.message,
        alert.since.0,
        until,
        seen,
        alert.about
    ])?;
    Ok(())
}

/// Remembers one value.
pub(super) fn setting(connection: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    let upsert = "INSERT INTO settings VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
    connection.prepare(upsert)?.execute([name, value]).map(drop)
}

/// Those that were not known, and the ids of all.
pub(super) fn usage(connection: &mut Connection, used: &[Usage]) -> rusqlite::Result<Kept> {
    let mut kept = Kept::default();
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut insert =
            change.prepare("INSERT OR IGNORE INTO usage (id, at, what, detail) VALUES (?1, ?2, ?3, ?4)")?;
        for one in used {
            let new = insert.execute(params![one.id, one.at.0, one.what, one.detail])? > 0;
            kept.ids.push(one.id.clone());
            if new {
                kept.new.push(one.clone());
            }
        }
    }
    change.commit()?;
    Ok(kept)
}

/// Does `work`; if it must be `sure`, it is on the disk when that returns, whatever happens to the machine.
pub(super) fn synced<T>(
    connection: &mut Connection,
    sure: bool,
    work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    if !sure {
        return work(connection);
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    let done = work(connection);
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    done
}
