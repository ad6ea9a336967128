//! How a sidecar is asked, and what its answers mean.

use super::Watched;
use crate::clock::Moment;
use crate::control_loop::turn::Turn;
use crate::health::{Finding, State};
use crate::latency::{Kind, Sample};
use crate::probe::{Answer, Outcome, Question};
use crate::process::RunId;

impl Watched {
    /// Asks it how it is, unless that is asked already or it cannot be. Which run was asked.
    pub(in crate::control_loop) fn ask(&mut self, turn: &mut Turn<'_>) -> Option<RunId> {
        let run = self.run.as_mut().filter(|run| !run.leaves())?;
        let port = run.port?;
        if run.asked.is_none() {
            run.asked = Some(turn.now);
            turn.parts.probe.ask(Question {
                run: run.id,
                port,
                path: self.declared.health.get_ref().clone(),
                identity: self.declared.identity,
                instance: run.instance.clone(),
                token: run.token.clone(),
                pid: run.pid,
                timeout: self.times.timeout,
            });
        }
        Some(run.id)
    }

    /// When it is to be asked next.
    pub(super) fn ask_at(&self) -> Moment {
        match &self.run {
            Some(run) if run.asked.is_none() && !run.leaves() && run.port.is_some() => {
                let besides = self.health.asks_again().into_iter().chain(self.recovery.proves_at());
                besides.fold(run.ask_at, Moment::min).max(run.rests)
            }
            _ => Moment::NEVER,
        }
    }

    /// What it, or another in its place, answered.
    pub(in crate::control_loop) fn answer(&mut self, turn: &mut Turn<'_>, answer: Answer) {
        let Some(run) = &mut self.run else { return };
        let asked = run.asked.take().unwrap_or(turn.now);
        if run.leaves() {
            return;
        }
        // Who does not listen yet makes no errors, and what a stranger answers says nothing of it.
        let starts = self.health.under() == State::Starting;
        if let Outcome::Found(finding) = &answer.outcome
            && !(starts && matches!(finding, Finding::Silent(_)))
        {
            let ok = matches!(finding, Finding::Ready | Finding::Starting(_));
            let sample = Sample { kind: Kind::Probe, took: answer.took, ok };
            turn.parts.store.sample(turn.wall, &self.name, sample);
            self.answers.note(turn.now, answer.took);
        }
        run.ask_at = match self.health.under() {
            State::Starting => turn.now.after(self.times.start_poll),
            // It was asked besides: its own time stands.
            _ if run.ask_at > asked => run.ask_at,
            _ => run.ask_at.after(self.times.liveness).max(turn.now),
        };
        self.prove(turn, asked, &answer.outcome);
        match answer.outcome {
            Outcome::Found(finding) => {
                if let Some(version) = answer.version {
                    turn.parts.store.version(turn.wall, &self.name, &version);
                    self.version = Some(version);
                }
                self.found(turn, &finding);
            }
            Outcome::NotOurs(reason) => self.not_ours(turn, &reason),
            Outcome::NotAsked(reason) => {
                tracing::warn!(sidecar = %self.name, reason, "not asked");
                if let Some(run) = &mut self.run {
                    run.rests = turn.now.after(self.times.repeat);
                }
            }
        }
    }
}
