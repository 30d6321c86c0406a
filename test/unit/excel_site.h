/* excel_site.h -- a primary school with two pupils and two teachers, and the workbooks people send it, for the tests of
 * the Excel bridge. */
#ifndef KHUE_TEST_EXCEL_SITE_H
#define KHUE_TEST_EXCEL_SITE_H
#include "mod/excel/excel_in.h"
#include "mod/records/records.h"
#include "core/export.h"
#include "core/files.h"
#include "core/import_work.h"
#include "mod/auth/auth.h"
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_records, &mod_auth, &mod_excel
#include "domain.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

struct site { struct world *w; org_id school; school_class_id first, second; person_id an, binh, hoa, mai;
	subject_id maths, vietnamese; char folder[64]; };

static inline person_id add_pupil(struct site *s, const char *name, const char *sector, int y, int m, int d)
{
	struct world *w = s->w;
	struct person p = a_person(w, s->school, name);

	p.pupil = true;
	p.sex = SEX_FEMALE;
	p.ethnicity = 1;
	p.sector_id = str_of(sector);
	p.address = S("Tổ 3, xã Long Lâm");
	p.policy = 1;
	day_of(y, m, d, &p.born);
	OKAY(create(as_khue(w), &person, &p));
	return (person_id){ p.base.id };
}

static inline org_id primary_school(struct world *w)
{
	struct org o;

	row_zero(&org, &o);
	o.name = S("Trường Tiểu học Long Lâm");
	o.kind = ORG_SCHOOL;
	o.parent = w->commune;
	o.since = (day){ 10000 };
	o.primary_ = true;
	OKAY(create(as_khue(w), &org, &o));
	return (org_id){ o.base.id };
}

static inline void site_open(void **state, struct site *s)
{
	struct world *w = s->w = world_open(state);

	snprintf(s->folder, sizeof s->folder, "/tmp/khue-excel-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	w->app.data = s->folder;
	s->school = primary_school(w);
	s->first = add_class(w, s->school, w->year, "1A", GRADE_1);
	s->second = add_class(w, s->school, w->year, "2B", GRADE_1 + 1);
	s->an = add_pupil(s, "Nguyễn Thị An", "0123456789", 2020, 5, 1);
	s->binh = add_pupil(s, "Lê Thị Bình", "", 2019, 9, 2);
	s->hoa = add_person(w, s->school, "Phạm Thị Hoa", false, true);
	s->mai = add_person(w, s->school, "Đỗ Thị Mai", false, true);
	s->maths = add_subject(w, "toan", "Toán");
	s->vietnamese = add_subject(w, "tieng_viet", "Tiếng Việt");
	enrol(w, s->an, s->first);
	enrol(w, s->binh, s->second);
}

static inline void site_close(struct site *s)
{
	char cmd[100];

	snprintf(cmd, sizeof cmd, "rm -rf %s", s->folder);
	world_close(s->w);
	assert_int_equal(system(cmd), 0);
}

static inline struct ctx *as_office(struct site *s, const struct role *r)
{
	struct ctx *c = as(s->w, r, s->school, (person_id){ 5 });

	c->here.org = s->school;
	c->here.year = s->w->year.v;
	return c;
}

/* ---- workbooks ------------------------------------------------------------------------------------------------ */

static inline str bytes_of_file(struct arena *mem, int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	char *p = arena_alloc(mem, (size_t)st.st_size + 1, 1);
	assert_int_equal(pread(fd, p, (size_t)st.st_size, 0), st.st_size);
	return (str){ p, (ptrdiff_t)st.st_size };
}

static inline file_id sent(struct ctx *c, const char *name, str bytes)
{
	file_id id;

	assert_int_equal(file_own(c, c->here.org, str_of(name), str_of(export_type(EXPORT_XLSX)), bytes, (instant){ 0 },
		stamp_free("a test"), &id), OK);
	return id;
}

static inline file_id sent_template(struct ctx *c, const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof path, KHUE_ROOT "/test/vectors/excel/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	str bytes = bytes_of_file(c->mem, fd);
	close(fd);
	return sent(c, name, bytes);
}

/* The workbook with its puts as a file that was sent. */
static inline file_id sent_on(struct opened *o)
{
	file_id made;

	assert_int_equal(wb_to_file(o->c, o->w, o->file, o->c->here.org, o->name, 0, stamp_free("a test"), &made), OK);
	return made;
}

static inline void write_in(struct opened *o, int row, const char *column, const char *text)
{
	assert_int_equal(wb_put(o->w, o->t.sheet, row, tm_column(&o->t, column, 0), false, str_of(text)), OK);
}

/* The XML of the first sheet of a stored file. */
#define TEXT_IS(o, row, column, what) do { str s_ = said_at((o), (row), (column)); if (!str_is(s_, (what))) \
	fail_msg("%s in row %d: \"%.*s\", not \"%s\"", (column), (row), FMT(s_), (what)); } while (0)
#endif
