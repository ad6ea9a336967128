//! How the panel and the command line speak to the owner: one client, two transports.
//!
//! Start at [`Client`]. In the owner's own program it is a channel; from another program it is HTTP on loopback, to where
//! `endpoint.json` says.

mod http;
mod line;
mod reporting;
mod routing;

use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use thiserror::Error;

use crate::by::By;
use crate::clock::Bell;
use crate::control_loop::{Refusal, Request, Rounds, Target};
use crate::event::Action;
use crate::layout::Layout;
use crate::status::Status;
use crate::stream::Hub;
use crate::switch::Switch;
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
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventQuery {
    /// Of this service.
    pub service: Option<String>,
    /// From then on, in milliseconds since 1970.
    #[param(value_type = Option<i64>)]
    pub since: Option<crate::clock::Wall>,
    /// At most so many, the newest; none: 100.
    #[param(minimum = 1, maximum = 10000)]
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
    /// The owner's control plane did not let it in, or did not understand it.
    #[error("the supervisor declined: {0}")]
    Declined(String),
    /// The owner is there and does not answer as it should.
    #[error("the supervisor does not answer ({0}): if that lasts, end its process and start it again")]
    NoAnswer(String),
}

impl Client {
    pub(crate) fn in_process(requests: Sender<Request>, bell: Bell, hub: Hub, layout: Layout) -> Self {
        Self(Transport::InProcess(InProcess { requests, bell, hub, layout }))
    }

    /// A client of the owner that `layout` names, as the command line.
    ///
    /// # Errors
    /// [`ClientError::NoOwner`], or what stands in `endpoint.json` cannot be used.
    pub fn find(layout: &Layout) -> Result<Self, ClientError> {
        Self::find_as(layout, "cli")
    }

    /// A client of the owner that `layout` names, as a client of this kind: `panel`, `cli`, `bridge`, or another that has a
    /// token. What it asks for is done in that name.
    ///
    /// # Errors
    /// As [`find`](Self::find); and when there is no token for this kind.
    pub fn find_as(layout: &Layout, kind: &str) -> Result<Self, ClientError> {
        Ok(Self(Transport::Http(Http::find(layout, kind)?)))
    }

    /// The port that was chosen for the owner, if another program has it and the owner listens elsewhere. Known to clients
    /// from another program; the owner's own has it from [`Owner::taken_port`](crate::owner::Owner::taken_port).
    #[must_use]
    pub fn taken_port(&self) -> Option<u16> {
        match &self.0 {
            Transport::InProcess(_) => None,
            Transport::Http(http) => http.taken_port(),
        }
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

    /// Whether the owner is there and answers, within a second. Counts against no limit.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn pulse(&self) -> Result<(), ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.ask(Request::Rounds).map(drop),
            Transport::Http(http) => http.pulse(),
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

    /// How many listen to news, and how much all of them together were too slow for. In the owner's program only.
    pub(crate) fn listening(&self) -> (usize, u64) {
        match &self.0 {
            Transport::InProcess(owner) => owner.hub.listening(),
            Transport::Http(_) => (0, 0),
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

    /// The owner's own program is closed: all sidecars are stopped, and another program may go on.
    pub(crate) fn leave(&self) -> Result<(), ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.send(Request::Leave),
            Transport::Http(_) => Ok(()),
        }
    }
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
