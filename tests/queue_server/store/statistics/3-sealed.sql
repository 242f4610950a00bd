BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'statistics','m001_legs','2026-12-01 00:40:25.125566+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'statistics','m002_cycles_and_promises','2026-12-01 00:40:25.141690+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'statistics','m003_seals','2026-12-01 00:40:25.142520+00:00');
CREATE TABLE cycle (
            day TEXT NOT NULL,
            field TEXT NOT NULL,
            language TEXT NOT NULL,
            half_minutes INTEGER NOT NULL
        ) STRICT
        ;
INSERT INTO "cycle" VALUES('2026-09-14','work','fr',50);
INSERT INTO "cycle" VALUES('2026-09-14','work','nl',40);
INSERT INTO "cycle" VALUES('2026-09-15','work','fr',50);
INSERT INTO "cycle" VALUES('2026-09-15','work','nl',40);
CREATE TABLE day (day TEXT PRIMARY KEY, legs INTEGER NOT NULL, priority INTEGER NOT NULL DEFAULT 0, open_half_minutes INTEGER NOT NULL DEFAULT 0, seal BLOB NOT NULL DEFAULT x'') STRICT, WITHOUT ROWID;
INSERT INTO "day" VALUES('2026-09-14',3,2,900,X'D0F7D4C05831B06AF8BA85C96D9E193AC949B5CF26AE5D5405578C00910C70A0');
INSERT INTO "day" VALUES('2026-09-15',2,2,900,X'DE9E52B5B9958F1205C4FE7D9003F2C2336BF010D3A9B84AB0F31EA940E87903');
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
CREATE TABLE promise (
            day TEXT NOT NULL,
            field TEXT NOT NULL,
            languages TEXT NOT NULL,
            early_half_minutes INTEGER NOT NULL,
            middle_half_minutes INTEGER NOT NULL,
            upper_half_minutes INTEGER NOT NULL,
            waited_half_minutes INTEGER NOT NULL,
            late INTEGER NOT NULL
        ) STRICT
        ;
INSERT INTO "promise" VALUES('2026-09-14','work','fr',2,20,40,50,1);
INSERT INTO "promise" VALUES('2026-09-15','work','fr',2,20,40,30,0);
CREATE TABLE unserved (
            day TEXT NOT NULL,
            hour INTEGER NOT NULL,
            field TEXT NOT NULL,
            languages TEXT NOT NULL,
            why TEXT NOT NULL
        ) STRICT
        ;
INSERT INTO "unserved" VALUES('2026-09-14',11,'abroad','nl','nobody');
INSERT INTO "unserved" VALUES('2026-09-15',11,'abroad','nl','nobody');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX leg_day ON leg (day);
CREATE INDEX cycle_day ON cycle (day);
CREATE INDEX promise_day ON promise (day);
CREATE INDEX unserved_day ON unserved (day);
COMMIT;
