//! The local time of the person: events are kept by universal time.

use rusqlite::Connection;

/// Seconds to add to universal time now. Zero where the system does not say.
///
/// SQLite asks the C library, which knows the zone and its summer time; the standard library does not.
pub(super) fn offset() -> i64 {
    let ask = "SELECT strftime('%s', 'now', 'localtime') - strftime('%s', 'now')";
    let asked =
        Connection::open_in_memory().and_then(|sql| sql.query_row(ask, [], |row| row.get::<_, i64>(0)));
    // The second may change between the two.
    asked.map_or(0, |seconds| (seconds + 30).div_euclid(60) * 60)
}
