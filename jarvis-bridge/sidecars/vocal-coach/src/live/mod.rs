//! Live feedback: singing comes in chunks, each is answered at once.
//!
//! Start at [`upgrade`]. On the wire: a first text `{"type":"start","rate":48000,"format":"f32le","channels":1,
//! "song_time":0}`, then binary chunks of samples, any size up to a second. Each is answered by one message of type `pitch`
//! with its `seq`, and now and then one of type `feedback`. `{"type":"at","song_time":…}` says where the song is from the
//! next sample on, `{"type":"stop"}` ends it. What cannot be understood is told in a message of type `error`, then closed:
//! 1003 for another format, 1007 for what makes no sense, 1009 for a chunk beyond a second, 1008 for a client that does not
//! read its answers for two seconds, counted from when the system's own buffers are full (some megabytes, so thousands of
//! answers, after it has ceased to read).

mod advice;
mod session;

use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::Response;
use sidecar::Problem;
use tokio::time::timeout;

use crate::load::Load;
use session::{Answer, Refused, Session, Started, Told};

/// A chunk that is larger is told so; beyond this the connection ends without a word.
const LARGEST: usize = 4 * 1024 * 1024;
/// How long answers may wait for a client to read them.
const QUEUE: Duration = Duration::from_secs(2);
/// How long a client may take to hear why the connection ends.
const LAST_WORD: Duration = Duration::from_secs(10);
/// How long a client may be silent.
const IDLE: Duration = Duration::from_secs(300);

/// A close code of RFC 6455.
mod code {
    pub(super) const NORMAL: u16 = 1000;
    pub(super) const POLICY: u16 = 1008;
}

/// `WS /ws/vocal-coach/live-feedback`.
pub(crate) async fn upgrade(
    Extension(load): Extension<Load>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|rejected| Problem::new(rejected.status(), rejected.body_text()))?;
    let place = load.sing().ok_or_else(|| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many sing at once: try again when others have ended",
        )
    })?;
    let upgrade = upgrade.protocols([crate::NAME]).max_message_size(LARGEST).max_frame_size(LARGEST);
    Ok(upgrade.on_upgrade(move |mut socket| async move {
        let over = talk(&mut socket, &load).await;
        drop(place);
        close(&mut socket, over).await;
    }))
}

/// Why a conversation is over.
enum Over {
    /// The client went without a word.
    Gone,
    /// It said that it goes.
    Left,
    /// It is told why.
    Closed(u16, String),
}

impl From<Refused> for Over {
    fn from(refused: Refused) -> Self {
        Self::Closed(refused.code, refused.why)
    }
}

async fn talk(socket: &mut WebSocket, load: &Load) -> Over {
    let mut session = match begin(socket).await {
        Ok(session) => session,
        Err(over) => return over,
    };
    loop {
        match turn(socket, &mut session, load).await {
            Ok(()) => {}
            Err(over) => return over,
        }
        // One that sends faster than it sings does not keep the others waiting.
        tokio::task::yield_now().await;
    }
}

/// What the first message asks for.
async fn begin(socket: &mut WebSocket) -> Result<Session, Over> {
    let first = next(socket).await?;
    let begun = match &first {
        Message::Text(text) => Session::begin(text),
        _ => Err(Refused::sense("begin with the text {\"type\":\"start\",…}, then send samples")),
    };
    match begun {
        Ok(session) => {
            say(socket, &Answer::Started(Started::of(&session))).await?;
            Ok(session)
        }
        Err(refused) => Err(refuse(socket, refused).await),
    }
}

/// One message and its answers.
async fn turn(socket: &mut WebSocket, session: &mut Session, load: &Load) -> Result<(), Over> {
    let mut answers = Vec::new();
    let heard = match next(socket).await? {
        Message::Binary(bytes) => {
            let began = Instant::now();
            let heard = session.chunk(&bytes, &mut answers).map(|()| Told::GoesOn);
            load.heard(began.elapsed());
            heard
        }
        Message::Text(text) => session.told(&text, &mut answers),
        _ => Ok(Told::GoesOn),
    };
    for answer in &answers {
        say(socket, answer).await?;
    }
    match heard {
        Ok(Told::GoesOn) => Ok(()),
        Ok(Told::Ends) => Err(Over::Closed(code::NORMAL, "stopped".to_owned())),
        Err(refused) => Err(refuse(socket, refused).await),
    }
}

async fn next(socket: &mut WebSocket) -> Result<Message, Over> {
    match timeout(IDLE, socket.recv()).await {
        Ok(Some(Ok(Message::Close(_)))) => Err(Over::Left),
        Ok(Some(Err(_)) | None) => Err(Over::Gone),
        Ok(Some(Ok(message))) => Ok(message),
        Err(_) => Err(Over::Closed(code::NORMAL, "nothing was sung for five minutes".to_owned())),
    }
}

async fn say(socket: &mut WebSocket, answer: &Answer) -> Result<(), Over> {
    let text = serde_json::to_string(answer).unwrap_or_default();
    match timeout(QUEUE, socket.send(Message::Text(text.into()))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Over::Gone),
        Err(_) => Err(Over::Closed(code::POLICY, "answers were not read for two seconds".to_owned())),
    }
}

async fn refuse(socket: &mut WebSocket, refused: Refused) -> Over {
    let answer = Answer::Error { message: refused.why.clone() };
    match say(socket, &answer).await {
        Ok(()) => refused.into(),
        Err(over) => over,
    }
}

/// Says why, and lets the client read it: what it still sends is thrown away. One that goes is answered by the reading alone
/// (RFC 6455, 5.5.1).
async fn close(socket: &mut WebSocket, over: Over) {
    let frame = match over {
        Over::Gone => return,
        Over::Left => None,
        Over::Closed(code, mut why) => {
            // A close frame has room for so many bytes.
            while why.len() > 120 {
                why.pop();
            }
            Some(CloseFrame { code, reason: why.into() })
        }
    };
    let last = async {
        if let Some(frame) = frame
            && socket.send(Message::Close(Some(frame))).await.is_err()
        {
            return;
        }
        while let Some(Ok(_)) = socket.recv().await {}
    };
    // A client that does not even read that is left.
    let _ = timeout(LAST_WORD, last).await;
}
