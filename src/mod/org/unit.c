/* unit.c -- administrative units of both eras, the maps between them, and what `khue init` and `khue import units`
 * load.
 * 1 July 2025: two tiers, 34 provinces, 3,321 communes (QĐ 19/2025/QĐ-TTg); before: three tiers. */
#include "mod/org/org_rules.h"
#include "mod/org/places.h"
#include "mod/org/units.h"
#include "base/csv.h"
#include "base/embed.h"
#include "core/many.h"

static const struct tr
MSG_no_columns = { "Bảng không có cột mã (code), tên đầy đủ (full_name).",
	"The table has no columns code and full_name." },
MSG_bad_row = { "Dòng {1}: {2}", "Line {1}: {2}" },
MSG_bad_code = { "Mã đơn vị hành chính phải có 2, 3 hoặc 5 chữ số.", "A unit's code has 2, 3 or 5 digits." },
MSG_code_asked = { "Nhập mã của xã, phường (5 chữ số).", "Enter a commune's code (5 digits)." },
MSG_address_unknown =
{ "Không tìm thấy xã, phường nào đúng với địa chỉ này. Kiểm tra tên xã, huyện, tỉnh; viết cách nhau bằng dấu phẩy.",
	"No commune fits this address. Check the names of commune, district and province; part them by commas." },
MSG_code_unknown = { "Không có đơn vị hành chính nào mang mã {1}.", "No administrative unit has the code {1}." };

static const struct choice levels[] = { [UNIT_PROVINCE] = { "province", { "Tỉnh, thành phố", "Province" } },
	[UNIT_DISTRICT] = { "district", { "Huyện, quận (đến 30/6/2025)", "District (to June 2025)" } },
	[UNIT_COMMUNE] = { "commune", { "Xã, phường", "Commune" } }, END };
static const struct grant readers[] = { { &anyone, &everywhere, READ },
	{ &dept_officer, &everywhere, READ | CREATE | UPDATE | IMPORT | EXPORT },
	{ &operator_, &everywhere, READ | CREATE | UPDATE | IMPORT | EXPORT }, { 0 } };

#define ROW struct admin_unit
const struct entity admin_unit = { .name = "admin_unit", .label = { "Đơn vị hành chính", "Administrative unit" },
	.size = sizeof(ROW), .rows = 14000, .keeps = SHARED, .icon = "map-pin",
	.fields = FIELDS{
		{ COL(code),          .label = { "Mã", "Code" }, .is = NEEDED | SEARCH | FILTER | FIXED, .max = 5 },
		{ COL(name),          .label = { "Tên", "Name" }, .is = NEEDED | SEARCH, .max = 80 },
		{ COL(full_name),     .label = { "Tên đầy đủ", "Full name" }, .is = NEEDED | SEARCH, .max = 120 },
		{ COL(level),         .label = { "Cấp", "Level" }, .is = NEEDED | FILTER | FIXED, .pick = levels },
		{ COL(parent_code),   .label = { "Mã cấp trên", "Code above" }, .is = FILTER, .max = 5 },
		{ COL(province_code), .label = { "Mã tỉnh", "Province code" }, .is = NEEDED | FILTER, .max = 2 },
		{ COL(since),         .label = { "Từ ngày", "From" } },
		{ COL(until),         .label = { "Đến trước ngày", "Until" }, .is = FILTER }, END },
	.title = { AT(full_name) }, .list = { AT(full_name), AT(code), AT(level), AT(province_code), AT(until) },
	.sort = { AT(name) },
	.unique = { { AT(level), AT(code), AT(since) } }, .grants = readers };
#undef ROW
#define ROW struct admin_map
const struct entity admin_map = { .name = "admin_map", .label = { "Đơn vị cũ – mới", "Old and new units" },
	.size = sizeof(ROW), .rows = 12000, .keeps = SHARED, .icon = "arrows-exchange",
	.fields = FIELDS{
		{ COL(new_code), .label = { "Mã từ 1/7/2025", "Code since July 2025" }, .is = NEEDED | FILTER, .max = 5 },
		{ COL(old_code), .label = { "Mã trước đó", "Code before" }, .is = NEEDED | FILTER, .max = 5 },
		{ COL(old_name), .label = { "Tên cũ", "Old name" }, .max = 120 },
		{ COL(whole),    .label = { "Nhập toàn bộ", "Whole" } }, END },
	.title = { AT(old_code), AT(new_code) }, .list = { AT(old_code), AT(old_name), AT(new_code), AT(whole) },
	.sort = { AT(old_code) },
	.unique = { { AT(new_code), AT(old_code) } }, .grants = readers };
