/* borders.c -- see borders.h. A ring is kept as "x,y x,y", several rings of a unit parted by ";" (unit_border.ring). */
#include "mod/org/borders.h"
#include "mod/org/units.h"
#include "web/json.h"
#include <math.h>

static const struct tr
MSG_not_map = { "Tệp không phải GeoJSON (FeatureCollection) hay TopoJSON (Topology): {1}",
	"The file is neither GeoJSON (FeatureCollection) nor TopoJSON (Topology): {1}" },
MSG_arc = { "Cung số {1} của tệp không đọc được.", "Arc {1} of the file cannot be read." },
MSG_unit = { "Mã {1}: {2}", "Code {1}: {2}" },
MSG_no_code = { "một hình không có mã (properties.code)", "a shape has no code (properties.code)" },
MSG_unknown = { "không có đơn vị hiện hành nào mang mã này", "no unit of today has this code" },
MSG_kind = { "chỉ nhận Polygon và MultiPolygon", "only Polygon and MultiPolygon are taken" },
MSG_point = { "tọa độ phải là kinh độ, vĩ độ WGS84", "a point must be WGS84 longitude and latitude" },
MSG_open = { "đường ranh giới không khép kín, hoặc có ít hơn 4 điểm",
	"a ring is not closed, or has fewer than 4 points" },
MSG_flat = { "đường ranh giới không bao quanh diện tích nào", "a ring encloses no area" },
MSG_arcs = { "nêu một cung không có", "it names an arc that is not there" },
MSG_long = { "đường ranh giới quá chi tiết: hãy tăng --tolerance",
	"the border has too much detail: raise --tolerance" };
enum { RING_MAX = 200000, ROOM_MAX = 10000000 /* points of a ring's arcs, before they are thinned */ };

struct bordered { int64_t id; str province_code; };
#define ROW struct bordered
static const struct shape bordered_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(province_code) }, END } };
#undef ROW
#define ROW struct unit_key
static const struct shape key_shape = { sizeof(ROW), FIELDS{ { COL(level) }, { COL(code) }, { COL(now) }, END } };
#undef ROW

struct pt { int64_t x, y; };
struct line { struct pt *at; int n; };
struct atlas { struct ctx *c; const struct borders_ask *ask; struct borders_report *report; struct line *arcs;
	int n_arcs; };

/* ---- simplification --------------------------------------------------------------------------------------- */

static double far_from(struct pt p, struct pt a, struct pt b)
{
	double dx = (double)(b.x - a.x), dy = (double)(b.y - a.y), px = (double)(p.x - a.x), py = (double)(p.y - a.y),
		l = dx * dx + dy * dy;
	double t = l > 0 ? (px * dx + py * dy) / l : 0;
	t = t < 0 ? 0 : t > 1 ? 1 : t;
	px -= t * dx;
	py -= t * dy;
	return px * px + py * py;
}

/* Marks what stays between two points that stay. */
static void keep_between(const struct line *l, int from, int to, double limit, bool *keep, int *stack)
{
	int n = 0;
	stack[n++] = from;
	stack[n++] = to;
	while (n) {
		int b = stack[--n], a = stack[--n], at = -1;
		double most = limit;
		for (int i = a + 1; i < b; i++) {
			double d = far_from(l->at[i], l->at[a], l->at[b]);
			if (d > most) {
				most = d;
				at = i;
			}
		}
		if (at < 0)
			continue;
		keep[at] = true;
		stack[n++] = a;
		stack[n++] = at;
		stack[n++] = at;
		stack[n++] = b;
	}
}

static bool same(struct pt a, struct pt b)
{
	return a.x == b.x && a.y == b.y;
}

static struct line simplify(struct arena *mem, const struct line *l, int64_t tolerance)
{
	bool *keep = NEWS(mem, bool, l->n + 1);
	int *stack = NEWS(mem, int, 4 * l->n + 8), mid = 0;
	double limit = (double)tolerance * (double)tolerance, most = 0;
	struct line out = { NEWS(mem, struct pt, l->n + 1), 0 };
	if (l->n < 3)
		return *l;
	keep[0] = keep[l->n - 1] = true;
	/* a closed line has its farthest point for a second end */
	for (int i = 1; i < l->n - 1 && same(l->at[0], l->at[l->n - 1]); i++) {
		double dx = (double)(l->at[i].x - l->at[0].x), dy = (double)(l->at[i].y - l->at[0].y);
		if (dx * dx + dy * dy > most) {
			most = dx * dx + dy * dy;
			mid = i;
		}
	}
	keep[mid] = true;
	if (mid)
		keep_between(l, 0, mid, limit, keep, stack);
	keep_between(l, mid, l->n - 1, limit, keep, stack);
	for (int i = 0; i < l->n; i++)
		if (keep[i])
			out.at[out.n++] = l->at[i];
	return out;
}

