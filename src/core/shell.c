/* shell.c -- the frame around every page: who, where, what may be opened, the way back. */
#include "base/hash.h"
#include "core/notices.h"
#include "core/pages.h"

/* The address asked for, with its query, as a link would write it. */
static str here_address(struct exchange *x)
{
	struct buf b;
	str left = x->r->path, part;

	buf_init(&b, x->c->mem, 4000);
	left = str_sub(left, 1, -1);
	do {
		str_cut(left, '/', &part, &left);
		put_c(&b, '/');
		put_url(&b, part);
	} while (left.n > 0);
	if (x->r->query.n && x->verb == GET) {
		put_c(&b, '?');
		put(&b, x->r->query);
	}
	return buf_str(&b);
}

static str with_return(struct exchange *x, const char *path, str here)
{
	struct buf b;

	buf_init(&b, x->c->mem, 8000);
	put_z(&b, path);
	put_z(&b, strchr(path, '?') ? "&ve=" : "?ve=");
	put_url(&b, here);
	return buf_str(&b);
}

/* Where a form that was sent stood: the page the browser names; the entity's own form where that is the address it was
 * sent to (a form that came back with its errors) or none. */
static str form_address(struct exchange *x)
{
	str from = came_from(x), here = here_address(x), path, query;

	str_cut(from, '?', &path, &query);
	if (path.n && (!x->meta || !str_eq(path, here)))
		return from;
	if (!x->meta || !x->pattern)
		return here;
	if (!strchr(x->pattern + 1, '/'))
		return str_fmt(x->c->mem, "%.*s/new", FMT(here));
	return str_ends(str_of(x->pattern), S("/{id}")) ? str_fmt(x->c->mem, "%.*s/edit", FMT(here)) : here;
}

/* The first letters of the last two words: "Trần Minh Hạnh" -> "MH". */
static str initials_of(struct arena *mem, str name)
{
	str left = str_trim(name), word, last[2] = { { "", 0 }, { "", 0 } };
	struct buf b;

	while (left.n > 0) {
		str_cut(left, ' ', &word, &left);
		if (word.n) {
			last[0] = last[1];
			last[1] = word;
		}
	}
	buf_init(&b, mem, 64);
	for (int i = 0; i < 2; i++) {
		ptrdiff_t n = 1;

		while (n < last[i].n && ((unsigned char)last[i].p[n] & 0xc0) == 0x80)
			n++;
		put(&b, str_sub(last[i], 0, last[i].n ? n : 0));
	}
	return buf_str(&b);
}

static str role_label(const struct ctx *c)
{
	const struct seat *best = c->who->n_seats ? &c->who->seats[0] : NULL;

	for (int i = 0; i < c->who->n_seats; i++)
		if (c->who->seats[i].org.v == c->here.org.v) {
			best = &c->who->seats[i];
			break;
		}
	return best ? say(c, &best->role->label) : S("");
}

static void fill_person(struct exchange *x, struct shell *s, str here)
{
	static const struct tr acting = { "Bạn đang làm việc thay {1}. Mọi thao tác được ghi dưới tên của bạn.",
		"You are acting as {1}. Everything is recorded under your own name." };
	struct ctx *c = x->c;

	s->signed_in = c->who->user.v != 0;
	s->saving = s->signed_in && x->verb != GET;
	if (notices_unread(c, &s->notices) != OK)
		s->notices = 0;
	s->user = c->who->name;
	s->initials = initials_of(c->mem, c->who->name);
	s->role = role_label(c);
	s->login_href = with_return(x, "/dang-nhap", x->verb == GET ? here : form_address(x));
	if (c->who->impersonator.v)
		s->impersonator = sayf(c, &acting, ARGS(c->who->name));
}

static str org_base(struct exchange *x, str slug)
{
	const struct here *h = &x->c->here;

	return str_fmt(x->c->mem, "/t/%.*s%s%.*s%s%.*s/", FMT(slug), h->year_code.n ? "/" : "", FMT(h->year_code),
		h->term_code.n ? "/" : "", FMT(h->term_code));
}

