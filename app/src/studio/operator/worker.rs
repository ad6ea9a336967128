//! The thread that listens: takes in news and answers, and shows the window the newest of it.
//!
//! Start at [`start`]. A window that does not show the panel is woken only when what its bar says has changed; one that
//! does, at most once in a [`PACE`].

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use jarvis::client::Client;
use jarvis::layout::Layout;
use jarvis::switch::Switch;

use super::listen::Listener;
use super::questions::{self, Answer, Question};
use super::seen::Summary;
use super::{Seen, Told, Wish, local};
use crate::sound::Waker;
use crate::supervision::Role;

/// A window that shows the panel is not woken more often.
const PACE: Duration = Duration::from_millis(200);
/// For what is measured all the time, it is not woken more often than so.
const STEADY: Duration = Duration::from_secs(1);
/// How often the supervisor is asked again whether it is there, when nothing came.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How soon one tries again to listen.
const AGAIN: Duration = Duration::from_secs(2);
/// How often an owner in another program is asked for a sign of life, when nothing came from it.
const PULSE: Duration = Duration::from_secs(1);
/// How soon reports are asked for again at first; that doubles until it is as below. What is young changes soon.
const YOUNG: Duration = Duration::from_secs(4);
/// How often reports are asked for while they are looked at: the hour, the rest.
const REPORTS: [Duration; 2] = [Duration::from_secs(20), Duration::from_secs(60)];

/// Hours and parts of the reports.
pub(super) const HOUR: (u32, u32) = (1, 60);
pub(super) const DAY: (u32, u32) = (24, 72);
pub(super) const MONTH: (u32, u32) = (720, 60);

/// What the thread is told.
pub(super) enum Ask {
    /// There is news to be taken from the subscription.
    News,
    /// This program is something else to the supervisor now.
    Role(Role, Option<Client>),
    /// A window shows the panel, or none does any more.
    Watch(bool),
    /// A person wishes something.
    Wish(Wish),
    /// A question was answered by the supervisor of that number.
    Answer(u64, Box<Answer>),
    /// Something a person wished was done.
    Done(Option<Switch>),
    /// The program ends.
    End,
}

/// What it is made of.
pub(super) struct Parts {
    pub(super) inbox: Receiver<Ask>,
    pub(super) asks: Sender<Ask>,
    pub(super) seen: triple_buffer::Input<Arc<Seen>>,
    pub(super) told: Sender<Told>,
    pub(super) waker: Waker,
    pub(super) layout: Layout,
}

/// Starts the threads.
pub(super) fn start(parts: Parts) -> io::Result<()> {
    let (act, wishes) = unbounded();
    let spawn = |name: &str| std::thread::Builder::new().name(name.to_owned());
    let asking = |name: &str| {
        let (ask, questions) = unbounded();
        let (layout, asks) = (parts.layout.clone(), parts.asks.clone());
        let asked = spawn(name).spawn(move || {
            let answer = |link, answer| _ = asks.send(Ask::Answer(link, Box::new(answer)));
            questions::ask_all(&questions, &layout, &answer);
        });
        asked.map(|_| ask)
    };
    // A long answer must not keep the sign of life waiting.
    let (ask, feel) = (asking("operator asks")?, asking("operator pulse")?);
    let (told, waker, asks) = (parts.told.clone(), Arc::clone(&parts.waker), parts.asks.clone());
    spawn("operator acts").spawn(move || {
        let done = |switch| _ = asks.send(Ask::Done(switch));
        questions::do_all(&wishes, &told, &*waker, &done);
    })?;
    spawn("operator").spawn(move || Worker::new(parts, ask, feel, act).run())?;
    Ok(())
}

struct Worker {
    parts: Parts,
    ask: Sender<(u64, Client, Question)>,
    feel: Sender<(u64, Client, Question)>,
    act: Sender<(Client, Wish)>,
    listener: Listener,
    client: Option<Client>,
    link: u64,
    watched: bool,
    ringing: Arc<AtomicBool>,
    shown: Option<Instant>,
    summary: Summary,
    changed: bool,
    /// Something measured has changed, which can wait.
    moved: bool,
    heard: Instant,
    /// Something came from it, or it was asked for a sign of life.
    felt: Instant,
    listen_at: Option<Instant>,
    /// When reports are due, and after which pause the next ones are; none: they were never asked for.
    reports: [Option<(Instant, Duration)>; 2],
}

