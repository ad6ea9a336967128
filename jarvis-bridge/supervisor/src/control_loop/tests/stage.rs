//! A loop in a world that does what the test says: what is started has the fate it is given, questions the answer, and only
//! waiting moves time.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Sender, unbounded};

use crate::audit::{Audit, Entry, Key};
use crate::clock::{Bell, Clock, Moment, Wall};
use crate::config::Config;
use crate::control_loop::{Begin, ControlLoop, Parts, Request};
use crate::deep::Readings;
use crate::entropy::Entropy;
use crate::event::What;
use crate::health::Finding;
use crate::probe::{Answer, Outcome, Probe, Question};
use crate::process::{Exit, Fate, Manner, Order, ProcessHost, RunId};
use crate::store::MemoryStore;
use crate::stream::{Hub, News, Subscription, Topic};

/// More turns than that, and the loop does nothing but turn.
const BUSY: u64 = 20_000;

type Fates = Box<dyn FnMut(&Order) -> Vec<Fate>>;
type Reply = Box<dyn FnMut(&Question) -> (Outcome, Duration)>;

struct Inside {
    now: Moment,
    count: u8,
    fates: Vec<(RunId, Fate)>,
    answers: Vec<(Moment, RunId, Answer)>,
    measured: bool,
    started: Vec<Order>,
    asked: Vec<Moment>,
    ended: Vec<(RunId, Manner)>,
    gives: Fates,
    reply: Reply,
    stuck: bool,
}

#[derive(Clone)]
struct World(Rc<RefCell<Inside>>);

/// The loop, its world, and what it told.
pub(super) struct Stage {
    world: World,
    control: ControlLoop,
    requests: Sender<Request>,
    news: Subscription,
    pub(super) told: Vec<(Moment, What)>,
    pub(super) audit: Vec<Entry>,
    pub(super) turns: u64,
    pub(super) over: bool,
}

impl Stage {
    /// With what `config` declares. Each sidecar starts at once, listens at 5001, 5002 and so on, and is ready.
    pub(super) fn new(config: &str, store: MemoryStore, environment: Option<&str>, begin: Begin) -> Self {
        let config = Config::parse(config, "stage").unwrap();
        let mut port = 5000;
        let gives = move |_: &Order| {
            port += 1;
            vec![Fate::Started { pid: u32::from(port), port: None, instead: None }, Fate::Listens(port)]
        };
        let world = World(Rc::new(RefCell::new(Inside {
            now: Moment::ORIGIN,
            count: 0,
            fates: Vec::new(),
            answers: Vec::new(),
            measured: false,
            started: Vec::new(),
            asked: Vec::new(),
            ended: Vec::new(),
            gives: Box::new(gives),
            reply: Box::new(|_| (Outcome::Found(Finding::Ready), Duration::from_millis(10))),
            stuck: false,
        })));
        let (requests, inbox) = unbounded();
        let hub = Hub::default();
        let news = hub.subscribe(&[Topic::Events, Topic::Audit], Arc::new(|| {}));
        let parts = Parts {
            clock: Box::new(world.clone()),
            host: Box::new(world.clone()),
            probe: Box::new(world.clone()),
            store: Box::new(store),
            entropy: Box::new(world.clone()),
            audit: Audit::in_memory(Key::new(&mut world.clone())),
            hub,
        };
        let control = ControlLoop::new(&config, parts, inbox, Bell::default(), environment, begin);
        Self { world, control, requests, news, told: Vec::new(), audit: Vec::new(), turns: 0, over: false }
    }

    pub(super) fn gives(&mut self, gives: impl FnMut(&Order) -> Vec<Fate> + 'static) {
        self.world.0.borrow_mut().gives = Box::new(gives);
    }

    /// From now on questions end so.
    pub(super) fn replies(&mut self, reply: impl FnMut(&Question) -> (Outcome, Duration) + 'static) {
        self.world.0.borrow_mut().reply = Box::new(reply);
    }

    /// What a human chose last, as the loop knows it.
    pub(super) fn chosen(&mut self) -> Option<bool> {
        self.control.chosen()
    }

    /// The store loses all that it has.
    pub(super) fn forget(&mut self) {
        self.control.forget();
    }

    /// What was started last ends by a signal.
    pub(super) fn kill(&mut self) {
        let mut inside = self.world.0.borrow_mut();
        let run = inside.started.last().unwrap().run;
        inside.fates.push((run, Fate::Ended { exit: Exit::Signal(9), last_line: None }));
    }

    /// What was started last meets this.
    pub(super) fn meets(&mut self, fate: Fate) {
        let mut inside = self.world.0.borrow_mut();
        let run = inside.started.last().unwrap().run;
        inside.fates.push((run, fate));
    }

