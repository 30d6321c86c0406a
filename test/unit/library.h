/* library.h -- a small module for the tests of the data engines: books, copies with a workflow, loans with numbers,
 * and a row of every type. With a department (1), two schools (10, 20), people, and actors of several roles. */
#ifndef KHUE_TEST_LIBRARY_H
#define KHUE_TEST_LIBRARY_H
#include "engines.h"
/* cmocka's macro of that name gives way to fail() of core/ctx.h */
#undef fail
#undef fail_msg
#define fail_msg(...) do { print_error(__VA_ARGS__); _fail(__FILE__, __LINE__); } while (0)
#include "core/app.h"
#include "core/audit.h"
#include "core/crud.h"
#include "core/ddl.h"
#include "core/once.h"
#include "core/perm.h"
#include "core/query.h"
#include "core/reads.h"
#include "core/roles.h"
#include "core/row.h"
#include "base/embed.h"

ID(reader); ID(lib_book); ID(lib_copy); ID(lib_loan); ID(lib_sample);
struct reader     { struct base base; person_id self; str name; };
struct lib_book   { struct base base; str title, author, isbn, note, token; int64_t year, serial; pick kind;
	money price; };
struct lib_copy   { struct base base; lib_book_id book; str barcode, shelf; pick state; };
struct lib_loan   { struct base base; lib_copy_id copy; reader_id reader; person_id who; day lent, due; str number;
	pick state; money fine; };
struct lib_sample { struct base base; str text, longer; int64_t number; bool yes; day since; instant seen_at;
	money cost; score mark; pick kind;
                    file_id file; lib_book_id book; };
enum { COPY_FREE, COPY_OUT, COPY_REPAIR, COPY_LOST };
enum { DEPT = 1, SCHOOL_A = 10, SCHOOL_B = 20, PUPIL_A = 501, PUPIL_B = 502, PARENT_A = 601 };

static const struct choice kinds[] = { { "text", { "Sách giáo khoa", "Textbook" } },
	{ "ref", { "Sách tham khảo", "Reference" } },
	{ "story", { "Truyện", "Story" } }, END };
static const struct choice copy_states[] = {
	[COPY_FREE] = { "free", { "Trên giá", "On the shelf" }, INITIAL },
	[COPY_OUT] = { "out", { "Đang mượn", "On loan" } },
	[COPY_REPAIR] = { "repair", { "Đang sửa", "In repair" } }, [COPY_LOST] = { "lost", { "Đã mất", "Lost" },
		FINAL | LOCKED }, END };
static const struct choice loan_states[] = { { "open", { "Đang mượn", "Open" }, INITIAL },
	{ "back", { "Đã trả", "Returned" }, FINAL | LOCKED }, END };

static const struct tr MSG_bad_isbn = { "ISBN phải có 13 chữ số.", "An ISBN has 13 digits." };
static const struct tr MSG_unlucky = { "Không được lấy nhan đề này.", "This title is refused." };
static const struct tr MSG_no_due = { "Hạn trả không được trước hôm nay.", "The due date has passed." };

static const struct grant at_desk[] = { { &librarian, &at_org }, END };

static inline enum rc isbn_ok(struct ctx *c, const void *row_)
{
	const struct lib_book *b = row_;
	return b->isbn.n == 13 ? OK : FAIL(c, E_INVALID, offsetof(struct lib_book, isbn), &MSG_bad_isbn);
}

static inline enum rc book_ok(struct ctx *c, const void *row_)
{
	const struct lib_book *b = row_;
	return str_is(b->title, "unlucky") ? FAIL(c, E_INVALID, offsetof(struct lib_book, title), &MSG_unlucky) : OK;
}

static const struct entity lib_book;

/* A title that begins with "twice" and is there already may be the same book. */
static inline enum rc book_known(struct ctx *c, const void *row_)
{
	static const struct tr known = { "Có thể đã có sách này: {1}.", "This may be the same book: {1}." };
	const struct lib_book *b = row_;
	struct lib_book other;
	if (!str_starts(b->title, S("twice")) ||
		find_one(c, &lib_book, &other, IS({ offsetof(struct lib_book, title), v_text(b->title) })) != OK)
		return OK;
	doubt(c, link_to(c, "/lib_book/%lld", (long long)other.base.id), &known, ARGS(other.title));
	return OK;
}

