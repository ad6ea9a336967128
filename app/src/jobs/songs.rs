//! Jobs on whole songs: open, make, close, copy, the demo.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use dawg_media::{MediaError, Progress};
use dawg_session::store::AUDIO_FOLDER;
use dawg_session::{Access, Name, Session, SongId, Store, StoreError, Tempo};

use super::Outcome;
use crate::song::{OpenSong, missing};
use crate::{copying, demo as demo_song};

/// How long to wait for the sound thread and running captures to let go of a song.
const LETTING_GO: Duration = Duration::from_secs(10);

/// The rate of a song that nobody chose one for: what most devices have.
const USUAL_RATE: u32 = 48_000;

/// Opens a song. Recordings that were interrupted become takes first.
#[must_use]
pub fn open(folder: PathBuf, access: Access) -> Outcome {
    match OpenSong::open(&folder, access) {
        Ok(song) => Outcome::Opened(Box::new(song)),
        Err(error) => Outcome::NotOpened { folder, access, error },
    }
}

/// Makes a song, with the folders above it, and opens it.
#[must_use]
pub fn create(folder: PathBuf, session: &Session) -> Outcome {
    let parent = folder.parent().unwrap_or(Path::new("."));
    let made = make_folders(parent).and_then(|()| OpenSong::create(&folder, session));
    match made {
        Ok(song) => Outcome::Opened(Box::new(song)),
        Err(error) => Outcome::NotOpened { folder, access: Access::Write, error },
    }
}

/// Makes a song “Untitled” in this folder, under a name that is free, and opens it.
#[must_use]
pub fn untitled(folder: &Path) -> Outcome {
    let made = Name::new("Untitled").map_err(anyhow::Error::from).and_then(|name| {
        make_folders(folder)?;
        create_untitled(folder, &name)
    });
    match made {
        Ok(song) => Outcome::Opened(Box::new(song)),
        Err(error) => {
            Outcome::NotOpened { folder: folder.join("Untitled.dawg"), access: Access::Write, error }
        }
    }
}

fn create_untitled(folder: &Path, name: &Name) -> anyhow::Result<OpenSong> {
    let mut number = 1;
    loop {
        let to = match number {
            1 => folder.join("Untitled.dawg"),
            number => folder.join(format!("Untitled {number}.dawg")),
        };
        number += 1;
        // An empty folder is free for `Store::create`; somebody made it for something else all the same.
        if to.symlink_metadata().is_ok() {
            continue;
        }
        let session = Session::new(SongId::fresh(), name.clone(), USUAL_RATE, Tempo::DEFAULT);
        match OpenSong::create(&to, &session) {
            // Another program was quicker.
            Err(error) if matches!(error.downcast_ref(), Some(StoreError::Exists(_))) => {}
            made => return made,
        }
    }
}

fn make_folders(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| MediaError::io(folder, error)).with_context(|| {
        format!("the folder {} could not be made: choose another place for the song", folder.display())
    })
}

/// Closes a song's store, with a snapshot. The sound thread and the capture writer may hold it for a moment more.
#[must_use]
pub fn close(folder: PathBuf, store: Arc<Store>) -> Outcome {
    let start = Instant::now();
    let mut held = store;
    let store = loop {
        match Arc::try_unwrap(held) {
            Ok(store) => break store,
            // Whoever has it writes all there is to write when they let go; only the snapshot will be missing.
            Err(_) if start.elapsed() > LETTING_GO => {
                tracing::warn!(folder = %folder.display(), "a song is still held and ends without a snapshot");
                return Outcome::Closed(folder);
            }
            Err(again) => held = again,
        }
        std::thread::park_timeout(Duration::from_millis(10));
    };
    if let Err(error) = store.close() {
        // Every step that was committed is safe; the next opening replays more of them.
        tracing::warn!(folder = %folder.display(), %error, "a song was closed without its last snapshot");
    }
    Outcome::Closed(folder)
}

/// Copies a song with its audio.
#[must_use]
pub fn copy(store: &Arc<Store>, session: &Arc<Session>, to: PathBuf, progress: &Progress) -> Outcome {
    let copied = copying::copy(store, &to, progress);
    match copied {
        Ok(_) => {
            let audio = store.folder().join(AUDIO_FOLDER);
            let missing: Vec<&str> =
                missing(session, &audio).into_iter().map(|media| media.file.as_str()).collect();
            let note = match missing.as_slice() {
                [] => String::new(),
                missing => format!("Missing there as in the original: {}", missing.join(", ")),
            };
            Outcome::Copied { folder: to, note }
        }
        Err(error) => super::ended(error, progress, "The song was not copied", None),
    }
}

/// Makes the demo song unless it is there.
#[must_use]
pub fn demo(folder: PathBuf, progress: &Progress) -> Outcome {
    if folder.symlink_metadata().is_ok() {
        return Outcome::DemoReady(folder);
    }
    let parent = folder.parent().unwrap_or(Path::new("."));
    let made = make_folders(parent).and_then(|()| demo_song::build(&folder, progress));
    match made {
        Ok(()) => Outcome::DemoReady(folder),
        Err(error) => super::ended(error, progress, "The demo song was not made", None),
    }
}
