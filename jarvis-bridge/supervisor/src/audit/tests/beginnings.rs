//! Whatever the moment a program is killed at, the next opening finds no tampering where there was none.

use super::*;

/// Copies the files of one place into another: what a program that is killed now would leave.
fn snapshot(place: &Place) -> Place {
    let copy = Place::new();
    for entry in std::fs::read_dir(place.layout.folder()).unwrap().flatten() {
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), copy.layout.folder().join(entry.file_name())).unwrap();
        }
    }
    copy
}

#[test]
fn killed_between_pending_and_committed_it_was_interrupted_and_not_tampered_with() {
    // Seen red: with an interruption that is not recorded.
    let place = Place::with(3);
    let mut audit = place.open(8);
    let trail = audit.trail.as_mut().unwrap();
    let next = record(4);
    let link = trail.announce(&next).unwrap();
    let announced = snapshot(&place);
    trail.ledger.insert(link, &next).unwrap();
    let inserted = snapshot(&place);
    trail.commit(link).unwrap();
    let committed = snapshot(&place);

    assert_eq!(whole(&announced.verify()), 3);
    assert_eq!(whole(&announced.reopened(9)), 4);
    let entry = announced.newest().pop().unwrap().record;
    assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("interrupted", "failed"));
    assert!(entry.reason.contains("entry 4"), "{}", entry.reason);
    for place in [inserted, committed] {
        assert_eq!(whole(&place.verify()), 4);
        assert_eq!(whole(&place.reopened(9)), 4);
        assert_eq!(place.newest()[3].record, next);
        assert!(place.aside().is_empty());
        // Now it is committed: that it is missing is no interruption any more.
        place.tamper("DELETE FROM entries WHERE seq = 4");
        assert_eq!(kind(&place.verify()), (4, "cut", None));
    }
}

#[test]
fn killed_at_any_point_of_the_beginning_it_begins_again() {
    // Seen red: with an empty head without its trail taken for one that was taken away.
    let done = Place::with(0);
    let [db, head, key] = [Layout::audit, Layout::audit_head, Layout::audit_key].map(|path| {
        let path = path(&done.layout);
        (path.file_name().unwrap().to_owned(), std::fs::read(path).unwrap())
    });
    let half = ("audit.new".into(), db.1.clone());
    for files in [vec![], vec![&half], vec![&half, &head], vec![&half, &head, &key], vec![&db, &head, &key]] {
        let place = Place::new();
        for (name, bytes) in &files {
            std::fs::write(place.layout.folder().join(name), bytes).unwrap();
        }
        assert_eq!(place.verify(), Verdict::Whole { entries: 0, head: None });
        let mut audit = place.open(9);
        audit.append(record(1));
        assert_eq!(whole(&place.verify()), 1);
        assert!(place.aside().is_empty());
    }
    // A key or a head without the rest is none of these.
    for files in [vec![&key], vec![&db, &key]] {
        let place = Place::new();
        for (name, bytes) in &files {
            std::fs::write(place.layout.folder().join(name), bytes).unwrap();
        }
        kind(&place.verify());
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "as somebody would who moves files by hand")]
fn killed_while_a_damaged_trail_is_put_aside_it_is_found_again() {
    // Seen red: with a new trail that does not look for one that lies aside.
    let place = Place::with(5);
    place.tamper("UPDATE entries SET reason = 'another' WHERE seq = 4");
    let before = snapshot(&place);
    // The head is away, and the trail is not yet.
    let layout = &before.layout;
    std::fs::rename(layout.audit_head(), layout.folder().join("audit.damaged-9.head")).unwrap();
    let head_away = snapshot(&before);
    std::fs::rename(layout.audit(), layout.folder().join("audit.damaged-9.db")).unwrap();
    let both_away = snapshot(&before);
    // The next one is made, and not in its place.
    let next = snapshot(&before);
    drop(next.open(9));
    std::fs::remove_file(next.layout.audit()).unwrap();
    let head = head::Head { committed: chain::Link::NONE, pending: None };
    head.publish(&next.layout.audit_head(), &Key::read(&next.layout).unwrap().unwrap()).unwrap();
    for (place, file) in
        [(head_away, "audit.damaged-10.db"), (both_away, "audit.damaged-9.db"), (next, "audit.damaged-9.db")]
    {
        assert!(matches!(place.verify(), Verdict::Tampered { .. }));
        assert_eq!(kind(&place.reopened(10)), (4, "edited", Some(file)));
    }
}
