//! A song with its history.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::row::is_undoable;
use super::stacks::Step;
use super::{Action, Entry, Outline, Row, Stacks, Transaction};
use crate::edit::{Edit, RejectedEdit, Touched, apply_all};
use crate::song::Session;
use crate::store::{SCHEMA, StoreError};

/// Where rows lie that are no longer in memory.
pub trait Archive: Send + Sync {
    /// Number of the last row that is safe on disk.
    fn saved(&self) -> i64;

    /// The row of this number.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn row(&self, seq: i64) -> Result<Row, StoreError>;
}

/// Why a step of history could not be taken. Song and history are as they were.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HistoryError {
    /// A transaction without Edits.
    #[error("there is nothing to do: give at least one edit")]
    Empty,
    /// An Edit that does not fit.
    #[error(transparent)]
    Rejected(#[from] RejectedEdit),
    /// An undo or redo whose Edits no longer fit the song.
    #[error("“{label}” cannot be taken back or repeated, since the song has changed since: {error}")]
    Stale {
        /// What was to be taken back or repeated.
        label: String,
        /// Why not.
        error: RejectedEdit,
    },
    /// An old row that cannot be read.
    #[error("“{label}” cannot be taken back: {error}")]
    Unreadable {
        /// What was to be taken back or repeated.
        label: String,
        /// Why not.
        error: StoreError,
    },
}

/// So many rows stay in memory, so that undo seldom waits for the disk. Rows not yet on disk always stay.
const RECENT: usize = 1_024;

/// A song and everything that was done to it. The window owns one; each change returns the [`Row`] to journal.
pub struct Document {
    session: Arc<Session>,
    stacks: Stacks,
    recent: VecDeque<Row>,
    // Inverses of older rows that were fetched for a step to come.
    fetched: BTreeMap<i64, Arc<[Edit]>>,
    archive: Option<Arc<dyn Archive>>,
    touched: Touched,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("last_seq", &self.last_seq()).finish_non_exhaustive()
    }
}

impl Document {
    /// A song without history, all of which will stay in memory.
    #[must_use]
    pub fn new(session: Arc<Session>) -> Self {
        Self {
            session,
            stacks: Stacks::default(),
            recent: VecDeque::new(),
            fetched: BTreeMap::new(),
            archive: None,
            touched: Touched::default(),
        }
    }

    /// A song with the history that the archive holds; `recent` are its last rows.
    pub(crate) fn reopened(
        session: Arc<Session>,
        stacks: Stacks,
        recent: VecDeque<Row>,
        archive: Arc<dyn Archive>,
    ) -> Self {
        let (fetched, touched) = (BTreeMap::new(), Touched::default());
        Self { session, stacks, recent, fetched, archive: Some(archive), touched }
    }

    /// The song as it is now. Costs one pointer.
    #[must_use]
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Number of the last row, 0 before the first.
    #[must_use]
    pub fn last_seq(&self) -> i64 {
        self.stacks.last_seq()
    }

    /// Applies a transaction, whole or not at all. The row is to be given to [`Store::append`](crate::Store::append).
    ///
    /// # Errors
    /// [`HistoryError::Empty`] and [`HistoryError::Rejected`].
    pub fn commit(&mut self, transaction: Transaction, at_ms: i64) -> Result<Row, HistoryError> {
        let Transaction { author, label, edits } = transaction;
        if edits.is_empty() {
            return Err(HistoryError::Empty);
        }
        Ok(self.add(author, label, Action::Do, edits.into(), at_ms)?)
    }

    /// Takes back the last transaction that is in effect; none when there is nothing to take back.
    ///
    /// # Errors
    /// [`HistoryError::Unreadable`] and [`HistoryError::Stale`].
    pub fn undo(&mut self, author: &str, at_ms: i64) -> Result<Option<Row>, HistoryError> {
        match self.stacks.next_undo() {
            Some(step) => self.step(author, step, Action::Undo(step.origin), at_ms).map(Some),
            None => Ok(None),
        }
    }

    /// Repeats the last transaction that was taken back; none when there is nothing to repeat.
    ///
    /// # Errors
    /// [`HistoryError::Unreadable`] and [`HistoryError::Stale`].
    pub fn redo(&mut self, author: &str, at_ms: i64) -> Result<Option<Row>, HistoryError> {
        match self.stacks.next_redo() {
            Some(step) => self.step(author, step, Action::Redo(step.origin), at_ms).map(Some),
            None => Ok(None),
        }
    }

