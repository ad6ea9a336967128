//! The vocal coach as the real program: alone, under the supervisor, and with fifty people who sing at once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests, some in real time"
)]
#![cfg(target_os = "linux")]

use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use dawg_tests::sung::{Chance, Piece, Singer, Sung};
use dawg_tests::{Program, Running, Witness, monotonic, until};
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// Longer than anything takes on a machine with much to do.
const LONG: Duration = Duration::from_secs(60);
const RATE: u32 = 48_000;
/// A tenth of a second.
const CHUNK: usize = 4_800;

/// The coach, started by hand, and its port.
fn coach(program: &Program) -> (Running, u16) {
    let mut coach = program.spawn(&["sidecar", "vocal-coach", "--port", "0"]);
    let ready: Value = serde_json::from_str(&coach.wait_for_line("\"ready\"", LONG)).unwrap();
    (coach, u16::try_from(ready["ready"]["port"].as_u64().unwrap()).unwrap())
}

fn health(port: u16) -> Value {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().proxy(None).timeout_global(Some(LONG)).build().into();
    let mut answer = agent.get(format!("http://127.0.0.1:{port}/health")).call().unwrap();
    serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
}

// Seen red: with the end of standard input minded also by hand.
#[test]
fn by_hand_it_says_its_port_and_ends_by_ctrl_c_whatever_standard_input_does() {
    let program = Program::new();
    let (mut coach, port) = coach(&program);
    until(LONG, "a coach that is ready", || health(port)["state"] == "ready");
    let taken = program.run(&["sidecar", "vocal-coach", "--port", &port.to_string()]);
    assert!(taken.refusal(1).contains("taken"), "{taken}");
    program.run(&["sidecar", "vocal-coach", "--supervised"]).refusal(1);
    assert!(coach.is_running());
    coach.interrupt();
    assert_eq!(coach.wait(LONG).code(), Some(0));
}

// Seen red: with standard input that nobody minds, and with a taken port that is refused.
#[test]
fn supervised_it_ends_with_its_standard_input_and_takes_another_port() {
    let program = Program::new();
    let (_other, port) = coach(&program);
    let mut command =
        program.command(&["sidecar", "vocal-coach", "--supervised", "--port", &port.to_string()]);
    command
        .env("DAWG_INSTANCE", "nonce")
        .env("DAWG_TOKEN", "secret")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.as_mut().unwrap()), &mut line)
        .unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    assert_ne!(ready["ready"]["port"], port, "{line}");
    drop(child.stdin.take());
    let mut end = None;
    until(LONG, "the end", || {
        end = child.try_wait().unwrap();
        end.is_some()
    });
    assert_eq!(end.unwrap().code(), Some(0));
}

// Seen red: with nothing declared in place of the bundled coach.
#[test]
fn without_declarations_the_supervisor_keeps_the_coach_alive() {
    let program = Program::new();
    let mut owner = program.spawn(&["jarvis", "run", "--port", "0"]);
    owner.wait_for_line("the supervisor listens at 127.0.0.1:", LONG);
    let row = || {
        // Asked more often, the command line would be told to ask less.
        std::thread::sleep(Duration::from_millis(500));
        program.run(&["jarvis", "status", "--json"]).json()[0].clone()
    };
    until(LONG, "a healthy coach", || row()["state"] == "healthy");
    let first = row();
    assert_eq!(first["name"], "vocal-coach", "{first}");
    let killed = std::process::Command::new("kill").args(["-KILL", &first["pid"].to_string()]).status();
    assert!(killed.unwrap().success());
    until(LONG, "another coach", || {
        let row = row();
        row["state"] == "healthy" && row["pid"] != first["pid"]
    });
    owner.interrupt();
    assert_eq!(owner.wait(LONG).code(), Some(0));
}

