/* marks_read.c -- a table of marks, its columns found by their headings. */
#include "mod/results/marks.h"
#include "base/calendar.h"
#include "base/viet.h"
#include "core/sheet.h"

static const struct tr
	MSG_number = { "\"{1}\" không phải số báo danh", "\"{1}\" is not a candidate number" },
	MSG_mark = { "Điểm {2} không đọc được: \"{1}\"", "The mark of {2} cannot be read: \"{1}\"" },
	MSG_scale = { "Điểm {2} ngoài thang 0–10: \"{1}\"", "The mark of {2} is outside 0 to 10: \"{1}\"" },
	MSG_language = { "Mã môn ngoại ngữ không có: \"{1}\"", "There is no foreign language \"{1}\"" },
	MSG_paper = { "Không có môn thi \"{1}\"", "There is no subject \"{1}\"" },
	MSG_twice = { "Môn \"{1}\" có hai điểm", "The subject \"{1}\" has two marks" },
	MSG_words = { "Ô điểm không đọc được từ chỗ \"{1}\"", "The cell of marks cannot be read from \"{1}\" on" },
	MSG_groups = { "Quá nhiều cụm thi; \"{1}\" không ghi được", "Too many exam clusters; \"{1}\" is not kept" };

/* What a column holds, besides a subject's index. */
enum { COLUMN_NONE = -1, COLUMN_NUMBER = -2, COLUMN_GROUP = -3, COLUMN_LANGUAGE = -4, COLUMN_KNOWN = -5,
	COLUMN_MARKS = -6, COLUMN_SPOKEN = -16 };
enum { ROWS_A_WORD = 1024 };                         /* between two calls of mark_set.seen                     */
struct reading {
	struct mark_set *s; struct mark_faults *faults; struct marks_told *told;
	struct arena line;                   /* reset with every row                        */
	int columns[SHEET_COLUMNS], n;       /* COLUMN_SPOKEN - k: marks of language k      */
	bool headed;
	int last_group;
	bool full;
};

/* Headings as they are compared: folded, underscores as blanks. */
static str heading(struct arena *a, str cell)
{
	str f = viet_fold(a, cell);
	char *p = str_z(a, f);

	for (ptrdiff_t i = 0; i < f.n; i++)
		if (p[i] == '_')
			p[i] = ' ';
	return str_trim((str){ p, f.n });
}

static bool listed(str word, const char *list)
{
	str head, rest = str_of(list);
	bool more;

	do {
		more = str_cut(rest, '|', &head, &rest);
		if (str_eq(word, head))
			return true;
	} while (more);
	return false;
}

static int column_of(str word)
{
	if (listed(word, "sbd|so bao danh|sobaodanh|so bd|candidate|so bao danh (sbd)"))
		return COLUMN_NUMBER;
	if (listed(word, "ma tinh|cum thi|ma cum|ma cum thi|tinh|hoi dong thi|ma hoi dong|province code"))
		return COLUMN_GROUP;
	if (listed(word, "ma ngoai ngu|ma mon ngoai ngu|mamonngoaingu|mon ngoai ngu|ma nn"))
		return COLUMN_LANGUAGE;
	if (listed(word, "diem thi|diemthi|ket qua thi|diem cac mon"))
		return COLUMN_MARKS;
	if (listed(word, "stt|gioi tinh|tong diem|tongdiem|ho ten|hoten|ho va ten|ngay sinh|ngaysinh"))
		return COLUMN_KNOWN;
	for (int i = 2; language_name(i); i++)
		if (str_eq(word, str_of((const char *const[]){ "", "", "tieng nga", "tieng phap", "tieng trung", "tieng duc",
			"tieng nhat", "tieng han" }[i])))
			return COLUMN_SPOKEN - i;
	for (int i = 0; subjects[i].code; i++)
		if (str_eq(word, str_of(subjects[i].code)) || listed(word, subjects[i].headings))
			return i;
	return COLUMN_NONE;
}

