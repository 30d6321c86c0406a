/* results_test.c -- from a file of marks to the public page, on both engines: import, publish, look up, compare,
 * withdraw. */
#include "base/hash.h"
#include "base/log.h"
#include "core/dispatch.h"
#include "core/job.h"
#include "core/migrate.h"
#include "mod/results/commands.h"
#include "mod/results/folder.h"
#include "mod/results/stats.h"
#include "web/body.h"
#include "engines.h"

static const struct module *const modules[] = { &mod_org, &mod_results, NULL };

struct desk { struct app app; struct arena mem, one; struct ctx c; char dir[64]; void *slots[3]; uint64_t seed;
	struct reply p; };

static instant fixed_clock(void *arg)
{
	return (instant){ INT64_C(1793500000123) };
}

static void fixed_random(void *arg, void *p, size_t n)
{
	struct desk *w = arg;

	for (size_t i = 0; i < n; i++)
		((unsigned char *)p)[i] = (unsigned char)next_number(&w->seed);
}

static struct ctx *again(struct desk *w)
{
	arena_reset(&w->one);
	ctx_start(&w->c, &w->app, &w->one);
	w->c.lang = EN;
	as_system(&w->c, "test");
	return &w->c;
}

static struct desk *desk_open(void **state)
{
	struct desk *w = calloc(1, sizeof *w);
	const struct migration *list;
	char why[256] = "";
	int n;

	w->seed = 11;
	strcpy(w->dir, "/tmp/khue-results.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	arena_init(&w->mem, 64 << 20);
	arena_init(&w->one, 256 << 20);
	w->app = (struct app){ .modules = modules, .db = engine_db(state), .data = w->dir, .clock = fixed_clock,
		.random = fixed_random, .arg = w,
		.kept = w->slots, .test = true };
	w->app.registry = registry_new(modules, why);
	assert_non_null(w->app.registry);
	n = migrations_embedded(&w->mem, w->app.registry, &list);
	if (migrate_run(w->app.db, &w->mem, list, n, (instant){ 1 }, NULL, NULL, why) != OK)
		fail_msg("%s", why);
	if (!pages_open(&w->app, why))
		fail_msg("%s", why);
	again(w);
	return w;
}

static void desk_close(struct desk *w)
{
	char command[128];

	pages_close(&w->app);
	registry_free(w->app.registry);
	arena_free(&w->one);
	arena_free(&w->mem);
	free(w->slots[1]);
	snprintf(command, sizeof command, "rm -rf %s", w->dir);
	assert_int_equal(system(command), 0);
	free(w);
}

static const char first[] = "sbd,toan,ngu_van,ngoai_ngu,ma_ngoai_ngu,vat_li\n"
	"01000001,5,6.25,4.4,N1,\n01000002,8.6,7.25,6,N1,8.25\n02000001,0,,,,\n02000002,10,7.25,,,8.25\n02000003,5,5,,,\n";

static enum rc import(struct desk *w, const char *text, const struct results_ask *ask, struct results_told *told)
{
	char path[] = "/tmp/khue-marks.XXXXXX";
	int fd = mkstemp(path);
	enum rc rc;

	unlink(path);
	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && lseek(fd, 0, SEEK_SET) == 0);
	rc = results_import(again(w), fd, ask, told);
	close(fd);
	return rc;
}

static const struct results_ask plain = { .file = S_INIT("/x/diem_thi_thpt_2026.csv") };

static struct exam published(struct desk *w)
{
	struct results_told told;
	struct exam e;

	assert_int_equal(import(w, first, &plain, &told), OK);
	assert_text(told.exam, "thpt-2026");
	assert_int_equal(told.fresh, 5);
	assert_int_equal(results_publish(again(w), S("thpt-2026"), S("Sở \"Khuê\""), &e), OK);
	return e;
}

/* Asks as the public does; how many statements reached the database is checked too. */
static int ask_page(struct desk *w, const char *address, const char *accept)
{
	struct request r = { .mem = &w->one, .verb = GET, .remote = S("127.0.0.1"), .id = "1" };
	struct pair headers[2] = { { S("accept"), str_of(accept) }, { S("accept-language"), S("en") } };
	struct pairs all = { 0 };
	uint64_t before;

	arena_reset(&w->one);
	w->p = (struct reply){ .fd = -1 };
	r.headers = headers;
	r.n_headers = 2;
	str_cut(str_of(address), '?', &r.path, &r.query);
	assert_int_equal(form_read(&w->one, r.query, &all), 0);
	r.params = all.p;
	r.n_params = all.n;
	before = db_count(w->app.db);
	dispatch(&w->app, &r, &w->p);
	assert_int_equal(db_count(w->app.db) - before, 0);
	return w->p.status;
}

static str body(const struct desk *w)
{
	return w->p.memory.p ? w->p.memory : buf_str(&w->p.body);
}