static inline enum rc due_fill(struct ctx *c, void *row_)
{
	((struct lib_loan *)row_)->due = (day){ c->today.v + 14 };
	return OK;
}

static inline enum rc lent_fill(struct ctx *c, void *row_)
{
	((struct lib_loan *)row_)->lent = c->today;
	return OK;
}

static inline enum rc due_ahead(struct ctx *c, const void *row_)
{
	const struct lib_loan *l = row_;
	return l->due.v >= c->today.v ? OK : FAIL(c, E_INVALID, offsetof(struct lib_loan, due), &MSG_no_due);
}

/* A rule that asks the database: a text that begins with "only" stands once. */
static inline enum rc sample_once(struct ctx *c, void *row_)
{
	static const struct tr again = { "Đã có dòng này.", "This text is there already." };
	const struct lib_sample *s = row_;
	int64_t n;
	if (!str_starts(s->text, S("only")))
		return OK;
	TRY(db_int(c->db, "SELECT count(*) FROM lib_sample WHERE text = ?1 AND id <> ?2",
		VALS(v_text(s->text), v_int(s->base.id)), &n));
	return n ? FAIL(c, E_INVALID, offsetof(struct lib_sample, text), &again) : OK;
}

#define ROW struct reader
static const struct entity reader = { .name = "reader", .label = { "Bạn đọc", "Reader" }, .size = sizeof(ROW),
	.fields = FIELDS{ { COL(name), .label = { "Tên", "Name" }, .is = NEEDED | SEARCH | NAME, .max = 80 }, END },
	.title = { AT(name) }, .list = { AT(name) }, .sort = { AT(name) }, .anchor = { [ON_PERSON] = ITSELF },
	.grants = GRANTS{ { &librarian, &at_org, READ | CREATE | UPDATE }, { &dept_officer, &in_tree, READ },
		{ &pupil, &own, READ },
		{ &parent, &own_child, READ }, END } };
#undef ROW
#define ROW struct lib_book
static const struct entity lib_book = { .name = "lib_book", .label = { "Đầu sách", "Book" }, .size = sizeof(ROW),
	.keeps = HISTORY,
	.fields = FIELDS{
		{ COL(title), .label = { "Nhan đề", "Title" }, .is = NEEDED | SEARCH, .max = 300 },
		{ COL(author), .label = { "Tác giả", "Author" }, .is = SEARCH | FILTER | NAME | LACKS, .max = 200 },
		{ COL(isbn), .label = { "ISBN", "ISBN" }, .is = SEARCH | FIXED, .max = 17, .check = isbn_ok },
		{ COL(note), .label = { "Ghi chú", "Note" }, .is = SEARCH | PRIVATE | LONG, .max = 1000 },
		{ COL(token), .label = { "Mã bí mật", "Token" }, .is = SECRET, .max = 100 },
		{ COL(year), .label = { "Năm xuất bản", "Year" }, .is = FILTER, .min = 1800, .max = 2200 },
		{ COL(kind), .label = { "Loại sách", "Kind" }, .is = NEEDED | FILTER, .pick = kinds },
		{ COL(price), .label = { "Giá bìa", "Price" }, .is = FILTER, .max = 100000000 },
		{ COL(serial), .label = { "Số đăng ký", "Serial" }, .is = DERIVED }, END },
	.title = { AT(title) }, .list = { AT(title), AT(author), AT(kind), AT(year) }, .sort = { AT(title) },
	.check = book_ok, .doubt = book_known,
	.unique = { { AT(base.org), AT(isbn) } }, .series = { .field = AT(serial), .per = { AT(base.org) },
		.format = "%d" },
	.grants = GRANTS{ { &librarian, &at_org, READ | CREATE | UPDATE | RETIRE | EXPORT },
		{ &teacher, &at_org, READ, .hide = { AT(note) } }, { &pupil, &at_org, READ, .hide = { AT(price), AT(note) } },
		{ &accountant, &at_org, READ | UPDATE, .hide = { AT(note) } },
		{ &dept_officer, &in_tree, READ | EXPORT }, { &form_teacher, &at_org, UPDATE }, END } };
