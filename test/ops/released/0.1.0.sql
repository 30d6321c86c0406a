BEGIN TRANSACTION;
CREATE TABLE absence (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	pupil BIGINT REFERENCES person (id),
	held BIGINT,
	session TEXT NOT NULL DEFAULT 'morning',
	kind TEXT NOT NULL DEFAULT 'excused',
	note TEXT
);
CREATE TABLE account (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	login TEXT,
	name TEXT,
	person BIGINT REFERENCES person (id),
	state TEXT NOT NULL DEFAULT 'active',
	note TEXT,
	_fold TEXT,
	_sort BLOB
);
INSERT INTO "account" VALUES(244250324107520,1,0,0,1795321026798,1795321026798,0,'quantri','Quản Trị',NULL,'active',NULL,'quantri quan tri',X'504C3A01438B050108004A522A4401438B020501090001010000');
INSERT INTO "account" VALUES(244250324566528,1,0,0,1795321026900,1795321026900,0,'nguyen.van.a','Nguyễn Văn Ạ',NULL,'active',NULL,'nguyen.van.a nguyen van a',X'2A01458B050106004436525A33024401418B0305010B00542B0244010701070000');
CREATE TABLE admin_map (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	new_code TEXT,
	old_code TEXT,
	old_name TEXT,
	whole BIGINT NOT NULL DEFAULT 0,
	_sort BLOB
);
CREATE TABLE admin_unit (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	code TEXT,
	name TEXT,
	full_name TEXT,
	level TEXT NOT NULL DEFAULT 'province',
	parent_code TEXT,
	province_code TEXT,
	since BIGINT,
	until BIGINT,
	_fold TEXT,
	_sort BLOB
);
CREATE TABLE api_token (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	account BIGINT REFERENCES account (id),
	label TEXT,
	prefix TEXT,
	digest TEXT,
	until BIGINT,
	_fold TEXT,
	_sort BLOB
);
CREATE TABLE audit (
	org BIGINT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL, user_id BIGINT NOT NULL, impersonator BIGINT NOT NULL,
	entity TEXT NOT NULL, item BIGINT NOT NULL, verb TEXT NOT NULL, detail TEXT NOT NULL, reason TEXT NOT NULL,
	hash BLOB NOT NULL, PRIMARY KEY (org, seq));
INSERT INTO "audit" VALUES(0,1,1795321026798,0,0,'account',244250324107520,'create','{"login":"quantri","name":"Quản Trị","state":"active"}','khue user add',X'53BAFACA04350A9577670D195A69886DE4547D2C91F3CD02242A9A2BC843EB78');
INSERT INTO "audit" VALUES(0,2,1795321026798,0,0,'seat',244250324107521,'create','{"account":244250324107520,"role":"operator","since":"2026-11-22"}','khue user add',X'462401FF939BD0552CCACFAE8D57B9CF1E2650A9F38FC184FDDFB27FD8BC9B3B');
INSERT INTO "audit" VALUES(0,3,1795321026798,0,0,'account',244250324107520,'reset','{"":""}','khue user add',X'9C18311FDF171DFF34862A5C1394159B416B9865D6A5B4F05F1C53BDD754C652');
INSERT INTO "audit" VALUES(0,4,1795321026900,0,0,'account',244250324566528,'create','{"login":"nguyen.van.a","name":"Nguyễn Văn Ạ","state":"active"}','khue user add',X'BF86B8D6ABD2E4D8E253E33AB61E1B5482CE7251F2FABFFF0E01ADF5BD6066CD');
INSERT INTO "audit" VALUES(0,5,1795321026900,0,0,'account',244250324566528,'reset','{"":""}','khue user add',X'337D086405B5EF58C0EA1CE5F6458ADFCF4F485D9BAF1D66C7BE51B0E828AF53');
CREATE TABLE audit_head (org INTEGER PRIMARY KEY, seq BIGINT NOT NULL, hash BLOB NOT NULL);
INSERT INTO "audit_head" VALUES(0,5,X'337D086405B5EF58C0EA1CE5F6458ADFCF4F485D9BAF1D66C7BE51B0E828AF53');
CREATE TABLE audit_mark (org INTEGER PRIMARY KEY, seq BIGINT NOT NULL);
CREATE TABLE comment (
	id INTEGER PRIMARY KEY, org BIGINT NOT NULL, entity TEXT NOT NULL, item BIGINT NOT NULL,
	made_by BIGINT NOT NULL, author TEXT NOT NULL, made BIGINT NOT NULL, text TEXT NOT NULL);
