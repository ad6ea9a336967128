//! The metronome: clicks on the beats, mixed in after the master and never exported.
//!
//! Start at [`add_clicks`]. Real-time safe.

use dawg_dsp::click::{click_frames, click_sample};
use dawg_session::{BarBeatTick, TempoMap};

use super::command::Click;

/// Adds the clicks of song frames `position..position + n` to both outputs, each `n` frames long. Positions
/// before the song's start have beats too: a count-in lies there.
pub(super) fn add_clicks(
    tempo: &TempoMap,
    rate: u32,
    click: Click,
    position: i64,
    outputs: &mut [&mut [f32]],
    frames: usize,
) {
    let length = click_frames(rate);
    let end = position + frames as i64;
    let mut at = tempo.bar_beat_tick(tempo.samples_to_ticks(position - length, rate));
    at.tick = 0;
    loop {
        let start = tempo.ticks_to_samples(tempo.ticks_at(at), rate).0;
        if start >= end {
            return;
        }
        let accent = click.accent && at.beat == 1;
        for frame in start.max(position)..(start + length).min(end) {
            let sample = click.gain * click_sample(frame - start, rate, accent);
            for output in outputs.iter_mut() {
                output[(frame - position) as usize] += sample;
            }
        }
        at = next_beat(tempo, at);
    }
}

fn next_beat(tempo: &TempoMap, at: BarBeatTick) -> BarBeatTick {
    if at.beat >= i64::from(tempo.meter_at(at.bar).beats) {
        BarBeatTick { bar: at.bar + 1, beat: 1, tick: 0 }
    } else {
        BarBeatTick { beat: at.beat + 1, ..at }
    }
}
