//! Rows and songs as earlier versions wrote them. The samples never change; a new schema adds a file.

use std::collections::BTreeSet;

use crate::store::schema::{SCHEMA, read_edits, upgrade};
use crate::testing::random::KINDS;
use crate::*;

const EDITS_1: &str = include_str!("../../../tests/frozen/edits-1.jsonl");
const SESSION_1: &str = include_str!("../../../tests/frozen/session-1.json");

/// Seen red: with a field of `TrimClip` renamed.
#[test]
fn every_edit_of_schema_1_is_still_read() {
    let mut kinds = BTreeSet::new();
    for line in EDITS_1.lines() {
        let row = format!("[{line}]");
        let [edit] = read_edits(1, row.as_bytes()).unwrap().try_into().unwrap();
        kinds.insert(edit.kind());
        assert_eq!(serde_json::to_string(&edit).unwrap(), line, "a change of this JSON needs a new SCHEMA");
    }
    assert_eq!(kinds.len() as u64, KINDS);
}

/// Seen red: with a field of the loop renamed.
#[test]
fn a_song_of_schema_1_is_still_read() {
    let session: Session = serde_json::from_str(SESSION_1).unwrap();
    assert_eq!(session.check(), Ok(()));
    assert_eq!(serde_json::to_string(&session).unwrap(), SESSION_1.trim_end());
}

/// Seen red: with every schema taken for the present one.
#[test]
fn an_unknown_schema_is_refused() {
    assert!(read_edits(SCHEMA + 1, b"[]").is_err());
    assert!(upgrade(0, serde_json::Value::Null).is_err());
}