#undef ROW
#define ROW struct lib_copy
static const struct entity lib_copy = { .name = "lib_copy", .label = { "Bản sách", "Copy" }, .size = sizeof(ROW),
	.keeps = HISTORY | COMMENTS,
	.fields = FIELDS{
		{ REF(book, lib_book), .label = { "Đầu sách", "Book" }, .is = NEEDED | FIXED | HOLDS },
		{ COL(barcode), .label = { "Mã vạch", "Barcode" }, .is = NEEDED | SEARCH, .max = 20 },
		{ COL(shelf), .label = { "Giá kệ", "Shelf" }, .is = FILTER, .max = 40 },
		{ COL(state), .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = copy_states }, END },
	.title = { AT(barcode), AT(book) }, .list = { AT(barcode), AT(book), AT(shelf), AT(state) },
	.sort = { AT(barcode) },
	.unique = { { AT(base.org), AT(barcode) } },
	.flow = { AT(state), STEPS{
		{ "lend", { "Cho mượn", "Lend" }, 1 << COPY_FREE, COPY_OUT },
		{ "take", { "Nhận lại", "Take back" }, 1 << COPY_OUT, COPY_FREE },
		{ "repair", { "Đưa đi sửa", "Repair" }, 1 << COPY_FREE, COPY_REPAIR, at_desk },
		{ "shelve", { "Trả lên giá", "Shelve" }, 1 << COPY_REPAIR, COPY_FREE, at_desk, .asks = { AT(shelf) } },
		{ "lose", { "Báo mất", "Report lost" }, 1 << COPY_FREE | 1 << COPY_OUT, COPY_LOST, at_desk }, END } },
	.grants = GRANTS{ { &librarian, &at_org, READ | CREATE | UPDATE | RETIRE }, { &teacher, &at_org, READ },
		{ &pupil, &at_org, READ }, END } };
#undef ROW
#define ROW struct lib_loan
static const struct entity lib_loan = { .name = "lib_loan", .label = { "Lượt mượn", "Loan" }, .size = sizeof(ROW),
	.keeps = HISTORY,
	.fields = FIELDS{
		{ REF(copy, lib_copy), .label = { "Bản sách", "Copy" }, .is = NEEDED | FIXED },
		{ REF(reader, reader), .label = { "Bạn đọc", "Reader" }, .is = NEEDED | FIXED | FILTER },
		{ .name = "who", .at = AT(who), .type = T_REF, .label = { "Người mượn", "Who" }, .is = DERIVED },
		{ COL(lent), .label = { "Ngày mượn", "Lent" }, .is = DERIVED, .fill = lent_fill },
		{ COL(due), .label = { "Hạn trả", "Due" }, .is = NEEDED | FILTER, .fill = due_fill },
		{ COL(number), .label = { "Số phiếu", "Number" }, .is = NEEDED | DERIVED, .max = 20 },
		{ COL(state), .label = { "Trạng thái", "State" }, .is = DERIVED | FILTER, .pick = loan_states },
		{ COL(fine), .label = { "Tiền phạt", "Fine" }, .is = DERIVED }, END },
	.title = { AT(copy), AT(reader) }, .list = { AT(copy), AT(reader), AT(lent), AT(due), AT(state) },
	.sort = { AT(due) },
	.anchor = { [ON_PERSON] = AT(who) },
	.series = { .field = AT(number), .per = { AT(base.org) }, .format = "PM-%04d/{yyyy}", .gapless = true },
	.flow = { AT(state), STEPS{
		{ "return", { "Nhận trả", "Return" }, 1 << 0, 1, at_desk },
		{ "renew", { "Gia hạn", "Renew" }, 1 << 0, 0, at_desk, .asks = { AT(due) }, .guard = due_ahead }, END } },
	.grants = GRANTS{ { &librarian, &at_org, READ | CREATE }, { &pupil, &own, READ, .hide = { AT(fine) } },
		{ &parent, &own_child, READ }, END } };
