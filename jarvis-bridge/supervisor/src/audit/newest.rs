//! The end of a trail, as it stands there, for whoever shows it.

use super::Entry;
use super::ledger::{Ledger, Written};
use crate::layout::Layout;

/// The newest entries of the trail in `layout`, oldest first, true or not: [`verify`](super::verify()) tells. None where there
/// is no trail.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn newest(layout: &Layout, limit: u32) -> Result<Vec<Entry>, String> {
    let path = layout.audit();
    if !path.exists() {
        return Ok(Vec::new());
    }
    let read = Ledger::read(&path).and_then(|ledger| ledger.newest(limit));
    let rows = read.map_err(|error| format!("{} cannot be read ({error})", path.display()))?;
    let entry = |row: Written| Entry { seq: row.seq, record: row.record, hash: row.hash.to_string() };
    Ok(rows.into_iter().map(entry).collect())
}
