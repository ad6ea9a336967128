//! Work that takes longer than a frame: a thread each, its progress in one list, cancelled in one place.
//!
//! Start at [`Jobs::start`]. A job returns an [`Outcome`], which the window takes in on its own thread; the window
//! never waits for one. What the jobs do stands in the rooms beside this file.

pub mod files;
pub mod listing;
mod part;
mod picking;
pub mod preferences;
mod showing;
pub mod songs;
mod tables;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, unbounded};
use dawg_engine::export::Exported;
use dawg_media::{MediaError, Progress};
use dawg_session::{Access, MediaId};

use crate::song::OpenSong;
use crate::sound::Waker;
use crate::studio::action::{ImportWish, Pick};

/// A file that could not be taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which.
    pub path: PathBuf,
    /// Why not, and what can be done.
    pub why: String,
    /// Whether a part of it could be, by an import that repairs.
    pub partly: bool,
}

/// What a job came to.
#[derive(Debug)]
pub enum Outcome {
    /// A song is open.
    Opened(Box<OpenSong>),
    /// It could not be opened.
    NotOpened {
        /// Which.
        folder: PathBuf,
        /// How it was tried.
        access: Access,
        /// Why not, and what can be done.
        error: anyhow::Error,
    },
    /// Files lie in the song's folder and are to be put on tracks.
    Landed {
        /// What was wished.
        wish: ImportWish,
        /// The song's folder, so that they never land in another song.
        folder: PathBuf,
        /// What has landed: kept by the window once it is part of the song.
        intake: crate::intake::Intake,
        /// Files that could not be taken in, each with why.
        refused: Vec<Refusal>,
    },
    /// A file was rendered.
    Exported(Exported),
    /// A copy was made.
    Copied {
        /// Where.
        folder: PathBuf,
        /// What is worth saying.
        note: String,
    },
    /// The demo song is there, to be opened.
    DemoReady(PathBuf),
    /// Hashes of new media.
    Hashes {
        /// The song's folder.
        folder: PathBuf,
        /// What was found.
        hashes: Vec<(MediaId, String)>,
    },
    /// A dialog of the system was answered (empty: it was closed).
    Picked {
        /// What for.
        pick: Pick,
        /// What was chosen.
        paths: Vec<PathBuf>,
    },
    /// How the joints of a swipe are to fade.
    Jointed {
        /// The swipe's number.
        number: u64,
        /// Song frames of boundaries, with their shapes.
        shapes: crate::studio::perform::Shapes,
    },
    /// A folder was listed for the browser.
    Listed(crate::jobs::listing::Listing),
    /// A table was written.
    TableSaved(PathBuf),
    /// The store of a song was closed.
    Closed(PathBuf),
    /// Done, and nothing to take in.
    Nothing,
    /// Cancelled: nothing is left behind.
    Cancelled,
    /// It failed.
    Failed {
        /// What was tried, in a few words.
        title: String,
        /// Why not, and what can be done.
        error: anyhow::Error,
        /// Where the file was to go, for what the disk refused.
        path: Option<PathBuf>,
    },
}

/// What a job that did not come to its end has come to: cancelled, or failed.
fn ended(error: anyhow::Error, progress: &Progress, title: &str, path: Option<PathBuf>) -> Outcome {
    let cancelled = |cause: &(dyn std::error::Error + 'static)| {
        matches!(cause.downcast_ref(), Some(MediaError::Cancelled))
    };
    if progress.is_cancelled() || error.chain().any(cancelled) {
        return Outcome::Cancelled;
    }
    Outcome::Failed { title: title.to_owned(), error, path }
}

/// How a job is.
#[derive(Debug, Clone, PartialEq)]
pub enum JobState {
    /// At work.
    Running,
    /// Done; what there is to say.
    Done(String),
    /// Cancelled.
    Cancelled,
    /// Failed; why.
    Failed(String),
}

/// A job as the list shows it.
#[derive(Debug)]
pub struct Job {
    /// Its number.
    pub id: u64,
    /// "Export mix.wav".
    pub title: String,
    /// How far it is.
    pub progress: Arc<Progress>,
    /// How it is.
    pub state: JobState,
    /// Whether the list shows it: short work stays out of sight.
    pub shown: bool,
    /// Whether it may be cancelled.
    pub cancellable: bool,
    /// Whether the program waits for it when it ends.
    pub awaited: bool,
    /// Whether nobody misses it: what it makes is made again when it is asked for again.
    pub spare: bool,
    /// When it was begun.
    pub since: Instant,
    /// The file that came of it.
    pub made: Option<PathBuf>,
    /// Files that it could not take in.
    pub refused: Vec<PathBuf>,
}

