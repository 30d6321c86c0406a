/* print_table.c -- tables: shares of the width, spans, heads repeated on every page. A row stays whole unless it is
 * taller than a page; rows tied by a span stay on one page when they fit on one. */
#include "core/print_in.h"

enum { COLUMNS = 64, GROUP = 400, SIGNED_ROWS = 3 };
static const double PAD = 1.2 * MM, ABOVE = 0.7 * MM, LOOSE = 8, HEAD_ROOM = 40, QUIET = 3 * MM;

struct cell { const struct print_node *n; int col, across, down; double x, w, h, image_h, text_h;
	const struct print_node *image; PangoLayout *text;            /* the image stands above the text */
	const struct print_node *code; double code_side, code_h; };    /* the code beside it, white around it */
/* where a row stands; several: cut by page ends */
struct piece { int leaf; double y, h; struct piece *next; };
struct row { struct cell *cells; int n; double h; struct piece *first, *last; };
/* above: what stands free above and below the text of a cell. most: the rows of the body that a page takes, 0: as many
 * as fit; on: those on leaf. tail: how high a signature below the table is, with what stands between, 0 none. */
struct print_table { const struct print_node *head; double x[COLUMNS + 1]; int n; bool bare; double size, above, tail;
	int most, on, leaf; };

/* ---- columns ---------------------------------------------------------------------------------------- */

static int widest(const struct print_node *table)
{
	int most = 1;
	for (const struct print_node *part = table->first; part; part = part->next)
		for (const struct print_node *tr = part->tag == TAG_COLGROUP ? NULL : part->first; tr; tr = tr->next) {
			int n = 0;
			for (const struct print_node *k = tr->first; k; k = k->next)
				n += k->across;
			most = n > most ? n : most;
		}
	return most < COLUMNS ? most : COLUMNS;
}

static void columns_set(const struct print_sheets *p, const struct print_node *table, struct print_table *t)
{
	double share[COLUMNS], all = 0, w = p->right - p->left;
	t->n = 0;
	for (const struct print_node *part = table->first; part; part = part->next) {
		if (part->tag == TAG_THEAD)
			t->head = part;
		for (const struct print_node *k = part->tag == TAG_COLGROUP ? part->first : NULL; k && t->n < COLUMNS;
			k = k->next)
			share[t->n++] = k->width ? k->width : 1;
	}
	if (t->n == 0)
		for (int n = widest(table); t->n < n;)
			share[t->n++] = 1;
	for (int i = 0; i < t->n; i++)
		all += share[i];
	t->x[0] = p->left;
	for (int i = 0; i < t->n; i++)
		t->x[i + 1] = t->x[i] + w * share[i] / all;
	t->x[t->n] = p->right;
}

/* ---- rows -------------------------------------------------------------------------------------------- */

/* The code of a cell: no wider than half of it. What it takes of the width. */
static double code_layout(const struct print_sheets *p, struct cell *k)
{
	double most = k->w / 2 - 2 * QUIET, tallest = (p->bottom - p->top) / 2;

	for (const struct print_node *i = k->n->first; i && !k->code; i = i->next)
		k->code = i->tag == TAG_FIGURE && i->text.n ? i : NULL;
	if (!k->code)
		return 0;
	k->code_side = (k->code->width ? k->code->width : PRINT_QR_MM) * MM;
	most = most < tallest ? most : tallest;
	k->code_side = k->code_side < most ? k->code_side : most > QUIET ? most : QUIET;
	k->code_h = k->code_side + 2 * QUIET;
	return k->code_h;
}

