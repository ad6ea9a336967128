//! What a room promises: a decay as asked for, two different sides, and no harm from any input.

use super::*;

const RATE: u32 = 48_000;

fn room(decay: f32, damping: f32) -> Settings {
    Settings { decay, damping, mix: 1.0 }
}

/// What the room answers to `input` (the same on both sides), then `tail` frames of silence, in blocks of 256.
fn answer(reverb: &mut Reverb, input: &[f32], tail: usize) -> [Vec<f32>; 2] {
    let mut fed = input.to_vec();
    fed.resize(input.len() + tail, 0.0);
    let mut out = [vec![0.0; fed.len()], vec![0.0; fed.len()]];
    let [left, right] = &mut out;
    for ((input, left), right) in fed.chunks(256).zip(left.chunks_mut(256)).zip(right.chunks_mut(256)) {
        reverb.add([input, input], [left, right]);
    }
    out
}

/// Noise of ±1 that is the same every time.
fn noise(frames: usize) -> Vec<f32> {
    let mut state = 1_u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..frames).map(next).collect()
}

fn energy(samples: &[f32]) -> f64 {
    samples.iter().map(|sample| f64::from(*sample).powi(2)).sum()
}

/// Seconds for 60 dB, from the fall between −5 and −35 dB of Schroeder's backward integral (ISO 3382-1, T30).
fn t60(impulse: &[f32], rate: u32) -> f64 {
    let mut left: Vec<f64> = impulse
        .iter()
        .rev()
        .scan(0.0, |sum, sample| {
            *sum += f64::from(*sample).powi(2);
            Some(*sum)
        })
        .collect();
    left.reverse();
    let at =
        |decibels: f64| left.partition_point(|energy| 10.0 * (energy / left[0]).log10() > decibels) as f64;
    (at(-35.0) - at(-5.0)) / 30.0 * 60.0 / f64::from(rate)
}

// Seen red: with the losses of a line computed for half its length the decay is twice as long.
#[test]
fn the_decay_is_what_was_asked_for() {
    for rate in [44_100, 48_000, 96_000] {
        for (decay, size) in [(0.4, 0.2), (1.0, 0.5), (2.5, 0.5), (6.0, 1.0)] {
            let mut reverb = Reverb::new(rate, size, room(decay, 0.0));
            let sides = answer(&mut reverb, &[1.0], (decay * rate as f32 * 1.2) as usize);
            for side in sides {
                let measured = t60(&side, rate) / f64::from(decay);
                assert!((0.9..1.1).contains(&measured), "{decay} s at {rate}: {measured:.3} of it");
            }
        }
    }
}

// Seen red: with the pole left at 0 treble and bass fall alike.
#[test]
fn damping_takes_the_treble_first() {
    let mut reverb = Reverb::new(RATE, 0.5, room(2.0, 0.8));
    let [side, _] = answer(&mut reverb, &[1.0], 150_000);
    let treble: Vec<f32> = side.windows(3).map(|three| three[0] - 2.0 * three[1] + three[2]).collect();
    let mut low = 0.0;
    let bass: Vec<f32> = side
        .iter()
        .map(|sample| {
            low += (sample - low) * 0.02;
            low
        })
        .collect();
    let (treble, bass) = (t60(&treble, RATE), t60(&bass, RATE));
    assert!((1.8..2.2).contains(&bass), "bass {bass:.2} s");
    assert!(treble < bass * 0.6, "treble {treble:.2} s, bass {bass:.2} s");
}

// Seen red: with one row of signs for both outputs they are the same, correlation 1.
#[test]
fn one_voice_in_the_middle_comes_back_wide() {
    let mut reverb = Reverb::new(RATE, 0.5, room(1.5, 0.5));
    let [left, right] = answer(&mut reverb, &noise(24_000), 24_000);
    let product: f64 = left.iter().zip(&right).map(|(l, r)| f64::from(*l) * f64::from(*r)).sum();
    let correlation = product / (energy(&left) * energy(&right)).sqrt();
    assert!(correlation.abs() < 0.25, "{correlation:.3}");
    let balance = 10.0 * (energy(&left) / energy(&right)).log10();
    assert!(balance.abs() < 1.5, "{balance:.2} dB louder on the left");
}