static void fill_crumbs(struct exchange *x, struct shell *s)
{
	struct link_view *v = NEWS(x->c->mem, struct link_view, x->n_orgs + x->n_crumbs + 1);
	int n = 0;

	for (int i = 0; i < x->n_orgs; i++)
		v[n++] = (struct link_view){ .href = org_base(x, x->orgs[i].slug), .label = x->orgs[i].name };
	for (int i = 0; i < x->n_crumbs; i++)
		v[n++] = x->crumbs[i];
	if (n > 0) {
		v[n - 1].current = true;
		v[n - 1].href = S("");
	}
	s->crumbs = ITEMS(v, n);
	if (n > 1)
		s->back = ITEMS(&v[n - 2], 1);
}

static str term_name(struct ctx *c, str code)
{
	static const struct tr term = { "Học kì {1}", "Term {1}" };
	static const char *const roman[] = { "", "I", "II", "III" };
	int n = code.n == 3 ? code.p[2] - '0' : 0;

	return n >= 1 && n <= 3 ? sayf(c, &term, ARGS(str_of(roman[n]))) : S("");
}

static str fresh_key(struct exchange *x)
{
	uint8_t b[12];

	fresh_bytes(x->c, b, sizeof b);
	return base64url_of(x->c->mem, b, sizeof b);
}

str form_secret(struct exchange *x, str name)
{
	bool key = str_eq(name, S("key"));
	str *kept = key ? &x->key : &x->csrf;

	if (!kept->n)
		*kept = key ? fresh_key(x) : csrf_token(x);
	return *kept;
}

/* The message of the page before, shown once. */
static void fill_said(struct exchange *x, struct shell *s)
{
	str cookie = req_cookie(x->r, "said"), text;

	if (cookie.n == 0 || cookie.n > 1000 || x->verb != GET || x->htmx)
		return;
	reply_cookie(x->p, x->c->mem, S("said"), S(""), 0, x->r->secure);
	if (!base64url_read(x->c->mem, cookie, &text) || !viet_clean(x->c->mem, text, &text))
		return;
	str_cut(text, '\n', &s->said, &s->undo);
	if (!str_eq(return_address(x->c, s->undo), s->undo))
		s->undo = S("");
}

void crumb(struct exchange *x, str href, str label)
{
	if (x->n_crumbs < COUNT(x->crumbs))
		x->crumbs[x->n_crumbs++] = (struct link_view){ .href = href, .label = label };
}

items successor_links(struct exchange *x, const struct ended *e)
{
	struct link_view *v = NEWS(x->c->mem, struct link_view, e->n + 1);

	for (int i = 0; i < e->n; i++)
		v[i] = (struct link_view){ .href = org_base(x, e->now[i].slug), .label = e->now[i].name };
	return ITEMS(v, e->n);
}

static void fill_ended(struct exchange *x, struct shell *s)
{
	static const struct tr now = { ". Nay là: ", ". Today: " };
	const struct ended *e = x->ended;

	if (!e)
		return;
	s->successors = successor_links(x, e);
	struct link_view *v = (struct link_view *)(uintptr_t)s->successors.p;
	for (int i = 0; i < e->n; i++)
		v[i].note = i ? S(", ") : say(x->c, &now);
	s->ended = ended_text(x->c, e);
}

void shell_fill(struct exchange *x, struct shell *s)
{
	const struct pages *k = x->app->pages_kept;
	struct ctx *c = x->c;
	str here = here_address(x);

	s->title = x->title.n ? x->title : x->n_crumbs ? x->crumbs[x->n_crumbs - 1].label : S("Khuê");
	s->lang = c->lang == EN ? S("en") : S("vi");
	s->path = here;
	s->base = x->base;
	s->home = address_of(x, "/");
	s->css = k->css;
	s->js = k->js;
	s->icons = k->icons;
	s->demo = x->app->demo;
	s->past = x->past;
	fill_ended(x, s);
	s->org = c->here.org_name;
	s->org_slug = c->here.org_slug;
	s->year = c->here.year_code;
	s->term = term_name(c, c->here.term_code);
	s->other_lang = c->lang == EN ? S("Tiếng Việt") : S("English");
	s->other_lang_href = with_return(x, c->lang == EN ? "/ngon-ngu?lang=vi" : "/ngon-ngu?lang=en", here);
	s->switch_href = with_return(x, str_z(c->mem, address_of(x, "/doi")), x->path);
	s->request = str_of(x->r->id);
	s->version = S(KHUE_VERSION);
	s->problems = problem_views(x);
	s->wrong = s->problems.n > 0;
	s->asking = s->wrong && x->confirm.n > 0;
	fill_person(x, s, here);
	fill_crumbs(x, s);
	fill_said(x, s);
	menu_rail(x, s);
}
