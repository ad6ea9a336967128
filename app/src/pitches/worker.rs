//! The reader: looks whether a curve lies on the disk, makes it ready for drawing, and finds the notes in it.

use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};
use dawg_dsp::pitch::notes::{SungNote, find};
use dawg_media::pitch::{PitchCurve, file_for, read_for};
use dawg_media::{MediaError, source};
use dawg_session::{Media, MediaId};

use super::{Curve, Place, tuning};
use crate::sound::Waker;

/// The files of a media.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) song: u64,
    pub(super) media: MediaId,
    pub(super) name: String,
    pub(super) audio: PathBuf,
    pub(super) pitch: PathBuf,
    pub(super) writable: bool,
    /// As the song says; the file may know better.
    rate: u32,
    frames: u64,
    /// Millihertz.
    pub(super) a4: u32,
}

impl Files {
    pub(super) fn of(media: &Media, place: &Place, song: u64, a4: u32) -> Self {
        Self {
            song,
            media: media.id,
            name: media.name.to_string(),
            audio: place.audio.join(&media.file),
            pitch: file_for(&place.peaks, &media.id.to_string()),
            writable: place.writable,
            rate: media.sample_rate,
            frames: media.frames.0.max(0) as u64,
            a4,
        }
    }
}

/// What the window asks.
#[derive(Debug)]
pub(super) enum Request {
    /// For a curve on the disk.
    Look(Arc<Files>),
    /// For the notes at another A4.
    Notes { song: u64, media: MediaId, curve: Arc<Curve>, a4: u32 },
}

/// What it is answered.
#[derive(Debug)]
pub(super) enum Answer {
    Found {
        files: Arc<Files>,
        curve: Arc<Curve>,
        notes: Arc<[SungNote]>,
    },
    /// It has to be found in the audio.
    Missing(Arc<Files>),
    /// There is no audio that could be read.
    Unreadable {
        files: Arc<Files>,
        why: String,
    },
    /// It was found and could not be written.
    Unkept {
        song: u64,
        why: String,
    },
    Notes {
        song: u64,
        media: MediaId,
        a4: u32,
        notes: Arc<[SungNote]>,
    },
}

/// A way to answer.
#[derive(Debug, Clone)]
pub(super) struct Answers(Sender<Answer>);

impl Answers {
    pub(super) fn send(&self, answer: Answer) {
        // Nobody listens any more when the program ends.
        _ = self.0.send(answer);
    }

    /// Makes a curve ready and hands it on.
    pub(super) fn found(&self, files: &Arc<Files>, pitch: PitchCurve) {
        let curve = Arc::new(Curve::of(pitch));
        let notes = notes_of(&curve, files.a4);
        self.send(Answer::Found { files: Arc::clone(files), curve, notes });
    }
}

/// The window's end of the reader, which ends when this is dropped; nobody waits for that.
#[derive(Debug)]
pub(super) struct Reader {
    requests: Sender<Request>,
    answers: (Sender<Answer>, Receiver<Answer>),
}

impl Reader {
    pub(super) fn start(waker: Waker) -> std::io::Result<Self> {
        let (requests, asked) = unbounded::<Request>();
        let answers = unbounded();
        let to = Answers(answers.0.clone());
        std::thread::Builder::new().name("pitches".to_owned()).spawn(move || {
            while let Ok(request) = asked.recv() {
                serve(request, &to);
                waker();
            }
        })?;
        Ok(Self { requests, answers })
    }

    pub(super) fn ask(&self, request: Request) {
        _ = self.requests.send(request);
    }

    pub(super) fn answer(&self) -> Option<Answer> {
        self.answers.1.try_recv().ok()
    }

    pub(super) fn answers(&self) -> Answers {
        Answers(self.answers.0.clone())
    }
}

fn serve(request: Request, to: &Answers) {
    match request {
        Request::Look(files) => match look(&files) {
            Ok(Some(pitch)) => to.found(&files, pitch),
            Ok(None) => to.send(Answer::Missing(files)),
            Err(error) => to.send(Answer::Unreadable { why: error.to_string(), files }),
        },
        Request::Notes { song, media, curve, a4 } => {
            let notes = notes_of(&curve, a4);
            to.send(Answer::Notes { song, media, a4, notes });
        }
    }
}

fn notes_of(curve: &Curve, a4: u32) -> Arc<[SungNote]> {
    find(curve.estimates(), tuning(a4)).into()
}

/// The curve on the disk; none if it has to be found.
fn look(files: &Files) -> Result<Option<PitchCurve>, MediaError> {
    if let Ok(curve) = read_for(&files.pitch, files.rate, files.frames) {
        return Ok(Some(curve));
    }
    // A take that a crash cut off is as long as its file, not as the song has it.
    let source = source::open(&files.audio)?;
    match read_for(&files.pitch, source.sample_rate(), source.frames()) {
        Ok(curve) => Ok(Some(curve)),
        Err(error) => {
            tracing::debug!(%error, "a pitch curve has to be found");
            Ok(None)
        }
    }
}
