//! Tampering is told, with where and how.

use super::*;

#[test]
fn what_was_written_is_there_and_whole_and_goes_on() {
    // Seen red: with a trail that everybody may read.
    let place = Place::with(3);
    assert_eq!(whole(&place.verify()), 3);
    let mut audit = place.open(9);
    audit.append(record(4));
    let fresh = audit.fresh();
    assert_eq!((fresh.len(), fresh[0].seq), (1, 4));
    // While the owner has it open.
    assert_eq!(place.verify(), Verdict::Whole { entries: 4, head: audit.head() });
    assert_eq!(place.newest()[3], fresh[0]);
    assert_eq!(newest(&place.layout, 2).unwrap().iter().map(|entry| entry.seq).collect::<Vec<_>>(), [3, 4]);
    #[cfg(unix)]
    for path in [place.layout.audit(), place.layout.audit_key(), place.layout.audit_head()] {
        let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
    assert_eq!(place.layout.audit_key().metadata().unwrap().len(), 32);
}

#[test]
fn the_table_takes_no_change() {
    // Seen red: without the trigger for changes.
    let place = Place::with(3);
    let connection = Connection::open(place.layout.audit()).unwrap();
    for statement in ["UPDATE entries SET reason = 'none'", "DELETE FROM entries WHERE seq = 3"] {
        let said = connection.execute(statement, []).unwrap_err().to_string();
        assert!(said.contains("append only"), "{statement}: {said}");
    }
}

#[test]
fn each_kind_of_tampering_is_told_with_its_place() {
    // Seen red: with an entry in the place of another taken for an edited one.
    let swap = "UPDATE entries SET seq = -1 WHERE seq = 2; UPDATE entries SET seq = 2 WHERE seq = 4;
        UPDATE entries SET seq = 4 WHERE seq = -1;";
    let cases = [
        ("UPDATE entries SET reason = 'another' WHERE seq = 3", 3, "edited"),
        ("UPDATE entries SET at = at + 1 WHERE seq = 1", 1, "edited"),
        ("UPDATE entries SET correlation = '' WHERE seq = 2", 2, "edited"),
        ("UPDATE entries SET hash = zeroblob(32) WHERE seq = 5", 5, "edited"),
        ("UPDATE entries SET hash = zeroblob(3) WHERE seq = 5", 5, "damaged"),
        (swap, 2, "reordered"),
        ("UPDATE entries SET seq = 9 WHERE seq = 3", 3, "reordered"),
        ("DELETE FROM entries WHERE seq = 3", 3, "missing"),
        ("DELETE FROM entries WHERE seq = 1", 1, "missing"),
        ("DELETE FROM entries WHERE seq = 5", 5, "cut"),
        ("DELETE FROM entries WHERE seq > 2", 3, "cut"),
        ("DELETE FROM entries", 1, "cut"),
        ("DROP TABLE entries", 1, "damaged"),
        (
            "INSERT INTO entries SELECT 6, at, who, correlation, action, target, reason, outcome, hash
            FROM entries WHERE seq = 5",
            6,
            "edited",
        ),
    ];
    for (statement, seq, how) in cases {
        let place = Place::with(5);
        place.tamper(statement);
        assert_eq!(kind(&place.verify()), (seq, how, None), "{statement}");
        // And for ever after, with the next owner's own trail whole.
        let file = "audit.damaged-9.db";
        assert_eq!(kind(&place.reopened(9)), (seq, how, Some(file)), "{statement}");
        assert_eq!(place.actions(), ["began anew"]);
        assert_eq!(kind(&place.reopened(10)), (seq, how, Some(file)), "{statement}");
        assert_eq!(place.aside(), [file, "audit.damaged-9.head"], "{statement}");
    }
}

#[test]
fn a_file_that_is_gone_or_no_database_is_told() {
    // Seen red: with one that is gone taken for one without a key.
    let place = Place::with(5);
    std::fs::remove_file(place.layout.audit()).unwrap();
    assert_eq!(kind(&place.verify()), (1, "gone", None));
    assert_eq!(kind(&place.reopened(9)), (1, "gone", None));
    let place = Place::with(5);
    std::fs::remove_file(place.layout.audit()).unwrap();
    std::fs::remove_file(place.layout.audit_head()).unwrap();
    assert_eq!(kind(&place.reopened(9)), (1, "gone", None));
    let place = Place::with(5);
    std::fs::write(place.layout.audit(), "no database at all, however long this may be").unwrap();
    assert_eq!(kind(&place.verify()), (1, "damaged", None));
    assert_eq!(kind(&place.reopened(9)), (1, "damaged", Some("audit.damaged-9.db")));
}

#[test]
fn a_head_that_is_edited_gone_or_an_older_one_is_told() {
    // Seen red: with an older head believed.
    let head = |place: &Place| std::fs::read_to_string(place.layout.audit_head()).unwrap();
    let edited = Place::with(5);
    let text = head(&edited).replace("\"seq\": 5", "\"seq\": 4");
    std::fs::write(edited.layout.audit_head(), text).unwrap();
    let gone = Place::with(5);
    std::fs::remove_file(gone.layout.audit_head()).unwrap();
    let older = Place::with(4);
    let old = head(&older);
    older.open(8).append(record(5));
    std::fs::write(older.layout.audit_head(), old).unwrap();
    for place in [edited, gone, older] {
        assert_eq!(kind(&place.verify()), (6, "head", None));
        assert_eq!(kind(&place.reopened(9)), (6, "head", Some("audit.damaged-9.db")));
    }
}

#[test]
fn without_its_key_nothing_can_be_told_now_or_later() {
    // Seen red: with a trail aside without a key taken for one that was tampered with.
    for key in [None, Some("too short")] {
        let place = Place::with(5);
        std::fs::remove_file(place.layout.audit_key()).unwrap();
        if let Some(key) = key {
            std::fs::write(place.layout.audit_key(), key).unwrap();
        }
        let said = |verdict| match verdict {
            Verdict::CannotTell { reason } => reason,
            other => panic!("{other:?}"),
        };
        assert!(said(place.verify()).contains("audit.key"));
        let after = said(place.reopened(9));
        assert!(after.contains("the key of audit.damaged-9.db is gone"), "{after}");
        // What is changed in the new one is told all the same.
        place.tamper("UPDATE entries SET reason = 'another'");
        assert_eq!(kind(&place.verify()), (1, "edited", None));
    }
    // Another's key.
    let place = Place::with(5);
    std::fs::write(place.layout.audit_key(), [9; 32]).unwrap();
    assert_eq!(kind(&place.verify()), (1, "edited", None));
}

#[test]
fn the_first_record_names_what_was_kept_aside_and_both_are_walked() {
    // Seen red: with a trail aside that was changed again taken for another's.
    let place = Place::with(5);
    let verified = place.newest()[2].hash.clone();
    place.tamper("UPDATE entries SET reason = 'another' WHERE seq = 4");
    let mut audit = place.open(9);
    audit.append(record(6));
    let first = &place.newest()[0].record;
    assert_eq!((first.action.as_str(), first.target.as_str()), ("began anew", "audit.damaged-9.db"));
    assert_eq!(first.reason, format!("the trail before was edited at 4 and verified up to 3 {verified}"));
    assert_eq!(place.newest()[1].seq, 2);
    // What was kept aside is changed again, then taken away.
    let aside = place.layout.folder().join("audit.damaged-9.db");
    tamper(&aside, "UPDATE entries SET reason = 'a third' WHERE seq = 2");
    assert_eq!(kind(&place.verify()), (2, "edited", Some("audit.damaged-9.db")));
    std::fs::remove_file(&aside).unwrap();
    assert_eq!(kind(&place.verify()), (1, "edited", Some("audit.damaged-9.db")));
    // A second one, and the first is still known.
    place.tamper("DELETE FROM entries WHERE seq = 2");
    assert_eq!(kind(&place.reopened(10)), (2, "cut", Some("audit.damaged-10.db")));
}
