//! The metronome: clicks on the beats, mixed in after the master and never exported.
//!
//! Start at [`add_clicks`]. Real-time safe. The beats are those of the tempo map: counted from the song's downbeat,
//! both ways.

use dawg_dsp::click::{click_frames, click_sample};
use dawg_session::{BarBeatTick, TempoMap};

use super::Processor;
use super::command::Click;
use super::transport::Phase;

/// Adds the clicks of song frames `position..position + n` to both outputs, each `n` frames long. Positions
/// before bar 1 and before the song's start have beats too: a pick-up or a count-in lies there.
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

impl Processor {
    /// The clicks of the coming block, where there are any.
    pub(super) fn click_into(&self, output: &mut [&mut [f32]], from: usize, frames: usize) {
        let position = match self.transport.phase {
            Phase::CountIn { left } => self.transport.position - left,
            _ if self.click.on && self.transport.rolling() => self.transport.position,
            _ => return,
        };
        // The click is heard with the song, which the Plan makes late.
        let position = position - i64::from(self.current.plan.latency);
        let mut sides = output.iter_mut().take(2).map(|side| &mut side[from..from + frames]);
        let tempo = &self.current.plan.tempo;
        match (sides.next(), sides.next()) {
            (Some(left), Some(right)) => {
                add_clicks(tempo, self.rate, self.click, position, &mut [left, right], frames);
            }
            (Some(only), None) => {
                add_clicks(tempo, self.rate, self.click, position, &mut [only], frames);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use dawg_session::{Meter, Tempo};

    use super::*;

    /// The frames at which clicks begin, and whether each is an accent.
    fn clicks(tempo: &TempoMap, from: i64, frames: usize, block: usize) -> Vec<(i64, bool)> {
        let click = Click { on: true, gain: 1.0, accent: true };
        let mut out = vec![0.0; frames];
        for (index, block) in out.chunks_mut(block).enumerate() {
            let position = from + (index * block.len()) as i64;
            let length = block.len();
            add_clicks(tempo, 48_000, click, position, &mut [block], length);
        }
        let length = click_frames(48_000);
        let sounds = |accent| (0..length).map(move |n| click_sample(n, 48_000, accent)).collect::<Vec<f32>>();
        let kinds = [(sounds(true), true), (sounds(false), false)];
        let begins = |at: &usize, sound: &[f32]| out[*at..].starts_with(sound);
        (0..frames)
            .filter_map(|at| {
                let (_, accent) = kinds.iter().find(|(sound, _)| begins(&at, sound))?;
                Some((from + at as i64, *accent))
            })
            .collect()
    }

    /// Seen red: with `downbeat` set to 0 in `add_clicks`, all clicks come 1,000 frames early.
    #[test]
    fn the_click_falls_on_the_beats_of_the_shifted_grid_both_ways() {
        let mut tempo = TempoMap::fixed(Tempo::DEFAULT, Meter { beats: 3, unit: 4 });
        tempo.downbeat = 1_000;
        let expected = [(-71_000, true), (-47_000, false), (-23_000, false), (1_000, true), (25_000, false)];
        for block in [64, 441, 1_000, 125_000] {
            assert_eq!(
                clicks(&tempo, -80_000, 125_000 - 125_000 % block, block)[..],
                expected,
                "block {block}"
            );
        }
    }
}
