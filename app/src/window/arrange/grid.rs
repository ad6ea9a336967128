//! The grid: which lines are drawn at a zoom, and where things snap to.
//!
//! Start at [`Grid::of`]. Bars come from the song's tempo map, so lines stand where the click is.

use dawg_session::{BarBeatTick, Position, Session, TICKS_PER_QUARTER, TempoMap};

use crate::studio::view::{Snap, Timeline};

/// Fewest points between two lines that things snap to, between two lines at all, and between two numbers.
const SNAP_ROOM: f64 = 14.0;
const NUMBER_ROOM: f64 = 52.0;

/// Distance of the finest lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// So many bars.
    Bars(i64),
    /// So many ticks, counted from the bar's start.
    Ticks(i64),
}

/// A place that snapping found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapped {
    /// Song frame.
    pub frame: i64,
    /// The tick on which it lies, if it was snapped to one.
    pub tick: Option<i64>,
}

impl Snapped {
    /// As it is stored: fixed in bars if it was snapped to one, else in time.
    #[must_use]
    pub fn position(self) -> Position {
        self.tick.map_or(Position::Samples(self.frame), Position::Ticks)
    }
}

/// How strong a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// A bar with a number.
    Numbered(i64),
    /// A bar.
    Bar,
    /// A beat.
    Beat,
    /// Within a beat.
    Fine,
}

/// The lines of a song at a zoom.
#[derive(Debug, Clone, Copy)]
pub struct Grid<'a> {
    map: &'a TempoMap,
    rate: u32,
    every: Every,
    numbers: i64,
}

impl<'a> Grid<'a> {
    /// That of a song in this view.
    #[must_use]
    pub fn of(session: &'a Session, timeline: &Timeline) -> Self {
        let (map, rate) = (&session.tempo_map, session.sample_rate);
        let tick = map.samples_to_ticks(timeline.frame(timeline.width / 2.0), rate);
        let meter = map.meter_at(map.bar_beat_tick(tick).bar);
        let frames_a_tick = f64::from(rate) * 60.0 / (map.tempo_at(tick).bpm() * TICKS_PER_QUARTER as f64);
        let points_a_tick = frames_a_tick / timeline.frames_per_point;
        let numbers = bars_for(NUMBER_ROOM, meter.bar_ticks() as f64 * points_a_tick);
        let every = finest(meter, points_a_tick);
        Self { map, rate, every, numbers }
    }

    /// The distance of the finest lines.
    #[must_use]
    pub fn every(&self) -> Every {
        self.every
    }

    /// The frame of a bar's start.
    #[must_use]
    pub fn bar(&self, bar: i64) -> i64 {
        self.map.ticks_to_samples(self.bar_tick(bar), self.rate).0
    }

    fn bar_tick(&self, bar: i64) -> i64 {
        self.map.ticks_at(BarBeatTick { bar, beat: 1, tick: 0 })
    }

    /// The bar in which a frame lies.
    #[must_use]
    pub fn bar_of(&self, frame: i64) -> i64 {
        self.map.bar_beat_tick(self.map.samples_to_ticks(frame, self.rate)).bar
    }

    /// All lines from frame to frame, in order.
    pub fn lines(&self, from: i64, to: i64, mut line: impl FnMut(i64, Strength)) {
        let step = match self.every {
            Every::Bars(bars) => bars.max(1),
            Every::Ticks(_) => 1,
        };
        let mut bar = self.bar_of(from);
        bar -= (bar - 1).rem_euclid(step);
        // Lines are so far apart that a screen cannot hold this many; a broken zoom must not hang the window.
        for _ in 0..20_000 {
            let tick = self.bar_tick(bar);
            let frame = self.map.ticks_to_samples(tick, self.rate).0;
            if frame > to {
                break;
            }
            let numbered = (bar - 1).rem_euclid(self.numbers) == 0;
            line(frame, if numbered { Strength::Numbered(bar) } else { Strength::Bar });
            if let Every::Ticks(ticks) = self.every {
                let meter = self.map.meter_at(bar);
                let mut within = ticks;
                while within < meter.bar_ticks() {
                    let beat = within % meter.beat_ticks() == 0;
                    let frame = self.map.ticks_to_samples(tick + within, self.rate).0;
                    line(frame, if beat { Strength::Beat } else { Strength::Fine });
                    within += ticks;
                }
            }
            bar += step;
        }
    }

