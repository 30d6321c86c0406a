/* stamp.c -- see stamp.h. */
#include "core/stamp.h"
#include "core/data.h"
#include "core/perm.h"
#include "core/registry.h"
#include "core/row.h"
#include "base/log.h"
#include <ctype.h>

/* Base 32 without the letters that look like digits. */
static const char SIGNS[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
enum { CODE_SIGNS = 11 };

static bool about_people(const struct field *f)
{
	return f->is & (PRIVATE | NAME) || (f->type == T_REF && f->ref && f->ref->anchor[ON_PERSON] == ITSELF);
}

bool is_personal(struct ctx *c, const struct entity *e, uint32_t verb, bool all)
{
	struct cols hidden = perm_hidden(c, e, verb);
	const struct table *t = table_for(c, e);
	if (e->anchor[ON_PERSON])
		return true;
	for (const struct field *f = e->fields; f->name; f++) {
		bool leaves = all;
		for (int i = 0; i < COUNT(e->list) && e->list[i] && !leaves; i++)
			leaves = e->list[i] == f->at;
		if (leaves && about_people(f) && field_stored(f) && !cols_has(&hidden, column_at(t, f->at)))
			return true;
	}
	return false;
}

struct stamp stamp_free(const char *why)
{
	return (struct stamp){ .free = why };
}

bool stamp_said(struct ctx *c, const struct stamp *s)
{
	bool said = s->id || (s->free && s->free[0]);
	(void)c;
	if (!said)
		log_line(LOG_ERROR, "unstamped", "why", "a file was made that does not say whom it is about", NULL);
	return said;
}

str stamp_code(struct arena *mem, int64_t id)
{
	char signs[CODE_SIGNS + 1] = "";
	for (int i = CODE_SIGNS - 1; i >= 0; i--, id >>= 5)
		signs[i] = SIGNS[id & 31];
	return str_fmt(mem, "KX-%.4s-%.4s-%.3s", signs, signs + 4, signs + 8);
}

instant stamp_time(int64_t id)
{
	return id_time(id);
}

bool stamp_read(str code, int64_t *ret_id)
{
	int64_t id = 0;
	int n = 0;
	code = str_trim(code);
	if (code.n > 2 && toupper((unsigned char)code.p[0]) == 'K' && toupper((unsigned char)code.p[1]) == 'X')
		code = str_sub(code, 2, -1);
	for (ptrdiff_t i = 0; i < code.n; i++) {
		const char *at = strchr(SIGNS, toupper((unsigned char)code.p[i]));
		if (code.p[i] == '-' || code.p[i] == ' ')
			continue;
		if (!at || !*at || ++n > CODE_SIGNS)
			return false;
		id = id << 5 | (at - SIGNS);
	}
	*ret_id = id;
	return n == CODE_SIGNS && id > 0;
}

bool stamp_is_line(str text)
{
	static const char *const before[][2] = { { "Xuất bởi ", "mã tệp KX-" }, { "Taken out by ", "file code KX-" } };
	for (int i = 0; i < COUNT(before); i++) {
		ptrdiff_t at = str_find(text, str_of(before[i][1]));
		int64_t id;
		if (str_starts(text, str_of(before[i][0])) && at > 0 &&
			stamp_read(str_sub(text, at + str_of(before[i][1]).n - 3, at + str_of(before[i][1]).n + 13), &id))
			return true;
	}
	return false;
}

struct stamp stamp_make(struct ctx *c, int64_t id)
{
	static const struct tr MSG_line = { "Xuất bởi {1} ({2}) lúc {3}, mã tệp {4}. Có dữ liệu cá nhân: chỉ dùng cho việc "
		"đã được giao, không chuyển cho người khác.",
		"Taken out by {1} ({2}) at {3}, file code {4}. Holds personal data: only for the work it was taken for." };
	const struct actor *who = c->who;
	struct stamp m = { .id = id ? id : new_id(c) };
	m.code = stamp_code(c->mem, m.id);
	m.line = sayf(c, &MSG_line, ARGS(who->name.n ? who->name : S("Khuê"), who->login.n ? who->login : S("-"),
		instant_text(c->mem, c->now), m.code));
	return m;
}
