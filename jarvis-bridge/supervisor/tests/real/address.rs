//! Where the control plane is, and where a service is: that is told to the panel, and to no other client.

use std::net::TcpListener;

use jarvis::by::By;
use jarvis::client::Client;
use jarvis::config::{BUNDLED, Config};
use jarvis::control_loop::Target;
use jarvis::control_plane::PORT;
use jarvis::endpoint::Endpoint;
use jarvis::event::Action;
use jarvis::health::State;
use jarvis::layout::Layout;
use jarvis::owner::{Options, Owner, StartError, WrongPort};
use jarvis::takeover::{Succession, succeed};

use crate::owned::{Owned, ours, write};
use crate::plane::ask;
use crate::rig::program;

/// An owner of nothing, whose control plane is to be at `port`.
fn at(port: Result<u16, WrongPort>) -> (tempfile::TempDir, Layout, Result<Owner, StartError>) {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::within(folder.path());
    layout.make().unwrap();
    write(&layout, &[], "");
    let owner = Owner::start(Options { layout: layout.clone(), program: program(), environment: None, port });
    (folder, layout, owner)
}

#[test]
fn the_defaults_are_4000_and_8000() {
    // Seen red: with 4001.
    let bundled = Config::parse(BUNDLED, "bundled").unwrap();
    let ports: Vec<_> = bundled.sidecars.iter().map(|sidecar| (sidecar.name(), sidecar.port)).collect();
    assert_eq!((PORT, ports.as_slice()), (4000, &[("vocal-coach", 8000)][..]));
    let (_folder, layout, owner) = at(Ok(PORT));
    let (owner, endpoint) = (owner.unwrap(), Endpoint::read(&layout).unwrap().unwrap());
    if owner.taken_port() == Some(PORT) {
        eprintln!(
            "SKIPPED in part: another program has port {PORT}, so it was not seen that it is taken by default"
        );
        assert_ne!(endpoint.port, PORT);
    } else {
        assert_eq!((endpoint.port, owner.taken_port()), (PORT, None));
    }
}

#[test]
fn a_taken_port_is_told_and_another_is_used() {
    // Seen red: with nothing told of it.
    let other = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = other.local_addr().unwrap().port();
    let (_folder, layout, owner) = at(Ok(port));
    let owner = owner.unwrap();
    let endpoint = Endpoint::read(&layout).unwrap().unwrap();
    assert!(endpoint.port != port && endpoint.port == owner.port());
    assert_eq!(owner.taken_port(), Some(port));
    let health = ask(endpoint.port, "GET", "/health", &[], "").body;
    assert!(health.contains(&format!("\"taken_port\":{port}")), "{health}");
    assert_eq!(Client::find(&layout).unwrap().taken_port(), Some(port));
    // Where any port will do, none is missed.
    let (_folder, layout, _owner) = at(Ok(0));
    assert_eq!(Client::find(&layout).unwrap().taken_port(), None);
}

#[test]
fn a_wrong_port_keeps_from_owning_and_from_nothing_else() {
    // Seen red: with any port taken in its place.
    let wrong = || Err(WrongPort { value: "none".to_owned() });
    let (_folder, layout, refused) = at(wrong());
    let said = refused.unwrap_err().to_string();
    assert!(said.contains("JARVIS_PORT is “none”") && said.contains("0 to 65535"), "{said}");
    assert!(!layout.endpoint().exists());
    // Beside an owner it is told whose the sidecars are, waits, and refuses only when it would own.
    let owned = Owned::new("");
    let options =
        || Options { layout: owned.layout.clone(), program: program(), environment: None, port: wrong() };
    assert!(matches!(Owner::start(options()), Err(StartError::NotOwned(_))));
    let instance = Endpoint::read(&owned.layout).unwrap().unwrap().instance;
    let (leave, left) = crossbeam_channel::bounded(1);
    leave.send(()).unwrap();
    assert!(matches!(succeed(options(), &instance, &left), Ok(Succession::Left)));
    assert!(Client::find_as(&owned.layout, "panel").unwrap().status().is_ok());
}

#[test]
fn a_service_s_address_and_token_are_told_to_the_panel_alone() {
    // Seen red: with the command line told as well.
    let owned = Owned::new(&ours("coach", ""));
    owned.is("coach", State::Healthy);
    let endpoint = Endpoint::read(&owned.layout).unwrap().unwrap();
    let status = |kind: &str, name: &str| {
        let bearer = format!("Bearer {}", endpoint.tokens[kind]);
        let path = format!("/api/v1/services/{name}/address");
        ask(endpoint.port, "GET", &path, &[("Authorization", &bearer)], "").status
    };
    assert_eq!(status("panel", "coach"), 200);
    assert_eq!(status("cli", "coach"), 403);
    for nobody in ["nobody", "..%2f..%2fetc", "%FF", "%00"] {
        assert_eq!(status("panel", nobody), 404, "{nobody}");
    }
    let panel = Client::find_as(&owned.layout, "panel").unwrap();
    let there = panel.address("coach").unwrap().unwrap();
    assert_eq!(Some(&there), owned.client.address("coach").unwrap().as_ref());
    assert!(there.port != 0 && !there.token.is_empty() && there.health == "/health", "{there:?}");
    owned.client.act(Target::One("coach".to_owned()), Action::Stop, By::name("test")).unwrap();
    owned.is("coach", State::Stopped);
    assert_eq!(panel.address("coach").unwrap(), None);
}
