use std::fs;

use super::*;
use crate::encode::Kind;
use crate::files::hash_file;
use crate::peaks::{LEVELS, Peak, PeakFile};
use crate::source;
use crate::testing::*;
use crate::wav::SampleFormat;

struct Song {
    folder: tempfile::TempDir,
}

impl Song {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("audio")).unwrap();
        fs::create_dir(folder.path().join("peaks")).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn import_with(&self, name: &str, repair: bool, progress: &Progress) -> Result<Imported, MediaError> {
        let to = ImportTarget {
            audio_folder: &self.path("audio"),
            peaks_folder: &self.path("peaks"),
            media_id: "0190c0de",
            song_rate: 48_000,
            repair,
        };
        import(&self.path(name), &to, progress)
    }

    fn import(&self, name: &str) -> Result<Imported, MediaError> {
        self.import_with(name, false, &Progress::new())
    }

    fn samples(&self, imported: &Imported) -> Vec<Vec<f32>> {
        let mut source = source::open(&self.path("audio").join(&imported.file)).unwrap();
        assert_eq!(
            (source.frames(), source.channels(), source.sample_rate()),
            (imported.frames, imported.channels, 48_000)
        );
        let planes = read_all(source.as_mut());
        let mut peaks =
            PeakFile::open(&self.path("peaks/0190c0de.peaks"), imported.channels, imported.frames).unwrap();
        for (channel, plane) in planes.iter().enumerate() {
            let mut points = vec![Peak::default(); peaks.points(0) as usize];
            peaks.read(0, channel as u16, 0, &mut points).unwrap();
            for (point, chunk) in points.iter().zip(plane.chunks(LEVELS[0] as usize)) {
                assert_eq!(point.max, chunk.iter().copied().fold(f32::MIN, f32::max));
            }
        }
        planes
    }

    fn is_untouched(&self) -> bool {
        ["audio", "peaks"].iter().all(|folder| fs::read_dir(self.path(folder)).unwrap().next().is_none())
    }
}

/// Byte for byte. Seen red: only 16 bits copied, 24 converted.
#[test]
fn integers_at_the_songs_rate_are_copied_unchanged() {
    let song = Song::new();
    let planes = vec![noise24(30_000, 0), noise24(30_000, 1)];
    for (name, kind) in [
        ("a.wav", Kind::Wav(SampleFormat::Int24)),
        ("a.WAV", Kind::Wav(SampleFormat::Int16)),
        ("a.flac", Kind::Flac { bits: 24 }),
    ] {
        export(&song.path(name), 48_000, kind, &planes).unwrap();
        let progress = Progress::new();
        for repair in [false, true] {
            let imported = song.import_with(name, repair, &progress).unwrap();
            assert!(imported.copied && imported.converted.is_none());
            assert_eq!(progress.fraction(), Some(1.0));
            let hash = |path: &Path| hash_file(path, &Progress::new()).unwrap();
            assert_eq!(hash(&song.path(name)), hash(&song.path("audio").join(&imported.file)));
            if kind != Kind::Wav(SampleFormat::Int16) {
                assert!(song.samples(&imported) == planes);
            }
        }
    }
    // An AIFF, in a file with a wrong ending.
    let mut bytes = aiff(1, 24, 2, None, &[0x40, 0, 0, 0xc0, 0, 0]);
    let rate = bytes.windows(2).position(|w| w == [0xac, 0x44]).unwrap();
    bytes[rate..rate + 2].copy_from_slice(&[0xbb, 0x80]);
    fs::write(song.path("b.wav"), &bytes).unwrap();
    let imported = song.import("b.wav").unwrap();
    assert_eq!((imported.file.as_str(), imported.copied), ("b.aiff", true));
    assert_eq!(fs::read(song.path("audio/b.aiff")).unwrap(), bytes);
    assert_eq!(song.samples(&imported), vec![vec![0.5, -0.5]]);
}