static void read_headings(struct reading *r, const struct cell *cells, int n)
{
	struct buf unread;
	bool number = false, marks = false;

	buf_init(&unread, r->s->mem, 2000);
	for (int i = 0; i < n; i++) {
		r->columns[i] = cells[i].text.n ? column_of(heading(&r->line, cells[i].text)) : COLUMN_KNOWN;
		number |= r->columns[i] == COLUMN_NUMBER;
		marks |= r->columns[i] >= 0 || r->columns[i] <= COLUMN_MARKS;
		if (r->columns[i] != COLUMN_NONE)
			continue;
		if (unread.n)
			put_z(&unread, ", ");
		put(&unread, str_trim(cells[i].text));
	}
	r->n = n;
	r->headed = number && marks;
	if (r->headed)
		r->told->unread = buf_str(&unread);
}

/* False: the row has a fault, which is told. */
static bool read_mark(struct reading *r, struct marks *m, int64_t line, int subject, str cell)
{
	str name = str_of(subjects[subject].label.vi);
	score v;

	if (!score_read(cell, &v)) {
		mark_fault(r->faults, line, &MSG_mark, str_sub(cell, 0, 40), name);
		return false;
	}
	if (v.v > MARK_MAX) {
		mark_fault(r->faults, line, &MSG_scale, str_sub(cell, 0, 40), name);
		return false;
	}
	m->at[subject] = (int16_t)v.v;
	return true;
}

static bool read_language(struct reading *r, struct marks *m, int64_t line, str cell)
{
	for (int i = 1; language_name(i); i++) {
		if (str_is(cell, language_code(i))) {
			m->language = (uint8_t)i;
			return true;
		}
	}
	mark_fault(r->faults, line, &MSG_language, str_sub(cell, 0, 40), S(""));
	return false;
}

static uint16_t read_group(struct reading *r, int64_t line, str name)
{
	struct mark_set *s = r->s;
	uint16_t g;

	if (r->last_group < s->n_groups && str_eq(s->groups[r->last_group].name, name))
		return (uint16_t)r->last_group;
	g = mark_set_group(s, name);
	if (g != NO_GROUP)
		r->last_group = g;
	else if (name.n && !r->full)
		mark_fault(r->faults, line, &MSG_groups, name, S(""));
	r->full |= g == NO_GROUP && name.n;
	return g;
}

/* Without a column of its own the group is what the number begins with: two digits, or the cluster's letters. */
static str group_of(const char *number)
{
	int n = 0;

	if (number[0] >= '0' && number[0] <= '9')
		return (str){ number, 2 };
	while (number[n] >= 'A' && number[n] <= 'Z')
		n++;
	return (str){ number, n };
}

static bool read_spoken(struct reading *r, struct marks *m, int64_t line, int language, str cell)
{
	m->language = (uint8_t)language;
	return read_mark(r, m, line, subject_named(S("ngoai_ngu")), cell);
}

/* One "Toán: 2.40" of a cell that holds all marks. */
static bool read_named(struct reading *r, struct marks *m, int64_t line, str name, str value)
{
	str word = heading(&r->line, name);
	int column = column_of(word);
	bool spoken = column <= COLUMN_SPOKEN || str_eq(word, S("tieng anh"));
	int subject = spoken ? subject_named(S("ngoai_ngu")) : column;

	if (subject < 0 || m->at[subject] != NO_MARK) {
		mark_fault(r->faults, line, subject < 0 ? &MSG_paper : &MSG_twice, str_sub(str_trim(name), 0, 40), S(""));
		return false;
	}
	return spoken ? read_spoken(r, m, line, column < 0 ? COLUMN_SPOKEN - column : 1, value)
		: read_mark(r, m, line, subject, value);
}