static double area_of(const struct line *l)
{
	double a = 0;
	for (int i = 0; i + 1 < l->n; i++)
		a += (double)l->at[i].x * (double)l->at[i + 1].y - (double)l->at[i + 1].x * (double)l->at[i].y;
	return fabs(a) / 2;
}

/* ---- points -------------------------------------------------------------------------------------------------- */

static bool point_of(double x, double y, struct pt *ret)
{
	if (!isfinite(x) || !isfinite(y) || fabs(x) > 180 || fabs(y) > 90)
		return false;
	*ret = (struct pt){ llround(x * 1e6), llround(y * 1e6) };
	return true;
}

static bool line_read(struct arena *mem, const cJSON *list, struct line *ret)
{
	const cJSON *p;
	*ret = (struct line){ NEWS(mem, struct pt, cJSON_GetArraySize(list) + 1), 0 };
	cJSON_ArrayForEach(p, list) {
		const cJSON *x = cJSON_IsArray(p) ? p->child : NULL, *y = x ? x->next : NULL;
		if (!cJSON_IsNumber(x) || !cJSON_IsNumber(y) || !point_of(x->valuedouble, y->valuedouble, &ret->at[ret->n]))
			return false;
		ret->n++;
	}
	return cJSON_IsArray(list);
}

static double nth(const cJSON *list, int i)
{
	const cJSON *v = cJSON_IsArray(list) ? cJSON_GetArrayItem(list, i) : NULL;
	return cJSON_IsNumber(v) ? v->valuedouble : NAN;
}

/* Arcs of a topology: differences of whole numbers when there is a transform. */
static enum rc arcs_read(struct atlas *a, const cJSON *top)
{
	const cJSON *list = json_get(top, "arcs"), *transform = json_get(top, "transform"), *arc, *p;
	double sx = 1, sy = 1, tx = 0, ty = 0;
	int n = cJSON_GetArraySize(list);
	a->arcs = NEWS(a->c->mem, struct line, n + 1);
	if (transform) {
		sx = nth(json_get(transform, "scale"), 0), sy = nth(json_get(transform, "scale"), 1);
		tx = nth(json_get(transform, "translate"), 0), ty = nth(json_get(transform, "translate"), 1);
	}
	cJSON_ArrayForEach(arc, list) {
		struct line l = { NEWS(a->c->mem, struct pt, cJSON_GetArraySize(arc) + 1), 0 };
		double x = 0, y = 0;
		cJSON_ArrayForEach(p, arc) {
			x = transform ? x + nth(p, 0) : nth(p, 0);
			y = transform ? y + nth(p, 1) : nth(p, 1);
			if (!point_of(x * sx + tx, y * sy + ty, &l.at[l.n++]))
				return FAILF(a->c, E_INVALID, 0, &MSG_arc, TEXT(a->c, "%d", a->n_arcs));
		}
		a->arcs[a->n_arcs++] = l;
	}
	return OK;
}

/* A ring of arcs; ~i is arc i backwards. whole: as it is; else simplified, arc by arc. */
static const struct tr *ring_of_arcs(struct atlas *a, struct arena *mem, const cJSON *list, bool whole,
	struct line *ret)
{
	const cJSON *v;
	int room = 1;
	for (int turn = 0; turn < 2; turn++) {
		if (turn)
			*ret = (struct line){ NEWS(mem, struct pt, room), 0 };
		cJSON_ArrayForEach(v, list) {
			int64_t i;
			if (!json_int(v, &i) || i >= a->n_arcs || -i - 1 >= a->n_arcs)
				return &MSG_arcs;
			const struct line *arc = &a->arcs[i < 0 ? -i - 1 : i];
			if (!turn) {
				room += arc->n;
				if (room > ROOM_MAX)
					return &MSG_long;
				continue;
			}
			struct line l = whole ? *arc : simplify(mem, arc, a->ask->tolerance);
			for (int k = 0; k < l.n; k++) {
				struct pt p = l.at[i < 0 ? l.n - 1 - k : k];
				if (!ret->n || !same(ret->at[ret->n - 1], p))
					ret->at[ret->n++] = p;
			}
		}
	}
	return NULL;
}

/* ---- shapes ----------------------------------------------------------------------------------------------------- */

static const struct tr *ring_wrong(const struct line *l)
{
	if (l->n < 4 || !same(l->at[0], l->at[l->n - 1]))
		return &MSG_open;
	return area_of(l) > 0 ? NULL : &MSG_flat;
}

/* One ring more; the closing point is left out. */
static const struct tr *ring_put(struct atlas *a, struct arena *mem, const cJSON *list, bool of_arcs, struct buf *b)
{
	struct line full, l;
	const struct tr *why = of_arcs ? ring_of_arcs(a, mem, list, true, &full) : line_read(mem, list, &full) ? NULL
		: &MSG_point;
	if (!why)
		why = ring_wrong(&full);
	if (why)
		return why;
	if (of_arcs)
		ring_of_arcs(a, mem, list, false, &l);
	else
		l = simplify(mem, &full, a->ask->tolerance);
	if (ring_wrong(&l))
		l = full;                                /* too small for the tolerance: kept as it is                     */
	put_z(b, b->n ? ";" : "");
	for (int i = 0; i + 1 < l.n; i++)
		put_fmt(b, "%s%lld,%lld", i ? " " : "", (long long)l.at[i].x, (long long)l.at[i].y);
	return NULL;
}

