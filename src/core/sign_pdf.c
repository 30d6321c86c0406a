/* sign_pdf.c -- a PAdES signature as an incremental update: a new field with its signature, the catalog and the first
 * page written again to know it, and a table of where they stand.
 *
 * Reads only what this program wrote: cairo's PDF 1.5 with a plain cross-reference table, and our own updates of it.
 * Whatever is not exactly that is refused. */
#include "core/sign_in.h"
#include "base/calendar.h"

#include <stdio.h>

enum { OBJECTS_MAX = 200000, UPDATES_MAX = 16, NUMBER_WIDTH = 10 };
static const struct tr MSG_not_ours = { "Tệp PDF này không phải do hệ thống tạo ra, không ký thêm được.",
	"This PDF was not made by this program and cannot be signed." };

struct pdf { str all; int64_t size, root, info, xref; int64_t *at; };

/* The number after the first `key` in text; -1: none. */
static int64_t number_after(str text, const char *key)
{
	ptrdiff_t i = str_find(text, str_of(key));
	int64_t v = 0;
	bool some = false;

	if (i < 0)
		return -1;
	for (i += (ptrdiff_t)strlen(key); i < text.n && (text.p[i] == ' ' || text.p[i] == '\n'); i++)
		continue;
	for (; i < text.n && text.p[i] >= '0' && text.p[i] <= '9' && v < INT64_C(1) << 40; i++, some = true)
		v = v * 10 + (text.p[i] - '0');
	return some ? v : -1;
}

static bool line(str *rest, str *ret)
{
	if (!str_cut(*rest, '\n', ret, rest))
		return false;
	*ret = str_trim(*ret);
	return true;
}

/* One table and its trailer; entries of newer tables stay. *prev: where the one before is, -1: none. */
static bool read_table(struct pdf *p, int64_t where, int64_t *prev)
{
	str rest = str_sub(p->all, where, -1), head, a, b;
	int64_t first, n, at;

	if (where < 0 || where >= p->all.n || !line(&rest, &head) || !str_is(head, "xref"))
		return false;
	while (line(&rest, &head) && !str_is(head, "trailer")) {
		if (!str_cut(head, ' ', &a, &b) || !str_to_int(a, &first) || !str_to_int(b, &n) || first < 0 || n < 0 ||
			first + n > OBJECTS_MAX)
			return false;
		for (int64_t i = first; i < first + n; i++) {
			if (!line(&rest, &head) || head.n != 18 || !str_to_int(str_sub(head, 0, 10), &at))
				return false;
			if (p->at[i] == 0 && head.p[17] == 'n')
				p->at[i] = at;
		}
	}
	ptrdiff_t end = str_find(rest, S(">>"));
	rest = str_sub(rest, 0, end < 0 ? 0 : end);
	if (p->root == 0) {
		p->size = number_after(rest, "/Size");
		p->root = number_after(rest, "/Root");
		p->info = number_after(rest, "/Info");
	}
	*prev = number_after(rest, "/Prev");
	return p->root > 0 && p->size > 0 && p->size < OBJECTS_MAX;
}

static bool read_pdf(struct ctx *c, str all, struct pdf *ret)
{
	str tail = str_sub(all, all.n - 40 < 0 ? 0 : all.n - 40, -1);
	int64_t next;

	*ret = (struct pdf){ .all = all, .at = NEWS(c->mem, int64_t, OBJECTS_MAX) };
	if (!str_starts(all, S("%PDF-1.")) || !str_ends(str_trim(all), S("%%EOF")))
		return false;
	next = ret->xref = number_after(tail, "startxref");
	for (int i = 0; next >= 0 && i < UPDATES_MAX; i++)
		if (!read_table(ret, next, &next))
			return false;
	return next < 0 && ret->root > 0;
}

