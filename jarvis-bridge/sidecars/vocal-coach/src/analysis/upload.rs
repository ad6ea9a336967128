//! A recording on its way in: through a file that is gone as soon as it is open, to a thread that looks at it.
//!
//! Start at [`analysed`]. When the client goes, the request is dropped, and with it the work is told to stop.

use std::io::Write;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use dawg_media::{MediaError, Progress, Source, source};
use sidecar::Problem;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::KINDS;
use crate::load::Load;

/// The largest recording, in bytes.
const LARGEST: u64 = 200_000_000;
/// The longest, in seconds.
const LONGEST: u64 = 20 * 60;
/// How long a recording waits for others to be done.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the next piece of a recording may take.
const PIECE: Duration = Duration::from_secs(30);

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

/// What `work` finds in the WAV file that is the request's body. The path is for its errors.
pub(super) async fn analysed<T: Send + 'static>(
    load: &Load,
    request: Request,
    work: impl FnOnce(&mut dyn Source, &Path, &Progress) -> Result<T, MediaError> + Send + 'static,
) -> Result<T, Problem> {
    check(request.headers())?;
    let place = load.analyse(PATIENCE).await.ok_or_else(|| {
        let detail = "other recordings are being analysed: try again in a minute";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    })?;
    let progress = Arc::new(Progress::new());
    let waits = Waits(Arc::clone(&progress));
    let (pieces, received) = channel(8);
    let job = tokio::task::spawn_blocking(move || {
        let done = kept(received).and_then(|file| look(file.path(), &progress, work));
        drop(place);
        done
    });
    let sent = send(request.into_body(), pieces).await;
    let done = job.await.map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()));
    drop(waits);
    sent?;
    done?
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
async fn send(mut body: Body, pieces: Sender<Piece>) -> Result<(), Problem> {
    let mut length = 0;
    loop {
        let next = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let next = tokio::time::timeout(PIECE, next).await.map_err(|_| {
            Problem::new(StatusCode::REQUEST_TIMEOUT, "the recording did not come to its end: send it again")
        })?;
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
        // The work has ended before: its own answer says why.
        if pieces.send(Piece::Bytes(piece)).await.is_err() {
            return Ok(());
        }
    }
    let _ = pieces.send(Piece::End).await;
    Ok(())
}

/// The recording in a file without a place of its own for long.
fn kept(mut received: Receiver<Piece>) -> Result<tempfile::NamedTempFile, Problem> {
    let refused = |error: std::io::Error| {
        let detail =
            format!("the recording cannot be kept while it is analysed ({error}): make room on the disk");
        Problem::new(StatusCode::INSUFFICIENT_STORAGE, detail)
    };
    let mut file = tempfile::Builder::new().prefix("vocal-coach-").tempfile().map_err(refused)?;
    loop {
        match received.blocking_recv() {
            Some(Piece::Bytes(bytes)) => file.write_all(&bytes).map_err(refused)?,
            Some(Piece::End) => return Ok(file),
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
    let read = std::fs::File::open(path).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut head));
    read.is_ok() && matches!(&head[..4], b"RIFF" | b"RF64" | b"BW64") && &head[8..] == b"WAVE"
}
