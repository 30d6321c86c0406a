/* registers.c -- a school's books on paper: a class of one school, its marks of a year, ratings, notes, lessons of a
 * week; each book as OUT/ENGINE/paper-NAME.pdf, beside what golden.c writes. */
#include "mod/auth/auth.h"
#include "mod/records/records.h"
#include "mod/timetable/timetable.h"
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_auth, &mod_records, &mod_timetable
#include "domain.h"
#include "core/files.h"
#include "core/pages.h"
#include "core/print.h"
#include "mod/records/class_sheet.h"
#include "mod/records/rating.h"
#include "mod/records/results_page.h"
#include <cairo.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <jpeglib.h>
#include <unistd.h>

static const char *const codes[] = { "toan", "ngu_van", "ngoai_ngu_1", "khtn", "ls_dl", "gdcd", "tin_hoc", "gdtc" };
static const char *const names[] = { "Trần Văn Bình", "Nguyễn Thị Ánh", "Lò Văn Ất", "H'Linh Niê Kđăm", "Đỗ Đức Anh",
	"Nguyễn Hoàng Phương Uyên" };
enum { SUBJECTS = COUNT(codes), PUPILS = COUNT(names) };
struct book { struct world *w; subject_id subjects[SUBJECTS]; person_id pupils[PUPILS]; };

static struct ctx *mine(struct book *k)
{
	return as(k->w, &teacher, k->w->a, k->w->teacher_a);
}

static void add_teaching(struct book *k, subject_id what, bool form)
{
	struct world *w = k->w;
	struct teaching t;

	row_zero(&teaching, &t);
	t.base.org = w->a;
	t.class = w->class_a;
	t.teacher = w->teacher_a;
	t.subject = what;
	t.form = form;
	t.since = (day){ 20000 };
	OKAY(create(as_khue(w), &teaching, &t));
}

static void open_books(struct book *k)
{
	struct world *w = k->w;
	struct subject s;
	int64_t n;

	OKAY(school_load_facts(as_khue(w)));
	OKAY(db_exec(w->db, "UPDATE org SET head = 'Nguyễn Văn Sơn' WHERE id = ?1", VALS(v_int(w->a.v)), NULL));
	for (int i = 0; i < SUBJECTS; i++) {
		OKAY(find_one(as_khue(w), &subject, &s, IS({ offsetof(struct subject, code), v_text(str_of(codes[i])) })));
		k->subjects[i].v = s.base.id;
		add_teaching(k, k->subjects[i], false);
	}
	OKAY(db_exec(w->db, "UPDATE person SET address = 'Thôn 3, xã Long Lâm' WHERE id = ?1", VALS(v_int(w->pupil_a.v)),
		NULL));
	add_teaching(k, (subject_id){ 0 }, true);
	k->pupils[0] = w->pupil_a;
	for (int i = 1; i < PUPILS; i++)
		k->pupils[i] = add_person(w, w->a, names[i], true, false);
	for (int i = 0; i < PUPILS; i++)
		enrol(w, k->pupils[i], w->class_a);
	OKAY(courses_open(as_khue(w), w->a, w->year, &n));
}

/* Every mark of a subject and term, a pupil's from 5 upwards; the third misses one test and is weak in mathematics. */
static void fill_term(struct book *k, int what, pick term_)
{
	static const char *const remarks[] = { "Có tiến bộ rõ, hăng hái phát biểu.",
		"Nắm chắc kiến thức, trình bày cẩn thận.",
		"Cần làm bài tập đầy đủ hơn; còn yếu phần phân số, nhà trường đã bố trí phụ đạo vào chiều thứ Năm hằng tuần." };
	struct world *w = k->w;
	struct cell_edit e[PUPILS * (SLOTS + 1)];
	struct save_told told;
	struct arena mem;
	struct grid g;
	int n = 0;

	arena_init(&mem, 1 << 20);
	OKAY(grid_load(mine(k), w->class_a, k->subjects[what], term_, &g));
	for (int p = 0; p < PUPILS; p++) {
		for (int i = 0; i < g.layout.n; i++) {
			str key = str_of(g.layout.slots[i].key);
			int v = 50 + (p * 7 + i * 5 + what * 3 + (int)term_ * 2) % 50;
			if (str_is(key, "cd"))
				continue;
			str typed = g.layout.slots[i].word ? S("Đ") : p == 2 && what == 0 ? S("3,5") : p == 2 && i == 1 ? S("v")
				: str_fmt(&mem, "%d,%d", v / 10, v % 10);
			e[n++] = (struct cell_edit){ k->pupils[p].v, str_copy(&mem, key), { 0 }, typed };
		}
		e[n++] = (struct cell_edit){ k->pupils[p].v, S("remark"), { 0 }, str_of(remarks[p % 3]) };
	}
	OKAY(marks_save(mine(k), &(struct save_ask){ .class = w->class_a, .subject = k->subjects[what], .term = term_,
		.edits = e, .n = n, .whole = true }, &told));
	arena_free(&mem);
}

