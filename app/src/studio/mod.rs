//! What the window works on: the open song, sound, jobs, notices and preferences. Knows nothing of egui's panels.
//!
//! Start at [`Studio`]: panels read it and return [`Action`]s, [`Studio::perform`] does them, [`Studio::poll`] takes
//! in once a frame what the other threads have sent. Nothing here waits for a file, a database, a device or a dialog.

pub mod action;
mod closing;
pub mod command;
pub mod live_pitch;
pub mod notice;
pub mod operator;
mod outcomes;
pub mod perform;
mod pitches;
pub mod places;
pub mod preferences;
mod recorded;
mod reporting;
pub mod view;
pub mod work;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dawg_engine::calibrate::Measured;
use dawg_engine::device::DeviceListing;
use dawg_engine::export::Exported;
use dawg_session::{Access, Session};

use crate::coaching::Coaching;
use crate::jobs::Jobs;
use crate::jobs::listing::Listing;
use crate::pitches::Pitches;
use crate::sound::{Readout, Sound, SoundCommand, Waker};
use crate::supervision::Supervision;
use crate::waves::Waves;
use action::Action;
pub use closing::Closing;
use live_pitch::LivePitch;
use notice::Notices;
use operator::Operator;
use places::Places;
use preferences::Preferences;
use view::View;
use work::Work;

/// What is open.
#[derive(Debug, Default)]
pub enum Stage {
    /// Nothing.
    #[default]
    Empty,
    /// A song is being made or opened.
    Opening(PathBuf),
    /// A song could not be opened.
    Failed {
        /// Which.
        folder: PathBuf,
        /// Why, and what can be done.
        why: String,
        /// Whether it may be opened for reading: another program has it.
        readable: bool,
    },
    /// A song.
    Open(Box<Work>),
}

impl Stage {
    fn work_mut(&mut self) -> Option<&mut Work> {
        match self {
            Self::Open(work) => Some(work),
            _ => None,
        }
    }
}

/// All that a window shows and changes.
#[derive(Debug)]
pub struct Studio {
    stage: Stage,
    sound: Sound,
    readout: Readout,
    jobs: Jobs,
    notices: Notices,
    waves: Waves,
    pitches: Pitches,
    live_pitch: LivePitch,
    coaching: Coaching,
    preferences: Preferences,
    devices: Vec<DeviceListing>,
    calibrated: Option<Result<Measured, String>>,
    listing: Listing,
    exported: Option<Exported>,
    closing: Option<Closing>,
    detach: Vec<view::Tab>,
    taps: Vec<Instant>,
    /// Where the transport returns to on Stop, and what Record was asked to do.
    started_at: i64,
    // When it was last asked to roll, until it is asked to stop.
    asked_to_roll: Option<Instant>,
    // The last Stop, and when what was recorded before it stood in the song.
    stopped: Option<Instant>,
    taken: Option<Instant>,
    clipboard: perform::Clipboard,
    hearing: perform::Hearing,
    swiping: perform::Swiping,
    data_folder: PathBuf,
    places: Places,
    supervision: Supervision,
    operator: Operator,
}

