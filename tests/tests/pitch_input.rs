//! The pitch tracker and whatever may come in: cut off, in blocks of any size, at any rate, broken, two voices at once; and
//! what it costs.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use assert_no_alloc::{AllocDisabler, assert_no_alloc};
use dawg_dsp::pitch::{Estimate, LIVE_LATENCY_SECONDS, PitchRange, Tracker};
use dawg_tests::sung::score::{Guess, Tally};
use dawg_tests::sung::{Chance, Kind, Piece, Set, Singer, Sung, Vowel, hertz};
use rustix::time::{ClockId, clock_gettime};

// Aborts on any allocation inside `assert_no_alloc`.
#[global_allocator]
static GUARD: AllocDisabler = AllocDisabler;

const RATE: u32 = 48_000;

fn live(rate: u32) -> Tracker {
    Tracker::live(rate, PitchRange::default()).unwrap()
}

fn whole(rate: u32) -> Tracker {
    Tracker::whole(rate, PitchRange::default()).unwrap()
}

fn push(tracker: &mut Tracker, samples: &[f32]) -> Vec<Estimate> {
    let mut estimates = Vec::new();
    tracker.push(samples, &mut |estimate| estimates.push(estimate));
    estimates
}

fn finish(tracker: &mut Tracker) -> Vec<Estimate> {
    let mut estimates = Vec::new();
    tracker.finish(&mut |estimate| estimates.push(estimate));
    estimates
}

fn follow(mut tracker: Tracker, samples: &[f32]) -> Vec<Estimate> {
    let mut estimates = push(&mut tracker, samples);
    estimates.extend(finish(&mut tracker));
    estimates
}

/// Half a minute of people.
fn people() -> Piece {
    Set::make(8, &[Kind::Phrases]).pieces.swap_remove(0)
}

// Seen red: with a live tracker that decides ten moments later.
#[test]
fn live_nothing_that_comes_later_than_30_ms_changes_what_is_said() {
    let samples = &people().samples[..4 * RATE as usize];
    let all = follow(live(RATE), samples);
    let mut chance = Chance::new(1);
    for _ in 0..12 {
        let cut = chance.between(0.0, samples.len() as f64) as usize;
        let due = cut as f64 / f64::from(RATE) - LIVE_LATENCY_SECONDS;
        let due = all.iter().take_while(|estimate| estimate.seconds() <= due).count();
        // Cut there, it has said all that is due by then; and neither the end nor a shriek changes any of it.
        let mut tracker = live(RATE);
        let mut said = push(&mut tracker, &samples[..cut]);
        assert!(said.len() >= due, "{} of {due} said by frame {cut}", said.len());
        assert_eq!(said[..due], all[..due], "cut at frame {cut}");
        said.extend(push(&mut tracker, &chance.white(4_800)));
        assert_eq!(said[..due], all[..due], "then noise, from frame {cut} on");
        assert_eq!(follow(live(RATE), &samples[..cut])[..due], all[..due], "finished at frame {cut}");
    }
}

#[test]
fn blocks_of_any_size_give_the_same_and_a_finished_tracker_begins_anew() {
    let samples = &people().samples[..3 * RATE as usize + 11];
    for make in [live, whole] {
        let once = follow(make(RATE), samples);
        let mut tracker = make(RATE);
        for size in [1, 64, 441, 100_000] {
            let mut said: Vec<Estimate> =
                samples.chunks(size).flat_map(|block| push(&mut tracker, block)).collect();
            said.extend(finish(&mut tracker));
            assert_eq!(said, once, "in blocks of {size}");
        }
        let numbers = once.iter().enumerate().all(|(number, estimate)| estimate.number == number as u64);
        assert!(numbers, "consecutive, from 0 on");
        // 3 s and 11 frames: the moments 0 to 3 s, both included.
        assert_eq!(once.len(), 601);
    }
}

// Seen red: with a vector made in `push`.
#[test]
fn nothing_is_allocated_while_it_runs() {
    let samples = people().samples;
    for mut tracker in [live(RATE), whole(RATE), live(8_000), live(192_000)] {
        let mut voiced = 0;
        assert_no_alloc(|| {
            for block in samples[..5 * RATE as usize].chunks(256) {
                tracker.push(block, &mut |estimate| voiced += u32::from(estimate.voiced));
            }
            tracker.finish(&mut |estimate| voiced += u32::from(estimate.voiced));
        });
        assert!(voiced > 0);
    }
}

#[test]
fn a_hundred_voices_take_less_than_one_core() {
    let samples = people().samples;
    let processor_time = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap())
    };
    let mut trackers: Vec<Tracker> = (0..100).map(|_| live(RATE)).collect();
    let start = processor_time();
    for (voice, tracker) in trackers.iter_mut().enumerate() {
        let from = voice * 4_801;
        samples[from..from + RATE as usize].chunks(256).for_each(|block| tracker.push(block, &mut |_| ()));
    }
    let took = processor_time() - start;
    assert!(took < Duration::from_secs(1), "{took:?} of one core for a second of 100 voices");
}

/// Whether it says anything that is no number, beyond the range or out of bounds.
#[track_caller]
fn sane(estimates: &[Estimate]) {
    let range = PitchRange::default();
    for estimate in estimates {
        let Estimate { frequency, confidence, voiced, .. } = *estimate;
        assert!((0.0..=1.0).contains(&confidence), "{estimate:?}");
        assert!(frequency.is_finite() && frequency >= 0.0, "{estimate:?}");
        assert!(!voiced || (range.lowest.0..=range.highest.0).contains(&frequency), "{estimate:?}");
    }
}