#define assert_has(w, text) do { if (str_find(body(w), str_of(text)) < 0) fail_msg("no \"%s\" in\n%.*s", text, \
	FMT(body(w))); } while (0)

static void marks_become_public(void **state)
{
	struct desk *w = desk_open(state);
	struct exam e = published(w);
	struct proof_told told;

	assert_int_equal(e.state, EXAM_PUBLISHED);
	assert_int_equal(e.candidates, 5);
	assert_int_equal(e.published.v, INT64_C(1793500000000));
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "application/json"), 200);
	assert_has(w,
		"{\"exam\":\"thpt-2026\",\"candidate\":\"01000002\",\"marks\":{\"toan\":8.6,\"ngu_van\":7.25,\"ngoai_ngu\":6,\"vat_li\":8.25},"
		"\"foreign_language\":\"N1\",\"published\":\"2026-11-01T");
	assert_int_equal(proof_check(&w->mem, body(w), NULL, &told), PROOF_GOOD);
	assert_text(told.issue.by, "Sở \"Khuê\"");
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "text/html"), 200);
	assert_has(w, "Mathematics");
	assert_has(w, "Above 60% of the candidates");
	assert_has(w, "Sở &quot;Khuê&quot;");
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/02000001", "text/html"), 200);
	assert_has(w, "diem-kem");
	desk_close(w);
}

static void what_is_not_there_is_kindly_told(void **state)
{
	struct desk *w = desk_open(state);

	assert_int_equal(ask_page(w, "/tra-cuu", "text/html"), 200);
	assert_has(w, "No results are published yet");
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "text/html"), 404);
	published(w);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/99999999", "text/html"), 404);
	assert_has(w, "No candidate 99999999");
	assert_has(w, "admission card");
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/99999999", "application/json"), 404);
	assert_has(w, "\"status\":404");
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/%3Cscript%3E", "text/html"), 404);
	assert_int_equal(ask_page(w, "/tra-cuu/..", "text/html"), 404);
	assert_int_equal(ask_page(w, "/tra-cuu/keys/results", "application/json"), 404);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/pho-diem/hoa_hoc", "text/html"), 404);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/pho-diem/toan?tinh=77", "text/html"), 404);
	desk_close(w);
}

static void every_public_page_opens(void **state)
{
	static const char *const pages[][2] = { { "/tra-cuu", "thpt-2026" }, { "/tra-cuu/thpt-2026", "Mathematics" },
		{ "/tra-cuu/thpt-2026?sbd=!", "is not a candidate number" }, { "/tra-cuu/thpt-2026/pho-diem", "<svg" },
		{ "/tra-cuu/thpt-2026/pho-diem/toan", "Hà Nội" }, { "/tra-cuu/thpt-2026/pho-diem/toan?tinh=01",
			"All provinces" },
		{ "/tra-cuu/thpt-2026/xac-minh", "Ed25519" }, { "/tra-cuu/thpt-2026/xac-minh?sbd=01000002",
			"True: these marks" },
		{ "/tra-cuu/thpt-2026/xac-minh?proof=%7B%7D", "missing or malformed" }, { "/tra-cuu/thpt-2026/01000001/tep",
			"\"signature\"" } };
	struct desk *w = desk_open(state);

	published(w);
	for (ptrdiff_t i = 0; i < COUNT(pages); i++) {
		if (ask_page(w, pages[i][0], "text/html") != 200)
			fail_msg("%s: %d\n%.*s", pages[i][0], w->p.status, FMT(body(w)));
		assert_has(w, pages[i][1]);
		if (ask_page(w, pages[i][0], "application/json") != 200)
			fail_msg("%s as JSON: %d", pages[i][0], w->p.status);
	}
	assert_int_equal(ask_page(w, "/tra-cuu?exam=thpt-2026&sbd=+01000002", "text/html"), 303);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026?sbd=01000002", "text/html"), 303);
	assert_int_equal(ask_page(w, "/tra-cuu?exam=thpt-2026&sbd=%E2%80%AA01000002%E2%80%AC", "text/html"), 303);
	desk_close(w);
}

