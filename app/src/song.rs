//! The song that a person works on: its folder, its store, its history.
//!
//! For the command line and the window. Start at [`OpenSong::open`]; every change goes through
//! [`OpenSong::commit`], which returns when the disk has it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use dawg_engine::capture;
use dawg_media::files::sweep;
use dawg_session::store::{AUDIO_FOLDER, EXPORTS_FOLDER, PEAKS_FOLDER};
use dawg_session::{
    Access, CaptureId, CaptureRow, Document, Edit, Media, MediaId, Opened, Row, Session, Store, StoreError,
    Transaction, now_ms,
};

/// Who changes a song from here, as its history says.
const AUTHOR: &str = "command line";

/// How long to wait for another command that has the song open: most take a moment.
const PATIENCE: Duration = Duration::from_secs(2);

fn open_patiently(folder: &Path, access: Access) -> Result<Opened, StoreError> {
    let start = Instant::now();
    loop {
        match Store::open(folder, access) {
            Err(StoreError::OpenElsewhere(_)) if start.elapsed() < PATIENCE => {
                std::thread::park_timeout(Duration::from_millis(30));
            }
            opened => return opened,
        }
    }
}

/// The media of a song whose files are not in its audio folder.
#[must_use]
pub fn missing<'a>(session: &'a Session, audio: &Path) -> Vec<&'a Arc<Media>> {
    session.media.values().filter(|media| !audio.join(&media.file).is_file()).collect()
}

/// What to tell whoever wants to hear a song of files that are missing; none when no clip shows them.
#[must_use]
pub fn silent_clips(session: &Session, audio: &Path) -> Option<String> {
    let shown: BTreeSet<MediaId> = session.clips().map(|(_, _, clip)| clip.media).collect();
    let lost = missing(session, audio).into_iter().filter(|media| shown.contains(&media.id));
    let missing: Vec<&str> = lost.map(|media| media.file.as_str()).collect();
    (!missing.is_empty()).then(|| {
        format!(
            "audio is missing: {}. `ai-dawg relink SONG FOLDER` mends it when FOLDER has the files",
            missing.join(", ")
        )
    })
}

/// A song that is open.
#[derive(Debug)]
pub struct OpenSong {
    store: Arc<Store>,
    document: Document,
    notices: Vec<String>,
    unfinished: Vec<CaptureRow>,
}

impl OpenSong {
    /// Makes a song and opens it for writing.
    ///
    /// # Errors
    /// As [`Store::create`].
    pub fn create(folder: &Path, session: &Session) -> Result<Self> {
        Store::create(folder, session)?.close()?;
        Self::open(folder, Access::Write)
    }

