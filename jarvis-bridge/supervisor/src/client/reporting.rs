//! What a client reports and is shown: gauges, usage, alerts, history, and the stream of news.

use super::{Client, ClientError, EventQuery, InProcess, Transport};
use crate::alert::Alert;
use crate::audit::{self, Entry, Verdict};
use crate::by::By;
use crate::clock::{Clock, SystemClock};
use crate::control_loop::Request;
use crate::deep::Check;
use crate::event::Event;
use crate::gauge::Gauge;
use crate::intelligence::Report;
use crate::store::{Reader, StoreError};
use crate::stream::{News, Subscription, Topic, Waker};
use crate::usage::{Told, Usage};

impl Client {
    /// These were measured: the newest values count. Does not wait.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn gauges(&self, gauges: Vec<Gauge>) -> Result<(), ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.send(Request::Gauges(gauges)),
            Transport::Http(http) => http.reporter().gauges(gauges),
        }
    }

    /// These were used. What is neither kept nor refused then is to be told again.
    ///
    /// # Errors
    /// [`ClientError`]: tell them again later.
    pub fn usage(&self, used: Vec<Usage>) -> Result<Told, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.ask(|answer| Request::Usage(used, answer)),
            Transport::Http(http) => http.reporter().usage(used),
        }
    }

    /// The newest value of each gauge.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn read_gauges(&self) -> Result<Vec<Gauge>, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.ask(Request::ReadGauges),
            Transport::Http(http) => http.get("/api/v1/gauges", &[]),
        }
    }

    /// Alerts, newest first; `history`: with those that are over.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn alerts(&self, history: bool) -> Result<Vec<Alert>, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) if !history => owner.alerts(),
            Transport::InProcess(owner) => owner.alert_history(),
            Transport::Http(http) => http.get("/api/v1/alerts", &[("history", history.to_string())]),
        }
    }

    /// A human has seen an alert. False: there is none.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn acknowledge(&self, alert: u64, by: By) -> Result<bool, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.ask(|answer| Request::Acknowledge(alert, by, answer)),
            Transport::Http(http) => http.acknowledge(alert),
        }
    }

    /// The deep checks, as they were last; empty before the first round.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn checks(&self) -> Result<Vec<Check>, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.ask(Request::Checks),
            Transport::Http(http) => Ok(http.get::<Checked>("/api/v1/health", &[])?.checks),
        }
    }

    /// What happened, oldest first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn events(&self, query: &EventQuery) -> Result<Vec<Event>, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.reader()?.events(query).map_err(unread),
            Transport::Http(http) => {
                let given = [
                    ("service", query.service.clone()),
                    ("since", query.since.map(|since| since.0.to_string())),
                    ("limit", query.limit.map(|limit| limit.to_string())),
                ];
                let given: Vec<_> =
                    given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
                http.get("/api/v1/events", &given)
            }
        }
    }

    /// The newest entries of the audit trail, oldest first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn audit(&self, limit: u32) -> Result<Vec<Entry>, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => audit::newest(&owner.layout, limit).map_err(ClientError::NoAnswer),
            Transport::Http(http) => http.get("/api/v1/audit", &[("limit", limit.to_string())]),
        }
    }

    /// Whether the audit trail is whole.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn verify(&self) -> Result<Verdict, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => Ok(audit::verify(&owner.layout)),
            Transport::Http(http) => http.get("/api/v1/audit/verify", &[]),
        }
    }

    /// What was measured in the last `hours`, in `parts` equal parts.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn intelligence(&self, hours: u32, parts: u32) -> Result<Report, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => {
                let (reader, now) = (owner.reader()?, SystemClock::new().wall());
                let offset = reader.utc_offset_min().map_err(unread)?;
                reader.report(now, hours, parts, offset).map_err(unread)
            }
            Transport::Http(http) => {
                let given = [("hours", hours.to_string()), ("parts", parts.to_string())];
                http.get("/api/v1/intelligence", &given)
            }
        }
    }

    /// Listens to `topics` from now on; the present state of each (services, alerts, gauges, autonomy) comes first. When the
    /// owner is lost the subscription [is over](Subscription::is_over).
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn subscribe(&self, topics: &[Topic], wake: Waker) -> Result<Subscription, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.subscribe(topics, &wake),
            Transport::Http(http) => http.subscribe(topics, wake),
        }
    }
}

/// What is read of `/api/v1/health`.
#[derive(Debug, serde::Deserialize)]
struct Checked {
    checks: Vec<Check>,
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn unread(error: StoreError) -> ClientError {
    ClientError::NoAnswer(error.to_string())
}

impl InProcess {
    /// What is on the disk, through a connection of its own.
    fn reader(&self) -> Result<Reader, ClientError> {
        Reader::open(&self.layout.events()).map_err(unread)
    }

    fn alerts(&self) -> Result<Vec<Alert>, ClientError> {
        let mut alerts = self.ask(Request::Alerts)?;
        alerts.sort_by_key(|alert| std::cmp::Reverse(alert.id));
        Ok(alerts)
    }

    /// The newest 1,000.
    fn alert_history(&self) -> Result<Vec<Alert>, ClientError> {
        // What the loop knows may not be on the disk yet.
        let mut alerts = self.alerts()?;
        let older = self.reader()?.alerts(true, 1000).map_err(unread)?;
        let known: Vec<u64> = alerts.iter().map(|alert| alert.id).collect();
        alerts.extend(older.into_iter().filter(|alert| !known.contains(&alert.id)));
        alerts.sort_by_key(|alert| std::cmp::Reverse(alert.id));
        Ok(alerts)
    }

    fn subscribe(&self, topics: &[Topic], wake: &Waker) -> Result<Subscription, ClientError> {
        let subscription = self.hub.subscribe(topics, Waker::clone(wake));
        // Asked only now that nothing newer can be missed.
        let mut state = Vec::new();
        for topic in topics {
            state.extend(match topic {
                Topic::Services => Some(News::Services(self.ask(Request::Status)?)),
                Topic::Alerts => Some(News::Alerts(self.alerts()?)),
                Topic::Gauges => Some(News::Gauges(self.ask(Request::ReadGauges)?)),
                Topic::Autonomy => {
                    let asks = By::name("stream");
                    Some(News::Autonomy(self.ask(|answer| Request::Autonomy(None, asks, answer))?))
                }
                Topic::Events | Topic::Usage | Topic::Audit | Topic::Logs => None,
            });
        }
        subscription.begin_with(state);
        wake();
        Ok(subscription)
    }
}
