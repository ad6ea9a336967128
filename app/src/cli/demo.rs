//! `ai-dawg demo`

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

use anyhow::{Context, Result};
use dawg_engine::export::Range;
use dawg_media::encode::Kind;
use dawg_media::wav::SampleFormat;
use dawg_session::Access;
use serde::Serialize;

use super::output::{Output, note};
use super::progress::shown;
use super::sound::SoundOptions;
use super::{export, play};
use crate::song::OpenSong;

/// Make the demo song, render it to WAV, and play it with --play.
///
/// A song like any other: open it, change it, export it. One that is there already is used as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ai-dawg demo --play")]
pub struct Arguments {
    /// The song's folder [default: demo.dawg in $AI_DAWG_DATA, or in “AI DAWG” in the user's data folder]
    #[arg(long, value_name = "SONG")]
    to: Option<PathBuf>,
    /// Play it, if there is a sound device
    #[arg(long)]
    play: bool,
}

#[derive(Serialize)]
struct Report {
    #[serde(serialize_with = "super::format::path")]
    song: PathBuf,
    made: bool,
    export: export::Report,
    played: Option<play::Report>,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "the demo song is {}", self.song.display())?;
        write!(f, "{}", self.export)?;
        self.played.iter().try_for_each(|played| write!(f, "\n{played}"))
    }
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let folder = arguments.to.clone().map_or_else(default_place, Ok)?;
    let made = folder.symlink_metadata().is_err();
    if made {
        shown("making the demo song", |progress| crate::demo::build(&folder, progress))?;
    }
    let song = OpenSong::open(&folder, Access::ReadOnly)
        .context("what is there instead of the demo song cannot be used: move it away, or choose another place by --to")?;
    super::notices(&song);
    let exports = song.exports_folder();
    std::fs::create_dir_all(&exports).map_err(|error| dawg_media::MediaError::io(&exports, error))?;
    let kind = Kind::Wav(SampleFormat::Int24);
    let export = export::render(&song, &exports.join("demo.wav"), kind, Range::Song)?;
    let mut report = Report { song: folder, made, export, played: None };
    if !arguments.play {
        return output.say(&report);
    }
    // What was made is said before it sounds; with --json there is one value, at the end.
    output.now(&report.to_string())?;
    match play::play(&song, 0, None, &SoundOptions::any(), output) {
        Ok(played) => report.played = Some(played),
        Err(error) => {
            note(&format!("it cannot be played here: {error:#}. The WAV file above is there all the same"));
        }
    }
    output.last(&report, |report| report.played.as_ref().map(ToString::to_string))
}

fn default_place() -> Result<PathBuf> {
    let data = super::data_folder()?;
    std::fs::create_dir_all(&data).map_err(|error| dawg_media::MediaError::io(&data, error))?;
    Ok(data.join("demo.dawg"))
}
