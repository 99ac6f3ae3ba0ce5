BEGIN TRANSACTION;
CREATE TABLE about (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "about" VALUES('changes_of','da20fe3b1b24');
INSERT INTO "about" VALUES('changes','1');
INSERT INTO "about" VALUES('version','2');
CREATE TABLE address (
	source TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	guid TEXT NOT NULL, 
	PRIMARY KEY (source, "key"), 
	FOREIGN KEY(guid) REFERENCES entry (guid) ON DELETE CASCADE
);
INSERT INTO "address" VALUES('demo','e.example/1','urn:uuid:1');
INSERT INTO "address" VALUES('demo','e.example/one','urn:uuid:1');
CREATE TABLE changed (
	number INTEGER NOT NULL, 
	guid TEXT NOT NULL, 
	source TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "changed" VALUES(1,'urn:uuid:1','demo');
CREATE TABLE entry (
	guid TEXT NOT NULL, 
	source TEXT NOT NULL, 
	path TEXT NOT NULL, 
	url TEXT NOT NULL, 
	first_seen TEXT NOT NULL, 
	published TEXT NOT NULL, 
	title_key TEXT NOT NULL, 
	day TEXT NOT NULL, 
	sections JSON NOT NULL, 
	also_at JSON NOT NULL, 
	categories JSON NOT NULL, 
	written INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	PRIMARY KEY (guid), 
	UNIQUE (path)
);
INSERT INTO "entry" VALUES('urn:uuid:1','demo','demo/2026/01/2026-01-01-a-00000001.md','http://e.example/1','2026-01-02T00:00:00Z','2026-01-01T00:00:00Z','a','2026-01-01','["city", "world"]','["http://e.example/one"]','["Demo"]',1,7,1);
CREATE TABLE feed_made (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "feed_made" VALUES('demo','{}');
CREATE TABLE fingerprint (
	guid TEXT NOT NULL, 
	source TEXT NOT NULL, 
	body TEXT NOT NULL, 
	held INTEGER NOT NULL, 
	PRIMARY KEY (guid)
);
INSERT INTO "fingerprint" VALUES('urn:uuid:1','demo','body',0);
CREATE TABLE host (
	host TEXT NOT NULL, 
	next_at FLOAT NOT NULL, 
	set_at FLOAT NOT NULL, 
	asked INTEGER NOT NULL, 
	asked_from FLOAT NOT NULL, 
	robots TEXT NOT NULL, 
	robots_status INTEGER NOT NULL, 
	robots_at FLOAT NOT NULL, 
	crawl_delay FLOAT NOT NULL, 
	PRIMARY KEY (host)
);
INSERT INTO "host" VALUES('e.example',0.0,0.0,0,0.0,'User-agent: *',200,1.0,2.5);
CREATE TABLE image_file (
	url TEXT NOT NULL, 
	file TEXT NOT NULL, 
	PRIMARY KEY (url)
);
INSERT INTO "image_file" VALUES('http://e.example/p.png','p.png');
CREATE TABLE image_use (
	guid TEXT NOT NULL, 
	file TEXT NOT NULL, 
	PRIMARY KEY (guid, file), 
	FOREIGN KEY(guid) REFERENCES entry (guid) ON DELETE CASCADE
);
INSERT INTO "image_use" VALUES('urn:uuid:1','p.png');
CREATE TABLE in_section (
	source TEXT NOT NULL, 
	section TEXT NOT NULL, 
	guid TEXT NOT NULL, 
	first_seen TEXT NOT NULL, 
	published TEXT NOT NULL, 
	PRIMARY KEY (source, section, guid), 
	FOREIGN KEY(guid) REFERENCES entry (guid) ON DELETE CASCADE
);
INSERT INTO "in_section" VALUES('demo','city','urn:uuid:1','2026-01-02T00:00:00Z','2026-01-01T00:00:00Z');
INSERT INTO "in_section" VALUES('demo','world','urn:uuid:1','2026-01-02T00:00:00Z','2026-01-01T00:00:00Z');
CREATE TABLE index_line (
	guid TEXT NOT NULL, 
	source TEXT NOT NULL, 
	file TEXT NOT NULL, 
	content_hash TEXT NOT NULL, 
	since INTEGER NOT NULL, 
	changed INTEGER NOT NULL, 
	removed INTEGER NOT NULL, 
	due INTEGER NOT NULL, 
	PRIMARY KEY (guid)
);
INSERT INTO "index_line" VALUES('urn:uuid:1','demo','demo/2026-01.ndjson','h',1,1,0,0);
CREATE TABLE kept_page (
	guid TEXT NOT NULL, 
	source TEXT NOT NULL, 
	file TEXT NOT NULL, 
	"offset" INTEGER NOT NULL, 
	length INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	PRIMARY KEY (source, file, "offset")
);
INSERT INTO "kept_page" VALUES('urn:uuid:1','demo','pages-00001.warc.gz',10,20,'d');
CREATE TABLE page (
	source TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	address TEXT NOT NULL, 
	url TEXT NOT NULL, 
	host TEXT NOT NULL, 
	rank INTEGER NOT NULL, 
	sections JSON NOT NULL, 
	hints JSON NOT NULL, 
	also JSON NOT NULL, 
	state TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_try FLOAT NOT NULL, 
	reason TEXT NOT NULL, 
	run INTEGER NOT NULL, 
	depth INTEGER NOT NULL, 
	hops INTEGER NOT NULL, 
	looks INTEGER NOT NULL, 
	look_at FLOAT NOT NULL, 
	etag TEXT NOT NULL, 
	last_modified TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	links JSON NOT NULL, 
	id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (source, kind, address)
);
INSERT INTO "page" VALUES('demo','list','e.example/','http://e.example/','e.example',0,'[["city", "list"]]','[]','[]','done',0,0.0,'',1,0,0,0,0.0,'"x"','','f','[["e.example/1"], []]',1);
INSERT INTO "page" VALUES('demo','article','e.example/2','http://e.example/2','e.example',3,'["city"]','[[3, {"title": "Two"}]]','[]','queued',0,0.0,'',1,0,0,0,0.0,'','','','[[], []]',2);
CREATE TABLE place (
	feed TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	guid TEXT NOT NULL, 
	PRIMARY KEY (feed, number), 
	UNIQUE (feed, guid)
);
INSERT INTO "place" VALUES('demo',1,'urn:uuid:1');
CREATE TABLE run (
	id INTEGER NOT NULL, 
	sources JSON NOT NULL, 
	started TEXT NOT NULL, 
	ended TEXT NOT NULL, 
	began FLOAT NOT NULL, 
	finished INTEGER NOT NULL, 
	summary JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "run" VALUES(1,'["demo"]','2026-01-02T00:00:00Z','',0.0,0,'{}');
CREATE TABLE stale (
	source TEXT NOT NULL, 
	section TEXT NOT NULL, 
	PRIMARY KEY (source, section)
);
INSERT INTO "stale" VALUES('demo','');
INSERT INTO "stale" VALUES('demo','city');
CREATE TABLE waiting_request (
	id INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	host TEXT NOT NULL, 
	state TEXT NOT NULL, 
	priority INTEGER NOT NULL, 
	content JSON NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (source, fingerprint)
);
INSERT INTO "waiting_request" VALUES(1,'spider','fp','e.example','queued',1,'{"url": "http://e.example/"}');
CREATE INDEX entry_source_order ON entry (source, first_seen, published, guid);
CREATE INDEX entry_like ON entry (source, title_key, day);
CREATE INDEX entry_order ON entry (first_seen, published, guid);
CREATE INDEX index_line_file ON index_line (file);
CREATE INDEX index_line_changed ON index_line (changed);
CREATE INDEX index_line_due ON index_line (due, source);
CREATE INDEX image_file_file ON image_file (file);
CREATE INDEX kept_page_guid ON kept_page (guid);
CREATE INDEX page_due ON page (source, state, kind, rank, id);
CREATE INDEX page_try ON page (source, kind, next_try) WHERE state = 'queued';
CREATE INDEX page_look ON page (source, look_at) WHERE look_at > 0;
CREATE INDEX fingerprint_body ON fingerprint (source, body);
CREATE INDEX fingerprint_held ON fingerprint (held, source);
CREATE INDEX request_due ON waiting_request (source, state, priority);
CREATE INDEX in_section_order ON in_section (source, section, first_seen, published, guid);
CREATE INDEX in_section_guid ON in_section (guid);
CREATE INDEX address_guid ON address (guid);
CREATE INDEX image_use_file ON image_use (file);
COMMIT;
