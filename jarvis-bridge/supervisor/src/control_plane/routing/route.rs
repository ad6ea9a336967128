//! A request on its way: once if it has a key, to the supervisor itself or to a module, and written down.
//!
//! Start at [`Router::carry`].

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use super::act::{self, OWN};
use super::action::{self, Action, Method};
use super::call::{Call, Failure, Said};
use super::ended::Ended;
use super::keys::{Keys, Known};
use super::module::{Module, Unreached};
use super::reply::Reply;
use crate::audit::Record;
use crate::by::By;
use crate::client::{Client, ClientError};
use crate::clock::{Clock, Moment, SystemClock, Wall};
use crate::config::Routing;
use crate::control_loop::Refusal;
use crate::control_plane::Execute;
use crate::control_plane::trace::is_usable;
use crate::latency::{Kind, Sample};

/// The largest health that is read, in bytes.
const HEALTH: u64 = 256 * 1024;
/// A list of actions younger than this is not asked for again because of an action that is not in it.
const FRESH: Duration = Duration::from_secs(1);
/// A list of actions younger than this is told without asking again.
const LISTED: Duration = Duration::from_secs(10);
/// How long a module may take to say what it can do.
const ASKED: Duration = Duration::from_secs(5);
/// The longest name that is written down as somebody sent it, in characters.
const NAME: usize = 100;

/// Carries requests to modules, and remembers what it must of them.
pub(in super::super) struct Router {
    client: Client,
    config: Routing,
    clock: SystemClock,
    keys: Keys,
    /// By name; each is of one run of its sidecar.
    modules: Mutex<BTreeMap<String, Arc<Module>>>,
}

impl Debug for Router {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Router").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Router {
    pub(in super::super) fn new(client: Client, config: Routing) -> Self {
        let keys = Keys::new(config.remember);
        Self { client, config, clock: SystemClock::new(), keys, modules: Mutex::default() }
    }

    /// Does what is asked, or says why not. Measured and written down either way.
    pub(super) async fn carry(self: Arc<Self>, by: By, asked: Execute) -> Reply {
        let began = self.clock.now();
        let ended = self.once(&by, &asked, began).await;
        if let Some(ok) = ended.sample {
            let took = self.clock.now().since(began);
            self.client.routed(&asked.module, Sample { kind: Kind::Routed, took, ok });
        }
        if let Some((outcome, reason)) = ended.audit {
            self.record(record(&by, &asked, outcome, reason));
        }
        ended.reply
    }

    /// Asked again under the same idempotency key, it is done once.
    async fn once(self: &Arc<Self>, by: &By, asked: &Execute, began: Moment) -> Ended {
        let Some(key) = &asked.idempotency_key else { return self.perform(by, asked, began).await };
        let refused = |why: &str| Ended::refused(StatusCode::UNPROCESSABLE_ENTITY, why);
        if !is_usable(key.as_bytes()) {
            return refused("an idempotency key is 1 to 128 visible ASCII characters without quotes");
        }
        let what = json!({ "module": asked.module, "action": asked.action, "params": asked.params });
        match self.keys.claim(&by.who, key, &what, began) {
            Known::New(claim) => {
                let ended = self.perform(by, asked, began).await;
                if ended.keep {
                    claim.answered(ended.reply.clone(), self.clock.now());
                }
                ended
            }
            Known::Answered(reply) => Ended::before(reply),
            Known::Other => refused("something else was asked under this idempotency key: use a new one"),
            Known::UnderWay => {
                let why = "what was asked under this idempotency key is being done: ask again later";
                Ended::refused(StatusCode::CONFLICT, why)
            }
            Known::Full => {
                let why = "more is under way than can be remembered: ask again later";
                Ended::unavailable(why.to_owned(), Duration::from_secs(1))
            }
        }
    }

    async fn perform(self: &Arc<Self>, by: &By, asked: &Execute, began: Moment) -> Ended {
        if act::is_own(asked) {
            return act::act(self, by, asked).await;
        }
        // Whatever ended it on the way is how it ended.
        self.route(by, asked, began).await.unwrap_or_else(|ended| ended)
    }

    async fn route(&self, by: &By, asked: &Execute, began: Moment) -> Result<Ended, Ended> {
        let module = self.module(&asked.module).await?;
        let Some(_slot) = module.slot() else {
            let count = self.config.concurrent;
            let why = format!("“{}” is busy with {count} requests: ask again later", asked.module);
            return Err(Ended::unavailable(why, Duration::from_secs(1)));
        };
        let action = self.action(&module, by, asked).await?;
        let query = Call::query(action.method, asked.params.as_ref()).map_err(|_| {
            let why =
                format!("“{}” takes an object of numbers, texts and truth values as `params`", asked.action);
            Ended::refused(StatusCode::UNPROCESSABLE_ENTITY, why)
        })?;
        let call = Call {
            address: module.address.clone(),
            method: action.method,
            path: action.path + &query,
            params: asked.params.clone(),
            key: asked.idempotency_key.clone(),
            by: by.clone(),
            largest: self.config.largest,
        };
        if !action.safe {
            self.announce(by, asked).await?;
        }
        // A key keeps us from asking twice; it does not make the module do it once.
        let (tried, tries) = module.tries(call, action.safe, &self.clock, began).await;
        Ok(Ended::tried(asked, &self.config, tried, tries))
    }

