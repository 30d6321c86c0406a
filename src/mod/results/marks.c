/* marks.c -- candidates in memory. */
#include "mod/results/marks.h"

#include <stdlib.h>

static const struct tr
	MSG_same = { "Số báo danh {1} đã có ở dòng {2} với cùng điểm: bỏ qua",
		"Number {1} is on line {2} with the same marks: passed over" },
	MSG_other = { "Số báo danh {1} đã có ở dòng {2} với điểm khác: không nhận",
		"Number {1} is on line {2} with other marks: refused" };

void mark_set_init(struct mark_set *s, struct arena *mem)
{
	*s = (struct mark_set){ .mem = mem };
}

struct marks *mark_set_add(struct mark_set *s)
{
	struct marks *m;

	if (s->n == s->cap) {
		int64_t cap = s->cap ? s->cap * 2 : 4096;
		struct marks *rows = NEWS(s->mem, struct marks, cap);
		if (s->n)
			memcpy(rows, s->rows, (size_t)s->n * sizeof *rows);
		s->rows = rows;
		s->cap = cap;
	}
	m = &s->rows[s->n++];
	*m = (struct marks){ .group = NO_GROUP };
	for (int i = 0; i < SUBJECTS; i++)
		m->at[i] = NO_MARK;
	return m;
}

uint16_t mark_set_group(struct mark_set *s, str name)
{
	name = str_sub(name, 0, GROUP_BYTES - 1);
	while (name.n && !str_is_utf8(name))
		name.n--;                            /* not in the middle of a letter */
	/* Rows of one group mostly stand together: the group last added is asked first. */
	for (int i = s->n_groups - 1; i >= 0; i--)
		if (str_eq(s->groups[i].name, name))
			return (uint16_t)i;
	if (name.n == 0 || s->n_groups == GROUPS_MAX)
		return NO_GROUP;
	s->groups[s->n_groups].name = str_copy(s->mem, name);
	return (uint16_t)s->n_groups++;
}

bool marks_same(const struct marks *a, const struct marks *b)
{
	return memcmp(a->number, b->number, sizeof a->number) == 0 && a->language == b->language &&
		memcmp(a->at, b->at, sizeof a->at) == 0;
}

void mark_fault(struct mark_faults *f, int64_t line, const struct tr *text, str first, str second)
{
	if (f->n == f->cap) {
		int64_t cap = f->cap ? f->cap * 2 : 64;
		struct mark_fault *at = NEWS(f->mem, struct mark_fault, cap);
		if (f->n)
			memcpy(at, f->at, (size_t)f->n * sizeof *at);
		f->at = at;
		f->cap = cap;
	}
	f->at[f->n++] = (struct mark_fault){ .line = line, .text = text,
		.args = { str_copy(f->mem, first), str_copy(f->mem, second) }, .n = 2 };
}

static int by_number(const void *a_, const void *b_)
{
	const struct marks *a = a_, *b = b_;
	int r = memcmp(a->number, b->number, sizeof a->number);

	return r ? r : a->line < b->line ? -1 : a->line > b->line;
}

static int by_line(const void *a_, const void *b_)
{
	const struct mark_fault *a = a_, *b = b_;

	return a->line < b->line ? -1 : a->line > b->line;
}

void mark_set_sort(struct mark_set *s, struct mark_faults *faults)
{
	int64_t kept = 0;
	bool sorted = true;

	for (int64_t i = 1; i < s->n && sorted; i++)
		sorted = by_number(&s->rows[i - 1], &s->rows[i]) < 0;
	if (!sorted)
		qsort(s->rows, (size_t)s->n, sizeof *s->rows, by_number);
	for (int64_t i = 0; i < s->n; i++) {
		struct marks *m = &s->rows[i], *last = kept ? &s->rows[kept - 1] : NULL;
		if (last && memcmp(last->number, m->number, sizeof m->number) == 0)
			mark_fault(faults, m->line, marks_same(last, m) ? &MSG_same : &MSG_other, str_of(m->number),
				str_fmt(s->mem, "%u", last->line));
		else
			s->rows[kept++] = *m;
	}
	s->n = kept;
	if (faults->n)
		qsort(faults->at, (size_t)faults->n, sizeof *faults->at, by_line);
}

bool number_read(str text, char ret[static NUMBER_MAX + 1])
{
	int n = 0;

	memset(ret, 0, NUMBER_MAX + 1);
	for (ptrdiff_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		if (n == NUMBER_MAX || !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
			return false;
		ret[n++] = c;
	}
	return n >= 2;
}
