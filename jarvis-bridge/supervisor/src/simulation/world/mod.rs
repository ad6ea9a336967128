//! What is outside of the loop: time, processes, answers, memory and chance, all from one seed.

mod machine;
mod memory;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use crossbeam_channel::{Sender, unbounded};

use crate::audit::{Audit, Key};
use crate::by::By;
use crate::clock::{Bell, Clock, Moment, Wall};
use crate::config::Config;
use crate::control_loop::{Begin, ControlLoop, Parts, Request, Target};
use crate::entropy::Entropy;
use crate::event::Action;
use crate::health::Finding;
use crate::probe::{Answer, Question};
use crate::process::{Exit, Fate, RunId};
use crate::store::{MemoryStore, Store};
use crate::stream::Hub;

use super::seen::{Fall, Seen};

/// Something that befalls.
#[derive(Debug, Clone)]
pub(super) enum Blow {
    Die(&'static str),
    Hang(&'static str),
    Ail(&'static str, Duration),
    /// It ends as soon as it starts, or no longer does.
    Broken(&'static str, bool),
    Human(&'static str, Action),
    Autonomy(bool),
    Sleep(Duration),
    Calendar(i64),
    /// Consequences of what the loop did.
    Listens(RunId),
    Ends(RunId, Exit),
    Answers(RunId, Box<Answer>),
    Recovers(&'static str),
}

#[derive(Debug)]
struct Process {
    name: String,
    hangs: bool,
    listens: bool,
    instance: String,
}

struct Inside {
    now: Moment,
    /// What the calendar is ahead of awake time, in milliseconds.
    ahead: i64,
    slept: Duration,
    seed: u64,
    count: u64,
    plan: BTreeMap<(Moment, u64), Blow>,
    processes: BTreeMap<RunId, Process>,
    broken: Vec<&'static str>,
    ailing: Vec<&'static str>,
    fates: Vec<(RunId, Fate)>,
    answers: Vec<(RunId, Answer)>,
    measured: bool,
    store: Box<dyn Store>,
    requests: Option<Sender<Request>>,
    seen: Seen,
}

/// The world, shared by all that the loop sees of it.
#[derive(Clone)]
pub(super) struct World(Rc<RefCell<Inside>>);

impl World {
    pub(super) fn new(seed: u64) -> Self {
        Self::remembering(seed, Box::new(MemoryStore::default()))
    }

    /// One whose memory is `store`.
    pub(super) fn remembering(seed: u64, store: Box<dyn Store>) -> Self {
        Self(Rc::new(RefCell::new(Inside {
            now: Moment::ORIGIN,
            ahead: 1_700_000_000_000,
            slept: Duration::ZERO,
            seed,
            count: 0,
            plan: BTreeMap::new(),
            processes: BTreeMap::new(),
            broken: Vec::new(),
            ailing: Vec::new(),
            fates: Vec::new(),
            answers: Vec::new(),
            measured: false,
            store,
            requests: None,
            seen: Seen::default(),
        })))
    }

    pub(super) fn control_loop(&self, config: &Config) -> (ControlLoop, Self) {
        let (requests, inbox) = unbounded();
        self.0.borrow_mut().requests = Some(requests);
        let key = Key::new(&mut self.clone());
        let parts = Parts {
            clock: Box::new(self.clone()),
            host: Box::new(self.clone()),
            probe: Box::new(self.clone()),
            store: Box::new(self.clone()),
            entropy: Box::new(self.clone()),
            audit: Audit::in_memory(key),
            hub: Hub::default(),
        };
        (ControlLoop::new(config, parts, inbox, Bell::default(), None, Begin::Human), self.clone())
    }

    pub(super) fn plan(&self, at: Moment, blow: Blow) {
        self.0.borrow_mut().plan(at, blow);
    }

    pub(super) fn chance(&self) -> f64 {
        self.0.borrow_mut().chance()
    }

    pub(super) fn seen(&self) -> Seen {
        let inside = self.0.borrow();
        let well = |process: &&Process| {
            process.listens && !process.hangs && !inside.ailing.iter().any(|name| *name == process.name)
        };
        let serving = inside.processes.values().filter(well).map(|process| process.name.clone()).collect();
        Seen { open: inside.store.alerts().0, serving, ..inside.seen.clone() }
    }
}

impl Inside {
    fn plan(&mut self, at: Moment, blow: Blow) {
        self.count += 1;
        self.plan.insert((at, self.count), blow);
    }

    fn soon(&mut self, from: f64, to: f64, blow: Blow) {
        let span = from + (to - from) * self.chance();
        self.plan(self.now.after(Duration::from_secs_f64(span)), blow);
    }

    /// splitmix64 (Steele, Lea, Flood, 2014).
    fn random(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn chance(&mut self) -> f64 {
        (self.random() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn running(&self, name: &str) -> Option<RunId> {
        let found = self.processes.iter().find(|(_, process)| process.name == name && process.listens);
        found.map(|(run, _)| *run)
    }

    fn fell(&mut self, name: &str) {
        self.seen.falls.push(Fall { name: name.to_owned(), at: self.now });
    }

    fn befall(&mut self, blow: Blow) {
        match blow {
            Blow::Die(name) => {
                if let Some(run) = self.running(name) {
                    self.fell(name);
                    self.befall(Blow::Ends(run, Exit::Signal(11)));
                }
            }
            Blow::Hang(name) => {
                if let Some(run) = self.running(name) {
                    self.fell(name);
                    if let Some(process) = self.processes.get_mut(&run) {
                        process.hangs = true;
                    }
                }
            }
            Blow::Ail(name, span) => {
                self.ailing.push(name);
                let until = self.now.after(span);
                self.seen.ailed.push((name.to_owned(), self.now, until));
                self.plan(until, Blow::Recovers(name));
            }
            Blow::Recovers(name) => self.ailing.retain(|other| *other != name),
            Blow::Broken(name, true) => self.broken.push(name),
            Blow::Broken(name, false) => self.broken.retain(|other| *other != name),
            Blow::Human(name, action) => self.human(name, action),
            Blow::Autonomy(on) => {
                match (on, self.seen.off.last_mut()) {
                    (true, Some(off)) => off.1 = self.now,
                    _ => self.seen.off.push((self.now, Moment::NEVER)),
                }
                self.request(Request::Autonomy(Some(on), By::name("operator"), unbounded().0));
            }
            Blow::Sleep(span) => {
                self.slept += span;
                self.ahead += span.as_millis() as i64;
                self.seen.sleeps += 1;
            }
            Blow::Calendar(seconds) => self.ahead += seconds * 1000,
            Blow::Listens(run) => {
                if let Some(process) = self.processes.get_mut(&run) {
                    process.listens = true;
                    self.seen.up.push((process.name.clone(), self.now));
                    self.fates.push((run, Fate::Listens(8000)));
                }
            }
            Blow::Ends(run, exit) => {
                if self.processes.remove(&run).is_some() {
                    self.fates.push((run, Fate::Ended { exit, last_line: None }));
                }
            }
            Blow::Answers(run, answer) => self.answers.push((run, *answer)),
        }
    }

    fn human(&mut self, name: &str, action: Action) {
        let open = self.seen.stopped.iter_mut().rev().find(|stop| stop.0 == name && stop.2 == Moment::NEVER);
        match (action, open) {
            (Action::Stop, _) => self.seen.stopped.push((name.to_owned(), self.now, Moment::NEVER)),
            (_, Some(open)) => open.2 = self.now,
            _ => {}
        }
        self.request(Request::Act(Target::One(name.to_owned()), action, By::name("operator"), unbounded().0));
    }

    fn request(&self, request: Request) {
        self.requests.as_ref().unwrap().send(request).unwrap();
    }

    /// How a process answers, and after how long.
    fn answer(&mut self, question: &Question) -> (Duration, Finding) {
        let process = self.processes.get(&question.run);
        if process.is_some_and(|process| process.instance != question.instance) {
            panic!("the wrong process was asked");
        }
        let Some(process) = process.filter(|process| process.listens) else {
            return (Duration::from_millis(1), Finding::Silent("nobody listens".to_owned()));
        };
        if process.hangs {
            return (question.timeout, Finding::Silent("no answer within 5 s".to_owned()));
        }
        let ails = self.ailing.iter().any(|name| *name == process.name);
        let finding = if ails { Finding::Degraded("model: slow".to_owned()) } else { Finding::Ready };
        // Most answers are quick, some take long without being too late.
        let seconds = if self.chance() < 0.02 { 4.0 * self.chance() } else { 0.03 * self.chance() };
        (Duration::from_secs_f64(seconds), finding)
    }
}

impl Clock for World {
    fn now(&self) -> Moment {
        self.0.borrow().now
    }

    fn wall(&self) -> Wall {
        let inside = self.0.borrow();
        Wall(inside.ahead + inside.now.since(Moment::ORIGIN).as_millis() as i64)
    }

    fn slept(&self) -> Duration {
        self.0.borrow().slept
    }

    fn wait(&self, until: Moment, _: &Bell) {
        let mut inside = self.0.borrow_mut();
        let next = inside.plan.keys().next().map_or(Moment::NEVER, |(at, _)| *at);
        inside.now = until.min(next).max(inside.now);
        while let Some(entry) = inside.plan.first_entry().filter(|entry| entry.key().0 <= until.min(next)) {
            let blow = entry.remove();
            inside.befall(blow);
        }
    }
}

impl Entropy for World {
    fn bytes(&mut self) -> [u8; 16] {
        let mut inside = self.0.borrow_mut();
        let both = [inside.random().to_le_bytes(), inside.random().to_le_bytes()];
        both.concat().try_into().unwrap()
    }
}
