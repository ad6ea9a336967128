//! `ai-dawg export`

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::ValueEnum;
use dawg_engine::export::{Exported, Range};
use dawg_media::encode::Kind;
use dawg_media::wav::SampleFormat;
use dawg_session::{Access, Session, parse_range};
use serde::Serialize;

use super::format::{Level, Time, finite};
use super::output::Output;
use super::progress::shown;
use crate::rendering::{refuse_sources, render as render_song};
use crate::song::OpenSong;

/// Render a song to a file: the whole song with its tail, or a range.
///
/// The ending of OUT says the kind: .wav, .flac or .mp3. A file that is there already is replaced only when the new
/// one is whole.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ai-dawg export \"my song.dawg\" mix.wav
  ai-dawg export \"my song.dawg\" chorus.flac --depth 16 --range '9|1|0..17|1|0'")]
pub struct Arguments {
    /// The song's folder
    song: PathBuf,
    /// The file to make
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// Bits a sample of WAV and FLAC: 16 (dithered), 24 (by default), or 32f (float, WAV only)
    #[arg(long, value_enum)]
    depth: Option<Depth>,
    /// Kilobits a second of MP3 [default: 320]
    #[arg(long)]
    kbps: Option<u16>,
    /// Two times with two dots between: exactly these samples
    #[arg(long, value_name = "A..B", allow_hyphen_values = true)]
    range: Option<String>,
}

/// Bits a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Depth {
    /// 16-bit integers, dithered
    #[value(name = "16")]
    Bits16,
    /// 24-bit integers
    #[value(name = "24")]
    Bits24,
    /// 32-bit floats
    #[value(name = "32f")]
    Float32,
}

/// What was made, as JSON says it.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    #[serde(serialize_with = "super::format::path")]
    path: PathBuf,
    frames: u64,
    seconds: f64,
    sample_rate: u32,
    /// dBFS; null for silence.
    peak_db: Option<f64>,
    true_peak_db: Option<f64>,
    /// Null for silence.
    lufs: Option<f64>,
    clipped: u64,
    note: Option<String>,
}

impl From<Exported> for Report {
    fn from(exported: Exported) -> Self {
        Self {
            path: exported.path,
            frames: exported.frames,
            seconds: exported.frames as f64 / f64::from(exported.rate.max(1)),
            sample_rate: exported.rate,
            peak_db: finite(exported.peak_db),
            true_peak_db: finite(exported.true_peak_db),
            lufs: finite(exported.lufs),
            clipped: exported.clipped,
            note: exported.note,
        }
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let length = Time { samples: i64::try_from(self.frames).unwrap_or(i64::MAX), rate: self.sample_rate };
        let level = |level: Option<f64>| Level(level.unwrap_or(f64::NEG_INFINITY));
        let [peak, true_peak, loudness] = [self.peak_db, self.true_peak_db, self.lufs].map(level);
        writeln!(f, "{}", self.path.display())?;
        write!(f, "length {length}, peak {peak} dBFS, true peak {true_peak} dBTP, loudness {loudness} LUFS")?;
        if self.clipped > 0 {
            write!(f, "\n{} samples were too loud and are clipped: turn the master down", self.clipped)?;
        }
        self.note.iter().try_for_each(|note| write!(f, "\n{note}"))
    }
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let Arguments { song: folder, out, depth, kbps, range } = arguments;
    let kind = kind(out, *depth, *kbps)?;
    let song = OpenSong::open(folder, Access::ReadOnly)?;
    super::notices(&song);
    refuse_sources(song.folder(), out)?;
    let range = range.as_deref().map_or(Ok(Range::Song), |range| frames(range, song.session()))?;
    output.say(&render(&song, out, kind, range)?)
}

/// Renders into `out`, with progress on the terminal.
pub(super) fn render(song: &OpenSong, out: &Path, kind: Kind, range: Range) -> Result<Report> {
    let label = format!("rendering {}", out.display());
    let audio = song.audio_folder();
    let exported = shown(&label, |progress| render_song(song.session(), &audio, out, kind, range, progress));
    Ok(exported?.into())
}

fn frames(range: &str, session: &Session) -> Result<Range> {
    let (from, to) = parse_range(range, &session.tempo_map, session.sample_rate)?;
    let at = |position| session.tempo_map.to_samples(position, session.sample_rate).0;
    Ok(Range::Frames(at(from), at(to)))
}

fn kind(out: &Path, depth: Option<Depth>, kbps: Option<u16>) -> Result<Kind> {
    let ending = out.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_mp3 = ending == "mp3";
    if kbps.is_some() && !is_mp3 {
        bail!("--kbps is for MP3: leave it out, or let the file end in .mp3");
    }
    if depth.is_some() && is_mp3 {
        bail!("an MP3 has no depth: leave --depth out, or let the file end in .wav or .flac");
    }
    match (ending.as_str(), depth.unwrap_or(Depth::Bits24)) {
        ("mp3", _) => Ok(Kind::Mp3 { kbps: kbps.unwrap_or(320) }),
        ("wav", Depth::Bits16) => Ok(Kind::Wav(SampleFormat::Int16)),
        ("wav", Depth::Bits24) => Ok(Kind::Wav(SampleFormat::Int24)),
        ("wav", Depth::Float32) => Ok(Kind::Wav(SampleFormat::Float32)),
        ("flac", Depth::Bits16) => Ok(Kind::Flac { bits: 16 }),
        ("flac", Depth::Bits24) => Ok(Kind::Flac { bits: 24 }),
        ("flac", Depth::Float32) => {
            bail!("a FLAC file cannot hold floats: choose --depth 16 or 24, or a .wav file")
        }
        _ => bail!(
            "{}: what kind of file this should be is not known: let its name end in .wav, .mp3 or .flac",
            out.display()
        ),
    }
}