/// A few seconds of one of many people.
fn sung(number: u64, seconds: f64) -> Piece {
    const SCALE: [f64; 8] = [-5.0, -3.0, 0.0, 2.0, 4.0, 5.0, 7.0, 9.0];
    let singer = Singer::numbered(RATE, number);
    let mut chance = Chance::named(number, "coach");
    let mut notes = vec![Sung::rest(chance.between(0.05, 0.3))];
    let mut left = seconds;
    while left > 0.0 {
        for _ in 0..3 {
            let length = chance.between(0.25, 0.8);
            notes.push(Sung::note((singer.middle + chance.one_of(&SCALE)).round(), length));
            left -= length;
        }
        notes.push(Sung::rest(0.2));
        left -= 0.2;
    }
    let mut piece = singer.perform(&notes, 0.4, &mut chance).piece(format!("singer {number}"));
    piece.samples.resize((seconds * f64::from(RATE)) as usize, 0.0);
    piece
}

/// What came of one singer's chunks.
#[derive(Debug, Default)]
struct Heard {
    answered: usize,
    /// When each chunk was sent and answered, by [`monotonic`].
    took: Vec<(u64, u64)>,
    /// Answers of moments at which somebody sings, those that say so, and those of them that are right.
    sung: usize,
    voiced: usize,
    right: usize,
    /// Answers of moments at which nobody sings that name a pitch.
    made_up: usize,
}

/// The truth at a moment and 20 ms around it; none at the edges, where both answers are right, and on the way from one note
/// to another, where the pitch passes more than a semitone in the tenth of a second that the tracker looks at.
fn truth(piece: &Piece, seconds: f64) -> Option<Vec<f32>> {
    let row = (seconds * 100.0).round() as usize;
    let wide = piece.truth.get(row.checked_sub(5)?..row + 6)?;
    if wide.iter().all(|hertz| *hertz == 0.0) {
        return Some(vec![0.0]);
    }
    let (low, high) =
        wide.iter().fold((f32::MAX, 0.0_f32), |(low, high), hertz| (low.min(*hertz), high.max(*hertz)));
    // Not a number, unvoiced, or on its way.
    let stands = low > 0.0 && wide.iter().all(|hertz| hertz.is_finite()) && high / low < 1.06;
    stands.then(|| wide[3..8].to_vec())
}

fn answer(socket: &mut WebSocket<TcpStream>) -> Value {
    loop {
        if let Message::Text(text) = socket.read().unwrap() {
            let told: Value = serde_json::from_str(&text).unwrap();
            if told["type"] != "feedback" {
                return told;
            }
        }
    }
}

/// Sings to the coach in real time: chunk `n` is sent when it would have come in.
fn sing(port: u16, piece: &Piece, begins: Instant) -> Heard {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    let address = format!("ws://127.0.0.1:{port}/ws/vocal-coach/live-feedback");
    let (mut socket, _) = tungstenite::client(address.as_str(), stream).unwrap();
    let start = json!({ "type": "start", "rate": RATE, "format": "f32le", "channels": 1, "song_time": 0 });
    socket.send(Message::text(start.to_string())).unwrap();
    assert_eq!(answer(&mut socket)["type"], "started");
    let mut heard = Heard::default();
    for (seq, chunk) in piece.samples.chunks(CHUNK).enumerate() {
        let due = begins + Duration::from_millis(100 * seq as u64);
        #[allow(clippy::disallowed_methods, reason = "a singer sings in real time")]
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let bytes: Vec<u8> = chunk.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        let sent = monotonic();
        socket.send(Message::binary(bytes)).unwrap();
        let told = answer(&mut socket);
        heard.took.push((sent, monotonic()));
        assert_eq!((&told["type"], &told["seq"]), (&json!("pitch"), &json!(seq)), "{told}");
        heard.answered += 1;
        heard.compare(piece, &told);
    }
    heard
}

impl Heard {
    fn compare(&mut self, piece: &Piece, told: &Value) {
        let Some(truth) = truth(piece, told["time"].as_f64().unwrap()) else { return };
        let frequency = told["frequency"].as_f64();
        if truth[0] == 0.0 {
            self.made_up += usize::from(frequency.is_some());
            return;
        }
        self.sung += 1;
        if let Some(frequency) = frequency {
            self.voiced += 1;
            let cents = |truth: &f32| 1_200.0 * (frequency / f64::from(*truth)).log2();
            let right = truth.iter().any(|truth| cents(truth).abs() <= 50.0);
            self.right += usize::from(right);
            if !right {
                println!("{}: {told} where {truth:?} is sung", piece.name);
            }
        }
    }
}