/* The text of an object's dictionary, "<< .. >>"; empty: there is none. */
static str object(const struct pdf *p, struct arena *a, int64_t n)
{
	str begin = str_fmt(a, "%lld 0 obj", (long long)n), text;
	ptrdiff_t end;

	if (n <= 0 || n >= p->size || p->at[n] <= 0 || p->at[n] >= p->all.n)
		return (str){ 0 };
	text = str_sub(p->all, p->at[n], -1);
	end = str_find(text, S("endobj"));
	if (!str_starts(text, begin) || end < 0)
		return (str){ 0 };
	text = str_trim(str_sub(text, begin.n, end));
	return str_starts(text, S("<<")) && str_ends(text, S(">>")) ? text : (str){ 0 };
}

/* The dictionary with one more reference in an array: after `there` when it has it, else as a new entry. */
static str with_reference(struct arena *a, str dict, const char *there, const char *fresh, int64_t n)
{
	ptrdiff_t at = str_find(dict, str_of(there));

	if (at >= 0) {
		at += (ptrdiff_t)strlen(there);
		return str_fmt(a, "%.*s%lld 0 R %.*s", FMT(str_sub(dict, 0, at)), (long long)n, FMT(str_sub(dict, at, -1)));
	}
	return str_fmt(a, "%.*s%s%s%lld 0 R ]%s>>", FMT(str_sub(dict, 0, dict.n - 2)), fresh, there, (long long)n,
		str_find(str_of(fresh), S("<<")) >= 0 ? " >> " : " ");
}

/* Text as PDF has it whatever its letters: UTF-16 in hexadecimal. */
static str pdf_text(struct arena *a, str text)
{
	struct buf b;

	buf_init(&b, a, 1 << 14);
	put_z(&b, "<FEFF");
	for (ptrdiff_t i = 0; i < text.n;) {
		uint32_t u = str_next(text, &i);
		char hex[16];
		if (u > 0xffff)
			snprintf(hex, sizeof hex, "%04X%04X", 0xd800 + ((u - 0x10000) >> 10), 0xdc00 + (u & 0x3ff));
		else
			snprintf(hex, sizeof hex, "%04X", u);
		put_z(&b, hex);
	}
	put_c(&b, '>');
	return buf_str(&b);
}

struct places { int64_t range, open, close, field, signature; };

static str time_text(struct ctx *c, instant at)
{
	str iso = instant_iso(c->mem, at);               /* 2014-09-05T14:32:00+07:00 */
	const char *p = iso.p;

	return TEXT(c, "D:%.4s%.2s%.2s%.2s%.2s%.2s%.3s'%.2s'", p, p + 5, p + 8, p + 11, p + 14, p + 17, p + 19, p + 23);
}

static void put_signature(struct ctx *c, struct buf *b, const struct sign_key *k, const struct sign_pdf *ask, int64_t n,
	int64_t room, struct places *at)
{
	at->signature = (int64_t)b->n;
	put_fmt(b, "%lld 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n/ByteRange ",
		(long long)n);
	at->range = (int64_t)b->n;
	for (int i = 0; i < 4 * (NUMBER_WIDTH + 1) + 1; i++)
		put_c(b, ' ');
	put_z(b, "\n/Contents ");
	at->open = (int64_t)b->n;
	put_c(b, '<');
	for (int64_t i = 0; i < room * 2; i++)
		put_c(b, '0');
	put_c(b, '>');
	at->close = (int64_t)b->n;
	put_fmt(b, "\n/M (%.*s) /Name %.*s", FMT(time_text(c, ask->at)), FMT(pdf_text(c->mem, k->subject)));
	if (ask->reason.n)
		put_fmt(b, " /Reason %.*s", FMT(pdf_text(c->mem, ask->reason)));
	if (ask->place.n)
		put_fmt(b, " /Location %.*s", FMT(pdf_text(c->mem, ask->place)));
	put_z(b, " >>\nendobj\n");
}

static void put_entry(struct buf *b, int64_t n, int count, const int64_t *at)
{
	char entry[32];

	put_fmt(b, "%lld %d\n", (long long)n, count);
	for (int i = 0; i < count; i++) {
		snprintf(entry, sizeof entry, "%010lld 00000 n \n", (long long)at[i]);
		put_z(b, entry);
	}
}