CREATE TABLE consent (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	subject BIGINT REFERENCES person (id),
	given_by BIGINT REFERENCES person (id),
	purpose TEXT NOT NULL DEFAULT 'photo',
	child_agrees BIGINT NOT NULL DEFAULT 0,
	given BIGINT,
	withdrawn BIGINT,
	how TEXT
);
CREATE TABLE credential (
	account INTEGER PRIMARY KEY, org BIGINT NOT NULL,
	hash TEXT, changed BIGINT, must_change BIGINT NOT NULL, code_until BIGINT,
	totp TEXT, totp_step BIGINT NOT NULL, last_login BIGINT);
INSERT INTO "credential" VALUES(244250324107520,0,'$argon2id$v=19$m=19456,t=2,p=1$dvObeMZ0GnPEzb/ezzg3Xw$ltU2Qkl/tnqqsqm+op0NhLARGPFTlWMBagGB1koo1ig',1795321026798,1,1795580226798,NULL,0,NULL);
INSERT INTO "credential" VALUES(244250324566528,0,'$argon2id$v=19$m=19456,t=2,p=1$fFoyFZbQnxOMjQonor3VEQ$FA/z+CvXvySiXwvv4FaMa1dAVGxsna+CN43vr1LaD5Y',1795321026900,1,1795580226900,NULL,0,NULL);
CREATE TABLE delegation (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	seat BIGINT REFERENCES seat (id),
	lender BIGINT REFERENCES account (id),
	borrower BIGINT REFERENCES account (id),
	person BIGINT REFERENCES person (id),
	since BIGINT,
	until BIGINT,
	reason TEXT
);
CREATE TABLE enrolment (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	pupil BIGINT REFERENCES person (id),
	class BIGINT REFERENCES school_class (id),
	year BIGINT REFERENCES school_year (id),
	number BIGINT NOT NULL DEFAULT 0,
	since BIGINT,
	until BIGINT,
	kind TEXT NOT NULL DEFAULT 'new',
	state TEXT NOT NULL DEFAULT 'studying',
	note TEXT
);
CREATE TABLE exam (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	code TEXT,
	name TEXT,
	year BIGINT NOT NULL DEFAULT 0,
	kind TEXT NOT NULL DEFAULT 'graduation',
	organiser BIGINT REFERENCES org (id),
	by TEXT,
	state TEXT NOT NULL DEFAULT 'draft',
	published BIGINT,
	candidates BIGINT NOT NULL DEFAULT 0,
	root TEXT,
	_fold TEXT,
	_sort BLOB
);
CREATE TABLE facility (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	name TEXT,
	building TEXT,
	kind TEXT NOT NULL DEFAULT 'class',
	area_dm2 BIGINT NOT NULL DEFAULT 0,
	seats BIGINT NOT NULL DEFAULT 0,
	computers BIGINT NOT NULL DEFAULT 0,
	networked BIGINT NOT NULL DEFAULT 0,
	link TEXT NOT NULL DEFAULT 'none',
	speed_mbps BIGINT NOT NULL DEFAULT 0,
	dual_use BIGINT NOT NULL DEFAULT 0,
	condition TEXT NOT NULL DEFAULT 'solid',
	since BIGINT,
	_fold TEXT,
	_sort BLOB
);
CREATE TABLE file (
	id INTEGER PRIMARY KEY,
	org BIGINT NOT NULL,
	made_by BIGINT NOT NULL,
	made BIGINT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	size BIGINT NOT NULL,
	scan TEXT NOT NULL,
	until BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE file_on (
	file BIGINT NOT NULL,
	entity TEXT NOT NULL,
	row BIGINT NOT NULL,
	PRIMARY KEY (entity, row, file)
);
CREATE TABLE guardianship (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	pupil BIGINT REFERENCES person (id),
	guardian BIGINT REFERENCES person (id),
	relation TEXT NOT NULL DEFAULT 'father',
	barred BIGINT NOT NULL DEFAULT 0,
	lives_with BIGINT NOT NULL DEFAULT 0,
	contact_first BIGINT NOT NULL DEFAULT 0,
	note TEXT
);
CREATE TABLE import_edit (
	import BIGINT NOT NULL,
	line BIGINT NOT NULL,
	field TEXT NOT NULL,
	value TEXT,
	PRIMARY KEY (import, line, field)
);
CREATE TABLE import_line (
	import BIGINT NOT NULL,
	line BIGINT NOT NULL,
	what TEXT NOT NULL,
	title TEXT,
	detail TEXT,
	PRIMARY KEY (import, line)
);
CREATE TABLE import_memory (
	org BIGINT NOT NULL,
	entity TEXT NOT NULL,
	heading TEXT NOT NULL,
	field TEXT NOT NULL,
	PRIMARY KEY (org, entity, heading)
);
CREATE TABLE import_row (
	import BIGINT NOT NULL,
	row BIGINT NOT NULL,
	rev BIGINT NOT NULL,
	old TEXT,
	PRIMARY KEY (import, row)
);
CREATE TABLE imported (
	id INTEGER PRIMARY KEY,
	org BIGINT NOT NULL,
	made_by BIGINT NOT NULL,
	made BIGINT NOT NULL,
	entity TEXT NOT NULL,
	file BIGINT NOT NULL,
	name TEXT NOT NULL,
	sheet BIGINT NOT NULL DEFAULT 0,
	heading BIGINT NOT NULL DEFAULT 0,
	headings BIGINT NOT NULL DEFAULT 1,
	encoding BIGINT NOT NULL DEFAULT 0,
	mapping TEXT,
	state TEXT NOT NULL,
	whole BIGINT NOT NULL DEFAULT 0,
	n_new BIGINT NOT NULL DEFAULT 0,
	n_changed BIGINT NOT NULL DEFAULT 0,
	n_same BIGINT NOT NULL DEFAULT 0,
	n_refused BIGINT NOT NULL DEFAULT 0,
	job BIGINT NOT NULL DEFAULT 0,
	errors BIGINT NOT NULL DEFAULT 0,
	applied BIGINT NOT NULL DEFAULT 0,
	undone BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE job (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	org BIGINT NOT NULL,
	made_by BIGINT NOT NULL,
	made BIGINT NOT NULL,
	actor TEXT NOT NULL,
	lang TEXT NOT NULL,
	input TEXT NOT NULL,
	state TEXT NOT NULL,
	tries BIGINT NOT NULL DEFAULT 0,
	due BIGINT NOT NULL,
	lease BIGINT NOT NULL DEFAULT 0,
	cancel BIGINT NOT NULL DEFAULT 0,
	started BIGINT NOT NULL DEFAULT 0,
	ended BIGINT NOT NULL DEFAULT 0,
	done BIGINT NOT NULL DEFAULT 0,
	total BIGINT NOT NULL DEFAULT 0,
	doing TEXT,
	file BIGINT NOT NULL DEFAULT 0,
	note TEXT,
	problem TEXT
);
CREATE TABLE job_clock (
	name TEXT PRIMARY KEY,
	due BIGINT NOT NULL
);
CREATE TABLE move (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	pupil BIGINT REFERENCES person (id),
	to_org BIGINT REFERENCES org (id),
	grade TEXT NOT NULL DEFAULT 'nt',
	reason TEXT NOT NULL DEFAULT 'home',
	from_class BIGINT REFERENCES school_class (id),
	to_class BIGINT REFERENCES school_class (id),
	asked BIGINT,
	wanted BIGINT,
	done BIGINT,
	note TEXT,
	answer TEXT,
	paper BIGINT,
	state TEXT NOT NULL DEFAULT 'asked'
);
CREATE TABLE notice (
	id INTEGER PRIMARY KEY,
	account BIGINT NOT NULL,
	vi TEXT NOT NULL,
	en TEXT NOT NULL,
	link TEXT,
	made BIGINT NOT NULL,
	seen BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE once (
	key TEXT PRIMARY KEY, user_id BIGINT NOT NULL, at BIGINT NOT NULL, input BLOB NOT NULL,
	status BIGINT NOT NULL, go TEXT NOT NULL, said TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE org (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	name TEXT,
	short_name TEXT,
	slug TEXT,
	code TEXT,
	kind TEXT NOT NULL DEFAULT 'ministry',
	ownership TEXT NOT NULL DEFAULT 'public',
	speciality TEXT NOT NULL DEFAULT 'none',
	preschool BIGINT NOT NULL DEFAULT 0,
	primary_ BIGINT NOT NULL DEFAULT 0,
	lower BIGINT NOT NULL DEFAULT 0,
	upper BIGINT NOT NULL DEFAULT 0,
	continuing BIGINT NOT NULL DEFAULT 0,
	parent BIGINT REFERENCES org (id),
	commune BIGINT,
	address TEXT,
	old_address TEXT,
	phone TEXT,
	email TEXT,
	website TEXT,
	head TEXT,
	x BIGINT NOT NULL DEFAULT 0,
	y BIGINT NOT NULL DEFAULT 0,
	since BIGINT,
	until BIGINT,
	boarding BIGINT NOT NULL DEFAULT 0,
	semi_boarding BIGINT NOT NULL DEFAULT 0,
	two_sessions BIGINT NOT NULL DEFAULT 0,
	difficult_area BIGINT NOT NULL DEFAULT 0,
	national_standard BIGINT NOT NULL DEFAULT 0,
	state TEXT NOT NULL DEFAULT 'active',
	_fold TEXT,
	_sort BLOB
);
CREATE TABLE org_below (
	top BIGINT NOT NULL,
	below BIGINT NOT NULL,
	depth BIGINT NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (top, below, since)
);
CREATE TABLE org_change (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	kind TEXT NOT NULL DEFAULT 'merge',
	subject BIGINT REFERENCES org (id),
	target BIGINT REFERENCES org (id),
	new_name TEXT,
	decision TEXT,
	decided BIGINT,
	effective BIGINT,
	note TEXT,
	applied BIGINT,
	state TEXT NOT NULL DEFAULT 'draft',
	_fold TEXT
);
CREATE TABLE org_change_part (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	change BIGINT REFERENCES org_change (id),
	part BIGINT REFERENCES org (id),
	new_name TEXT,
	_sort BLOB
);
CREATE TABLE org_link (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	child BIGINT REFERENCES org (id),
	parent BIGINT REFERENCES org (id),
	since BIGINT,
	until BIGINT,
	decision TEXT
);
CREATE TABLE outbox (
	id INTEGER PRIMARY KEY,
	address TEXT NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	made BIGINT NOT NULL,
	due BIGINT NOT NULL,
	tries BIGINT NOT NULL DEFAULT 0,
	sent BIGINT NOT NULL DEFAULT 0,
	problem TEXT
);
CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	self BIGINT REFERENCES person (id),
	name TEXT,
	born BIGINT,
	sex TEXT NOT NULL DEFAULT 'unknown',
	national_id TEXT,
	sector_id TEXT,
	ethnicity TEXT NOT NULL DEFAULT '00',
	religion TEXT NOT NULL DEFAULT 'unknown',
	nationality TEXT NOT NULL DEFAULT 'VN',
	birthplace TEXT,
	native_place TEXT,
	commune BIGINT REFERENCES admin_unit (id),
	address TEXT,
	old_address TEXT,
	phone TEXT,
	email TEXT,
	pupil BIGINT NOT NULL DEFAULT 0,
	staff BIGINT NOT NULL DEFAULT 0,
	guardian BIGINT NOT NULL DEFAULT 0,
	disability TEXT NOT NULL DEFAULT 'none',
	policy TEXT NOT NULL DEFAULT 'none',
	post TEXT NOT NULL DEFAULT 'none',
	subject TEXT,
	joined BIGINT,
	note TEXT,
	photo BIGINT,
	_fold TEXT,
	_sort BLOB
);
CREATE TABLE person_merge (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	kept BIGINT REFERENCES person (id),
	dropped BIGINT REFERENCES person (id),
	moved TEXT,
	undone BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE person_pair (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	a BIGINT REFERENCES person (id),
	b BIGINT REFERENCES person (id),
	score BIGINT NOT NULL DEFAULT 0,
	why TEXT,
	state TEXT NOT NULL DEFAULT 'open'
);
CREATE TABLE recovery (account BIGINT NOT NULL, org BIGINT NOT NULL, digest TEXT NOT NULL, used BIGINT, PRIMARY KEY (account, digest));
CREATE TABLE roll (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	held BIGINT,
	session TEXT NOT NULL DEFAULT 'morning',
	caller BIGINT REFERENCES person (id),
	present BIGINT NOT NULL DEFAULT 0,
	absent BIGINT NOT NULL DEFAULT 0,
	late BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE schema_version (module TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, done BIGINT NOT NULL, PRIMARY KEY (module, number));
INSERT INTO "schema_version" VALUES('core',1,'data','7d2c7428915abd63c3b082037acbd9ab9d4efc109cc1e8574ccdb13eee68e3bb',1795320952548);
INSERT INTO "schema_version" VALUES('core',2,'work','33b9afc377721b97efb6c18005da07fe1167350638ea43ac6b9310885e8d21c4',1795320952548);
INSERT INTO "schema_version" VALUES('core',3,'search','f41c0060bf8e9006c334ded53dc0e0f35c2ec4044bee06a5996abfa3ec43ab7c',1795320952548);
INSERT INTO "schema_version" VALUES('core',4,'checkpoint','cfea5f73e6b45024a92d1e56100721021ad20dec614e5e76822a898def3d5641',1795320952548);
INSERT INTO "schema_version" VALUES('org',1,'org','bf33b4e64d0dc24975fa0e9559e9048d499b3bb58c180af26ffdd185b1123155',1795320952548);
INSERT INTO "schema_version" VALUES('people',1,'people','0ac1f1f8bf4390b83d8e4fb7487e89f45bfe717cd55d8d9dd4fb532a02d72b37',1795320952548);
INSERT INTO "schema_version" VALUES('school',1,'school','6eff8a48b4ba6f035494252abcfcd73c4a534a30d7a25fa2acc3d714ccc539df',1795320952548);
INSERT INTO "schema_version" VALUES('auth',1,'accounts','fcc01ed59e9e7d83a3c9d1affb14db582fba7e7626a0dfbb82b2c9ade2e9fed0',1795320952548);
INSERT INTO "schema_version" VALUES('auth',2,'proof','fe69169d8a9ae6f29fb9719a0179d2d8076be894388f05bc5e5f47809ac95356',1795320952548);
INSERT INTO "schema_version" VALUES('results',1,'exam','efaae7d677e2ed2fcb564072f678f69a1cb0173b336e51d1d4e2920b11c26082',1795320952548);
CREATE TABLE school_class (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	year BIGINT REFERENCES school_year (id),
	name TEXT,
	grade TEXT NOT NULL DEFAULT 'nt',
	session TEXT NOT NULL DEFAULT 'morning',
	form_teacher BIGINT REFERENCES person (id),
	room BIGINT REFERENCES facility (id),
	most BIGINT NOT NULL DEFAULT 0,
	size BIGINT NOT NULL DEFAULT 0,
	note TEXT,
	_fold TEXT,
	_sort BLOB
);
CREATE TABLE school_year (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	code TEXT,
	year BIGINT NOT NULL DEFAULT 0,
	since BIGINT,
	until BIGINT,
	_fold TEXT
);
CREATE TABLE search (
	org BIGINT NOT NULL, key BLOB NOT NULL, entity TEXT NOT NULL, item BIGINT NOT NULL,
	PRIMARY KEY (org, key, entity, item));
INSERT INTO "search" VALUES(0,X'7175616E747269','account',244250324107520);
INSERT INTO "search" VALUES(0,X'7175616E20747269','account',244250324107520);
INSERT INTO "search" VALUES(0,X'747269','account',244250324107520);
INSERT INTO "search" VALUES(0,X'7174','account',244250324107520);
INSERT INTO "search" VALUES(0,X'6E677579656E2E76616E2E61','account',244250324566528);
INSERT INTO "search" VALUES(0,X'6E677579656E2076616E2061','account',244250324566528);
INSERT INTO "search" VALUES(0,X'76616E2061','account',244250324566528);
INSERT INTO "search" VALUES(0,X'61','account',244250324566528);
INSERT INTO "search" VALUES(0,X'6E7661','account',244250324566528);
CREATE TABLE seat (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	account BIGINT REFERENCES account (id),
	person BIGINT REFERENCES person (id),
	role TEXT NOT NULL DEFAULT 'pupil',
	since BIGINT,
	until BIGINT,
	note TEXT
);
INSERT INTO "seat" VALUES(244250324107521,1,0,0,1795321026798,1795321026798,0,244250324107520,NULL,'operator',20779,NULL,NULL);
CREATE TABLE seen (
	id INTEGER PRIMARY KEY, at BIGINT NOT NULL, user_id BIGINT NOT NULL, impersonator BIGINT NOT NULL, session BIGINT NOT NULL,
	org BIGINT NOT NULL, entity TEXT NOT NULL, item BIGINT NOT NULL, verb TEXT NOT NULL, n BIGINT NOT NULL, items TEXT NOT NULL);
CREATE TABLE series (name TEXT PRIMARY KEY, last BIGINT NOT NULL);
INSERT INTO "series" VALUES('worker',2);
CREATE TABLE session (
	id INTEGER PRIMARY KEY, org BIGINT NOT NULL, account BIGINT NOT NULL, digest TEXT NOT NULL,
	made BIGINT NOT NULL, seen BIGINT NOT NULL, ends BIGINT NOT NULL, idle BIGINT NOT NULL,
	mfa BIGINT NOT NULL, must BIGINT NOT NULL, impersonator BIGINT, parent BIGINT, reason TEXT, agent TEXT, address TEXT, gone BIGINT NOT NULL);
CREATE TABLE setting (
	org BIGINT NOT NULL,
	module TEXT NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	changed BIGINT NOT NULL,
	changed_by BIGINT NOT NULL,
	PRIMARY KEY (org, module, name)
);
CREATE TABLE subject (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	code TEXT,
	name TEXT,
	comment_only BIGINT NOT NULL DEFAULT 0,
	g1 BIGINT NOT NULL DEFAULT 0,
	g2 BIGINT NOT NULL DEFAULT 0,
	g3 BIGINT NOT NULL DEFAULT 0,
	g4 BIGINT NOT NULL DEFAULT 0,
	g5 BIGINT NOT NULL DEFAULT 0,
	g6 BIGINT NOT NULL DEFAULT 0,
	g7 BIGINT NOT NULL DEFAULT 0,
	g8 BIGINT NOT NULL DEFAULT 0,
	g9 BIGINT NOT NULL DEFAULT 0,
	g10 BIGINT NOT NULL DEFAULT 0,
	g11 BIGINT NOT NULL DEFAULT 0,
	g12 BIGINT NOT NULL DEFAULT 0,
	_fold TEXT,
	_sort BLOB
);
CREATE TABLE teaching (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	teacher BIGINT REFERENCES person (id),
	subject BIGINT REFERENCES subject (id),
	form BIGINT NOT NULL DEFAULT 0,
	lessons BIGINT NOT NULL DEFAULT 0,
	since BIGINT,
	until BIGINT
);
CREATE TABLE term (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	year BIGINT REFERENCES school_year (id),
	code TEXT,
	name TEXT,
	since BIGINT,
	until BIGINT
);
CREATE TABLE throttle (key TEXT PRIMARY KEY, failures BIGINT NOT NULL, since BIGINT NOT NULL, until BIGINT NOT NULL);
CREATE TABLE unit_border (
	id INTEGER PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	unit BIGINT REFERENCES admin_unit (id),
	ring TEXT
);
CREATE INDEX audit_item_idx ON audit (entity, item, at);
CREATE INDEX audit_user_idx ON audit (user_id, at);
CREATE INDEX once_at_idx ON once (at);
CREATE INDEX seen_item_idx ON seen (entity, item, at);
CREATE INDEX seen_user_idx ON seen (user_id, at);
CREATE INDEX file_sha256_idx ON file (sha256);
CREATE INDEX file_scan_idx ON file (scan);
CREATE INDEX file_until_idx ON file (until);
CREATE INDEX file_on_file_idx ON file_on (file);
CREATE INDEX job_due_idx ON job (state, due);
CREATE INDEX job_made_by_idx ON job (made_by, made);
CREATE INDEX notice_account_idx ON notice (account, seen, made);
CREATE INDEX outbox_due_idx ON outbox (sent, due);
CREATE INDEX imported_made_by_idx ON imported (made_by, made);
CREATE INDEX import_line_what_idx ON import_line (import, what, line);
CREATE INDEX comment_item_idx ON comment (entity, item, id);
CREATE UNIQUE INDEX org_u0 ON org (slug) WHERE gone = 0;
CREATE UNIQUE INDEX org_u1 ON org (code) WHERE gone = 0;
CREATE INDEX org_org_gone_sort_id_idx ON org (org, gone, _sort, id);
CREATE INDEX org_gone_sort_id_idx ON org (gone, _sort, id);
CREATE INDEX org_parent_idx ON org (parent);
CREATE INDEX org_commune_idx ON org (commune);
CREATE UNIQUE INDEX org_link_u0 ON org_link (org, child, since) WHERE gone = 0;
CREATE INDEX org_link_org_gone_since_id_idx ON org_link (org, gone, since, id);
CREATE INDEX org_link_gone_since_id_idx ON org_link (gone, since, id);
CREATE INDEX org_link_child_idx ON org_link (child);
CREATE INDEX org_link_parent_idx ON org_link (parent);
CREATE INDEX org_change_org_gone_effective_id_idx ON org_change (org, gone, effective, id);
CREATE INDEX org_change_gone_effective_id_idx ON org_change (gone, effective, id);
CREATE INDEX org_change_subject_idx ON org_change (subject);
CREATE INDEX org_change_target_idx ON org_change (target);
CREATE INDEX org_change_effective_idx ON org_change (effective);
CREATE INDEX org_change_part_org_gone_sort_id_idx ON org_change_part (org, gone, _sort, id);
CREATE INDEX org_change_part_gone_sort_id_idx ON org_change_part (gone, _sort, id);
CREATE INDEX org_change_part_change_idx ON org_change_part (change);
CREATE INDEX org_change_part_part_idx ON org_change_part (part);
CREATE UNIQUE INDEX admin_unit_u0 ON admin_unit (level, code, since) WHERE gone = 0;
CREATE INDEX admin_unit_org_gone_sort_id_idx ON admin_unit (org, gone, _sort, id);
CREATE INDEX admin_unit_gone_sort_id_idx ON admin_unit (gone, _sort, id);
CREATE INDEX admin_unit_code_idx ON admin_unit (code);
CREATE INDEX admin_unit_parent_code_idx ON admin_unit (parent_code);
CREATE INDEX admin_unit_province_code_idx ON admin_unit (province_code);
CREATE INDEX admin_unit_until_idx ON admin_unit (until);
CREATE UNIQUE INDEX admin_map_u0 ON admin_map (new_code, old_code) WHERE gone = 0;
CREATE INDEX admin_map_org_gone_sort_id_idx ON admin_map (org, gone, _sort, id);
CREATE INDEX admin_map_gone_sort_id_idx ON admin_map (gone, _sort, id);
CREATE INDEX admin_map_new_code_idx ON admin_map (new_code);
CREATE INDEX admin_map_old_code_idx ON admin_map (old_code);
CREATE UNIQUE INDEX facility_u0 ON facility (org, building, name) WHERE gone = 0;
CREATE INDEX facility_org_gone_sort_id_idx ON facility (org, gone, _sort, id);
CREATE INDEX facility_gone_sort_id_idx ON facility (gone, _sort, id);
CREATE INDEX facility_building_idx ON facility (building);
CREATE UNIQUE INDEX unit_border_u0 ON unit_border (unit) WHERE gone = 0;
CREATE INDEX unit_border_org_gone_unit_id_idx ON unit_border (org, gone, unit, id);
CREATE INDEX unit_border_gone_unit_id_idx ON unit_border (gone, unit, id);
CREATE INDEX unit_border_unit_idx ON unit_border (unit);
CREATE INDEX org_below_below_idx ON org_below (below, top);
CREATE UNIQUE INDEX person_u0 ON person (national_id) WHERE gone = 0;
CREATE UNIQUE INDEX person_u1 ON person (sector_id) WHERE gone = 0;
CREATE INDEX person_org_gone_sort_id_idx ON person (org, gone, _sort, id);
CREATE INDEX person_gone_sort_id_idx ON person (gone, _sort, id);
CREATE INDEX person_self_idx ON person (self);
CREATE INDEX person_born_idx ON person (born);
CREATE INDEX person_commune_idx ON person (commune);
CREATE INDEX person_subject_idx ON person (subject);
CREATE UNIQUE INDEX guardianship_u0 ON guardianship (org, pupil, guardian) WHERE gone = 0;
CREATE INDEX guardianship_org_gone_relation_id_idx ON guardianship (org, gone, relation, id);
CREATE INDEX guardianship_gone_relation_id_idx ON guardianship (gone, relation, id);
CREATE INDEX guardianship_pupil_idx ON guardianship (pupil);
CREATE INDEX guardianship_guardian_idx ON guardianship (guardian);
CREATE INDEX consent_org_gone_given_id_idx ON consent (org, gone, given, id);
CREATE INDEX consent_gone_given_id_idx ON consent (gone, given, id);
CREATE INDEX consent_subject_idx ON consent (subject);
CREATE INDEX consent_given_by_idx ON consent (given_by);
CREATE UNIQUE INDEX person_pair_u0 ON person_pair (org, a, b) WHERE gone = 0;
CREATE INDEX person_pair_org_gone_score_id_idx ON person_pair (org, gone, score, id);
CREATE INDEX person_pair_gone_score_id_idx ON person_pair (gone, score, id);
CREATE INDEX person_pair_a_idx ON person_pair (a);
CREATE INDEX person_pair_b_idx ON person_pair (b);
CREATE INDEX person_merge_org_gone_made_id_idx ON person_merge (org, gone, made, id);
CREATE INDEX person_merge_gone_made_id_idx ON person_merge (gone, made, id);
CREATE INDEX person_merge_kept_idx ON person_merge (kept);
CREATE INDEX person_merge_dropped_idx ON person_merge (dropped);
CREATE INDEX person_look_alike_idx ON person (name, born);
CREATE UNIQUE INDEX school_year_u0 ON school_year (code) WHERE gone = 0;
CREATE INDEX school_year_org_gone_year_id_idx ON school_year (org, gone, year, id);
CREATE INDEX school_year_gone_year_id_idx ON school_year (gone, year, id);
CREATE UNIQUE INDEX term_u0 ON term (year, code) WHERE gone = 0;
CREATE INDEX term_org_gone_since_id_idx ON term (org, gone, since, id);
CREATE INDEX term_gone_since_id_idx ON term (gone, since, id);
CREATE INDEX term_year_idx ON term (year);
CREATE UNIQUE INDEX subject_u0 ON subject (code) WHERE gone = 0;
CREATE INDEX subject_org_gone_sort_id_idx ON subject (org, gone, _sort, id);
CREATE INDEX subject_gone_sort_id_idx ON subject (gone, _sort, id);
CREATE UNIQUE INDEX school_class_u0 ON school_class (org, year, name) WHERE gone = 0;
CREATE INDEX school_class_org_gone_sort_id_idx ON school_class (org, gone, _sort, id);
CREATE INDEX school_class_gone_sort_id_idx ON school_class (gone, _sort, id);
CREATE INDEX school_class_year_idx ON school_class (year);
CREATE INDEX school_class_form_teacher_idx ON school_class (form_teacher);
CREATE INDEX school_class_room_idx ON school_class (room);
CREATE INDEX enrolment_org_gone_since_id_idx ON enrolment (org, gone, since, id);
CREATE INDEX enrolment_gone_since_id_idx ON enrolment (gone, since, id);
CREATE INDEX enrolment_pupil_idx ON enrolment (pupil);
CREATE INDEX enrolment_class_idx ON enrolment (class);
CREATE INDEX enrolment_year_idx ON enrolment (year);
CREATE INDEX teaching_org_gone_since_id_idx ON teaching (org, gone, since, id);
CREATE INDEX teaching_gone_since_id_idx ON teaching (gone, since, id);
CREATE INDEX teaching_class_idx ON teaching (class);
CREATE INDEX teaching_teacher_idx ON teaching (teacher);
CREATE INDEX teaching_subject_idx ON teaching (subject);
CREATE INDEX move_org_gone_asked_id_idx ON move (org, gone, asked, id);
CREATE INDEX move_gone_asked_id_idx ON move (gone, asked, id);
CREATE INDEX move_pupil_idx ON move (pupil);
CREATE INDEX move_to_org_idx ON move (to_org);
CREATE INDEX move_from_class_idx ON move (from_class);
CREATE INDEX move_to_class_idx ON move (to_class);
CREATE INDEX move_asked_idx ON move (asked);
CREATE UNIQUE INDEX roll_u0 ON roll (org, class, held, session) WHERE gone = 0;
CREATE INDEX roll_org_gone_held_id_idx ON roll (org, gone, held, id);
CREATE INDEX roll_gone_held_id_idx ON roll (gone, held, id);
CREATE INDEX roll_class_idx ON roll (class);
CREATE INDEX roll_held_idx ON roll (held);
CREATE INDEX roll_caller_idx ON roll (caller);
CREATE UNIQUE INDEX absence_u0 ON absence (org, pupil, held, session) WHERE gone = 0;
CREATE INDEX absence_org_gone_held_id_idx ON absence (org, gone, held, id);
CREATE INDEX absence_gone_held_id_idx ON absence (gone, held, id);
CREATE INDEX absence_class_idx ON absence (class);
CREATE INDEX absence_pupil_idx ON absence (pupil);
CREATE INDEX absence_held_idx ON absence (held);
CREATE INDEX enrolment_open_idx ON enrolment (class, until, pupil);
CREATE INDEX teaching_scope_idx ON teaching (teacher, until, class);
CREATE UNIQUE INDEX account_u0 ON account (login) WHERE gone = 0;
CREATE INDEX account_org_gone_sort_id_idx ON account (org, gone, _sort, id);
CREATE INDEX account_gone_sort_id_idx ON account (gone, _sort, id);
CREATE INDEX account_person_idx ON account (person);
CREATE INDEX seat_org_gone_since_id_idx ON seat (org, gone, since, id);
CREATE INDEX seat_gone_since_id_idx ON seat (gone, since, id);
CREATE INDEX seat_account_idx ON seat (account);
CREATE INDEX seat_person_idx ON seat (person);
CREATE INDEX seat_until_idx ON seat (until);
CREATE INDEX delegation_org_gone_since_id_idx ON delegation (org, gone, since, id);
CREATE INDEX delegation_gone_since_id_idx ON delegation (gone, since, id);
CREATE INDEX delegation_seat_idx ON delegation (seat);
CREATE INDEX delegation_lender_idx ON delegation (lender);
CREATE INDEX delegation_borrower_idx ON delegation (borrower);
CREATE INDEX delegation_person_idx ON delegation (person);
CREATE INDEX delegation_until_idx ON delegation (until);
CREATE INDEX api_token_org_gone_sort_id_idx ON api_token (org, gone, _sort, id);
CREATE INDEX api_token_gone_sort_id_idx ON api_token (gone, _sort, id);
CREATE INDEX api_token_account_idx ON api_token (account);
CREATE INDEX api_token_until_idx ON api_token (until);
CREATE UNIQUE INDEX session_digest ON session (digest);
CREATE INDEX session_account ON session (account, gone);
CREATE INDEX session_ends ON session (ends);
CREATE UNIQUE INDEX api_token_digest ON api_token (digest);
CREATE UNIQUE INDEX exam_u0 ON exam (code) WHERE gone = 0;
CREATE INDEX exam_org_gone_sort_id_idx ON exam (org, gone, _sort, id);
CREATE INDEX exam_gone_sort_id_idx ON exam (gone, _sort, id);
CREATE INDEX exam_year_idx ON exam (year);
CREATE INDEX exam_organiser_idx ON exam (organiser);
COMMIT;
