/* scheme_programme.c -- a programme's subjects and lessons a year. */
#include "mod/records/scheme_lines.h"

/* 6-9:140, 10-12:70e (elective), 1-2:70o (optional) */
static void read_lessons(struct line *l, struct programme_subject *s)
{
	str word = line_word(l), range, number;
	struct line part = { .r = l->r, .number = l->number, .n = 1 };
	int first, last;
	int64_t lessons = 0;
	uint8_t place = COMPULSORY;

	bool good = str_cut(word, ':', &range, &number);
	part.words[0] = range;
	if (good && !line_grades(&part, &first, &last))
		return;
	if (good && number.n && (number.p[number.n - 1] == 'e' || number.p[number.n - 1] == 'o')) {
		place = number.p[number.n - 1] == 'e' ? ELECTIVE : OPTIONAL;
		number.n--;
	}
	if (!good || !str_to_int(number, &lessons) || lessons < 1 || lessons > 1000) {
		line_bad(l, "\"{1}\" không phải khối:số tiết, ví dụ 6-9:140", "\"{1}\" is not grades:lessons such as 6-9:140",
			word);
		return;
	}
	for (int g = first; g <= last; g++) {
		if (s->lessons[g])
			line_bad(l, "khối {1} đã có số tiết", "grade {1} has lessons already", grade_code(g));
		s->lessons[g] = (int16_t)lessons;
		s->place[g] = place;
	}
}

static void read_subject(struct line *l, struct programme *p, bool cluster)
{
	struct programme_subject s = { .is = line_words(l), .times = 1, .cluster = cluster };

	while (l->at < l->n && !str_is(l->words[l->at], "times"))
		read_lessons(l, &s);
	if (line_is(l, "times"))
		s.times = line_number(l, 1, 10);
	if (programme_find(p, s.is.code)) {
		line_bad(l, "mã \"{1}\" lặp lại", "the code \"{1}\" is there twice", s.is.code);
		return;
	}
	if (line_room(l, p->n, COUNT(p->subjects)))
		p->subjects[p->n++] = s;
}

static void read_total(struct line *l, struct programme *p)
{
	int first, last, lessons, electives = 0;

	line_grades(l, &first, &last);
	lessons = line_number(l, 1, 5000);
	if (line_is(l, "electives"))
		electives = line_number(l, 0, 20);
	if (!line_room(l, p->n_totals, COUNT(p->totals)))
		return;
	p->totals[p->n_totals].first = first;
	p->totals[p->n_totals].last = last;
	p->totals[p->n_totals].lessons = lessons;
	p->totals[p->n_totals++].electives = electives;
}

static void read_alias(struct line *l, struct programme *p)
{
	str from = line_code(l, "alias"), to = line_code(l, "subject");

	if (programme_find(p, from) || !programme_find(p, to)) {
		line_bad(l, "\"{1}\": tên khác của một môn đã nêu ở trên", "\"{1}\": another name of a subject stated above",
			from);
		return;
	}
	if (!line_room(l, p->n_alias, COUNT(p->alias)))
		return;
	p->alias[p->n_alias].from = from;
	p->alias[p->n_alias++].to = to;
}

static void read_order(struct line *l, struct programme *p)
{
	while (l->at < l->n && line_room(l, p->n_order, COUNT(p->order))) {
		str code = line_code(l, "subject");
		if (!programme_find(p, code)) {
			line_bad(l, "không có môn \"{1}\" ở trên", "there is no subject \"{1}\" above", code);
			return;
		}
		p->order[p->n_order++] = code;
	}
}

static void read_line(struct line *l, struct programme *p)
{
	int before = l->r->n;

	if (line_is(l, "programme"))
		p->is = line_words(l);
	else if (line_is(l, "source") && (line_is(l, "H") || line_is(l, "M")))
		p->source = line_text(l, "source");
	else if (line_is(l, "subject"))
		read_subject(l, p, false);
	else if (line_is(l, "cluster"))
		read_subject(l, p, true);
	else if (line_is(l, "order"))
		read_order(l, p);
	else if (line_is(l, "total"))
		read_total(l, p);
	else if (line_is(l, "alias"))
		read_alias(l, p);
	else
		line_bad(l, "không có lệnh \"{1}\"", "there is no statement \"{1}\"", l->words[0]);
	if (l->r->n == before)
		line_end(l);
}

/* The circular states the sum of each grade: what is compulsory, and so many electives, all of the same size. */
static void check_totals(struct reading *r, const struct programme *p)
{
	for (int t = 0; t < p->n_totals; t++)
		for (int g = p->totals[t].first; g <= p->totals[t].last; g++) {
			int sum = 0, elective = 0;
			for (int i = 0; i < p->n; i++) {
				if (p->subjects[i].place[g] == COMPULSORY)
					sum += p->subjects[i].lessons[g] * p->subjects[i].times;
				if (p->subjects[i].place[g] == ELECTIVE)
					elective = p->subjects[i].lessons[g];
			}
			if (sum + p->totals[t].electives * elective != p->totals[t].lessons)
				mistake(r, 0, "khối {1}: cộng các môn khác với \"total\"",
					"grade {1}: the subjects do not add up to \"total\"", grade_code(g));
		}
}

bool programme_read(struct reading *r, str text, struct programme *ret)
{
	struct line l = { .r = r };
	int before = r->n;

	memset(ret, 0, sizeof *ret);
	if (!str_is_utf8(text)) {
		mistake(r, 0, "tệp không phải UTF-8", "the file is not UTF-8", (str){ 0 });
		return false;
	}
	while (line_next(&l, &text))
		read_line(&l, ret);
	if (r->n == before && (!ret->is.code.n || !ret->source.n || !ret->n))
		mistake(r, 0, "thiếu programme, source hoặc subject", "programme, source or subject is missing", (str){ 0 });
	if (r->n == before)
		check_totals(r, ret);
	return r->n == before;
}

static int place_of(const struct programme *p, str code)
{
	int i = 0, k = 0;

	while (i < p->n_order && !str_eq(p->order[i], code))
		i++;
	while (i == p->n_order && k < p->n && !str_eq(p->subjects[k].is.code, code))
		k++;
	return i + k;
}

void programme_sort(const struct programme *p, const str *codes, int n, int *ret)
{
	for (int i = 0; i < n; i++) {
		int at = i, place = place_of(p, codes[i]);
		for (; at > 0 && place_of(p, codes[ret[at - 1]]) > place; at--)
			ret[at] = ret[at - 1];
		ret[at] = i;
	}
}

const struct programme_subject *programme_find(const struct programme *p, str code)
{
	for (int i = 0; i < p->n; i++)
		if (str_eq(p->subjects[i].is.code, code))
			return &p->subjects[i];
	return NULL;
}

str programme_code(const struct programme *p, str code)
{
	for (int i = 0; i < p->n_alias; i++)
		if (str_eq(p->alias[i].from, code))
			return p->alias[i].to;
	return code;
}
