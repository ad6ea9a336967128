//! An import that decodes, cleans and resamples into 32-bit float.

use std::path::Path;

use dawg_dsp::resample::{ResampleError, Resampler};

use super::{ImportTarget, Imported, Landing, stem};
use crate::decode::Decoder;
use crate::error::OnPath;
use crate::peaks::{self, PeakBuilder};
use crate::wav::{RF64_FROM, SampleFormat, WavSpec, WavWriter};
use crate::{MediaError, Progress};

/// Decodes the rest of `decoder` into the song.
pub(super) fn convert(
    source: &Path,
    mut decoder: Decoder,
    to: &ImportTarget<'_>,
    progress: &Progress,
) -> Result<Imported, MediaError> {
    let (channels, source_rate) = (decoder.channels(), decoder.sample_rate());
    let resampler = Resampler::new(source_rate, to.song_rate, channels.into());
    let mut resampler = resampler.map_err(|error| unsupported(source, error, to.song_rate))?;
    progress.set_total(std::fs::metadata(source).on(source)?.len());
    let (landing, file) = Landing::create(source, "wav", to)?;
    let spec = WavSpec { sample_rate: to.song_rate, channels, format: SampleFormat::Float32 };
    let mut wav = WavWriter::on_file(file, landing.audio.path(), spec, None, RF64_FROM)?;
    let mut peaks = PeakBuilder::create(&peaks::file_for(to.peaks_folder, to.media_id), channels)?;
    let mut out = vec![Vec::new(); usize::from(channels)];
    let mut clean = out.clone();
    let mut replaced = 0;
    loop {
        progress.check()?;
        let Some(planes) = decoder.next_chunk()? else { break };
        clean.iter_mut().zip(planes).for_each(|(clean, plane)| replaced += take_clean(plane, clean));
        let slices: Vec<&[f32]> = clean.iter().map(Vec::as_slice).collect();
        resampler.process(&slices, &mut out).map_err(|error| unsupported(source, error, to.song_rate))?;
        pour(&mut out, &mut wav, &mut peaks)?;
        progress.set_done(decoder.bytes_read());
    }
    resampler.finish(&mut out).map_err(|error| unsupported(source, error, to.song_rate))?;
    pour(&mut out, &mut wav, &mut peaks)?;
    let frames = wav.frames();
    if frames == 0 {
        return Err(MediaError::NoAudio { path: source.to_owned() });
    }
    wav.finish()?;
    let file = landing.publish(peaks, progress)?;
    let converted = Some(told(&decoder, to.song_rate, replaced));
    let name = stem(source);
    Ok(Imported {
        file,
        name,
        sample_rate: to.song_rate,
        channels,
        frames,
        source_rate,
        copied: false,
        converted,
    })
}

/// Writes and empties `out`.
fn pour(out: &mut [Vec<f32>], wav: &mut WavWriter, peaks: &mut PeakBuilder) -> Result<(), MediaError> {
    let slices: Vec<&[f32]> = out.iter().map(Vec::as_slice).collect();
    wav.write_planar(&slices)?;
    peaks.push(&slices)?;
    out.iter_mut().for_each(Vec::clear);
    Ok(())
}

/// Copies samples, with 0 for what is no number: one NaN in a mix silences all of it. Returns how many.
fn take_clean(plane: &[f32], clean: &mut Vec<f32>) -> u64 {
    let mut replaced = 0;
    clean.clear();
    clean.extend(plane.iter().map(|sample| {
        if sample.is_finite() {
            return *sample;
        }
        replaced += 1;
        0.0
    }));
    replaced
}

fn told(decoder: &Decoder, song_rate: u32, replaced: u64) -> String {
    let kind = decoder.kind().name();
    let mut told = match decoder.sample_rate() {
        rate if rate == song_rate => format!("{kind} stored as 32-bit float WAV"),
        rate => format!("{kind} stored as 32-bit float WAV, resampled from {rate} to {song_rate} Hz"),
    };
    if replaced > 0 {
        told += &format!("; {replaced} samples were not numbers and are silent now");
    }
    if decoder.filled() > 0 {
        told += &format!("; {} damaged frames are silent now", decoder.filled());
    }
    told
}

fn unsupported(path: &Path, error: ResampleError, song_rate: u32) -> MediaError {
    match error {
        ResampleError::Rate { from, to } => {
            let rate = if crate::RATES.contains(&from) { to } else { from };
            MediaError::UnsupportedRate { path: path.to_owned(), rate }
        }
        error => MediaError::unsupported(path, format!("resampling to {song_rate} Hz ({error})")),
    }
}
