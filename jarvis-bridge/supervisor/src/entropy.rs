//! What must not be foreseen, or must not coincide: nonces, tokens, the variation of pauses.
//!
//! Start at [`Entropy`]. The machine's is [`SystemEntropy`]; the simulation's has a seed.

use std::fmt::Write as _;

/// A source of chance.
pub trait Entropy {
    /// Sixteen bytes by chance.
    fn bytes(&mut self) -> [u8; 16];

    /// A name that nobody guesses: 32 hexadecimal digits.
    fn nonce(&mut self) -> String {
        self.bytes().iter().fold(String::with_capacity(32), |mut text, byte| {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// A number from 0 up to 1.
    fn chance(&mut self) -> f64 {
        let [a, b, c, d, ..] = self.bytes();
        f64::from(u32::from_le_bytes([a, b, c, d])) / 4_294_967_296.0
    }
}

/// The system's source.
#[derive(Debug, Default)]
pub struct SystemEntropy;

impl SystemEntropy {
    /// The system's source, tried once.
    ///
    /// # Errors
    /// When there is none: without it no token is worth anything, so nothing may be started.
    pub fn new() -> std::io::Result<Self> {
        getrandom::fill(&mut [0; 16]).map_err(std::io::Error::other)?;
        Ok(Self)
    }
}

impl Entropy for SystemEntropy {
    fn bytes(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        if let Err(error) = getrandom::fill(&mut bytes) {
            // It worked when we began. A nonce that can be guessed is refused by nobody but lets nobody in from outside.
            tracing::error!(%error, "the system gives no chance any more");
        }
        bytes
    }
}