static void cell_layout(struct print_sheets *p, const struct print_table *t, struct cell *k)
{
	const struct print_node *n = k->n;
	bool head = n->tag == TAG_TH;
	double size = n->is & IS_TINY ? 8 : n->is & IS_SMALL ? 9 : t->size;
	struct print_style s = { .size = size < t->size ? size : t->size, .bold = head,
		.side = n->is & IS_CENTER || (head && !(n->is & IS_LEFT)) ? PANGO_ALIGN_CENTER : n->is & IS_RIGHT
		? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT };
	k->x = t->x[k->col];
	k->w = t->x[k->col + k->across] - k->x;
	k->h = 2 * t->above;
	for (const struct print_node *i = n->first; i && !k->image; i = i->next)
		k->image = i->tag == TAG_IMG ? i : NULL;
	if (k->image) {
		k->image = print_fitted(p, k->image, k->w, (p->bottom - p->top) / 2);
		k->image_h = k->image->height * MM + 2 * t->above;
		k->h += k->image_h;
	}
	if (!n->first)
		return;
	double pad = t->bare ? 0 : PAD, room = k->w - 2 * pad - code_layout(p, k);
	k->text = print_layout(p, n, n->is & IS_TURNED ? 0 : room > 4 ? room : 4, &s);
	if ((k->image || k->code) && pango_layout_get_character_count(k->text) == 0) {
		g_object_unref(k->text);
		k->text = NULL;
	} else if (n->is & IS_TURNED) {
		int wide, tall;
		pango_layout_get_size(k->text, &wide, &tall);
		k->text_h = (double)wide / PANGO_SCALE;
	} else {
		k->text_h = print_height(k->text);
	}
	k->h += k->text_h > k->code_h ? k->text_h : k->code_h;
}

/* Reads rows from *tr on until no span is open; busy: rows that a span above still covers, by column. */
static int group_read(struct print_sheets *p, const struct print_table *t, const struct print_node **tr,
	struct row *rows)
{
	int busy[COLUMNS] = { 0 }, n = 0;
	bool open = true;
	while (*tr && open && n < GROUP) {
		struct row *r = &rows[n++];
		int place = 0, cells = 0;
		*r = (struct row){ .h = 2 * t->above };
		for (const struct print_node *k = (*tr)->first; k; k = k->next)
			cells++;
		r->cells = NEWS(&p->mem, struct cell, cells + 1);
		for (const struct print_node *k = (*tr)->first; k; k = k->next) {
			while (place < t->n && busy[place] > 0)
				place++;
			if (place >= t->n)
				break;
			struct cell *at = &r->cells[r->n++];
			*at = (struct cell){ .n = k, .col = place, .across = k->across < t->n - place ? k->across : t->n - place,
				.down = k->down };
			cell_layout(p, t, at);
			if (at->down == 1 && at->h > r->h)
				r->h = at->h;
			for (int i = 0; i < at->across; i++)
				busy[place++] = at->down;
		}
		open = false;
		for (int i = 0; i < t->n; i++) {
			busy[i] -= busy[i] > 0;
			open = open || busy[i] > 0;
		}
		*tr = (*tr)->next;
	}
	/* spans end with the group, and stretch its last row */
	for (int i = 0; i < n; i++)
		for (int j = 0; j < rows[i].n; j++) {
			struct cell *at = &rows[i].cells[j];
			double have = 0;
			at->down = at->down < n - i ? at->down : n - i;
			for (int r = i; r < i + at->down; r++)
				have += rows[r].h;
			if (at->h > have)
				rows[i + at->down - 1].h += at->h - have;
		}
	return n;
}

/* ---- drawing ------------------------------------------------------------------------------------------- */

static void put_box(struct print_sheets *p, const struct print_table *t, const struct cell *k, int leaf, double y,
	double h)
{
	struct print_mark m = { .x = k->x, .y = y, .w = k->w, .h = h };
	m.kind = MARK_SHADE;
	if (k->n->is & IS_SHADED || (k->n->tag == TAG_TH && !t->bare))
		print_put(p, leaf, &m);
	m.kind = MARK_BOX;
	if (!t->bare)
		print_put(p, leaf, &m);
}

