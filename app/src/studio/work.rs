//! The song that is open in the window: its document, what of it is on disk, and what a gesture makes of it meanwhile.
//!
//! Start at [`Work`]. Nothing here waits: Edits are applied in memory and go to the store thread, whose tickets are
//! looked at each frame. What the disk refuses is kept and sent again.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dawg_session::store::{AUDIO_FOLDER, EXPORTS_FOLDER, PEAKS_FOLDER};
use dawg_session::{
    Access, CaptureId, Document, Edit, HistoryError, Pending, RejectedEdit, Row, Session, Store, Transaction,
    apply_all, now_ms,
};

use crate::song::OpenSong;

/// Who changes a song from here, as its history says.
const AUTHOR: &str = "window";

/// How long to wait before what the disk refused is sent again unasked.
const RETRY: Duration = Duration::from_secs(3);

/// So many steps of undo and of redo are kept at hand. One is enough for a person, a held key is quicker.
const AHEAD: usize = 32;

/// What of the song is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveState {
    /// All of it.
    Saved,
    /// The last Edits are on their way.
    Saving,
    /// The disk refused; why. All is kept in memory and tried again.
    Failed(String),
    /// It is open for reading only.
    ReadOnly,
}

/// An open song.
#[derive(Debug)]
pub struct Work {
    store: Arc<Store>,
    document: Document,
    folder: PathBuf,
    preview: Option<Arc<Session>>,
    tickets: VecDeque<Pending>,
    // Captures that are finished by the row of this number, until it is on disk.
    captures: Vec<(i64, Vec<CaptureId>)>,
    refused: Option<(String, Instant)>,
    // Rows of old steps on their way from the store, and what is to be done once they are here.
    fetching: Vec<(i64, Pending<Row>)>,
    waiting: VecDeque<Turn>,
    // Comps that were made and not reported, each with its track.
    made: Vec<(String, String)>,
    revision: u64,
}

/// A step through history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Undo,
    Redo,
}

/// What became of a step through history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stepped {
    /// The step of this label was taken.
    Done(String),
    /// There is nothing to take back or repeat.
    Nothing,
    /// It is so old that it has to be read from the disk first; [`Work::caught_up`] tells.
    Later,
}

impl Work {
    /// The window's side of an open song, and what was found on opening it.
    #[must_use]
    pub fn of(song: OpenSong) -> (Self, Vec<String>) {
        let folder = song.folder().to_owned();
        let (store, document, notices) = song.into_parts();
        let mut work = Self {
            store,
            document,
            folder,
            preview: None,
            tickets: VecDeque::new(),
            captures: Vec::new(),
            refused: None,
            fetching: Vec::new(),
            waiting: VecDeque::new(),
            made: Vec::new(),
            revision: 1,
        };
        work.fetch_ahead();
        (work, notices)
    }

    /// The song as it is shown: with the gesture under way.
    #[must_use]
    pub fn session(&self) -> &Arc<Session> {
        self.preview.as_ref().unwrap_or_else(|| self.document.session())
    }

    /// The song as committed.
    #[must_use]
    pub fn committed(&self) -> &Arc<Session> {
        self.document.session()
    }

    /// Its history.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Where captures are noted.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Grows with every change of what is shown.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where its audio lies.
    #[must_use]
    pub fn audio_folder(&self) -> PathBuf {
        self.folder.join(AUDIO_FOLDER)
    }

    /// Where its peaks lie.
    #[must_use]
    pub fn peaks_folder(&self) -> PathBuf {
        self.folder.join(PEAKS_FOLDER)
    }

    /// Where its exports go by custom.
    #[must_use]
    pub fn exports_folder(&self) -> PathBuf {
        self.folder.join(EXPORTS_FOLDER)
    }

    /// Whether it can be changed.
    #[must_use]
    pub fn writable(&self) -> bool {
        self.store.access() == Access::Write
    }

    /// What of it is on disk.
    #[must_use]
    pub fn save_state(&self) -> SaveState {
        match &self.refused {
            _ if !self.writable() => SaveState::ReadOnly,
            Some((why, _)) => SaveState::Failed(why.clone()),
            None if self.tickets.is_empty() => SaveState::Saved,
            None => SaveState::Saving,
        }
    }

    /// Applies Edits as one step of history.
    ///
    /// # Errors
    /// When one does not fit; none is applied then.
    pub fn commit(&mut self, label: &str, edits: Vec<Edit>) -> Result<(), HistoryError> {
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
    ) -> Result<(), HistoryError> {
        let comps = super::reporting::made(self.document.session(), &edits);
        let transaction = Transaction { author: AUTHOR.to_owned(), label: label.to_owned(), edits };
        let row = self.document.commit(transaction, now_ms())?;
        self.made.extend(comps);
        // Whoever goes on working does not want the step back any more.
        self.waiting.clear();
        if !captures.is_empty() {
            self.captures.push((row.seq, captures.clone()));
        }
        self.tickets.push_back(self.store.finish_captures(captures, Some(row)));
        self.changed();
        Ok(())
    }

    /// These captures came to nothing that belongs into the song.
    pub fn finish_empty(&mut self, captures: Vec<CaptureId>) {
        self.tickets.push_back(self.store.finish_captures(captures, None));
    }

    /// Shows the song as these Edits would make it.
    ///
    /// # Errors
    /// When one does not fit; what was shown stays.
    pub fn preview(&mut self, edits: &[Edit]) -> Result<(), RejectedEdit> {
        let applied = apply_all(self.document.session(), edits)?;
        self.preview = Some(Arc::new(applied.session));
        self.revision += 1;
        Ok(())
    }

