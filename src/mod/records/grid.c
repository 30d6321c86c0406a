/* grid.c -- a page of marks, loaded for whoever may see the book. */
#include "mod/records/carried.h"
#include "core/query.h"

static const struct tr
	MSG_no_scheme = { "Khối lớp và năm học này chưa có quy chế đánh giá.",
		"No scheme of assessment is known for this grade and year." };

/* ---- schemes ------------------------------------------------------------------------------------------------ */

/* came: classes whose pupils came from another, as far as this process has met them. */
enum { CAME_KEPT = 256 };
struct shelf { bool loaded; struct arena mem; struct scheme_set set; int64_t rating, came[CAME_KEPT]; };

const struct scheme_set *schemes(struct ctx *c)
{
	struct shelf *s = kept(c, &mod_records, sizeof *s);
	struct arena *mem = s ? &s->mem : c->mem;

	if (!s)
		s = NEW(c->mem, struct shelf);
	if (!s->loaded) {
		if (mem != c->mem)
			arena_init(mem, (size_t)64 << 20);
		schemes_load(mem, str_z(mem, str_fmt(mem, "%s/schemes", data_folder(c))), &s->set, NULL, NULL);
		s->loaded = true;
	}
	return &s->set;
}

void ratings_together(struct ctx *c, school_class_id class)
{
	struct shelf *s = kept(c, &mod_records, sizeof *s);

	if (s)
		s->rating = class.v;
}

bool rated_together(struct ctx *c, school_class_id class)
{
	const struct shelf *s = kept(c, &mod_records, sizeof *s);

	return s && s->rating == class.v;
}

/* Lines of scheme.parameter=value; those of other schemes are passed over. */
static const struct scheme *with_parameters(struct ctx *c, const struct scheme *s, str lines)
{
	struct scheme *own_ = NEW(c->mem, struct scheme);
	str line, name, value, code;

	*own_ = *s;
	while (lines.n) {
		str_cut(lines, '\n', &line, &lines);
		if (str_cut(line, '=', &name, &value) && str_cut(str_trim(name), '.', &code, &name) && str_eq(code, s->is.code))
			scheme_set(own_, str_trim(name), str_trim(value));
	}
	return own_;
}

const struct scheme *scheme_at(struct ctx *c, org_id at, pick grade, int64_t year)
{
	const struct scheme *s = scheme_for(schemes(c), grade, (int)year);
	str lines = s && s->n_parameters ? setting(c, &mod_records, "parameters", at) : (str){ 0 };

	return lines.n ? with_parameters(c, s, lines) : s;
}

/* ---- loading ---------------------------------------------------------------------------------------------------- */

#define ROW struct book_in
const struct shape book_in_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(subject) },
	{ COL(term), .pick = mark_terms }, { COL(course) }, { COL(school) }, { COL(year) }, END } };
#undef ROW
#define ROW struct course_head
static const struct shape head_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(org, org) }, { COL(class) },
	{ COL(subject) }, { COL(lessons) }, { COL(entries) }, { COL(head) }, { COL(code) },
	{ COL(subject_name) }, { COL(comment_only) }, { COL(grade), .pick = grades }, { COL(year) }, { COL(class_name) },
	END } };
#undef ROW
#define ROW struct lock_row
static const struct shape lock_shape = { sizeof(ROW), FIELDS{ { COL(part) }, { COL(id) }, { COL(on) }, { COL(now) },
	END } };
#undef ROW
#define ROW struct grid_row
static const struct shape row_shape = { sizeof(ROW), FIELDS{ { REF(pupil, person) }, { COL(exempt) }, { COL(came) },
	{ COL(name) }, END } };
#undef ROW
struct mark_row { int64_t mark, pupil; str cells; score average; str comment, remark; };
#define ROW struct mark_row
static const struct shape mark_shape = { sizeof(ROW), FIELDS{ { COL(mark) }, { COL(pupil) }, { COL(cells) },
	{ COL(average) }, { COL(comment) }, { COL(remark) }, END } };
#undef ROW
enum { CLASS_MAX = 120 };

enum rc course_find(struct ctx *c, school_class_id class, subject_id subject_, struct course_head *ret)
{
	return query_one(c, "records/course_head", &book_in_shape, &(struct book_in){ .class = class.v,
		.subject = subject_.v }, &head_shape, ret);
}

pick slot_part(const struct grid *g, int slot)
{
	return slot == SLOT_REMARK ? PART_REMARK : g->layout.slots[slot].part;
}