/// Seen red: the rate of the source kept; 32-bit integers copied.
#[test]
fn everything_else_becomes_float_at_the_songs_rate() {
    let song = Song::new();
    let at = |rate: u32, frames: usize| sines(rate, frames, 2);
    let close = |a: &[Vec<f32>], b: &[Vec<f32>], worst: f32| {
        a.iter().zip(b).all(|(a, b)| {
            a.len() == b.len()
                && a[2_000..a.len() - 2_000].iter().zip(&b[2_000..]).all(|(a, b)| (a - b).abs() < worst)
        })
    };
    for (name, rate, kind, worst) in [
        ("f.wav", 48_000, Kind::Wav(SampleFormat::Float32), 0.0001),
        ("i.wav", 48_000, Kind::Wav(SampleFormat::Int32), 0.0001),
        ("r.wav", 44_100, Kind::Wav(SampleFormat::Int24), 0.0001),
        ("r.flac", 96_000, Kind::Flac { bits: 24 }, 0.0001),
        #[cfg(feature = "mp3")]
        ("m.mp3", 44_100, Kind::Mp3 { kbps: 256 }, 0.03),
    ] {
        export(&song.path(name), rate, kind, &at(rate, rate as usize)).unwrap();
        let imported = song.import(name).unwrap();
        assert_eq!((imported.copied, imported.source_rate, imported.frames), (false, rate, 48_000), "{name}");
        let said = imported.converted.clone().unwrap();
        assert_eq!(said.contains("resampled"), rate != 48_000, "{said}");
        assert!(imported.file.ends_with(".wav"));
        assert!(close(&song.samples(&imported), &at(48_000, 48_000), worst), "{name}");
    }
    for name in ["sine.m4a", "sine.ogg"] {
        fs::copy(fixture(name), song.path(name)).unwrap();
        assert_eq!(song.import(name).unwrap().frames, 24_000);
    }
}

#[test]
fn many_channels_are_kept_whole() {
    let song = Song::new();
    let planes = sines(48_000, 500, 64);
    export(&song.path("a.wav"), 48_000, Kind::Wav(SampleFormat::Float32), &planes).unwrap();
    let imported = song.import("a.wav").unwrap();
    assert!(song.samples(&imported) == planes);
}

/// Seen red: `take_clean` copying.
#[test]
fn what_is_no_number_becomes_silence_and_is_told() {
    let song = Song::new();
    let plane = vec![0.25, f32::NAN, f32::INFINITY, -3.5, f32::NEG_INFINITY];
    export(&song.path("a.wav"), 48_000, Kind::Wav(SampleFormat::Float32), &[plane]).unwrap();
    let imported = song.import("a.wav").unwrap();
    assert_eq!(song.samples(&imported), vec![vec![0.25, 0.0, 0.0, -3.5, 0.0]]);
    assert!(imported.converted.unwrap().contains("3 samples were not numbers"));
}

/// Seen red: the name of the source used as it is.
#[test]
fn names_are_kept_but_never_trusted() {
    let song = Song::new();
    export(&song.path("x"), 48_000, Kind::Wav(SampleFormat::Int16), &sines(48_000, 10, 1)).unwrap();
    let long = "ü".repeat(120);
    for (name, file, told) in [
        ("项目 🎵.wav", "项目 🎵.wav", "项目 🎵"),
        ("beat.wav", "beat.wav", "beat"),
        ("Beat.wav", "Beat-2.wav", "Beat"),
        ("..hidden.wav", "hidden.wav", "..hidden"),
        ("a\n:b.aif", "ab.wav", "a\n:b"),
        (&format!("{long}.wav"), &format!("{}.wav", "ü".repeat(88)), &long),
    ] {
        fs::copy(song.path("x"), song.path(name)).unwrap();
        let imported = song.import(name).unwrap();
        assert_eq!((imported.file.as_str(), imported.name.as_str()), (file, told));
    }
}

