//! A device whose blocks are called by hand: the engine's real time, at the speed and in the pieces that a test
//! chooses.
//!
//! Start at [`Manual::open`]; the device goes to `Engine::on_device`, the [`Hand`] stays with the test.

use std::sync::{Arc, Mutex};

use dawg_engine::device::{Device, DeviceError, DeviceFormat, DriverLatency, Host, Voice};
use dawg_engine::processor::Io;

type Shared = Arc<Mutex<Option<Voice>>>;

/// The device's side.
#[derive(Debug)]
pub struct Manual {
    format: DeviceFormat,
    voice: Shared,
}

/// The test's side: calls blocks.
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
        *self.voice.lock().unwrap() = Some(voice);
        Ok(())
    }
}

impl Drop for Manual {
    fn drop(&mut self) {
        self.voice.lock().unwrap().take();
    }
}

impl Hand {
    /// One block: `input` planar (two channels, equally long); returns what came out, left and right.
    pub fn call(&mut self, input: [&[f32]; 2]) -> [Vec<f32>; 2] {
        let frames = input[0].len();
        let (mut left, mut right) = (vec![f32::NAN; frames], vec![f32::NAN; frames]);
        let mut voice = self.voice.lock().unwrap();
        let voice = voice.as_mut().expect("the device was started");
        voice.call(&mut Io {
            input: &input,
            output: &mut [&mut left, &mut right],
            frames,
            frame_time: self.time,
        });
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
