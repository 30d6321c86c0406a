/* import.c -- a file of another program becomes a draft: shown first with what could not be matched, then written. */
#include "core/files.h"
#include "core/many.h"
#include "mod/timetable/timetable_rules.h"

#include <unistd.h>

static const struct tr
	MSG_file = { "Chọn một tệp thời khóa biểu.", "Choose a file with a timetable." },
	MSG_unread = { "Không đọc được tệp: {1}", "The file cannot be read: {1}" },
	MSG_empty = { "Tệp không có tiết nào đã xếp. Với FET: xuất tệp “data and timetable”.",
		"No lesson in the file has a place. From FET export “data and timetable”." },
	MSG_no_table = { "Không thấy bảng thời khóa biểu: cần một dòng tiêu đề “Thứ”, “Tiết” rồi mỗi lớp một cột, "
		"dưới đó là các tiết.",
		"No timetable is in the file: it needs a heading “Thứ”, “Tiết” and a column for each class, "
		"with lessons below." },
	MSG_broken = { "Tệp FET bị hỏng hoặc thiếu phần cuối: hãy lưu lại từ FET rồi gửi lại.",
		"The file of FET is damaged or cut off: save it again from FET." },
	MSG_result = { "Đây là một tệp kết quả của FET, không ghi đủ lớp, môn và giáo viên. Hãy gửi tệp "
		"“…_data_and_timetable.fet” trong cùng thư mục kết quả.",
		"This is a result of FET which does not say classes, subjects and teachers together. Send the file "
		"“…_data_and_timetable.fet” of the same folder of results." },
	MSG_locked = { "Thời khóa biểu đã ban hành thì không nhập vào được: sao thành bản mới.",
		"Nothing is imported into a published timetable: copy it first." },
	MSG_done = { "Đã nhập {1} tiết.", "{1} lessons imported." };
enum { NAMES_MOST = 400, TEACHING_MOST = 8000, OTHERS_MOST = 120, SETS_LOOKED = 50000000 };

struct import_in { timetable_id timetable; };
#define ROW struct import_in
const struct shape upload_in_shape = { sizeof(ROW), FIELDS{ { REF(timetable, timetable), .is = NEEDED,
	.label = { "Thời khóa biểu", "Timetable" } }, END } };
#undef ROW
#define ROW struct import_post
const struct shape upload_post_shape = { sizeof(ROW), FIELDS{ { REF(timetable, timetable), .is = NEEDED,
	.label = { "Thời khóa biểu", "Timetable" } }, { COL(file), .label = { "Tệp", "File" } },
	{ COL(afternoon), .label = { "Các tiết của buổi chiều", "Lessons of the afternoon" } },
	{ COL(write), .label = { "Ghi", "Write" } }, END } };
#undef ROW
struct unknown_view { str name; int64_t n; };
#define ROW struct unknown_view
static const struct shape unknown_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(n) }, END } };
#undef ROW
#define ROW struct other_view
static const struct shape other_shape = { sizeof(ROW), FIELDS{ { COL(rows) }, { COL(class) }, { COL(subject) },
	{ COL(named) }, { COL(assigned) }, { COL(none_taken) }, { COL(class_id) }, { COL(subject_id) }, { COL(n) }, END } };
#undef ROW
#define ROW struct left_view
static const struct shape left_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(subject) }, { COL(teacher) },
	{ COL(when) }, END } };
#undef ROW
#define ROW struct import_view
const struct shape upload_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(timetable) }, { COL(file) },
	{ COL(odd) }, { COL(good) }, { COL(had) }, { COL(no_teacher) }, { COL(twice) }, { COL(n_others) }, { COL(asked) },
	{ COL(afternoon) }, { COL(draft) }, { COL(no_class) }, { COL(no_subject) }, { COL(none) }, { COL(fet) },
	{ COL(unread) }, { COL(unplaced) }, { COL(parts) }, { COL(shared) }, { COL(joint) }, { COL(no_room) },
	{ MANY(lefts, left_shape) }, { MANY(classes, unknown_shape) }, { MANY(subjects, unknown_shape) },
	{ MANY(rooms, unknown_shape) }, { MANY(others, other_shape) }, END } };
