CREATE TABLE about (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name)
);
CREATE TABLE changed (
  number BIGINT NOT NULL,
  guid TEXT NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (number)
);
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
  rank BIGINT NOT NULL,
  run BIGINT NOT NULL,
  PRIMARY KEY (guid),
  UNIQUE (path)
);
CREATE INDEX entry_like ON entry (source, title_key, day);
CREATE INDEX entry_order ON entry (first_seen, published, guid);
CREATE INDEX entry_source_order ON entry (source, first_seen, published, guid);
CREATE TABLE feed_made (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name)
);
CREATE TABLE fingerprint (
  guid TEXT NOT NULL,
  source TEXT NOT NULL,
  body TEXT NOT NULL,
  held BIGINT NOT NULL,
  PRIMARY KEY (guid)
);
CREATE INDEX fingerprint_body ON fingerprint (source, body);
CREATE INDEX fingerprint_held ON fingerprint (held, source);
CREATE TABLE host (
  host TEXT NOT NULL,
  next_at FLOAT NOT NULL,
  set_at FLOAT NOT NULL,
  sent_at FLOAT NOT NULL,
  asked BIGINT NOT NULL,
  asked_from FLOAT NOT NULL,
  robots TEXT NOT NULL,
  robots_status BIGINT NOT NULL,
  robots_at FLOAT NOT NULL,
  crawl_delay FLOAT NOT NULL,
  PRIMARY KEY (host)
);
CREATE TABLE image_file (
  url TEXT NOT NULL,
  file TEXT NOT NULL,
  PRIMARY KEY (url)
);
CREATE INDEX image_file_file ON image_file (file);
CREATE TABLE index_line (
  guid TEXT NOT NULL,
  source TEXT NOT NULL,
  file TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  since BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  removed BIGINT NOT NULL,
  due BIGINT NOT NULL,
  PRIMARY KEY (guid)
);
CREATE INDEX index_line_changed ON index_line (changed);
CREATE INDEX index_line_due ON index_line (due, source);
CREATE INDEX index_line_file ON index_line (file);
CREATE TABLE kept_page (
  guid TEXT NOT NULL,
  source TEXT NOT NULL,
  file TEXT NOT NULL,
  "offset" BIGINT NOT NULL,
  length BIGINT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (source, file, "offset")
);
CREATE INDEX kept_page_guid ON kept_page (guid);
CREATE TABLE page (
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  url TEXT NOT NULL,
  host TEXT NOT NULL,
  rank BIGINT NOT NULL,
  sections JSON NOT NULL,
  hints JSON NOT NULL,
  also JSON NOT NULL,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  next_try FLOAT NOT NULL,
  reason TEXT NOT NULL,
  run BIGINT NOT NULL,
  depth BIGINT NOT NULL,
  hops BIGINT NOT NULL,
  looks BIGINT NOT NULL,
  look_at FLOAT NOT NULL,
  etag TEXT NOT NULL,
  last_modified TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  links JSON NOT NULL,
  id BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (source, kind, address)
);
CREATE INDEX page_due ON page (source, state, kind, rank, id);
CREATE INDEX page_look ON page (source, look_at);
CREATE INDEX page_try ON page (source, kind, next_try);
CREATE TABLE place (
  feed TEXT NOT NULL,
  number BIGINT NOT NULL,
  guid TEXT NOT NULL,
  PRIMARY KEY (feed, number),
  UNIQUE (feed, guid)
);
CREATE TABLE run (
  id BIGINT NOT NULL,
  sources JSON NOT NULL,
  started TEXT NOT NULL,
  ended TEXT NOT NULL,
  began FLOAT NOT NULL,
  finished BIGINT NOT NULL,
  summary JSON NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE stale (
  source TEXT NOT NULL,
  section TEXT NOT NULL,
  PRIMARY KEY (source, section)
);
CREATE TABLE waiting_request (
  id BIGINT NOT NULL,
  source TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  host TEXT NOT NULL,
  state TEXT NOT NULL,
  priority BIGINT NOT NULL,
  content JSON NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (source, fingerprint)
);
CREATE INDEX request_due ON waiting_request (source, state, priority);
CREATE TABLE address (
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  guid TEXT NOT NULL,
  PRIMARY KEY (source, key),
  FOREIGN KEY(guid) REFERENCES entry (guid) ON DELETE CASCADE
);
CREATE INDEX address_guid ON address (guid);
CREATE TABLE image_use (
  guid TEXT NOT NULL,
  file TEXT NOT NULL,
  PRIMARY KEY (guid, file),
  FOREIGN KEY(guid) REFERENCES entry (guid) ON DELETE CASCADE
);
CREATE INDEX image_use_file ON image_use (file);
CREATE TABLE in_section (
  source TEXT NOT NULL,
  section TEXT NOT NULL,
  guid TEXT NOT NULL,
  first_seen TEXT NOT NULL,
  published TEXT NOT NULL,
  PRIMARY KEY (source, section, guid),
  FOREIGN KEY(guid) REFERENCES entry (guid) ON DELETE CASCADE
);
CREATE INDEX in_section_guid ON in_section (guid);
CREATE INDEX in_section_order ON in_section (source, section, first_seen, published, guid);
