//! Whether a trail is as it was written.
//!
//! Start at [`verify`]. A chain alone does not show that its tail was cut off or that the file is another: the head does.

use std::path::Path;

use super::aside::{self, Aside};
use super::chain::{Hash, Key, Link};
use super::head::{Found, Head};
use super::ledger::{self, Ledger, SCHEMA, Written};
use super::{Record, Verdict};
use crate::layout::Layout;

/// How many trails that were kept aside are followed, one after the other.
const ASIDES: usize = 100;

/// What somebody did to a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An entry is not what was written.
    Edited,
    /// An entry in the middle is not there.
    Missing,
    /// An entry stands in another's place.
    Reordered,
    /// The end is not there.
    Cut,
    /// The file is not there.
    Gone,
    /// `audit.head` is not there, not what was written, or an older one.
    Head,
    /// The file is no database any more.
    Damaged,
    /// The key is not there: nothing can be said.
    Keyless,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Edited,
        Self::Missing,
        Self::Reordered,
        Self::Cut,
        Self::Gone,
        Self::Head,
        Self::Damaged,
        Self::Keyless,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::Missing => "missing",
            Self::Reordered => "reordered",
            Self::Cut => "cut",
            Self::Gone => "gone",
            Self::Head => "head",
            Self::Damaged => "damaged",
            Self::Keyless => "keyless",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A trail that could be read.
#[derive(Debug)]
pub(super) struct Walked {
    /// The last entry that is as it was written, from the first on.
    pub(super) last: Link,
    /// What the first entry says.
    pub(super) first: Option<Record>,
    /// What is wrong with the next.
    pub(super) broken: Option<Kind>,
    /// The hash of an entry that was asked for.
    asked: Option<Hash>,
}

/// What is where a trail belongs.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one at a time, and gone at once")]
pub(super) enum State {
    /// Nothing was ever written.
    NotBegun,
    /// A trail, and its head if that is true.
    Trail(Walked, Option<Head>),
    /// It is not there, and was.
    Gone,
}

/// Whether the trail in `layout` is as it was written, with all that were kept aside before it. Only reads, and keeps
/// nobody from writing.
#[must_use]
pub fn verify(layout: &Layout) -> Verdict {
    let key = match Key::read(layout) {
        Ok(Some(key)) => key,
        // Where a supervisor was, there is one. Whoever looks in the wrong place must not be told that all is well.
        Ok(None) if !layout.folder().exists() => {
            return cannot_tell(&format!("there is no folder {}", layout.folder().display()));
        }
        // A supervisor begins both: with its history there and no trail, the trail was taken away with its key.
        Ok(None) if nothing_was_written(layout) && !layout.events().exists() => {
            return Verdict::Whole { entries: 0, head: None };
        }
        Ok(None) => return cannot_tell("audit.key is gone"),
        Err(error) => return cannot_tell(&error.to_string()),
    };
    match examine(&layout.audit(), &layout.audit_head(), &key) {
        Err(error) => cannot_tell(&format!("audit.db cannot be read: {error}")),
        Ok(State::Gone) => tampered(1, Kind::Gone, None),
        // It was put aside, and the next was not begun.
        Ok(State::NotBegun) if aside::newest(layout).is_some() => tampered(1, Kind::Gone, None),
        Ok(State::NotBegun) => Verdict::Whole { entries: 0, head: None },
        Ok(State::Trail(walked, _)) => verdict(layout, &key, &walked),
    }
}

/// As far as can be told without a key.
pub(super) fn nothing_was_written(layout: &Layout) -> bool {
    let path = layout.audit();
    let no_entry = || Ledger::read(&path).and_then(|ledger| ledger.hash(1)).is_ok_and(|hash| hash.is_none());
    Head::is_empty_at(&layout.audit_head()) && (!path.exists() || no_entry())
}

fn verdict(layout: &Layout, key: &Key, walked: &Walked) -> Verdict {
    if let Some(kind) = walked.broken {
        return tampered(walked.last.seq + 1, kind, None);
    }
    match walked.first.as_ref().and_then(Aside::of) {
        Some(aside) => of_aside(layout, key, &aside),
        None => {
            let Link { seq, hash } = walked.last;
            Verdict::Whole { entries: seq, head: (seq > 0).then(|| hash.to_string()) }
        }
    }
}

/// The newest trail is whole; what of those before it?
fn of_aside(layout: &Layout, key: &Key, newest: &Aside) -> Verdict {
    let mut aside = newest.clone();
    let mut keyless = None;
    for _ in 0..ASIDES {
        let file = Some(aside.file.clone()).filter(|file| !file.is_empty());
        if aside.kind != Kind::Keyless {
            let seq = still_true(layout, key, &aside).map_or(1, |last| last.seq.min(aside.verified.seq) + 1);
            return tampered(seq, aside.kind, file);
        }
        keyless = file.or(keyless);
        // What it says of one before cannot be believed without its key.
        let Some(before) = first_of(layout, &aside) else { break };
        aside = before;
    }
    let file = keyless.unwrap_or_default();
    cannot_tell(&format!("the key of {file} is gone; what was written after it is whole"))
}

