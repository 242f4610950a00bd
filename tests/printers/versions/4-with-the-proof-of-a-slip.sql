BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'spool','create_spool','2026-11-29 05:48:59.375862+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'spool','note_when_and_where','2026-11-29 05:48:59.380277+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'spool','note_when_on','2026-11-29 05:48:59.382763+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'spool','prove_slips','2026-11-29 05:48:59.384432+00:00');
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
        told INTEGER NOT NULL DEFAULT 1, on_at REAL, home TEXT, proof INTEGER,
        UNIQUE (day, ticket, copy)
    ) STRICT
    ;
INSERT INTO "job" VALUES(1,'2026-09-15','T001',1,'printer-1','{"ticket":"T001","number":"T 001","field":"training","languages":["fr","nl"],"talk":["fr"],"ahead":0,"provisional":false,"window":null,"taken_at":"2026-09-15T09:00:00+02:00","token_url":"","copy":1}','printed','confirmed',1,7,0,1,1789455600.0,NULL,59648830);
INSERT INTO "job" VALUES(2,'2026-09-15','T002',1,'printer-1','{"ticket":"T002","number":"T 002","field":"training","languages":["fr","nl"],"talk":["fr"],"ahead":1,"provisional":false,"window":null,"taken_at":"2026-09-15T09:00:00+02:00","token_url":"","copy":1}','unknown','unreachable',1,7,0,0,1789455600.0,NULL,3636524513);
INSERT INTO "job" VALUES(3,'2026-09-15','T003',1,'printer-1','{"ticket":"T003","number":"T 003","field":"training","languages":["fr","nl"],"talk":["fr"],"ahead":2,"provisional":false,"window":null,"taken_at":"2026-09-15T09:00:00+02:00","token_url":"","copy":1}','sending',NULL,1,7,0,1,1789455600.0,NULL,2966898386);
INSERT INTO "job" VALUES(4,'2026-09-15','T004',1,'printer-2','{"ticket":"T004","number":"T 004","field":"training","languages":["fr","nl"],"talk":["fr"],"ahead":3,"provisional":false,"window":null,"taken_at":"2026-09-15T09:00:00+02:00","token_url":"","copy":1}','queued',NULL,1,NULL,0,0,NULL,'printer-1',3039579678);
INSERT INTO "job" VALUES(5,'2026-09-15','T005',1,'printer-1','{"ticket":"T005","number":"T 005","field":"training","languages":["fr","nl"],"talk":["fr"],"ahead":4,"provisional":false,"window":null,"taken_at":"2026-09-15T09:00:00+02:00","token_url":"","copy":1}','queued',NULL,1,NULL,0,1,NULL,NULL,3192780455);
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
