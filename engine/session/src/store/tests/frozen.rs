//! Rows and songs as earlier versions wrote them. The samples never change; a new schema adds a file.

use std::collections::BTreeSet;

use super::Place;
use crate::store::schema::{FORMAT, SCHEMA, read_edits, read_session, upgrade};
use crate::testing::random::KINDS;
use crate::testing::transaction;
use crate::*;

/// The Edits of each schema, with how many kinds there were.
const EDITS: [(u32, &str, u64); 2] = [
    (1, include_str!("../../../tests/frozen/edits-1.jsonl"), 46),
    (2, include_str!("../../../tests/frozen/edits-2.jsonl"), KINDS),
];

/// A song of each schema.
const SESSIONS: [(i64, &str); 2] = [
    (1, include_str!("../../../tests/frozen/session-1.json")),
    (2, include_str!("../../../tests/frozen/session-2.json")),
];

/// The database of a song that the program of schema 1 made: an import, a rename, a tempo taken back.
const SONG_1: &str = include_str!("../../../tests/frozen/song-1.sql");

/// Seen red: with a field of `TrimClip` renamed; with schema 1 not known any more.
#[test]
fn every_edit_of_every_schema_is_still_read() {
    assert_eq!(EDITS.map(|(schema, ..)| schema).last(), Some(&SCHEMA), "freeze a sample of the new schema");
    for (schema, lines, known) in EDITS {
        let mut kinds = BTreeSet::new();
        for line in lines.lines() {
            let row = format!("[{line}]");
            let [edit] = read_edits(schema, row.as_bytes()).unwrap().try_into().unwrap();
            kinds.insert(edit.kind());
            assert_eq!(
                serde_json::to_string(&edit).unwrap(),
                line,
                "a change of this JSON needs a new SCHEMA"
            );
        }
        assert_eq!(kinds.len() as u64, known);
    }
}

/// Seen red: with a field of the loop renamed; with the present schema alone taken.
#[test]
fn a_song_of_every_schema_is_still_read() {
    for (schema, json) in SESSIONS {
        let session = read_session(schema, json.as_bytes()).unwrap();
        assert_eq!(session.check(), Ok(()));
        assert_eq!(serde_json::to_string(&session).unwrap(), json.trim_end());
    }
}

/// A song made before there were downbeats opens with its history, is worked on, and from then on tells older
/// programs that it is not for them. Looking at it changes nothing.
///
/// Seen red: with snapshots of schema 1 refused (the song is called damaged); without `migrate`.
#[test]
fn a_song_that_an_older_program_made_is_opened_and_worked_on() {
    let place = Place::new();
    std::fs::create_dir(&place.song).unwrap();
    place.sql(SONG_1);
    let version = || place.count("PRAGMA user_version");
    let reader = Store::open(&place.song, Access::ReadOnly).unwrap();
    assert!(reader.report.is_clean(), "{:?}", reader.report);
    assert_eq!((reader.document.session().name.as_str(), version()), ("An old song", 1));
    drop(reader);

    let mut opened = place.open();
    assert!(opened.report.is_clean(), "{:?}", opened.report);
    assert_eq!(version(), FORMAT);
    let session = opened.document.session();
    assert_eq!((session.tempo_map.tempo_at(0).bpm(), session.tempo_map.downbeat), (92.5, 0));
    assert_eq!((session.clips().count(), &*session.lyrics), (1, ""));
    let downbeat = transaction("Downbeat", vec![Edit::SetDownbeat { at: 480 }]);
    let rows = vec![opened.document.commit(downbeat, 0).unwrap()];
    opened.store.append_all(rows).wait().unwrap();
    opened.store.close().unwrap();

    let mut opened = place.open();
    assert!(opened.report.is_clean(), "{:?}", opened.report);
    assert_eq!(opened.document.session().tempo_map.downbeat, 480);
    while opened.document.undo("me", 0).unwrap().is_some() {}
    assert_eq!(opened.document.session().clips().count(), 0, "back to the first row, of schema 1");
}

/// Seen red: with every schema taken for the present one.
#[test]
fn an_unknown_schema_is_refused() {
    assert!(read_edits(SCHEMA + 1, b"[]").is_err());
    assert!(upgrade(0, serde_json::Value::Null).is_err());
    for schema in [0, i64::from(SCHEMA) + 1] {
        assert!(read_session(schema, SESSIONS[0].1.as_bytes()).is_none());
    }
}
