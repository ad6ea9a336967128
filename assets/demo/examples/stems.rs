//! Writes the stems and the mix to a folder, to be looked at and listened to:
//! `cargo run --release -p dawg-demo --example stems -- FOLDER [RATE]`.

use hound::{SampleFormat, WavSpec, WavWriter};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("which folder shall the WAV files be written to?")?;
    let rate = args.next().map_or(Ok(48_000), |rate| rate.parse())?;
    let demo = dawg_demo::render(rate);
    let bar = 240.0 / demo.tempo_bpm * f64::from(demo.rate);
    let length = (demo.bars as f64 * bar).round() as usize;
    let mut mix = vec![vec![0.0f32; length]; 2];
    for stem in &demo.stems {
        let angle = (stem.pan + 1.0) * std::f32::consts::FRAC_PI_4;
        let sides = if stem.mono { [angle.cos(), angle.sin()] } else { [1.0, 1.0] };
        let start = (stem.start_bar as f64 * bar).round() as usize;
        for ((sum, side), channel) in mix.iter_mut().zip(sides).zip(stem.channels.iter().cycle()) {
            for (sum, sample) in sum.iter_mut().skip(start).zip(channel) {
                *sum += stem.gain * side * sample;
            }
        }
        write(&Path::new(&folder).join(format!("{}.wav", stem.name)), &stem.channels, demo.rate)?;
    }
    write(&Path::new(&folder).join("Mix.wav"), &mix, demo.rate)
}

fn write(path: &Path, channels: &[Vec<f32>], rate: u32) -> Result<(), Box<dyn std::error::Error>> {
    let count = u16::try_from(channels.len())?;
    let spec = WavSpec {
        channels: count,
        sample_rate: rate,
        bits_per_sample: 32,
        sample_format: SampleFormat::Float,
    };
    let mut file = WavWriter::create(path, spec)?;
    for frame in 0..channels[0].len() {
        for channel in channels {
            file.write_sample(channel[frame])?;
        }
    }
    Ok(file.finalize()?)
}
