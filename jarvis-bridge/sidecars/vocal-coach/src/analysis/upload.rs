//! A recording on its way in: kept on disk until it is whole, then looked at in a thread as soon as there is a place.
//!
//! Start at [`analysed`]. When the client goes, the request is dropped, and with it the work is told to stop.

mod kept;

use std::io::{Read as _, Seek as _};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use dawg_media::{MediaError, Progress, Source, source};
use sidecar::Problem;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::KINDS;
use crate::load::Load;
use kept::Kept;

/// The largest recording, in bytes.
const LARGEST: u64 = 200_000_000;
/// The longest, in seconds.
const LONGEST: u64 = 20 * 60;
/// How long a recording that is here waits for others to be done.
const PATIENCE: Duration = Duration::from_secs(30);
/// How slowly a recording may come. What it waits for us, for the disk, does not count.
const PACE: Pace = Pace { idle: Duration::from_secs(30), head_start: Duration::from_secs(30), rate: 64_000 };

/// How slowly a body may come: whoever only just keeps to it needs 53 minutes for the largest.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// How long the next piece may take.
    idle: Duration,
    /// How long it may come more slowly than `rate` in all ...
    head_start: Duration,
    /// ... and how quickly it then comes at least, as the mean since its beginning; bytes a second.
    rate: u32,
}

impl Pace {
    /// How long all pieces may have taken when so many bytes have come.
    fn by(self, bytes: u64) -> Duration {
        self.head_start + Duration::from_secs(bytes) / self.rate.max(1)
    }
}

/// A piece of a recording, or its end.
enum Piece {
    Bytes(Bytes),
    End,
}

/// Tells the work to stop when nobody waits for it any more.
struct Waits(Arc<Progress>);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// What `work` finds in the WAV file that is the request's body. The path is for its errors. Until the recording is here it
/// takes no analysis' place: who sends slowly keeps nobody else waiting.
pub(super) async fn analysed<T: Send + 'static>(
    load: &Load,
    request: Request,
    work: impl FnOnce(&mut dyn Source, &Path, &Progress) -> Result<T, MediaError> + Send + 'static,
) -> Result<T, Problem> {
    check(request.headers())?;
    let busy = |detail: &str| Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail);
    let coming =
        load.receive().ok_or_else(|| busy("too many recordings come at once: try again in a minute"))?;
    let recording = receive(request.into_body(), PACE).await?;
    let place = load.analyse(PATIENCE).await;
    let place = place.ok_or_else(|| busy("other recordings are being analysed: try again in a minute"))?;
    let progress = Arc::new(Progress::new());
    // Also when this request is dropped.
    let _waits = Waits(Arc::clone(&progress));
    let job = tokio::task::spawn_blocking(move || {
        let done = look(recording.path(), &progress, work);
        drop((recording, coming, place));
        done
    });
    job.await.map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?
}

/// The whole recording, if it keeps pace.
async fn receive(body: Body, pace: Pace) -> Result<Kept, Problem> {
    let (pieces, received) = channel(8);
    let keeping = tokio::task::spawn_blocking(move || kept(received));
    let sent = send(body, pieces, pace).await;
    let kept =
        keeping.await.map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()));
    sent?;
    kept?
}

fn too_late() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "the recording did not come to its end: send it again")
}

