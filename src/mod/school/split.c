/* split.c -- a school is divided: the office of the department chooses which class goes to which new school; on its day
 * the pupils, their families, the room, the teaching and what is written about the class go with it. */
#include "mod/school/split.h"
#include "mod/org/change.h"

enum { CLASSES = 400, PEOPLE = 8000 };

static const struct tr
MSG_split_only = { "Chỉ chia tách mới chia lớp.", "Only a division shares classes out." },
MSG_fixed = { "Quyết định đã duyệt: chọn “Sửa lại” trước khi chia lại lớp.",
	"The reorganisation is approved: reopen it before sharing its classes out anew." },
MSG_not_its = { "Lớp hoặc đơn vị này không thuộc lần chia tách.", "This class or unit is not of the division." },
MSG_saved = { "Đã ghi lớp nào về trường nào.", "Which class goes where is noted." };

struct split_key { int64_t change, class, part; org_id old, school; };
#define ROW struct split_key
static const struct shape key_shape = { sizeof(ROW), FIELDS{ { COL(change) }, { COL(class) }, { COL(part) },
	{ REF(old, org) }, { REF(school, org) }, END } };
#undef ROW
#define ROW struct split_in
const struct shape split_in_shape = { sizeof(ROW), FIELDS{ { REF(change, org_change), .is = NEEDED }, END } };
#undef ROW
#define ROW struct split_option
static const struct shape option_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(current) }, END } };
#undef ROW
struct class_line { int64_t id; str name; int64_t size, part; };
#define ROW struct class_line
static const struct shape line_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(size) }, { COL(part) },
	END } };
#undef ROW
#define ROW struct split_class
static const struct shape class_shape_ = { sizeof(ROW), FIELDS{ { COL(i) }, { COL(id) }, { COL(name) }, { COL(size) },
	{ COL(part) }, { MANY(options, option_shape) }, END } };
#undef ROW
#define ROW struct split_view
const struct shape split_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(change) }, { COL(none) }, { COL(few) },
	{ MANY(classes, class_shape_) }, END } };
#undef ROW
#define ROW struct split_choice
static const struct shape choice_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { REF(part, org_change_part), .is = NEEDED,
	.label = { "Về trường", "Goes to" } }, END } };
#undef ROW
#define ROW struct split_save
const struct shape split_save_shape = { sizeof(ROW), FIELDS{ { REF(change, org_change), .is = NEEDED },
	{ MANY(rows, choice_shape), .max = CLASSES, .label = { "Các lớp", "Classes" } }, END } };
#undef ROW

/* ---- choosing ------------------------------------------------------------------------------------------ */

/* The division, its parts in their order and the classes of the divided school: all of it as the reader may see. */
static enum rc read_split(struct ctx *c, org_change_id id, struct org_change *ret, items *ret_parts, items *ret_classes)
{
	TRY(find(c, &org_change, id.v, ret));
	if (ret->kind != CHANGE_SPLIT)
		return FAIL(c, E_STATE, 0, &MSG_split_only);
	if (ret->state != CHANGE_DRAFT)
		return FAIL(c, E_STATE, 0, &MSG_fixed);
	TRY(change_parts(c, ret, ret_parts));
	return query(c, "school/split_classes", &key_shape, &(struct split_key){ .change = id.v, .old = ret->subject },
		&line_shape, ret_classes, CLASSES);
}

bool split_stands(struct ctx *c, const void *row)
{
	const struct org_change *k = row;

	return k->kind == CHANGE_SPLIT && k->state == CHANGE_DRAFT && may(c, &org_change, UPDATE, k);
}

enum rc split_page(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Chia lớp: {1}", "Share classes out: {1}" };
	struct split_view *out = out_;
	struct org_change k;
	items parts, lines;

	TRY(read_split(c, ((const struct split_in *)in_)->change, &k, &parts, &lines));
	struct split_class *v = NEWS(c->mem, struct split_class, lines.n + 1);
	for (int64_t i = 0; i < lines.n; i++) {
		const struct class_line *l = (const struct class_line *)lines.p + i;
		struct split_option *o = NEWS(c->mem, struct split_option, parts.n + 1);

		for (int64_t j = 0; j < parts.n; j++) {
			const struct org_change_part *p = (const struct org_change_part *)parts.p + j;
			o[j] = (struct split_option){ p->base.id, p->part.v ? title_of(c, &org, p->part.v) : p->new_name,
				p->base.id == l->part };
		}
		v[i] = (struct split_class){ i, l->id, l->name, l->size, l->part, { o, parts.n } };
	}
	out->title = sayf(c, &title, ARGS(title_of(c, &org, k.subject.v)));
	out->change = k.base.id;
	out->few = parts.n < 2;
	out->none = lines.n == 0;
	out->classes = out->few ? (items){ 0 } : (items){ v, lines.n };
	return OK;
}

static bool among(const items *rows, size_t size, int64_t id)
{
	for (int64_t i = 0; i < rows->n; i++)
		if (((const struct base *)(const void *)((const char *)rows->p + (size_t)i * size))->id == id)
			return true;
	return false;
}