/// They sing at the same time.
fn together(port: u16, pieces: &[Piece]) -> Vec<Heard> {
    let begins = Instant::now() + Duration::from_millis(500);
    std::thread::scope(|scope| {
        let singers = pieces.iter().enumerate().map(|(number, piece)| {
            // Nobody begins with anybody else.
            let begins = begins + Duration::from_millis(number as u64 * 37 % 100);
            scope.spawn(move || sing(port, piece, begins))
        });
        let singers: Vec<_> = singers.collect();
        singers.into_iter().map(|singer| singer.join().unwrap()).collect()
    })
}

/// Whether the machine went on while this was answered, and half a second before: where a core stands still, what comes
/// meanwhile waits, and what piles up behind it; where cores stand still again and again, it is a slower machine. (What is not
/// answered after a tenth of a second is late, whatever the machine does then.)
fn calm(witness: &Witness, &(sent, answered): &(u64, u64)) -> bool {
    let (from, to) = (sent.saturating_sub(500_000_000), answered.min(sent + 100_000_000));
    let share = Duration::from_nanos((to - from) / 20) * witness.cores();
    witness.longest_halt(from, to) < Duration::from_millis(20) && witness.stood_still(from, to) < share
}

/// Fifty singers for four seconds; for a minute in the soak (`DAWG_SOAK=1`).
// Seen red: with 60 cents too much, and with 6 ms of work for each chunk.
#[test]
fn fifty_who_sing_at_once_are_each_answered_within_100_ms_and_rightly() {
    let seconds = if std::env::var_os("DAWG_SOAK").is_some() { 60.0 } else { 4.0 };
    let pieces: Vec<Piece> = (0..50).map(|number| sung(number, seconds)).collect();
    let program = Program::new();
    let (coach, port) = coach(&program);
    until(LONG, "a coach that is ready", || health(port)["state"] == "ready");
    let witness = Witness::start();
    let chunks: usize = pieces.iter().map(|piece| piece.samples.len().div_ceil(CHUNK)).sum();
    let began = Instant::now();
    let (all, used, mut took) = loop {
        let before = coach.processor_time();
        let all = together(port, &pieces);
        let used = (coach.processor_time() - before).as_secs_f64() / seconds;
        let took = all.iter().flat_map(|heard| heard.took.iter().filter(|took| calm(&witness, took)));
        let took: Vec<_> = took.map(|(sent, answered)| Duration::from_nanos(answered - sent)).collect();
        for heard in &all {
            assert_eq!(heard.right, heard.voiced, "each that is told is right");
        }
        // All is sung once more where nearly nothing can be judged.
        if took.len() * 20 > chunks || began.elapsed() > LONG * 2 {
            break (all, used, took);
        }
        println!("once more: {} of {chunks} answers can be judged", took.len());
    };
    let sum = |of: fn(&Heard) -> usize| all.iter().map(of).sum::<usize>();
    assert!(
        took.len() * 20 > chunks,
        "the machine stood still: {} of {chunks} answers can be judged",
        took.len()
    );
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    let (sung, voiced, right) =
        (sum(|heard| heard.sung), sum(|heard| heard.voiced), sum(|heard| heard.right));
    println!(
        "{chunks} chunks of 50 singers, {} while the machine went on: p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms; \
         right {right} of {voiced} voiced of {sung} sung, {} made up; {:.0} % of a core",
        took.len(),
        at(0.5),
        at(0.99),
        at(1.0),
        sum(|heard| heard.made_up),
        used * 100.0
    );
    assert_eq!(sum(|heard| heard.answered), chunks, "none is dropped");
    assert!(at(0.99) < 100.0, "p99 {:.1} ms", at(0.99));
    assert!(sung > chunks / 3, "{sung} of {chunks} could be compared");
    assert!(voiced as f64 >= 0.95 * sung as f64, "{voiced} of {sung} are told");
}
