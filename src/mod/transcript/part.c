/* part.c -- see part.h. Attributes are written in the order Canonical XML sorts them: by name, capitals first. */
#include "mod/transcript/part.h"
#include "core/xml.h"

enum { SUBJECTS_MAX = 40, QUALITIES_MAX = 20, XML_MAX = 1 << 18 };

void put_xml(struct buf *b, str text, bool attribute)
{
	for (ptrdiff_t i = 0; i < text.n; i++) {
		char ch = text.p[i];

		if (ch == '&')
			put_z(b, "&amp;");
		else if (ch == '<')
			put_z(b, "&lt;");
		else if (ch == '>' && !attribute)
			put_z(b, "&gt;");
		else if (ch == '"' && attribute)
			put_z(b, "&quot;");
		else if (attribute && (ch == '\t' || ch == '\n' || ch == '\r'))
			put_z(b, ch == '\t' ? "&#x9;" : ch == '\n' ? "&#xA;" : "&#xD;");
		else if (ch == '\r')
			put_z(b, "&#xD;");
		else if ((unsigned char)ch >= 0x20 || ch == '\t' || ch == '\n')
			put_c(b, ch);
	}
}

static void attr(struct buf *b, const char *name, str value)
{
	if (value.n == 0)
		return;
	put_fmt(b, " %s=\"", name);
	put_xml(b, value, true);
	put_c(b, '"');
}

static void leaf(struct buf *b, const char *name, str text)
{
	if (text.n == 0)
		return;
	put_fmt(b, "<%s>", name);
	put_xml(b, text, false);
	put_fmt(b, "</%s>", name);
}

static void put_who(struct buf *b, const struct year_part *p)
{
	put_z(b, "<hocSinh");
	attr(b, "ma", p->pupil_code);
	put_c(b, '>');
	leaf(b, "hoTen", p->name);
	leaf(b, "ngaySinh", p->born);
	leaf(b, "gioiTinh", p->sex);
	leaf(b, "danToc", p->ethnicity);
	leaf(b, "noiSinh", p->birthplace);
	put_z(b, "</hocSinh><truong");
	attr(b, "ma", p->school_code);
	put_c(b, '>');
	leaf(b, "ten", p->school);
	leaf(b, "diaBan", p->place);
	put_z(b, "</truong><lop");
	attr(b, "khoi", p->grade);
	attr(b, "quyChe", p->scheme);
	attr(b, "ten", p->class_name);
	put_c(b, '>');
	leaf(b, "giaoVienChuNhiem", p->form_teacher);
	leaf(b, "hieuTruong", p->principal);
	put_z(b, "</lop>");
}

static void put_subject(struct buf *b, const struct part_subject *s)
{
	put_z(b, "<monHoc");
	attr(b, "caNam", s->year);
	attr(b, "hk1", s->hk1);
	attr(b, "hk2", s->hk2);
	attr(b, "kiemTraLai", s->retest);
	attr(b, "ma", s->code);
	attr(b, "ten", s->name);
	put_c(b, '>');
	leaf(b, "nhanXet", s->remark);
	leaf(b, "giaoVien", s->teacher);
	put_z(b, "</monHoc>");
}

static void put_result(struct buf *b, const struct year_part *p)
{
	put_z(b, "<ketQua");
	attr(b, "danhHieu", p->award);
	attr(b, "hocTap", p->learn);
	attr(b, "hocTapHk1", p->learn_hk1);
	attr(b, "hocTapHk2", p->learn_hk2);
	attr(b, "hocTapSauHe", p->learn_after);
	attr(b, "renLuyen", p->conduct);
	attr(b, "renLuyenHk1", p->conduct_hk1);
	attr(b, "renLuyenHk2", p->conduct_hk2);
	attr(b, "renLuyenSauHe", p->conduct_after);
	attr(b, "soBuoiNghi", p->absences);
	attr(b, "xet", p->standing);
	put_z(b, "></ketQua>");
	leaf(b, "nhanXet", p->remark);
}

str part_xml(struct arena *a, const struct year_part *p)
{
	struct buf b;

	buf_init(&b, a, XML_MAX);
	put_z(&b, "<namHoc xmlns=\"" TRANSCRIPT_NS "\"");
	attr(&b, "Id", p->id);
	attr(&b, "nam", p->year);
	attr(&b, "phienBan", str_fmt(a, "%lld", (long long)p->version));
	put_c(&b, '>');
	put_who(&b, p);
	for (int64_t i = 0; i < p->n_subjects; i++)
		put_subject(&b, &p->subjects[i]);
	for (int64_t i = 0; i < p->n_qualities; i++) {
		put_z(&b, "<phamChat");
		attr(&b, "ma", p->qualities[i].code);
		attr(&b, "muc", p->qualities[i].mark);
		attr(&b, "ten", p->qualities[i].name);
		put_z(&b, "></phamChat>");
	}
	put_result(&b, p);
	put_z(&b, "</namHoc>");
	return buf_str(&b);
}

/* ---- reading ----------------------------------------------------------------------------------------------- */

struct reader { struct arena *mem; struct xml x; struct year_part *p; struct part_subject *subjects;
	struct part_quality *qualities; str left; bool bad; };

