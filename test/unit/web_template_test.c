/* The official Mustache specification's cases, read at test time, and what is Khuê's own. */
#include "test.h"
#include "web/json.h"
#include "web/template.h"

/* Khuê refuses an unescaped tag over text: {{{x}}} and {{&x}} need a value of type html. For that reason alone these
 * cases of the specification differ; they are run again with their text given as html, and must then agree. */
static const char *const DIFFER[] = {
	"Triple Mustache", "Triple Mustache Decimal Interpolation", "Ampersand", "Ampersand Decimal Interpolation",
	"Dotted Names - Triple Mustache Interpolation", "Dotted Names - Ampersand Interpolation",
	"Implicit Iterators - Triple Mustache", "Implicit Iterators - Ampersand",
	"Triple Mustache - Surrounding Whitespace", "Ampersand - Surrounding Whitespace",
	"Triple Mustache - Standalone", "Ampersand - Standalone", "Triple Mustache With Padding", "Ampersand With Padding",
	"Implicit Iterator - Triple mustache", "Implicit Iterator - Ampersand",
	"Standalone Indentation" /* its partial holds {{{content}}} */,
};

/* A source over cJSON values; `type` non-null: text counts as html. */
static struct tval value_of(const cJSON *v, const void *as_html, struct arena *a)
{
	if (cJSON_IsString(v) || cJSON_IsNumber(v)) {
		int64_t i;
		if (cJSON_IsNumber(v) && json_int(v, &i))
			return (struct tval){ .kind = TV_INT, .i = i };
		return (struct tval){ .kind = as_html ? TV_HTML : TV_TEXT, .s = json_scalar(a, v) };
	}
	if (cJSON_IsBool(v))
		return (struct tval){ .kind = TV_BOOL, .i = cJSON_IsTrue(v) };
	if (cJSON_IsArray(v))
		return (struct tval){ .kind = TV_LIST, .o = { v->child, as_html }, .n = cJSON_GetArraySize(v) };
	if (cJSON_IsObject(v))
		return (struct tval){ .kind = TV_OBJECT, .o = { v, as_html } };
	return (struct tval){ .kind = TV_NONE };
}

static bool get(const struct tsource *src, struct tobj in, str name, struct arena *a, struct tval *ret)
{
	if (str_is(name, ".")) {
		*ret = value_of(in.p, in.type, src->arg);
		return ret->kind != TV_OBJECT && ret->kind != TV_NONE;
	}
	*ret = value_of(json_get(in.p, str_z(a, name)), in.type, a);
	return ret->kind != TV_NONE;
}

static struct tval item(const struct tsource *src, struct tval list, int64_t i)
{
	const cJSON *v = list.o.p;
	while (i-- > 0)
		v = v->next;
	return value_of(v, list.o.type, src->arg);
}

static struct tval global(const struct tsource *src, str name, struct arena *a)
{
	return str_is(name, "c.csrf") ? (struct tval){ .kind = TV_TEXT, .s = S("tok<en") }
		: (struct tval){ .kind = TV_NONE };
}

struct pages { const cJSON *partials; str top; };

static bool load(void *arg, str name, str *ret)
{
	struct pages *p = arg;
	if (str_is(name, "top")) {
		*ret = p->top;
		return true;
	}
	for (const cJSON *v = p->partials ? p->partials->child : NULL; v; v = v->next) {
		if (str_is(name, v->string)) {
			*ret = json_text(v);
			return true;
		}
	}
	return false;
}

static str say_test(void *arg, str key)
{
	return str_is(key, "hello") ? S("Chào <bạn>") : (str){ 0 };
}

static enum rc render_with(struct arena *a, str template, const cJSON *partials, const cJSON *data, bool as_html,
                           str (*say)(void *, str), str *out, char why[static 256])
{
	struct pages pages = { partials, template };
	struct template_set *set = template_set_new(load, say, &pages);
	struct tsource src = { get, item, global, a };
	struct buf b;
	enum rc rc = E_INVALID;
	buf_init(&b, a, 1 << 20);
	const struct template *t = template_get(set, S("top"), why);
	if (t)
		rc = template_render(t, &src, (struct tobj){ data, as_html ? "html" : NULL }, a, &b);
	*out = buf_str(&b);
	template_set_free(set);
	return rc;
}

static bool differs(const char *name)
{
	for (int i = 0; i < COUNT(DIFFER); i++)
		if (strcmp(DIFFER[i], name) == 0)
			return true;
	return false;
}

static int run_case(struct arena *a, const char *file, const cJSON *test, int *differing)
{
	const char *name = json_get(test, "name")->valuestring;
	const cJSON *data = json_get(test, "data");
	str want = json_text(json_get(test, "expected")), got, text = json_text(json_get(test, "template"));
	char why[256] = "";
	enum rc rc = render_with(a, text, json_get(test, "partials"), data, false, NULL, &got, why);
	if (differs(name)) {
		assert_int_equal(rc, E_FAULT);
		++*differing;
		rc = render_with(a, text, json_get(test, "partials"), data, true, NULL, &got, why);
	}
	if (rc == OK && str_eq(got, want))
		return 1;
	print_error("%s: %s: rc %d %s\n got  [%.*s]\n want [%.*s]\n", file, name, rc, why, FMT(got), FMT(want));
	return 0;
}

