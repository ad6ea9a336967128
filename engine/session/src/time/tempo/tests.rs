use proptest::prelude::*;

use super::*;

fn map(bpm: f64) -> TempoMap {
    TempoMap::fixed(Tempo::from_bpm(bpm).unwrap(), Meter::DEFAULT)
}

/// Seen red: with the tempo in thousandths.
#[test]
fn a_quarter_at_120_is_half_a_second() {
    assert_eq!(map(120.0).ticks_to_samples(TICKS_PER_QUARTER, 48_000), Samples(24_000));
    assert_eq!(map(120.0).ticks_to_samples(-TICKS_PER_QUARTER, 48_000), Samples(-24_000));
}

/// Seen red: with integer division that rounds towards zero.
#[test]
fn positions_round_to_the_nearest_sample_halves_up() {
    // One tick at 120 and 48 kHz is 12.5 samples.
    let ticks = [-3, -2, -1, 0, 1, 2, 3];
    let samples = ticks.map(|tick| map(120.0).ticks_to_samples(tick, 48_000).0);
    assert_eq!(samples, [-37, -25, -12, 0, 13, 25, 38]);
}

/// Seen red: with both ways rounded down.
#[test]
fn every_tick_of_a_sample_or_more_survives_the_round_trip() {
    for bpm in [10.0, 92.5, 120.0, 133.333_333, 240.0] {
        for rate in [44_100, 48_000, 192_000] {
            for tick in (-5_000..5_000).chain([1 << 40, (1 << 52) + 1]) {
                let sample = map(bpm).ticks_to_samples(tick, rate).0;
                assert_eq!(map(bpm).samples_to_ticks(sample, rate), tick, "{bpm} bpm, {rate} Hz");
            }
        }
    }
}

/// Seen red: with each change's sample counted from the song's start at its own tempo.
#[test]
fn conversion_walks_a_list_of_changes() {
    let mut map = map(120.0);
    map.tempos.push(TempoChange { at: 4 * TICKS_PER_QUARTER, tempo: Tempo(60_000_000) });
    map.tempos.push(TempoChange { at: 8 * TICKS_PER_QUARTER, tempo: Tempo(240_000_000) });
    for (quarters, seconds_times_4) in [(0, 0), (2, 4), (4, 8), (5, 12), (8, 24), (12, 28)] {
        let (ticks, samples) = (quarters * TICKS_PER_QUARTER, seconds_times_4 * 12_000);
        assert_eq!(map.ticks_to_samples(ticks, 48_000), Samples(samples), "{quarters} quarters");
        assert_eq!(map.samples_to_ticks(samples, 48_000), ticks, "{quarters} quarters");
    }
    assert_eq!(map.tempo_at(8 * TICKS_PER_QUARTER - 1), Tempo(60_000_000));
    assert_eq!(map.tempo_at(8 * TICKS_PER_QUARTER), Tempo(240_000_000));
    assert_eq!(map.tempo_at(-1), Tempo::DEFAULT);
}

/// Seen red: with 960 ticks a quarter.
#[test]
fn bars_beats_and_ticks_come_and_go() {
    let waltz = TempoMap::fixed(Tempo::DEFAULT, Meter { beats: 6, unit: 8 });
    let at = |bar, beat, tick| waltz.ticks_at(BarBeatTick { bar, beat, tick });
    assert_eq!((at(1, 1, 0), at(1, 2, 3), at(2, 1, 0), at(0, 6, 959)), (0, 963, 5_760, -1));
    for ticks in -20_000..20_000 {
        assert_eq!(waltz.ticks_at(waltz.bar_beat_tick(ticks)), ticks);
    }
    assert_eq!(waltz.bar_beat_tick(-1).to_string(), "0|6|959");
}

/// Seen red: with the second meter's bars counted from tick 0.
#[test]
fn bars_walk_a_list_of_meters() {
    let mut map = map(120.0);
    map.meters.push(MeterChange { bar: 3, meter: Meter { beats: 3, unit: 4 } });
    let three = 8 * TICKS_PER_QUARTER;
    assert_eq!(map.bar_beat_tick(three), BarBeatTick { bar: 3, beat: 1, tick: 0 });
    assert_eq!(map.bar_beat_tick(three - 1), BarBeatTick { bar: 2, beat: 4, tick: 1_919 });
    assert_eq!(map.ticks_at(BarBeatTick { bar: 5, beat: 1, tick: 0 }), three + 6 * TICKS_PER_QUARTER);
    assert_eq!((map.meter_at(2).beats, map.meter_at(3).beats, map.meter_at(-4).beats), (4, 3, 4));
}

