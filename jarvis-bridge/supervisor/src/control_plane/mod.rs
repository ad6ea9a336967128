//! The control plane: HTTP on loopback, for the command line, an attached window, and programs that are let in.
//!
//! Start at [`ControlPlane::open`]. A request passes `serve` (so many connections, none that keeps us waiting), `trace` (its
//! correlation id), `counts`, and `door` (who may come in, and how often: `limit`); then `routes`, which asks the owner's
//! own [`Client`], `routing` for what modules do themselves, or `socket` for the stream. `asked` reads what was sent.
//! `openapi` describes it all.

mod address;
mod asked;
mod counts;
mod door;
mod health;
mod limit;
mod metrics;
mod openapi;
mod problem;
mod reported;
mod routes;
mod routing;
mod serve;
mod socket;
pub(crate) mod trace;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, oneshot};

pub use problem::Problem;
pub use trace::TraceParent;

use crate::client::{Client, ClientError};
use crate::clock::{Clock, SystemClock};
use crate::config;
use crate::endpoint::Endpoint;
use crate::entropy::Entropy;
use crate::layout::Layout;
use counts::Counts;
use limit::{Limit, Who};

/// Where it listens, unless it is told otherwise or a stranger is there.
pub const PORT: u16 = 4000;
/// The environment variable that chooses another port; 0: any.
pub const VARIABLE: &str = "JARVIS_PORT";
/// How soon it is tried again to say where it listens.
const PUBLISH_AGAIN: Duration = Duration::from_secs(2);
/// How long answers that are under way may take when it ends.
const LAST_ANSWERS: Duration = Duration::from_secs(1);
/// In place of a module's name: all sidecars. No sidecar can be called so.
pub const ALL: &str = "*";
/// The module that is the supervisor itself.
pub const SUPERVISOR: &str = "jarvis";

/// Questions to the owner at a time; each has a thread meanwhile.
const BLOCKING: usize = 16;
/// WebSocket connections at a time.
const STREAMS: usize = 64;
/// The kinds of clients that have a token from the start.
const KINDS: [&str; 3] = ["panel", "cli", "bridge"];

/// What `/health` answers. It is told to anybody, so it tells nothing private.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Health {
    /// `jarvis`.
    pub service: String,
    /// The supervisor's version.
    pub version: String,
    /// Its process.
    pub pid: u32,
    /// Its instance, by which `endpoint.json` is known to be of this owner.
    pub instance: String,
    /// `ready`.
    pub state: String,
    /// The port that was chosen, if another program has it and this one listens elsewhere.
    #[serde(default)]
    pub taken_port: Option<u16>,
}

/// The body of `/api/v1/execute`.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Execute {
    /// A sidecar's name, [`ALL`], or [`SUPERVISOR`].
    pub module: String,
    /// `start`, `stop`, `restart`; of the supervisor `shutdown`; or an action that the module's `/health` lists.
    pub action: String,
    /// What the action of a module is given; none for the supervisor's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<serde_json::Value>,
    /// Asked again with the same key, what was answered is answered again. Whether a module does it once if there was no
    /// answer, it alone knows: only what is safe is repeated by us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

/// The body of `PUT /api/v1/autonomy`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAutonomy {
    /// May one act without being asked?
    pub on: bool,
}

/// Listens until it is dropped.
#[derive(Debug)]
pub struct ControlPlane {
    port: u16,
    taken_port: Option<u16>,
    layout: Layout,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What every answer needs.
struct Plane {
    client: Client,
    health: Health,
    port: u16,
    tokens: BTreeMap<String, String>,
    config: config::ControlPlane,
    clock: Box<dyn Clock + Send + Sync>,
    limit: Mutex<Limit>,
    counts: Counts,
    /// Places for those who listen.
    streams: Arc<Semaphore>,
    router: Arc<routing::Router>,
}

impl Plane {
    /// Asks the owner, which answers within a turn, without making other requests wait.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Client) -> Result<T, ClientError> + Send + 'static,
    ) -> Result<T, Problem> {
        let client = self.client.clone();
        let asked = tokio::task::spawn_blocking(move || question(&client)).await;
        let asked =
            asked.map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
        Ok(asked?)
    }

