//! How a sidecar begins with its owner, and what is known of it from an earlier one.

use super::{Cause, Launch, Watched};
use crate::control_loop::turn::Turn;
use crate::process::Manner;

const GONE: &str = "the program that supervised it is gone";
const STOPPED_BEFORE: &str = "stopped by a human, before this program took over";

impl Watched {
    /// The program starts, which is a human's doing.
    pub(in crate::control_loop) fn begin(&mut self, turn: &mut Turn<'_>) {
        turn.want(&self.name, None);
        if self.declared.start {
            self.wanted = true;
            let reason = "started with the program".to_owned();
            self.launch = Some(Launch { reason, cause: Cause::Human });
        }
    }

    /// An earlier owner is gone, and with it the sidecar; no human asked for anything just now.
    pub(in crate::control_loop) fn go_on(&mut self, turn: &mut Turn<'_>) {
        self.wanted = turn.parts.store.wanted(&self.name).unwrap_or(self.declared.start);
        if !self.wanted {
            self.say_stopped(turn, STOPPED_BEFORE);
        } else if turn.autonomous {
            let reason = format!("started anew: {GONE}");
            self.launch = Some(Launch { reason, cause: Cause::Takeover });
        } else {
            self.fell(turn, GONE);
        }
    }

    /// What an earlier owner kept can be read only now: what a human had stopped before is not started any more, what was
    /// started is.
    pub(in crate::control_loop) fn recall(&mut self, turn: &mut Turn<'_>) {
        let earlier = turn.parts.store.restarts(&self.name);
        let (now, wall) = (turn.now, turn.wall);
        self.recovery.remember(earlier.into_iter().map(|at| now.before(wall.since(at))));
        let wanted = turn.parts.store.wanted(&self.name).unwrap_or(self.declared.start);
        if self.closing || std::mem::replace(&mut self.wanted, wanted) == wanted {
            return;
        }
        if wanted {
            return self.fell(turn, GONE);
        }
        self.launch = None;
        self.recovery.human();
        match &self.run {
            Some(run) if run.ending.is_none() => self.end(turn, Manner::Gracefully),
            Some(_) => {}
            None => self.say_stopped(turn, STOPPED_BEFORE),
        }
    }
}