/// The last entry of a trail that was kept aside that is still true; none if it is not there any more.
fn still_true(layout: &Layout, key: &Key, aside: &Aside) -> Option<Link> {
    let ledger = Ledger::read(&aside.path(layout)?).ok()?;
    let walked = walk(&ledger, key, Some(aside.verified.seq)).ok()?;
    let Link { seq, hash } = aside.verified;
    // One that holds as far, and is another: all of it was put there.
    let another = seq > 0 && walked.last.seq >= seq && walked.asked != Some(hash);
    (!another).then_some(walked.last)
}

fn first_of(layout: &Layout, aside: &Aside) -> Option<Aside> {
    let ledger = Ledger::read(&aside.path(layout)?).ok()?;
    let mut first = None;
    ledger
        .walk(|written| {
            first = Some(written.record);
            false
        })
        .ok()?;
    first.as_ref().and_then(Aside::of)
}

/// Reads a whole trail. An owner may write meanwhile: the head is read before, so that what it says must be there, and
/// after, so that nothing may be there that it does not say.
pub(super) fn examine(path: &Path, head: &Path, key: &Key) -> Result<State, String> {
    let told = |error: std::io::Error| error.to_string();
    let before = Head::read(head, key).map_err(told)?;
    if !path.exists() {
        return Ok(match before {
            Found::Head(head) if head.committed.seq == 0 => State::NotBegun,
            _ => State::Gone,
        });
    }
    let committed = match before {
        Found::Head(head) => Some(head.committed.seq),
        Found::Edited | Found::Gone => None,
    };
    let broken =
        |kind| State::Trail(Walked { last: Link::NONE, first: None, broken: Some(kind), asked: None }, None);
    let read = Ledger::read(path).and_then(|ledger| ledger.version().map(|version| (ledger, version)));
    let (ledger, version) = match read {
        Ok(read) => read,
        Err(error) if ledger::is_damage(&error) => return Ok(broken(Kind::Damaged)),
        Err(error) => return Err(error.to_string()),
    };
    if version > SCHEMA {
        return Err("it is from a newer version of AI DAWG: use that one".to_owned());
    }
    let mut walked = walk(&ledger, key, committed).map_err(|error| error.to_string())?;
    let after = Head::read(head, key).map_err(told)?;
    let (Found::Head(before), Found::Head(after)) = (before, after) else {
        walked.broken.get_or_insert(Kind::Head);
        return Ok(State::Trail(walked, None));
    };
    walked.broken = walked.broken.or_else(|| ends(&walked, &before, &after));
    Ok(State::Trail(walked, Some(after)))
}

/// What is wrong with the end of a chain, if something is.
pub(super) fn ends(walked: &Walked, before: &Head, after: &Head) -> Option<Kind> {
    let last = walked.last;
    if before.committed.seq > last.seq {
        return Some(Kind::Cut);
    }
    let another = before.committed.seq > 0 && walked.asked != Some(before.committed.hash);
    let beyond =
        last.seq > after.last().seq || (last.seq == after.last().seq && last.hash != after.last().hash);
    // A chain of ours that is not the one of this head: one of both was put back.
    (another || beyond).then_some(Kind::Head)
}

/// Follows the chain as far as it holds. `ask`: whose hash is wanted besides.
pub(super) fn walk(ledger: &Ledger, key: &Key, ask: Option<u64>) -> rusqlite::Result<Walked> {
    let mut walked = Walked { last: Link::NONE, first: None, broken: None, asked: None };
    let mut odd = None;
    let read = ledger.walk(|written| {
        let expected = key.link(walked.last, &written.record);
        if (written.seq, written.hash) != (expected.seq, expected.hash) {
            odd = Some(written.seq);
            return false;
        }
        walked.last = expected;
        if ask == Some(expected.seq) {
            walked.asked = Some(expected.hash);
        }
        walked.first.get_or_insert(written.record);
        true
    });
    match read {
        Err(error) if ledger::is_damage(&error) => walked.broken = Some(Kind::Damaged),
        read => read?,
    }
    if let Some(odd) = odd {
        walked.broken = Some(what_became_of_the_next(ledger, key, walked.last, odd)?);
    }
    Ok(walked)
}

/// Why what stands where the entry after `last` belongs (`odd` by its own number) is not that.
fn what_became_of_the_next(ledger: &Ledger, key: &Key, last: Link, odd: u64) -> rusqlite::Result<Kind> {
    let next = last.seq + 1;
    let is_next = |written: &Written| key.hash(next, &last.hash, &written.record) == written.hash;
    let mut elsewhere = false;
    let read = ledger.walk(|written| {
        elsewhere = written.seq != next && is_next(&written);
        !elsewhere
    });
    match read {
        Err(error) if ledger::is_damage(&error) => return Ok(Kind::Damaged),
        read => read?,
    }
    Ok(match () {
        () if elsewhere => Kind::Reordered,
        () if odd > next => Kind::Missing,
        () => Kind::Edited,
    })
}

fn tampered(seq: u64, kind: Kind, file: Option<String>) -> Verdict {
    Verdict::Tampered { seq, kind: kind.name().to_owned(), file }
}

fn cannot_tell(reason: &str) -> Verdict {
    Verdict::CannotTell { reason: reason.to_owned() }
}
