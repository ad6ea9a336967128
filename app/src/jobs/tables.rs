//! Tables of the panel, as files.

use std::path::PathBuf;

use super::Outcome;
use crate::studio::operator::table::Table;

/// Writes a table to a file that is not there yet.
#[must_use]
pub fn save_table(path: PathBuf, table: &Table) -> Outcome {
    match table.save(&path) {
        Ok(()) => Outcome::TableSaved(path),
        Err(error) => Outcome::Failed { title: "The table was not saved".to_owned(), error, path: None },
    }
}
