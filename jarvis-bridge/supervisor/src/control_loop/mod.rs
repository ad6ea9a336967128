//! The control loop: one thread that hears what happened, asks how everybody is, and does what is due.
//!
//! Start at [`ControlLoop::turn`]: it never waits, and says when there is something to do next; [`ControlLoop::run`] lets
//! the clock wait in between. Everything outside is behind the five traits of [`Parts`]; with others in their place the
//! same loop lives through seven days in seconds (`simulation`).

mod alerts;
mod begin;
mod deadlines;
mod deep;
mod gauges;
mod hearing;
mod limit;
mod parts;
mod request;
mod switching;
#[cfg(test)]
mod tests;
mod turn;
mod watched;

use std::collections::BTreeSet;
use std::time::Duration;

use crossbeam_channel::Receiver;

pub use begin::Begin;
pub use deadlines::Rounds;
pub use parts::Parts;
pub use request::{Address, Refusal, Request, Target};

use crate::alert::Alerts;
use crate::clock::{Bell, Moment};
use crate::config::Config;
use crate::event::What;
use crate::process::{Fate, RunId};
use crate::running::End;
use crate::status::Status;
use crate::stream::News;
use crate::switch::{self, Switch};
use deadlines::Deadlines;
use deep::Deep;
use gauges::Gauges;
use limit::Limit;
use turn::Turn;
use watched::Watched;

/// A round that begins later than this after its deadline is told.
const LATE: Duration = Duration::from_secs(2);
/// The machine slept if its clock says so by more than this.
const NAP: Duration = Duration::from_millis(500);

/// Keeps the sidecars alive.
pub struct ControlLoop {
    parts: Parts,
    sidecars: Vec<Watched>,
    requests: Receiver<Request>,
    bell: Bell,
    switch: Switch,
    /// What an earlier owner kept cannot be read yet.
    unread: bool,
    /// Nobody can tell yet what a human chose: the switch counts as off.
    unsure: bool,
    deadlines: Deadlines,
    limit: Limit,
    runs: u64,
    slept: Duration,
    closing: Option<End>,
    gauges: Gauges,
    deep: Deep,
    alerts: Alerts,
    /// The environment's word on autonomy cannot be read.
    unreadable: bool,
    told: Vec<Status>,
}

impl ControlLoop {
    /// A loop over what is declared in `config`, which starts what is to start by itself: see [`Begin`]. `bell` is rung by
    /// whoever has news or sends `requests`; `environment` is the value of [`crate::switch::VARIABLE`], if there is one.
    #[must_use]
    pub fn new(
        config: &Config,
        mut parts: Parts,
        requests: Receiver<Request>,
        bell: Bell,
        environment: Option<&str>,
        begin: Begin,
    ) -> Self {
        let now = parts.clock.now();
        let wall = parts.clock.wall();
        let chosen = parts.chosen();
        let unsure = chosen.is_err();
        if unsure {
            tracing::warn!(
                "whether one may act without being asked cannot be read for now, and counts as no"
            );
        }
        let switch = Switch::new(chosen.unwrap_or(Some(false)), environment);
        if let Some(locked) = &switch.locked {
            tracing::warn!(locked, "sidecars are watched, and nothing is done unless a human asks");
        }
        parts.record(wall, None, What::Began);
        parts.store.aim(config.objective.p95);
        let mut sidecars: Vec<Watched> =
            config.sidecars.iter().map(|declared| Watched::new(declared.clone(), config)).collect();
        for sidecar in &mut sidecars {
            let earlier = parts.store.restarts(sidecar.name());
            sidecar.recovery.remember(earlier.into_iter().map(|at| now.before(wall.since(at))));
        }
        let deadlines = Deadlines::new(now, config.times.deep, config.times.iteration);
        let slept = parts.clock.slept();
        let again = config.times.flapping_window;
        let (alerts, lost) = Alerts::new(config.alerts.clone(), again, parts.store.alerts(), wall);
        let gauges = Gauges::new(now, alerts.gauges());
        let unread = parts.store.is_unread();
        let mut new = Self {
            parts,
            sidecars,
            requests,
            bell,
            switch,
            unread,
            unsure,
            deadlines,
            limit: Limit::new(&config.safety),
            runs: 0,
            slept,
            closing: None,
            gauges,
            deep: Deep::new(config.times.iteration),
            alerts,
            unreadable: switch::is_unreadable(environment),
            told: Vec::new(),
        };
        new.close_lost(lost);
        new.begin(begin);
        new
    }

