/* answer.c -- the last step of every request: a page, JSON, an error, another address; and the headers all of them
 * carry. */
#include "base/hash.h"
#include "base/log.h"
#include "core/stamp.h"
#include "core/pages.h"
#include "web/html.h"
#include <time.h>
#include <stdatomic.h>

enum { PAGE_MAX = 16 << 20, FRAME_SQL = 4 /* session, unit, year and bell: outside a route's own budget */ };

int status_of(enum rc rc)
{
	static const int status[] = { 200, 422, 403, 404, 409, 409, 413, 503, 500 };

	return status[rc];
}

int status_for(const struct exchange *x, enum rc rc)
{
	return rc == E_BUSY && x->c->wait_s > 0 ? 429 : status_of(rc);
}

int64_t cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The same for all answers of a session and no other: made of the session that was found, not of the one that was asked
 * for, so that whoever gets another's answer can see it. It opens nothing. */
static void answer_session(struct exchange *x)
{
	enum { SHOWN = 8 };
	digest key;

	if (!x->actor.session)
		return;
	memcpy(key.b, x->app->secret, sizeof key.b);
	digest d = hash_keyed(key, str_fmt(x->r->mem, "khue session %lld %lld", (long long)x->actor.session,
		(long long)x->actor.user.v));
	reply_header(x->p, S("Khue-Session"), hex_of(x->r->mem, d.b, SHOWN));
}

void answer_security(struct exchange *x)
{
	static const str policy = S_INIT("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
		"connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
		"frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types default khue; "
			"report-uri " POLICY_REPORTS);

	reply_constant(x->p, S("Content-Security-Policy"), x->sandbox ? S("default-src 'none'; sandbox") : policy);
	reply_constant(x->p, S("X-Content-Type-Options"), S("nosniff"));
	reply_constant(x->p, S("Referrer-Policy"), S("same-origin"));
	reply_constant(x->p, S("Cross-Origin-Opener-Policy"), S("same-origin"));
	reply_constant(x->p, S("Cross-Origin-Resource-Policy"), S("same-origin"));
	reply_constant(x->p, S("Permissions-Policy"), S("camera=(self), geolocation=(), microphone=()"));
	answer_session(x);
	if (x->r->secure)
		reply_constant(x->p, S("Strict-Transport-Security"), S("max-age=31536000; includeSubDomains"));
	if (x->app->test) {
		reply_header(x->p, S("X-Khue-Sql"), put_n(x->r->mem, (int64_t)(db_count(x->app->db) - x->sql0)));
		reply_header(x->p, S("X-Khue-Cpu"), put_n(x->r->mem, cpu_us() - x->cpu0));
		reply_header(x->p, S("X-Khue-Budget"), str_fmt(x->r->mem, "%d %d %d", x->max.sql + FRAME_SQL, x->max.ms,
			x->max.kb));
		reply_header(x->p, S("X-Khue-Route"), x->pattern ? str_of(x->pattern) : S("-"));
	}
}

/* What belongs to a person is kept by nobody on the way; the rest may be kept but is asked for again. */
static void answer_cache(struct exchange *x)
{
	bool personal = x->c->who->user.v != 0 || x->session.n > 0 || x->p->status >= 400 || x->sandbox;

	reply_constant(x->p, S("Cache-Control"), personal ? S("no-store") : S("no-cache"));
	reply_constant(x->p, S("Vary"), S("Accept, Accept-Language, Cookie, HX-Request"));
}

static void body_begin(struct exchange *x, int status, str type)
{
	if (x->p->body.p) {                  /* the server lends room, and an earlier answer is dropped */
		x->p->body.n = 0;
		x->p->body.over = false;
	} else {
		buf_init(&x->p->body, x->r->mem, PAGE_MAX);
	}
	x->p->status = status;
	x->p->type = type;
	x->answered = true;
	answer_cache(x);
}

struct buf *answer_json(struct exchange *x, int status)
{
	body_begin(x, status, status < 400 ? S("application/json") : S("application/problem+json"));
	return &x->p->body;
}

/* A message for the next page travels in a cookie of half a minute. */
static void said_put(struct exchange *x)
{
	str text;

	if (x->c->said.n == 0 || x->json)
		return;
	text = str_fmt(x->c->mem, "%.*s\n%.*s", FMT(x->c->said), FMT(x->undo));
	reply_cookie(x->p, x->c->mem, S("said"), base64url_of(x->c->mem, text.p, (size_t)text.n), 30, x->r->secure);
}

