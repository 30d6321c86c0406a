/* check_test.c -- every finding of the self-check has a declaration that brings it about, and a sound one brings
 * none. */
#include "test.h"
#include "base/embed.h"
#include "core/check.h"
#include "core/roles.h"

ID(thing);
struct thing { struct base base; str name; int64_t size; thing_id other; person_id owner; pick state; str note;
	int64_t number; };
enum { NEW_, OLD, DONE };
struct word_in { str word; };
struct word_out { str title; items rows; };
struct word_row { str text; };

struct file { const char *name, *text; };
struct world {
	struct field fields[9], in_fields[2], out_fields[3], row_fields[2];
	struct shape in, out, row;
	struct choice states[5];
	struct step steps[4];
	struct grant grants[4];
	struct section form[3];
	struct route routes[4];
	struct report reports[2];
	struct print prints[2];
	struct take takes[2];
	struct job jobs[2];
	struct card cards[2];
	struct place places[24];
	struct role role; struct scope scope;
	const struct role *roles[2]; const struct scope *scopes[2];
	struct entity thing;
	const struct entity *entities[3];
	struct module m, other;
	const struct module *needs[2], *modules[3];
	struct file files[16]; int n_files;
	char paths[24][32];
};

static enum rc run_print(struct ctx *c, const void *row, const void *in, void *out)
{
	return OK;
}
static enum rc run(struct ctx *c, const void *in, void *out) { (void)c; (void)in; (void)out; return OK; }
static enum rc work(struct ctx *c, void *row) { (void)c; (void)row; return OK; }

static bool get_file(void *arg, str name, str *ret)
{
	const struct world *w = arg;
	for (int i = w->n_files - 1; i >= 0; i--) {
		if (str_is(name, w->files[i].name)) {
			*ret = str_of(w->files[i].text);
			return w->files[i].text != NULL;
		}
	}
	return embedded_get(name, ret);
}

static void each_file(void *arg, str prefix, bool (*fn)(void *, str name, str bytes), void *to)
{
	const struct world *w = arg;
	for (int i = 0; i < w->n_files; i++)
		if (w->files[i].text && str_starts(str_of(w->files[i].name), prefix))
			fn(to, str_of(w->files[i].name), str_of(w->files[i].text));
}

static void put_file(struct world *w, const char *name, const char *text)
{
	w->files[w->n_files++] = (struct file){ name, text };
}

static const char sound_sql[] =
	"-- name: count_things\n-- how many there are\nSELECT count(*) FROM thing t WHERE {can:thing t} AND t.name = "
		":word\n"
	"-- name: public_things\n-- open: a sample\nSELECT id FROM thing WHERE org = :here\n";

static void fill_places(struct world *w)
{
	static const char *const names[] = { "home", "all", "org", "account", "job", "results", "school_class", "person",
		"import", "move",
		"attendance", "me", "children", "audit", "contact", "talks", "leave_request", "gradebook",
		"lessonbook", "records", "timetable" };
	for (ptrdiff_t i = 0; i < COUNT(names); i++) {
		snprintf(w->paths[i], sizeof w->paths[i], "/x/%s", names[i]);
		w->places[i] = (struct place){ names[i], w->paths[i], "home", { "Nơi", "Place" }, { "Nhóm", "Group" },
			for_signed };
	}
}