    /// The place nearest to a frame that this snap allows.
    #[must_use]
    pub fn snap(&self, snap: Snap, frame: i64) -> Snapped {
        let every = match snap {
            Snap::Off => return Snapped { frame, tick: None },
            Snap::Auto => self.every,
            Snap::Bar => Every::Bars(1),
            Snap::Beat => Every::Ticks(0),
            Snap::Sixteenth => Every::Ticks(TICKS_PER_QUARTER / 4),
        };
        let tick = self.map.samples_to_ticks(frame, self.rate);
        let bar = self.map.bar_beat_tick(tick).bar;
        let (low, high) = match every {
            Every::Bars(bars) => {
                let low = bar - (bar - 1).rem_euclid(bars.max(1));
                (self.bar_tick(low), self.bar_tick(low + bars.max(1)))
            }
            Every::Ticks(ticks) => {
                let ticks = if ticks == 0 { self.map.meter_at(bar).beat_ticks() } else { ticks };
                let start = self.bar_tick(bar);
                let low = start + (tick - start).div_euclid(ticks) * ticks;
                (low, (low + ticks).min(self.bar_tick(bar + 1)))
            }
        };
        let tick = if tick - low < high - tick { low } else { high };
        Snapped { frame: self.map.ticks_to_samples(tick, self.rate).0, tick: Some(tick) }
    }
}

/// How many bars lie between two lines that need this much room: 1, 2, 4, 8, …
fn bars_for(room: f64, points_a_bar: f64) -> i64 {
    let mut bars = 1;
    while (bars as f64) * points_a_bar < room && bars < 1 << 20 {
        bars *= 2;
    }
    bars
}

/// The finest lines for which there is room.
fn finest(meter: dawg_session::Meter, points_a_tick: f64) -> Every {
    let beat = meter.beat_ticks();
    let room = |ticks: i64| ticks as f64 * points_a_tick >= SNAP_ROOM;
    let parts = [beat / 8, beat / 4, beat / 2, beat].into_iter().filter(|ticks| *ticks > 0);
    match parts.into_iter().find(|ticks| room(*ticks)) {
        Some(ticks) => Every::Ticks(ticks),
        None => Every::Bars(bars_for(SNAP_ROOM, meter.bar_ticks() as f64 * points_a_tick)),
    }
}

#[cfg(test)]
mod tests {
    use dawg_session::{Name, SongId, Tempo};

    use super::*;

    fn song() -> Session {
        Session::new(SongId::fresh(), Name::new("s").unwrap(), 48_000, Tempo::DEFAULT)
    }

    /// Seen red: the downbeat taken off the snapped frame.
    #[test]
    fn snaps_to_bars_that_honour_the_downbeat() {
        let mut session = song();
        session.tempo_map.downbeat = 1_000;
        let timeline = Timeline { frames_per_point: 1_000.0, ..Timeline::default() };
        let grid = Grid::of(&session, &timeline);
        // A bar lasts 96,000 frames at 120 beats a minute.
        assert_eq!(grid.snap(Snap::Bar, 60_000), Snapped { frame: 97_000, tick: Some(7_680) });
        assert_eq!(grid.snap(Snap::Bar, 40_000), Snapped { frame: 1_000, tick: Some(0) });
        assert_eq!(grid.snap(Snap::Beat, 20_000), Snapped { frame: 25_000, tick: Some(1_920) });
        assert_eq!(grid.snap(Snap::Off, 12_345), Snapped { frame: 12_345, tick: None });
        assert_eq!(grid.bar_of(0), 0, "what lies before the downbeat is bar 0");
    }

    /// Seen red: the first line taken from the view's edge instead of its group of bars.
    #[test]
    fn lines_thin_out_and_numbers_stay_on_the_same_bars() {
        let session = song();
        for (zoom, numbers, every) in
            [(100.0, 1, Every::Ticks(240)), (4_000.0, 4, Every::Bars(1)), (40_000.0, 32, Every::Bars(8))]
        {
            let timeline = Timeline { frames_per_point: zoom, left: 300_000.0, ..Timeline::default() };
            let grid = Grid::of(&session, &timeline);
            assert_eq!((grid.every(), grid.numbers), (every, numbers), "at {zoom}");
            let mut found = 0;
            grid.lines(timeline.frame(0.0), timeline.frame(1_000.0), |frame, strength| {
                if let Strength::Numbered(bar) = strength {
                    assert_eq!((bar - 1) % numbers, 0);
                    assert_eq!(frame, (bar - 1) * 96_000);
                    found += 1;
                }
            });
            assert!(found > 0, "at {zoom}");
        }
    }
}