void answer_go(struct exchange *x, str address)
{
	body_begin(x, 303, S("text/plain; charset=utf-8"));
	reply_header(x->p, S("Location"), address);
	said_put(x);
}

enum rc answer_page(struct exchange *x, int status, const char *page, const struct shape *shape, const void *view)
{
	struct view_source source;
	const struct template *t;
	struct shell shell = { 0 };
	char why[256];

	t = template_get(x->app->pages[x->c->lang], str_of(page), why);
	if (!t) {
		log_line(LOG_ERROR, "template", "page", page, "why", why, NULL);
		return E_FAULT;
	}
	shell_fill(x, &shell);
	view_source(&source, x->c, &shell);
	source.typed = x->pairs;
	source.n_typed = x->n_pairs;
	body_begin(x, status, S("text/html; charset=utf-8"));
	return template_render(t, &source.source, view_of(view, shape), x->r->mem, &x->p->body);
}

enum rc page_part(struct ctx *c, const char *page, const struct shape *shape, const void *view, html *ret)
{
	struct exchange *x = exchange_of(c);
	struct view_source source;
	struct shell shell = { 0 };
	struct buf b;
	char why[256];
	const struct template *t = template_get(x->app->pages[c->lang], str_of(page), why);

	if (!t) {
		log_line(LOG_ERROR, "template", "page", page, "why", why, NULL);
		return E_FAULT;
	}
	shell_fill(x, &shell);
	view_source(&source, c, &shell);
	buf_init(&b, c->mem, (size_t)1 << 20);
	TRY(template_render(t, &source.source, view_of(view, shape), c->mem, &b));
	*ret = html_made(buf_str(&b), "rendered by a template, which escapes");
	return OK;
}

/* ---- errors --------------------------------------------------------------------------------- */

struct words { int status; struct tr title, what, todo; };

static const struct words words[] = {
	{ 400, { "Yêu cầu không đọc được", "The request cannot be read" },
	  { "Máy chủ không hiểu yêu cầu vừa gửi.", "The server does not understand what was sent." },
	  { "Mở lại trang rồi thử lần nữa.", "Open the page again and try once more." } },
	{ 401, { "Cần đăng nhập", "Please sign in" },
	  { "Trang này chỉ dành cho người đã đăng nhập, hoặc phiên làm việc đã hết hạn.",
		"This page is for people who are signed in, or your session has ended." },
	  { "Chưa có gì được lưu. Đăng nhập rồi thử lại.", "Nothing was saved. Sign in and try again." } },
	{ 403, { "Không được phép", "Not allowed" },
	  { "Vai trò của bạn không cho phép việc này.", "Your role does not allow this." },
	  { "Nếu cần làm việc này, hãy nhờ quản trị tài khoản của đơn vị giao quyền.",
		"If you need it, ask the account officer of your unit." } },
	{ 404, { "Không tìm thấy", "Not found" },
	  { "Trang hoặc hồ sơ này không có, hoặc bạn không được xem.",
		"This page or record does not exist, or you may not see it." },
	  { "Kiểm tra lại địa chỉ, hoặc tìm theo tên ở ô tìm kiếm.", "Check the address, or search by name above." } },
	{ 405, { "Không làm được ở địa chỉ này", "Not possible at this address" },
	  { "Địa chỉ này có, nhưng không nhận thao tác vừa gửi.", "The address exists but does not take what was sent." },
	  { "Trở lại trang trước và dùng các nút trên trang.", "Go back and use the buttons of the page." } },
	{ 409, { "Chưa thực hiện được", "Not done" },
	  { "Hồ sơ đã thay đổi hoặc đang ở trạng thái không cho phép việc này.",
		"The record has changed, or its state does not allow this." },
	  { "Mở lại hồ sơ, xem thay đổi rồi làm lại.", "Open the record again, look at what changed, then repeat." } },
	{ 413, { "Quá lớn", "Too large" },
	  { "Dữ liệu gửi lên vượt giới hạn.", "What was sent exceeds the limit." },
	  { "Chia nhỏ tệp hoặc danh sách rồi gửi lại.", "Split the file or list and send it again." } },
	{ 422, { "Dữ liệu chưa hợp lệ", "Please correct what was sent" },
	  { "Một số mục chưa đúng; chưa có gì được lưu.", "Some items are not right; nothing was saved." },
	  { "Trở lại, sửa các mục nêu trên rồi gửi lại.", "Go back, correct the items above and send again." } },
	{ 429, { "Hãy đợi một lát", "Please wait a little" },
	  { "Yêu cầu này được gửi quá nhiều lần.", "This was sent too many times." },
	  { "Đợi hết thời gian nêu trên rồi thử lại.", "Wait as long as said above, then try again." } },
	{ 503, { "Hệ thống đang bận", "The system is busy" },
	  { "Máy chủ chưa nhận được yêu cầu này; chưa có gì được lưu.",
		"The server could not take this request; nothing was saved." },
	  { "Chờ một phút rồi gửi lại; gửi lại không làm trùng dữ liệu.",
		"Wait a minute and send again; sending twice does no harm." } },
	{ 507, { "Máy chủ hết chỗ lưu", "The server's disk is full" },
	  { "Dữ liệu vừa gửi chưa được lưu. Vẫn xem được dữ liệu đã có.",
		"What was sent was not saved. What is there can still be read." },
	  { "Giữ lại biểu mẫu, báo quản trị hệ thống, rồi gửi lại khi có chỗ; gửi lại không làm trùng dữ liệu.",
	    "Keep the form, tell the administrator, and send again when there is room; sending twice does no harm." } },
	{ 500, { "Hệ thống gặp lỗi", "Something went wrong here" },
	  { "Lỗi ở phía máy chủ, không phải do bạn; chưa có gì được lưu.",
		"The fault is ours, not yours; nothing was saved." },
	  { "Thử lại sau ít phút. Nếu vẫn lỗi, báo quản trị kèm mã yêu cầu dưới đây.",
		"Try again in a few minutes. If it persists, tell the administrator the request code below." } },
};