    /// From now on nothing that is killed ends.
    pub(super) fn sticks(&mut self) {
        self.world.0.borrow_mut().stuck = true;
    }

    pub(super) fn request(&mut self, request: Request) {
        self.requests.send(request).unwrap();
    }

    pub(super) fn now(&self) -> Moment {
        self.world.0.borrow().now
    }

    pub(super) fn asked(&self) -> Vec<Moment> {
        self.world.0.borrow().asked.clone()
    }

    pub(super) fn started(&self) -> Vec<Order> {
        self.world.0.borrow().started.clone()
    }

    /// The names of those that were told to end, in order.
    pub(super) fn ended(&self) -> Vec<(String, Manner)> {
        let inside = self.world.0.borrow();
        let name =
            |run: RunId| inside.started.iter().find(|order| order.run == run).unwrap().name.to_string();
        inside.ended.iter().map(|(run, manner)| (name(*run), *manner)).collect()
    }

    /// Lets it live for so many seconds, or until it is over.
    #[track_caller]
    pub(super) fn live(&mut self, seconds: f64) {
        let until = self.now().after(Duration::from_secs_f64(seconds));
        let bell = Bell::default();
        while !self.over {
            self.turns += 1;
            assert!(self.turns < BUSY, "it turns and turns at {:?}", self.now());
            let next = self.control.turn();
            self.over = next.is_none();
            let now = self.now();
            while let Some(news) = self.news.next() {
                match news {
                    News::Events(event) => self.told.push((now, event.what)),
                    News::Audit(entry) => self.audit.push(entry),
                    _ => {}
                }
            }
            if self.over || now >= until {
                return;
            }
            self.world.wait(next.unwrap_or(until).min(until), &bell);
        }
    }

    /// When what `choose` takes was told, and that.
    pub(super) fn find<T>(&self, choose: impl Fn(&What) -> Option<T>) -> Vec<(Moment, T)> {
        self.told.iter().filter_map(|(at, what)| Some((*at, choose(what)?))).collect()
    }
}

impl Clock for World {
    fn now(&self) -> Moment {
        self.0.borrow().now
    }

    fn wall(&self) -> Wall {
        let since = self.0.borrow().now.since(Moment::ORIGIN);
        Wall(1_700_000_000_000 + since.as_millis() as i64)
    }

    fn slept(&self) -> Duration {
        Duration::ZERO
    }

    fn wait(&self, until: Moment, _: &Bell) {
        let mut inside = self.0.borrow_mut();
        let answer = inside.answers.iter().map(|(at, ..)| *at).min().unwrap_or(Moment::NEVER);
        let next = if inside.fates.is_empty() { until.min(answer) } else { inside.now };
        inside.now = next.max(inside.now);
    }
}

impl ProcessHost for World {
    fn start(&mut self, order: Order) {
        let mut inside = self.0.borrow_mut();
        let fates = (inside.gives)(&order);
        inside.fates.extend(fates.into_iter().map(|fate| (order.run, fate)));
        inside.started.push(order);
    }

    fn end(&mut self, run: RunId, manner: Manner) {
        let mut inside = self.0.borrow_mut();
        inside.ended.push((run, manner));
        if !inside.stuck {
            inside.fates.push((run, Fate::Ended { exit: Exit::Code(0), last_line: None }));
        }
    }

    fn fates(&mut self) -> Vec<(RunId, Fate)> {
        std::mem::take(&mut self.0.borrow_mut().fates)
    }

    fn measure(&mut self, _: Vec<(Arc<str>, u32)>) {
        self.0.borrow_mut().measured = true;
    }

    fn measured(&mut self) -> Option<Readings> {
        std::mem::take(&mut self.0.borrow_mut().measured).then(Readings::default)
    }
}

impl Probe for World {
    fn ask(&mut self, question: Question) {
        let mut inside = self.0.borrow_mut();
        let now = inside.now;
        inside.asked.push(now);
        let (outcome, took) = (inside.reply)(&question);
        inside.answers.push((now.after(took), question.run, Answer { outcome, version: None, took }));
    }

    fn answers(&mut self) -> Vec<(RunId, Answer)> {
        let mut inside = self.0.borrow_mut();
        let now = inside.now;
        let (due, later) = std::mem::take(&mut inside.answers).into_iter().partition(|(at, ..)| *at <= now);
        inside.answers = later;
        let due: Vec<(Moment, RunId, Answer)> = due;
        due.into_iter().map(|(_, run, answer)| (run, answer)).collect()
    }
}

impl Entropy for World {
    fn bytes(&mut self) -> [u8; 16] {
        let mut inside = self.0.borrow_mut();
        inside.count = inside.count.wrapping_add(1);
        [inside.count; 16]
    }
}
