use super::*;

// Seen red: with two commands on "R".
#[test]
fn every_default_key_reads_back_and_belongs_to_one_command() {
    let preferences = Preferences::default();
    for &command in Command::ALL {
        for keys in command.default_keys().split(' ').filter(|keys| !keys.is_empty()) {
            let combo = keys.parse::<Combo>();
            assert!(combo.is_ok(), "{keys} of {command:?}");
            assert_eq!(combo.map(|combo| combo.to_string().parse()), Ok(combo), "{keys}");
        }
        assert_eq!(conflicts(&preferences, command), [], "{command:?}");
    }
}

// Seen red: with the keys of `preferences` left out of `combos`.
#[test]
fn chosen_keys_replace_the_default_and_show_their_conflict() {
    let mut preferences = Preferences::default();
    preferences.keys.insert(Command::Split, "Ctrl+B R".to_owned());
    preferences.keys.insert(Command::Duplicate, String::new());
    assert_eq!(keys_of(&preferences, Command::Split), "Ctrl+B");
    assert_eq!(keys_of(&preferences, Command::Duplicate), "");
    let with = conflicts(&preferences, Command::Split).into_iter().map(|(command, _)| command);
    assert_eq!(with.collect::<Vec<_>>(), [Command::Record]);
}

// Seen red: without the exception for signs in `is_pressed_by`.
#[test]
fn shift_that_types_a_sign_is_no_part_of_the_shortcut() {
    let preferences = Preferences::default();
    let pressed = Combo { ctrl: true, alt: false, shift: true, key: Key::Plus };
    assert_eq!(command_of(&preferences, pressed), Some(Command::ZoomIn));
    let pressed = Combo { ctrl: false, alt: false, shift: true, key: Key::S };
    assert_eq!(command_of(&preferences, pressed), Some(Command::ToggleSolo));
}
