//! WAV as an export. 16 bits go through the dither, everything else through the writer's own rounding.

use std::fs::File;
use std::path::Path;

use dawg_dsp::dither::Dither;

use super::{Done, EncodeSpec, Sink};
use crate::MediaError;
use crate::wav::{RF64_FROM, SampleFormat, WavSpec, WavWriter};

pub(super) struct WavSink {
    wav: WavWriter,
    dither: Option<DitherTo16>,
}

impl WavSink {
    pub(super) fn create(
        part: &Path,
        file: File,
        spec: &EncodeSpec,
        format: SampleFormat,
    ) -> Result<Self, MediaError> {
        let wav_spec = WavSpec { sample_rate: spec.sample_rate, channels: spec.channels, format };
        let wav = WavWriter::on_file(file, part, wav_spec, None, RF64_FROM)?;
        let dither = (format == SampleFormat::Int16).then(|| DitherTo16::new(spec));
        Ok(Self { wav, dither })
    }
}

impl Sink for WavSink {
    fn write(&mut self, planes: &[&[f32]]) -> Result<(), MediaError> {
        match &mut self.dither {
            None => self.wav.write_planar(planes),
            Some(dither) => {
                let samples = dither.interleaved(planes);
                // These are 16-bit values already: the writer's rounding leaves them as they are.
                let floats: Vec<f32> = samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
                self.wav.write_interleaved(&floats)
            }
        }
    }

    fn finish(mut self: Box<Self>) -> Result<Done, MediaError> {
        self.wav.flush()?;
        let clipped = self.wav.clipped() + self.dither.as_ref().map_or(0, |dither| dither.clipped);
        Ok(Done { frames: self.wav.frames(), clipped, note: None })
    }
}

/// Dithers planar blocks to interleaved 16-bit samples, counting frames and clipped samples.
pub(super) struct DitherTo16 {
    channels: Vec<Dither>,
    at: u64,
    pub(super) clipped: u64,
    plane: Vec<i16>,
    interleaved: Vec<i16>,
}

impl DitherTo16 {
    pub(super) fn new(spec: &EncodeSpec) -> Self {
        let channels =
            (0..u32::from(spec.channels)).map(|channel| Dither::new(spec.dither_seed, channel)).collect();
        Self { channels, at: 0, clipped: 0, plane: Vec::new(), interleaved: Vec::new() }
    }

    /// The next block, interleaved.
    pub(super) fn interleaved(&mut self, planes: &[&[f32]]) -> &[i16] {
        let frames = planes.first().map_or(0, |plane| plane.len());
        let channels = self.channels.len();
        self.plane.resize(frames, 0);
        self.interleaved.resize(frames * channels, 0);
        for (channel, (dither, samples)) in self.channels.iter().zip(planes).enumerate() {
            self.clipped += dither.quantise(self.at, samples, &mut self.plane);
            let slots = self.interleaved.iter_mut().skip(channel).step_by(channels);
            slots.zip(&self.plane).for_each(|(slot, sample)| *slot = *sample);
        }
        self.at += frames as u64;
        &self.interleaved
    }
}
