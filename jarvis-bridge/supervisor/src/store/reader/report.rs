//! The report: what the tables know of a time, put together by service.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::{count, samples};
use crate::clock::Wall;
use crate::intelligence::bars::{self, How, Lived};
use crate::intelligence::patterns::{self, History};
use crate::intelligence::{FeatureUse, Report, ServiceReport, histogram};

const HOUR_MS: i64 = 3_600_000;
/// Patterns are looked for in so much time: eight of each weekday.
const BACK_MS: i64 = 56 * 24 * HOUR_MS;
/// Latency may drift in a week.
const DRIFT_MS: i64 = 7 * 24 * HOUR_MS;
const MOST: u32 = 1000;

/// The time that is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) from: i64,
    pub(super) until: i64,
    pub(super) parts: usize,
}

impl Window {
    /// Which part a time within it lies in.
    pub(super) fn part(&self, at: i64) -> usize {
        let share = (at - self.from) as f64 / (self.until - self.from).max(1) as f64;
        ((share * self.parts as f64) as usize).min(self.parts - 1)
    }
}

pub(super) fn report(
    connection: &Connection,
    now: Wall,
    hours: u32,
    parts: u32,
    offset_min: i32,
) -> rusqlite::Result<Report> {
    let hours = i64::from(hours.max(1));
    let window = Window { from: now.0 - hours * HOUR_MS, until: now.0, parts: parts.clamp(1, MOST) as usize };
    // All of it as of one moment, though an owner writes.
    let moment = connection.unchecked_transaction()?;
    let back = window.from.min(now.0 - BACK_MS);
    let lived = lived(&moment, back, now.0)?;
    let mut services: BTreeMap<String, ServiceReport> = BTreeMap::new();
    for (name, lived) in &lived {
        let bars = bars::bars(lived, window.from, window.until, window.parts);
        if bars.iter().any(|bar| bar.healthy_ms + bar.unwell_ms + bar.down_ms > 0) {
            services.entry(name.clone()).or_default().bars = bars;
        }
    }
    samples::read(&moment, &window, &mut services)?;
    for (name, restarts) in restarts(&moment, &window)? {
        services.entry(name).or_default().restarts = restarts;
    }
    for (name, report) in &mut services {
        name.clone_into(&mut report.name);
        if report.bars.is_empty() {
            report.bars = bars::bars(&[], window.from, window.until, window.parts);
        }
        report.p95_bars.resize(window.parts, None);
        report.uptime = bars::uptime(&report.bars);
        report.budget_left = bars::budget_left(&report.bars);
    }
    let patterns = found(&moment, &lived, now.0, offset_min)?;
    let usage = usage(&moment, &window)?;
    Ok(Report { services: services.into_values().collect(), usage, patterns })
}

/// How each service was, oldest first, without overlap: where the calendar was set back, the later word counts.
fn lived(connection: &Connection, from: i64, until: i64) -> rusqlite::Result<BTreeMap<String, Vec<Lived>>> {
    let select = "SELECT service, since, until, state FROM lived WHERE until > ?1 ORDER BY id";
    let mut statement = connection.prepare(select)?;
    let mut rows = statement.query([from])?;
    let mut all: BTreeMap<String, Vec<Lived>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let span = Lived {
            since: row.get::<_, i64>(1)?.max(from),
            until: row.get::<_, i64>(2)?.min(until),
            how: How::of(row.get_ref(3)?.as_str()?),
        };
        let name = row.get_ref(0)?.as_str()?;
        match all.get_mut(name) {
            Some(spans) => spans.push(span),
            None => _ = all.insert(name.to_owned(), vec![span]),
        }
    }
    all.values_mut().for_each(bars::part);
    Ok(all)
}