bool slot_open(const struct grid *g, int slot)
{
	return !g->locked[slot] || g->reopened[slot];
}

bool grid_reopened(const struct grid *g)
{
	for (int s = 0; s <= SLOT_REMARK; s++)
		if (g->locked[s] && g->reopened[s])
			return true;
	return false;
}

static void one_lock(struct grid *g, const struct lock_row *l)
{
	pick part = 0;

	while (part < PARTS && !str_is(l->part, reopen_parts[part].code))
		part++;
	if (part == PARTS)
		return;
	if (l->id && !l->now) {
		g->asked[part] = true;
		return;
	}
	if (!l->id) {
		g->lock_day[part] = l->on.v == NO_DAY.v ? g->lock_day[part] : l->on;
		g->lock_now[part] = g->lock_now[part] || l->now;         /* a lock and a close, or a former school's    */
	} else if (g->reopened_until[part].v == NO_DAY.v || g->reopened_until[part].v < l->on.v) {
		g->reopened_until[part] = l->on;
	}
	for (int s = 0; l->now && s <= SLOT_REMARK; s++)
		if ((s < g->layout.n || s == SLOT_REMARK) && (part == PART_ALL || part == slot_part(g, s)))
			(l->id ? g->reopened : g->locked)[s] = true;
}

static void set_locks(struct grid *g, items got)
{
	bool whole = g->layout.n > 0;

	for (int p = 0; p < PARTS; p++)
		g->lock_day[p] = g->reopened_until[p] = NO_DAY;
	for (int64_t i = 0; i < got.n; i++)
		one_lock(g, (const struct lock_row *)got.p + i);
	/* a book whose columns are locked one by one is locked with the last of them */
	for (int s = 0; s < g->layout.n; s++)
		whole = whole && g->locked[s];
	g->locked[SLOT_REMARK] = g->locked[SLOT_REMARK] || whole;
}

/* Where it is remembered that pupils of a class came from another: then a save asks at once what they brought. Only the
 * order of asking hangs on it. */
static int64_t *came_into(struct ctx *c, int64_t class)
{
	struct shelf *s = kept(c, &mod_records, sizeof *s);

	return s ? &s->came[(uint64_t)class % CAME_KEPT] : NULL;
}

/* What a pupil brought from earlier classes of the year counts with what is written here. */
static enum rc bring(struct ctx *c, struct grid *g, const struct book_in *in, struct ahead *asked)
{
	int64_t *came = came_into(c, in->class);
	items rows = { 0 };
	bool any = false;

	for (int64_t i = 0; i < g->n; i++)
		any = any || g->rows[i].came;
	if (came && (any || *came == in->class))
		*came = any ? in->class : 0;
	if (!any)
		return OK;
	TRY(carried_term(c, in, asked, &rows));
	for (int64_t i = 0; i < g->n; i++) {
		struct grid_row *r = &g->rows[i];
		if (!r->came)
			continue;
		cells_read(&g->layout, r->cells, r->cells_all);
		const struct carried_row *from = carried_into(&rows, in->class, r->pupil.v, in->subject, g->term, &g->layout,
			r->cells_all, r->old);
		r->came = from != NULL;
		r->from = carried_from(c, from);
		if (from)
			cells_result(&g->layout, r->cells_all, &r->average, &r->comment);
	}
	return OK;
}

void row_cells(const struct cell_layout *l, const struct grid_row *r, int32_t cells[static SLOTS])
{
	if (r->came)
		memcpy(cells, r->cells_all, sizeof r->cells_all);
	else
		cells_read(l, r->cells, cells);
}

/* Pupils and marks come each by itself: joined there, PostgreSQL would hold every pupil against every mark. */
static enum rc set_rows(struct ctx *c, struct grid *g, items pupils, items marks, struct ahead *carried)
{
	struct book_in in = { g->head.class, g->head.subject, g->term, g->head.id, g->head.org.v, 0 };

	g->rows = NEWS(c->mem, struct grid_row, pupils.n + 1);
	memcpy(g->rows, pupils.p, sizeof *g->rows * (size_t)pupils.n);
	g->n = pupils.n;
	for (int64_t i = 0; i < g->n; i++)
		g->rows[i].average = NO_SCORE;
	for (int64_t i = 0; i < marks.n; i++) {
		const struct mark_row *m = (const struct mark_row *)marks.p + i;
		for (int64_t k = 0; k < g->n; k++)
			if (g->rows[k].pupil.v == m->pupil) {
				struct grid_row *r = &g->rows[k];
				r->mark = m->mark;
				r->cells = m->cells;
				r->average = m->average;
				r->comment = r->written = m->comment;
				r->remark = m->remark;
				break;
			}
	}
	TRY(bring(c, g, &in, carried));
	return g->term == TERM_YEAR ? retests_bar(c, g) : OK;
}

