//! A strip: what passes unchanged, what glides, what stays the same at every block size.

use dawg_plugins::{Event, TransportView};

use super::*;

const UNITY: StripSettings = StripSettings { gain: 1.0, pan: 0.0, audible: true };

fn run(strip: &mut Strip, input: &[f32], events: &[Event], block: usize) -> [Vec<f32>; 2] {
    let mut sides = [Vec::new(), Vec::new()];
    let mut at = 0;
    for chunk in input.chunks(block) {
        let here: Vec<Event> = events
            .iter()
            .filter(|event| (at..at + chunk.len()).contains(&(event.offset as usize)))
            .map(|event| Event { offset: event.offset - at as u32, ..*event })
            .collect();
        let (mut left, mut right) = (vec![f32::NAN; chunk.len()], vec![f32::NAN; chunk.len()]);
        let inputs = [chunk, chunk];
        let process = Process {
            transport: TransportView { position: at as i64, rolling: true, recording: false },
            events: &here,
            frames: chunk.len(),
        };
        let mut audio =
            Audio { inputs: &inputs[..usize::from(strip.channels)], outputs: &mut [&mut left, &mut right] };
        strip.process(&process, &mut audio, &mut Events::with_capacity(0));
        sides[0].extend(left);
        sides[1].extend(right);
        at += chunk.len();
    }
    sides
}

fn noise(n: u32) -> Vec<f32> {
    (0..n).map(|i| (i.wrapping_mul(2_654_435_761) >> 8) as f32 / (1 << 23) as f32 - 1.0).collect()
}

// Seen red: a stereo strip that uses the pan law (√½ at the centre) changes every sample.
#[test]
fn defaults_pass_stereo_unchanged_and_mono_3_db_lower() {
    let input = noise(500);
    let [left, right] = run(&mut Strip::new(2, UNITY), &input, &[], 500);
    assert!(left == input && right == input);
    let [left, right] = run(&mut Strip::new(1, UNITY), &input, &[], 500);
    let lower: Vec<f32> = input.iter().map(|sample| sample * std::f32::consts::FRAC_1_SQRT_2).collect();
    assert!(left == lower && right == lower);
}

// Seen red: with `advance` by the block's frames in place of the part's, the glide jumps at each event.
#[test]
fn a_glide_is_the_same_at_every_block_size() {
    let input = noise(2_000);
    let events = [
        Event { offset: 100, kind: EventKind::Glide { param: GAIN, value: 0.25 } },
        Event { offset: 200, kind: EventKind::Glide { param: PAN, value: -0.5 } },
        Event { offset: 900, kind: EventKind::Glide { param: AUDIBLE, value: 0.0 } },
        Event { offset: 1_500, kind: EventKind::Set { param: AUDIBLE, value: 1.0 } },
    ];
    let whole = run(&mut Strip::new(1, UNITY), &input, &events, 2_000);
    for block in [32, 64, 100, 441, 1_024] {
        assert_eq!(run(&mut Strip::new(1, UNITY), &input, &events, block), whole, "blocks of {block}");
    }
    assert!(whole[0][1_156..1_500].iter().all(|sample| *sample == 0.0));
    assert_eq!(whole[0][1_500], input[1_500] * (0.25 * pan_gains(Pan::new(-0.5)).0));
}

// Seen red: without the finite check a NaN fader makes the whole mix NaN.
#[test]
fn nonsense_changes_nothing() {
    let input = noise(10);
    let events = [
        Event { offset: 0, kind: EventKind::Set { param: GAIN, value: f64::NAN } },
        Event { offset: 0, kind: EventKind::Set { param: ParamId(99), value: 0.0 } },
    ];
    assert_eq!(run(&mut Strip::new(2, UNITY), &input, &events, 10)[0], input);
}
