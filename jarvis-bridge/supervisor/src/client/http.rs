//! The client's way to an owner in another program: HTTP on loopback, to where `endpoint.json` says.

use serde::de::DeserializeOwned;
use ureq::{Agent, Body};

use super::{ClientError, PATIENCE};
use crate::by::By;
use crate::control_loop::Target;
use crate::control_plane::{ALL, Execute, Health, Problem, SUPERVISOR, SetAutonomy};
use crate::endpoint::Endpoint;
use crate::event::Action;
use crate::layout::Layout;
use crate::lock::Ownership;
use crate::status::Status;
use crate::switch::Switch;

/// An owner, and what to show at its door.
#[derive(Debug, Clone)]
pub(super) struct Http {
    agent: Agent,
    base: String,
    token: String,
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
            .build()
            .into();
        let base = format!("http://127.0.0.1:{}", endpoint.port);
        let no_token = || ClientError::NoAnswer(format!("endpoint.json has no token for “{kind}”"));
        let token = endpoint.tokens.get(kind).cloned().ok_or_else(no_token)?;
        let found = Self { agent, base, token };
        // A stranger at the port of an owner that was killed must not be shown the token.
        match found.health() {
            Ok(health) if health.instance == endpoint.instance => Ok(found),
            Ok(_) | Err(ClientError::NoOwner) => Err(ClientError::NoOwner),
            Err(error) => Err(error),
        }
    }

    fn health(&self) -> Result<Health, ClientError> {
        read(self.agent.get(format!("{}/health", self.base)).call())
    }

    pub(super) fn status(&self) -> Result<Vec<Status>, ClientError> {
        self.get("/api/v1/services")
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
            None => self.get("/api/v1/autonomy"),
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

    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        read(self.agent.get(format!("{}{path}", self.base)).header("Authorization", self.bearer()).call())
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }
}

fn read<T: DeserializeOwned>(
    answer: Result<ureq::http::Response<Body>, ureq::Error>,
) -> Result<T, ClientError> {
    let no_answer = |error: ureq::Error| ClientError::NoAnswer(error.to_string());
    let mut answer = match answer {
        // Nobody listens where the last owner did.
        Err(ureq::Error::Io(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            return Err(ClientError::NoOwner);
        }
        answer => answer.map_err(no_answer)?,
    };
    if answer.status().is_success() {
        return answer.body_mut().read_json().map_err(no_answer);
    }
    let problem: Problem = answer.body_mut().read_json().map_err(no_answer)?;
    match problem.because {
        Some(refusal) => Err(ClientError::Refused(refusal)),
        None if problem.status < 500 => Err(ClientError::Declined(problem.detail)),
        None => Err(ClientError::NoAnswer(problem.detail)),
    }
}
