/* cli.c -- options and messages of the commands. */
#include "app/cli.h"
#include <stdio.h>
#include <stdlib.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct tr
	MSG_value = { "Tùy chọn {1} cần một giá trị.", "Option {1} needs a value." },
	MSG_number = { "Tùy chọn {1}: \"{2}\" không phải số từ {3} đến {4}.",
		"Option {1}: \"{2}\" is not a number from {3} to {4}." },
	MSG_db_file = { "{1}: không đọc được, hoặc người khác cũng đọc được (chmod 0600).",
		"{1}: cannot be read, or others may read it too (chmod 0600)." },
	MSG_unknown = { "Không hiểu \"{1}\". Xem: khue {2} --help", "Do not understand \"{1}\". See: khue {2} --help" };

static void print(FILE *to, struct cli *c, const struct tr *text, const str *args, int n)
{
	for (const char *p = c->lang == VI ? text->vi : text->en; *p; p++) {
		if (p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] == '}' && p[1] - '1' < n) {
			fprintf(to, "%.*s", FMT(args[p[1] - '1']));
			p += 2;
		} else {
			fputc(*p, to);
		}
	}
	fputc('\n', to);
}

void cli_say(struct cli *c, const struct tr *text, const str *args, int n)
{
	print(stdout, c, text, args, n);
	fflush(stdout);
}

int cli_fail(struct cli *c, enum rc rc, const struct tr *text, const str *args, int n)
{
	print(stderr, c, text, args, n);
	return (int)rc;
}

int cli_problems(struct cli *c, const struct ctx *x, enum rc rc)
{
	for (int i = 0; i < x->n_problems; i++)
		fprintf(stderr, "%.*s%s%.*s\n", FMT(x->problems[i].field), x->problems[i].field.n ? ": " : "",
			FMT(x->problems[i].text));
	return (int)rc;
}

const char *cli_address_in(struct cli *c, const char *path)
{
	char *line = arena_alloc(c->mem, 2048, 1);
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & 07) == 0 && read(fd, line, 2047) > 0;
	if (fd >= 0)
		close(fd);
	if (!good)
		exit(BADF(c, E_STATE, &MSG_db_file, str_of(path)));
	line[strcspn(line, "\r\n")] = 0;
	return line;
}

/* "KEY=value" of a line; the value may stand in quotes. */
static bool setting_of(str line, str *ret_name, str *ret_value)
{
	if (!str_starts(line, S("KHUE_")) || !str_cut(line, '=', ret_name, ret_value))
		return false;
	*ret_value = str_trim(*ret_value);
	if (ret_value->n >= 2 && (ret_value->p[0] == '"' || ret_value->p[0] == '\'') &&
		ret_value->p[ret_value->n - 1] == ret_value->p[0])
		*ret_value = str_sub(*ret_value, 1, ret_value->n - 1);
	return true;
}

void cli_settings(struct cli *c, bool told)
{
	static const char file[] = "/etc/khue/khue.env";
	char text[16384];
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof text) : -1;
	str line, name, value;
	bool ours = false;

	if (fd >= 0)
		close(fd);
	for (int pass = 0; pass < 2 && (pass == 0 || ours); pass++)
		for (str rest = { text, n > 0 ? n : 0 }; rest.n; ) {
			str_cut(rest, '\n', &line, &rest);
			if (!setting_of(str_trim(line), &name, &value))
				continue;
			if (pass == 0)
				ours |= str_is(name, "KHUE_DATA") && str_is(value, c->data);
			else if (!told || !str_starts(name, S("KHUE_DB")))
				setenv(str_z(c->mem, name), str_z(c->mem, value), 0);
		}
}

const char *cli_moved(struct cli *c)
{
	return str_z(c->mem, str_fmt(c->mem, "%s/khue.db.moved", c->data));
}

str cli_address(struct cli *c, const char *where)
{
	const char *at = strstr(where, "://"), *end = at ? strchr(at + 3, '@') : NULL, *colon = at ? strchr(at + 3, ':')
		: NULL;
	const char *query = strstr(where, "password=");
	if (end && colon && colon < end)
		return str_fmt(c->mem, "%.*s:***%s", (int)(colon - where), where, query ? "" : end);
	return query ? (str){ where, query - where } : str_of(where);
}

static void drop(struct cli *c, int at, int n)
{
	memmove(c->args + at, c->args + at + n, sizeof *c->args * (size_t)(c->n - at - n));
	c->n -= n;
}

bool cli_flag(struct cli *c, const char *name)
{
	for (int i = 0; i < c->n && strcmp(c->args[i], "--") != 0; i++) {
		if (strcmp(c->args[i], name) == 0) {
			drop(c, i, 1);
			return true;
		}
	}
	return false;
}

bool cli_value(struct cli *c, const char *name, const char **ret)
{
	size_t n = strlen(name);
	for (int i = 0; i < c->n && strcmp(c->args[i], "--") != 0; i++) {
		if (strncmp(c->args[i], name, n) == 0 && c->args[i][n] == '=') {
			*ret = c->args[i] + n + 1;
			drop(c, i, 1);
			return true;
		}
		if (strcmp(c->args[i], name) != 0)
			continue;
		if (i + 1 == c->n)
			exit(BADF(c, E_INVALID, &MSG_value, str_of(name)));
		*ret = c->args[i + 1];
		drop(c, i, 2);
		return true;
	}
	return false;
}

int64_t cli_number(struct cli *c, const char *name, int64_t otherwise, int64_t min, int64_t max)
{
	const char *text;
	int64_t v;
	if (!cli_value(c, name, &text))
		return otherwise;
	if (!str_to_int(str_of(text), &v) || v < min || v > max)
		exit(BADF(c, E_INVALID, &MSG_number, str_of(name), str_of(text), str_fmt(c->mem, "%lld", (long long)min),
		          str_fmt(c->mem, "%lld", (long long)max)));
	return v;
}

const char *cli_next(struct cli *c)
{
	for (int i = 0; i < c->n; i++) {
		const char *arg = c->args[i];
		if (arg[0] == '-' && arg[1])
			continue;
		drop(c, i, 1);
		return arg;
	}
	return NULL;
}

void cli_end(struct cli *c)
{
	if (c->n)
		exit(BADF(c, E_INVALID, &MSG_unknown, str_of(c->args[0]), str_of(c->command->name)));
}
