/* print_test.c -- documents on paper: the vocabulary, page ends, spans, hostile text. PDFs are read back by
 * pdftotext. */
#include "engines.h"
#undef fail
#undef fail_msg
#define fail_msg(...) do { print_error(__VA_ARGS__); _fail(__FILE__, __LINE__); } while (0)
#include "base/log.h"
#include "core/app.h"
#include "core/print_in.h"
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

struct desk { struct arena mem; struct ctx c; };

static struct desk *desk_open(void)
{
	struct desk *d = calloc(1, sizeof *d);
	arena_init(&d->mem, (size_t)512 << 20);
	d->c = (struct ctx){ .mem = &d->mem, .lang = VI, .today = { 20000 }, .who = &actor_nobody };
	return d;
}

static void desk_close(struct desk *d)
{
	arena_free(&d->mem);
	free(d);
}

/* Prints markup; the document's text as pdftotext -layout reads it, pages parted by form feeds.
 * KHUE_PRINT_KEEP=folder keeps the PDFs to look at. */
static str printed(struct desk *d, const char *name, const char *paper, str markup, int *ret_pages)
{
	static char text[4 << 20];
	char command[300], path[] = "/tmp/khue-print.XXXXXX";
	const char *keep = getenv("KHUE_PRINT_KEEP");
	struct print_sheets *p;
	int fd = mkstemp(path);
	size_t n = 0;
	assert_true(fd >= 0);
	assert_int_equal(print_begin(&d->c, str_of(paper), S("thử"), S("chân trang"), fd, &p), OK);
	assert_int_equal(print_markup(p, markup), OK);
	assert_int_equal(print_end(p, ret_pages), OK);
	snprintf(command, sizeof command, "pdftotext -layout %s -", path);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	assert_int_equal(pclose(f), 0);
	if (keep) {
		snprintf(command, sizeof command, "cp %s %s/%s.pdf", path, keep, name);
		assert_int_equal(system(command), 0);
	}
	close(fd);
	unlink(path);
	return str_copy(&d->mem, (str){ text, (ptrdiff_t)n });
}

static int count_of(str hay, str needle)
{
	int n = 0;
	for (ptrdiff_t at; (at = str_find(hay, needle)) >= 0; n++)
		hay = str_sub(hay, at + needle.n, -1);
	return n;
}

static const char HEADING[] =
	"<div class=\"quoc-hieu\"><div><p class=\"hoa\">Ủy ban nhân dân xã Long Lâm</p><p class=\"gach-ngan "
		"hoa\"><b>Trường THCS Nguyễn Du</b></p></div>"
	"<div><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b></p><p class=\"gach\"><b>Độc lập - Tự do - Hạnh "
		"phúc</b></p><p><i>Long Lâm, ngày 05 tháng 9 năm 2026</i></p></div></div>";

static void put_rows(struct buf *b, int n)
{
	for (int i = 0; i < n; i++)
		put_fmt(b, "<tr><td class=\"giua\">%d</td><td>Nguyễn Thị Minh Khuê %d</td><td>ghi chú</td></tr>", i + 1, i);
}

static void a_list_over_pages(void **state)
{
	struct desk *d = desk_open();
	struct buf b;
	int pages;
	(void)state;
	buf_init(&b, &d->mem, 1 << 20);
	put_fmt(&b,
		"<article>%s<h1>DANH SÁCH LỚP 8A2</h1><table><colgroup><col width=\"8\"/><col width=\"60%%\"/><col "
			"width=\"32\"/></colgroup>"
		"<thead><tr><th>STT</th><th>Họ và tên</th><th>Ghi chú</th></tr></thead><tbody>", HEADING);
	put_rows(&b, 120);
	put_z(&b,
		"</tbody></table><div class=\"ky\"><div><p><b>NGƯỜI LẬP</b></p></div><div><p><b>HIỆU TRƯỞNG</b></p><p "
			"class=\"ten\">Trần Văn An</p></div></div></article>");
	str text = printed(d, "list", "A4", buf_str(&b), &pages);
	assert_in_range(pages, 3, 5);
	/* the head stands on every page */
	assert_int_equal(count_of(text, S("Họ và tên")), pages);
	assert_int_equal(count_of(text, S("chân trang")), pages);
	assert_int_equal(count_of(text, S("\f")), pages);
	/* an official document is numbered once, above (NĐ 30/2020) */
	assert_true(str_find(text, str_fmt(&d->mem, "1/%d", pages)) < 0);
	assert_true(str_find(text, S("ỦY BAN NHÂN DÂN XÃ")) >= 0);
	assert_int_equal(count_of(text, S("Khuê 119")), 1);
	assert_int_equal(count_of(text, S("Trần Văn An")), 1);
	desk_close(d);
}

