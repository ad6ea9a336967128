//! What can be asked of each module: `/api/v1/modules`.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::act::OWN;
use super::action::Action;
use crate::by::By;
use crate::client::Client;
use crate::control_plane::{Plane, Problem};
use crate::health::State;

/// A module, and what can be asked of it.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct Can {
    /// Its name.
    name: String,
    /// How it is.
    state: State,
    /// What the supervisor does to it.
    own: Vec<&'static str>,
    /// What it does itself, as its `/health` lists it; null where it does not serve now, or does not say.
    actions: Option<Vec<Listed>>,
}

/// One action.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct Listed {
    /// To be given as `action`.
    name: String,
    /// How it is asked for.
    method: &'static str,
    /// May be done twice with the effect of once, and so is tried again.
    safe: bool,
}

impl From<Action> for Listed {
    fn from(action: Action) -> Self {
        Self { name: action.name, method: action.method.word(), safe: action.safe }
    }
}

/// All of them. They are asked at the same time; none is waited for longer than some seconds.
pub(in super::super) async fn modules(plane: &Arc<Plane>, by: &By) -> Result<Vec<Can>, Problem> {
    let services = plane.ask(Client::status).await?;
    let asked: Vec<_> = services
        .iter()
        .map(|service| tokio::spawn(Arc::clone(&plane.router).can_do(service.name.clone(), by.clone())))
        .collect();
    let mut modules = Vec::with_capacity(services.len());
    for (service, asked) in services.into_iter().zip(asked) {
        let actions = asked.await.ok().flatten();
        let actions = actions.map(|actions| actions.into_iter().map(Listed::from).collect());
        modules.push(Can { name: service.name, state: service.state, own: OWN.to_vec(), actions });
    }
    Ok(modules)
}