/// How a job is to be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// With progress and a way to cancel.
    Shown,
    /// With progress; cannot be cancelled.
    Certain,
    /// With progress and a way to cancel; closing asks nobody whether it may be broken off.
    Spare,
    /// Not at all.
    Hidden,
    /// Not at all, and the program may end meanwhile: it waits for a person or another program, and changes nothing.
    Unawaited,
}

/// A job that has come to its end, by its number.
type Ended = (u64, Outcome);

/// All jobs of this program.
pub struct Jobs {
    list: Vec<Job>,
    next: u64,
    done: (Sender<Ended>, Receiver<Ended>),
    waker: Waker,
}

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jobs").field("list", &self.list).finish_non_exhaustive()
    }
}

impl Jobs {
    /// None yet.
    #[must_use]
    pub fn new(waker: Waker) -> Self {
        Self { list: Vec::new(), next: 0, done: unbounded(), waker }
    }

    /// Starts a job on a thread of its own. Its outcome comes from [`take`](Self::take).
    pub fn start(
        &mut self,
        title: impl Into<String>,
        listed: Listed,
        work: impl FnOnce(&Progress) -> Outcome + Send + 'static,
    ) -> u64 {
        self.next += 1;
        let (id, title, progress) = (self.next, title.into(), Arc::new(Progress::new()));
        self.list.push(Job {
            id,
            title: title.clone(),
            progress: Arc::clone(&progress),
            state: JobState::Running,
            shown: matches!(listed, Listed::Shown | Listed::Certain | Listed::Spare),
            awaited: listed != Listed::Unawaited,
            spare: listed == Listed::Spare,
            cancellable: matches!(listed, Listed::Shown | Listed::Spare),
            since: Instant::now(),
            made: None,
            refused: Vec::new(),
        });
        let (sender, waker) = (self.done.0.clone(), Arc::clone(&self.waker));
        let spawned = std::thread::Builder::new().name("job".to_owned()).spawn(move || {
            let outcome = work(&progress);
            // Nobody listens any more when the program ends.
            _ = sender.send((id, outcome));
            waker();
        });
        if let Err(error) = spawned {
            let error = anyhow::Error::from(error).context("close other programs and try again");
            _ = self.done.0.send((id, Outcome::Failed { title, error, path: None }));
        }
        id
    }

    /// What has come to an end since this was last asked. Jobs out of sight leave the list.
    pub fn take(&mut self) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        while let Ok((id, outcome)) = self.done.1.try_recv() {
            if let Some(job) = self.list.iter_mut().find(|job| job.id == id) {
                job.ended(&outcome);
            }
            self.list.retain(|job| job.shown || job.state == JobState::Running);
            outcomes.push(outcome);
        }
        outcomes
    }

    /// All that is at work or has ended in sight, oldest first.
    #[must_use]
    pub fn list(&self) -> &[Job] {
        &self.list
    }

    /// Those at work in sight.
    pub fn running(&self) -> impl Iterator<Item = &Job> {
        self.list.iter().filter(|job| job.shown && job.state == JobState::Running)
    }

    /// Those at work in sight that somebody would miss.
    pub fn missed(&self) -> impl Iterator<Item = &Job> {
        self.running().filter(|job| !job.spare)
    }

    /// Whether anything is at work that the program should not end without, in sight or not.
    #[must_use]
    pub fn at_work(&self) -> bool {
        self.list.iter().any(|job| job.awaited && job.state == JobState::Running)
    }

    /// Asks a job to stop.
    pub fn cancel(&self, id: u64) {
        if let Some(job) = self.list.iter().find(|job| job.id == id && job.cancellable) {
            job.progress.cancel();
        }
    }

    /// Takes an ended job out of sight.
    pub fn dismiss(&mut self, id: u64) {
        self.list.retain(|job| job.id != id || job.state == JobState::Running);
    }
}

impl Job {
    fn ended(&mut self, outcome: &Outcome) {
        self.state = match outcome {
            Outcome::Cancelled => JobState::Cancelled,
            Outcome::Failed { error, .. } | Outcome::NotOpened { error, .. } => {
                JobState::Failed(format!("{error:#}"))
            }
            Outcome::Exported(exported) => {
                self.made = Some(exported.path.clone());
                JobState::Done(String::new())
            }
            Outcome::Copied { folder, note } => {
                self.made = Some(folder.clone());
                JobState::Done(note.clone())
            }
            Outcome::Landed { refused, .. } if !refused.is_empty() => {
                self.refused = refused.iter().map(|refusal| refusal.path.clone()).collect();
                JobState::Failed(
                    refused.iter().map(|refusal| refusal.why.as_str()).collect::<Vec<_>>().join("\n"),
                )
            }
            _ => JobState::Done(String::new()),
        };
    }
}
