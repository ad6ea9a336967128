//! The client's way to an owner in another program: HTTP on loopback, to where `endpoint.json` says.

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use ureq::http::StatusCode;
use ureq::{Agent, Body};

use super::line::{self, Reporter, Way};
use super::{ClientError, PATIENCE};
use crate::by::By;
use crate::control_loop::{Address, Target};
use crate::control_plane::{ALL, Execute, Health, Problem, SUPERVISOR, SetAutonomy};
use crate::endpoint::Endpoint;
use crate::event::Action;
use crate::layout::Layout;
use crate::lock::Ownership;
use crate::status::Status;
use crate::stream::{Subscription, Topic, Waker};
use crate::switch::Switch;

/// How long an owner that is well may take to say that it is there.
const SOON: Duration = Duration::from_secs(1);

/// An owner, and what to show at its door.
#[derive(Debug, Clone)]
pub(super) struct Http {
    agent: Agent,
    base: String,
    way: Way,
    taken_port: Option<u16>,
    reporter: Arc<Reporter>,
}

impl Http {
    /// The owner that `layout` names, if it is there and is the one it says.
    pub(super) fn find(layout: &Layout, kind: &str) -> Result<Self, ClientError> {
        let endpoint = Endpoint::read(layout).map_err(|error| ClientError::NoAnswer(error.to_string()))?;
        let endpoint = endpoint.ok_or(ClientError::NoOwner)?;
        // Left behind by an owner that was killed: whoever listens there now is a stranger, whatever it answers.
        if matches!(Ownership::is_taken(layout), Ok(false)) {
            return Err(ClientError::NoOwner);
        }
        let agent: Agent = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            // The owner closes connections that are idle for longer.
            .max_idle_age(Duration::from_secs(5))
            .build()
            .into();
        let base = format!("http://127.0.0.1:{}", endpoint.port);
        let no_token = || ClientError::NoAnswer(format!("endpoint.json has no token for “{kind}”"));
        let token = endpoint.tokens.get(kind).cloned().ok_or_else(no_token)?;
        let way = Way { port: endpoint.port, token };
        let reporter = Arc::new(Reporter::new(way.clone()));
        let found = Self { agent, base, way, taken_port: None, reporter };
        // A stranger at the port of an owner that was killed must not be shown the token.
        match found.health() {
            Ok(health) if (health.pid, &health.instance) == (endpoint.pid, &endpoint.instance) => {
                Ok(Self { taken_port: health.taken_port, ..found })
            }
            Ok(_) | Err(ClientError::NoOwner) => Err(ClientError::NoOwner),
            Err(error) => Err(error),
        }
    }

    pub(super) fn taken_port(&self) -> Option<u16> {
        self.taken_port
    }

    fn health(&self) -> Result<Health, ClientError> {
        read(self.agent.get(format!("{}/health", self.base)).call())
    }

    /// It answers at its door, soon.
    pub(super) fn pulse(&self) -> Result<(), ClientError> {
        let request = self.agent.get(format!("{}/health", self.base));
        read::<Health>(request.config().timeout_global(Some(SOON)).build().call()).map(drop)
    }

    pub(super) fn status(&self) -> Result<Vec<Status>, ClientError> {
        self.get("/api/v1/services", &[])
    }

    pub(super) fn act(&self, target: &Target, action: Action, _by: &By) -> Result<(), ClientError> {
        let module = match target {
            Target::One(name) => name.clone(),
            Target::All => ALL.to_owned(),
        };
        let action = match action {
            Action::Start => "start",
            Action::Stop => "stop",
            Action::Restart => "restart",
        };
        self.execute(module, action)
    }

    pub(super) fn shutdown(&self) -> Result<(), ClientError> {
        self.execute(SUPERVISOR.to_owned(), "shutdown")
    }

    pub(super) fn autonomy(&self, on: Option<bool>, _by: &By) -> Result<Switch, ClientError> {
        match on {
            None => self.get("/api/v1/autonomy", &[]),
            Some(on) => {
                let request = self.agent.put(format!("{}/api/v1/autonomy", self.base));
                read(request.header("Authorization", self.bearer()).send_json(SetAutonomy { on }))
            }
        }
    }

    fn execute(&self, module: String, action: &str) -> Result<(), ClientError> {
        let body = Execute { module, action: action.to_owned(), params: None, idempotency_key: None };
        let request = self.agent.post(format!("{}/api/v1/execute", self.base));
        read::<serde_json::Value>(request.header("Authorization", self.bearer()).send_json(body)).map(drop)
    }

    /// False: there is no such alert that is open.
    pub(super) fn acknowledge(&self, alert: u64) -> Result<bool, ClientError> {
        let request = self.agent.post(format!("{}/api/v1/alerts/{alert}/acknowledge", self.base));
        let answer = request.header("Authorization", self.bearer()).send_empty();
        match answered(answer)? {
            answer if answer.status() == StatusCode::NOT_FOUND => Ok(false),
            answer if answer.status().is_success() => Ok(true),
            mut answer => Err(problem(&mut answer)),
        }
    }

    /// None: there is no such service, or it does not serve now.
    pub(super) fn address(&self, name: &str) -> Result<Option<Address>, ClientError> {
        let request = self.agent.get(format!("{}/api/v1/services/{name}/address", self.base));
        match answered(request.header("Authorization", self.bearer()).call())? {
            answer if answer.status() == StatusCode::NOT_FOUND => Ok(None),
            mut answer if answer.status().is_success() => {
                answer.body_mut().read_json().map(Some).map_err(no_answer)
            }
            mut answer => Err(problem(&mut answer)),
        }
    }

    pub(super) fn subscribe(&self, topics: &[Topic], wake: Waker) -> Result<Subscription, ClientError> {
        line::listen(&self.way, topics, wake)
    }

    pub(super) fn reporter(&self) -> &Reporter {
        &self.reporter
    }

    pub(super) fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<T, ClientError> {
        let query = query.iter().map(|(name, value)| (*name, value.as_str()));
        let request = self.agent.get(format!("{}{path}", self.base)).query_pairs(query);
        read(request.header("Authorization", self.bearer()).call())
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.way.token)
    }
}

type Answer = Result<ureq::http::Response<Body>, ureq::Error>;

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn no_answer(error: ureq::Error) -> ClientError {
    ClientError::NoAnswer(error.to_string())
}

fn answered(answer: Answer) -> Result<ureq::http::Response<Body>, ClientError> {
    match answer {
        // Nobody listens where the last owner did.
        Err(ureq::Error::Io(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            Err(ClientError::NoOwner)
        }
        answer => answer.map_err(no_answer),
    }
}

fn read<T: DeserializeOwned>(answer: Answer) -> Result<T, ClientError> {
    let mut answer = answered(answer)?;
    if answer.status().is_success() {
        return answer.body_mut().read_json().map_err(no_answer);
    }
    Err(problem(&mut answer))
}

fn problem(answer: &mut ureq::http::Response<Body>) -> ClientError {
    answer.body_mut().read_json().map_or_else(no_answer, Problem::told)
}