static void rate(struct book *k, pick term_)
{
	struct world *w = k->w;

	for (int p = 0; p < PUPILS; p++) {
		struct rating_one one = { k->pupils[p], p == 2 ? CONDUCT_KHA : CONDUCT_TOT, CONDUCT_NONE, { 0 },
			S_INIT("Ngoan") };
		struct ctx *c = as(w, &form_teacher, w->a, w->teacher_a);
		OKAY(rating_post(c, &(struct rating_in){ w->class_a, term_, { &one, 1 } }, NULL));
	}
}

static void add_family(struct book *k)
{
	static const struct { int pupil; pick relation; const char *name, *phone; } all[] = {
		{ 0, REL_FATHER, "", "0912345678" }, { 0, REL_MOTHER, "Nguyễn Thị Thanh Thủy", "0987654321" },
		{ 1, REL_GRANDPARENT, "Nguyễn Văn Thành", "" } };
	struct world *w = k->w;

	for (int i = 0; i < (int)COUNT(all); i++) {
		struct guardianship g;
		struct person p;
		person_id who = i ? add_person(w, w->a, all[i].name, false, false) : w->parent_a;
		OKAY(find(as_khue(w), &person, who.v, &p));
		p.phone = str_of(all[i].phone);
		p.address = S("Thôn 3, xã Long Lâm");
		OKAY(update(&w->c, &person, &p));
		row_zero(&guardianship, &g);
		g.base.org = w->a;
		g.pupil = k->pupils[all[i].pupil];
		g.guardian = who;
		g.relation = all[i].relation;
		OKAY(create(as_khue(w), &guardianship, &g));
	}
}

static void add_notes(struct book *k)
{
	static const struct { pick kind; int pupil; const char *text; } all[] = {
		{ 0, -1, "Ổn định nền nếp, bầu ban cán sự lớp; kế hoạch giúp bạn học Toán, mỗi tổ một nhóm." },
		{ 2, -1, "Họp cha mẹ học sinh đầu năm: 6/6 gia đình dự. Thống nhất giờ đưa đón và cách liên hệ." },
		{ 3, 2, "Gia đình cho biết em phải trông em nhỏ buổi tối, thống nhất học phụ đạo tại trường." } };
	struct world *w = k->w;

	for (int i = 0; i < (int)COUNT(all); i++) {
		struct form_note f;
		row_zero(&form_note, &f);
		f.base.org = w->a;
		f.class = w->class_a;
		f.on_day = (day){ as_khue(w)->today.v - 50 + i * 9 };
		f.kind = all[i].kind;
		if (all[i].pupil >= 0)
			f.pupil = k->pupils[all[i].pupil];
		f.text = str_of(all[i].text);
		OKAY(create(as_khue(w), &form_note, &f));
	}
}

