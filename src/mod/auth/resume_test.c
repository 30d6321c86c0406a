/* resume_test.c -- files that come in pieces (core/resume.h) and how much people may send (core/quota.c). */
#include "auth_world.h"
#include "core/files.h"
#include "core/resume.h"
#include <fcntl.h>
#include <sys/stat.h>

#define CSV "Name,Sector code\nTrường Tiểu học Kim Đồng,99777\n"
enum { DAY_MS = 86400000 };

/* PATCH or HEAD as a browser of w would; offset < 0: without the header. */
static int raw(struct world *w, enum verb verb, const char *path, str body, int64_t offset)
{
	char digits[24], token[100];

	get(w, "/tai-khoan");
	snprintf(token, sizeof token, "%.*s", FMT(between(w, "name=\"_csrf\" value=\"", "\"")));
	arena_reset(&w->page_mem);
	w->r = (struct request){ .mem = &w->page_mem, .verb = verb, .headers = w->headers, .remote = str_of(w->address),
		.id = "0123456789abcdef", .path = str_copy(&w->page_mem, str_of(path)), .body = str_copy(&w->page_mem, body),
		.type = S("application/offset+octet-stream") };
	w->p = (struct reply){ .fd = -1 };
	header(w, "accept", "application/json");
	header(w, "host", "khue.test");
	header(w, "x-csrf-token", token);
	header(w, "origin", "http://khue.test");
	snprintf(digits, sizeof digits, "%lld", (long long)offset);
	if (offset >= 0)
		header(w, "upload-offset", digits);
	send_cookies(w);
	w->time += 20;
	dispatch(&w->app, &w->r, &w->p);
	assert_int_equal(db_depth(w->db), 0);
	return w->p.status;
}

static int64_t begun(struct world *w, const char *name, int64_t size)
{
	char form[200];
	int64_t id;

	snprintf(form, sizeof form, "name=%s&size=%lld", name, (long long)size);
	assert_status(w, post_from(w, "/tai-khoan", UPLOADS, form), 201);
	assert_true(str_to_int(between(w, "\"id\":\"", "\""), &id));
	return id;
}

static char *path_to(char ret[static 300], const struct world *w, int64_t id)
{
	snprintf(ret, 300, "%s/files/tmp/up-%lld", w->data, (long long)id);
	return ret;
}

static int use(struct world *w, int64_t id)
{
	char form[64];

	snprintf(form, sizeof form, "file.sent=%lld", (long long)id);
	return post_from(w, "/org/import", "/org/import", form);
}

static void pieces_become_a_file(struct world *w)
{
	const str all = S(CSV);
	char at[64], path[300];

	login(w, "chuyenvien");
	int64_t id = begun(w, "truong.csv", all.n);
	snprintf(at, sizeof at, UPLOADS "/%lld", (long long)id);
	assert_int_equal(use(w, id), 422);                       /* nothing of it is there */
	assert_int_equal(raw(w, PATCH, at, str_sub(all, 0, 10), 0), 200);
	assert_true(str_is(sent_header(w, "Upload-Offset"), "10"));
	assert_int_equal(raw(w, PATCH, at, str_sub(all, 0, 10), 0), 409);        /* sent again: already there */
	assert_has(w, "10");
	assert_int_equal(raw(w, PATCH, at, str_sub(all, 12, 20), 12), 409);      /* a hole */
	assert_int_equal(raw(w, PATCH, at, all, 10), 422);                       /* beyond what was told */
	assert_int_equal(raw(w, PATCH, at, S(""), 10), 422);
	assert_int_equal(raw(w, PATCH, at, S("x"), -1), 409);
	assert_int_equal(raw(w, HEAD, at, S(""), -1), 200);
	assert_true(str_is(sent_header(w, "Upload-Offset"), "10"));
	assert_int_equal(use(w, id), 422);                       /* half of it is there */
	/* a cut left bytes that nobody was told of */
	int fd = open(path_to(path, w, id), O_WRONLY | O_APPEND);
	assert_int_equal(write(fd, "????????????????????????????????????????????????????????????", 60), 60);
	close(fd);
	/* to others it is not there */
	login(w, "hieutruong");
	assert_int_equal(raw(w, HEAD, at, S(""), -1), 404);
	assert_int_equal(raw(w, PATCH, at, str_sub(all, 10, 20), 10), 404);
	login(w, "chuyenvien");
	assert_int_equal(raw(w, PATCH, at, str_sub(all, 10, -1), 10), 200);
	/* a database that does not answer has lost nothing */
	must(w, "ALTER TABLE upload RENAME TO upload_away");
	assert_status(w, use(w, id), 500);
	assert_hasnt(w, "no longer there");
	must(w, "ALTER TABLE upload_away RENAME TO upload");
	assert_status(w, use(w, id), 303);
	assert_true(str_starts(sent_header(w, "Location"), S("/org/import/")));
	assert_int_equal(number(w, "SELECT size FROM file WHERE made_by = ?1 AND scan <> 'own'", w->officer), all.n);
	assert_int_equal(use(w, id), 422);                       /* once */
	assert_int_equal(number(w, "SELECT COUNT(*) FROM file WHERE made_by = ?1", w->officer), 1);
}

