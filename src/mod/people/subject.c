/* subject.c -- what the person the data is about may ask for (Law 91/2025/QH15): a copy of everything, and that what
 * no law obliges us to keep is taken out. The copy finds every row that names the person through the declarations,
 * so that a new module's rows are in it without a line here. */
#include "mod/people/people_rules.h"
#include "core/stamp.h"
#include "core/app.h"
#include "core/audit.h"
#include "core/files.h"
#include "core/reads.h"
#include "core/registry.h"
#include "core/row.h"
#include "web/html.h"

enum { ROWS = 5000, LINES = 500, COPY_MAX = 64 << 20, REASON = 10 };

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

struct copy { struct ctx *c; struct buf b; int64_t person, rows; bool first; };

static void put_history(struct copy *k, const struct entity *e, int64_t id)
{
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
		for (int64_t n = 0; n < v->changes.n; n++) {
			put_z(&k->b, n ? ",[" : "[");
			put_json(&k->b, change[n].field);
			put_c(&k->b, ',');
			put_json(&k->b, change[n].old);
			put_c(&k->b, ',');
			put_json(&k->b, change[n].now);
			put_c(&k->b, ']');
		}
		put_z(&k->b, "]}");
	}
	put_c(&k->b, ']');
}

static void put_files(struct copy *k, const struct entity *e, int64_t id)
{
	items got;

	if (!(e->keeps & FILES) || files_on(k->c, e, id, &got) != OK)
		return;
	put_z(&k->b, ",\"files\":[");
	for (int64_t i = 0; i < got.n; i++) {
		const struct file_info *f = (const struct file_info *)got.p + i;

		put_z(&k->b, i ? "," : "");
		put_json(&k->b, f->name);
	}
	put_c(&k->b, ']');
}

static void put_one(struct copy *k, const struct table *t, const void *row)
{
	static const struct cols none;

	put_z(&k->b, k->first ? "\n" : ",\n");
	k->first = false;
	put_z(&k->b, "{\"row\":");
	row_json(&k->b, t, row, &none);
	if (t->e->keeps & HISTORY)
		put_history(k, t->e, ((const struct base *)row)->id);
	put_files(k, t->e, ((const struct base *)row)->id);
	put_c(&k->b, '}');
	k->rows++;
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
		put_one(k, t, &p);
	}
	for (const struct field *f = m->e->fields; f->name; f++) {
		items got;

		if (f->type != T_REF || f->ref != &person)
			continue;
		TRY(find_all(k->c, m->e, &got, ROWS, IS({ f->at, v_int(k->person) })));
		for (int64_t i = 0; i < got.n; i++) {
			const char *row = (const char *)got.p + (size_t)i * m->e->size;

			if (!named_before(m->e, f, row, k->person))
				put_one(k, t, row);
		}
	}
	put_c(&k->b, ']');
	return OK;
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
	put_z(&k.b, ",\"rows\":{");
	for (int i = 0, n = 0; rc == OK && i < g->n_entities; i++) {
		bool names = g->metas[i].e == &person;

		for (const struct field *f = g->metas[i].e->fields; f->name; f++)
			names = names || (f->type == T_REF && f->ref == &person);
		if (!names)
			continue;
		put_z(&k.b, n++ ? ",\n" : "\n");
		rc = put_entity(&k, &g->metas[i]);
	}
	put_z(&k.b, "},\n");
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
	TRY(job_add(c, subject_job, p.base.org, in, &id));
	return go_to(c, TEXT(c, "/viec/%lld", (long long)id), &MSG_queued);
}

/* ---- taking out ------------------------------------------------------------------------------------- */

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

enum rc person_erase(struct ctx *c, const void *in_, void *out)
{
	const struct subject_in *in = in_;
	const struct actor *asks;
	struct person p;
	enum rc rc;

	(void)out;
	TRY(find(c, &person, in->person.v, &p));
	if (!may(c, &person, UPDATE, &p))
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
		rc = db_exec(c->db,
			"UPDATE file SET until = ?1 WHERE id IN (SELECT file FROM file_on WHERE entity = 'person' AND row = ?2)",
			VALS(v_int(c->now.v), v_int(in->person.v)), NULL);
	as_actor(c, asks);
	if (rc == OK)
		rc = audit(c, p.base.org, "person", in->person.v, "erase", S(""));
	return rc == OK ? go_to(c, link_to(c, "/person/%lld", (long long)in->person.v), &MSG_erased) : rc;
}