/// Seen red: the part file not removed.
#[test]
fn what_fails_leaves_nothing_behind() {
    let song = Song::new();
    let planes = sines(48_000, 200_000, 1);
    for (name, kind) in [
        ("a.wav", Kind::Wav(SampleFormat::Int24)),
        ("f.wav", Kind::Wav(SampleFormat::Float32)),
        ("a.flac", Kind::Flac { bits: 24 }),
    ] {
        export(&song.path(name), 48_000, kind, &planes).unwrap();
        let progress = Progress::new();
        progress.cancel();
        assert!(matches!(song.import_with(name, false, &progress), Err(MediaError::Cancelled)));
        assert!(song.is_untouched(), "{name} cancelled");
        let bytes = fs::read(song.path(name)).unwrap();
        fs::write(song.path(name), &bytes[..bytes.len() / 2]).unwrap();
        let told = song.import(name).unwrap_err();
        assert!(matches!(&told, MediaError::Truncated { path, .. } if path == &song.path(name)), "{told}");
        assert!(song.is_untouched(), "{name} cut off");
    }
    for bytes in [b"".as_slice(), b"words", &[0; 5_000]] {
        fs::write(song.path("n.wav"), bytes).unwrap();
        let told = song.import("n.wav").unwrap_err().to_string();
        assert!(told.contains("n.wav"), "{told}");
        assert!(song.is_untouched());
    }
    assert!(matches!(song.import("not there.wav"), Err(MediaError::Missing { .. })));
    fs::remove_dir(song.path("peaks")).unwrap();
    export(&song.path("a.wav"), 48_000, Kind::Wav(SampleFormat::Int16), &planes).unwrap();
    assert!(matches!(song.import("a.wav"), Err(MediaError::NoFolder { .. })));
    assert!(fs::read_dir(song.path("audio")).unwrap().next().is_none());
}

/// Seen red: `repairing` not passed on.
#[test]
fn repair_takes_what_is_there() {
    let song = Song::new();
    let planes = vec![noise24(60_000, 0)];
    for (name, kind) in [("a.wav", Kind::Wav(SampleFormat::Int24)), ("a.flac", Kind::Flac { bits: 24 })] {
        export(&song.path(name), 48_000, kind, &planes).unwrap();
        let bytes = fs::read(song.path(name)).unwrap();
        fs::write(song.path(name), &bytes[..bytes.len() / 2]).unwrap();
        let imported = song.import_with(name, true, &Progress::new()).unwrap();
        assert!(!imported.copied && imported.frames > 20_000 && imported.frames < 40_000);
        assert!(song.samples(&imported)[0][..] == planes[0][..imported.frames as usize]);
    }
}

#[test]
fn probe_tells_without_reading_all() {
    let song = Song::new();
    export(&song.path("a.wav"), 44_100, Kind::Wav(SampleFormat::Int24), &sines(44_100, 100, 2)).unwrap();
    let probe = probe(&song.path("a.wav")).unwrap();
    let ideal = Probe {
        kind: FileKind::Wav,
        sample_rate: 44_100,
        channels: 2,
        frames: Some(100),
        bits: Some(24),
        time_reference: None,
    };
    assert_eq!(probe, ideal);
}

/// `cargo test --release -p dawg-media import_speed -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn import_speed() {
    let song = Song::new();
    let planes = sines(44_100, 44_100 * 600, 2);
    for (name, kind) in [
        ("copy.wav", Kind::Wav(SampleFormat::Int24)),
        ("a.flac", Kind::Flac { bits: 24 }),
        #[cfg(feature = "mp3")]
        ("a.mp3", Kind::Mp3 { kbps: 192 }),
    ] {
        let start = std::time::Instant::now();
        let spec = crate::encode::EncodeSpec { sample_rate: 44_100, channels: 2, kind, dither_seed: 0 };
        let mut encoder = crate::encode::Encoder::create(&song.path(name), spec).unwrap();
        for at in (0..planes[0].len()).step_by(4_410) {
            encoder.write(&[&planes[0][at..at + 4_410], &planes[1][at..at + 4_410]]).unwrap();
        }
        encoder.finish().unwrap();
        println!("export of 10 minutes, {kind:?}: {:.2} s", start.elapsed().as_secs_f64());
        for song_rate in [44_100, 48_000] {
            let start = std::time::Instant::now();
            let to = ImportTarget {
                audio_folder: &song.path("audio"),
                peaks_folder: &song.path("peaks"),
                media_id: "a",
                song_rate,
                repair: false,
            };
            import(&song.path(name), &to, &Progress::new()).unwrap();
            println!("import into a song of {song_rate}: {:.2} s", start.elapsed().as_secs_f64());
        }
    }
}
