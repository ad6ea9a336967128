//! MP3 as an export, by LAME (LGPL, hence the cargo feature). Constant bit rate, with the Info tag that tells
//! players how much of the start and end is the encoder's, so that loops stay in time.

use std::fs::File;
use std::path::{Path, PathBuf};

use dawg_dsp::resample::Resampler;
use mp3lame_encoder::{Bitrate, Builder, DualPcm, FlushGap, MonoPcm, Quality, max_required_buffer_size};

use super::{Done, EncodeSpec, Sink};
use crate::MediaError;
use crate::error::OnPath;
use crate::files::write_counted;

/// Frames given to LAME at once.
const STEP: usize = 8_192;
/// What MPEG-1 layer 3 has.
const RATES: [u32; 3] = [44_100, 48_000, 32_000];

pub(super) struct Mp3Sink {
    lame: mp3lame_encoder::Encoder,
    file: File,
    path: PathBuf,
    resampler: Option<Resampler>,
    planes: Vec<Vec<f32>>,
    out: Vec<u8>,
    at: u64,
    frames: u64,
    clipped: u64,
    note: Option<String>,
}

impl Mp3Sink {
    pub(super) fn create(
        path: &Path,
        part: &Path,
        file: File,
        spec: &EncodeSpec,
        kbps: u16,
    ) -> Result<Self, MediaError> {
        if spec.channels > 2 {
            let (path, channels) = (path.to_owned(), spec.channels.into());
            return Err(MediaError::TooManyChannels { path, channels, limit: 2 });
        }
        let refuse = |reason: String| MediaError::CannotEncode { path: path.to_owned(), reason };
        let Some(bitrate) = bitrate(kbps) else {
            return Err(refuse(format!("MP3 has no bit rate of {kbps} kbit/s: choose 128, 192, 256 or 320")));
        };
        let rate = if RATES.contains(&spec.sample_rate) { spec.sample_rate } else { 48_000 };
        let note = (rate != spec.sample_rate)
            .then(|| format!("MP3 has no {} Hz: resampled to {rate} Hz", spec.sample_rate));
        let resampler = match note {
            None => None,
            Some(_) => Some(Resampler::new(spec.sample_rate, rate, spec.channels.into()).map_err(|_| {
                MediaError::UnsupportedRate { path: path.to_owned(), rate: spec.sample_rate }
            })?),
        };
        let lame = lame(rate, spec.channels, bitrate)
            .ok_or_else(|| refuse("LAME refused its settings: export WAV, and report this".to_owned()))?;
        Ok(Self {
            lame,
            file,
            path: part.to_owned(),
            resampler,
            planes: vec![Vec::new(); spec.channels.into()],
            out: Vec::new(),
            at: 0,
            frames: 0,
            clipped: 0,
            note,
        })
    }

    /// Encodes and empties `self.planes`.
    fn encode(&mut self) -> Result<(), MediaError> {
        let frames = self.planes.first().map_or(0, Vec::len);
        for plane in &mut self.planes {
            for sample in plane.iter_mut() {
                let inside = if sample.is_nan() { 0.0 } else { sample.clamp(-1.0, 1.0) };
                self.clipped += u64::from(inside != *sample);
                *sample = inside;
            }
        }
        let mut from = 0;
        while from < frames {
            let to = (from + STEP).min(frames);
            self.out.clear();
            self.out.reserve(max_required_buffer_size(to - from));
            let encoded = match self.planes.as_slice() {
                [mono] => self.lame.encode_to_vec(MonoPcm(&mono[from..to]), &mut self.out),
                [left, right] => {
                    let both = DualPcm { left: &left[from..to], right: &right[from..to] };
                    self.lame.encode_to_vec(both, &mut self.out)
                }
                _ => Ok(0),
            };
            encoded.map_err(|error| self.failed(&error))?;
            self.pass_on()?;
            from = to;
        }
        self.frames += frames as u64;
        self.planes.iter_mut().for_each(Vec::clear);
        Ok(())
    }

    fn pass_on(&mut self) -> Result<(), MediaError> {
        write_counted(&self.file, &self.out, self.at).1.on(&self.path)?;
        self.at += self.out.len() as u64;
        Ok(())
    }

    fn failed(&self, error: &dyn std::fmt::Display) -> MediaError {
        let reason = format!("LAME failed ({error}): export WAV, and report this");
        MediaError::CannotEncode { path: self.path.clone(), reason }
    }
}

impl Sink for Mp3Sink {
    fn write(&mut self, planes: &[&[f32]]) -> Result<(), MediaError> {
        match &mut self.resampler {
            Some(resampler) => {
                let done = resampler.process(planes, &mut self.planes);
                done.map_err(|error| self.failed(&error))?;
            }
            None => self.planes.iter_mut().zip(planes).for_each(|(to, from)| to.extend_from_slice(from)),
        }
        self.encode()
    }

    fn finish(mut self: Box<Self>) -> Result<Done, MediaError> {
        if let Some(resampler) = self.resampler.take() {
            let done = resampler.finish(&mut self.planes);
            done.map_err(|error| self.failed(&error))?;
            self.encode()?;
        }
        self.out.clear();
        self.out.reserve(7_200 + max_required_buffer_size(0));
        let flushed = self.lame.flush_to_vec::<FlushGap>(&mut self.out);
        flushed.map_err(|error| self.failed(&error))?;
        self.pass_on()?;
        // LAME left room for the Info tag in the first frame: its size and place are those of that frame.
        let mut tag = Vec::with_capacity(self.lame.lame_tag_size());
        if self.lame.lame_tag_encode_to_vec(&mut tag).is_some() {
            write_counted(&self.file, &tag, self.lame.id3v2_tag_size() as u64).1.on(&self.path)?;
        }
        Ok(Done { frames: self.frames, clipped: self.clipped, note: self.note })
    }
}

fn lame(rate: u32, channels: u16, bitrate: Bitrate) -> Option<mp3lame_encoder::Encoder> {
    Builder::new()?
        .with_num_channels(channels as u8)
        .and_then(|b| b.with_sample_rate(rate))
        .and_then(|b| b.with_brate(bitrate))
        .and_then(|b| b.with_quality(Quality::SecondBest))
        .and_then(|b| b.with_to_write_vbr_tag(true))
        .and_then(Builder::build)
        .ok()
}

fn bitrate(kbps: u16) -> Option<Bitrate> {
    Some(match kbps {
        32 => Bitrate::Kbps32,
        40 => Bitrate::Kbps40,
        48 => Bitrate::Kbps48,
        64 => Bitrate::Kbps64,
        80 => Bitrate::Kbps80,
        96 => Bitrate::Kbps96,
        112 => Bitrate::Kbps112,
        128 => Bitrate::Kbps128,
        160 => Bitrate::Kbps160,
        192 => Bitrate::Kbps192,
        224 => Bitrate::Kbps224,
        256 => Bitrate::Kbps256,
        320 => Bitrate::Kbps320,
        _ => return None,
    })
}
