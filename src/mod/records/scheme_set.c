/* scheme_set.c -- all schemes there are, and which of them holds for whom. */
#include "mod/records/scheme.h"
#include "base/embed.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20 };
struct loading { struct arena *mem; struct scheme_set *set; mistake_fn *found; void *arg; bool good; };

static void tell(struct loading *l, str file, const struct reading *r)
{
	for (int i = 0; i < r->n && l->found; i++)
		l->found(l->arg, file, &r->found[i]);
	l->good = l->good && r->n == 0;
}

/* A file of the installation takes the place of the program's with the same code. */
static void add_scheme(struct loading *l, str file, str text)
{
	struct reading *r = NEW(l->mem, struct reading);
	struct scheme *s = NEW(l->mem, struct scheme), **slot = NULL;

	r->mem = l->mem;
	if (scheme_read(r, text, s)) {
		for (int i = 0; i < l->set->n && !slot; i++)
			if (str_eq(l->set->at[i]->is.code, s->is.code))
				slot = &l->set->at[i];
		if (!slot && l->set->n < COUNT(l->set->at))
			slot = &l->set->at[l->set->n++];
		s->file = file;
		if (slot)
			*slot = s;
		else
			mistake(r, 0, "quá nhiều tệp quy chế", "too many scheme files", (str){ 0 });
	}
	tell(l, file, r);
}

static void add_programme(struct loading *l, str file, str text)
{
	struct reading *r = NEW(l->mem, struct reading);
	struct programme *p = NEW(l->mem, struct programme);

	r->mem = l->mem;
	if (programme_read(r, text, p)) {
		p->file = file;
		l->set->programme = p;
	}
	tell(l, file, r);
}

static bool add_embedded(void *arg, str name, str text)
{
	if (str_ends(name, S(".scheme")))
		add_scheme(arg, name, text);
	else if (str_ends(name, S(".programme")))
		add_programme(arg, name, text);
	return true;
}

static bool read_file(struct arena *mem, int folder, const char *name, str *ret)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	bool good = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_MAX;

	if (good) {
		char *p = NEWS(mem, char, st.st_size + 1);
		ssize_t n = read(fd, p, (size_t)st.st_size);
		good = n == st.st_size;
		*ret = (str){ p, n };
	}
	if (fd >= 0)
		close(fd);
	return good;
}

enum { FOLDER_MAX = 40 };

/* The names of its scheme files in order. */
static int names_in(struct arena *mem, DIR *d, str names[static FOLDER_MAX])
{
	int n = 0;

	for (struct dirent *e; n < FOLDER_MAX && (e = readdir(d)) != NULL; ) {
		str name = str_of(e->d_name);
		if (!str_ends(name, S(".scheme")) || name.p[0] == '.')
			continue;
		int at = n++;
		for (; at > 0 && str_cmp(names[at - 1], name) > 0; at--)
			names[at] = names[at - 1];
		names[at] = (str){ str_z(mem, name), name.n };
	}
	return n;
}

static void add_folder(struct loading *l, const char *path)
{
	DIR *d = opendir(path);
	str names[FOLDER_MAX], text;
	int n = d ? names_in(l->mem, d, names) : 0;

	for (int i = 0; i < n; i++) {
		if (read_file(l->mem, dirfd(d), names[i].p, &text)) {
			add_scheme(l, names[i], text);
			continue;
		}
		struct reading *r = NEW(l->mem, struct reading);
		r->mem = l->mem;
		mistake(r, 0, "không đọc được tệp", "the file cannot be read", (str){ 0 });
		tell(l, names[i], r);
	}
	if (d)
		closedir(d);
}

bool schemes_load(struct arena *mem, const char *folder, struct scheme_set *ret, mistake_fn *found, void *arg)
{
	struct loading l = { mem, ret, found, arg, true };

	memset(ret, 0, sizeof *ret);
	embedded_each(S("data/records/"), add_embedded, &l);
	if (folder)
		add_folder(&l, folder);
	return l.good;
}

struct scheme *scheme_named(const struct scheme_set *set, str code)
{
	for (int i = 0; i < set->n; i++)
		if (str_eq(set->at[i]->is.code, code))
			return set->at[i];
	return NULL;
}

