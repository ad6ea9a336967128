//! Opening: the newest snapshot that holds, and the rows after it, as far as they can be trusted.

use std::collections::VecDeque;
use std::path::Path;

use rusqlite::{Connection, params};

use super::journal::{self, COLUMNS, Damage};
use super::{CaptureRow, OpenReport, SetAside, StoreError, captures, snapshot};
use crate::edit::apply_all;
use crate::history::{Row, Stacks};
use crate::song::Session;

/// A song as it was found on disk.
pub(super) struct Recovered {
    pub(super) session: Session,
    pub(super) stacks: Stacks,
    /// The rows that were replayed.
    pub(super) recent: VecDeque<Row>,
    pub(super) report: OpenReport,
    pub(super) unfinished: Vec<CaptureRow>,
}

/// Reads a song. Writes nothing; see [`set_aside`].
pub(super) fn recover(connection: &Connection, folder: &Path) -> Result<Recovered, StoreError> {
    let sqlite = |error: rusqlite::Error| StoreError::from_sqlite(folder, &error);
    let newest = snapshot::newest(connection).map_err(sqlite)?;
    let Some((snapshot_seq, session)) = newest.usable else {
        let reason = "no saved state of it can be read".to_owned();
        return Err(StoreError::Damaged { folder: folder.to_owned(), reason });
    };
    let report = OpenReport { damaged_snapshots: newest.damaged, ..OpenReport::default() };
    let mut replay = Replay {
        session,
        snapshot_seq,
        stacks: Stacks::default(),
        recent: VecDeque::new(),
        report,
        lost: false,
    };
    replay.run(connection).map_err(sqlite)?;
    let (unfinished, damaged_captures) = captures::unfinished(connection).map_err(sqlite)?;
    let Replay { session, stacks, recent, mut report, .. } = replay;
    report.damaged_captures = damaged_captures;
    report.replayed = recent.len();
    Ok(Recovered { session, stacks, recent, report, unfinished })
}

struct Replay {
    session: Session,
    /// Rows up to this one are in the snapshot; later ones are replayed.
    snapshot_seq: i64,
    stacks: Stacks,
    recent: VecDeque<Row>,
    report: OpenReport,
    /// A row that was needed is missing: all that follow stand on it, so they cannot be used.
    lost: bool,
}

impl Replay {
    fn run(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM journal ORDER BY seq"))?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            let seq = row.get(0)?;
            self.pass_gap(seq);
            let taken =
                if self.lost { Err("it stands on a damaged step".to_owned()) } else { self.take(seq, row) };
            if let Err(reason) = taken {
                self.refuse(seq, reason);
            }
        }
        if self.stacks.last_seq() < self.snapshot_seq {
            self.stacks.bar(self.snapshot_seq);
        }
        Ok(())
    }

    /// Rows that are missing before `seq` were set aside on an earlier opening, or taken away by someone.
    fn pass_gap(&mut self, seq: i64) {
        if seq != self.stacks.last_seq() + 1 && !self.lost {
            if seq - 1 > self.snapshot_seq {
                self.lost = true;
            } else {
                self.stacks.bar(seq - 1);
            }
        }
    }

    fn take(&mut self, seq: i64, row: &rusqlite::Row<'_>) -> Result<(), Damage> {
        let outline = journal::outline(row)?;
        if seq > self.snapshot_seq {
            let whole = journal::whole(row)?;
            let applied = apply_all(&self.session, &whole.edits).map_err(|error| error.to_string())?;
            self.session = applied.session;
            self.recent.push_back(whole);
        }
        self.stacks.push(outline);
        Ok(())
    }

    fn refuse(&mut self, seq: i64, reason: Damage) {
        // A row that is not needed leaves a gap, which bars undo when it is passed.
        let lost = seq > self.snapshot_seq;
        self.lost |= lost;
        self.report.set_aside.push(SetAside { seq, reason, lost });
    }
}

/// Moves what could not be used into `damaged_rows`, so that it is found once and never lost.
pub(super) fn set_aside(connection: &mut Connection, report: &OpenReport) -> rusqlite::Result<()> {
    if report.set_aside.is_empty() && report.damaged_snapshots.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for row in &report.set_aside {
        transaction.execute(
            &format!(
                "INSERT INTO damaged_rows (source, reason, {COLUMNS}) SELECT 'journal', ?2, {COLUMNS} FROM journal WHERE seq = ?1"
            ),
            params![row.seq, row.reason],
        )?;
        transaction.execute("DELETE FROM journal WHERE seq = ?1", params![row.seq])?;
    }
    for seq in &report.damaged_snapshots {
        transaction.execute(
            "INSERT INTO damaged_rows (source, reason, seq, schema, edits, checksum)
             SELECT 'snapshot', 'unusable', seq, schema, session, checksum FROM snapshots WHERE seq = ?1",
            params![seq],
        )?;
        transaction.execute("DELETE FROM snapshots WHERE seq = ?1", params![seq])?;
    }
    transaction.commit()
}
