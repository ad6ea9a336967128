//! An owner in a folder of its own, with times so short that a test can wait for them.

use std::fs;
use std::path::PathBuf;

use jarvis::by::By;
use jarvis::client::{Client, EventQuery};
use jarvis::control_loop::Target;
use jarvis::event::{Action, Event, What};
use jarvis::health::State;
use jarvis::layout::Layout;
use jarvis::owner::{Options, Owner};
use jarvis::status::Status;
use jarvis::store::Reader;

use crate::rig::{program, until};

/// Everything a tenth of what it is, or less; and who waits may ask as often as it likes.
const TIMES: &str = "
[times]
liveness = 0.3
timeout = 0.4
repeat = 0.1
deep = 1.0
iteration = 0.5
start = 2.0
start_poll = 0.02
verify = 0.3
grace = 0.5
[restarts]
first = 0.05
[control_plane]
requests = 1000000
burst = 100000
tokens = []
headers = 10.0
body = 10.0
unread = 2.0
";

pub(crate) struct Owned {
    pub(crate) owner: Option<Owner>,
    pub(crate) layout: Layout,
    pub(crate) client: Client,
    folder: tempfile::TempDir,
}

/// One of ours, in the mood that stands in the file `NAME` of the folder; `more` is added to its declaration.
pub(crate) fn ours(name: &str, more: &str) -> String {
    format!(
        "[[sidecar]]\nname = \"{name}\"\ncommand = [\"{{ai-dawg}}\", \"sidecar\"]\nidentity = \"nonce\"\n\
         environment = {{ MOOD = \"FOLDER/{name}\", MARK = \"FOLDER\" }}\n{more}\n"
    )
}

/// Any command, as a TOML array.
pub(crate) fn declared(name: &str, command: &str, more: &str) -> String {
    format!(
        "[[sidecar]]\nname = \"{name}\"\ncommand = {command}\nenvironment = {{ MARK = \"FOLDER\" }}\n{more}\n"
    )
}

impl Owned {
    /// With these declarations, after `times` that replace the short ones.
    pub(crate) fn with(times: &[(&str, &str)], sidecars: &str, environment: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::within(folder.path());
        layout.make().unwrap();
        write(&layout, times, sidecars);
        let owner = start(&layout, environment);
        let client = owner.client();
        Self { owner: Some(owner), layout, client, folder }
    }

    pub(crate) fn new(sidecars: &str) -> Self {
        Self::with(&[], sidecars, None)
    }

    /// A file in the folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn mark(&self) -> String {
        format!("MARK={}", self.folder.path().display())
    }

    pub(crate) fn mood(&self, name: &str, mood: &str) {
        jarvis::durable::publish(&self.file(name), mood.as_bytes()).unwrap();
    }

    pub(crate) fn status(&self, name: &str) -> Status {
        self.client.status().unwrap().into_iter().find(|status| status.name == name).unwrap()
    }

    /// Waits until it is so.
    #[track_caller]
    pub(crate) fn when(&self, name: &str, what: &str, holds: impl Fn(&Status) -> bool) -> Status {
        until(&format!("{name} to be {what}"), || Some(self.status(name)).filter(|status| holds(status)))
    }

    #[track_caller]
    pub(crate) fn is(&self, name: &str, state: State) -> Status {
        self.when(name, &state.to_string(), |status| status.state == state)
    }

    pub(crate) fn act(&self, name: &str, action: Action) {
        self.client.act(Target::One(name.to_owned()), action, By::name("test")).unwrap();
    }

    /// What happened, oldest first.
    pub(crate) fn events(&self) -> Vec<Event> {
        Reader::open(&self.layout.events()).unwrap().events(&EventQuery::default()).unwrap()
    }

    /// Waits for an event that `choose` takes.
    #[track_caller]
    pub(crate) fn event<T>(&self, what: &str, choose: impl Fn(&What) -> Option<T>) -> T {
        until(what, || self.events().iter().find_map(|event| choose(&event.what)))
    }

    /// The reasons of all changes to `state`.
    pub(crate) fn reasons(&self, state: State) -> Vec<String> {
        let events = self.events();
        let changes = events.into_iter().filter_map(|event| match event.what {
            What::Changed(change) if change.to == state => Some(change.reason),
            _ => None,
        });
        changes.collect()
    }
}

pub(crate) fn write(layout: &Layout, times: &[(&str, &str)], sidecars: &str) {
    let folder = layout.folder().parent().unwrap().display().to_string();
    let mut text = TIMES.to_owned();
    for (name, value) in times {
        let line = text.lines().find(|line| line.starts_with(&format!("{name} ="))).unwrap().to_owned();
        text = text.replace(&line, &format!("{name} = {value}"));
    }
    fs::write(layout.sidecars(), text + &sidecars.replace("FOLDER", &folder)).unwrap();
}

pub(crate) fn start(layout: &Layout, environment: Option<&str>) -> Owner {
    let environment = environment.map(str::to_owned);
    Owner::start(Options { layout: layout.clone(), program: program(), environment, port: Ok(0) }).unwrap()
}