/* A register of so many pupils, its pages. */
static str register_of(struct desk *d, int n, const char *is, bool is_signed, int *ret_pages)
{
	struct buf b;
	buf_init(&b, &d->mem, 1 << 20);
	put_fmt(&b, "<article class=\"nho\"><h2>Môn Toán – lớp 8A2</h2><p>Giáo viên: Lò Thị Ất</p><table class=\"nho %s\">"
		"<thead><tr><th>TT</th><th>Họ và tên</th><th>Điểm</th></tr></thead><tbody>", is);
	put_rows(&b, n);
	put_z(&b, "</tbody></table><p class=\"be\">M: miễn</p>");
	if (is_signed)
		put_z(&b, "<div class=\"ky\"><div><p>HIỆU TRƯỞNG</p><p class=\"ten\">Trần Văn An</p></div></div>");
	put_z(&b, "</article>");
	return printed(d, is_signed ? "fit-signed" : *is ? "fit" : "no-fit", "A4 ngang 12 12 15 10", buf_str(&b),
		ret_pages);
}

/* The rows of the first page. */
static int rows_first(str text)
{
	return count_of(str_sub(text, 0, str_find(text, S("\f"))), S("ghi chú"));
}

/* How many words of a PDF stand in type of less than 8 points: their boxes are as high as a line of it. */
static int small_words(const char *path)
{
	char command[200], line[1000];
	double top, bottom;
	int n = 0;

	snprintf(command, sizeof command, "pdftotext -bbox %s -", path);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f))
		if (sscanf(line, " <word xMin=\"%*f\" yMin=\"%lf\" xMax=\"%*f\" yMax=\"%lf\"", &top, &bottom) == 2)
			n += bottom - top < 8;
	assert_int_equal(pclose(f), 0);
	return n;
}

/* However many rows there are, a signature stands below rows of what it signs. */
static void signatures_have_rows_above(void **state)
{
	struct desk *d = desk_open();
	int pages;
	(void)state;
	for (int n = 4; n < 60; n++)
		for (int fit = 0; fit < 2; fit++) {
			str text = register_of(d, n, fit ? "vua" : "", true, &pages);
			for (ptrdiff_t at; (at = str_find(text, S("\f"))) >= 0; text = str_sub(text, at + 1, -1)) {
				str page = str_sub(text, 0, at);
				if (str_find(page, S("HIỆU TRƯỞNG")) >= 0 && count_of(page, S("ghi chú")) < 3)
					fail_msg("%d rows: %d above the signature", n, count_of(page, S("ghi chú")));
			}
		}
	desk_close(d);
}

/* Nor are rows of several lines left alone with it: pages share them so that the last one has room for both. */
static void signatures_have_rows_of_lines_above(void **state)
{
	struct desk *d = desk_open();
	struct buf b;
	int pages;

	(void)state;
	for (int tall = 0; tall < 12; tall++)
		for (int n = 30; n < 60; n += 3) {
			buf_init(&b, &d->mem, 1 << 20);
			put_z(&b, "<article class=\"nho\"><h1>BẢNG ĐIỂM</h1><table class=\"nho vua\"><tbody>");
			for (int i = 0; i < n; i++)
				put_fmt(&b, "<tr><td>%d</td><td>ghi chú%s</td></tr>", i, i >= n - tall ? "<br/>hai<br/>ba" : "");
			put_z(&b, "</tbody></table><p>Đ: Đạt</p><div class=\"ky\"><div><p><b>HIỆU TRƯỞNG</b></p><p "
				"class=\"ten\">Lò Thị Ất</p></div></div></article>");
			str text = printed(d, "tall", "A4 ngang 12 12 15 10", buf_str(&b), &pages);
			for (ptrdiff_t at; (at = str_find(text, S("\f"))) >= 0; text = str_sub(text, at + 1, -1)) {
				str page = str_sub(text, 0, at);
				if (str_find(page, S("HIỆU TRƯỞNG")) >= 0 && count_of(page, S("ghi chú")) < 3)
					fail_msg("%d rows, %d of them tall: %d above the signature", n, tall, count_of(page, S("ghi chú")));
			}
		}
	desk_close(d);
}

/* However full a table that fits is, its type can be read. */
static void type_stays_readable(void **state)
{
	static const char *const is[] = { "nho vua", "be vua", "vua" };
	struct desk *d = desk_open();
	struct print_sheets *p;
	char path[] = "/tmp/khue-print.XXXXXX";
	int fd = mkstemp(path), pages;

	(void)state;
	for (int i = 0; i < COUNT(is); i++)
		for (int n = 30; n <= 50; n += 4) {
			struct buf b;
			buf_init(&b, &d->mem, 1 << 20);
			put_fmt(&b, "<article class=\"nho\"><h2>Tháng 9</h2><table class=\"%s\"><tbody>", is[i]);
			put_rows(&b, n);
			put_z(&b, "</tbody></table></article>");
			assert_int_equal(ftruncate(fd, 0), 0);
			lseek(fd, 0, SEEK_SET);
			assert_int_equal(print_begin(&d->c, S("A4 ngang 12 12 15 10"), S("thử"), S("chân"), fd, &p), OK);
			assert_int_equal(print_markup(p, buf_str(&b)), OK);
			assert_int_equal(print_end(p, &pages), OK);
			assert_int_equal(small_words(path), 0);
			assert_true(n > 42 || pages == 1);
		}
	close(fd);
	unlink(path);
	desk_close(d);
}

