/* publish.c -- drafts, the publishing key, and the moment a result set becomes public. */
#include "mod/results/live.h"
#include "mod/results/folder.h"
#include "mod/results/results.h"
#include "base/calendar.h"
#include "web/json.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

enum { SHARD_MAX = 1 << 30 };

static const struct tr
	MSG_write = { "Không ghi được kết quả thi: {1}", "The results cannot be written: {1}" },
	MSG_draft = { "Bản chưa công bố của {1} bị hỏng: {2}. Nhập lại tệp điểm.",
		"The draft of {1} is damaged: {2}. Import the marks again." },
	MSG_none = { "Chưa có điểm nào của kỳ thi {1}. Nhập trước bằng: khue import results TỆP",
		"There are no marks of {1} yet. Import them with: khue import results FILE" },
	MSG_empty = { "Không có thí sinh nào để ghi.", "There is no candidate to keep." },
	MSG_key = { "Khóa công bố {1}/results.key không đọc được hoặc người khác đọc được (cần 32 byte, chmod 0400).",
		"The publishing key {1}/results.key cannot be read, or others can read it (32 bytes, chmod 0400)." };

static enum rc write_failed(struct ctx *c)
{
	int error = errno;

	return FAILF(c, error == ENOSPC || error == EDQUOT ? E_LIMIT : E_FAULT, 0, &MSG_write, str_of(strerror(error)));
}

/* ---- drafts --------------------------------------------------------------------------------------- */

static void unmap(void *arg)
{
	unmap_file(arg);
}

/* Maps the draft for as long as c lives. E_MISSING: there is none. */
static enum rc draft_open(struct ctx *c, str code, struct shard *ret)
{
	struct mapped *m = NEW(c->mem, struct mapped);
	const struct tr *why;

	if (!map_file(results_folder(c, code), "draft.khs", m))
		return E_MISSING;
	arena_at_end(c->mem, unmap, m);
	if (!shard_open(m->bytes, ret, &why) || !shard_whole(ret) || !str_eq(ret->exam, code)) {
		static const struct tr other = { "nội dung không khớp", "its bytes do not fit" };
		return FAILF(c, E_FAULT, 0, &MSG_draft, code, say(c, ret->bytes.n ? &other : why));
	}
	return OK;
}

bool draft_exists(struct ctx *c, str code)
{
	return access(str_z(c->mem, str_fmt(c->mem, "%s/draft.khs", results_folder(c, code))), R_OK) == 0;
}

enum rc draft_read(struct ctx *c, str code, struct mark_set *ret)
{
	struct shard s = { .n = 0 };
	const struct live *l;
	enum rc rc = draft_open(c, code, &s);

	mark_set_init(ret, c->mem);
	if (rc == OK)
		shard_rows(&s, ret);
	if (rc != E_MISSING)
		return rc;
	rc = live_exam(c, code, &l);
	if (rc == OK)
		shard_rows(&l->shard, ret);
	return rc == E_MISSING ? OK : rc;
}

enum rc draft_write(struct ctx *c, str code, const struct mark_set *set)
{
	str bytes;
	enum rc rc = shard_make(c->mem, set, code, &bytes);

	if (rc != OK)
		return FAIL(c, rc, 0, &MSG_empty);
	return replace_file(c->mem, results_folder(c, code), "draft.khs", bytes, 0600) ? OK : write_failed(c);
}

/* ---- the key ---------------------------------------------------------------------------------------- */

enum rc publishing_key(struct ctx *c, struct signing *ret)
{
	const char *folder = str_z(c->mem, str_fmt(c->mem, "%s/keys", data_folder(c)));
	const char *path = str_z(c->mem, str_fmt(c->mem, "%s/results.key", folder));
	uint8_t fresh[32];
	str seed;

	if (access(path, F_OK) != 0) {
		fresh_bytes(c, fresh, sizeof fresh);
		if (!replace_file(c->mem, folder, "results.key", (str){ (const char *)fresh, 32 }, 0400))
			return write_failed(c);
	}
	if (!private_file(folder, "results.key") || !read_file(c->mem, folder, "results.key", 32, &seed) || seed.n != 32)
		return FAILF(c, E_FAULT, 0, &MSG_key, str_of(folder));
	signing_from((const uint8_t *)seed.p, ret);
	if (!replace_file(c->mem, folder, "results.pub", str_fmt(c->mem, "%.*s\n",
		FMT(base64url_of(c->mem, ret->key, 32))), 0444))
		return write_failed(c);
	return OK;
}

/* ---- publishing --------------------------------------------------------------------------------------- */

/* Shards of earlier publications: those who read them have them mapped. */
static void remove_others(struct ctx *c, const char *folder, const char *keep)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	while (d && (e = readdir(d)) != NULL)
		if (str_ends(str_of(e->d_name), S(".khs")) && strcmp(e->d_name, keep) != 0 && strcmp(e->d_name, "draft.khs")
			!= 0)
			remove_file(folder, e->d_name);
	if (d)
		closedir(d);
}

static enum rc bytes_to_publish(struct ctx *c, str code, struct shard *ret)
{
	const struct live *l;
	enum rc rc = draft_open(c, code, ret);

	if (rc != E_MISSING)
		return rc;
	rc = live_exam(c, code, &l);
	if (rc == OK)
		*ret = l->shard;
	return rc == E_MISSING ? FAILF(c, E_STATE, 0, &MSG_none, code) : rc;
}

enum rc live_publish(struct ctx *c, struct issue *v)
{
	const char *folder = results_folder(c, v->exam), *name;
	struct shard s = { .n = 0 };
	struct signing key;

	TRY(publishing_key(c, &key));
	TRY(bytes_to_publish(c, v->exam, &s));
	v->count = s.n;
	v->root = s.root;
	v->body = s.body;
	issue_sign(c->mem, v, &key);
	name = shard_name(c->mem, &s.root);
	/* The shard first, then the manifest that names it: a reader finds both old or both new. */
	if (!replace_file(c->mem, folder, name, s.bytes, 0444) ||
			!replace_file(c->mem, folder, "manifest.json", issue_json(c->mem, v), 0644))
		return write_failed(c);
	remove_file(folder, "draft.khs");
	remove_file(folder, "withdrawn.json");
	remove_others(c, folder, name);
	return OK;
}

static str withdrawn_json(struct ctx *c, const struct withdrawn *w)
{
	static const char *const names[] = { "exam", "name", "by", "reason", "at" };
	const str values[] = { w->exam, w->name, w->by, w->reason, instant_iso(c->mem, w->at) };
	struct buf b;

	buf_init(&b, c->mem, 16384);
	put_fmt(&b, "{\"year\":%lld", (long long)w->year);
	for (int i = 0; i < COUNT(names); i++) {
		put_fmt(&b, ",\"%s\":", names[i]);
		put_json(&b, values[i]);
	}
	put_z(&b, "}\n");
	return buf_str(&b);
}

enum rc live_withdraw(struct ctx *c, const struct withdrawn *w)
{
	const char *folder = results_folder(c, w->exam);
	const struct live *l;
	enum rc rc = live_exam(c, w->exam, &l);

	/* What was public becomes the draft again, unless a newer one waits. */
	if (rc == OK && !draft_exists(c, w->exam) && !replace_file(c->mem, folder, "draft.khs", l->shard.bytes, 0600))
		return write_failed(c);
	if (!replace_file(c->mem, folder, "withdrawn.json", withdrawn_json(c, w), 0644) ||
			!remove_file(folder, "manifest.json"))
		return write_failed(c);
	remove_others(c, folder, "");
	return OK;
}
