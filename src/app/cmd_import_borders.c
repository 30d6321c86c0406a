/* cmd_import_borders.c -- khue import boundaries FILE: borders of units for the maps. */
#include "app/boot.h"
#include "mod/org/borders.h"
#include <errno.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { BYTES_MAX = 64 << 20 };
static const struct tr
	MSG_file = { "Thiếu FILE: khue import boundaries FILE", "FILE is missing: khue import boundaries FILE" },
	MSG_open = { "Không đọc được {1}: {2}", "Cannot read {1}: {2}" },
	MSG_large = { "Tệp hỏng, hoặc giải nén ra hơn 64 MB.", "The file is damaged, or more than 64 MB when unpacked." },
	MSG_tolerance = { "--tolerance là số từ 1 đến 100000 (phần triệu độ).",
		"--tolerance is 1 to 100000 (millionths of a degree)." },
	MSG_counts = { "{1} mới, {2} thay đổi, {3} như cũ, {4} bị từ chối",
		"{1} new, {2} changed, {3} the same, {4} refused" },
	MSG_told = { "{1}", "{1}" },
	MSG_dry = { "Chạy thử: chưa ghi gì.", "Dry run: nothing was written." };

/* zlib reads what is not compressed as it is. */
static bool read_all(struct arena *mem, const char *path, str *ret)
{
	gzFile f = gzopen(path, "rb");
	char *bytes = arena_alloc(mem, BYTES_MAX + 1, 1);
	int n = f ? gzread(f, bytes, BYTES_MAX + 1) : -1;

	if (f)
		gzclose(f);
	*ret = (str){ bytes, n };
	return n >= 0 && n <= BYTES_MAX;
}

static bool unpack(struct arena *mem, str *text)
{
	static const char magic[] = "\xFD" "7zXZ";
	uint64_t limit = (uint64_t)256 << 20;
	size_t in = 0, out = 0;

	if (!str_starts(*text, (str){ magic, 5 }))
		return true;
	char *bytes = arena_alloc(mem, BYTES_MAX, 1);
	if (lzma_stream_buffer_decode(&limit, 0, NULL, (const uint8_t *)text->p, &in, (size_t)text->n, (uint8_t *)bytes,
		&out, BYTES_MAX) != LZMA_OK)
		return false;
	*text = (str){ bytes, (ptrdiff_t)out };
	return true;
}

static enum rc take(struct ctx *x, const struct borders_ask *ask, bool dry, struct borders_report *ret)
{
	TRY(db_begin(x->db));
	enum rc rc = borders_import(x, ask, ret);
	if (rc == OK && !dry)
		return db_commit(x->db);
	db_rollback(x->db);
	return rc;
}

int import_boundaries(struct cli *c)
{
	struct app app;
	struct ctx x;
	struct borders_ask ask = { .tolerance = BORDER_TOLERANCE };
	struct borders_report report = { 0 };
	const char *province = "", *tolerance = NULL;

	cli_value(c, "--province", &province);
	cli_value(c, "--tolerance", &tolerance);
	bool dry = cli_flag(c, "--dry-run");
	const char *path = cli_next(c);
	cli_end(c);
	ask.province = str_of(province);
	if (!path)
		return BAD(c, E_INVALID, &MSG_file);
	if (tolerance && (!str_to_int(str_of(tolerance), &ask.tolerance) || ask.tolerance < 1 || ask.tolerance > 100000))
		return BAD(c, E_INVALID, &MSG_tolerance);
	errno = 0;
	if (!read_all(c->mem, path, &ask.bytes))
		return errno ? BADF(c, E_MISSING, &MSG_open, str_of(path), str_of(strerror(errno)))
			: BAD(c, E_LIMIT, &MSG_large);
	if (!unpack(c->mem, &ask.bytes))
		return BAD(c, E_INVALID, &MSG_large);
	if (boot(c, &app, BOOT_SCHEMA | BOOT_SECRET) != OK)
		return (int)E_FAULT;
	ctx_start(&x, &app, c->mem);
	x.lang = c->lang;
	as_system(&x, "khue import boundaries");
	enum rc rc = take(&x, &ask, dry, &report);
	for (int i = 0; i < report.n_told; i++)
		SAYF(c, &MSG_told, report.told[i]);
	if (rc == OK)
		SAYF(c, &MSG_counts, int_text(c->mem, report.added), int_text(c->mem, report.changed),
			int_text(c->mem, report.same), int_text(c->mem, report.refused));
	if (rc == OK && dry)
		SAY(c, &MSG_dry);
	int code = rc == OK ? 0 : cli_problems(c, &x, rc);
	boot_end(&app);
	return code;
}
