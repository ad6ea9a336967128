//! One trail that is being written: a ledger and its head.
//!
//! Start at [`Trail::append`]: the head says what comes (`pending`), the entry is written, the head says that it is there
//! (`committed`). Whatever ends the program in between is told from tampering by the next opening.

use std::path::PathBuf;

use thiserror::Error;

use super::chain::{Hash, Key, Link};
use super::head::Head;
use super::ledger::Ledger;
use super::verify::{self, Kind, Walked};
use super::{Entry, Record};
use crate::file_id::FileId;

/// A trail, open to be written.
#[derive(Debug)]
pub(super) struct Trail {
    pub(super) key: Key,
    pub(super) ledger: Ledger,
    pub(super) head: Head,
    /// Where the head is kept; none: in memory, like its ledger.
    pub(super) path: Option<PathBuf>,
    /// Which file the ledger is.
    pub(super) file: Option<FileId>,
    /// What was announced last.
    pub(super) announced: Option<Record>,
}

/// Why an entry was not written.
#[derive(Debug, Error)]
pub(super) enum Refused {
    #[error("{0}")]
    Disk(#[from] std::io::Error),
    #[error("{0}")]
    Ledger(#[from] rusqlite::Error),
    #[error("somebody else writes to it")]
    Stranger,
}

impl Trail {
    /// A new one that ends with the program.
    pub(super) fn in_memory(key: Key) -> rusqlite::Result<Self> {
        let ledger = Ledger::in_memory()?;
        Ok(Self { key, ledger, head: Head::NONE, path: None, file: None, announced: None })
    }

    /// Appends `record`. Refused, it is tried again after [`settle`](Self::settle), so that nothing is written twice.
    pub(super) fn append(&mut self, record: &Record) -> Result<Entry, Refused> {
        let link = self.announce(record)?;
        self.ledger.insert(link, record)?;
        self.commit(link)?;
        Ok(Entry { seq: link.seq, record: record.clone(), hash: link.hash.to_string() })
    }

    /// What was announced may have been written although an error was told: it, if so.
    pub(super) fn settle(&mut self) -> Result<Option<Entry>, Refused> {
        let Some(pending) = self.head.pending else { return Ok(None) };
        match self.ledger.hash(pending.seq)? {
            None => Ok(None),
            Some(hash) if hash == pending.hash => {
                self.commit(pending)?;
                let entry = |record| Entry { seq: pending.seq, record, hash: hash.to_string() };
                Ok(self.announced.take().map(entry))
            }
            Some(_) => Err(Refused::Stranger),
        }
    }

    /// First: the head says what comes.
    pub(super) fn announce(&mut self, record: &Record) -> Result<Link, Refused> {
        let link = self.key.link(self.head.committed, record);
        self.set(Head { committed: self.head.committed, pending: Some(link) })?;
        self.announced = Some(record.clone());
        Ok(link)
    }

    /// Last: the head says that it is there.
    pub(super) fn commit(&mut self, link: Link) -> Result<(), Refused> {
        self.set(Head { committed: link, pending: None })
    }

    /// Whether all is as it was written, for a trail in memory.
    pub(super) fn walk(&self) -> rusqlite::Result<(Walked, Option<Kind>)> {
        let walked = verify::walk(&self.ledger, &self.key, Some(self.head.committed.seq))?;
        let broken = walked.broken.or_else(|| verify::ends(&walked, &self.head, &self.head));
        Ok((walked, broken))
    }

    pub(super) fn last(&self) -> Hash {
        self.head.committed.hash
    }

    fn set(&mut self, head: Head) -> Result<(), Refused> {
        if let Some(path) = &self.path {
            head.publish(path, &self.key)?;
        }
        self.head = head;
        Ok(())
    }
}
