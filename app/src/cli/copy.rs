//! `ai-dawg copy`

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

use anyhow::Result;
use dawg_session::Access;
use serde::Serialize;

use super::output::Output;
use super::progress::shown;
use crate::copying::{self, Copied};
use crate::song::OpenSong;

/// Copy a song with its history, its audio and its waveforms; exports stay behind.
///
/// Works while the song is open elsewhere. The copy appears when it is whole.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ai-dawg copy \"my song.dawg\" /media/backup/\"my song.dawg\"")]
pub struct Arguments {
    /// The song's folder
    song: PathBuf,
    /// The folder to make
    to: PathBuf,
}

#[derive(Serialize)]
struct Report {
    #[serde(serialize_with = "super::format::path")]
    path: PathBuf,
    files: usize,
    bytes: u64,
    missing: Vec<String>,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} files, {:.1} MB", self.path.display(), self.files, self.bytes as f64 / 1e6)?;
        if !self.missing.is_empty() {
            write!(f, "\nmissing here as in the original: {}", self.missing.join(", "))?;
        }
        Ok(())
    }
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let song = OpenSong::open(&arguments.song, Access::ReadOnly)?;
    super::notices(&song);
    let label = format!("copying {}", song.folder().display());
    let Copied { files, bytes } =
        shown(&label, |progress| copying::copy(song.store(), &arguments.to, progress))?;
    let missing = song.missing().into_iter().map(|media| media.file.clone()).collect();
    output.say(&Report { path: arguments.to.clone(), files, bytes, missing })
}
