/* places.c -- the fictional province of An Bình: communes on a map, department, bureau of the years before 2025,
 * schools. */
#include "app/demo/demo.h"
#include "core/many.h"

#define CUT ((day){ 20270 })                     /* 2025-07-01 */
static const struct point CENTRE = { 105900000, 20950000 };
enum { RADIUS = 420000 };

static const char *const commune_first[] = { "An", "Bình", "Phú", "Tân", "Hòa", "Long", "Vĩnh", "Thanh", "Xuân",
	"Đông", "Nam", "Mỹ" },
                  *const commune_last[] = { "Bình", "Thịnh", "Lộc", "Sơn", "Giang", "Hải", "Lâm", "Khê", "Hưng",
	"Điền", "Phong", "Thủy" };
static const char *const heroes[] = { "Nguyễn Trãi", "Lê Quý Đôn", "Chu Văn An", "Trần Phú", "Nguyễn Du",
	"Phan Bội Châu", "Lương Thế Vinh", "Ngô Quyền", "Lý Thường Kiệt",
	"Trần Hưng Đạo", "Quang Trung", "Lê Hồng Phong", "Nguyễn Bỉnh Khiêm", "Phan Đình Phùng", "Hoàng Văn Thụ",
	"Lý Tự Trọng", "Võ Thị Sáu", "Nguyễn Khuyến", "Tô Hiến Thành", "Mạc Đĩnh Chi" },
                  *const flowers[] = { "Hoa Sen", "Họa Mi", "Ánh Dương", "Sao Mai", "Hoa Hồng", "Vành Khuyên",
	"Sơn Ca", "Bình Minh", "Hướng Dương", "Tuổi Thơ" };


/* ---- communes ------------------------------------------------------------------------------------- */

/* Sites keep apart so that no commune is a sliver. */
static void scatter(struct demo *d, struct point *sites, int n)
{
	int64_t apart = RADIUS * 11 / 10;

	for (int k = n; k > 1; k /= 4)
		apart /= 2;
	for (int i = 0; i < n; i++) {
		for (int tries = 0; tries < 400; tries++) {
			int64_t x = rng_below(&d->rng, 2 * RADIUS) - RADIUS, y = (rng_below(&d->rng, 2 * RADIUS) - RADIUS) * 78
				/ 100;
			bool inside = x * x + y * y * 100 * 100 / (78 * 78) < (int64_t)RADIUS * RADIUS * 86 / 100, alone = true;
			sites[i] = (struct point){ CENTRE.x + x, CENTRE.y + y };
			for (int j = 0; j < i && alone; j++) {
				int64_t dx = sites[j].x - sites[i].x, dy = sites[j].y - sites[i].y;
				alone = dx * dx + dy * dy > apart * apart * (400 - tries) / 400;
			}
			if (inside && alone)
				break;
		}
	}
}

static str ring_text(struct ctx *c, const struct point *ring, int n)
{
	struct buf b;

	buf_init(&b, c->mem, 60000);
	for (int i = 0; i < n; i++)
		put_fmt(&b, "%s%lld,%lld", i ? " " : "", (long long)ring[i].x, (long long)ring[i].y);
	return buf_str(&b);
}

static str commune_name(struct demo *d, int i)
{
	int at = (i * 7 + 3) % (COUNT(commune_first) * COUNT(commune_last));
	str a = str_of(commune_first[at % COUNT(commune_first)]),
		b = str_of(commune_last[(at / COUNT(commune_first) + at) % COUNT(commune_last)]);
	return TEXT(d->c, "%.*s %.*s", FMT(a), FMT(b));
}

static enum rc make_communes(struct demo *d)
{
	struct ctx *c = d->c;
	int n = d->n_communes;
	struct admin_unit *units = NEWS(c->mem, struct admin_unit, n + 1);
	struct unit_border *borders = NEWS(c->mem, struct unit_border, n);
	struct point *sites = NEWS(c->mem, struct point, n), **rings = NEWS(c->mem, struct point *, n);
	int *n_of = NEWS(c->mem, int, n);

