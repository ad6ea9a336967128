//! What follows of what was found or fell: restarts, blocks, ends, and what is told of them.

use std::sync::Arc;
use std::time::Duration;

use super::{Cause, KILLED, LEFT, Launch, Run, Watched};
use crate::clock::Moment;
use crate::control_loop::turn::Turn;
use crate::event::{Action, What};
use crate::health::{Finding, State, Transition};
use crate::probe::Outcome;
use crate::process::{Manner, Order};
use crate::recovery::{Due, Verdict};

impl Watched {
    pub(super) fn found(&mut self, turn: &mut Turn<'_>, finding: &Finding) {
        let was = self.health.under();
        let changes = self.health.found(turn.now, finding);
        self.tell(turn, changes);
        match finding {
            Finding::Ready => {
                if self.recovery.ready(turn.now) {
                    let after = self.fell_at.map_or(Duration::ZERO, |fell| turn.now.since(fell));
                    let after_ms = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
                    turn.record(&self.name, What::Healed { after_ms });
                }
                self.fell_at = None;
            }
            Finding::Degraded(_) => self.recovery.degraded(turn.now),
            Finding::Starting(_) => self.recovery.unwell(),
            Finding::Silent(_) => {
                if self.health.under() != State::Starting {
                    self.recovery.unwell();
                }
            }
        }
        self.mind_fall(turn, was);
    }

    /// What was asked at `asked` came to an end. After a restart has had its time, this decides whether it worked.
    pub(super) fn prove(&mut self, turn: &mut Turn<'_>, asked: Moment, outcome: &Outcome) {
        let ready = match outcome {
            Outcome::Found(Finding::Ready) => Ok(()),
            Outcome::Found(Finding::Starting(_)) => Err("it is starting again"),
            Outcome::Found(Finding::Degraded(why) | Finding::Silent(why)) | Outcome::NotOurs(why) => {
                Err(why.as_str())
            }
            Outcome::NotAsked(_) => return,
        };
        let what = match self.recovery.proved(asked, ready) {
            Some(true) => What::Verified,
            Some(false) => What::NotVerified,
            None => return,
        };
        turn.record(&self.name, what);
    }

    /// Never adopted: it moves when it is started anew, or a human must clear its port.
    pub(super) fn not_ours(&mut self, turn: &mut Turn<'_>, reason: &str) {
        if !self.declared.moves() {
            return self.block(turn, reason);
        }
        self.moved = true;
        let port = self.run.as_ref().and_then(|run| run.port);
        self.leaves.get_or_insert_with(|| (port, reason.to_owned()));
        self.fell(turn, reason);
    }

    /// It has a port. `instead`: why not the one it is to have, where that is known already.
    pub(super) fn listens(&mut self, turn: &mut Turn<'_>, port: u16, instead: Option<String>) {
        let Some(run) = &mut self.run else { return };
        run.port = Some(port);
        run.ask_at = turn.now;
        let wanted = std::mem::take(&mut run.wants);
        let reason = match self.leaves.take() {
            Some((left, reason)) => (left != Some(port)).then_some(reason),
            None if wanted == 0 || wanted == port => None,
            None => Some(instead.unwrap_or_else(|| format!("it could not have port {wanted}"))),
        };
        if let Some(reason) = reason {
            let reason = format!("{reason}; it is at port {port} now");
            turn.record(&self.name, What::Moved { reason });
        }
    }

    pub(super) fn block(&mut self, turn: &mut Turn<'_>, reason: &str) {
        if self.health.under() == State::Blocked {
            return;
        }
        let advice = format!("blocked: {reason}. End that program, then start the sidecar again");
        let changes = self.health.blocked(turn.now, &advice);
        self.tell(turn, changes);
        turn.record(&self.name, What::HumanNeeded { reason: advice, tried: Vec::new() });
    }

    /// Its run is over.
    pub(super) fn over(&mut self, turn: &mut Turn<'_>, reason: &str) {
        self.run = None;
        // Blocked it stays until a human does something about it, or has stopped it.
        if self.launch.is_some() || (self.wanted && self.health.under() == State::Blocked) {
            return;
        }
        if self.wanted {
            self.fell(turn, reason);
        } else {
            self.say_stopped(turn, &format!("stopped: {reason}"));
        }
    }

    pub(super) fn mind_fall(&mut self, turn: &mut Turn<'_>, was: State) {
        if was != State::Down && self.health.under() == State::Down {
            let reason = self.health.reason().to_owned();
            self.fell(turn, &reason);
        }
    }

    pub(super) fn fell(&mut self, turn: &mut Turn<'_>, reason: &str) {
        let changes = self.health.fell(turn.now, reason);
        self.tell(turn, changes);
        self.fell_at.get_or_insert(turn.now);
        let chance = turn.chance();
        let verdict = self.recovery.fell(turn.now, reason, turn.autonomous, chance);
        self.follow(turn, verdict);
    }

    pub(super) fn follow(&mut self, turn: &mut Turn<'_>, verdict: Verdict) {
        let reason = self.recovery.because().to_owned();
        let what = match verdict {
            Verdict::Restart(pause) => {
                What::WillRestart { pause_ms: u64::try_from(pause.as_millis()).unwrap_or(u64::MAX) }
            }
            Verdict::CallHuman(tried) => What::HumanNeeded { reason, tried },
            Verdict::Withheld => withheld(&reason),
            Verdict::Decided => return,
        };
        turn.record(&self.name, what);
    }

