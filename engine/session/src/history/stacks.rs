//! What undo and redo will do next, derived from the rows so far.

use std::collections::HashMap;

use super::Action;

/// A row without its Edits: enough to list it and to derive undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outline {
    pub(crate) seq: i64,
    pub(crate) at_ms: i64,
    pub(crate) author: String,
    pub(crate) label: String,
    pub(crate) action: Action,
    pub(crate) undoable: bool,
}

/// One line of `history`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Number of the row.
    pub seq: i64,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Who did it.
    pub author: String,
    /// What it does.
    pub label: String,
    /// Whether it is new, or takes back or repeats another.
    pub action: Action,
    /// Whether it is in effect.
    pub state: EntryState,
}

/// Whether a row is in effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryState {
    /// It is part of the song.
    Done,
    /// It was taken back.
    Undone,
}

/// A step that undo or redo can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    /// The row that did it first.
    pub(crate) origin: i64,
    /// The row whose inverses to apply: the last that did it, or that took it back.
    pub(crate) latest: i64,
}

/// All rows in outline, and the two stacks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stacks {
    rows: Vec<Outline>,
    numbers: HashMap<i64, usize>,
    undo: Vec<Step>,
    redo: Vec<Step>,
    last_seq: i64,
}

impl Stacks {
    /// Takes note of the next row.
    pub(crate) fn push(&mut self, row: Outline) {
        let latest = row.seq;
        match row.action {
            Action::Do if row.undoable => {
                self.undo.push(Step { origin: latest, latest });
                self.redo.clear();
            }
            Action::Do => {}
            Action::Undo(origin) => {
                self.undo.pop_if(|step| step.origin == origin);
                self.redo.push(Step { origin, latest });
            }
            Action::Redo(origin) => {
                self.redo.pop_if(|step| step.origin == origin);
                self.undo.push(Step { origin, latest });
            }
        }
        self.last_seq = latest;
        self.numbers.insert(latest, self.rows.len());
        self.rows.push(row);
    }

    /// Rows are missing up to this one: nothing before can be taken back, since what came between is unknown.
    pub(crate) fn bar(&mut self, missing_to: i64) {
        self.undo.clear();
        self.redo.clear();
        self.last_seq = self.last_seq.max(missing_to);
    }

    pub(crate) fn next_undo(&self) -> Option<Step> {
        self.undo.last().copied()
    }

    pub(crate) fn next_redo(&self) -> Option<Step> {
        self.redo.last().copied()
    }

    /// The next so many steps of undo and of redo, by turns.
    pub(crate) fn coming(&self, count: usize) -> impl Iterator<Item = Step> {
        let undo = self.undo.iter().rev().take(count).map(Some).chain(std::iter::repeat(None));
        let redo = self.redo.iter().rev().take(count).map(Some).chain(std::iter::repeat(None));
        undo.zip(redo).take(count).flat_map(|(undo, redo)| [undo, redo]).flatten().copied()
    }

    pub(crate) fn label(&self, seq: i64) -> &str {
        self.numbers.get(&seq).and_then(|number| self.rows.get(*number)).map_or("", |row| &row.label)
    }

    pub(crate) fn last_seq(&self) -> i64 {
        self.last_seq
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        let mut undone: HashMap<i64, bool> = HashMap::new();
        for row in &self.rows {
            match row.action {
                Action::Do => {}
                Action::Undo(origin) => _ = undone.insert(origin, true),
                Action::Redo(origin) => _ = undone.insert(origin, false),
            }
        }
        let state = |seq| if undone.get(&seq) == Some(&true) { EntryState::Undone } else { EntryState::Done };
        let entry = |row: &Outline| Entry {
            seq: row.seq,
            at_ms: row.at_ms,
            author: row.author.clone(),
            label: row.label.clone(),
            action: row.action,
            state: state(row.seq),
        };
        self.rows.iter().map(entry).collect()
    }
}
