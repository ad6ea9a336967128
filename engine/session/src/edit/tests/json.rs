//! Edits as JSON: what the journal keeps and scripts are written in.

use proptest::prelude::*;

use super::runner;
use crate::testing::random::{self, Dice};
use crate::testing::{empty_song, name};
use crate::*;

/// Seen red: `#[serde(skip)]` on a clip's gain; `kind()` of one kind misspelt.
#[test]
fn every_edit_survives_json_and_is_named_as_it_says() {
    let law = |seeds: Vec<u64>| {
        let mut session = empty_song();
        for seed in seeds {
            let edit = random::edit(&mut Dice::new(seed), &session);
            let json = serde_json::to_string(&edit).unwrap();
            let back: Edit =
                serde_json::from_str(&json).map_err(|e| TestCaseError::fail(format!("{e}: {json}")))?;
            prop_assert_eq!(&serde_json::to_string(&back).unwrap(), &json);
            prop_assert_eq!(&back, &edit);
            let value: serde_json::Value = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(&value["edit"], edit.kind());
            if let Ok(applied) = apply(&session, &edit) {
                session = applied.session;
            }
        }
        Ok(())
    };
    runner(24).run(&prop::collection::vec(any::<u64>(), 100..200), law).unwrap();
}

/// Seen red: with `output` demanded.
#[test]
fn a_track_written_by_hand_needs_only_what_cannot_be_guessed() {
    let json = r#"{"edit": "add_track", "at": 0, "track": {
        "id": "0190163d-8694-739b-aea5-966c26f8ad91", "name": "Voice", "layout": "mono",
        "lanes": [{"id": "0190163d-8694-739b-aea5-966c26f8ad92", "name": "Take 1"}],
        "plays": {"lane": "0190163d-8694-739b-aea5-966c26f8ad92"}}}"#;
    let edit: Edit = serde_json::from_str(json).unwrap();
    let song = apply(&empty_song(), &edit).unwrap().session;
    let track = song.track_named("Voice").unwrap();
    assert_eq!(
        (track.gain, track.pan, track.arm, track.output),
        (Gain::UNITY, Pan::CENTRE, false, Output::Master)
    );
}

/// Seen red: without `deny_unknown_fields` a misspelt field was passed over in silence.
#[test]
fn a_field_or_kind_that_is_not_known_is_refused() {
    for json in [
        r#"{"edit": "set_song_name", "name": "A", "nmae": "B"}"#,
        r#"{"edit": "set_loop", "range": {"on": false, "start": {"samples": 0}, "end": {"samples": 0}, "x": 1}}"#,
        r#"{"edit": "no_such_edit"}"#,
        r#"{"edit": "set_master_gain", "gain": -1.0}"#,
        r#"{"edit": "set_master_gain", "gain": 1e300}"#,
        r#"{"edit": "set_song_name", "name": ""}"#,
        r#"{"name": "A"}"#,
    ] {
        assert!(serde_json::from_str::<Edit>(json).is_err(), "{json}");
    }
    let unknown = serde_json::from_str::<Edit>(r#"{"edit": "set_song_name", "name": "A", "nmae": "B"}"#);
    assert!(unknown.unwrap_err().to_string().contains("nmae"));
}

/// Seen red: without `deny_unknown_fields`.
#[test]
fn the_schema_names_every_kind_and_refuses_unknown_fields() {
    let schema = edit_schema();
    let kinds = schema["oneOf"].as_array().unwrap();
    assert_eq!(kinds.len() as u64, random::KINDS);
    let of = |kind: &str| kinds.iter().find(|k| k["properties"]["edit"]["const"] == kind).unwrap();
    let rename = Edit::RenameTrack { track: TrackId::from_u128(1), name: name("x") };
    assert_eq!(of(rename.kind())["additionalProperties"], false);
    assert!(of("add_clip")["description"].as_str().unwrap().contains("clip"));
}