    /// Opens a song. For writing, recordings that were interrupted become takes first.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open(folder: &Path, access: Access) -> Result<Self> {
        let mut song = Self::open_as_left(folder, access)?;
        match access {
            Access::Write => song.recover(),
            Access::ReadOnly => song.tell_of_unfinished(),
        }
        Ok(song)
    }

    /// Opens a song without making takes of what was interrupted; [`recover`](Self::recover) does.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_as_left(folder: &Path, access: Access) -> Result<Self> {
        let Opened { store, document, report, unfinished } = open_patiently(folder, access)?;
        let song = Self { store: Arc::new(store), document, notices: report.messages(), unfinished };
        if access == Access::Write {
            // What a killed program left half-made. The lock is ours, so nobody is at work on it.
            for folder in [song.audio_folder(), song.peaks_folder()] {
                sweep(&folder);
            }
        }
        Ok(song)
    }

    /// Makes takes of recordings that were interrupted. One that cannot be placed is told and tried again at the
    /// next opening; it never keeps the song from being worked on.
    pub fn recover(&mut self) {
        for capture in std::mem::take(&mut self.unfinished) {
            let name = capture.name.clone();
            let file = self.audio_folder().join(&capture.file);
            let found = capture::recover(self.session(), &self.audio_folder(), vec![capture]);
            let done = if found.edits.is_empty() {
                self.store.finish_captures(found.finished, None).wait().map_err(anyhow::Error::from)
            } else {
                self.commit_captured("Recover interrupted recording", found.edits, found.finished).map(drop)
            };
            match done {
                Ok(()) => {
                    self.notices.extend(found.notices);
                    found.unwanted.iter().for_each(|row| capture::remove(self.store.folder(), row));
                }
                Err(error) => self.notices.push(format!(
                    "the interrupted recording on “{name}” could not be put into the song ({error:#}). What was \
                     recorded is safe in {}: import it from there",
                    file.display()
                )),
            }
        }
    }

    /// The song as it is now.
    #[must_use]
    pub fn session(&self) -> &Arc<Session> {
        self.document.session()
    }

    /// Its history.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Where its changes go; shared with the capture writer.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// What was found on opening, a sentence each. Empty when all is well.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The song's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.store.folder()
    }

    /// Where its audio files lie.
    #[must_use]
    pub fn audio_folder(&self) -> PathBuf {
        self.folder().join(AUDIO_FOLDER)
    }

    /// Where its peak files lie.
    #[must_use]
    pub fn peaks_folder(&self) -> PathBuf {
        self.folder().join(PEAKS_FOLDER)
    }

    /// Where its exports go by custom.
    #[must_use]
    pub fn exports_folder(&self) -> PathBuf {
        self.folder().join(EXPORTS_FOLDER)
    }

    /// The audio files that are not where they should be.
    #[must_use]
    pub fn missing(&self) -> Vec<&Arc<Media>> {
        missing(self.session(), &self.audio_folder())
    }

    /// What to tell whoever wants to hear the song of files that are missing; none when no clip shows them.
    #[must_use]
    pub fn silent_clips(&self) -> Option<String> {
        silent_clips(self.session(), &self.audio_folder())
    }

    /// Applies Edits as one step of history, and waits until the disk has them. Returns the step's number.
    ///
    /// # Errors
    /// When an Edit does not fit (none is applied then), or the disk fails.
    pub fn commit(&mut self, label: &str, edits: Vec<Edit>) -> Result<i64> {
        self.commit_captured(label, edits, Vec::new())
    }

    /// The same, and these captures are finished with it.
    ///
    /// # Errors
    /// As [`commit`](Self::commit).
    pub fn commit_captured(
        &mut self,
        label: &str,
        edits: Vec<Edit>,
        captures: Vec<CaptureId>,
    ) -> Result<i64> {
        let transaction = Transaction { author: AUTHOR.to_owned(), label: label.to_owned(), edits };
        let row = self.document.commit(transaction, now_ms())?;
        let seq = row.seq;
        self.store.finish_captures(captures, Some(row)).wait()?;
        Ok(seq)
    }

    /// Takes back the last step. Returns its label and the new step's number; none when there is nothing.
    ///
    /// # Errors
    /// When it cannot be taken back any more, or the disk fails.
    pub fn undo(&mut self) -> Result<Option<(String, i64)>> {
        let row = self.document.undo(AUTHOR, now_ms())?;
        self.save(row)
    }

    /// Repeats the last step that was taken back. Returns its label and the new step's number; none when there is
    /// nothing.
    ///
    /// # Errors
    /// When it cannot be repeated any more, or the disk fails.
    pub fn redo(&mut self) -> Result<Option<(String, i64)>> {
        let row = self.document.redo(AUTHOR, now_ms())?;
        self.save(row)
    }

    /// Where its changes go, its history, and what was found on opening: for the window, which waits for nothing.
    #[must_use]
    pub fn into_parts(self) -> (Arc<Store>, Document, Vec<String>) {
        (self.store, self.document, self.notices)
    }

    /// Closes it, with a snapshot so that the next opening is quick.
    ///
    /// # Errors
    /// When the snapshot cannot be written; every committed step is safe even then.
    pub fn close(self) -> Result<()> {
        let Self { store, document, .. } = self;
        drop(document);
        // Someone still holding the store would be a capture that is not finished: then it ends without a snapshot.
        Arc::into_inner(store)
            .map_or(Ok(()), Store::close)
            .context("the last changes are safe, but closing failed")
    }

    fn save(&self, row: Option<Row>) -> Result<Option<(String, i64)>> {
        let Some(row) = row else { return Ok(None) };
        let said = (row.label.clone(), row.seq);
        self.store.append(row).wait()?;
        Ok(Some(said))
    }

    fn tell_of_unfinished(&mut self) {
        if !self.unfinished.is_empty() {
            self.notices.push(format!(
                "{} recording(s) are running or were interrupted; the next command that changes the song makes takes \
                 of those that were interrupted",
                self.unfinished.len()
            ));
        }
    }
}
