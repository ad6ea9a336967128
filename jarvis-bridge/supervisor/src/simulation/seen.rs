//! What was seen of the loop, and what is asked of it afterwards.

use std::ops::Range;
use std::time::Duration;

use crate::alert::Alert;
use crate::clock::Moment;
use crate::event::{Action, Event, What};

/// A fall that nobody asked for.
#[derive(Debug, Clone)]
pub(super) struct Fall {
    pub(super) name: String,
    pub(super) at: Moment,
}

/// What the world saw.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) falls: Vec<Fall>,
    pub(super) sleeps: u64,
    pub(super) starts: Vec<(String, Moment)>,
    /// From a human's stop to the next start.
    pub(super) stopped: Vec<(String, Moment, Moment)>,
    pub(super) off: Vec<(Moment, Moment)>,
    pub(super) events: Vec<(Moment, Event)>,
    /// When processes came to serve.
    pub(super) up: Vec<(String, Moment)>,
    /// When sidecars answered, though not well.
    pub(super) ailed: Vec<(String, Moment, Moment)>,
    /// At the end: the alerts that the store has open, and who serves well.
    pub(super) open: Vec<Alert>,
    pub(super) serving: Vec<String>,
}

impl Seen {
    /// How many events are of that kind.
    pub(super) fn told(&self, kind: impl Fn(&What) -> bool) -> u64 {
        self.events.iter().filter(|(_, event)| kind(&event.what)).count() as u64
    }

    /// It was decided what to do about a fall, or a human had the sidecar in hand.
    pub(super) fn verdict_within(&self, fall: &Fall, limit: Duration) -> bool {
        self.after(fall, limit).any(|what| {
            let decided =
                matches!(what, What::WillRestart { .. } | What::HumanNeeded { .. } | What::Withheld { .. });
            decided || matches!(what, What::Asked { .. })
        })
    }

    /// It was healed, or a human called or at work, or nobody might act.
    pub(super) fn mended(&self, fall: &Fall) -> bool {
        self.after(fall, Duration::from_secs(300)).any(|what| {
            let called =
                matches!(what, What::HumanNeeded { .. } | What::Withheld { .. } | What::Asked { .. });
            called || matches!(what, What::Healed { .. })
        })
    }

    fn after<'a>(&'a self, fall: &'a Fall, limit: Duration) -> impl Iterator<Item = &'a What> {
        let until = fall.at.after(limit);
        let events = self.events.iter().filter(move |(at, _)| (fall.at..=until).contains(at));
        events.filter(|(_, event)| event.sidecar.as_deref() == Some(&fall.name)).map(|(_, event)| &event.what)
    }

    /// The most restarts of one sidecar within `window`, as the world saw them.
    pub(super) fn most_restarts(&self, window: Duration) -> usize {
        let within = |name: &str, from: Moment| {
            let until = from.after(window);
            self.restarts().filter(|(other, at)| *other == name && (from..until).contains(at)).count()
        };
        self.restarts().map(|(name, at)| within(name, at)).max().unwrap_or(0)
    }

    /// The restarts of a sidecar in these seconds.
    pub(super) fn restarts_within(&self, (name, seconds): (&str, Range<u64>)) -> usize {
        let at = |second| Moment::ORIGIN.after(Duration::from_secs(second));
        let span = at(seconds.start)..at(seconds.end);
        self.restarts().filter(|(other, at)| *other == name && span.contains(at)).count()
    }

    /// Starts that no human asked for.
    fn restarts(&self) -> impl Iterator<Item = (&str, Moment)> {
        let asked = |name: &str, at: Moment| {
            let from = at.before(Duration::from_secs(6));
            self.events.iter().any(|(when, event)| {
                let human = matches!(event.what, What::Asked { action: Action::Start | Action::Restart, .. });
                human && event.sidecar.as_deref() == Some(name) && (from..=at).contains(when)
            })
        };
        let later = Moment::ORIGIN.after(Duration::from_secs(10));
        let starts = self.starts.iter().filter(move |(name, at)| *at > later && !asked(name, *at));
        starts.map(|(name, at)| (name.as_str(), *at))
    }

    /// How often a restart was called verified of a sidecar that ailed all the time in which it can have been asked.
    pub(super) fn verified_while_unwell(&self) -> usize {
        let verified = self.events.iter().filter(|(_, event)| matches!(event.what, What::Verified));
        let lied = verified.filter(|(at, event)| {
            let asked = at.before(Duration::from_secs(5));
            self.ailed
                .iter()
                .any(|(name, from, to)| event.sidecar.as_deref() == Some(name) && *from <= asked && at < to)
        });
        lied.count()
    }

    pub(super) fn started_while_stopped(&self) -> usize {
        let within = |name: &str, at: Moment| {
            self.stopped.iter().any(|(other, from, to)| other == name && (*from..*to).contains(&at))
        };
        self.starts.iter().filter(|(name, at)| within(name, *at)).count()
    }

    pub(super) fn started_while_off(&self) -> usize {
        let within = |at: Moment| self.off.iter().any(|(from, to)| (*from..*to).contains(&at));
        self.starts.iter().filter(|(_, at)| within(*at)).count()
    }

    /// All that happened, in one number (FNV-1a).
    pub(super) fn digest(&self) -> u64 {
        let text = format!("{:?}{:?}", self.events, self.starts);
        text.bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }
}
