//! Live singing over the WebSocket.

use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

use super::*;

fn connect(coach: &Running) -> WebSocket<TcpStream> {
    let mut request =
        format!("ws://127.0.0.1:{}{}", coach.port(), vocal_coach::LIVE).into_client_request().unwrap();
    request.headers_mut().insert("Authorization", "Bearer secret".parse().unwrap());
    let stream = TcpStream::connect(("127.0.0.1", coach.port())).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    tungstenite::client(request, stream).unwrap().0
}

fn start(socket: &mut WebSocket<TcpStream>) {
    let start = json!({ "type": "start", "rate": RATE, "format": "f32le", "channels": 1, "song_time": 5 });
    socket.send(Message::text(start.to_string())).unwrap();
    let started = read(socket).unwrap();
    assert_eq!((&started["type"], &started["rate"]), (&json!("started"), &json!(RATE)), "{started}");
}

fn bytes(samples: &[f32]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

/// The next message, or the code with which the connection was closed.
fn read(socket: &mut WebSocket<TcpStream>) -> Result<Value, u16> {
    loop {
        match socket.read().unwrap() {
            Message::Text(text) => return Ok(serde_json::from_str(&text).unwrap()),
            Message::Close(Some(frame)) => return Err(frame.code.into()),
            Message::Close(None) => panic!("closed without a word"),
            _ => {}
        }
    }
}

#[test]
fn live_singing_is_answered_chunk_by_chunk_and_advised() {
    // Seen red: with times from the beginning of the session in place of the song.
    let coach = coach();
    let mut socket = connect(&coach);
    start(&mut socket);
    let mut advice = Vec::new();
    let flat = 440.0 * (-35.0_f64 / 1_200.0).exp2();
    for (seq, chunk) in tone(3.0, |_| flat).chunks(4_800).enumerate() {
        socket.send(Message::binary(bytes(chunk))).unwrap();
        loop {
            let told = read(&mut socket).unwrap();
            if told["type"] == "feedback" {
                advice.push(told);
                continue;
            }
            assert_eq!((&told["type"], &told["seq"]), (&json!("pitch"), &json!(seq)));
            if (2..29).contains(&seq) {
                assert_eq!((&told["note"], &told["isInTune"]), (&json!("A4"), &json!(false)), "{told}");
                assert!((told["cents"].as_f64().unwrap() + 35.0).abs() < 3.0, "{told}");
                let heard = 5.0 + 0.1 * (seq + 1) as f64;
                let time = told["time"].as_f64().unwrap();
                assert!((heard - 0.06..=heard).contains(&time), "{told} at {heard}");
            }
            break;
        }
    }
    socket.send(Message::text(r#"{"type":"stop"}"#)).unwrap();
    let last = loop {
        match read(&mut socket).unwrap() {
            told if told["type"] == "stopped" => break told,
            told => advice.push(told),
        }
    };
    assert_eq!(last["chunks"], 30, "{last}");
    assert_eq!(read(&mut socket), Err(1000));
    let flat: Vec<_> = advice.iter().filter(|told| told["type"] == "feedback").collect();
    assert!(flat.len() == 1 && flat[0]["severity"] == "warn", "{advice:?}");
    assert!(flat[0]["message"].as_str().unwrap().contains("cents flat"), "{advice:?}");
}

#[test]
fn a_wrong_format_is_told_and_closed_by_its_code() {
    // Seen red: with 1007 for two channels.
    let coach = coach();
    let stereo = r#"{"type":"start","rate":48000,"format":"f32le","channels":2}"#;
    for (first, code) in
        [(Message::text(stereo), 1003), (Message::text("hello"), 1007), (Message::binary(vec![0; 400]), 1007)]
    {
        let mut socket = connect(&coach);
        socket.send(first).unwrap();
        assert_eq!(read(&mut socket).unwrap()["type"], "error");
        assert_eq!(read(&mut socket), Err(code));
    }
    let mut socket = connect(&coach);
    start(&mut socket);
    socket.send(Message::binary(vec![0; 192_001])).unwrap();
    assert_eq!(read(&mut socket).unwrap()["type"], "error");
    assert_eq!(read(&mut socket), Err(1009));
}

#[test]
fn a_client_that_leaves_in_order_is_answered() {
    // Seen red: with the connection dropped as soon as the client says that it leaves.
    let coach = coach();
    let mut socket = connect(&coach);
    start(&mut socket);
    socket.close(None).unwrap();
    let over = std::iter::repeat_with(|| socket.read()).find_map(Result::err).unwrap();
    assert!(matches!(over, tungstenite::Error::ConnectionClosed), "{over}");
}

#[test]
fn no_token_no_singing() {
    // Seen red: with no token asked for an upgrade.
    let coach = coach();
    let address = format!("ws://127.0.0.1:{}{}", coach.port(), vocal_coach::LIVE);
    let stream = TcpStream::connect(("127.0.0.1", coach.port())).unwrap();
    let refused = tungstenite::client(address.as_str(), stream).unwrap_err().to_string();
    assert!(refused.contains("401"), "{refused}");
    let mut request = address.into_client_request().unwrap();
    request.headers_mut().insert("Authorization", "Bearer secret".parse().unwrap());
    request.headers_mut().insert("Origin", "http://evil.com".parse().unwrap());
    let stream = TcpStream::connect(("127.0.0.1", coach.port())).unwrap();
    let refused = tungstenite::client(request, stream).unwrap_err().to_string();
    assert!(refused.contains("403"), "{refused}");
}

/// Chunks that a deaf client is ahead by at least: some kilobytes, so that it is the answers alone that find no room.
const AHEAD: u64 = 4_096;

#[test]
fn a_client_that_does_not_read_is_closed_and_the_others_are_answered() {
    // Seen red: with no limit to how long answers wait, and the connection cut without a word.
    let coach = coach();
    let mut other = connect(&coach);
    start(&mut other);
    let mut deaf = connect(&coach);
    start(&mut deaf);
    deaf.get_mut().set_write_timeout(Some(LONG)).unwrap();
    // Sends, and reads nothing, until the coach has given it up: that nothing is taken from it for a while tells only that
    // the coach is slow, and whoever reads then is owed no close.
    let chunk = Message::binary(vec![0; 4]);
    let (mut sent, began) = (0, Instant::now());
    for asked in 0_u64.. {
        other.send(chunk.clone()).unwrap();
        assert_eq!(read(&mut other).unwrap()["seq"], asked);
        let load = get(&coach, "/api/load");
        if load["singers"] == 1 {
            break;
        }
        assert!(began.elapsed() < LONG, "not given up after {sent} chunks: {load}");
        // Those of the other are counted, too.
        if sent + asked < load["chunks"].as_u64().unwrap() + AHEAD {
            (0..AHEAD).for_each(|_| deaf.write(chunk.clone()).unwrap());
            deaf.flush().unwrap();
            sent += AHEAD;
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
    // Read as bytes: there are tens of thousands of answers, and then a close frame with 1008.
    let (stream, mut last, mut piece) = (deaf.get_mut(), Vec::new(), vec![0; 1 << 20]);
    while !last.windows(4).any(|bytes| bytes[0] == 0x88 && bytes[2..] == 1008_u16.to_be_bytes()) {
        let count = stream.read(&mut piece).unwrap();
        assert_ne!(count, 0, "closed without a word, after {sent} chunks");
        last.drain(..last.len().saturating_sub(200));
        last.extend_from_slice(&piece[..count]);
    }
    other.send(Message::binary(bytes(&tone(0.1, |_| 220.0)))).unwrap();
    assert_eq!(read(&mut other).unwrap()["type"], "pitch");
}