#undef ROW

/* ---- names of the file against the school's
 * ----------------------------------------------------------------------- */

struct class_name { int64_t id; str name, more; };
#define ROW struct class_name
static const struct shape class_name_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(more) }, END } };
#undef ROW
struct subject_name { int64_t id; str code, name; };
#define ROW struct subject_name
static const struct shape subject_name_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(code) }, { COL(name) },
	END } };
#undef ROW
struct teaches { int64_t class, subject, teacher; str name; };
#define ROW struct teaches
static const struct shape teaches_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(subject) }, { COL(teacher) },
	{ COL(name) }, END } };
#undef ROW
/* left: how many sets of pupils may still be looked at; a file made to have endless ones ends there. */
struct known { struct ctx *c; items classes, subjects, teaching, rooms; str *class_keys, *subject_keys, *room_keys;
	int64_t left; };

static str key_of(struct ctx *c, str s)
{
	str f = viet_fold(c->mem, str_trim(s));
	char *p = (char *)arena_alloc(c->mem, (size_t)f.n + 1, 1);
	ptrdiff_t n = 0;

	for (ptrdiff_t i = 0; i < f.n; i++)
		if (f.p[i] != '.' && f.p[i] != ',')
			p[n++] = f.p[i];
	return str_trim((str){ p, n });
}

static enum rc known_load(struct ctx *c, const struct timetable *t, struct known *k)
{
	struct tt_in in = { .school = t->base.org.v, .year = t->year.v };

	k->c = c;
	k->left = SETS_LOOKED;
	TRY(query(c, "timetable/classes", &tt_in_shape, &in, &class_name_shape, &k->classes, NAMES_MOST));
	TRY(query(c, "timetable/all_subjects", NULL, NULL, &subject_name_shape, &k->subjects, NAMES_MOST));
	TRY(query(c, "timetable/school_teaching", &tt_in_shape, &in, &teaches_shape, &k->teaching, TEACHING_MOST));
	TRY(query(c, "timetable/school_rooms", &tt_in_shape, &in, &class_name_shape, &k->rooms, NAMES_MOST));
	k->class_keys = NEWS(c->mem, str, k->classes.n + 1);
	k->subject_keys = NEWS(c->mem, str, k->subjects.n + 1);
	k->room_keys = NEWS(c->mem, str, k->rooms.n + 1);
	for (int64_t i = 0; i < k->classes.n; i++)
		k->class_keys[i] = key_of(c, ((const struct class_name *)k->classes.p)[i].name);
	for (int64_t i = 0; i < k->subjects.n; i++)
		k->subject_keys[i] = key_of(c, ((const struct subject_name *)k->subjects.p)[i].name);
	for (int64_t i = 0; i < k->rooms.n; i++)
		k->room_keys[i] = key_of(c, ((const struct class_name *)k->rooms.p)[i].name);
	return OK;
}

/* Headings of schools name the form teacher below or behind the class: "6A\nCô Lan", "6A (Lan)". */
static int64_t class_by(const struct known *k, str name)
{
	str first = str_trim(name), rest, key;

	str_cut(first, '\n', &first, &rest);
	str_cut(first, '(', &first, &rest);
	key = key_of(k->c, first);

	if (str_starts(key, S("lop ")))
		key = str_sub(key, 4, -1);
	for (int64_t i = 0; i < k->classes.n; i++)
		if (str_eq(k->class_keys[i], key))
			return ((const struct class_name *)k->classes.p)[i].id;
	return 0;
}

static void add_class(int64_t id, int64_t *ret, int *n)
{
	for (int i = 0; i < *n; i++)
		if (ret[i] == id)
			return;
	if (*n < NAMES_MOST)
		ret[(*n)++] = id;
}

