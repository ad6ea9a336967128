//! The whole song, as a listener and a mixer get it.

use super::*;
use crate::score::{BARS, Grid};
use crate::units::Hertz;
use std::sync::OnceLock;

/// Rendered once for all tests.
fn demo() -> &'static Demo {
    static DEMO: OnceLock<Demo> = OnceLock::new();
    DEMO.get_or_init(|| render(48_000))
}

fn mix(demo: &Demo) -> space::Stereo {
    stems::mix(&demo.stems, Grid { rate: Hertz(demo.rate as f32) })
}

/// What must hold at every rate.
fn check(demo: &Demo) {
    let grid = Grid { rate: Hertz(demo.rate as f32) };
    for stem in &demo.stems {
        let place = format!("{} at {} Hz", stem.name, demo.rate);
        assert_eq!(stem.channels.len(), if stem.mono { 1 } else { 2 }, "{place}");
        assert!(stem.mono || stem.pan == 0.0, "{place}");
        assert!(stem.gain > 0.0 && stem.gain <= 1.0, "{place}");
        let start = usize::try_from(stem.start_bar).unwrap();
        let length = stem.channels[0].len();
        assert!((start..=BARS).any(|end| grid.bar(end) - grid.bar(start) == length), "{place}: {length}");
        for channel in &stem.channels {
            assert_eq!(channel.len(), length, "{place}");
            assert!(channel.iter().all(|sample| sample.is_finite()), "{place}");
            assert!(measure::mean(channel).abs() < 1e-4, "{place} has DC");
            assert!(measure::peak(channel) < 0.0, "{place} clips");
            assert!(measure::peak(channel) > -20.0, "{place} is silent");
            assert!(channel[0].abs() < 1e-5 && channel[length - 1].abs() < 1e-5, "{place} clicks");
        }
    }
    let peak = mix(demo).iter().map(|channel| measure::peak(channel)).fold(f32::MIN, f32::max);
    assert!((-3.0..-1.0).contains(&peak), "the mix peaks at {peak} dBFS at {} Hz", demo.rate);
}

/// Red without `balance` (peak), without `fade_ends` (clicks), without `block_dc` (the drums), and when
/// `truncate` left a sample more (length).
#[test]
fn stems_are_sound_at_usual_rates() {
    check(demo());
    for rate in [44_100, 96_000] {
        check(&render(rate));
    }
}

/// Red when `render` took any rate (a stem without samples at 0).
#[test]
fn unusual_rates_are_held_to_what_can_be_played() {
    let lowest = render(0);
    assert_eq!(lowest.rate, 8_000);
    check(&lowest);
}

/// Red when the seed of the hats came from the address of a local.
#[test]
fn every_run_gives_the_same_bits() {
    for (once, again) in demo().stems.iter().zip(&render(48_000).stems) {
        let bits =
            |stem: &Stem| -> Vec<u32> { stem.channels.iter().flatten().map(|s| s.to_bits()).collect() };
        assert!(bits(once) == bits(again), "{} differs", once.name);
    }
}

/// Red when the drums were not `rounded`: their spikes left the mix below −16 LUFS.
#[test]
fn the_mix_is_as_loud_as_a_song() {
    let loudness = measure::loudness(&mix(demo()));
    assert!((-16.0..-12.0).contains(&loudness), "{loudness} LUFS");
}

/// The lead is at least level with everything else, in the band where words are understood. Red at −12 dB.
#[test]
fn the_lead_leads() {
    let power = |name: &str| {
        let stem = demo().stems.iter().find(|stem| stem.name == name).unwrap();
        let bar = 128_000;
        let start = usize::try_from(12 - stem.start_bar).unwrap() * bar;
        let mut filter = filter::StateVariable::new(Hertz(1_000.0), 0.5, Hertz(48_000.0));
        let hook = &stem.channels[0][start..start + 8 * bar];
        let sum: f64 = hook.iter().map(|s| f64::from(stem.gain * filter.split(*s).band).powi(2)).sum();
        10.0 * sum.log10()
    };
    let lead = power("Lead vocal") - 3.0;
    for other in ["Drums", "808", "Keys", "Pad", "Vocal room"] {
        assert!(lead > power(other) + 3.0, "lead {lead} dB, {other} {} dB", power(other));
    }
}

/// A last note, and then a room that falls silent. Red with the last chord a bar later.
#[test]
fn the_song_ends() {
    let mix = mix(demo());
    let level = |from: usize, to: usize| measure::peak(&mix[0][from * 64_000..to * 64_000]);
    assert!(level(42, 44) > -12.0, "the last note is at {} dBFS", level(42, 44));
    assert!(level(47, 48) < -30.0, "the last half bar is at {} dBFS", level(47, 48));
}