/* Lines from..to (-1: all) of a cell, `used` high, in the middle of a height; before the first of them its image and
 * its code. */
static void put_cell(struct print_sheets *p, const struct print_table *t, const struct cell *k, int leaf, double y,
	double h, int from, int to, double used)
{
	double pad = t->bare ? 0 : PAD, block = used > k->code_h ? used : k->code_h;
	if (k->image && from == 0) {
		y += (h - block - k->image_h) / 2;
		print_image(p, k->image, leaf, k->x + (k->w - k->image->width * MM) / 2, y + t->above);
		y += k->image_h;
		h = block;
	}
	if (k->code && from == 0)
		print_figure(p, k->code, leaf, k->x + QUIET, y + (h - k->code_side) / 2, k->code_side);
	if (!k->text)
		return;
	struct print_mark m = { .kind = MARK_TEXT, .x = k->x + k->code_h + pad, .y = y + (h - used) / 2,
		.text = g_object_ref(k->text), .from = from, .to = to };
	if (k->n->is & IS_TURNED) {
		int wide, tall;
		pango_layout_get_size(k->text, &wide, &tall);
		m.kind = MARK_TURNED;
		m.h = (double)wide / PANGO_SCALE;
		m.x = k->x + (k->w - (double)tall / PANGO_SCALE) / 2;
	}
	print_put(p, leaf, &m);
}

static void piece_add(struct print_sheets *p, struct row *r, double h)
{
	struct piece *at = NEW(&p->mem, struct piece);
	*at = (struct piece){ p->n - 1, p->y, h, NULL };
	if (r->last)
		r->last->next = at;
	else
		r->first = at;
	r->last = at;
	p->y += h;
}

/* A row taller than a page: as many lines of each cell as fit, page after page. Cells that span rows are drawn
 * later. */
static void row_cut(struct print_sheets *p, const struct print_table *t, struct row *r)
{
	int *from = NEWS(&p->mem, int, r->n + 1);
	double first = HEAD_ROOM;
	bool left = true;
	for (int i = 0; i < r->n; i++)
		if (r->cells[i].code && r->cells[i].image_h + r->cells[i].code_h > first)
			first = r->cells[i].image_h + r->cells[i].code_h;
	if (p->bottom - p->y < first)
		print_need(p, p->bottom);
	for (int turn = 0; left; turn++) {
		double room = p->bottom - p->y - 2 * t->above, h = 0, used;
		int *fit = NEWS(&p->mem, int, r->n + 1);
		left = false;
		for (int i = 0; i < r->n; i++) {
			const struct cell *k = &r->cells[i];
			int all = k->text && k->down == 1 ? pango_layout_get_line_count(k->text) : 0;
			double up = turn == 0 && k->down == 1 ? k->image_h : 0;
			fit[i] = from[i] < all ? print_lines_fit(k->text, from[i], room - up, &used) : 0;
			if (from[i] < all && fit[i] == 0)
				fit[i] = 1, used = room - up;
			if ((fit[i] || up > 0) && up + (fit[i] ? used : 0) > h)
				h = up + (fit[i] ? used : 0);
			if (turn == 0 && k->down == 1 && k->code && up + k->code_h > h)
				h = up + k->code_h;
			left = left || from[i] + fit[i] < all;
		}
		h = left ? room : h;
		for (int i = 0; i < r->n; i++) {
			const struct cell *k = &r->cells[i];
			if (k->down > 1)
				continue;
			put_box(p, t, k, p->n - 1, p->y, h + 2 * t->above);
			if (fit[i] || (turn == 0 && (k->image || k->code)))
				put_cell(p, t, k, p->n - 1, p->y + t->above, h, from[i], from[i] + fit[i],
					h - (turn == 0 ? k->image_h : 0));
			from[i] += fit[i];
		}
		piece_add(p, r, h + 2 * t->above);
		if (left)
			print_need(p, p->bottom);
	}
}

