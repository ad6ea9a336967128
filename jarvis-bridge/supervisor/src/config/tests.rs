//! The declarations: defaults, order, and errors that say what to do.

use super::*;

fn wrong(text: &str) -> String {
    Config::parse(text, "sidecars.toml").unwrap_err().to_string()
}

#[test]
fn the_bundled_file_says_what_the_program_does_without_one() {
    // Seen red: with `liveness = 11.0` in sidecars.toml.
    let mut bundled = Config::parse(BUNDLED, "bundled").unwrap();
    let coach = bundled.sidecars.remove(0);
    assert_eq!((coach.name(), coach.port, coach.identity), ("vocal-coach", 8000, Identity::Nonce));
    assert_eq!(format!("{bundled:?}"), format!("{:?}", Config::default()));
}

#[test]
fn each_sidecar_comes_after_those_it_needs_and_otherwise_as_declared() {
    // Seen red: with `ordered` taking any sidecar as ready.
    let text = r#"
        [[sidecar]]
        name = "brain"
        command = ["b", "{port}"]
        needs = ["producer", "coach"]
        [[sidecar]]
        name = "coach"
        command = ["c", "{port}"]
        [[sidecar]]
        name = "producer"
        command = ["p", "{port}"]
    "#;
    let config = Config::parse(text, "test").unwrap();
    let names: Vec<_> = config.sidecars.iter().map(Sidecar::name).collect();
    assert_eq!(names, ["coach", "producer", "brain"]);
}

#[test]
fn an_error_names_the_line_and_what_to_do() {
    // Seen red: with `line` counting from 0, and with the check of needs left out.
    // Seen red: with a client called `jarvis` let in.
    let cases = [
        ("[times]\n\nliveness = -1.0", "line 3", "no span of time"),
        ("[times]\nlivenes = 1.0", "line 2", "livenes"),
        ("[times]\nliveness = nan", "line 2", "no span of time"),
        ("[[sidecar]]\nname = \"a\"\ncommand = []", "line 3", "say which program"),
        ("[[sidecar]]\nname = \"../a\"\ncommand = [\"x\"]", "line 2", "letters, digits"),
        ("[[sidecar]]\nname = \"jarvis\"\ncommand = [\"x\"]", "line 2", "another name"),
        ("[[sidecar]]\nname = \"a\"\ncommand = [\"x\"]", "line 2", "give its `port`"),
        ("[[sidecar]]\nname = \"a\"\ncommand = [\"x\"]\nport = 70000", "line 4", "u16"),
        ("[[sidecar]]\nname = \"a\"\nport = 1\ncommand = [\"x\"]\nneeds = [\"b\"]", "line 5", "declare it"),
        ("[control_plane]\ntokens = [\"jarvis\"]", "line 1", "another name"),
        ("[restarts]\njitter = 2.0", "line 1", "share"),
        ("[[sidecar]", "line 1", "correct that line"),
    ];
    for (text, line, remedy) in cases {
        let said = wrong(text);
        assert!(said.contains(line) && said.contains(remedy), "{text:?} gave: {said}");
        assert!(said.contains("No sidecar was started"), "{said}");
    }
}

#[test]
fn names_are_unique_and_needs_make_no_circle() {
    // Seen red: with the answer of `seen.insert` ignored; with `ordered` taking any sidecar as ready.
    let twice = "[[sidecar]]\nname = \"a\"\ncommand = [\"x\"]\nport = 1\n".repeat(2);
    assert!(wrong(&twice).contains("line 6: two sidecars are called “a”"), "{}", wrong(&twice));
    let one = |name: &str, needs: &str| {
        format!("[[sidecar]]\nname = \"{name}\"\ncommand = [\"x\"]\nport = 1\nneeds = [\"{needs}\"]\n")
    };
    let said = wrong(&(one("a", "b") + &one("b", "a")));
    assert!(said.contains("a, b need each other"), "{said}");
}