/* What the store of data may answer besides. */
static const struct words
	words_doubt = { 503, { "Chưa biết chắc đã lưu", "It is not certain whether this was saved" },
	  { "Máy chủ bị gián đoạn đúng lúc đang lưu: dữ liệu vừa gửi có thể đã được lưu hoặc chưa.",
	    "The server was interrupted while saving: what was sent may or may not be there." },
	  { "Chờ một phút rồi gửi lại đúng biểu mẫu này: nếu đã lưu, hệ thống trả lời như lần đầu và không làm trùng.",
	    "Wait a minute and send the same form again: if it was saved you get the first answer, and nothing is done "
		"twice." } },
	words_storage = { 503, { "Tạm thời chỉ xem được", "Reading only for now" },
	  { "Máy chủ không ghi được vào ổ đĩa; chưa có gì được lưu. Vẫn xem được dữ liệu đã có.",
	    "The server cannot write to its disk; nothing was saved. What is there can still be read." },
	  { "Giữ lại biểu mẫu và gửi lại sau ít phút; gửi lại không làm trùng dữ liệu.",
	    "Keep the form and send it again in a few minutes; sending twice does no harm." } },
	words_corrupt = { 500, { "Dữ liệu trên đĩa bị hỏng", "Data on the disk is damaged" },
	  { "Máy chủ thấy dữ liệu đã bị thay đổi ngoài hệ thống nên không dùng; chưa có gì được lưu.",
	    "The server found data that was changed outside of it and refuses to use it; nothing was saved." },
	  { "Báo quản trị hệ thống kèm mã yêu cầu dưới đây: cần khôi phục từ bản sao lưu.",
	    "Tell the administrator the request code below: a backup has to be restored." } };

static const struct words *words_of(int status)
{
	size_t i = 0;

	while (i < sizeof words / sizeof *words - 1 && words[i].status != status)
		i++;
	return &words[i];
}

static void problems_json(struct exchange *x, struct buf *b)
{
	const struct ctx *c = x->c;

	put_z(b, ",\"errors\":[");
	for (int i = 0; i < c->n_problems; i++) {
		const struct problem *p = &c->problems[i];

		if (i > 0)
			put_c(b, ',');
		put_z(b, "{\"field\":");
		put_json(b, p->field);
		if (p->item >= 0) {
			put_z(b, ",\"item\":");
			put_int(b, p->item);
		}
		put_z(b, ",\"text\":");
		put_json(b, p->text);
		if (p->doubt) {
			put_z(b, ",\"doubt\":true,\"href\":");
			put_json(b, p->href);
		}
		put_c(b, '}');
	}
	put_c(b, ']');
	if (x->confirm.n) {
		put_z(b, ",\"code\":\"confirm\",\"confirm\":");
		put_json(b, x->confirm);
	}
}