impl Worker {
    fn new(
        parts: Parts,
        ask: Sender<(u64, Client, Question)>,
        feel: Sender<(u64, Client, Question)>,
        act: Sender<(Client, Wish)>,
    ) -> Self {
        Self {
            parts,
            ask,
            feel,
            act,
            listener: Listener::default(),
            client: None,
            link: 0,
            watched: false,
            ringing: Arc::default(),
            shown: None,
            summary: Summary::default(),
            changed: true,
            moved: false,
            heard: Instant::now(),
            felt: Instant::now(),
            listen_at: None,
            reports: [None; 2],
        }
    }

    fn run(mut self) {
        loop {
            let first = match self.next_due() {
                Some(due) => self.parts.inbox.recv_deadline(due).ok(),
                None => self.parts.inbox.recv().ok(),
            };
            let more: Vec<Ask> = self.parts.inbox.try_iter().collect();
            for ask in first.into_iter().chain(more) {
                if matches!(ask, Ask::End) {
                    return;
                }
                self.take(ask);
            }
            self.keep_up();
            self.show();
        }
    }

    fn take(&mut self, ask: Ask) {
        match ask {
            Ask::News => self.news(),
            Ask::Role(role, client) => self.link_to(role, client),
            Ask::Watch(watched) => {
                self.watched = watched;
                (self.changed, self.shown) = (true, None);
            }
            Ask::Wish(Wish::Verify) => {
                self.listener.seen.verifying = self.client.is_some();
                self.changed = true;
                self.question(Question::Verify);
            }
            Ask::Wish(wish) => self.wish(wish),
            Ask::Answer(link, answer) if link == self.link => {
                self.answered(*answer);
            }
            Ask::Answer(..) | Ask::End => {}
            Ask::Done(switch) => {
                // The news says the same, but not to whoever cannot hear it.
                if let Some(switch) = switch {
                    self.listener.seen.switch = Some(switch);
                    self.changed = true;
                }
                self.question(Question::Status);
                self.question(Question::Alerts);
            }
        }
    }

    fn answered(&mut self, answer: Answer) {
        let was_silent = self.listener.seen.silence.is_some();
        if !matches!(answer, Answer::Pulse(_)) {
            self.heard = Instant::now();
        }
        match self.listener.answered(answer) {
            // It is listened to again once it gives a sign of life.
            Silence::Began if self.is_elsewhere() => self.listen_at = None,
            Silence::Began => self.listen_at = Some(Instant::now() + AGAIN),
            Silence::Doubtful => self.question(Question::Status),
            Silence::No if was_silent && self.listener.seen.silence.is_none() => self.listen(),
            Silence::No => {}
        }
        // A sign of life alone says nothing new.
        self.changed |= self.listener.take_changed();
    }

    /// The supervisor is in another program, which may hang, be stopped or end without a word.
    fn is_elsewhere(&self) -> bool {
        matches!(self.listener.seen.role, Role::Attached { .. })
    }

    fn wish(&mut self, wish: Wish) {
        match &self.client {
            Some(client) => _ = self.act.send((client.clone(), wish)),
            None => {
                let detail =
                    "There is no supervisor to ask. The studio and its songs are not touched.".to_owned();
                _ = self.parts.told.send(Told { title: "That could not be done".to_owned(), detail });
                (self.parts.waker)();
            }
        }
    }

    fn question(&self, question: Question) {
        if let Some(client) = &self.client {
            _ = self.ask.send((self.link, client.clone(), question));
        }
    }

    /// Another supervisor, or none: what the last one said is forgotten.
    fn link_to(&mut self, role: Role, client: Option<Client>) {
        self.link += 1;
        self.listener = Listener::default();
        self.listener.seen.role = role;
        self.listener.seen.local = local::offset();
        self.listener.seen.taken_port = client.as_ref().and_then(Client::taken_port);
        self.client = client;
        self.changed = true;
        self.reports = [None; 2];
        self.felt = Instant::now();
        self.listen();
    }

    /// Begins to listen, and asks for what was before.
    fn listen(&mut self) {
        self.listen_at = None;
        let Some(client) = &self.client else { return };
        let (asks, ringing) = (self.parts.asks.clone(), Arc::clone(&self.ringing));
        // Rung once for all news that waits.
        let wake = Arc::new(move || {
            if !ringing.swap(true, Ordering::AcqRel) {
                _ = asks.send(Ask::News);
            }
        });
        if !self.listener.subscribe(client, wake) {
            self.listen_at = Some(Instant::now() + AGAIN);
        }
        use Question as Q;
        for question in
            [Q::Status, Q::Rules, Q::Switch, Q::Events, Q::Alerts, Q::Gauges, Q::Audit, Q::Logs, Q::Rounds]
        {
            self.question(question);
        }
    }

