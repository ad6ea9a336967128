use std::fs;

use proptest::prelude::*;

use super::*;

/// Seen red: case minded.
#[test]
fn names_are_unique_without_regard_to_case() {
    let folder = tempfile::tempdir().unwrap();
    let publish_one = |wanted: &str| {
        let (part, _) = PartFile::create(&folder.path().join(wanted)).unwrap();
        part.publish_unique(folder.path(), wanted).unwrap()
    };
    assert_eq!(publish_one("beat.wav"), "beat.wav");
    assert_eq!(publish_one("Beat.WAV"), "Beat-2.WAV");
    assert_eq!(publish_one("beat.wav"), "beat-3.wav");
    assert_eq!(publish_one("beat"), "beat");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
}

/// Seen red: the lock in `publish_unique` left out.
#[test]
fn several_at_once_never_replace_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let start = std::sync::Barrier::new(8);
    let publish_some = || -> Vec<String> {
        let publish_one = |_| {
            let (part, _) = PartFile::create(&folder.path().join("a.wav")).unwrap();
            start.wait();
            part.publish_unique(folder.path(), "a.wav").unwrap()
        };
        (0..10).map(publish_one).collect()
    };
    let names: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(publish_some)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let unique: std::collections::HashSet<_> = names.iter().collect();
    assert_eq!(unique.len(), 80, "{names:?}");
}

#[test]
fn names_are_tamed() {
    assert_eq!(safe_name("beat", "wav"), "beat.wav");
    assert_eq!(safe_name("项目 🎵", "wav"), "项目 🎵.wav");
    assert_eq!(safe_name("../../etc/passwd", "wav"), "etcpasswd.wav");
    assert_eq!(safe_name("...hidden", "wav"), "hidden.wav");
    assert_eq!(safe_name("a\n\tb\u{0}c\u{202e}", "wav"), "abc.wav");
    assert_eq!(safe_name("", "wav"), "audio.wav");
    assert_eq!(safe_name("...", ""), "audio");
    assert_eq!(safe_name("con", "wav"), "con_.wav");
    assert_eq!(safe_name("a", "../w"), "a.w");
}

proptest! {
    /// Seen red: the stem cut to more than there is room for.
    #[test]
    fn any_name_is_safe(stem in "\\PC{0,300}|.{0,300}", ending in "[a-z./]{0,12}") {
        let name = safe_name(&stem, &ending);
        prop_assert!(!name.is_empty() && name.len() <= 180, "{}", name.len());
        prop_assert!(!name.starts_with('.') && !name.ends_with('.'));
        prop_assert!(!name.contains(['/', '\\', '\0', '\n', ':']));
        prop_assert_eq!(Path::new(&name).file_name().unwrap().to_str().unwrap(), name.as_str());
    }
}

#[test]
fn publish_replaces_and_hash_is_blake3() {
    let folder = tempfile::tempdir().unwrap();
    let (temp, to) = (folder.path().join("t"), folder.path().join("final"));
    fs::write(&to, "old").unwrap();
    fs::write(&temp, vec![7u8; 1_000_000]).unwrap();
    publish(&temp, &to).unwrap();
    assert!(!temp.exists());
    let progress = Progress::new();
    assert_eq!(hash_file(&to, &progress).unwrap(), blake3::hash(&[7; 1_000_000]).to_hex().to_string());
    assert_eq!(progress.fraction(), Some(1.0));
    progress.cancel();
    assert!(matches!(hash_file(&to, &progress), Err(MediaError::Cancelled)));
    assert!(matches!(publish(&temp, &to), Err(MediaError::Missing { .. })));
    assert_eq!(fs::metadata(&to).unwrap().len(), 1_000_000);
}

/// Seen red: opened before it is asked what it is, a pipe waits for ever for somebody to write into it.
#[test]
fn only_files_are_opened() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.wav");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    for place in [pipe.as_path(), folder.path()] {
        assert!(matches!(crate::source::open(place), Err(MediaError::NotAFile { .. })));
        assert!(matches!(crate::import::probe(place), Err(MediaError::NotAFile { .. })));
        assert!(matches!(super::hash_file(place, &crate::Progress::new()), Err(MediaError::NotAFile { .. })));
    }
}

/// Seen red: without the check for the dot at the front `take.part-1.wav`, a singer's file, is swept away.
#[test]
fn only_what_a_killed_program_left_is_swept() {
    let folder = tempfile::tempdir().unwrap();
    for name in [".beat.wav.part-4242.0", "beat.wav", "take.part-1.wav", ".hidden"] {
        std::fs::write(folder.path().join(name), "x").unwrap();
    }
    assert_eq!(super::sweep(folder.path()), 1);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    assert_eq!(super::sweep(&folder.path().join("nowhere")), 0);
}
