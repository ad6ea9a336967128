use super::*;

/// A window must not wait for the store: it fetches what the next steps need, and takes them from memory.
///
/// Seen red: with `supply` emptied (the step asks the closed store); with `wanted` from the redo stack left out.
#[test]
fn an_old_step_is_taken_without_the_store_once_it_was_supplied() {
    let (place, mut opened) = Place::with_song();
    renames(&mut opened, 1..=3);
    let undone = opened.document.undo("me", 4).unwrap().unwrap();
    opened.store.append(undone).wait().unwrap();
    opened.store.close().unwrap();

    let Opened { store, mut document, .. } = place.open();
    assert!(!document.undo_is_at_hand() && !document.redo_is_at_hand());
    assert_eq!((document.wanted(1), document.wanted(9)), (vec![2, 4], vec![2, 4, 1]));
    for seq in [2, 4] {
        document.supply(store.fetch(seq).wait().unwrap());
    }
    assert_eq!(document.wanted(9), [1]);
    assert!(store.fetch(99).wait().is_err());
    store.close().unwrap();
    assert!(document.redo("me", 5).unwrap().is_some(), "from memory");
    assert_eq!(document.session().name.as_str(), "3");
    for expected in ["2", "1"] {
        assert!(document.undo_is_at_hand());
        document.undo("me", 6).unwrap();
        assert_eq!(document.session().name.as_str(), expected);
    }
    assert!(!document.undo_is_at_hand());
    assert!(matches!(document.undo("me", 7), Err(HistoryError::Unreadable { .. })));
}