static void error_json(struct exchange *x, int status, const struct words *w)
{
	struct buf *b = answer_json(x, status);

	put_z(b, "{\"type\":\"about:blank\",\"status\":");
	put_int(b, status);
	put_z(b, ",\"title\":");
	put_json(b, say(x->c, x->heading ? x->heading : &w->title));
	put_z(b, ",\"detail\":");
	put_json(b, x->c->n_problems ? x->c->problems[0].text : say(x->c, &w->what));
	put_z(b, ",\"todo\":");
	put_json(b, say(x->c, &w->todo));
	put_z(b, ",\"instance\":");
	put_json(b, str_of(x->r->id));
	problems_json(x, b);
	put_c(b, '}');
}

/* Where "back" leads: home from a page; from what was sent to a list or a row of it, that list or row. */
static str way_back(struct exchange *x)
{
	str entity, rest, id;
	int64_t n;

	if (x->verb == GET)
		return address_of(x, "/");
	if (!x->meta)
		return came_from(x).n ? came_from(x) : address_of(x, "%.*s", FMT(x->path));
	str_cut(str_sub(x->path, 1, -1), '/', &entity, &rest);
	str_cut(rest, '/', &id, &rest);
	return id_read(id, &n) ? address_of(x, "/%.*s/%.*s", FMT(entity), FMT(id)) : address_of(x, "/%.*s", FMT(entity));
}

/* What a rule said is closer to the matter than the words for every 403. */
static const struct tr refused = { "Chưa thực hiện được", "Not done" }, nothing_else = { "", "" },
	has_ended = { "Đơn vị đã kết thúc hoạt động", "The unit has ended" };

static void error_page(struct exchange *x, int status, const struct words *w)
{
	struct ctx *c = x->c;
	struct error_view v = { .title = say(c, &w->title), .what = say(c, &w->what), .todo = say(c, &w->todo),
		.status = status,
		.code = str_of(x->r->id), .when = instant_text(c->mem, c->now), .request = str_of(x->r->id),
		.fault = status >= 500, .sign_in = status == 401, .sent = x->verb != GET };

	v.problems = problem_views(x);
	c->n_problems = 0;                       /* said in the middle of the page, not at its head */
	if (status == 403 && v.problems.n)
		v.title = say(c, &refused);
	if (x->heading)
		v.title = say(c, x->heading);
	if (x->closed && status == 409) {
		v.title = say(c, &has_ended);
		v.successors = successor_links(x, x->closed);
		x->ended = NULL;                 /* it says so itself */
	}
	if ((status == 403 || status == 404 || status == 409) && v.problems.n)  /* the reason is known: no guess beside */
		v.what = v.todo = say(c, &nothing_else);
	v.back_href = way_back(x);
	if (answer_page(x, status, "core/error", &error_shape, &v) == OK)
		return;
	body_begin(x, 500, S("text/plain; charset=utf-8"));
	put(&x->p->body, say(c, &words_of(500)->what));
	put_fmt(&x->p->body, " %s\n", x->r->id);
}

static void answer_words(struct exchange *x, int status, const struct words *w)
{
	x->p->n_headers = 0;
	x->p->fd = -1;
	x->p->memory = (str){ NULL, 0 };
	if (status == 429)
		reply_header(x->p, S("Retry-After"), str_fmt(x->c->mem, "%lld", (long long)x->c->wait_s));
	if (status == 503 || status == 507)
		reply_header(x->p, S("Retry-After"), S("10"));
	if (status == 401 && x->json)
		reply_header(x->p, S("WWW-Authenticate"), S("Bearer"));
	if (x->json)
		error_json(x, status, w);
	else
		error_page(x, status, w);
}

void answer_status(struct exchange *x, int status)
{
	answer_words(x, status, words_of(status));
}

