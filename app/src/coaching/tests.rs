//! A singer, a coach that comes and goes, and nobody who waits for it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, Ordering};

use sidecar::{Running, Start};

use super::*;

const LONG: Duration = Duration::from_secs(60);

fn coach() -> Running {
    let token = Some("secret".to_owned());
    let start = Start { supervised: false, port: 0, instance: "nonce".to_owned(), token };
    Running::start(start, vocal_coach::service(), vocal_coach::work, || ()).unwrap()
}

/// Half a second flat for a second and a half, then a rest: in blocks of 480 frames, as quickly as it is taken.
struct Singer {
    phase: f64,
    frame: i64,
    out: Sender<Overheard>,
}

impl Singer {
    /// How long the longest block took to be passed on.
    fn sing(&mut self, seconds: f64) -> Duration {
        let mut longest = Duration::ZERO;
        for _ in 0..(seconds * 100.0) as u32 {
            let silent = self.frame % 96_000 < 24_000;
            let sample = |phase: f64| -> f32 {
                let turn = std::f64::consts::TAU * phase;
                (1..6).map(|k| (turn * f64::from(k)).sin() / f64::from(k)).sum::<f64>() as f32 * 0.1
            };
            let samples = (0..480).map(|_| {
                self.phase = (self.phase + 440.0 * (-35.0_f64 / 1_200.0).exp2() / 48_000.0).fract();
                if silent { 0.0 } else { sample(self.phase) }
            });
            let samples = samples.collect();
            let block = Overheard { rate: 48_000, position: self.frame, rolling: true, samples };
            self.frame += 480;
            let began = Instant::now();
            let _ = self.out.try_send(block);
            longest = longest.max(began.elapsed());
            // In real time: there is nobody to wait for.
            std::thread::park_timeout(Duration::from_millis(10));
        }
        longest
    }
}

#[test]
fn a_coach_that_dies_costs_its_words_and_one_that_comes_back_speaks_again() {
    let waker: Waker = Arc::new(|| ());
    let mut coaching = Coaching::new(waker);
    let port = Arc::new(AtomicU16::new(0));
    let find = || -> Find {
        let port = Arc::clone(&port);
        Box::new(move || {
            let port = port.load(Ordering::Relaxed);
            let address = Address { port, token: "secret".to_owned(), health: "/health".to_owned() };
            (port != 0).then_some(address)
        })
    };
    let track = TrackId::fresh();
    let (listening, out) = coaching.attend(Some(track), find).flatten().unwrap();
    assert_eq!(listening, track);
    assert!(coaching.attend(Some(track), find).is_none(), "nothing has changed");
    let mut singer = Singer { phase: 0.0, frame: 0, out };
    let longest = Mutex::new(Duration::ZERO);
    let mut told = |what: &str| {
        let before = coaching.said.get();
        let began = Instant::now();
        while coaching.said.get() == before {
            assert!(began.elapsed() < LONG, "waited in vain for {what}");
            let took = singer.sing(0.5);
            let mut longest = longest.lock().unwrap();
            *longest = took.max(*longest);
        }
        coaching.newest()
    };
    let first = coach();
    port.store(first.port(), Ordering::Relaxed);
    let message = told("the first coach").unwrap();
    assert!(message.text.contains("A4 is 3") && message.text.contains("flat"), "{message:?}");
    assert_eq!(message.severity, Severity::Warn);
    drop(first);
    port.store(0, Ordering::Relaxed);
    let second = coach();
    port.store(second.port(), Ordering::Relaxed);
    told("the second coach");
    // Whatever became of the coach, passing a block on never waited.
    assert!(*longest.lock().unwrap() < Duration::from_millis(500), "{longest:?}");
    assert_eq!(coaching.attend(None, find).map(|listener| listener.is_none()), Some(true));
    assert!(coaching.newest().is_none());
}

#[test]
fn the_thread_ends_when_nothing_comes_any_more() {
    let (out, overheard) = bounded::<Overheard>(1);
    let (done, is_done) = bounded(0);
    std::thread::spawn(move || {
        let find: Find = Box::new(|| None);
        line::attend(&overheard, &find, &Said::default(), &(Arc::new(|| ()) as Waker), line::RETRY);
        drop(done);
    });
    drop(out);
    let ended: Result<(), _> = is_done.recv_timeout(LONG);
    assert_eq!(ended, Err(crossbeam_channel::RecvTimeoutError::Disconnected));
}

/// Whoever takes each call and hangs up at once; when each call came is sent.
fn hanging_up() -> (u16, crossbeam_channel::Receiver<Instant>) {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (calls, called) = crossbeam_channel::unbounded();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if calls.send(Instant::now()).is_err() {
                return;
            }
            if let Ok(mut socket) = tungstenite::accept(stream) {
                let _ = socket.close(None);
                let _ = socket.flush();
            }
        }
    });
    (port, called)
}

// Seen red: with the pause begun anew at each connection, all gaps are as long as the first.
#[test]
fn a_coach_that_takes_the_call_and_hangs_up_is_called_less_and_less_often() {
    const RETRY: Duration = Duration::from_millis(50);
    let (port, called) = hanging_up();
    let (out, overheard) = bounded(WAITING);
    let listening = std::thread::spawn(move || {
        let find: Find = Box::new(move || {
            Some(Address { port, token: "secret".to_owned(), health: "/health".to_owned() })
        });
        line::attend(&overheard, &find, &Said::default(), &(Arc::new(|| ()) as Waker), RETRY);
    });
    let mut singer = Singer { phase: 0.0, frame: 0, out };
    let mut calls = Vec::new();
    let began = Instant::now();
    while calls.len() < 6 {
        assert!(began.elapsed() < LONG, "{calls:?}");
        singer.sing(0.1);
        calls.extend(called.try_iter());
    }
    // 50, 100, 200, 400 and 800 ms, and what the machine took besides.
    let gaps: Vec<Duration> = calls.windows(2).map(|pair| pair[1] - pair[0]).collect();
    for (gap, times) in gaps.iter().zip([1, 2, 4, 8, 16]) {
        assert!(*gap >= RETRY * times, "{gaps:?}");
    }
    drop(singer);
    listening.join().unwrap();
}
