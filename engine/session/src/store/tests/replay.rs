use super::*;
use crate::testing::bytes;
use crate::testing::random::{self, Dice};

/// Random work with undo and redo, closed and left in turn: what is opened is what was left, to the last bit,
/// with the same undo and redo.
///
/// Seen red: with a snapshot written under the next row's number; with `Redo` rows read as `Do`.
#[test]
fn replaying_the_journal_gives_the_last_song() {
    let place = Place::new();
    Store::create(&place.song, &crate::testing::empty_song()).unwrap().close().unwrap();
    let mut dice = Dice::new(2);
    for round in 0..6 {
        let mut opened = place.open();
        assert!(opened.report.is_clean(), "{:?}", opened.report);
        let mut rows = Vec::new();
        while rows.len() < 110 {
            let document = &mut opened.document;
            match dice.below(6) {
                0 => rows.extend(document.undo("me", 0).unwrap()),
                1 => rows.extend(document.redo("me", 0).unwrap()),
                _ => {
                    let edit = random::edit(&mut dice, document.session());
                    rows.extend(document.commit(transaction(edit.kind(), vec![edit]), 0));
                }
            }
        }
        for batch in rows.chunks(11) {
            opened.store.append_all(batch.to_vec()).wait().unwrap();
        }
        let left = (bytes(opened.document.session()), opened.document.entries());
        let steps =
            (opened.document.can_undo().map(str::to_owned), opened.document.can_redo().map(str::to_owned));
        if round % 2 == 0 {
            opened.store.close().unwrap();
        } else {
            drop(opened);
        }
        let found = place.open().document;
        assert_eq!((bytes(found.session()), found.entries()), left, "round {round}");
        assert_eq!((found.can_undo().map(str::to_owned), found.can_redo().map(str::to_owned)), steps);
    }
    // And without any snapshot, from the first row.
    let last = bytes(place.open().document.session());
    place.sql("DELETE FROM snapshots WHERE seq > 0");
    assert_eq!(bytes(place.open().document.session()), last);
}

/// Seen red: with `Archive::row` asking for the row after.
#[test]
fn undo_reaches_back_through_what_was_done_before_opening() {
    let (place, mut opened) = Place::with_song();
    let first = bytes(opened.document.session());
    renames(&mut opened, 1..=30);
    opened.store.close().unwrap();
    let mut opened = place.open();
    assert_eq!(opened.report.replayed, 0, "the snapshot has all");
    while let Some(row) = opened.document.undo("me", 0).unwrap() {
        opened.store.append(row).wait().unwrap();
    }
    assert_eq!(bytes(opened.document.session()), first);
    drop(opened);
    let mut opened = place.open();
    while opened.document.redo("me", 0).unwrap().is_some() {}
    assert_eq!(title(&opened), "30");
}

/// As `kill -9` leaves it: nothing closed, the log not emptied.
///
/// Seen red: with the COMMIT left out.
#[test]
fn a_song_copied_in_the_middle_has_every_finished_edit() {
    let (place, mut opened) = Place::with_song();
    for n in 1..=250 {
        renames(&mut opened, n..=n);
        if n % 50 == 0 {
            let copy = place.root.path().join(n.to_string());
            copy_folder(&place.song, &copy);
            let found = Store::open(&copy, Access::Write).unwrap();
            assert_eq!((title(&found), found.store.saved()), (n.to_string(), n));
        }
    }
}

/// Seen red: with none ever dropped.
#[test]
fn snapshots_are_written_along_the_way_and_stay_few() {
    let (place, mut opened) = Place::with_song();
    for start in (1..1_200).step_by(100) {
        renames(&mut opened, start..=start + 99);
    }
    drop(opened);
    let opened = place.open();
    assert_eq!((title(&opened).as_str(), opened.report.replayed), ("1200", 0));
    assert_eq!(place.count("SELECT count(*) FROM snapshots"), 5);
    assert_eq!(place.count("SELECT min(seq) FROM snapshots"), 0);
    assert_eq!(place.count("SELECT count(*) FROM journal"), 1_200);
}

/// Seen red: without `Message::End` it hung, since the Document holds the line as well.
#[test]
fn a_dropped_store_writes_what_was_asked_for_and_then_says_it_is_closed() {
    let (place, mut opened) = Place::with_song();
    let rows: Vec<Row> =
        (1..=20).map(|n| opened.document.commit(rename(&n.to_string()), n).unwrap()).collect();
    let tickets: Vec<Pending> = rows.into_iter().map(|row| opened.store.append(row)).collect();
    drop(opened.store);
    assert!(tickets.into_iter().all(|ticket| ticket.wait().is_ok()));
    assert_eq!(title(&place.open()), "20");
}

/// Old rows of a song that has been closed meanwhile: a message, no hang.
///
/// Seen red: with the closed line answering that there is no such row.
#[test]
fn undo_after_closing_says_so() {
    let (place, mut opened) = Place::with_song();
    renames(&mut opened, 1..=2);
    opened.store.close().unwrap();
    let mut opened = place.open();
    drop(opened.store);
    let error = opened.document.undo("me", 0).unwrap_err();
    assert!(matches!(error, HistoryError::Unreadable { error: StoreError::Closed(_), .. }), "{error}");
}

/// Seen red: with an existing file written over.
#[test]
fn a_backup_is_a_song_of_its_own() {
    let (place, mut opened) = Place::with_song();
    renames(&mut opened, 1..=5);
    let copy = place.root.path().join("copy.dawg");
    std::fs::create_dir(&copy).unwrap();
    let target = copy.join("song.db");
    opened.store.backup(&target).wait().unwrap();
    assert_eq!(opened.store.backup(&target).wait(), Err(StoreError::Exists(target)));
    renames(&mut opened, 6..=6);
    let copied = Store::open(&copy, Access::Write).unwrap();
    assert_eq!((title(&copied).as_str(), copied.document.can_undo()), ("5", Some("5")));
}