static void official_cases(void **state)
{
	static const char *const files[] = { "comments", "delimiters", "interpolation", "inverted", "partials",
		"sections" };
	struct arena a;
	int passed = 0, all = 0, differing = 0;
	arena_init(&a, 256u << 20);
	for (int i = 0; i < COUNT(files); i++) {
		str text;
		const char *bad;
		ptrdiff_t at;
		if (!shared_file(&a, str_z(&a, str_fmt(&a, "spec-tests/mustache/%s.json", files[i])), &text))
			continue;
		const cJSON *tests = json_get(json_read(&a, text, &bad, &at), "tests");
		assert_non_null(tests);
		for (const cJSON *t = tests->child; t; t = t->next, all++)
			passed += run_case(&a, files[i], t, &differing);
	}
	print_message("%d of %d official cases pass, %d of them only with html values\n", passed, all, differing);
	assert_int_equal(passed, all);
	arena_free(&a);
}

static enum rc render(struct arena *a, const char *template, const char *data, str *out, char why[static 256])
{
	const char *bad;
	ptrdiff_t at;
	const cJSON *root = json_read(a, str_of(data), &bad, &at);
	assert_non_null(root);
	return render_with(a, str_of(template), json_get(root, "partials"), root, false, say_test, out, why);
}

static void sentences_and_globals(void **state)
{
	struct arena a;
	str out;
	char why[256];
	arena_init(&a, 1 << 20);
	assert_int_equal(render(&a, "{{t.hello}} {{t.none}} {{c.csrf}}", "{}", &out, why), OK);
	assert_text(out, "Chào &lt;bạn&gt; t.none tok&lt;en");
	assert_int_equal(render(&a, "{{{t.hello}}}", "{}", &out, why), E_INVALID);
	assert_int_equal(render(&a, "{{#n}}{{n}} trang{{/n}}{{^n}}không{{/n}}", "{\"n\":0}", &out, why), OK);
	assert_text(out, "không");
	assert_int_equal(render(&a, "{{#s}}có{{/s}}{{^s}}không{{/s}}", "{\"s\":\"\"}", &out, why), OK);
	assert_text(out, "không");
	arena_free(&a);
}

static void malformed_is_refused_with_its_line(void **state)
{
	static const struct { const char *text, *why; } cases[] = {
		{ "a\nb {{#x}}", "top:2: never closed: x" }, { "{{/x}}", "top:1: nothing to close: x" },
		{ "{{#a}}{{#b}}{{/a}}{{/b}}", "top:1: closed before its inner section: a" },
		{ "\n\n{{x", "top:3: unclosed tag" },
		{ "{{}}", "top:1: empty tag" }, { "{{a..b}}", "top:1: malformed name a..b" },
		{ "{{a b}}", "top:1: blank in name a b" },
		{ "{{=a=}}", "top:1: malformed delimiters a" }, { "{{=}}", "top:1: unclosed tag" },
		{ "{{= = = =}}", "top:1: malformed delimiters" },
		{ "{{", "top:1: unclosed tag" }, { "{{{x}}", "top:1: unclosed tag" },
	};
	struct arena a;
	str out;
	arena_init(&a, 1 << 20);
	for (int i = 0; i < COUNT(cases); i++) {
		char why[256] = "";
		assert_int_equal(render(&a, cases[i].text, "{}", &out, why), E_INVALID);
		if (strncmp(why, cases[i].why, strlen(cases[i].why)) != 0)
			print_error("%s gave: %s\n", cases[i].text, why);
		assert_memory_equal(why, cases[i].why, strlen(cases[i].why));
	}
	arena_free(&a);
}

static void nesting_is_limited(void **state)
{
	struct arena a;
	str out;
	char why[256];
	arena_init(&a, 512u << 20);
	assert_int_equal(render(&a, "{{>loop}}", "{\"partials\":{\"loop\":\"x{{>loop}}\"}}", &out, why), E_LIMIT);
	/* Twice into every level of an object nested 25 deep: within the nesting, but 2^25 steps. */
	struct buf b;
	buf_init(&b, &a, 4096);
	put_z(&b, "{\"partials\":{\"two\":\"{{#c}}{{>two}}{{>two}}{{/c}}\"}");
	for (int i = 0; i < 25; i++)
		put_z(&b, i ? "{\"c\":" : ",\"c\":");
	put_z(&b, "false");
	for (int i = 0; i < 25; i++)
		put_c(&b, '}');
	assert_int_equal(render(&a, "{{>two}}", str_z(&a, buf_str(&b)), &out, why), E_LIMIT);
	arena_free(&a);
}

struct seen { struct arena *a; struct buf b; };

static void note(void *arg, const str *sections, int n, str name, int line)
{
	struct seen *s = arg;
	for (int i = 0; i < n; i++)
		put_fmt(&s->b, "%.*s/", FMT(sections[i]));
	put_fmt(&s->b, "%.*s:%d ", FMT(name), line);
}

static void names_with_their_sections(void **state)
{
	struct arena a;
	struct seen seen;
	const char *bad;
	ptrdiff_t at;
	char why[256];
	arena_init(&a, 1 << 20);
	buf_init(&seen.b, &a, 4096);
	const cJSON *root = json_read(&a, S("{\"row\":\"{{a}}{{>row}}\"}"), &bad, &at);
	struct pages pages = { root,
		S("{{x}}\n{{#list}}{{>row}}{{^y}}{{z}}{{/y}}{{/list}}{{>gone}}{{t.none}}{{t.hello}}") };
	struct template_set *set = template_set_new(load, say_test, &pages);
	const struct template *t = template_get(set, S("top"), why);
	assert_non_null(t);
	template_names(t, note, &seen);
	assert_text(buf_str(&seen.b), "x:1 list:2 list/a:1 list/y:2 list/z:2 >gone:2 t.none:2 ");
	template_set_free(set);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(official_cases), cmocka_unit_test(sentences_and_globals),
			cmocka_unit_test(malformed_is_refused_with_its_line),
		cmocka_unit_test(nesting_is_limited), cmocka_unit_test(names_with_their_sections),
	};
	return cmocka_run_group_tests_name("web template", tests, NULL, NULL);
}