static void a_second_file_adds_and_corrects(void **state)
{
	struct desk *w = desk_open(state);
	struct results_told told;
	struct exam e;
	struct results_ask ask = plain;

	published(w);
	ask.dry_run = true;
	assert_int_equal(import(w, "sbd;toan\n01000002;9\n03000001;7,5\n", &ask, &told), OK);
	assert_false(draft_exists(&w->c, S("thpt-2026")));
	ask.dry_run = false;
	assert_int_equal(import(w,
		"sbd;toan;ngu_van\n01000002;9;7,25\n02000003;5;5\n03000001;7,5;\nxx!;1;1\n03000002;11;1\n03000001;7,5;\n",
		&ask, &told), OK);
	assert_int_equal(told.fresh, 1);
	assert_int_equal(told.changed, 1);
	assert_int_equal(told.same, 1);
	assert_int_equal(told.refused, 3);
	assert_int_equal(told.faults.n, 3);
	assert_true(told.faults.at[0].line == 5 && told.faults.at[1].line == 6 && told.faults.at[2].line == 7);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "application/json"), 200);
	assert_has(w, "\"toan\":8.6");
	assert_int_equal(results_publish(again(w), S("thpt-2026"), S(""), &e), OK);
	assert_int_equal(e.candidates, 6);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "application/json"), 200);
	assert_has(w, "\"toan\":9,");
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/02000002", "application/json"), 200);
	desk_close(w);
}

static void marks_in_one_cell_are_read(void **state)
{
	static const char table[] = "HO_TEN,NGAY_SINH,SOBAODANH,DIEM_THI\n"
		"A,19/10/1999,11000001,\"Toán:   2.40   Ngữ văn:   6.00   "
		"GDCD:   8.00   KHXH: 5.58   Tiếng Anh:   1.60   \"\n"
		"B,,11000002,Toán: 7.00; Hóa học: 6.75; Tiếng Pháp: 10\nC,,11000003,Toán: 7.00 Thể dục: 9\n"
		"D,,11000004,Toán: 7.00 Toán: 8.00\nE,,11000005,Toán: 7.00 vắng\nF,,11000006,Toán: 12\nG,,11000007,\n";
	static const int64_t refused[] = { 4, 5, 6, 7 };
	struct desk *w = desk_open(state);
	struct results_told told;
	struct mark_set s;

	assert_int_equal(import(w, table, &plain, &told), OK);
	assert_int_equal(told.unread.n, 0);
	assert_int_equal(told.fresh, 3);
	assert_int_equal(told.faults.n, COUNT(refused));
	for (ptrdiff_t i = 0; i < COUNT(refused); i++)
		assert_int_equal(told.faults.at[i].line, refused[i]);
	assert_int_equal(draft_read(&w->c, S("thpt-2026"), &s), OK);
	assert_int_equal(s.n, 3);
	assert_true(s.rows[0].at[subject_named(S("toan"))] == 240 && s.rows[0].at[subject_named(S("khxh"))] == 558 &&
		s.rows[0].at[subject_named(S("ngoai_ngu"))] == 160 && s.rows[0].at[subject_named(S("hoa_hoc"))] == NO_MARK);
	assert_string_equal(language_code(s.rows[0].language), "N1");
	assert_string_equal(language_code(s.rows[1].language), "N3");
	assert_true(s.rows[1].at[subject_named(S("hoa_hoc"))] == 675);
	assert_true(s.rows[1].at[subject_named(S("ngoai_ngu"))] == 1000);
	assert_text(s.groups[s.rows[0].group].name, "11");
	desk_close(w);
}

static void files_without_marks_change_nothing(void **state)
{
	static const char *const bad[] = { "", "a,b\n1,2\n", "sbd,ten\n01,An\n", "toan,van\n5,6\n", "sbd,toan\n!,5\n",
		"\x50\x4b\x03\x04zip" };
	struct desk *w = desk_open(state);
	struct results_ask ask = plain;
	struct results_told told;
	int64_t n;

	for (ptrdiff_t i = 0; i < COUNT(bad); i++) {
		assert_int_not_equal(import(w, bad[i], &ask, &told), OK);
		assert_true(w->c.n_problems == 1);
	}
	ask.exam = S("../../etc");
	assert_int_equal(import(w, first, &ask, &told), E_INVALID);
	assert_int_equal(db_int(w->app.db, "SELECT count(*) FROM exam", NULL, 0, &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(results_publish(again(w), S("thpt-2026"), S("Sở"), &(struct exam){ 0 }), E_MISSING);
	desk_close(w);
}

static void damage_is_not_shown(void **state)
{
	struct desk *w = desk_open(state);
	struct exam e = published(w);
	const char *folder = str_z(&w->mem, str_fmt(&w->mem, "%s/results/thpt-2026", w->dir));
	str shard, manifest;
	char *copy, name[32];

	snprintf(name, sizeof name, "%.16s.khs", e.root.p);
	assert_true(read_file(&w->mem, folder, name, 1 << 20, &shard));
	assert_true(read_file(&w->mem, folder, "manifest.json", 1 << 20, &manifest));
	log_set(LOG_ERROR, open("/dev/null", O_WRONLY | O_CLOEXEC));
	/* one mark changed on disk: whoever maps it anew refuses it */
	copy = str_z(&w->mem, shard);
	copy[shard.n / 2] ^= 1;
	assert_true(replace_file(&w->mem, folder, name, (str){ copy, shard.n }, 0444));
	assert_true(replace_file(&w->mem, folder, "manifest.json", manifest, 0644));
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "text/html"), 500);
	assert_int_equal(ask_page(w, "/tra-cuu", "text/html"), 200);
	/* a manifest that states another time */
	assert_true(replace_file(&w->mem, folder, name, shard, 0444));
	copy = str_z(&w->mem, manifest);
	*strstr(copy, "2026-11-01") = '3';
	assert_true(replace_file(&w->mem, folder, "manifest.json", (str){ copy, manifest.n }, 0644));
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "text/html"), 500);
	assert_true(replace_file(&w->mem, folder, "manifest.json", manifest, 0644));
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "text/html"), 200);
	log_set(LOG_INFO, STDERR_FILENO);
	desk_close(w);
}