static void what_was_not_finished_goes(struct world *w)
{
	char at[64], path[300];
	struct stat st;
	int64_t removed;

	login(w, "chuyenvien");
	int64_t id = begun(w, "dở.csv", 100);
	snprintf(at, sizeof at, UPLOADS "/%lld", (long long)id);
	assert_int_equal(raw(w, PATCH, at, S("nửa"), 0), 200);
	assert_int_equal(files_sweep(as_khue(w), &removed), OK);
	assert_int_equal(stat(path_to(path, w, id), &st), 0);    /* it may still go on */
	for (int i = 1; i < 20; i++)
		begun(w, "x.csv", 1);
	assert_int_equal(post_from(w, "/tai-khoan", UPLOADS, "name=x.csv&size=1"), 422);
	assert_int_equal(post_from(w, "/tai-khoan", UPLOADS, "name=x.csv&size=52428801"), 422);
	assert_int_equal(post_from(w, "/tai-khoan", UPLOADS, "name=&size=1"), 422);
	assert_int_equal(post_from(w, "/tai-khoan", UPLOADS, "name=x.csv&size=-1"), 422);
	w->time += DAY_MS + 60000;
	assert_int_equal(files_sweep(as_khue(w), &removed), OK);
	assert_int_equal(stat(path_to(path, w, id), &st), -1);
	assert_int_equal(number(w, "SELECT COUNT(*) FROM upload WHERE id > ?1", 0), 0);
	/* what is begun has its room of the day */
	login(w, "chuyenvien");
	assert_int_equal(setting_put(as_khue(w), &mod_org, "upload_mb_day", (org_id){ w->dept }, S("100")), OK);
	begun(w, "a.csv", 50 << 20);
	begun(w, "b.csv", 50 << 20);
	assert_int_equal(post_from(w, "/tai-khoan", UPLOADS, "name=c.csv&size=1"), 422);
	leave(w);
	assert_int_equal(post_from(w, "/dang-nhap", UPLOADS, "name=x.csv&size=1"), 404);
}

/* An upload of so many bytes that is wholly there, none of them written. */
static int64_t sent_whole(struct world *w, const char *name, int64_t size)
{
	char path[300], sql[200];
	int64_t id = begun(w, name, size);

	int fd = open(path_to(path, w, id), O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0 && ftruncate(fd, size) == 0);
	close(fd);
	snprintf(sql, sizeof sql, "UPDATE upload SET have = size WHERE id = %lld", (long long)id);
	must(w, sql);
	return id;
}

/* A form that keeps no file uses uploads up: they count until their bytes are gone. What became a file counts once. */
static void a_form_without_a_file_hides_nothing(struct world *w)
{
	char form[64], at[64], path[300], sql[200];
	const str all = S(CSV);
	struct stat st;
	int64_t removed;

	w->time += DAY_MS + 60000;
	login(w, "chuyenvien");
	assert_int_equal(setting_put(as_khue(w), &mod_org, "upload_mb_day", (org_id){ w->dept }, S("100")), OK);
	int64_t file = begun(w, "truong.csv", all.n);
	snprintf(at, sizeof at, UPLOADS "/%lld", (long long)file);
	assert_int_equal(raw(w, PATCH, at, all, 0), 200);
	assert_status(w, use(w, file), 303);
	/* were it counted beside its file, there would be no room for the next two */
	snprintf(sql, sizeof sql, "UPDATE upload SET size = %d WHERE id = %lld", 50 << 20, (long long)file);
	must(w, sql);
	int64_t idle = sent_whole(w, "không dùng.csv", 50 << 20);
	snprintf(form, sizeof form, "file.sent=%lld", (long long)idle);
	assert_status(w, post_from(w, "/thong-bao", "/thong-bao", form), 303);
	assert_int_equal(number(w, "SELECT used FROM upload WHERE id = ?1", idle), 1);
	assert_int_equal(number(w, "SELECT COUNT(*) FROM file WHERE made_by = ?1 AND size > 1000000", w->officer), 0);
	begun(w, "b.csv", (50 << 20) - 1000);
	assert_int_equal(post_from(w, "/tai-khoan", UPLOADS, "name=c.csv&size=2000"), 422);
	w->time += 2 * 3600000;
	assert_int_equal(files_sweep(as_khue(w), &removed), OK);
	assert_int_equal(stat(path_to(path, w, idle), &st), -1);
	login(w, "chuyenvien");
	begun(w, "c.csv", 2000);
}

