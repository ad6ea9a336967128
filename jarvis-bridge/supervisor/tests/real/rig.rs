//! What the tests share: a folder, a host, and patience with a limit.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jarvis::clock::{Bell, Clock, Moment, SystemClock};
use jarvis::config::{Identity, Logs};
use jarvis::layout::Layout;
use jarvis::process::system::{Program, SystemHost};
use jarvis::process::{Fate, Order, ProcessHost, RunId, leftover};
use jarvis::stream::Hub;

/// The program that is started.
pub(crate) const TRIAL: &str = env!("CARGO_BIN_EXE_trial");

/// Longer than anything takes on a machine with much to do.
pub(crate) const LONG: Duration = Duration::from_secs(40);

/// This program, as sidecars see it.
pub(crate) fn program() -> Program {
    Program { path: TRIAL.into(), keeper: vec!["sidecar-keeper".into()] }
}

/// Asks until there is an answer; fails the test, naming `what` was waited for.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let clock = SystemClock::new();
    loop {
        if let Some(found) = answer() {
            return found;
        }
        assert!(clock.now() < Moment::ORIGIN.after(LONG), "waited in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// How long `work` takes.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let clock = SystemClock::new();
    let done = work();
    (done, clock.now().since(Moment::ORIGIN))
}

/// True while the process runs (a zombie does not).
pub(crate) fn runs(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}

/// The processes that were started, at any remove, with this in their environment.
pub(crate) fn started_with(entry: &str) -> Vec<u32> {
    let pids = fs::read_dir("/proc").unwrap().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| {
        let all = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        runs(*pid) && all.split(|byte| *byte == 0).any(|found| found == entry.as_bytes())
    })
    .collect()
}

pub(crate) fn signal(pid: u32, name: &str) {
    let sent = std::process::Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status();
    assert!(sent.unwrap().success(), "signal {name} to {pid}");
}

/// A host in a folder of its own, and what it told.
pub(crate) struct Rig {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) layout: Layout,
    pub(crate) host: SystemHost,
    told: Vec<(RunId, Fate)>,
    next: u64,
}

impl Rig {
    pub(crate) fn new(logs: Logs) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::within(folder.path());
        layout.make().unwrap();
        let owner = leftover::proof(std::process::id(), "owner");
        let host =
            SystemHost::new(program(), layout.clone(), logs, owner, Bell::default(), Hub::default()).unwrap();
        Self { folder, layout, host, told: Vec::new(), next: 0 }
    }

    /// Something unique that all processes of this test have in their environment.
    pub(crate) fn mark(&self) -> String {
        format!("MARK={}", self.folder.path().display())
    }

    pub(crate) fn start(&mut self, identity: Identity, port: u16, command: &[&str]) -> RunId {
        self.start_in(identity, port, command, &[])
    }

    pub(crate) fn start_in(
        &mut self,
        identity: Identity,
        port: u16,
        command: &[&str],
        environment: &[(&str, &str)],
    ) -> RunId {
        self.next += 1;
        let run = RunId(self.next);
        let mark = ("MARK".to_owned(), self.folder.path().display().to_string());
        let given = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let moves = identity == Identity::Nonce || command.iter().any(|part| part.contains("{port}"));
        self.host.start(Order {
            run,
            name: Arc::from("trial"),
            command: command.iter().map(|part| (*part).to_owned()).collect(),
            environment: given.chain([mark]).collect::<BTreeMap<_, _>>(),
            identity,
            port,
            moves,
            instance: format!("{}-{}", self.next, std::process::id()),
            token: "secret".to_owned(),
            grace: Duration::from_millis(300),
        });
        run
    }

    /// Waits for a fate of `run` that `choose` takes.
    #[track_caller]
    pub(crate) fn fate<T>(&mut self, run: RunId, what: &str, choose: impl Fn(&Fate) -> Option<T>) -> T {
        until(what, || {
            self.told.extend(self.host.fates());
            self.told.iter().filter(|(of, _)| *of == run).find_map(|(_, fate)| choose(fate))
        })
    }

    #[track_caller]
    pub(crate) fn pid(&mut self, run: RunId) -> u32 {
        self.fate(run, "a start", |fate| match fate {
            Fate::Started { pid, .. } => Some(*pid),
            _ => None,
        })
    }

    #[track_caller]
    pub(crate) fn port(&mut self, run: RunId) -> u16 {
        self.fate(run, "a port", |fate| match fate {
            Fate::Listens(port) => Some(*port),
            _ => None,
        })
    }

    #[track_caller]
    pub(crate) fn end_of(&mut self, run: RunId) -> Fate {
        self.fate(run, "an end", |fate| match fate {
            Fate::Started { .. } | Fate::Listens(_) => None,
            over => Some(over.clone()),
        })
    }
}

/// The text of a log and of all its old ones, and how large they are together.
pub(crate) fn logged(folder: &Path) -> (String, u64) {
    let files: Vec<_> = fs::read_dir(folder).unwrap().flatten().collect();
    let size = files.iter().map(|file| file.metadata().unwrap().len()).sum();
    let newest = fs::read_to_string(folder.join("trial.log")).unwrap_or_default();
    (newest, size)
}
