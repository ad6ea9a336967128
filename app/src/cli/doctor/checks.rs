//! What `doctor` looks at. None of it changes anything.

mod display;

use std::env;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use dawg_engine::device::{self, DeviceListing, Host};
use dawg_media::space::Room;

use super::{Check, Status};

/// Room for about an hour of stereo at 48 kHz and 24 bits.
const LITTLE_ROOM: u64 = 1 << 30;
/// With less than this a recording may not come to its end.
const NO_ROOM: u64 = 64 << 20;
/// Bytes of the test of writing.
const WRITTEN: usize = 8 << 20;
/// Sixteen tracks of 24 bits at 48 kHz are 2.3 MB/s; ten times that is comfortable.
const SLOW: f64 = 25.0;

pub(super) fn all() -> Vec<Check> {
    let devices = device::list();
    vec![
        jack(&devices),
        sound_card(&devices),
        real_time(),
        display::display(),
        display::libraries(),
        room(),
        writing(),
    ]
}

fn jack(devices: &[DeviceListing]) -> Check {
    let name = "JACK";
    match devices.iter().find(|device| device.host == Host::Jack) {
        Some(DeviceListing { error: None, name: server, rates, .. }) => {
            let rate = rates.first().map(|rate| format!(" at {rate} Hz")).unwrap_or_default();
            Check { name, status: Status::Ok, detail: format!("{server} runs{rate}"), mend: None }
        }
        Some(DeviceListing { error: Some(error), .. }) => Check {
            name,
            status: Status::Warn,
            detail: format!("no server is in reach ({error}); other sound is used instead"),
            mend: Some(
                "for the lowest latency start one: `jackd -d alsa`, or PipeWire with pipewire-jack"
                    .to_owned(),
            ),
        },
        None => Check {
            name,
            status: Status::Warn,
            detail: "this program was built without JACK".to_owned(),
            mend: Some("build it on Linux with the cargo feature `jack`, which is on by default".to_owned()),
        },
    }
}

fn sound_card(devices: &[DeviceListing]) -> Check {
    let name = "sound card";
    // ALSA always has `null`, which swallows everything.
    let usable = |device: &&DeviceListing| {
        device.host == Host::Alsa && device.error.is_none() && device.name != "null"
    };
    let cards: Vec<&DeviceListing> = devices.iter().filter(usable).collect();
    let outputs = cards.iter().filter(|card| card.outputs > 0).count();
    let inputs = cards.iter().filter(|card| card.inputs > 0).count();
    let default = cards.iter().find(|card| card.default).map_or("none", |card| card.name.as_str());
    let detail = format!("{outputs} output(s), {inputs} input(s), default: {default}");
    match (outputs, inputs) {
        (0, _) => Check {
            name,
            status: Status::Fail,
            detail: "no sound card or desktop sound server can be opened".to_owned(),
            mend: Some(
                "plug one in, start PipeWire or PulseAudio, and join the group `audio` (`sudo usermod -aG audio \
                 $USER`, then log in again). Editing and export work without"
                    .to_owned(),
            ),
        },
        (_, 0) => Check {
            name,
            status: Status::Warn,
            detail,
            mend: Some("to record, plug in a microphone or an audio interface".to_owned()),
        },
        _ => Check { name, status: Status::Ok, detail, mend: None },
    }
}

/// On a thread of its own, which keeps what it gets until it ends.
fn real_time() -> Check {
    let name = "real-time priority";
    let asked = std::thread::Builder::new().name("priority test".to_owned()).spawn(ask_for_priority);
    let refused = asked
        .map_err(|error| error.to_string())
        .and_then(|thread| thread.join().unwrap_or_else(|_| Err("the test thread failed".to_owned())));
    match refused {
        Ok(()) => Check { name, status: Status::Ok, detail: "the audio thread may have it".to_owned(), mend: None },
        Err(error) => Check {
            name,
            status: Status::Warn,
            detail: format!("the system refuses it ({error}): drop-outs are likelier under load"),
            mend: Some(
                "put `@audio - rtprio 95` and `@audio - memlock unlimited` into /etc/security/limits.d/audio.conf, \
                 join the group `audio` and log in again; or install rtkit"
                    .to_owned(),
            ),
        },
    }
}

#[cfg(unix)]
fn ask_for_priority() -> Result<(), String> {
    use thread_priority::{
        RealtimeThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
        thread_native_id,
    };
    let policy = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::Fifo);
    let asked = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, policy);
    asked.map_err(|error| error.to_string())
}

#[cfg(not(unix))]
fn ask_for_priority() -> Result<(), String> {
    let asked = thread_priority::set_current_thread_priority(thread_priority::ThreadPriority::Max);
    asked.map_err(|error| format!("{error:?}"))
}

fn room() -> Check {
    let name = "disk space";
    let here = env::current_dir().unwrap_or_else(|_| ".".into());
    let data = crate::cli::data_folder().ok();
    let places =
        [Some(here.as_path()), data.as_deref().and_then(|data| data.ancestors().find(|path| path.is_dir()))];
    let rooms = places.into_iter().flatten().filter_map(|place| free(place).map(|free| (place, free)));
    let Some((place, least)) = rooms.min_by_key(|(_, free)| *free) else {
        let detail = "the system does not say how much is free".to_owned();
        return Check {
            name,
            status: Status::Warn,
            detail,
            mend: Some("look at the disk yourself".to_owned()),
        };
    };
    let detail = format!("{:.1} GB free in {}", least as f64 / 1e9, place.display());
    let mend = Some("free some room, or keep songs on another disk: an hour of stereo takes 1 GB".to_owned());
    match least {
        0..NO_ROOM => Check { name, status: Status::Fail, detail, mend },
        NO_ROOM..LITTLE_ROOM => Check { name, status: Status::Warn, detail, mend },
        LITTLE_ROOM.. => Check { name, status: Status::Ok, detail, mend: None },
    }
}

fn free(place: &Path) -> Option<u64> {
    Some(Room::of(place)?.free)
}

fn writing() -> Check {
    let name = "disk speed";
    let folder = env::temp_dir();
    let place = folder.display();
    match write_speed(&folder) {
        Ok(speed) if speed >= SLOW => {
            Check { name, status: Status::Ok, detail: format!("{speed:.0} MB/s to {place}"), mend: None }
        }
        Ok(speed) => Check {
            name,
            status: Status::Warn,
            detail: format!("{speed:.1} MB/s to {place}: many tracks at once may be too much for it"),
            mend: Some("keep songs on a local SSD, and close what keeps the disk busy".to_owned()),
        },
        Err(error) => Check {
            name,
            status: Status::Fail,
            detail: format!("{place} cannot be written ({error})"),
            mend: Some("free some room there, or set TMPDIR to a folder that can be written".to_owned()),
        },
    }
}

/// Megabytes a second, with the disk's own word for it (`fsync`).
fn write_speed(folder: &Path) -> std::io::Result<f64> {
    let path = folder.join(format!("ai-dawg-doctor-{}", std::process::id()));
    let start = Instant::now();
    let written = File::create(&path).and_then(|mut file| {
        let piece = vec![0x5A; 1 << 20];
        (0..WRITTEN / piece.len()).try_for_each(|_| file.write_all(&piece))?;
        file.sync_all()
    });
    let took = start.elapsed().max(Duration::from_micros(1));
    // It may never have been made; then there is nothing to remove.
    let _ = std::fs::remove_file(&path);
    written.map(|()| WRITTEN as f64 / 1e6 / took.as_secs_f64())
}
