//! A WebSocket to the owner in another program: news that comes, and what is reported.
//!
//! Start at [`listen`] and [`Reporter`]. Neither counts against the rate limit, and both end by themselves.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use serde::{Deserialize, Serialize};
use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;
use tungstenite::{HandshakeError, Message, WebSocket};

use super::{ClientError, PATIENCE};
use crate::control_plane::Problem;
use crate::gauge::Gauge;
use crate::stream::{Hub, News, Subscription, Topic, Waker, Wire};
use crate::usage::{Told, Usage};

/// The owner asks three times in this time whether its listeners are there: one that says nothing for so long hangs.
const SILENCE: Duration = Duration::from_secs(35);
/// How long the owner may leave what is sent to it unread.
const UNREAD: Duration = Duration::from_secs(5);
/// How often an idle line is read, so that the owner's pings are answered.
const IDLE: Duration = Duration::from_secs(5);

type Socket = WebSocket<TcpStream>;

/// How to reach the owner.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) port: u16,
    pub(super) token: String,
}

impl Way {
    /// Listens to `topics`, from the present state on.
    fn open(&self, topics: &[Topic]) -> Result<Socket, ClientError> {
        let told = |error: std::io::Error| match error.kind() {
            ErrorKind::ConnectionRefused => ClientError::NoOwner,
            _ => ClientError::NoAnswer(error.to_string()),
        };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let stream = TcpStream::connect_timeout(&address, PATIENCE).map_err(told)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(told)?;
        stream.set_write_timeout(Some(UNREAD)).map_err(told)?;
        stream.set_nodelay(true).map_err(told)?;
        let names: Vec<&str> = topics.iter().map(|topic| topic.name()).collect();
        let url = format!("ws://127.0.0.1:{}/api/v1/stream?topics={}", self.port, names.join(","));
        let mut request = url.into_client_request().map_err(lost)?;
        let bearer = HeaderValue::try_from(format!("Bearer {}", self.token));
        request.headers_mut().insert(
            "Authorization",
            bearer.map_err(|error| ClientError::NoAnswer(format!("the token is none ({error})")))?,
        );
        match tungstenite::client(request, stream) {
            Ok((socket, _)) => Ok(socket),
            Err(HandshakeError::Failure(tungstenite::Error::Http(answer))) => {
                let problem = answer.body().as_ref().and_then(|body| serde_json::from_slice(body).ok());
                Err(problem.map_or_else(
                    || ClientError::NoAnswer(format!("status {}", answer.status())),
                    Problem::told,
                ))
            }
            Err(HandshakeError::Failure(error)) => Err(lost(error)),
            Err(HandshakeError::Interrupted(_)) => Err(ClientError::NoAnswer("it is too slow".to_owned())),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn lost(error: tungstenite::Error) -> ClientError {
    ClientError::NoAnswer(format!("the connection is lost: {error}"))
}

/// Listens to `topics` in a thread that ends with the subscription, or with the owner.
pub(super) fn listen(way: &Way, topics: &[Topic], wake: Waker) -> Result<Subscription, ClientError> {
    let told = |error: std::io::Error| ClientError::NoAnswer(error.to_string());
    let mut socket = way.open(topics)?;
    socket.get_ref().set_read_timeout(Some(SILENCE)).map_err(told)?;
    let wire = Wire(socket.get_ref().try_clone().map_err(told)?);
    let hub = Hub::default();
    let subscription = hub.subscribe(topics, wake).over(wire);
    let feed = move || {
        while let Ok(message) = socket.read() {
            match message {
                Message::Text(text) => match serde_json::from_str::<News>(text.as_str()) {
                    Ok(news) => hub.publish(&news),
                    // The owner may be newer than we are.
                    Err(error) => tracing::debug!(%error, "news that is not understood"),
                },
                Message::Close(_) => break,
                // The library answers pings.
                _ => {}
            }
        }
        hub.close();
    };
    std::thread::Builder::new().name("jarvis-news".to_owned()).spawn(feed).map_err(told)?;
    Ok(subscription)
}

/// What is reported to the owner, in one thread for all clones of a client; it begins with the first report and ends with
/// the last clone.
#[derive(Debug)]
pub(super) struct Reporter {
    way: Way,
    shared: Arc<Shared>,
    work: Mutex<Option<Sender<Work>>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// The newest value of each gauge that has not been sent yet.
    gauges: Mutex<Vec<Gauge>>,
    /// The owner could not be reached when it was tried last.
    lost: AtomicBool,
}

#[derive(Debug)]
enum Work {
    Gauges,
    Usage(Vec<Usage>, Sender<Result<Told, ClientError>>),
}

impl Reporter {
    pub(super) fn new(way: Way) -> Self {
        Self { way, shared: Arc::default(), work: Mutex::default() }
    }

    /// Waits for nobody: the newest values are sent when they can be.
    pub(super) fn gauges(&self, gauges: Vec<Gauge>) -> Result<(), ClientError> {
        let first = {
            let mut waiting = self.shared.gauges.lock().unwrap_or_else(PoisonError::into_inner);
            let first = waiting.is_empty();
            for gauge in gauges {
                match waiting.iter_mut().find(|known| known.name == gauge.name) {
                    Some(known) => *known = gauge,
                    None => waiting.push(gauge),
                }
            }
            first && !waiting.is_empty()
        };
        if first && let Err(error) = self.send(Work::Gauges) {
            // What waits for nobody would keep all that comes later from being sent.
            self.shared.gauges.lock().unwrap_or_else(PoisonError::into_inner).clear();
            return Err(error);
        }
        if self.shared.lost.load(Ordering::Relaxed) { Err(ClientError::NoOwner) } else { Ok(()) }
    }

    pub(super) fn usage(&self, used: Vec<Usage>) -> Result<Told, ClientError> {
        let (answer, answered) = bounded(1);
        self.send(Work::Usage(used, answer))?;
        // The thread gives up before.
        let waited = answered.recv_timeout(PATIENCE * 3);
        waited.map_err(|error| ClientError::NoAnswer(error.to_string()))?
    }

    fn send(&self, work: Work) -> Result<(), ClientError> {
        let mut sender = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        if sender.is_none() {
            let (works, inbox) = unbounded();
            let line = Reporting { way: self.way.clone(), shared: Arc::clone(&self.shared), socket: None };
            let thread = std::thread::Builder::new().name("jarvis-report".to_owned());
            let spawned = thread.spawn(move || line.run(&inbox));
            spawned.map_err(|error| ClientError::NoAnswer(error.to_string()))?;
            *sender = Some(works);
        }
        let sent = sender.as_ref().map(|sender| sender.send(work));
        match sent {
            Some(Ok(())) => Ok(()),
            _ => {
                // The next begins another thread.
                *sender = None;
                Err(ClientError::NoAnswer("nothing can be reported any more".to_owned()))
            }
        }
    }
}

/// The reporting thread.
struct Reporting {
    way: Way,
    shared: Arc<Shared>,
    socket: Option<Socket>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Said {
    Gauges(Vec<Gauge>),
    Usage(Vec<Usage>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Told(Told),
    Problem { problem: Problem },
}

impl Reporting {
    fn run(mut self, inbox: &Receiver<Work>) {
        loop {
            match inbox.recv_timeout(IDLE) {
                Ok(Work::Gauges) => {
                    let mut waiting = self.shared.gauges.lock().unwrap_or_else(PoisonError::into_inner);
                    let gauges = std::mem::take(&mut *waiting);
                    drop(waiting);
                    // Newer values come soon.
                    let _ = self.say(&Said::Gauges(gauges)).map(|()| self.listen());
                }
                Ok(Work::Usage(used, answer)) => {
                    let kept = self.say(&Said::Usage(used)).and_then(|()| self.kept());
                    // Whoever asked may have given up.
                    let _ = answer.send(kept);
                }
                Err(RecvTimeoutError::Timeout) => self.listen(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if let Some(mut socket) = self.socket.take() {
            let _ = socket.close(None);
            let _ = socket.flush();
        }
    }

    /// Sends, over a new connection if there is none or the old one is lost.
    fn say(&mut self, said: &Said) -> Result<(), ClientError> {
        let text = serde_json::to_string(said).map_err(|error| ClientError::Declined(error.to_string()))?;
        self.listen();
        let socket = match self.socket.take() {
            Some(socket) => Ok(socket),
            None => self.way.open(&[]),
        };
        let sent = socket.and_then(|mut socket| {
            socket.send(Message::text(text)).map_err(lost)?;
            Ok(socket)
        });
        self.shared.lost.store(sent.is_err(), Ordering::Relaxed);
        self.socket = Some(sent?);
        Ok(())
    }

    /// The answer to usage.
    fn kept(&mut self) -> Result<Told, ClientError> {
        let mut socket = self.socket.take().ok_or(ClientError::NoOwner)?;
        loop {
            match socket.read().map_err(lost)? {
                Message::Text(text) => {
                    self.socket = Some(socket);
                    let unread = |error: serde_json::Error| ClientError::NoAnswer(error.to_string());
                    return match serde_json::from_str(text.as_str()).map_err(unread)? {
                        Answer::Told(told) => Ok(told),
                        Answer::Problem { problem } => Err(problem.told()),
                    };
                }
                Message::Close(_) => return Err(ClientError::NoOwner),
                _ => {}
            }
        }
    }

    /// Reads what is there without waiting: pings, which are answered by that, and problems.
    fn listen(&mut self) {
        let Some(mut socket) = self.socket.take() else { return };
        if socket.get_ref().set_nonblocking(true).is_err() {
            return;
        }
        let mut told: VecDeque<Problem> = VecDeque::new();
        let alive = loop {
            match socket.read() {
                Ok(Message::Text(text)) => {
                    if let Ok(Answer::Problem { problem }) = serde_json::from_str(text.as_str()) {
                        told.push_back(problem);
                    }
                }
                Ok(Message::Close(_)) => break false,
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) => break error.kind() == ErrorKind::WouldBlock,
                Err(_) => break false,
            }
        };
        for problem in told {
            tracing::warn!(detail = problem.detail, "the supervisor did not take what was reported");
        }
        if alive && socket.get_ref().set_nonblocking(false).is_ok() {
            self.socket = Some(socket);
        }
    }
}
