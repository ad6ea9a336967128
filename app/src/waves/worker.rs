//! The workers' side: one thread reads tiles, newest request first; another builds peaks that are missing, so that one
//! long file does not hold up the others.

use std::collections::{HashMap, HashSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use dawg_media::peaks::{Peak, PeakFile, open_or_rebuild};
use dawg_media::{MediaError, Progress, Source, source};
use dawg_session::MediaId;

use super::tiles::{Key, POINTS, Points, SAMPLES};
use super::{FIRST_PEAKS, STEPS, Unseen, Wanted};
use crate::sound::Waker;

/// Requests that may wait; of more, the oldest are out of sight by now.
const MOST_WAITING: usize = 2_048;

/// Files that are kept open, of each kind.
const MOST_OPEN: usize = 48;

/// How often the window is woken while tiles come in.
const WAKE: Duration = Duration::from_millis(16);

/// The files of a medium.
#[derive(Debug, PartialEq)]
pub(super) struct Files {
    pub(super) file: PathBuf,
    pub(super) peaks: PathBuf,
    pub(super) channels: u16,
    pub(super) frames: u64,
}

impl Files {
    pub(super) fn of(wanted: &Wanted) -> Self {
        let (file, peaks) = (wanted.file.clone(), wanted.peaks.clone());
        Self { file, peaks, channels: wanted.channels, frames: wanted.frames }
    }
}

/// What the window asks.
#[derive(Debug)]
pub(super) enum Request {
    /// A tile.
    Tile(Key, Arc<Files>),
    /// The peaks of a recording from this point on.
    Grow { media: MediaId, peaks: PathBuf, channels: u16, from: u64 },
    /// The peaks of a medium were built, or cannot be.
    Built(MediaId, Arc<Files>, bool),
}

/// What it is answered.
#[derive(Debug)]
pub(super) enum Answer {
    Tile(Key, Points),
    Dropped(Key),
    Unseen(Key, PathBuf, Unseen),
    Grown { media: MediaId, from: u64, points: Vec<Vec<Peak>> },
}

/// The window's end of the workers. They end when it is dropped; nobody waits for that.
#[derive(Debug)]
pub(super) struct Workers {
    requests: Option<Sender<Request>>,
    answers: Receiver<Answer>,
    ending: Arc<Progress>,
}

impl Workers {
    pub(super) fn start(waker: Waker) -> std::io::Result<Self> {
        let (requests, asked) = unbounded();
        let (answer, answers) = unbounded();
        let (build, to_build) = unbounded::<(MediaId, Arc<Files>)>();
        let (built, built_in) = unbounded();
        let ending = Arc::new(Progress::new());
        let progress = Arc::clone(&ending);
        std::thread::Builder::new().name("waves: peaks".to_owned()).spawn(move || {
            while let Ok((media, files)) = to_build.recv() {
                let done = built.send(Request::Built(media, Arc::clone(&files), make(&files, &progress)));
                if progress.check().is_err() || done.is_err() {
                    break;
                }
            }
        })?;
        let reader = Reader {
            asked,
            built: built_in,
            answer,
            build,
            waker,
            waiting: Vec::new(),
            parked: HashMap::new(),
            opened: Opened::default(),
        };
        std::thread::Builder::new().name("waves".to_owned()).spawn(move || reader.run())?;
        Ok(Self { requests: Some(requests), answers, ending })
    }

    pub(super) fn ask(&self, request: Request) {
        if let Some(requests) = &self.requests {
            _ = requests.send(request);
        }
    }

    pub(super) fn answer(&self) -> Option<Answer> {
        self.answers.try_recv().ok()
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.ending.cancel();
        self.requests = None;
    }
}

/// Builds the peaks of a file if need be.
fn make(files: &Files, progress: &Progress) -> bool {
    let built = source::open(&files.file)
        .and_then(|mut source| open_or_rebuild(&files.peaks, source.as_mut(), progress));
    if let Err(error) = &built {
        tracing::warn!(path = %files.peaks.display(), %error, "a waveform cannot be made");
    }
    built.is_ok()
}

/// The thread that reads.
struct Reader {
    asked: Receiver<Request>,
    built: Receiver<Request>,
    answer: Sender<Answer>,
    build: Sender<(MediaId, Arc<Files>)>,
    waker: Waker,
    waiting: Vec<(Key, Arc<Files>)>,
    // What waits for its peaks to be built.
    parked: HashMap<MediaId, Vec<(Key, Arc<Files>)>>,
    opened: Opened,
}

impl Reader {
    fn run(mut self) {
        let mut woken = Instant::now();
        let mut told = true;
        loop {
            if self.waiting.is_empty() {
                if !told {
                    (self.waker)();
                    told = true;
                }
                crossbeam_channel::select! {
                    recv(self.asked) -> request => match request {
                        Ok(request) => told &= !self.sort(request),
                        Err(_) => return,
                    },
                    recv(self.built) -> request => match request {
                        Ok(request) => told &= !self.sort(request),
                        Err(_) => self.built = crossbeam_channel::never(),
                    },
                }
            }
            while let Ok(request) = self.asked.try_recv().or_else(|_| self.built.try_recv()) {
                told &= !self.sort(request);
            }
            let surplus = self.waiting.len().saturating_sub(MOST_WAITING);
            for (key, _) in self.waiting.drain(..surplus) {
                _ = self.answer.send(Answer::Dropped(key));
            }
            if let Some((key, files)) = self.waiting.pop() {
                self.serve(key, &files);
                told = false;
            }
            if !told && woken.elapsed() > WAKE {
                (self.waker)();
                (told, woken) = (true, Instant::now());
            }
        }
    }

    /// Puts a request where it belongs. Returns whether something was answered at once.
    fn sort(&mut self, request: Request) -> bool {
        match request {
            Request::Tile(key, files) => self.waiting.push((key, files)),
            Request::Grow { media, peaks, channels, from } => {
                let points = grown(&peaks, channels, from).unwrap_or_default();
                let news = points.first().is_some_and(|points| points.len() > 1);
                _ = self.answer.send(Answer::Grown { media, from, points });
                return news;
            }
            Request::Built(media, files, done) => {
                let parked = self.parked.remove(&media).unwrap_or_default();
                if done {
                    self.opened.trusted.insert(media);
                    self.waiting.extend(parked);
                } else {
                    let why = if files.file.exists() { Unseen::Unreadable } else { Unseen::Missing };
                    for (key, files) in parked {
                        _ = self.answer.send(Answer::Unseen(key, files.file.clone(), why));
                    }
                    return true;
                }
            }
        }
        false
    }

    fn serve(&mut self, key: Key, files: &Arc<Files>) {
        if let Some(parked) = self.parked.get_mut(&key.media) {
            parked.push((key, Arc::clone(files)));
            return;
        }
        let read = if usize::from(key.level) < FIRST_PEAKS {
            self.opened.samples(key, files)
        } else {
            self.opened.peaks(key, files)
        };
        match read {
            Ok(points) => _ = self.answer.send(Answer::Tile(key, points)),
            Err(MediaError::StalePeaks { .. } | MediaError::Missing { .. })
                if is_of_peaks(key) && files.file.exists() =>
            {
                self.parked.insert(key.media, vec![(key, Arc::clone(files))]);
                _ = self.build.send((key.media, Arc::clone(files)));
            }
            Err(error) => {
                let why = if files.file.exists() { Unseen::Unreadable } else { Unseen::Missing };
                tracing::debug!(path = %files.file.display(), %error, "no waveform");
                _ = self.answer.send(Answer::Unseen(key, files.file.clone(), why));
            }
        }
    }
}

fn is_of_peaks(key: Key) -> bool {
    usize::from(key.level) >= FIRST_PEAKS
}

/// All points of a recording from `from` on, a list a channel.
fn grown(path: &Path, channels: u16, from: u64) -> Result<Vec<Vec<Peak>>, MediaError> {
    let mut file = PeakFile::open_growing(path, channels)?;
    let count = usize::try_from(file.points(0).saturating_sub(from)).unwrap_or(0);
    (0..channels)
        .map(|channel| {
            let mut points = vec![Peak::default(); count];
            let read = file.read(0, channel, from, &mut points)?;
            points.truncate(read);
            Ok(points)
        })
        .collect()
}

/// Files that are open, until there are too many.
#[derive(Default)]
struct Opened {
    peaks: HashMap<MediaId, (PathBuf, PeakFile)>,
    sources: HashMap<MediaId, (PathBuf, Box<dyn Source>)>,
    planes: Vec<Vec<f32>>,
    // Media whose peaks were just built from the file itself, whatever the song says of its length.
    trusted: HashSet<MediaId>,
}

impl Opened {
    fn peaks(&mut self, key: Key, files: &Files) -> Result<Points, MediaError> {
        if self.peaks.get(&key.media).is_none_or(|(path, _)| *path != files.peaks) {
            let opened = if self.trusted.contains(&key.media) {
                PeakFile::open_growing(&files.peaks, files.channels)?
            } else {
                PeakFile::open(&files.peaks, files.channels, files.frames)?
            };
            if self.peaks.len() >= MOST_OPEN {
                self.peaks.clear();
            }
            self.peaks.insert(key.media, (files.peaks.clone(), opened));
        }
        let Some((_, file)) = self.peaks.get_mut(&key.media) else { return Err(gone(&files.peaks)) };
        let mut points = vec![Peak::default(); POINTS as usize];
        let level = usize::from(key.level) - FIRST_PEAKS;
        let read = file.read(level, key.channel, u64::from(key.tile) * POINTS, &mut points)?;
        points.truncate(read);
        // The drawing asks a missing file for nothing else, and must know.
        if !files.file.exists() {
            return Err(gone(&files.file));
        }
        Ok(Points::Peaks(points.into_boxed_slice()))
    }

    fn samples(&mut self, key: Key, files: &Files) -> Result<Points, MediaError> {
        if self.sources.get(&key.media).is_none_or(|(path, _)| *path != files.file) {
            let opened = source::open(&files.file)?;
            if self.sources.len() >= MOST_OPEN {
                self.sources.clear();
            }
            self.sources.insert(key.media, (files.file.clone(), opened));
        }
        let Some((_, source)) = self.sources.get_mut(&key.media) else { return Err(gone(&files.file)) };
        self.planes.resize_with(usize::from(source.channels()), Vec::new);
        for plane in &mut self.planes {
            plane.resize(SAMPLES as usize, 0.0);
        }
        let mut planes: Vec<&mut [f32]> = self.planes.iter_mut().map(Vec::as_mut_slice).collect();
        let read = source.read(u64::from(key.tile) * SAMPLES, &mut planes)?;
        let plane = self.planes.get(usize::from(key.channel)).map_or(&[][..], |plane| &plane[..read]);
        Ok(match key.level {
            0 => Points::Samples(plane.into()),
            _ => Points::Peaks(plane.chunks(STEPS[1] as usize).map(peak_of).collect()),
        })
    }
}

fn peak_of(samples: &[f32]) -> Peak {
    let (min, max) = samples
        .iter()
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(min, max), sample| (min.min(*sample), max.max(*sample)));
    if min > max { Peak::default() } else { Peak { min, max } }
}

fn gone(path: &Path) -> MediaError {
    MediaError::io(path, std::io::Error::from(ErrorKind::NotFound))
}
