/* list_key.c -- see listing.h: where a page ends, as text: base64url of the order columns' values and the id. */
#include "core/listing.h"
#include "core/data.h"

static void put_eight(struct buf *b, int64_t v)
{
	for (int i = 7; i >= 0; i--)
		put_c(b, (char)((uint64_t)v >> (8 * i) & 255));
}

static int64_t take_eight(str *s)
{
	uint64_t v = 0;
	for (int i = 0; i < 8; i++)
		v = v << 8 | (unsigned char)s->p[i];
	*s = str_sub(*s, 8, -1);
	return (int64_t)v;
}

/* Which order a key is of. */
static char mark_of(const struct listing *l)
{
	const struct order *o = &l->order[0];
	const struct field *f = o->via ? o->via : o->f;
	return (char)(f ? column_at(l->t, f->at) : 127);
}

str listing_key(struct listing *l, const struct sort_key *k)
{
	struct buf b;
	buf_init(&b, l->c->mem, 4096);
	put_c(&b, (char)l->n_order);
	put_c(&b, mark_of(l));
	for (int i = 0; i < l->n_order; i++) {
		put_c(&b, (char)k->v[i].type);
		if (k->v[i].type == V_INT) {
			put_eight(&b, k->v[i].i);
		} else if (k->v[i].type != V_NULL) {
			put_eight(&b, k->v[i].s.n);
			put(&b, k->v[i].s);
		}
	}
	put_eight(&b, k->id);
	if (b.over)
		return (str){ 0 };
	return base64url_of(l->c->mem, b.p, b.n);
}

static enum val_type order_type(const struct order *o)
{
	if (!o->f)
		return V_BLOB;
	return o->f->type == T_TEXT || o->f->type == T_PICK ? V_TEXT : V_INT;
}

bool listing_key_read(struct listing *l, str text, struct sort_key *ret)
{
	str s;
	if (text.n > 8000 || !base64url_read(l->c->mem, text, &s) || s.n < 10 || s.p[0] != l->n_order
	    || s.p[1] != mark_of(l))
		return false;
	s = str_sub(s, 2, -1);
	for (int i = 0; i < l->n_order; i++) {
		if (s.n < 1)
			return false;
		enum val_type type = (enum val_type)s.p[0];
		enum val_type want = order_type(&l->order[i]);
		s = str_sub(s, 1, -1);
		if (type == V_NULL) {
			ret->v[i] = v_null();
			continue;
		}
		if (type != want || s.n < 8)
			return false;
		int64_t v = take_eight(&s);
		ret->v[i] = v_int(v);
		if (type == V_INT)
			continue;
		if (v < 0 || v > s.n || (type == V_TEXT && !str_is_utf8(str_sub(s, 0, v))))
			return false;
		ret->v[i] = (struct val){ type, 0, str_sub(s, 0, v) };
		s = str_sub(s, v, -1);
	}
	if (s.n != 8)
		return false;
	ret->id = take_eight(&s);
	return true;
}