    /// Runs until somebody asks for the end, and tells how that was asked.
    pub fn run(mut self) -> End {
        while let Some(next) = self.turn() {
            self.parts.clock.wait(next, &self.bell);
        }
        self.closing.unwrap_or(End::Left)
    }

    /// Does what is due, without waiting; when to come again at the latest. None: all is over.
    pub fn turn(&mut self) -> Option<Moment> {
        self.wake();
        self.hear_requests();
        self.hear_fates();
        self.hear_answers();
        self.hear_machine();
        self.round();
        self.care();
        self.alarm();
        self.tell();
        if self.closing.is_some() && self.sidecars.iter().all(|sidecar| sidecar.run().is_none()) {
            let wall = self.parts.clock.wall();
            self.parts.record(wall, None, What::Ended);
            return None;
        }
        let due = self.sidecars.iter().map(Watched::due_at).min().unwrap_or(Moment::NEVER);
        let due = due.min(self.deadlines.due()).min(self.deep.due());
        Some(due.min(self.alerts.due()).min(self.gauges.ages_at()))
    }

    /// The rounds so far.
    #[must_use]
    pub fn rounds(&self) -> Rounds {
        self.deadlines.rounds
    }

    /// Who did what.
    #[cfg(test)]
    pub(crate) fn audit(&self) -> &crate::audit::Audit {
        &self.parts.audit
    }

    /// What a human chose last.
    #[cfg(test)]
    fn chosen(&mut self) -> Option<bool> {
        self.parts.chosen().unwrap()
    }

    /// Has another store, with nothing in it.
    #[cfg(test)]
    fn forget(&mut self) {
        self.parts.store = Box::new(crate::store::MemoryStore::default());
    }

    /// Makes it faulty, to see that the simulation notices.
    #[cfg(test)]
    pub(crate) fn break_it(&mut self, fault: Fault) {
        match fault {
            Fault::SleepsAfterWork => self.deadlines.sleeps_after_work = true,
            Fault::IgnoresStop => self.sidecars.iter_mut().for_each(|sidecar| sidecar.ignores_stop = true),
            Fault::TrustsOldAnswers => {
                self.sidecars.iter_mut().for_each(|sidecar| sidecar.trusts_old_answers = true);
            }
        }
    }

    /// Notices that the machine slept: everybody is asked at once.
    fn wake(&mut self) {
        let slept = self.parts.clock.slept();
        let nap = slept.saturating_sub(self.slept);
        if nap < NAP {
            return;
        }
        self.slept = slept;
        let to = self.parts.clock.wall();
        self.parts.record(to, None, What::Asleep { from: to.before(nap), to });
        self.deadlines.rounds.besides += 1;
        self.begin_round();
    }

    fn round(&mut self) {
        let now = self.parts.clock.now();
        self.deadlines.ended(now);
        let Some(late) = self.deadlines.meet(now) else { return };
        if late > LATE {
            let by_ms = u64::try_from(late.as_millis()).unwrap_or(u64::MAX);
            let wall = self.parts.clock.wall();
            self.parts.record(wall, None, What::Late { by_ms });
        }
        self.begin_round();
    }

    /// Asks everybody how it is.
    fn begin_round(&mut self) {
        let mut asked = BTreeSet::new();
        self.each(|sidecar, turn| asked.extend(sidecar.ask(turn)));
        self.deadlines.begin(self.parts.clock.now(), asked);
        self.look_deep();
    }

