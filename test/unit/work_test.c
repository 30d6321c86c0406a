/* work_test.c -- files, jobs, notices, letters, exports and prints, on both engines. */
#include "library.h"
#include "xlsx_make.h"
#include "core/export.h"
#include "core/files.h"
#include "core/job.h"
#include "core/notices.h"
#include "core/sheet.h"
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

static char folder[64];

static struct world *open_world(void **state)
{
	struct world *w = world_open(state);
	strcpy(folder, "/tmp/khue-work.XXXXXX");
	assert_non_null(mkdtemp(folder));
	w->app.data = folder;
	return w;
}

static void close_world(struct world *w)
{
	nftw(folder, engine_remove, 16, FTW_DEPTH | FTW_PHYS);
	world_close(w);
}

/* ---- files ------------------------------------------------------------------------------------- */

static void kinds_of_files(void **state)
{
	static const struct { const char *name, *head, *type; } at[] = {
		{ "a.pdf", "%PDF-1.7", "application/pdf" }, { "A.PDF", "%PDF-1.7", "application/pdf" },
		{ "a.pdf", "PK\3\4", NULL },
		{ "a.png", "\x89PNG\r\n\x1A\n", "image/png" }, { "a.exe", "MZ", NULL }, { "a", "text", NULL },
		{ ".pdf", "%PDF-", NULL },
		{ "a.pdf.exe", "%PDF-", NULL }, { "a.txt", "ch\xE1\xBB\xAF", "text/plain" }, { "a.html", "<html>", NULL },
		{ "a.svg", "<svg", NULL },
		/* an .xlsx with a password is a compound file; either name of a workbook, either inside */
		{ "a.xlsx", "\xD0\xCF\x11\xE0", "application/vnd.ms-excel" },
		{ "a.xls", "PK\3\4", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
		{ "a.xls", "<html>", NULL }, { "a.docx", "\xD0\xCF\x11\xE0", NULL },
		{ "a.xlsx", "PK\3\4", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" } };
	for (int i = 0; i < (int)COUNT(at); i++) {
		const char *type = file_type_of(str_of(at[i].name), str_of(at[i].head));
		assert_true(at[i].type ? type && strcmp(type, at[i].type) == 0 : !type);
	}
	assert_null(file_type_of(S("a.txt"), ((str){ "a\0b", 3 })));
	struct arena a;
	arena_init(&a, 1 << 20);
	assert_text(file_name_clean(&a, S("../../etc/pass\"wd\n.txt")), "passwd.txt");
	assert_text(file_name_clean(&a, S("C:\\Users\\An\\Điểm.xlsx")), "Điểm.xlsx");
	assert_text(file_name_clean(&a, S("...")), "tep");
	assert_text(file_name_clean(&a, S("\xFF\xFE")), "tep");
	arena_free(&a);
	(void)state;
}

static void same_content_once(void **state)
{
	struct world *w = open_world(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	file_id a, b;
	struct file_info info;
	str bytes;
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("một.txt"), S("nội dung"), &a), OK);
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("hai.txt"), S("nội dung"), &b), OK);
	assert_int_equal(file_get(c, b, &info, &bytes), OK);
	assert_text(bytes, "nội dung");
	assert_text(info.name, "hai.txt");
	assert_int_equal(info.sha256.n, 64);
	struct stat st;
	assert_int_equal(stat(str_z(c->mem, TEXT(c, "%s/files/%.2s/%.2s/%.*s", folder, info.sha256.p, info.sha256.p + 2,
		FMT(info.sha256))), &st), 0);
	assert_int_equal(st.st_nlink, 1);
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("x.exe"), S("MZ"), &a), E_INVALID);
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("x.txt"), S(""), &a), E_INVALID);
	int64_t good;
	str bad;
	assert_int_equal(files_verify(c, &good, &bad), OK);
	assert_int_equal(good, 2);
	assert_int_equal(bad.n, 0);
	close_world(w);
}