/* A cell over several rows, on each page that they stand on: its lines go on from page to page, or begin again when
 * all of them were shown. */
static void put_span(struct print_sheets *p, const struct print_table *t, const struct cell *k, const struct row *rows)
{
	int all = k->text ? pango_layout_get_line_count(k->text) : 0, from = 0;
	const struct piece *at = rows[0].first;
	int row = 0;
	while (at) {
		const int leaf = at->leaf;
		double y = at->y, h = 0, used = 0;
		while (at && at->leaf == leaf) {
			h += at->h;
			at = at->next ? at->next : ++row < k->down ? rows[row].first : NULL;
		}
		put_box(p, t, k, leaf, y, h);
		if (all == 0) {
			if ((k->image || k->code) && from++ == 0)
				put_cell(p, t, k, leaf, y + t->above, h - 2 * t->above, 0, 0, 0);
			continue;
		}
		from = from < all ? from : 0;
		int fit = k->n->is & IS_TURNED ? all : print_lines_fit(k->text, from, h - 2 * t->above, &used);
		if (fit == 0 || !at)
			fit = all - from;
		if (k->n->is & IS_TURNED || used > h - 2 * t->above)
			used = k->text_h < h ? k->text_h : h - 2 * t->above;
		put_cell(p, t, k, leaf, y + t->above, h - 2 * t->above, from, from + fit, used);
		from += fit;
	}
}

/* A page of a balanced table takes no more than its share. */
static void turn(struct print_sheets *p, struct print_table *t, int n)
{
	if (!t->most || !p->table)
		return;
	if (t->leaf == p->n && t->on >= t->most)
		print_need(p, p->bottom);
	t->on = t->leaf == p->n ? t->on + n : n;
	t->leaf = p->n;
}

static void group_put(struct print_sheets *p, struct print_table *t, struct row *rows, int n)
{
	double all = 0, body = p->bottom - p->top;
	turn(p, t, n);
	for (int i = 0; i < n; i++)
		all += rows[i].h;
	if (all <= body - HEAD_ROOM)
		print_need(p, all);
	for (int i = 0; i < n; i++) {
		struct row *r = &rows[i];
		if (r->h > body - HEAD_ROOM) {
			row_cut(p, t, r);
			continue;
		}
		print_need(p, r->h);
		if (p->y + r->h > p->bottom) {           /* a head leaves too little room                                */
			row_cut(p, t, r);
			continue;
		}
		for (int j = 0; j < r->n; j++) {
			const struct cell *k = &r->cells[j];
			if (k->down > 1)
				continue;
			put_box(p, t, k, p->n - 1, p->y, r->h);
			put_cell(p, t, k, p->n - 1, p->y, r->h, 0, -1, k->text_h);
		}
		piece_add(p, r, r->h);
	}
	for (int i = 0; i < n; i++)
		for (int j = 0; j < rows[i].n; j++) {
			if (rows[i].cells[j].down > 1)
				put_span(p, t, &rows[i].cells[j], &rows[i]);
			if (rows[i].cells[j].text)
				g_object_unref(rows[i].cells[j].text);
		}
}

/* Rows that were read to be measured; their height. */
static double let_go(const struct row *rows, int n)
{
	double all = 0;

	for (int i = 0; i < n; i++) {
		all += rows[i].h;
		for (int k = 0; k < rows[i].n; k++)
			if (rows[i].cells[k].text)
				g_object_unref(rows[i].cells[k].text);
	}
	return all;
}

/* A signature stands below what is signed: it takes the last rows along to its page. */
static void keep_signed(struct print_sheets *p, const struct print_table *t, const struct row *rows, int n,
	const struct print_node *left)
{
	struct row *after = NEWS(&p->mem, struct row, GROUP);
	double all = t->tail;
	int more = 0;

	for (const struct print_node *k = left; k && more < SIGNED_ROWS; k = k->next)
		more++;
	if (t->tail <= 0 || more == SIGNED_ROWS)
		return;
	for (int i = 0; i < n; i++)
		all += rows[i].h;
	while (left)
		all += let_go(after, group_read(p, t, &left, after));
	if (p->y + all > p->bottom && all < p->bottom - p->top - HEAD_ROOM)
		print_need(p, p->bottom);
}