/* The year this scheme took the grade over, when it holds in `year`; else 0. */
static int since_year(const struct scheme *s, int grade, int year)
{
	int best = 0;

	for (int i = 0; i < s->n_applies; i++) {
		const struct applies *a = &s->applies[i];
		int from = a->cohort ? a->year + grade - a->first : a->year;
		if (grade >= a->first && grade <= a->last && year >= from && (!a->until || year <= a->until) && from > best)
			best = from;
	}
	return best;
}

struct scheme *scheme_for(const struct scheme_set *set, int grade, int year)
{
	struct scheme *found = NULL;
	int best = 0;

	for (int i = 0; i < set->n; i++) {
		int from = since_year(set->at[i], grade, year);
		if (from > best) {
			best = from;
			found = set->at[i];
		}
	}
	return found;
}

static void check_codes(struct reading *r, const struct programme *p, const str *codes, int n)
{
	for (int i = 0; p && i < n; i++)
		if (!programme_find(p, codes[i]))
			mistake(r, 0, "môn \"{1}\" không có trong chương trình", "no programme has the subject \"{1}\"", codes[i]);
}

enum { CHECK_FROM = 2019, CHECK_TO = 2040 };

static void check_binding(struct arena *mem, const struct scheme_set *set, struct reading *r)
{
	for (int grade = 0; grade < GRADES; grade++)
		for (int year = CHECK_FROM; year < CHECK_TO; year++) {
			const struct scheme *s = scheme_for(set, grade, year);
			if (!s && grade > 3)
				mistake(r, 0, "lớp {1} chưa có quy chế cho mọi năm học",
					"grade {1} has no scheme for some school year", grade_code(grade));
			for (int i = 0; s && i < set->n; i++)
				if (set->at[i] != s && since_year(set->at[i], grade, year) == since_year(s, grade, year)) {
					mistake(r, 0, "hai quy chế cùng bắt đầu: {1}", "two schemes begin together: {1}",
						str_fmt(mem, "%.*s, %.*s, %.*s", FMT(s->is.code),
						FMT(set->at[i]->is.code), FMT(grade_code(grade))));
					return;
				}
		}
}

void schemes_check(struct arena *mem, const struct scheme_set *set, mistake_fn *found, void *arg)
{
	struct loading l = { .mem = mem, .found = found, .arg = arg, .good = true };

	for (int i = 0; i < set->n; i++) {
		const struct scheme *s = set->at[i];
		struct reading *r = NEW(mem, struct reading);
		r->mem = mem;
		check_codes(r, set->programme, s->comment_only, s->n_comment_only);
		check_codes(r, set->programme, s->reference, s->n_reference);
		for (int t = 0; t < s->n_tests; t++)
			check_codes(r, set->programme, s->tests[t].codes, s->tests[t].n);
		tell(&l, s->file, r);
	}
	struct reading *r = NEW(mem, struct reading);
	r->mem = mem;
	if (!set->programme)
		mistake(r, 0, "không có chương trình môn học", "there is no programme of subjects", (str){ 0 });
	check_binding(mem, set, r);
	tell(&l, S("data/records"), r);
}

/* ---- levels of two schemes ------------------------------------------------------------------------------------- */

static bool has_level(const struct scheme *s, str code)
{
	for (int i = 0; i < s->n_levels; i++)
		if (str_eq(s->levels[i].is.code, code))
			return true;
	return false;
}

static bool calls_alike(const struct level *l, str code)
{
	for (int i = 0; i < l->n_alike; i++)
		if (str_eq(l->alike[i], code))
			return true;
	return false;
}

bool scheme_alike(const struct scheme *a, int i, const struct scheme *b, int j)
{
	const struct level *x = &a->levels[i], *y = &b->levels[j];

	if (str_eq(x->is.code, y->is.code) || (has_level(b, x->is.code) && has_level(a, y->is.code)))
		return str_eq(x->is.code, y->is.code);
	return calls_alike(x, y->is.code) || calls_alike(y, x->is.code);
}
