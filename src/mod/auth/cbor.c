/* cbor.c -- see cbor.h. */
#include "mod/auth/cbor.h"

struct cbor cbor_of(str bytes)
{
	const uint8_t *p = (const uint8_t *)bytes.p;

	return (struct cbor){ p, p ? p + bytes.n : p };
}

/* The number in the head: in the five bits themselves, or in the 1, 2, 4 or 8 bytes that follow. */
static bool number(struct cbor *c, unsigned low, uint64_t *ret)
{
	static const uint64_t least[] = { 24, 256, 65536, UINT64_C(1) << 32 };
	unsigned wide;
	uint64_t v = 0;

	if (low < 24) {
		*ret = low;
		return true;
	}
	if (low > 27)
		return false;
	wide = 1u << (low - 24);
	if ((size_t)(c->end - c->p) < wide)
		return false;
	for (unsigned i = 0; i < wide; i++)
		v = v << 8 | *c->p++;
	*ret = v;
	return v >= least[low - 24];
}

bool cbor_next(struct cbor *c, struct cbor_item *ret)
{
	uint64_t v;
	unsigned head;

	if (c->p >= c->end)
		return false;
	head = *c->p++;
	*ret = (struct cbor_item){ .kind = (enum cbor_kind)(head >> 5) };
	if (ret->kind == CBOR_SIMPLE) {
		ret->n = head & 31;                      /* false, true, null; no floats here */
		return ret->n >= 20 && ret->n <= 22;
	}
	if (!number(c, head & 31, &v) || v > INT64_MAX)
		return false;
	ret->n = ret->kind == CBOR_NEGATIVE ? -1 - (int64_t)v : (int64_t)v;
	switch (ret->kind) {
	case CBOR_BYTES: case CBOR_TEXT:
		if (v > (uint64_t)(c->end - c->p))
			return false;
		ret->bytes = (str){ (const char *)c->p, (ptrdiff_t)v };
		c->p += v;
		return ret->kind == CBOR_BYTES || str_is_utf8(ret->bytes);
	case CBOR_ARRAY: case CBOR_MAP:
		return v <= CBOR_ITEMS;
	case CBOR_TAG:
		return false;                            /* CTAP2 has none */
	case CBOR_UINT: case CBOR_NEGATIVE: case CBOR_SIMPLE: break;
	}
	return true;
}

static bool skip(struct cbor *c, int depth)
{
	struct cbor_item item;
	int64_t n;

	if (depth > CBOR_DEPTH || !cbor_next(c, &item))
		return false;
	n = item.kind == CBOR_ARRAY ? item.n : item.kind == CBOR_MAP ? 2 * item.n : 0;
	for (int64_t i = 0; i < n; i++)
		if (!skip(c, depth + 1))
			return false;
	return true;
}

bool cbor_skip(struct cbor *c)
{
	return skip(c, 0);
}