static void who_opens_a_file(void **state)
{
	struct world *w = open_world(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_book b = book_of("Có tệp");
	struct lib_sample s;
	struct file_info info;
	file_id hung, field, free_;
	str bytes;
	assert_int_equal(create(c, &lib_book, &b), OK);
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("h.txt"), S("treo"), &hung), OK);
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("f.txt"), S("mục"), &field), OK);
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("r.txt"), S("rời"), &free_), OK);
	assert_int_equal(file_hang(c, hung, &lib_book, b.base.id), OK);
	assert_int_equal(file_hang(c, hung, &lib_book, b.base.id), OK);
	row_zero(&lib_sample, &s);
	s.text = S("mẫu");
	s.file = field;
	assert_int_equal(create(c, &lib_sample, &s), OK);
	c = AS(w, 5, 6, { &teacher, { SCHOOL_A }, { 0 }, { 99999 } });
	assert_int_equal(file_get(c, hung, &info, &bytes), OK);
	assert_int_equal(file_get(c, field, &info, &bytes), E_MISSING);
	assert_int_equal(file_get(c, free_, &info, &bytes), E_MISSING);
	c = AS(w, 5, 6, { &dept_officer, { DEPT }, { 0 }, { 99999 } });
	assert_int_equal(file_get(c, field, &info, &bytes), OK);
	c = as_librarian(w, SCHOOL_B);
	assert_int_equal(file_get(c, hung, &info, &bytes), E_MISSING);
	assert_int_equal(file_get(c, (file_id){ 12345 }, &info, &bytes), E_MISSING);
	/* who names a file in a row of theirs could open it: only one they may open already */
	row_zero(&lib_sample, &s);
	s.text = S("của người khác");
	s.file = field;
	assert_int_equal(create(c, &lib_sample, &s), E_INVALID);
	assert_int_equal(c->problems[0].at, offsetof(struct lib_sample, file));
	c = as_librarian(w, SCHOOL_B);
	assert_int_equal(file_put(c, (org_id){ SCHOOL_B }, S("b.txt"), S("của mình"), &field), OK);
	s.file = field;
	assert_int_equal(create(c, &lib_sample, &s), OK);
	items on;
	c = as_khue(w);
	assert_int_equal(files_on(c, &lib_book, b.base.id, &on), OK);
	assert_int_equal(on.n, 1);
	close_world(w);
}

/* A database that does not answer is not one that says no: neither of a row that is named nor of a file. */
static void silence_is_no_answer(void **state)
{
	struct world *w = open_world(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_book b = book_of("Có mẫu");
	struct lib_sample s[2];
	struct file_info info;
	file_id file;
	str bytes;

	assert_int_equal(create(c, &lib_book, &b), OK);
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("h.txt"), S("treo"), &file), OK);
	assert_int_equal(file_hang(c, file, &lib_book, b.base.id), OK);
	for (int i = 0; i < 2; i++) {
		row_zero(&lib_sample, &s[i]);
		s[i].text = S("mẫu");
	}
	s[0].book.v = b.base.id;
	s[1].file = file;
	for (int i = 0; i < 2; i++) {
		c = as_librarian(w, SCHOOL_A);
		assert_int_equal(db_begin(w->db), OK);
		assert_int_not_equal(db_exec(w->db, "SELECT nothing FROM nowhere", NULL, 0, NULL), OK);
		assert_int_equal(create(c, &lib_sample, &s[i]), E_FAULT);
		assert_int_equal(c->n_problems, 0);
		db_rollback(w->db);
		assert_int_equal(create(as_librarian(w, SCHOOL_A), &lib_sample, &s[i]), OK);
	}
	c = AS(w, 5, 6, { &teacher, { SCHOOL_A }, { 0 }, { 99999 } });
	assert_int_equal(db_begin(w->db), OK);
	assert_int_not_equal(db_exec(w->db, "SELECT nothing FROM nowhere", NULL, 0, NULL), OK);
	assert_int_equal(file_known(c, file), E_FAULT);
	db_rollback(w->db);
	assert_int_equal(file_known(c, file), OK);
	assert_int_equal(file_get(c, file, &info, &bytes), OK);
	close_world(w);
}

/* A scanner that finds EICAR, on a socket of its own. */
static pid_t scanner(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	strcpy(at.sun_path, path);
	int s = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(s, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(s, 4), 0);
	pid_t pid = fork();
	while (pid == 0) {
		char all[4096], got[1024];
		size_t n = 0;
		ssize_t k;
		int one = accept(s, NULL, NULL);
		while (n < sizeof all - sizeof got && !(n >= 4 && memcmp(all + n - 4, "\0\0\0\0", 4) == 0) &&
			(k = read(one, got, sizeof got)) > 0) {
			memcpy(all + n, got, (size_t)k);
			n += (size_t)k;
		}
		const char *say = memmem(all, n, "EICAR", 5) ? "stream: Eicar-Test FOUND" : "stream: OK";
		if (write(one, say, strlen(say) + 1) < 0)
			_exit(1);
		close(one);
	}
	close(s);
	return pid;
}

