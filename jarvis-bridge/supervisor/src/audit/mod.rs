//! The audit trail: who did what to which service and why, in a chain that shows tampering.
//!
//! Tamper-evident, not tamper-proof: whoever holds the key can forge it, and whoever takes trail, head and key away leaves
//! only the history (`events.db`) by which it is told that they are missing. It can only grow: what is undone is written down
//! as another act. Start at [`Audit::open`].
//!
//! A `trail` is a `ledger` (`audit.db`) and a `head` (`audit.head`) that says where its `chain` ends; `opening`
//! tells an interruption from tampering, and what was tampered with is kept `aside`. Once the owner runs, a `reopening` does
//! that beside the control loop.

mod act;
mod aside;
mod chain;
mod head;
mod ledger;
mod newest;
mod opening;
mod reopening;
mod switch;
#[cfg(test)]
mod tests;
mod trail;
mod verify;

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use chain::Key;
pub use newest::newest;
pub use switch::Unread;
pub use verify::verify;

use crate::by::By;
use crate::clock::{Moment, Wall};
use crate::entropy::Entropy;
use crate::event::Event;
use crate::file_id;
use crate::layout::Layout;
use act::Acts;
use opening::Opened;
use reopening::Reopening;
use trail::Trail;

/// So much is kept in mind while nothing can be written; beyond it the newest are lost, and counted.
const KEPT: usize = 10_000;
/// How long until it is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// And at most, when it is the opening that fails again and again: that walks the whole chain.
const AT_MOST: Duration = Duration::from_secs(30);
/// How long a turn waits for an opening; most are over by then, and the others are asked in the next turn.
const PATIENCE: Duration = Duration::from_millis(50);
/// and at the very end.
const LAST: Duration = Duration::from_secs(1);
/// How long a check tells that the trail is another, in milliseconds.
const TELL_MS: u64 = 300_000;

/// What is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Record {
    /// When.
    pub at: Wall,
    /// In whose name.
    pub by: By,
    /// What: `start`, `stop`, `restart`, `withheld`, `autonomy`, `began`, …
    pub action: String,
    /// To what: a sidecar, or `jarvis`.
    pub target: String,
    /// Why.
    pub reason: String,
    /// `allowed`, `refused`, `withheld`, `done`, `failed`.
    pub outcome: String,
}

/// One link of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Entry {
    /// From 1, without a gap.
    pub seq: u64,
    /// What happened.
    #[serde(flatten)]
    pub record: Record,
    /// HMAC-SHA-256 over the entry and the hash before it, in hexadecimal digits.
    pub hash: String,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// All is as it was written.
    Whole {
        /// How many entries there are.
        entries: u64,
        /// The hash of the last.
        head: Option<String>,
    },
    /// Somebody changed it.
    Tampered {
        /// From where on it cannot be trusted.
        seq: u64,
        /// How: `edited`, `missing`, `reordered`, `cut`, `gone`, `head`, `damaged`.
        kind: String,
        /// In which file of the supervisor's folder, if in one that was kept aside.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<String>,
    },
    /// Without the key, or where it cannot be read, nothing can be said.
    CannotTell {
        /// Why.
        reason: String,
    },
}

/// The trail of one owner.
#[derive(Debug)]
pub struct Audit {
    /// Where it is opened, and its key if it has none yet; none: in memory.
    place: Option<(Layout, Key)>,
    trail: Option<Trail>,
    /// While there is none: it is being opened.
    reopening: Option<Reopening>,
    /// How long until that is tried again.
    pause: Duration,
    /// The trail is not the one it was, and when that was found.
    found: Option<(Wall, String)>,
    acts: Acts,
    /// What could not be written yet, oldest first.
    waiting: VecDeque<Record>,
    gap: Option<Gap>,
    /// When it was tried last; none: not since the last turn of luck.
    tried: Option<Moment>,
    fresh: Vec<Entry>,
}

impl Drop for Audit {
    /// What waits is written if that goes now: nobody tries it later.
    fn drop(&mut self) {
        let Some(now) = self.waiting.back().map(|record| record.at) else { return };
        if self.trail.is_some() {
            return self.write(now);
        }
        if self.reopening.is_none() {
            self.reopen(now);
        }
        self.hear(LAST, now);
    }
}