#define ROW struct thing
static void fill_entity(struct world *w)
{
	memcpy(w->states, (struct choice[]){ { "new", { "Mới", "New" }, INITIAL }, { "old", { "Cũ", "Old" }, 0 },
		{ "done", { "Xong", "Done" }, FINAL }, END, END }, sizeof w->states);
	memcpy(w->fields, (struct field[]){
		{ COL(name), .is = NEEDED | SEARCH, .label = { "Tên", "Name" }, .max = 80 },
		{ COL(size), .label = { "Cỡ", "Size" }, .max = 9 },
		{ .name = "other", .at = offsetof(ROW, other), .type = T_REF, .ref = &w->thing,
			.label = { "Vật khác", "Other" } },
		{ .name = "owner", .at = offsetof(ROW, owner), .type = T_REF, .ref = &w->thing, .label = { "Chủ", "Owner" } },
		{ COL(state), .is = DERIVED, .label = { "Tình trạng", "State" }, .pick = w->states },
		{ COL(note), .label = { "Ghi chú", "Note" }, .max = 100 },
		{ COL(number), .is = DERIVED, .label = { "Số", "Number" } }, END, END }, sizeof w->fields);
	memcpy(w->steps, (struct step[]){ { "age", { "Cho cũ", "Age" }, 1 << NEW_, OLD, w->grants },
		{ "end", { "Kết thúc", "End" }, 1 << OLD, DONE, w->grants, .asks = { AT(note) }, .tell = &clerk }, END, END },
		sizeof w->steps);
	memcpy(w->grants, (struct grant[]){ { &clerk, &at_org, READ | CREATE | UPDATE },
		{ &pupil, &own, READ, .hide = { AT(note) } }, END, END },
	       sizeof w->grants);
	memcpy(w->form, (struct section[]){ { "Chung", "General", { AT(name), AT(size), AT(other), AT(owner),
		AT(note) } }, { 0 }, { 0 } }, sizeof w->form);
	w->thing = (struct entity){ .name = "thing", .label = { "Vật", "Thing" }, .size = sizeof(ROW),
		.fields = w->fields, .form = w->form,
		.title = { AT(name) }, .list = { AT(name), AT(size) }, .sort = { AT(name) },
		.unique = { { AT(base.org), AT(name) } },
		.anchor = { [ON_PERSON] = AT(owner) }, .grants = w->grants, .flow = { AT(state), w->steps },
		.series = { .field = AT(number), .per = { AT(base.org) }, .format = "%d" } };
}
#undef ROW

static void fill_shapes(struct world *w)
{
	w->in_fields[0] = (struct field){ .name = "word", .type = T_TEXT, .label = { "Từ", "Word" }, .max = 40 };
	w->in = (struct shape){ sizeof(struct word_in), w->in_fields };
	w->row_fields[0] = (struct field){ .name = "text", .type = T_TEXT };
	w->row = (struct shape){ sizeof(struct word_row), w->row_fields };
	w->out_fields[0] = (struct field){ .name = "title", .type = T_TEXT };
	w->out_fields[1] = (struct field){ .name = "rows", .at = offsetof(struct word_out, rows), .type = T_LIST,
		.of = &w->row };
	w->out = (struct shape){ sizeof(struct word_out), w->out_fields };
}

/* A small program in which nothing is wrong. */
static struct world *sound(void)
{
	struct world *w = calloc(1, sizeof *w);
	fill_entity(w);
	fill_shapes(w);
	fill_places(w);
	w->routes[0] = (struct route){ "GET", "/x/{word}", for_signed, &w->in, &w->out, run, "t/words.html", { 2, 5, 64 } };
	w->routes[1] = (struct route){ "POST", "/x/{word}", for_signed, &w->in, NULL, run, NULL, { 2, 5, 64 } };
	w->reports[0] = (struct report){ "sums", { "Tổng", "Sums" }, "t/count_things", &w->in, &w->out, for_signed,
		ABOUT_NOBODY };
	w->prints[0] = (struct print){ "label", { "Nhãn", "Label" }, &w->thing, "t/words.html", "A4", NULL, &w->out,
		run_print, .people = "t/count_things" };
	w->takes[0] = (struct take){ "book", { "Sổ", "Book" }, &w->thing, for_signed, "/x" };
	w->jobs[0] = (struct job){ "tidy", { "Dọn", "Tidy" }, DAYS(1), HM(2, 0), 60, 3, NULL, work };
	w->cards[0] = (struct card){ "news", { "Mới", "News" }, for_signed, &w->out, run, "t/words.html" };
	w->role = (struct role){ "warden", { "Người trông", "Warden" }, &w->scope };
	w->scope = (struct scope){ "in_yard", { "Trong sân", "In the yard" }, ON_ORG, "1 = 1" };
	w->roles[0] = &w->role;
	w->scopes[0] = &w->scope;
	w->entities[0] = &w->thing;
	w->other = (struct module){ .name = "o", .label = { "Khác", "Other" } };
	w->needs[0] = &w->other;
	w->m = (struct module){ .name = "t", .label = { "Thử", "Test" }, .schema = 2, .needs = w->needs,
		.entities = w->entities, .routes = w->routes,
		.reports = w->reports, .prints = w->prints, .takes = w->takes, .jobs = w->jobs, .places = w->places,
			.cards = w->cards,
		.roles = w->roles, .scopes = w->scopes,
		.settings = &w->in };
	w->modules[0] = &w->other;
	w->modules[1] = &w->m;
	put_file(w, "page/t/words.html", "{{title}} {{c.user}} {{#rows}}{{text}}{{title}}{{/rows}}{{t.list.new}}");
	put_file(w, "sql/t.sql", sound_sql);
	put_file(w, "migrate/t/001-first.sql", "SELECT 1");
	put_file(w, "migrate/t/002-second.sql", "SELECT 1");
	return w;
}

