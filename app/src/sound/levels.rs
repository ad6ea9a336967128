//! Levels as they are drawn: a fall of 20 dB a second, a peak held for 1.5 s, a clip light that stays.
//!
//! Start at [`Levels`].

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dawg_engine::Engine;
use dawg_engine::meter::MeterReading;
use dawg_session::TrackId;

use super::Level;

/// How long a peak is held.
const HOLD: Duration = Duration::from_millis(1_500);
/// −80 dBFS: what is below is drawn as nothing.
const FLOOR: f32 = 1e-4;

/// All meters of a song.
#[derive(Debug, Default)]
pub(super) struct Levels {
    sides: HashMap<TrackId, [Ballistics; 2]>,
    master: [Ballistics; 2],
    inputs: Vec<Ballistics>,
    shown: Arc<HashMap<TrackId, [Level; 2]>>,
    read: Option<Instant>,
}

/// The movement of one meter.
#[derive(Debug, Clone, Copy, Default)]
struct Ballistics {
    level: Level,
    held_for: Duration,
    clips: u32,
    // Clips that the person has seen and cleared.
    cleared: u32,
}

impl Levels {
    /// Reads all meters; those of the inputs only if they are `watched`.
    pub(super) fn read(&mut self, engine: &Engine, watched: bool) {
        let now = Instant::now();
        let passed = self.read.replace(now).map_or(Duration::ZERO, |before| now - before);
        let tracks = &engine.session().tracks;
        self.sides.retain(|track, _| engine.session().track(*track).is_some());
        for track in tracks {
            let sides = self.sides.entry(track.id).or_default();
            follow(sides, engine.track_level(track.id), passed);
        }
        follow(&mut self.master, engine.master_level(), passed);
        let readings = engine.input_levels();
        self.inputs.resize(if watched { readings.len() } else { 0 }, Ballistics::default());
        for (input, reading) in self.inputs.iter_mut().zip(readings) {
            input.follow(reading, passed);
        }
        let moved = self.sides.len() != self.shown.len()
            || self.sides.iter().any(|(track, sides)| self.shown.get(track) != Some(&levels(sides)));
        if moved {
            self.shown = Arc::new(self.sides.iter().map(|(track, sides)| (*track, levels(sides))).collect());
        }
    }

    pub(super) fn tracks(&self) -> Arc<HashMap<TrackId, [Level; 2]>> {
        Arc::clone(&self.shown)
    }

    pub(super) fn master(&self) -> [Level; 2] {
        levels(&self.master)
    }

    pub(super) fn inputs(&self) -> Vec<Level> {
        self.inputs.iter().map(|input| input.level).collect()
    }

    /// Whether no meter moves any more.
    pub(super) fn at_rest(&self) -> bool {
        let all = self.sides.values().flatten().chain(&self.master).chain(&self.inputs);
        all.into_iter().all(|side| side.level.held == 0.0 && side.level.rms == 0.0)
    }

    /// Puts out the clip light of a track or of the master, and those of the inputs: an armed track shows its input's.
    pub(super) fn clear_clip(&mut self, track: Option<TrackId>) {
        match track {
            Some(track) => self.sides.entry(track).or_default().iter_mut().for_each(Ballistics::clear),
            None => self.master.iter_mut().for_each(Ballistics::clear),
        }
        self.inputs.iter_mut().for_each(Ballistics::clear);
        if let Some(sides) = track.and_then(|track| self.sides.get(&track)) {
            Arc::make_mut(&mut self.shown).extend(track.map(|track| (track, levels(sides))));
        }
    }
}

fn levels(sides: &[Ballistics; 2]) -> [Level; 2] {
    sides.map(|side| side.level)
}

fn follow(sides: &mut [Ballistics; 2], readings: Option<[MeterReading; 2]>, passed: Duration) {
    for (side, reading) in sides.iter_mut().zip(readings.unwrap_or_default()) {
        side.follow(reading, passed);
    }
}

impl Ballistics {
    fn follow(&mut self, reading: MeterReading, passed: Duration) {
        let heard = |level: f32| if level.is_finite() && level > FLOOR { level } else { 0.0 };
        // 20 dB are a factor of ten.
        let fall = 10.0_f32.powf(-passed.as_secs_f32());
        let level = &mut self.level;
        level.peak = heard(reading.peak.max(level.peak * fall));
        level.rms = heard(reading.rms);
        self.held_for += passed;
        if level.peak >= level.held || self.held_for > HOLD {
            level.held = level.peak;
            self.held_for = Duration::ZERO;
        }
        self.clips = reading.clips;
        // A strip that was made anew counts from the start.
        self.cleared = self.cleared.min(self.clips);
        level.clipped |= self.clips > self.cleared;
    }

    fn clear(&mut self) {
        self.cleared = self.clips;
        self.level.clipped = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(peak: f32, clips: u32) -> MeterReading {
        MeterReading { peak, rms: 0.0, clips }
    }

    // Seen red: with the fall as a factor of ten in power (`/ 2`) the peak is 10 dB too high after a second; with the
    // hold left out `held` falls at once.
    #[test]
    fn a_peak_falls_by_20_db_a_second_and_is_held_for_a_while() {
        let mut side = Ballistics::default();
        side.follow(reading(1.0, 0), Duration::ZERO);
        for _ in 0..100 {
            side.follow(reading(0.0, 0), Duration::from_millis(10));
        }
        assert!((side.level.peak - 0.1).abs() < 1e-3, "{}", side.level.peak);
        assert_eq!(side.level.held, 1.0);
        side.follow(reading(0.0, 0), Duration::from_millis(600));
        assert!(side.level.held < 0.1);
        side.follow(reading(0.0, 0), Duration::from_secs(5));
        assert_eq!(side.level, Level::default());
    }

    // Seen red: with `clipped` set from the newest reading alone it goes out by itself.
    #[test]
    fn a_clip_light_stays_until_it_is_cleared() {
        let mut side = Ballistics::default();
        side.follow(reading(1.5, 3), Duration::ZERO);
        side.follow(reading(0.1, 3), Duration::from_secs(9));
        assert!(side.level.clipped);
        side.clear();
        side.follow(reading(0.1, 3), Duration::ZERO);
        assert!(!side.level.clipped);
        side.follow(reading(1.1, 4), Duration::ZERO);
        assert!(side.level.clipped);
    }
}
