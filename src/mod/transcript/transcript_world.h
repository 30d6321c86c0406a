/* transcript_world.h -- a class whose transcripts are drawn up, signed and issued, for the tests of this module. */
#ifndef KHUE_TRANSCRIPT_WORLD_H
#define KHUE_TRANSCRIPT_WORLD_H
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_records, &mod_results, &mod_transcript
#include "mod/results/results.h"
#include "mod/transcript/transcript_rules.h"
#include "core/dispatch.h"
#include "core/job.h"
#include "core/many.h"
#include "mod/transcript/issue.h"
#include "mod/school/class.h"
#include "mod/transcript/paper.h"
#include "mod/transcript/statement.h"
#include "domain.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct desk { struct world *w; char *folder; person_id pupils[2]; };

static inline void put_row(struct world *w, const struct entity *e, void *row)
{
	OKAY(create_many(as_khue(w), e, row, 1));
}

static inline void marks_of(struct desk *k, int64_t book, person_id who, pick term_, int v)
{
	struct mark m;
	row_zero(&mark, &m);
	m.base.org = k->w->a;
	m.course.v = book;
	m.class = k->w->class_a;
	m.pupil = who;
	m.term = term_;
	m.average.v = v;
	m.remark = term_ == TERM_2 ? S("Tiến bộ & <chăm>") : (str){ 0 };
	put_row(k->w, &mark, &m);
}

static inline void result_for(struct desk *k, person_id who, const char *level)
{
	struct year_result r;
	row_zero(&year_result, &r);
	r.base.org = k->w->a;
	r.class = k->w->class_a;
	r.pupil = who;
	r.year = k->w->year;
	r.scheme = S("tt22");
	r.hk1 = r.hk2 = r.level = str_of(level);
	r.conduct = S("tot");
	r.standing = S("promoted");
	r.averages = S("toan=8");
	put_row(k->w, &year_result, &r);
}

/* A class of two with a book of mathematics and results of the year. */
static inline struct desk open_desk(void **state)
{
	struct desk k = { .w = world_open(state) };
	struct world *w = k.w;
	struct subject maths;
	struct course books;

	k.folder = strdup("/tmp/khue_transcript_XXXXXX");
	assert_non_null(mkdtemp(k.folder));
	w->app.data = k.folder;
	char why[256] = "";
	assert_true(pages_open(&w->app, why));
	OKAY(school_load_facts(as_khue(w)));
	k.pupils[0] = w->pupil_a;
	k.pupils[1] = add_person(w, w->a, "Lê An", true, false);
	OKAY(find_one(as_khue(w), &subject, &maths, IS({ offsetof(struct subject, code), v_text(S("toan")) })));
	row_zero(&course, &books);
	books.base.org = w->a;
	books.class = w->class_a;
	books.subject.v = maths.base.id;
	put_row(w, &course, &books);
	int64_t book_id = books.base.id;
	for (int i = 0; i < 2; i++) {
		enrol(w, k.pupils[i], w->class_a);
		marks_of(&k, book_id, k.pupils[i], TERM_1, 750);
		marks_of(&k, book_id, k.pupils[i], TERM_2, 820);
		result_for(&k, k.pupils[i], "kha");
	}
	return k;
}

static inline void close_desk(struct desk *k)
{
	char cmd[80];
	snprintf(cmd, sizeof cmd, "rm -rf %s", k->folder);
	pages_close(&k->w->app);
	world_close(k->w);
	assert_int_equal(system(cmd), 0);
	free(k->folder);
}

static inline struct transcript_part part_row(struct desk *k, int who)
{
	struct transcript_part x;
	struct world *w = k->w;
	OKAY(find_one(as_khue(w), &transcript_part, &x, IS({ offsetof(struct transcript_part, pupil),
		v_int(k->pupils[who].v) })));
	return x;
}

static inline str command_says(struct arena *a, const char *cmd)
{
	FILE *f = popen(cmd, "r");
	struct buf b;
	char piece[4096];
	size_t n;

	assert_non_null(f);
	buf_init(&b, a, 1 << 20);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		put(&b, (str){ piece, (ptrdiff_t)n });
	pclose(f);
	return buf_str(&b);
}