/// For how long nothing could be written.
#[derive(Debug)]
struct Gap {
    from: Wall,
    why: String,
    lost: u64,
}

impl Audit {
    /// The trail in `layout`. Never fails: what cannot be written now is kept in mind and written later.
    #[must_use]
    pub fn open(layout: &Layout, now: Wall, entropy: &mut dyn Entropy) -> Self {
        let key = Key::new(entropy);
        let mut audit = Self::new(Some((layout.clone(), key)), None);
        audit.opened(opening::open(layout, now, key), now);
        audit
    }

    /// One that ends with the program, for the simulation.
    #[must_use]
    pub fn in_memory(key: Key) -> Self {
        let trail =
            Trail::in_memory(key).inspect_err(|error| tracing::error!(%error, "no memory for the audit"));
        Self::new(None, trail.ok())
    }

    fn new(place: Option<(Layout, Key)>, trail: Option<Trail>) -> Self {
        let (acts, waiting) = (Acts::default(), VecDeque::new());
        Self {
            place,
            trail,
            reopening: None,
            pause: AGAIN,
            found: None,
            acts,
            waiting,
            gap: None,
            tried: None,
            fresh: Vec::new(),
        }
    }

    /// Writes it down. Never fails its caller: what cannot be written is told in the log, and in [`Audit::check`].
    pub fn append(&mut self, record: Record) {
        let now = record.at;
        if self.waiting.len() >= KEPT {
            if let Some(gap) = &mut self.gap {
                gap.lost += 1;
            }
            return;
        }
        self.waiting.push_back(record);
        if self.gap.is_none() {
            self.write(now);
        }
    }

    /// Writes down what an event means for the trail, if it is an act.
    pub fn event(&mut self, event: &Event) {
        if let Some(record) = self.acts.record(event) {
            self.append(record);
        }
    }

    /// Once a turn: what could not be written is tried again, at most once a second; a trail that cannot be opened less and
    /// less often, down to once in 30 s, and without keeping the caller. Notices that its file was removed or replaced.
    pub fn tend(&mut self, now: Moment, wall: Wall) {
        self.found.take_if(|(at, _)| wall.0.abs_diff(at.0) >= TELL_MS);
        self.look(wall);
        self.hear(Duration::ZERO, wall);
        let pause = if self.trail.is_none() { self.pause } else { AGAIN };
        let idle = self.gap.is_none() || self.reopening.is_some();
        if idle || self.tried.is_some_and(|tried| now.since(tried) < pause) {
            return;
        }
        self.tried = Some(now);
        if self.trail.is_some() { self.write(wall) } else { self.reopen(wall) }
    }