#undef ROW

#define ROW struct unit_border
const struct entity unit_border = { .name = "unit_border", .label = { "Ranh giới đơn vị hành chính",
	"Border of a unit" }, .size = sizeof(ROW), .rows = 4000, .keeps = SHARED, .icon = "map",
	.fields = FIELDS{
		{ REF(unit, admin_unit), .label = { "Đơn vị hành chính", "Unit" }, .is = NEEDED | FIXED | FILTER },
		{ COL(ring),             .label = { "Đường ranh giới", "Ring" }, .is = NEEDED | LONG, .max = 200000 }, END },
	.title = { AT(unit) }, .list = { AT(unit) }, .sort = { AT(unit) }, .unique = { { AT(unit) } }, .grants = readers };
#undef ROW

/* ---- facts ------------------------------------------------------------------------------------ */

#define CUT ((day){ 20270 })                     /* 2025-07-01 */

static bool cells_of(str line, str *cells, int n)
{
	for (int i = 0; i < n; i++)
		if (!str_cut(line, '\t', &cells[i], &line) && i < n - 1)
			return false;
	return true;
}

/* Rows are gathered and written a thousand at a time. */
struct batch { const struct entity *e; char *rows; int64_t n; };
enum { BATCH = 1000 };

static enum rc batch_flush(struct ctx *c, struct batch *b)
{
	enum rc rc = b->n ? create_many(c, b->e, b->rows, b->n) : OK;
	b->n = 0;
	return rc;
}

/* Room for the next row, empty but for its id. */
static void *batch_row(struct ctx *c, struct batch *b)
{
	struct base *row;

	if (!b->rows)
		b->rows = arena_alloc(c->mem, BATCH * b->e->size, _Alignof(struct base));
	row = (struct base *)(void *)(b->rows + b->n++ * b->e->size);
	row_zero(b->e, row);
	return row;
}

static void unit_fact(struct ctx *c, const str *f, struct admin_unit *u)
{
	bool now = str_is(f[6], "n");

	u->level = str_is(f[0], "P") ? UNIT_PROVINCE : str_is(f[0], "D") ? UNIT_DISTRICT : UNIT_COMMUNE;
	u->code = f[1];
	u->name = f[2];
	u->full_name = f[3].n && f[3].p[0] == '=' ? str_sub(f[3], 1, -1) : TEXT(c, "%.*s %.*s", FMT(f[3]), FMT(f[2]));
	u->parent_code = f[4];
	u->province_code = f[5];
	u->since = now ? CUT : NO_DAY;
	u->until = now ? NO_DAY : CUT;
}

static enum rc load_units(struct ctx *c, str text)
{
	struct batch b = { .e = &admin_unit };
	str line, f[7];

	while (str_cut(text, '\n', &line, &text) || line.n) {
		if (!cells_of(line, f, COUNT(f)))
			return E_FAULT;
		unit_fact(c, f, batch_row(c, &b));
		if (b.n == BATCH)
			TRY(batch_flush(c, &b));
	}
	return batch_flush(c, &b);
}

static enum rc load_maps(struct ctx *c, str text)
{
	struct batch b = { .e = &admin_map };
	str line, f[4];

	while (str_cut(text, '\n', &line, &text) || line.n) {
		if (!cells_of(line, f, COUNT(f)))
			return E_FAULT;
		struct admin_map *m = batch_row(c, &b);
		m->new_code = f[0];
		m->old_code = f[1];
		m->whole = str_is(f[2], "1");
		m->old_name = f[3];
		if (b.n == BATCH)
			TRY(batch_flush(c, &b));
	}
	return batch_flush(c, &b);
}

enum rc org_load_facts(struct ctx *c)
{
	str units, maps;
	int64_t known = 0;

	TRY(query_int(c, "org/units_known", NULL, NULL, &known));
	if (known)
		return OK;
	if (!embedded_get(S("data/org/units.tsv"), &units) || !embedded_get(S("data/org/maps.tsv"), &maps))
		return E_FAULT;
	TRY(load_units(c, units));
	return load_maps(c, maps);
}

/* ---- khue import units ------------------------------------------------------------------------- */

struct heads { int code, name, full_name, province, district; };

