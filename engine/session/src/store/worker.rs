//! The store thread: owns the connection that writes, does one thing after another.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crossbeam_channel::{Receiver, Sender};
use rusqlite::{Connection, params};

use super::journal::{self, COLUMNS};
use super::{Access, CaptureRow, StoreError, TransportLog, backup, captures, snapshot};
use crate::edit::apply_all;
use crate::history::Row;
use crate::id::CaptureId;
use crate::song::Session;

/// Rows between two snapshots.
const SNAPSHOT_EVERY: usize = 200;

pub(super) type Reply<T> = Sender<Result<T, StoreError>>;

/// What the store thread is asked to do.
pub(super) enum Message {
    /// Mark captures finished and append rows, in one SQL transaction.
    Append { rows: Vec<Row>, finished: Vec<CaptureId>, reply: Reply<()> },
    /// Note a capture before its first sample.
    BeginCapture { row: Box<CaptureRow>, reply: Reply<()> },
    /// Note how far a capture has come.
    ExtendCapture { id: CaptureId, frames: i64, log: TransportLog, reply: Reply<()> },
    /// Read a row.
    Fetch { seq: i64, reply: Reply<Row> },
    /// Copy the database.
    Backup { to: PathBuf, reply: Reply<()> },
    /// Write a snapshot, empty the log, end.
    Close { reply: Reply<()> },
    /// End, with all that came before written, and no more.
    End,
    /// Run SQL, to provoke faults.
    #[cfg(test)]
    Sql { sql: String, reply: Reply<()> },
}

/// What the store thread owns.
pub(super) struct Worker {
    pub(super) connection: Connection,
    pub(super) folder: PathBuf,
    pub(super) access: Access,
    /// The song as it is on disk: each row is tried on it first, so that the journal can always be replayed.
    pub(super) session: Arc<Session>,
    /// Number of the last row on disk.
    pub(super) saved: Arc<AtomicI64>,
    /// Rows since the last snapshot.
    pub(super) since_snapshot: usize,
    /// Held while the song is open for writing.
    pub(super) _lock: Option<File>,
}

impl Worker {
    /// Runs until the store is closed or dropped.
    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        // A caller may have dropped its ticket: then there is nobody to tell.
        for message in messages {
            match message {
                Message::Append { rows, finished, reply } => {
                    _ = reply.send(self.append(&rows, &finished));
                    self.snapshot_if_due();
                }
                Message::BeginCapture { row, reply } => {
                    _ = reply.send(self.write(|connection| captures::begin(connection, &row)));
                }
                Message::ExtendCapture { id, frames, log, reply } => {
                    let known = self.write(|connection| captures::extend(connection, id, frames, &log));
                    _ = reply.send(known.and_then(|known| found(known, id)));
                }
                Message::Fetch { seq, reply } => _ = reply.send(self.fetch(seq)),
                Message::Backup { to, reply } => backup::begin(&self.folder, to, reply),
                Message::Close { reply } => {
                    _ = reply.send(self.close());
                    return;
                }
                Message::End => return,
                #[cfg(test)]
                Message::Sql { sql, reply } => {
                    let done = self.connection.execute_batch(&sql);
                    _ = reply.send(done.map_err(|error| StoreError::from_sqlite(&self.folder, &error)));
                }
            }
        }
    }

    fn sqlite(&self, error: &rusqlite::Error) -> StoreError {
        StoreError::from_sqlite(&self.folder, error)
    }

    fn refuse_reader(&self) -> Result<(), StoreError> {
        match self.access {
            Access::Write => Ok(()),
            Access::ReadOnly => Err(StoreError::OpenedReadOnly(self.folder.clone())),
        }
    }

    fn write<T>(&self, write: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        self.refuse_reader()?;
        write(&self.connection).map_err(|error| self.sqlite(&error))
    }

    /// All or nothing: on an error the disk is as before, and the same rows may be sent again.
    fn append(&mut self, rows: &[Row], finished: &[CaptureId]) -> Result<(), StoreError> {
        self.refuse_reader()?;
        let session = self.try_on(rows)?;
        self.insert(rows, finished)?;
        if let Some(last) = rows.last() {
            self.session = session;
            self.since_snapshot += rows.len();
            self.saved.store(last.seq, Ordering::Release);
        }
        Ok(())
    }

    /// The song after these rows, if they follow the last saved one and fit.
    fn try_on(&self, rows: &[Row]) -> Result<Arc<Session>, StoreError> {
        let mut session = Arc::clone(&self.session);
        for (expected, row) in (self.saved.load(Ordering::Acquire) + 1..).zip(rows) {
            if row.seq != expected {
                return Err(StoreError::OutOfStep { expected, given: row.seq });
            }
            let applied = apply_all(&session, &row.edits);
            session =
                Arc::new(applied.map_err(|error| StoreError::DoesNotFit { seq: row.seq, error })?.session);
        }
        Ok(session)
    }

    fn insert(&mut self, rows: &[Row], finished: &[CaptureId]) -> Result<(), StoreError> {
        let folder = &self.folder;
        let sqlite = |error: rusqlite::Error| StoreError::from_sqlite(folder, &error);
        let transaction = self.connection.transaction().map_err(sqlite)?;
        for id in finished {
            found(captures::finish(&transaction, *id).map_err(sqlite)?, *id)?;
        }
        for row in rows {
            journal::insert(&transaction, row).map_err(sqlite)?;
        }
        transaction.commit().map_err(sqlite)
    }

    fn fetch(&self, seq: i64) -> Result<Row, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM journal WHERE seq = ?1");
        let mut statement = self.connection.prepare(&sql).map_err(|error| self.sqlite(&error))?;
        let mut rows = statement.query(params![seq]).map_err(|error| self.sqlite(&error))?;
        let row = rows.next().map_err(|error| self.sqlite(&error))?.ok_or(StoreError::NoRow(seq))?;
        journal::whole(row).map_err(|_| StoreError::NoRow(seq))
    }

    fn snapshot_if_due(&mut self) {
        if self.since_snapshot >= SNAPSHOT_EVERY {
            // The rows are safe without it: it is tried again after as many more.
            if let Err(error) = self.snapshot() {
                tracing::warn!(%error, folder = %self.folder.display(), "snapshot not written");
            }
            self.since_snapshot = 0;
        }
    }

    fn snapshot(&mut self) -> Result<(), StoreError> {
        let seq = self.saved.load(Ordering::Acquire);
        snapshot::write(&mut self.connection, seq, &self.session)
            .map_err(|error| StoreError::from_sqlite(&self.folder, &error))
    }

    fn close(mut self) -> Result<(), StoreError> {
        if self.access == Access::Write {
            if self.since_snapshot > 0 {
                self.snapshot()?;
            }
            let emptied = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()));
            emptied.map_err(|error| self.sqlite(&error))?;
        }
        self.connection.close().map_err(|(_, error)| StoreError::from_sqlite(&self.folder, &error))
    }
}

fn found(known: bool, id: CaptureId) -> Result<(), StoreError> {
    if known { Ok(()) } else { Err(StoreError::NoCapture(id)) }
}
