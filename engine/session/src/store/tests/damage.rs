use super::*;

fn closed_with(rows: i64) -> Place {
    let (place, mut opened) = Place::with_song();
    renames(&mut opened, 1..=rows);
    opened.store.close().unwrap();
    place
}

/// No snapshot but the first, so that all rows count.
fn without_snapshots(rows: i64) -> Place {
    let place = closed_with(rows);
    place.sql("DELETE FROM snapshots WHERE seq > 0");
    place
}

/// Seen red: with the checksum not compared; with damaged rows deleted and not copied.
#[test]
fn everything_before_a_damaged_row_is_kept_and_the_rest_set_aside() {
    for damage in [
        "UPDATE journal SET edits = replace(edits, '\"3\"', '\"4\"') WHERE seq = 3",
        "UPDATE journal SET edits = 'rubbish' WHERE seq = 3",
        "UPDATE journal SET edits = x'ff00fe' WHERE seq = 3",
        "UPDATE journal SET inverses = '[]' WHERE seq = 3",
        "UPDATE journal SET label = 'other' WHERE seq = 3",
        "UPDATE journal SET action = 'undo', target = 1 WHERE seq = 3",
        "UPDATE journal SET at_ms = 'soon' WHERE seq = 3",
        "UPDATE journal SET schema = 99 WHERE seq = 3",
        "UPDATE journal SET checksum = 1 WHERE seq = 3",
    ] {
        let place = without_snapshots(5);
        place.sql(damage);
        let reader = Store::open(&place.song, Access::ReadOnly).unwrap();
        assert_eq!((title(&reader), reader.report.set_aside.len()), ("2".to_owned(), 3), "{damage}");
        drop(reader);
        let mut opened = place.open();
        assert_eq!(title(&opened), "2", "{damage}");
        assert_eq!(opened.report.set_aside.iter().map(|row| row.seq).collect::<Vec<_>>(), [3, 4, 5]);
        let [message] = opened.report.messages().try_into().unwrap();
        assert!(message.contains("step 3") && message.contains("2 later"), "{message}");
        // Work goes on, and what was set aside stays.
        renames(&mut opened, 3..=3);
        assert_eq!(opened.document.can_undo(), Some("3"));
        opened.store.close().unwrap();
        assert_eq!(place.count("SELECT count(*) FROM damaged_rows WHERE source = 'journal'"), 3);
        let opened = place.open();
        assert!(opened.report.is_clean(), "told once: {:?}", opened.report);
        assert_eq!(title(&opened), "3");
    }
}

/// Seen red: with the row taken as lost although a snapshot has its changes.
#[test]
fn damage_before_the_snapshot_costs_undo_and_nothing_else() {
    let place = closed_with(5);
    place.sql("UPDATE journal SET edits = 'rubbish' WHERE seq = 3");
    for told in [true, false] {
        let mut opened = place.open();
        assert_eq!((title(&opened), opened.report.is_clean()), ("5".to_owned(), !told));
        assert_eq!(opened.document.can_undo(), Some("5"));
        opened.document.undo("me", 0).unwrap();
        opened.document.undo("me", 0).unwrap();
        assert_eq!((title(&opened).as_str(), opened.document.can_undo()), ("3", None));
        opened.store.close().unwrap();
    }
}

/// Seen red: with the gap passed over.
#[test]
fn a_missing_row_is_as_bad_as_a_damaged_one() {
    let place = without_snapshots(5);
    place.sql("DELETE FROM journal WHERE seq = 3");
    let opened = place.open();
    assert_eq!(title(&opened), "2");
    assert_eq!(opened.report.set_aside.iter().map(|row| row.seq).collect::<Vec<_>>(), [4, 5]);
}

/// Seen red: with undo left standing behind the gap.
#[test]
fn rows_missing_behind_the_snapshot_leave_the_song_and_the_next_number() {
    let place = closed_with(5);
    place.sql("DELETE FROM journal WHERE seq > 3");
    let mut opened = place.open();
    assert_eq!((title(&opened).as_str(), opened.document.can_undo()), ("5", None));
    renames(&mut opened, 6..=6);
    assert_eq!(opened.store.saved(), 6);
    drop(opened);
    assert_eq!(title(&place.open()), "6");
}

/// Seen red: with `newest` stopping at the first row it found.
#[test]
fn a_damaged_snapshot_gives_way_to_an_earlier_one() {
    let place = closed_with(5);
    let mut opened = place.open();
    renames(&mut opened, 6..=8);
    opened.store.close().unwrap();
    for damage in
        ["session = replace(session, 'Voice', 'Noise')", "session = 'rubbish'", "checksum = NULL OR 1"]
    {
        place.sql(&format!("UPDATE snapshots SET {damage} WHERE seq = 8"));
        let opened = place.open();
        assert_eq!((title(&opened).as_str(), opened.report.replayed), ("8", 3), "{damage}");
        assert_eq!(opened.report.damaged_snapshots, [8]);
        assert_eq!(opened.report.messages().len(), 1);
        opened.store.close().unwrap(); // writes it anew
    }
    place.sql("UPDATE snapshots SET session = 'rubbish' WHERE seq > 0");
    let opened = place.open();
    assert_eq!((title(&opened).as_str(), opened.report.replayed), ("8", 8));
    drop(opened);
    place.sql("UPDATE snapshots SET session = 'rubbish'");
    assert!(matches!(Store::open(&place.song, Access::Write), Err(StoreError::Damaged { .. })));
}

/// A row whose checksum is right but that does not fit: a fault of ours, to be survived all the same.
///
/// Seen red: with its error passed over.
#[test]
fn a_row_that_does_not_fit_is_set_aside() {
    let place = without_snapshots(3);
    place.sql("UPDATE snapshots SET seq = 0");
    let (mut other, stranger) = (Document::new(std::sync::Arc::new(song(3, 1))), crate::testing::track_id(3));
    for n in 1..=3 {
        other.commit(rename(&n.to_string()), 0).unwrap();
    }
    let row = other.commit(transaction("gone", vec![Edit::RemoveTrack { track: stranger }]), 0).unwrap();
    crate::store::journal::insert(&place.database(), &row).unwrap();
    let opened = place.open();
    assert_eq!((title(&opened).as_str(), opened.report.set_aside.len()), ("3", 1));
}

/// Pages overwritten in the middle of the file: no panic, and either a song or a message.
///
/// Seen red: with an assertion that the newest snapshot can be read.
#[test]
fn noise_in_the_database_never_panics() {
    let place = closed_with(40);
    let path = place.song.join("song.db");
    let whole = std::fs::read(&path).unwrap();
    for start in (0..whole.len()).step_by(2_048) {
        let mut noisy = whole.clone();
        let end = (start + 300).min(noisy.len());
        for (index, byte) in noisy[start..end].iter_mut().enumerate() {
            *byte = (index * 37 % 251) as u8;
        }
        std::fs::write(&path, noisy).unwrap();
        match Store::open(&place.song, Access::Write) {
            Ok(opened) => assert!(opened.document.session().check().is_ok()),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        for left in ["song.db-wal", "song.db-shm"] {
            _ = std::fs::remove_file(place.song.join(left));
        }
    }
}