#[test]
fn nobody_is_heard_in_what_is_no_sound() {
    let second = RATE as usize;
    let mut wild = Chance::new(3).white(second);
    wild.iter_mut().for_each(|sample| *sample *= f32::MAX);
    let cases: [(&str, Vec<f32>); 8] = [
        ("silence", vec![0.0; second]),
        ("DC", vec![0.7; second]),
        ("full scale DC", vec![-1.0; second]),
        ("NaN", vec![f32::NAN; second]),
        ("infinity", vec![f32::INFINITY; second]),
        ("minus infinity and NaN", [f32::NEG_INFINITY, f32::NAN].repeat(second / 2)),
        ("denormals", vec![1e-40; second]),
        ("noise beyond all bounds", wild),
    ];
    for (name, samples) in &cases {
        for make in [live, whole] {
            let estimates = follow(make(RATE), samples);
            sane(&estimates);
            assert_eq!(estimates.len(), 200, "{name}");
            let voiced = estimates.iter().filter(|estimate| estimate.voiced).count();
            assert!(voiced <= 2, "{name}: voiced {voiced} times of 200");
        }
    }
}

#[test]
fn files_of_no_and_of_one_sample_end_in_peace() {
    for make in [live, whole] {
        assert_eq!(follow(make(RATE), &[]), []);
        let one = follow(make(RATE), &[0.5]);
        assert_eq!(one.len(), 1);
        assert!(!one[0].voiced);
    }
}

#[test]
fn a_voice_goes_on_after_broken_samples() {
    let mut piece = Singer::plain(RATE).melody(&[Sung::note(57.0, 2.0)]);
    for sample in &mut piece.samples[40_000..41_000] {
        *sample = f32::NAN;
    }
    piece.samples[60_000] = f32::INFINITY;
    for make in [live, whole] {
        let estimates = follow(make(RATE), &piece.samples);
        sane(&estimates);
        let far = |row: usize| [40_000, 41_000, 60_000].iter().all(|at| row.abs_diff(at / 240) > 10);
        let rows = (10..390).filter(|row| far(*row) && !(166..171).contains(row));
        for row in rows {
            let cents = 1_200.0 * (f64::from(estimates[row].frequency) / hertz(57.0)).log2();
            assert!(estimates[row].voiced && cents.abs() < 15.0, "{:?}", estimates[row]);
        }
    }
}

#[test]
fn hard_clipped_it_is_the_same_note() {
    let mut piece = Singer::plain(RATE).melody(&[Sung::note(45.0, 1.0), Sung::note(64.0, 1.0)]);
    piece.samples.iter_mut().for_each(|sample| *sample = (*sample * 40.0).clamp(-1.0, 1.0));
    assert_in_tune(&piece);
}

// Seen red: with a live tracker that decides ten moments later.
#[test]
fn every_rate_of_audio_is_heard_alike() {
    let scale: Vec<Sung> = (0..21).map(|key| Sung::note(42.0 + 2.0 * f64::from(key), 0.25)).collect();
    for rate in [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000] {
        assert_in_tune(&Singer::plain(rate).melody(&scale));
        let latency = live(rate).latency();
        assert!(latency <= LIVE_LATENCY_SECONDS, "{latency} s at {rate}");
    }
}

#[track_caller]
fn assert_in_tune(piece: &Piece) {
    for make in [live, whole] {
        let guesses: Vec<Guess> =
            follow(make(piece.rate), &piece.samples).into_iter().map(Guess::from).collect();
        let mut tally = Tally::default();
        tally.add(&piece.truth, &guesses);
        let score = tally.score();
        assert!(score.within_15 >= 0.97 && score.within_50 >= 0.97, "at {} Hz: {score}", piece.rate);
    }
}

#[test]
fn what_is_no_rate_or_no_range_is_refused() {
    for rate in [0, 1, 7_999, 192_001, u32::MAX] {
        assert!(Tracker::live(rate, PitchRange::default()).is_err(), "{rate}");
    }
    let range = |lowest, highest| PitchRange {
        lowest: dawg_dsp::units::Hertz(lowest),
        highest: dawg_dsp::units::Hertz(highest),
    };
    for (lowest, highest) in
        [(f32::NAN, 1_000.0), (100.0, f32::NAN), (1_000.0, 100.0), (0.0, 1_000.0), (100.0, 1e9)]
    {
        assert!(Tracker::whole(RATE, range(lowest, highest)).is_err(), "{lowest} to {highest}");
    }
}

/// The mean confidence over what is sung; unvoiced counts as none.
fn confidence(tracker: Tracker, samples: &[f32]) -> f32 {
    let estimates = follow(tracker, samples);
    let middle = &estimates[20..estimates.len() - 20];
    middle.iter().map(|estimate| if estimate.voiced { estimate.confidence } else { 0.0 }).sum::<f32>()
        / middle.len() as f32
}

#[test]
fn two_singers_at_once_lower_the_confidence() {
    let (one, other) = (Singer::numbered(RATE, 11), Singer::numbered(RATE, 12));
    let mut chance = Chance::new(4);
    // Not a fifth, nor an octave: the harmonics of both are those of one voice.
    for interval in [3.0, 4.0, 5.0, 6.2, 8.0, 9.0, 10.0] {
        let held = |key: f64| vec![hertz(key); 2 * RATE as usize];
        let (low, high) = (held(55.0), held(55.0 + interval));
        let low = one.sing(&low, Vowel::A, 0.2, &mut chance);
        let high = other.sing(&high, Vowel::E, 0.2, &mut chance);
        let both: Vec<f32> = low.iter().zip(&high).map(|(low, high)| low + high).collect();
        for make in [live, whole] {
            let alone = confidence(make(RATE), &low).min(confidence(make(RATE), &high));
            let together = confidence(make(RATE), &both);
            assert!(together < 0.85 * alone, "{interval} keys apart: {together}, alone {alone}");
        }
    }
}
