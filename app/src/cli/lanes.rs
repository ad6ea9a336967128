//! How a lane is named on the command line: by the number of its take, its name, or its id.
//!
//! Start at [`find`].

use anyhow::{Result, anyhow};
use dawg_session::{Lane, Track};

/// What tells a name from a number: `name:3`.
const NAME: &str = "name:";

/// The lane that `text` names: a take's number first, then a name, then an id. `name:3` is the lane called “3”.
///
/// # Errors
/// When there is none, or several have that name; says which lanes there are.
pub(super) fn find<'a>(track: &'a Track, text: &str) -> Result<&'a Lane> {
    let text = text.trim();
    let number = text.parse::<u32>().ok();
    let by_number =
        track.lanes.iter().find(|lane| number.is_some() && lane.take.map(|take| take.number) == number);
    if let Some(lane) = by_number {
        return Ok(lane);
    }
    let name = text.strip_prefix(NAME).unwrap_or(text);
    let called: Vec<&Lane> =
        track.lanes.iter().map(AsRef::as_ref).filter(|lane| lane.name.as_str() == name).collect();
    match called.as_slice() {
        [lane] => return Ok(lane),
        [] => {}
        _ => {
            return Err(anyhow!(
                "several lanes of “{}” are called “{name}”: give the number of the take, or the lane's id from `info \
                 --json`",
                track.name
            ));
        }
    }
    let by_id = track.lanes.iter().find(|lane| lane.id.to_string() == text);
    by_id.map(AsRef::as_ref).ok_or_else(|| unknown(track, text))
}

/// What a lane is called in a sentence: `take 3 “Take 3”`, or `lane “Beat”`.
pub(super) fn title(lane: &Lane) -> String {
    match lane.take {
        Some(take) => format!("take {} “{}”", take.number, lane.name),
        None => format!("lane “{}”", lane.name),
    }
}

fn unknown(track: &Track, text: &str) -> anyhow::Error {
    let mut there: Vec<&Lane> =
        track.lanes.iter().map(AsRef::as_ref).filter(|lane| !lane.clips.is_empty()).collect();
    if there.is_empty() {
        return anyhow!("there is no take or lane “{text}”: nothing was recorded on “{}” yet", track.name);
    }
    there.sort_by_key(|lane| lane.take.map_or(u32::MAX, |take| take.number));
    let there: Vec<String> = there.into_iter().map(title).collect();
    anyhow!("there is no take or lane “{text}” on “{}”: it has {}", track.name, there.join(", "))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use dawg_session::{LaneId, Layout, Name, Take, TrackId};

    use super::*;

    fn track(lanes: &[(&str, Option<u32>)]) -> Track {
        let mut lanes = lanes.iter().map(|(name, number)| Lane {
            take: number.map(|number| Take { number, at_ms: 0 }),
            ..Lane::new(LaneId::fresh(), Name::new(name).unwrap())
        });
        let first = lanes.next().unwrap();
        let rest: Vec<Arc<Lane>> = lanes.map(Arc::new).collect();
        let mut track = Track::with_lane(TrackId::fresh(), Name::new("Voice").unwrap(), Layout::MONO, first);
        track.lanes.extend(rest);
        track
    }

    #[test]
    fn a_number_is_a_take_before_it_is_a_name() {
        let track = track(&[("Take 1", Some(1)), ("1", Some(2)), ("Beat", None)]);
        let found = |text| find(&track, text).unwrap().name.to_string();
        // Seen red: with names looked for first, “1” is the second take.
        assert_eq!(found("1"), "Take 1");
        assert_eq!(found("name:1"), "1");
        assert_eq!(found(" Beat "), "Beat");
        assert_eq!(found(&track.lanes[2].id.to_string()), "Beat");
    }

    #[test]
    fn what_is_not_there_or_there_twice_is_told() {
        let track = track(&[("Verse", Some(1)), ("Verse", Some(2))]);
        assert!(find(&track, "Verse").unwrap_err().to_string().contains("several"));
        assert_eq!(find(&track, "2").unwrap().id, track.lanes[1].id);
        assert!(find(&track, "9").unwrap_err().to_string().contains("no take or lane “9”"));
    }
}
