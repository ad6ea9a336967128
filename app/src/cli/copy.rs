//! `ai-dawg copy`

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use dawg_media::{MediaError, Progress};
use dawg_session::Access;
use dawg_session::store::{AUDIO_FOLDER, DATABASE_FILE, EXPORTS_FOLDER, PEAKS_FOLDER};
use serde::Serialize;

use super::output::Output;
use super::progress::shown;
use crate::hidden::HiddenFolder;
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
    let copy = HiddenFolder::beside(&arguments.to)?;
    refuse_inside(&song, &arguments.to)?;
    let label = format!("copying {}", song.folder().display());
    let (files, bytes) = shown(&label, |progress| fill(&song, copy.path(), progress))
        .with_context(|| format!("{} was not made, and nothing was left behind", arguments.to.display()))?;
    copy.publish()?;
    let missing = song.missing().into_iter().map(|media| media.file.clone()).collect();
    output.say(&Report { path: arguments.to.clone(), files, bytes, missing })
}

fn fill(song: &OpenSong, copy: &Path, progress: &Progress) -> Result<(usize, u64)> {
    make_folder(copy)?;
    for inner in [AUDIO_FOLDER, PEAKS_FOLDER, EXPORTS_FOLDER] {
        make_folder(&copy.join(inner))?;
    }
    // First the song, then its audio: whatever the song knows by now has its file already.
    song.store().backup(&copy.join(DATABASE_FILE)).wait()?;
    let mut files = files_in(&song.audio_folder())?;
    let audio = files.len();
    files.extend(files_in(&song.peaks_folder())?);
    progress.set_total(files.iter().map(|(_, bytes)| bytes).sum());
    let mut copied = 0;
    for (index, (file, _)) in files.iter().enumerate() {
        progress.check()?;
        let folder = if index < audio { AUDIO_FOLDER } else { PEAKS_FOLDER };
        copied += copy_file(file, &copy.join(folder))?;
        progress.set_done(copied);
    }
    Ok((files.len(), copied))
}

fn make_folder(folder: &Path) -> Result<()> {
    Ok(fs::create_dir(folder).map_err(|error| MediaError::io(folder, error))?)
}

/// The files of a folder with their sizes; none where there is no folder, and none that is being written (hidden).
fn files_in(folder: &Path) -> Result<Vec<(PathBuf, u64)>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| MediaError::io(folder, error))? {
        let entry = entry.map_err(|error| MediaError::io(folder, error))?;
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        // Follows links: the copy is to stand on its own.
        if let Ok(found) = fs::metadata(entry.path())
            && found.is_file()
            && !is_hidden
        {
            files.push((entry.path(), found.len()));
        }
    }
    Ok(files)
}

fn copy_file(file: &Path, folder: &Path) -> Result<u64> {
    let to = folder.join(file.file_name().unwrap_or_default());
    let bytes = fs::copy(file, &to).map_err(|error| MediaError::io(file, error))?;
    // So that what gets its name at the end is on the disk as well.
    fs::File::open(&to).and_then(|copied| copied.sync_all()).map_err(|error| MediaError::io(&to, error))?;
    Ok(bytes)
}

fn refuse_inside(song: &OpenSong, to: &Path) -> Result<()> {
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Ok(parent), Ok(folder)) = (parent.canonicalize(), song.folder().canonicalize()) else {
        return Ok(());
    };
    if parent.starts_with(&folder) {
        bail!("{} lies inside the song itself: give a place outside of it", to.display());
    }
    Ok(())
}
