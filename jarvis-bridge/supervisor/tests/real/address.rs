//! Where a service is: told to the panel, and to no other client.

use jarvis::by::By;
use jarvis::client::Client;
use jarvis::control_loop::Target;
use jarvis::endpoint::Endpoint;
use jarvis::event::Action;
use jarvis::health::State;

use crate::owned::{Owned, ours};
use crate::plane::ask;

#[test]
fn a_service_s_address_and_token_are_told_to_the_panel_alone() {
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
