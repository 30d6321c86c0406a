/* xlsx.c -- the parts of a workbook around its rows: relations, the list of sheets, styles, shared strings. */
#include "core/xlsx_in.h"
#include "core/cell.h"

static const char DAMAGED_VI[] = "Tệp Excel bị hỏng. Hãy mở bằng Excel rồi lưu lại dạng .xlsx.";
static const char DAMAGED_EN[] = "The Excel file is damaged. Open it in Excel and save it again as .xlsx.";

enum rc xlsx_fault(struct file_fault *why, const char *vi, const char *en, const char *detail)
{
	*why = (struct file_fault){ vi, en, detail ? detail : "" };
	return E_INVALID;
}

static enum rc damaged(struct file_fault *why, const char *detail)
{
	return xlsx_fault(why, DAMAGED_VI, DAMAGED_EN, detail);
}

/* Calls fn for every element of a part; fn false: stop, with the detail it left in x->bad or none. */
typedef bool element_fn(struct xml *x, void *arg);
static enum rc each_element(struct xlsx *x, str path, element_fn *fn, void *arg, struct file_fault *why)
{
	struct xlsx_part part;
	TRY(xlsx_part_open(x, path, &part, why));
	struct xml *xml = NEW(x->mem, struct xml);
	xml_init(xml, x->mem, xlsx_part_read, &part);
	enum xml_event ev;
	while ((ev = xml_next(xml)) != XML_DONE && ev != XML_BAD)
		if (ev == XML_OPEN && !fn(xml, arg))
			break;
	xlsx_part_close(&part);
	return xml->bad ? damaged(why, xml->bad) : OK;
}

static str decoded(struct arena *mem, str raw)
{
	struct buf b;
	buf_init(&b, mem, (size_t)raw.n + 1);
	xml_put_text(&b, raw, false);
	return buf_str(&b);
}

static int64_t number_of(str s, int64_t otherwise)
{
	int64_t v;
	return str_to_int(s, &v) ? v : otherwise;
}

static bool is_true(str s)
{
	return str_is(s, "1") || str_is(s, "true") || str_is(s, "on");
}

/* ---- relations ---- */

struct relation { str id, type, target; };
struct relations { struct arena *mem; str folder; struct relation *v; int n; };
enum { RELATIONS = 4096 };

/* target, relative to folder ("xl/"), without "." and "..". Empty when it climbs out. */
static str resolve(struct arena *mem, str folder, str target)
{
	str all = target.n > 0 && target.p[0] == '/' ? str_sub(target, 1, -1) : str_fmt(mem, "%.*s%.*s", FMT(folder),
		FMT(target));
	struct buf b;
	buf_init(&b, mem, (size_t)all.n + 2);
	str step;
	while (all.n > 0) {
		str_cut(all, '/', &step, &all);
		if (str_is(step, "."))
			continue;
		if (str_is(step, "..")) {
			if (b.n == 0)
				return S("");
			while (b.n > 0 && b.p[--b.n] != '/')
				;
			continue;
		}
		if (b.n > 0)
			put_c(&b, '/');
		put(&b, step);
	}
	return buf_str(&b);
}

static bool add_relation(struct xml *x, void *arg)
{
	struct relations *r = arg;
	if (!str_is(x->name, "Relationship") || str_is(xml_attr(x, "TargetMode"), "External"))
		return true;
	if (r->n == RELATIONS)
		return x->bad = "too many relations", false;
	r->v[r->n++] = (struct relation){ str_copy(r->mem, xml_attr(x, "Id")), str_copy(r->mem, xml_attr(x, "Type")),
		resolve(r->mem, r->folder, decoded(r->mem, xml_attr(x, "Target"))) };
	return true;
}

/* The relations of a part; none when the file is missing. */
static enum rc relations_of(struct xlsx *x, str part, struct relations *ret, struct file_fault *why)
{
	ptrdiff_t slash = part.n;
	while (slash > 0 && part.p[slash - 1] != '/')
		slash--;
	str folder = str_sub(part, 0, slash), base = str_sub(part, slash, -1);
	*ret = (struct relations){ x->mem, folder, NEWS(x->mem, struct relation, RELATIONS), 0 };
	enum rc rc = each_element(x, str_fmt(x->mem, "%.*s_rels/%.*s.rels", FMT(folder), FMT(base)), add_relation, ret,
		why);
	return rc == E_MISSING ? OK : rc;
}