static void what_is_withdrawn_is_gone_and_can_return(void **state)
{
	struct desk *w = desk_open(state);
	struct exam e = published(w);
	str root = str_copy(&w->mem, e.root);

	assert_int_equal(results_withdraw(again(w), S("thpt-2026"), S(" ")), E_INVALID);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "text/html"), 200);
	assert_int_equal(results_withdraw(again(w), S("thpt-2026"), S("<b>Nhầm môn</b> Toán")), OK);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "text/html"), 404);
	assert_has(w, "&lt;b&gt;Nhầm môn&lt;/b&gt; Toán");
	assert_has(w, "<h1>The results were withdrawn</h1>");
	assert_int_equal(results_publish(again(w), S("thpt-2026"), S(""), &e), OK);
	assert_true(str_eq(e.root, root) && e.publisher.n && e.reason.n == 0 && e.withdrawn.v == 0);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "text/html"), 200);
	ask_page(w, "/tra-cuu", "text/html");
	assert_true(str_find(body(w), S("Nhầm môn")) < 0);
	desk_close(w);
}

static void the_key_is_kept_private(void **state)
{
	struct desk *w = desk_open(state);
	struct signing a, b;
	char path[128];
	struct stat st;

	assert_int_equal(publishing_key(&w->c, &a), OK);
	assert_int_equal(publishing_key(again(w), &b), OK);
	assert_memory_equal(a.key, b.key, 32);
	snprintf(path, sizeof path, "%s/keys/results.key", w->dir);
	assert_true(stat(path, &st) == 0 && (st.st_mode & 0777) == 0400 && st.st_size == 32);
	assert_int_equal(chmod(path, 0444), 0);
	assert_int_equal(publishing_key(again(w), &b), E_FAULT);
	desk_close(w);
}

/* An officer of the department (1), by a program's token. */
static enum rc officer(struct ctx *c, str session, str bearer, struct actor *ret)
{
	struct seat *seat = NEW(c->mem, struct seat);

	if (!str_is(bearer, "officer") && !str_is(bearer, "stranger"))
		return E_MISSING;
	*seat = (struct seat){ &dept_officer, { str_is(bearer, "officer") ? 1 : 2 }, { 0 }, { 99999 } };
	*ret = (struct actor){ .user = { 150 }, .person = { 950 }, .name = S("Nguyễn Thử"), .seats = seat, .n_seats = 1,
		.session = 150, .mfa = true, .token = true };
	return OK;
}

static int post(struct desk *w, const char *who, const char *address, const char *json)
{
	struct request r = { .mem = &w->one, .verb = POST, .remote = S("127.0.0.1"), .id = "1", .path = str_of(address),
		.type = S("application/json") };
	struct pair headers[3] = { { S("accept"), S("application/json") }, { S("accept-language"), S("en") },
		{ S("authorization"), S("") } };

	arena_reset(&w->one);
	w->p = (struct reply){ .fd = -1 };
	headers[2].value = str_fmt(&w->one, "Bearer %s", who);
	r.headers = headers;
	r.n_headers = 3;
	r.body = str_copy(&w->one, str_of(json));
	dispatch(&w->app, &r, &w->p);
	return w->p.status;
}

static void two_departments(struct desk *w)
{
	w->app.actor_of = officer;
	assert_int_equal(db_script(w->app.db,
		S("INSERT INTO org (id, org, name, slug, kind) VALUES (1, 1, 'So', 'so', 'department');"
		"INSERT INTO org (id, org, name, slug, kind) VALUES (2, 2, 'Khac', 'khac', 'department');"
		"INSERT INTO org_below (top, below, depth, since, until) VALUES (1, 1, 0, 0, 99999);"
		"INSERT INTO org_below (top, below, depth, since, until) VALUES (2, 2, 0, 0, 99999)")), OK);
}