#undef ROW
#define ROW struct lib_sample
static const struct entity lib_sample = { .name = "lib_sample", .label = { "Mẫu", "Sample" }, .size = sizeof(ROW),
	.keeps = HISTORY,
	.fields = FIELDS{
		{ COL(text), .label = { "Chữ", "Text" }, .is = SEARCH, .max = 20000 },
		{ COL(longer), .label = { "Đoạn", "Long" }, .is = LONG, .max = 20000 },
		{ COL(number), .label = { "Số", "Number" }, .is = FILTER }, { COL(yes), .label = { "Có", "Yes" } },
		{ COL(since), .label = { "Ngày", "Day" }, .is = FILTER },
		{ COL(seen_at), .label = { "Lúc", "Time" } }, { COL(cost), .label = { "Tiền", "Money" } },
		{ COL(mark), .label = { "Điểm", "Mark" }, .is = FILTER, .max = 1000 },
		{ COL(kind), .label = { "Loại", "Kind" }, .pick = kinds }, { COL(file), .label = { "Tệp", "File" } },
		{ REF(book, lib_book), .label = { "Sách", "Book" } }, END },
	.before = sample_once, .title = { AT(text) }, .list = { AT(text), AT(number), AT(since) },
	.sort = { AT(since), AT(number) },
	.grants = GRANTS{ { &librarian, &at_org, READ | CREATE | UPDATE | RETIRE },
		{ &dept_officer, &in_tree, READ | CREATE }, END } };
#undef ROW

struct lib_settings { int64_t days; money fine; bool open; };
#define ROW struct lib_settings
static const struct shape lib_settings = { sizeof(ROW), FIELDS{ { COL(days),
	.label = { "Số ngày mượn", "Days of a loan" }, .min = 1, .max = 60 },
	{ COL(fine), .label = { "Tiền phạt một ngày", "Fine a day" }, .max = 100000 },
	{ COL(open), .label = { "Mở cửa", "Open" } }, END } };
#undef ROW
static const struct module mod_library = { .settings = &lib_settings, .name = "library",
	.label = { "Thư viện", "Library" },
	.entities = ENTITIES(&reader, &lib_book, &lib_copy, &lib_loan, &lib_sample) };
static const struct module *const library_modules[] = { &mod_library, NULL };

/* ---- the world they live in ------------------------------------------------------------------- */

struct world {
	struct app app; struct arena mem; struct ctx c; struct db *db; int64_t time; uint64_t seed;
};

static inline instant world_clock(void *arg)
{
	return (instant){ ((struct world *)arg)->time };
}

static inline void world_random(void *arg, void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((uint8_t *)p)[i] = (uint8_t)next_number(&((struct world *)arg)->seed);
}

#define SEATS(...) (const struct seat[]){ __VA_ARGS__ }, (int)(sizeof((const struct seat[]){ __VA_ARGS__ }) \
	/ sizeof(struct seat))
#define AS(w, user_, person_, ...) as_person((w), (user_), (person_), SEATS(__VA_ARGS__))

/* A new piece of work by a person with these seats. */
static inline struct ctx *as_person(struct world *w, int64_t user, int64_t person, const struct seat *seats, int n)
{
	arena_reset(&w->mem);
	ctx_start(&w->c, &w->app, &w->mem);
	w->c.lang = EN;
	struct actor *who = NEW(&w->mem, struct actor);
	struct seat *at = NEWS(&w->mem, struct seat, n + 1);
	memcpy(at, seats, sizeof *at * (size_t)n);
	*who = (struct actor){ .user = { user }, .person = { person }, .seats = at, .n_seats = n };
	w->c.who = who;
	return &w->c;
}

static inline struct ctx *as_librarian(struct world *w, int64_t org)
{
	return AS(w, 100 + org, 900 + org, { &librarian, { org }, { 0 }, { 99999 } });
}

static inline struct ctx *as_nobody(struct world *w)
{
	arena_reset(&w->mem);
	ctx_start(&w->c, &w->app, &w->mem);
	w->c.lang = EN;
	return &w->c;
}

static inline struct ctx *as_khue(struct world *w)
{
	struct ctx *c = as_nobody(w);
	c->who = &actor_system;
	return c;
}

