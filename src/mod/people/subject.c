/* subject.c -- what the person the data is about may ask for (Law 91/2025/QH15): a copy of everything, and that what
 * no law obliges us to keep is taken out. The copy finds every row that names the person through the declarations,
 * so that a new module's rows are in it without a line here; what names nobody a module declares (struct about).
 * It is given to the person or to who speaks for them, so two things stay out: columns that are hidden from pupils and
 * parents (a note on somebody else), and rows that are another's own (what the other parent wrote to the teacher). */
#include "mod/people/people_rules.h"
#include "core/stamp.h"
#include "core/app.h"
#include "core/audit.h"
#include "core/comment.h"
#include "core/files.h"
#include "core/perm.h"
#include "core/query.h"
#include "core/reads.h"
#include "core/registry.h"
#include "core/row.h"
#include "core/views.h"
#include "web/html.h"

enum { ROWS = 50000, LINES = 500, COPY_MAX = 64 << 20, REASON = 10 };

#define ROW struct subject_in
const struct shape subject_in_shape = { sizeof(ROW), FIELDS{ { REF(person, person), .is = NEEDED,
	.label = { "Hồ sơ", "Record" } },
	{ COL(reason), .label = { "Lý do", "Reason" }, .max = 500 }, END } };
#undef ROW

static const struct tr
	MSG_reason = { "Ghi rõ ai yêu cầu và vì sao (ít nhất {1} ký tự).",
		"Say who asks and why (at least {1} characters)." },
	MSG_copied = { "Bản sao gồm {1} dòng dữ liệu.", "The copy holds {1} rows." },
	MSG_queued = { "Đang gom dữ liệu. Xong sẽ có thông báo.", "The data is being gathered; you will be told." },
	MSG_erased =
	{ "Đã xóa những gì pháp luật không buộc giữ. Giữ lại: họ tên, ngày sinh, số định danh, quá trình học tập và làm "
		"việc.",
	               "Erased what no law obliges us to keep. Kept: name, birth, identity numbers, the record of "
		"studies and work." };

/* ---- a copy of everything --------------------------------------------------------------------------- */

#define ROW struct about_in
struct about_in { person_id subject; };
static const struct shape about_in = { sizeof(ROW), FIELDS{ { REF(subject, person) }, END } };
#undef ROW

struct copy { struct ctx *c; struct buf b; int64_t person, rows; bool first; };

/* What the entity's own grants keep from pupils and parents. */
static struct cols kept_from_families(const struct table *t)
{
	struct cols kept = { 0 };

	for (const struct grant *g = t->e->grants; g && g->to; g++)
		for (int i = 0; (g->to == &parent || g->to == &pupil) && i < (int)COUNT(g->hide) && g->hide[i]; i++)
			cols_add(&kept, column_at(t, g->hide[i]));
	return kept;
}

static bool is_kept(const struct table *t, const struct cols *kept, str field)
{
	const struct field *f = field_named(t->e->fields, field);

	return f && cols_has(kept, column_at(t, f->at));
}

/* Rows that nobody reads but whose own they are: another whom they name has no part in them. */
static bool own_only(const struct entity *e)
{
	const struct grant *g = e->grants;

	while (g && g->to && g->in == &own)
		g++;
	return e->anchor[ON_PERSON] && e->anchor[ON_PERSON] != ITSELF && g && !g->to;
}

static void put_history(struct copy *k, const struct table *t, int64_t id, const struct cols *kept)
{
	const struct entity *e = t->e;
	items got;

	put_z(&k->b, ",\"history\":[");
	if (audit_of(k->c, e, id, (instant){ 0 }, LINES, &got) != OK)
		got.n = 0;
	for (int64_t i = 0; i < got.n; i++) {
		const struct audit_event *v = (const struct audit_event *)got.p + i;
		const struct audit_change *change = v->changes.p;

		put_z(&k->b, i ? ",{\"at\":" : "{\"at\":");
		put_json(&k->b, instant_iso(k->c->mem, v->at));
		put_z(&k->b, ",\"what\":");
		put_json(&k->b, v->label);
		put_z(&k->b, ",\"changes\":[");
		for (int64_t n = 0, m = 0; n < v->changes.n; n++) {
			if (is_kept(t, kept, change[n].field))
				continue;
			put_z(&k->b, m++ ? ",[" : "[");
			put_json(&k->b, change[n].field);
			put_c(&k->b, ',');
			put_json(&k->b, change[n].old);
			put_c(&k->b, ',');
			put_json(&k->b, change[n].now);
			put_c(&k->b, ']');
		}
		put_z(&k->b, "]}");
	}
	put_z(&k->b, got.n == LINES ? "],\"history_is_longer\":true" : "]");
}

