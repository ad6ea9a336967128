//! The machine's processes.
//!
//! One thread starts them all and lives as long as the host: on Linux a sidecar's death signal is tied to the *thread*
//! that started it. Each sidecar has a thread that waits for its end, and one for each of its two outputs. Start at
//! [`SystemHost`].

mod output;
mod spawn;
mod watch;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::process::ChildStdin;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};
use rustix::process::{Pid, Signal, kill_process_group};

use super::{Fate, Manner, Order, ProcessHost, RunId, leftover};
use crate::clock::{Bell, Clock, Moment, SystemClock};
use crate::config::{Identity, Logs};
use crate::deep::Readings;
use crate::deep::machine::Machine;
use crate::layout::Layout;
use crate::running::{self, Proof, Running};
use crate::stream::{self, Hub, Line, Topic};
pub(super) use spawn::dies_with_us;

/// How long the host waits, as it goes, for one that was killed: what hangs in the kernel does not end.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most lines of one piece of output that are told to whoever listens.
const TOLD: usize = 100;
/// The longest line that is told to whoever listens, in bytes.
const LONGEST: usize = 2000;
/// The environment variable that holds a sidecar's nonce.
pub const INSTANCE: &str = "DAWG_INSTANCE";
/// The environment variable that holds what a sidecar asks of its callers.
pub const TOKEN: &str = "DAWG_TOKEN";

/// What the host needs to know of the program it is in.
#[derive(Debug, Clone)]
pub struct Program {
    /// This program: `{ai-dawg}` in a command.
    pub path: OsString,
    /// What of it runs a [keeper](super::keeper): its arguments before the keeper's own.
    pub keeper: Vec<OsString>,
}

/// Starts and ends real processes. Dropped, it kills what it started and waits for it, though not for ever: what does not end
/// within 5 s stays noted in `running.json`.
#[derive(Debug)]
pub struct SystemHost {
    tasks: Sender<Task>,
    fates: Receiver<(RunId, Fate)>,
    machine: Machine,
    thread: Option<JoinHandle<()>>,
}

/// What the one thread does.
enum Task {
    Start(Box<Order>),
    End(RunId, Manner),
    /// A run is over.
    Over(RunId),
    /// The host is going.
    Close,
}

impl SystemHost {
    /// Begins the thread that starts processes. `bell` is rung whenever there is news; `owner` is who we are; what sidecars
    /// write is told to `hub`.
    ///
    /// # Errors
    /// When there can be no more threads.
    pub fn new(
        program: Program,
        layout: Layout,
        logs: Logs,
        owner: Proof,
        bell: Bell,
        hub: Hub,
    ) -> io::Result<Self> {
        let machine = Machine::new(&layout, bell.clone())?;
        let (tasks, inbox) = unbounded();
        let (news, fates) = unbounded();
        let starter = Starter {
            program,
            logs,
            running: Running { owner, sidecars: Vec::new(), end: None },
            layout,
            runs: BTreeMap::new(),
            tasks: tasks.clone(),
            news: News { fates: news, bell, hub },
            clock: SystemClock::new(),
            patience: PATIENCE,
        };
        let name = "jarvis-processes".to_owned();
        let thread = std::thread::Builder::new().name(name).spawn(move || starter.work(&inbox))?;
        Ok(Self { tasks, fates, machine, thread: Some(thread) })
    }
}

impl ProcessHost for SystemHost {
    fn start(&mut self, order: Order) {
        // The thread is there as long as we are.
        let _ = self.tasks.send(Task::Start(Box::new(order)));
    }

    fn end(&mut self, run: RunId, manner: Manner) {
        let _ = self.tasks.send(Task::End(run, manner));
    }

    fn fates(&mut self) -> Vec<(RunId, Fate)> {
        self.fates.try_iter().collect()
    }

    fn measure(&mut self, groups: Vec<(Arc<str>, u32)>) {
        self.machine.measure(groups);
    }