static const struct relation *of_type(const struct relations *r, const char *ending)
{
	for (int i = 0; i < r->n; i++)
		if (str_ends(r->v[i].type, str_of(ending)))
			return &r->v[i];
	return NULL;
}

/* ---- workbook ---- */

enum { SHEETS = 1024 };
struct reading { struct xlsx *x; const struct relations *rels; };

static bool add_sheet(struct xml *x, void *arg)
{
	struct reading *r = arg;
	if (str_is(x->name, "workbookPr"))
		r->x->from_1904 = is_true(xml_attr(x, "date1904"));
	if (!str_is(x->name, "sheet"))
		return true;
	str id = xml_attr(x, "id");
	for (int i = 0; i < r->rels->n; i++) {
		const struct relation *rel = &r->rels->v[i];
		if (!str_eq(rel->id, id) || !str_ends(rel->type, S("/worksheet")))
			continue;
		if (r->x->n_sheets == SHEETS)
			return x->bad = "too many sheets", false;
		str state = xml_attr(x, "state");
		r->x->sheets[r->x->n_sheets++] = (struct xlsx_sheet){ decoded(r->x->mem, xml_attr(x, "name")), rel->target,
			str_is(state, "hidden") || str_is(state, "veryHidden") };
		break;
	}
	return true;
}

/* ---- styles: which number formats show dates and times ---- */

enum { FORMATS = 4096, STYLES = 65536 };
struct styles { struct xlsx *x; struct { int64_t id; enum cell_kind kind; } *formats; int n_formats; int within; };

static bool add_style(struct xml *x, void *arg)
{
	struct styles *s = arg;
	if (str_is(x->name, "cellXfs"))
		s->within = x->depth;
	else if (s->within && x->depth <= s->within)
		s->within = 0;
	if (str_is(x->name, "numFmt") && s->n_formats < FORMATS) {
		s->formats[s->n_formats].id = number_of(xml_attr(x, "numFmtId"), -1);
		s->formats[s->n_formats++].kind = cell_format(decoded(s->x->mem, xml_attr(x, "formatCode")));
	} else if (s->within && x->depth == s->within + 1 && str_is(x->name, "xf") && s->x->n_styles < STYLES) {
		int64_t id = number_of(xml_attr(x, "numFmtId"), 0);
		enum cell_kind kind = cell_format_built_in(id);
		for (int i = 0; i < s->n_formats; i++)
			if (s->formats[i].id == id)
				kind = s->formats[i].kind;
		s->x->styles[s->x->n_styles++] = kind;
	}
	return true;
}

/* ---- shared strings ---- */

/* Excel writes control characters as _xHHHH_. Line ends and tabs come back, others are left out. */
static void put_unescaped(struct buf *b, str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++) {
		int v = 0, k = 0;
		if (s.p[i] == '_' && i + 6 < s.n && s.p[i + 1] == 'x' && s.p[i + 6] == '_')
			for (; k < 4; k++) {
				int ch = s.p[i + 2 + k], low = ch | 32;
				int d = ch >= '0' && ch <= '9' ? ch - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
				if (d < 0)
					break;
				v = v * 16 + d;
			}
		if (k < 4 || (v >= 0x20 && v != '_')) {
			put_c(b, s.p[i]);
			continue;
		}
		if (v == '\n' || v == '\t' || v == '_')
			put_c(b, (char)v);
		i += 6;
	}
}

bool xlsx_put_rich(struct xml *x, struct buf *b, struct buf *raw)
{
	int top = x->depth;
	bool in_text = false;
	raw->n = 0;
	for (;;) {
		enum xml_event ev = xml_next(x);
		if (ev == XML_BAD || ev == XML_DONE)
			return false;
		if (ev == XML_CLOSE && x->depth < top)
			break;
		if (ev == XML_OPEN && (str_is(x->name, "rPh") || str_is(x->name, "phoneticPr"))) {
			if (!xml_skip(x))
				return false;
		} else if (ev == XML_OPEN || ev == XML_CLOSE) {
			in_text = ev == XML_OPEN && str_is(x->name, "t");
		} else if (in_text && !xml_put_text(raw, x->text, x->cdata)) {
			return false;
		}
	}
	if (memmem(raw->p, raw->n, "_x", 2))
		put_unescaped(b, buf_str(raw));
	else
		put(b, buf_str(raw));
	return !b->over && !raw->over;
}