/* An address where whoever may read the row opens the file. */
static void put_file_link(struct copy *k, int64_t id)
{
	put_json(&k->b, TEXT(k->c, "/tep/%lld", (long long)id));
}

static void put_files(struct copy *k, const struct entity *e, int64_t id)
{
	items got;

	if (!(e->keeps & FILES) || files_on(k->c, e, id, &got) != OK)
		return;
	put_z(&k->b, ",\"files\":[");
	for (int64_t i = 0; i < got.n; i++) {
		const struct file_info *f = (const struct file_info *)got.p + i;

		put_z(&k->b, i ? ",{\"name\":" : "{\"name\":");
		put_json(&k->b, f->name);
		put_z(&k->b, ",\"at\":");
		put_file_link(k, f->id.v);
		put_c(&k->b, '}');
	}
	put_c(&k->b, ']');
}

static void put_comments(struct copy *k, const struct entity *e, int64_t id)
{
	items got;

	if (!(e->keeps & COMMENTS) || comment_read(k->c, e, id, &got) != OK)
		return;
	put_z(&k->b, ",\"comments\":[");
	for (int64_t i = 0; i < got.n; i++) {
		put_z(&k->b, i ? "," : "");
		put_json(&k->b, ((const struct comment_view *)got.p)[i].text);
	}
	put_c(&k->b, ']');
}

/* What the ids of a row stand for: a mark is of a subject and a class, not of a number. */
static enum rc put_names(struct copy *k, const struct table *t, const char *row, const struct cols *kept)
{
	int n = 0;

	for (const struct field *f = t->e->fields; f->name; f++) {
		int64_t id = f->type == T_REF || f->type == T_FILE ? *(const int64_t *)(const void *)(row + f->at) : 0;
		str title;

		if (!id || is_kept(t, kept, str_of(f->name)))
			continue;
		put_z(&k->b, n++ ? "," : ",\"names\":{");
		put_json(&k->b, str_of(f->name));
		put_c(&k->b, ':');
		if (f->type == T_FILE) {
			put_file_link(k, id);
			continue;
		}
		TRY(titles_of(k->c, f->ref, &id, 1, &title));
		put_json(&k->b, title);
	}
	put_z(&k->b, n ? "}" : "");
	return OK;
}

static enum rc put_one(struct copy *k, const struct table *t, const void *row)
{
	struct cols kept = kept_from_families(t);

	put_z(&k->b, k->first ? "\n" : ",\n");
	k->first = false;
	put_z(&k->b, "{\"row\":");
	row_json(&k->b, t, row, &kept);
	TRY(put_names(k, t, row, &kept));
	if (t->e->keeps & HISTORY)
		put_history(k, t, ((const struct base *)row)->id, &kept);
	put_files(k, t->e, ((const struct base *)row)->id);
	put_comments(k, t->e, ((const struct base *)row)->id);
	put_c(&k->b, '}');
	k->rows++;
	return OK;
}

/* Does an earlier column of the row name the person already? */
static bool named_before(const struct entity *e, const struct field *f, const char *row, int64_t who)
{
	for (const struct field *g = e->fields; g < f; g++)
		if (g->type == T_REF && g->ref == &person && *(const int64_t *)(const void *)(row + g->at) == who)
			return true;
	return false;
}

static enum rc put_entity(struct copy *k, const struct meta *m)
{
	const struct table *t = table_of(k->c->app->registry, m->e);

	k->first = true;
	put_json(&k->b, str_of(m->e->name));
	put_z(&k->b, ":[");
	if (m->e == &person) {
		struct person p;

		TRY(find(k->c, &person, k->person, &p));
		TRY(put_one(k, t, &p));
	}
	for (const struct field *f = m->e->fields; f->name; f++) {
		items got;

		if (f->type != T_REF || f->ref != &person || (own_only(m->e) && f->at != m->e->anchor[ON_PERSON]))
			continue;
		TRY(find_all(k->c, m->e, &got, ROWS, IS({ f->at, v_int(k->person) })));
		if (got.n == ROWS)
			return E_LIMIT;                          /* half a copy would pass for a whole one */
		for (int64_t i = 0; i < got.n; i++) {
			const char *row = (const char *)got.p + (size_t)i * m->e->size;

			if (!named_before(m->e, f, row, k->person))
				TRY(put_one(k, t, row));
		}
	}
	put_c(&k->b, ']');
	return OK;
}

/* What modules keep beside rows that name the person. */
static enum rc put_about(struct copy *k)
{
	const struct registry *g = k->c->app->registry;
	struct about_in in = { { k->person } };

