//! What the pages say, and what can be asked.

use std::sync::Arc;

use crate::made;
use crate::window::{large, open, read};
use ai_dawg::studio::operator::Seen;
use ai_dawg::studio::view::Tab;
use ai_dawg::supervision::Role;
use ai_dawg::window::jarvis::Page;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jarvis::intelligence::Bar;
use jarvis::switch::Switch;

// Seen red: with a zero in place of what was not measured.
#[test]
fn what_is_not_measured_says_so_and_nothing_is_made_up() {
    let harness = large(Seen { role: Role::Owner { port: 4_000 }, at: made::NOW, ..Seen::default() });
    for card in ["Services", "Uptime, 30 days", "Errors, 24 h", "Open alerts"] {
        let node = harness.get_by_role_and_label(egui::Role::Group, card);
        assert_eq!(node.value().as_deref(), Some("no data yet"), "{card}");
    }
    let mut harness = large(Seen {
        services: Some(vec![made::status("vocal-coach", jarvis::health::State::Starting, 8_000)]),
        role: Role::Owner { port: 4_000 },
        at: made::NOW,
        ..Seen::default()
    });
    let row = harness.get_by_label("Vocal coach: starting").value().unwrap();
    assert!(row.contains("uptime no data yet, p95 no data yet, restarts 0"), "{row}");
    for page in ["Vitals", "Alerts", "Audit", "Usage", "Logs"] {
        open(&mut harness, page);
        assert!(read(&harness).iter().any(|words| words == "no data yet"), "{page}");
    }
}

#[test]
fn each_service_is_a_row_with_its_state_and_figures() {
    let harness = large(made::usual());
    let coach = harness.get_by_label("Vocal coach: healthy").value().unwrap();
    assert_eq!(
        coach,
        "ready, uptime 99.94 %, p95 18 ms, restarts 0, version 0.3.1, port 8000, process 20000"
    );
    harness.get_by_label("Beat producer: down");
    let said = read(&harness);
    for words in [
        "restarting",
        "Beat producer is restarting — attempt 2 of 3",
        "error: drum kit \"808 dusty\": file is truncated",
        "chain intact · 1,841 entries · checked 12 s ago",
        "#1841 restart Beat producer · rule “down” · allowed",
        "Take recorded: Take 4 on Lead vocal, 0:21",
        "99.94 %",
    ] {
        assert!(said.iter().any(|one| one == words), "{words}: {said:#?}");
    }
    // The time of the person, not of the world: one hour later than what is kept.
    assert!(said.iter().any(|one| one == "14:45:05"), "{said:#?}");
    let state = harness.get_by_label("JARVIS state");
    assert_eq!(state.value().as_deref(), Some("1 alert"));
}

// Seen red: with the wish sent by the button in the row.
#[test]
fn nothing_is_stopped_before_it_is_confirmed() {
    let mut harness = large(made::usual());
    harness.get_by_label("Stop Vocal coach").click();
    harness.run_ok();
    assert!(harness.query_by_role_and_label(egui::Role::Window, "Stop Vocal coach?").is_some(), "a question");
    harness.key_press(egui::Key::Escape);
    harness.run_ok();
    assert!(harness.query_by_role_and_label(egui::Role::Window, "Stop Vocal coach?").is_none());
    harness.get_by_label("Stop trying: Beat producer").click();
    harness.run_ok();
    assert!(
        harness.query_by_role_and_label(egui::Role::Window, "Stop Beat producer?").is_some(),
        "a question here too"
    );
}

// Seen red: with the lock only said and not kept.
#[test]
fn a_switch_that_the_environment_locks_is_shown_locked_and_why() {
    let mut seen = made::usual();
    let locked = Some("JARVIS_AUTONOMOUS=false in the environment".to_owned());
    seen.switch = Some(Switch { on: false, stored: true, locked, unstored: None });
    let harness = large(seen);
    let switch = harness.get_by_role_and_label(egui::Role::Switch, "Automatic actions");
    assert!(switch.accesskit_node().is_disabled());
    assert_eq!(switch.accesskit_node().toggled(), Some(egui::accesskit::Toggled::False));
    assert!(harness.get_by_label("Kill switch").accesskit_node().is_disabled());
    let why = "Automatic actions are locked off: JARVIS_AUTONOMOUS=false in the environment.";
    assert!(read(&harness).iter().any(|words| words == why));
}

#[test]
fn a_switch_that_is_not_stored_yet_says_so() {
    // Seen red: with a switch that looks as if it were kept.
    let mut seen = made::usual();
    let unstored = Some("database or disk is full".to_owned());
    seen.switch = Some(Switch { on: false, stored: false, locked: None, unstored });
    let harness = large(seen);
    let said = "Automatic actions were switched off, but that is not stored yet, and not kept over a restart: database or \
                disk is full.";
    assert!(read(&harness).iter().any(|words| words == said), "{:#?}", read(&harness));
}