static inline void write_file(const char *path, str bytes)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, (size_t)bytes.n, f), bytes.n);
	fclose(f);
}

static inline struct ctx *form(struct desk *k) { return as(k->w, &form_teacher, k->w->a, k->w->teacher_a); }
static inline struct ctx *head(struct desk *k) { return as(k->w, &principal, k->w->a, k->w->parent_a); }

static inline void keys_for_all(struct desk *k)
{
	struct world *w = k->w;
	struct ctx *c = as_khue(w);
	OKAY(sign_make(c, S("tam"), S("x"), S("")));
	OKAY(sign_make(c, sign_name_org(c, w->a), S("Trường A"), S("Trường A")));
	OKAY(sign_make(c, sign_name_org(c, w->b), S("Trường B"), S("Trường B")));
	OKAY(sign_make(c, sign_name_person(c, w->teacher_a), S("Cô Giáo"), S("Trường A")));
	OKAY(sign_make(c, sign_name_person(c, w->parent_a), S("Thầy Hiệu Trưởng"), S("Trường A")));
}

static inline enum rc walk(struct ctx *c, struct desk *k, int who, const char *name)
{
	struct transcript_part x;
	enum rc rc = find_one(c, &transcript_part, &x, IS({ offsetof(struct transcript_part, pupil),
		v_int(k->pupils[who].v) }, { offsetof(struct transcript_part, state), v_text(
		strcmp(name, "sign") == 0 ? S("draft") : S("signed")) }));
	return rc == OK ? step(c, &transcript_part, &x, name) : rc;
}

static inline void issue(struct desk *k, int who)
{
	struct world *w = k->w;
	struct issue_keys keys;
	struct transcript t;
	bool done;
	OKAY(find_one(as_khue(w), &transcript, &t, IS({ offsetof(struct transcript, pupil), v_int(k->pupils[who].v) })));
	struct ctx *c = head(k);
	OKAY(issue_keys_open(c, w->a, &keys));
	OKAY(transcript_issue_one(c, &keys, t.base.id, &done));
	assert_true(done);
	OKAY(transcript_issue_one(c, &keys, t.base.id, &done));
	assert_false(done);                                  /* nothing waits any more                              */
}

static inline struct transcript_issue issue_row(struct desk *k, int who, int64_t version)
{
	struct transcript_issue i;
	struct world *w = k->w;
	OKAY(find_one(as_khue(w), &transcript_issue, &i, IS({ offsetof(struct transcript_issue, pupil),
		v_int(k->pupils[who].v) }, { offsetof(struct transcript_issue, version), v_int(version) })));
	return i;
}

static inline struct desk signed_desk(void **state)
{
	struct desk k = open_desk(state);
	struct world *w = k.w;
	int64_t n;
	lead(k.w, k.w->teacher_a);
	keys_for_all(&k);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	for (int i = 0; i < 2; i++) {
		OKAY(walk(form(&k), &k, i, "sign"));
		OKAY(walk(head(&k), &k, i, "confirm"));
	}
	return k;
}

static inline void keep_file(struct desk *k, file_id id, const char *name, char path[static 120])
{
	struct file_info info;
	str bytes;
	struct world *w = k->w;
	OKAY(file_get(as_khue(w), id, &info, &bytes));
	snprintf(path, 120, "%s/%s", k->folder, name);
	write_file(path, bytes);
}

static inline bool xml_good(struct desk *k, const char *path, const char *id)
{
	char cmd[500];
	snprintf(cmd, sizeof cmd,
		"xmlsec1 --verify --verification-time \"2026-11-02 00:00:00\" "
		"--trusted-pem %s/keys/sign/authority.crt --id-attr:Id namHoc "
		"--id-attr:Id SignedProperties --node-xpath \"//*[@Id='%s']\" %s >/dev/null 2>&1", k->folder, id, path);
	return system(cmd) == 0;
}
#endif
