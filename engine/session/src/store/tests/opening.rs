use super::*;
use crate::store::schema::FORMAT;

fn kind(error: &StoreError) -> String {
    format!("{error:?}").split(['(', ' ']).next().unwrap().to_owned()
}

fn refused(folder: &Path, access: Access) -> StoreError {
    Store::open(folder, access).map(drop).unwrap_err()
}

/// Seen red: without the `exports` folder.
#[test]
fn a_new_song_has_its_folders_and_is_what_was_given() {
    let place = Place::new();
    let first = song(2, 2);
    let store = Store::create(&place.song, &first).unwrap();
    assert_eq!(store.saved(), 0);
    store.close().unwrap();
    for inner in ["audio", "peaks", "exports"] {
        assert!(place.song.join(inner).is_dir());
    }
    let opened = place.open();
    assert_eq!(**opened.document.session(), first);
    assert!(opened.report.is_clean() && opened.report.messages().is_empty() && opened.unfinished.is_empty());
}

/// Seen red: without the look at what is there, the rename failed with “Not a directory” and no advice.
#[test]
fn a_song_is_made_only_where_nothing_is_and_leaves_nothing_when_refused() {
    let place = Place::new();
    let root = place.root.path();
    let make = |path: &Path| Store::create(path, &song(1, 1)).map(drop);
    std::fs::write(root.join("file"), "x").unwrap();
    std::fs::create_dir_all(root.join("full/inner")).unwrap();
    std::fs::create_dir(root.join("empty")).unwrap();
    assert_eq!(make(&root.join("file")), Err(StoreError::Exists(root.join("file"))));
    assert_eq!(make(&root.join("full")), Err(StoreError::Exists(root.join("full"))));
    assert_eq!(make(&root.join("no/where.dawg")), Err(StoreError::NoParent(root.join("no"))));
    assert_eq!(kind(&make(&root.join("..")).unwrap_err()), "BadName");
    assert_eq!(kind(&make(Path::new("")).unwrap_err()), "BadName");
    assert_eq!(kind(&make(&root.join("x".repeat(300))).unwrap_err()), "BadName");
    assert_eq!(kind(&make(&root.join("nul\0")).unwrap_err()), "BadName");
    assert_eq!(std::fs::read_dir(root).unwrap().count(), 3);
    make(&root.join("empty")).unwrap();
    assert_eq!(make(&root.join("empty")), Err(StoreError::Exists(root.join("empty"))));
}

/// Seen red: with the lock dropped after opening.
#[test]
fn a_second_writer_is_told_and_may_read() {
    let (place, mut opened) = Place::with_song();
    renames(&mut opened, 1..=3);
    let error = refused(&place.song, Access::Write);
    assert_eq!(error, StoreError::OpenElsewhere(place.song.clone()));
    assert!(error.to_string().contains("playing and exporting work meanwhile"), "{error}");
    let mut reader = Store::open(&place.song, Access::ReadOnly).unwrap();
    assert_eq!(title(&reader), "3");
    let row = reader.document.commit(rename("mine"), 0).unwrap();
    assert_eq!(kind(&reader.store.append(row).wait().unwrap_err()), "OpenedReadOnly");
    renames(&mut opened, 4..=4);
    drop(opened);
    assert_eq!(title(&place.open()), "4");
}

/// Seen red: without the first look, which left a lock file in any folder.
#[test]
fn what_is_no_song_is_named_and_left_alone() {
    let place = Place::new();
    let root = place.root.path();
    assert_eq!(refused(&root.join("nothing"), Access::Write), StoreError::NotASong(root.join("nothing")));
    assert_eq!(refused(root, Access::Write), StoreError::NotASong(root.to_owned()));
    assert_eq!(std::fs::read_dir(root).unwrap().count(), 0, "no lock file in somebody's folder");
    std::fs::write(root.join("song.db"), "").unwrap();
    assert_eq!(kind(&refused(root, Access::Write)), "NotASong");
    std::fs::write(root.join("song.db"), "not a database, but long enough to have a header".repeat(99))
        .unwrap();
    assert_eq!(kind(&refused(root, Access::Write)), "Damaged");
    std::fs::remove_file(root.join("song.db")).unwrap();
    rusqlite::Connection::open(root.join("song.db")).unwrap().execute_batch("CREATE TABLE x (y)").unwrap();
    assert_eq!(kind(&refused(root, Access::ReadOnly)), "NotASong");
}

/// Seen red: with a newer format taken for no song.
#[test]
fn a_song_of_a_newer_version_is_left_alone() {
    let (place, opened) = Place::with_song();
    opened.store.close().unwrap();
    place.sql(&format!("PRAGMA user_version = {}", FORMAT + 1));
    for access in [Access::Write, Access::ReadOnly] {
        let error = refused(&place.song, access);
        let (folder, found, known) = (place.song.clone(), FORMAT + 1, FORMAT);
        assert_eq!(error, StoreError::NewerVersion { folder, found, known });
        assert!(error.to_string().contains("update"), "{error}");
    }
    place.sql(&format!("PRAGMA user_version = {FORMAT}"));
    assert!(place.open().report.is_clean());
}

/// Root may write anywhere, so the folder is made read-only by its mount.
///
/// Seen red: without the `immutable` fall-back in `connect_reading`.
#[test]
fn a_read_only_folder_can_be_read_and_says_so_to_a_writer() {
    let (place, mut opened) = Place::with_song();
    renames(&mut opened, 1..=2);
    opened.store.close().unwrap();
    let Some(mount) = Mount::read_only(&place.song) else {
        eprintln!("SKIPPED: mounting needs root");
        return;
    };
    assert_eq!(refused(&place.song, Access::Write), StoreError::ReadOnlyFolder(place.song.clone()));
    let reader = Store::open(&place.song, Access::ReadOnly).unwrap();
    assert_eq!(title(&reader), "2");
    reader.store.close().unwrap();
    drop(mount);
}

/// A bind mount or tmpfs that ends with the test.
pub(in crate::store::tests) struct Mount(PathBuf);

impl Mount {
    fn run(arguments: &[&std::ffi::OsStr]) -> bool {
        let quiet = std::process::Stdio::null;
        let status = std::process::Command::new("mount").args(arguments).stderr(quiet()).status();
        status.is_ok_and(|status| status.success())
    }

    pub(in crate::store::tests) fn read_only(at: &Path) -> Option<Self> {
        let bound = Self::run(&["--bind".as_ref(), at.as_ref(), at.as_ref()]).then(|| Self(at.to_owned()))?;
        Self::run(&["-o".as_ref(), "remount,bind,ro".as_ref(), at.as_ref()]).then_some(bound)
    }

    pub(in crate::store::tests) fn small(at: &Path, size: &str) -> Option<Self> {
        let options = format!("size={size}");
        let arguments = ["-t", "tmpfs", "-o", &options, "tmpfs"].map(std::ffi::OsStr::new);
        Self::run(&[&arguments[..], &[at.as_ref()]].concat()).then(|| Self(at.to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // Lazily, so that a failed assertion with files still open leaves no mount behind either.
        _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
