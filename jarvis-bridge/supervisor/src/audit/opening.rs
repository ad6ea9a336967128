//! How a trail is opened: gone on with, begun, or begun anew after one that is kept aside.
//!
//! Start at [`open`]. Whenever the program ends in here, the next opening goes on from what it finds.

use std::io;
use std::path::Path;

use thiserror::Error;

use super::aside::{self, Aside};
use super::chain::{Key, Link};
use super::head::Head;
use super::ledger::Ledger;
use super::trail::{Refused, Trail};
use super::verify::{self, Kind, State};
use super::{Record, act};
use crate::clock::Wall;
use crate::file_id::FileId;
use crate::layout::Layout;

/// Why nothing can be written for now. What is there is untouched.
#[derive(Debug, Error)]
pub(super) enum Closed {
    #[error("{0}")]
    Disk(#[from] io::Error),
    #[error("{0}")]
    Ledger(#[from] rusqlite::Error),
    #[error("{0}")]
    Refused(#[from] Refused),
    #[error("{0}")]
    Unread(String),
}

/// A trail to go on with, and what its opening has to say in it.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) trail: Trail,
    pub(super) says: Vec<Record>,
    /// What its first record says, if it was begun now in place of another.
    pub(super) anew: Option<Record>,
}

/// Opens the trail in `layout`; `fresh` is its key if it has none.
pub(super) fn open(layout: &Layout, now: Wall, fresh: Key) -> Result<Opened, Closed> {
    let none = Link::NONE;
    let key = match Key::read(layout) {
        Ok(Some(key)) => key,
        Ok(None) if verify::nothing_was_written(layout) => return begin(layout, fresh, true, None, now),
        Err(error) if error.kind() != io::ErrorKind::InvalidData => return Err(error.into()),
        // Gone, or no key.
        Ok(None) | Err(_) => return anew(layout, fresh, true, Kind::Keyless, none, now),
    };
    let state = verify::examine(&layout.audit(), &layout.audit_head(), &key).map_err(Closed::Unread)?;
    match state {
        State::Gone => anew(layout, key, false, Kind::Gone, none, now),
        State::NotBegun => {
            // A trail was put aside, and then the program ended.
            let aside = aside::newest(layout).map(|file| looked_at(layout, &key, file));
            begin(layout, key, false, aside, now)
        }
        State::Trail(walked, head) => match (walked.broken, head) {
            (None, Some(head)) => go_on(layout, key, head, walked.last, now),
            (broken, _) => anew(layout, key, false, broken.unwrap_or(Kind::Head), walked.last, now),
        },
    }
}

fn go_on(layout: &Layout, key: Key, head: Head, last: Link, now: Wall) -> Result<Opened, Closed> {
    let ledger = Ledger::open(&layout.audit())?;
    let (path, file) = (Some(layout.audit_head()), FileId::at(&layout.audit())?);
    let mut trail = Trail { key, ledger, head, path, file, announced: None };
    let says = match head.pending {
        Some(pending) if last == pending => {
            trail.commit(pending)?;
            Vec::new()
        }
        Some(pending) => vec![act::interrupted(pending.seq, now)],
        None => Vec::new(),
    };
    Ok(Opened { trail, says, anew: None })
}

/// Keeps what is there aside, and begins another.
fn anew(layout: &Layout, key: Key, new: bool, kind: Kind, last: Link, now: Wall) -> Result<Opened, Closed> {
    let file = aside::put(layout, now, new)?;
    let aside = match (file.is_empty(), aside::newest(layout)) {
        // It was put aside, and then the program ended.
        (true, Some(file)) if kind == Kind::Gone => looked_at(layout, &key, file),
        _ => Aside { file, kind, verified: last },
    };
    begin(layout, key, new, Some(aside), now)
}

/// What is wrong with a trail that was put aside.
fn looked_at(layout: &Layout, key: &Key, file: String) -> Aside {
    let path = layout.folder().join(&file);
    let (verified, kind) = match verify::examine(&path, &path.with_extension("head"), key) {
        Ok(State::Trail(walked, _)) => (walked.last, walked.broken.unwrap_or(Kind::Gone)),
        _ => (Link::NONE, Kind::Damaged),
    };
    Aside { file, kind, verified }
}

/// Begins a trail. It is made beside its place; the key comes after the head and before the trail itself, so that neither a
/// key without a trail nor a trail without a key is ever taken for what a killed program left.
fn begin(layout: &Layout, key: Key, new: bool, after: Option<Aside>, now: Wall) -> Result<Opened, Closed> {
    let (path, head_path) = (layout.audit(), layout.audit_head());
    let fresh = path.with_extension("new");
    remove(&fresh)?;
    remove(&path.with_extension("new-journal"))?;
    let first = after.map(|aside| aside.record(now));
    let ledger = Ledger::create(&fresh)?;
    let mut head = Head::NONE;
    if let Some(first) = &first {
        let link = key.link(Link::NONE, first);
        ledger.insert(link, first)?;
        head.pending = Some(link);
    }
    drop(ledger);
    head.publish(&head_path, &key)?;
    if new {
        key.publish(layout)?;
    }
    remove(&path)?;
    private(&fresh)?;
    aside::give(&fresh, &path)?;
    let (ledger, file) = (Ledger::open(&path)?, FileId::at(&path)?);
    let mut trail = Trail { key, ledger, head, path: Some(head_path), file, announced: first.clone() };
    // The head is written after the trail has its name: its folder is synced with both.
    match head.pending {
        Some(pending) => trail.commit(pending)?,
        None => head.publish(&layout.audit_head(), &key)?,
    }
    Ok(Opened { trail, says: Vec::new(), anew: first })
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Nobody else reads it.
#[cfg(unix)]
fn private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn private(_: &Path) -> io::Result<()> {
    Ok(())
}