/* Every Vietnamese letter comes from the font of the word around it. */
static void letters_of_one_font(void **state)
{
	struct desk *d = desk_open();
	char path[] = "/tmp/khue-print.XXXXXX", command[120], line[1000];
	int fd = mkstemp(path), n = 0;
	struct print_sheets *p;

	(void)state;
	assert_int_equal(print_begin(&d->c, S("A4"), S("thử"), S("chân"), fd, &p), OK);
	assert_int_equal(print_markup(p, S("<article><p>Nguyễn Thị Hường, H' Đuôn Ênuôl, Ksor H' Bưởi <b>TRƯỜNG TIỂU "
		"HỌC ĐẮK LẮK</b> <i>ký, ghi rõ họ tên: ằẳẵặấầẩẫậệỗộởỡợựữỳỵỷỹ ŏ ŭ ĕ</i></p></article>")), OK);
	assert_int_equal(print_end(p, NULL), OK);
	snprintf(command, sizeof command, "pdffonts %s", path);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	for (int i = 0; fgets(line, sizeof line, f); i++)
		if (i > 1 && ++n && !strstr(line, "LiberationSerif"))
			fail_msg("tool/deps brings a font with every letter; this one came in: %s", line);
	assert_int_equal(pclose(f), 0);
	assert_true(n >= 3);
	close(fd);
	unlink(path);
	desk_close(d);
}

/* Where a word stands first. */
struct box { double left, top, right, bottom; };
static struct box box_of(struct desk *d, const char *paper, str markup, const char *word, int *ret_pages)
{
	char path[] = "/tmp/khue-print.XXXXXX", command[120], line[1000];
	int fd = mkstemp(path), found = 0;
	struct box at = { 0 };
	struct print_sheets *p;

	assert_int_equal(print_begin(&d->c, str_of(paper), S("thử"), S("chân"), fd, &p), OK);
	assert_int_equal(print_markup(p, markup), OK);
	assert_int_equal(print_end(p, ret_pages), OK);
	snprintf(command, sizeof command, "pdftotext -bbox %s -", path);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f))
		if (found != 4 && strstr(line, word))
			found = sscanf(line, " <word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\"", &at.left, &at.top,
				&at.right, &at.bottom);
	assert_int_equal(pclose(f), 0);
	assert_int_equal(found, 4);
	close(fd);
	unlink(path);
	return at;
}

/* Columns stand between the margins and apart from each other; one alone stands in the middle. */
static void columns_fill_the_page(void **state)
{
	static const char paper[] = "A4 15 15 20 15";
	const double left = 20 * MM, right = 195 * MM;
	struct desk *d = desk_open();
	str two = S("<article><div class=\"cot\"><div><p class=\"trai\">trái</p></div><div><p class=\"phai\">phải</p></div>"
		"</div></article>"), one = S("<article><div class=\"cot\"><div><p>một</p></div></div></article>");
	str head = S("<article><div class=\"quoc-hieu\"><div><p class=\"hoa phai\">Sở_giáo_dục_và_đào_tạo</p></div>"
		"<div><p class=\"trai\"><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b></p></div></div></article>");

	(void)state;
	assert_true(fabs(box_of(d, paper, two, "trái", NULL).left - left) < 1);
	assert_true(fabs(box_of(d, paper, two, "phải", NULL).right - right) < 1);
	struct box middle = box_of(d, paper, one, "một", NULL);
	assert_true(fabs((middle.left + middle.right) / 2 - (left + right) / 2) < 1);
	assert_true(box_of(d, paper, head, "CỘNG", NULL).left - box_of(d, paper, head, "SỞ_GI", NULL).right > 1.9 * MM);
	desk_close(d);
}

/* A3 is for reading from further away: larger type, never for the price of a page. */
static void large_sheets_have_larger_type(void **state)
{
	struct desk *d = desk_open();
	struct buf b;
	int pages, as_on_a4;

	(void)state;
	for (int n = 20; n <= 200; n += 20) {
		buf_init(&b, &d->mem, 1 << 20);
		put_z(&b, "<article class=\"nho\"><table class=\"be vua\"><tbody>");
		put_rows(&b, n);
		put_z(&b, "</tbody></table></article>");
		struct box small = box_of(d, "A4 ngang 12 12 15 10", buf_str(&b), "Khuê", &pages),
			large = box_of(d, "A3 ngang 12 12 15 10", buf_str(&b), "Khuê", &pages);
		double a4 = small.bottom - small.top, a3 = large.bottom - large.top;
		assert_true(n > 40 || a3 > a4 * 1.15);
		assert_true(a3 > a4 * 0.99);
		/* a row in eight points with all its air is 14 high */
		as_on_a4 = (int)(n * 14 / (297 - 24) / MM) + 1;
		assert_true(pages <= as_on_a4);
	}
	desk_close(d);
}

/* Letters stand as the font spaces them whatever the size: nine points take nine thirteenths of the room of
 * thirteen. */