bool book_teaches(struct ctx *c, const struct course_head *k)
{
	struct course row = { .base = { .id = k->id, .org = k->org }, .class = { k->class }, .subject = { k->subject } };

	return may(c, &course, UPDATE, &row);
}

enum { ASK_HEAD, ASK_LOCKS, ASK_PUPILS, ASK_MARKS, ASK_CARRIED, ASKS };

static enum rc set_layout(struct ctx *c, struct grid *g)
{
	const struct course_head *k = &g->head;
	/* parameters change ratings, never cells and averages */
	const struct scheme *s = scheme_for(schemes(c), k->grade, (int)k->year);

	if (!s)
		return FAIL(c, E_STATE, 0, &MSG_no_scheme);
	if (g->term == TERM_YEAR)
		layout_retest(c->mem, s, k->comment_only, (int)k->lessons, &g->layout);
	else
		layout_make(c->mem, s, k->grade, k->code, k->comment_only, (int)k->lessons, &g->layout);
	return OK;
}

static enum rc take_grid(struct ctx *c, struct ahead *a, struct grid *g)
{
	items head, locks, pupils, marks;

	TRY(query_take(c, &a[ASK_HEAD], &head));
	if (head.n == 0)
		return E_MISSING;
	g->head = *(const struct course_head *)head.p;
	TRY(query_take(c, &a[ASK_LOCKS], &locks));
	TRY(query_take(c, &a[ASK_PUPILS], &pupils));
	TRY(query_take(c, &a[ASK_MARKS], &marks));
	TRY(set_layout(c, g));
	set_locks(g, locks);
	return set_rows(c, g, pupils, marks, &a[ASK_CARRIED]);
}

struct book_asked { struct book_in in; struct ahead at[ASKS]; };

/* The request may end without taking them: what it asked for was done before. */
static void leave_book(void *arg)
{
	struct book_asked *b = arg;

	query_leave(b->at, ASKS);
}

static struct book_asked *ask_book(struct ctx *c, const struct book_in *in, bool held)
{
	struct book_asked *b = NEW(c->mem, struct book_asked);

	b->in = *in;
	arena_at_end(c->mem, leave_book, b);
	query_ahead(c, held ? "records/course_held" : "records/course_head", &book_in_shape, in, &head_shape,
		&b->at[ASK_HEAD], 1);
	query_ahead(c, "records/locks", &book_in_shape, in, &lock_shape, &b->at[ASK_LOCKS], 40);
	query_ahead(c, held ? "records/book_seats" : "records/book_pupils", &book_in_shape, in, &row_shape,
		&b->at[ASK_PUPILS], CLASS_MAX);
	query_ahead(c, "records/book_marks", &book_in_shape, in, &mark_shape, &b->at[ASK_MARKS], CLASS_MAX);
	const int64_t *came = came_into(c, in->class);
	if (came && *came == in->class)
		carried_ahead(c, in, &b->at[ASK_CARRIED]);
	return b;
}

void book_ahead(struct ctx *c, school_class_id class, subject_id subject_, pick term_)
{
	c->ahead = ask_book(c, &(struct book_in){ .class = class.v, .subject = subject_.v, .term = term_ }, true);
}

enum rc book_load(struct ctx *c, school_class_id class, subject_id subject_, pick term_, bool held, struct grid *ret)
{
	struct book_in in = { .class = class.v, .subject = subject_.v, .term = term_ };
	struct book_asked *b = c->ahead;

	memset(ret, 0, sizeof *ret);
	ret->term = term_;
	if (!held || !b || b->in.class != in.class || b->in.subject != in.subject || b->in.term != term_)
		b = ask_book(c, &in, held);
	else
		c->ahead = NULL;                         /* as they were then: once                             */
	enum rc rc = take_grid(c, b->at, ret);
	query_leave(b->at, ASKS);
	return rc;
}

enum rc grid_load(struct ctx *c, school_class_id class, subject_id subject_, pick term_, struct grid *ret)
{
	TRY(book_load(c, class, subject_, term_, false, ret));
	ret->may_write = book_teaches(c, &ret->head);
	return OK;
}