	scatter(d, sites, n);
	voronoi(c->mem, sites, n, CENTRE, RADIUS, rings, n_of);
	row_zero(&admin_unit, &units[n]);
	units[n].code = S("99"), units[n].name = S("An Bình"), units[n].full_name = S("Tỉnh An Bình (mẫu)");
	units[n].province_code = S("99"), units[n].level = UNIT_PROVINCE, units[n].since = CUT;
	for (int i = 0; i < n; i++) {
		struct commune *k = &d->communes[i];
		*k = (struct commune){ .name = commune_name(d, i), .x = sites[i].x, .y = sites[i].y };
		bool upland = sites[i].x < CENTRE.x - RADIUS / 3;
		k->minority = upland ? (enum people)(TAY + rng_below(&d->rng, 4)) : TAY;
		k->minority_1000 = upland ? 250 + rng_below(&d->rng, 500) : rng_below(&d->rng, 60);
		row_zero(&admin_unit, &units[i]);
		units[i].base.id = new_id(c);
		units[i].code = TEXT(c, "99%03d", i + 1);
		units[i].name = k->name;
		units[i].full_name = TEXT(c, "%s %.*s", i % 4 == 0 ? "Phường" : "Xã", FMT(k->name));
		units[i].level = UNIT_COMMUNE;
		units[i].parent_code = units[i].province_code = S("99");
		units[i].since = CUT;
		k->unit.v = units[i].base.id;
		row_zero(&unit_border, &borders[i]);
		borders[i].unit.v = units[i].base.id;
		borders[i].ring = ring_text(c, rings[i], n_of[i]);
	}
	TRY(create_many(c, &admin_unit, units, n + 1));
	d->count->communes = n;
	return create_many(c, &unit_border, borders, n);
}

/* ---- organisations ---------------------------------------------------------------------------------- */

static void new_org(struct org *o, enum org_kind kind, str name, str short_name, str code, org_id under, day since)
{
	row_zero(&org, o);
	o->kind = (pick)kind;
	o->name = name;
	o->short_name = short_name;
	o->code = code;
	o->parent = under;
	o->since = since;
}

static enum rc make_tiers(struct demo *d)
{
	struct ctx *c = d->c;
	struct org o;
	day founded, old;

	day_of(1997, 1, 1, &founded);
	day_of(1990, 1, 1, &old);
	new_org(&o, ORG_DEPARTMENT, S("Sở Giáo dục và Đào tạo tỉnh An Bình"), S("Sở GDĐT An Bình"), S("99"),
		(org_id){ 0 }, old);
	o.head = S("Trần Minh Khôi");
	o.address = S("Số 1 đường Trường Chinh, phường An Bình");
	TRY(create(c, &org, &o));
	d->dept.v = o.base.id;
	new_org(&o, ORG_BUREAU, S("Phòng Giáo dục và Đào tạo huyện An Bình"), S("Phòng GDĐT An Bình"), S("99001"),
		d->dept, founded);
	TRY(create(c, &org, &o));
	d->bureau.v = o.base.id;
	for (int i = 0; i < d->n_communes; i++) {
		struct commune *k = &d->communes[i];
		str full = title_of(c, &admin_unit, k->unit.v);
		new_org(&o, ORG_COMMUNE, TEXT(c, "UBND %.*s", FMT(full)), TEXT(c, "UBND %.*s", FMT(full)),
			TEXT(c, "99%03d", i + 1), d->dept, CUT);
		o.commune = k->unit;
		o.x = k->x, o.y = k->y;
		o.code = TEXT(c, "XA99%03d", i + 1);
		TRY(create(c, &org, &o));
		k->org.v = o.base.id;
	}
	return OK;
}

static void levels_of(struct org *o, enum kind_of_school kind)
{
	o->preschool = kind == PRESCHOOL;
	o->primary_ = kind == PRIMARY || kind == PRIMARY_LOWER;
	o->lower = kind == LOWER || kind == PRIMARY_LOWER || kind == BOARDING;
	o->upper = kind == UPPER || kind == BOARDING;
	o->continuing = kind == CONTINUING;
	o->boarding = kind == BOARDING;
	o->speciality = kind == BOARDING ? 2 : 0;
	o->two_sessions = kind == PRESCHOOL || kind == PRIMARY;
	o->semi_boarding = kind == PRESCHOOL || kind == PRIMARY;
}