/* A group of a class is that class; a year is the classes in it. up: whose part it is, else what is in it. */
static void classes_of_set(struct known *k, const struct read_told *told, str name, bool up, int depth,
	int64_t *ret, int *n)
{
	for (int64_t i = 0; depth < 3 && i < told->n_sets && (!up || *n == 0) && k->left > 0; i++, k->left--) {
		const struct read_set *x = &told->sets[i];
		str next = up ? x->within : x->name;
		if (!str_eq(up ? x->name : x->within, name))
			continue;
		int64_t id = class_by(k, next);
		if (id)
			add_class(id, ret, n);
		else
			classes_of_set(k, told, next, up, depth + 1, ret, n);
	}
}

/* The classes that a set of pupils of the file is. *ret_part: it is a part of one only. */
static int classes_by(struct known *k, const struct read_told *told, str name, int64_t *ret, bool *ret_part)
{
	int n = 0;
	int64_t id = class_by(k, name);

	*ret_part = false;
	if (id)
		add_class(id, ret, &n);
	if (n == 0)
		classes_of_set(k, told, name, true, 0, ret, &n);
	*ret_part = n > 0 && !id;
	if (n == 0)
		classes_of_set(k, told, name, false, 0, ret, &n);
	return n;
}

static int64_t subject_by_code(const struct known *k, const char *code)
{
	for (int64_t i = 0; i < k->subjects.n; i++)
		if (str_is(((const struct subject_name *)k->subjects.p)[i].code, code))
			return ((const struct subject_name *)k->subjects.p)[i].id;
	return 0;
}

static int64_t subject_by(const struct known *k, str name)
{
	str key = key_of(k->c, name);

	for (int64_t i = 0; i < k->subjects.n; i++)
		if (str_eq(k->subject_keys[i], key))
			return ((const struct subject_name *)k->subjects.p)[i].id;
	const char *code = subject_code_said(key);
	return code ? subject_by_code(k, code) : 0;
}

/* The next word of a name written with spaces or dots. */
static bool next_word(str *rest, str *ret)
{
	ptrdiff_t i = 0, from;

	while (i < rest->n && (rest->p[i] == '.' || rest->p[i] == ' '))
		i++;
	from = i;
	while (i < rest->n && rest->p[i] != '.' && rest->p[i] != ' ')
		i++;
	*ret = str_sub(*rest, from, i);
	*rest = str_sub(*rest, i, -1);
	return ret->n > 0;
}

/* "P.T.Lan", "P. Lan", "cô Lan", "Lan" and "Phạm Thị Lan" are one: by the last word, and what is written before it
 * begins words of the name in their order. "Nguyễn Thị Lan" is another. */
static bool same_teacher(const struct known *k, str full, str written)
{
	static const char *const titles[] = { "co", "thay", "gv", "ths", "ts" };
	str name = viet_fold(k->c->mem, str_trim(full)), key = viet_fold(k->c->mem, str_trim(written)), word, part, last;
	ptrdiff_t cut = key.n;

	while (cut > 0 && key.p[cut - 1] != '.' && key.p[cut - 1] != ' ')
		cut--;
	last = str_sub(key, cut, -1);
	key = str_sub(key, 0, cut);
	cut = name.n;
	while (cut > 0 && name.p[cut - 1] != ' ')
		cut--;
	if (!last.n || !str_eq(last, str_sub(name, cut, -1)))
		return false;
	name = str_sub(name, 0, cut);
	while (next_word(&key, &word)) {
		bool found = false;
		for (int i = 0; i < (int)COUNT(titles) && !found; i++)
			found = str_is(word, titles[i]);
		while (!found && next_word(&name, &part))
			found = str_starts(part, word);
		if (!found)
			return false;
	}
	return true;
}

/* One of those whom the file names together. */
static bool one_of_them(const struct known *k, str full, str written)
{
	ptrdiff_t at;

	while ((at = str_find(written, S(READ_AND))) >= 0) {
		if (same_teacher(k, full, str_sub(written, 0, at)))
			return true;
		written = str_sub(written, at + S(READ_AND).n, -1);
	}
	return same_teacher(k, full, written);
}

/* Who teaches the subject to the class by assignment; of several the one the file names; else whoever of the school
 * bears the name alone. 0: nobody. *ret_other: the file names somebody whom the assignment does not. */
