/* things.c -- see things.h. */
#include "things.h"
#include "core/files.h"
#include "inputs.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { HUNG_MAX = 400, OWN = 700000 /* ids of what belongs to player i: OWN + 10 i .. */ };
enum { A_NOTICE, A_JOB, AN_IMPORT, A_FILE };

struct hung { file_id file; const struct meta *m; const struct fact *row; };
struct things { struct hung at[HUNG_MAX]; int n; };

static int64_t thing(int player, int what)
{
	return OWN + 10 * (int64_t)player + what;
}

/* ---- making -------------------------------------------------------------------------------------------- */

static bool hang_files(struct world *w, struct ctx *c, struct things *t)
{
	for (int k = 0; k < w->app.registry->n_entities; k++) {
		const struct meta *m = w->p.facts[k].m;
		for (int i = 0; (m->e->keeps & FILES) && i < w->p.facts[k].n && t->n < HUNG_MAX; i++) {
			struct hung *h = &t->at[t->n++];
			*h = (struct hung){ .m = m, .row = &w->p.facts[k].at[i] };
			str text = str_fmt(&w->mem, "nội dung %lld", (long long)h->row->id);
			if (file_own(c, (org_id){ h->row->org }, S("giấy.txt"), S("text/plain"), text, (instant){ 0 },
		stamp_free("a test"), &h->file) != OK
			    || file_hang(c, h->file, m->e, h->row->id) != OK)
				return false;
		}
	}
	return true;
}

static bool give_own(struct world *w, struct ctx *c, int i)
{
	const struct player *who = &w->p.players[i];
	struct val user = v_int(who->user), mark = v_text(str_fmt(&w->mem, "own%dthing", i));
	file_id file;
	struct actor self = { .user = { who->user } };
	c->who = &self;
	enum rc rc = file_own(c, (org_id){ 0 }, S("riêng.txt"), S("text/plain"), str_fmt(&w->mem, "own%dthing", i),
			(instant){ 0 }, stamp_free("a test"), &file);
	c->who = &actor_system;
	return rc == OK
	       && db_exec(c->db, "UPDATE file SET id = ?1 WHERE id = ?2", VALS(v_int(thing(i, A_FILE)), v_int(file.v)),
		NULL) == OK
	       &&
	db_exec(c->db, "INSERT INTO notice (id, account, vi, en, link, made, seen) VALUES (?1, ?2, ?3, ?3, '/', 1, 0)",
	                  VALS(v_int(thing(i, A_NOTICE)), user, mark), NULL) == OK
	       && db_exec(c->db, "INSERT INTO job (id, name, org, made_by, made, actor, lang, input, state, due, note) "
	                  "VALUES (?1, 'export', 0, ?2, 1, '', 'vi', '{}', 'failed', 0, ?3)",
	VALS(v_int(thing(i, A_JOB)), user, mark), NULL) == OK
	       && db_exec(c->db, "INSERT INTO imported (id, org, made_by, made, entity, file, name, state) "
	                  "VALUES (?1, 0, ?2, 1, 'person', 0, ?3, 'new')", VALS(v_int(thing(i, AN_IMPORT)), user, mark),
	NULL) == OK;
}

bool things_make(struct world *w)
{
	struct ctx c;
	bool good;
	w->things = NEW(&w->mem, struct things);
	ctx_start(&c, &w->app, &w->mem);
	c.who = &actor_system;
	good = hang_files(w, &c, w->things);
	for (int i = 0; good && i < w->p.n_players; i++)
		good = w->p.players[i].user == 0 || give_own(w, &c, i);
	return good;
}

/* ---- checking ------------------------------------------------------------------------------------------ */

static void check_hung(struct world *w, const struct player *who)
{
	for (int i = 0; i < w->things->n; i++) {
		const struct hung *h = &w->things->at[i];
		bool may = province_may(&w->p, who, h->m->e, h->row) & READ;
		struct answer a = ask(w, who, str_z(&w->mem, str_fmt(&w->mem, "/tep/%lld", (long long)h->file.v)));
		w->cells++;
		if (may ? a.status != 200 : !refused(a))
			wrong(w, "%s: file on %s %lld: answered %d, the oracle says %s", who->role->name, h->m->e->name,
			      (long long)h->row->id, a.status, may ? "yes" : "no");
	}
}