/* From the command line no organiser need be named: the department's officers must see the exam all the same. */
static void an_exam_of_nobody_is_the_departments(void **state)
{
	struct desk *w = desk_open(state);
	const struct results_ask ask = { .exam = S("thpt-2025") }, ask_later = { .exam = S("thpt-2026") };
	struct results_told told;
	int64_t home;

	two_departments(w);
	assert_int_equal(import(w, first, &ask, &told), OK);
	assert_int_equal(db_int(w->app.db, "SELECT org FROM exam WHERE code = 'thpt-2025'", NULL, 0, &home), OK);
	assert_int_equal(home, 0);                       /* of two departments none is guessed */
	assert_int_equal(db_script(w->app.db, S("DELETE FROM org WHERE id = 2")), OK);
	assert_int_equal(import(w, first, &ask_later, &told), OK);
	assert_int_equal(db_int(w->app.db, "SELECT org FROM exam WHERE code = 'thpt-2026'", NULL, 0, &home), OK);
	assert_int_equal(home, 1);
	desk_close(w);
}

/* Of two departments that nothing tells apart the publisher must name one; none signs for another. */
static void of_several_departments_the_publisher_is_named(void **state)
{
	struct desk *w = desk_open(state);
	struct results_told told;
	struct exam e;
	int64_t n;

	two_departments(w);
	assert_int_equal(import(w, first, &plain, &told), OK);
	assert_int_equal(results_publish(again(w), S("thpt-2026"), S(""), &e), E_INVALID);
	assert_int_equal(w->c.n_problems, 1);
	assert_true(str_find(w->c.problems[0].text, S("--by khac (Khac)")) >= 0);
	assert_true(str_find(w->c.problems[0].text, S("--by so (So)")) >= 0);
	assert_int_equal(results_publish(again(w), S("thpt-2026"), S("Sở nào đó"), &e), E_INVALID);
	assert_int_equal(db_int(w->app.db, "SELECT count(*) FROM exam WHERE state <> 'draft' OR org <> 0", NULL, 0,
		&n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(results_publish(again(w), S("thpt-2026"), S("khac"), &e), OK);
	assert_true(e.base.org.v == 2 && e.organiser.v == 2);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "application/json"), 200);
	assert_has(w, "\"Khac\"");
	desk_close(w);
}

/* The first department founded is the installation's own, whatever provinces are brought in beside it. */
static void the_installations_department_publishes(void **state)
{
	struct desk *w = desk_open(state);
	struct results_told told;
	struct exam e;
	struct org o;
	org_id ours = { 0 };

	for (int i = 0; i < 2; i++) {
		row_zero(&org, &o);
		o.kind = ORG_DEPARTMENT;
		o.name = i ? S("Sở A Khác") : S("Sở An Bình");
		assert_int_equal(create(again(w), &org, &o), OK);
		ours.v = i ? ours.v : o.base.id;
	}
	assert_int_equal(import(w, first, &plain, &told), OK);
	assert_int_equal(db_script(w->app.db, S("UPDATE exam SET org = 0")), OK);      /* as an older version left it */
	assert_int_equal(results_publish(again(w), S("thpt-2026"), S(""), &e), OK);
	assert_int_equal(e.base.org.v, ours.v);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "application/json"), 200);
	assert_has(w, "Sở An Bình");
	desk_close(w);
}

static int send_part(struct desk *w, const char *address, struct part part)
{
	struct request r = { .mem = &w->one, .verb = POST, .remote = S("127.0.0.1"), .id = "1", .path = str_of(address),
		.type = S("multipart/form-data"), .parts = &part, .n_parts = 1 };
	struct pair headers[2] = { { S("accept"), S("text/html") }, { S("accept-language"), S("en") } };
	static const str mark = S_INIT("name=\"_csrf\" value=\"");
	struct pair token = { S("_csrf"), S("") };
	str rest;

	assert_int_equal(ask_page(w, address, "text/html"), 200);
	assert_has(w, "name=\"_csrf\"");
	str_cut(str_sub(body(w), str_find(body(w), mark) + mark.n, -1), '"', &token.value, &rest);
	token.value = str_copy(&w->mem, token.value);
	arena_reset(&w->one);
	w->p = (struct reply){ .fd = -1 };
	r.headers = headers;
	r.n_headers = 2;
	r.params = &token;
	r.n_params = 1;
	dispatch(&w->app, &r, &w->p);
	return w->p.status;
}

static int send_file(struct desk *w, const char *address, str bytes)
{
	return send_part(w, address, (struct part){ S("file"), S("ket-qua.json"), S("application/json"), bytes, -1 });
}