static int64_t teacher_by(const struct known *k, int64_t class, int64_t subject_, str written, bool *ret_other)
{
	const struct teaches *t = k->teaching.p;
	int64_t sole = 0, named = 0, n = 0, elsewhere = 0;
	bool several = false;

	for (int64_t i = 0; i < k->teaching.n; i++) {
		bool same = written.n && one_of_them(k, t[i].name, written);
		if (t[i].class == class && t[i].subject == subject_) {
			sole = t[i].teacher, n++;
			named = same ? t[i].teacher : named;
		}
		if (same) {
			several = several || (elsewhere && elsewhere != t[i].teacher);
			elsewhere = t[i].teacher;
		}
	}
	*ret_other = written.n && n && !named;
	return named ? named : n == 1 ? sole : n == 0 && !several ? elsewhere : 0;
}

/* The names of whom a class has for a subject. */
static str assigned_to(const struct known *k, int64_t class, int64_t subject_)
{
	const struct teaches *t = k->teaching.p;
	struct buf b;

	buf_init(&b, k->c->mem, NAMES_MOST);
	for (int64_t i = 0; i < k->teaching.n; i++)
		if (t[i].class == class && t[i].subject == subject_) {
			if (b.n)
				put(&b, S(", "));
			put(&b, t[i].name);
		}
	return buf_str(&b);
}

static str class_called(const struct known *k, int64_t id)
{
	for (int64_t i = 0; i < k->classes.n; i++)
		if (((const struct class_name *)k->classes.p)[i].id == id)
			return ((const struct class_name *)k->classes.p)[i].name;
	return (str){ 0 };
}

static void tell_other(const struct known *k, struct import_view *out, const struct read_lesson *r,
	const struct lesson *x)
{
	struct other_view *v = (struct other_view *)(uintptr_t)out->others.p;
	str row = TEXT(k->c, "%lld", (long long)r->row);

	out->n_others++;
	if (!v)
		out->others.p = v = NEWS(k->c->mem, struct other_view, OTHERS_MOST);
	for (int64_t i = 0; i < out->others.n; i++)
		if (v[i].class_id == x->class.v && v[i].subject_id == x->subject.v && str_eq(v[i].named, r->teacher)) {
			v[i].n++;
			if (!str_eq(v[i].rows, row) && !str_ends(v[i].rows, TEXT(k->c, ", %lld", (long long)r->row)))
				v[i].rows = TEXT(k->c, "%.*s, %.*s", FMT(v[i].rows), FMT(row));
			return;
		}
	if (out->others.n < OTHERS_MOST)
		v[out->others.n++] = (struct other_view){ row, class_called(k, x->class.v), r->subject, r->teacher,
			assigned_to(k, x->class.v, x->subject.v), x->teacher.v == 0, x->class.v, x->subject.v, 1 };
}

static void count_unknown(struct ctx *c, items *list, str name)
{
	struct unknown_view *v = (struct unknown_view *)(uintptr_t)list->p;

	if (!v)
		list->p = v = NEWS(c->mem, struct unknown_view, NAMES_MOST);
	for (int64_t i = 0; i < list->n; i++)
		if (str_eq(v[i].name, name)) {
			v[i].n++;
			return;
		}
	if (list->n < NAMES_MOST)
		v[list->n++] = (struct unknown_view){ name, 1 };
}

/* "Phòng Tin học", "phong tin hoc" and "Tin học" are one, as are "Phòng 101", "P.101" and "101". */
static int64_t room_by(const struct known *k, str name)
{
	static const char *const words[] = { "phong ", "p ", "p" };
	str key = key_of(k->c, name);

	for (int64_t i = 0; key.n && i < k->rooms.n; i++) {
		str room = k->room_keys[i];
		bool same = str_eq(room, key);
		str bare = str_starts(room, S("phong ")) ? str_sub(room, 6, -1) : room;
		for (int w = 0; !same && w < COUNT(words); w++)
			same = str_starts(key, str_of(words[w])) && str_eq(str_trim(str_sub(key, (ptrdiff_t)strlen(words[w]), -1)),
				bare);
		if (same || str_eq(key, bare))
			return ((const struct class_name *)k->rooms.p)[i].id;
	}
	return 0;
}