    pub(super) fn due(&mut self, turn: &mut Turn<'_>, due: Due) {
        let what = match due {
            Due::Restart if !turn.limit.may_act(turn.now) => return self.overrule(turn),
            Due::Restart => {
                self.restarts += 1;
                self.launch = Some(Launch { reason: "restarted".to_owned(), cause: Cause::Fall });
                if self.run.as_ref().is_some_and(|run| run.ending.is_none()) {
                    self.end(turn, Manner::AtOnce);
                }
                What::Restarted
            }
            Due::GivenBack => What::BudgetGivenBack,
        };
        turn.record(&self.name, what);
        turn.keep_restarts(&self.name, &self.recovery);
    }

    /// Too much is done by itself just now: a human is called instead.
    fn overrule(&mut self, turn: &mut Turn<'_>) {
        let tried = self.recovery.overruled();
        let reason = turn.limit.reason();
        turn.record(&self.name, What::Withheld { action: Action::Restart, reason: reason.clone() });
        turn.record(&self.name, What::HumanNeeded { reason, tried });
    }

    pub(super) fn end(&mut self, turn: &mut Turn<'_>, manner: Manner) {
        let Some(run) = &mut self.run else { return };
        turn.parts.host.end(run.id, manner);
        let patience = if manner == Manner::Gracefully { self.times.grace } else { KILLED };
        run.ending = Some((manner, turn.now.after(patience)));
        if manner != Manner::Gracefully {
            run.killed.get_or_insert(turn.now);
        }
    }

    /// It runs, and is not one that was killed long ago and does not end.
    pub(in crate::control_loop) fn is_waited_for(&self, now: Moment) -> bool {
        self.run.as_ref().is_some_and(|run| run.killed.is_none_or(|killed| now < killed.after(LEFT)))
    }

    /// When it is given up at the end of the supervision.
    pub(super) fn is_left_at(&self) -> Moment {
        let killed = self.run.as_ref().filter(|_| self.closing).and_then(|run| run.killed);
        killed.map_or(Moment::NEVER, |killed| killed.after(LEFT))
    }

    /// One that was killed long ago and does not end is waited for no more. Its process stays noted for the next owner.
    pub(in crate::control_loop) fn give_up(&mut self, turn: &mut Turn<'_>) {
        if turn.now < self.is_left_at() {
            return;
        }
        let pid = self.run.take().and_then(|run| run.pid);
        let seconds = LEFT.as_secs();
        tracing::error!(
            sidecar = %self.name,
            pid,
            "killed {seconds} s ago and still there, as if its disk did not answer: it is left over, and the next start looks for it"
        );
        let whose = pid.map(|pid| format!(" (process {pid})")).unwrap_or_default();
        self.say_stopped(turn, &format!("left over{whose}: killed, and still there after {seconds} s"));
    }

    /// Who was asked and did not end is killed.
    pub(super) fn press(&mut self, turn: &mut Turn<'_>) {
        let Some((manner, until)) = self.run.as_ref().and_then(|run| run.ending) else { return };
        if turn.now >= until {
            let harder = if manner == Manner::Gracefully { Manner::AtOnce } else { Manner::Forced };
            self.end(turn, harder);
        }
    }

    pub(super) fn wait_for(&mut self, turn: &mut Turn<'_>, missing: &str) {
        if self.run.is_none() && self.launch.is_some() && self.health.under() != State::Down {
            self.say_stopped(turn, &format!("waits for {missing}"));
        }
    }

    pub(super) fn start(&mut self, turn: &mut Turn<'_>) {
        if self.run.is_some() {
            return;
        }
        let Some(launch) = self.launch.take() else { return };
        if launch.cause == Cause::Takeover {
            turn.record(&self.name, What::StartedAnew { reason: launch.reason.clone() });
        }
        let (id, instance, token) = turn.new_run();
        let port = if self.moved { 0 } else { self.declared.port };
        turn.parts.host.start(Order {
            run: id,
            name: Arc::clone(&self.name),
            command: self.declared.command.get_ref().clone(),
            environment: self.declared.environment.clone(),
            identity: self.declared.identity,
            port,
            moves: self.declared.moves(),
            instance: instance.clone(),
            token: token.clone(),
            grace: self.times.grace,
        });
        self.version = None;
        self.run = Some(Run {
            id,
            pid: None,
            port: None,
            wants: port,
            instance,
            token,
            began: turn.now,
            asked: None,
            ask_at: turn.now,
            rests: turn.now,
            ending: None,
            killed: None,
            held: false,
        });
        let changes = self.health.started(turn.now, &launch.reason);
        self.tell(turn, changes);
    }

    pub(super) fn say_stopped(&mut self, turn: &mut Turn<'_>, reason: &str) {
        let changes = self.health.stopped(turn.now, reason);
        self.tell(turn, changes);
    }

    pub(super) fn tell(&self, turn: &mut Turn<'_>, changes: Vec<Transition>) {
        for change in changes {
            turn.record(&self.name, What::Changed(change));
        }
    }
}

/// A restart that is not done since nobody may act without being asked.
pub(super) fn withheld(reason: &str) -> What {
    What::Withheld { action: Action::Restart, reason: format!("automatic actions are off; {reason}") }
}