/* ---- what breaks it, by number ------------------------------------------------------------------ */

#define BREAKS(n) static void break_##n(struct world *w)
static struct field *field(struct world *w, const char *name)
{
	for (struct field *f = w->fields; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	abort();
}

BREAKS(101) { w->thing.label.en = NULL; }
BREAKS(102) { field(w, "note")->name = "Note"; }
BREAKS(103) { field(w, "note")->name = "name"; }
BREAKS(104) { field(w, "note")->max = 0; }
BREAKS(105) { field(w, "size")->min = 10; }
BREAKS(106) { w->states[1].code = "new"; }
BREAKS(107) { *field(w, "note") = *field(w, "number"); *field(w, "number") = (struct field){ 0 }; }
BREAKS(108) { field(w, "note")->name = "order"; }
BREAKS(109) { field(w, "note")->name = "changed"; }
BREAKS(110) { static const struct entity stray = { .name = "stray" }; field(w, "other")->ref = &stray; }
BREAKS(111) { field(w, "size")->is |= SEARCH; }
static uint64_t some_choices(struct ctx *c, const void *row) { (void)c, (void)row; return 1; }
static void break_living(struct world *w) { field(w, "other")->is |= LIVING; }      /* of a unit only */
static void break_among(struct world *w) { field(w, "size")->among = some_choices; }
BREAKS(112) { w->form[0].at[0] = offsetof(struct thing, number); }
BREAKS(113) { w->thing.list[1] = offsetof(struct thing, size) + 1; }
BREAKS(114) { w->thing.title[0] = 0; }
BREAKS(115) { memset(w->thing.list, 0, sizeof w->thing.list); }
BREAKS(116) { w->thing.size = 8; }
BREAKS(117) { w->form[0].at[1] = w->form[0].at[0]; }
BREAKS(118) { w->thing.unique[0][0] = offsetof(struct thing, name); }
BREAKS(119) { field(w, "size")->is |= SECRET; }
BREAKS(120) { w->thing.grants = NULL; }
BREAKS(121) { w->thing.anchor[ON_PERSON] = 0; }
BREAKS(122) { static const struct role stray = { "stray", { "Lạ", "Stray" }, &at_org }; w->grants[0].to = &stray; }
BREAKS(123) { static const struct scope stray = { "stray", { "Lạ", "Stray" }, ON_ORG, "1 = 1" };
	w->grants[0].in = &stray; }
BREAKS(124) { w->grants[1].may = 0; }
BREAKS(125) { w->grants[0].hide[0] = offsetof(struct thing, name); }
BREAKS(126) { w->grants[0].may = UPDATE; }
BREAKS(127) { w->thing.anchor[ON_PERSON] = offsetof(struct thing, size); }
BREAKS(130) { w->role.rail[0] = "nowhere"; }
BREAKS(131) { w->role.seat = NULL; }
BREAKS(132) { w->places[0].path = "/not/here"; }
BREAKS(133) { w->places[0].allow = NULL; }
BREAKS(134) { w->places[1].path = w->places[0].path; }
BREAKS(140) { field(w, "state")->is = 0; }
BREAKS(141) { w->states[1].is |= INITIAL; }
BREAKS(142) { w->steps[0].to = 9; }
BREAKS(143) { w->steps[1].name = "age"; w->steps[1].from |= 1 << NEW_; }
BREAKS(144) { w->steps[1].to = OLD; }
BREAKS(145) { w->steps[1].from |= 1 << DONE; }
BREAKS(146) { w->states[2].is = 0; }
BREAKS(148) { static const struct role stray = { "stray", { "Lạ", "Stray" }, &at_org }; w->steps[0].tell = &stray; }
BREAKS(150) { w->routes[0].allow = NULL; }
BREAKS(151) { w->routes[1].verb = "GET"; }
BREAKS(152) { w->entities[1] = &w->thing; }
BREAKS(153) { w->routes[1].path = "/x/{what}"; }
BREAKS(154) { w->routes[0].run = NULL; }
BREAKS(155) { w->routes[0].page = "t/absent.html"; }
BREAKS(156) { put_file(w, "page/t/words.html", "{{#rows}}{{size}}{{/rows}}"); }
BREAKS(157) { w->routes[0].max.ms = 0; }
BREAKS(158) { w->routes[1].path = "x/{word}"; }
BREAKS(159) { put_file(w, "page/t/words.html", "{{#rows}} never closed"); }
BREAKS(160) { put_file(w, "sql/t.sql",
	"-- name: count_things\nSELECT org, {can:thing t}, :word\n-- name: count_things\nSELECT org, {can:thing t}\n"); }
BREAKS(161) { put_file(w, "sql/t.sql", "-- name: count_things\nSELECT org, :word\n"); }
BREAKS(162) { put_file(w, "sql/t.sql", "-- name: count_things\nSELECT org, :word, {can:thong t}\n"); }
BREAKS(163) { w->reports[0].query = "t/nothing"; }
BREAKS(164) { put_file(w, "sql/t.sql",
	"-- name: count_things\nSELECT 1 FROM thing t WHERE {can:thing t} AND t.name = :wort\n"); }
BREAKS(165) { w->reports[0].allow = NULL; }
BREAKS(166) { put_file(w, "sql/t.sql",
	"-- name: count_things\nSELECT * FROM thing t WHERE {can:thing t} AND t.name = :word\n"); }
BREAKS(167) { put_file(w, "sql/t.sql",
	"-- name: count_things\n-- open: sample\nSELECT count(*) FROM thing WHERE name = :word\n"); }
BREAKS(170) { put_file(w, "i18n/en.txt", "list.new = New\n"); }
BREAKS(171) { put_file(w, "page/t/words.html", "{{t.no.such.sentence}}"); }
BREAKS(172) { put_file(w, "i18n/vi.txt", "list.new = Mới\nlist.new = Mới\n"); }
BREAKS(180) { w->jobs[0].tries = 0; }
BREAKS(181) { w->prints[0].paper = "B7"; }
BREAKS(182) { w->cards[0].allow = NULL; }
BREAKS(183) { w->m.schema = 3; }
BREAKS(184) { w->modules[0] = &w->m; w->modules[1] = &w->other; }
BREAKS(185) { put_file(w, "migrate/t/002-second.sql",
	"-- DROP TABLE in a comment\nALTER TABLE thing ADD COLUMN a TEXT; ALTER TABLE thing\n\tDrop  column b"); }
BREAKS(186) { w->thing.series.format = "%s/%d"; }
BREAKS(187) { w->prints[0].people = NULL; }
BREAKS(188) { w->takes[0].page = NULL; }
BREAKS(189) { field(w, "other")->offer = "t/nowhere"; }

struct breakage { int code; void (*fn)(struct world *); const char *where; };
#define B(n, where) { n, break_##n, where }
static const struct breakage breakages[] = {
	B(101, "t.thing"), B(102, "t.thing.Note"), B(103, "t.thing"), B(104, "t.thing.note"), B(105, "t.thing.size"),
		B(106, "t.thing.state"),
	B(107, "t.thing"), B(108, "t.thing.order"), B(109, "t.thing.changed"), B(110, "t.thing.other"),
	B(111, "t.thing.size"), B(112, "t.thing.name"),
	B(113, "t.thing"), B(114, "t.thing"), B(115, "t.thing"), B(116, "t.thing"), B(117, "t.thing.name"),
	B(118, "t.thing"), B(119, "t.thing"),
	B(120, "t.thing"), B(121, "t.thing"), B(122, "t.thing"), B(123, "t.thing"), B(124, "t.thing"), B(125, "t.thing"),
	B(126, "t.thing"),
	B(127, "t.thing"), B(130, "role warden"), B(131, "role warden"), B(132, "t place home"), B(133, "t place home"),
	B(134, "t place all"),
	B(140, "t.thing"), B(141, "t.thing"), B(142, "t.thing"), B(143, "t.thing"), B(144, "t.thing"), B(145, "t.thing"),
	B(146, "t.thing"),
	B(148, "t.thing"), B(150, "t GET /x/{word}"), B(151, "GET /x/{word}"), B(152, "thing"),
	B(153, "t POST /x/{what}"), B(154, "t GET /x/{word}"),
	B(155, "t GET /x/{word}"), B(156, "t GET /x/{word}"), B(157, "t GET /x/{word}"), B(158, "t POST x/{word}"),
	B(159, "t GET /x/{word}"),
	B(160, "t/count_things"), B(161, "t/count_things"), B(162, "t/count_things"), B(163, "t report sums"),
	B(164, "t report sums"),
	B(165, "t report sums"), B(166, "t/count_things"), B(167, "t/count_things"), B(170, "i18n/en.txt"),
	B(171, "t GET /x/{word} (vi)"),
	B(172, "i18n/vi.txt"), B(180, "t job tidy"), B(181, "t print label"), B(182, "t card news"), B(183, "t"),
	B(184, "t"), B(185, "migrate/t/002-second.sql"),
	B(186, "t.thing"), B(187, "t print label"), B(188, "t take book"), B(189, "t.thing.other"),
};

/* ---- the tests ------------------------------------------------------------------------------------ */

struct heard { int code; const char *where; bool yes; struct buf all; };

static void hear(void *arg, const struct finding *f)
{
	struct heard *h = arg;
	if (f->code == h->code && str_is(f->where, h->where))
		h->yes = true;
	put_fmt(&h->all, "E%d %.*s: %.*s | %.*s\n", f->code, FMT(f->where), FMT(f->en), FMT(f->vi));
}

static int run_check(struct world *w, struct arena *mem, struct heard *h)
{
	const struct check_files files = { get_file, each_file, w };
	buf_init(&h->all, mem, 1 << 20);
	return check_all(w->modules, &files, mem, hear, h);
}

static void sound_declarations_pass(void **state)
{
	struct arena mem;
	struct heard h = { 0 };
	struct world *w = sound();
	(void)state;
	arena_init(&mem, (size_t)64 << 20);
	int n = run_check(w, &mem, &h);
	if (n)
		print_error("%.*s", FMT(buf_str(&h.all)));
	assert_int_equal(n, 0);
	arena_free(&mem);
	free(w);
}

/* Further ways to the same finding. */
static const struct breakage also[] = { { 111, break_living, "t.thing.other" }, { 111, break_among, "t.thing.size" } };

static void find_each(const struct breakage *all, ptrdiff_t n_all)
{
	for (ptrdiff_t i = 0; i < n_all; i++) {
		struct arena mem;
		struct world *w = sound();
		struct heard h = { .code = all[i].code, .where = all[i].where };
		arena_init(&mem, (size_t)64 << 20);
		all[i].fn(w);
		int n = run_check(w, &mem, &h);
		if (!h.yes || !n || str_find(buf_str(&h.all), S("{1}")) >= 0)
			fail_msg("E%d at %s was not found or not said clearly; found:\n%.*s", h.code, h.where,
				FMT(buf_str(&h.all)));
		arena_free(&mem);
		free(w);
	}
}

static void each_mistake_is_found(void **state)
{
	(void)state;
	find_each(breakages, COUNT(breakages));
	find_each(also, COUNT(also));
}

static void every_code_has_a_mistake(void **state)
{
	(void)state;
	for (const struct check_code *c = check_codes; c->code; c++) {
		int n = 0;
		for (ptrdiff_t i = 0; i < COUNT(breakages); i++)
			n += breakages[i].code == c->code;
		if (n != 1)
			fail_msg("E%d has %d failing examples", c->code, n);
		if (!c->text.vi || !c->text.en)
			fail_msg("E%d is not said in both languages", c->code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(sound_declarations_pass),
		cmocka_unit_test(each_mistake_is_found),
		cmocka_unit_test(every_code_has_a_mistake) };
	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