static void rows_put(struct print_sheets *p, struct print_table *t, const struct print_node *part)
{
	struct row *rows = NEWS(&p->mem, struct row, GROUP);
	const struct print_node *second = part->first ? part->first->next : NULL;
	for (const struct print_node *tr = part->first; tr;) {
		int n = group_read(p, t, &tr, rows);
		if (part->tag == TAG_TBODY && tr != second)
			keep_signed(p, t, rows, n, tr);
		group_put(p, t, rows, n);
	}
}

void print_table_head(struct print_sheets *p)
{
	struct print_table *t = p->table;
	/* a head that fills a page must not call itself */
	p->table = NULL;
	if (t->head)
		rows_put(p, t, t->head);
	p->table = t;
}

/* ---- fitting ------------------------------------------------------------------------------------------- */

/* What a table that fits is set in, best first: the type smaller by so many points, and less room in its rows. No
 * type is smaller than can be read at arm's length; a class of 45 still stands on one A4 page. */
static const struct { double less, above; } steps[] = { { 0, 0.7 * MM }, { 0, 0.45 * MM }, { 0, 0.3 * MM },
	{ 0.5, 0.35 * MM }, { 0.5, 0.2 * MM }, { 1, 0.25 * MM }, { 1, 0.15 * MM }, { 1, 0 }, { 1.5, 0.15 * MM },
	{ 2, 0.15 * MM }, { 2, 0 }, { 0, 0.15 * MM }, { 0, 0 } };
static const double SMALLEST = 8;

/* The height of a table as t sets it, its head with it; *ret_rows: those of the body; each, unless NULL: of each of
 * them. */
static double table_height(struct print_sheets *p, const struct print_table *t, const struct print_node *table,
	int *ret_rows, double *each)
{
	struct row *rows = NEWS(&p->mem, struct row, GROUP);
	double all = 0;

	*ret_rows = 0;
	for (const struct print_node *part = table->first; part; part = part->next)
		for (const struct print_node *tr = part->tag == TAG_COLGROUP ? NULL : part->first; tr;) {
			int n = group_read(p, t, &tr, rows);
			all += let_go(rows, n);
			for (int i = 0; i < n && part->tag == TAG_TBODY; i++, ++*ret_rows)
				if (each)
					each[*ret_rows] = rows[i].h;
		}
	return all;
}

/* Sets t as large as fits into room. */
static bool set_into(struct print_sheets *p, struct print_table *t, const struct print_node *table, int n, double room)
{
	const double usual = t->size;
	int rows;

	for (int i = 1; i < COUNT(steps); i++) {
		double line = (usual - steps[i].less) * 1.1 + 2 * steps[i].above;
		if (usual - steps[i].less < SMALLEST || line * n > room)  /* not even rows of one line each             */
			continue;
		t->size = usual - steps[i].less;
		t->above = steps[i].above;
		double h = table_height(p, t, table, &rows, NULL);
		if (h <= room) {
			double more = (room - h) / (2 * (rows + 3));
			t->above += more < ABOVE - t->above ? more : ABOVE - t->above;
			return true;
		}
	}
	t->size = usual;
	t->above = ABOVE;
	return false;
}

/* Do the rows stand on so many pages, no more than `most` on each, and below the last what belongs to the table? */
static bool stands_on(const double *each, int rows, int most, int pages, double first, double page, double tail)
{
	double room = first;
	int leaf = 1, on = 0;

	for (int i = 0; i < rows; i++, on++) {
		if (on == most || each[i] > room) {
			leaf++;
			on = 0;
			room = page;
		}
		room -= each[i];
	}
	return leaf <= pages && tail <= room;
}

