//! Latency, traffic and errors: from single samples while they are there, else from the roll-up of hours.
//!
//! Start at [`read`].

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::count;
use super::report::Window;
use crate::intelligence::{ServiceReport, exact, histogram};
use crate::store::AIM;

const HOUR_MS: i64 = 3_600_000;

/// What was measured of one service.
#[derive(Debug, Default)]
struct Measured {
    asked: u64,
    routed: u64,
    errors: u64,
    /// Microseconds of good answers, by part.
    took: BTreeMap<usize, Vec<i64>>,
    /// Good answers by bucket, by part; and of all the time.
    buckets: BTreeMap<usize, BTreeMap<i64, u64>>,
    all: BTreeMap<i64, u64>,
}

/// Fills in the fields of the reports.
pub(super) fn read(
    connection: &Connection,
    window: &Window,
    services: &mut BTreeMap<String, ServiceReport>,
) -> rusqlite::Result<()> {
    let exact_from = exact_from(connection, window)?;
    let aim = aim(connection)?;
    let mut measured: BTreeMap<String, Measured> = BTreeMap::new();
    single(connection, window, exact_from.unwrap_or(window.from), exact_from.is_some(), &mut measured)?;
    if let Some(from) = exact_from {
        rolled(connection, window, from, &mut measured)?;
    }
    for (name, measured) in measured {
        let report = services.entry(name).or_default();
        fill(report, window, measured, exact_from.is_none(), aim);
    }
    Ok(())
}

/// From when on single samples are there, if not from the window's begin.
fn exact_from(connection: &Connection, window: &Window) -> rusqlite::Result<Option<i64>> {
    let first: Option<i64> = connection.query_row("SELECT min(at) FROM samples", [], |row| row.get(0))?;
    let select = "SELECT min(hour) FROM sample_hours WHERE hour >= ?1 AND hour <= ?2";
    let hours = [window.from.div_euclid(HOUR_MS), window.until.div_euclid(HOUR_MS)];
    let hour: Option<i64> = connection.query_row(select, hours, |row| row.get(0))?;
    Ok(match (hour, first) {
        (None, _) => None,
        (Some(_), None) => Some(window.until),
        // The first sample that is left lies in a later hour than the first that was counted.
        (Some(hour), Some(first)) => {
            (first.div_euclid(HOUR_MS) > hour && first > window.from).then_some(first)
        }
    })
}

fn single(
    connection: &Connection,
    window: &Window,
    from: i64,
    only_parts: bool,
    measured: &mut BTreeMap<String, Measured>,
) -> rusqlite::Result<()> {
    let select = "SELECT service, at, routed, took, ok FROM samples WHERE at >= ?1 AND at < ?2";
    let mut statement = connection.prepare(select)?;
    let mut rows = statement.query(params![from, window.until])?;
    while let Some(row) = rows.next()? {
        let name = row.get_ref(0)?.as_str()?;
        if !measured.contains_key(name) {
            measured.insert(name.to_owned(), Measured::default());
        }
        let Some(one) = measured.get_mut(name) else { continue };
        let ok: bool = row.get(4)?;
        if !only_parts {
            one.asked += 1;
            one.routed += count(row, 2)?;
            one.errors += u64::from(!ok);
        }
        if ok {
            one.took.entry(window.part(row.get(1)?)).or_default().push(row.get(3)?);
        }
    }
    Ok(())
}

fn rolled(
    connection: &Connection,
    window: &Window,
    exact_from: i64,
    measured: &mut BTreeMap<String, Measured>,
) -> rusqlite::Result<()> {
    let select =
        "SELECT hour, service, routed, bucket, samples FROM sample_hours WHERE hour >= ?1 AND hour <= ?2";
    let mut statement = connection.prepare(select)?;
    let mut rows = statement.query([window.from.div_euclid(HOUR_MS), window.until.div_euclid(HOUR_MS)])?;
    while let Some(row) = rows.next()? {
        let begin = row.get::<_, i64>(0)? * HOUR_MS;
        let (routed, bucket, samples): (bool, i64, u64) = (row.get(2)?, row.get(3)?, count(row, 4)?);
        let one = measured.entry(row.get(1)?).or_default();
        one.asked += samples;
        one.routed += if routed { samples } else { 0 };
        if bucket == histogram::NO_ANSWER {
            one.errors += samples;
            continue;
        }
        *one.all.entry(bucket).or_default() += samples;
        if begin < exact_from {
            let part = window.part(begin.max(window.from));
            *one.buckets.entry(part).or_default().entry(bucket).or_default() += samples;
        }
    }
    Ok(())
}

/// What the owner aims at, in microseconds.
fn aim(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    let select = "SELECT value FROM settings WHERE name = ?1";
    let told: Option<String> = connection.query_row(select, [AIM], |row| row.get(0)).optional()?;
    Ok(told.and_then(|micros| micros.parse().ok()))
}

/// What is left of the share of questions that may be answered late. One without a good answer was not answered in time.
fn budget_left(asked: u64, late: u64) -> Option<f64> {
    const MAY_BE_LATE: f64 = 0.05;
    (asked > 0).then(|| 1.0 - late as f64 / asked as f64 / MAY_BE_LATE)
}

fn fill(report: &mut ServiceReport, window: &Window, measured: Measured, is_exact: bool, aim: Option<i64>) {
    let Measured { asked, routed, errors, mut took, buckets, all } = measured;
    (report.asked, report.routed, report.errors) = (asked, routed, errors);
    report.p95_bars = (0..window.parts)
        .map(|part| match (buckets.get(&part), took.get_mut(&part)) {
            // A part that was cut in two is read off the buckets alone.
            (Some(buckets), _) => read_off(buckets, 0.95),
            (None, Some(took)) => exact(took, 0.95),
            (None, None) => None,
        })
        .collect();
    let mut together: Vec<i64> = took.into_values().flatten().collect();
    if let Some(aim) = aim {
        let late = if is_exact {
            together.iter().filter(|micros| **micros >= aim).count() as u64
        } else {
            all.range(histogram::bucket(aim)..).map(|(_, count)| count).sum()
        };
        report.p95_aim_ms = Some(aim as f64 / 1_000.0);
        report.p95_budget_left = budget_left(asked, late + errors);
    }
    let mut at = |share| if is_exact { exact(&mut together, share) } else { read_off(&all, share) };
    (report.p50_ms, report.p95_ms, report.p99_ms) = (at(0.5), at(0.95), at(0.99));
}

fn read_off(buckets: &BTreeMap<i64, u64>, share: f64) -> Option<f64> {
    histogram::quantile(buckets.iter().map(|(bucket, count)| (*bucket, *count)), share)
}
