//! One sidecar in the control loop: its run, its health, its recovery, and what somebody wants of it.
//!
//! Start at [`Watched::care`]. How it is asked stands in `asking`, how it begins with its owner in `beginning`, what follows
//! of a finding or a fall in `mending`.

mod asking;
mod beginning;
mod mending;

use std::sync::Arc;
use std::time::Duration;

use super::request::Address;
use super::turn::Turn;
use crate::alert::Answers;
use crate::by::By;
use crate::clock::Moment;
use crate::config::{Config, Identity, Sidecar, Times};
use crate::event::{Action, What};
use crate::health::{Health, State};
use crate::process::{self, Fate, Manner, RunId};
use crate::recovery::Recovery;
use crate::status::Status;

/// How long after it was killed a process may still be there before all in sight is killed.
const KILLED: Duration = Duration::from_secs(2);
/// How long after it was killed a process is waited for at the end of the supervision. One that hangs in the kernel (a disk
/// that does not answer) cannot end, and must not hold up whoever closes the program.
const LEFT: Duration = Duration::from_secs(5);

/// One sidecar.
#[derive(Debug)]
pub(super) struct Watched {
    declared: Sidecar,
    times: Times,
    name: Arc<str>,
    pub(super) health: Health,
    pub(super) recovery: Recovery,
    /// Somebody wants it to run.
    wanted: bool,
    /// It is to be started as soon as its last run is over and what it needs is there.
    launch: Option<Launch>,
    run: Option<Run>,
    /// Its own port was another's: it takes any.
    moved: bool,
    /// Another answered at this port in its place: it moves when it is started anew.
    leaves: Option<(Option<u16>, String)>,
    /// All is stopped, and the supervision ends.
    closing: bool,
    restarts: u64,
    version: Option<String>,
    fell_at: Option<Moment>,
    pub(super) answers: Answers,
    /// How a faulty one would be: for the test that must then fail.
    #[cfg(test)]
    pub(super) ignores_stop: bool,
    #[cfg(test)]
    pub(super) trusts_old_answers: bool,
}

#[derive(Debug)]
struct Launch {
    reason: String,
    cause: Cause,
}

/// Who wants a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// A human, just now.
    Human,
    /// It fell, which is told apart.
    Fall,
    /// An earlier owner is gone.
    Takeover,
}

#[derive(Debug)]
struct Run {
    id: RunId,
    pid: Option<u32>,
    port: Option<u16>,
    /// The port it is to have; 0: any, or it has one by now.
    wants: u16,
    instance: String,
    token: String,
    began: Moment,
    /// A question is out, since then.
    asked: Option<Moment>,
    ask_at: Moment,
    /// It could not be asked: not again before.
    rests: Moment,
    ending: Option<(Manner, Moment)>,
    killed: Option<Moment>,
    /// It is to be ended with all others, once nobody runs any more who needs it.
    held: bool,
}

impl Run {
    /// It ends, or is to.
    fn leaves(&self) -> bool {
        self.ending.is_some() || self.held
    }
}