    fn hear_fates(&mut self) {
        for (run, fate) in self.parts.host.fates() {
            if !matches!(fate, Fate::Started { .. } | Fate::Listens(_)) {
                self.deadlines.answered(self.parts.clock.now(), run);
            }
            self.of(run, |sidecar, turn| sidecar.fate(turn, fate));
        }
    }

    fn hear_answers(&mut self) {
        for (run, answer) in self.parts.probe.answers() {
            self.deadlines.answered(self.parts.clock.now(), run);
            self.of(run, |sidecar, turn| sidecar.answer(turn, answer));
        }
    }

    fn care(&mut self) {
        // Before the others are looked at, who may wait for it.
        self.each(Watched::give_up);
        for at in 0..self.sidecars.len() {
            let missing = self.missing(at);
            let closing = self.closing.is_some();
            let needed = self.is_needed(at);
            self.nth(at, |sidecar, turn| {
                if closing && !needed {
                    sidecar.close(turn);
                }
                if !needed {
                    sidecar.let_go(turn);
                }
                sidecar.care(turn, missing.as_deref());
            });
        }
    }

    /// What the sidecar at `at` needs and does not have.
    fn missing(&self, at: usize) -> Option<String> {
        let sidecar = self.sidecars.get(at)?;
        let serves = |need: &str| self.sidecars.iter().any(|other| other.name() == need && other.serves());
        sidecar.needs().find(|need| !serves(need)).map(str::to_owned)
    }

    /// True while another runs that needs the sidecar at `at`.
    fn is_needed(&self, at: usize) -> bool {
        let Some(name) = self.sidecars.get(at).map(Watched::name) else { return false };
        let now = self.parts.clock.now();
        self.sidecars.iter().any(|other| other.is_waited_for(now) && other.needs().any(|need| need == name))
    }

    /// Tells whoever listens how the sidecars are, when that has changed.
    fn tell(&mut self) {
        let now = self.parts.clock.now();
        let status: Vec<Status> = self.sidecars.iter().map(|sidecar| sidecar.status(now)).collect();
        let same = |(old, new): (&Status, &Status)| {
            Status { uptime_s: None, ..old.clone() } == Status { uptime_s: None, ..new.clone() }
        };
        if status.len() != self.told.len() || !self.told.iter().zip(&status).all(same) {
            self.parts.hub.publish(&News::Services(status.clone()));
            self.told = status;
        }
        let wall = self.parts.clock.wall();
        self.parts.store.flush(wall);
        self.look_whether_stored();
        self.reread();
        self.parts.audit.tend(now, wall);
        self.parts.tell_audit();
    }

    fn of(&mut self, run: RunId, work: impl FnOnce(&mut Watched, &mut Turn<'_>)) {
        let at = self.sidecars.iter().position(|sidecar| sidecar.run() == Some(run));
        if let Some(at) = at {
            self.nth(at, work);
        }
    }

    fn each(&mut self, mut work: impl FnMut(&mut Watched, &mut Turn<'_>)) {
        for at in 0..self.sidecars.len() {
            self.nth(at, &mut work);
        }
    }

    fn nth<T>(&mut self, at: usize, work: impl FnOnce(&mut Watched, &mut Turn<'_>) -> T) -> Option<T> {
        let sidecar = self.sidecars.get_mut(at)?;
        let (now, wall) = (self.parts.clock.now(), self.parts.clock.wall());
        let autonomous = self.switch.on;
        let (parts, limit, runs) = (&mut self.parts, &mut self.limit, &mut self.runs);
        let mut turn = Turn { now, wall, autonomous, parts, limit, runs };
        Some(work(sidecar, &mut turn))
    }
}

/// What a loop can get wrong. (A fourth fault, no long window, is a matter of configuration.)
#[cfg(test)]
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// It pauses after the work instead of meeting deadlines.
    SleepsAfterWork,
    /// A human's stop does not end a restart that is under way.
    IgnoresStop,
    /// It calls a restart verified by what was answered before its time was over.
    TrustsOldAnswers,
}