    fn measured(&mut self) -> Option<Readings> {
        self.machine.measured()
    }
}

impl Drop for SystemHost {
    fn drop(&mut self) {
        let _ = self.tasks.send(Task::Close);
        if let Some(thread) = self.thread.take() {
            // It does not panic; if it did, there is nothing left to wait for.
            let _ = thread.join();
        }
    }
}

/// Where news go.
#[derive(Debug, Clone)]
struct News {
    fates: Sender<(RunId, Fate)>,
    bell: Bell,
    hub: Hub,
}

impl News {
    fn tell(&self, run: RunId, fate: Fate) {
        // Nobody asks any more once the host is going.
        let _ = self.fates.send((run, fate));
        self.bell.ring();
    }

    /// A sidecar wrote these lines: whoever listens is told the newest of them. The log has them all.
    fn lines(&self, name: &str, lines: &[u8]) {
        if !self.hub.wants(Topic::Logs) {
            return;
        }
        let lines: Vec<&[u8]> =
            lines.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
        let left_out = lines.len().saturating_sub(TOLD);
        let tell = |text: String| {
            self.hub.publish(&stream::News::Logs(Line { service: name.to_owned(), text }));
        };
        if left_out > 0 {
            tell(format!("({left_out} lines are left out here; the log has them)"));
        }
        for line in lines.get(left_out..).unwrap_or_default() {
            let line = line.get(..LONGEST).unwrap_or(line);
            tell(String::from_utf8_lossy(line).trim_end().to_owned());
        }
    }
}

/// A process that may be signalled: none once it was asked how it ended, for then its pid may be another's.
type Leader = Arc<Mutex<Option<Pid>>>;

/// A run that is not over.
struct Run {
    leader: Leader,
    kept: bool,
    /// Ends with us, and with it the sidecar.
    input: Option<ChildStdin>,
    killed: Option<Moment>,
}

/// The state of the one thread.
struct Starter {
    program: Program,
    logs: Logs,
    layout: Layout,
    running: Running,
    runs: BTreeMap<RunId, Run>,
    tasks: Sender<Task>,
    news: News,
    clock: SystemClock,
    /// How long one that was killed is waited for before we go.
    patience: Duration,
}

impl Starter {
    fn work(mut self, inbox: &Receiver<Task>) {
        self.publish();
        loop {
            match inbox.recv() {
                Ok(Task::Start(order)) => self.start(&order),
                Ok(Task::End(run, manner)) => self.end(run, manner),
                Ok(Task::Over(run)) => self.over(run),
                Ok(Task::Close) => break,
                Err(_) => return,
            }
        }
        for run in self.runs.keys().copied().collect::<Vec<_>>() {
            self.end(run, Manner::Forced);
        }
        self.wait(inbox);
    }

    /// Waits until all that was killed is over, or has had its time.
    fn wait(&mut self, inbox: &Receiver<Task>) {
        let killed = self.runs.values().filter_map(|run| run.killed).max();
        let until = killed.unwrap_or_else(|| self.clock.now()).after(self.patience);
        while !self.runs.is_empty() {
            match inbox.recv_timeout(until.since(self.clock.now())) {
                Ok(Task::Over(run)) => self.over(run),
                Ok(_) => {}
                // What runs is noted: the next owner looks for it.
                Err(_) => {
                    for left in &self.running.sidecars {
                        let (sidecar, pid) = (&left.name, left.proof.pid);
                        tracing::error!(sidecar, pid, "left over: it was killed and does not end");
                    }
                    return;
                }
            }
        }
    }

