//! What takes time, asked on a thread of its own: reports, the trail, history, logs from the disk; and what a person wished.

use std::path::PathBuf;

use crossbeam_channel::{Receiver, Sender};
use jarvis::alert::Alert;
use jarvis::audit::{Entry, Verdict};
use jarvis::by::By;
use jarvis::client::{Client, ClientError, EventQuery};
use jarvis::clock::Wall;
use jarvis::control_loop::{Rounds, Target};
use jarvis::event::{Action, Event};
use jarvis::gauge::Gauge;
use jarvis::intelligence::Report;
use jarvis::layout::Layout;
use jarvis::status::Status;
use jarvis::switch::Switch;

use super::happening::{Budget, title};
use super::{Engine, Rule, Told, Wish, engine, log};

/// In whose name the panel asks.
const PANEL: &str = "panel";
/// So many events are shown.
pub(super) const EVENTS: u32 = 500;
/// So many entries of the trail are shown.
pub(super) const ENTRIES: u32 = 200;

/// Something to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    Status,
    Switch,
    Gauges,
    Events,
    Alerts,
    Audit,
    Verify,
    /// The last hours, in so many parts.
    Report(u32, u32),
    /// The engine in the last hours, in so many parts.
    Engine(u32, u32),
    /// Whether it is there at all: quick to answer, and counted by nobody.
    Pulse,
    Rounds,
    Logs,
    Rules,
}

/// What came of it. Without a good answer there is none, but for the first and for what a person waits for.
#[derive(Debug)]
pub(super) enum Answer {
    Status(Result<Vec<Status>, ClientError>),
    Switch(Switch),
    Gauges(Vec<Gauge>),
    Events(Vec<Event>),
    Alerts(Vec<Alert>),
    Audit(Vec<Entry>),
    Verified(Result<Verdict, String>),
    Report(u32, Report),
    Engine(u32, Engine),
    Pulse(Result<(), ClientError>),
    Rounds(Rounds),
    /// The ends of the logs, by service.
    Logs(Vec<(String, Vec<String>)>),
    /// The rules of alerts and the budget of restarts; none where the declarations cannot be read.
    Rules(Option<(Vec<Rule>, Budget)>),
}

/// Asks, until nobody is left who wants to know. `link` counts supervisors: answers of an earlier one are known by it.
pub(super) fn ask_all(
    questions: &Receiver<(u64, Client, Question)>,
    layout: &Layout,
    answer: &dyn Fn(u64, Answer),
) {
    for first in questions {
        // While one waits for an answer others may come: each is asked once, and of the newest supervisor alone.
        let mut due: Vec<(u64, Client, Question)> = Vec::new();
        for (link, client, question) in std::iter::once(first).chain(questions.try_iter()) {
            due.retain(|(other, _, known)| *other == link && *known != question);
            due.push((link, client, question));
        }
        ask_each(due, layout, answer);
    }
}

fn ask_each(due: Vec<(u64, Client, Question)>, layout: &Layout, answer: &dyn Fn(u64, Answer)) {
    for (link, client, question) in due {
        match ask(&client, question, layout) {
            Ok(got) => answer(link, got),
            // Told once, by the question that comes first.
            Err(error) => tracing::debug!(%error, ?question, "the supervisor did not answer the panel"),
        }
    }
}

fn ask(client: &Client, question: Question, layout: &Layout) -> Result<Answer, ClientError> {
    Ok(match question {
        Question::Status => Answer::Status(client.status()),
        Question::Switch => Answer::Switch(client.autonomy(None, By::name(PANEL))?),
        Question::Gauges => Answer::Gauges(client.read_gauges()?),
        Question::Events => {
            Answer::Events(client.events(&EventQuery { limit: Some(EVENTS), ..EventQuery::default() })?)
        }
        Question::Alerts => Answer::Alerts(client.alerts(true)?),
        Question::Audit => Answer::Audit(client.audit(ENTRIES)?),
        Question::Verify => Answer::Verified(client.verify().map_err(|error| error.to_string())),
        Question::Report(hours, parts) => Answer::Report(hours, client.intelligence(hours, parts)?),
        Question::Engine(hours, parts) => {
            let engine = engine::read(layout, wall(), hours, parts);
            Answer::Engine(hours, engine.map_err(|error| ClientError::NoAnswer(error.to_string()))?)
        }
        Question::Pulse => Answer::Pulse(client.pulse()),
        Question::Rounds => Answer::Rounds(client.rounds()?),
        Question::Logs => Answer::Logs(logs(layout)),
        Question::Rules => Answer::Rules(super::rules::declared(layout)),
    })
}

/// The ends of all logs, by service.
fn logs(layout: &Layout) -> Vec<(String, Vec<String>)> {
    let files = std::fs::read_dir(layout.logs()).into_iter().flatten().flatten();
    let log = |path: PathBuf| {
        let name = path.file_name()?.to_str()?.strip_suffix(".log")?.to_owned();
        let lines = log::tail(&path)
            .inspect_err(|error| tracing::warn!(%error, log = %path.display(), "cannot be read"));
        Some((name, lines.ok()?))
    };
    let mut logs: Vec<_> = files.filter_map(|entry| log(entry.path())).collect();
    logs.sort();
    logs
}

/// Does what a person wished, one thing after the other. `done` is called after each, with what was flipped.
pub(super) fn do_all(
    wishes: &Receiver<(Client, Wish)>,
    told: &Sender<Told>,
    waker: &dyn Fn(),
    done: &dyn Fn(Option<Switch>),
) {
    for (client, wish) in wishes {
        match act(&client, &wish) {
            Ok(switch) => done(switch),
            Err(error) => {
                let detail = format!("{error}.\nThe studio and its songs are not touched.");
                _ = told.send(Told { title: refused(&wish), detail });
                waker();
            }
        }
    }
}

fn act(client: &Client, wish: &Wish) -> Result<Option<Switch>, String> {
    let by = By::name(PANEL);
    match wish {
        Wish::Act { service, action } => client
            .act(Target::One(service.clone()), *action, by)
            .map(|()| None)
            .map_err(|error| error.to_string()),
        Wish::Autonomy(on) => client.autonomy(Some(*on), by).map(Some).map_err(|error| error.to_string()),
        Wish::Acknowledge(id) => match client.acknowledge(*id, by) {
            Ok(true) => Ok(None),
            Ok(false) => Err("there is no such alert any more".to_owned()),
            Err(error) => Err(error.to_string()),
        },
        Wish::Verify => Ok(None),
    }
}

/// The title of what is told when it could not be done.
fn refused(wish: &Wish) -> String {
    match wish {
        Wish::Act { service, action: Action::Start } => format!("{} was not started", title(service)),
        Wish::Act { service, action: Action::Stop } => format!("{} was not stopped", title(service)),
        Wish::Act { service, action: Action::Restart } => format!("{} was not restarted", title(service)),
        Wish::Autonomy(true) => "Automatic actions were not switched on".to_owned(),
        Wish::Autonomy(false) => "Automatic actions were not switched off".to_owned(),
        Wish::Acknowledge(_) => "The alert was not acknowledged".to_owned(),
        Wish::Verify => "The audit trail was not verified".to_owned(),
    }
}

/// The calendar.
pub(super) fn wall() -> Wall {
    use jarvis::clock::Clock as _;
    jarvis::clock::SystemClock::new().wall()
}
