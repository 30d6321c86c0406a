/* demo.c -- the fictional province, from years and subjects to the last roll call. */
#include "app/demo/demo.h"
#include "core/app.h"
#include "core/many.h"
#include "core/search.h"
#include "mod/org/units.h"

/* Lessons a year of the 2018 programme for the lower grades of each level (TT 32/2018/TT-BGDĐT; TT 13/2022/TT-BGDĐT). */
static const struct { const char *code, *name; bool comment; int16_t g[12]; } programme[] = {
	{ "tieng_viet", "Tiếng Việt", false, { 420, 350, 245, 245, 245 } },
	{ "toan", "Toán", false, { 105, 175, 175, 175, 175, 140, 140, 140, 140, 105, 105, 105 } },
	{ "ngu_van", "Ngữ văn", false, { [5] = 140, 140, 140, 140, 105, 105, 105 } },
	{ "ngoai_ngu_1", "Ngoại ngữ 1", false, { 0, 0, 140, 140, 140, 105, 105, 105, 105, 105, 105, 105 } },
	{ "khtn", "Khoa học tự nhiên", false, { [5] = 140, 140, 140, 140 } },
	{ "ls_dl", "Lịch sử và Địa lí", false, { 0, 0, 0, 70, 70, 105, 105, 105, 105 } },
	{ "gdcd", "Giáo dục công dân", false, { [5] = 35, 35, 35, 35 } },
	{ "cong_nghe", "Công nghệ", false, { [5] = 35, 35, 52, 52 } },
	{ "tin_hoc", "Tin học", false, { [5] = 35, 35, 35, 35 } },
	{ "gdtc", "Giáo dục thể chất", true, { 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70 } },
	{ "nghe_thuat", "Nghệ thuật (Âm nhạc, Mĩ thuật)", true, { 70, 70, 70, 70, 70, 70, 70, 70, 70 } },
	{ "hdtn", "Hoạt động trải nghiệm, hướng nghiệp", true, { 105, 105, 105, 105, 105, 105, 105, 105, 105, 105, 105, 105 } },
	{ "gddp", "Nội dung giáo dục của địa phương", true, { [5] = 35, 35, 35, 35, 35, 35, 35 } },
	{ "dao_duc", "Đạo đức", false, { 35, 35, 35, 35, 35 } },
	{ "tnxh", "Tự nhiên và Xã hội", false, { 70, 70, 70 } },
	{ "khoa_hoc", "Khoa học", false, { 0, 0, 0, 70, 70 } },
	{ "th_cn", "Tin học và Công nghệ", false, { 0, 0, 70, 70, 70 } },
	{ "lich_su", "Lịch sử", false, { [9] = 52, 52, 52 } },
	{ "dia_li", "Địa lí", false, { [9] = 70, 70, 70 } },
	{ "ktpl", "Giáo dục kinh tế và pháp luật", false, { [9] = 70, 70, 70 } },
	{ "vat_li", "Vật lí", false, { [9] = 70, 70, 70 } },
	{ "hoa_hoc", "Hóa học", false, { [9] = 70, 70, 70 } },
	{ "sinh_hoc", "Sinh học", false, { [9] = 70, 70, 70 } },
	{ "gdqp", "Giáo dục quốc phòng và an ninh", false, { [9] = 35, 35, 35 } },
};

static enum rc make_subjects(struct demo *d)
{
	struct ctx *c = d->c;
	struct subject *rows = NEWS(c->mem, struct subject, COUNT(programme));

	for (int i = 0; i < COUNT(programme); i++) {
		row_zero(&subject, &rows[i]);
		rows[i].base.id = new_id(c);
		rows[i].code = str_of(programme[i].code);
		rows[i].name = str_of(programme[i].name);
		rows[i].comment_only = programme[i].comment;
		int64_t *lessons = &rows[i].g1;
		for (int g = 0; g < 12; g++)
			lessons[g] = programme[i].g[g];
		if (i < COUNT(d->subjects)) {
			d->subjects[i].v = rows[i].base.id;
			d->subject_names[i] = rows[i].name;
		}
	}
	d->n_subjects = COUNT(programme);
	return create_many(c, &subject, rows, COUNT(programme));
}

/* The school year that today is in, the one before and the one after; two terms each (18 and 17 weeks). */
static enum rc make_years(struct demo *d)
{
	struct ctx *c = d->c;
	struct ymd t = day_ymd(c->today);
	int first = t.m >= 8 ? t.y : t.y - 1;

	for (int y = first - 1; y <= first + 1; y++) {
		struct school_year year;
		struct term terms[2];
		row_zero(&school_year, &year);
		year.code = TEXT(c, "%d-%d", y, y + 1);
		day_of(y, 8, 1, &year.since);
		day_of(y + 1, 7, 31, &year.until);
		TRY(create(c, &school_year, &year));
		for (int k = 0; k < 2; k++) {
			row_zero(&term, &terms[k]);
			terms[k].year.v = year.base.id;
			terms[k].code = k ? S("hk2") : S("hk1");
			terms[k].name = k ? S("Học kì II") : S("Học kì I");
		}
		day_of(y, 9, 5, &terms[0].since);
		day_of(y + 1, 1, 15, &terms[0].until);
		day_of(y + 1, 1, 16, &terms[1].since);
		day_of(y + 1, 5, 31, &terms[1].until);
		TRY(create(c, &term, &terms[0]));
		TRY(create(c, &term, &terms[1]));
		if (y == first) {
			d->year.v = year.base.id;
			d->first_year = y;
			day_of(y, 9, 5, &d->year_since);
			if (d->year_since.v > c->today.v)
				d->year_since = year.since;
			d->year_until = year.until;
		}
	}
	return OK;
}

/* A school's rows live only until they are written. */
static enum rc with_room(struct demo *d, struct demo_school *s)
{
	struct arena room, *kept = d->c->mem;
	enum rc rc;

	arena_init(&room, (size_t)1 << 30);
	room.full = kept->full;
	d->c->mem = &room;
	rc = demo_school_people(d, s);
	d->c->mem = kept;
	arena_free(&room);
	return rc;
}

enum rc demo_make(struct ctx *c, const struct demo_ask *ask, struct demo_count *ret, void (*progress)(void *, int64_t, int64_t), void *arg)
{
	struct demo *d = NEW(c->mem, struct demo);

	*ret = (struct demo_count){ 0 };
	*d = (struct demo){ .c = c, .ask = ask, .rng = { ask->seed }, .names = names_load(c->mem), .count = ret };
	if (!d->names)
		return E_FAULT;
	TRY(make_years(d));
	TRY(make_subjects(d));
	TRY(demo_places(d));
	for (int i = 0; i < d->n_schools; i++) {
		TRY(with_room(d, &d->schools[i]));
		if (progress)
			progress(arg, i + 1, d->n_schools);
	}
	TRY(demo_stories(d));
	return demo_accounts(d);
}
