//! The coach asked over HTTP and WebSocket, with sounds whose pitch and times are known.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod live;

use std::io::{Cursor, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sidecar::{Running, Start};
use ureq::Agent;

const LONG: Duration = Duration::from_secs(60);
const RATE: u32 = 48_000;

fn coach() -> Running {
    let start =
        Start { supervised: false, port: 0, instance: "nonce".to_owned(), token: Some("secret".to_owned()) };
    Running::start(start, vocal_coach::service(), vocal_coach::work, || ()).unwrap()
}

fn agent() -> Agent {
    Agent::config_builder().proxy(None).http_status_as_error(false).timeout_global(Some(LONG)).build().into()
}

fn get(coach: &Running, path: &str) -> Value {
    let request = agent().get(format!("http://127.0.0.1:{}{path}", coach.port()));
    let mut answer = request.header("Authorization", "Bearer secret").call().unwrap();
    serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
}

fn post(coach: &Running, path: &str, kind: &str, body: &[u8]) -> (u16, Value) {
    let request = agent().post(format!("http://127.0.0.1:{}{path}", coach.port()));
    let request = request.header("Authorization", "Bearer secret").header("Content-Type", kind);
    let mut answer = request.send(body).unwrap();
    let text = answer.body_mut().with_config().limit(100_000_000).read_to_string().unwrap();
    (answer.status().as_u16(), serde_json::from_str(&text).unwrap())
}

fn until(what: &str, mut there: impl FnMut() -> bool) {
    let began = Instant::now();
    while !there() {
        assert!(began.elapsed() < LONG, "waited in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// A tone like a voice's; Hz at each second.
fn tone(seconds: f64, hertz: impl Fn(f64) -> f64) -> Vec<f32> {
    let mut phase = 0.0_f64;
    let count = (seconds * f64::from(RATE)) as usize;
    let sample = |n: usize| {
        phase += hertz(n as f64 / f64::from(RATE)) / f64::from(RATE);
        let edge = (n.min(count - n) as f64 / 480.0).min(1.0);
        let turn = std::f64::consts::TAU * phase;
        (0.15 * edge * (1..8).map(|k| (turn * f64::from(k)).sin() / f64::from(k)).sum::<f64>()) as f32
    };
    (0..count).map(sample).collect()
}

fn wav(samples: &[f32]) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let form = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut writer = hound::WavWriter::new(&mut file, form).unwrap();
    samples.iter().for_each(|sample| writer.write_sample(*sample).unwrap());
    writer.finalize().unwrap();
    file.into_inner()
}

/// A3 in tune, silence, A4 30 cents flat with vibrato.
fn song() -> Vec<f32> {
    let mut samples = vec![0.0; RATE as usize / 2];
    samples.extend(tone(1.5, |_| 220.0));
    samples.extend(vec![0.0; RATE as usize / 2]);
    let wave = |time: f64| (-30.0 + 50.0 * (std::f64::consts::TAU * 5.5 * time).sin()) / 1_200.0;
    samples.extend(tone(2.0, |time| 440.0 * wave(time).exp2()));
    samples.extend(vec![0.0; RATE as usize / 2]);
    samples
}

#[test]
fn it_tests_itself_before_it_is_ready_and_says_with_what_it_hears() {
    // Seen red: with the self-test answered to a GET.
    let coach = coach();
    until("ready", || get(&coach, "/health")["state"] == "ready");
    let health = get(&coach, "/health");
    assert_eq!(health["service"], "vocal-coach");
    let detail = health["checks"]["tracker"]["detail"].as_str().unwrap();
    assert!(detail.contains("pitch tracker, version") && detail.contains("220 Hz was played"), "{detail}");
    // It costs time: a GET, which any web page may send unasked, does not begin it.
    assert_eq!(get(&coach, "/api/self-test")["status"], 405);
    assert_eq!(post(&coach, "/api/self-test", "application/json", b"{}").1["ok"], true);
    for action in health["actions"].as_array().unwrap() {
        let path = action["path"].as_str().unwrap();
        let told = if action["method"] == "GET" {
            get(&coach, path)
        } else {
            post(&coach, path, "application/json", b"{}").1
        };
        assert!(told.is_object() && told["status"].is_null(), "{action}: {told}");
    }
}

/// A recording that has begun to come: of `length` bytes, the first thousand.
fn begun(coach: &Running, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", coach.port())).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    let head = format!(
        "POST /api/analyze-pitch HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer secret\r\n\
         Content-Type: audio/wav\r\nContent-Length: {length}\r\n\r\n",
        coach.port()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&[0; 1000]).unwrap();
    stream
}

#[test]
fn who_sends_slowly_keeps_nobody_waiting_and_so_many_may() {
    // Seen red: with an analysis' place taken before the recording is there.
    let coach = coach();
    let sound = wav(&tone(0.3, |_| 220.0));
    let analysed = || post(&coach, "/api/analyze-pitch", "audio/wav", &sound).0;
    // As many as are analysed at once.
    let mut slow: Vec<_> = (0..2).map(|_| begun(&coach, 1_000_000)).collect();
    let began = Instant::now();
    assert_eq!(analysed(), 200);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert_eq!(get(&coach, "/api/load")["analyses"], 0);
    slow.extend((2..16).map(|_| begun(&coach, 1_000_000)));
    until("all places for recordings to be taken", || analysed() == 503);
    drop(slow);
    until("a place to be free", || analysed() == 200);
}

/// So that a coach that is killed leaves nothing.
#[cfg(target_os = "linux")]
#[test]
fn what_is_sent_has_no_name_on_the_disk() {
    // Seen red: with a file that has a name.
    let coach = coach();
    let folder = std::env::temp_dir().canonicalize().unwrap();
    let _stream = begun(&coach, 1_000_000);
    let kept = || {
        let open = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
        let mut open = open.filter_map(|entry| std::fs::read_link(entry.path()).ok());
        open.find(|path| path.starts_with(&folder))
    };
    until("the recording to be kept", || kept().is_some());
    let kept = kept().unwrap();
    assert!(kept.to_string_lossy().ends_with(" (deleted)"), "{}", kept.display());
}

#[test]
fn a_recording_comes_back_as_curve_notes_and_a_summary() {
    // Seen red: with `a4` not looked at.
    let coach = coach();
    let (status, told) = post(&coach, "/api/analyze-recording", "audio/wav", &wav(&song()));
    assert_eq!(status, 200, "{told}");
    let notes = told["notes"].as_array().unwrap();
    let names: Vec<&str> = notes.iter().map(|note| note["note"].as_str().unwrap()).collect();
    assert_eq!(names, ["A3", "A4"], "{notes:?}");
    let close = |value: &Value, expected: f64, within: f64| {
        let value = value.as_f64().unwrap();
        assert!((value - expected).abs() <= within, "{value} is not {expected}: {notes:?}");
    };
    close(&notes[0]["cents"], 0.0, 2.0);
    close(&notes[0]["start"], 0.5, 0.05);
    close(&notes[0]["end"], 2.0, 0.05);
    assert!(notes[0]["vibrato"].is_null());
    close(&notes[1]["cents"], -30.0, 3.0);
    close(&notes[1]["vibrato"]["rate"], 5.5, 0.2);
    close(&notes[1]["vibrato"]["extent"], 100.0, 10.0);
    let summary = &told["summary"];
    assert_eq!((&summary["notes"], &summary["notes_in_tune"]), (&json!(2), &json!(1)), "{summary}");
    assert_eq!((&summary["lowest"], &summary["highest"]), (&json!("A3"), &json!("A4")), "{summary}");
    assert_eq!(summary["in_tune_within_cents"], 15.0);
    close(&summary["share_in_tune"], 1.5 / 3.5, 0.05);
    close(&summary["sung"], 3.5, 0.1);
    let curve = told["curve"].as_array().unwrap();
    assert!((480..=510).contains(&curve.len()), "{}", curve.len());
    assert!(curve[10]["frequency"].is_null() && curve[10]["note"].is_null(), "{}", curve[10]);
    assert_eq!(curve[120]["note"], "A3");
    // In another tuning the same sound is another number of cents.
    let (_, other) = post(&coach, "/api/analyze-pitch?a4=432", "audio/wav", &wav(&song()));
    close(&other["notes"][0]["cents"], 31.8, 2.0);
    assert!(other.get("summary").is_none());
}

#[test]
fn rhythm_is_told_against_the_grid() {
    // Seen red: without `GOES_ON` in the onsets, which made an onset of each note's end.
    let coach = coach();
    let mut samples = vec![0.0_f32; RATE as usize * 4];
    // 120 beats a minute from 0.25 s on, 20 ms late, but for one that is 30 ms early.
    for (n, late) in [0.02, 0.02, -0.03, 0.02, 0.02].into_iter().enumerate() {
        let first = ((0.25 + n as f64 * 0.5 + late) * f64::from(RATE)) as usize;
        samples[first..].iter_mut().zip(tone(0.2, |_| 330.0)).for_each(|(sample, tone)| *sample += tone);
    }
    let path = "/api/analyze-rhythm?bpm=120&offset=0.25&division=2";
    let (status, told) = post(&coach, path, "audio/wav", &wav(&samples));
    assert_eq!(status, 200, "{told}");
    let onsets = told["onsets"].as_array().unwrap();
    let beats: Vec<f64> = onsets.iter().map(|onset| onset["beat"].as_f64().unwrap()).collect();
    assert_eq!(beats, [0.0, 1.0, 2.0, 3.0, 4.0], "{told}");
    for (onset, expected) in onsets.iter().zip([20.0, 20.0, -30.0, 20.0, 20.0]) {
        let told = onset["deviation_ms"].as_f64().unwrap();
        // A third of the 10 ms in which the tones swell.
        assert!((told - expected - 3.3).abs() <= 5.0, "{told} for {expected}");
    }
    let mean = told["mean_ms"].as_f64().unwrap();
    assert!((mean - 13.3).abs() < 5.0 && told["spread_ms"].as_f64().unwrap() > 15.0, "{told}");
    let (_, found) = post(&coach, "/api/analyze-rhythm?bpm=120", "audio/wav", &wav(&samples));
    assert_eq!((&found["offset_from"], &found["mean_ms"]), (&json!("onsets"), &Value::Null), "{found}");
}

#[test]
fn what_cannot_be_analysed_is_told() {
    // Seen red: with ten times the length let in.
    let coach = coach();
    let told = |path: &str, kind: &str, body: &[u8]| {
        let (status, told) = post(&coach, path, kind, body);
        assert!(told["detail"].as_str().unwrap().len() > 10 && told["status"] == status, "{told}");
        assert!(!told["detail"].as_str().unwrap().contains("/tmp"), "{told}");
        status
    };
    let sound = wav(&tone(0.3, |_| 220.0));
    let pitch = "/api/analyze-pitch";
    assert_eq!(told(pitch, "audio/wav", b"no sound at all"), 422);
    assert_eq!(told(pitch, "audio/wav", b""), 422);
    assert_eq!(told(pitch, "audio/wav", &sound[..20]), 422);
    assert_eq!(told(pitch, "application/json", br#"{"path":"/etc/passwd"}"#), 415);
    assert_eq!(told(pitch, "text/plain", &sound), 415);
    assert_eq!(told("/api/analyze-pitch?a4=1000", "audio/wav", &sound), 400);
    assert_eq!(told("/api/analyze-pitch?path=/etc/passwd", "audio/wav", &sound), 400);
    assert_eq!(told("/api/analyze-rhythm", "audio/wav", &sound), 400);
    assert_eq!(told("/api/analyze-rhythm?bpm=nan", "audio/wav", &sound), 400);
    // 21 minutes of one byte a frame, which is less than 200 MB.
    let frames = 8_000 * 60 * 21_u32;
    let mut long = sound[..0].to_vec();
    let header: [&[u8]; 11] = [
        b"RIFF",
        &(frames + 36).to_le_bytes(),
        b"WAVEfmt ",
        &16_u32.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &8_000_u32.to_le_bytes(),
        &8_000_u32.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &8_u16.to_le_bytes(),
        b"data",
    ];
    header.iter().for_each(|part| long.extend_from_slice(part));
    long.extend_from_slice(&frames.to_le_bytes());
    long.resize(long.len() + frames as usize, 128);
    assert_eq!(told(pitch, "audio/wav", &long), 413);
}

#[test]
fn too_many_bytes_are_refused_before_they_are_sent() {
    // Seen red: with the length that is announced not looked at.
    let coach = coach();
    let mut stream = TcpStream::connect(("127.0.0.1", coach.port())).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    let head = format!(
        "POST /api/analyze-pitch HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer secret\r\n\
         Content-Type: audio/wav\r\nContent-Length: 200000001\r\n\r\n",
        coach.port()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[test]
fn who_sends_all_before_it_reads_is_told_why_it_is_refused() {
    // Seen red: with the connection closed as soon as the refusal is sent.
    let coach = coach();
    let large = vec![0; 200_000_001];
    let refused = |kind, body: &[u8]| {
        let (status, told) = post(&coach, "/api/analyze-pitch", kind, body);
        assert!(told["detail"].as_str().unwrap().len() > 10 && told["status"] == status, "{told}");
        status
    };
    assert_eq!(refused("audio/wav", &large), 413);
    assert_eq!(refused("text/plain", &large[..50_000_000]), 415);
    let _coming: Vec<_> = (0..16).map(|_| begun(&coach, 1_000_000)).collect();
    until("all places for recordings to be taken", || refused("audio/wav", &large[..1000]) == 503);
    assert_eq!(refused("audio/wav", &large[..50_000_000]), 503);
}

#[test]
fn an_analysis_ends_when_its_client_goes() {
    // Seen red: with work that is not told that nobody waits.
    let coach = coach();
    let minutes = wav(&tone(1.0, |_| 220.0).repeat(300));
    let began = Instant::now();
    assert_eq!(post(&coach, "/api/analyze-pitch", "audio/wav", &minutes).0, 200);
    let whole = began.elapsed();
    let mut stream = TcpStream::connect(("127.0.0.1", coach.port())).unwrap();
    let head = format!(
        "POST /api/analyze-pitch HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer secret\r\n\
         Content-Type: audio/wav\r\nContent-Length: {}\r\n\r\n",
        coach.port(),
        minutes.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&minutes).unwrap();
    until("the analysis", || get(&coach, "/api/load")["analyses"] == 1);
    drop(stream);
    let began = Instant::now();
    until("its end", || get(&coach, "/api/load")["analyses"] == 0);
    assert!(began.elapsed() < whole / 3, "{:?}, and the whole takes {whole:?}", began.elapsed());
}