fn check(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let kind = text(header::CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !KINDS.iter().any(|one| one.eq_ignore_ascii_case(kind)) {
        let detail = "send the recording as a WAV file, with `Content-Type: audio/wav`";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    match text(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok()) {
        Some(length) if length > LARGEST => Err(too_large()),
        _ => Ok(()),
    }
}

fn too_large() -> Problem {
    let detail = "recordings up to 200 MB and 20 minutes are analysed: send a part of it";
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
}

/// Passes the body on, piece by piece.
async fn send(mut body: Body, pieces: Sender<Piece>, pace: Pace) -> Result<(), Problem> {
    let (mut length, mut waited) = (0, Duration::ZERO);
    loop {
        let next = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let (began, left) = (Instant::now(), pace.by(length).saturating_sub(waited));
        let next = tokio::time::timeout(pace.idle.min(left), next).await.map_err(|_| too_late())?;
        waited += began.elapsed();
        let piece = match next {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(bytes) => bytes,
                // Trailers.
                Err(_) => continue,
            },
            Some(Err(error)) => return Err(Problem::new(StatusCode::BAD_REQUEST, error.to_string())),
            None => break,
        };
        length += piece.len() as u64;
        if length > LARGEST {
            return Err(too_large());
        }
        // It cannot be kept: whoever keeps it says why.
        if pieces.send(Piece::Bytes(piece)).await.is_err() {
            return Ok(());
        }
    }
    let _ = pieces.send(Piece::End).await;
    Ok(())
}

/// The recording on disk, once it is whole.
fn kept(mut received: Receiver<Piece>) -> Result<Kept, Problem> {
    let refused = |error: std::io::Error| {
        let detail =
            format!("the recording cannot be kept while it is analysed ({error}): make room on the disk");
        Problem::new(StatusCode::INSUFFICIENT_STORAGE, detail)
    };
    let mut kept = Kept::new().map_err(refused)?;
    loop {
        match received.blocking_recv() {
            Some(Piece::Bytes(bytes)) => kept.write(&bytes).map_err(refused)?,
            Some(Piece::End) => return Ok(kept),
            None => return Err(Problem::new(StatusCode::BAD_REQUEST, "the recording did not come whole")),
        }
    }
}

fn look<T>(
    path: &Path,
    progress: &Progress,
    work: impl FnOnce(&mut dyn Source, &Path, &Progress) -> Result<T, MediaError>,
) -> Result<T, Problem> {
    // Its name on this machine is nobody's business.
    let told = |error: &MediaError| {
        let detail = error.to_string().replace(&path.display().to_string(), "the recording");
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    };
    if !is_wav(path) {
        let detail = "this is no WAV file: send one, as the content type says";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    let mut source = source::open(path).map_err(|error| told(&error))?;
    if source.frames() > LONGEST * u64::from(source.sample_rate()) {
        return Err(too_large());
    }
    work(source.as_mut(), path, progress).map_err(|error| told(&error))
}

/// By how it begins. Other formats would be decoded to find out how long they are.
fn is_wav(path: &Path) -> bool {
    let mut head = [0; 12];
    let read = std::fs::File::open(path).and_then(|mut file| {
        file.rewind()?;
        file.read_exact(&mut head)
    });
    read.is_ok() && matches!(&head[..4], b"RIFF" | b"RF64" | b"BW64") && &head[8..] == b"WAVE"
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{SocketAddr, TcpStream};

    use axum::Router;
    use axum::routing::post;

    use super::*;

    fn begin(to: SocketAddr, length: usize) -> TcpStream {
        let mut stream = TcpStream::connect(to).unwrap();
        let head = format!("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream
    }

    /// The beginning of the answer; empty if there is none within a while.
    fn answer(mut stream: TcpStream) -> String {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut answer = [0; 12];
        let read = stream.read_exact(&mut answer);
        read.map_or_else(|_| String::new(), |()| String::from_utf8_lossy(&answer).into_owned())
    }

    /// What `client` is answered by whoever takes recordings at this pace.
    fn answered(pace: Pace, client: impl FnOnce(SocketAddr) -> String + Send + 'static) -> String {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let to = listener.local_addr().unwrap();
            let take =
                move |request: Request| async move { receive(request.into_body(), pace).await.map(drop) };
            tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(take))).await });
            tokio::task::spawn_blocking(move || client(to)).await.unwrap()
        })
    }

    fn pace(idle: f64, head_start: f64, rate: u32) -> Pace {
        let seconds = Duration::from_secs_f64;
        Pace { idle: seconds(idle), head_start: seconds(head_start), rate }
    }

    #[test]
    fn a_recording_that_never_ends_is_given_up() {
        // Seen red: with a limit to each piece alone.
        let drip = |to| {
            let mut stream = begin(to, 100_000);
            stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
            // A byte now and then, until there is an answer.
            for _ in 0..1500 {
                stream.write_all(b"R").unwrap();
                if stream.peek(&mut [0]).is_ok() {
                    break;
                }
            }
            answer(stream)
        };
        assert_eq!(answered(pace(60.0, 0.3, 10_000), drip), "HTTP/1.1 408");
    }

    #[test]
    fn a_recording_that_comes_slowly_and_steadily_is_taken() {
        // Seen red: with the head start for all of it.
        let steady = |to| {
            let pieces = 175;
            let mut stream = begin(to, pieces * 500);
            for _ in 0..pieces {
                std::thread::park_timeout(Duration::from_millis(20));
                stream.write_all(&[0; 500]).unwrap();
            }
            answer(stream)
        };
        // It takes 3.5 s.
        assert_eq!(answered(pace(2.0, 1.0, 5_000), steady), "HTTP/1.1 200");
    }

    #[test]
    fn a_recording_that_stops_on_its_way_is_given_up_however_quickly_it_began() {
        // Seen red: with the mean rate alone.
        let stops = |to| {
            let mut stream = begin(to, 200_000);
            stream.write_all(&[0; 100_000]).unwrap();
            answer(stream)
        };
        // By the mean alone it would have 100 s.
        assert_eq!(answered(pace(0.3, 1.0, 1_000), stops), "HTTP/1.1 408");
    }
}