/* The file that the page of a result offers is what the page that checks takes. */
static void a_downloaded_result_is_checked(void **state)
{
	static const char check[] = "/tra-cuu/thpt-2026/xac-minh";
	struct desk *w = desk_open(state);
	str file;
	char *changed;

	published(w);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002/tep", "application/json"), 200);
	file = str_copy(&w->mem, body(w));
	assert_int_equal(send_file(w, check, file), 200);
	assert_has(w, "True: these marks");
	changed = str_z(&w->mem, file);
	*strstr(changed, "8.6") = '9';
	assert_int_equal(send_file(w, check, str_of(changed)), 200);
	assert_has(w, "False: ");
	assert_int_equal(send_file(w, check, S("\xff\xfe no text")), 200);
	assert_has(w, "Cannot be read");
	desk_close(w);
}

/* No file, an empty one, one that no request holds in memory: each is refused with words, above the same page. */
static void what_cannot_be_checked_is_said(void **state)
{
	static const char check[] = "/tra-cuu/thpt-2026/xac-minh";
	struct desk *w = desk_open(state);
	char path[] = "/tmp/khue-proof-XXXXXX";
	int fd = mkstemp(path);

	published(w);
	assert_true(fd >= 0 && unlink(path) == 0 && ftruncate(fd, 70000) == 0);
	assert_int_equal(send_part(w, check, (struct part){ S("file"), S(""), S("application/octet-stream"), S(""), -1 }),
		422);
	assert_has(w, "There is nothing to check");
	assert_has(w, "id=\"f-proof\"");
	assert_int_equal(send_file(w, check, S("")), 422);
	assert_has(w, "“ket-qua.json” is empty");
	assert_int_equal(send_part(w, check, (struct part){ S("file"), S("to.json"), S("application/json"), S(""), fd }),
		422);
	assert_has(w, "“to.json” is too large");
	assert_true(str_find(body(w), S("data-cu")) < 0);
	close(fd);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/xac-minh?sbd=01009999", "text/html"), 404);
	assert_has(w, "01009999");
	desk_close(w);
}

/* What the page queues, done: the job as it ended. Nothing is written before it runs. */
static struct job_state import_by_page(struct desk *w, const char *json)
{
	struct job_state s;
	int64_t job;

	if (post(w, "officer", "/nhap-diem-thi", json) != 202)
		fail_msg("%.*s", FMT(body(w)));
	assert_int_equal(db_int(w->app.db, "SELECT id FROM job WHERE state = 'queued'", NULL, 0, &job), OK);
	assert_has(w, "\"job\":");
	assert_int_equal(jobs_run_due(&w->app), 1);
	assert_int_equal(job_read(again(w), job, &s), OK);
	return s;
}

static void an_officer_imports_and_publishes(void **state)
{
	struct desk *w = desk_open(state);
	struct actor actor;
	file_id file;
	struct job_state told;
	char json[200], address[100];
	int64_t id;

	two_departments(w);
	officer(&w->c, S(""), S("officer"), &actor);
	w->c.who = &actor;
	assert_int_equal(file_own(&w->c, (org_id){ 1 }, S("diem_thi_thpt_2026.csv"), S("text/csv"), str_of(first),
		(instant){ 0 },
		stamp_free("a test"), &file),
		OK);
	snprintf(json, sizeof json, "{\"file\": \"%lld\", \"dry_run\": true}", (long long)file.v);
	told = import_by_page(w, json);
	assert_text(told.state, "done");
	assert_text(told.link, "");
	assert_int_equal(db_int(w->app.db, "SELECT count(*) FROM exam", NULL, 0, &id), OK);
	assert_int_equal(id, 0);
	snprintf(json, sizeof json, "{\"file\": \"%lld\"}", (long long)file.v);
	told = import_by_page(w, json);
	assert_text(told.note, "thpt-2026: 5 rows; new 5, changed 0, same 0, refused 0.");
	assert_int_equal(told.file.v, 0);
	assert_int_equal(db_int(w->app.db, "SELECT id FROM exam WHERE code = 'thpt-2026' AND org = 1", NULL, 0, &id), OK);
	assert_text(told.link, str_z(&w->one, str_fmt(&w->one, "/exam/%lld", (long long)id)));
	snprintf(address, sizeof address, "/exam/%lld/do/publish", (long long)id);
	assert_int_equal(post(w, "stranger", address, "{\"rev\": 1}"), 404);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "text/html"), 404);
	if (post(w, "officer", address, "{\"rev\": 1}") >= 400)
		fail_msg("%.*s", FMT(body(w)));
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/01000002", "text/html"), 200);
	assert_int_equal(post(w, "nobody", "/nhap-diem-thi", json), 401);
	desk_close(w);
}

static file_id uploaded(struct desk *w, const char *name, const char *text)
{
	struct actor actor;
	file_id file;

	officer(&w->c, S(""), S("officer"), &actor);
	w->c.who = &actor;
	assert_int_equal(file_own(&w->c, (org_id){ 1 }, str_of(name), S("text/csv"), str_of(text), (instant){ 0 },
		stamp_free("a test"), &file), OK);
	return file;
}