static ptrdiff_t feed(void *arg, char *p, ptrdiff_t n)
{
	str *left = arg;

	n = n < left->n ? n : left->n;
	memcpy(p, left->p, (size_t)n);
	*left = str_sub(*left, n, -1);
	return n;
}

static str plain(struct reader *r, str raw)
{
	struct buf b;

	buf_init(&b, r->mem, XML_MAX);
	r->bad = r->bad || !xml_put_text(&b, raw, false);
	return buf_str(&b);
}

static str got(struct reader *r, const char *name)
{
	return plain(r, xml_attr(&r->x, name));
}

static void open_subject(struct reader *r)
{
	if (r->p->n_subjects == SUBJECTS_MAX) {
		r->bad = true;
		return;
	}
	r->subjects[r->p->n_subjects++] = (struct part_subject){ .code = got(r, "ma"), .name = got(r, "ten"),
		.hk1 = got(r, "hk1"), .hk2 = got(r, "hk2"), .year = got(r, "caNam"), .retest = got(r, "kiemTraLai") };
}

static void open_quality(struct reader *r)
{
	if (r->p->n_qualities == QUALITIES_MAX) {
		r->bad = true;
		return;
	}
	r->qualities[r->p->n_qualities++] = (struct part_quality){ got(r, "ma"), got(r, "ten"), got(r, "muc") };
}

static void open_result(struct reader *r)
{
	struct year_part *p = r->p;

	p->award = got(r, "danhHieu");
	p->learn = got(r, "hocTap");
	p->learn_hk1 = got(r, "hocTapHk1");
	p->learn_hk2 = got(r, "hocTapHk2");
	p->learn_after = got(r, "hocTapSauHe");
	p->conduct = got(r, "renLuyen");
	p->conduct_hk1 = got(r, "renLuyenHk1");
	p->conduct_hk2 = got(r, "renLuyenHk2");
	p->conduct_after = got(r, "renLuyenSauHe");
	p->absences = got(r, "soBuoiNghi");
	p->standing = got(r, "xet");
}

static void open_year(struct reader *r)
{
	r->p->id = got(r, "Id");
	r->p->year = got(r, "nam");
	r->bad = r->bad || !str_to_int(got(r, "phienBan"), &r->p->version);
}

static void open_class(struct reader *r)
{
	r->p->grade = got(r, "khoi");
	r->p->scheme = got(r, "quyChe");
	r->p->class_name = got(r, "ten");
}

static void opened(struct reader *r, str name)
{
	if (str_is(name, "namHoc"))
		open_year(r);
	else if (str_is(name, "hocSinh"))
		r->p->pupil_code = got(r, "ma");
	else if (str_is(name, "truong"))
		r->p->school_code = got(r, "ma");
	else if (str_is(name, "lop"))
		open_class(r);
	else if (str_is(name, "monHoc"))
		open_subject(r);
	else if (str_is(name, "phamChat"))
		open_quality(r);
	else if (str_is(name, "ketQua"))
		open_result(r);
}

/* The member an element's text belongs to; NULL: an element that has none. */
static str *member(struct reader *r, str name, int depth)
{
	struct year_part *p = r->p;
	const struct { const char *name; str *at; } plain_ones[] = { { "hoTen", &p->name }, { "ngaySinh", &p->born },
		{ "gioiTinh", &p->sex }, { "danToc", &p->ethnicity }, { "noiSinh", &p->birthplace }, { "ten", &p->school },
		{ "diaBan", &p->place }, { "giaoVienChuNhiem", &p->form_teacher }, { "hieuTruong", &p->principal } };

	if (str_is(name, "nhanXet") && depth == 2)
		return &p->remark;
	if (p->n_subjects > 0 && str_is(name, "nhanXet"))
		return &r->subjects[p->n_subjects - 1].remark;
	if (p->n_subjects > 0 && str_is(name, "giaoVien"))
		return &r->subjects[p->n_subjects - 1].teacher;
	for (ptrdiff_t i = 0; i < COUNT(plain_ones); i++)
		if (str_is(name, plain_ones[i].name))
			return plain_ones[i].at;
	return NULL;
}

bool part_read(struct arena *a, str xml, struct year_part *ret)
{
	struct reader *r = NEW(a, struct reader);
	enum xml_event e = XML_BAD;
	str *into = NULL;

	*ret = (struct year_part){ .version = 0 };
	*r = (struct reader){ .mem = a, .p = ret, .subjects = NEWS(a, struct part_subject, SUBJECTS_MAX),
		.qualities = NEWS(a, struct part_quality, QUALITIES_MAX), .left = xml };
	xml_init(&r->x, a, feed, &r->left);
	while (!r->bad && (e = xml_next(&r->x)) != XML_DONE && e != XML_BAD) {
		if (e == XML_OPEN) {
			r->bad = r->x.depth == 1 && !str_is(r->x.name, "namHoc");
			opened(r, r->x.name);
			into = member(r, r->x.name, r->x.depth);
		} else if (e == XML_TEXT && into) {
			*into = plain(r, r->x.text);
		} else if (e == XML_CLOSE) {
			into = NULL;
		}
	}
	ret->subjects = r->subjects;
	ret->qualities = r->qualities;
	return e == XML_DONE && !r->bad && ret->version > 0 && ret->name.n > 0;
}
