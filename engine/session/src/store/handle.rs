//! The handle by which the rest of the program reaches the store thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded, unbounded};

use super::recover::{Recovered, recover, set_aside};
use super::worker::{Message, Reply, Worker};
use super::{CaptureRow, OpenReport, StoreError, TransportLog, folder};
use crate::history::{Archive, Document, Row};
use crate::id::CaptureId;
use crate::song::Session;

/// How a song is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// For writing: one program at a time.
    Write,
    /// For reading: also while another program writes.
    ReadOnly,
}

/// A song that was opened.
#[derive(Debug)]
pub struct Opened {
    /// Where its changes go.
    pub store: Store,
    /// The song and its history.
    pub document: Document,
    /// What was found to be wrong. Tell the user its [`messages`](OpenReport::messages).
    pub report: OpenReport,
    /// Captures that were running when the song was last left. For a writer, to be made into takes.
    pub unfinished: Vec<CaptureRow>,
}

/// A ticket for a write, or for a row to be read. Dropping it does not stop the write.
#[derive(Debug)]
#[must_use = "an Edit is finished when its ticket says so"]
pub struct Pending<T = ()> {
    result: Receiver<Result<T, StoreError>>,
    folder: PathBuf,
}

impl<T> Pending<T> {
    /// Waits until the disk has it. Never on the window's or the audio thread.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of it was written, and it may be sent again.
    pub fn wait(self) -> Result<T, StoreError> {
        self.result.recv().unwrap_or(Err(StoreError::Closed(self.folder)))
    }

    /// Whether the disk has it by now; none while it is being written. Gives its answer once.
    #[must_use]
    pub fn poll(&self) -> Option<Result<T, StoreError>> {
        match self.result.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(StoreError::Closed(self.folder.clone()))),
        }
    }
}

/// An open song on disk. Every write returns a [`Pending`] ticket at once; the store thread does the work.
///
/// [`Store::close`] ends it well. Dropped instead, all that was asked for is still written, but no last snapshot. Neither
/// waits for a [`Store::backup`] that is under way.
#[derive(Debug)]
pub struct Store {
    line: Line,
    thread: Option<JoinHandle<()>>,
    access: Access,
}

