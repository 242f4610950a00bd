BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'day','m001_events','2026-11-22 16:43:50.871238+00:00');
CREATE TABLE day (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "day" VALUES('epoch',X'31393939393939393939');
INSERT INTO "day" VALUES('secret',X'7B62093F53D5A480AEB88990500B92C6EB67F9DBFEDF8D2459650CC5B9060BEF');
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
INSERT INTO "events" VALUES(5,'2026-09-15T09:02:00+02:00','kiosk:kiosk-1','question-00000004',0,'ticket_issued','{"kind":"ticket_issued","ticket":"T001","number":1,"field":"training","languages":["fr","nl"],"screen_language":"nl","ahead":0,"priority":false,"head_start_s":0,"kiosk":"kiosk-1","waited_s":0.0,"provisional":false}',X'4A39AB392EED3FF4551CE2DCDB3D1A30D5A46C110E19E0E68F154C408EC9F61F');
INSERT INTO "events" VALUES(6,'2026-09-15T09:02:30+02:00','kiosk:kiosk-1','question-00000005',0,'ticket_issued','{"kind":"ticket_issued","ticket":"T002","number":2,"field":"training","languages":["fr","nl"],"screen_language":"nl","ahead":1,"priority":true,"head_start_s":900,"kiosk":"kiosk-1","waited_s":0.0,"provisional":false}',X'CA438C4DD748C968128B9A5AFA7F9F486268A6E1B5796966C675CE91C30D41ED');
INSERT INTO "events" VALUES(7,'2026-09-15T09:03:00+02:00','kiosk:kiosk-1','question-00000006',0,'ticket_issued','{"kind":"ticket_issued","ticket":"T003","number":3,"field":"training","languages":["fr","nl"],"screen_language":"nl","ahead":2,"priority":false,"head_start_s":0,"kiosk":null,"waited_s":0.0,"provisional":false}',X'32D45B1372186149F0CEAB74DBDC627141E8C43B26BB9671875B6C32F5EAAAF8');
INSERT INTO "events" VALUES(8,'2026-09-15T09:03:30+02:00','kiosk:kiosk-1','question-00000007',0,'ticket_issued','{"kind":"ticket_issued","ticket":"E001","number":1,"field":"education","languages":["fr","nl"],"screen_language":"nl","ahead":0,"priority":false,"head_start_s":0,"kiosk":null,"waited_s":0.0,"provisional":false}',X'E36A5B3A37511C330DB5470A853EDD835936CE57661A2CC96535CC86E5330CBC');
INSERT INTO "events" VALUES(9,'2026-09-15T09:04:00+02:00','kiosk:kiosk-1','question-00000008',0,'ticket_issued','{"kind":"ticket_issued","ticket":"T004","number":4,"field":"training","languages":["fr","nl"],"screen_language":"nl","ahead":3,"priority":false,"head_start_s":0,"kiosk":null,"waited_s":0.0,"provisional":false}',X'FFF6BE6FF44358B6E51BBDE0C0C99D9168A118A601B32EBD08CBAABB5E5DAAEE');
INSERT INTO "events" VALUES(10,'2026-09-15T09:04:30+02:00','kiosk:kiosk-1','question-00000009',0,'slip_reported','{"kind":"slip_reported","ticket":"T001","copy_number":1,"outcome":"printed","printer":"printer-1","reason":""}',X'E1F49567C6A6E88E7F741AE44F3605F72BE20FFCEEE68B845A79A4FC4B89C40D');
INSERT INTO "events" VALUES(11,'2026-09-15T09:05:00+02:00','kiosk:kiosk-1','question-00000010',0,'slip_reported','{"kind":"slip_reported","ticket":"T002","copy_number":1,"outcome":"failed","printer":"printer-1","reason":"paper"}',X'1826DDA70DBA8D3A0A49958F15BAEF8A57768D36C3105C561832E816A60717A4');
INSERT INTO "events" VALUES(12,'2026-09-15T09:05:30+02:00','kiosk:kiosk-1','question-00000011',0,'slip_requested','{"kind":"slip_requested","ticket":"T002","copy_number":2,"kiosk":"kiosk-1"}',X'263DC345439ABA5BED85DD58BDC9ADBE34E3B1C86025E3C9F64303D4785C2030');
INSERT INTO "events" VALUES(13,'2026-09-15T09:06:00+02:00','desk:desk-1','question-00000012',0,'ticket_called','{"kind":"ticket_called","ticket":"T002","desk":"1","call":1,"how":"next","reason":"longest-wait"}',X'80947E11198A31C7C8EDDAB344B3AE6051C1F483B791F77E63BD85CB210F7D45');
INSERT INTO "events" VALUES(14,'2026-09-15T09:06:30+02:00','desk:desk-1','question-00000013',0,'ticket_recalled','{"kind":"ticket_recalled","ticket":"T002","desk":"1","call":2}',X'17DF44FD1B9571CD55CF9E74AEEE102E71D3B6B9669EB4C0DFE6EBA8CDCC9AAF');
INSERT INTO "events" VALUES(15,'2026-09-15T09:07:00+02:00','desk:desk-1','question-00000014',0,'serving_started','{"kind":"serving_started","ticket":"T002","desk":"1"}',X'CDF8F401D7BE8FF197795EAFF48A9CFC6306DE8065272AE38F0FE561258D62BB');
INSERT INTO "events" VALUES(16,'2026-09-15T09:07:30+02:00','desk:desk-1','question-00000015',0,'ticket_finished','{"kind":"ticket_finished","ticket":"T002"}',X'62C70F823F162DCEB5C557F6F47E0A2D4EF3A1D331E0375981B7E19DB8A2C04E');
INSERT INTO "events" VALUES(17,'2026-09-15T09:08:00+02:00','desk:desk-1','question-00000016',0,'ticket_called','{"kind":"ticket_called","ticket":"T001","desk":"1","call":3,"how":"next","reason":"longest-wait"}',X'46702BBDA90D280068C402E3C6A619E541BB242AE7C2C17D5CB8A0ECEC276FAB');
INSERT INTO "events" VALUES(18,'2026-09-15T09:08:30+02:00','desk:desk-1','question-00000017',0,'ticket_missed','{"kind":"ticket_missed","ticket":"T001"}',X'14BF9AC894A8690ED8ACBFA12AB589B4B2AF503092B704F0529C3608B4A2E5B7');
INSERT INTO "events" VALUES(19,'2026-09-15T09:09:00+02:00','desk:desk-1','question-00000018',0,'ticket_reinstated','{"kind":"ticket_reinstated","ticket":"T001"}',X'5AE284845D5D65350FDFDB89C008F388FA83A0FACD2AB2876CD63493CD11751F');
INSERT INTO "events" VALUES(20,'2026-09-15T09:09:30+02:00','desk:desk-1','question-00000019',0,'ticket_called','{"kind":"ticket_called","ticket":"T001","desk":"1","call":4,"how":"next","reason":"longest-wait"}',X'CB1F643FDF9B8D0B78618E87236CA7E13990B85109582149F63E8317E54289FF');
INSERT INTO "events" VALUES(21,'2026-09-15T09:10:00+02:00','desk:desk-1','question-00000020',0,'action_undone','{"kind":"action_undone","desk":"1","ticket":"T001","action":"call"}',X'98562D1EC7A984AAAF348135AE81557B67C4A3356C575A783F4842BCCA81028E');
INSERT INTO "events" VALUES(22,'2026-09-15T09:10:30+02:00','desk:desk-1','question-00000021',0,'ticket_called','{"kind":"ticket_called","ticket":"T003","desk":"1","call":5,"how":"next","reason":"longest-wait"}',X'80B4527505E830177023F1D3C5DC782326547C966502E9283234971436F08BEE');
INSERT INTO "events" VALUES(23,'2026-09-15T09:11:00+02:00','desk:desk-1','question-00000022',0,'serving_started','{"kind":"serving_started","ticket":"T003","desk":"1"}',X'ED0676F0042257EE89D17838F0982E50CCFE84AAF42E7F5A5B85CD90D74CE415');
INSERT INTO "events" VALUES(24,'2026-09-15T09:11:30+02:00','desk:desk-1','question-00000023',0,'ticket_transferred','{"kind":"ticket_transferred","ticket":"T003","field":"work","languages":["nl"],"desk":"2","by_desk":"1"}',X'1C1E7F58CC0E23203B40C85DEE765722496A7082354AEF250A4496FFC4147CFB');
INSERT INTO "events" VALUES(25,'2026-09-15T09:12:00+02:00','desk:desk-1','question-00000024',0,'ticket_called','{"kind":"ticket_called","ticket":"T001","desk":"1","call":6,"how":"next","reason":"longest-wait"}',X'950130401710E1F76DE8D823C72F91EED733590A8BAE1C954604953607580734');
INSERT INTO "events" VALUES(26,'2026-09-15T09:12:30+02:00','desk:desk-1','question-00000025',0,'serving_started','{"kind":"serving_started","ticket":"T001","desk":"1"}',X'A9EB8E48DB2B9F9DEEAD4C62771B05A1E9976C9CF9C68AC3F9B4EA8C592B875F');
INSERT INTO "events" VALUES(27,'2026-09-15T09:13:00+02:00','desk:desk-1','question-00000026',0,'ticket_parked','{"kind":"ticket_parked","ticket":"T001"}',X'6A2A0858A5612A3B3F83A80C48F58DE3ECFE9763A51618E62DE44AC7EE917303');
INSERT INTO "events" VALUES(28,'2026-09-15T09:13:30+02:00','desk:desk-1','question-00000027',0,'ticket_cancelled','{"kind":"ticket_cancelled","ticket":"E001","reason":"day-over"}',X'B624CAC8AB47CB1713E15CE30E38CA537F446BD05B0AE0A0629B4440D86A8735');
INSERT INTO "events" VALUES(29,'2026-09-15T09:14:00+02:00','desk:desk-1','question-00000028',0,'priority_set','{"kind":"priority_set","ticket":"T004","priority":true,"head_start_s":900}',X'839EB97C4F5F5041EC567888DEFEA4AFC7A41AE648EF442E7C638E8AE8038B7A');
INSERT INTO "events" VALUES(30,'2026-09-15T09:14:30+02:00','desk:desk-1','question-00000029',0,'desk_paused','{"kind":"desk_paused","desk":"1","reason":"lunch"}',X'A2E603B1F86EFC623D198D9456FEA17F909B7B7B093051C9D60AF29C949A66E4');
INSERT INTO "events" VALUES(31,'2026-09-15T09:15:00+02:00','desk:desk-1','question-00000030',0,'desk_resumed','{"kind":"desk_resumed","desk":"1"}',X'F2CB6DAECA06DD34F1F7148DDB6BF3437D774CA1BB432E0EA9AFF73E56A5136B');
INSERT INTO "events" VALUES(32,'2026-09-15T09:15:30+02:00','desk:desk-1','question-00000031',0,'message_posted','{"kind":"message_posted","texts":{"fr":"Fermé à 16 h « demain »","nl":"Gesloten om 16 u"}}',X'E948C4C132910C326B956289264229D1CDFD2322E1785EACAC818C2E97F04211');
INSERT INTO "events" VALUES(33,'2026-09-15T09:16:00+02:00','desk:desk-1','question-00000032',0,'numbers_reserved','{"kind":"numbers_reserved","kiosk":"kiosk-1","field":"training","first":5,"tickets":["T005","T006"]}',X'F220D66C1FEF8A0E851070C9DA02FB742F8AFA3499B71B155FB28C7C33595657');
INSERT INTO "events" VALUES(34,'2026-09-15T09:16:30+02:00','desk:desk-1','question-00000033',0,'ticket_issued','{"kind":"ticket_issued","ticket":"T005","number":5,"field":"training","languages":["fr","nl"],"screen_language":"nl","ahead":4,"priority":false,"head_start_s":0,"kiosk":"kiosk-1","waited_s":90.5,"provisional":true}',X'8AC1A92A1525DDE65D8D158D90ABEFDE222E1ACC3AD3BE1D42B96BC6C07BAA77');
INSERT INTO "events" VALUES(35,'2026-09-15T09:17:00+02:00','desk:desk-1','question-00000034',0,'desk_readied','{"kind":"desk_readied","desk":"1"}',X'375AD228DE708D53FB98B69A38D87D239A6DBF316F70EB9BD30E5C206554D78C');
INSERT INTO "events" VALUES(36,'2026-09-15T09:17:30+02:00','desk:desk-1','question-00000035',0,'desk_closed','{"kind":"desk_closed","desk":"1"}',X'48ABD11AF92CE20AE3703103704BD37237B17128B0872F7999EB2E296F9F7786');
INSERT INTO "events" VALUES(37,'2026-09-15T09:18:00+02:00','desk:desk-1','question-00000036',0,'day_closed','{"kind":"day_closed"}',X'7E44A5A48B2C93E19E91C00646037192669C63ED2E0DF0BA61913D28579D291E');
INSERT INTO "events" VALUES(38,'2026-09-15T09:18:00+02:00','server:restore','restored:38',0,'day_restored','{"kind":"day_restored","numbers":200,"provisional":40,"calls":1000}',X'A6D687CD64E70731043C73E1803E25B06B17303FB97E6193DFF38D2AEA879DBB');
INSERT INTO "events" VALUES(39,'2026-09-15T09:19:00+02:00','kiosk:kiosk-1','question-00000037',0,'ticket_issued','{"kind":"ticket_issued","ticket":"T907","number":907,"field":"training","languages":["fr"],"screen_language":"fr","ahead":2,"priority":false,"head_start_s":0,"kiosk":null,"waited_s":90.0,"provisional":true,"held_by":"kiosk-1"}',X'83A2594F9F627BFBFEA9CFD0BBBDD31BE4261A65FA55C738A19BE79D7E5F7B06');
INSERT INTO "events" VALUES(40,'2026-09-15T09:19:30+02:00','kiosk:kiosk-2','question-00000900',0,'ticket_issued','{"kind":"ticket_issued","ticket":"T205","number":205,"field":"training","languages":["fr"],"screen_language":"fr","ahead":2,"priority":false,"head_start_s":0,"kiosk":null,"waited_s":0.0,"provisional":false,"held_by":null,"giver":"kiosk-2"}',X'B4D0666609F4C521B7478F9477B852AB797A87F9445381417D82D418F1C9445F');
INSERT INTO "events" VALUES(41,'2026-09-15T09:19:30+02:00','kiosk:kiosk-2','question-00000900',1,'burst_noticed','{"kind":"burst_noticed","kiosk":"kiosk-2","tickets":["T205"]}',X'284D9E703384A4EC26F055CED0CDABFDAF03A0AD53E524D4F85EADD57FCE92C1');
INSERT INTO "events" VALUES(42,'2026-09-15T09:20:00+02:00','reception:reception-1','question-00000901',0,'burst_dismissed','{"kind":"burst_dismissed","kiosk":"kiosk-2","tickets":["T205"]}',X'C67DD1D8ED63391605D22916C93B4857588C8C68F79FC31B8B185F4E78DB8400');
INSERT INTO "events" VALUES(43,'2026-09-15T09:20:30+02:00','reception:reception-1::host','question-90000000',0,'ticket_issued','{"kind":"ticket_issued","ticket":"E202","number":202,"field":"education","languages":["fr","nl"],"screen_language":"nl","ahead":0,"priority":false,"head_start_s":0,"kiosk":null,"waited_s":0.0,"provisional":false,"held_by":null,"giver":null,"people":3}',X'89F8DAB25F98FC22D10921ACEB346A4627E2BCD3D0236FF36B758230D2A453F4');
INSERT INTO "events" VALUES(44,'2026-09-15T09:21:00+02:00','kiosk:kiosk-1','question-90000001',0,'help_called','{"kind":"help_called","kiosk":"kiosk-1","topic":"unsure","language":"nl"}',X'1932261E2B9B8D70653BB71A19365D0B8482529576233B5B97A566C32AAD5E42');
INSERT INTO "events" VALUES(45,'2026-09-15T09:21:30+02:00','reception:reception-1::host','question-90000002',0,'help_answered','{"kind":"help_answered","kiosk":"kiosk-1"}',X'587E4E340E47609CB4821934D839EA797D3936A3E3AADCBEE45BB807C755F426');
INSERT INTO "events" VALUES(46,'2026-09-15T09:22:00+02:00','kiosk:kiosk-1','question-90000003',0,'help_ended','{"kind":"help_ended","kiosk":"kiosk-1","reason":"withdrawn"}',X'ABC5C9BFD47D9CB8CDF72F1B1B51B4EBF4AB8FCFD0EDB794F64EE1767B834A7F');
INSERT INTO "events" VALUES(47,'2026-09-15T09:22:30+02:00','counsellor:desk-2:2:staff-tr','question-90000004',0,'desk_opened','{"kind":"desk_opened","desk":"2","counsellor":"staff-tr","fields":["education","training"],"languages":["fr","nl"]}',X'587E4E2D1FD7E1421FA43EDBCA08464C1CB58256FDF4706CFF1153A969403F22');
INSERT INTO "events" VALUES(48,'2026-09-15T09:23:00+02:00','counsellor:desk-2:2:staff-tr','question-90000005',0,'desk_narrowed','{"kind":"desk_narrowed","desk":"2","fields":["education"],"languages":["fr"]}',X'7700D5986B45270F1048A9A50E9D13E771835CAF800CBCF9094A2651BAD684BE');
INSERT INTO "events" VALUES(49,'2026-09-15T09:23:30+02:00','counsellor:desk-2:2:staff-tr','question-90000006',0,'ticket_called','{"kind":"ticket_called","ticket":"E202","desk":"2","call":1007,"how":"next","reason":"longest-wait"}',X'3A63A92431A634B57C5F2E0C9595CD54F791EBBB7724F96A4BBAEA28443147E9');
INSERT INTO "events" VALUES(50,'2026-09-15T09:24:00+02:00','counsellor:desk-2:2:staff-tr','question-90000007',0,'ticket_parked','{"kind":"ticket_parked","ticket":"E202","remind_min":15}',X'6B69330EAA69D6C99D4CB876374F1854F12EF5DF9E2044F259219D6E21077DA7');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
COMMIT;
