//! Copying a song with its history, its audio and its waveforms, while it is open here or elsewhere.
//!
//! Start at [`copy`]. For the command line and for the window's workers.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use dawg_media::{MediaError, Progress};
use dawg_session::Store;
use dawg_session::store::{AUDIO_FOLDER, DATABASE_FILE, EXPORTS_FOLDER, PEAKS_FOLDER};

use crate::hidden::HiddenFolder;

/// Bytes of a file between two looks at whether to stop.
const STEP: u64 = 16 << 20;

/// What was copied beside the song itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Files of audio and peaks.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// Copies a song into the folder `to`, which appears when the copy is whole. Exports stay behind. `progress` counts
/// bytes.
///
/// # Errors
/// When `to` exists, lies inside the song, or has no parent folder; when the disk fails; when it was cancelled.
/// Nothing is left behind then.
pub fn copy(store: &Store, to: &Path, progress: &Progress) -> Result<Copied> {
    let copy = HiddenFolder::beside(to)?;
    refuse_inside(store.folder(), to)?;
    let copied = fill(store, copy.path(), progress)
        .with_context(|| format!("{} was not made, and nothing was left behind", to.display()))?;
    copy.publish()?;
    Ok(copied)
}

fn fill(store: &Store, copy: &Path, progress: &Progress) -> Result<Copied> {
    make_folder(copy)?;
    for inner in [AUDIO_FOLDER, PEAKS_FOLDER, EXPORTS_FOLDER] {
        make_folder(&copy.join(inner))?;
    }
    // First the song, then its audio: whatever the song knows by now has its file already.
    store.backup(&copy.join(DATABASE_FILE)).wait()?;
    let mut files = files_in(&store.folder().join(AUDIO_FOLDER))?;
    let audio = files.len();
    files.extend(files_in(&store.folder().join(PEAKS_FOLDER))?);
    progress.set_total(files.iter().map(|(_, bytes)| bytes).sum());
    let mut bytes = 0;
    for (index, (file, _)) in files.iter().enumerate() {
        let folder = if index < audio { AUDIO_FOLDER } else { PEAKS_FOLDER };
        bytes += copy_file(file, &copy.join(folder), progress)?;
    }
    Ok(Copied { files: files.len(), bytes })
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

fn copy_file(file: &Path, folder: &Path, progress: &Progress) -> Result<u64> {
    let to = folder.join(file.file_name().unwrap_or_default());
    let from = File::open(file).map_err(|error| MediaError::io(file, error))?;
    let mut copied = File::create_new(&to).map_err(|error| MediaError::io(&to, error))?;
    let mut bytes = 0;
    loop {
        progress.check()?;
        let step =
            io::copy(&mut (&from).take(STEP), &mut copied).map_err(|error| MediaError::io(&to, error))?;
        if step == 0 {
            break;
        }
        bytes += step;
        progress.advance(step);
    }
    // So that what gets its name at the end is on the disk as well.
    copied.sync_all().map_err(|error| MediaError::io(&to, error))?;
    Ok(bytes)
}

fn refuse_inside(song: &Path, to: &Path) -> Result<()> {
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Ok(parent), Ok(folder)) = (parent.canonicalize(), song.canonicalize()) else {
        return Ok(());
    };
    if parent.starts_with(&folder) {
        bail!("{} lies inside the song itself: give a place outside of it", to.display());
    }
    Ok(())
}
