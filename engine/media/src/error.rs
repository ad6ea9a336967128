//! What can go wrong with a file, in words for the person whose file it is.
//!
//! Each message names the file, the reason and what to do. Start at [`MediaError`]; [`MediaError::io`] is
//! the one place that turns an operating system's error into one of ours.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most channels a file may have: as many as the largest multitrack recorders write.
pub const MAX_CHANNELS: u16 = 64;

/// The rates that are imported and exported, in frames a second.
pub const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;

/// Why a media file could not be read or written. Cheap to clone, so that several who wait for one block can
/// each be told.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// There is no such file.
    #[error("{}: there is no such file. Check the name, or relink the song to the folder that has it.", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The folder that a file should be written into does not exist.
    #[error("{}: the folder to write into does not exist. Make it first, or choose another.", path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// What is there is no file.
    #[error("{}: this is {what}, not a file. Choose an audio file.", path.display())]
    NotAFile {
        /// The place.
        path: PathBuf,
        /// "a folder" or "a pipe or device".
        what: &'static str,
    },
    /// The file has no bytes.
    #[error("{}: the file is empty. Copy or download it again.", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file stops before its own header says it should.
    #[error(
        "{}: the file is cut off: {readable} frames can be read{}. Copy or download it again, or import it with repair to take what is there.",
        path.display(),
        expected.map(|n| format!(" of {n}")).unwrap_or_default()
    )]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Frames that can be read.
        readable: u64,
        /// Frames that the header promises, where it says so.
        expected: Option<u64>,
    },
    /// Nothing here knows what the file is.
    #[error("{}: not a kind of audio file known here. WAV, AIFF, FLAC, MP3, M4A (AAC, ALAC) and Ogg Vorbis are: convert it to one of them.", path.display())]
    UnknownKind {
        /// The file.
        path: PathBuf,
    },
    /// The file is of a known kind, but its contents make no sense.
    #[error("{}: the file is damaged ({reason}). Copy or download it again, or export it again from where it was made.", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What makes no sense.
        reason: String,
    },
    /// The file is sound, but uses something that is not supported.
    #[error("{}: {what} is not supported. Convert the file to WAV or FLAC.", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What is not supported.
        what: String,
    },
    /// The file holds no audio, or audio of length zero.
    #[error("{}: there is no audio in the file. Choose another.", path.display())]
    NoAudio {
        /// The file.
        path: PathBuf,
    },
    /// More channels than are supported here.
    #[error("{}: {channels} channels are too many, {limit} is the most. Split or fold the file down first, or choose WAV.", path.display())]
    TooManyChannels {
        /// The file.
        path: PathBuf,
        /// Channels asked for or found.
        channels: u32,
        /// The most that this kind of file can hold here.
        limit: u16,
    },
    /// A sample rate that this kind of file cannot have.
    #[error("{}: a sample rate of {rate} Hz is not supported here. Convert the file to 44100 or 48000 Hz first, or export to WAV.", path.display())]
    UnsupportedRate {
        /// The file.
        path: PathBuf,
        /// The rate, in frames a second.
        rate: u32,
    },
    /// An export was asked for that this build or this kind of file cannot do.
    #[error("{}: {reason}", path.display())]
    CannotEncode {
        /// The file that was to be made.
        path: PathBuf,
        /// Why, and what to choose instead.
        reason: String,
    },
    /// There is no room left, or a quota is used up.
    #[error("{}: the disk is full. Free some space and try again; nothing that was finished is lost.", path.display())]
    DiskFull {
        /// The file being written.
        path: PathBuf,
    },
    /// The file or folder may not be written or read by this user.
    #[error("{}: not allowed: the place is read-only, or belongs to another user. Choose another folder, or change its permissions.", path.display())]
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
    },
    /// A peak file that is missing, damaged, of another version, or older than its media: rebuild it.
    #[error("{}: the waveform overview does not fit its audio ({reason}). It is rebuilt from the audio; nothing is lost.", path.display())]
    StalePeaks {
        /// The peak file.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// A pitch curve that is damaged, of another version, or older than its media: track it anew.
    #[error("{}: the pitch curve does not fit its audio ({reason}). It is tracked anew from the audio; nothing is lost.", path.display())]
    StalePitch {
        /// The pitch file.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// Any other failure of the disk or the operating system.
    #[error("{}: {source}. Check the disk, then try again.", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: Arc<io::Error>,
    },
    /// The person cancelled; nothing was left behind.
    #[error("cancelled: nothing was changed. Start again when you like.")]
    Cancelled,
}

impl MediaError {
    /// Sorts an operating system's error on `path` into ours: full disk (also a used-up quota), read-only,
    /// missing, anything else.
    pub fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly { path },
            io::ErrorKind::NotFound => Self::Missing { path },
            _ => Self::Io { path, source: Arc::new(source) },
        }
    }

    pub(crate) fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), reason: reason.into() }
    }

    pub(crate) fn unsupported(path: &Path, what: impl Into<String>) -> Self {
        Self::Unsupported { path: path.to_owned(), what: what.into() }
    }
}

/// Adds the file's name to an operating system's error.
pub(crate) trait OnPath<T> {
    /// See [`MediaError::io`].
    fn on(self, path: &Path) -> Result<T, MediaError>;
}

impl<T> OnPath<T> for io::Result<T> {
    fn on(self, path: &Path) -> Result<T, MediaError> {
        self.map_err(|source| MediaError::io(path, source))
    }
}
