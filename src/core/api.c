/* api.c -- the OpenAPI 3.1 description of everything the program answers as JSON, written from the declarations. */
#include "core/pages.h"
#include "web/html.h"

#include <stdio.h>

struct api { struct exchange *x; struct buf *b; bool first; };

static void key(struct api *a, const char *name)
{
	put_json(a->b, str_of(name));
	put_c(a->b, ':');
}

static void text(struct api *a, const char *name, str value)
{
	key(a, name);
	put_json(a->b, value);
}

static void comma(struct api *a)
{
	if (!a->first)
		put_c(a->b, ',');
	a->first = false;
}

/* ---- schemas ------------------------------------------------------------------------------------------ */

static void type_put(struct api *a, const struct field *f)
{
	bool first = true;

	switch ((enum type)f->type) {
	case T_TEXT: put_z(a->b, "\"type\":\"string\""); break;
	case T_HTML: put_z(a->b, "\"type\":\"string\",\"contentMediaType\":\"text/html\""); break;
	case T_INT: case T_MONEY: put_z(a->b, "\"type\":\"integer\",\"format\":\"int64\""); break;
	case T_BOOL: put_z(a->b, "\"type\":\"boolean\""); break;
	case T_DAY: put_z(a->b, "\"type\":[\"string\",\"null\"],\"format\":\"date\""); break;
	case T_TIME: put_z(a->b, "\"type\":[\"string\",\"null\"],\"format\":\"date-time\""); break;
	case T_SCORE: put_z(a->b, "\"type\":[\"number\",\"null\"],\"multipleOf\":0.01"); break;
	case T_REF: case T_FILE: put_z(a->b, "\"type\":[\"integer\",\"string\",\"null\"],\"format\":\"int64\""); break;
	case T_PICK:
		put_z(a->b, "\"type\":\"string\",\"enum\":[");
		for (const struct choice *c = f->pick; c && c->code; c++) {
			if (!first)
				put_c(a->b, ',');
			first = false;
			put_json(a->b, str_of(c->code));
		}
		put_c(a->b, ']');
		break;
	case T_LIST: put_z(a->b, "\"type\":\"array\",\"items\":{}"); break;
	}
}

static void shape_put(struct api *a, const struct field *fields, bool input, int depth);

static void field_put(struct api *a, const struct field *f, bool input, int depth)
{
	key(a, f->name);
	if (f->type == T_LIST && f->of && depth < 4) {
		put_z(a->b, "{\"type\":\"array\",\"items\":");
		shape_put(a, f->of->fields, input, depth + 1);
		put_c(a->b, '}');
		return;
	}
	put_c(a->b, '{');
	type_put(a, f);
	if (f->label.vi) {
		put_c(a->b, ',');
		text(a, "title", say(a->x->c, &f->label));
	}
	if (f->help.vi) {
		put_c(a->b, ',');
		text(a, "description", say(a->x->c, &f->help));
	}
	if (f->type == T_TEXT && f->max > 0)
		put_fmt(a->b, ",\"maxLength\":%lld", (long long)f->max);
	if (f->type == T_INT && (f->min || f->max))
		put_fmt(a->b, ",\"minimum\":%lld,\"maximum\":%lld", (long long)f->min, (long long)f->max);
	if (!input && f->is & DERIVED)
		put_z(a->b, ",\"readOnly\":true");
	if (f->ref)
		put_fmt(a->b, ",\"x-ref\":\"%s\"", f->ref->name);
	put_c(a->b, '}');
}

static void shape_put(struct api *a, const struct field *fields, bool input, int depth)
{
	bool first = true;

	put_z(a->b, "{\"type\":\"object\",\"properties\":{");
	for (const struct field *f = fields; f && f->name; f++) {
		if ((f->is & SECRET && !input) || (input && f->is & DERIVED))
			continue;
		if (!first)
			put_c(a->b, ',');
		first = false;
		field_put(a, f, input, depth);
	}
	put_z(a->b, "}");
	first = true;
	for (const struct field *f = fields; input && f && f->name; f++)
		if (f->is & NEEDED && !(f->is & DERIVED) && !f->fill) {
			put_z(a->b, first ? ",\"required\":[" : ",");
			first = false;
			put_json(a->b, str_of(f->name));
		}
	put_z(a->b, first ? "}" : "]}");
}

static void entity_schemas(struct api *a, const struct entity *e)
{
	static const char own[] =
		"{\"allOf\":[{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\",\"format\":\"int64\"},"
		"\"rev\":{\"type\":\"integer\"},\"org\":{\"type\":\"integer\",\"format\":\"int64\"},\"gone\":{\"type\":\"boolean\"},"
		"\"changed\":{\"type\":\"string\",\"format\":\"date-time\"}}},";

	comma(a);
	key(a, e->name);
	put_z(a->b, own);
	shape_put(a, e->fields, false, 0);
	put_z(a->b, "]},");
	put_fmt(a->b, "\"%s_input\":", e->name);
	shape_put(a, e->fields, true, 0);
}