/* How many rows each of so many pages takes at most: alike, as far as the last one has room for the tail. */
static int share_of(struct print_sheets *p, const struct print_table *t, const struct print_node *table, int rows,
	int pages, double tail)
{
	const int even = (rows + pages - 1) / pages;
	double *each = NEWS(&p->mem, double, rows + 1), head = table_height(p, t, table, &rows, each);

	for (int i = 0; i < rows; i++)
		head -= each[i];
	for (int most = even; most < rows; most++)
		if (stands_on(each, rows, most, pages, p->bottom - p->y - head, p->bottom - p->top - head, tail))
			return most;
	return even;
}

/* On a sheet above A4 a table stands in larger type, as far as it fits. */
static double larger(const struct print_sheets *p, const struct print_table *t)
{
	const double above_a4 = 250 * MM * 300 * MM, by = 2;

	return !t->bare && p->width * p->height > above_a4 ? by : 0;
}

/* On one page with what belongs to it, in type that can still be read; the room that is left goes to its rows. A
 * table for which that is too little room is spread evenly over its pages. */
static void fit(struct print_sheets *p, struct print_table *t, const struct print_node *table)
{
	const double tail = print_tail(p, table) + LOOSE, page = p->bottom - p->top, besides = p->y - p->top + tail;
	int rows;

	double h = table_height(p, t, table, &rows, NULL);
	if (h + besides <= page || rows == 0 || set_into(p, t, table, rows, page - besides))
		return;
	if (p->y - p->top > page / 3) {                  /* pages alike, not the rest of this one and others             */
		print_need(p, p->bottom);
		fit(p, t, table);
		return;
	}
	int pages = (int)((h + besides) / page) + 1, fewer;
	t->size -= larger(p, t);                         /* type as on A4, where that saves a page                      */
	fewer = (int)((table_height(p, t, table, &rows, NULL) + besides) / page) + 1;
	if (fewer == pages)
		t->size += larger(p, t);
	pages = fewer;
	t->above = steps[1].above;                       /* and a little less air                                       */
	fewer = (int)((table_height(p, t, table, &rows, NULL) + besides) / page) + 1;
	if (fewer == pages)
		t->above = ABOVE;
	t->most = share_of(p, t, table, rows, fewer, tail);
}

double print_fit_least(struct print_sheets *p, const struct print_node *table)
{
	struct print_table t = { .bare = table->is & IS_BARE, .size = SMALLEST, .above = steps[COUNT(steps) - 1].above };
	int rows;

	columns_set(p, table, &t);
	return print_tail(p, table) + LOOSE + table_height(p, &t, table, &rows, NULL);
}

static bool is_signed(const struct print_node *table)
{
	const struct print_node *k = table->next;

	while (k && (k->tag == TAG_P || k->tag == TAG_FIGURE || k->tag == TAG_IMG))
		k = k->next;
	return k && k->is & IS_SIGNED;
}

void print_table(struct print_sheets *p, const struct print_node *table)
{
	struct print_table t = { .bare = table->is & IS_BARE, .above = ABOVE };
	columns_set(p, table, &t);
	t.size = table->is & IS_TINY ? 8 : table->is & IS_SMALL ? 9 : t.bare ? p->small ? 11 : 13 : p->small ? 10 : 11;
	t.size += larger(p, &t);
	print_need(p, 2 * HEAD_ROOM);
	if (table->is & IS_FIT && !p->whole)
		fit(p, &t, table);
	if (!p->whole && is_signed(table))
		t.tail = print_tail(p, table) + LOOSE;
	p->table = &t;
	print_table_head(p);
	for (const struct print_node *part = table->first; part; part = part->next)
		if (part->tag == TAG_TBODY)
			rows_put(p, &t, part);
	p->table = NULL;
	p->y += LOOSE;
}
