PRAGMA application_id = 1145132871;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE captures (
    id TEXT PRIMARY KEY, track TEXT NOT NULL, media TEXT NOT NULL, file TEXT NOT NULL, name TEXT NOT NULL,
    rate INTEGER NOT NULL, channels INTEGER NOT NULL, started_ms INTEGER NOT NULL, latency INTEGER NOT NULL,
    record_from INTEGER, record_to INTEGER, log TEXT NOT NULL, frames INTEGER NOT NULL, state TEXT NOT NULL
);
CREATE TABLE damaged_rows (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, reason TEXT NOT NULL, seq, at_ms, author, label, action, target,
    undoable, schema, edits, inverses, checksum
);
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, author TEXT NOT NULL, label TEXT NOT NULL,
    action TEXT NOT NULL, target INTEGER, undoable INTEGER NOT NULL, schema INTEGER NOT NULL,
    edits TEXT NOT NULL, inverses TEXT NOT NULL, checksum INTEGER NOT NULL
);
INSERT INTO "journal" VALUES(1,1795244656553,'command line','Import beat.wav','do',NULL,1,1,'[{"edit":"add_media","media":{"id":"01a1fceb-8796-76fb-a12e-3248e2065b89","file":"beat.wav","name":"beat","sample_rate":48000,"channels":1,"frames":4800,"hash":null}},{"edit":"add_track","track":{"id":"01a1fceb-87a9-770b-b43d-854b2c736922","name":"beat","colour":"#E06C9F","layout":"mono","input":"none","output":"master","lanes":[{"id":"01a1fceb-87a9-770b-b43d-854a0f28a180","name":"beat","clips":[{"id":"01a1fceb-87a9-770b-b43d-85496881ebd0","name":"beat","media":"01a1fceb-8796-76fb-a12e-3248e2065b89","channels":"as_is","start":{"ticks":7680},"length":4800,"offset":0,"gain":1.0,"fade_in":{"length":0,"shape":"linear"},"fade_out":{"length":0,"shape":"linear"},"mute":false}]}],"plays":{"lane":"01a1fceb-87a9-770b-b43d-854a0f28a180"},"gain":1.0,"pan":0.0,"mute":false,"solo":false,"arm":false,"monitor":"off"},"at":0}]','[{"edit":"remove_track","track":"01a1fceb-87a9-770b-b43d-854b2c736922"},{"edit":"remove_media","media":"01a1fceb-8796-76fb-a12e-3248e2065b89"}]',-5126065785094079353);
INSERT INTO "journal" VALUES(2,1795244656564,'command line','Note hashes of new audio','do',NULL,0,1,'[{"edit":"set_media_hash","media":"01a1fceb-8796-76fb-a12e-3248e2065b89","hash":"1509cbe88335cd7bb414c03f50235ce1afd7da41a9c9b502989f11068d07ea13"}]','[{"edit":"set_media_hash","media":"01a1fceb-8796-76fb-a12e-3248e2065b89","hash":null}]',-1829657567650632883);
INSERT INTO "journal" VALUES(3,1795244656628,'command line','Script of 2 edits','do',NULL,1,1,'[{"edit":"set_song_name","name":"An old song"},{"edit":"set_meter","meter":{"beats":3,"unit":4}}]','[{"edit":"set_meter","meter":{"beats":4,"unit":4}},{"edit":"set_song_name","name":"old"}]',7462988948628489215);
INSERT INTO "journal" VALUES(4,1795244656678,'command line','set tempo','do',NULL,1,1,'[{"edit":"set_tempo","tempo":120000000}]','[{"edit":"set_tempo","tempo":92500000}]',6912762760863999656);
INSERT INTO "journal" VALUES(5,1795244656719,'command line','set tempo','undo',4,1,1,'[{"edit":"set_tempo","tempo":92500000}]','[{"edit":"set_tempo","tempo":120000000}]',-6801632285958940758);
CREATE TABLE snapshots (
    seq INTEGER PRIMARY KEY, schema INTEGER NOT NULL, session TEXT NOT NULL, checksum INTEGER NOT NULL
);
INSERT INTO "snapshots" VALUES(0,1,'{"id":"01a1fceb-8705-701a-a724-05b6866419e0","name":"old","sample_rate":48000,"tempo_map":{"tempos":[{"at":0,"tempo":92500000}],"meters":[{"bar":1,"meter":{"beats":4,"unit":4}}]},"key":null,"a4_millihertz":440000,"media":{},"tracks":[],"master":{"layout":"stereo","gain":1.0,"pan":0.0,"mute":false},"loop_range":{"on":false,"start":{"samples":0},"end":{"samples":0}},"metronome":{"on":false,"gain":0.5,"accent":true,"count_in_bars":1}}',6499938473035363878);
INSERT INTO "snapshots" VALUES(2,1,'{"id":"01a1fceb-8705-701a-a724-05b6866419e0","name":"old","sample_rate":48000,"tempo_map":{"tempos":[{"at":0,"tempo":92500000}],"meters":[{"bar":1,"meter":{"beats":4,"unit":4}}]},"key":null,"a4_millihertz":440000,"media":{"01a1fceb-8796-76fb-a12e-3248e2065b89":{"id":"01a1fceb-8796-76fb-a12e-3248e2065b89","file":"beat.wav","name":"beat","sample_rate":48000,"channels":1,"frames":4800,"hash":"1509cbe88335cd7bb414c03f50235ce1afd7da41a9c9b502989f11068d07ea13"}},"tracks":[{"id":"01a1fceb-87a9-770b-b43d-854b2c736922","name":"beat","colour":"#E06C9F","layout":"mono","input":"none","output":"master","lanes":[{"id":"01a1fceb-87a9-770b-b43d-854a0f28a180","name":"beat","clips":[{"id":"01a1fceb-87a9-770b-b43d-85496881ebd0","name":"beat","media":"01a1fceb-8796-76fb-a12e-3248e2065b89","channels":"as_is","start":{"ticks":7680},"length":4800,"offset":0,"gain":1.0,"fade_in":{"length":0,"shape":"linear"},"fade_out":{"length":0,"shape":"linear"},"mute":false}]}],"plays":{"lane":"01a1fceb-87a9-770b-b43d-854a0f28a180"},"gain":1.0,"pan":0.0,"mute":false,"solo":false,"arm":false,"monitor":"off"}],"master":{"layout":"stereo","gain":1.0,"pan":0.0,"mute":false},"loop_range":{"on":false,"start":{"samples":0},"end":{"samples":0}},"metronome":{"on":false,"gain":0.5,"accent":true,"count_in_bars":1}}',-7959435338974540394);
COMMIT;
