//! `WS /api/v1/stream`: news as it happens, and what is reported over the same connection.
//!
//! Each message of ours is one [`News`] as JSON. A client may send `{"gauges":[…]}` and `{"usage":[…]}`; usage is answered
//! with `{"kept":[ids]}` (and `"refused"`, see [`Told`](crate::usage::Told)), what is not understood with `{"problem":{…}}`. Messages are not counted by the rate limit; each
//! is taken in before the next is read. Start at [`stream`].

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::{Notify, OwnedSemaphorePermit};
use tokio::time::{interval, timeout};

use super::asked::{LARGEST, Words};
use super::openapi::Asks;
use super::reported::{self, Gauges, Used};
use super::{Plane, Problem};
use crate::by::By;
use crate::client::Client;
use crate::stream::{Subscription, Topic};

/// The subprotocol.
const PROTOCOL: &str = "jarvis.v1";
/// How long the word of closing may take.
pub(super) const FAREWELL: Duration = Duration::from_secs(5);
/// So many news are sent before the client is listened to again, and pinged if that is due. (Not tested: no storm here was
/// faster than the sending for long.)
const BREATH: usize = 64;
/// So many pings without any sign of life, and the client is gone.
const SILENCES: u32 = 3;

/// Which news.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Listens {
    /// Names with commas between; none given: all; empty: none.
    topics: Option<String>,
}

impl Listens {
    fn topics(&self) -> Result<Vec<Topic>, Problem> {
        let Some(names) = &self.topics else { return Ok(Topic::ALL.to_vec()) };
        let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
        let mut topics = Vec::new();
        for name in names {
            let topic = name.parse().map_err(super::asked::not_understood)?;
            if !topics.contains(&topic) {
                topics.push(topic);
            }
        }
        Ok(topics)
    }
}

/// Listens to news, and reports: a WebSocket
///
/// The token may come in the header, or as subprotocol `bearer.TOKEN` beside `jarvis.v1`; never in the URL. Each message
/// is one `News`; the present state of services, alerts, gauges and autonomy comes first. A client may send
/// `{"gauges":[…]}`, and `{"usage":[…]}`, which is answered with `{"kept":[ids]}`, and `"refused":[{"id","why"}]` of what can
/// never be kept. Whose connection is full for 2 s is closed with 1008; it is full once the system's own buffers are, some
/// megabytes after a client has ceased to read.
#[utoipa::path(
    get,
    path = "/api/v1/stream",
    params(Listens),
    responses(
        (status = 101, description = "A WebSocket from here on",
            headers(("Upgrade" = String, description = "websocket"), ("Connection" = String, description = "upgrade"),
                ("Sec-WebSocket-Accept" = String, description = "The answer to the client's key"),
                ("Sec-WebSocket-Protocol" = String, description = "jarvis.v1, where it was offered"))),
        (status = 426, description = "This is no WebSocket", body = Problem, content_type = "application/problem+json",
            headers(("Upgrade" = String, description = "What this address speaks: websocket"),
                ("Connection" = String, description = "upgrade"))),
        Asks
    ),
    security(("token" = []))
)]
pub(super) async fn stream(
    State(plane): State<Arc<Plane>>,
    Extension(by): Extension<By>,
    Words(listens): Words<Listens>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let topics = listens.topics()?;
    let upgrade = upgrade.map_err(|rejected| {
        let detail = format!("this address speaks WebSocket: {}", rejected.body_text());
        Problem::new(StatusCode::UPGRADE_REQUIRED, detail)
    })?;
    let place = Arc::clone(&plane.streams).try_acquire_owned().map_err(|_| {
        let detail = "too many listen already: close another connection first";
        Problem { retry_after: Some(1), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail) }
    })?;
    let news = Arc::new(Notify::new());
    let bell = Arc::clone(&news);
    let wake = Arc::new(move || bell.notify_one());
    let subscription = plane.ask(move |client: &Client| client.subscribe(&topics, wake)).await?;
    let listener = Listener { plane, by, news, subscription, _place: place };
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(LARGEST).max_frame_size(LARGEST);
    Ok(upgrade.on_upgrade(move |socket| listener.serve(socket)))
}