static void widths_follow_the_size(void **state)
{
	static const double sizes[] = { 13, 11, 9 };
	static const char *const is[] = { "", "nho", "be" };
	struct desk *d = desk_open();
	double width[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct box at = box_of(d, "A4", str_fmt(&d->mem, "<article><p class=\"%s trai\">trường_học_nghiệm_thu</p>"
			"</article>", is[i]), "nghi", NULL);
		width[i] = at.right - at.left;
		assert_true(fabs(width[i] / width[0] - sizes[i] / 13) < 0.005);
	}
	desk_close(d);
}

static void tables_that_fit(void **state)
{
	struct desk *d = desk_open();
	int pages, plain;
	(void)state;
	for (int n = 20; n <= 45; n += 5) {
		register_of(d, n, "vua", false, &pages);
		assert_int_equal(pages, 1);
	}
	register_of(d, 45, "", false, &plain);
	assert_int_equal(plain, 2);
	/* with the signatures that belong to it, and too many for a page: the two are alike */
	assert_int_equal(rows_first(register_of(d, 42, "vua", true, &pages)), 21);
	assert_int_equal(pages, 2);
	assert_in_range(rows_first(register_of(d, 80, "vua", false, &pages)), 26, 40);
	/* a page more than before would be no gain */
	register_of(d, 80, "", false, &plain);
	assert_true(pages <= plain);
	str text = register_of(d, 80, "vua", false, &pages);
	assert_int_equal(count_of(text, S("ghi chú")), 80);
	assert_int_equal(count_of(text, S("M: miễn")), 1);
	assert_true(str_find(text, str_fmt(&d->mem, "1/%d", pages)) > 0);
	desk_close(d);
}

/* A second table that fits goes to a page of its own with its heading, not in two. */
static void headings_go_with_tables(void **state)
{
	struct desk *d = desk_open();
	struct buf b;
	int pages;
	(void)state;
	buf_init(&b, &d->mem, 1 << 20);
	put_z(&b, "<article class=\"nho\">");
	for (int i = 0; i < 2; i++) {
		put_fmt(&b, "<h2>Phần %d</h2><table class=\"nho vua\"><tbody>", i + 1);
		put_rows(&b, 25);
		put_z(&b, "</tbody></table>");
	}
	put_z(&b, "</article>");
	str text = printed(d, "fit-two", "A4 ngang 12 12 15 10", buf_str(&b), &pages);
	assert_int_equal(pages, 2);
	assert_int_equal(rows_first(text), 25);
	assert_true(str_find(text, S("Phần 2")) > str_find(text, S("\f")));
	/* what stands above is not left alone on a page, and a table of several pages begins where it is */
	buf_init(&b, &d->mem, 1 << 20);
	put_z(&b, "<article class=\"nho\"><p>Trường THCS Long Lâm</p><h1>SỔ</h1><table class=\"nho vua\"><tbody>");
	put_rows(&b, 60);
	put_z(&b, "</tbody></table></article>");
	text = printed(d, "fit-below", "A4 ngang 12 12 15 10", buf_str(&b), &pages);
	assert_int_equal(pages, 2);
	assert_int_equal(rows_first(text), 30);
	/* below another table its pages are alike all the same, not the rest of that page and others */
	buf_init(&b, &d->mem, 1 << 20);
	put_z(&b, "<article class=\"nho\">");
	for (int i = 0; i < 2; i++) {
		put_z(&b, "<table class=\"nho vua\"><tbody>");
		put_rows(&b, i ? 60 : 18);
		put_z(&b, "</tbody></table>");
	}
	put_z(&b, "</article>");
	text = printed(d, "fit-second", "A4 ngang 12 12 15 10", buf_str(&b), &pages);
	assert_int_equal(pages, 3);
	assert_int_equal(rows_first(text), 18);
	/* nothing in it, a row longer than a page, rows tied together, more of them than a page has */
	printed(d, "fit-odd", "A5 ngang 10 10 10 10", S("<article><h2>Rỗng</h2><table class=\"vua\"></table>"
		"<table class=\"vua\"><thead></thead><tbody></tbody></table><div class=\"cot\"><div><p>a</p></div></div>"
		"</article>"), &pages);
	assert_int_equal(pages, 1);
	buf_init(&b, &d->mem, 1 << 20);
	put_z(&b, "<article><table class=\"be vua\"><tbody><tr><td rowspan=\"200\">nhóm</td><td>");
	for (int i = 0; i < 3000; i++)
		put_fmt(&b, "từ%d ", i);
	put_z(&b, "</td></tr>");
	for (int i = 0; i < 200; i++)
		put_fmt(&b, "<tr><td>hàng %d</td></tr>", i);
	put_z(&b, "</tbody></table></article>");
	text = printed(d, "fit-tall", "A4 ngang 12 12 15 10", buf_str(&b), &pages);
	assert_true(str_find(text, S("từ2999")) >= 0 && str_find(text, S("hàng 199")) >= 0);
	desk_close(d);
}

