BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'day','m001_events','2026-11-22 16:43:49.819022+00:00');
CREATE TABLE day (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "day" VALUES('epoch',X'31373930303030303030');
INSERT INTO "day" VALUES('secret',X'BE84CDE6205ACA3C2199E871F3D0E045D0C92106F1C716FAAA804F795AEF18BD');
CREATE TABLE events (
            position INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            command_id TEXT NOT NULL,
            ordinal INTEGER NOT NULL,
            kind TEXT NOT NULL,
            body TEXT NOT NULL,
            chain BLOB NOT NULL,
            UNIQUE (command_id, ordinal)
        ) STRICT
        ;
INSERT INTO "events" VALUES(1,'2026-09-15T09:00:00+02:00','kiosk:kiosk-1','question-00000000',0,'day_opened','{"kind":"day_opened"}',X'29DBD629D6E986AE38C9DADB0237D1C51B3643CB6EF4FF81D5CBA4B433E897DD');
INSERT INTO "events" VALUES(2,'2026-09-15T09:00:30+02:00','kiosk:kiosk-1','question-00000001',0,'field_closed','{"kind":"field_closed","field":"work"}',X'54CAAE6A57EF1014D0FA6FDF790AAF7DC8BA58D4839B4FBEF907842375FF7864');
INSERT INTO "events" VALUES(3,'2026-09-15T09:01:00+02:00','kiosk:kiosk-1','question-00000002',0,'field_opened','{"kind":"field_opened","field":"work"}',X'59138755CE4624BFE335D1C42B2E39C744F921B95F4D9B75AB06B0D677D8F4A7');
INSERT INTO "events" VALUES(4,'2026-09-15T09:01:30+02:00','kiosk:kiosk-1','question-00000003',0,'desk_opened','{"kind":"desk_opened","desk":"1","counsellor":"staff-ar","fields":["training"],"languages":["fr","nl"]}',X'E768C5C3ABF2E6D124EF9CF188743329BCC794046336322A145B04D0CAEA08E0');
INSERT INTO "events" VALUES(5,'2026-09-15T09:02:00+02:00','kiosk:kiosk-1','question-00000004',0,'ticket_issued','{"kind":"ticket_issued","ticket":"T001","number":1,"field":"training","languages":["fr","nl"],"screen_language":"nl","ahead":0,"priority":false,"head_start_s":0,"kiosk":"kiosk-1"}',X'A8B55C72FAA9A46ECA19E5E932165BF93966B6486B464F5F5ABD07ACCA8C1515');
INSERT INTO "events" VALUES(6,'2026-09-15T09:02:30+02:00','kiosk:kiosk-1','question-00000005',0,'ticket_issued','{"kind":"ticket_issued","ticket":"T002","number":2,"field":"training","languages":["fr","nl"],"screen_language":"nl","ahead":1,"priority":true,"head_start_s":900,"kiosk":"kiosk-1"}',X'158A513D02A2456E1120DF3C231F187171AEEAACF8C9332F955194D3B762F64A');
INSERT INTO "events" VALUES(7,'2026-09-15T09:03:00+02:00','kiosk:kiosk-1','question-00000006',0,'ticket_issued','{"kind":"ticket_issued","ticket":"T003","number":3,"field":"training","languages":["fr","nl"],"screen_language":"nl","ahead":2,"priority":false,"head_start_s":0,"kiosk":null}',X'A635B16AE05F444C4A993A68243FB0CE5CA6DEDE14CE0929A77B5D4723E5FD34');
INSERT INTO "events" VALUES(8,'2026-09-15T09:03:30+02:00','kiosk:kiosk-1','question-00000007',0,'ticket_issued','{"kind":"ticket_issued","ticket":"E001","number":1,"field":"education","languages":["fr","nl"],"screen_language":"nl","ahead":0,"priority":false,"head_start_s":0,"kiosk":null}',X'99F92C42070E4F5C7FEDE5AEF477D598F820C16C7C1E8983AC7552DD31BFDF0B');
INSERT INTO "events" VALUES(9,'2026-09-15T09:04:00+02:00','kiosk:kiosk-1','question-00000008',0,'ticket_issued','{"kind":"ticket_issued","ticket":"T004","number":4,"field":"training","languages":["fr","nl"],"screen_language":"nl","ahead":3,"priority":false,"head_start_s":0,"kiosk":null}',X'1E8A6192CC901C578CF96AD2CE8305EC3AFF933403509BD52183A47FDAC20271');
INSERT INTO "events" VALUES(10,'2026-09-15T09:04:30+02:00','kiosk:kiosk-1','question-00000009',0,'slip_reported','{"kind":"slip_reported","ticket":"T001","copy_number":1,"outcome":"printed","printer":"printer-1","reason":""}',X'DEE73CD3AA9CBC7DC002FE3C39FC2D61EEB56DECC05F41414C5F473DF83774BD');
INSERT INTO "events" VALUES(11,'2026-09-15T09:05:00+02:00','kiosk:kiosk-1','question-00000010',0,'slip_reported','{"kind":"slip_reported","ticket":"T002","copy_number":1,"outcome":"failed","printer":"printer-1","reason":"paper"}',X'31C119A9FF136554C80919CC934335ABC3BBDD7537B9B7D365A729AB1F8A87E5');
INSERT INTO "events" VALUES(12,'2026-09-15T09:05:30+02:00','kiosk:kiosk-1','question-00000011',0,'slip_requested','{"kind":"slip_requested","ticket":"T002","copy_number":2,"kiosk":"kiosk-1"}',X'255F508053BF4DF2CBB6179CCE3EEB6601B6E45BD26B14AD1F2FC0E8C0C42599');
INSERT INTO "events" VALUES(13,'2026-09-15T09:06:00+02:00','desk:desk-1','question-00000012',0,'ticket_called','{"kind":"ticket_called","ticket":"T002","desk":"1","call":1,"how":"next","reason":"longest-wait"}',X'8999AC787587ACFF5FF6870C530F979FF381F2E2F810041D21B7048FA8025349');
INSERT INTO "events" VALUES(14,'2026-09-15T09:06:30+02:00','desk:desk-1','question-00000013',0,'ticket_recalled','{"kind":"ticket_recalled","ticket":"T002","desk":"1","call":2}',X'98C3F18D81E40C51E82974DF276B2F90641AE0C8D02BBE985B3841C04C510EBB');
INSERT INTO "events" VALUES(15,'2026-09-15T09:07:00+02:00','desk:desk-1','question-00000014',0,'serving_started','{"kind":"serving_started","ticket":"T002","desk":"1"}',X'75AFD3606FCDA72BE26100F96F0972709DF662C36AC5BA003CAB7D5B37335AA2');
INSERT INTO "events" VALUES(16,'2026-09-15T09:07:30+02:00','desk:desk-1','question-00000015',0,'ticket_finished','{"kind":"ticket_finished","ticket":"T002"}',X'96E9FD9EFC54225D5573C7ACB615D07F302DF7096C326564003327A655D4F365');
INSERT INTO "events" VALUES(17,'2026-09-15T09:08:00+02:00','desk:desk-1','question-00000016',0,'ticket_called','{"kind":"ticket_called","ticket":"T001","desk":"1","call":3,"how":"next","reason":"longest-wait"}',X'A2A3DD10D1031F98286455D19FFD789403EEDDEA8AD13A0AE01D51D8D3383CBA');
INSERT INTO "events" VALUES(18,'2026-09-15T09:08:30+02:00','desk:desk-1','question-00000017',0,'ticket_missed','{"kind":"ticket_missed","ticket":"T001"}',X'80E87021D38B44D63216C0AB8D64C68D697CEC91542A0C5B583A99CC6B77F3D9');
INSERT INTO "events" VALUES(19,'2026-09-15T09:09:00+02:00','desk:desk-1','question-00000018',0,'ticket_reinstated','{"kind":"ticket_reinstated","ticket":"T001"}',X'DCDD9F2E32489B4E7A63EA1E9379D6934A86840675D9C68FCB27E361427D9B27');
INSERT INTO "events" VALUES(20,'2026-09-15T09:09:30+02:00','desk:desk-1','question-00000019',0,'ticket_called','{"kind":"ticket_called","ticket":"T001","desk":"1","call":4,"how":"next","reason":"longest-wait"}',X'B7AD0861D0D23C1988C6A5CDA5C0560DE658891F5713A7B3386E70B88BAD940A');
INSERT INTO "events" VALUES(21,'2026-09-15T09:10:00+02:00','desk:desk-1','question-00000020',0,'action_undone','{"kind":"action_undone","desk":"1","ticket":"T001","action":"call"}',X'23E47F9509B9D9B932AC3E2B83AFCC55B8C17AE00BA270B97A993166A9E6D3C2');
INSERT INTO "events" VALUES(22,'2026-09-15T09:10:30+02:00','desk:desk-1','question-00000021',0,'ticket_called','{"kind":"ticket_called","ticket":"T003","desk":"1","call":5,"how":"next","reason":"longest-wait"}',X'57C2A7CF914737A602A5D3C4B3DC30197F543EA53EC39B5741A4CBFB86DB07E1');
INSERT INTO "events" VALUES(23,'2026-09-15T09:11:00+02:00','desk:desk-1','question-00000022',0,'serving_started','{"kind":"serving_started","ticket":"T003","desk":"1"}',X'ED55B295EAFD731202B382E6A3000F4B5251531450568F25A0AD036EF7AEF105');
INSERT INTO "events" VALUES(24,'2026-09-15T09:11:30+02:00','desk:desk-1','question-00000023',0,'ticket_transferred','{"kind":"ticket_transferred","ticket":"T003","field":"work","languages":["nl"],"desk":"2","by_desk":"1"}',X'902261E282A36C1A1D9877FD0C1B1F54495DDC5D75C511020C975D8E852338A9');
INSERT INTO "events" VALUES(25,'2026-09-15T09:12:00+02:00','desk:desk-1','question-00000024',0,'ticket_called','{"kind":"ticket_called","ticket":"T001","desk":"1","call":6,"how":"next","reason":"longest-wait"}',X'8AAD894721C84CEDA8B1F4BE542CAB3BF63219CD7EF546F06891BC3EFF1F4EFC');
INSERT INTO "events" VALUES(26,'2026-09-15T09:12:30+02:00','desk:desk-1','question-00000025',0,'serving_started','{"kind":"serving_started","ticket":"T001","desk":"1"}',X'5169F52A7F16121709B5CB22CE9CFBEC088C9741983FDA8EBBB17C7CA0BD0791');
INSERT INTO "events" VALUES(27,'2026-09-15T09:13:00+02:00','desk:desk-1','question-00000026',0,'ticket_parked','{"kind":"ticket_parked","ticket":"T001"}',X'669B81C60A408F34FD5A620C15439CC5BBF0B883886374DFB54F0645FD3FFEA2');
INSERT INTO "events" VALUES(28,'2026-09-15T09:13:30+02:00','desk:desk-1','question-00000027',0,'ticket_cancelled','{"kind":"ticket_cancelled","ticket":"E001","reason":"day-over"}',X'17930EE3A889A2648C4FB7257B912510F68DAB30C446F5AEA7690FE990AB0D64');
INSERT INTO "events" VALUES(29,'2026-09-15T09:14:00+02:00','desk:desk-1','question-00000028',0,'priority_set','{"kind":"priority_set","ticket":"T004","priority":true,"head_start_s":900}',X'7F92A17E98547964D7E15ED09178BE71B409CD3537EB7ACC298B3CBE0B96291B');
INSERT INTO "events" VALUES(30,'2026-09-15T09:14:30+02:00','desk:desk-1','question-00000029',0,'desk_paused','{"kind":"desk_paused","desk":"1","reason":"lunch"}',X'6A69CFD65A1BEE4EBCE48F2260399FE2620ACAB01B716E1E1CE65DE10BE6CAF4');
INSERT INTO "events" VALUES(31,'2026-09-15T09:15:00+02:00','desk:desk-1','question-00000030',0,'desk_resumed','{"kind":"desk_resumed","desk":"1"}',X'7004AB3A203B64CAD846903B46A64EA6BDE25E750E83458A7F79E41F34031F46');
INSERT INTO "events" VALUES(32,'2026-09-15T09:15:30+02:00','desk:desk-1','question-00000031',0,'message_posted','{"kind":"message_posted","texts":{"fr":"Fermé à 16 h « demain »","nl":"Gesloten om 16 u"}}',X'78E9333F6C43B7C8A01FB7FA2DD02E94558E24646A0FD11932EB4F19F5277B00');
INSERT INTO "events" VALUES(33,'2026-09-15T09:16:00+02:00','desk:desk-1','question-00000032',0,'desk_readied','{"kind":"desk_readied","desk":"1"}',X'99B1F5ACF85757FBA86187F8F0B5D8DC7E98BDFA2A17ED184815443344EA9327');
INSERT INTO "events" VALUES(34,'2026-09-15T09:16:30+02:00','desk:desk-1','question-00000033',0,'desk_closed','{"kind":"desk_closed","desk":"1"}',X'F7847B67D3F63EAADB03B4FFD3E4D0F2A0868C4AD4C7509418EF9C99E1F0CD11');
INSERT INTO "events" VALUES(35,'2026-09-15T09:17:00+02:00','desk:desk-1','question-00000034',0,'day_closed','{"kind":"day_closed"}',X'DB71D729BDBC0381D1239F55F7D1D00B0263FCB081310C3DE6B9776659FB8B25');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
COMMIT;