/* Each is counted (/metrics) and logged: somebody has to look. */
void answer_trouble(struct exchange *x, enum rc rc, enum db_trouble trouble)
{
	static const char *const names[] = { [DB_FULL] = "full", [DB_STORAGE] = "storage", [DB_CORRUPT] = "corrupt",
		[DB_MEMORY] = "memory", [DB_AWAY] = "away", [DB_DOUBT] = "doubt" };

	log_line(LOG_ERROR, "trouble", "kind", names[trouble], "request", x->r->id, "db", db_why(x->c->db), NULL);
	if (trouble != DB_MEMORY)
		atomic_fetch_add(&serve_counters()->trouble, 1);
	switch (trouble) {
	case DB_FULL: answer_status(x, 507); break;
	case DB_STORAGE: answer_words(x, 503, &words_storage); break;
	case DB_CORRUPT: answer_words(x, 500, &words_corrupt); break;
	case DB_DOUBT: answer_words(x, 503, &words_doubt); break;
	case DB_MEMORY: case DB_AWAY: answer_status(x, 503); break;
	case DB_FINE: answer_error(x, rc); break;
	}
}

void answer_error(struct exchange *x, enum rc rc)
{
	answer_status(x, status_for(x, rc));
}

/* ---- other answers --------------------------------------------------------------------------- */

/* A file name in a header: ASCII as it is, everything in RFC 5987 form beside it. */
enum rc answer_file(struct ctx *c, str name, str type, str bytes)
{
	struct exchange *x = exchange_of(c);
	struct buf b;

	body_begin(x, 200, type);
	x->p->memory = bytes;
	buf_init(&b, c->mem, 2000);
	put_z(&b, "attachment; filename=\"");
	for (ptrdiff_t i = 0; i < name.n; i++) {
		char ch = name.p[i];

		put_c(&b, (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '.' ||
			ch == '-' ? ch : '_');
	}
	put_z(&b, "\"; filename*=UTF-8''");
	put_url(&b, name);
	reply_header(x->p, S("Content-Disposition"), buf_str(&b));
	return OK;
}

static str cookie_name(const struct exchange *x)
{
	return x->r->secure ? S("__Host-khue") : S("khue");
}

void session_cookie(struct ctx *c, str token, int64_t max_age_s)
{
	struct exchange *x = exchange_of(c);

	if (x)
		reply_cookie(x->p, c->mem, cookie_name(x), token, token.n ? max_age_s : 0, x->r->secure);
}

static str other_name(const struct ctx *c, const char *word)
{
	return TEXT(c, "%.*s-%s", FMT(cookie_name(exchange_of(c))), word);
}

void other_cookie(struct ctx *c, const char *word, str value, int64_t max_age_s)
{
	struct exchange *x = exchange_of(c);

	if (x)
		reply_cookie(x->p, c->mem, other_name(c, word), value, max_age_s, x->r->secure);
}

str other_cookie_of(const struct ctx *c, const char *word)
{
	return c->web ? req_cookie(exchange_of(c)->r, str_z(c->mem, other_name(c, word))) : S("");
}

str own_origin(const struct ctx *c)
{
	const struct request *r = c->web ? exchange_of(c)->r : NULL;

	return r ? TEXT(c, "%s://%.*s", r->secure ? "https" : "http", FMT(req_header(r, "host"))) : S("");
}

void forget_device(struct ctx *c)
{
	struct exchange *x = exchange_of(c);

	if (x)
		reply_header(x->p, S("Clear-Site-Data"), S("\"cache\", \"storage\""));
}

str client_address(const struct ctx *c)
{
	return c->web ? exchange_of(c)->r->remote : S("");
}

str client_agent(const struct ctx *c)
{
	return c->web ? req_header(exchange_of(c)->r, "user-agent") : S("");
}

bool wants_json(const struct ctx *c)
{
	return c->web && exchange_of(c)->json;
}

enum rc answer_as(struct ctx *c, int status, str type, str bytes, struct stamp stamp)
{
	struct exchange *x = exchange_of(c);

	if (!stamp_said(c, &stamp))
		return E_FAULT;
	if (!x)
		return OK;
	body_begin(x, status, type);
	x->p->memory = bytes;
	return OK;
}

void answer_with(struct ctx *c, int status)
{
	if (c->web)
		exchange_of(c)->status = status;
}

void answer_titled(struct ctx *c, const struct tr *title)
{
	if (c->web)
		exchange_of(c)->heading = title;
}
