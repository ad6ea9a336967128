//! `ai-dawg new`

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::builder::{OsStringValueParser, TypedValueParser};
use dawg_session::{Name, Session, SongId, Tempo};
use serde::Serialize;

use super::output::Output;
use crate::song::OpenSong;

/// Make an empty song.
///
/// SONG is the folder to make, by custom NAME.dawg; the song is called NAME. Nothing that is there already is
/// touched.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ai-dawg new \"my song.dawg\" --tempo 92")]
pub struct Arguments {
    /// The folder to make
    // Not clap's own parser of paths: an empty name gets the same answer as any other that cannot be.
    #[arg(value_parser = OsStringValueParser::new().map(PathBuf::from))]
    song: PathBuf,
    /// Frames a second of all its audio, 8000 to 192000
    #[arg(long, default_value_t = 48_000)]
    rate: u32,
    /// Beats a minute, 10 to 999
    #[arg(long, default_value_t = 120.0)]
    tempo: f64,
}

#[derive(Serialize)]
struct Report {
    #[serde(serialize_with = "super::format::path")]
    path: PathBuf,
    name: String,
    id: SongId,
    sample_rate: u32,
    tempo: f64,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { path, name, sample_rate, tempo, .. } = self;
        write!(f, "made “{name}” in {} ({sample_rate} Hz, {tempo} beats a minute)", path.display())
    }
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let Arguments { song: folder, rate, tempo } = arguments;
    if !(8_000..=192_000).contains(rate) {
        bail!(
            "a rate of {rate} is out of range: give 8000 to 192000 frames a second; 44100 and 48000 are usual"
        );
    }
    let Some(tempo) = Tempo::from_bpm(*tempo) else {
        bail!("a tempo of {tempo} is out of range: give 10 to 999 beats a minute");
    };
    let session = Session::new(SongId::fresh(), song_name(folder)?, *rate, tempo);
    OpenSong::create(folder, &session)?.close()?;
    output.say(&Report {
        path: folder.clone(),
        name: session.name.to_string(),
        id: session.id,
        sample_rate: *rate,
        tempo: tempo.bpm(),
    })
}

/// What a song in this folder is called: the folder's name without `.dawg`.
fn song_name(folder: &Path) -> Result<Name> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.strip_suffix(".dawg").unwrap_or(&name);
    Name::new(name).with_context(|| {
        format!(
            "“{}” cannot name a song: give the folder to make, such as \"my song.dawg\"",
            folder.display()
        )
    })
}
