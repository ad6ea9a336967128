//! Damaged, locked, full, removed: the supervision goes on, nothing is invented, and little is lost.

use super::super::waiting::MOST;
use super::*;
use crate::clock::{Clock, SystemClock};
use crate::store::open;

#[test]
fn what_is_damaged_or_from_the_future_says_what_to_do() {
    // Seen red: without looking at the version.
    let at = folder();
    std::fs::write(&at.path, "no database at all, though long enough to look like a file with a header")
        .unwrap();
    assert!(SqliteStore::open(&at.path).unwrap_err().to_string().contains("move it away"));
    std::fs::remove_file(&at.path).unwrap();
    drop(SqliteStore::open(&at.path).unwrap());
    count(&at.path, "SELECT 1");
    rusqlite::Connection::open(&at.path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(SqliteStore::open(&at.path).unwrap_err().to_string().contains("newer version"));
    assert!(Reader::open(&at.path).unwrap_err().to_string().contains("newer version"));
}

#[test]
fn a_damaged_store_is_put_aside_and_a_new_one_begun() {
    // Seen red: with the damaged file removed.
    let at = folder();
    std::fs::write(&at.path, "no database at all").unwrap();
    let mut store = open(&at.path, Wall(42));
    store.set_switch(false);
    store.flush(Wall(43));
    assert!(store.check().unwrap_err().contains("damaged-42"), "a human must be told");
    drop(store);
    assert_eq!(SqliteStore::open(&at.path).unwrap().switch(), Some(false));
    let aside = at.path.with_extension("damaged-42.db");
    assert_eq!(std::fs::read(aside).unwrap(), b"no database at all");
}

/// Overwrites the middle of a file, as a bad disk would.
fn spoil(path: &Path) {
    use std::io::{Seek, SeekFrom, Write};
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    file.seek(SeekFrom::Start(8192)).unwrap();
    file.write_all(&vec![0x5a; usize::try_from(length - 8192).unwrap()]).unwrap();
}

#[test]
fn what_is_damaged_while_it_runs_is_put_aside_and_the_switch_and_what_waits_are_not_lost() {
    // Seen red: without taking the settings along.
    let at = folder();
    let mut store = SqliteStore::open(&at.path).unwrap();
    store.set_switch(false);
    (0..2000).for_each(|at| store.record(&fell(DAY + at, "coach")));
    store.flush(Wall(DAY + 2000));
    drop(store);
    let mut store = SqliteStore::open(&at.path).unwrap();
    spoil(&at.path);
    let event = fell(DAY + 5000, "producer");
    store.record(&event);
    let mut rounds = 0;
    while !std::fs::read_dir(at.path.parent().unwrap())
        .unwrap()
        .any(|entry| entry.unwrap().file_name().to_string_lossy().contains("damaged"))
    {
        rounds += 1;
        assert!(rounds < 50, "the damage is never noticed");
        store.flush(Wall(DAY + 5000 + rounds * 1000));
        let _ = store.check();
    }
    assert!(store.check().unwrap_err().contains("damaged"));
    store.flush(Wall(DAY + 100_000));
    drop(store);
    assert_eq!(SqliteStore::open(&at.path).unwrap().switch(), Some(false));
    assert!(events(&at.path).len() <= 1, "nothing is made up");
}

#[test]
fn while_another_locks_the_file_events_wait_and_are_kept_afterwards() {
    // Seen red: with what waits cleared though it was not written.
    let at = folder();
    let mut store = SqliteStore::open(&at.path).unwrap();
    let other = rusqlite::Connection::open(&at.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; INSERT INTO settings VALUES ('other', 'x')").unwrap();
    store.record(&fell(DAY, "coach"));
    store.sample(Wall(DAY), "coach", answer(3));
    store.flush(Wall(DAY));
    assert!(store.check().unwrap_err().contains("1 events wait"));
    assert_eq!(store.unwritten(), None);
    // Seen red: with a switch that is called stored though it waits.
    store.set_switch(false);
    assert!(store.unwritten().unwrap().contains("locked"), "{:?}", store.unwritten());
    assert!(store.usage(&[]).ids.is_empty());
    let too_soon = Wall(DAY + 10);
    other.execute_batch("COMMIT").unwrap();
    store.flush(too_soon);
    assert_eq!(events(&at.path), []);
    store.flush(Wall(DAY + 2000));
    assert_eq!(events(&at.path), [fell(DAY, "coach")]);
    assert_eq!((store.check(), store.unwritten()), (Ok(()), None));
}

#[test]
fn a_file_that_cannot_be_opened_yet_is_opened_later_and_autonomy_is_off_until_a_human_says() {
    // Seen red: with the file put aside, though nothing is wrong with it.
    let at = folder();
    let mut first = SqliteStore::open(&at.path).unwrap();
    first.record(&fell(DAY, "coach"));
    drop(first);
    let other = rusqlite::Connection::open(&at.path).unwrap();
    other
        .execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; INSERT INTO settings VALUES ('other', 'x')",
        )
        .unwrap();
    let mut store = open(&at.path, Wall(DAY + 1));
    assert_eq!(store.switch(), Some(false));
    store.record(&fell(DAY + 2, "coach"));
    other.execute_batch("COMMIT").unwrap();
    drop(other);
    store.flush(Wall(DAY + 5000));
    assert_eq!(store.check(), Ok(()));
    assert_eq!(events(&at.path), [fell(DAY, "coach"), fell(DAY + 2, "coach")]);
    assert_eq!(store.switch(), None, "nobody ever said");
}

#[test]
fn a_file_that_stays_locked_costs_each_turn_a_moment_and_is_not_tried_at_each() {
    // Seen red: with the 2 s of patience that there are at the beginning.
    let at = folder();
    let mut first = SqliteStore::open(&at.path).unwrap();
    first.set_switch(true);
    drop(first);
    let other = rusqlite::Connection::open(&at.path).unwrap();
    let alone =
        "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; INSERT INTO settings VALUES ('other', 'x')";
    other.execute_batch(alone).unwrap();
    let mut store = open(&at.path, Wall(DAY));
    let clock = SystemClock::new();
    let mut turns: Vec<Duration> = (1..=30)
        .map(|turn| {
            let began = clock.now();
            store.flush(Wall(DAY + turn * 100));
            clock.now().since(began)
        })
        .collect();
    turns.sort_unstable();
    // Three of these thirty turns try, each for 100 ms; a loaded machine may stop any of them for a while.
    assert!(turns[26] < Duration::from_millis(50), "tried too often: {turns:?}");
    assert!(turns.iter().sum::<Duration>() < Duration::from_millis(1500), "waited too long: {turns:?}");
    other.execute_batch("COMMIT").unwrap();
    drop(other);
    store.flush(Wall(DAY + 60_000));
    assert_eq!((store.check(), store.switch()), (Ok(()), Some(true)));
}

#[test]
fn of_too_much_that_waits_the_newest_is_kept_and_the_rest_is_counted() {
    // Seen red: with what waits cleared though it was not written.
    let at = folder();
    let mut store = SqliteStore::open(&at.path).unwrap();
    let other = rusqlite::Connection::open(&at.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; INSERT INTO settings VALUES ('other', 'x')").unwrap();
    let many = i64::try_from(MOST).unwrap() + 10;
    (0..many).for_each(|number| store.record(&fell(DAY + number, "coach")));
    store.flush(Wall(DAY + many));
    assert!(store.check().unwrap_err().contains("10 had to go"));
    other.execute_batch("COMMIT").unwrap();
    store.flush(Wall(DAY + many + 2000));
    assert_eq!(count(&at.path, &format!("SELECT min(at) - {DAY} FROM events")), 10);
    assert_eq!(count(&at.path, &format!("SELECT max(at) - {DAY} FROM events")), many - 1);
}

#[test]
fn a_file_removed_or_replaced_while_it_is_in_use_is_begun_anew_and_said_so() {
    // Seen red: without looking: all goes into a file that nobody finds.
    for (ends, how) in [(&["", "-wal", "-shm"][..], "removed"), (&[""], "removed"), (&["-wal"], "replaced")] {
        let at = folder();
        let mut store = SqliteStore::open(&at.path).unwrap();
        store.set_switch(false);
        store.flush(Wall(DAY));
        if how == "replaced" {
            let other = folder();
            drop(SqliteStore::open(&other.path).unwrap());
            crate::durable::publish(&at.path, &std::fs::read(&other.path).unwrap()).unwrap();
        }
        for end in ends {
            let _ = std::fs::remove_file(format!("{}{end}", at.path.display()));
        }
        assert!(store.check().unwrap_err().contains(how), "a human must be told");
        store.record(&fell(DAY + 1, "coach"));
        store.flush(Wall(DAY + 2000));
        assert!(store.check().unwrap_err().contains(how), "and for longer than a moment");
        store.flush(Wall(DAY + 400_000));
        assert_eq!(store.check(), Ok(()));
        std::mem::forget(store);
        assert_eq!(SqliteStore::open(&at.path).unwrap().switch(), Some(false));
        assert_eq!(events(&at.path), [fell(DAY + 1, "coach")]);
    }
}

/// A tmpfs that ends with the test.
#[cfg(target_os = "linux")]
struct Mount(PathBuf);

#[cfg(target_os = "linux")]
impl Mount {
    fn small(at: &Path) -> Option<Self> {
        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]).arg(at).stderr(std::process::Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then(|| Self(at.to_owned()))
    }
}

#[cfg(target_os = "linux")]
impl Drop for Mount {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn on_a_full_disk_what_happens_waits_and_is_written_when_there_is_room() {
    // Seen red: with what waits cleared though it was not written.
    let folder = tempfile::tempdir().unwrap();
    let Some(mount) = Mount::small(folder.path()) else {
        eprintln!("skipped: a small tmpfs cannot be mounted here");
        return;
    };
    let path = folder.path().join("events.db");
    let mut store = open(&path, Wall(DAY));
    store.record(&fell(DAY, "coach"));
    store.flush(Wall(DAY));
    let ballast = folder.path().join("ballast");
    let mut room = vec![7; 4 << 20];
    while std::fs::write(&ballast, &room).is_err() {
        room.truncate(room.len() - 4096);
    }
    (1..5000).for_each(|number| store.record(&fell(DAY + number, "coach")));
    store.flush(Wall(DAY + 5000));
    assert!(store.check().unwrap_err().contains("4999 events wait"));
    std::fs::remove_file(ballast).unwrap();
    store.flush(Wall(DAY + 10_000));
    assert_eq!(store.check(), Ok(()));
    assert_eq!(events(&path).len(), 5000);
    drop(store);
    drop(mount);
}
