//! Snapshots: the song as it was after a row, so that opening need not replay from the first.

use rusqlite::{Connection, params};

use super::checksum::Checksum;
use super::{SCHEMA, schema};
use crate::song::Session;

/// So many of the latest snapshots stay; the first (row 0, the new song) always does.
const KEPT: i64 = 4;

/// Writes the song as it is after row `seq`, and drops snapshots that later ones have made useless.
pub(super) fn write(connection: &mut Connection, seq: i64, session: &Session) -> rusqlite::Result<()> {
    let json = serde_json::to_string(session)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let checksum = checksum(seq, i64::from(SCHEMA), json.as_bytes());
    let transaction = connection.transaction()?;
    transaction.execute(
        "INSERT OR REPLACE INTO snapshots (seq, schema, session, checksum) VALUES (?1, ?2, ?3, ?4)",
        params![seq, SCHEMA, json, checksum],
    )?;
    transaction.execute(
        "DELETE FROM snapshots WHERE seq > 0 AND seq NOT IN (SELECT seq FROM snapshots ORDER BY seq DESC LIMIT ?1)",
        params![KEPT],
    )?;
    transaction.commit()
}

/// The newest snapshot that can be used.
pub(super) struct Newest {
    /// Its number and the song, if there is one.
    pub(super) usable: Option<(i64, Session)>,
    /// The numbers of later ones that cannot be used.
    pub(super) damaged: Vec<i64>,
}

/// Looks for the newest snapshot that can be used.
pub(super) fn newest(connection: &Connection) -> rusqlite::Result<Newest> {
    let mut damaged = Vec::new();
    let mut statement =
        connection.prepare("SELECT seq, schema, session, checksum FROM snapshots ORDER BY seq DESC")?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let seq = row.get(0)?;
        match read(row) {
            Some(session) => return Ok(Newest { usable: Some((seq, session)), damaged }),
            None => damaged.push(seq),
        }
    }
    Ok(Newest { usable: None, damaged })
}

fn read(row: &rusqlite::Row<'_>) -> Option<Session> {
    let (seq, schema): (i64, i64) = (row.get(0).ok()?, row.get(1).ok()?);
    let json = row.get_ref(2).ok()?.as_bytes().ok()?;
    if row.get::<_, i64>(3).ok()? != checksum(seq, schema, json) {
        return None;
    }
    let session = schema::read_session(schema, json)?;
    session.check().ok().map(|()| session)
}

fn checksum(seq: i64, schema: i64, json: &[u8]) -> i64 {
    Checksum::new().number(seq).number(schema).bytes(json).get()
}
