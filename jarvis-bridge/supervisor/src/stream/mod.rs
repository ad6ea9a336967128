//! What is pushed to whoever listens: the panel, and WebSocket clients.
//!
//! Start at [`Hub::subscribe`]. Nobody who publishes ever waits. News that replaces older news of its kind (how the services are,
//! gauges, alerts, the switch) is kept once, the newest; what happened (events, audit, log lines) queues up to [`QUEUE`], and
//! what a listener was too slow for is counted and told as [`News::Missed`].

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
}

/// One piece of news.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct Hub(Arc<Mutex<Vec<Weak<Listener>>>>);

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
}

/// Somebody who listens, until it is dropped.
#[derive(Debug)]
pub struct Subscription(Arc<Listener>);

impl Hub {
    /// Listens to `topics` from now on; `wake` is called for each piece of news.
    #[must_use]
    pub fn subscribe(&self, topics: &[Topic], wake: Waker) -> Subscription {
        let listener = Arc::new(Listener { topics: topics.to_vec(), wake, queue: Mutex::default() });
        lock(&self.0).push(Arc::downgrade(&listener));
        Subscription(listener)
    }

    /// Tells whoever listens. Waits for nobody.
    pub fn publish(&self, news: &News) {
        let listeners: Vec<Arc<Listener>> = {
            let mut all = lock(&self.0);
            all.retain(|listener| listener.strong_count() > 0);
            all.iter().filter_map(Weak::upgrade).collect()
        };
        let topic = news.topic();
        for listener in listeners {
            if topic.is_some_and(|topic| listener.topics.contains(&topic)) {
                lock(&listener.queue).push(news.clone());
                (listener.wake)();
            }
        }
    }
}

impl Subscription {
    /// The next piece of news, if there is one.
    #[must_use]
    pub fn next(&self) -> Option<News> {
        let mut queue = lock(&self.0.queue);
        if queue.missed > 0 {
            return Some(News::Missed(std::mem::take(&mut queue.missed)));
        }
        queue.news.pop_front()
    }
}

impl Queue {
    fn push(&mut self, news: News) {
        if let Some(older) = self.news.iter_mut().find(|older| news.replaces(older)) {
            *older = news;
            return;
        }
        if self.news.len() >= QUEUE {
            self.news.pop_front();
            self.missed += 1;
        }
        self.news.push_back(news);
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
    }
}
