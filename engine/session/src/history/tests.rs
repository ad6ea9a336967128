use std::sync::Arc;

use super::*;
use crate::testing::random::{self, Dice};
use crate::testing::{bytes, empty_song, name, song, track_id, transaction};
use crate::{Edit, Gain, Session};

fn rename(text: &str) -> Transaction {
    transaction(text, vec![Edit::SetSongName { name: name(text) }])
}

fn solo(on: bool) -> Transaction {
    transaction("Solo", vec![Edit::SetTrackSolo { track: track_id(1), solo: on }])
}

fn document() -> Document {
    Document::new(Arc::new(song(1, 1)))
}

fn title(document: &Document) -> &str {
    document.session().name.as_str()
}

/// Seen red: with a redo that named the row which undid it.
#[test]
fn undo_and_redo_add_rows_and_go_as_far_as_there_is_history() {
    let mut document = document();
    for text in ["A", "B", "C"] {
        document.commit(rename(text), 7).unwrap();
    }
    assert_eq!((document.can_undo(), document.can_redo()), (Some("C"), None));
    let undo = document.undo("me", 8).unwrap().unwrap();
    assert_eq!((undo.seq, undo.action, undo.label.as_str(), undo.at_ms), (4, Action::Undo(3), "C", 8));
    document.undo("me", 8).unwrap();
    assert_eq!((title(&document), document.can_undo(), document.can_redo()), ("A", Some("A"), Some("B")));
    let redo = document.redo("me", 9).unwrap().unwrap();
    assert_eq!((redo.seq, redo.action, title(&document)), (6, Action::Redo(2), "B"));
    document.undo("me", 9).unwrap();
    document.undo("me", 9).unwrap();
    assert_eq!(document.undo("me", 9).unwrap(), None);
    assert_eq!(title(&document), "Song");
    for _ in 0..3 {
        document.redo("me", 9).unwrap();
    }
    assert_eq!(document.redo("me", 9).unwrap(), None);
    assert_eq!(title(&document), "C");
}

/// Seen red: with redo kept.
#[test]
fn something_new_ends_redo() {
    let mut document = document();
    document.commit(rename("A"), 0).unwrap();
    document.undo("me", 0).unwrap();
    document.commit(rename("B"), 0).unwrap();
    assert_eq!((document.can_undo(), document.can_redo()), (Some("B"), None));
    let states: Vec<_> = document.entries().iter().map(|entry| (entry.seq, entry.state)).collect();
    assert_eq!(states, [(1, EntryState::Undone), (2, EntryState::Done), (3, EntryState::Done)]);
}

/// Seen red: with every `Do` row pushed on the undo stack.
#[test]
fn what_is_only_journalled_is_neither_undone_nor_ends_redo() {
    let mut document = document();
    document.commit(rename("A"), 0).unwrap();
    document.commit(solo(true), 0).unwrap();
    assert_eq!(document.can_undo(), Some("A"));
    document.undo("me", 0).unwrap();
    document.commit(solo(false), 0).unwrap();
    assert_eq!(document.can_redo(), Some("A"));
    document.redo("me", 0).unwrap();
    assert_eq!((title(&document), document.session().tracks[0].solo), ("A", false));
}

/// What was only journalled meanwhile is not forgotten by going to and fro.
///
/// Seen red: with `Step::latest` left at the first row on redo, the second undo brought the track back unsoloed.
#[test]
fn undo_brings_back_what_was_there_last_not_first() {
    let mut document = document();
    document.commit(transaction("Remove", vec![Edit::RemoveTrack { track: track_id(1) }]), 0).unwrap();
    document.undo("me", 0).unwrap();
    document.commit(solo(true), 0).unwrap();
    document.redo("me", 0).unwrap();
    document.undo("me", 0).unwrap();
    assert!(document.session().tracks[0].solo);
}

/// Seen red: with a row for an empty transaction.
#[test]
fn a_refused_transaction_leaves_no_trace() {
    let mut document = document();
    let before = bytes(document.session());
    let bad = Edit::SetTrackGain { track: crate::TrackId::from_u128(4), gain: Gain::UNITY };
    let mixed = transaction("x", vec![Edit::SetMasterMute { mute: true }, bad]);
    assert!(matches!(document.commit(mixed, 0), Err(HistoryError::Rejected(_))));
    assert_eq!(document.commit(transaction("x", vec![]), 0), Err(HistoryError::Empty));
    assert_eq!((bytes(document.session()), document.last_seq()), (before, 0));
    assert!(document.take_touched().is_empty());
}

/// Seen red: with the last Edit's alone kept.
#[test]
fn touched_gathers_until_taken() {
    let mut document = document();
    document.commit(solo(true), 0).unwrap();
    document.commit(transaction("m", vec![Edit::SetMasterMute { mute: true }]), 0).unwrap();
    let touched = document.take_touched();
    assert!(touched.master && touched.tracks.contains(&track_id(1)) && touched.contents.is_empty());
    assert!(document.take_touched().is_empty());
}

/// The law of undo: back through everything is the first song, forward again is the last, with random steps
/// to and fro between.
///
/// Seen red: with `Redo` rows not put back on the undo stack.
#[test]
fn all_the_way_back_is_the_first_song_to_the_last_bit() {
    for seed in 0..12 {
        let mut dice = Dice::new(seed);
        let first = empty_song();
        let mut document = Document::new(Arc::new(first.clone()));
        for _ in 0..150 {
            match dice.below(5) {
                0 => drop(document.undo("me", 0).unwrap()),
                1 => drop(document.redo("me", 0).unwrap()),
                _ => drop(document.commit(undoable(&mut dice, document.session()), 0)),
            }
        }
        while document.redo("me", 0).unwrap().is_some() {}
        let last = bytes(document.session());
        while document.undo("me", 0).unwrap().is_some() {}
        assert_eq!(bytes(document.session()), bytes(&first), "seed {seed}");
        while document.redo("me", 0).unwrap().is_some() {}
        assert_eq!(bytes(document.session()), last, "seed {seed}");
    }
}

/// Edits that undo takes back, every one: the others would rightly stay.
fn undoable(dice: &mut Dice, session: &Session) -> Transaction {
    let edits = std::iter::repeat_with(|| random::edit(dice, session));
    let edits = edits.filter(|edit| edit.undo_kind() == crate::Undo::Undoable);
    transaction("random", edits.take(1).collect())
}
