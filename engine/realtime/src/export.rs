//! Export: offline render into a file, with what a producer wants to know of it afterwards.
//!
//! Start at [`export`].

use std::path::{Path, PathBuf};

use dawg_dsp::loudness::LoudnessMeter;
use dawg_media::Progress;
use dawg_media::encode::{EncodeSpec, Encoder, Kind};
use dawg_session::Session;

use crate::offline::{RENDER_BLOCK, RenderError, Renderer};

/// What is to be rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// From the song's start to the end of the last clip that plays, and its tail.
    Song,
    /// Exactly these song frames.
    Frames(i64, i64),
}

/// What was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// The file.
    pub path: PathBuf,
    /// Its frames.
    pub frames: u64,
    /// Its rate.
    pub rate: u32,
    /// Its size.
    pub bytes: u64,
    /// Samples beyond full scale that had to be clipped (none in float files).
    pub clipped: u64,
    /// Highest sample in dBFS; −∞ for silence.
    pub peak_db: f64,
    /// Highest level between the samples, as a converter will draw it, in dBTP; −∞ for silence.
    pub true_peak_db: f64,
    /// Integrated loudness in LUFS; −∞ for silence.
    pub lufs: f64,
    /// What else is to be said of it.
    pub note: Option<String>,
}

/// Renders `range` of `session` into `path`. The file has its name only once it is whole.
///
/// # Errors
/// As [`Renderer`]; also when the file cannot be written, or there is nothing to render.
pub fn export(
    session: &Session,
    audio_folder: &Path,
    path: &Path,
    kind: Kind,
    range: Range,
    progress: &Progress,
) -> Result<Exported, RenderError> {
    let from = match range {
        Range::Song => 0,
        Range::Frames(from, _) => from,
    };
    let mut renderer = Renderer::new(session, audio_folder, from, RENDER_BLOCK)?;
    let frames = match range {
        Range::Song => match session.end().0 {
            end if end > 0 => end as u64 + u64::from(renderer.plan().tail),
            _ => return Err(RenderError::Empty),
        },
        Range::Frames(from, to) => {
            u64::try_from(to - from).ok().filter(|n| *n > 0).ok_or(RenderError::Empty)?
        }
    };
    let spec = EncodeSpec { sample_rate: session.sample_rate, channels: 2, kind, dither_seed: 0 };
    let mut encoder = Encoder::create(path, spec)?;
    let mut loudness = LoudnessMeter::new(session.sample_rate, 2);
    renderer.render(frames, progress, |planes| {
        if let Ok(loudness) = &mut loudness {
            loudness.push(planes);
        }
        encoder.write(planes)
    })?;
    let encoded = encoder.finish()?;
    let silence = [f64::NEG_INFINITY; 3];
    let [peak_db, true_peak_db, lufs] =
        loudness.map_or(silence, |meter| [meter.sample_peak_db(), meter.true_peak_db(), meter.integrated()]);
    Ok(Exported {
        path: encoded.path,
        frames,
        rate: session.sample_rate,
        bytes: encoded.bytes,
        clipped: encoded.clipped,
        peak_db,
        true_peak_db,
        lufs,
        note: encoded.note,
    })
}
