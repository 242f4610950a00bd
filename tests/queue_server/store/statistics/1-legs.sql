BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'statistics','m001_legs','2026-12-01 00:36:06.541576+00:00');
CREATE TABLE day (day TEXT PRIMARY KEY, legs INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "day" VALUES('2026-09-14',3);
INSERT INTO "day" VALUES('2026-09-15',2);
CREATE TABLE leg (
            day TEXT NOT NULL,
            hour INTEGER NOT NULL,
            field TEXT NOT NULL,
            languages TEXT NOT NULL,
            screen_language TEXT NOT NULL,
            number INTEGER NOT NULL,
            "end" TEXT NOT NULL,
            wait_half_minutes INTEGER NOT NULL,
            service_half_minutes INTEGER NOT NULL
        ) STRICT
        ;
INSERT INTO "leg" VALUES('2026-09-14',10,'training','fr','fr',1,'transferred',12,30);
INSERT INTO "leg" VALUES('2026-09-14',11,'work','fr','fr',2,'served',12,30);
INSERT INTO "leg" VALUES('2026-09-14',10,'work','fr+nl','fr',1,'no_show',12,30);
INSERT INTO "leg" VALUES('2026-09-15',10,'education','nl','fr',1,'left',12,30);
INSERT INTO "leg" VALUES('2026-09-15',10,'work','fr','fr',1,'served',12,30);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX leg_day ON leg (day);
COMMIT;
