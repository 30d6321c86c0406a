/* workbook_file.c -- see workbook_file.h. */
#include "core/workbook_file.h"
#include "core/app.h"
#include "core/files.h"
#include "core/stamp.h"
#include <unistd.h>

static enum rc refused(struct ctx *c, enum rc rc, col at, const struct file_fault *why)
{
	return FAIL(c, rc == E_FAULT ? E_FAULT : E_INVALID, at, (&(struct tr){ why->vi, why->en }));
}

enum rc wb_fillable(struct ctx *c, const struct workbook *w, col at)
{
	return w->old ? refused(c, E_INVALID, at, &wb_only_read) : OK;
}

static str secrets(const struct ctx *c)
{
	return (str){ (const char *)c->app->secret, sizeof c->app->secret };
}

enum rc wb_of_file(struct ctx *c, file_id id, col at, struct workbook **ret)
{
	struct file_fault why = { 0 };
	struct file_info info;
	int fd;

	TRY(file_open(c, id, &info, &fd));
	enum rc rc = wb_open(c->mem, fd, secrets(c), ret, &why);
	close(fd);
	return rc == OK ? OK : refused(c, rc, at, &why);
}

enum rc wb_to_file(struct ctx *c, struct workbook *w, file_id from, org_id org, str name, col at, struct stamp stamp,
	file_id *ret)
{
	struct file_fault why = { 0 };
	struct file_info info;
	int fd, out;

	TRY(file_open(c, from, &info, &fd));
	enum rc rc = file_temp(c, &out);
	if (rc != OK) {
		close(fd);
		return rc;
	}
	w->mark = stamp.code;
	rc = wb_write(w, fd, secrets(c), out, &why);
	close(fd);
	rc = rc == OK ? file_make(c, org, stamp_name(c, file_name_clean(c->mem, name), &stamp), WB_TYPE, out,
		(instant){ c->now.v + WB_KEEP_MS }, stamp, ret)
		: refused(c, rc, at, &why);
	close(out);
	return rc;
}