enum rc split_post(struct ctx *c, const void *in_, void *out)
{
	const struct split_save *in = in_;
	struct org_change k;
	items parts, lines;

	(void)out;
	TRY(read_split(c, in->change, &k, &parts, &lines));
	if (!may(c, &org_change, UPDATE, &k))
		return E_MISSING;
	for (int64_t i = 0; i < in->rows.n; i++) {
		const struct split_choice *s = (const struct split_choice *)in->rows.p + i;
		struct split_key key = { k.base.id, s->class.v, s->part.v, { 0 }, { 0 } };
		bool its = among(&parts, sizeof(struct org_change_part), s->part.v), known = false;

		for (int64_t j = 0; j < lines.n; j++)
			known = known || ((const struct class_line *)lines.p)[j].id == s->class.v;
		if (!its || !known)
			return FAIL(c, E_INVALID, offsetof(struct split_save, rows), &MSG_not_its);
		TRY(execute(c, "school/split_forget", &key_shape, &key, NULL));
		TRY(execute(c, "school/split_choose", &key_shape, &key, NULL));
	}
	TRY(audit(c, k.subject, "org_change", k.base.id, "classes_shared", k.decision));
	c->said = say(c, &MSG_saved);
	c->go = link_to(c, "/org_change/%lld/preview", (long long)k.base.id);
	return OK;
}

/* ---- on its day ------------------------------------------------------------------------------------------ */

struct id_row { int64_t id; };
#define ROW struct id_row
static const struct shape id_shape = { sizeof(ROW), FIELDS{ { COL(id) }, END } };
#undef ROW

/* A school that is there may have a 6A of its own: the one that comes is 6A (2), as in a merger. */
static enum rc free_class_name(struct ctx *c, struct school_class *k)
{
	struct school_class other;
	const str was = k->name;
	enum rc rc;

	for (int n = 2; (rc = find_one(c, &school_class, &other, IS({ offsetof(struct base, org), v_int(k->base.org.v) },
		{ offsetof(struct school_class, year), v_int(k->year.v) },
		{ offsetof(struct school_class, name), v_text(k->name) }))) == OK; n++)
		k->name = TEXT(c, "%.*s (%d)", FMT(was), n);
	return rc == E_MISSING ? OK : rc;
}

/* The room goes with the class, unless another class that stays has it too, or the new school has one of its name. */
static enum rc take_room(struct ctx *c, struct school_class *k, org_id from, org_id to)
{
	struct facility room, other;
	int64_t staying = 0;

	if (!k->room.v)
		return OK;
	TRY(find(c, &facility, k->room.v, &room));
	if (room.base.org.v == to.v)
		return OK;
	TRY(query_int(c, "school/split_room_stays", &key_shape, &(struct split_key){ .class = k->room.v, .old = from,
		.change = k->base.id }, &staying));
	enum rc rc = find_one(c, &facility, &other, IS({ offsetof(struct base, org), v_int(to.v) },
		{ offsetof(struct facility, building), v_text(room.building) },
		{ offsetof(struct facility, name), v_text(room.name) }));
	if (rc != OK && rc != E_MISSING)
		return rc;
	if (staying || rc == OK) {
		k->room.v = 0;
		return OK;
	}
	room.base.org = to;
	return amend(c, &facility, &room);
}

static enum rc take_classes(struct ctx *c, const struct split_key *key, org_id from)
{
	items ids;

	TRY(query(c, "school/split_chosen", &key_shape, key, &id_shape, &ids, CLASSES));
	for (int64_t i = 0; i < ids.n; i++) {
		struct school_class k;

		TRY(find(c, &school_class, ((const struct id_row *)ids.p)[i].id, &k));
		TRY(take_room(c, &k, from, key->school));
		k.base.org = key->school;
		TRY(free_class_name(c, &k));
		TRY(amend(c, &school_class, &k));
	}
	return OK;
}

/* Pupils of the classes, those of their families who have nobody left at the first school, and teachers likewise. */
static enum rc take_people(struct ctx *c, const struct split_key *key, org_id from)
{
	items ids;

	TRY(query(c, "school/split_people", &key_shape, key, &id_shape, &ids, PEOPLE));
	for (int64_t i = 0; i < ids.n; i++) {
		struct person p, other;
		person_id who = { ((const struct id_row *)ids.p)[i].id };
		struct carry_in carried = { who, key->school };

		TRY(find(c, &person, who.v, &p));
		p.base.org = key->school;
		if (p.school_code.n && find_one(c, &person, &other, IS({ offsetof(struct base, org), v_int(key->school.v) },
			{ offsetof(struct person, school_code), v_text(p.school_code) })) != E_MISSING)
			p.school_code = (str){ 0 };
		TRY(amend(c, &person, &p));
		TRY(execute(c, "school/carry_family", &carry_shape, &carried, NULL));
		TRY(carry(c, who, from, key->school));
	}
	return OK;
}

enum rc split_share(struct ctx *c, int64_t part, org_id old, org_id from, org_id to)
{
	const struct split_key key = { .part = part, .old = old, .school = to };

	TRY(take_classes(c, &key, from));
	return take_people(c, &key, from);
}