fn restarts(connection: &Connection, window: &Window) -> rusqlite::Result<Vec<(String, u64)>> {
    let select = "SELECT service, count(*) FROM events INDEXED BY restarts
                  WHERE kind = 'restarted' AND service IS NOT NULL AND at >= ?1 AND at < ?2 GROUP BY service";
    let mut statement = connection.prepare(select)?;
    let rows = statement.query_map([window.from, window.until], |row| Ok((row.get(0)?, count(row, 1)?)))?;
    let mut counted: BTreeMap<String, u64> = rows.collect::<rusqlite::Result<_>>()?;
    // What is older than all events that are left was counted by the hour.
    let first: Option<i64> = connection.query_row("SELECT min(at) FROM events", [], |row| row.get(0))?;
    let before = first.map_or(i64::MAX, |first| first.div_euclid(HOUR_MS));
    let select = "SELECT service, sum(events) FROM event_hours
                  WHERE kind = 'restarted' AND service <> '' AND hour >= ?1 AND hour < ?2 GROUP BY service";
    let mut statement = connection.prepare(select)?;
    let until = before.min(window.until.div_euclid(HOUR_MS) + 1);
    let rows = statement.query_map([window.from.div_euclid(HOUR_MS), until], |row| {
        Ok((row.get::<_, String>(0)?, count(row, 1)?))
    })?;
    for row in rows {
        let (service, restarts) = row?;
        *counted.entry(service).or_default() += restarts;
    }
    Ok(counted.into_iter().collect())
}

fn usage(connection: &Connection, window: &Window) -> rusqlite::Result<Vec<FeatureUse>> {
    let select = "SELECT what, count(*), max(at) FROM usage WHERE at >= ?1 AND at <= ?2
                  GROUP BY what ORDER BY 2 DESC, 1";
    let mut statement = connection.prepare(select)?;
    let rows = statement.query_map([window.from, window.until], |row| {
        Ok(FeatureUse { what: row.get(0)?, times: count(row, 1)?, last: Wall(row.get(2)?) })
    })?;
    rows.collect()
}

fn found(
    connection: &Connection,
    lived: &BTreeMap<String, Vec<Lived>>,
    now: i64,
    offset_min: i32,
) -> rusqlite::Result<Vec<patterns::Pattern>> {
    let from = now - BACK_MS;
    let medians = medians(connection, now)?;
    let mut all = Vec::new();
    for (service, lived) in lived {
        let failures = times(
            connection,
            "SELECT at FROM events WHERE failure = 1 AND service = ?1 AND at >= ?2 AND at < ?3 ORDER BY at",
            params![service, from, now],
        )?;
        let mut select = connection
            .prepare("SELECT at, version FROM versions WHERE service = ?1 AND at < ?2 ORDER BY id")?;
        let rows = select.query_map(params![service, now], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let versions: Vec<(i64, String)> = rows.collect::<rusqlite::Result<_>>()?;
        all.extend(patterns::find(&History {
            service,
            failures: &failures,
            lived,
            versions: &versions,
            medians: medians.get(service).map_or(&[], Vec::as_slice),
            from,
            until: now,
            offset: i64::from(offset_min) * 60_000,
        }));
    }
    Ok(all)
}

fn times(connection: &Connection, select: &str, values: impl rusqlite::Params) -> rusqlite::Result<Vec<i64>> {
    let mut statement = connection.prepare(select)?;
    let rows = statement.query_map(values, |row| row.get(0))?;
    rows.collect()
}

/// The median of the supervisor's own questions in each hour of the last week: those are always the same question.
fn medians(connection: &Connection, now: i64) -> rusqlite::Result<BTreeMap<String, Vec<(i64, f64)>>> {
    let select = "SELECT service, hour, bucket, samples FROM sample_hours
                  WHERE hour >= ?1 AND hour <= ?2 AND routed = 0 AND bucket >= 0 ORDER BY service, hour, bucket";
    let mut statement = connection.prepare(select)?;
    let from = (now - DRIFT_MS).div_euclid(HOUR_MS);
    let mut rows = statement.query([from, now.div_euclid(HOUR_MS)])?;
    let mut hours: BTreeMap<String, BTreeMap<i64, Vec<(i64, u64)>>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let hours = hours.entry(row.get(0)?).or_default();
        hours.entry(row.get(1)?).or_default().push((row.get(2)?, count(row, 3)?));
    }
    let median =
        |(hour, buckets): (i64, Vec<(i64, u64)>)| Some((hour * HOUR_MS, histogram::quantile(buckets, 0.5)?));
    let series = |hours: BTreeMap<_, _>| hours.into_iter().filter_map(median).collect();
    Ok(hours.into_iter().map(|(name, hours)| (name, series(hours))).collect())
}