/* Strings live in chunks that never move, so that cells can point at them. */
static bool read_strings(struct xlsx *x, struct xml *xml)
{
	struct buf raw, one;
	buf_init(&raw, x->mem, XLSX_CELL_MAX * 4);
	buf_init(&one, x->mem, XLSX_CELL_MAX * 4);
	char *chunk = NULL;
	ptrdiff_t left = 0;
	enum { CHUNK = 256 << 10 };
	enum xml_event ev;
	x->strings = NEWS(x->mem, str *, STRING_PAGES);
	while ((ev = xml_next(xml)) != XML_DONE) {
		if (ev == XML_BAD)
			return false;
		if (ev != XML_OPEN || !str_is(xml->name, "si"))
			continue;
		one.n = 0;
		if (!xlsx_put_rich(xml, &one, &raw))
			return false;
		if ((ptrdiff_t)one.n > left) {
			left = (ptrdiff_t)one.n > CHUNK ? (ptrdiff_t)one.n : CHUNK;
			chunk = arena_alloc(x->mem, (size_t)left, 1);
		}
		int64_t page = x->n_strings / STRING_PAGE;
		if (page == STRING_PAGES)
			return xml->bad = "too many shared strings", false;
		if (!x->strings[page])
			x->strings[page] = NEWS(x->mem, str, STRING_PAGE);
		if (one.n)
			memcpy(chunk, one.p, one.n);
		x->strings[page][x->n_strings++ % STRING_PAGE] = (str){ chunk, (ptrdiff_t)one.n };
		chunk += one.n;
		left -= (ptrdiff_t)one.n;
	}
	return true;
}

static enum rc open_strings(struct xlsx *x, str path, struct file_fault *why)
{
	struct xlsx_part part;
	enum rc rc = xlsx_part_open(x, path, &part, why);
	if (rc != OK)
		return rc == E_MISSING ? OK : rc;
	struct xml *xml = NEW(x->mem, struct xml);
	xml_init(xml, x->mem, xlsx_part_read, &part);
	bool good = read_strings(x, xml);
	xlsx_part_close(&part);
	return good ? OK : damaged(why, xml->bad ? xml->bad : "a text is too long");
}

/* ---- the workbook ---- */

static enum rc no_workbook(struct file_fault *why, const char *detail)
{
	return xlsx_fault(why, "Tệp không phải sổ tính Excel (có lẽ là .ods hay .docx). Hãy mở tệp rồi lưu lại dạng .xlsx.",
		"The file is no Excel workbook (perhaps an .ods or a .docx). Open it and save it as .xlsx.", detail);
}

static enum rc open_workbook(struct xlsx *x, str path, struct file_fault *why)
{
	struct relations rels;
	TRY(relations_of(x, path, &rels, why));
	struct reading reading = { x, &rels };
	x->path = path;
	x->sheets = NEWS(x->mem, struct xlsx_sheet, SHEETS);
	enum rc rc = each_element(x, path, add_sheet, &reading, why);
	if (rc == E_MISSING)
		return no_workbook(why, "there is no workbook in the archive");
	TRY(rc);
	const struct relation *styles = of_type(&rels, "/styles"), *strings = of_type(&rels, "/sharedStrings");
	if (styles) {
		struct styles s = { x, arena_alloc(x->mem, FORMATS * sizeof *s.formats, _Alignof(int64_t)), 0, 0 };
		x->styles = NEWS(x->mem, enum cell_kind, STYLES);
		rc = each_element(x, styles->target, add_style, &s, why);
		if (rc != OK && rc != E_MISSING)
			return rc;
	}
	return strings ? open_strings(x, strings->target, why) : OK;
}

enum rc xlsx_open(struct arena *mem, str bytes, struct xlsx **ret, struct file_fault *why)
{
	struct xlsx *x = NEW(mem, struct xlsx);
	struct relations top;
	x->mem = mem;
	TRY(xlsx_zip_open(mem, bytes, &x->zip, why));
	TRY(relations_of(x, S(""), &top, why));
	const struct relation *book = of_type(&top, "/officeDocument");
	TRY(open_workbook(x, book ? book->target : S("xl/workbook.xml"), why));
	if (x->n_sheets == 0)
		return no_workbook(why, "the workbook has no sheet");
	*ret = x;
	return OK;
}

int xlsx_sheets(const struct xlsx *x)
{
	return x->n_sheets;
}

str xlsx_sheet_name(const struct xlsx *x, int i)
{
	return x->sheets[i].name;
}

bool xlsx_sheet_hidden(const struct xlsx *x, int i)
{
	return x->sheets[i].hidden;
}