static void put_objects(struct ctx *c, struct buf *b, const struct pdf *p, int64_t page, str page_text, str root_text,
	const struct sign_key *k, const struct sign_pdf *ask, int64_t room, struct places *at)
{
	int64_t field = p->size, root_at, page_at, xref, both[2];

	put(b, p->all);
	if (!str_ends(p->all, S("\n")))
		put_c(b, '\n');
	root_at = (int64_t)b->n;
	put_fmt(b, "%lld 0 obj\n%.*s\nendobj\n", (long long)p->root,
		FMT(with_reference(c->mem, root_text, "/Fields [ ", "/AcroForm << /SigFlags 3 ", field)));
	page_at = (int64_t)b->n;
	put_fmt(b, "%lld 0 obj\n%.*s\nendobj\n", (long long)page,
		FMT(with_reference(c->mem, page_text, "/Annots [ ", "", field)));
	both[0] = at->field = (int64_t)b->n;
	put_fmt(b, "%lld 0 obj\n<< /FT /Sig /T (chu-ky-%lld) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /F 132 "
		"/P %lld 0 R /V %lld 0 R >>\nendobj\n", (long long)field, (long long)field, (long long)page,
			(long long)field + 1);
	put_signature(c, b, k, ask, field + 1, room, at);
	both[1] = at->signature;
	xref = (int64_t)b->n;
	put_z(b, "xref\n");
	put_entry(b, p->root, 1, &root_at);
	put_entry(b, page, 1, &page_at);
	put_entry(b, field, 2, both);
	put_fmt(b, "trailer\n<< /Size %lld /Root %lld 0 R", (long long)p->size + 2, (long long)p->root);
	if (p->info > 0)
		put_fmt(b, " /Info %lld 0 R", (long long)p->info);
	put_fmt(b, " /Prev %lld >>\nstartxref\n%lld\n%%%%EOF\n", (long long)p->xref, (long long)xref);
}

/* Writes over the blanks; same length. */
static enum rc fill_in(struct ctx *c, struct buf *b, const struct sign_key *k, const struct places *at, int64_t room)
{
	int64_t size = (int64_t)b->n, len;
	str cms, hex, text = TEXT(c, "[0 %lld %lld %lld]", (long long)at->open, (long long)at->close,
		(long long)(size - at->close));
	char *signed_ = NEWS(c->mem, char, size);

	memcpy(b->p + at->range, text.p, (size_t)text.n);
	len = at->open + size - at->close;
	memcpy(signed_, b->p, (size_t)at->open);
	memcpy(signed_ + at->open, b->p + at->close, (size_t)(size - at->close));
	TRY(sign_cms(c, k, hash_sha256((str){ signed_, len }), &cms));
	if (cms.n > room)
		return E_FAULT;
	hex = hex_of(c->mem, cms.p, (size_t)cms.n);
	memcpy(b->p + at->open + 1, hex.p, (size_t)hex.n);
	return OK;
}

enum rc sign_pdf(struct ctx *c, const struct sign_key *k, str pdf, const struct sign_pdf *ask, str *ret)
{
	struct pdf p;
	struct places at;
	struct buf b;
	int64_t page, room = k->certificate.n + 2048;

	if (!read_pdf(c, pdf, &p))
		return FAIL(c, E_INVALID, 0, &MSG_not_ours);
	str root = object(&p, c->mem, p.root), pages = object(&p, c->mem, number_after(root, "/Pages"));
	page = number_after(pages, "/Kids [");
	str page_text = object(&p, c->mem, page);
	if (!root.n || !pages.n || !page_text.n || str_find(page_text, S("/Type /Page")) < 0)
		return FAIL(c, E_INVALID, 0, &MSG_not_ours);
	for (int i = 0; i < k->n_chain; i++)
		room += k->chain[i].n;
	buf_init(&b, c->mem, (size_t)pdf.n + (size_t)room * 2 + (size_t)root.n + (size_t)page_text.n + 8192);
	put_objects(c, &b, &p, page, page_text, root, k, ask, room, &at);
	if (b.over)
		return E_LIMIT;
	TRY(fill_in(c, &b, k, &at, room));
	*ret = buf_str(&b);
	return OK;
}