/* ---- operations ----------------------------------------------------------------------------------------- */

static void errors_put(struct api *a, bool write)
{
	static const char ref[] = "{\"$ref\":\"#/components/responses/problem\"}";

	put_fmt(a->b, ",\"401\":%s,\"404\":%s", ref, ref);
	if (write)
		put_fmt(a->b, ",\"403\":%s,\"409\":%s,\"413\":%s,\"422\":%s", ref, ref, ref, ref);
	if (write)
		put_fmt(a->b, ",\"429\":%s", ref);
	put_fmt(a->b, ",\"503\":%s", ref);
}

static void answer_put(struct api *a, const char *status, const char *schema)
{
	put_fmt(a->b, "\"responses\":{\"%s\":{\"description\":\"OK\",\"content\":{\"application/json\":{\"schema\":%s}}}",
		status, schema);
}

static const char *verb_key(enum verb v)
{
	static const char *const keys[] = { "get", "post", "put", "patch", "delete", "head", "options" };

	return keys[v];
}

static void path_parameters(struct api *a, const char *path)
{
	str left = str_of(path), part;

	while (left.n > 0) {
		str_cut(left, '/', &part, &left);
		if (part.n > 2 && part.p[0] == '{') {
			comma(a);
			put_z(a->b, "{\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"},\"name\":");
			put_json(a->b, str_sub(part, 1, part.n - 1));
			put_c(a->b, '}');
		}
	}
}

static void query_parameter(struct api *a, const char *name, const char *end, const struct field *f)
{
	comma(a);
	put_fmt(a->b, "{\"in\":\"query\",\"name\":\"%s%s\",\"schema\":{", name, end);
	if (f)
		type_put(a, f);
	else
		put_z(a->b, "\"type\":\"string\"");
	put_z(a->b, "}}");
}

static void list_parameters(struct api *a, const struct entity *e)
{
	static const char *const own[] = { "q", "sort", "after", "before", "limit" };

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		query_parameter(a, own[i], "", NULL);
	for (const struct field *f = e->fields; f->name; f++) {
		if (!(f->is & FILTER))
			continue;
		query_parameter(a, f->name, "", f);
		if (f->type == T_DAY || f->type == T_INT || f->type == T_MONEY || f->type == T_SCORE || f->type == T_TIME) {
			query_parameter(a, f->name, ".from", f);
			query_parameter(a, f->name, ".to", f);
		}
	}
}

static bool json_page(const struct entity_page *p)
{
	return strcmp(p->rest, "/new") != 0 && strcmp(p->rest, "/{id}/edit") != 0 && strcmp(p->rest, "/{id}/file") != 0;
}

static void entity_operation(struct api *a, const struct entity *e, const struct entity_page *p)
{
	bool write = p->verb != GET, list = p->verb == GET && p->rest[0] == '\0';
	char schema[256];

	put_fmt(a->b, "\"%s\":{\"tags\":[\"%s\"],", verb_key(p->verb), e->name);
	text(a, "summary", say(a->x->c, &e->label));
	put_fmt(a->b, ",\"operationId\":\"%s_%s", verb_key(p->verb), e->name);
	for (const char *c = p->rest; *c; c++)
		put_c(a->b, *c == '/' ? '_' : *c == '{' || *c == '}' ? 'x' : *c);
	put_z(a->b, "\",\"parameters\":[");
	a->first = true;
	path_parameters(a, p->rest);
	if (list)
		list_parameters(a, e);
	put_z(a->b, "],");
	if (write && (p->run == create_page || p->run == update_page))
		put_fmt(a->b,
			"\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/%s_input\"}}}},", e->name);
	if (list)
		snprintf(schema, sizeof schema,
			"{\"type\":\"object\",\"properties\":{\"count\":{\"type\":\"integer\"},\"items\":{\"type\":\"array\",\"items\":"
			"{\"$ref\":\"#/components/schemas/%s\"}},\"after\":{\"type\":\"string\"},\"before\":{\"type\":\"string\"}}}", e->name);
	else
		snprintf(schema, sizeof schema, "{\"$ref\":\"#/components/schemas/%s\"}", e->name);
	answer_put(a, p->run == create_page ? "201" : "200", p->run == list_page || p->run == create_page ||
		p->run == update_page ||
		p->run == detail_page || p->run == step_page ? schema : "{}");
	errors_put(a, write);
	put_z(a->b, "}}");
}

