//! One line of a spool: a checksum, and what was used.

use jarvis::usage::Usage;

/// `used` as a line with its end.
pub(super) fn write(used: &Usage) -> serde_json::Result<String> {
    let text = serde_json::to_string(used)?;
    Ok(format!("{:08x} {text}\n", crc32(text.as_bytes())))
}

/// What a line without its end says; none: it is damaged.
pub(super) fn read(line: &[u8]) -> Option<Usage> {
    let (sum, text) = line.split_at_checked(9)?;
    let sum = u32::from_str_radix(std::str::from_utf8(sum).ok()?.strip_suffix(' ')?, 16).ok()?;
    (sum == crc32(text)).then(|| serde_json::from_slice(text).ok()).flatten()
}

/// CRC-32 as Ethernet and zip have it (IEEE 802.3, reflected): bit by bit, for lines are short.
fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use jarvis::clock::Wall;

    #[test]
    fn a_line_is_read_as_it_was_written_and_no_other() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926, "the check value of the standard");
        let used = Usage {
            id: "a-1".to_owned(),
            at: Wall(7),
            what: "comp_made".to_owned(),
            detail: Some("Ü\n“x”".to_owned()),
        };
        let line = write(&used).unwrap();
        let whole = line.trim_end().as_bytes();
        assert_eq!(read(whole), Some(used));
        for at in 0..whole.len() {
            let mut bent = whole.to_vec();
            bent[at] ^= 1;
            // Seen red: with the sum not compared.
            assert_eq!(read(&bent), None, "bent at {at}");
            assert_eq!(read(&whole[..at]), None, "cut at {at}");
        }
    }
}
