//! A checksum for rows: finds damage, not malice.

/// FNV-1a of 64 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>), over 8 bytes a step instead of one, and each
/// part with its length, so that nothing can wander from one part to the next. Whole journals are checked on
/// opening, hence the wide step.
#[derive(Clone, Copy)]
pub(super) struct Checksum(u64);

impl Checksum {
    pub(super) const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    const fn step(&mut self, word: u64) {
        // The rotation lets high bits reach the low ones, which a multiplication alone never does.
        self.0 = (self.0 ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(29);
    }

    pub(super) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.step(bytes.len() as u64);
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            self.step(word.iter().rev().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)));
        }
        for byte in words.remainder() {
            self.step(u64::from(*byte));
        }
        self
    }

    pub(super) const fn number(mut self, number: i64) -> Self {
        self.step(number as u64);
        self
    }

    /// As SQLite keeps it.
    pub(super) const fn get(self) -> i64 {
        self.0 as i64
    }
}