static void entity_paths(struct api *a, const struct entity *e)
{
	for (const struct entity_page *p = entity_pages; p->rest; p++) {
		bool begun = false, later = false;

		for (const struct entity_page *q = entity_pages; q < p; q++)
			later = later || strcmp(q->rest, p->rest) == 0;
		if (later || !json_page(p))
			continue;
		put_fmt(a->b, ",\"/%s%s\":{", e->name, p->rest);
		for (const struct entity_page *q = p; q->rest; q++)
			if (strcmp(q->rest, p->rest) == 0) {
				if (begun)
					put_c(a->b, ',');
				begun = true;
				entity_operation(a, e, q);
			}
		put_c(a->b, '}');
	}
}

static void route_operation(struct api *a, const struct route_of *r)
{
	put_fmt(a->b, "\"%s\":{\"tags\":[\"%s\"],", verb_key(r->verb), r->module->name);
	text(a, "summary", r->route->label.vi ? say(a->x->c, &r->route->label) : str_of(r->route->path));
	put_z(a->b, ",\"parameters\":[");
	a->first = true;
	path_parameters(a, r->route->path);
	for (const struct field *f = r->verb == GET && r->route->in ? r->route->in->fields : NULL; f && f->name; f++)
		if (!strstr(r->route->path, str_z(a->x->c->mem, str_fmt(a->x->c->mem, "{%s}", f->name))))
			query_parameter(a, f->name, "", f);
	put_z(a->b, "],");
	if (r->verb != GET && r->route->in) {
		put_z(a->b, "\"requestBody\":{\"content\":{\"application/json\":{\"schema\":");
		shape_put(a, r->route->in->fields, true, 0);
		put_z(a->b, "}}},");
	}
	put_z(a->b, "\"responses\":{\"200\":{\"description\":\"OK\",\"content\":{\"application/json\":{\"schema\":");
	if (r->route->out)
		shape_put(a, r->route->out->fields, false, 0);
	else
		put_z(a->b, "{}");
	put_z(a->b, "}}}");
	errors_put(a, r->verb != GET);
	put_z(a->b, "}}");
}

static void route_paths(struct api *a, const struct registry *g)
{
	for (int i = 0; i < g->n_routes; i++) {
		bool later = false, begun = false;

		for (int j = 0; j < i; j++)
			later = later || strcmp(g->routes[j].route->path, g->routes[i].route->path) == 0;
		if (later)
			continue;
		put_fmt(a->b, ",\"%s\":{", g->routes[i].route->path);
		for (int j = i; j < g->n_routes; j++)
			if (strcmp(g->routes[j].route->path, g->routes[i].route->path) == 0) {
				if (begun)
					put_c(a->b, ',');
				begun = true;
				route_operation(a, &g->routes[j]);
			}
		put_c(a->b, '}');
	}
}

static const char fixed_parts[] =
	"\"responses\":{\"problem\":{\"description\":\"RFC "
		"9457\",\"content\":{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}}},"
	"\"securitySchemes\":{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-khue\"}},"
	"\"schemas\":{\"problem\":{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
	"\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},\"todo\":{\"type\":\"string\"},\"instance\":{\"type\":\"string\"},"
	"\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"field\":{\"type\":\"string\"},\"item\":{\"type\":\"integer\"},"
	"\"text\":{\"type\":\"string\"},\"doubt\":{\"type\":\"boolean\"},\"href\":{\"type\":\"string\"}}}},"
	"\"code\":{\"type\":\"string\"},\"confirm\":{\"type\":\"string\"}}}";

enum rc openapi_page(struct exchange *x)
{
	const struct registry *g = x->app->registry;
	struct api a = { .x = x, .b = answer_json(x, 200) };

	put_z(a.b,
		"{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Khuê\",\"version\":\"" KHUE_VERSION "\",\"license\":{\"name\":\"AGPL-3.0-or-later\","
		"\"identifier\":\"AGPL-3.0-or-later\"}},\"security\":[{\"bearer\":[]},{\"session\":[]}],\"paths\":{"
		"\"/api/openapi.json\":{\"get\":{\"summary\":\"OpenAPI\",\"responses\":{\"200\":{\"description\":\"OK\"}}}}");
	for (int i = 0; i < g->n_entities; i++)
		entity_paths(&a, g->metas[i].e);
	route_paths(&a, g);
	put_z(a.b, "},\"components\":{");
	put_z(a.b, fixed_parts);
	a.first = false;
	for (int i = 0; i < g->n_entities; i++)
		entity_schemas(&a, g->metas[i].e);
	put_z(a.b, "}}}");
	return OK;
}