    /// Shows the song as committed. Returns whether that is a change.
    pub fn cancel_preview(&mut self) -> bool {
        let shown = self.preview.take().is_some();
        self.revision += u64::from(shown);
        shown
    }

    /// Takes back the last step.
    ///
    /// # Errors
    /// When it cannot be taken back any more.
    pub fn undo(&mut self) -> Result<Stepped, HistoryError> {
        self.turn(Turn::Undo)
    }

    /// Repeats the last step that was taken back.
    ///
    /// # Errors
    /// When it cannot be repeated any more.
    pub fn redo(&mut self) -> Result<Stepped, HistoryError> {
        self.turn(Turn::Redo)
    }

    fn turn(&mut self, turn: Turn) -> Result<Stepped, HistoryError> {
        // Steps are taken in the order in which they were asked for.
        if !self.waiting.is_empty() || !self.at_hand(turn) {
            self.waiting.push_back(turn);
            self.fetch_ahead();
            return Ok(Stepped::Later);
        }
        let row = match turn {
            Turn::Undo => self.document.undo(AUTHOR, now_ms())?,
            Turn::Redo => self.document.redo(AUTHOR, now_ms())?,
        };
        Ok(self.stepped(row))
    }

    fn at_hand(&self, turn: Turn) -> bool {
        match turn {
            Turn::Undo => self.document.undo_is_at_hand(),
            Turn::Redo => self.document.redo_is_at_hand(),
        }
    }

    /// Asks the store for the rows that the next steps need, so that they are at hand by then.
    fn fetch_ahead(&mut self) {
        for seq in self.document.wanted(AHEAD) {
            if self.fetching.iter().all(|(fetching, _)| *fetching != seq) {
                self.fetching.push((seq, self.store.fetch(seq)));
            }
        }
    }

    /// Takes in what the store has sent, and takes the steps that had to wait for it. Returns what became of them.
    pub fn caught_up(&mut self) -> Vec<Result<Stepped, HistoryError>> {
        let mut unreadable = None;
        let Self { fetching, document, .. } = self;
        fetching.retain(|(_, ticket)| match ticket.poll() {
            None => true,
            Some(Ok(row)) => {
                document.supply(row);
                false
            }
            Some(Err(error)) => {
                unreadable = Some(error);
                false
            }
        });
        let mut steps = Vec::new();
        while let Some(turn) = self.waiting.front().copied() {
            if !self.at_hand(turn) {
                // Still on its way; or it cannot be had, and what was to follow it neither.
                if let (Some(error), true) = (unreadable, self.fetching.is_empty()) {
                    let label = match turn {
                        Turn::Undo => self.document.can_undo(),
                        Turn::Redo => self.document.can_redo(),
                    };
                    let label = label.unwrap_or_default().to_owned();
                    self.waiting.clear();
                    steps.push(Err(HistoryError::Unreadable { label, error }));
                } else {
                    self.fetch_ahead();
                }
                break;
            }
            let rest = self.waiting.split_off(1);
            self.waiting.clear();
            steps.push(self.turn(turn));
            self.waiting = rest;
        }
        steps
    }

    /// Looks after the tickets. Returns whether the save state has changed.
    pub fn poll(&mut self) -> bool {
        let before = (self.tickets.len(), self.refused.is_some());
        while let Some(result) = self.tickets.front().and_then(Pending::poll) {
            self.tickets.pop_front();
            match result {
                Ok(()) => self.refused = None,
                // What follows a refused row is refused for that reason alone.
                Err(dawg_session::StoreError::OutOfStep { .. }) if self.refused.is_some() => {}
                Err(error) => self.refused = Some((error.to_string(), Instant::now())),
            }
        }
        let saved = self.store.saved();
        self.captures.retain(|(seq, _)| *seq > saved);
        if self.tickets.is_empty() && self.refused.as_ref().is_some_and(|(_, at)| at.elapsed() > RETRY) {
            self.save_again();
        }
        before != (self.tickets.len(), self.refused.is_some())
    }

    /// Sends again what the disk refused.
    pub fn save_again(&mut self) {
        if let Some((_, at)) = &mut self.refused {
            *at = Instant::now();
        }
        for row in self.document.rows_after(self.store.saved()) {
            let captures = self.captures.iter().find(|(seq, _)| *seq == row.seq);
            let captures = captures.map(|(_, captures)| captures.clone()).unwrap_or_default();
            self.tickets.push_back(self.store.finish_captures(captures, Some(row)));
        }
    }

    /// When the next look is due, if anything is under way.
    #[must_use]
    pub fn next_look(&self) -> Option<Duration> {
        if !self.waiting.is_empty() {
            return Some(Duration::from_millis(10));
        }
        match (self.tickets.is_empty(), &self.refused) {
            (false, _) => Some(Duration::from_millis(30)),
            (true, Some(_)) => Some(RETRY),
            (true, None) => None,
        }
    }

    /// Comps that were made since this was last asked, each with the name of its track.
    pub fn comps_made(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.made)
    }

    /// Its store and history, to be closed off this thread.
    #[must_use]
    pub fn into_store(self) -> Arc<Store> {
        self.store
    }

    fn stepped(&mut self, row: Option<Row>) -> Stepped {
        let Some(row) = row else { return Stepped::Nothing };
        let label = row.label.clone();
        self.tickets.push_back(self.store.append(row));
        self.changed();
        self.fetch_ahead();
        Stepped::Done(label)
    }

    fn changed(&mut self) {
        self.preview = None;
        self.revision += 1;
        drop(self.document.take_touched());
    }
}
