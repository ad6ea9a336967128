//! How many may be connected, and for how long without doing their part.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use sidecar::serve::{Bounds, serve};
use tokio::sync::oneshot;

const LONG: Duration = Duration::from_secs(60);
/// More than the system's buffers take.
const LARGE: usize = 64 << 20;
/// What is thrown away of a refused body: more than the system's buffers take, and less than `LARGE`.
const REFUSED: usize = 32 << 20;

/// A server within bounds, until it is dropped.
struct Served {
    port: u16,
    _end: oneshot::Sender<()>,
}

fn served(connections: usize, headers: f64, unread: f64) -> Served {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (end, ended) = oneshot::channel();
    let seconds = Duration::from_secs_f64;
    let (headers, unread, grace) = (seconds(headers), seconds(unread), Duration::ZERO);
    let bounds = Bounds { connections, headers, unread, refused: REFUSED as u64, grace };
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let router = Router::new()
                .route("/small", get(|| async { "small" }))
                .route("/refused", post(|| async { (StatusCode::PAYLOAD_TOO_LARGE, "too much") }))
                .route("/large", get(|| async { vec![b'x'; LARGE] }));
            serve(tokio::net::TcpListener::from_std(listener).unwrap(), router, bounds, ended).await;
        });
    });
    Served { port, _end: end }
}

fn open(served: &Served, sent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream.write_all(sent.as_bytes()).unwrap();
    stream
}

fn get_one(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
}

/// Until the other end closes, or resets.
fn rest(mut stream: TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    if let Err(error) = stream.read_to_end(&mut all) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "after {} bytes", all.len());
    }
    all
}

#[test]
fn who_says_nothing_is_cut_and_another_gets_its_place() {
    // Seen red: with the library's own limit in place of ours.
    let served = served(4, 1.0, 30.0);
    let began = Instant::now();
    // Nothing, and half of a head.
    let idle: Vec<_> =
        (0..4).map(|n| open(&served, if n % 2 == 0 { "" } else { "GET / HTTP/1.1\r\nX-" })).collect();
    let answer = rest(open(&served, &get_one("/small")));
    assert!(answer.ends_with(b"small"), "{}", String::from_utf8_lossy(&answer));
    // The library's own limit is half a minute.
    let took = began.elapsed();
    assert!((0.7..20.0).contains(&took.as_secs_f64()), "there are four places: {took:?}");
    for one in idle {
        rest(one);
    }
}

#[test]
fn who_never_reads_is_cut_and_another_gets_its_place() {
    // Seen red: with no limit to what is left unread.
    let served = served(1, 30.0, 1.0);
    let deaf = open(&served, &get_one("/large"));
    let answer = rest(open(&served, &get_one("/small")));
    assert!(answer.ends_with(b"small"), "{}", String::from_utf8_lossy(&answer));
    let got = rest(deaf).len();
    assert!(got < LARGE, "all {got} bytes were in the system's buffers");
}

#[test]
fn who_reads_slowly_is_served_to_the_end() {
    // Seen red: with one clock for all of the answer, which what is taken does not set back.
    let served = served(2, 30.0, 2.0);
    let mut slow = open(&served, &get_one("/large"));
    let (mut piece, mut got) = (vec![0; 1 << 20], 0);
    let began = Instant::now();
    loop {
        let count = slow.read(&mut piece).unwrap();
        if count == 0 {
            break;
        }
        got += count;
        // Far longer in all than one may take nothing.
        std::thread::park_timeout(Duration::from_millis(60));
    }
    assert!(got > LARGE && began.elapsed() > Duration::from_secs(3), "{got} bytes in {:?}", began.elapsed());
}

#[test]
fn who_reads_some_kilobytes_at_a_time_is_served_to_the_end() {
    // Seen red: with the system alone asked whether there is room, not tried: it says so after a megabyte.
    let served = served(2, 30.0, 3.0);
    let mut slow = open(&served, &get_one("/large"));
    let (mut piece, mut got) = (vec![0; 8 << 10], 0);
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(10) {
        got += slow.read(&mut piece).unwrap();
        // 80 kB/s: what the system's buffers hold lasts much longer than one may take nothing.
        std::thread::park_timeout(Duration::from_millis(100));
    }
    assert!(got < 1_000_000, "that was not slow: {got} bytes");
    got += rest(slow).len();
    assert!(got > LARGE, "cut after {got} bytes");
}

/// Nobody reads what is sent there.
fn post_one(length: usize) -> String {
    format!("POST /refused HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n")
}

#[test]
fn who_sends_all_before_it_reads_is_told_why_it_is_refused() {
    // Seen red: with the connection closed as soon as the refusal is sent.
    let served = served(1, 30.0, 30.0);
    let length = REFUSED * 3 / 4;
    let mut refused = open(&served, &post_one(length));
    refused.write_all(&vec![0; length]).unwrap();
    let mut answer = String::new();
    refused.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 413") && answer.ends_with("too much"), "{answer}");
    assert!(answer.contains("connection: close"), "nothing more is understood there: {answer}");
}

#[test]
fn who_was_refused_and_stays_is_cut_and_another_gets_its_place() {
    // Seen red: with no limit to how long it may say nothing.
    let served = served(1, 30.0, 30.0);
    let stays = open(&served, &post_one(LARGE));
    let answer = rest(open(&served, &get_one("/small")));
    assert!(answer.ends_with(b"small"), "{}", String::from_utf8_lossy(&answer));
    assert!(rest(stays).ends_with(b"too much"));
}

#[test]
fn who_goes_on_sending_little_by_little_is_cut_and_another_gets_its_place() {
    // Seen red: with what comes setting all of the time back.
    let served = served(1, 30.0, 30.0);
    let mut drips = open(&served, &post_one(LARGE));
    let dripping = std::thread::spawn(move || {
        let began = Instant::now();
        while began.elapsed() < LONG && drips.write_all(b"x").is_ok() {
            std::thread::park_timeout(Duration::from_millis(100));
        }
        began.elapsed()
    });
    let answer = rest(open(&served, &get_one("/small")));
    assert!(answer.ends_with(b"small"), "{}", String::from_utf8_lossy(&answer));
    let took = dripping.join().unwrap();
    assert!(took < Duration::from_secs(40), "{took:?}");
}

#[test]
fn who_goes_on_sending_without_end_is_cut() {
    // Seen red: with no limit to how much is thrown away.
    let served = served(1, 30.0, 30.0);
    let mut endless = open(&served, &post_one(100 * LARGE));
    let piece = vec![0; 1 << 20];
    let sent = (0..100 * LARGE / piece.len()).take_while(|_| endless.write_all(&piece).is_ok()).count();
    assert!(sent < 2 * LARGE / piece.len(), "{sent} MB were taken");
}