static str school_name(struct demo *d, const struct demo_school *s, int i)
{
	struct ctx *c = d->c;
	str hero = str_of(heroes[i % COUNT(heroes)]), flower = str_of(flowers[i % COUNT(flowers)]);
	const char *again = i >= COUNT(heroes) * 2 ? " B" : i >= COUNT(heroes) ? " A" : "";

	switch (s->kind) {
	case PRESCHOOL:
		if (i >= COUNT(flowers))
			return TEXT(c, "Trường Mầm non %.*s %.*s", FMT(flower), FMT(s->commune->name));
		return TEXT(c, "Trường Mầm non %.*s", FMT(flower));
	case PRIMARY:       return TEXT(c, "Trường Tiểu học %.*s", FMT(i % 2 ? s->commune->name : hero));
	case LOWER:         return TEXT(c, "Trường THCS %.*s", FMT(i % 3 == 0 ? hero : s->commune->name));
	case PRIMARY_LOWER: return TEXT(c, "Trường Tiểu học và THCS %.*s", FMT(s->commune->name));
	case UPPER:         return TEXT(c, "Trường THPT %.*s%s", FMT(hero), again);
	case BOARDING:      return TEXT(c, "Trường PTDTNT THCS và THPT %.*s", FMT(s->commune->name));
	case CONTINUING:    return TEXT(c, "Trung tâm GDNN-GDTX %.*s", FMT(s->commune->name));
	}
	return (str){ 0 };
}

/* Before July 2025 preschools to lower secondary stood under the bureau; since then under their commune (TT
 * 15/2025). */
static enum rc place_school(struct demo *d, struct demo_school *s, int i)
{
	struct ctx *c = d->c;
	bool of_dept = s->kind == UPPER || s->kind == BOARDING || s->kind == CONTINUING;
	org_id under = of_dept ? d->dept : s->commune->org;
	struct org o;
	day founded;

	day_of((int)(1965 + rng_below(&d->rng, 50)), 9, 5, &founded);
	s->name = school_name(d, s, i);
	str plain = str_sub(s->name, str_starts(s->name, S("Trường ")) ? (ptrdiff_t)sizeof "Trường " - 1 : 0, -1);
	new_org(&o, ORG_SCHOOL, s->name, plain, TEXT(c, "99%06d", 1000 + (int)(s - d->schools)), under, founded);
	levels_of(&o, s->kind);
	o.ownership = s->kind == PRESCHOOL && i % 3 == 2 ? 2 : 0;
	o.commune = s->commune->unit;
	o.x = s->commune->x + rng_near(&d->rng, 0, RADIUS / 14);
	o.y = s->commune->y + rng_near(&d->rng, 0, RADIUS / 14);
	o.address = TEXT(c, "Thôn %lld, %.*s", (long long)(1 + rng_below(&d->rng, 12)), FMT(s->commune->name));
	o.old_address = TEXT(c, "%.*s, huyện An Bình, tỉnh An Bình", FMT(o.address));
	o.phone = TEXT(c, "010%07lld", (long long)rng_below(&d->rng, 10000000));
	o.national_standard = rng_chance(&d->rng, 620);
	o.difficult_area = s->commune->minority_1000 > 500;
	TRY(create(c, &org, &o));
	s->org.v = o.base.id;
	s->login = o.slug;
	return OK;
}

static enum rc make_rooms(struct demo *d, struct demo_school *s, int classes)
{
	struct ctx *c = d->c;
	int n = classes + 5;
	struct facility *rooms = NEWS(c->mem, struct facility, n);
	static const struct { const char *name; pick kind; int64_t seats, computers;
		} special[] = { { "Phòng Tin học", 1, 40, 35 }, { "Thư viện", 4, 60, 4 }, { "Phòng thí nghiệm", 3, 45, 1 },
		{ "Phòng họp trực tuyến", 7, 60, 2 }, { "Văn phòng", 8, 12, 6 } };