static bool heads_of(const str *cells, int n, struct heads *ret)
{
	*ret = (struct heads){ -1, -1, -1, -1, -1 };
	for (int i = 0; i < n; i++) {
		str h = str_trim(cells[i]);
		if (str_is(h, "code")) ret->code = i;
		else if (str_is(h, "name")) ret->name = i;
		else if (str_is(h, "full_name")) ret->full_name = i;
		else if (str_is(h, "province_code")) ret->province = i;
		else if (str_is(h, "district_code")) ret->district = i;
	}
	return ret->code >= 0 && ret->full_name >= 0;
}

/* Two digits: a province; three: a district; five: a commune. */
static int level_of(str code)
{
	int64_t n;
	if (!str_to_int(code, &n) || code.p[0] == '-')
		return -1;
	return code.n == 2 ? UNIT_PROVINCE : code.n == 3 ? UNIT_DISTRICT : code.n == 5 ? UNIT_COMMUNE : -1;
}

static const char *const level_codes[] = { "province", "district", "commune" };

#define ROW struct unit_key
static const struct shape key_shape = { sizeof(ROW), FIELDS{ { COL(level) }, { COL(code) }, { COL(now) }, END } };
#undef ROW

static bool unit_read(struct ctx *c, const struct heads *h, const str *cells, int n, struct admin_unit *u)
{
	int level = level_of(cells[h->code]);

	row_zero(&admin_unit, u);
	if (level < 0 || !viet_clean(c->mem, str_trim(cells[h->full_name]), &u->full_name) || u->full_name.n == 0)
		return false;
	u->code = cells[h->code];
	u->level = (pick)level;
	if (h->name < 0 || h->name >= n || !viet_clean(c->mem, str_trim(cells[h->name]), &u->name))
		u->name = u->full_name;
	u->province_code = level == UNIT_PROVINCE ? u->code : h->province >= 0 && h->province < n ? cells[h->province]
		: (str){ 0 };
	u->parent_code = h->district >= 0 && h->district < n ? cells[h->district] : level == UNIT_PROVINCE ? (str){ 0 }
		: u->province_code;
	/* a table with districts is of the time before */
	*(h->district >= 0 || level == UNIT_DISTRICT ? &u->until : &u->since) = CUT;
	return true;
}

static enum rc unit_row(struct ctx *c, const struct units_ask *ask, const struct heads *h, const str *cells, int n,
	struct units_report *report)
{
	struct admin_unit u, known;
	int64_t id = 0;

	if (!unit_read(c, h, cells, n, &u)) {
		report->refused++;
		return OK;
	}
	if (ask->province.n && !str_eq(ask->province, u.province_code))
		return OK;
	struct unit_key key = { str_of(level_codes[u.level]), u.code, u.until.v == NO_DAY.v };
	enum rc rc = query_int(c, "org/unit_id", &key_shape, &key, &id);
	if (rc == E_MISSING) {
		report->added++;
		return create(c, &admin_unit, &u);
	}
	TRY(rc);
	TRY(find(c, &admin_unit, id, &known));
	if (str_eq(known.full_name, u.full_name)) {
		report->same++;
		return OK;
	}
	report->changed++;
	known.name = u.name;
	known.full_name = u.full_name;
	return update(c, &admin_unit, &known);
}

enum rc units_import(struct ctx *c, const struct units_ask *ask, struct units_report *ret)
{
	struct csv csv;
	struct heads heads;
	str cells[32];
	const char *bad = NULL;
	int n;

	*ret = (struct units_report){ 0 };
	csv_open(&csv, csv_utf8(c->mem, ask->bytes));
	if (!csv_next(&csv, c->mem, cells, COUNT(cells), &n, &bad) || bad || !heads_of(cells, n, &heads))
		return FAIL(c, E_INVALID, 0, &MSG_no_columns);
	while (csv_next(&csv, c->mem, cells, COUNT(cells), &n, &bad)) {
		if (bad)
			return FAILF(c, E_INVALID, 0, &MSG_bad_row, TEXT(c, "%lld", (long long)csv.line), str_of(bad));
		if (n > heads.code && n > heads.full_name)
			TRY(unit_row(c, ask, &heads, cells, n, ret));
		else
			ret->refused++;
	}
	return ask->organisations ? units_found(c, ask->province, ret) : OK;
}

/* ---- organisations from units ------------------------------------------------------------------- */

#define ROW struct unit_named
static const struct shape named_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(code) }, { COL(full_name) },
	{ COL(level) }, { COL(province_code) }, END } };
#undef ROW

struct province_in { str province_code; };
#define ROW struct province_in
static const struct shape province_shape = { sizeof(ROW), FIELDS{ { COL(province_code), .max = 2 }, END } };
#undef ROW