/* A heading has the first rows of its table with it. */
static void headings_have_rows_below(void **state)
{
	struct desk *d = desk_open();
	int pages;

	(void)state;
	for (int n = 30; n < 60; n++) {
		struct buf b;
		buf_init(&b, &d->mem, 1 << 20);
		put_z(&b, "<article class=\"nho\"><table class=\"nho\"><tbody>");
		put_rows(&b, n);
		put_z(&b, "</tbody></table><h2>Kế hoạch</h2><table class=\"nho\"><thead><tr><th>Ngày</th></tr></thead><tbody>"
			"<tr><td>Họp phụ huynh<br/>a<br/>b</td></tr></tbody></table></article>");
		str text = printed(d, "heading", "A4", buf_str(&b), &pages);
		ptrdiff_t end = str_find(text, S("\f"));
		str page = end > str_find(text, S("Kế hoạch")) ? str_sub(text, 0, end) : str_sub(text, end, -1);
		assert_true(str_find(page, S("Kế hoạch")) >= 0 && str_find(page, S("Họp phụ huynh")) > 0);
	}
	desk_close(d);
}

static void nothing_to_list(void **state)
{
	struct desk *d = desk_open();
	int pages;
	(void)state;
	printed(d, "none", "A4",
		S("<article><h1>DANH SÁCH</h1><table><thead><tr><th>STT</th></tr></thead><tbody></tbody></table></article>"),
		&pages);
	assert_int_equal(pages, 1);
	printed(d, "empty", "A5 ngang 10 10 10 10", S(""), &pages);
	assert_int_equal(pages, 1);
	printed(d, "bare", "A4",
		S("<article><table></table><div class=\"cot\"></div><p></p><h2></h2>"
			"<figure data-qr=\"\"></figure></article>"), &pages);
	assert_int_equal(pages, 1);
	desk_close(d);
}

/* One cell of several pages loses nothing; spans over a page end are drawn on both. */
static void rows_taller_than_pages(void **state)
{
	struct desk *d = desk_open();
	struct buf b;
	int pages;
	(void)state;
	buf_init(&b, &d->mem, 1 << 20);
	put_z(&b,
		"<article><table><colgroup><col width=\"20\"/><col width=\"80\"/></colgroup><thead><tr><th>Mục</th><th>Nội "
			"dung</th></tr></thead><tbody><tr><td>dài</td><td>");
	for (int i = 0; i < 2000; i++)
		put_fmt(&b, "từ%d ", i);
	put_z(&b, "</td></tr><tr><td rowspan=\"60\">nhóm</td><td>hàng 0</td></tr>");
	for (int i = 1; i < 60; i++)
		put_fmt(&b, "<tr><td>hàng %d</td></tr>", i);
	put_z(&b, "</tbody></table><p>");
	for (int i = 0; i < 2000; i++)
		put_fmt(&b, "lời%d ", i);
	put_z(&b, "</p></article>");
	str text = printed(d, "tall", "A4", buf_str(&b), &pages);
	assert_true(pages > 4);
	for (int i = 0; i < 2000; i += 37) {
		assert_true(str_find(text, str_fmt(&d->mem, "từ%d ", i)) >= 0 || str_find(text, str_fmt(&d->mem, "từ%d\n", i))
			>= 0);
		assert_true(str_find(text, str_fmt(&d->mem, "lời%d ", i)) >= 0 ||
			str_find(text, str_fmt(&d->mem, "lời%d\n", i)) >= 0);
	}
	assert_true(str_find(text, S("hàng 59")) >= 0);
	assert_in_range(count_of(text, S("nhóm")), 2, 4);
	desk_close(d);
}

static void spans(void **state)
{
	struct desk *d = desk_open();
	int pages;
	(void)state;
	str text = printed(d, "spans", "A3 ngang",
		S("<article class=\"nho\"><h1>SỔ GỌI TÊN VÀ GHI ĐIỂM</h1><table class=\"be\"><colgroup><col "
			"width=\"5\"/><col width=\"40\"/><col width=\"6\"/><col width=\"6\"/><col width=\"6\"/><col "
				"width=\"6\"/><col width=\"6\"/><col width=\"3\"/></colgroup><thead>"
		"<tr><th rowspan=\"2\">STT</th><th rowspan=\"2\">Họ và tên</th><th colspan=\"3\">Toán</th><th "
			"colspan=\"2\">Ngữ văn</th><th rowspan=\"2\" class=\"dung\">Điểm trung bình</th></tr>"
		"<tr><th>TX</th><th>GK</th><th>CK</th><th>TX</th><th>CK</th></tr></thead><tbody>"
		"<tr><td>1</td><td>Lò Thị Mỷ</td><td>8,0</td><td>7,5</td><td>9,0</td><td colspan=\"2\" class=\"xam "
			"giua\">miễn</td><td>8,4</td></tr>"
		"<tr><td rowspan=\"99\" colspan=\"60\">quá rộng</td><td>bỏ</td></tr></tbody></table></article>"), &pages);
	assert_int_equal(pages, 1);
	assert_true(str_find(text, S("quá rộng")) >= 0);
	assert_true(str_find(text, S("Ngữ văn")) >= 0);
	desk_close(d);
}

