//! The chain: each entry's hash is an HMAC-SHA-256 over the entry and the hash before it.
//!
//! Start at [`Key::link`]. The bytes are canonical: each text is preceded by its length, so that nothing can move from one
//! field to the next.

use std::fmt::{self, Display, Formatter};
use std::io;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::Record;
use crate::durable;
use crate::entropy::Entropy;
use crate::layout::Layout;

/// What a hash is for is part of it: no entry passes for a head.
const ENTRY: &[u8] = b"ai-dawg audit entry 1";
const HEAD: &[u8] = b"ai-dawg audit head 1";

/// 32 bytes that only the owner knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key([u8; 32]);

/// The secret is shown nowhere.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// HMAC-SHA-256, as hexadecimal digits outside of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(super) struct Hash(pub(super) [u8; 32]);

/// A place in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Link {
    pub(super) seq: u64,
    pub(super) hash: Hash,
}

impl Link {
    /// Before the first entry.
    pub(super) const NONE: Self = Self { seq: 0, hash: Hash([0; 32]) };
}

impl Key {
    /// A new one.
    pub fn new(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = [0; 32];
        let (first, second) = bytes.split_at_mut(16);
        first.copy_from_slice(&entropy.bytes());
        second.copy_from_slice(&entropy.bytes());
        Self(bytes)
    }

    /// The one on the disk; none if there is none.
    pub(super) fn read(layout: &Layout) -> io::Result<Option<Self>> {
        let bytes = match std::fs::read(layout.audit_key()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let wrong = |_| io::Error::new(io::ErrorKind::InvalidData, "audit.key is no key of 32 bytes");
        bytes.try_into().map(|bytes| Some(Self(bytes))).map_err(wrong)
    }

    /// Puts it on the disk, for its user alone.
    pub(super) fn publish(&self, layout: &Layout) -> io::Result<()> {
        durable::publish(&layout.audit_key(), &self.0)
    }

    /// What follows `before` in the chain.
    pub(super) fn link(&self, before: Link, record: &Record) -> Link {
        let seq = before.seq + 1;
        Link { seq, hash: self.hash(seq, &before.hash, record) }
    }

    /// The hash that `record` has as number `seq` after `before`.
    pub(super) fn hash(&self, seq: u64, before: &Hash, record: &Record) -> Hash {
        let mut bytes = Bytes(Vec::with_capacity(256));
        bytes.text(ENTRY);
        bytes.0.extend(before.0);
        bytes.0.extend(seq.to_le_bytes());
        bytes.0.extend(record.at.0.to_le_bytes());
        bytes.text(record.by.who.as_bytes());
        bytes.0.push(u8::from(record.by.correlation.is_some()));
        bytes.text(record.by.correlation.as_deref().unwrap_or_default().as_bytes());
        for text in [&record.action, &record.target, &record.reason, &record.outcome] {
            bytes.text(text.as_bytes());
        }
        self.hmac(&bytes.0)
    }

    /// The hash of a head.
    pub(super) fn head(&self, committed: Link, pending: Option<Link>) -> Hash {
        let mut bytes = Bytes(Vec::with_capacity(128));
        bytes.text(HEAD);
        for link in [Some(committed), pending].into_iter().flatten() {
            bytes.0.extend(link.seq.to_le_bytes());
            bytes.0.extend(link.hash.0);
        }
        self.hmac(&bytes.0)
    }

    fn hmac(&self, bytes: &[u8]) -> Hash {
        // As long as a block of SHA-256 (RFC 2104 fills up with zeros): a key that always fits.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0);
        let mut hmac = Hmac::<Sha256>::new(&block.into());
        hmac.update(bytes);
        Hash(hmac.finalize().into_bytes().into())
    }
}

struct Bytes(Vec<u8>);

impl Bytes {
    fn text(&mut self, text: &[u8]) {
        self.0.extend((text.len() as u64).to_le_bytes());
        self.0.extend(text);
    }
}

impl Display for Hash {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for Hash {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let wrong = || format!("“{text}” is no hash of 64 hexadecimal digits");
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            let digits = text.get(at..at + 2).ok_or_else(wrong)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by::By;
    use crate::clock::Wall;

    fn record(action: &str, target: &str) -> Record {
        Record {
            at: Wall(5),
            by: By::name("cli"),
            action: action.to_owned(),
            target: target.to_owned(),
            reason: String::new(),
            outcome: String::new(),
        }
    }

    #[test]
    fn the_hmac_is_the_one_of_the_standard() {
        // Seen red: with the key at the end of its block.
        // RFC 4231, test case 4, its key of 25 bytes filled up with zeros as RFC 2104 has it.
        let mut key = [0; 32];
        for (at, byte) in key.iter_mut().take(25).enumerate() {
            *byte = at as u8 + 1;
        }
        let said = Key(key).hmac(&[0xcd; 50]).to_string();
        assert_eq!(said, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    }

    #[test]
    fn nothing_moves_from_one_field_to_the_next() {
        // Seen red: with texts that are not preceded by their length.
        let key = Key([7; 32]);
        let hash = |record: &Record| key.link(Link::NONE, record).hash;
        assert_ne!(hash(&record("stop", "coach")), hash(&record("stopc", "oach")));
        let mut none = record("stop", "coach");
        let before = hash(&none);
        none.by.correlation = Some(String::new());
        assert_ne!(hash(&none), before);
        let head = key.head(Link::NONE, Some(Link { seq: 1, hash: before }));
        assert_ne!(head, key.head(Link { seq: 1, hash: before }, Some(Link::NONE)));
    }

    #[test]
    fn a_hash_is_read_as_it_is_written_and_nothing_else_is_read() {
        // Seen red: with digits taken by `from_str_radix` alone, which takes a sign too.
        let hash = Key([7; 32]).head(Link::NONE, None);
        assert_eq!(Hash::try_from(hash.to_string()), Ok(hash));
        for wrong in ["", "zz", &"é".repeat(32), &"+f".repeat(32)] {
            assert!(Hash::try_from((*wrong).to_owned()).is_err(), "{wrong}");
        }
    }
}
