//! How long what is kept, and the throwing away, a little at a time: no turn takes long, and the file stays below 500 MB.
//!
//! Start at [`tidy`]. Times are reasons, numbers of rows are the bound: whichever comes first.

use rusqlite::{Connection, params};

use crate::clock::Wall;

const DAY: i64 = 86_400_000;

/// What is kept of one table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    table: &'static str,
    /// Its column of time, and how many milliseconds one is.
    time: &'static str,
    unit: i64,
    /// Rowids rise with time and can be counted off; without, rows go by age alone.
    rowid: Option<&'static str>,
    /// Milliseconds.
    pub(super) age: i64,
    pub(super) rows: i64,
    /// What must stay though it is old.
    unless: &'static str,
}

/// What is kept of everything.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    pub(super) tables: Vec<Kept>,
    /// Of pages in use. Beyond it events and samples go, oldest first, however young.
    pub(super) bytes: i64,
    /// The most rows that go in one step from one table, if no more than that came.
    pub(super) step: i64,
}

impl Default for Limits {
    fn default() -> Self {
        let kept = |table, time, rowid, days: i64, rows| Kept {
            table,
            time,
            unit: 1,
            rowid: Some(rowid),
            age: days * DAY,
            rows,
            unless: "0",
        };
        let hours = |table, days: i64| Kept {
            table,
            time: "hour",
            unit: 3_600_000,
            rowid: None,
            age: days * DAY,
            rows: i64::MAX,
            unless: "0",
        };
        Self {
            tables: vec![
                // A season: weekdays show in eight weeks. 1.2 million rows are some 250 MB; four services in a bad year are fewer.
                kept("events", "at", "id", 90, 1_200_000),
                // What the panel draws finely (24 h), and the day before. Hours in histograms serve what is older.
                kept("samples", "at", "id", 2, 500_000),
                // Whoever compares with last year, and a month more.
                hours("event_hours", 400),
                hours("sample_hours", 400),
                kept("lived", "until", "id", 400, 200_000),
                kept("usage", "at", "number", 400, 300_000),
                kept("versions", "at", "id", 400, 10_000),
                // Counted from when they were over: one that was open for a year is told for a while longer.
                Kept { unless: "until IS NULL", ..kept("alerts", "until", "id", 400, 20_000) },
                // A week of minutes: to see what happened to the sound on Monday.
                Kept {
                    table: "gauges",
                    time: "minute",
                    unit: 60_000,
                    rowid: None,
                    age: 7 * DAY,
                    rows: i64::MAX,
                    unless: "0",
                },
            ],
            bytes: 440_000_000,
            step: 2000,
        }
    }
}

/// Throws away one step of what is too old or too much; `written` rows came since the last step. True if there is more.
pub(super) fn tidy(
    connection: &mut Connection,
    limits: &Limits,
    now: Wall,
    written: i64,
) -> rusqlite::Result<bool> {
    // Twice what came, or a storm would win.
    let step = limits.step.max(written.saturating_mul(2));
    let full = used(connection)? > limits.bytes;
    let change = connection.transaction()?;
    let mut more = false;
    for kept in &limits.tables {
        let gone = old(&change, kept, now, step)? + many(&change, kept, step)?;
        let squeezed = full && matches!(kept.table, "events" | "samples") && gone == 0;
        more |= gone >= step || (squeezed && first(&change, kept, step)? > 0);
    }
    change.commit()?;
    Ok(shrink(connection)? || more)
}

/// What is too old.
fn old(connection: &Connection, kept: &Kept, now: Wall, step: i64) -> rusqlite::Result<i64> {
    let Kept { table, time, unless, .. } = kept;
    let before = (now.0 - kept.age).div_euclid(kept.unit);
    let gone = match kept.rowid {
        Some(id) => {
            let delete = format!(
                "DELETE FROM {table} WHERE {id} IN
                 (SELECT {id} FROM {table} WHERE {time} < ?1 AND NOT ({unless}) ORDER BY {time} LIMIT ?2)"
            );
            connection.prepare(&delete)?.execute(params![before, step])?
        }
        // Few rows an hour: a whole unit of the oldest at a time.
        None => {
            let delete = format!(
                "DELETE FROM {table} WHERE {time} < ?1 AND {time} <= (SELECT min({time}) + 24 FROM {table})"
            );
            connection.prepare(&delete)?.execute([before])?
        }
    };
    Ok(i64::try_from(gone).unwrap_or(i64::MAX))
}

/// What is more than there may be.
fn many(connection: &Connection, kept: &Kept, step: i64) -> rusqlite::Result<i64> {
    let Some(id) = kept.rowid else { return Ok(0) };
    let Kept { table, unless, .. } = kept;
    // Ids of alerts have gaps, and there are few of them: they are counted one by one.
    let last = match *table {
        "alerts" => "SELECT {id} FROM {table} ORDER BY {id} DESC LIMIT 1 OFFSET ?1",
        _ => "SELECT max({id}) - ?1 FROM {table}",
    };
    let last = last.replace("{id}", id).replace("{table}", table);
    // So many that may go, not so many numbers: an old one that must stay would hold up all that come after it.
    let delete = format!(
        "DELETE FROM {table} WHERE {id} IN
         (SELECT {id} FROM {table} WHERE {id} <= ({last}) AND NOT ({unless}) ORDER BY {id} LIMIT ?2)"
    );
    let gone = connection.prepare(&delete)?.execute([kept.rows, step])?;
    Ok(i64::try_from(gone).unwrap_or(i64::MAX))
}

/// The oldest, since the file is too large.
fn first(connection: &Connection, kept: &Kept, step: i64) -> rusqlite::Result<usize> {
    let (Kept { table, .. }, Some(id)) = (kept, kept.rowid) else { return Ok(0) };
    let delete = format!("DELETE FROM {table} WHERE {id} < (SELECT min({id}) + ?1 FROM {table})");
    connection.prepare(&delete)?.execute([step])
}

/// The bytes of pages in use.
pub(super) fn used(connection: &Connection) -> rusqlite::Result<i64> {
    let ask = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    Ok((ask("page_count")? - ask("freelist_count")?) * ask("page_size")?)
}

/// Gives some free pages back to the disk, if they are many. True if there are more.
fn shrink(connection: &Connection) -> rusqlite::Result<bool> {
    /// 4 MB are kept for what comes next; 1 MB is given back in one step.
    const SPARE: i64 = 1024;
    const PAGES: i64 = 256;
    let free: i64 = connection.pragma_query_value(None, "freelist_count", |row| row.get(0))?;
    let mode: i64 = connection.pragma_query_value(None, "auto_vacuum", |row| row.get(0))?;
    // 2: INCREMENTAL. A file of the first schema cannot shrink; its free pages are used again.
    if mode != 2 || free <= SPARE {
        return Ok(false);
    }
    let mut vacuum = connection.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
    let mut rows = vacuum.query([])?;
    while rows.next()?.is_some() {}
    Ok(free - PAGES > SPARE)
}

#[cfg(test)]
impl Kept {
    /// A roll-up, which outlives what it was made of.
    pub(super) fn is_rolled(&self) -> bool {
        self.time == "hour"
    }
}
