//! A trail that was found damaged is kept aside, and the first record of the next one says what of it was still true.
//!
//! Start at [`Aside`].

use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::{Path, PathBuf};

use super::chain::{Hash, Link};
use super::verify::Kind;
use super::{Record, act};
use crate::by::By;
use crate::clock::Wall;
use crate::layout::Layout;

/// The action of the record that begins a trail after another.
const ANEW: &str = "began anew";

/// What is known of a trail that was kept aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Aside {
    /// Its name in the supervisor's folder; empty: there was no file any more.
    pub(super) file: String,
    /// What was wrong with it.
    pub(super) kind: Kind,
    /// The last entry that was as it had been written.
    pub(super) verified: Link,
}

impl Aside {
    /// As a record: the file as its target, the rest as its reason.
    pub(super) fn record(&self, at: Wall) -> Record {
        Record {
            at,
            by: By::itself(),
            action: ANEW.to_owned(),
            target: self.file.clone(),
            reason: self.to_string(),
            outcome: act::DONE.to_owned(),
        }
    }

    /// From the first record of a trail; none if that says nothing of another.
    pub(super) fn of(first: &Record) -> Option<Self> {
        if first.action != ANEW {
            return None;
        }
        let words: Vec<&str> = first.reason.split(' ').collect();
        let ["the", "trail", "before", "was", kind, "at", _, "and", "verified", "up", "to", seq, hash] =
            words[..]
        else {
            return None;
        };
        let hash = Hash::try_from(hash.to_owned()).ok()?;
        let verified = Link { seq: seq.parse().ok()?, hash };
        Some(Self { file: first.target.clone(), kind: Kind::named(kind)?, verified })
    }

    /// Where it lies; none if there was none. Never outside of the folder, whatever the record says.
    pub(super) fn path(&self, layout: &Layout) -> Option<PathBuf> {
        let plain = Path::new(&self.file).file_name().is_some_and(|name| name == self.file.as_str());
        (plain && is_aside(&self.file)).then(|| layout.folder().join(&self.file))
    }
}

impl Display for Aside {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Link { seq, hash } = self.verified;
        let (kind, broken) = (self.kind.name(), seq + 1);
        write!(f, "the trail before was {kind} at {broken} and verified up to {seq} {hash}")
    }
}

/// Moves the trail away, with all that belongs to it; the new name of its file, if there is one. The database goes last but
/// for its key: as long as it is there, the next try finds what this one found.
pub(super) fn put(layout: &Layout, now: Wall, with_key: bool) -> io::Result<String> {
    let name = (0..).map(|more| format!("audit.damaged-{}.db", now.0.saturating_add(more)));
    let name = name.into_iter().find(|name| !layout.folder().join(name).exists()).unwrap_or_default();
    let aside = layout.folder().join(&name);
    give(&layout.audit_head(), &aside.with_extension("head"))?;
    for end in ["-wal", "-shm"] {
        give(&beside(&layout.audit(), end), &beside(&aside, end))?;
    }
    let there = give(&layout.audit(), &aside)?;
    if with_key {
        give(&layout.audit_key(), &aside.with_extension("key"))?;
    }
    Ok(if there { name } else { String::new() })
}

/// The newest that was put aside.
pub(super) fn newest(layout: &Layout) -> Option<String> {
    let entries = std::fs::read_dir(layout.folder()).ok()?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| is_aside(name)).max_by_key(|name| (name.len(), name.clone()))
}

fn is_aside(name: &str) -> bool {
    name.starts_with("audit.damaged-") && name.ends_with(".db")
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// False if there was nothing.
#[expect(
    clippy::disallowed_methods,
    reason = "what is found damaged is moved away; nothing new depends on it"
)]
pub(super) fn give(from: &Path, to: &Path) -> io::Result<bool> {
    match std::fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        given => given.map(|()| true),
    }
}
