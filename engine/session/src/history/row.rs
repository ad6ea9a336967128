//! What is journalled.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::edit::{Edit, Undo};

/// Edits that belong together: one step of undo. Applied whole or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Transaction {
    /// Who: `person`, `command line`, the name of a sidecar.
    pub author: String,
    /// What it does, for the Undo menu: "Move clip".
    pub label: String,
    /// The Edits, in order.
    pub edits: Vec<Edit>,
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number: 1, 2, 3, …
    pub seq: i64,
    /// Who did it.
    pub author: String,
    /// What it does. An undo or redo carries the label of what it takes back or repeats.
    pub label: String,
    /// Whether it is new, or takes back or repeats another row.
    pub action: Action,
    /// The Edits that were applied, in order.
    pub edits: Arc<[Edit]>,
    /// The Edits that take it back, in the order in which to apply them.
    pub inverses: Arc<[Edit]>,
    /// Version of the Edits' JSON.
    pub schema: u32,
    /// When, in milliseconds since 1970 UTC, as the caller said.
    pub at_ms: i64,
}

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Something new.
    Do,
    /// Takes back the row that did this number.
    Undo(i64),
    /// Repeats the row of this number after it was taken back.
    Redo(i64),
}

impl Row {
    /// Whether undo may take it back: some Edit of it is more than journalled.
    #[must_use]
    pub fn is_undoable(&self) -> bool {
        is_undoable(&self.edits)
    }
}

pub(super) fn is_undoable(edits: &[Edit]) -> bool {
    edits.iter().any(|edit| edit.undo_kind() == Undo::Undoable)
}

/// The time of the clock on the wall, in milliseconds since 1970 UTC, for [`Row::at_ms`]. Edits never ask it.
#[must_use]
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
