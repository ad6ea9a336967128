//! A disk that refuses: nothing fails, it is told, and what was done is written down when that works again.

use super::*;
use crate::clock::{Clock, SystemClock};

/// Makes every write of the head fail, as a full disk does: a folder stands where its new file would.
fn refuse(place: &Place) -> std::path::PathBuf {
    let path = place.layout.folder().join("audit.head.new");
    std::fs::create_dir(&path).unwrap();
    path
}

#[test]
fn what_the_disk_refuses_is_written_later_after_a_note_of_the_gap() {
    // Seen red: without the note.
    let place = Place::with(1);
    let mut audit = place.open(8);
    let refusing = refuse(&place);
    (2..=4).for_each(|number| audit.append(record(number)));
    audit.tend(at(0), Wall(5));
    assert!(audit.fresh().is_empty());
    assert!(audit.check().unwrap_err().contains("3 entries wait, 0 are lost"), "{:?}", audit.check());
    assert_eq!(whole(&place.verify()), 1);
    std::fs::remove_dir(refusing).unwrap();
    // Not at every turn.
    audit.tend(at(0), Wall(5));
    assert!(audit.check().is_err());
    audit.tend(at(1), Wall(6));
    assert_eq!(audit.check(), Ok(()));
    assert_eq!(audit.fresh().len(), 4);
    assert_eq!(place.actions(), ["restart", "gap", "restart", "restart", "restart"]);
    let gap = place.newest()[1].record.clone();
    assert!(gap.reason.contains("3 entries follow late") && gap.at == Wall(6), "{}", gap.reason);
    assert_eq!(place.newest()[4].record, record(4));
    assert_eq!(whole(&place.verify()), 5);
}

#[test]
fn what_was_written_although_an_error_was_told_is_not_written_twice() {
    // Seen red: with what was settled left among what waits.
    let place = Place::with(1);
    let mut audit = place.open(8);
    let next = record(2);
    let trail = audit.trail.as_mut().unwrap();
    let link = trail.announce(&next).unwrap();
    trail.ledger.insert(link, &next).unwrap();
    let refusing = refuse(&place);
    audit.append(next.clone());
    assert!(audit.check().is_err());
    std::fs::remove_dir(refusing).unwrap();
    audit.tend(at(0), Wall(5));
    assert_eq!(place.actions(), ["restart", "restart", "gap"]);
    assert_eq!(place.newest()[1].record, next);
    assert_eq!(whole(&place.verify()), 3);
}

#[test]
fn a_trail_that_another_program_holds_is_waited_for_and_not_for_long() {
    // Seen red: without the note of the gap.
    let place = Place::with(1);
    let mut audit = place.open(8);
    let holder = Connection::open(place.layout.audit()).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    audit.append(record(2));
    audit.append(record(3));
    assert!(audit.check().unwrap_err().contains("locked"), "{:?}", audit.check());
    holder.execute_batch("ROLLBACK").unwrap();
    audit.tend(at(0), Wall(5));
    assert_eq!(place.actions(), ["restart", "gap", "restart", "restart"]);
    assert_eq!(whole(&place.verify()), 4);
}

#[test]
fn a_trail_that_cannot_be_opened_is_opened_later() {
    // Seen red: with turns that open nothing.
    let place = Place::new();
    let refusing = refuse(&place);
    let mut audit = place.open(8);
    audit.append(record(1));
    assert!(audit.check().is_err() && audit.head().is_none());
    std::fs::remove_dir(refusing).unwrap();
    tended(&mut audit, at(0), Wall(9));
    assert_eq!(place.actions(), ["gap", "restart"]);
    assert_eq!(whole(&place.verify()), 2);
    // One from a newer version is left alone.
    tamper(&place.layout.audit(), "PRAGMA user_version = 99");
    let mut audit = place.open(10);
    audit.append(record(3));
    assert!(audit.check().unwrap_err().contains("newer version"), "{:?}", audit.check());
    assert!(place.aside().is_empty());
}

#[test]
fn a_trail_that_cannot_be_opened_is_tried_less_and_less_often() {
    // Seen red: with a pause that does not grow.
    let place = Place::with(1);
    // Each try finds it cut, and cannot begin another.
    place.tamper("DELETE FROM entries");
    let refusing = refuse(&place);
    let mut audit = place.open(8);
    audit.append(record(2));
    let mut tries = Vec::new();
    for second in 0..200 {
        audit.tend(at(second), Wall(9));
        if audit.tried == Some(at(second)) {
            tries.push(second);
        }
        while audit.reopening.is_some() {
            audit.hear(Duration::from_secs(1), Wall(9));
        }
    }
    assert_eq!(tries, [0, 4, 12, 28, 58, 88, 118, 148, 178]);
    std::fs::remove_dir(refusing).unwrap();
    tended(&mut audit, at(208), Wall(9));
    assert_eq!(audit.tried, None, "it works");
    assert_eq!(place.actions(), ["began anew", "gap", "restart"]);
}

#[test]
fn what_waits_when_all_ends_is_written_if_that_goes_by_then() {
    // Seen red: without a last try.
    for held in [true, false] {
        let place = Place::with(1);
        let holder = Connection::open(place.layout.audit()).unwrap();
        let alone = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; PRAGMA application_id = 1;";
        holder.execute_batch(alone).unwrap();
        let mut audit = place.open(8);
        audit.append(record(2));
        let mut holder = Some(holder);
        if !held {
            drop(holder.take());
        }
        drop(audit);
        drop(holder);
        let written = place.newest().into_iter().any(|entry| entry.record == record(2));
        assert_eq!(written, !held);
        whole(&place.verify());
    }
}

#[test]
fn a_trail_that_another_holds_while_it_is_opened_keeps_no_turn_waiting() {
    // Seen red: with an opening on the loop's own thread: 5 s.
    let place = Place::new();
    let refusing = refuse(&place);
    let mut audit = place.open(8);
    std::fs::remove_dir(&refusing).unwrap();
    drop(place.open(8));
    // Even who reads waits for one who has it for himself.
    let holder = Connection::open(place.layout.audit()).unwrap();
    let alone = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; PRAGMA application_id = 1;";
    holder.execute_batch(alone).unwrap();
    let clock = SystemClock::new();
    let began = clock.now();
    audit.tend(at(0), Wall(9));
    assert!(clock.now().since(began) < Duration::from_secs(2), "{:?}", clock.now().since(began));
    audit.append(record(1));
    holder.execute_batch("ROLLBACK").unwrap();
    drop(holder);
    tended(&mut audit, at(100), Wall(10));
    tended(&mut audit, at(200), Wall(11));
    assert_eq!(place.newest().pop().unwrap().record, record(1));
}

#[test]
fn so_much_is_kept_in_mind_and_the_rest_is_counted() {
    // Seen red: with the rest not counted.
    let place = Place::with(1);
    let mut audit = place.open(8);
    let refusing = refuse(&place);
    (0..KEPT as i64 + 7).for_each(|number| audit.append(record(number)));
    assert!(audit.check().unwrap_err().contains("7 are lost"));
    std::fs::remove_dir(refusing).unwrap();
    audit.waiting.truncate(2);
    audit.tend(at(0), Wall(9));
    let gap = place.newest()[1].record.reason.clone();
    assert!(gap.contains("7 were lost"), "{gap}");
}
