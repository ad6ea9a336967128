//! Whether the store works: a word written and read at each check, and all of the file walked through in small steps.

use rusqlite::Connection;

use super::sqlite::SqliteStore;
use super::write::setting;
use crate::file_id;

/// The tables, and by what number their rows are counted off; one without is small.
const TABLES: [(&str, Option<&str>); 10] = [
    ("settings", None),
    ("events", Some("id")),
    ("samples", Some("id")),
    ("event_hours", Some("hour")),
    ("sample_hours", Some("hour")),
    ("gauges", Some("minute")),
    ("usage", Some("number")),
    ("alerts", Some("id")),
    ("lived", Some("id")),
    ("versions", Some("id")),
];
/// Rows in one step: some 10 ms. An hour, or a minute, never has as many.
const STEP: i64 = 20_000;

/// How far the walk has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Examined {
    table: usize,
    /// From this number on.
    after: i64,
    rounds: u64,
}

impl Default for Examined {
    fn default() -> Self {
        Self { table: 0, after: i64::MIN, rounds: 0 }
    }
}

/// What is wrong, if something is.
pub(super) fn check(store: &mut SqliteStore) -> Result<(), String> {
    let lost = store.path().and_then(|path| file_id::moved(path, store.file));
    if let (Some(how), Some(_)) = (lost, &store.connection) {
        store.is_lost(how);
    }
    if let Some((_, why)) = &store.trouble {
        let (events, lost) = (store.waiting.events.len(), store.waiting.lost);
        return Err(format!(
            "what happens cannot be kept ({why}); {events} events wait in memory, {lost} had to go"
        ));
    }
    let mut examined = store.examined;
    let Some(connection) = &store.connection else { return Err("the history is not open yet".to_owned()) };
    let tried = word(connection, &mut examined).and_then(|()| walk(connection, &mut examined));
    store.examined = examined;
    match tried {
        Ok(()) => store.tells().map_or(Ok(()), Err),
        Err(error) => {
            let why = error.to_string();
            store.failed(&error);
            Err(store.tells().unwrap_or(why))
        }
    }
}

/// Written and read.
fn word(connection: &Connection, examined: &mut Examined) -> rusqlite::Result<()> {
    examined.rounds += 1;
    let word = examined.rounds.to_string();
    setting(connection, "checked", &word)?;
    let select = "SELECT value FROM settings WHERE name = 'checked'";
    let read: String = connection.query_row(select, [], |row| row.get(0))?;
    if read == word { Ok(()) } else { Err(damage("what is written is not what is read")) }
}

/// One step further: every value of the next rows is read, so that each page they lie on is.
fn walk(connection: &Connection, examined: &mut Examined) -> rusqlite::Result<()> {
    let (table, key) = TABLES[examined.table % TABLES.len()];
    let select = match key {
        Some(key) => format!("SELECT {key}, * FROM {table} WHERE {key} >= ?1 ORDER BY {key} LIMIT ?2"),
        None => format!("SELECT 0, * FROM {table} WHERE ?1 = ?1 LIMIT ?2"),
    };
    let mut select = connection.prepare(&select)?;
    let columns = select.column_count();
    let mut rows = select.query([examined.after, STEP])?;
    let (mut seen, mut last) = (0, examined.after);
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            row.get_ref(column)?;
        }
        (seen, last) = (seen + 1, row.get(0)?);
    }
    if seen == STEP {
        // What shares its number with the last row may have been cut off, and is read once more.
        examined.after = if last > examined.after { last } else { last.saturating_add(1) };
    } else {
        *examined = Examined { table: (examined.table + 1) % TABLES.len(), after: i64::MIN, ..*examined };
    }
    Ok(())
}

fn damage(what: &str) -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    rusqlite::Error::SqliteFailure(code, Some(what.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_reads_a_bounded_number_of_rows_of_whichever_table_and_all_are_read() {
        // Seen red: with all of a table in one step.
        let mut connection = Connection::open_in_memory().unwrap();
        super::super::schema::prepare(&mut connection).unwrap();
        let many = 3 * STEP + 7;
        let fill = |insert: &str| connection.execute(insert, [many]).unwrap();
        let numbers = "WITH RECURSIVE n(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n WHERE x + 1 < ?1)";
        fill(&format!("{numbers} INSERT INTO sample_hours SELECT x / 50, 'coach', 0, x % 50, 1 FROM n"));
        fill(&format!("{numbers} INSERT INTO gauges SELECT x / 30, x % 30, 'x', 1, 1, 1, 1, 1 FROM n"));
        fill(&format!("{numbers} INSERT INTO lived SELECT x * 3, 'coach', x, x, 'healthy' FROM n"));
        let mut examined = Examined::default();
        let mut steps = std::collections::BTreeMap::<usize, usize>::new();
        loop {
            *steps.entry(examined.table).or_default() += 1;
            walk(&connection, &mut examined).unwrap();
            if examined.table == 0 {
                break;
            }
        }
        for (at, (table, _)) in TABLES.iter().enumerate() {
            let large = ["sample_hours", "gauges", "lived"].contains(table);
            assert_eq!(steps[&at], if large { 4 } else { 1 }, "{table}");
        }
    }
}