/* A week of the class: three lessons a day, those of Monday written into the book. */
static void add_lessons(struct book *k)
{
	static const char *const contents[] = { "Bài 5. Phép cộng và phép trừ số hữu tỉ", "Tiếng gà trưa (tiết 2)",
		"Unit 3: Community service – A closer look 1" };
	struct world *w = k->w;
	struct timetable t;
	day monday = { as_khue(w)->today.v - day_week(w->c.today) + 1 - 7 };

	row_zero(&timetable, &t);
	t.base.org = w->a;
	t.year = w->year;
	t.name = S("Học kì I");
	t.since = (day){ monday.v - 30 };
	OKAY(create(as_khue(w), &timetable, &t));
	for (int i = 0; i < 18; i++) {
		struct lesson l;
		row_zero(&lesson, &l);
		l.base.org = w->a;
		l.timetable.v = t.base.id;
		l.class = w->class_a;
		l.weekday = (pick)(i / 3);
		l.slot = i % 3 + 1;
		l.subject = k->subjects[i % SUBJECTS];
		l.teacher = w->teacher_a;
		OKAY(create(as(w, &clerk, w->a, (person_id){ 5 }), &lesson, &l));
	}
	OKAY(find(as(w, &principal, w->a, (person_id){ 6 }), &timetable, t.base.id, &t));
	OKAY(step(&w->c, &timetable, &t, "publish"));
	for (int i = 0; i < (int)COUNT(contents); i++) {
		struct lesson_record r;
		row_zero(&lesson_record, &r);
		r.base.org = w->a;
		r.class = w->class_a;
		r.held = monday;
		r.slot = i + 1;
		r.subject = k->subjects[i];
		r.teacher = w->teacher_a;
		r.number = 9 + i;
		r.content = str_of(contents[i]);
		r.absentees = i ? S("") : S("Lò Văn Ất (P)");
		r.remark = i == 1 ? S("Lớp sôi nổi, hai em chưa chuẩn bị bài") : S("Học tốt");
		r.grade = i == 1 ? 2 : 1;
		OKAY(create(as_khue(w), &lesson_record, &r));
	}
}

/* ---- pictures --------------------------------------------------------------------------------------------------- */

enum { PHOTO_W = 1200, PHOTO_H = 1600 };

/* Somebody's head and shoulders before a blue wall. */
static cairo_surface_t *portrait(double skin)
{
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, PHOTO_W, PHOTO_H);
	cairo_t *cr = cairo_create(s);

	cairo_set_source_rgb(cr, 0.45, 0.62, 0.85);
	cairo_paint(cr);
	cairo_set_source_rgb(cr, 0.95, 0.95, 0.95);
	cairo_arc(cr, 600, 1700, 560, 0, 6.2832);
	cairo_fill(cr);
	cairo_set_source_rgb(cr, 0.15, 0.1, 0.08);
	cairo_arc(cr, 600, 720, 360, 0, 6.2832);
	cairo_fill(cr);
	cairo_set_source_rgb(cr, skin, skin * 0.8, skin * 0.65);
	cairo_arc(cr, 600, 800, 310, 0, 6.2832);
	cairo_fill(cr);
	cairo_destroy(cr);
	return s;
}