    fn start(&mut self, order: &Order) {
        let (port, instead) = match spawn::port(order) {
            Ok(port) => port,
            Err(taken) => return self.news.tell(order.run, taken),
        };
        let mut child = match spawn::command(&self.program, order, port).spawn() {
            Ok(child) => child,
            Err(error) => return self.news.tell(order.run, Fate::Failed(spawn::why(order, &error))),
        };
        let pid = child.id();
        let kept = order.identity == Identity::Process;
        let input = child.stdin.take();
        // Told before anybody can tell of its end.
        self.news.tell(order.run, Fate::Started { pid, port: kept.then_some(port), instead });
        let log = self.layout.log(&order.name);
        let (tasks, run) = (self.tasks.clone(), order.run);
        let over = move || _ = tasks.send(Task::Over(run));
        let watched = watch::watch(child, order, log, self.logs.clone(), &self.news, over);
        let Some(leader) = watched else { return };
        self.runs.insert(order.run, Run { leader, kept, input, killed: None });
        let proof = leftover::proof(pid, &order.instance);
        self.running.sidecars.push(running::Sidecar { name: order.name.to_string(), proof });
        self.publish();
    }

    fn end(&mut self, run: RunId, manner: Manner) {
        let now = self.clock.now();
        let Some(run) = self.runs.get_mut(&run) else { return };
        if manner != Manner::Gracefully {
            run.killed.get_or_insert(now);
        }
        let input = run.input.take();
        if run.kept
            && manner == Manner::AtOnce
            && let Some(mut input) = input
        {
            // A keeper that is told nothing gives what it keeps its grace. It may be gone already.
            let _ = io::Write::write_all(&mut input, &[super::keeper::KILL]);
        }
        let leader = run.leader.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(pid) = *leader else { return };
        match manner {
            Manner::Gracefully | Manner::AtOnce if run.kept => {}
            Manner::Gracefully => _ = kill_process_group(pid, Signal::TERM),
            Manner::AtOnce => _ = kill_process_group(pid, Signal::KILL),
            Manner::Forced => spawn::kill_family(pid),
        }
    }

    fn over(&mut self, run: RunId) {
        let Some(over) = self.runs.remove(&run) else { return };
        drop(over);
        self.running.sidecars.retain(|sidecar| leftover::is_there(&sidecar.proof));
        self.publish();
    }

    fn publish(&self) {
        if let Err(error) = self.running.publish(&self.layout) {
            tracing::warn!(%error, "what runs cannot be noted: if this program is killed, the next one cannot look for left-overs");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_cannot_be_ended_keeps_nobody_and_stays_noted() {
        // Seen red: with a patience that does not end, and with one counted from the close.
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::within(folder.path());
        layout.make().unwrap();
        let (tasks, inbox) = unbounded();
        let owner = leftover::proof(std::process::id(), "owner");
        let stuck = running::Sidecar { name: "stuck".to_owned(), proof: owner.clone() };
        // As one whose wait never returns: nobody may signal it, and nobody tells of its end.
        let killed = Some(Moment::ORIGIN.before(Duration::from_secs(19)));
        let run = Run { leader: Leader::default(), kept: false, input: None, killed };
        let starter = Starter {
            program: Program { path: OsString::new(), keeper: Vec::new() },
            logs: Logs::default(),
            layout: layout.clone(),
            running: Running { owner, sidecars: vec![stuck.clone()], end: None },
            runs: BTreeMap::from([(RunId(1), run)]),
            tasks: tasks.clone(),
            news: News { fates: unbounded().0, bell: Bell::default(), hub: Hub::default() },
            clock: SystemClock::new(),
            patience: Duration::from_secs(20),
        };
        let clock = SystemClock::new();
        let (done, over) = crossbeam_channel::bounded(1);
        let thread = std::thread::spawn(move || {
            starter.work(&inbox);
            done.send(clock.now()).unwrap();
        });
        tasks.send(Task::Close).unwrap();
        let took =
            over.recv_timeout(Duration::from_secs(60)).expect("it waits for ever").since(Moment::ORIGIN);
        assert!((Duration::from_millis(900)..Duration::from_secs(15)).contains(&took), "{took:?}");
        assert_eq!(Running::read(&layout).unwrap().unwrap().sidecars, [stuck]);
        thread.join().unwrap();
    }
}
