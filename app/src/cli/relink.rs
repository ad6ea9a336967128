//! `ai-dawg relink`

mod search;

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use dawg_media::{MediaError, Progress, files};
use dawg_session::{Access, Edit, Media};
use serde::Serialize;

use super::output::Output;
use super::progress::shown;
use crate::song::OpenSong;
use search::{Found, Search};

/// Find audio files that are missing, and copy them back into the song.
///
/// Searches FOLDER and the folders in it for files of the same name and length, or, where the song knows it, with
/// the same contents under any name. What is found is copied, never moved.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ai-dawg relink \"my song.dawg\" ~/Music")]
pub struct Arguments {
    /// The song's folder
    song: PathBuf,
    /// Where to search
    folder: PathBuf,
}

#[derive(Serialize)]
struct Report {
    relinked: Vec<Relinked>,
    missing: Vec<Missing>,
}

#[derive(Serialize)]
struct Relinked {
    file: String,
    #[serde(serialize_with = "super::format::path")]
    from: PathBuf,
}

#[derive(Serialize)]
struct Missing {
    file: String,
    reason: String,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.relinked.is_empty() && self.missing.is_empty() {
            return f.write_str("nothing is missing");
        }
        for Relinked { file, from } in &self.relinked {
            writeln!(f, "found {file}: {}", from.display())?;
        }
        self.missing
            .iter()
            .try_for_each(|Missing { file, reason }| writeln!(f, "still missing {file}: {reason}"))
    }
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let mut song = OpenSong::open(&arguments.song, Access::Write)?;
    super::notices(&song);
    if !arguments.folder.is_dir() {
        bail!(
            "{} is not a folder: give one that has the missing files, in it or in folders inside",
            arguments.folder.display()
        );
    }
    let missing: Vec<Media> = song.missing().into_iter().map(|media| Media::clone(media)).collect();
    let report = if missing.is_empty() {
        Report { relinked: Vec::new(), missing: Vec::new() }
    } else {
        shown("searching", |progress| relink(&mut song, &missing, &arguments.folder, progress))?
    };
    song.close()?;
    output.say(&report)?;
    if !report.missing.is_empty() {
        bail!(
            "{} file(s) are still missing; the song opens and plays without them. Search another folder",
            report.missing.len()
        );
    }
    Ok(())
}

fn relink(song: &mut OpenSong, missing: &[Media], folder: &Path, progress: &Progress) -> Result<Report> {
    let search = Search::in_folder(folder, progress)?;
    let audio = song.audio_folder();
    std::fs::create_dir_all(&audio).map_err(|error| MediaError::io(&audio, error))?;
    let mut report = Report { relinked: Vec::new(), missing: Vec::new() };
    let mut edits = Vec::new();
    for media in missing {
        progress.check()?;
        match search.find(media, progress)? {
            Found::Match { path, hash } => {
                bring(&path, &audio, &media.file)?;
                if media.hash.is_none() {
                    edits.push(Edit::SetMediaHash { media: media.id, hash: Some(hash) });
                }
                report.relinked.push(Relinked { file: media.file.clone(), from: path });
            }
            Found::Nothing { reason } => report.missing.push(Missing { file: media.file.clone(), reason }),
        }
    }
    if !edits.is_empty() {
        song.commit("Note hashes of relinked audio", edits)?;
    }
    Ok(report)
}

/// Copies a file into the song under the name that the song knows. It has that name only when it is whole.
fn bring(from: &Path, audio: &Path, name: &str) -> Result<()> {
    let part = audio.join(format!(".{name}.part-{}", std::process::id()));
    let copied = std::fs::copy(from, &part)
        .map_err(|error| MediaError::io(from, error))
        .and_then(|_| files::publish(&part, &audio.join(name)));
    if copied.is_err() {
        // What went wrong first is what the user must know.
        let _ = std::fs::remove_file(&part);
    }
    Ok(copied?)
}
