//! Rendering a song into a file, with what has to be said when it cannot be done.
//!
//! Start at [`render`]. For the command line and for the window's workers.

use std::path::Path;

use anyhow::{Result, bail};
use dawg_engine::export::{Exported, Range, export};
use dawg_media::Progress;
use dawg_media::encode::Kind;
use dawg_session::Session;
use dawg_session::store::{AUDIO_FOLDER, EXPORTS_FOLDER};

use crate::song::silent_clips;

/// Renders `range` of a song, whose files lie in `audio`, into `out`. A failure says which audio is missing.
///
/// # Errors
/// As [`export`].
pub fn render(
    session: &Session,
    audio: &Path,
    out: &Path,
    kind: Kind,
    range: Range,
    progress: &Progress,
) -> Result<Exported> {
    let exported = export(session, audio, out, kind, range, progress).map_err(anyhow::Error::from);
    match (exported, silent_clips(session, audio)) {
        (Err(error), Some(missing)) if !progress.is_cancelled() => Err(error.context(missing)),
        (exported, _) => exported,
    }
}

/// An export must not replace what the song in this folder is made of.
///
/// # Errors
/// When `out` lies in the song's audio folder.
pub fn refuse_sources(song: &Path, out: &Path) -> Result<()> {
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let same = |a: &Path, b: &Path| a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b));
    if same(parent, &song.join(AUDIO_FOLDER)) {
        bail!(
            "{} lies among the song's own audio files, which an export must not replace: give another folder, such \
             as {}",
            out.display(),
            song.join(EXPORTS_FOLDER).display()
        );
    }
    Ok(())
}