/// One connection.
struct Listener {
    plane: Arc<Plane>,
    by: By,
    news: Arc<Notify>,
    subscription: Subscription,
    _place: OwnedSemaphorePermit,
}

/// Why a connection ends.
enum End {
    /// The network, or a client without a word, ended it.
    Gone,
    /// The client says that it leaves.
    Left,
    /// We do, for this reason.
    Closed(u16, &'static str),
}

impl Listener {
    async fn serve(self, mut socket: WebSocket) {
        let close = match self.talk(&mut socket).await {
            End::Gone => return,
            End::Left => None,
            End::Closed(code, reason) => {
                tracing::debug!(who = self.by.who, code, reason, "a listener is closed");
                Some(Message::Close(Some(CloseFrame { code, reason: reason.into() })))
            }
        };
        // It follows what could not be sent, if the client reads again in time. What it still sends is thrown away: to close
        // over it would make the system reset the connection, and the reason would be lost. Whoever leaves is answered by
        // the reading alone (RFC 6455, 5.5.1).
        let last = async {
            if let Some(close) = close
                && socket.send(close).await.is_err()
            {
                return;
            }
            while let Some(Ok(_)) = socket.recv().await {}
        };
        let _ = timeout(FAREWELL, last).await;
    }

    /// Until one of both has enough.
    async fn talk(&self, socket: &mut WebSocket) -> End {
        let mut pings = interval(self.plane.config.ping);
        let mut heard = self.plane.clock.now();
        // The first comes at once.
        pings.tick().await;
        loop {
            tokio::select! {
                () = self.news.notified() => {
                    for taken in 1..=BREATH {
                        let Some(news) = self.subscription.next() else { break };
                        if taken == BREATH {
                            // There may be more, and nobody rings for it.
                            self.news.notify_one();
                        }
                        if let Err(end) = self.send(socket, text(&news)).await {
                            return end;
                        }
                    }
                    if self.subscription.is_over() {
                        return End::Closed(close_code::AWAY, "the supervisor is ending");
                    }
                }
                message = socket.recv() => {
                    heard = self.plane.clock.now();
                    let answer = match message {
                        Some(Ok(Message::Text(text))) => self.hear(text.as_str()).await,
                        Some(Ok(Message::Binary(_))) => {
                            return End::Closed(close_code::UNSUPPORTED, "messages are text");
                        }
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => None,
                        Some(Ok(Message::Close(_))) => return End::Left,
                        Some(Err(_)) | None => return End::Gone,
                    };
                    if let Some(answer) = answer
                        && let Err(end) = self.send(socket, answer).await
                    {
                        return end;
                    }
                }
                _ = pings.tick() => {
                    if self.plane.clock.now().since(heard) > self.plane.config.ping * SILENCES {
                        return End::Closed(close_code::POLICY, "no sign of life");
                    }
                    if let Err(end) = self.send(socket, Message::Ping(Default::default())).await {
                        return end;
                    }
                }
            }
        }
    }

    /// Sends, unless the connection stays full.
    async fn send(&self, socket: &mut WebSocket, message: Message) -> Result<(), End> {
        match timeout(self.plane.config.unread, socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Closed(close_code::POLICY, "what is sent is not read")),
        }
    }

    /// Takes in what the client reports; what to answer.
    async fn hear(&self, said: &str) -> Option<Message> {
        let taken = match serde_json::from_str::<Said>(said) {
            Ok(Said::Gauges(gauges)) => reported::gauges(&self.plane, Gauges { gauges }).await.map(|()| None),
            Ok(Said::Usage(usage)) => reported::usage(&self.plane, Used { usage }).await.map(Some),
            Err(error) => Err(super::asked::not_understood(error.to_string())),
        };
        match taken {
            Ok(kept) => kept.map(|kept| text(&kept)),
            Err(problem) => Some(text(&json!({ "problem": problem }))),
        }
    }
}

/// What a client may say.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Said {
    Gauges(Vec<crate::gauge::Gauge>),
    Usage(Vec<crate::usage::Usage>),
}

fn text(value: &impl Serialize) -> Message {
    // None of them holds what JSON cannot say.
    Message::Text(serde_json::to_string(value).unwrap_or_default().into())
}
