//! What happened, in words: a sentence for each kind of event, and how grave it is.
//!
//! Start at [`Chronicle::tell`]. It is told the events in their order, so that it can count attempts.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jarvis::alert::Severity;
use jarvis::clock::Wall;
use jarvis::event::{Action, Event, What};
use jarvis::health::{State, Transition};
use jarvis::usage::Usage;

use super::Attempt;

/// More restarts of one service are not counted: no budget is larger.
const MOST_RESTARTS: usize = 1_000;

/// How something that happened is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Business as usual.
    Quiet,
    /// It went well, or is well again.
    Good,
    /// Look here.
    Attention,
    /// It failed.
    Bad,
}

impl Tone {
    /// In a word, for tables and those who listen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Quiet => "told",
            Self::Good => "good",
            Self::Attention => "attention",
            Self::Bad => "failed",
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: Wall,
    /// To which service; none: to the supervisor, or in the studio.
    pub service: Option<String>,
    /// What, in a sentence.
    pub words: String,
    /// How grave.
    pub tone: Tone,
}

/// A service's name as people write it: `vocal-coach` is “Vocal coach”.
#[must_use]
pub fn title(name: &str) -> String {
    let spaced = name.replace(['-', '_'], " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A length of time as people say it: `350 ms`, `4 s`, `2 min`, `3 h 5 min`.
#[must_use]
pub fn span(milliseconds: u64) -> String {
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..10_000 if milliseconds % 1_000 >= 100 => format!("{:.1} s", milliseconds as f64 / 1_000.0),
        1_000..60_000 => format!("{} s", milliseconds / 1_000),
        60_000..3_600_000 => with_rest(milliseconds / 60_000, "min", milliseconds / 1_000 % 60, "s"),
        3_600_000..86_400_000 => with_rest(milliseconds / 3_600_000, "h", milliseconds / 60_000 % 60, "min"),
        _ => with_rest(milliseconds / 86_400_000, "d", milliseconds / 3_600_000 % 24, "h"),
    }
}

fn with_rest(whole: u64, unit: &str, rest: u64, of: &str) -> String {
    if rest == 0 { format!("{whole} {unit}") } else { format!("{whole} {unit} {rest} {of}") }
}

/// How many restarts there may be without a human, and in which time, as declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// At most so many.
    pub most: u32,
    /// In so many milliseconds.
    pub window_ms: u64,
}

/// Who tells what happened, event by event.
#[derive(Debug, Default)]
pub struct Chronicle {
    budget: Option<Budget>,
    attempts: BTreeMap<String, Attempt>,
    fell: BTreeMap<String, Wall>,
    // Whose restart comes, and has not begun.
    waiting: BTreeSet<String>,
    // Those that count against the budget, oldest first.
    restarts: BTreeMap<String, VecDeque<Wall>>,
}

impl Chronicle {
    /// One that counts against this budget; none: it is not known.
    #[must_use]
    pub fn new(budget: Option<Budget>) -> Self {
        Self { budget, ..Self::default() }
    }

    /// What an event means for people.
    pub fn tell(&mut self, event: &Event) -> Happening {
        self.count(event);
        let (tone, what) = self.sentence(event);
        if let (What::NotVerified, Some(service)) = (&event.what, &event.sidecar) {
            // Only now: the sentence names the attempt.
            self.settled(service);
        }
        let words = match &event.sidecar {
            Some(service) => format!("{}: {what}", title(service)),
            None => capital(&what),
        };
        Happening { at: event.at, service: event.sidecar.clone(), words, tone }
    }

    /// Restarts that are under way.
    #[must_use]
    pub fn attempts(&self) -> &BTreeMap<String, Attempt> {
        &self.attempts
    }

    fn count(&mut self, event: &Event) {
        if matches!(event.what, What::Began | What::Ended) {
            // What an owner was at is over with it. The restarts that count are kept.
            self.attempts.clear();
            self.fell.clear();
            self.waiting.clear();
        }
        let Some(service) = &event.sidecar else { return };
        match &event.what {
            // It came back by itself: before a restart began, or none was to come.
            What::Changed(change)
                if change.to == State::Healthy
                    && (self.waiting.contains(service) || !self.attempts.contains_key(service)) =>
            {
                self.settled(service);
            }
            What::Changed(change) if matches!(change.to, State::Down | State::Degraded | State::Flapping) => {
                self.fell.entry(service.clone()).or_insert(event.at);
            }
            What::WillRestart { .. } => {
                let since = self.fell.get(service).copied().unwrap_or(event.at);
                let number = self.spent(service, event.at) + 1;
                let of = self.budget.map(|budget| budget.most).filter(|most| number <= *most);
                self.attempts.insert(service.clone(), Attempt { number, of, since });
                self.waiting.insert(service.clone());
            }
            What::Restarted => {
                self.waiting.remove(service);
                let restarts = self.restarts.entry(service.clone()).or_default();
                restarts.push_back(event.at);
                if restarts.len() > MOST_RESTARTS {
                    restarts.pop_front();
                }
            }
            What::Verified | What::HumanNeeded { .. } | What::Withheld { .. } => self.settled(service),
            What::Asked { .. } => {
                self.settled(service);
                // A human gives the budget back.
                self.restarts.remove(service);
            }
            What::BudgetGivenBack => _ = self.restarts.remove(service),
            _ => {}
        }
    }