    /// What is known of the module's present run.
    async fn module(&self, name: &str) -> Result<Arc<Module>, Ended> {
        let wanted = name.to_owned();
        let Some(address) = self.ask(move |client| client.address(&wanted)).await? else {
            return Err(self.not_there(name).await);
        };
        let mut modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = modules.get(name).filter(|known| known.address == address) {
            return Ok(Arc::clone(known));
        }
        let new = Arc::new(Module::new(address, &self.config));
        modules.insert(name.to_owned(), Arc::clone(&new));
        Ok(new)
    }

    /// Unknown, or known and not serving.
    async fn not_there(&self, name: &str) -> Ended {
        let services = match self.ask(Client::status).await {
            Ok(services) => services,
            Err(ended) => return ended,
        };
        match services.iter().find(|service| service.name == name) {
            Some(known) => {
                let (state, reason) = (known.state, &known.reason);
                let why = format!("“{name}” does not serve now: it is {state} ({reason})");
                Ended::unavailable(why, Duration::from_secs(1))
            }
            None => {
                let known = services.into_iter().map(|service| service.name).collect();
                Ended::by_owner(Refusal::Unknown { name: name.to_owned(), known }.into())
            }
        }
    }

    /// What was asked for, as the module's health lists it.
    async fn action(&self, module: &Module, by: &By, asked: &Execute) -> Result<Action, Ended> {
        let find = |actions: &[Action]| actions.iter().find(|one| one.name == asked.action).cloned();
        if let Some((at, actions)) = module.listed() {
            if let Some(found) = find(&actions) {
                return Ok(found);
            }
            if self.clock.now().since(at) < FRESH {
                return Err(Ended::unknown_action(&asked.action, &OWN, &actions));
            }
        }
        let actions = self
            .list(module, by)
            .await
            .map_err(|failure| Ended::tried(asked, &self.config, Err(Unreached::Failed(failure)), 1))?;
        find(&actions).ok_or_else(|| Ended::unknown_action(&asked.action, &OWN, &actions))
    }

    /// What a module can do, as its health lists it now; or why it did not say so.
    async fn list(&self, module: &Module, by: &By) -> Result<Vec<Action>, Failure> {
        let call = Call {
            address: module.address.clone(),
            method: Method::Get,
            path: module.address.health.clone(),
            params: None,
            key: None,
            by: by.clone(),
            largest: HEALTH,
        };
        let actions = match module.aside(call, ASKED).await? {
            Said::Done(health) => action::listed(&health),
            Said::No(..) => Vec::new(),
        };
        module.lists(self.clock.now(), actions.clone());
        Ok(actions)
    }

    /// What the module of this name can do; none where it does not serve, or does not say.
    pub(super) async fn can_do(self: Arc<Self>, name: String, by: By) -> Option<Vec<Action>> {
        let module = self.module(&name).await.ok()?;
        let now = self.clock.now();
        if let Some((_, actions)) = module.listed().filter(|(at, _)| now.since(*at) < LISTED) {
            return Some(actions);
        }
        self.list(&module, &by).await.ok()
    }

    /// Asks the owner, which answers within a turn, without making other requests wait.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Client) -> Result<T, ClientError> + Send + 'static,
    ) -> Result<T, Ended> {
        let client = self.client.clone();
        match tokio::task::spawn_blocking(move || question(&client)).await {
            Ok(answer) => answer.map_err(Ended::by_owner),
            Err(error) => Err(Ended::refused(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())),
        }
    }

    /// Writes down that it is about to be done. Whoever dies before the answer comes leaves that on the disk.
    async fn announce(&self, by: &By, asked: &Execute) -> Result<(), Ended> {
        self.record(record(by, asked, "allowed", "a human asked: always allowed".to_owned()));
        // Requests are heard in turn: what is answered after it finds it written.
        self.ask(Client::status).await.map(drop)
    }

    /// Writes it down, now.
    pub(super) fn record(&self, record: Record) {
        self.client.record(Record { at: self.clock.wall(), ..record });
    }
}

/// For the audit trail; when, is said by [`Router::record`].
pub(super) fn record(by: &By, asked: &Execute, outcome: &str, reason: String) -> Record {
    let named = |name: &str| name.chars().take(NAME).collect();
    Record {
        at: Wall::default(),
        by: by.clone(),
        action: named(&asked.action),
        target: named(&asked.module),
        reason,
        outcome: outcome.to_owned(),
    }
}
