//! How the panel and the command line speak to the owner: one client, two transports.
//!
//! Start at [`Client`]. In the owner's own program it is a channel; from another program it is HTTP on loopback, to where
//! `endpoint.json` says.

mod http;

use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use thiserror::Error;

use crate::alert::Alert;
use crate::audit::{Entry, Verdict};
use crate::by::By;
use crate::clock::Bell;
use crate::control_loop::{Refusal, Request, Rounds, Target};
use crate::event::{Action, Event};
use crate::gauge::Gauge;
use crate::intelligence::Report;
use crate::layout::Layout;
use crate::status::Status;
use crate::stream::{Hub, Subscription, Topic, Waker};
use crate::switch::Switch;
use crate::usage::Usage;
use http::Http;

/// How long the owner may take to answer. Its loop never waits, so this is generous.
const PATIENCE: Duration = Duration::from_secs(10);

/// Speaks to the owner.
#[derive(Debug, Clone)]
pub struct Client(Transport);

#[derive(Debug, Clone)]
enum Transport {
    InProcess(InProcess),
    Http(Http),
}

/// The owner's own channel.
#[derive(Debug, Clone)]
pub(crate) struct InProcess {
    pub(crate) requests: Sender<Request>,
    pub(crate) bell: Bell,
    pub(crate) hub: Hub,
    /// For what is read from the databases, through connections that only read: the loop is not kept waiting.
    pub(crate) layout: Layout,
}

/// Which events are asked for; none of a field: all.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct EventQuery {
    /// Of this service.
    pub service: Option<String>,
    /// From then on.
    pub since: Option<crate::clock::Wall>,
    /// At most so many, the newest.
    pub limit: Option<u32>,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum ClientError {
    /// Nobody supervises anything.
    #[error("no supervisor runs: start one with `ai-dawg jarvis run`")]
    NoOwner,
    /// The owner refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The owner is there and does not answer as it should.
    #[error("the supervisor does not answer ({0}): if that lasts, end its process and start it again")]
    NoAnswer(String),
}

impl Client {
    pub(crate) fn in_process(requests: Sender<Request>, bell: Bell, hub: Hub, layout: Layout) -> Self {
        Self(Transport::InProcess(InProcess { requests, bell, hub, layout }))
    }

    /// A client of the owner that `layout` names.
    ///
    /// # Errors
    /// [`ClientError::NoOwner`], or what stands in `endpoint.json` cannot be used.
    pub fn find(layout: &Layout) -> Result<Self, ClientError> {
        Ok(Self(Transport::Http(Http::find(layout)?)))
    }

    /// How the sidecars are.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn status(&self) -> Result<Vec<Status>, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.ask(Request::Status),
            Transport::Http(http) => http.status(),
        }
    }

    /// How the control loop does. In the owner's program only.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn rounds(&self) -> Result<Rounds, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.ask(Request::Rounds),
            Transport::Http(_) => {
                Err(ClientError::NoAnswer("this is asked in its own program only".to_owned()))
            }
        }
    }

    /// Does something to one sidecar, or to all. Returns when it has begun, not when it is done.
    ///
    /// # Errors
    /// [`ClientError::Refused`] says why not.
    pub fn act(&self, target: Target, action: Action, by: By) -> Result<(), ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => Ok(owner.ask(|answer| Request::Act(target, action, by, answer))??),
            Transport::Http(http) => http.act(&target, action, &by),
        }
    }

    /// Whether one may act without being asked; with a value, from now on.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn autonomy(&self, on: Option<bool>, by: By) -> Result<Switch, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.ask(|answer| Request::Autonomy(on, by, answer)),
            Transport::Http(http) => http.autonomy(on, &by),
        }
    }

    /// Stops all sidecars and ends the supervisor. Returns when that has begun.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn shutdown(&self) -> Result<(), ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.send(Request::Shutdown),
            Transport::Http(http) => http.shutdown(),
        }
    }
}

/// What is shown and reported; see `reporting` for the transports.
impl Client {
    /// These were measured: the newest values count. Does not wait.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn gauges(&self, _gauges: Vec<Gauge>) -> Result<(), ClientError> {
        Err(not_yet())
    }

    /// These were used. Answered with the ids that are kept, now or already.
    ///
    /// # Errors
    /// [`ClientError`]: tell them again later.
    pub fn usage(&self, _used: Vec<Usage>) -> Result<Vec<String>, ClientError> {
        Err(not_yet())
    }

    /// The newest value of each gauge.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn read_gauges(&self) -> Result<Vec<Gauge>, ClientError> {
        Err(not_yet())
    }

    /// Alerts, newest first; `history`: with those that are over.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn alerts(&self, _history: bool) -> Result<Vec<Alert>, ClientError> {
        Err(not_yet())
    }

    /// A human has seen an alert. False: there is none.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn acknowledge(&self, _alert: u64, _by: By) -> Result<bool, ClientError> {
        Err(not_yet())
    }

    /// What happened, oldest first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn events(&self, _query: &EventQuery) -> Result<Vec<Event>, ClientError> {
        Err(not_yet())
    }

    /// The newest entries of the audit trail, oldest first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn audit(&self, _limit: u32) -> Result<Vec<Entry>, ClientError> {
        Err(not_yet())
    }

    /// Whether the audit trail is whole.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn verify(&self) -> Result<Verdict, ClientError> {
        Err(not_yet())
    }

    /// What was measured in the last `hours`, in `parts` equal parts.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn intelligence(&self, _hours: u32, _parts: u32) -> Result<Report, ClientError> {
        Err(not_yet())
    }

    /// Listens to `topics` from now on; the present state of each (services, alerts, gauges, autonomy) comes first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn subscribe(&self, _topics: &[Topic], _wake: Waker) -> Result<Subscription, ClientError> {
        Err(not_yet())
    }
}

fn not_yet() -> ClientError {
    ClientError::NoAnswer("this is not there yet".to_owned())
}

impl InProcess {
    fn send(&self, request: Request) -> Result<(), ClientError> {
        // The loop is over, and with it the owner.
        self.requests.send(request).map_err(|_| ClientError::NoOwner)?;
        self.bell.ring();
        Ok(())
    }

    fn ask<T>(&self, request: impl FnOnce(Sender<T>) -> Request) -> Result<T, ClientError> {
        let (answer, answered): (_, Receiver<T>) = bounded(1);
        self.send(request(answer))?;
        answered.recv_timeout(PATIENCE).map_err(|error| ClientError::NoAnswer(error.to_string()))
    }
}