static enum rc found_one(struct ctx *c, const struct unit_named *u, org_id under, org_id *ret, int64_t *ret_made)
{
	bool province = str_is(u->level, "province");
	struct org o;
	str code = TEXT(c, "%s-%.*s", province ? "SO" : "XA", FMT(u->code));
	enum rc rc = find_one(c, &org, &o, IS({ offsetof(struct org, code), v_text(code) }));

	if (rc == E_MISSING) {
		row_zero(&org, &o);
		o.kind = province ? ORG_DEPARTMENT : ORG_COMMUNE;
		o.name = TEXT(c, "%s %.*s", province ? "Sở Giáo dục và Đào tạo" : "UBND", FMT(u->full_name));
		o.short_name = TEXT(c, "%s %.*s", province ? "Sở GDĐT" : "UBND", FMT(u->full_name));
		o.code = code;
		o.parent = under;
		o.commune.v = province ? 0 : u->id;
		o.since = CUT;
		*ret_made += 1;
		rc = create(c, &org, &o);
	}
	ret->v = o.base.id;
	return rc;
}

enum rc units_found(struct ctx *c, str province, struct units_report *report)
{
	struct province_in in = { province };
	items units;
	org_id under = { 0 }, got;

	TRY(query(c, "org/units_of", &province_shape, &in, &named_shape, &units, 4000));
	for (int64_t i = 0; i < units.n; i++) {
		const struct unit_named *u = (const struct unit_named *)units.p + i;
		bool top = str_is(u->level, "province");
		TRY(found_one(c, u, top ? (org_id){ 0 } : under, &got, &report->organisations));
		if (top)
			under = got;
	}
	return OK;
}

/* ---- old codes to new ---------------------------------------------------------------------------- */

#define ROW struct unit_today
static const struct shape today_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(code), .label = { "Mã", "Code" } },
	{ COL(full_name), .label = { "Tên", "Name" } },
	{ COL(province), .label = { "Tỉnh", "Province" } }, { COL(whole), .label = { "Toàn bộ", "Whole" } }, END } };
#undef ROW
#define ROW struct convert_in
const struct shape convert_shape = { sizeof(ROW), FIELDS{ { COL(code), .label = { "Mã xã, phường trước 1/7/2025",
	"Commune's code before July 2025" }, .max = 5 },
	{ COL(address), .label = { "Địa chỉ", "Address" }, .max = 300 }, END } };
#undef ROW

enum rc admin_today(struct ctx *c, str code, items *ret)
{
	struct convert_in in = { .code = code };
	return query(c, "org/unit_today", &convert_shape, &in, &today_shape, ret, 20);
}

/* ---- addresses as people write them ---------------------------------------------------------------- */

/* An address met before: pupils of one village share it. code empty: it names no commune, or several. id: of its row,
 * as the work of the moment `asked` found it. */
struct address_met { uint8_t n; char text[111]; str code; int64_t id, asked; };
enum { ADDRESSES_MET = 2048 };
struct country { const struct places *places; struct arena mem; struct address_met *met; };

/* Worked out once a process: some 14,000 names. */
static enum rc country_of(struct ctx *c, const struct places **ret)
{
	struct country *k = kept(c, &mod_org, sizeof *k);
	str units, maps;

	if (k && k->places) {
		*ret = k->places;
		return OK;
	}
	if (!embedded_get(S("data/org/units.tsv"), &units) || !embedded_get(S("data/org/maps.tsv"), &maps))
		return E_FAULT;
	if (k)
		arena_init(&k->mem, (size_t)64 << 20);
	*ret = places_make(k ? &k->mem : c->mem, units, maps);
	if (k)
		k->places = *ret;
	return *ret ? OK : E_FAULT;
}

enum rc address_find(struct ctx *c, str text, struct locality *ret, int *ret_n, bool *ret_more, str *ret_rest)
{
	const struct places *all;

	TRY(country_of(c, &all));
	*ret_n = places_find(all, c->mem, text, ret, ret_more, ret_rest);
	return OK;
}

/* The code of the one commune the address names; empty: none, or several, and a person chooses. */
static enum rc only_commune(struct ctx *c, str text, str *ret_code, str *ret_rest)
{
	struct locality found[PLACES_MAX];
	bool more;
	int n;

	TRY(address_find(c, text, found, &n, &more, ret_rest));
	*ret_code = n == 1 ? found[0].code : S("");
	return OK;
}

static enum rc commune_id(struct ctx *c, str code, int64_t *ret)
{
	struct unit_key key = { .level = S("commune"), .code = code, .now = true };
	enum rc rc = code.n ? query_int(c, "org/unit_id", &key_shape, &key, ret) : E_MISSING;

