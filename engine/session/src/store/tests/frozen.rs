//! Rows and songs as earlier versions wrote them. The samples never change; a new schema adds a file.

use std::collections::BTreeSet;

use super::Place;
use crate::store::schema::{FORMAT, SCHEMA, read_edits, read_session, upgrade};
use crate::testing::random::KINDS;
use crate::testing::transaction;
use crate::*;

/// The Edits of each schema, with how many kinds there were.
const EDITS: [(u32, &str, u64); 3] = [
    (1, include_str!("../../../tests/frozen/edits-1.jsonl"), 46),
    (2, include_str!("../../../tests/frozen/edits-2.jsonl"), 48),
    (3, include_str!("../../../tests/frozen/edits-3.jsonl"), KINDS),
];

/// A song of each schema.
const SESSIONS: [(i64, &str); 3] = [
    (1, include_str!("../../../tests/frozen/session-1.json")),
    (2, include_str!("../../../tests/frozen/session-2.json")),
    (3, include_str!("../../../tests/frozen/session-3.json")),
];

/// The database of a song that the program of schema 1 made: an import, a rename, a tempo taken back.
const SONG_1: &str = include_str!("../../../tests/frozen/song-1.sql");

/// The same of schema 2: a beat, a track armed, two recordings onto its one lane, the second taken back.
const SONG_2: &str = include_str!("../../../tests/frozen/song-2.sql");

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

/// A song recorded before there were takes: what was sung lies on the one lane there was. It opens, and the next pass
/// becomes a take beside it, with a comp, which undo takes back as far as the first row.
///
/// Seen red: with schema 2 not known to `upgrade`; with snapshots of schema 2 refused.
#[test]
fn a_song_recorded_before_there_were_takes_is_opened_and_sung_on() {
    let place = Place::new();
    std::fs::create_dir(&place.song).unwrap();
    place.sql(SONG_2);
    let mut opened = place.open();
    assert!(opened.report.is_clean() && opened.unfinished.is_empty(), "{:?}", opened.report);
    assert_eq!(place.count("PRAGMA user_version"), FORMAT);
    let session = opened.document.session();
    let voice = session.track_named("Voice").unwrap();
    let (old, track) = (voice.playing().unwrap(), voice.id);
    assert_eq!(
        (old.clips.len(), old.take, voice.arm, opened.document.can_redo()),
        (1, None, true, Some("Record “Take 2”"))
    );

    let take = Some(Take { number: comp::next_take(voice), at_ms: 1_795_244_700_000 });
    let new = Lane { take, ..Lane::new(LaneId::from_u128(5), crate::testing::name("Take 1")) };
    let media = crate::testing::media(6);
    let sung = Clip { length: Samples(9_600), ..crate::testing::clip(7, 6, 48_000) };
    let new = Lane { clips: vec![sung.into()], ..new };
    let mut edits = vec![Edit::AddMedia { media }, Edit::AddLane { track, lane: new.clone(), at: 1 }];
    let over = vec![(Samples(48_000), Samples(57_600))];
    edits.extend(comp::hear(session, voice, &[(&new, over)], CompId::from_u128(8)));
    let rows = vec![opened.document.commit(transaction("Record “Take 1”", edits), 0).unwrap()];
    opened.store.append_all(rows).wait().unwrap();
    opened.store.close().unwrap();

    let mut opened = place.open();
    assert!(opened.report.is_clean(), "{:?}", opened.report);
    let voice = opened.document.session().track(track).unwrap();
    let lanes: Vec<_> = voice.playing_comp().unwrap().picks.iter().map(|pick| pick.lane).collect();
    assert_eq!(lanes, [voice.lanes[0].id, new.id, voice.lanes[0].id]);
    while opened.document.undo("me", 0).unwrap().is_some() {}
    assert!(opened.document.session().tracks.is_empty(), "back to the first row, of schema 2");
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