/* What people type stays text: no tag is opened by it, no byte of it breaks a document. */
static void hostile_text(void **state)
{
	static const char *const hostile[] = { "</td></tr></table><h1>chiếm trang</h1>", "<script>alert(1)</script>",
		"&lt;&#x41;&bogus; && ]]>", "\x01\x02\x1b[31m\x7f", "\xEF\xBF\xBE\xEF\xBF\xBF",
		"\xE2\x80\xAE" "kcab\xE2\x80\xAC", "a\xE2\x80\xA8" "b\xE2\x80\xA9" "c", "{{title}}{{> core/head}}",
		"\" onload=\"x", "Z\xCC\x80\xCC\x80\xCC\x80\xCC\x80\xCC\x80\xCC\x80\xCC\x80" };
	struct desk *d = desk_open();
	struct buf b;
	html screen;
	int pages;
	(void)state;
	buf_init(&b, &d->mem, 8 << 20);
	put_z(&b, "<article><table><tbody>");
	for (int i = 0; i < COUNT(hostile); i++) {
		put_z(&b, "<tr><td>");
		put_html(&b, str_of(hostile[i]));
		put_z(&b, "</td></tr>");
	}
	put_z(&b, "<tr><td>");
	for (int i = 0; i < 30000; i++)
		put_c(&b, 'W');                          /* one word of pages */
	put_z(&b, "</td></tr></tbody></table><div class=\"ky\"><div><p class=\"ten\">");
	for (int i = 0; i < 6000; i++)
		put_z(&b, "tên ");
	put_z(&b, "</p></div></div><figure data-qr=\"");
	for (int i = 0; i < 5000; i++)
		put_z(&b, "mã");
	put_z(&b, "\">mã quá dài</figure></article>");
	str text = printed(d, "hostile", "A4", buf_str(&b), &pages);
	assert_true(pages > 10);
	assert_true(str_find(text, S("<script>alert(1)</script>")) >= 0);
	assert_true(str_find(text, S("chiếm trang")) >= 0);
	assert_int_equal(print_screen_markup(&d->c, S("A4"), buf_str(&b), &screen), OK);
	assert_int_equal(count_of(screen.s, S("<script")), 0);
	assert_int_equal(count_of(screen.s, S("<h1")), 0);
	assert_int_equal(count_of(screen.s, S("</table>")), 1);
	assert_int_equal(count_of(screen.s, S("\" onload")), 0);
	desk_close(d);
}

static void only_the_vocabulary(void **state)
{
	static const char *const refused[] = { "<article><script>x</script></article>",
		"<article><p style=\"x\">x</p></article>", "<article><p onclick=\"x\">x</p></article>",
		"<article><a href=\"x\">x</a></article>", "<article><p class=\"lạ\">x</p></article>", "<p>x</p>",
		"<article>x</article>", "<article><p>x</article>", "<article><p><p>x</p></p></article>",
		"<article><table><tr><td>x</td></tr></table></article>",
		"<article><table><tbody><tr><td colspan=\"0\">x</td></tr></tbody></table></article>",
		"<article><td>x</td></article>",
		"<article><table><tbody><tr><td rowspan=\"1000000000000\">x</td></tr></tbody></table></article>",
		"<article><div class=\"cot\"><div><table></table></div></div></article>", "<article><p>&bogus;</p></article>",
		"<article><img width=\"30\" src=\"1\"/></article>", "<article><img height=\"30\" width=\"201\"/></article>",
		"<article><p><img width=\"30\" height=\"40\"/></p></article>",
		"<article><img width=\"30\" height=\"40\" onerror=\"x\"/></article>",
		"<!DOCTYPE x><article></article>", "</in><article></article>", "<article>" };
	struct desk *d = desk_open();
	char why[256];
	(void)state;
	for (int i = 0; i < COUNT(refused); i++) {
		why[0] = 0;
		if (print_tree(&d->mem, str_of(refused[i]), why))
			fail_msg("%s was taken", refused[i]);
		assert_true(why[0]);
	}
	assert_non_null(print_tree(&d->mem, S("<article><p class=\"giua nho\">x<br/><b>y <i>z</i></b></p></article>"),
		why));
	desk_close(d);
}

/* Where there is no picture a frame of its size stands, with what was to be seen; it takes the same room. */
static void missing_pictures(void **state)
{
	struct desk *d = desk_open();
	struct print_sheets *p;
	char why[256];
	html got;
	int pages, fd = memfd_create("print", MFD_CLOEXEC);
	(void)state;
	assert_null(print_tree(&d->mem, S("<article><img width=\"500\" height=\"40\"/></article>"), why));
	str one = S("<article><img src=\"../etc\" width=\"30\" height=\"40\" alt=\"Ảnh &lt;3×4&gt;\"/>"
		"<div class=\"cot\"><div><img width=\"20\" height=\"20\" alt=\"dấu\"/></div><div><p>bên cạnh</p></div></div>"
		"<table><tbody><tr><td><img width=\"200\" height=\"40\" alt=\"trong ô\"/>chữ</td>"
		"<td>kia</td></tr></tbody></table></article>");
	str text = printed(d, "missing_pictures", "A4", one, &pages);
	assert_int_equal(pages, 1);
	assert_true(str_find(text, S("Ảnh <3×4>")) >= 0 && str_find(text, S("trong ô")) > str_find(text, S("bên cạnh")));
	/* six of 100 mm are three pages, as six pictures would be */
	struct buf b;
	buf_init(&b, &d->mem, 1 << 16);
	put_z(&b, "<article>");
	for (int i = 0; i < 6; i++)
		put_z(&b, "<img width=\"50\" height=\"100\"/>");
	put_z(&b, "<table><tbody><tr><td>x</td><td><img width=\"30\" height=\"200\"/>");
	for (int i = 0; i < 300; i++)
		put_z(&b, "dài ");
	put_z(&b, "</td></tr></tbody></table></article>");
	assert_int_equal(print_begin(&d->c, S("A4"), S("x"), S(""), fd, &p), OK);
	assert_int_equal(print_markup(p, buf_str(&b)), OK);
	assert_int_equal(print_end(p, &pages), OK);
	assert_int_equal(pages, 4);
	assert_int_equal(print_screen_markup(&d->c, S("A4"), one, &got), OK);
	assert_true(str_find(got.s, S("<svg class=\"anh-in\" role=\"img\" width=\"30mm\" height=\"40mm\"")) > 0);
	assert_true(str_find(got.s, S("Ảnh &lt;3×4&gt;</text>")) > 0);
	assert_true(str_find(got.s, S("../etc")) < 0);
	close(fd);
	desk_close(d);
}

