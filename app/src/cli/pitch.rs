//! `ai-dawg pitch`

mod file;
mod live;
mod notes;
mod row;
mod song;
mod summary;
mod teller;
mod typed;
mod voice;

use std::path::PathBuf;

use anyhow::{Result, bail};
use dawg_session::Input;

use super::output::Output;
use super::sound::SoundOptions;
use teller::Form;
use typed::{A4, Bounds, wrongly};

/// What `ai-dawg pitch --help` says first.
pub(super) const ABOUT: &str = "\
Follow the pitch of a voice: in a file, on a track, or live.

FILE is anything that `import` reads, at its own rate. Of a song, --track says whose voice: what the track plays is \
followed, or with --lane one take of it. Printed is what was sung in a few lines, and its notes.

--csv prints one row each 10 ms, as it comes: time (seconds of the file or the song: the moment that the row speaks \
of), frequency (Hz), note, cents beside it, confidence (0 to 1), voiced (0 or 1). Frequency, note and cents are empty \
where nobody sings. --json prints one object: rate, a4, rows and notes. A note has start and end in seconds, its \
median frequency, cents beside the key, drift (by how many cents its end lies above its beginning), and vibrato \
(waves a second, and cents from lowest to highest), or null. In tune is within 15 cents.

--live prints the same CSV rows of the sound device's input while somebody sings, until Ctrl-C; with --notes or --json \
it prints the notes, or the object, when it ends. Times count from the header line on. Nothing is recorded.";

/// Follow the pitch of a voice: in a file, on a track, or live.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ai-dawg pitch voice.wav
  ai-dawg pitch voice.mp3 --csv > voice.csv
  ai-dawg pitch voice.wav --notes --a4 442 --range A2..A5
  ai-dawg pitch \"my song.dawg\" --track Voice
  ai-dawg pitch \"my song.dawg\" --track Voice --lane 3 --json
  ai-dawg pitch --live --input 1 --seconds 20")]
pub struct Arguments {
    /// An audio file, or a song's folder
    #[arg(value_name = "FILE|SONG", required_unless_present = "live", conflicts_with = "live")]
    source: Option<PathBuf>,
    /// Whose voice in a song
    #[arg(long, value_name = "NAME", conflicts_with = "live")]
    track: Option<String>,
    /// One take: its number, or a lane's name (name:3 for a lane called 3) [default: what the track plays]
    #[arg(long, value_name = "LANE", requires = "track")]
    lane: Option<String>,
    /// Print CSV: a row each 10 ms, or with --notes a row for each note
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print the notes that were found, and no rows
    #[arg(long)]
    notes: bool,
    /// The pitch of A4 in Hz, 415 to 466 [default: the song's, else 440]
    #[arg(long, value_name = "HZ", value_parser = typed::a4)]
    a4: Option<A4>,
    /// What to listen for: LOW..HIGH in notes or Hz, as A2..E5 or 100..700 [default: E2..C6]
    #[arg(long, value_name = "RANGE", value_parser = typed::bounds, conflicts_with = "live")]
    range: Option<Bounds>,
    /// Follow a file as --live would: no row depends on what comes more than 30 ms after it
    #[arg(long)]
    causal: bool,
    /// Take what is there of a damaged file; what is not is silent
    #[arg(long, conflicts_with_all = ["track", "live"])]
    repair: bool,
    /// Listen to the sound device's input
    #[arg(long)]
    live: bool,
    /// The hardware channel, or 1+2 for the mean of two [default: 1]
    #[arg(long, value_name = "INPUT", value_parser = typed::input, requires = "live", conflicts_with = "source")]
    input: Option<Input>,
    /// End by itself after so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = typed::seconds, requires = "live", conflicts_with = "source")]
    seconds: Option<f64>,
    #[command(flatten)]
    sound: SoundOptions,
}

impl Arguments {
    /// What was asked for, where text for people is the custom.
    fn form(&self, json: bool) -> Form {
        match (json, self.csv, self.notes) {
            (true, ..) => Form::Json,
            (false, true, false) => Form::Rows,
            (false, true, true) => Form::NoteRows,
            (false, false, true) => Form::Notes,
            (false, false, false) if self.live => Form::Rows,
            (false, false, false) => Form::Summary,
        }
    }
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let Some(source) = &arguments.source else { return live::run(arguments, output) };
    if !arguments.sound.is_any() {
        return Err(wrongly("--host, --device and --buffer are for --live: leave them out, or the file"));
    }
    let shown = source.display();
    match (&arguments.track, source.is_dir()) {
        (None, false) => file::run(source, arguments, output),
        (Some(track), true) => song::run(source, track, arguments, output),
        (None, true) => Err(wrongly(&format!(
            "{shown} is a folder: of a song, say whose voice by --track NAME (`ai-dawg info SONG` lists the tracks)"
        ))),
        (Some(_), false) if source.exists() => {
            Err(wrongly(&format!("{shown} is a file, and has no tracks: leave --track out, or give a song")))
        }
        (Some(_), false) => bail!("{shown}: there is no such song: check the name"),
    }
}