static bool ask_thing(struct world *w, const struct player *who, const char *fmt, int64_t id)
{
	str path = { fmt, str_find(str_of(fmt), S("%")) };
	struct answer a = ask(w, who, str_z(&w->mem, str_fmt(&w->mem, "%.*s%lld", FMT(path), (long long)id)));
	return granted(a);
}

/* The lists of one's own hold nothing of others; the numbers of others lead nowhere. */
static void check_own(struct world *w, int i, int other)
{
	static const struct { const char *path; int what; } doors[] = { { "/viec/%", A_JOB }, { "/tep/%", A_FILE },
		{ "/person/import/%", AN_IMPORT } };
	static const char *const lists[] = { "/thong-bao", "/viec", "/person/import" };
	const struct player *who = &w->p.players[i];
	for (ptrdiff_t k = 0; k < COUNT(doors); k++) {
		w->cells++;
		if (ask_thing(w, who, doors[k].path, thing(other, doors[k].what)))
			wrong(w, "%s: %s opens what is %s's", who->role->name, doors[k].path, w->p.players[other].role->name);
	}
	for (ptrdiff_t k = 0; k < COUNT(lists); k++) {
		struct answer a = ask_as(w, who, lists[k], "text/html");
		w->cells++;
		if (str_find(a.body, str_fmt(&w->mem, "own%dthing", other)) >= 0)
			wrong(w, "%s: %s shows what is %s's", who->role->name, lists[k], w->p.players[other].role->name);
	}
	struct pair id = { S("id"), str_fmt(&w->mem, "%lld", (long long)thing(other, A_NOTICE)) };
	int64_t seen = 0;
	send_form(w, who, "/thong-bao", &id, 1);
	w->cells++;
	if (db_int(w->app.db, "SELECT seen FROM notice WHERE id = ?1", VALS(v_int(thing(other, A_NOTICE))), &seen)
		== OK && seen)
		wrong(w, "%s: ticks off a notice of %s", who->role->name, w->p.players[other].role->name);
}

/* The other way round, or the refusals above prove nothing. */
static void check_mine(struct world *w, int i)
{
	const struct player *who = &w->p.players[i];
	struct answer a = ask(w, who, "/thong-bao");
	w->cells += 3;
	if (str_find(a.body, str_fmt(&w->mem, "own%dthing", i)) < 0)
		wrong(w, "%s: does not see the notice of his own", who->role->name);
	if (!ask_thing(w, who, "/viec/%", thing(i, A_JOB)))
		wrong(w, "%s: does not see the job of his own", who->role->name);
	if (!ask_thing(w, who, "/tep/%", thing(i, A_FILE)))
		wrong(w, "%s: does not get the file of his own", who->role->name);
}

/* Settings of a unit: only whose seat covers it. */
static void check_settings(struct world *w, const struct player *who)
{
	for (int64_t org = DEPARTMENT; org <= SCHOOL_Z; org++) {
		const struct fact at = { .org = org };
		bool may = province_core(&w->p, who, "GET", "/cai-dat");
		bool everywhere = strcmp(who->role->name, "operator") == 0;
		bool covers = strcmp(who->role->name, "dept_officer") == 0 ? province_reaches(&w->p, who, IN_TREE, &at)
			: province_reaches(&w->p, who, IN_UNIT, &at);
		struct answer a = ask(w, who, str_z(&w->mem, str_fmt(&w->mem, "/t/%.*s/cai-dat",
			FMT(input_slug(&w->p, &w->mem, org)))));
		may = may && (everywhere || covers);
		w->cells++;
		if (may ? a.status != 200 : !refused(a))
			wrong(w, "%s: settings of %lld: answered %d, the oracle says %s", who->role->name, (long long)org, a.status,
			      may ? "yes" : "no");
	}
}

void things_check(struct world *w)
{
	for (int i = 0; i < w->p.n_players; i++) {
		const struct player *who = &w->p.players[i];
		check_hung(w, who);
		check_settings(w, who);
		if (who->user)
			check_mine(w, i);
		for (int k = 0; k < w->p.n_players; k++)
			if (k != i && w->p.players[k].user && k % 3 == i % 3)
				check_own(w, i, k);
	}
	ask_undo(w);
}