#[test]
fn without_a_supervisor_it_says_why_and_nothing_can_be_asked() {
    let why = "the disk is full".to_owned();
    let mut seen = made::usual();
    seen.role = Role::Without { why };
    let harness = large(seen);
    assert!(read(&harness).iter().any(|words| words == "Nothing is supervised: the disk is full"));
    for name in ["Restart Vocal coach", "Stop Vocal coach", "Verify the audit trail", "Kill switch"] {
        assert!(harness.get_by_label(name).accesskit_node().is_disabled(), "{name}");
    }
    assert_eq!(harness.get_by_label("JARVIS state").value().as_deref(), Some("without"));
}

// Seen red: with a repaint asked for five times a second.
#[test]
fn a_panel_that_nothing_happens_to_is_drawn_once_a_second_at_most() {
    let harness = large(made::usual());
    let next = harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert!(next >= std::time::Duration::from_millis(900), "{next:?}");
}

#[test]
fn tables_are_saved_where_a_person_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("services.csv");
    let mut seen = made::usual();
    seen.services.as_mut().unwrap()[0].reason = "=HYPERLINK(\"http://x\")".to_owned();
    let mut harness = large(seen);
    harness.get_by_label("Save services as CSV").click();
    harness.run_ok();
    let field = harness.get_by_role_and_label(egui::Role::TextInput, "File");
    field.focus();
    harness.run_ok();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.get_by_role_and_label(egui::Role::TextInput, "File").type_text(&path.display().to_string());
    harness.run_ok();
    harness.get_by_role_and_label(egui::Role::Button, "Save").click();
    let since = std::time::Instant::now();
    while !path.is_file() {
        assert!(since.elapsed() < std::time::Duration::from_secs(20), "no file");
        std::thread::park_timeout(std::time::Duration::from_millis(10));
        harness.step();
    }
    let read = std::fs::read_to_string(&path).unwrap();
    assert!(read.starts_with("service,state,reason,"), "{read}");
    // Seen red: without the guard.
    assert!(read.contains("\"'=HYPERLINK"), "{read}");
    // Seen red: without the engine, which is the table's first row.
    assert!(read.lines().nth(1).unwrap().starts_with("studio-engine,"), "{read}");
    assert_eq!(read.lines().count(), 5, "{read}");
}

#[test]
fn a_click_in_the_bar_opens_the_view_and_a_page_its_rows() {
    let mut harness = large(made::usual());
    harness.state_mut().view_mut().tab = Tab::Arrange;
    harness.run_ok();
    harness.get_by_label("JARVIS state").click();
    harness.run_ok();
    assert_eq!(harness.state().view().tab, Tab::Jarvis);
    harness.state_mut().view_mut().jarvis.open(Page::Alerts);
    harness.run_ok();
    harness.get_by_label("Acknowledge: Beat producer has been down for 10 s: it is being restarted");
    harness.get_by_label("Rule service_down");
    harness.get_by_label_contains("Over: The disk with the songs");
    open(&mut harness, "Usage");
    harness.get_by_label("Take recorded: 41 times");
    let pattern = "Beat producer fails at 3 every night: 6 of 7 nights";
    harness.get_by_role_and_label(egui::Role::ListItem, pattern);
    open(&mut harness, "Vitals");
    harness.get_by_label("Audio load: 11.3 %, fine");
    harness.get_by_label("Disk free: 4.2 GB, warning");
}

// Seen red: with the newest first, whatever it is about.
#[test]
fn a_service_that_fell_is_more_urgent_than_a_gauge() {
    let mut seen = made::usual();
    let mut gauge = seen.alerts.as_ref().unwrap()[0].clone();
    (gauge.id, gauge.since) = (8, made::NOW);
    (gauge.service, gauge.about) = (None, Some("audio_xruns_minute".to_owned()));
    seen.alerts.as_mut().unwrap().push(gauge);
    let said = read(&large(seen));
    assert!(said.iter().any(|words| words == "Beat producer is restarting — attempt 2 of 3"), "{said:#?}");
}

// Seen red: with what was measured left out.
#[test]
fn uptime_says_how_much_of_it_was_measured() {
    let mut seen = made::usual();
    let month = Arc::make_mut(seen.reports.month.as_mut().unwrap());
    month.services.truncate(1);
    month.services[0].bars = vec![Bar { healthy_ms: 12_000, ..Bar::default() }];
    let harness = large(seen);
    let card = harness.get_by_role_and_label(egui::Role::Group, "Uptime, 30 days");
    assert_eq!(card.value().as_deref(), Some("100 % of 12 s measured"));
}

// Seen red: with services alone looked at, whatever is known of alerts.
#[test]
fn nothing_is_called_well_before_it_is_known() {
    let mut seen = made::usual();
    (seen.alerts, seen.attempts) = (None, Default::default());
    seen.services.as_mut().unwrap().truncate(1);
    let calm = |seen: &Seen| read(&large(seen.clone())).iter().any(|words| words == "Nothing needs you");
    assert!(!calm(&seen), "no alert is known");
    seen.alerts = Some(Vec::new());
    assert!(calm(&seen));
    seen.silence = Some("it does not answer".to_owned());
    assert!(!calm(&seen), "what was so once");
}
