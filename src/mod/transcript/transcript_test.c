/* transcript_test.c -- transcripts on both engines: drawing up, signing, issuing, correcting, moving, verifying. */
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_records, &mod_transcript
#include "mod/transcript/transcript_rules.h"
#include "core/many.h"
#include "domain.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct desk { struct world *w; char *folder; person_id pupils[2]; };

static void put_row(struct world *w, const struct entity *e, void *row)
{
	OKAY(create_many(as_khue(w), e, row, 1));
}

static void marks_of(struct desk *k, int64_t book, person_id who, pick term_, int v)
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

static void result_for(struct desk *k, person_id who, const char *level)
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
static struct desk open_desk(void **state)
{
	struct desk k = { .w = world_open(state) };
	struct world *w = k.w;
	struct subject maths;
	struct course books;

	k.folder = strdup("/tmp/khue_transcript_XXXXXX");
	assert_non_null(mkdtemp(k.folder));
	w->app.data = k.folder;
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

static void close_desk(struct desk *k)
{
	char cmd[80];
	snprintf(cmd, sizeof cmd, "rm -rf %s", k->folder);
	world_close(k->w);
	assert_int_equal(system(cmd), 0);
	free(k->folder);
}

static struct transcript_part part_row(struct desk *k, int who)
{
	struct transcript_part x;
	struct world *w = k->w;
	OKAY(find_one(as_khue(w), &transcript_part, &x, IS({ offsetof(struct transcript_part, pupil),
		v_int(k->pupils[who].v) })));
	return x;
}

/* ---- drawing up -------------------------------------------------------------------------------------------- */

static void drawing_up(void **state)
{
	struct desk k = open_desk(state);
	struct world *w = k.w;
	struct transcript_part x;
	struct year_part v;
	int64_t n;

	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(n, 2);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(n, 0);                              /* nothing changed, nothing written                    */
	x = part_row(&k, 0);
	assert_int_equal(x.state, PART_DRAFT);
	assert_text(x.result, "Khá");
	assert_true(part_read(w->c.mem, x.content, &v));
	assert_int_equal(v.n_subjects, 1);
	assert_text(v.subjects[0].hk1, "7.5");
	assert_text(v.subjects[0].year, "8.0");
	assert_text(v.subjects[0].remark, "Tiến bộ & <chăm>");
	assert_text(v.learn, "kha");
	assert_true(str_eq(part_xml(w->c.mem, &v), x.content));
	assert_int_equal(count(w, "SELECT count(*) FROM transcript"), 2);
	/* a result that changes is in the draft at the next drawing up */
	assert_int_equal(db_exec(w->db, "UPDATE year_result SET absences = 5", NULL, 0, NULL), OK);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(n, 2);
	close_desk(&k);
}

/* ---- the part's XML ---------------------------------------------------------------------------------------- */

static str command_says(struct arena *a, const char *cmd)
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

static void write_file(const char *path, str bytes)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, (size_t)bytes.n, f), bytes.n);
	fclose(f);
}

/* libxml2's canonical form of what we wrote is what we wrote. */
static void canonical(void **state)
{
	struct desk k = open_desk(state);
	struct arena *a = as_khue(k.w)->mem;
	struct part_subject s = { .code = S("x\"y"), .name = S("<A> & \"B\"\t\n"), .year = S("9.5"), .remark = S("a > b & c\r\n") };
	struct year_part v = { .id = S("n2025-1"), .year = S("2025-2026"), .version = 1, .name = S("Trần Thị <Ấ>"), .subjects = &s,
		.n_subjects = 1, .learn = S("tot"), .remark = S("được\x01") }, back;
	str xml = part_xml(a, &v);
	char path[120], cmd[200];

	snprintf(path, sizeof path, "%s/part.xml", k.folder);
	write_file(path, xml);
	snprintf(cmd, sizeof cmd, "xmllint --exc-c14n %s", path);
	assert_true(str_eq(command_says(a, cmd), xml));
	assert_true(part_read(a, xml, &back));
	assert_text(back.subjects[0].name, "<A> & \"B\"\t\n");
	assert_text(back.remark, "được");
	assert_false(part_read(a, S("<namHoc></namHoc>"), &back));
	assert_false(part_read(a, S("<other/>"), &back));
	assert_false(part_read(a, str_sub(xml, 0, xml.n - 3), &back));
	close_desk(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = { ON_BOTH(drawing_up), ON_BOTH(canonical) };
	return cmocka_run_group_tests_name("transcript", tests, NULL, NULL);
}