/* ---- what an answer holds ------------------------------------------------------------------------------ */

static bool is_title(const struct entity *e, const struct field *f)
{
	for (int i = 0; i < (int)COUNT(e->title) && e->title[i]; i++)
		if (e->title[i] == f->at)
			return true;
	return false;
}

/* A page of a family names the child's class, and the contact book people who are written to. */
static bool title_open(const struct entity *e, const char *where)
{
	/* a timetable names classes, who teaches and where */
	if (strncmp(where, "/schedule", 9) == 0 || strncmp(where, "/lessonbook", 11) == 0 ||
		strncmp(where, "/timetable/", 11) == 0)
		return strcmp(e->name, "school_class") == 0 || strcmp(e->name, "person") == 0 ||
			strcmp(e->name, "facility") == 0;
	if (strncmp(where, "/contact", 8) == 0 || strncmp(where, "/talks", 6) == 0)
		return strcmp(e->name, "school_class") == 0 || strcmp(e->name, "person") == 0;
	return *where != '/' || (strcmp(where, "/children") == 0 && strcmp(e->name, "school_class") == 0);
}

/* What families answer is for whoever may read the notice: the page that lists them asks that first. */
static bool answered_to(const struct entity *e, const struct field *f, const char *where)
{
	size_t n = strlen(where);

	return strcmp(e->name, "announcement_copy") == 0 && strcmp(f->name, "said") == 0 && n > 8 &&
		strncmp(where, "/announcement/", 14) == 0 && strcmp(where + n - 8, "/reached") == 0;
}

static void check_mark(struct world *w, const struct player *who, int64_t id, int64_t field, const char *where,
                       uint32_t verb)
{
	for (int k = 0; k < w->app.registry->n_entities; k++) {
		const struct facts *of = &w->p.facts[k];
		for (int i = 0; i < of->n; i++) {
			if (of->at[i].id != id || field >= of->m->n_fields)
				continue;
			const struct field *f = &of->m->e->fields[field];
			w->cells++;
			if (!(is_title(of->m->e, f) && title_open(of->m->e, where)) &&
				!answered_to(of->m->e, f, where) && !province_shows(&w->p, who, of->m->e,
				&of->at[i], f, verb))
				wrong(w, "%s: %s: column %s of %s %lld is shown", who->role->name, where, f->name, of->m->e->name,
				      (long long)id);
			return;
		}
	}
}

void check_marks(struct world *w, const struct player *who, str body, const char *where, uint32_t verb)
{
	for (ptrdiff_t i = 0; i < body.n; i++) {
		int64_t id = 0, field = 0;
		ptrdiff_t k = i + 1, digits;
		/* within a word it is part of a random one: a token, a key */
		if (body.p[i] != 'q' || (i > 0 && isalnum((unsigned char)body.p[i - 1])))
			continue;
		for (; k < body.n && k < i + 12 && strchr("0123456789abcdef", body.p[k]); k++)
			id = id * 16 + (body.p[k] <= '9' ? body.p[k] - '0' : body.p[k] - 'a' + 10);
		if (k == i + 1 || k >= body.n || body.p[k] != 'z')
			continue;
		for (digits = ++k; k < body.n && k < digits + 3 && body.p[k] >= '0' && body.p[k] <= '9'; k++)
			field = field * 10 + body.p[k] - '0';
		if (k > digits)
			check_mark(w, who, id, field, where, verb);
	}
}

str pdf_text(struct world *w, str pdf)
{
	char path[] = "/tmp/khue-authz-XXXXXX", command[96], block[65536];
	struct buf b;
	int fd = mkstemp(path);
	if (fd < 0 || write(fd, pdf.p, (size_t)pdf.n) != (ssize_t)pdf.n)
		abort();
	close(fd);
	buf_init(&b, &w->request, (size_t)4 << 20);
	snprintf(command, sizeof command, "pdftotext -q %s - 2>/dev/null", path);
	FILE *f = popen(command, "r");
	for (size_t n; f && (n = fread(block, 1, sizeof block, f)) > 0; )
		put(&b, (str){ block, (ptrdiff_t)n });
	if (f)
		pclose(f);
	unlink(path);
	return buf_str(&b);
}
