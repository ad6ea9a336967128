//! The line to the coach: samples out, messages in. Lost, it is made again; meanwhile what comes in is thrown away.
//!
//! Start at [`attend`].

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use dawg_engine::pitch::Overheard;
use jarvis::control_loop::Address;
use serde::Deserialize;
use serde_json::json;
use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;
use tungstenite::{Error, Message as Frame, WebSocket};

use super::{Find, Message, Said, Severity};
use crate::sound::Waker;

/// How long after a coach was not there, or was lost, it is looked for again. An attached window asks over HTTP, where
/// questions are counted.
pub(super) const RETRY: Duration = Duration::from_secs(1);
/// The pause is never longer, so that a coach that comes back is found soon.
const LONGEST_RETRY: Duration = Duration::from_secs(10);
/// How long a connection, or a write, may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long one waits for an answer to be there already.
const GLANCE: Duration = Duration::from_millis(1);
/// Chunks a second.
const CHUNKS: u32 = 10;
/// Chunks that may be unanswered: two seconds of them. A coach that hangs is left.
const UNANSWERED: u32 = 20;
/// A place that differs from what was expected by less than this share of a second is the same.
const SAME: i64 = 50;

type Socket = WebSocket<TcpStream>;

/// Why a conversation is over.
enum Over {
    /// Nobody is to be coached any more.
    Left,
    /// The coach went, or does not answer.
    Lost,
}

impl From<Error> for Over {
    fn from(_: Error) -> Self {
        Self::Lost
    }
}

/// What the coach says, as far as it is shown.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Told {
    Pitch,
    Feedback {
        message: String,
        severity: Severity,
    },
    #[serde(other)]
    Other,
}

/// Sends what is overheard to the coach wherever it is, until nothing comes any more. The pause between tries is `retry`, and
/// grows with each in which no coach answered: one that takes the call and hangs up is as bad as none.
pub(super) fn attend(
    overheard: &Receiver<Overheard>,
    find: &Find,
    said: &Said,
    waker: &Waker,
    retry: Duration,
) {
    let mut pause = retry;
    loop {
        if let Some(address) = find()
            && let Ok(socket) = connect(&address)
        {
            let mut line = Line { socket, said, waker, unanswered: 0, answered: false, waiting: Vec::new() };
            match line.converse(overheard) {
                Over::Left => return,
                Over::Lost if line.answered => pause = retry,
                Over::Lost => {}
            }
        }
        if !discard(overheard, pause) {
            return;
        }
        pause = (pause * 2).min(LONGEST_RETRY);
    }
}

/// Throws away what comes for a while; false: nothing comes any more.
fn discard(overheard: &Receiver<Overheard>, pause: Duration) -> bool {
    let until = Instant::now() + pause;
    loop {
        match overheard.recv_deadline(until) {
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

fn connect(address: &Address) -> Result<Socket, Over> {
    let lost = |_| Over::Lost;
    let place = SocketAddr::from((Ipv4Addr::LOCALHOST, address.port));
    let stream = TcpStream::connect_timeout(&place, PATIENCE).map_err(lost)?;
    stream.set_nodelay(true).map_err(lost)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(lost)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(lost)?;
    let url = format!("ws://127.0.0.1:{}{}", address.port, vocal_coach::LIVE);
    let mut request = url.into_client_request()?;
    if let Ok(bearer) = HeaderValue::from_str(&format!("Bearer {}", address.token)) {
        request.headers_mut().insert("Authorization", bearer);
    }
    let (socket, _) = tungstenite::client(request, stream).map_err(|_| Over::Lost)?;
    socket.get_ref().set_read_timeout(Some(GLANCE)).map_err(lost)?;
    Ok(socket)
}

/// A conversation.
struct Line<'a> {
    socket: Socket,
    said: &'a Said,
    waker: &'a Waker,
    unanswered: u32,
    /// Whether the coach has heard anything.
    answered: bool,
    /// Bytes of samples until there is a chunk of them.
    waiting: Vec<u8>,
}

impl Line<'_> {
    fn converse(&mut self, overheard: &Receiver<Overheard>) -> Over {
        match self.talk(overheard) {
            Ok(never) => match never {},
            Err(over) => over,
        }
    }

    fn talk(&mut self, overheard: &Receiver<Overheard>) -> Result<std::convert::Infallible, Over> {
        // What waited while there was no coach is old.
        while overheard.try_recv().is_ok() {}
        let first = overheard.recv().map_err(|_| Over::Left)?;
        let (rate, seconds) = (first.rate, |frame: i64| frame as f64 / f64::from(first.rate.max(1)));
        let start = json!({
            "type": "start", "rate": rate, "format": "f32le", "channels": 1, "song_time": seconds(first.position),
        });
        self.say(&start)?;
        let mut expected = first.position;
        let mut next = Ok(first.clone());
        loop {
            match next {
                Ok(block) if block.rate != rate => return Err(Over::Lost),
                Ok(block) => {
                    if block.rolling && (block.position - expected).abs() > i64::from(rate) / SAME {
                        self.send()?;
                        self.say(&json!({ "type": "at", "song_time": seconds(block.position) }))?;
                        expected = block.position;
                    }
                    expected += block.samples.len() as i64;
                    self.waiting.extend(block.samples.iter().flat_map(|sample| sample.to_le_bytes()));
                    if self.waiting.len() >= (rate / CHUNKS) as usize * size_of::<f32>() {
                        self.send()?;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    // Whether it is heard or not: it is over.
                    let _ = self.say(&json!({ "type": "stop" }));
                    return Err(Over::Left);
                }
            }
            self.hear()?;
            next = overheard.recv_timeout(Duration::from_millis(100));
        }
    }

    fn say(&mut self, text: &serde_json::Value) -> Result<(), Over> {
        Ok(self.socket.send(Frame::text(text.to_string()))?)
    }

    fn send(&mut self) -> Result<(), Over> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.unanswered += 1;
        if self.unanswered > UNANSWERED {
            return Err(Over::Lost);
        }
        let chunk = std::mem::take(&mut self.waiting);
        Ok(self.socket.send(Frame::binary(chunk))?)
    }

    /// Takes in what has been answered. Waits only while answers are missing, and then a moment.
    fn hear(&mut self) -> Result<(), Over> {
        while self.unanswered > 0 {
            match self.socket.read() {
                Ok(Frame::Text(text)) => self.take(&text),
                Ok(Frame::Close(_)) => return Err(Over::Lost),
                Ok(_) => {}
                Err(Error::Io(error))
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    return Ok(());
                }
                Err(_) => return Err(Over::Lost),
            }
        }
        Ok(())
    }

    fn take(&mut self, text: &str) {
        match serde_json::from_str(text) {
            Ok(Told::Pitch) => {
                self.answered = true;
                self.unanswered = self.unanswered.saturating_sub(1);
            }
            Ok(Told::Feedback { message, severity }) => {
                // It is drawn in the song: a line end in it would push the rest of the drawer away.
                let text = message.replace(char::is_control, " ");
                self.said.set(Some(Message { text, severity, at: Instant::now() }));
                (self.waker)();
            }
            Ok(Told::Other) | Err(_) => {}
        }
    }
}
