//! Files of the first schema, as it was: frozen, for they are on people's disks.

use super::*;

/// Made by the program as it was before 2026-11-21, and never to be changed.
const FIRST: &str = r#"
    PRAGMA user_version = 1;
    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,           -- ms since 1970, UTC
        sidecar TEXT,                  -- null: the supervisor itself
        kind TEXT NOT NULL,
        state TEXT,                    -- what the sidecar is said to be from then on
        event TEXT NOT NULL            -- all of it, as JSON
    ) STRICT;
    CREATE INDEX events_by_time ON events (at);
    CREATE INDEX events_by_sidecar ON events (sidecar, at);
    CREATE INDEX failures ON events (sidecar, at) WHERE state = 'down';
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    INSERT INTO events VALUES (1, 1795219200000, NULL, 'began', NULL, '{"at":1795219200000,"sidecar":null,"kind":"began"}');
    INSERT INTO events VALUES (2, 1795219201000, 'coach', 'changed', 'down',
        '{"at":1795219201000,"sidecar":"coach","kind":"changed","from":"healthy","to":"down","reason":"killed (signal 9); its last words: tuning"}');
    INSERT INTO events VALUES (3, 1795219202000, 'coach', 'from_the_future', NULL, '{"at":1795219202000,"sidecar":"coach","kind":"from_the_future"}');
    INSERT INTO settings VALUES ('autonomous', 'false');
    INSERT INTO settings VALUES ('restarts of coach', '[1795219201500]');
"#;

#[test]
fn a_file_of_the_first_schema_is_brought_up_to_date_in_place() {
    // Seen red: without the settings. Meant for besides: without the roll-up.
    let at = folder();
    rusqlite::Connection::open(&at.path).unwrap().execute_batch(FIRST).unwrap();
    let refused = Reader::open(&at.path).unwrap_err().to_string();
    assert!(refused.contains("older version"), "{refused}");
    let store = SqliteStore::open(&at.path).unwrap();
    assert_eq!((store.switch(), store.restarts("coach")), (Some(false), vec![Wall(1_795_219_201_500)]));
    drop(store);
    let change = Transition {
        from: State::Healthy,
        to: State::Down,
        reason: "killed (signal 9); its last words: tuning".to_owned(),
    };
    let expected = [
        Event { at: Wall(DAY), sidecar: None, what: What::Began },
        Event { at: Wall(DAY + 1000), sidecar: Some("coach".to_owned()), what: What::Changed(change) },
    ];
    assert_eq!(events(&at.path), expected);
    assert_eq!(count(&at.path, "SELECT signal FROM events WHERE failure = 1"), 9);
    assert_eq!(count(&at.path, "SELECT sum(failures) FROM event_hours WHERE service = 'coach'"), 1);
    assert_eq!(count(&at.path, "PRAGMA user_version"), 2);
    // And once is enough.
    drop(SqliteStore::open(&at.path).unwrap());
    assert_eq!(events(&at.path), expected);
}
