-- A ledger as version 1 wrote it. Never changed: every later version must open it.
PRAGMA application_id=1399616873;
PRAGMA user_version=1;
CREATE TABLE jobs(
  n INTEGER PRIMARY KEY, day INTEGER NOT NULL, name TEXT NOT NULL, state INTEGER NOT NULL,
  source_device INTEGER NOT NULL, source_inode INTEGER NOT NULL, source_size INTEGER NOT NULL,
  source_mtime_ns INTEGER NOT NULL, source_ctime_ns INTEGER NOT NULL,
  file_device INTEGER NOT NULL, file_inode INTEGER NOT NULL, file_size INTEGER NOT NULL,
  file_mtime_ns INTEGER NOT NULL, file_ctime_ns INTEGER NOT NULL,
  service INTEGER NOT NULL, format TEXT NOT NULL, ascii INTEGER NOT NULL, chinese INTEGER NOT NULL,
  base_url TEXT NOT NULL, content_hash TEXT NOT NULL, row_count INTEGER NOT NULL,
  hold INTEGER NOT NULL, hold_words TEXT NOT NULL, released INTEGER NOT NULL,
  cancelled INTEGER NOT NULL, reason TEXT NOT NULL, exit INTEGER NOT NULL,
  claimed_at INTEGER, started_at INTEGER, finished_at INTEGER,
  accepted INTEGER NOT NULL, accepted_earlier INTEGER NOT NULL, refused INTEGER NOT NULL, invalid INTEGER NOT NULL,
  failed INTEGER NOT NULL, not_sent INTEGER NOT NULL, duplicate INTEGER NOT NULL, in_doubt INTEGER NOT NULL,
  requests INTEGER NOT NULL);
CREATE INDEX jobs_open ON jobs(n) WHERE state NOT IN (5, 7, 8);
CREATE INDEX jobs_by_content ON jobs(content_hash, claimed_at);
CREATE TABLE batches(
  id INTEGER PRIMARY KEY, job INTEGER NOT NULL, job_day INTEGER NOT NULL, sending INTEGER NOT NULL,
  fresh INTEGER NOT NULL, maybe_applied INTEGER NOT NULL, internal_error INTEGER NOT NULL,
  ambiguous_attempts INTEGER NOT NULL, status_tries INTEGER NOT NULL, sends INTEGER NOT NULL, not_before INTEGER,
  body_hash INTEGER NOT NULL, last_request TEXT NOT NULL, row_refs BLOB NOT NULL);
CREATE INDEX batches_by_job ON batches(job, fresh, id);
CREATE TABLE rows(
  job INTEGER NOT NULL, edition INTEGER NOT NULL, row INTEGER NOT NULL, outcome INTEGER NOT NULL, status INTEGER,
  message TEXT NOT NULL, order_id TEXT NOT NULL, start_time TEXT NOT NULL, end_time TEXT NOT NULL,
  attempts INTEGER NOT NULL, request TEXT NOT NULL, at INTEGER, PRIMARY KEY(job, edition, row)) WITHOUT ROWID;
CREATE TABLE editions(job INTEGER PRIMARY KEY, current INTEGER NOT NULL);
CREATE TABLE doubts(
  job INTEGER NOT NULL, job_day INTEGER NOT NULL, row INTEGER NOT NULL, order_hash INTEGER NOT NULL,
  order_body TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY(job, row)) WITHOUT ROWID;
CREATE INDEX doubts_by_age ON doubts(since);
CREATE TABLE first_sends(day INTEGER PRIMARY KEY, orders INTEGER NOT NULL);
CREATE TABLE notes(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE numbers(what INTEGER PRIMARY KEY, highest INTEGER NOT NULL);
INSERT INTO jobs VALUES(7,20240201,'orders.csv',3, 1,2,3,4,5, 6,7,8,9,10, 2,'f',1,0,'https://example.test/','c0ffee',4,
  1,'by hand',1,0,'',0, 1700000000000,1700000000001,NULL, 1,0,0,0,0,0,0,1, 9);
-- Rows 2 and 3 at bytes 100 to 149 and 151 to 200.
INSERT INTO batches VALUES(40,7,20240201,1,0,1,0,2,0,3,1700000000002,-1,'r-1',X'0102C80132010232');
INSERT INTO rows VALUES(7,1,1,1,1,'accepted','178','','',1,'r-0',1700000000003), (7,0,1,4,NULL,'old','','','',0,'',NULL),
  (7,1,4,8,NULL,'lost','','','',2,'r-1',NULL);
INSERT INTO editions VALUES(7,1);
INSERT INTO doubts VALUES(7,20240201,4,-2,'{"uid":"1"}',1700000000003);
INSERT INTO first_sends VALUES(20240201,4);
INSERT INTO notes VALUES('paused','by hand');
INSERT INTO numbers VALUES(1,8),(2,41);
