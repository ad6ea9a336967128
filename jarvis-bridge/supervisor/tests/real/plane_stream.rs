//! News over WebSocket, and what is reported over it.

use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use jarvis::by::By;
use jarvis::client::Client;
use jarvis::clock::Wall;
use jarvis::endpoint::Endpoint;
use jarvis::event::{Action, What};
use jarvis::gauge::Gauge;
use jarvis::health::State;
use jarvis::stream::{News, Subscription, Topic};
use jarvis::usage::Usage;
use tungstenite::client::IntoClientRequest;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::{HandshakeError, Message, WebSocket};

use crate::owned::{Owned, ours};
use crate::rig::{LONG, until};

type Opened = Result<(WebSocket<TcpStream>, Option<String>), (u16, String)>;

/// The connection and the subprotocol that was chosen; or the status and body of the answer.
fn open(port: u16, query: &str, headers: &[(&'static str, &str)]) -> Opened {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream.set_write_timeout(Some(LONG)).unwrap();
    let url = format!("ws://127.0.0.1:{port}/api/v1/stream{query}");
    let mut request = url.into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    match tungstenite::client(request, stream) {
        Ok((socket, answer)) => {
            let chosen = answer.headers().get("sec-websocket-protocol");
            Ok((socket, chosen.map(|chosen| chosen.to_str().unwrap().to_owned())))
        }
        Err(HandshakeError::Failure(tungstenite::Error::Http(answer))) => {
            let body = answer.body().clone().unwrap_or_default();
            Err((answer.status().as_u16(), String::from_utf8(body).unwrap()))
        }
        Err(error) => panic!("{error}"),
    }
}

fn endpoint(owned: &Owned) -> (Endpoint, String) {
    let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
    let bearer = format!("Bearer {}", endpoint.tokens["panel"]);
    (endpoint, bearer)
}

fn text(socket: &mut WebSocket<TcpStream>) -> String {
    loop {
        match socket.read().unwrap() {
            Message::Text(text) => return text.as_str().to_owned(),
            Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

fn news(socket: &mut WebSocket<TcpStream>) -> News {
    let text = text(socket);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The next news that `choose` takes.
#[track_caller]
fn heard<T>(subscription: &Subscription, what: &str, choose: impl Fn(News) -> Option<T>) -> T {
    until(what, || std::iter::from_fn(|| subscription.next()).find_map(&choose))
}

fn gauge(name: &str, value: f64) -> Gauge {
    Gauge::new(name, "share", value)
}

fn used(id: &str) -> Usage {
    Usage { id: id.to_owned(), at: Wall(1), what: "exported".to_owned(), detail: None }
}

#[test]
fn the_upgrade_has_the_same_door() {
    // Seen red: with no subprotocol chosen.
    let owned = Owned::new("");
    let (endpoint, bearer) = endpoint(&owned);
    let port = endpoint.port;
    let token = ("authorization", bearer.as_str());
    let status = |query: &str, headers: &[(&'static str, &str)]| match open(port, query, headers) {
        Ok(_) => 101,
        Err((status, body)) => {
            assert!(body.contains("\"status\""), "{body}");
            status
        }
    };
    assert_eq!(status("", &[]), 401);
    assert_eq!(status(&format!("?token={}", endpoint.tokens["panel"]), &[]), 401);
    assert_eq!(status("", &[("authorization", "Bearer 00000000000000000000000000000000")]), 401);
    assert_eq!(status("", &[("sec-websocket-protocol", "jarvis.v1, bearer.0000")]), 401);
    assert_eq!(status("", &[token, ("origin", "http://evil.example")]), 403);
    assert_eq!(status("", &[token, ("origin", "null")]), 403);
    assert_eq!(status("", &[token, ("host", "evil.example")]), 403);
    assert_eq!(status("?topics=services,secrets", &[token]), 422);
    assert_eq!(status("?topic=services", &[token]), 422);
    assert_eq!(status("?topics=services,events", &[token, ("origin", "http://localhost:3000")]), 101);
    let offers = format!("jarvis.v1, bearer.{}", endpoint.tokens["panel"]);
    let (_, chosen) = open(port, "", &[("sec-websocket-protocol", &offers)]).unwrap();
    assert_eq!(chosen.as_deref(), Some("jarvis.v1"), "and the token is not told back");
    let asked = crate::plane::ask(port, "GET", "/api/v1/stream", &[("Authorization", &bearer)], "");
    assert_eq!(asked.status, 426);
    assert!(asked.headers.contains(&"upgrade".to_owned()), "{:?}", asked.headers);
}

#[test]
fn what_is_so_comes_first_and_then_what_happens() {
    // Seen red: with the present state not told.
    let owned = Owned::new(&ours("coach", ""));
    owned.is("coach", State::Healthy);
    let (endpoint, bearer) = endpoint(&owned);
    let (mut socket, _) =
        open(endpoint.port, "?topics=services,autonomy,events,logs", &[("authorization", &bearer)]).unwrap();
    assert!(matches!(news(&mut socket), News::Services(all) if all[0].state == State::Healthy));
    assert!(matches!(news(&mut socket), News::Autonomy(switch) if switch.on));
    owned.act("coach", Action::Restart);
    let mut asked = false;
    let mut line = false;
    while !asked || !line {
        match news(&mut socket) {
            News::Events(event) => asked |= matches!(event.what, What::Asked { .. }),
            News::Logs(wrote) => line |= wrote.service == "coach" && wrote.text.contains("ready"),
            News::Services(_) => {}
            other => panic!("nobody listens to {other:?}"),
        }
    }
}

#[test]
fn what_is_reported_is_answered_and_what_is_wrong_is_told() {
    // Seen red: with a store that keeps no usage.
    let owned = Owned::with(&[("requests", "500"), ("burst", "60")], "", None);
    let (endpoint, bearer) = endpoint(&owned);
    let (mut socket, _) = open(endpoint.port, "?topics=", &[("authorization", &bearer)]).unwrap();
    let used = r#"{"usage":[{"id":"a","at":1,"what":"exported"},{"id":"b","at":2,"what":"exported"}]}"#;
    // Not counted: many more than would be let in.
    for _ in 0..200 {
        socket.send(Message::text(used)).unwrap();
        assert_eq!(text(&mut socket), r#"{"kept":["a","b"]}"#);
    }
    for wrong in ["", "[]", r#"{"gauges":[{"name":"A b","unit":"ms","value":1}]}"#, r#"{"execute":{}}"#] {
        socket.send(Message::text(wrong)).unwrap();
        let told = text(&mut socket);
        assert!(told.starts_with(r#"{"problem":{"#) && told.contains("422"), "{wrong}: {told}");
    }
    socket.send(Message::text(r#"{"gauges":[{"name":"load","unit":"share","value":0.5}]}"#)).unwrap();
    until("the gauge", || {
        (owned
            .client
            .read_gauges()
            .unwrap()
            .iter()
            .any(|one| (one.name.as_str(), one.value) == ("load", 0.5)))
        .then_some(())
    });
}

#[test]
fn who_leaves_in_order_is_answered() {
    // Seen red: with the connection dropped as soon as the client says that it leaves.
    let owned = Owned::with(&[], "", None);
    let (endpoint, bearer) = endpoint(&owned);
    let (mut socket, _) = open(endpoint.port, "?topics=services", &[("authorization", &bearer)]).unwrap();
    socket.close(None).unwrap();
    let over = std::iter::repeat_with(|| socket.read()).find_map(Result::err).unwrap();
    assert!(matches!(over, tungstenite::Error::ConnectionClosed), "{over}");
}

#[test]
fn who_does_not_read_is_closed_with_1008() {
    // Seen red: with a thousand times as long: it waits until it is ended.
    let owned = Owned::with(&[("unread", "0.3")], "", None);
    let (endpoint, bearer) = endpoint(&owned);
    let (mut slow, _) = open(endpoint.port, "?topics=gauges", &[("authorization", &bearer)]).unwrap();
    let name = "x".repeat(50);
    let mut closed = false;
    // More than the system keeps for one connection.
    for round in 0..4000 {
        let gauges = (0..200).map(|number| gauge(&format!("{name}_{number}"), f64::from(round))).collect();
        owned.client.gauges(gauges).unwrap();
        owned.client.read_gauges().unwrap();
    }
    std::thread::park_timeout(Duration::from_millis(600));
    while let Ok(message) = slow.read() {
        if let Message::Close(frame) = message {
            assert_eq!(frame.unwrap().code, CloseCode::Policy);
            closed = true;
        }
    }
    assert!(closed);
}

#[test]
fn an_attached_client_listens_and_reports_until_its_owner_is_lost() {
    // Seen red: with a store that keeps no usage.
    let mut owned = Owned::with(&[("requests", "500"), ("burst", "60")], &ours("coach", ""), None);
    owned.is("coach", State::Healthy);
    let client = Client::find_as(&owned.layout, "bridge").unwrap();
    assert!(Client::find_as(&owned.layout, "nobody").is_err());
    let rung = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let bell = Arc::clone(&rung);
    let wake = Arc::new(move || _ = bell.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    let subscription = client.subscribe(&Topic::ALL, wake).unwrap();
    let state = heard(&subscription, "how the sidecars are", |news| match news {
        News::Services(services) => Some(services[0].state),
        _ => None,
    });
    assert_eq!(state, State::Healthy);
    for round in 0..500 {
        client.gauges(vec![gauge("load", f64::from(round)), gauge("other", 1.0)]).unwrap();
    }
    let last = |all: &[Gauge]| all.iter().any(|one| one.name == "load" && one.value == 499.0);
    heard(&subscription, "the newest value", |news| match news {
        News::Gauges(all) => last(&all).then_some(()),
        _ => None,
    });
    assert!(last(&client.read_gauges().unwrap()));
    for _ in 0..100 {
        assert_eq!(client.usage(vec![used("a"), used("b")]).unwrap().kept, ["a", "b"]);
    }
    // Seen red: with one that is unfit keeping the others from being kept.
    let unfit = Usage { what: "Not a name".to_owned(), ..used("unfit") };
    let told = client.usage(vec![used("c"), used(""), unfit, used("d")]).unwrap();
    assert_eq!(told.kept, ["c", "d"], "what is unfit is refused alone");
    let refused: Vec<_> = told.refused.iter().map(|refused| refused.id.as_str()).collect();
    assert_eq!(refused, ["", "unfit"]);
    assert!(told.refused[0].why.contains("`id` is empty"), "{told:?}");
    let by = By::name("who it says");
    assert!(!client.autonomy(Some(false), by).unwrap().on);
    let who = heard(&subscription, "the flip", |news| match news {
        News::Events(event) => match event.what {
            What::Switched { by, .. } => Some(by.who),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(who, "bridge", "its token says who it is");
    assert!(!subscription.is_over() && rung.load(std::sync::atomic::Ordering::Relaxed) > 0);
    drop(owned.owner.take());
    until("the end to be told", || {
        while subscription.next().is_some() {}
        subscription.is_over().then_some(())
    });
    assert!(client.usage(vec![used("d")]).is_err());
    until("the loss to be told", || client.gauges(vec![gauge("load", 1.0)]).is_err().then_some(()));
}

#[test]
fn a_dropped_subscription_ends_its_connection() {
    // Seen red: with the connection left open.
    let owned = Owned::new("");
    let (endpoint, bearer) = endpoint(&owned);
    let client = Client::find(&owned.layout).unwrap();
    let listeners = || {
        let asked = crate::plane::ask(endpoint.port, "GET", "/metrics", &[("Authorization", &bearer)], "");
        let line =
            asked.body.lines().find(|line| line.starts_with("jarvis_stream_listeners ")).unwrap().to_owned();
        line.rsplit(' ').next().unwrap().parse::<u32>().unwrap()
    };
    let many: Vec<Subscription> =
        (0..5).map(|_| client.subscribe(&[Topic::Events], Arc::new(|| ())).unwrap()).collect();
    until("five to listen", || (listeners() == 5).then_some(()));
    drop(many);
    until("nobody to listen", || (listeners() == 0).then_some(()));
}