static void malware_is_refused(void **state)
{
	struct world *w = open_world(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	char path[100];
	file_id id;
	struct file_info info;
	str bytes;
	int64_t removed;
	snprintf(path, sizeof path, "%s/clam", folder);
	setenv("KHUE_CLAMD", path, 1);
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("a.txt"), S("lành"), &id), OK);
	assert_int_equal(file_get(c, id, &info, &bytes), E_STATE);       /* nobody scanned it: quarantine */
	pid_t pid = scanner(path);
	c = as_khue(w);
	assert_int_equal(files_sweep(c, &removed), OK);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(file_get(c, id, &info, &bytes), OK);
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("b.txt"), S("EICAR mẫu"), &id), E_INVALID);
	assert_true(str_find(c->problems[0].text, S("Eicar-Test")) >= 0);
	unsetenv("KHUE_CLAMD");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close_world(w);
}

#define EICAR "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* The real clamd, with a database of one signature, for Debian has none of the large one. NULL: it is not here. */
static pid_t clamd(const char *path)
{
	char name[200], text[700];
	pid_t pid;
	if (access("/usr/sbin/clamd", X_OK) != 0)
		return 0;
	snprintf(name, sizeof name, "%s/db", folder);
	assert_int_equal(mkdir(name, 0700), 0);
	snprintf(name, sizeof name, "%s/db/eicar.ndb", folder);
	write_text(name,
		"Eicar-Test:0:*:58354f2150254041505b345c505a58353428505e2937434329377d2445494341522d5354414e444152442d"
		"414e544956495255532d544553542d46494c452124482b482a\n");
	snprintf(name, sizeof name, "%s/clamd.conf", folder);
	snprintf(text, sizeof text, "LocalSocket %s\nDatabaseDirectory %s/db\nForeground yes\nUser root\n", path,
		folder);
	write_text(name, text);
	pid = fork();
	if (pid == 0) {
		if (freopen("/dev/null", "w", stdout))
			execl("/usr/sbin/clamd", "clamd", "-c", name, (char *)NULL);
		_exit(1);
	}
	for (int i = 0; i < 600; i++) {                  /* its socket is there before it listens and before it has read */
		struct sockaddr_un at = { .sun_family = AF_UNIX };
		char pong[5] = "";
		int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
		bool up = connect(s, (struct sockaddr *)&at, sizeof at) == 0 && write(s, "zPING", 6) == 6 &&
			recv(s, pong, 5, MSG_WAITALL) == 5 && memcmp(pong, "PONG", 5) == 0;
		close(s);
		if (up)
			return pid;
		usleep(100000);
	}
	fail_msg("clamd does not answer");
	return 0;
}

/* Bare, and packed into a workbook, where only who opens the archive sees it. */
static void the_real_scanner_refuses(void **state)
{
	struct world *w = open_world(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	char path[100], packed[200];
	uLongf n = sizeof packed;
	z_stream z = { 0 };
	file_id id;
	snprintf(path, sizeof path, "%s/clam", folder);
	pid_t pid = clamd(path);
	if (!pid) {
		close_world(w);
		skip();
	}
	setenv("KHUE_CLAMD", path, 1);
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("a.txt"), S("lành"), &id), OK);
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("b.txt"), S(EICAR), &id), E_INVALID);
	assert_true(str_find(c->problems[0].text, S("Eicar-Test")) >= 0);
	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)EICAR;
	z.avail_in = (uInt)strlen(EICAR);
	z.next_out = (Bytef *)packed;
	z.avail_out = (uInt)n;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	struct made_entry e[] = { { "[Content_Types].xml", S("<Types/>"), 0, 0 },
		{ "word/document.xml", { packed, (ptrdiff_t)z.total_out }, (uint32_t)strlen(EICAR), 8 } };
	deflateEnd(&z);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("c.docx"), made_zip(c->mem, e, 2, false), &id),
		E_INVALID);
	assert_true(str_find(c->problems[0].text, S("Eicar-Test")) >= 0);
	unsetenv("KHUE_CLAMD");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close_world(w);
}

