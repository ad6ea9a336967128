//! A small HTTP server that can misbehave: the mood in the file `$MOOD` is read for every answer.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

/// Listens at `port`, or at any if that is taken or 0; says where; answers until it is ended.
pub(crate) fn serve(port: u16, listening: impl FnOnce(u16)) -> ExitCode {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let Ok(listener) = bound.or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0))) else {
        return ExitCode::FAILURE;
    };
    listening(listener.local_addr().map_or(0, |address| address.port()));
    for stream in listener.incoming().flatten() {
        std::thread::spawn(move || answer(stream));
    }
    ExitCode::SUCCESS
}

fn mood() -> String {
    let read = std::env::var_os("MOOD").and_then(|path| std::fs::read_to_string(path).ok());
    read.unwrap_or_default().trim().to_owned()
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// One answer a connection. Who asks may go at any time.
fn answer(mut stream: TcpStream) {
    let mut request = [0; 4096];
    let count = stream.read(&mut request).unwrap_or(0);
    let asked = String::from_utf8_lossy(request.get(..count).unwrap_or_default()).into_owned();
    if asked.split(' ').nth(1).is_some_and(|target| target.starts_with("/act/")) {
        return crate::act::answer(stream, request.get(..count).unwrap_or_default());
    }
    let mood = mood();
    let (mood, detail) = mood.split_once(' ').unwrap_or((&mood, ""));
    let state = |state: &str, checks: &str| {
        format!(
            r#"{{"service":"trial","version":"1.2.3","pid":{},"instance":"{}","state":"{state}",{checks}}}"#,
            std::process::id(),
            variable("DAWG_INSTANCE")
        )
    };
    let body = match mood {
        "empty" => String::new(),
        "false" => "false".to_owned(),
        "stranger" => state("ready", r#""checks":{}"#).replace(&variable("DAWG_INSTANCE"), "another"),
        "starting" => state("starting", &format!(r#""progress":{detail},"checks":{{}}"#)),
        "degraded" => state("degraded", r#""checks":{"model":{"ok":false,"detail":"not loaded"}}"#),
        "silent" => return wait(stream),
        "drip" => return drip(stream),
        _ if !asked.contains(&format!("Bearer {}", variable("DAWG_TOKEN"))) => {
            return send(&mut stream, "401 Unauthorized", "{}");
        }
        _ => state("ready", &format!(r#""checks":{{}},"actions":{}"#, crate::act::listed())),
    };
    send(&mut stream, "200 OK", &body);
}

fn send(stream: &mut TcpStream, status: &str, body: &str) {
    let length = body.len();
    let head = "Content-Type: application/json\r\nConnection: close";
    let _ = write!(stream, "HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}");
}

/// Says nothing until the other end goes.
fn wait(mut stream: TcpStream) {
    let _ = stream.read_to_end(&mut Vec::new());
}

/// Headers without end, one byte at a time.
fn drip(mut stream: TcpStream) {
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nX-Long: ");
    while stream.write_all(b"x").is_ok() {
        std::thread::park_timeout(Duration::from_millis(20));
    }
}
