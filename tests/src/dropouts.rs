//! What a test of a real audio server comes to where the server itself has drop-outs.

/// Times that it is tried again.
const TRIES: usize = 6;

/// Tries until it comes out right. The attempt says why not, and whether the server had drop-outs meanwhile: with one it is
/// tried again.
///
/// # Panics
///
/// If it goes wrong without a drop-out, or with one each time.
#[track_caller]
#[allow(clippy::print_stdout, reason = "shown with a test that fails")]
pub fn without_dropouts(attempt: impl Fn() -> (Result<(), String>, bool)) {
    for _ in 0..TRIES {
        match attempt() {
            (Ok(()), _) => return,
            (Err(why), false) => panic!("{why}"),
            (Err(why), true) => println!("once more, after a drop-out: {why}"),
        }
    }
    panic!("the audio server had drop-outs in each of {TRIES} tries");
}
