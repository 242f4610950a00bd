BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'spool','create_spool','2026-11-22 16:43:51.548250+00:00');
CREATE TABLE job (
        id INTEGER PRIMARY KEY,
        day TEXT NOT NULL,
        ticket TEXT NOT NULL,
        copy INTEGER NOT NULL,
        printer TEXT NOT NULL,
        slip TEXT NOT NULL,
        state TEXT NOT NULL
            CHECK (state IN ('queued', 'sending', 'unknown', 'printed', 'offered', 'dropped')),
        reason TEXT,
        wanted INTEGER NOT NULL DEFAULT 1,
        cuts_before INTEGER,
        resolves INTEGER NOT NULL DEFAULT 0,
        told INTEGER NOT NULL DEFAULT 1,
        UNIQUE (day, ticket, copy)
    ) STRICT
    ;
INSERT INTO "job" VALUES(1,'2026-09-15','T001',1,'printer-1','{"ticket":"T001","number":"T 001","field":"training","languages":["fr","nl"],"talk":["fr"],"ahead":0,"taken_at":"2026-09-15T09:00:00+02:00","token_url":"http://q/abc","copy":1}','printed',NULL,1,7,0,1);
INSERT INTO "job" VALUES(2,'2026-09-15','T002',1,'printer-1','{"ticket":"T002","number":"T 002","field":"training","languages":["fr","nl"],"talk":["fr"],"ahead":1,"taken_at":"2026-09-15T09:00:00+02:00","token_url":"http://q/abc","copy":1}','unknown','unreachable',1,7,0,0);
INSERT INTO "job" VALUES(3,'2026-09-15','T003',1,'printer-1','{"ticket":"T003","number":"T 003","field":"training","languages":["fr","nl"],"talk":["fr"],"ahead":2,"taken_at":"2026-09-15T09:00:00+02:00","token_url":"http://q/abc","copy":1}','sending',NULL,1,7,0,1);
INSERT INTO "job" VALUES(4,'2026-09-15','T004',1,'printer-1','{"ticket":"T004","number":"T 004","field":"training","languages":["fr","nl"],"talk":["fr"],"ahead":3,"taken_at":"2026-09-15T09:00:00+02:00","token_url":"http://q/abc","copy":1}','queued',NULL,1,NULL,0,1);
INSERT INTO "job" VALUES(5,'2026-09-15','T005',1,'printer-1','{"ticket":"T005","number":"T 005","field":"training","languages":["fr","nl"],"talk":["fr"],"ahead":4,"taken_at":"2026-09-15T09:00:00+02:00","token_url":"http://q/abc","copy":1}','queued',NULL,1,NULL,0,1);
CREATE TABLE printer (
        name TEXT PRIMARY KEY,
        level TEXT,
        next_id INTEGER NOT NULL DEFAULT 0,
        torn INTEGER NOT NULL DEFAULT 0
    ) STRICT
    ;
INSERT INTO "printer" VALUES('printer-1','counted',100000,0);
INSERT INTO "printer" VALUES('printer-2',NULL,100000,0);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX job_open ON job (printer, id) WHERE state IN ('queued', 'sending', 'unknown');
CREATE INDEX job_untold ON job (id) WHERE told = 0;
COMMIT;