    /// The label of what undo would take back.
    #[must_use]
    pub fn can_undo(&self) -> Option<&str> {
        self.stacks.next_undo().map(|step| self.stacks.label(step.origin))
    }

    /// The label of what redo would repeat.
    #[must_use]
    pub fn can_redo(&self) -> Option<&str> {
        self.stacks.next_redo().map(|step| self.stacks.label(step.origin))
    }

    /// Whether [`undo`](Self::undo) can go to work without reading from the archive: also when there is nothing to
    /// take back.
    #[must_use]
    pub fn undo_is_at_hand(&self) -> bool {
        self.stacks.next_undo().is_none_or(|step| self.at_hand(step.latest).is_some())
    }

    /// The same for [`redo`](Self::redo).
    #[must_use]
    pub fn redo_is_at_hand(&self) -> bool {
        self.stacks.next_redo().is_none_or(|step| self.at_hand(step.latest).is_some())
    }

    /// The rows that the next so many undos and redos need and that are not in memory, the most urgent first: for
    /// those who must not wait, to fetch them from the store and [`supply`](Self::supply) them.
    #[must_use]
    pub fn wanted(&self, steps: usize) -> Vec<i64> {
        let steps = self.stacks.coming(steps).map(|step| step.latest);
        steps.filter(|seq| self.at_hand(*seq).is_none()).collect()
    }

    /// Takes a row that was [`wanted`](Self::wanted).
    pub fn supply(&mut self, row: Row) {
        if self.fetched.len() >= RECENT {
            self.fetched.clear();
        }
        self.fetched.insert(row.seq, row.inverses);
    }

    /// All rows, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.stacks.entries()
    }

    /// The rows after this one, oldest first: what to append again after the store failed to.
    #[must_use]
    pub fn rows_after(&self, seq: i64) -> Vec<Row> {
        self.recent.iter().filter(|row| row.seq > seq).cloned().collect()
    }

    /// What changed since this was last asked: what the compiler has to rebuild.
    pub fn take_touched(&mut self) -> Touched {
        std::mem::take(&mut self.touched)
    }

    fn step(&mut self, author: &str, step: Step, action: Action, at_ms: i64) -> Result<Row, HistoryError> {
        let label = self.stacks.label(step.origin).to_owned();
        let edits = match self.inverses(step.latest) {
            Ok(edits) => edits,
            Err(error) => return Err(HistoryError::Unreadable { label, error }),
        };
        self.add(author.to_owned(), label.clone(), action, edits, at_ms)
            .map_err(|error| HistoryError::Stale { label, error })
    }

    fn inverses(&self, seq: i64) -> Result<Arc<[Edit]>, StoreError> {
        if let Some(inverses) = self.at_hand(seq) {
            return Ok(Arc::clone(inverses));
        }
        match &self.archive {
            Some(archive) => archive.row(seq).map(|row| row.inverses),
            None => Err(StoreError::NoRow(seq)),
        }
    }

    fn at_hand(&self, seq: i64) -> Option<&Arc<[Edit]>> {
        let recent = self.recent.binary_search_by_key(&seq, |row| row.seq).ok();
        recent
            .and_then(|index| self.recent.get(index))
            .map(|row| &row.inverses)
            .or_else(|| self.fetched.get(&seq))
    }

    fn add(
        &mut self,
        author: String,
        label: String,
        action: Action,
        edits: Arc<[Edit]>,
        at_ms: i64,
    ) -> Result<Row, RejectedEdit> {
        let applied = apply_all(&self.session, &edits)?;
        let seq = self.last_seq() + 1;
        let inverses = applied.inverses.into();
        let row = Row { seq, author, label, action, edits, inverses, schema: SCHEMA, at_ms };
        self.session = Arc::new(applied.session);
        self.touched.merge(&applied.touched);
        self.stacks.push(Outline {
            seq,
            at_ms,
            author: row.author.clone(),
            label: row.label.clone(),
            action,
            undoable: is_undoable(&row.edits),
        });
        self.recent.push_back(row.clone());
        self.forget_saved();
        Ok(row)
    }

    fn forget_saved(&mut self) {
        let Some(saved) = self.archive.as_ref().map(|archive| archive.saved()) else { return };
        while self.recent.len() > RECENT && self.recent.front().is_some_and(|row| row.seq <= saved) {
            self.recent.pop_front();
        }
    }
}