static void a_bad_file_is_told_by_form_or_job(void **state)
{
	struct desk *w = desk_open(state);
	struct job_state told;
	char json[200];
	int64_t n;
	str bytes;
	struct file_info info;

	two_departments(w);
	snprintf(json, sizeof json, "{\"exam\": \"A B\", \"file\": \"%lld\"}",
		(long long)uploaded(w, "a.csv", first).v);
	assert_int_equal(post(w, "officer", "/nhap-diem-thi", "{}"), 422);
	assert_int_equal(post(w, "officer", "/nhap-diem-thi", json), 422);
	assert_has(w, "cannot be an exam");
	assert_int_equal(db_int(w->app.db, "SELECT count(*) FROM job", NULL, 0, &n), OK);
	assert_int_equal(n, 0);
	snprintf(json, sizeof json, "{\"exam\": \"thpt-2026\", \"file\": \"%lld\"}",
		(long long)uploaded(w, "b.csv", "name,colour\nA,red\n").v);
	told = import_by_page(w, json);
	assert_text(told.state, "failed");
	assert_true(str_find(told.problem, S("No heading row")) >= 0);
	assert_int_equal(db_int(w->app.db, "SELECT count(*) FROM exam", NULL, 0, &n), OK);
	assert_int_equal(n, 0);
	snprintf(json, sizeof json, "{\"exam\": \"thpt-2026\", \"file\": \"%lld\"}",
		(long long)uploaded(w, "c.csv", "sbd,toan,mau\n01000001,5,\n01000002,50,\n").v);
	told = import_by_page(w, json);
	assert_text(told.note, "thpt-2026: 2 rows; new 1, changed 0, same 0, refused 1. Line 3: The mark of Toán is "
		"outside 0 to 10: \"50\". Columns not used: mau.");
	assert_int_equal(file_get(&w->c, told.file, &info, &bytes), OK);
	assert_text(info.name, "khong-nhan.xlsx");
	desk_close(w);
}

/* The exam is another department's by the time the job runs. */
static void a_job_asks_again_who_may(void **state)
{
	struct desk *w = desk_open(state);
	struct job_state told;
	char json[200];
	int64_t job;

	two_departments(w);
	snprintf(json, sizeof json, "{\"exam\": \"thpt-2026\", \"file\": \"%lld\"}",
		(long long)uploaded(w, "c.csv", first).v);
	assert_int_equal(post(w, "officer", "/nhap-diem-thi", json), 202);
	assert_int_equal(db_int(w->app.db, "SELECT id FROM job", NULL, 0, &job), OK);
	assert_int_equal(db_script(w->app.db,
		S("INSERT INTO exam (id, rev, org, made_by, made, changed, gone, code, name, year, kind, state)"
		" VALUES (5, 1, 2, 0, 0, 0, 0, 'thpt-2026', 'x', 2026, 'other', 'draft')")), OK);
	assert_int_equal(jobs_run_due(&w->app), 1);
	assert_int_equal(job_read(again(w), job, &told), OK);
	assert_text(told.state, "failed");
	assert_false(draft_exists(&w->c, S("thpt-2026")));
	desk_close(w);
}

static enum rc cancelled_while_reading(struct desk *w, struct job_run *run, struct results_told *told)
{
	static const struct job job = { .name = "marks", .bare = true };
	char path[] = "/tmp/khue-marks.XXXXXX";
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w+");
	struct ctx *c = again(w);
	enum rc rc;

	unlink(path);
	assert_non_null(f);
	fputs("sbd,toan\n", f);
	for (int i = 0; i < 3000; i++)
		fprintf(f, "0100%04d,5\n", i);
	rewind(f);
	*run = (struct job_run){ .id = 77, .job = &job };
	c->job = run;
	rc = results_import(c, fileno(f), &plain, told);
	fclose(f);
	return rc;
}

static void a_job_tells_how_far_it_is_and_can_be_stopped(void **state)
{
	struct desk *w = desk_open(state);
	struct results_told told;
	struct job_run run;
	int64_t done;

	assert_int_equal(db_script(w->app.db,
		S("INSERT INTO job (id, name, org, made_by, made, actor, lang, input, state, due)"
		" VALUES (77, 'results/marks', 1, 0, 0, '', 'en', '', 'running', 0)")), OK);
	assert_int_equal(cancelled_while_reading(w, &run, &told), OK);
	assert_int_equal(told.fresh, 3000);
	assert_int_equal(db_int(w->app.db, "SELECT done FROM job WHERE id = 77 AND total = 0", NULL, 0, &done), OK);
	assert_true(done > 0 && done % 1024 == 0);
	assert_int_equal(db_script(w->app.db, S("UPDATE job SET cancel = 1 WHERE id = 77; DELETE FROM exam")), OK);
	assert_int_equal(system(str_z(&w->mem, str_fmt(&w->mem, "rm -rf %s/results", w->dir))), 0);
	assert_int_equal(cancelled_while_reading(w, &run, &told), OK);
	assert_true(run.cancelled);
	assert_false(draft_exists(&w->c, S("thpt-2026")));
	assert_int_equal(db_int(w->app.db, "SELECT count(*) FROM exam", NULL, 0, &done), OK);
	assert_int_equal(done, 0);
	desk_close(w);
}

