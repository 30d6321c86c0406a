/* list_order.c -- see listing.h: the order of a list, and where its pages begin. */
#include "core/listing.h"
#include "core/data.h"
#include "core/row.h"

static bool never_null(const struct field *f)
{
	return f->type == T_INT || f->type == T_BOOL || f->type == T_MONEY || f->type == T_PICK;
}

bool listing_may_use(const struct listing *l, int k)
{
	return k >= 0 && (k < BASE_COLUMNS || !rights_hide(&l->rights, l->t->columns[k]));
}

bool listing_may_filter(const struct listing *l, int k)
{
	if (!listing_may_use(l, k))
		return false;
	const struct field *f = l->t->columns[k];
	if (k < BASE_COLUMNS || f->is & (FILTER | SEARCH) || f->type == T_REF)
		return true;
	for (int i = 0; i < (int)COUNT(l->t->e->list) && l->t->e->list[i]; i++)
		if (l->t->e->list[i] == f->at)
			return true;
	return false;
}

enum rc listing_no_column(struct listing *l, col at)
{
	static const struct tr says = { "Không lọc hay sắp xếp theo cột này được; hãy bỏ điều kiện đó.",
		"This column cannot be filtered or sorted by; remove that condition." };

	return FAIL(l->c, E_INVALID, at, &says);
}

bool order_by_title(const struct ctx *c, const struct field *f, struct order *ret)
{
	const struct table *of = f->type == T_REF && f->ref ? table_for(c, f->ref) : NULL;
	const struct field *first = of && of->n_order ? of->order[0] : NULL;

	if (!first || (!of->meta->sort && (first->type == T_REF || first->is & (PRIVATE | SECRET))))
		return false;
	*ret = (struct order){ of->meta->sort ? NULL : first, true, f, of };
	return true;
}

/* By a column of numbers, words or days; by a reference as what it refers to stands in its own list, where the reader
 * may see that; what he may not see comes last. */
static struct order by_column(struct listing *l, const struct field *f)
{
	struct order o;

	if (f->at < sizeof(struct base) || !order_by_title(l->c, f, &o))
		return (struct order){ f, !never_null(f), NULL, NULL };
	rights_of(l->c, o.of, o.of->e->grants, READ, &l->by);
	return o;
}

enum rc listing_order(struct listing *l)
{
	const struct list_ask *a = l->ask;
	const struct table *t = l->t;
	bool usual = listing_usual(l);
	l->down = a->down != a->back;
	if (usual && t->meta->sort) {
		l->order[l->n_order++] = (struct order){ NULL, false, NULL, NULL };
	} else if (usual) {
		for (int i = 0; i < t->n_order; i++)
			l->order[l->n_order++] = (struct order){ t->order[i], !never_null(t->order[i]), NULL, NULL };
	} else {
		int k = column_at(t, a->sort);
		if (!listing_may_filter(l, k))
			return listing_no_column(l, a->sort);
		if (k > 0)
			l->order[l->n_order++] = by_column(l, t->columns[k]);
	}
	return OK;
}

static void draft_title(struct listing *l, struct draft *d, const struct order *o)
{
	bool few = d->few;

	put_z(&d->sql, "(SELECT by_.");
	put_z(&d->sql, o->f ? o->f->name : "_sort");
	put_z(&d->sql, " FROM ");
	put_z(&d->sql, o->of->e->name);
	put_z(&d->sql, " by_ WHERE by_.id = ");
	draft_column(d, &l->rights, o->via, "a");
	put_z(&d->sql, " AND ");
	d->few = true;
	d->seats += l->rights.n;
	draft_rights(d, &l->by, "by_");
	d->seats -= l->rights.n;
	d->few = few;
	put_c(&d->sql, ')');
}

void draft_order_column(struct listing *l, struct draft *d, int i)
{
	if (l->order[i].via)
		draft_title(l, d, &l->order[i]);
	else if (!l->order[i].f)
		put_z(&d->sql, "a._sort");
	else if (column_at(l->t, l->order[i].f->at) < BASE_COLUMNS)
		put_fmt(&d->sql, "a.%s", l->order[i].f->name);
	else
		draft_column(d, &l->rights, l->order[i].f, "a");
}

/* Column i lies after the key's value in the order; empty values come last going up, first going down. */
static void draft_beyond(struct listing *l, struct draft *d, int i, int arg)
{
	bool none = l->after.v[i].type == V_NULL;
	if (none) {
		if (l->down) {
			draft_order_column(l, d, i);
			put_z(&d->sql, " IS NOT NULL");
		} else {
			put_z(&d->sql, "0 = 1");
		}
		return;
	}
	put_c(&d->sql, '(');
	draft_order_column(l, d, i);
	put_z(&d->sql, l->down ? " < " : " > ");
	draft_slot(d, SLOT_ARG, arg);
	if (l->order[i].nullable && !l->down) {
		put_z(&d->sql, " OR ");
		draft_order_column(l, d, i);
		put_z(&d->sql, " IS NULL");
	}
	put_c(&d->sql, ')');
}

void draft_after(struct listing *l, struct draft *d, int arg)
{
	if (!l->order[0].nullable && l->n_order && l->after.v[0].type != V_NULL) {   /* where the index begins */
		put_z(&d->sql, " AND ");
		draft_order_column(l, d, 0);
		put_z(&d->sql, l->down ? " <= " : " >= ");
		draft_slot(d, SLOT_ARG, arg);
	}
	put_z(&d->sql, " AND (");
	for (int i = 0; i <= l->n_order; i++) {
		put_z(&d->sql, i ? " OR (" : "(");
		for (int k = 0; k < i; k++) {
			draft_order_column(l, d, k);
			if (l->after.v[k].type == V_NULL) {
				put_z(&d->sql, " IS NULL AND ");
			} else {
				put_z(&d->sql, " = ");
				draft_slot(d, SLOT_ARG, arg + k);
				put_z(&d->sql, " AND ");
			}
		}
		if (i < l->n_order) {
			draft_beyond(l, d, i, arg + i);
		} else {
			put_z(&d->sql, l->down ? "a.id < " : "a.id > ");
			draft_slot(d, SLOT_ARG, arg + i);
		}
		put_c(&d->sql, ')');
	}
	put_c(&d->sql, ')');
}

void draft_order(struct listing *l, struct draft *d)
{
	put_z(&d->sql, " ORDER BY ");
	for (int i = 0; i < l->n_order; i++) {
		draft_order_column(l, d, i);
		put_z(&d->sql, l->down ? " DESC" : "");
		put_z(&d->sql, !l->order[i].nullable ? ", " : l->down ? " NULLS FIRST, " : " NULLS LAST, ");
	}
	put_z(&d->sql, l->down ? "a.id DESC" : "a.id");
}