	for (int i = 0; i < g->n_modules; i++)
		for (const struct about *a = g->modules[i]->about; a && a->name; a++) {
			items got;

			TRY(query(k->c, a->query, &about_in, &in, a->out, &got, ROWS));
			if (got.n == ROWS)
				return E_LIMIT;
			put_json(&k->b, str_of(a->name));
			put_z(&k->b, ":[");
			for (int64_t n = 0; n < got.n; n++) {
				put_z(&k->b, n ? ",\n" : "\n");
				shape_json(&k->b, a->out->fields, (const char *)got.p + (size_t)n * a->out->size, NULL);
			}
			put_z(&k->b, "],\n");
			k->rows += got.n;
		}
	return OK;
}

/* What the columns are called, for people. */
static void put_words(struct copy *k, const struct entity *e)
{
	put_json(&k->b, str_of(e->name));
	put_z(&k->b, ":{\"\":");
	put_json(&k->b, say(k->c, &e->label));
	for (const struct field *f = e->fields; f->name; f++) {
		put_c(&k->b, ',');
		put_json(&k->b, str_of(f->name));
		put_c(&k->b, ':');
		put_json(&k->b, say(k->c, &f->label));
	}
	put_c(&k->b, '}');
}

static bool names_people(const struct entity *e)
{
	bool names = e == &person;

	for (const struct field *f = e->fields; f->name; f++)
		names = names || (f->type == T_REF && f->ref == &person);
	return names;
}

static void put_seen(struct copy *k)
{
	items got;

	put_z(&k->b, "\"seen\":[");
	if (reads_of(k->c, &person, k->person, LINES, &got) != OK)
		got.n = 0;
	for (int64_t i = 0; i < got.n; i++) {
		const struct read_line *l = (const struct read_line *)got.p + i;

		put_z(&k->b, i ? ",{\"at\":" : "{\"at\":");
		put_json(&k->b, instant_iso(k->c->mem, l->at));
		put_z(&k->b, ",\"what\":");
		put_json(&k->b, l->verb);
		put_c(&k->b, '}');
	}
	put_c(&k->b, ']');
}

enum rc subject_copy(struct ctx *c, int64_t who, str *ret, int64_t *ret_rows)
{
	const struct registry *g = c->app->registry;
	const struct actor *asks = as_system(c, "a person's copy of everything is gathered over all units");
	struct copy k = { .c = c, .person = who };
	enum rc rc = OK;

	buf_init(&k.b, c->mem, COPY_MAX);
	put_z(&k.b, "{\"made\":");
	put_json(&k.b, instant_iso(c->mem, c->now));
	put_z(&k.b, ",\"words\":{");
	for (int i = 0, n = 0; i < g->n_entities; i++)
		if (names_people(g->metas[i].e)) {
			put_z(&k.b, n++ ? ",\n" : "\n");
			put_words(&k, g->metas[i].e);
		}
	put_z(&k.b, "},\n\"rows\":{");
	for (int i = 0, n = 0; rc == OK && i < g->n_entities; i++)
		if (names_people(g->metas[i].e)) {
			put_z(&k.b, n++ ? ",\n" : "\n");
			rc = put_entity(&k, &g->metas[i]);
		}
	put_z(&k.b, "},\n");
	if (rc == OK)
		rc = put_about(&k);
	put_seen(&k);
	put_z(&k.b, "}\n");
	as_actor(c, asks);
	*ret = buf_str(&k.b);
	*ret_rows = k.rows;
	return rc == OK && k.b.over ? E_LIMIT : rc;
}

static const struct grant gatherers[] = { { &signed_in, &everywhere, READ }, { 0 } };
const struct take people_takes[] = { { "copy", { "Bản sao hồ sơ của một người", "Copy of one person's record" },
	&person,
	gatherers, "/person" }, END };

enum rc subject_gather(struct ctx *c, void *in_)
{
	const struct subject_in *in = in_;
	struct stamp stamp;
	struct person p;
	str text;
	int64_t rows;
	file_id file;

	TRY(find(c, &person, in->person.v, &p));         /* still the actor's to see */
	if (!person_is_theirs(c, &p))
		return E_MISSING;
	TRY(subject_copy(c, in->person.v, &text, &rows));
	TRY(audit(c, p.base.org, "person", in->person.v, "copy", S("")));
	TRY(take_out(c, &people_takes[0], &in->person.v, 1, &stamp));
	TRY(file_own(c, p.base.org, stamp_name(c, TEXT(c, "ho-so-%lld.json", (long long)in->person.v), &stamp),
		S("application/json"), text, (instant){ 0 }, stamp, &file));
	return job_result(c, file, sayf(c, &MSG_copied, ARGS(TEXT(c, "%lld", (long long)rows))));
}

