use super::opening::Mount;
use super::*;

fn long_name(opened: &mut Opened, n: i64) -> Row {
    let text = format!("{n} {}", "x".repeat(200));
    let edits = std::iter::repeat_with(|| Edit::SetSongName { name: name(&text) }).take(100).collect();
    opened.document.commit(transaction(&n.to_string(), edits), 0).unwrap()
}

/// Fills up, is told, refuses what would leave a gap, and goes on with the same rows once there is room.
fn survives(opened: &mut Opened, make_room: impl FnOnce(&Store)) {
    let mut failed = None;
    for n in 1..1_000 {
        let row = long_name(opened, n);
        if let Err(error) = opened.store.append(row).wait() {
            failed = Some((n, error));
            break;
        }
    }
    let (first, error) = failed.expect("the disk was to become full");
    assert_eq!(error, StoreError::DiskFull(opened.store.folder().to_owned()));
    assert!(error.to_string().contains("free some room"), "{error}");
    assert_eq!(opened.store.saved(), first - 1);
    let next = long_name(opened, first + 1);
    assert_eq!(
        opened.store.append(next).wait(),
        Err(StoreError::OutOfStep { expected: first, given: first + 1 })
    );
    make_room(&opened.store);
    let unsaved = opened.document.rows_after(opened.store.saved());
    assert_eq!(unsaved.iter().map(|row| row.seq).collect::<Vec<_>>(), [first, first + 1]);
    opened.store.append_all(unsaved).wait().unwrap();
    assert_eq!(opened.store.saved(), first + 1);
}

/// Seen red: with `saved` moved on before the COMMIT.
#[test]
fn a_full_database_loses_nothing() {
    let (place, mut opened) = Place::with_song();
    opened.store.sql("PRAGMA max_page_count = 60").wait().unwrap();
    survives(&mut opened, |store| store.sql("PRAGMA max_page_count = 100000").wait().unwrap());
    let last = title(&opened);
    opened.store.close().unwrap();
    let opened = place.open();
    assert!(opened.report.is_clean());
    assert_eq!(title(&opened), last);
}

/// Seen red: with `saved` moved on before the COMMIT.
#[test]
fn a_full_disk_loses_nothing() {
    let root = tempfile::tempdir().unwrap();
    let Some(mount) = Mount::small(root.path(), "1m") else {
        eprintln!("SKIPPED: mounting needs root");
        return;
    };
    let folder = root.path().join("song.dawg");
    Store::create(&folder, &song(1, 1)).unwrap().close().unwrap();
    let ballast = root.path().join("ballast");
    std::fs::write(&ballast, vec![0; 300_000]).unwrap();
    let mut opened = Store::open(&folder, Access::Write).unwrap();
    survives(&mut opened, |_| std::fs::remove_file(&ballast).unwrap());
    let last = title(&opened);
    drop(opened);
    let opened = Store::open(&folder, Access::Write).unwrap();
    assert!(opened.report.is_clean(), "{:?}", opened.report);
    assert_eq!(title(&opened), last);
    drop(opened);
    drop(mount);
}

/// Seen red: with the hidden folder left behind.
#[test]
fn a_song_for_which_there_is_no_room_is_not_half_made() {
    let root = tempfile::tempdir().unwrap();
    let Some(mount) = Mount::small(root.path(), "16k") else {
        eprintln!("SKIPPED: mounting needs root");
        return;
    };
    let made = Store::create(&root.path().join("song.dawg"), &song(1, 1)).map(drop);
    assert!(matches!(made, Err(StoreError::DiskFull(_) | StoreError::Io { .. })), "{made:?}");
    assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 0);
    drop(mount);
}