impl Studio {
    /// Starts sound and workers. `data_folder` is where preferences are kept.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(preferences: Preferences, data_folder: PathBuf, waker: Waker) -> std::io::Result<Self> {
        let sound = Sound::start(preferences.device.clone(), Arc::clone(&waker))?;
        sound.send(SoundCommand::Calibrations(data_folder.clone()));
        sound.send(SoundCommand::Cue(preferences.cue));
        let coaching = Coaching::new(Arc::clone(&waker));
        let operator = Operator::new(&data_folder, Arc::clone(&waker));
        Ok(Self {
            stage: Stage::Empty,
            sound,
            readout: Readout::default(),
            jobs: Jobs::new(Arc::clone(&waker)),
            notices: Notices::default(),
            waves: Waves::start(Arc::clone(&waker))?,
            pitches: Pitches::start(waker)?,
            live_pitch: LivePitch::default(),
            coaching,
            preferences,
            devices: Vec::new(),
            calibrated: None,
            listing: Listing::default(),
            exported: None,
            closing: None,
            detach: Vec::new(),
            taps: Vec::new(),
            started_at: 0,
            asked_to_roll: None,
            stopped: None,
            taken: None,
            clipboard: perform::Clipboard::default(),
            hearing: perform::Hearing::default(),
            swiping: perform::Swiping::default(),
            data_folder,
            places: Places::of_this_person(),
            supervision: Supervision::default(),
            operator,
        })
    }

    /// When Stop was last asked for, and when a recording last became takes of the song.
    #[must_use]
    pub fn stopped_and_taken(&self) -> (Option<Instant>, Option<Instant>) {
        (self.stopped, self.taken)
    }

    /// What is open.
    #[must_use]
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The open song.
    #[must_use]
    pub fn work(&self) -> Option<&Work> {
        match &self.stage {
            Stage::Open(work) => Some(work),
            _ => None,
        }
    }

    /// The open song as it is shown, with the gesture under way.
    #[must_use]
    pub fn session(&self) -> Option<&Arc<Session>> {
        self.work().map(Work::session)
    }

    /// The newest that the sound thread saw, as of this frame.
    #[must_use]
    pub fn readout(&self) -> &Readout {
        &self.readout
    }

    /// Work in the background.
    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// What there is to tell.
    #[must_use]
    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Waveforms.
    #[must_use]
    pub fn waves(&self) -> &Waves {
        &self.waves
    }

    /// Pitch curves of the song's media.
    #[must_use]
    pub fn pitches(&self) -> &Pitches {
        &self.pitches
    }

    /// What the followed tracks have sung lately.
    #[must_use]
    pub fn live_pitch(&self) -> &LivePitch {
        &self.live_pitch
    }

    /// What the person chose.
    #[must_use]
    pub fn preferences(&self) -> &Preferences {
        &self.preferences
    }

    /// What the last measurement of the round trip came to, since one was begun.
    #[must_use]
    pub fn calibrated(&self) -> Option<&Result<Measured, String>> {
        self.calibrated.as_ref()
    }

    /// The devices that there were when last asked.
    #[must_use]
    pub fn devices(&self) -> &[DeviceListing] {
        &self.devices
    }

    /// What the browser's folder holds.
    #[must_use]
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// The last export's result.
    #[must_use]
    pub fn exported(&self) -> Option<&Exported> {
        self.exported.as_ref()
    }

    /// Views that are to open in windows of their own; asked by the window once a frame.
    pub fn take_detached(&mut self) -> Vec<view::Tab> {
        std::mem::take(&mut self.detach)
    }

    /// Where songs go unless a person chose otherwise: `AI DAWG` in the music folder.
    #[must_use]
    pub fn songs_folder(&self) -> PathBuf {
        self.preferences.songs_folder.clone().unwrap_or_else(|| {
            self.places.music.clone().unwrap_or_else(|| self.data_folder.clone()).join("AI DAWG")
        })
    }

    /// Where things of the person usually lie.
    #[must_use]
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Where preferences and the demo song are kept.
    #[must_use]
    pub fn data_folder(&self) -> &std::path::Path {
        &self.data_folder
    }

    /// Takes in what the other threads have sent. Once a frame, before panels are drawn. Returns when the next look is
    /// due at the latest, if nothing else happens.
    pub fn poll(&mut self, view: &mut View) -> Option<Duration> {
        self.readout = self.sound.readout();
        for event in self.sound.events() {
            self.take_sound_event(event, view);
        }
        for outcome in self.jobs.take() {
            self.take_outcome(outcome, view);
        }
        self.take_pitch();
        self.take_supervision();
        let mut due = self.notices.age();
        let mut steps = Vec::new();
        if let Stage::Open(work) = &mut self.stage {
            steps = work.caught_up();
            work.poll();
            due = sooner(due, work.next_look());
        }
        for step in steps {
            self.after_step(step);
        }
        if self.jobs.running().next().is_some() {
            due = sooner(due, Some(Duration::from_millis(100)));
        }
        self.follow_curves();
        self.follow_hearing();
        self.follow_closing();
        if self.closing.is_some_and(Closing::finishes) {
            // The end of the supervisor is looked for, not told.
            due = sooner(due, Some(Duration::from_millis(100)));
        }
        self.report();
        due
    }

    /// Opens a song, in the background. The one that is open is closed when the other is there.
    pub fn open(&mut self, folder: PathBuf, access: Access) {
        if self.work().is_some_and(|work| work.folder() == folder && work.writable()) {
            return;
        }
        // Its own lock would refuse it.
        if self.work().is_some_and(|work| work.folder() == folder) {
            self.leave_song();
        }
        let listed = self.awaits(&folder);
        self.jobs.start("Open song", listed, move |_| crate::jobs::songs::open(folder, access));
    }

    /// A song is on its way: the page says so, unless one is open, which is worked on until then.
    fn awaits(&mut self, folder: &std::path::Path) -> crate::jobs::Listed {
        if self.work().is_some() {
            return crate::jobs::Listed::Certain;
        }
        self.stage = Stage::Opening(folder.to_owned());
        crate::jobs::Listed::Hidden
    }

    /// Sends the song as it is shown to the engine.
    fn sound_follows(&mut self) {
        self.hearing_follows();
        if let Stage::Open(work) = &self.stage {
            self.sound.send(SoundCommand::Session(self.hearing.of(work.session())));
        }
    }

    /// Lets go of the open song: its store is closed by a worker.
    fn leave_song(&mut self) {
        self.finish_swipes();
        self.sound.send(SoundCommand::NoSong);
        self.hearing = perform::Hearing::default();
        self.pitches.open(None, &self.jobs);
        if let Stage::Open(work) = std::mem::take(&mut self.stage) {
            let folder = work.folder().to_owned();
            let store = work.into_store();
            self.jobs.start("Close song", crate::jobs::Listed::Hidden, move |_| {
                crate::jobs::songs::close(folder, store)
            });
        }
    }

    /// Does what a panel asked for.
    pub fn perform(&mut self, action: Action, view: &mut View) {
        perform::perform(self, action, view);
    }
}

/// The earlier of two dates, of which either may be none.
pub(crate) fn sooner(a: Option<Duration>, b: Option<Duration>) -> Option<Duration> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