	return rc == E_MISSING ? OK : rc;
}

enum rc address_commune(struct ctx *c, str text, admin_unit_id *ret, str *ret_rest)
{
	str code;

	ret->v = 0;
	*ret_rest = S("");
	if (text.n == 0)
		return OK;
	TRY(only_commune(c, text, &code, ret_rest));
	return commune_id(c, code, &ret->v);
}

/* The place of a short address among those met; NULL: not kept. Without an address nothing is loaded. */
static struct address_met *met_at(struct ctx *c, str text)
{
	struct country *k = NULL;
	const struct places *all;

	if (text.n > 0 && text.n < (ptrdiff_t)sizeof k->met->text)
		k = kept(c, &mod_org, sizeof *k);
	if (!k || country_of(c, &all) != OK)
		return NULL;
	if (!k->met)
		k->met = NEWS(&k->mem, struct address_met, ADDRESSES_MET);
	return &k->met[str_hash(text) % ADDRESSES_MET];
}

enum rc address_commune_of(struct ctx *c, str text, admin_unit_id *ret)
{
	struct address_met *met = met_at(c, text);
	str rest;

	if (!met)
		return address_commune(c, text, ret, &rest);
	if (!str_eq(text, (str){ met->text, met->n })) {
		str code;
		TRY(only_commune(c, text, &code, &rest));
		*met = (struct address_met){ .n = (uint8_t)text.n, .code = code };
		memcpy(met->text, text.p, (size_t)text.n);
	}
	if (met->id == 0 || met->asked != c->now.v) {
		met->id = 0;
		TRY(commune_id(c, met->code, &met->id));
		met->asked = c->now.v;
	}
	ret->v = met->id;
	return OK;
}

/* ---- GET /dia-danh ----------------------------------------------------------------------------------- */

struct place_view { str code, full_name, province, was; bool whole; };
struct convert_out { str code, address, rest; bool asked, several, more; items units; };
#define ROW struct place_view
static const struct shape place_shape = { sizeof(ROW), FIELDS{ { COL(code) }, { COL(full_name) }, { COL(province) },
	{ COL(was) }, { COL(whole) }, END } };
#undef ROW
#define ROW struct convert_out
const struct shape convert_view = { sizeof(ROW), FIELDS{ { COL(code) }, { COL(address) }, { COL(rest) },
	{ COL(asked) }, { COL(several) }, { COL(more) },
	{ MANY(units, place_shape) }, END } };
#undef ROW

static enum rc convert_code(struct ctx *c, const struct convert_in *in, struct convert_out *out)
{
	int level = level_of(in->code);
	items got;

	if (level != UNIT_COMMUNE)
		return FAIL(c, E_INVALID, offsetof(struct convert_in, code), level < 0 ? &MSG_bad_code : &MSG_code_asked);
	TRY(admin_today(c, in->code, &got));
	if (got.n == 0)
		return FAILF(c, E_INVALID, offsetof(struct convert_in, code), &MSG_code_unknown, in->code);
	struct place_view *v = NEWS(c->mem, struct place_view, got.n);
	for (int64_t i = 0; i < got.n; i++) {
		const struct unit_today *u = (const struct unit_today *)got.p + i;
		v[i] = (struct place_view){ u->code, u->full_name, u->province, { 0 }, u->whole };
	}
	out->units = (items){ v, got.n };
	return OK;
}

static enum rc convert_address(struct ctx *c, const struct convert_in *in, struct convert_out *out)
{
	struct locality *found = NEWS(c->mem, struct locality, PLACES_MAX);
	int n;

	TRY(address_find(c, in->address, found, &n, &out->more, &out->rest));
	if (n == 0)
		return FAIL(c, E_INVALID, offsetof(struct convert_in, address), &MSG_address_unknown);
	struct place_view *v = NEWS(c->mem, struct place_view, n);
	for (int i = 0; i < n; i++)
		v[i] = (struct place_view){ found[i].code, found[i].name, found[i].province, found[i].was, found[i].whole };
	out->units = (items){ v, n };
	out->several = n > 1;
	return OK;
}

enum rc unit_convert(struct ctx *c, const void *in_, void *out_)
{
	const struct convert_in *in = in_;
	struct convert_out *out = out_;

	out->code = in->code;
	out->address = in->address;
	if (in->code.n == 0 && in->address.n == 0)
		return OK;
	TRY(in->code.n ? convert_code(c, in, out) : convert_address(c, in, out));
	out->asked = true;
	return OK;
}