static bool is_taken(const struct lesson *l, int64_t n, const struct lesson *x)
{
	for (int64_t i = 0; i < n; i++)
		if (l[i].class.v == x->class.v && l[i].place == x->place)
			return true;
	return false;
}

static void tell_left(struct ctx *c, struct import_view *out, const struct read_lesson *r)
{
	static const struct tr day_name = { "Thứ {1}", "Weekday {1}" }, sunday = { "Chủ nhật", "Sunday" };
	struct left_view *v = (struct left_view *)(uintptr_t)out->lefts.p;
	str day_ = r->weekday == 6 ? say(c, &sunday) : sayf(c, &day_name, ARGS(TEXT(c, "%d", r->weekday + 2)));

	out->twice++;
	if (!v)
		out->lefts.p = v = NEWS(c->mem, struct left_view, OTHERS_MOST);
	if (out->lefts.n < OTHERS_MOST)
		v[out->lefts.n++] = (struct left_view){ r->class, r->subject, r->teacher,
			TEXT(c, "%.*s, %.*s", FMT(day_), FMT(slot_text(c, r->slot))) };
}

static bool class_has(const struct known *k, int64_t class, int64_t subject_)
{
	const struct teaches *t = k->teaching.p;

	for (int64_t i = 0; i < k->teaching.n; i++)
		if (t[i].class == class && t[i].subject == subject_)
			return true;
	return false;
}

/* Timetables name the parts of a subject ("Sử", "Lí", "Mĩ thuật") that a class is taught as a whole (Thông tư
 * 32/2018/TT-BGDĐT): the lesson is of what the class is assigned. */
static int64_t as_taught(const struct known *k, int64_t class, int64_t subject_)
{
	static const struct { const char *part, *whole; } parts[] = { { "lich_su", "ls_dl" }, { "dia_li", "ls_dl" },
		{ "vat_li", "khtn" }, { "hoa_hoc", "khtn" }, { "sinh_hoc", "khtn" }, { "am_nhac", "nghe_thuat" },
		{ "mi_thuat", "nghe_thuat" }, { "tin_hoc", "th_cn" }, { "cong_nghe", "th_cn" } };

	for (int i = 0; i < (int)COUNT(parts); i++) {
		int64_t whole = subject_by_code(k, parts[i].whole);
		if (subject_by_code(k, parts[i].part) == subject_ && whole && !class_has(k, class, subject_) &&
			class_has(k, class, whole))
			return whole;
	}
	return subject_;
}

/* The lesson of one class; false: it has one at that time. joint: other classes are in it too; a room has one class. */
static bool match_one(const struct known *k, const struct timetable *t, const struct read_lesson *r, int64_t class,
	bool joint, int64_t subject_, struct lesson *l, struct import_view *out)
{
	struct lesson *x = &l[out->good];
	bool other;

	subject_ = as_taught(k, class, subject_);
	row_zero(&lesson, x);
	x->base.org = t->base.org;
	x->timetable.v = t->base.id;
	x->class.v = class;
	x->subject.v = subject_;
	x->weekday = (pick)r->weekday;
	x->slot = r->slot;
	x->place = lesson_place(x->weekday, x->slot);
	if (is_taken(l, out->good, x))
		return false;
	x->teacher.v = teacher_by(k, class, subject_, r->teacher, &other);
	if (r->room.n && joint)
		out->joint++;
	else if (r->room.n && (x->room.v = room_by(k, r->room)) == 0)
		count_unknown(k->c, &out->rooms, r->room);
	if (other)
		tell_other(k, out, r, x);
	out->no_teacher += x->teacher.v == 0;
	out->shared += str_find(r->teacher, S(READ_AND)) >= 0;
	out->good++;
	return true;
}

static struct lesson *matched(struct ctx *c, const struct timetable *t, const struct read_told *told, struct known *k,
	struct import_view *out)
{
	struct lesson *l = NEWS(c->mem, struct lesson, READ_MOST + 1);
	int64_t classes[NAMES_MOST];