static const struct tr *shape_put(struct atlas *a, struct arena *mem, const cJSON *geometry, bool of_arcs,
	struct buf *b)
{
	str type = json_text(json_get(geometry, "type"));
	const cJSON *all = json_get(geometry, of_arcs ? "arcs" : "coordinates"), *polygon, *ring;
	const struct tr *why;
	if (!cJSON_IsArray(all) || (!str_is(type, "Polygon") && !str_is(type, "MultiPolygon")))
		return &MSG_kind;
	if (str_is(type, "Polygon")) {
		cJSON_ArrayForEach(ring, all)
			if ((why = ring_put(a, mem, ring, of_arcs, b)))
				return why;
	} else {
		cJSON_ArrayForEach(polygon, all)
			cJSON_ArrayForEach(ring, polygon)
				if ((why = ring_put(a, mem, ring, of_arcs, b)))
					return why;
	}
	return b->over ? &MSG_long : b->n ? NULL : &MSG_open;
}

static enum rc refuse(struct atlas *a, str code, const struct tr *why)
{
	struct borders_report *r = a->report;
	if (r->n_told < BORDERS_TOLD)
		r->told[r->n_told++] = sayf(a->c, &MSG_unit, ARGS(code, say(a->c, why)));
	r->refused++;
	return OK;
}

static enum rc border_keep(struct atlas *a, int64_t unit, str ring)
{
	struct unit_border row;
	enum rc rc = find_one(a->c, &unit_border, &row, IS({ offsetof(struct unit_border, unit), v_int(unit) }));
	if (rc == E_MISSING) {
		row_zero(&unit_border, &row);
		row.unit.v = unit;
		row.ring = ring;
		a->report->added++;
		return create(a->c, &unit_border, &row);
	}
	TRY(rc);
	if (str_eq(row.ring, ring)) {
		a->report->same++;
		return OK;
	}
	row.ring = ring;
	a->report->changed++;
	return update(a->c, &unit_border, &row);
}

static enum rc shape_take(struct atlas *a, const cJSON *geometry, const cJSON *properties, bool of_arcs)
{
	struct ctx *c = a->c;
	str code = json_text(json_get(properties, "code"));
	struct bordered u;
	struct arena mem;
	struct buf b;
	if (code.n != 5 && code.n != 2)
		return refuse(a, code, code.n ? &MSG_unknown : &MSG_no_code);
	struct unit_key key = { code.n == 5 ? S("commune") : S("province"), code, true };
	enum rc rc = query_one(c, "org/unit_bordered", &key_shape, &key, &bordered_shape, &u);
	if (rc == E_MISSING)
		return refuse(a, code, &MSG_unknown);
	TRY(rc);
	if (a->ask->province.n && !str_eq(a->ask->province, u.province_code))
		return OK;
	arena_init(&mem, (size_t)256 << 20);
	buf_init(&b, &mem, RING_MAX);
	const struct tr *why = shape_put(a, &mem, geometry, of_arcs, &b);
	rc = why ? refuse(a, code, why) : border_keep(a, u.id, str_copy(c->mem, buf_str(&b)));
	arena_free(&mem);
	return rc;
}

enum rc borders_import(struct ctx *c, const struct borders_ask *ask, struct borders_report *ret)
{
	struct atlas a = { .c = c, .ask = ask, .report = ret };
	const char *bad = "type";
	ptrdiff_t at = 0;
	const cJSON *top = json_read(c->mem, ask->bytes, &bad, &at), *group, *shape;
	str type = top ? json_text(json_get(top, "type")) : (str){ 0 };
	*ret = (struct borders_report){ 0 };
	if (str_is(type, "FeatureCollection") && cJSON_IsArray(json_get(top, "features"))) {
		cJSON_ArrayForEach(shape, json_get(top, "features"))
			TRY(shape_take(&a, json_get(shape, "geometry"), json_get(shape, "properties"), false));
		return OK;
	}
	if (!str_is(type, "Topology") || !cJSON_IsArray(json_get(top, "arcs")) || !cJSON_IsObject(json_get(top, "objects")))
		return FAILF(c, E_INVALID, 0, &MSG_not_map, str_of(bad));
	TRY(arcs_read(&a, top));
	cJSON_ArrayForEach(group, json_get(top, "objects"))
		cJSON_ArrayForEach(shape, json_get(group, "geometries"))
			TRY(shape_take(&a, shape, json_get(shape, "properties"), true));
	return OK;
}
