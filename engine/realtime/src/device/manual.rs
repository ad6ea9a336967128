//! A device whose blocks are called by hand: the engine's real time, at the speed and in the pieces that a test or
//! a benchmark chooses.
//!
//! Start at [`Manual::open`]; the device goes to `Engine::on_device`, the [`Hand`] stays with whoever calls.

use std::sync::{Arc, Mutex};

use super::{Device, DeviceError, DeviceFormat, DriverLatency, Host, Voice};
use crate::processor::Io;

type Shared = Arc<Mutex<Option<Voice>>>;

/// The device's side.
#[derive(Debug)]
pub struct Manual {
    format: DeviceFormat,
    voice: Shared,
}

/// The caller's side.
#[derive(Debug)]
pub struct Hand {
    voice: Shared,
    time: u64,
}

impl Manual {
    /// A device with two inputs and two outputs.
    #[must_use]
    pub fn open(rate: u32) -> (Box<Self>, Hand) {
        let voice = Shared::default();
        let name = "by hand".to_owned();
        let format = DeviceFormat { host: Host::Timer, name, rate, buffer: 256, inputs: 2, outputs: 2 };
        (Box::new(Self { format, voice: Arc::clone(&voice) }), Hand { voice, time: 0 })
    }
}

impl Device for Manual {
    fn format(&self) -> &DeviceFormat {
        &self.format
    }

    fn latency(&self) -> DriverLatency {
        DriverLatency::default()
    }

    fn start(&mut self, voice: Voice) -> Result<(), DeviceError> {
        *lock(&self.voice) = Some(voice);
        Ok(())
    }
}

impl Drop for Manual {
    fn drop(&mut self) {
        lock(&self.voice).take();
    }
}

impl Hand {
    /// One block: `input` planar (two channels, equally long); returns what came out, left and right (NaN where the
    /// device was not started).
    pub fn call(&mut self, input: [&[f32]; 2]) -> [Vec<f32>; 2] {
        let frames = input[0].len();
        let (mut left, mut right) = (vec![f32::NAN; frames], vec![f32::NAN; frames]);
        if let Some(voice) = lock(&self.voice).as_mut() {
            let output = &mut [&mut left[..], &mut right[..]];
            voice.call(&mut Io { input: &input, output, frames, frame_time: self.time });
        }
        self.time += frames as u64;
        [left, right]
    }

    /// One block of silence in.
    pub fn silence(&mut self, frames: usize) -> [Vec<f32>; 2] {
        let silence = vec![0.0; frames];
        self.call([&silence, &silence])
    }

    /// Frames called so far.
    #[must_use]
    pub fn time(&self) -> u64 {
        self.time
    }
}

fn lock(voice: &Shared) -> std::sync::MutexGuard<'_, Option<Voice>> {
    voice.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
