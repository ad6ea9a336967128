use std::fs;

use super::*;
use crate::encode::Kind;
use crate::testing::*;
use crate::wav::SampleFormat;

/// The mean error (RMS) against the sine of the fixtures, away from the edges. One frame out of place is 0.02.
fn off(plane: &[f32]) -> f32 {
    let ideal = sine(48_000, plane.len(), 0);
    let inside = 2_000..plane.len() - 2_000;
    let square = |n: usize| (plane[n] - ideal[n]).powi(2);
    (inside.clone().map(square).sum::<f32>() / inside.len() as f32).sqrt()
}

/// Length and place of the sine, for each kind. Seen red: the edit list ignored (AAC begins 1,024 frames late).
#[test]
fn every_kind_decodes_in_place() {
    for (name, kind, bits, frames) in [
        ("sine.m4a", FileKind::Aac, None, 24_000),
        ("sine-faststart.m4a", FileKind::Aac, None, 24_000),
        ("sine-alac.m4a", FileKind::Alac, None, 9_600),
        ("sine.ogg", FileKind::Vorbis, None, 24_000),
    ] {
        let decoder = Decoder::open(&fixture(name)).unwrap();
        assert_eq!((decoder.kind(), decoder.lossless_bits()), (kind, bits), "{name}");
        assert_eq!(
            (decoder.channels(), decoder.sample_rate(), decoder.frames()),
            (1, 48_000, Some(frames)),
            "{name}"
        );
        let planes = decode_rest(decoder).unwrap();
        assert_eq!(planes[0].len() as u64, frames, "{name}");
        assert!(off(&planes[0]) < 0.01, "{name}: {}", off(&planes[0]));
    }
}

/// Times in an MP4 are ticks of its track, which need not be frames: here half as many. Seen red: the start
/// in the edit list taken for frames.
#[test]
fn ticks_are_not_frames() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.m4a");
    let mut bytes = fs::read(fixture("sine.m4a")).unwrap();
    let mut double = |kind: &[u8; 4], words: &[usize]| {
        let at = bytes.windows(4).position(|w| w == kind).unwrap() + 4;
        for word in words {
            let word = &mut bytes[at + word * 4..at + word * 4 + 4];
            let value = u32::from_be_bytes(word.try_into().unwrap());
            word.copy_from_slice(&(value * 2).to_be_bytes());
        }
    };
    double(b"mdhd", &[3, 4]); // scale, duration
    double(b"elst", &[3]); // the start
    double(b"stts", &[3, 5]); // the length of each packet
    fs::write(&path, bytes).unwrap();
    let decoder = Decoder::open(&path).unwrap();
    assert_eq!(decoder.frames(), Some(24_000));
    assert!(decode_rest(decoder).unwrap() == decode_all(&fixture("sine.m4a")).unwrap());
}

/// Streams that do not say where the piece begins: nothing is lost of them. Seen red: the file given to the MP3
/// reader as seekable (it then guesses a length and cuts there).
#[test]
fn streams_without_a_length_are_decoded_to_their_end() {
    for (name, kind) in [("sine-plain.mp3", FileKind::Mp3), ("sine.aac", FileKind::Aac)] {
        let decoder = Decoder::open(&fixture(name)).unwrap();
        assert_eq!((decoder.kind(), decoder.frames()), (kind, None), "{name}");
        let frames = decode_rest(decoder).unwrap()[0].len();
        assert!((24_000 + 1_024..24_000 + 4 * 1_152).contains(&frames), "{name}: {frames}");
    }
}

#[test]
fn our_own_kinds_say_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("misleading.mp3");
    let planes = vec![noise24(40_000, 0), noise24(40_000, 1)];
    for (kind, found, bits) in [
        (Kind::Wav(SampleFormat::Int24), FileKind::Wav, Some(24)),
        (Kind::Wav(SampleFormat::Float32), FileKind::Wav, None),
        (Kind::Flac { bits: 24 }, FileKind::Flac, Some(24)),
    ] {
        export(&path, 44_100, kind, &planes).unwrap();
        let decoder = Decoder::open(&path).unwrap();
        assert_eq!((decoder.kind(), decoder.lossless_bits(), decoder.frames()), (found, bits, Some(40_000)));
        assert!(decode_rest(decoder).unwrap() == planes);
    }
}

fn cut(from: &Path, to: &Path, share: f64) {
    let bytes = fs::read(from).unwrap();
    fs::write(to, &bytes[..(bytes.len() as f64 * share) as usize]).unwrap();
}