static cairo_status_t to_file(void *arg, const unsigned char *p, unsigned n)
{
	return write(*(const int *)arg, p, n) == (ssize_t)n ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void write_jpeg(cairo_surface_t *s, int fd)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr e;
	unsigned char *made = NULL, row[PHOTO_W * 3];
	JSAMPROW rows[1] = { row };
	unsigned long n = 0;

	c.err = jpeg_std_error(&e);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &made, &n);
	c.image_width = PHOTO_W;
	c.image_height = PHOTO_H;
	c.input_components = 3;
	c.in_color_space = JCS_RGB;
	jpeg_set_defaults(&c);
	jpeg_start_compress(&c, TRUE);
	for (int y = 0; y < PHOTO_H; y++) {
		const unsigned char *from = cairo_image_surface_get_data(s) + (ptrdiff_t)y * cairo_image_surface_get_stride(s);
		for (int x = 0; x < PHOTO_W; x++)
			for (int k = 0; k < 3; k++)
				row[x * 3 + k] = from[x * 4 + 2 - k];
		jpeg_write_scanlines(&c, rows, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	assert_int_equal(write(fd, made, n), (ssize_t)n);
	free(made);
}

/* The first has a photo as JPEG, the second as PNG, the others none. */
static void add_photos(struct book *k)
{
	struct world *w = k->w;

	for (int i = 0; i < 2; i++) {
		struct person p;
		file_id id;
		int fd = memfd_create("photo", MFD_CLOEXEC);
		cairo_surface_t *s = portrait(i ? 0.8 : 0.95);
		if (i)
			assert_int_equal(cairo_surface_write_to_png_stream(s, to_file, &fd), 0);
		else
			write_jpeg(s, fd);
		cairo_surface_destroy(s);
		OKAY(file_keep(as_khue(w), w->a, i ? S("anh.png") : S("anh.jpg"), fd, (str){ 0 }, 0, &id));
		OKAY(find(&w->c, &person, k->pupils[i].v, &p));
		p.photo = id;
		p.school_code = i ? S("HS0002") : S("HS0001");
		OKAY(update(&w->c, &person, &p));
	}
}

/* ---- on paper ------------------------------------------------------------------------------------------------- */

static const struct print *print_named(const struct module *m, const char *name)
{
	const struct print *p = m->prints;

	while (strcmp(p->name, name) != 0)
		p++;
	return p;
}

static void put_paper(struct world *w, const struct print *p, const struct entity *e, int64_t id, const char *path)
{
	struct print_sheets *sheets;
	struct ctx *c = as_khue(w);
	char *row = arena_alloc(c->mem, e->size, 16), *in = arena_alloc(c->mem, p->in ? p->in->size : 1, 16);
	void *out = arena_alloc(c->mem, p->out->size, 16);
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0644), n;

	assert_true(fd >= 0);
	c->lang = VI;
	OKAY(find(c, e, id, row));
	if (strcmp(p->name, "lessonbook") == 0)
		*(day *)(void *)in = (day){ c->today.v - 7 };
	OKAY(p->run(c, row, in, out));
	OKAY(print_begin(c, str_of(p->paper), p->label.vi ? str_of(p->label.vi) : S(""), S("Trường THCS Nguyễn Trãi"), fd,
		&sheets));
	OKAY(print_add(sheets, p->page, p->out, out));
	OKAY(print_end(sheets, &n));
	assert_true(n > 0);
	close(fd);
}

static void books_are_written(void **state)
{
	static const struct { const struct module *m; const char *name; } all[] = { { &mod_records, "register" },
		{ &mod_records, "results" }, { &mod_records, "form_book" }, { &mod_timetable, "lessonbook" },
		{ &mod_school, "cards" } };
	const char *out = getenv("KHUE_GOLDEN_OUT"), *engine = str_starts(str_of(((struct engine_state *)*state)->where),
		S("post")) ? "postgres" : "sqlite";
	struct book k = { .w = world_open(state) };
	struct world *w = k.w;
	char why[256] = "", path[600], data[600];
	int64_t n;

	out = out ? out : "/tmp";
	snprintf(path, sizeof path, "%s/%s", out, engine);
	mkdir(path, 0755);
	snprintf(data, sizeof data, "%s/%s/data", out, engine);
	mkdir(data, 0755);
	w->app.data = data;
	w->app.kept = calloc(8, sizeof(void *));
	if (!pages_open(&w->app, why))
		fail_msg("%s", why);
	open_books(&k);
	for (pick t = TERM_1; t <= TERM_2; t++) {
		for (int s = 0; s < SUBJECTS; s++)
			fill_term(&k, s, t);
		rate(&k, t);
	}
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	add_family(&k);
	add_notes(&k);
	add_lessons(&k);
	add_photos(&k);
	for (int i = 0; i < (int)COUNT(all); i++) {
		snprintf(path, sizeof path, "%s/%s/paper-%s.pdf", out, engine, all[i].name);
		put_paper(w, print_named(all[i].m, all[i].name), &school_class, w->class_a.v, path);
	}
	int64_t maths = count(w, "SELECT k.id FROM course k JOIN subject s ON s.id = k.subject WHERE s.code = 'toan'");
	snprintf(path, sizeof path, "%s/%s/paper-book.pdf", out, engine);
	put_paper(w, print_named(&mod_records, "book"), &course, maths, path);
	pages_close(&w->app);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(books_are_written) };

	(void)argc;
	need_postgres(argv);
	hash_init();
	return cmocka_run_group_tests_name("registers", tests, NULL, NULL);
}
