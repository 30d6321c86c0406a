/* missing.c -- khue check --ledger, what is not there: books and rows that the history says were made. The history is
 * chained by hash and its ends stand outside the database (core/checkpoint.h): khue check --audit proves it. */
#include "mod/records/records_rules.h"

#include <cjson/cJSON.h>

static const struct tr
	WHAT_gone = { "sổ đã mở mà không còn", "a book that was opened is not there" },
	WHAT_other = { "sổ không còn là của lớp và môn đã mở",
		"the book is not of the class and subject it was opened for" },
	WHAT_count = { "số sổ ít hơn số đã mở", "there are fewer books than were opened" },
	WHAT_hidden = { "sổ bị ẩn mà lịch sử không ghi", "a book was taken away, of which the history knows nothing" },
	WHAT_lost = { "dòng rèn luyện đã lập mà không còn", "a row of conduct that was made is not there" };

struct told_line { int64_t org, item; str detail; };
#define ROW struct told_line
static const struct shape told_shape = { sizeof(ROW), FIELDS{ { COL(org) }, { COL(item) }, { COL(detail) }, END } };
#undef ROW
struct there_row { int64_t id, class, subject; };
#define ROW struct there_row
static const struct shape there_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(class) }, { COL(subject) }, END } };
#undef ROW
struct counted_row { int64_t org, told, there; };
#define ROW struct counted_row
static const struct shape counted_shape = { sizeof(ROW), FIELDS{ { COL(org) }, { COL(told) }, { COL(there) }, END } };
#undef ROW
struct book_key { int64_t course; };
#define ROW struct book_key
static const struct shape book_key_shape = { sizeof(ROW), FIELDS{ { COL(course) }, END } };
#undef ROW
enum { LINES_MAX = 100000, UNITS_MAX = 20000 };

enum rc books_told(struct ctx *c, org_id at, const struct course *books, int64_t n)
{
	struct buf b;

	buf_init(&b, c->mem, (size_t)n * 80 + 40);
	for (int64_t i = 0; i < n; i++)
		put_fmt(&b, "%s%lld %lld %lld", i ? ";" : "", (long long)books[i].base.id, (long long)books[i].class.v,
			(long long)books[i].subject.v);
	return audit(c, at, "course", books[0].base.id, "open", buf_str(&b));
}

static enum rc missing(struct ledger_fault *f, struct ledger_fault is)
{
	*f = is;
	return E_STATE;
}

str history_text(struct ctx *c, str detail)
{
	cJSON *j = cJSON_ParseWithLength(detail.p, (size_t)detail.n);
	const cJSON *v = j ? cJSON_GetObjectItemCaseSensitive(j, "") : NULL;
	str ret = v && cJSON_IsString(v) ? str_copy(c->mem, str_of(v->valuestring)) : (str){ 0 };

	cJSON_Delete(j);
	return ret;
}

static enum rc one_book(struct ctx *c, int64_t school, str told, struct ledger_fault *f)
{
	struct there_row k = { 0 };
	struct book_key key = { 0 };
	int64_t class = 0, subject_ = 0;
	str id, of_class;

	str_cut(told, ' ', &id, &told);
	str_cut(told, ' ', &of_class, &told);
	if (!str_to_int(id, &key.course) || !str_to_int(of_class, &class) || !str_to_int(told, &subject_))
		return OK;
	enum rc rc = query_one(c, "records/book_there", &book_key_shape, &key, &there_shape, &k);
	if (rc == E_MISSING)
		return missing(f, (struct ledger_fault){ .course = key.course, .what = &WHAT_gone, .class = class,
			.subject = subject_, .school = school });
	TRY(rc);
	return k.class == class && k.subject == subject_ ? OK : missing(f, (struct ledger_fault){ .course = key.course,
		.what = &WHAT_other });
}

/* Books are opened many at once; each line of the history names its own. */
static enum rc opened_are_there(struct ctx *c, struct ledger_fault *f)
{
	items got;
	enum rc rc = OK;

	TRY(query(c, "records/books_told", NULL, NULL, &told_shape, &got, LINES_MAX));
	for (int64_t i = 0; i < got.n && rc == OK; i++) {
		const struct told_line *t = (const struct told_line *)got.p + i;
		for (str one, rest = history_text(c, t->detail); rest.n && rc == OK; ) {
			str_cut(rest, ';', &one, &rest);
			rc = one_book(c, t->org, one, f);
		}
	}
	return rc;
}

/* What the history counts, of which it names no ids. A book may have gone to another unit with its class: so all of
 * them together, and then the unit that lacks some. */
static enum rc counts_fit(struct ctx *c, struct ledger_fault *f)
{
	int64_t told = 0, there = 0, short_of = 0;
	items got;

	TRY(query(c, "records/books_counted", NULL, NULL, &counted_shape, &got, UNITS_MAX));
	TRY(query_int(c, "records/books_counted_all", NULL, NULL, &there));
	for (int64_t i = got.n; i-- > 0; ) {
		const struct counted_row *r = (const struct counted_row *)got.p + i;
		told += r->told;
		short_of = r->told > r->there ? r->org : short_of;
	}
	return told <= there ? OK : missing(f, (struct ledger_fault){ .school = short_of, .what = &WHAT_count });
}

static enum rc conduct_is_there(struct ctx *c, struct ledger_fault *f)
{
	struct told_line t;

	enum rc rc = query_one(c, "records/conduct_lost", NULL, NULL, &told_shape, &t);
	if (rc != OK)
		return rc == E_MISSING ? OK : rc;
	cJSON *j = cJSON_ParseWithLength(t.detail.p, (size_t)t.detail.n);
	struct ledger_fault is = { .seq = t.item, .what = &WHAT_lost, .school = t.org };
	const cJSON *class = j ? cJSON_GetObjectItemCaseSensitive(j, "class") : NULL, *pupil_ = j
		? cJSON_GetObjectItemCaseSensitive(j, "pupil") : NULL;
	is.class = class && cJSON_IsNumber(class) ? (int64_t)class->valuedouble : 0;
	is.pupil = pupil_ && cJSON_IsNumber(pupil_) ? (int64_t)pupil_->valuedouble : 0;
	cJSON_Delete(j);
	return missing(f, is);
}

enum rc books_verify(struct ctx *c, struct ledger_fault *fault)
{
	struct there_row k;

	TRY(opened_are_there(c, fault));
	TRY(counts_fit(c, fault));
	enum rc rc = query_one(c, "records/books_hidden", NULL, NULL, &there_shape, &k);
	if (rc == OK)
		return missing(fault, (struct ledger_fault){ .course = k.id, .what = &WHAT_hidden });
	return rc == E_MISSING ? conduct_is_there(c, fault) : rc;
}