static void old_results_go(void **state)
{
	struct world *w = open_world(state);
	struct ctx *c = as_khue(w);
	file_id a, b;
	struct file_info info;
	str bytes;
	int64_t removed;
	int fd;
	assert_int_equal(file_temp(c, &fd), OK);
	assert_int_equal(write(fd, "kết quả", 9), 9);
	/* whoever makes a file says whom it is about, or why it is about nobody */
	assert_int_equal(file_make(c, (org_id){ 1 }, S("x.csv"), "text/csv", fd, (instant){ 0 }, (struct stamp){ 0 }, &a),
		E_FAULT);
	assert_int_equal(file_own(c, (org_id){ 1 }, S("x.csv"), S("text/csv"), S("Lê"), (instant){ 0 }, stamp_free(""), &a),
		E_FAULT);
	assert_int_equal(file_make(c, (org_id){ 1 }, S("x.csv"), "text/csv", fd, (instant){ c->now.v + 1000 },
		stamp_free("a test"), &a), OK);
	assert_int_equal(file_make(c, (org_id){ 1 }, S("y.csv"), "text/csv", fd, (instant){ 0 },
		stamp_free("a test"), &b), OK);
	w->time += 2000;
	c = as_khue(w);
	assert_int_equal(files_sweep(c, &removed), OK);
	assert_int_equal(removed, 1);
	assert_int_equal(file_get(c, a, &info, &bytes), E_MISSING);
	assert_int_equal(file_get(c, b, &info, &bytes), OK);
	close_world(w);
}

/* ---- jobs ------------------------------------------------------------------------------------------ */

static int runs;
struct work_in { int64_t number; str word; };
#define ROW struct work_in
static const struct shape work_shape = { sizeof(ROW), FIELDS{ { COL(number) }, { COL(word), .max = 100 }, END } };
#undef ROW

static enum rc do_good(struct ctx *c, void *in_)
{
	struct work_in *in = in_;
	struct lib_book b = book_of("Sách của việc");
	assert_int_equal(in->number, 42);
	assert_text(in->word, "chữ");
	assert_int_equal(c->who->user.v, 100 + SCHOOL_A);
	runs++;
	TRY(create(c, &lib_book, &b));
	job_progress(c, 1, 2, &(struct tr){ "Được {1}/{2}", "{1} of {2}" });
	return job_result(c, (file_id){ 0 }, S("kết quả"));
}

static enum rc do_fail(struct ctx *c, void *in)
{
	struct lib_book b = book_of("Không được giữ");
	(void)in;
	runs++;
	TRY(create(c, &lib_book, &b));
	return runs < 3 ? E_BUSY : FAIL(c, E_INVALID, 0, (&(struct tr){ "Sai rồi", "Wrong" }));
}

static enum rc do_eat(struct ctx *c, void *in)
{
	(void)in;
	for (int i = 0; i < 1000; i++)
		arena_alloc(c->mem, 1 << 24, 1);
	return OK;
}

/* Another process takes the job over while this one stands still. */
static enum rc do_lose(struct ctx *c, void *in)
{
	struct lib_book b = book_of("Của việc đã mất");
	(void)in;
	TRY(db_commit(c->db));
	TRY(db_exec(c->db, "UPDATE job SET lease = lease + 7", NULL, 0, NULL));
	TRY(db_begin(c->db));
	TRY(create(c, &lib_book, &b));
	job_progress(c, 1, 2, NULL);
	return OK;
}

static const struct job test_jobs[] = {
	{ .name = "good", .label = { "Việc tốt", "Good job" }, .in = &work_shape, .run = do_good },
	{ .name = "fail", .label = { "Việc hỏng", "Bad job" }, .tries = 3, .run = do_fail },
	{ .name = "eat", .label = { "Việc ăn", "Eater" }, .tries = 1, .run = do_eat },
	{ .name = "daily", .label = { "Hằng ngày", "Daily" }, .every_s = DAYS(1), .at_s = HM(6, 0), .run = do_fail },
	{ .name = "lose", .label = { "Việc bị lấy", "Taken job" }, .run = do_lose }, END };
static const struct module mod_jobs = { .name = "jobs", .label = { "Việc", "Jobs" },
	.entities = ENTITIES(&reader, &lib_book, &lib_copy, &lib_loan, &lib_sample),
	.jobs = test_jobs };
