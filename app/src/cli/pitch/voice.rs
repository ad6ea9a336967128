//! Planes of samples in, estimates out: the tracker behind a fold to mono.
//!
//! Start at [`Voice::hear`].

use anyhow::{Result, anyhow};
use dawg_dsp::pitch::{Estimate, PitchRange, Tracker};

use super::Arguments;
use super::typed::A4;

/// One voice that is followed.
#[derive(Debug)]
pub(super) struct Voice {
    tracker: Tracker,
    mono: Vec<f32>,
}

impl Voice {
    /// A tracker as it was asked for.
    ///
    /// # Errors
    /// When the rate is not one of voices, or the range with this A4.
    pub(super) fn new(arguments: &Arguments, rate: u32, a4: A4) -> Result<Self> {
        let range = arguments.range.map_or_else(PitchRange::default, |range| range.range(a4.tuning()));
        let tracker = if arguments.causal { Tracker::live(rate, range) } else { Tracker::whole(rate, range) };
        let tracker = tracker.map_err(|error| anyhow!("{error}"))?;
        Ok(Self { tracker, mono: Vec::new() })
    }

    /// Follows the next samples, one plane a channel, all equally long.
    pub(super) fn hear(&mut self, planes: &[&[f32]], give: &mut dyn FnMut(Estimate)) {
        fold(planes, &mut self.mono);
        self.tracker.push(&self.mono, give);
    }

    /// Gives what is left.
    pub(super) fn end(&mut self, give: &mut dyn FnMut(Estimate)) {
        self.tracker.finish(give);
    }
}

fn fold(planes: &[&[f32]], mono: &mut Vec<f32>) {
    mono.clear();
    let Some((first, rest)) = planes.split_first() else { return };
    mono.extend_from_slice(first);
    for plane in rest {
        mono.iter_mut().zip(*plane).for_each(|(mono, sample)| *mono += sample);
    }
    let share = 1.0 / planes.len() as f32;
    mono.iter_mut().for_each(|sample| *sample *= share);
}
