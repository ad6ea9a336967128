//! Which events are acts, and what is written down of them.
//!
//! Start at [`Acts::record`]. What merely is found out (a state, a latency) belongs to the events, not here.

use std::collections::BTreeMap;

use super::Record;
use crate::by::By;
use crate::clock::Wall;
use crate::control_plane::SUPERVISOR;
use crate::event::{Action, Event, What};
use crate::health::State;

pub(super) const DONE: &str = "done";
pub(super) const GAP: &str = "gap";
pub(super) const AUTONOMY: &str = "autonomy";
const SWITCHED_ON: &str = "switched on";
const SWITCHED_OFF: &str = "switched off";
const ALLOWED: &str = "allowed";
const WITHHELD: &str = "withheld";
const FAILED: &str = "failed";

/// What must be remembered of earlier events to say why something is done.
#[derive(Debug, Default)]
pub(super) struct Acts {
    /// Why each sidecar fell last.
    fell: BTreeMap<String, String>,
}

impl Acts {
    /// What is written down of an event; none if it is no act. Each reason names the rule by which was acted.
    pub(super) fn record(&mut self, event: &Event) -> Option<Record> {
        let target = event.sidecar.as_deref().unwrap_or(SUPERVISOR);
        let (by, action, reason, outcome) = match &event.what {
            What::Changed(change) => {
                if change.to == State::Down {
                    self.fell.insert(target.to_owned(), change.reason.clone());
                }
                return None;
            }
            What::Began => (By::itself(), "began", "the supervisor was started".to_owned(), DONE),
            What::Ended => (By::itself(), "ended", "the supervisor was asked to end".to_owned(), DONE),
            What::Asked { action, by } => {
                (by.clone(), name(*action), "a human asked: always allowed".to_owned(), ALLOWED)
            }
            What::Restarted => {
                let why = self.fell.get(target).map_or("", String::as_str);
                (By::itself(), "restart", format!("whoever falls is restarted: {why}"), ALLOWED)
            }
            What::Verified => {
                (By::itself(), "restart", "verified: still ready some time later".to_owned(), DONE)
            }
            What::NotVerified => {
                (By::itself(), "restart", "not verified: not ready some time later".to_owned(), FAILED)
            }
            What::Withheld { action, reason } => (By::itself(), name(*action), reason.clone(), WITHHELD),
            What::Switched { on, by } => {
                (by.clone(), AUTONOMY, if *on { SWITCHED_ON } else { SWITCHED_OFF }.to_owned(), DONE)
            }
            What::StartedAnew { reason } => (By::itself(), "start", reason.clone(), ALLOWED),
            What::Moved { reason } => {
                (By::itself(), "move", format!("never adopt what is not ours: {reason}"), ALLOWED)
            }
            What::LeftOver(left) => {
                let reason = format!("left over by an earlier owner: process {}", left.pid);
                (By::itself(), "end", reason, if left.ended { DONE } else { FAILED })
            }
            What::HumanNeeded { reason, tried } => {
                let reason = format!("{reason}; tried {} times", tried.len());
                (By::itself(), "call a human", reason, DONE)
            }
            What::AlertAcknowledged { id, by } => {
                (by.clone(), "acknowledge", format!("a human has seen alert {id}"), DONE)
            }
            _ => return None,
        };
        let (action, outcome) = (action.to_owned(), outcome.to_owned());
        Some(Record { at: event.at, by, action, target: target.to_owned(), reason, outcome })
    }
}

/// What a flip of the switch made of it; none for all else, also for what somebody asked to be done under that name.
pub(super) fn switched(record: &Record) -> Option<bool> {
    let is_flip = record.action == AUTONOMY && record.target == SUPERVISOR && record.outcome == DONE;
    match record.reason.as_str() {
        SWITCHED_ON if is_flip => Some(true),
        SWITCHED_OFF if is_flip => Some(false),
        _ => None,
    }
}

/// An entry was announced, and is not there.
pub(super) fn interrupted(seq: u64, now: Wall) -> Record {
    let reason = format!("entry {seq} was being written when the program ended, and is not there");
    own("interrupted", reason, FAILED, now)
}

/// For some time nothing could be written.
pub(super) fn gap(from: Wall, now: Wall, why: &str, kept: usize, lost: u64) -> Record {
    let lost = if lost > 0 { format!(", {lost} were lost") } else { String::new() };
    let reason = format!("nothing could be written since {from} ({why}): {kept} entries follow late{lost}");
    own(GAP, reason, DONE, now)
}

fn own(action: &str, reason: String, outcome: &str, at: Wall) -> Record {
    Record {
        at,
        by: By::itself(),
        action: action.to_owned(),
        target: SUPERVISOR.to_owned(),
        reason,
        outcome: outcome.to_owned(),
    }
}

fn name(action: Action) -> &'static str {
    match action {
        Action::Start => "start",
        Action::Stop => "stop",
        Action::Restart => "restart",
    }
}