/// Seen red: `ended` comparing nothing (FLAC and MP3 then pass as short pieces); an Ogg page believed to be
/// whole.
#[test]
fn cut_off_is_refused_with_what_there_is_or_repaired() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, half) = (folder.path().join("whole"), folder.path().join("half"));
    let planes: Vec<_> = sines(48_000, 60_000, 1);
    let mut kinds = vec![Kind::Wav(SampleFormat::Int24), Kind::Flac { bits: 24 }];
    if cfg!(feature = "mp3") {
        kinds.push(Kind::Mp3 { kbps: 128 });
    }
    let check = |name: &str, expected: Option<u64>| {
        cut(&whole, &half, 0.6);
        let told = decode_all(&half).unwrap_err();
        let MediaError::Truncated { readable, expected: told_expected, path } = &told else {
            panic!("{name}: {told}")
        };
        assert!(
            path == &half && (*readable > 5_000 || readable == &0) && *told_expected == expected,
            "{name}: {told}"
        );
        assert!(told.to_string().contains("cut off") && told.to_string().contains("repair"));
        let repaired = decode_rest(Decoder::open(&half).unwrap().repairing(true)).unwrap();
        assert!(repaired[0].len() >= *readable as usize && repaired[0].len() > 5_000, "{name}");
    };
    for kind in kinds {
        export(&whole, 48_000, kind, &planes).unwrap();
        check(&format!("{kind:?}"), Some(60_000));
    }
    // Its first 3,500 bytes are code books; at 4,304 the last page begins.
    for share in [0.9, 0.944, 0.95, 0.97, 0.999] {
        cut(&fixture("sine.ogg"), &half, share);
        let told = decode_all(&half).map(|planes| planes[0].len());
        assert!(matches!(told, Err(MediaError::Truncated { readable: 5_000.., .. })), "{share}: {told:?}");
    }
    fs::copy(fixture("sine-faststart.m4a"), &whole).unwrap();
    cut(&whole, &half, 0.6);
    assert!(matches!(decode_all(&half), Err(MediaError::Truncated { .. } | MediaError::Damaged { .. })));
    // With its index at the end, a cut M4A cannot be read at all.
    cut(&fixture("sine.m4a"), &half, 0.6);
    assert!(matches!(Decoder::open(&half), Err(MediaError::Damaged { .. })));
}

/// A byte flipped in the middle of a FLAC is found, not heard. Seen red: gaps not filled (the
/// repaired file is then a block short).
#[test]
fn a_damaged_flac_is_refused_or_keeps_its_length() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.flac");
    export(&path, 48_000, Kind::Flac { bits: 24 }, &sines(48_000, 60_000, 1)).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    fs::write(&path, bytes).unwrap();
    assert!(matches!(decode_all(&path), Err(MediaError::Damaged { .. })));
    let mut decoder = Decoder::open(&path).unwrap().repairing(true);
    let mut frames = 0;
    while let Some(planes) = decoder.next_chunk().unwrap() {
        frames += planes[0].len();
    }
    assert_eq!(frames, 60_000);
    assert!(decoder.filled() >= 4_096, "{}", decoder.filled());
}

#[test]
fn what_is_no_audio_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.wav");
    let told = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        decode_all(&path).unwrap_err()
    };
    assert!(matches!(told(b""), MediaError::Empty { .. }));
    assert!(matches!(told(b"RIFF"), MediaError::UnknownKind { .. }));
    assert!(matches!(told("words ".repeat(10_000).as_bytes()), MediaError::UnknownKind { .. }));
    let empty = riff(b"RIFF", &[chunk(b"fmt ", &fmt(1, 2, 48_000, 16)), chunk(b"data", &[])]);
    assert!(matches!(told(&empty), MediaError::NoAudio { .. }));
    assert!(matches!(Decoder::open(folder.path()), Err(MediaError::NotAFile { .. })));
}

/// White noise has a sync word of some format every few hundred bytes. It must not become music. Seen red:
/// what is not recognised reported as a file without audio.
#[test]
fn noise_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("noise");
    let mut state = 1u64;
    for _ in 0..20 {
        let bytes: Vec<u8> = (0..300_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 56) as u8
            })
            .collect();
        fs::write(&path, bytes).unwrap();
        let told = decode_all(&path).map(|planes| planes[0].len());
        assert!(matches!(told, Err(MediaError::UnknownKind { .. } | MediaError::Damaged { .. })), "{told:?}");
    }
}
