use jarvis::clock::Wall;

use super::*;

fn used(number: usize) -> Usage {
    Usage { id: format!("a-{number}"), at: Wall(0), what: "take_recorded".to_owned(), detail: None }
}

fn ids(used: &[Usage]) -> Vec<String> {
    used.iter().map(|used| used.id.clone()).collect()
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

/// All of it, as a supervisor that keeps everything is told.
fn tell_all(spool: &mut Spool) -> Vec<String> {
    let mut told = Vec::new();
    while !spool.is_empty() {
        let due = ids(&spool.due(64));
        spool.kept(&due);
        told.extend(due);
    }
    told
}

#[test]
fn what_a_killed_program_left_is_told_by_the_next_and_then_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::own(folder.path(), "one");
    spool.keep((0..3).map(used)).unwrap();
    // Seen red: with no lock, the spool of a program that lives is adopted.
    assert!(Spool::adopt(folder.path()).is_none(), "its program lives");
    spool.kept(&["a-1".to_owned()]);
    // As a kill leaves it: the lock is gone, the file is not.
    drop(spool.file.take());
    std::mem::forget(spool);
    let mut left = Spool::adopt(folder.path()).unwrap();
    assert!(Spool::adopt(folder.path()).is_none(), "it is adopted");
    assert_eq!(tell_all(&mut left), ["a-0", "a-1", "a-2"]);
    drop(left);
    assert_eq!(files(folder.path()), 0);
}

#[cfg(unix)]
#[test]
fn it_is_its_user_s_alone() {
    // Seen red: with folders of mode 0755.
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let within = folder.path().join("jarvis/spool");
    let mut spool = Spool::own(&within, "one");
    spool.keep([used(0)]).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&within.join("one.spool")), 0o600);
    assert_eq!((mode(&within), mode(within.parent().unwrap())), (0o700, 0o700));
}

#[test]
fn a_torn_line_is_passed_over_and_a_damaged_one_is_counted() {
    // Seen red: with a torn line counted as damaged.
    let folder = tempfile::tempdir().unwrap();
    let mut text: Vec<String> = (0..4).map(|number| line::write(&used(number)).unwrap()).collect();
    text[1] = text[1].replace("take", "bake");
    let torn = text[3].len() / 2;
    text[3].truncate(torn);
    std::fs::write(folder.path().join("left.spool"), text.concat()).unwrap();
    let mut left = Spool::adopt(folder.path()).unwrap();
    assert_eq!(tell_all(&mut left), ["a-0", "a-2"]);
    assert_eq!(left.damaged(), 1);
}

#[test]
fn a_long_wait_is_on_disk_and_not_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::own(folder.path(), "one");
    for batch in 0..50 {
        spool.keep((batch * 100..(batch + 1) * 100).map(used)).unwrap();
        assert!(spool.waiting() <= WINDOW, "{}", spool.waiting());
    }
    // Seen red: with `read` moved on by the whole chunk, the line at its end is torn and lost.
    assert_eq!(tell_all(&mut spool), (0..5_000).map(|number| format!("a-{number}")).collect::<Vec<_>>());
    assert_eq!(spool.damaged(), 0);
    spool.keep([used(7_000)]).unwrap();
    assert_eq!(tell_all(&mut spool), ["a-7000"], "it goes on after it was emptied");
}

#[test]
fn without_room_it_is_kept_in_memory_and_told_from_there() {
    // Seen red: with only what is on the disk told.
    let folder = tempfile::tempdir().unwrap();
    // A file stands where its folder should be.
    let place = folder.path().join("spool");
    std::fs::write(&place, "").unwrap();
    let mut spool = Spool::own(&place, "one");
    spool.keep([used(1), used(2)]).unwrap_err();
    assert_eq!(ids(&spool.due(64)), ["a-1", "a-2"]);
    spool.kept(&["a-1".to_owned()]);
    std::fs::remove_file(&place).unwrap();
    spool.keep([used(3)]).unwrap();
    assert_eq!(spool.unwritten(), 0);
    assert_eq!(tell_all(&mut spool), ["a-2", "a-3"]);
}
