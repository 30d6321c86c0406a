/* transcript_test.c -- transcripts on both engines: drawing up, signing, issuing, verifying. */
#include "mod/transcript/transcript_world.h"
#include "cut.h"

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
	/* a retest stands beside the year it was needed for (TT 22/2021 Điều 13) */
	struct course book;
	OKAY(find_one(as_khue(w), &course, &book, IS({ offsetof(struct course, class), v_int(w->class_a.v) })));
	marks_of(&k, book.base.id, k.pupils[0], TERM_YEAR, 600);
	assert_int_equal(db_exec(w->db, "UPDATE year_result SET averages = 'toan=6'", NULL, 0, NULL), OK);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	x = part_row(&k, 0);
	assert_true(part_read(w->c.mem, x.content, &v));
	assert_text(v.subjects[0].year, "8.0");
	assert_text(v.subjects[0].retest, "6.0");
	assert_text(v.learn, "chua_dat");
	assert_text(v.learn_after, "kha");
	assert_true(str_eq(part_xml(w->c.mem, &v), x.content));
	x = part_row(&k, 1);
	assert_true(part_read(w->c.mem, x.content, &v));
	assert_text(v.learn, "kha");
	assert_text(v.learn_after, "");
	close_desk(&k);
}

/* ---- the part's XML ---------------------------------------------------------------------------------------- */