struct seen { int n; struct difference at[8]; };

static void note(void *arg, const struct difference *d)
{
	struct seen *s = arg;

	assert_true(s->n < 8);
	s->at[s->n++] = *d;
}

static void differences_are_stated(void **state)
{
	struct desk *w = desk_open(state);
	struct compared told;
	struct seen s = { 0 };

	published(w);
	assert_int_equal(results_compare(again(w), S("thpt-2026"),
		S("year,subject,score,count\n2025,Toan,0.0,9\n2026,Toan,0.0,1\n2026,Toan,5.0,2\n"
		"2026,Toan,8.6,3\n2026,Toan,9.0,1\n"), 0, note, &s, &told), OK);
	assert_int_equal(told.counts, 4);
	assert_int_equal(told.differing, 3);
	assert_true(s.at[0].mark == 860 && s.at[0].here == 1 && s.at[0].published == 3);
	assert_true(s.at[1].mark == 900 && s.at[1].here == -1);
	assert_true(s.at[2].mark == 1000 && s.at[2].published == -1);
	assert_int_equal(results_compare(again(w), S("thpt-2026"), S("a,b\n"), 0, note, &s, &told), E_INVALID);
	assert_int_equal(results_compare(again(w), S("thpt-1999"), S("a,b\n"), 0, note, &s, &told), E_MISSING);
	desk_close(w);
}

static void static_files_hold_the_same(void **state)
{
	struct desk *w = desk_open(state);
	struct proof_told told;
	char folder[100], into[128];
	int64_t files;
	str text;

	published(w);
	snprintf(folder, sizeof folder, "%s/static", w->dir);
	snprintf(into, sizeof into, "%s/thpt-2026", folder);
	assert_int_equal(results_static(again(w), S("thpt-2026"), folder, &files), OK);
	assert_int_equal(files, 5);
	assert_true(read_file(&w->mem, into, "02000002.json", 10000, &text));
	assert_int_equal(proof_check(&w->mem, text, NULL, &told), PROOF_GOOD);
	desk_close(w);
}

static void the_demo_has_two_exams(void **state)
{
	struct desk *w = desk_open(state);
	const struct live *l;
	struct mark_stats s;
	struct dist d;

	assert_int_equal(results_demo(&w->c, 42), OK);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/" RESULTS_DEMO_NUMBER, "text/html"), 200);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2025/" RESULTS_DEMO_NUMBER, "text/html"), 200);
	assert_int_equal(live_exam(&w->c, S("thpt-2026"), &l), OK);
	assert_int_equal(l->shard.n, 1500);
	d = shard_dist(&l->shard, 0, -1);
	stats_of(&d, &s);
	assert_true(s.n > 1450 && s.mean > 530 && s.mean < 600 && s.deviation > 150 && s.deviation < 230 && s.most <= 1000);
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2026/pho-diem/toan", "text/html"), 200);
	assert_has(w, "Mean mark over the years");
	assert_int_equal(ask_page(w, "/tra-cuu/thpt-2025/99000001", "text/html"), 200);
	desk_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(marks_become_public), ON_BOTH(what_is_not_there_is_kindly_told),
		ON_BOTH(every_public_page_opens), ON_BOTH(a_second_file_adds_and_corrects), ON_BOTH(marks_in_one_cell_are_read),
		ON_BOTH(files_without_marks_change_nothing), ON_BOTH(damage_is_not_shown),
		ON_BOTH(what_is_withdrawn_is_gone_and_can_return), ON_BOTH(the_key_is_kept_private),
		ON_BOTH(an_officer_imports_and_publishes), ON_BOTH(a_bad_file_is_told_by_form_or_job),
		ON_BOTH(a_job_asks_again_who_may), ON_BOTH(a_job_tells_how_far_it_is_and_can_be_stopped),
		ON_BOTH(differences_are_stated), ON_BOTH(static_files_hold_the_same),
		ON_BOTH(an_exam_of_nobody_is_the_departments), ON_BOTH(a_downloaded_result_is_checked),
		ON_BOTH(what_cannot_be_checked_is_said), ON_BOTH(of_several_departments_the_publisher_is_named),
		ON_BOTH(the_installations_department_publishes), ON_BOTH(the_demo_has_two_exams) };

	need_postgres(argv);
	return hash_init() ? cmocka_run_group_tests_name("results", tests, NULL, NULL) : 1;
}
