//! What panels ask for. A panel reads a [`Studio`](super::Studio) and returns these; it changes nothing itself.

use std::path::PathBuf;

use dawg_engine::CueMix;
use dawg_engine::export::Range;
use dawg_media::encode::Kind;
use dawg_session::{Access, Edit, LaneId, Position, TrackId};

use super::command::Command;
use super::view::{Stretch, Swipe, Tab};
use crate::sound::DeviceChoice;

/// One wish of a person.
#[derive(Debug, Clone)]
pub enum Action {
    /// A named command.
    Command(Command),
    /// A change of the song: one step of history, called `label`.
    Edit {
        /// What history calls it: "Move “Take 3”".
        label: String,
        /// All or none.
        edits: Vec<Edit>,
    },
    /// A gesture is under way: shows (and, with `sound`, plays) the song as it would be; replaces the preview before.
    /// These Edits are applied to the song as committed.
    Preview {
        /// What would be done.
        edits: Vec<Edit>,
        /// Whether it is heard already: for faders and the like. Clips sound when they are dropped.
        sound: bool,
    },
    /// The gesture was taken back: the song as committed.
    CancelPreview,
    /// Lets a stretch of a lane be heard in the comp that plays, or in a new one: one step of history.
    Swipe(Swipe),
    /// Lets a lane be heard alone in place of what its track plays, or (none) ends that. Never stored.
    Hear {
        /// Whose.
        track: TrackId,
        /// Which.
        lane: Option<LaneId>,
    },
    /// Lets a stretch of a lane be heard alone, from its start if the song stands. Never stored.
    HearStretch {
        /// Which.
        lane: LaneId,
        /// The stretch.
        stretch: Stretch,
    },
    /// Goes to a place of the song, rolling or not.
    Locate(i64),
    /// Makes a song in this folder and opens it.
    NewSong(NewSong),
    /// Opens a song.
    Open {
        /// Its folder.
        folder: PathBuf,
        /// How.
        access: Access,
    },
    /// Opens a dialog of the system, off this thread; its answer comes as another action.
    Pick(Pick),
    /// Copies the song with its audio.
    SaveCopy(PathBuf),
    /// Takes files into the song.
    Import(ImportWish),
    /// Renders the song into a file.
    Export(ExportWish),
    /// Stops a job.
    CancelJob(u64),
    /// Removes a finished job or a notice from sight.
    Dismiss(Dismissed),
    /// Changes what the headphones hear; `keep` when the hand is off the control.
    Cue {
        /// To what.
        mix: CueMix,
        /// Whether it is remembered.
        keep: bool,
    },
    /// Chooses a sound device.
    Device(DeviceChoice),
    /// Asks again what devices there are.
    ListDevices,
    /// Measures the round trip through this hardware input (from 1); none ends that.
    Calibrate(Option<u16>),
    /// Forgets what was measured of the device as it is open now.
    ForgetCalibration,
    /// A tone through the device, or not.
    TestTone(bool),
    /// Meters the device's inputs whether tracks use them or not.
    WatchInputs(bool),
    /// Lets a file be heard beside the song; none stops it.
    Audition(Option<PathBuf>),
    /// Lists a folder for the browser.
    ListFolder(PathBuf),
    /// Shows a file in the system's file manager.
    ShowInFolder(PathBuf),
    /// Tries again to save what the disk refused.
    SaveAgain,
    /// Changes preferences.
    Preferences(Box<super::preferences::Preferences>),
    /// Opens a view in a window of its own.
    Detach(Tab),
    /// Clears a track's or the master's clip light (none is the master).
    ClearClip(Option<TrackId>),
    /// Answers the question that closing asked.
    Close(CloseAnswer),
    /// Forgets a recent song.
    ForgetRecent(PathBuf),
    /// Asks something of the supervisor.
    Supervise(super::operator::Wish),
    /// Writes a table to a file that is not there yet.
    SaveTable {
        /// The file.
        path: PathBuf,
        /// What to write.
        table: super::operator::table::Table,
    },
}

/// A song to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSong {
    /// The folder that it will be.
    pub folder: PathBuf,
    /// Its name.
    pub name: String,
    /// Frames a second.
    pub rate: u32,
    /// Beats a minute.
    pub bpm: f64,
}

/// What is to be chosen in a dialog of the system, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// A song to open.
    Song,
    /// Audio files to import.
    Audio,
    /// The folder for a new song: fills the dialog's field.
    NewSongFolder,
    /// Where a copy goes: fills the dialog's field.
    CopyTo,
    /// Where an export goes: fills the dialog's field.
    ExportTo,
    /// A folder for the browser.
    BrowserFolder,
    /// Where a table goes: fills the dialog's field.
    TableTo,
}

/// Files to be imported, and where to.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportWish {
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// Where the first starts; the others go on tracks of their own at the same place, or after it on one track.
    pub at: Position,
    /// The track to put them on, one after the other; none makes a track for each.
    pub track: Option<TrackId>,
    /// Take what can be had of damaged files.
    pub repair: bool,
}

/// A file to be made of the song.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportWish {
    /// The file.
    pub path: PathBuf,
    /// What kind.
    pub kind: Kind,
    /// What of the song.
    pub range: Range,
}

/// What is to go out of sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dismissed {
    /// A notice, by its number.
    Notice(u64),
    /// A finished job, by its number.
    Job(u64),
}

/// What to do with what still runs when the window closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseAnswer {
    /// Stops the recording and keeps the take, cancels exports, and closes.
    StopAndClose,
    /// Waits for the jobs, then closes.
    WaitAndClose,
    /// Closes without waiting any longer: what hangs is given up, and what is on disk found at the next opening.
    CloseAnyway,
    /// Goes on working.
    Stay,
}
