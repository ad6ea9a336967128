use proptest::prelude::*;

use super::*;

const ALL: [Encoding; 12] = [
    Encoding::U8,
    Encoding::I8,
    Encoding::I16Le,
    Encoding::I16Be,
    Encoding::I24Le,
    Encoding::I24Be,
    Encoding::I32Le,
    Encoding::I32Be,
    Encoding::F32Le,
    Encoding::F32Be,
    Encoding::F64Le,
    Encoding::F64Be,
];

fn decode(encoding: Encoding, bytes: &[u8], channels: usize) -> Vec<Vec<f32>> {
    let frames = bytes.len() / encoding.bytes() / channels;
    let mut planes = vec![vec![f32::NAN; frames]; channels];
    let mut slices: Vec<&mut [f32]> = planes.iter_mut().map(Vec::as_mut_slice).collect();
    assert_eq!(deinterleave(encoding, bytes, &mut slices, 0), frames);
    planes
}

fn encode(encoding: Encoding, planes: &[Vec<f32>]) -> (Vec<u8>, u64) {
    let mut bytes = vec![0xee; planes.len() * planes[0].len() * encoding.bytes()];
    let slices: Vec<&[f32]> = planes.iter().map(Vec::as_slice).collect();
    let clipped = interleave(encoding, &slices, &mut bytes);
    (bytes, clipped)
}

/// Seen red: the shift of the last word left out in `i24_mono` and in `i24_stereo`; TOP as 1/(2^31−1).
#[test]
fn every_24_bit_value_survives_both_ways() {
    let bytes: Vec<u8> =
        (-8_388_608i32..8_388_608).flat_map(|v| [v as u8, (v >> 8) as u8, (v >> 16) as u8]).collect();
    for channels in [1, 2, 4] {
        let planes = decode(Encoding::I24Le, &bytes, channels);
        assert_eq!(planes[0][0], -1.0);
        let (back, clipped) = encode(Encoding::I24Le, &planes);
        assert!(back == bytes, "{channels} channels");
        assert_eq!(clipped, 0);
    }
}

#[test]
fn every_8_and_16_bit_value_survives_both_ways() {
    let bytes: Vec<u8> = (0..=u16::MAX).flat_map(u16::to_le_bytes).collect();
    for encoding in [Encoding::U8, Encoding::I8, Encoding::I16Le, Encoding::I16Be] {
        assert_eq!(encode(encoding, &decode(encoding, &bytes, 1)), (bytes.clone(), 0), "{encoding:?}");
    }
}

/// Seen red: `ROUND` left out (truncation); clipping counted before rounding.
#[test]
fn rounds_half_to_even_and_counts_what_clips() {
    let step = 1.0 / 32_768.0;
    assert_eq!(round_i16(0.5 * step), (0, 0));
    assert_eq!(round_i16(1.5 * step), (2, 0));
    assert_eq!(round_i16(-0.5 * step), (0, 0));
    assert_eq!(round_i16(-2.5 * step), (-2, 0));
    assert_eq!(round_i16(32_767.4 * step), (32_767, 0));
    assert_eq!(round_i16(1.0), (32_767, 1));
    assert_eq!(round_i16(-1.0), (-32_768, 0));
    assert_eq!(round_i16(-32_768.4 * step), (-32_768, 0));
    assert_eq!(round_i16(f32::INFINITY), (32_767, 1));
    assert_eq!(round_i16(f32::NEG_INFINITY), (-32_768, 1));
    assert_eq!(round_i16(f32::NAN), (0, 0));
    assert_eq!(round_i24(1.0), (8_388_607, 1));
    assert_eq!(round_i32(1.0), (i32::MAX, 1));
    assert_eq!(round_i32(-1.0), (i32::MIN, 0));
    assert_eq!(round_u8(0.0), (128, 0));
    assert_eq!(round_u8(2.0), (255, 1));
}

proptest! {
    /// Seen red: two channels swapped in `i24_stereo`; the rest loop of it left out.
    #[test]
    fn planes_come_back(
        which in 0..ALL.len(),
        channels in 1..6usize,
        frames in 1..40usize,
        seed in any::<u32>(),
    ) {
        let encoding = ALL[which];
        // Multiples of 1/64: exact in all encodings.
        let sample = |i: usize| ((seed.wrapping_mul(i as u32 * 2 + 1) >> 16) % 128) as f32 / 64.0 - 1.0;
        let planes: Vec<Vec<f32>> =
            (0..channels).map(|c| (0..frames).map(|f| sample(c * 1000 + f)).collect()).collect();
        let (bytes, clipped) = encode(encoding, &planes);
        prop_assert_eq!(clipped, 0);
        prop_assert_eq!(&decode(encoding, &bytes, channels), &planes);
        // Packed in order is the same bytes.
        let mut packed = vec![0; bytes.len()];
        let interleaved: Vec<f32> = (0..frames * channels).map(|i| planes[i % channels][i / channels]).collect();
        pack(encoding, &interleaved, &mut packed);
        prop_assert_eq!(packed, bytes);
    }

    /// Seen red: `at` beyond the end of a plane.
    #[test]
    fn no_shape_panics(which in 0..ALL.len(), bytes in proptest::collection::vec(any::<u8>(), 0..64), lengths in proptest::collection::vec(0..9usize, 0..4), at in 0..12usize) {
        let mut planes: Vec<Vec<f32>> = lengths.iter().map(|n| vec![0.0; *n]).collect();
        let mut slices: Vec<&mut [f32]> = planes.iter_mut().map(Vec::as_mut_slice).collect();
        deinterleave(ALL[which], &bytes, &mut slices, at);
        let slices: Vec<&[f32]> = planes.iter().map(Vec::as_slice).collect();
        let mut bytes = bytes;
        interleave(ALL[which], &slices, &mut bytes);
    }
}

/// `cargo test --release -p dawg-dsp pcm_speed -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn pcm_speed() {
    let samples = 1 << 20;
    let bytes: Vec<u8> = (0..samples * 3).map(|i| ((i * 31) >> 3) as u8).collect();
    for channels in [1usize, 2, 6] {
        let frames = samples / channels;
        let mut planes = vec![vec![0.0; frames]; channels];
        let mut slices: Vec<&mut [f32]> = planes.iter_mut().map(Vec::as_mut_slice).collect();
        let start = std::time::Instant::now();
        for _ in 0..100 {
            std::hint::black_box(deinterleave(Encoding::I24Le, std::hint::black_box(&bytes), &mut slices, 0));
        }
        let ns = start.elapsed().as_nanos() as f64 / (100 * frames * channels) as f64;
        println!("24-bit to f32, {channels} channels: {ns:.3} ns a sample");
        let slices: Vec<&[f32]> = planes.iter().map(Vec::as_slice).collect();
        let mut out = vec![0; bytes.len()];
        for encoding in [Encoding::I24Le, Encoding::F32Le] {
            out.resize(samples * encoding.bytes(), 0);
            let start = std::time::Instant::now();
            for _ in 0..20 {
                std::hint::black_box(interleave(encoding, std::hint::black_box(&slices), &mut out));
            }
            let ns = start.elapsed().as_nanos() as f64 / (20 * frames * channels) as f64;
            println!("f32 to {encoding:?}, {channels} channels: {ns:.3} ns a sample");
        }
    }
}
