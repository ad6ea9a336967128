//! What is pushed to whoever listens: the panel, and WebSocket clients.
//!
//! Start at [`Hub::subscribe`]. Nobody who publishes ever waits. News that replaces older news of its kind (how the services are,
//! gauges, alerts, the switch) is kept once, the newest; what happened (events, audit, log lines) queues up to [`QUEUE`], and
//! what a listener was too slow for is counted and told as [`News::Missed`]. Once the owner is over, so is the listening
//! ([`Subscription::is_over`]).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use serde::{Deserialize, Serialize};

use crate::alert::Alert;
use crate::audit::Entry;
use crate::event::Event;
use crate::gauge::Gauge;
use crate::status::Status;
use crate::switch::Switch;
use crate::usage::Usage;

/// How much a listener may be behind before it misses something.
pub const QUEUE: usize = 1024;

/// What one can listen to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "see the news of the same name")]
pub enum Topic {
    Services,
    Events,
    Alerts,
    Gauges,
    Usage,
    Audit,
    Autonomy,
    Logs,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Services,
        Self::Events,
        Self::Alerts,
        Self::Gauges,
        Self::Usage,
        Self::Audit,
        Self::Autonomy,
        Self::Logs,
    ];

    /// As in `?topics=services,events`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Events => "events",
            Self::Alerts => "alerts",
            Self::Gauges => "gauges",
            Self::Usage => "usage",
            Self::Audit => "audit",
            Self::Autonomy => "autonomy",
            Self::Logs => "logs",
        }
    }
}

impl std::str::FromStr for Topic {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|topic| topic.name() == text);
        found.ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            format!("there is no topic “{text}”: there are {known}")
        })
    }
}

/// One piece of news.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "topic", content = "news", rename_all = "lowercase")]
pub enum News {
    /// How all sidecars are.
    Services(Vec<Status>),
    /// Something happened.
    Events(Event),
    /// All open alerts.
    Alerts(Vec<Alert>),
    /// All gauges, the newest value of each.
    Gauges(Vec<Gauge>),
    /// Something was used.
    Usage(Usage),
    /// Something was written to the audit trail.
    Audit(Entry),
    /// The switch.
    Autonomy(Switch),
    /// A sidecar wrote a line.
    Logs(Line),
    /// The listener was too slow for so much.
    Missed(u64),
}

/// A line of a sidecar's output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Line {
    /// Whose.
    pub service: String,
    /// What it wrote.
    pub text: String,
}

impl News {
    /// What it is about; none: the listening itself.
    #[must_use]
    pub fn topic(&self) -> Option<Topic> {
        Some(match self {
            Self::Services(_) => Topic::Services,
            Self::Events(_) => Topic::Events,
            Self::Alerts(_) => Topic::Alerts,
            Self::Gauges(_) => Topic::Gauges,
            Self::Usage(_) => Topic::Usage,
            Self::Audit(_) => Topic::Audit,
            Self::Autonomy(_) => Topic::Autonomy,
            Self::Logs(_) => Topic::Logs,
            Self::Missed(_) => return None,
        })
    }

    fn replaces(&self, older: &Self) -> bool {
        let state = matches!(self, Self::Services(_) | Self::Alerts(_) | Self::Gauges(_) | Self::Autonomy(_));
        state && self.topic() == older.topic()
    }
}

/// Called when there is news, from whichever thread published it: must not wait.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Where news is published. Clones are the same hub.
#[derive(Debug, Clone, Default)]
pub struct Hub(Arc<Mutex<Listeners>>);

#[derive(Debug, Default)]
struct Listeners {
    all: Vec<Weak<Listener>>,
    /// Nobody will publish any more.
    closed: bool,
    /// News that listeners were too slow for, all together.
    missed: u64,
}

struct Listener {
    topics: Vec<Topic>,
    wake: Waker,
    queue: Mutex<Queue>,
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listener").field("topics", &self.topics).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Queue {
    news: VecDeque<News>,
    missed: u64,
    closed: bool,
}

/// Somebody who listens, until it is dropped.
#[derive(Debug)]
pub struct Subscription {
    listener: Arc<Listener>,
    /// What brings the news from another program.
    wire: Option<Wire>,
}

impl Hub {
    /// Listens to `topics` from now on; `wake` is called for each piece of news.
    #[must_use]
    pub fn subscribe(&self, topics: &[Topic], wake: Waker) -> Subscription {
        let listener = Arc::new(Listener { topics: topics.to_vec(), wake, queue: Mutex::default() });
        let mut listeners = lock(&self.0);
        lock(&listener.queue).closed = listeners.closed;
        listeners.all.push(Arc::downgrade(&listener));
        Subscription { listener, wire: None }
    }

    /// Tells whoever listens. Waits for nobody.
    pub fn publish(&self, news: &News) {
        let topic = news.topic();
        let mut missed = 0;
        for listener in self.present() {
            // What was missed at the other end of a line is of every topic.
            if topic.is_none_or(|topic| listener.topics.contains(&topic)) {
                missed += lock(&listener.queue).push(news.clone());
                (listener.wake)();
            }
        }
        if missed > 0 {
            lock(&self.0).missed += missed;
        }
    }