/* A piece of work of somebody at school A. */
static struct ctx *works(struct world *w, int64_t who, struct actor *a)
{
	struct ctx *c = as_khue(w);

	*a = (struct actor){ .user = { who }, .name = S("Người gửi") };
	c->who = a;
	return c;
}

static void everybody_has_a_measure(struct world *w)
{
	const struct org_id here = { w->school_a };
	struct actor a;
	file_id file;

	struct ctx *c = as_khue(w);
	assert_int_equal(setting_put(c, &mod_org, "upload_files_day", here, S("25")), OK);
	for (int i = 0; i < 25; i++) {
		char text[] = "lần  ";
		text[sizeof text - 2] = (char)('a' + i);
		assert_int_equal(file_put(works(w, w->teacher, &a), here, S("a.txt"), str_of(text), &file), OK);
	}
	c = works(w, w->teacher, &a);
	assert_int_equal(file_put(c, here, S("a.txt"), S("thêm"), &file), E_INVALID);
	assert_true(c->n_problems == 1 && str_find(c->problems[0].text, S("25")) > 0);
	c->n_problems = 0;
	assert_int_equal(file_own(c, here, S("a.txt"), S("text/plain"), S("của Khuê"), (instant){ 0 }, stamp_free("a test"),
		&file), OK);                     /* what Khuê makes is no upload */
	assert_int_equal(file_put(works(w, w->form, &a), here, S("a.txt"), S("người khác"), &file), OK);
	assert_int_equal(setting_put(as_khue(w), &mod_org, "upload_files_day", here, S("")), OK);
	assert_int_equal(file_put(works(w, w->teacher, &a), here, S("a.txt"), S("mặc định"), &file), OK);
	/* a day's bytes, then a unit's */
	must(w,
		"UPDATE file SET size = 1073741824 WHERE scan <> 'own' AND name = 'a.txt' AND id = (SELECT MAX(id) FROM file)");
	assert_int_equal(file_put(c = works(w, w->teacher, &a), here, S("a.txt"), S("quá một ngày"), &file), E_INVALID);
	assert_true(str_find(c->problems[0].text, S("1025")) > 0);
	w->time += DAY_MS;
	assert_int_equal(file_put(works(w, w->teacher, &a), here, S("a.txt"), S("hôm sau"), &file), OK);
	assert_int_equal(setting_put(as_khue(w), &mod_org, "upload_mb_unit", here, S("1000")), OK);
	assert_int_equal(file_put(works(w, w->teacher, &a), here, S("a.txt"), S("đơn vị đầy"), &file), E_INVALID);
	assert_int_equal(file_put(works(w, w->teacher_b, &a), (org_id){ w->school_b }, S("a.txt"), S("trường khác"), &file),
		OK);
	/* and before a large file sets out */
	login(w, "hieutruong");
	assert_status(w, get(w, "/bao-cao/org/uploads"), 404);
	assert_int_equal(post_from(w, "/tai-khoan", UPLOADS, "name=x.csv&size=1000"), 422);
}

/* Who keeps the installation sees who uses how much. */
static void the_administrator_sees_it(struct world *w)
{
	login(w, "quantri");
	assert_status(w, get(w, "/bao-cao/org/uploads"), 200);
	assert_has(w, "Trường THCS Nguyễn Du");
	assert_has(w, "1024");                           /* MB of the file that was made large */
	assert_hasnt(w, "Trường THPT");
}

/* One province for all: making its accounts is what takes time. */
static void sent_in_pieces_and_measured(void **state)
{
	struct world *w = world_open(state);

	pieces_become_a_file(w);
	everybody_has_a_measure(w);
	the_administrator_sees_it(w);
	what_was_not_finished_goes(w);
	a_form_without_a_file_hides_nothing(w);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(sent_in_pieces_and_measured) };

	(void)argc;
	need_postgres(argv);
	hash_init();
	return cmocka_run_group_tests_name("resume", tests, NULL, NULL);
}