    /// What was written since this was asked last.
    pub fn fresh(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.fresh)
    }

    /// Whether it works: what is wrong, if something is.
    ///
    /// # Errors
    /// For people: since when nothing could be written, and why; or, for five minutes, that the trail before was not whole, or
    /// was taken away.
    pub fn check(&self) -> Result<(), String> {
        let Some(Gap { from, why, lost }) = &self.gap else {
            return self.found.as_ref().map_or(Ok(()), |(_, what)| Err(what.clone()));
        };
        let waiting = self.waiting.len();
        Err(format!("nothing could be written since {from} ({why}); {waiting} entries wait, {lost} are lost"))
    }

    /// The hash of the last entry; none while there is no trail.
    #[must_use]
    pub fn head(&self) -> Option<String> {
        self.trail.as_ref().map(|trail| trail.last().to_string())
    }

    /// Whether what it wrote is still so; for one in memory. See [`verify`] for one on the disk.
    #[must_use]
    pub fn verify(&self) -> Verdict {
        let Some(trail) = &self.trail else {
            return Verdict::CannotTell { reason: "there is no trail".to_owned() };
        };
        match trail.walk() {
            Err(error) => Verdict::CannotTell { reason: error.to_string() },
            Ok((walked, Some(kind))) => {
                Verdict::Tampered { seq: walked.last.seq + 1, kind: kind.name().to_owned(), file: None }
            }
            Ok((walked, None)) => Verdict::Whole {
                entries: walked.last.seq,
                head: (walked.last.seq > 0).then(|| walked.last.hash.to_string()),
            },
        }
    }

    /// Notices that the file was taken away: what was written to it since would be found nowhere.
    fn look(&mut self, now: Wall) {
        let (Some((layout, _)), Some(trail)) = (&self.place, &self.trail) else { return };
        let Some(how) = file_id::moved(&layout.audit(), trail.file) else { return };
        let what = format!("the audit trail {how}; what was done is written on, and is told from then on");
        tracing::error!("{what}");
        self.found = Some((now, what));
        // Closed before another is begun under the same name.
        (self.trail, self.tried, self.pause) = (None, None, AGAIN);
        self.complain(now, &format!("audit.db {how}"));
    }

    fn reopen(&mut self, now: Wall) {
        let Some((layout, key)) = &self.place else { return };
        match Reopening::begin(layout.clone(), now, *key) {
            Ok(begun) => self.reopening = Some(begun),
            Err(error) => return self.complain(now, &error.to_string()),
        }
        self.hear(PATIENCE, now);
    }

    /// Takes the trail once it is open.
    fn hear(&mut self, patience: Duration, now: Wall) {
        let Some(opened) = self.reopening.as_ref().and_then(|opening| opening.done(patience)) else { return };
        self.reopening = None;
        self.opened(opened, now);
    }

    fn opened(&mut self, opened: Result<Opened, opening::Closed>, now: Wall) {
        match opened {
            Ok(Opened { trail, says, anew }) => {
                self.trail = Some(trail);
                self.pause = AGAIN;
                if let Some(first) = anew {
                    self.began_anew(&first, now);
                }
                for record in says.into_iter().rev() {
                    self.waiting.push_front(record);
                }
                self.write(now);
            }
            Err(error) => {
                self.pause = (self.pause * 2).min(AT_MOST);
                self.complain(now, &error.to_string());
            }
        }
    }

    /// Says what the first record of a new trail says.
    fn began_anew(&mut self, first: &Record, now: Wall) {
        let kept = if first.target.is_empty() { "it is nowhere" } else { first.target.as_str() };
        let what = format!("the audit trail was begun anew: {} (kept as: {kept})", first.reason);
        tracing::error!("{what}");
        self.found = Some((now, what));
    }

    /// Writes what waits, after a note of the gap if there was one.
    fn write(&mut self, now: Wall) {
        self.look(now);
        let Some(trail) = &mut self.trail else {
            return self.complain(now, "there is no trail");
        };
        if let Err(error) = write(trail, &mut self.waiting, &mut self.gap, &mut self.fresh, now) {
            let error = error.to_string();
            return self.complain(now, &error);
        }
        self.tried = None;
    }

    /// Says once that nothing is kept; then again when it had worked between.
    fn complain(&mut self, now: Wall, why: &str) {
        if self.gap.is_none() {
            tracing::error!(
                why,
                "who did what cannot be written down for now; it is done all the same, and written later. Is the disk full?"
            );
            self.gap = Some(Gap { from: now, why: why.to_owned(), lost: 0 });
        }
    }
}

fn write(
    trail: &mut Trail,
    waiting: &mut VecDeque<Record>,
    gap: &mut Option<Gap>,
    fresh: &mut Vec<Entry>,
    now: Wall,
) -> Result<(), trail::Refused> {
    if let Some(entry) = trail.settle()? {
        if waiting.front() == Some(&entry.record) {
            waiting.pop_front();
        }
        if entry.record.action == act::GAP {
            *gap = None;
        }
        fresh.push(entry);
    }
    if let Some(over) = gap.as_ref() {
        let note = act::gap(over.from, now, &over.why, waiting.len(), over.lost);
        fresh.push(trail.append(&note)?);
        tracing::info!("who did what is written down again");
        *gap = None;
    }
    while let Some(record) = waiting.front() {
        fresh.push(trail.append(record)?);
        waiting.pop_front();
    }
    Ok(())
}