/// Seen red: `Meter::beat_ticks` divided by a unit of 0.
#[test]
fn nothing_panics_on_absurd_values() {
    let absurd = TempoMap::fixed(Tempo(0), Meter { beats: 0, unit: 0 });
    let empty = TempoMap { tempos: Vec::new(), meters: Vec::new(), downbeat: 0 };
    let far = [i64::MIN, i64::MAX].map(|downbeat| TempoMap { downbeat, ..map(120.0) });
    for map in [absurd, empty, map(10.0), map(999.0)].into_iter().chain(far) {
        for extreme in [i64::MIN, -1, 0, 1, i64::MAX] {
            for rate in [0, 1, u32::MAX] {
                let _ = (map.ticks_to_samples(extreme, rate), map.samples_to_ticks(extreme, rate));
            }
            let place = map.bar_beat_tick(extreme);
            let _ = map.ticks_at(BarBeatTick { bar: extreme, ..place });
        }
    }
    for bpm in [f64::NAN, f64::INFINITY, -120.0, 0.0, 9.99, 999.1, 1e300] {
        assert_eq!(Tempo::from_bpm(bpm), None, "{bpm}");
    }
    assert_eq!(Tempo::from_bpm(92.5).map(Tempo::bpm), Some(92.5));
}

fn shifted(bpm: f64, downbeat: i64) -> TempoMap {
    TempoMap { downbeat, ..map(bpm) }
}

/// Seen red: with tick 0 left at frame 0, bars are counted from the song's first frame.
#[test]
fn bars_before_the_downbeat_count_0_and_down() {
    // A beat that begins with half a bar of noise.
    let map = shifted(120.0, 48_000);
    let bar_at = |sample| map.bar_beat_tick(map.samples_to_ticks(sample, 48_000)).to_string();
    let places = [(48_000, "1|1|0"), (72_000, "1|2|0"), (0, "0|3|0"), (24_000, "0|4|0"), (-48_000, "0|1|0")];
    for (sample, place) in places {
        assert_eq!(bar_at(sample), place, "frame {sample}");
    }
    assert_eq!(bar_at(-72_000), "-1|4|0");
    let at = |bar, beat| map.ticks_to_samples(map.ticks_at(BarBeatTick { bar, beat, tick: 0 }), 48_000).0;
    assert_eq!((at(1, 1), at(0, 1), at(-1, 4), at(2, 1)), (48_000, -48_000, -72_000, 144_000));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// The grid is moved whole: no rounding comes in, whatever the downbeat, and both ways stay exact.
    ///
    /// Seen red: with tick 0 left at frame 0.
    #[test]
    fn a_downbeat_shifts_the_grid_exactly(
        tempo in 10_000_000_i64..=999_000_000,
        rate in prop::sample::select(vec![8_000_u32, 44_100, 48_000, 192_000]),
        downbeat in prop_oneof![-5_000_000_i64..5_000_000, -crate::POSITION_LIMIT..=crate::POSITION_LIMIT],
        ticks in -10_000_000_i64..10_000_000,
        meter in (1_u8..=16, 0_u32..=5).prop_map(|(beats, unit)| Meter { beats, unit: 1 << unit }),
    ) {
        let plain = TempoMap::fixed(Tempo(tempo), meter);
        let map = TempoMap { downbeat, ..plain.clone() };
        let sample = map.ticks_to_samples(ticks, rate);
        prop_assert_eq!(sample.0, plain.ticks_to_samples(ticks, rate).0 + downbeat);
        prop_assert_eq!(map.samples_to_ticks(sample.0, rate), plain.samples_to_ticks(sample.0 - downbeat, rate));
        // A tick that lasts a sample or more comes back as itself; a shorter one as one of the same sample.
        let back = map.samples_to_ticks(sample.0, rate);
        if i128::from(rate) * 60_000_000 >= i128::from(tempo) * i128::from(TICKS_PER_QUARTER) {
            prop_assert_eq!(back, ticks);
        }
        prop_assert_eq!(map.ticks_to_samples(back, rate), sample);
        let place = map.bar_beat_tick(ticks);
        prop_assert_eq!(map.ticks_at(place), ticks);
        prop_assert_eq!(place.bar >= 1, ticks >= 0);
        prop_assert_eq!(map.ticks_to_samples(0, rate).0, downbeat);
    }
}