/* All marks as one text, as provinces published them in 2017: "Toán:   2.40   Ngữ văn:   6.00   Tiếng Anh:   1.60". */
static bool read_marks(struct reading *r, struct marks *m, int64_t line, str cell)
{
	str name, value, rest = cell;

	while (rest.n) {
		str from = rest;
		if (!str_cut(rest, ':', &name, &rest)) {
			mark_fault(r->faults, line, &MSG_words, str_sub(from, 0, 40), S(""));
			return false;
		}
		str_cut(str_trim(rest), ' ', &value, &rest);
		while (value.n && (value.p[value.n - 1] == ';' || value.p[value.n - 1] == ','))
			value.n--;
		rest = str_trim(rest);
		if (!read_named(r, m, line, name, value))
			return false;
	}
	return true;
}

static bool read_cell(struct reading *r, struct marks *m, int64_t line, int column, str cell)
{
	if (column >= 0)
		return read_mark(r, m, line, column, cell);
	if (column == COLUMN_LANGUAGE)
		return read_language(r, m, line, cell);
	if (column == COLUMN_GROUP) {
		m->group = read_group(r, line, cell);
		return true;
	}
	if (column == COLUMN_MARKS)
		return read_marks(r, m, line, cell);
	return column > COLUMN_SPOKEN || read_spoken(r, m, line, COLUMN_SPOKEN - column, cell);
}

static void read_row(struct reading *r, int64_t line, const struct cell *cells, int n)
{
	struct marks *m = mark_set_add(r->s);
	str number = S("");
	bool good = true;

	m->line = (uint32_t)line;
	for (int i = 0; i < n && i < r->n; i++) {
		if (r->columns[i] == COLUMN_NUMBER)
			number = cells[i].text;
		else if (cells[i].text.n && (good || r->columns[i] >= 0)) {
			str cell = str_trim(cells[i].text);
			if (cell.n)
				good &= read_cell(r, m, line, r->columns[i], cell);
		}
	}
	if (!number_read(number, m->number)) {
		mark_fault(r->faults, line, &MSG_number, str_sub(number, 0, 40), S(""));
		good = false;
	}
	if (good && m->group == NO_GROUP)
		m->group = read_group(r, line, group_of(m->number));
	if (!good)
		r->s->n--;
	for (int i = 0; good && i < SUBJECTS; i++)
		r->s->has[i] |= m->at[i] != NO_MARK;
}

static bool take_row(void *arg, int64_t line, const struct cell *cells, int n)
{
	struct reading *r = arg;
	bool empty = true;

	for (int i = 0; i < n && empty; i++)
		empty = cells[i].text.n == 0;
	if (empty)
		return true;
	if (!r->headed) {
		read_headings(r, cells, n);
		arena_reset(&r->line);
		return r->headed || line < 20;
	}
	r->told->rows++;
	read_row(r, line, cells, n);
	arena_reset(&r->line);
	return r->told->rows % ROWS_A_WORD || !r->s->seen || r->s->seen(r->s->arg, r->told->rows);
}

enum rc marks_read(struct mark_set *s, int fd, struct mark_faults *faults, struct marks_told *ret)
{
	struct reading *r = NEW(s->mem, struct reading);
	struct sheet_told *told = NEW(s->mem, struct sheet_told);
	struct sheet_ask ask = { .fd = fd, .sheet = -1 };
	struct file_fault why = { 0 };
	enum rc rc;

	*ret = (struct marks_told){ .unread = S("") };
	*r = (struct reading){ .s = s, .faults = faults, .told = ret };
	arena_init(&r->line, 8 << 20);
	rc = sheet_read(s->mem, &ask, take_row, r, told, &why);
	if (rc != OK) {
		ret->why = (struct tr){ why.vi ? why.vi : "Không đọc được tệp", why.en ? why.en : "The file cannot be read" };
	} else if (!r->headed) {
		ret->why = (struct tr){ "Không thấy dòng tiêu đề có cột số báo danh và ít nhất một môn thi trong 20 dòng đầu",
			"No heading row with a candidate number and at least one subject within the first 20 rows" };
		rc = E_INVALID;
	}
	arena_free(&r->line);
	return rc;
}