enum rc person_copy(struct ctx *c, const void *in_, void *out)
{
	const struct subject_in *in = in_;
	struct person p;
	int64_t id;

	(void)out;
	TRY(find(c, &person, in->person.v, &p));
	if (!person_is_theirs(c, &p))
		return E_MISSING;
	TRY(job_add(c, subject_job, p.base.org, in, &id));
	return go_to(c, TEXT(c, "/viec/%lld", (long long)id), &MSG_queued);
}

/* ---- taking out ------------------------------------------------------------------------------------- */

const struct grant person_heads[] = { { &principal, &at_org, UPDATE }, { 0 } };

/* What no duty rests on: contact and belief always; home, support and origin once nobody studies or works here. The
 * record of studies stays (Education Law 43/2019/QH14, retention by TT 27/2016/TT-BGDĐT), as do the lines of the
 * history, which prove who did what. */
static void clear(struct person *p)
{
	p->phone = p->email = p->note = p->occupation = (str){ 0 };
	p->religion = 0;
	p->photo = (file_id){ 0 };
	if (p->pupil || p->staff)
		return;
	p->address = p->old_address = p->birthplace = p->native_place = (str){ 0 };
	p->disability = p->policy = 0;
	p->commune.v = 0;
}

static enum rc withdraw(struct ctx *c, int64_t who)
{
	items got;

	TRY(find_all(c, &consent, &got, 200, IS({ offsetof(struct consent, subject), v_int(who) })));
	for (int64_t i = 0; i < got.n; i++) {
		struct consent one = ((const struct consent *)got.p)[i];

		if (one.withdrawn.v != NO_DAY.v)
			continue;
		one.withdrawn = c->today;
		TRY(update(c, &consent, &one));
	}
	return OK;
}

/* A note on a tie says something about either. */
static enum rc clear_ties(struct ctx *c, int64_t who)
{
	static const col ends[] = { offsetof(struct guardianship, pupil), offsetof(struct guardianship, guardian) };

	for (int e = 0; e < 2; e++) {
		items got;

		TRY(find_all(c, &guardianship, &got, 200, IS({ ends[e], v_int(who) })));
		for (int64_t i = 0; i < got.n; i++) {
			struct guardianship one = ((const struct guardianship *)got.p)[i];

			if (one.note.n == 0)
				continue;
			one.note = (str){ 0 };
			TRY(update(c, &guardianship, &one));
		}
	}
	return OK;
}

/* What modules keep beside the record itself. */
static enum rc forget(struct ctx *c, int64_t who)
{
	const struct registry *g = c->app->registry;
	struct about_in in = { { who } };
	int64_t n;

	for (int i = 0; i < g->n_modules; i++)
		for (const char *const *s = g->modules[i]->forget; s && *s; s++)
			TRY(execute(c, *s, &about_in, &in, &n));
	return OK;
}

enum rc person_erase(struct ctx *c, const void *in_, void *out)
{
	const struct subject_in *in = in_;
	const struct actor *asks;
	struct person p;
	enum rc rc;

	(void)out;
	TRY(find(c, &person, in->person.v, &p));
	if (!perm_row(c, &person, person_heads, UPDATE, &p))
		return E_DENIED;
	if (str_chars(str_trim(in->reason)) < REASON)
		return FAILF(c, E_INVALID, offsetof(struct subject_in, reason), &MSG_reason, TEXT(c, "%d", REASON));
	c->reason = str_trim(in->reason);
	asks = as_system(c, "erasure reaches columns and consents that the office may not see");
	rc = find(c, &person, in->person.v, &p);
	if (rc == OK) {
		clear(&p);
		rc = update(c, &person, &p);
	}
	if (rc == OK)
		rc = withdraw(c, in->person.v);
	if (rc == OK)
		rc = clear_ties(c, in->person.v);
	if (rc == OK)
		rc = forget(c, in->person.v);
	if (rc == OK)
		rc = db_exec(c->db,
			"UPDATE file SET until = ?1 WHERE id IN (SELECT file FROM file_on WHERE entity = 'person' AND row = ?2)",
			VALS(v_int(c->now.v), v_int(in->person.v)), NULL);
	as_actor(c, asks);
	if (rc == OK)
		rc = audit(c, p.base.org, "person", in->person.v, "erase", S(""));
	return rc == OK ? go_to(c, link_to(c, "/person/%lld", (long long)in->person.v), &MSG_erased) : rc;
}