    fn news(&mut self) {
        // Before taking: what comes meanwhile rings again.
        self.ringing.store(false, Ordering::Release);
        let news = self.listener.take_news();
        if news.any {
            self.moved = true;
            self.changed |= news.telling;
            self.heard = Instant::now();
            // News of one kind is no answer: while it counts as silent it is asked again and again.
            if self.listener.seen.silence.is_none() {
                self.felt = self.heard;
            }
        }
        if news.over {
            // Whoever supervises next is told by the role; until then this one is asked whether it is there.
            self.question(Question::Status);
            if self.listener.seen.silence.is_none() {
                self.listen_at.get_or_insert_with(|| Instant::now() + AGAIN);
            }
        }
        if news.missed {
            self.question(Question::Events);
            self.question(Question::Audit);
        }
        if news.alerts_closed {
            self.question(Question::Alerts);
        }
    }

    fn next_due(&self) -> Option<Instant> {
        self.client.as_ref()?;
        let heartbeat = self.heard + HEARTBEAT;
        let pace = self.watched.then(|| self.show_at()).flatten();
        let reports = self.watched.then(|| self.reports_due(Instant::now())).into_iter().flatten();
        let pulse = self.is_elsewhere().then(|| self.felt + PULSE);
        std::iter::once(heartbeat).chain(pulse).chain(pace).chain(self.listen_at).chain(reports).min()
    }

    /// When a window that shows the panel is to be shown what is new, if anything is.
    fn show_at(&self) -> Option<Instant> {
        let pace = match (self.changed, self.moved) {
            (true, _) => PACE,
            (false, true) => STEADY,
            (false, false) => return None,
        };
        Some(self.shown.map_or_else(Instant::now, |shown| shown + pace))
    }

    /// When reports are to be asked for: `now`, those that never were.
    fn reports_due(&self, now: Instant) -> [Instant; 2] {
        self.reports.map(|due| due.map_or(now, |(at, _)| at))
    }

    /// Does what is due.
    fn keep_up(&mut self) {
        if self.client.is_none() {
            return;
        }
        let now = Instant::now();
        if self.listen_at.is_some_and(|at| at <= now) {
            self.listen();
        }
        if now >= self.heard + HEARTBEAT {
            self.heard = now;
            self.question(Question::Status);
        }
        if self.is_elsewhere() && now >= self.felt + PULSE {
            self.felt = now;
            if let Some(client) = &self.client {
                _ = self.feel.send((self.link, client.clone(), Question::Pulse));
            }
        }
        if !self.watched {
            return;
        }
        let due = self.reports_due(now).map(|at| at <= now);
        if due[0] {
            self.question(Question::Report(HOUR.0, HOUR.1));
            self.question(Question::Engine(HOUR.0, HOUR.1));
            self.question(Question::Rounds);
        }
        if due[1] {
            // Summer time begins while the program runs.
            self.listener.seen.local = local::offset();
            for (hours, parts) in [DAY, MONTH] {
                self.question(Question::Report(hours, parts));
                self.question(Question::Engine(hours, parts));
            }
        }
        for which in [0, 1] {
            if due[which] {
                let pause = self.reports[which].map_or(YOUNG, |(_, pause)| pause);
                self.reports[which] = Some((now + pause, (pause * 2).min(REPORTS[which])));
            }
        }
    }

    /// Shows what has changed, if somebody looks or the bar says it.
    fn show(&mut self) {
        if !self.changed && !self.moved {
            return;
        }
        let summary = Summary::of(&self.listener.seen);
        let told = summary != self.summary;
        let due = self.watched && self.show_at().is_some_and(|at| at <= Instant::now());
        if !told && !due {
            return;
        }
        self.summary = summary;
        self.parts.seen.write(Arc::new(self.listener.snapshot()));
        (self.changed, self.moved, self.shown) = (false, false, Some(Instant::now()));
        (self.parts.waker)();
    }
}

/// What an answer says of the supervisor being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silence {
    /// It does not answer.
    Began,
    /// Its door is open: whether it can say how the services are is to be asked.
    Doubtful,
    /// It does.
    No,
}