static inline void must(struct world *w, const char *sql)
{
	if (db_script(w->db, str_of(sql)) != OK)
		fail_msg("%s: %s", sql, db_why(w->db));
}

static inline bool core_migration(void *world, str name, str sql)
{
	struct world *w = world;
	if (db_script(w->db, sql) != OK)
		fail_msg("%.*s: %s", FMT(name), db_why(w->db));
	return true;
}

static inline struct world *world_open(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	char why[256];
	w->db = engine_db(state);
	w->time = INT64_C(1793500000000);               /* 1 November 2026 */
	w->seed = 7;
	arena_init(&w->mem, (size_t)64 << 20);
	w->app = (struct app){ .modules = library_modules, .db = w->db, .where = ((struct engine_state *)*state)->where,
		.clock = world_clock, .random = world_random, .arg = w };
	w->app.registry = registry_new(library_modules, why);
	if (!w->app.registry)
		fail_msg("%s", why);
	embedded_each(S("migrate/core/"), core_migration, w);
	must(w, "CREATE TABLE org_below (top BIGINT, below BIGINT, since BIGINT, until BIGINT);"
		"CREATE TABLE guardianship (pupil BIGINT, guardian BIGINT, barred BIGINT, gone BIGINT);"
		"CREATE TABLE teaching (class BIGINT, teacher BIGINT, form BIGINT, since BIGINT, until BIGINT, gone BIGINT);"
		"INSERT INTO org_below VALUES (1, 1, 0, 99999), (1, 10, 0, 99999), (1, 20, 0, 99999), (10, 10, 0, 99999), "
			"(20, 20, 0, 99999);"
		"INSERT INTO guardianship VALUES (501, 601, 0, 0)");
	struct buf b;
	buf_init(&b, &w->mem, 1 << 20);
	for (int i = 0; i < w->app.registry->n_entities; i++)
		ddl_entity(w->app.registry, &b, &w->mem, &w->app.registry->metas[i]);
	if (db_script(w->db, buf_str(&b)) != OK)
		fail_msg("%s\n%.*s", db_why(w->db), FMT(buf_str(&b)));
	return w;
}

static inline void world_close(struct world *w)
{
	arena_free(&w->mem);
	registry_free(w->app.registry);
	free(w);
}

static inline const char *problem_at(const struct ctx *c, col at)
{
	for (int i = 0; i < c->n_problems; i++)
		if (c->problems[i].at == at)
			return str_z(c->mem, c->problems[i].text);
	return "";
}

static inline struct lib_book book_of(const char *title)
{
	struct lib_book b;
	row_zero(&lib_book, &b);
	b.title = str_of(title);
	return b;
}

static inline int64_t rows_in(struct world *w, const char *table)
{
	char sql[100];
	int64_t n = -1;
	snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM %s", table);
	assert_int_equal(db_int(w->db, sql, NULL, 0, &n), OK);
	return n;
}
/* A tree of the department that is not read unit by unit. */
static inline void many_units(struct world *w)
{
	must(w, "WITH RECURSIVE k (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM k WHERE n < 1023) "
		"INSERT INTO org_below SELECT 1, n, 0, 99999 FROM k");
}

/* The first book again, as numbers first to last behind it. */
static inline void copy_book(struct world *w, int first, int last)
{
	const struct table *t = table_of(w->app.registry, &lib_book);
	struct ctx *c = as_khue(w);
	struct buf b;
	buf_init(&b, c->mem, 4000);
	put_z(&b, "WITH RECURSIVE k (n) AS (SELECT ");
	put_fmt(&b, "%d UNION ALL SELECT n + 1 FROM k WHERE n < %d) INSERT INTO lib_book (id, _fold, _sort", first, last);
	for (int i = 1; i < t->n; i++)
		put_fmt(&b, ", %s", t->columns[i]->name);
	put_z(&b, ") SELECT b.id + k.n, b._fold, b._sort");
	for (int i = 1; i < t->n; i++)
		put_fmt(&b, ", b.%s", t->columns[i]->name);
	put_z(&b, " FROM lib_book b CROSS JOIN k WHERE b.id = (SELECT MIN(id) FROM lib_book)");
	put_c(&b, '\0');
	must(w, b.p);
}
#endif
