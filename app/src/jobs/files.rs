//! Jobs on files: import, export, hashes. Dialogs, listings and preferences stand in rooms of their own beside it.

use std::path::{Path, PathBuf};

use dawg_engine::export::Exported;
use dawg_media::files::hash_file;
use dawg_media::{MediaError, Progress};
use dawg_session::store::{DATABASE_FILE, EXPORTS_FOLDER};
use dawg_session::{MediaId, Session};

use super::listing::{audio_in, is_song};
use super::part::part;
use super::{Outcome, Refusal};
use crate::intake::Intake;
use crate::rendering;
use crate::studio::action::{ExportWish, ImportWish};

pub use super::listing::list;
pub use super::picking::pick;
pub use super::preferences::{load as load_preferences, save as save_preferences};
pub use super::showing::show_in_folder;
pub use super::tables::save_table;

/// Takes files into a song's folder, each by itself: what cannot be taken in is refused with why. Cancelled, nothing
/// of them is left.
#[must_use]
pub fn import(folder: PathBuf, rate: u32, wish: ImportWish, progress: &Progress) -> Outcome {
    let title = "Nothing was imported";
    let mut refused = Vec::new();
    let files = files_of(&wish.files, &mut refused);
    let mut intake = match Intake::into_folder(&folder) {
        Ok(intake) => intake,
        Err(error) => return super::ended(error, progress, title, None),
    };
    progress.set_total(files.iter().map(|(_, bytes)| bytes).sum());
    for (file, bytes) in files {
        if progress.is_cancelled() {
            return Outcome::Cancelled;
        }
        let taken = part(progress, bytes, |part| intake.take(&file, rate, wish.repair, part).map(drop));
        match taken {
            Ok(()) => {}
            Err(_) if progress.is_cancelled() => return Outcome::Cancelled,
            Err(error) => {
                let part = |cause: &MediaError| {
                    matches!(cause, MediaError::Truncated { .. } | MediaError::Damaged { .. })
                };
                let partly = !wish.repair && error.chain().filter_map(|cause| cause.downcast_ref()).any(part);
                refused.push(Refusal { path: file, why: format!("{error:#}"), partly });
            }
        }
    }
    if progress.is_cancelled() {
        return Outcome::Cancelled;
    }
    Outcome::Landed { wish, folder, intake, refused }
}

/// The files that are meant, with their sizes: of folders the audio files inside, by name.
fn files_of(wished: &[PathBuf], refused: &mut Vec<Refusal>) -> Vec<(PathBuf, u64)> {
    let mut files = Vec::new();
    let mut refuse = |path: &PathBuf, why: String| {
        refused.push(Refusal { path: path.clone(), why, partly: false });
    };
    for path in wished {
        if is_song(path) || path.file_name().is_some_and(|name| name == DATABASE_FILE) {
            refuse(path, "This is a song, not an audio file: open it by Open song.".to_owned());
        } else if path.is_dir() {
            match audio_in(path) {
                Ok(inside) if inside.is_empty() => {
                    refuse(path, "There are no audio files in this folder.".to_owned());
                }
                Ok(inside) => files.extend(inside),
                Err(why) => refuse(path, why),
            }
        } else {
            files.push(path.clone());
        }
    }
    let size = |file: &PathBuf| file.metadata().map_or(0, |found| found.len()).max(1);
    let sizes: Vec<u64> = files.iter().map(size).collect();
    files.into_iter().zip(sizes).collect()
}

/// Renders a song into a file.
#[must_use]
pub fn export(session: &Session, audio: &Path, wish: &ExportWish, progress: &Progress) -> Outcome {
    match render(session, audio, wish, progress) {
        Ok(exported) => Outcome::Exported(exported),
        Err(error) => {
            let name = wish.path.file_name().unwrap_or_default().to_string_lossy();
            let title = format!("“{name}” was not exported");
            super::ended(error, progress, &title, Some(wish.path.clone()))
        }
    }
}

fn render(
    session: &Session,
    audio: &Path,
    wish: &ExportWish,
    progress: &Progress,
) -> anyhow::Result<Exported> {
    let song = audio.parent().unwrap_or(Path::new("."));
    let exports = song.join(EXPORTS_FOLDER);
    if wish.path.parent() == Some(&exports) {
        std::fs::create_dir_all(&exports).map_err(|error| MediaError::io(&exports, error))?;
    }
    rendering::refuse_sources(song, &wish.path)?;
    rendering::render(session, audio, &wish.path, wish.kind, wish.range, progress)
}

/// Hashes of media, by id and file name in `audio`. A file that cannot be read is left out: it can be found by its
/// name and length too.
#[must_use]
pub fn hashes(folder: PathBuf, audio: &Path, media: &[(MediaId, String)]) -> Outcome {
    let mut hashes = Vec::new();
    for (id, file) in media {
        match hash_file(&audio.join(file), &Progress::new()) {
            Ok(hash) => hashes.push((*id, hash)),
            Err(error) => tracing::warn!(%error, "the hash of new audio was not noted"),
        }
    }
    Outcome::Hashes { folder, hashes }
}