static const struct module *const jobs_modules[] = { &mod_jobs, NULL };

static struct world *jobs_world(void **state)
{
	struct world *w = open_world(state);
	char why[256];
	registry_free(w->app.registry);
	w->app.modules = jobs_modules;
	w->app.registry = registry_new(jobs_modules, why);
	runs = 0;
	return w;
}

static void a_job_runs_as_its_maker(void **state)
{
	struct world *w = jobs_world(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct job_state s;
	int64_t id;
	assert_int_equal(job_add(c, &test_jobs[0], (org_id){ SCHOOL_A }, &(struct work_in){ 42, S("chữ") }, &id), OK);
	jobs_run_due(&w->app);
	assert_int_equal(runs, 1);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(job_read(c, id, &s), OK);
	assert_text(s.state, "done");
	assert_text(s.note, "kết quả");
	assert_int_equal(rows_in(w, "lib_book"), 1);
	struct notice n[4];
	int count;
	int64_t unread;
	assert_int_equal(notices_list(c, n, 4, &count), OK);
	assert_int_equal(count, 1);
	assert_text(n[0].text, "Done: Good job");
	assert_int_equal(notices_unread(c, &unread), OK);
	assert_int_equal(unread, 1);
	assert_int_equal(notices_seen(c, 0), OK);
	assert_int_equal(notices_unread(c, &unread), OK);
	assert_int_equal(unread, 0);
	c = as_librarian(w, SCHOOL_B);
	assert_int_equal(job_read(c, id, &s), E_MISSING);
	assert_int_equal(job_cancel(c, id), E_MISSING);
	close_world(w);
}

static void a_failure_is_tried_again(void **state)
{
	struct world *w = jobs_world(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct job_state s;
	int64_t id;
	assert_int_equal(job_add(c, &test_jobs[1], (org_id){ SCHOOL_A }, NULL, &id), OK);
	for (int i = 1; i <= 3; i++) {
		jobs_run_due(&w->app);
		assert_int_equal(runs, i);
		jobs_run_due(&w->app);
		assert_int_equal(runs, i);               /* not before its time */
		w->time += 600000;
	}
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(job_read(c, id, &s), OK);
	assert_text(s.state, "failed");
	assert_text(s.problem, "Wrong");
	assert_int_equal(rows_in(w, "lib_book"), 0);
	assert_int_equal(job_again(c, id), OK);
	assert_int_equal(job_cancel(c, id), OK);
	assert_int_equal(job_cancel(c, id), E_STATE);
	close_world(w);
}

static void a_hungry_job_ends_alone(void **state)
{
	struct world *w = jobs_world(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct job_state s;
	int64_t id;
	assert_int_equal(job_add(c, &test_jobs[2], (org_id){ SCHOOL_A }, NULL, &id), OK);
	jobs_run_due(&w->app);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(job_read(c, id, &s), OK);
	assert_text(s.state, "failed");
	assert_int_equal(db_depth(w->db), 0);
	close_world(w);
}

static void a_lost_claim_commits_nothing(void **state)
{
	struct world *w = jobs_world(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct job_state s;
	int64_t id, n;
	assert_int_equal(job_add(c, &test_jobs[4], (org_id){ SCHOOL_A }, NULL, &id), OK);
	jobs_run_due(&w->app);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(db_int(w->db, "SELECT count(*) FROM lib_book WHERE title = 'Của việc đã mất'", NULL, 0, &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(job_read(c, id, &s), OK);
	assert_text(s.state, "running");                 /* it is the other's, which ends it and tells of it      */
	assert_int_equal(s.done, 0);
	assert_int_equal(db_int(w->db, "SELECT count(*) FROM notice", NULL, 0, &n), OK);
	assert_int_equal(n, 0);
	close_world(w);
}

static void by_the_clock(void **state)
{
	struct world *w = jobs_world(state);
	runs = 5;                                        /* do_fail refuses at once */
	jobs_run_due(&w->app);
	assert_int_equal(runs, 5);                       /* the clock is set, nothing is due */
	w->time += (int64_t)86400000;
	jobs_run_due(&w->app);
	assert_int_equal(runs, 6);
	jobs_run_due(&w->app);
	assert_int_equal(runs, 6);
	close_world(w);
}

/* ---- letters ------------------------------------------------------------------------------------------ */

static void letters(void **state)
{
	struct world *w = open_world(state);
	struct ctx *c = as_khue(w);
	assert_int_equal(mail_add(c, S("an@truong.edu.vn"), S("Thông báo"), S("Chào"), NULL), OK);
	assert_int_equal(mail_add(c, S("an@truong.edu.vn\r\nBcc: x@y"), S(""), S(""), NULL), E_INVALID);
	assert_int_equal(mail_add(c, S("khong-phai"), S(""), S(""), NULL), E_INVALID);
	assert_int_equal(rows_in(w, "outbox"), 1);
	str m = mail_text(c, S("khue@so.gov.vn"), S("an@truong.edu.vn"), S("Thông báo\r\nBcc: ai@do"), S("Chào cô"), 7);
	assert_true(str_find(m, S("Subject: =?UTF-8?B?")) > 0);
	assert_true(str_find(m, S("\nBcc")) < 0);
	assert_true(str_find(m, S("Q2jDoG8gY8O0")) > 0);
	assert_text(mail_date(c), "Sun, 1 Nov 2026 09:26:40 +0700");
	close_world(w);
}

/* ---- pictures ------------------------------------------------------------------------------------------- */

/* By bytes and by a file, through the sandbox: what is kept is the picture without its notes. */
static void pictures_are_written_anew(void **state)
{
	static const char gif[] = "GIF89a\x02\0\x02\0\x80\0\0\0\0\0\xff\xff\xff!\xfe\x05GPS 1\0,\0\0\0\0\x02\0\x02\0"
		"\0\x02\x03\x84\x51\x05\0;<script>";
	struct world *w = open_world(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct file_info info;
	file_id file;
	str got;
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("bia.gif"), (str){ gif, sizeof gif - 1 }, &file), OK);
	assert_int_equal(file_get(c, file, &info, &got), OK);
	assert_true(str_starts(got, S("GIF89a")) && str_find(got, S("GPS")) < 0 && str_find(got, S("<script>")) < 0);
	assert_int_equal(info.size, got.n);
	int fd = memfd_create("x", 0);
	assert_int_equal(write(fd, gif, sizeof gif - 1), sizeof gif - 1);
	assert_int_equal(file_keep(c, (org_id){ SCHOOL_A }, S("bia.gif"), fd, S(""), 0, &file), OK);
	assert_int_equal(file_get(c, file, &info, &got), OK);
	assert_true(str_find(got, S("GPS")) < 0);
	close(fd);
	/* a head without a picture */
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("bia.png"), S("\x89PNG\r\n\x1A\nIHDR"), &file),
		E_INVALID);
	assert_true(c->n_problems > 0 && str_find(c->problems[0].text, S("40")) > 0);
	close_world(w);
}

static void history_names_the_file(void **state)
{
	struct world *w = open_world(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_sample s;
	items events;
	row_zero(&lib_sample, &s);
	s.base.org = (org_id){ SCHOOL_A };
	s.text = S("Một");
	assert_int_equal(file_put(c, (org_id){ SCHOOL_A }, S("bia.txt"), S("chữ"), &s.file), OK);
	assert_int_equal(create(c, &lib_sample, &s), OK);
	for (int gone = 0; gone < 2; gone++) {
		const struct audit_change *named = NULL;
		assert_int_equal(audit_of(c, &lib_sample, s.base.id, (instant){ 0 }, 10, &events), OK);
		const struct audit_event *ev = events.p;
		for (int64_t i = 0; i < ev->changes.n; i++)
			if (str_is(((const struct audit_change *)ev->changes.p)[i].field, "file"))
				named = (const struct audit_change *)ev->changes.p + i;
		assert_non_null(named);
		assert_text(named->now, gone ? "a file" : "bia.txt");
		assert_int_equal(db_exec(w->db, "DELETE FROM file", NULL, 0, NULL), OK);
	}
	close_world(w);
}

/* ---- exports -------------------------------------------------------------------------------------------- */

static str whole(struct ctx *c, int fd)
{
	struct stat st;
	fstat(fd, &st);
	char *p = arena_alloc(c->mem, (size_t)st.st_size + 1, 1);
	assert_int_equal(pread(fd, p, (size_t)st.st_size, 0), st.st_size);
	return (str){ p, st.st_size };
}

static bool gather(void *arg, int64_t number, const struct cell *cells, int n)
{
	for (int i = 0; i < n; i++)
		put_fmt(arg, "%s%d:%.*s", i ? "|" : "", (int)cells[i].kind, FMT(cells[i].text));
	put_c(arg, '\n');
	(void)number;
	return true;
}

static void add_book(struct ctx *c, const char *title, const char *author, int64_t year, int64_t price)
{
	struct lib_book b = book_of(title);
	b.author = str_of(author);
	b.year = year;
	b.price.v = price;
	assert_int_equal(create(c, &lib_book, &b), OK);
}

static void exports_guard_formulas(void **state)
{
	struct world *w = open_world(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct list_ask ask = { .e = &lib_book };
	int64_t rows;
	int fd = memfd_create("x", 0);
	add_book(c, "=cmd|' /C calc'!A0", "+84912", 2020, 5000);
	add_book(c, "Sách, \"hay\"", "@SUM(A1)", 2021, 0);
	assert_int_equal(export_list(c, &ask, EXPORT_CSV, false, NOT_PERSONAL, fd, &rows), OK);
	assert_int_equal(rows, 2);
	str csv = whole(c, fd);
	assert_true(str_starts(csv, S("\xEF\xBB\xBFTitle,Author,Kind,Year")));
	assert_true(str_find(csv, S("'=cmd")) > 0);
	assert_true(str_find(csv, S("'@SUM(A1)")) > 0);
	assert_true(str_find(csv, S("\"Sách, \"\"hay\"\"\"")) > 0);
	int xlsx = memfd_create("y", 0);
	assert_int_equal(export_list(c, &ask, EXPORT_XLSX, true, NOT_PERSONAL, xlsx, &rows), OK);
	struct buf b;
	struct sheet_told *told = NEW(c->mem, struct sheet_told);
	struct file_fault why;
	buf_init(&b, c->mem, 1 << 20);
	assert_int_equal(sheet_read(c->mem, &(struct sheet_ask){ .fd = xlsx, .sheet = -1 }, gather, &b, told, &why), OK);
	assert_true(told->workbook);
	assert_true(str_find(buf_str(&b), S("1:=cmd|' /C calc'!A0|1:+84912")) >= 0);   /* text, and never a formula */
	assert_true(str_find(buf_str(&b), S("2:5000")) > 0);
	assert_true(str_find(buf_str(&b), S("Token")) < 0);
	int json = memfd_create("z", 0);
	assert_int_equal(export_list(c, &ask, EXPORT_JSON, false, NOT_PERSONAL, json, &rows), OK);
	assert_true(str_find(whole(c, json), S("\"price\"")) < 0);
	close_world(w);
}

static void exports_hide(void **state)
{
	struct world *w = open_world(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct list_ask ask = { .e = &lib_book };
	int64_t rows;
	int fd = memfd_create("x", 0);
	add_book(c, "A", "B", 2020, 5000);
	c = as_librarian(w, SCHOOL_B);
	assert_int_equal(export_list(c, &ask, EXPORT_JSON, true, NOT_PERSONAL, fd, &rows), OK);
	assert_int_equal(rows, 0);
	assert_text(whole(c, fd), "[]\n");
	c = AS(w, 5, 6, { &teacher, { SCHOOL_A }, { 0 }, { 99999 } });        /* READ is not EXPORT */
	fd = memfd_create("x", 0);
	assert_int_equal(export_list(c, &ask, EXPORT_JSON, true, NOT_PERSONAL, fd, &rows), OK);
	assert_int_equal(rows, 0);
	close_world(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(kinds_of_files), ON_BOTH(same_content_once),
		ON_BOTH(who_opens_a_file), ON_BOTH(silence_is_no_answer),
		ON_BOTH(malware_is_refused), ON_BOTH(the_real_scanner_refuses),
		ON_BOTH(old_results_go), ON_BOTH(a_job_runs_as_its_maker), ON_BOTH(a_failure_is_tried_again),
		ON_BOTH(a_hungry_job_ends_alone), ON_BOTH(a_lost_claim_commits_nothing),
		ON_BOTH(by_the_clock), ON_BOTH(letters), ON_BOTH(pictures_are_written_anew),
		ON_BOTH(history_names_the_file), ON_BOTH(exports_guard_formulas),
		ON_BOTH(exports_hide) };
	(void)argc;
	need_postgres(argv);
	hash_init();
	return cmocka_run_group_tests_name("work", tests, NULL, NULL);
}