static void on_the_screen(void **state)
{
	struct desk *d = desk_open();
	html got;
	(void)state;
	assert_int_equal(print_screen_markup(&d->c, S("A4 ngang"),
		S("<article class=\"nho\"><h1>A &amp; B</h1><div class=\"quoc-hieu\"><div><p class=\"gach "
			"hoa\">x</p></div></div><div class=\"ky\"><div></div></div>"
		"<table><colgroup><col width=\"40\"/></colgroup><tbody><tr><td colspan=\"2\" rowspan=\"3\" class=\"xam "
			"giua\">&lt;b&gt;</td></tr></tbody></table><figure data-qr=\"KHUE\">mã</figure></article>"), &got), OK);
	assert_true(str_starts(got.s,
		S("<div class=\"giay giay-297 ngang\"><article class=\"nho\"><h2>A &amp; B</h2><div "
			"class=\"quoc-hieu\"><div><p class=\"hoa gach\">x</p></div></div><div class=\"ky\"><div></div></div>"
		"<table><colgroup><col width=\"40%\"></colgroup><tbody><tr><td class=\"xam giua\" colspan=\"2\" "
			"rowspan=\"3\">&lt;b&gt;</td></tr></tbody></table><figure><svg")));
	desk_close(d);
}

/* Slips to cut apart: a code in each cell that a reader reads, each with its own words, none cut by a page's end. */
static void codes_in_cells(void **state)
{
	enum { SLIPS = 45 };
	struct desk *d = desk_open();
	char path[] = "/tmp/khue-codes.XXXXXX", command[300], line[200];
	struct print_sheets *p;
	struct buf b;
	int pages, read_ = 0, fd = mkstemp(path);
	(void)state;
	buf_init(&b, &d->mem, 1 << 20);
	put_z(&b, "<article class=\"nho\"><h1>PHIẾU</h1><table><tbody>");
	for (int i = 0; i < SLIPS; i++)
		put_fmt(&b, "%s<td><figure data-qr=\"https://khue.example.vn/kich-hoat?code=abcd-efgh-%04d\" width=\"30\">"
			"</figure><b>Nguyễn Hoàng Thị Minh Khuê %d</b><br/>Mã: <b>abcd-efgh-%04d</b><br/>đầu%d một hai ba bốn năm "
			"sáu bảy tám chín mười<br/>cuối%d</td>%s", i % 2 ? "" : "<tr>", i, i, i, i, i, i % 2 ? "</tr>" : "");
	put_z(&b, "</tr></tbody></table></article>");
	str text = printed(d, "codes", "A4 12 15 15 15", buf_str(&b), &pages);
	assert_in_range(pages, 3, 6);
	for (int i = 0; i < SLIPS; i++) {
		str slip = str_sub(text, str_find(text, str_fmt(&d->mem, "đầu%d ", i)), -1);
		ptrdiff_t end = str_find(slip, str_fmt(&d->mem, "cuối%d", i));
		assert_true(end > 0 && str_find(str_sub(slip, 0, end), S("\f")) < 0);
	}
	/* a code alone, one over rows, one wider than its cell, one in a row of several pages */
	put_z(&b, "<article><table><tbody><tr><td><figure data-qr=\"alone\"></figure></td><td rowspan=\"2\">"
		"<figure data-qr=\"span\"></figure>bên</td></tr><tr><td><figure data-qr=\"wide\" width=\"900\"></figure>x"
		"</td></tr><tr><td>");
	for (int i = 0; i < 1500; i++)
		put_z(&b, "dài ");
	put_z(&b, "</td><td><figure data-qr=\"tall\"></figure>x</td></tr></tbody></table></article>");
	assert_int_equal(print_begin(&d->c, S("A4 12 15 15 15"), S("x"), S(""), fd, &p), OK);
	assert_int_equal(print_markup(p, buf_str(&b)), OK);
	assert_int_equal(print_end(p, NULL), OK);
	/* a reader that looks at whole pages misses one now and then at one size */
	snprintf(command, sizeof command, "for r in 110 150 190; do pdftoppm -r $r -gray %s %s-$r && "
		"zbarimg --nodbus -q --raw %s-$r-*.pgm 2>/dev/null; done | sort -u; rm %s-*", path, path, path, path);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f))
		read_ += strncmp(line, "https://khue.example.vn/kich-hoat?code=", 39) == 0 || strcmp(line, "alone\n") == 0 ||
			strcmp(line, "span\n") == 0 || strcmp(line, "wide\n") == 0 || strcmp(line, "tall\n") == 0;
	assert_int_equal(pclose(f), 0);
	assert_int_equal(read_, SLIPS + 4);
	close(fd);
	unlink(path);
	desk_close(d);
}

