//! The journal: rows that are only ever added.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row as SqlRow, params};

use super::checksum::Checksum;
use super::schema::read_edits;
use crate::edit::Edit;
use crate::history::{Action, Outline, Row};

/// Why a row cannot be used.
pub(super) type Damage = String;

/// What a row says of itself, in the form in which it is stored.
struct Columns<'a> {
    seq: i64,
    at_ms: i64,
    author: &'a [u8],
    label: &'a [u8],
    action: &'a [u8],
    target: Option<i64>,
    undoable: i64,
    schema: i64,
    edits: &'a [u8],
    inverses: &'a [u8],
}

impl Columns<'_> {
    fn checksum(&self) -> i64 {
        Checksum::new()
            .number(self.seq)
            .number(self.at_ms)
            .bytes(self.author)
            .bytes(self.label)
            .bytes(self.action)
            .number(self.target.unwrap_or(-1))
            .number(self.undoable)
            .number(self.schema)
            .bytes(self.edits)
            .bytes(self.inverses)
            .get()
    }
}

/// Adds a row. Part of the caller's SQL transaction.
pub(super) fn insert(connection: &Connection, row: &Row) -> rusqlite::Result<()> {
    let to_json = |edits: &[Edit]| {
        serde_json::to_string(edits).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    };
    let (edits, inverses) = (to_json(&row.edits)?, to_json(&row.inverses)?);
    let (action, target) = action_columns(row.action);
    let columns = Columns {
        seq: row.seq,
        at_ms: row.at_ms,
        author: row.author.as_bytes(),
        label: row.label.as_bytes(),
        action: action.as_bytes(),
        target,
        undoable: i64::from(row.is_undoable()),
        schema: i64::from(row.schema),
        edits: edits.as_bytes(),
        inverses: inverses.as_bytes(),
    };
    let values = params![
        columns.seq,
        columns.at_ms,
        row.author,
        row.label,
        action,
        target,
        columns.undoable,
        columns.schema,
        edits,
        inverses,
        columns.checksum()
    ];
    connection
        .execute("INSERT INTO journal VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", values)
        .map(drop)
}

const fn action_columns(action: Action) -> (&'static str, Option<i64>) {
    match action {
        Action::Do => ("do", None),
        Action::Undo(target) => ("undo", Some(target)),
        Action::Redo(target) => ("redo", Some(target)),
    }
}

/// All columns, in the order in which the functions here read them.
pub(super) const COLUMNS: &str =
    "seq, at_ms, author, label, action, target, undoable, schema, edits, inverses, checksum";

/// Reads a row in outline, if it is whole. Reads bytes, not text, so that damaged text is found by its checksum
/// and not by an error half way.
pub(super) fn outline(row: &SqlRow<'_>) -> Result<Outline, Damage> {
    let columns = columns(row)?;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string());
    Ok(Outline {
        seq: columns.seq,
        at_ms: columns.at_ms,
        author: text(columns.author)?,
        label: text(columns.label)?,
        action: action(&columns)?,
        undoable: columns.undoable != 0,
    })
}

/// Reads a row whole.
pub(super) fn whole(row: &SqlRow<'_>) -> Result<Row, Damage> {
    let outline = outline(row)?;
    let columns = columns_unchecked(row)?;
    let schema = u32::try_from(columns.schema).map_err(|error| error.to_string())?;
    Ok(Row {
        seq: outline.seq,
        author: outline.author,
        label: outline.label,
        action: outline.action,
        edits: read_edits(schema, columns.edits)?.into(),
        inverses: read_edits(schema, columns.inverses)?.into(),
        schema: super::SCHEMA,
        at_ms: outline.at_ms,
    })
}

fn action(columns: &Columns<'_>) -> Result<Action, Damage> {
    match (columns.action, columns.target) {
        (b"do", None) => Ok(Action::Do),
        (b"undo", Some(target)) => Ok(Action::Undo(target)),
        (b"redo", Some(target)) => Ok(Action::Redo(target)),
        _ => Err("its action is not known".to_owned()),
    }
}

fn columns<'a>(row: &'a SqlRow<'_>) -> Result<Columns<'a>, Damage> {
    let columns = columns_unchecked(row)?;
    let checksum = number(row, 10)?;
    if columns.checksum() == checksum { Ok(columns) } else { Err("its checksum does not match".to_owned()) }
}

fn columns_unchecked<'a>(row: &'a SqlRow<'_>) -> Result<Columns<'a>, Damage> {
    Ok(Columns {
        seq: number(row, 0)?,
        at_ms: number(row, 1)?,
        author: bytes(row, 2)?,
        label: bytes(row, 3)?,
        action: bytes(row, 4)?,
        target: match value(row, 5)? {
            ValueRef::Null => None,
            _ => Some(number(row, 5)?),
        },
        undoable: number(row, 6)?,
        schema: number(row, 7)?,
        edits: bytes(row, 8)?,
        inverses: bytes(row, 9)?,
    })
}

fn value<'a>(row: &'a SqlRow<'_>, column: usize) -> Result<ValueRef<'a>, Damage> {
    row.get_ref(column).map_err(|error| error.to_string())
}

fn number(row: &SqlRow<'_>, column: usize) -> Result<i64, Damage> {
    value(row, column)?.as_i64().map_err(|error| error.to_string())
}

fn bytes<'a>(row: &'a SqlRow<'_>, column: usize) -> Result<&'a [u8], Damage> {
    value(row, column)?.as_bytes().map_err(|error| error.to_string())
}