impl Watched {
    pub(super) fn new(declared: Sidecar, config: &Config) -> Self {
        Self {
            name: Arc::from(declared.name()),
            health: Health::new(config.times.clone()),
            recovery: Recovery::new(config.restarts.clone(), config.times.verify),
            times: config.times.clone(),
            declared,
            wanted: false,
            launch: None,
            run: None,
            moved: false,
            leaves: None,
            closing: false,
            restarts: 0,
            version: None,
            fell_at: None,
            answers: Answers::new(config.objective.clone()),
            #[cfg(test)]
            ignores_stop: false,
            #[cfg(test)]
            trusts_old_answers: false,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn needs(&self) -> impl Iterator<Item = &str> {
        self.declared.needs.iter().map(|need| need.get_ref().as_str())
    }

    pub(super) fn run(&self) -> Option<RunId> {
        self.run.as_ref().map(|run| run.id)
    }

    /// Somebody wants it to run.
    pub(super) fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// It fell, and was not ready again since.
    pub(super) fn has_fallen(&self) -> bool {
        self.fell_at.is_some()
    }

    /// Its process group, to be measured.
    pub(super) fn group(&self) -> Option<(Arc<str>, u32)> {
        Some((Arc::clone(&self.name), self.run.as_ref()?.pid?))
    }

    /// Others may be started that need it.
    pub(super) fn serves(&self) -> bool {
        self.run.as_ref().is_some_and(|run| !run.leaves()) && self.responds()
    }

    fn responds(&self) -> bool {
        matches!(self.health.under(), State::Healthy | State::Degraded)
    }

    /// Where it is reached, while it serves; also for those on whose end it waits with its own.
    pub(super) fn address(&self) -> Option<Address> {
        let run = self.run.as_ref().filter(|run| run.ending.is_none() && self.responds())?;
        let (token, health) = (run.token.clone(), self.declared.health.get_ref().clone());
        Some(Address { port: run.port?, token, health })
    }

    pub(super) fn status(&self, now: Moment) -> Status {
        let run = self.run.as_ref();
        Status {
            name: self.name.to_string(),
            state: self.health.state(),
            pid: run.and_then(|run| run.pid),
            port: run.and_then(|run| run.port),
            version: self.version.clone(),
            restarts: self.restarts,
            uptime_s: run.filter(|run| run.pid.is_some()).map(|run| now.since(run.began).as_secs()),
            reason: self.health.reason().to_owned(),
            progress: self.health.progress(),
            unprovable: self.declared.identity == Identity::Process && !process::PROVES,
        }
    }

    /// A human asked for it. `held`: a run that is to end does so once it is [let go](Self::let_go). True unless it runs
    /// already.
    pub(super) fn wish(&mut self, turn: &mut Turn<'_>, action: Action, by: &By, held: bool) -> bool {
        let works = !matches!(self.health.under(), State::Down | State::Blocked | State::Stopped);
        let runs = self.run.as_ref().is_some_and(|run| !run.leaves()) && works;
        if action == Action::Start
            && (runs || self.launch.as_ref().is_some_and(|launch| launch.cause == Cause::Human))
        {
            return false;
        }
        #[cfg(test)]
        if self.ignores_stop && action == Action::Stop && self.recovery.passes_at() != Moment::NEVER {
            return true;
        }
        turn.record(&self.name, What::Asked { action, by: by.clone() });
        turn.limit.count(turn.now);
        self.recovery.human();
        turn.keep_restarts(&self.name, &self.recovery);
        self.fell_at = None;
        self.launch = None;
        self.wanted = action != Action::Stop;
        turn.want(&self.name, Some(self.wanted));
        if self.wanted {
            let done = if action == Action::Restart { "restarted" } else { "started" };
            let reason = format!("{done} by a human");
            self.launch = Some(Launch { reason, cause: Cause::Human });
        }
        match &mut self.run {
            Some(run) if run.leaves() => {}
            Some(run) if held => run.held = true,
            Some(_) => self.end(turn, Manner::Gracefully),
            None if self.wanted => {}
            None => self.say_stopped(turn, "stopped by a human"),
        }
        true
    }

    /// Nobody runs any more who needs it: it ends, if it was to.
    pub(super) fn let_go(&mut self, turn: &mut Turn<'_>) {
        if self.run.as_ref().is_some_and(|run| run.held && run.ending.is_none()) {
            self.end(turn, Manner::Gracefully);
        }
    }

    /// It is stopped since everything ends.
    pub(super) fn close(&mut self, turn: &mut Turn<'_>) {
        self.closing = true;
        self.wanted = false;
        self.launch = None;
        self.recovery.human();
        match &self.run {
            Some(run) if run.ending.is_none() => self.end(turn, Manner::Gracefully),
            _ => {}
        }
    }

    /// One may act without being asked, from now on or no longer.
    pub(super) fn switched(&mut self, turn: &mut Turn<'_>) {
        if turn.autonomous {
            let verdict = self.recovery.allowed(turn.now, turn.chance());
            self.follow(turn, verdict);
            return;
        }
        let pending = self.launch.take_if(|launch| launch.cause != Cause::Human);
        if self.recovery.forbidden(pending.is_some()) {
            let taken_over = pending.filter(|launch| launch.cause == Cause::Takeover);
            let reason =
                taken_over.map_or_else(|| self.recovery.because().to_owned(), |launch| launch.reason);
            turn.record(&self.name, mending::withheld(&reason));
        }
    }

    /// What became of its run.
    pub(super) fn fate(&mut self, turn: &mut Turn<'_>, fate: Fate) {
        match fate {
            Fate::Started { pid, port, instead } => {
                if let Some(run) = &mut self.run {
                    run.pid = Some(pid);
                }
                if let Some(port) = port {
                    self.listens(turn, port, instead);
                }
            }
            Fate::Listens(port) => self.listens(turn, port, None),
            Fate::Ended { exit, last_line } => {
                let reason = match last_line {
                    Some(line) => format!("{exit}; its last words: {line}"),
                    None => exit.to_string(),
                };
                self.over(turn, &reason);
            }
            Fate::Failed(reason) => self.over(turn, &reason),
            // A human has said something else meanwhile.
            Fate::PortTaken { port, .. } if !self.wanted || self.launch.is_some() => {
                self.over(turn, &format!("port {port} is taken"));
            }
            Fate::PortTaken { port, pid } => {
                self.run = None;
                let whose = pid.map(|pid| format!(" by pid {pid}")).unwrap_or_default();
                self.block(turn, &format!("port {port} is taken{whose}"));
            }
        }
    }

    /// What time brings. `missing`: whom it needs and does not have.
    pub(super) fn care(&mut self, turn: &mut Turn<'_>, missing: Option<&str>) {
        let was = self.health.under();
        let changes = self.health.passed(turn.now);
        self.tell(turn, changes);
        // Who is to end anyway has not fallen.
        if !self.run.as_ref().is_some_and(Run::leaves) {
            self.mind_fall(turn, was);
        }
        while let Some(due) = self.recovery.passed(turn.now) {
            self.due(turn, due);
        }
        self.press(turn);
        match missing {
            None => self.start(turn),
            Some(missing) => self.wait_for(turn, missing),
        }
        #[cfg(test)]
        if self.trusts_old_answers
            && let Some(until) = self.recovery.proves_at().filter(|until| turn.now >= *until)
            && self.health.under() == State::Healthy
        {
            self.prove(turn, until, &crate::probe::Outcome::Found(crate::health::Finding::Ready));
        }
        let at = self.ask_at();
        if turn.now >= at {
            self.ask(turn);
        }
    }

    /// When [`care`](Self::care) has something to do, if nothing else happens.
    pub(super) fn due_at(&self) -> Moment {
        let ending = self.run.as_ref().and_then(|run| run.ending).map_or(Moment::NEVER, |(_, at)| at);
        let ending = ending.min(self.is_left_at());
        self.health.passes_at().min(self.recovery.passes_at()).min(ending).min(self.ask_at())
    }
}