impl Store {
    /// Makes a song and opens it for writing. The folder's parent must be there, the folder itself not, unless
    /// empty. A song is there whole or not at all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn create(folder: &Path, session: &Session) -> Result<Self, StoreError> {
        if let Err(violations) = session.check() {
            let reason = violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            return Err(StoreError::Damaged { folder: folder.to_owned(), reason });
        }
        folder::create(folder, session)?;
        Self::open(folder, Access::Write).map(|opened| opened.store)
    }

    /// Opens a song.
    ///
    /// # Errors
    /// [`StoreError`]. Damage to single rows is no error: see [`Opened::report`].
    pub fn open(folder: &Path, access: Access) -> Result<Opened, StoreError> {
        folder::check_is_song(folder)?;
        let (lock, mut connection) = match access {
            Access::Write => (Some(folder::lock(folder)?), folder::connect_writing(folder)?),
            Access::ReadOnly => (None, folder::connect_reading(folder)?),
        };
        let Recovered { session, stacks, recent, report, unfinished } = recover(&connection, folder)?;
        if access == Access::Write {
            let put = set_aside(&mut connection, &report);
            put.map_err(|error| StoreError::from_sqlite(folder, &error))?;
        }
        let session = Arc::new(session);
        let saved = Arc::new(AtomicI64::new(stacks.last_seq()));
        let worker = Worker {
            connection,
            folder: folder.to_owned(),
            access,
            session: Arc::clone(&session),
            saved: Arc::clone(&saved),
            since_snapshot: recent.len(),
            _lock: lock,
        };
        let store = Self::start(worker, saved)?;
        let document = Document::reopened(session, stacks, recent, Arc::new(store.line.clone()));
        Ok(Opened { store, document, report, unfinished })
    }

    fn start(worker: Worker, saved: Arc<AtomicI64>) -> Result<Self, StoreError> {
        let (sender, messages) = unbounded();
        let (folder, access) = (worker.folder.clone(), worker.access);
        let thread =
            std::thread::Builder::new().name("store".to_owned()).spawn(move || worker.run(&messages));
        let thread = thread.map_err(|error| StoreError::from_io(&folder, &error))?;
        Ok(Self { line: Line { sender, folder, saved }, thread: Some(thread), access })
    }

    /// The song's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.line.folder
    }

    /// How it was opened.
    #[must_use]
    pub const fn access(&self) -> Access {
        self.access
    }

    /// Number of the last row that is safe on disk.
    #[must_use]
    pub fn saved(&self) -> i64 {
        self.line.saved()
    }

    /// Journals a row. Rows go in order: after one has failed, later ones are refused with
    /// [`StoreError::OutOfStep`] until it was sent again (see [`Document::rows_after`]).
    pub fn append(&self, row: Row) -> Pending {
        self.append_all(vec![row])
    }

    /// Journals several rows, all or none.
    pub fn append_all(&self, rows: Vec<Row>) -> Pending {
        self.line.ask(|reply| Message::Append { rows, finished: Vec::new(), reply })
    }

    /// Notes a capture. To be waited for before its first sample is taken.
    pub fn begin_capture(&self, row: CaptureRow) -> Pending {
        self.line.ask(|reply| Message::BeginCapture { row: Box::new(row), reply })
    }

    /// Notes how many frames of a capture are safe in its file, and its whole transport log so far.
    pub fn extend_capture(&self, id: CaptureId, frames: i64, log: TransportLog) -> Pending {
        self.line.ask(|reply| Message::ExtendCapture { id, frames, log, reply })
    }

    /// Marks captures as finished and journals the row that makes them takes, both or neither.
    pub fn finish_captures(&self, ids: Vec<CaptureId>, row: Option<Row>) -> Pending {
        self.line.ask(|reply| Message::Append { rows: row.into_iter().collect(), finished: ids, reply })
    }

    /// Reads a row, for [`Document::supply`].
    pub fn fetch(&self, seq: i64) -> Pending<Row> {
        self.line.ask(|reply| Message::Fetch { seq, reply })
    }

    /// Copies the database, with all rows asked for so far, to a file that is not there yet.
    pub fn backup(&self, to: &Path) -> Pending {
        let to = to.to_owned();
        self.line.ask(|reply| Message::Backup { to, reply })
    }

    /// Writes what was asked for and a snapshot, and ends the thread.
    ///
    /// # Errors
    /// [`StoreError`] when the snapshot could not be written; the rows are safe even then.
    pub fn close(mut self) -> Result<(), StoreError> {
        let closed = self.line.ask(|reply| Message::Close { reply }).wait();
        self.end();
        closed
    }

    /// Runs SQL on the store's connection, to provoke faults.
    #[cfg(test)]
    pub(super) fn sql(&self, sql: &str) -> Pending {
        let sql = sql.to_owned();
        self.line.ask(|reply| Message::Sql { sql, reply })
    }

    fn end(&mut self) {
        // The thread ends when the last sender is gone; an open Document holds another, so it is told.
        if let Some(thread) = self.thread.take() {
            _ = self.line.sender.send(Message::End);
            if thread.join().is_err() {
                tracing::error!(folder = %self.line.folder.display(), "the store thread panicked");
            }
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.end();
    }
}

/// The line to the store thread.
#[derive(Debug, Clone)]
struct Line {
    sender: Sender<Message>,
    folder: PathBuf,
    saved: Arc<AtomicI64>,
}

impl Line {
    fn ask<T>(&self, message: impl FnOnce(Reply<T>) -> Message) -> Pending<T> {
        let (reply, result) = bounded(1);
        // If the thread has ended, the reply is dropped with the message, and the ticket says so.
        _ = self.sender.send(message(reply));
        Pending { result, folder: self.folder.clone() }
    }
}

impl Archive for Line {
    fn saved(&self) -> i64 {
        self.saved.load(Ordering::Acquire)
    }

    fn row(&self, seq: i64) -> Result<Row, StoreError> {
        self.ask(|reply| Message::Fetch { seq, reply }).wait()
    }
}