    /// Counts a request of `who`, unless it is one too many.
    fn limit(&self, who: Who) -> Result<(), Problem> {
        // Nothing between lock and unlock panics.
        let mut limit = self.limit.lock().unwrap_or_else(PoisonError::into_inner);
        limit.take(who, self.clock.now()).map_err(Problem::too_many)
    }
}

impl ControlPlane {
    /// Listens at `port`, or at any if that is 0 or taken, and says so in `endpoint.json`.
    ///
    /// # Errors
    /// When nothing can be listened at, or the disk refuses.
    pub fn open(
        layout: &Layout,
        port: u16,
        instance: &str,
        entropy: &mut dyn Entropy,
        client: Client,
        config: &config::ControlPlane,
    ) -> io::Result<Self> {
        let listener = listen(port)?;
        let wanted = port;
        let port = listener.local_addr()?.port();
        let taken_port = (wanted != 0 && wanted != port).then_some(wanted);
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let pid = std::process::id();
        let kinds = KINDS.into_iter().chain(config.tokens.iter().map(String::as_str));
        let tokens: BTreeMap<_, _> = kinds.map(|kind| (kind.to_owned(), entropy.nonce())).collect();
        let endpoint = Endpoint {
            pid,
            version: version.clone(),
            instance: instance.to_owned(),
            port,
            tokens: tokens.clone(),
        };
        let health = Health {
            service: SUPERVISOR.to_owned(),
            version,
            pid,
            instance: instance.to_owned(),
            state: "ready".to_owned(),
            taken_port,
        };
        let router = Arc::new(routing::Router::new(client.clone(), config.routing.clone()));
        trace::begin();
        let plane = Arc::new(Plane {
            client,
            health,
            port,
            tokens,
            config: config.clone(),
            clock: Box::new(SystemClock::new()),
            limit: Mutex::new(Limit::new(config)),
            counts: Counts::default(),
            streams: Arc::new(Semaphore::new(STREAMS)),
            router,
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(BLOCKING)
            .build()?;
        let (end, ended) = oneshot::channel();
        let unpublished = match endpoint.publish(layout) {
            Ok(()) => None,
            Err(error) => {
                tracing::error!(%error, "endpoint.json cannot be written, so the command line does not find the supervisor yet; sidecars are kept alive. Is the disk full?");
                Some((endpoint, layout.clone()))
            }
        };
        let serve = move || {
            runtime.block_on(async move {
                tokio::spawn(publish_again(unpublished));
                serve::serve(listener, plane, ended).await;
            });
            // What still asks the loop is not waited for: the next owner is.
            runtime.shutdown_timeout(LAST_ANSWERS);
        };
        let thread = std::thread::Builder::new().name("jarvis-plane".to_owned()).spawn(serve)?;
        let this = Self { port, taken_port, layout: layout.clone(), end: Some(end), thread: Some(thread) };
        Ok(this)
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port that was chosen, if another program has it.
    pub(crate) fn taken_port(&self) -> Option<u16> {
        self.taken_port
    }
}

impl Drop for ControlPlane {
    fn drop(&mut self) {
        if let Err(error) = Endpoint::remove(&self.layout) {
            tracing::warn!(%error, "endpoint.json stays behind; nobody answers there any more");
        }
        // Its thread may be over already.
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        // It may just have been written again.
        let _ = Endpoint::remove(&self.layout);
        trace::flush();
    }
}

/// Until the disk takes it.
async fn publish_again(unpublished: Option<(Endpoint, Layout)>) {
    let Some((endpoint, layout)) = unpublished else { return };
    while endpoint.publish(&layout).is_err() {
        tokio::time::sleep(PUBLISH_AGAIN).await;
    }
}

fn listen(port: u16) -> io::Result<TcpListener> {
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            tracing::warn!(port, "another program has the supervisor's port: it takes another");
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        }
        bound => bound?,
    };
    listener.set_nonblocking(true)?;
    Ok(listener)
}
