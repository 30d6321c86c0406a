/* workbook_mark.c -- a word in a workbook that no sheet shows: a custom property (ECMA-376 part 1, 22.3), added to the
 * part that holds them, or in a new part with its type and its relation. Sheets, styles and all else stay byte for
 * byte. Runs in the sandbox. */
#include "core/workbook_in.h"

#define TYPES_PART "[Content_Types].xml"
#define RELS_PART  "_rels/.rels"
#define CUSTOM_TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
#define PROPERTIES "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
#define VALUES     "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

/* What a part says: where its root ends (-1: it is empty), the property that stands (from, behind), the greatest pid,
 * the part a relation of custom properties leads to. */
struct said { int64_t end, from, behind, pid; str target; };

static enum rc look(struct arena *mem, str xml, struct said *ret, struct file_fault *why)
{
	struct xml *x = NEW(mem, struct xml);
	str left = xml;
	bool ours = false;
	int64_t pid;
	enum xml_event ev;

	*ret = (struct said){ .end = -1, .from = -1, .pid = 1 };
	xml_init(x, mem, wb_feed, &left);
	while ((ev = xml_next(x)) != XML_DONE) {
		if (ev == XML_BAD)
			return wb_damaged(why, x->bad);
		if (ev == XML_OPEN && x->depth == 2 && str_is(x->name, "property")) {
			ours = str_is(xml_attr(x, "name"), WB_MARK);
			ret->from = ours ? x->from : ret->from;
			ret->pid = str_to_int(xml_attr(x, "pid"), &pid) && pid > ret->pid ? pid : ret->pid;
		} else if (ev == XML_OPEN && x->depth == 2 && str_is(x->name, "Relationship") &&
			str_is(xml_attr(x, "Type"), CUSTOM_TYPE)) {
			ret->target = str_copy(mem, xml_attr(x, "Target"));
		} else if (ev == XML_CLOSE && x->depth == 1 && ours) {
			ret->behind = xml_behind(x);
			ours = false;
		} else if (ev == XML_CLOSE && x->depth == 0) {
			ret->end = x->from;
		} else if (ev == XML_OPEN && x->depth == 1 && x->empty) {
			return OK;
		}
	}
	return OK;
}

static str property(struct arena *mem, int64_t pid, str mark)
{
	return str_fmt(mem,
		"<property xmlns=\"" PROPERTIES "\" fmtid=\"{D5CDD505-2E9C-101B-9397-08002B2CF9AE}\" pid=\"%lld\" "
		"name=\"" WB_MARK "\"><vt:lpwstr xmlns:vt=\"" VALUES "\">%.*s</vt:lpwstr></property>", (long long)pid,
			FMT(mark));
}

/* A part of the archive with `what` before the end of its root. */
static enum rc add_last(struct xlsx *x, const char *path, str what, struct wb_new *ret, struct file_fault *why)
{
	struct said s;
	str xml;

	if (wb_part(x, str_of(path), &xml, why) != OK)
		return wb_damaged(why, path);
	TRY(look(x->mem, xml, &s, why));
	if (s.end < 0)
		return wb_damaged(why, path);
	*ret = (struct wb_new){ str_of(path), str_fmt(x->mem, "%.*s%.*s%.*s", FMT(str_sub(xml, 0, s.end)), FMT(what),
		FMT(str_sub(xml, s.end, -1))) };
	return OK;
}

static enum rc mark_new(struct xlsx *x, str mark, struct wb_new *parts, int *n, struct file_fault *why)
{
	const char *path = xlsx_part_index(x, S("docProps/custom.xml")) < 0 ? "docProps/custom.xml" : "docProps/khue.xml";

	/* what Excel cannot open has no types: then there is nothing to add to */
	if (xlsx_part_index(x, S(TYPES_PART)) >= 0)
		TRY(add_last(x, TYPES_PART, str_fmt(x->mem, "<Override xmlns=\"http://schemas.openxmlformats.org/package/2006/"
		"content-types\" PartName=\"/%s\" ContentType=\"application/vnd.openxmlformats-officedocument."
		"custom-properties+xml\"/>", path), &parts[(*n)++], why));
	TRY(add_last(x, RELS_PART, str_fmt(x->mem, "<Relationship xmlns=\"http://schemas.openxmlformats.org/package/2006/"
		"relationships\" Id=\"rIdKhueStamp\" Type=\"" CUSTOM_TYPE "\" Target=\"%s\"/>", path), &parts[(*n)++], why));
	parts[(*n)++] = (struct wb_new){ str_of(path), str_fmt(x->mem,
		HEAD "<Properties xmlns=\"" PROPERTIES "\" xmlns:vt=\""
		VALUES "\">%.*s</Properties>", FMT(property(x->mem, 2, mark))) };
	return OK;
}

enum rc wb_mark(struct xlsx *x, str mark, struct wb_new *parts, int *n, struct file_fault *why)
{
	struct said rels, s;
	str xml;

	if (wb_part(x, S(RELS_PART), &xml, why) != OK)
		return OK;                               /* Excel cannot open it either: no place for a mark          */
	TRY(look(x->mem, xml, &rels, why));
	str path = str_starts(rels.target, S("/")) ? str_sub(rels.target, 1, -1) : rels.target;
	if (!path.n || wb_part(x, path, &xml, why) != OK)
		return mark_new(x, mark, parts, n, why);
	TRY(look(x->mem, xml, &s, why));
	struct buf b;
	buf_init(&b, x->mem, (size_t)XLSX_TOTAL);
	if (s.end < 0) {
		put_z(&b, HEAD "<Properties xmlns=\"" PROPERTIES "\">");
		put(&b, property(x->mem, 2, mark));
		put_z(&b, "</Properties>");
	} else {
		put(&b, str_sub(xml, 0, s.from >= 0 ? s.from : s.end));
		if (s.from >= 0)
			put(&b, str_sub(xml, s.behind, s.end));
		put(&b, property(x->mem, s.pid + 1, mark));
		put(&b, str_sub(xml, s.end, -1));
	}
	parts[(*n)++] = (struct wb_new){ path, buf_str(&b) };
	return b.over ? wb_damaged(why, "its properties are too long") : OK;
}