    fn settled(&mut self, service: &str) {
        self.attempts.remove(service);
        self.fell.remove(service);
        self.waiting.remove(service);
    }

    /// Restarts that count at that time.
    fn spent(&self, service: &str, at: Wall) -> u32 {
        let Some(restarts) = self.restarts.get(service) else { return 0 };
        let window = self.budget.map_or(u128::MAX, |budget| u128::from(budget.window_ms));
        restarts.iter().filter(|restart| at.since(**restart).as_millis() < window).count() as u32
    }

    fn number(&self, event: &Event) -> String {
        let attempt = event.sidecar.as_ref().and_then(|service| self.attempts.get(service));
        attempt.map_or_else(String::new, |attempt| format!(" {}", attempt.in_words()))
    }

    fn sentence(&self, event: &Event) -> (Tone, String) {
        match &event.what {
            What::Began => (Tone::Quiet, "the supervisor began".to_owned()),
            What::Ended => (Tone::Quiet, "the supervisor ended in order".to_owned()),
            What::Changed(change) => changed(change),
            What::Asked { action, by } => {
                (Tone::Quiet, format!("{} was asked for{}", noun(*action), name_of(&by.who)))
            }
            What::WillRestart { pause_ms } => {
                (Tone::Attention, format!("restart{} comes in {}", self.number(event), span(*pause_ms)))
            }
            What::Restarted => (Tone::Attention, format!("restart{} began", self.number(event))),
            What::Healed { after_ms } => (Tone::Good, format!("healed after {}", span(*after_ms))),
            What::Verified => (Tone::Good, "the restart is verified: it is still well".to_owned()),
            What::NotVerified => (
                Tone::Attention,
                format!("restart{} did not help: it was not ready when looked at again", self.number(event)),
            ),
            What::BudgetGivenBack => {
                (Tone::Quiet, "ran well for so long that it has all its restarts again".to_owned())
            }
            What::HumanNeeded { reason, tried } => {
                let tries = match tried.len() {
                    0 => String::new(),
                    1 => " (1 restart was tried)".to_owned(),
                    many => format!(" ({many} restarts were tried)"),
                };
                (Tone::Bad, format!("you are needed: {reason}{tries}"))
            }
            What::Withheld { action, reason } => {
                let what = noun(*action).to_lowercase();
                (Tone::Attention, format!("the {what} was withheld: {reason}"))
            }
            What::StartedAnew { reason } => (Tone::Attention, reason.clone()),
            What::Moved { reason } => (Tone::Attention, format!("was given another port: {reason}")),
            What::LeftOver(left) => match left.ended {
                true => (Tone::Attention, format!("process {} of an earlier run was ended", left.pid)),
                false => (
                    Tone::Bad,
                    format!("process {} of an earlier run is still there: end it by hand", left.pid),
                ),
            },
            What::Asleep { from, to } => {
                (Tone::Quiet, format!("the machine slept for {}", span(to.since(*from).as_millis() as u64)))
            }
            What::Late { by_ms } => {
                (Tone::Attention, format!("the control loop was held up and ran {} late", span(*by_ms)))
            }
            What::Switched { on: true, by } => {
                (Tone::Quiet, format!("automatic actions were switched on{}", name_of(&by.who)))
            }
            What::Switched { on: false, by } => {
                (Tone::Attention, format!("automatic actions were switched off{}", name_of(&by.who)))
            }
            What::AlertOpened { severity, message, .. } | What::AlertChanged { severity, message, .. } => {
                let tone = if *severity == Severity::Critical { Tone::Bad } else { Tone::Attention };
                (tone, format!("alert: {message}"))
            }
            What::AlertAcknowledged { id, by } => {
                (Tone::Quiet, format!("alert {id} was acknowledged{}", name_of(&by.who)))
            }
            What::AlertClosed { id, reason, .. } => (Tone::Good, format!("alert {id} is over ({reason})")),
        }
    }
}

/// What was used, in words.
#[must_use]
pub fn used(usage: &Usage) -> Happening {
    let what = title(&usage.what);
    let words = match &usage.detail {
        Some(detail) => format!("{what}: {detail}"),
        None => what,
    };
    let tone = match usage.what.as_str() {
        what if what.contains("error") || what.contains("failed") => Tone::Attention,
        what if what.contains("exported") => Tone::Good,
        _ => Tone::Quiet,
    };
    Happening { at: usage.at, service: None, words, tone }
}

fn changed(change: &Transition) -> (Tone, String) {
    let tone = match change.to {
        State::Healthy => Tone::Good,
        State::Starting | State::Stopped => Tone::Quiet,
        State::Degraded | State::Flapping => Tone::Attention,
        State::Down | State::Blocked => Tone::Bad,
    };
    let (to, reason) = (change.to.to_string(), change.reason.trim());
    let words = if reason.is_empty() || reason == to { to } else { format!("{to} — {reason}") };
    (tone, words)
}

fn noun(action: Action) -> &'static str {
    match action {
        Action::Start => "start",
        Action::Stop => "stop",
        Action::Restart => "restart",
    }
}

/// “ in the panel”; nothing where nobody is named.
fn name_of(who: &str) -> String {
    match who {
        "" => String::new(),
        "panel" => " in the panel".to_owned(),
        "cli" => " at the command line".to_owned(),
        "jarvis" => " by JARVIS".to_owned(),
        who => format!(" by “{who}”"),
    }
}

/// With a capital letter first.
#[must_use]
pub(crate) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
