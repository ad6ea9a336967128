//! The history of a song: transactions, undo and redo without end.
//!
//! Start at [`Document`]. Each transaction, undo and redo is a [`Row`]; rows are only ever added. What undo takes
//! back next is derived by replaying them, so it survives closing, and no cursor can point astray.

mod document;
mod row;
mod stacks;

#[cfg(test)]
mod tests;

pub use document::{Archive, Document, HistoryError};
pub use row::{Action, Row, Transaction, now_ms};
pub use stacks::{Entry, EntryState};
pub(crate) use stacks::{Outline, Stacks};