/* libxml2's canonical form of what we wrote is what we wrote. */
static void canonical(void **state)
{
	struct desk k = open_desk(state);
	struct arena *a = as_khue(k.w)->mem;
	struct part_subject s = { .code = S("x\"y"), .name = S("<A> & \"B\"\t\n"), .year = S("9.5"), .remark =
		S("a > b & c\r\n") };
	struct year_part v = { .id = S("n2025-1"), .year = S("2025-2026"), .version = 1, .name = S("Trần Thị <Ấ>"),
		.subjects = &s,
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

/* ---- signing ------------------------------------------------------------------------------------------------ */

static void signing(void **state)
{
	struct desk k = open_desk(state);
	struct world *w = k.w;
	struct transcript_part x;
	int64_t n;

	lead(k.w, k.w->teacher_a);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(walk(form(&k), &k, 0, "sign"), E_STATE);        /* no key yet: it is said, nothing happened */
	struct issue_keys none;
	assert_int_equal(issue_keys_open(head(&k), w->a, &none), E_STATE);
	assert_int_equal(part_row(&k, 0).state, PART_DRAFT);
	keys_for_all(&k);
	x = part_row(&k, 0);
	assert_int_equal(step(head(&k), &transcript_part, &x, "sign"), E_DENIED);       /* not the form teacher     */
	OKAY(walk(form(&k), &k, 0, "sign"));
	x = part_row(&k, 0);
	assert_text(x.form_by, "Cô Giáo");
	assert_true(x.form_mark.n > 1000);
	/* what is signed is drawn up no more, whatever happens to the marks */
	assert_int_equal(db_exec(w->db, "UPDATE year_result SET absences = 9", NULL, 0, NULL), OK);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(n, 1);
	x = part_row(&k, 0);
	assert_int_equal(step(form(&k), &transcript_part, &x, "confirm"), E_DENIED);
	OKAY(walk(head(&k), &k, 0, "release"));
	x = part_row(&k, 0);
	assert_int_equal(x.form_mark.n, 0);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(n, 1);
	OKAY(walk(form(&k), &k, 0, "sign"));
	/* bytes changed behind the program's back are not signed */
	assert_int_equal(db_exec(w->db, "UPDATE transcript_part SET content = replace(content, 'Khá', 'Tốt') || ' '",
		NULL, 0,
		NULL), OK);
	assert_int_equal(walk(head(&k), &k, 0, "confirm"), E_STATE);
	close_desk(&k);
}

/* The head's seat lent to somebody who has one of their own: as the account 77, from the account 88. */
static struct ctx *stand_in(struct desk *k, const struct role *own_)
{
	struct world *w = k->w;
	struct ctx *c = as(w, own_, w->a, w->parent_a);
	w->seat[1] = (struct seat){ &principal, w->a, { 0 }, { 99999 }, .lender = { 88 } };
	w->actor.n_seats = 2;
	return c;
}

/* A paper does not say that the head signed when somebody did in the head's place; the history says whose seat it
 * was. */
static void by_a_lent_seat(void **state)
{
	struct desk k = open_desk(state);
	struct world *w = k.w;
	const char *lent = "SELECT count(*) FROM audit WHERE entity = 'transcript_part' AND verb = 'confirm' AND "
		"detail LIKE '{\"@\":88,%'";
	int64_t n;

	lead(k.w, k.w->teacher_a);
	keys_for_all(&k);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	OKAY(walk(form(&k), &k, 0, "sign"));
	OKAY(walk(form(&k), &k, 1, "sign"));
	OKAY(walk(stand_in(&k, &deputy), &k, 0, "confirm"));
	assert_text(part_row(&k, 0).head_as, "KT. HIỆU TRƯỞNG");
	assert_int_equal(count(w, lent), 1);
	OKAY(walk(stand_in(&k, &clerk), &k, 1, "confirm"));
	assert_text(part_row(&k, 1).head_as, "TUQ. HIỆU TRƯỞNG");
	assert_int_equal(count(w, lent), 2);
	struct ctx *c = head(&k);
	struct transcript_part x;
	OKAY(find_one(c, &transcript_part, &x, IS({ offsetof(struct transcript_part, pupil), v_int(k.pupils[1].v) })));
	OKAY(step(c, &transcript_part, &x, "release"));
	assert_text(part_row(&k, 1).head_as, "");
	OKAY(walk(form(&k), &k, 1, "sign"));
	OKAY(walk(stand_in(&k, &principal), &k, 1, "confirm"));    /* by one's own seat, whatever else was lent */
	assert_text(part_row(&k, 1).head_as, "");
	assert_int_equal(count(w, lent), 2);
	close_desk(&k);
}

static enum rc of_class(struct ctx *c, struct desk *k, const char *what)
{
	char path[60];
	snprintf(path, sizeof path, "/transcripts/{class}/%s", what);
	for (const struct route *r = transcript_routes; r->path; r++)
		if (strcmp(r->path, path) == 0)
			return r->run(c, &(struct class_key){ k->w->class_a }, NULL);
	return E_MISSING;
}

/* What a draft or a signature rests on may change: nothing stale is signed or issued, and the refusal names whom. */
static void stale_is_not_signed(void **state)
{
	struct desk k = open_desk(state);
	struct world *w = k.w;
	int64_t n, id;
	char sql[200];

	lead(k.w, k.w->teacher_a);
	keys_for_all(&k);
	snprintf(sql, sizeof sql, "UPDATE year_result SET standing = 'retest' WHERE pupil = %lld",
		(long long)k.pupils[0].v);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(db_exec(w->db, sql, NULL, 0, NULL), OK);
	str who = S("Trần Văn Bình");
	struct ctx *c = NULL;
	assert_int_equal(of_class(c = form(&k), &k, "sign"), E_STATE);
	assert_true(str_find(c->problems[0].text, who) >= 0);
	assert_true(str_find(c->problems[0].text, S("Lê An")) < 0);
	assert_int_equal(walk(form(&k), &k, 0, "sign"), E_STATE);
	OKAY(walk(form(&k), &k, 1, "sign"));                             /* the other's is as it was                */
	OKAY(of_class(c = form(&k), &k, "draft"));
	assert_true(str_find(c->said, who) >= 0);                        /* waits for a retest                      */
	OKAY(of_class(c = form(&k), &k, "sign"));
	assert_int_equal(part_row(&k, 0).state, PART_DRAFT);
	OKAY(walk(form(&k), &k, 0, "sign"));                             /* who never came to it: one by one        */
	/* signed, then the results change; another principal is no change of results */
	assert_int_equal(db_exec(w->db, "UPDATE org SET name = 'Trường A mới'", NULL, 0, NULL), OK);
	OKAY(walk(head(&k), &k, 1, "confirm"));
	assert_int_equal(db_exec(w->db, "UPDATE year_result SET standing = 'repeats'", NULL, 0, NULL), OK);
	assert_int_equal(walk(head(&k), &k, 0, "confirm"), E_STATE);
	OKAY(job_add(head(&k), &transcript_jobs[0], w->a, &(struct issue_in){ w->a, w->year }, &id));
	jobs_run_due(&w->app);
	assert_int_equal(count(w, "SELECT count(*) FROM transcript_issue"), 0);
	assert_int_equal(count(w, "SELECT count(*) FROM job WHERE note LIKE '%Lê An%'"), 1);
	assert_int_equal(db_exec(w->db, "UPDATE year_result SET standing = 'promoted'", NULL, 0, NULL), OK);
	OKAY(job_add(head(&k), &transcript_jobs[0], w->a, &(struct issue_in){ w->a, w->year }, &id));
	jobs_run_due(&w->app);
	assert_int_equal(count(w, "SELECT count(*) FROM transcript_issue"), 1);
	close_desk(&k);
}

/* ---- issuing ------------------------------------------------------------------------------------------------- */

static void issuing(void **state)
{
	struct desk k = signed_desk(state);
	struct world *w = k.w;
	char path[120], cmd[300];
	str text;

	issue(&k, 0);
	struct transcript_issue i = issue_row(&k, 0, 1);
	assert_int_equal(i.state, ISSUE_VALID);
	keep_file(&k, i.xml, "a.xml", path);
	str id = part_row(&k, 0).content;
	char at[64];
	assert_int_equal(sscanf(id.p + str_find(id, S(" Id=\"")), " Id=\"%40[^\"]", at), 1);
	char cn[80], ht[80];
	snprintf(cn, sizeof cn, "cn-%s", at);
	snprintf(ht, sizeof ht, "ht-%s", at);
	snprintf(cmd, sizeof cmd, "xmllint --noout --schema %s/doc/transcript.xsd %s", KHUE_ROOT, path);
	assert_int_equal(system(cmd), 0);
	assert_true(xml_good(&k, path, cn));
	assert_true(xml_good(&k, path, ht));
	assert_true(xml_good(&k, path, "con-dau"));
	text = command_says(as_khue(w)->mem, str_z(w->c.mem, str_fmt(w->c.mem, "cat %s", path)));
	((char *)(uintptr_t)text.p)[str_find(text, S("hocTap=\"k")) + 8] = 'K';
	write_file(path, text);
	assert_false(xml_good(&k, path, cn));
	assert_false(xml_good(&k, path, "con-dau"));
	keep_file(&k, i.pdf, "a.pdf", path);
	snprintf(cmd, sizeof cmd, "pdfsig -nocert %s | grep -c 'Signature is Valid'", path);
	assert_text(command_says(as_khue(w)->mem, cmd), "2\n");         /* the principal's and the seal             */
	snprintf(cmd, sizeof cmd, "pdftotext %s - | grep -c 'HỌC BẠ'", path);
	assert_text(command_says(as_khue(w)->mem, cmd), "2\n");
	close_desk(&k);
}

static void all_of_a_school(void **state)
{
	struct desk k = signed_desk(state);
	struct world *w = k.w;
	int64_t id;
	struct ctx *c = as(w, &principal, w->a, w->parent_a);

	OKAY(job_add(c, &transcript_jobs[0], w->a, &(struct issue_in){ w->a, w->year }, &id));
	assert_int_equal(jobs_run_due(&w->app), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM transcript_issue WHERE state = 'valid'"), 2);
	assert_int_equal(count(w, "SELECT count(*) FROM transcript_part WHERE state = 'issued'"), 2);
	/* the same again: what is issued is not issued twice */
	c = as(w, &principal, w->a, w->parent_a);
	OKAY(job_add(c, &transcript_jobs[0], w->a, &(struct issue_in){ w->a, w->year }, &id));
	jobs_run_due(&w->app);
	assert_int_equal(count(w, "SELECT count(*) FROM transcript_issue"), 2);
	close_desk(&k);
}

/* The process ends in the middle: the job goes on, no transcript twice, none missing, each with its two files. */
static void cut_in_the_middle(void **state)
{
	enum { PUPILS = 24 };
	struct desk k = signed_desk(state);
	struct world *w = k.w;
	int64_t id, n, book = count(w, "SELECT id FROM course");

	for (int i = 2; i < PUPILS; i++) {
		person_id who = add_person(w, w->a, "Võ Minh", true, false);
		enrol(w, who, w->class_a);
		marks_of(&k, book, who, TERM_1, 750);
		marks_of(&k, book, who, TERM_2, 820);
		result_for(&k, who, "kha");
	}
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(n, PUPILS - 2);
	assert_int_equal(db_begin(w->db), OK);
	for (int i = 2; i < PUPILS; i++)
		for (int s = 0; s < 2; s++) {
			struct transcript_part x;
			items got;
			struct ctx *c = s ? head(&k) : form(&k);
			OKAY(find_all(c, &transcript_part, &got, 1, IS({ offsetof(struct transcript_part, state),
				v_text(s ? S("signed") : S("draft")) })));
			x = *(const struct transcript_part *)got.p;
			OKAY(step(c, &transcript_part, &x, s ? "confirm" : "sign"));
		}
	assert_int_equal(db_commit(w->db), OK);
	OKAY(job_add(head(&k), &transcript_jobs[0], w->a, &(struct issue_in){ w->a, w->year }, &id));
	assert_true(cut_again(state, w, id) > 0);
	assert_int_equal(count(w, "SELECT count(*) FROM transcript_issue WHERE state = 'valid' AND version = 1"), PUPILS);
	assert_int_equal(count(w, "SELECT count(DISTINCT transcript) FROM transcript_issue"), PUPILS);
	assert_int_equal(count(w, "SELECT count(*) FROM transcript_part WHERE state = 'issued'"), PUPILS);
	assert_int_equal(count(w, "SELECT count(*) FROM file"), 2 * PUPILS);
	close_desk(&k);
}

/* An elective that was not chosen is no exemption: the year has nothing of it but what was marked. */
static void not_chosen(struct desk *k)
{
	struct world *w = k->w;
	struct year_part v;
	int64_t n;

	assert_int_equal(db_exec(w->db, "UPDATE exemption SET kind = 'not_chosen'", NULL, 0, NULL), OK);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(n, 1);
	assert_true(part_read(w->c.mem, part_row(k, 0).content, &v));
	for (int64_t i = 0; i < v.n_subjects; i++)
		assert_false(str_is(v.subjects[i].year, PART_EXEMPT));
	assert_int_equal(db_exec(w->db, "UPDATE exemption SET kind = 'exempt'", NULL, 0, NULL), OK);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
}

/* A subject the pupil is exempt from stands there as such, whatever marks were written before; those of the others are
 * theirs. */
static void exempt_from(void **state)
{
	struct desk k = open_desk(state);
	struct world *w = k.w;
	struct subject other;
	struct course book;
	struct year_part v;
	char path[120], cmd[200];
	int64_t n;
	str pdf;

	OKAY(find_one(as_khue(w), &course, &book, IS({ offsetof(struct course, class), v_int(w->class_a.v) })));
	OKAY(find_one(as_khue(w), &subject, &other, IS({ offsetof(struct subject, code), v_text(S("gdtc")) })));
	for (int i = 0; i < 2; i++) {
		struct exemption x;
		row_zero(&exemption, &x);
		x.base.org = w->a;
		x.class = w->class_a;
		x.pupil = k.pupils[0];
		x.subject = i ? (subject_id){ other.base.id } : book.subject;
		put_row(w, &exemption, &x);
	}
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	struct transcript_part part = part_row(&k, 0);
	assert_true(part_read(w->c.mem, part.content, &v));
	assert_int_equal(v.n_subjects, 2);
	for (int i = 0; i < 2; i++) {
		assert_text(v.subjects[i].hk1, PART_EXEMPT);
		assert_text(v.subjects[i].year, PART_EXEMPT);
		assert_int_equal(v.subjects[i].remark.n, 0);
	}
	struct signed_part one = { .v = v };
	OKAY(paper_pdf(&w->c, &(struct paper_ask){ .level = LEVEL_LOWER, .parts = &one, .n = 1, .qr = S("x") }, &pdf));
	snprintf(path, sizeof path, "%s/mien.pdf", k.folder);
	write_file(path, pdf);
	snprintf(cmd, sizeof cmd, "pdftotext %s - | grep -c 'Miễn học'", path);
	assert_text(command_says(w->c.mem, cmd), "6\n");
	part = part_row(&k, 1);
	assert_true(part_read(w->c.mem, part.content, &v));
	assert_int_equal(v.n_subjects, 1);
	assert_text(v.subjects[0].hk1, "7.5");
	not_chosen(&k);
	/* who was exempt in a term only has the other's marks; taken back, it is as ended */
	assert_int_equal(db_exec(w->db, "UPDATE exemption SET covers = 'hk1'", NULL, 0, NULL), OK);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(n, 1);
	part = part_row(&k, 0);
	assert_true(part_read(w->c.mem, part.content, &v));
	assert_int_equal(v.n_subjects, 1);
	assert_false(str_is(v.subjects[0].year, PART_EXEMPT));
	assert_int_equal(db_exec(w->db, "UPDATE exemption SET gone = 1", NULL, 0, NULL), OK);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(n, 0);
	close_desk(&k);
}

/* ---- what the QR code says ------------------------------------------------------------- */

static void statements(void **state)
{
	struct desk k = signed_desk(state);
	struct world *w = k.w;
	uint8_t keys[32 * STATEMENT_KEYS_MAX], other[32] = { 1 };
	struct statement s;
	str first;

	issue(&k, 0);
	str said = issue_row(&k, 0, 1).statement;
	struct ctx *c = &w->c;
	int n = statement_keys(c, keys, &first);
	assert_int_equal(n, 1);
	assert_int_equal(statement_read(c->mem, said, keys, n, &s), STATEMENT_GOOD);
	assert_int_equal(s.version, 1);
	assert_true(s.initials.n > 0 && str_find(s.initials, S(".")) > 0);
	assert_int_equal(statement_read(c->mem, said, other, 1, &s), STATEMENT_FORGED);
	assert_int_equal(statement_read(c->mem, said, keys, 0, &s), STATEMENT_FORGED);
	for (ptrdiff_t i = 0; i < said.n; i++) {
		str bad = str_copy(c->mem, said);
		((char *)(uintptr_t)bad.p)[i] = bad.p[i] == 'A' ? 'B' : 'A';
		assert_int_not_equal(statement_read(c->mem, bad, keys, n, &s), STATEMENT_GOOD);
		assert_int_not_equal(statement_read(c->mem, str_sub(said, 0, i), keys, n, &s), STATEMENT_GOOD);
	}
	assert_text(initials_of(c->mem, S("Nguyễn  Thị Ánh")), "N.T.Á.");
	close_desk(&k);
}
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(drawing_up), ON_BOTH(exempt_from), ON_BOTH(canonical), ON_BOTH(signing),
		ON_BOTH(by_a_lent_seat),
		ON_BOTH(stale_is_not_signed), ON_BOTH(issuing),
		ON_BOTH(all_of_a_school), ON_BOTH(cut_in_the_middle),
		ON_BOTH(statements) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("transcript", tests, NULL, NULL);
}
