//! The store under every hazard that can be provoked here. Killing the whole program is the end-to-end tests' part.

mod at_hand;
mod captures;
mod damage;
mod frozen;
mod full_disk;
mod opening;
mod replay;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::testing::{name, song, transaction};
use crate::*;

/// A folder for a song, removed at the end.
pub(super) struct Place {
    pub(super) root: TempDir,
    pub(super) song: PathBuf,
}

impl Place {
    pub(super) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let song = root.path().join("My 项目 🎵 100%.dawg");
        Self { root, song }
    }

    /// A song of two tracks with two clips each, opened.
    pub(super) fn with_song() -> (Self, Opened) {
        let place = Self::new();
        Store::create(&place.song, &song(2, 2)).unwrap().close().unwrap();
        let opened = place.open();
        (place, opened)
    }

    pub(super) fn open(&self) -> Opened {
        Store::open(&self.song, Access::Write).unwrap()
    }

    pub(super) fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.song.join("song.db")).unwrap()
    }

    pub(super) fn sql(&self, sql: &str) {
        self.database().execute_batch(sql).unwrap();
    }

    pub(super) fn count(&self, sql: &str) -> i64 {
        self.database().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

pub(super) fn rename(text: &str) -> Transaction {
    transaction(text, vec![Edit::SetSongName { name: name(text) }])
}

/// Renames the song `from`, …, `to`, each safe on disk.
pub(super) fn renames(opened: &mut Opened, numbers: std::ops::RangeInclusive<i64>) {
    let rows = numbers.map(|n| opened.document.commit(rename(&n.to_string()), n).unwrap()).collect();
    opened.store.append_all(rows).wait().unwrap();
}

pub(super) fn title(opened: &Opened) -> String {
    opened.document.session().name.as_str().to_owned()
}

pub(super) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