	for (int64_t i = 0; i < told->n; i++) {
		const struct read_lesson *r = &told->lessons[i];
		bool part;
		int n = classes_by(k, told, r->class, classes, &part);
		int64_t subject_ = subject_by(k, r->subject);
		if (!n)
			count_unknown(c, &out->classes, r->class);
		if (!subject_)
			count_unknown(c, &out->subjects, r->subject);
		out->parts += part && subject_;
		for (int m = 0; m < n && subject_ && out->good < READ_MOST; m++)
			if (!match_one(k, t, r, classes[m], n > 1, subject_, l, out))
				tell_left(c, out, r);
	}
	return l;
}

/* ---- pages
 * -------------------------------------------------------------------------------------------------------- */

enum rc import_page(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Nhập thời khóa biểu: {1}", "Import a timetable: {1}" };
	const struct import_in *in = in_;
	struct import_view *out = out_;
	struct timetable t;
	struct tt_n n = { 0 };

	TRY(find(c, &timetable, in->timetable.v, &t));
	TRY(query_one(c, "timetable/lessons_of", &tt_in_shape, &(struct tt_in){ .timetable = t.base.id }, &tt_n_shape, &n));
	out->title = sayf(c, &title, ARGS(t.name));
	out->timetable = t.base.id;
	out->had = n.n;
	out->draft = t.state == TIMETABLE_DRAFT;
	return OK;
}

static enum rc import_write(struct ctx *c, const struct timetable *t, struct lesson *l, int64_t n)
{
	TRY(execute(c, "timetable/clear_lessons", &tt_in_shape, &(struct tt_in){ .timetable = t->base.id }, NULL));
	TRY(create_many(c, &lesson, l, n));
	TRY(audit(c, t->base.org, "timetable", t->base.id, "import", TEXT(c, "%lld", (long long)n)));
	c->said = sayf(c, &MSG_done, ARGS(TEXT(c, "%lld", (long long)n)));
	c->go = link_to(c, "/timetable/%lld/board", (long long)t->base.id);
	return OK;
}

enum rc import_post(struct ctx *c, const void *in_, void *out_)
{
	const struct import_post *in = in_;
	struct import_view *out = out_;
	struct timetable t;
	struct file_info info;
	struct read_told told;
	struct known k;
	str bytes;
	int fd;

	TRY(find(c, &timetable, in->timetable.v, &t));
	if (t.state != TIMETABLE_DRAFT)
		return FAIL(c, E_STATE, 0, &MSG_locked);
	if (!may(c, &timetable, UPDATE, &t))
		return E_DENIED;
	if (in->file.v == 0)
		return FAIL(c, E_INVALID, offsetof(struct import_post, file), &MSG_file);
	TRY(file_get(c, in->file, &info, &bytes));
	TRY(file_open(c, in->file, &info, &fd));
	enum rc rc = read_timetable(c, fd, bytes, in->afternoon, &told);
	close(fd);
	if (rc == E_INVALID && told.fet)
		return FAIL(c, rc, offsetof(struct import_post, file), told.result ? &MSG_result : &MSG_broken);
	if (rc != OK)
		return FAILF(c, rc == E_FAULT ? rc : E_INVALID, offsetof(struct import_post, file), &MSG_unread, told.why);
	if (told.n == 0)
		return FAIL(c, E_INVALID, offsetof(struct import_post, file), told.fet ? &MSG_empty : &MSG_no_table);
	TRY(known_load(c, &t, &k));
	TRY(import_page(c, &(struct import_in){ in->timetable }, out));
	struct lesson *l = matched(c, &t, &told, &k, out);
	out->asked = true;
	out->fet = told.fet;
	out->odd = told.odd;
	out->unplaced = told.unplaced;
	out->unread = told.unread;
	out->afternoon = in->afternoon;
	out->file = in->file.v;
	out->no_class = out->classes.n > 0;
	out->no_subject = out->subjects.n > 0;
	out->no_room = out->rooms.n > 0;
	out->none = out->good == 0;
	return in->write && out->good ? import_write(c, &t, l, out->good) : OK;
}
