//! What the supervisor does itself: `start`, `stop` and `restart` of a sidecar or of all, and its own `shutdown`.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::Value;

use super::ended::Ended;
use super::route::{Router, record};
use crate::by::By;
use crate::control_loop::Target;
use crate::control_plane::{ALL, Execute, SUPERVISOR};
use crate::event::Action;

/// The supervisor's actions on sidecars.
pub(super) const OWN: [&str; 3] = ["start", "stop", "restart"];
/// The supervisor's action on itself.
const SHUTDOWN: &str = "shutdown";

/// True if it is not for a module.
pub(super) fn is_own(asked: &Execute) -> bool {
    asked.module == SUPERVISOR || action(&asked.action).is_some()
}

fn action(name: &str) -> Option<Action> {
    match name {
        "start" => Some(Action::Start),
        "stop" => Some(Action::Stop),
        "restart" => Some(Action::Restart),
        _ => None,
    }
}

/// Asks the control loop for it, in a human's name.
pub(super) async fn act(router: &Arc<Router>, by: &By, asked: &Execute) -> Ended {
    if asked.params.as_ref().is_some_and(|params| !is_nothing(params)) {
        let why = format!("“{}” takes no parameters: leave `params` out", asked.action);
        return Ended::refused(StatusCode::UNPROCESSABLE_ENTITY, why);
    }
    if asked.module == SUPERVISOR {
        return shut_down(router, by, asked).await;
    }
    let Some(action) = action(&asked.action) else {
        return Ended::unknown_action(&asked.action, &OWN, &[]);
    };
    let target = if asked.module == ALL { Target::All } else { Target::One(asked.module.clone()) };
    let by = by.clone();
    match router.ask(move |client| client.act(target, action, by)).await {
        Ok(()) => Ended::accepted(asked, None),
        Err(ended) => ended,
    }
}

async fn shut_down(router: &Arc<Router>, by: &By, asked: &Execute) -> Ended {
    if asked.action != SHUTDOWN {
        return Ended::unknown_action(&asked.action, &[SHUTDOWN], &[]);
    }
    // First, or there may be nobody left who writes it down.
    router.record(record(by, asked, "allowed", "a human asked: always allowed".to_owned()));
    match router.ask(|client| client.shutdown()).await {
        Ok(()) => Ended::accepted(asked, None),
        Err(ended) => ended,
    }
}

fn is_nothing(params: &Value) -> bool {
    params.is_null() || params.as_object().is_some_and(serde_json::Map::is_empty)
}