// Seen red: with `out` a constant 0.5 the room gets louder with its decay.
#[test]
fn a_longer_decay_is_not_louder() {
    let sung = noise(96_000);
    for decay in [0.3, 1.0, 3.0, 6.0] {
        let mut reverb = Reverb::new(RATE, 0.5, room(decay, 0.0));
        let [left, _] = answer(&mut reverb, &sung, (decay * 48_000.0) as usize);
        let gain = 10.0 * (energy(&left) / energy(&sung)).log10();
        assert!(gain.abs() < 2.0, "{decay} s: {gain:.2} dB");
    }
}

// Seen red: with what comes in not bounded, one NaN silences the room for good (every output is NaN).
#[test]
fn no_input_harms_it() {
    for poison in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, 1e-40] {
        let mut reverb = Reverb::new(RATE, 0.5, room(0.5, 0.5));
        let sides = answer(&mut reverb, &[0.5, poison, 0.5], 200_000);
        assert!(sides.iter().flatten().all(|sample| sample.abs() < 32.0), "{poison}");
        let [after, _] = answer(&mut reverb, &[1.0], 48_000);
        let mut fresh = Reverb::new(RATE, 0.5, room(0.5, 0.5));
        assert_eq!(after, answer(&mut fresh, &[1.0], 48_000)[0], "{poison}");
    }
    for bad in [f32::NAN, f32::INFINITY, -1.0, 1e9] {
        let mut reverb = Reverb::new(RATE, bad, Settings { decay: bad, damping: bad, mix: 1.0 });
        let sides = answer(&mut reverb, &noise(48_000), 48_000);
        assert!(sides.iter().flatten().all(|sample| sample.abs() < 32.0), "{bad}");
    }
}

// Seen red: with a gain of 1.02 in each line the room howls (and so with `out` a constant: 8 is passed).
#[test]
fn full_scale_for_a_minute_stays_bounded() {
    let mut reverb = Reverb::new(RATE, 1.0, room(20.0, 0.0));
    let loud: Vec<f32> = noise(RATE as usize * 60).iter().map(|sample| sample.signum()).collect();
    let [left, _] = answer(&mut reverb, &loud, 0);
    assert!(left.iter().all(|sample| sample.abs() < 8.0));
}

// Seen red: without `fall_asleep` it never sleeps; with the lines not cleared the next sound differs from the first.
#[test]
fn it_sleeps_in_an_exact_fixed_point_and_wakes_as_new() {
    let mut reverb = Reverb::new(RATE, 0.5, room(0.5, 0.5));
    assert!(reverb.asleep());
    let first = answer(&mut reverb, &[1.0], 24_000);
    assert!(!reverb.asleep());
    let tail = answer(&mut reverb, &[], 96_000);
    assert!(reverb.asleep());
    assert!(tail.iter().all(|side| side.iter().rev().take(4_800).all(|sample| sample.to_bits() == 0)));
    let [left, _] = answer(&mut reverb, &[1.0], 24_000);
    assert_eq!(left, first[0]);
}

// Seen red: with the losses changed at once (`gliding` set to 1) the corner is 0.23.
#[test]
fn turning_the_knobs_does_not_click() {
    // A low tone has no steep places of its own.
    let tone: Vec<f32> = (0..200_000).map(|n| (n as f32 * 0.005).sin() * 0.5).collect();
    let mut reverb = Reverb::new(RATE, 0.5, room(1.0, 0.5));
    answer(&mut reverb, &tone[..150_000], 0);
    let mut at = 150_000;
    for settings in [room(0.2, 0.5), room(5.0, 0.0), room(1.0, 1.0), Settings { mix: 0.0, ..room(1.0, 1.0) }]
    {
        reverb.set(settings);
        let [left, _] = answer(&mut reverb, &tone[at..at + 10_000], 0);
        at += 10_000;
        // A step is a corner in the slope.
        let corner = left.windows(3).fold(0.0_f32, |most, w| most.max((w[0] - 2.0 * w[1] + w[2]).abs()));
        assert!(corner < 2e-3, "{settings:?}: {corner}");
    }
}

// Seen red: with `unheard` not asked for it stays awake.
#[test]
fn unheard_it_costs_nothing() {
    let mut reverb = Reverb::new(RATE, 0.5, Settings { mix: 0.0, ..Settings::default() });
    let [left, right] = answer(&mut reverb, &noise(10_000), 0);
    assert!(left.iter().chain(&right).all(|sample| sample.to_bits() == 0) && reverb.asleep());
}
