//! The file is taken away, or another is put in its place, while the owner has it open.

use super::*;

fn remove(place: &Place, ends: &[&str]) {
    for end in ends {
        let _ = std::fs::remove_file(format!("{}{end}", place.layout.audit().display()));
    }
}

#[test]
fn a_trail_removed_while_it_is_in_use_is_begun_anew_and_says_so() {
    // Seen red: with turns that do not look.
    for ends in [&[""][..], &["", "-wal", "-shm"]] {
        let place = Place::with(3);
        let mut audit = place.open(8);
        remove(&place, ends);
        tended(&mut audit, at(1), Wall(9));
        let first = place.newest()[0].record.clone();
        assert_eq!((first.action.as_str(), first.at), ("began anew", Wall(9)));
        assert!(first.reason.starts_with("the trail before was gone"), "{}", first.reason);
        let gap = place.newest()[1].record.clone();
        assert!(gap.reason.contains("audit.db was removed while it was in use"), "{}", gap.reason);
        assert!(audit.check().unwrap_err().contains("begun anew"), "{:?}", audit.check());
        assert_eq!(kind(&place.verify()), (1, "gone", None));
        audit.append(record(4));
        assert_eq!(place.newest()[2].record, record(4));
        // Said for five minutes, and known for ever.
        audit.tend(at(2), Wall(10 + TELL_MS as i64));
        assert_eq!(audit.check(), Ok(()));
        assert_eq!(kind(&place.reopened(10)), (1, "gone", None));
    }
}

#[test]
fn nothing_is_written_to_a_trail_that_nobody_finds() {
    // Seen red: without a look before each entry.
    let place = Place::with(3);
    let mut audit = place.open(8);
    remove(&place, &[""]);
    audit.append(record(4));
    assert!(audit.check().unwrap_err().contains("removed"), "{:?}", audit.check());
    tended(&mut audit, at(1), Wall(9));
    assert_eq!(place.actions(), ["began anew", "gap", "restart"]);
    assert_eq!(place.newest()[2].record, record(4));
    assert_eq!(audit.fresh().last().map(|entry| entry.seq), Some(3));
}

#[test]
fn another_in_the_place_of_the_trail_is_noticed_and_judged() {
    // Seen red: with turns that do not look.
    let place = Place::with(3);
    let older = std::fs::read(place.layout.audit()).unwrap();
    let mut audit = place.open(8);
    audit.append(record(4));
    crate::durable::publish(&place.layout.audit(), &older).unwrap();
    remove(&place, &["-wal", "-shm"]);
    tended(&mut audit, at(1), Wall(9));
    assert_eq!(place.actions(), ["began anew", "gap"]);
    assert!(place.newest()[1].record.reason.contains("replaced by another file"), "{:?}", place.newest());
    assert_eq!(kind(&place.verify()), (4, "cut", Some("audit.damaged-9.db")));
    // A copy of what is there is no tampering, and is told all the same.
    let place = Place::with(3);
    let mut audit = place.open(8);
    let same = std::fs::read(place.layout.audit()).unwrap();
    crate::durable::publish(&place.layout.audit(), &same).unwrap();
    tended(&mut audit, at(1), Wall(9));
    assert!(audit.check().unwrap_err().contains("replaced by another file"), "{:?}", audit.check());
    assert_eq!(place.actions(), ["restart", "restart", "restart", "gap"]);
    assert_eq!(whole(&place.verify()), 4);
}

#[test]
fn a_trail_that_was_taken_away_with_head_and_key_is_missed_where_there_is_a_history() {
    // Seen red: with “whole, without an entry”.
    let place = Place::with(3);
    std::fs::write(place.layout.events(), "").unwrap();
    remove(&place, &["", "-wal", "-shm"]);
    std::fs::remove_file(place.layout.audit_head()).unwrap();
    std::fs::remove_file(place.layout.audit_key()).unwrap();
    assert_eq!(place.verify(), Verdict::CannotTell { reason: "audit.key is gone".to_owned() });
}