static void papers(void **state)
{
	struct print_paper p;
	static const char *const bad[] = { "", "A6", "A4 dọc", "A4 ngang 1 2 3 4", "A4 10 10 10", "A4 10 10 10 10 10",
		"A4 ngangg x" };
	(void)state;
	assert_true(print_paper(S("A4"), &p));
	assert_true(p.width == 210 && p.height == 297 && p.left == 30);
	assert_true(print_paper(S("A3 ngang 10 11 12 13"), &p));
	assert_true(p.width == 420 && p.height == 297 && p.top == 10 && p.bottom == 11 && p.left == 12 && p.right == 13);
	for (int i = 0; i < COUNT(bad); i++)
		assert_false(print_paper(str_of(bad[i]), &p));
}

static void a_full_disk(void **state)
{
	struct desk *d = desk_open();
	struct print_sheets *p;
	(void)state;
	assert_int_equal(print_begin(&d->c, S("A4"), S("x"), S(""), -1, &p), OK);
	enum rc rc = print_markup(p, S("<article><p>x</p></article>"));
	assert_true(rc == OK || rc == E_FAULT);
	assert_int_equal(print_end(p, NULL), E_FAULT);
	desk_close(d);
}

/* Transcripts of 1,000 pupils, two pages each: as fast as paper is fed, in the memory of one. */
static void a_thousand_documents(void **state)
{
	enum { MANY = 1000 };
	struct desk *d = desk_open();
	struct print_sheets *p;
	struct rusage before, after;
	struct buf b;
	int pages, fd = memfd_create("many", 0);
	(void)state;
	buf_init(&b, &d->mem, 1 << 20);
	put_fmt(&b,
		"<article>%s<h1>HỌC BẠ</h1><p class=\"cham\">Họ và tên: <b>Nguyễn Thị Minh "
			"Khuê</b></p><table><thead><tr><th>STT</th><th>Môn</th><th>Nhận xét</th></tr></thead><tbody>", HEADING);
	put_rows(&b, 45);
	put_z(&b,
		"</tbody></table><div class=\"ky\"><div><p><b>GVCN</b></p></div><div><p><b>HIỆU TRƯỞNG</b></p><p "
			"class=\"ten\">Trần Văn An</p></div></div></article>");
	assert_int_equal(print_begin(&d->c, S("A4"), S("x"), S("chân trang"), fd, &p), OK);
	assert_int_equal(print_markup(p, buf_str(&b)), OK);
	getrusage(RUSAGE_SELF, &before);
	for (int i = 1; i < MANY; i++)
		assert_int_equal(print_markup(p, buf_str(&b)), OK);
	assert_int_equal(print_end(p, &pages), OK);
	getrusage(RUSAGE_SELF, &after);
	assert_int_equal(pages, 2 * MANY);
	double s = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec)
		+ (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1e6;
	print_message("%d pages of a table of 45 rows: %.0f pages a second of CPU, %ld MB more memory, %ld kB of PDF\n",
		pages, pages / s,
		(after.ru_maxrss - before.ru_maxrss) / 1024, (long)lseek(fd, 0, SEEK_END) / 1024);
	assert_true(after.ru_maxrss - before.ru_maxrss < 64 * 1024);
	close(fd);
	desk_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_list_over_pages), cmocka_unit_test(tables_that_fit),
		cmocka_unit_test(signatures_have_rows_above),
		cmocka_unit_test(signatures_have_rows_of_lines_above), cmocka_unit_test(type_stays_readable),
		cmocka_unit_test(columns_fill_the_page), cmocka_unit_test(large_sheets_have_larger_type),
		cmocka_unit_test(letters_of_one_font), cmocka_unit_test(widths_follow_the_size),
		cmocka_unit_test(headings_have_rows_below),
		cmocka_unit_test(headings_go_with_tables), cmocka_unit_test(nothing_to_list),
		cmocka_unit_test(rows_taller_than_pages), cmocka_unit_test(spans),
		cmocka_unit_test(hostile_text), cmocka_unit_test(only_the_vocabulary), cmocka_unit_test(missing_pictures),
		cmocka_unit_test(on_the_screen),
		cmocka_unit_test(codes_in_cells), cmocka_unit_test(papers), cmocka_unit_test(a_full_disk),
		cmocka_unit_test(a_thousand_documents) };
	return cmocka_run_group_tests_name("print", tests, NULL, NULL);
}