	for (int i = 0; i < n; i++) {
		struct facility *f = &rooms[i];
		row_zero(&facility, f);
		f->base.org = s->org;
		f->building = i < classes / 2 ? S("Nhà A") : S("Nhà B");
		f->since = c->today;
		f->since.v -= (int32_t)(rng_below(&d->rng, 9000));
		f->area_dm2 = 4800 + 100 * rng_below(&d->rng, 20);
		if (i < classes) {
			f->name = TEXT(c, "Phòng %d%02d", 1 + i / 12, 1 + i % 12);
			f->seats = 45;
			f->networked = rng_chance(&d->rng, 850);
		} else {
			f->name = str_of(special[i - classes].name);
			f->kind = special[i - classes].kind;
			f->seats = special[i - classes].seats;
			f->computers = special[i - classes].computers;
			f->networked = true;
			f->dual_use = f->kind == 7;
		}
		f->link = f->networked ? 1 : 0;
		f->speed_mbps = f->networked ? 100 + 50 * rng_below(&d->rng, 5) : 0;
		f->condition = rng_chance(&d->rng, 820) ? 0 : rng_chance(&d->rng, 800) ? 1 : 2;
	}
	return create_many(c, &facility, rooms, n);
}

/* How many schools of each kind, for each size. */
static const int census[][7] = { [DEMO_SCHOOL] = { [LOWER] = 1 }, [DEMO_DISTRICT] = { [PRESCHOOL] = 4, [PRIMARY] = 4,
	[LOWER] = 3, [UPPER] = 2, [BOARDING] = 1, [CONTINUING] = 1 },
	[DEMO_PROVINCE] = { [PRESCHOOL] = 190, [PRIMARY] = 185, [LOWER] = 150, [UPPER] = 44, [BOARDING] = 6,
		[CONTINUING] = 9, [PRIMARY_LOWER] = 16 } };
static const int shape_of[][7][2] = {             /* classes a grade, pupils a class                       */
	[DEMO_SCHOOL] = { [LOWER] = { 3, 42 } },
	[DEMO_DISTRICT] = { [PRESCHOOL] = { 2, 26 }, [PRIMARY] = { 3, 31 }, [LOWER] = { 3, 42 }, [UPPER] = { 6, 43 },
		[BOARDING] = { 1, 34 }, [CONTINUING] = { 1, 36 } },
	[DEMO_PROVINCE] = { [PRESCHOOL] = { 3, 27 }, [PRIMARY] = { 4, 31 }, [LOWER] = { 4, 41 }, [UPPER] = { 11, 43 },
		[BOARDING] = { 2, 34 }, [CONTINUING] = { 3, 38 }, [PRIMARY_LOWER] = { 2, 33 } } };

static int grades_of(enum kind_of_school k)
{
	static const int n[] = { [PRESCHOOL] = 4, [PRIMARY] = 5, [LOWER] = 4, [UPPER] = 3, [BOARDING] = 7,
		[CONTINUING] = 3, [PRIMARY_LOWER] = 9 };
	return n[k];
}

enum rc demo_places(struct demo *d)
{
	struct ctx *c = d->c;
	int times = d->ask->size == DEMO_METROPOLIS ? 4 : 1;
	enum demo_size size = times > 1 ? DEMO_PROVINCE : d->ask->size;

	d->n_communes = size == DEMO_PROVINCE ? 110 * times : size == DEMO_DISTRICT ? 12 : 4;
	d->communes = NEWS(c->mem, struct commune, d->n_communes);
	TRY(make_communes(d));
	TRY(make_tiers(d));
	for (int k = 0; k < 7; k++)
		d->n_schools += census[size][k] * times;
	d->schools = NEWS(c->mem, struct demo_school, d->n_schools);
	struct demo_school *s = d->schools;
	for (int k = 0; k < 7; k++) {
		for (int i = 0; i < census[size][k] * times; i++, s++) {
			s->kind = (enum kind_of_school)k;
			s->commune = &d->communes[(i * 5 + k) % d->n_communes];
			s->classes_a_grade = shape_of[size][k][0];
			s->pupils_a_class = shape_of[size][k][1];
			TRY(place_school(d, s, i));
			TRY(make_rooms(d, s, s->classes_a_grade * grades_of(s->kind)));
		}
	}
	d->count->schools = d->n_schools;
	return OK;
}
