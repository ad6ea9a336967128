//! Whether the store works: a word written and read at each check, and all of the file walked through in small steps.

use rusqlite::Connection;

use super::sqlite::SqliteStore;
use super::write::setting;

/// The tables, and by what rows are counted off in those that grow large.
const TABLES: [(&str, Option<&str>); 10] = [
    ("settings", None),
    ("events", Some("id")),
    ("samples", Some("id")),
    ("event_hours", None),
    ("sample_hours", None),
    ("gauges", None),
    ("usage", Some("number")),
    ("alerts", None),
    ("lived", None),
    ("versions", None),
];
/// Rows in one step: some 10 ms.
const STEP: i64 = 20_000;

/// How far the walk has come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Examined {
    table: usize,
    after: i64,
    rounds: u64,
}

/// What is wrong, if something is.
pub(super) fn check(store: &mut SqliteStore) -> Result<(), String> {
    if store.path().is_some_and(|path| !path.exists()) && store.connection.is_some() {
        tracing::error!("the history of the sidecars was removed while it was in use: a new one is begun");
        store.begin_anew();
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

/// One step further.
fn walk(connection: &Connection, examined: &mut Examined) -> rusqlite::Result<()> {
    let (table, rowid) = TABLES[examined.table % TABLES.len()];
    if let Some(id) = rowid {
        let last: Option<i64> =
            connection.query_row(&format!("SELECT max({id}) FROM {table}"), [], |row| row.get(0))?;
        let first: Option<i64> =
            connection.query_row(&format!("SELECT min({id}) FROM {table}"), [], |row| row.get(0))?;
        let from = examined.after.max(first.unwrap_or(0));
        let to = from.saturating_add(STEP);
        let mut select =
            connection.prepare(&format!("SELECT * FROM {table} WHERE {id} >= ?1 AND {id} < ?2"))?;
        let columns = select.column_count();
        let mut rows = select.query([from, to])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                row.get_ref(column)?;
            }
        }
        examined.after = to;
        if last.is_some_and(|last| to <= last) {
            return Ok(());
        }
    } else {
        let said: String =
            connection.query_row(&format!("PRAGMA quick_check('{table}')"), [], |row| row.get(0))?;
        if said != "ok" {
            return Err(damage(&said));
        }
    }
    *examined = Examined { table: (examined.table + 1) % TABLES.len(), after: 0, ..*examined };
    Ok(())
}

fn damage(what: &str) -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    rusqlite::Error::SqliteFailure(code, Some(what.to_owned()))
}
