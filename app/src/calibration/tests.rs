//! What is stored is found again, and only where it belongs.

use super::*;

fn jack(buffer: u32) -> DeviceFormat {
    let name = "JACK (ai-dawg-01)".to_owned();
    DeviceFormat { host: Host::Jack, name, rate: 48_000, buffer, inputs: 2, outputs: 2 }
}

fn measured(round_trip: i64) -> Measured {
    Measured { round_trip, confidence: 0.9, level_db: -3.0, input: 1, inverted: false }
}

const DRIVER: DriverLatency = DriverLatency { input: 256, output: 512 };

#[test]
fn the_analogue_part_is_stored_and_the_offset_of_an_opening_added_fresh() {
    let folder = tempfile::tempdir().unwrap();
    let (mut calibrations, notice) = load(folder.path());
    assert_eq!((calibrations.is_empty(), notice), (true, None));
    calibrations.put(Calibration::new(&jack(256), 48_000, DRIVER, &measured(1_033)));
    save(folder.path(), &calibrations).unwrap();
    let (loaded, notice) = load(folder.path());
    assert_eq!((&loaded, notice), (&calibrations, None));
    let other_opening = DriverLatency { input: 300, output: 512 };
    let other_client = DeviceFormat { name: "JACK (ai-dawg)".to_owned(), ..jack(256) };
    let found = loaded.round_trip(&other_client, 48_000, other_opening);
    assert_eq!(found.frames, 1_033 + 44);
    assert!(matches!(found.source, Source::Calibrated { .. }));
    // A song at another rate on the same device.
    let found = loaded.round_trip(&other_client, 96_000, DriverLatency { input: 512, output: 1_024 });
    assert_eq!(found.frames, 1_536 + 2 * 265);
}

#[test]
fn another_buffer_rate_or_device_has_its_own() {
    let mut calibrations = Calibrations::default();
    calibrations.put(Calibration::new(&jack(256), 48_000, DRIVER, &measured(1_033)));
    let driver = RoundTrip { frames: 768, source: Source::Driver };
    let card = |name: &str| DeviceFormat { host: Host::Alsa, name: name.to_owned(), ..jack(256) };
    for other in [jack(128), DeviceFormat { rate: 44_100, ..jack(256) }, card("hw:CARD=A"), card("JACK")] {
        assert_eq!(calibrations.round_trip(&other, other.rate, DRIVER), driver);
    }
    calibrations.put(Calibration::new(&card("hw:CARD=A"), 48_000, DRIVER, &measured(900)));
    calibrations.put(Calibration::new(&jack(256), 48_000, DRIVER, &measured(1_000)));
    assert_eq!(calibrations.round_trip(&jack(256), 48_000, DRIVER).frames, 1_000);
    assert!(calibrations.forget(&jack(256)) && !calibrations.forget(&jack(256)));
    assert_eq!(calibrations.round_trip(&card("hw:CARD=A"), 48_000, DRIVER).frames, 900);
}

// Seen red: without `is_plausible` the entry that moves takes by an `i64` of frames is believed.
#[test]
fn a_damaged_file_is_set_aside_and_told_and_a_damaged_entry_costs_only_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    std::fs::write(&path, "{ not json").unwrap();
    let (calibrations, notice) = load(folder.path());
    assert!(calibrations.is_empty() && notice.unwrap().contains("measure again"));
    assert!(!path.exists() && folder.path().join("calibrations.json.broken").is_file());
    let mut calibrations = Calibrations::default();
    calibrations.put(Calibration::new(&jack(256), 48_000, DRIVER, &measured(1_033)));
    let mut value = serde_json::to_value(&calibrations).unwrap();
    let entries = value["calibrations"].as_array_mut().unwrap();
    entries.push(serde_json::json!({ "host": "telepathy" }));
    let mut far = entries[0].clone();
    (far["buffer"], far["extra_frames"]) = (64.into(), i64::MAX.into());
    entries.push(far);
    std::fs::write(&path, value.to_string()).unwrap();
    let (loaded, notice) = load(folder.path());
    assert_eq!(loaded, calibrations);
    assert!(notice.unwrap().starts_with("2 of"));
}

#[test]
fn advice_names_what_helps() {
    assert_eq!(advice(&jack(128), 400, 48_000), None);
    let words = advice(&jack(512), 1_400, 48_000).unwrap();
    assert!(words.contains("29.2 ms") && words.contains("buffer of 32 frames"), "{words}");
    let words = advice(&jack(64), 9_000, 48_000).unwrap();
    assert!(words.contains("Wireless"), "{words}");
    assert!(advice(&DeviceFormat { host: Host::Timer, ..jack(512) }, 9_000, 48_000).is_none());
}