    /// Nobody will publish any more: who listens is told, and so is who comes later.
    pub fn close(&self) {
        lock(&self.0).closed = true;
        for listener in self.present() {
            lock(&listener.queue).closed = true;
            (listener.wake)();
        }
    }

    /// True while somebody listens to `topic`.
    #[must_use]
    pub fn wants(&self, topic: Topic) -> bool {
        self.present().iter().any(|listener| listener.topics.contains(&topic))
    }

    /// How many listen, and how much all of them together were too slow for.
    #[must_use]
    pub fn listening(&self) -> (usize, u64) {
        let count = self.present().len();
        (count, lock(&self.0).missed)
    }

    fn present(&self) -> Vec<Arc<Listener>> {
        let mut listeners = lock(&self.0);
        listeners.all.retain(|listener| listener.strong_count() > 0);
        listeners.all.iter().filter_map(Weak::upgrade).collect()
    }
}

/// The connection over which news comes from another program.
#[derive(Debug)]
pub(crate) struct Wire(pub(crate) std::net::TcpStream);

impl Drop for Wire {
    fn drop(&mut self) {
        // Whoever reads from it ends now; it may have ended already.
        let _ = self.0.shutdown(std::net::Shutdown::Both);
    }
}

impl Subscription {
    /// What brings its news is cut with it.
    pub(crate) fn over(mut self, wire: Wire) -> Self {
        self.wire = Some(wire);
        self
    }

    /// Puts the present state before all news; where newer news of its kind is there already, that stays.
    pub(crate) fn begin_with(&self, state: Vec<News>) {
        let mut queue = lock(&self.listener.queue);
        for news in state.into_iter().rev() {
            if !queue.news.iter().any(|newer| newer.replaces(&news)) {
                queue.news.push_front(news);
            }
        }
    }

    /// True once nobody will publish any more and all news has been taken: the owner is over, or cannot be reached.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let queue = lock(&self.listener.queue);
        queue.closed && queue.missed == 0 && queue.news.is_empty()
    }

    /// The next piece of news, if there is one.
    #[must_use]
    pub fn next(&self) -> Option<News> {
        let mut queue = lock(&self.listener.queue);
        if queue.missed > 0 {
            return Some(News::Missed(std::mem::take(&mut queue.missed)));
        }
        queue.news.pop_front()
    }
}

impl Queue {
    /// How much had to go for it.
    fn push(&mut self, news: News) -> u64 {
        if let News::Missed(more) = news {
            self.missed += more;
            return 0;
        }
        if let Some(older) = self.news.iter_mut().find(|older| news.replaces(older)) {
            *older = news;
            return 0;
        }
        let full = self.news.len() >= QUEUE;
        if full {
            // What a sidecar writes without end must not cost what happened.
            let line = self.news.iter().position(|older| older.topic() == Some(Topic::Logs));
            let _ = self.news.remove(line.unwrap_or(0));
            self.missed += 1;
        }
        self.news.push_back(news);
        u64::from(full)
    }
}

/// Nothing between lock and unlock panics, and news is whole at any moment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: usize) -> News {
        News::Logs(Line { service: "coach".to_owned(), text: number.to_string() })
    }

    #[test]
    fn the_slow_miss_the_oldest_and_are_told_and_states_are_kept_once() {
        // Seen red: with states queued like events, and with what was missed not told.
        let hub = Hub::default();
        let slow = hub.subscribe(&[Topic::Logs, Topic::Gauges], Arc::new(|| ()));
        for number in 0..QUEUE + 5 {
            hub.publish(&line(number));
            hub.publish(&News::Alerts(Vec::new()));
        }
        assert_eq!(slow.next(), Some(News::Missed(5)));
        assert_eq!(slow.next(), Some(line(5)));
        while slow.next().is_some() {}
        hub.publish(&News::Gauges(Vec::new()));
        hub.publish(&News::Gauges(Vec::new()));
        assert_eq!((slow.next(), slow.next()), (Some(News::Gauges(Vec::new())), None));
        assert_eq!(hub.listening(), (1, 5));
    }

    #[test]
    fn the_present_state_comes_first_unless_there_is_newer_and_the_end_comes_last() {
        // Seen red: with a state put before newer news of its kind.
        let switch = |on| News::Autonomy(Switch { on, stored: on, locked: None, unstored: None });
        let hub = Hub::default();
        let listener = hub.subscribe(&Topic::ALL, Arc::new(|| ()));
        hub.publish(&line(1));
        hub.publish(&switch(true));
        listener.begin_with(vec![News::Services(Vec::new()), switch(false)]);
        hub.close();
        for news in [News::Services(Vec::new()), line(1), switch(true)] {
            assert!(!listener.is_over());
            assert_eq!(listener.next(), Some(news));
        }
        assert!(listener.is_over() && hub.subscribe(&[], Arc::new(|| ())).is_over());
    }
}
