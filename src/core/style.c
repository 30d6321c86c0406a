/* style.c -- /kieu-mau: every component of the interface on one page, drawn by the templates that the real pages
 * use, so that one test can hold all of them against the rules of accessibility. */
#include "core/chart.h"
#include "core/pages.h"

static const struct tr said_title = { "Kiểu mẫu giao diện", "Interface style guide" };

static str said(const struct exchange *x, const char *vi, const char *en) { return say(x->c, &(struct tr){ vi, en }); }

static items style_options(struct exchange *x)
{
	struct option_view *v = NEWS(x->c->mem, struct option_view, 2);

	v[0] = (struct option_view){ .value = S("m"), .label = said(x, "Nam", "Male"), .id = S("km-o0") };
	v[1] = (struct option_view){ .value = S("f"), .label = said(x, "Nữ", "Female"), .selected = true,
		.id = S("km-o1") };
	return ITEMS(v, 2);
}

/* One field of every kind; two of them refused. */
static items style_fields(struct exchange *x)
{
	const struct field_view all[] = {
		{ .name = S("ten"), .id = S("f-ten"), .label = said(x, "Họ và tên", "Name"), .value = S("H’Linh Niê"),
			.needed = true, .text = true },
		{ .name = S("sinh"), .id = S("f-sinh"), .label = said(x, "Ngày sinh", "Born"), .value = S("31/02/2013"),
			.needed = true, .date = true,
			.wrong = true, .problem = said(x, "Không có ngày 31/02/2013.", "There is no 31/02/2013."),
			.describedby = S("f-sinh-l") },
		{ .name = S("phai"), .id = S("f-phai"), .label = said(x, "Giới tính", "Sex"), .few = true, .needed = true,
			.options = style_options(x) },
		{ .name = S("cccd"), .id = S("f-cccd"), .label = said(x, "Số định danh cá nhân", "National id"),
			.value = S("0123"), .text = true, .wrong = true,
			.help = said(x, "12 chữ số trên thẻ căn cước hoặc giấy khai sinh.",
				"Twelve digits of the identity card or birth certificate."),
			.problem = said(x, "Số định danh gồm 12 chữ số.", "A national id has twelve digits."),
			.describedby = S("f-cccd-g f-cccd-l") },
		{ .name = S("khoi"), .id = S("f-khoi"), .label = said(x, "Khối", "Grade"), .one_of = true,
			.options = style_options(x) },
		{ .name = S("noi"), .id = S("f-noi"), .label = said(x, "Nơi sinh", "Birthplace"), .ref = true,
			.pick_href = S("/admin_unit/pick") },
		{ .name = S("tien"), .id = S("f-tien"), .label = said(x, "Khoản thu", "Fee"), .money = true,
			.value = S("594.000") },
		{ .name = S("diem"), .id = S("f-diem"), .label = said(x, "Điểm", "Mark"), .score = true, .value = S("7,5") },
		{ .name = S("so"), .id = S("f-so"), .label = said(x, "Số tiết", "Lessons"), .number = true, .value = S("4"),
			.mode = S("numeric") },
		{ .name = S("luc"), .id = S("f-luc"), .label = said(x, "Thời điểm", "Time"), .time = true },
		{ .name = S("co"), .id = S("f-co"), .label = said(x, "Đã nộp giấy khai sinh", "Birth certificate handed in"),
			.yes = true, .value = S("1") },
		{ .name = S("mk"), .id = S("f-mk"), .label = said(x, "Mật khẩu", "Password"), .secret = true },
		{ .name = S("tep"), .id = S("f-tep"), .label = said(x, "Tệp", "File"), .file = true },
		{ .name = S("chu"), .id = S("f-chu"), .label = said(x, "Ghi chú", "Note"), .longer = true, .max = S("500") } };
	struct field_view *v = NEWS(x->c->mem, struct field_view, sizeof all / sizeof *all);

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		v[i] = all[i];
	return ITEMS(v, (int64_t)(sizeof all / sizeof *all));
}

static items style_problems(struct exchange *x)
{
	struct problem_view *v = NEWS(x->c->mem, struct problem_view, 2);

	v[0] = (struct problem_view){ S("#f-sinh"), said(x, "Ngày sinh: không có ngày 31/02/2013.",
		"Born: there is no 31/02/2013.") };
	v[1] = (struct problem_view){ S("#f-cccd"), said(x, "Số định danh gồm 12 chữ số.",
		"A national id has twelve digits.") };
	return ITEMS(v, 2);
}

static items style_history(struct exchange *x)
{
	struct event_view *v = NEWS(x->c->mem, struct event_view, 1);
	struct change_view *change = NEWS(x->c->mem, struct change_view, 1);

	*change = (struct change_view){ said(x, "Lớp", "Class"), S("8A1"), S("8A2") };
	*v = (struct event_view){ S("14:32 22/11/2026"), S("Trần Văn Bình"), said(x, "sửa", "changed"), {0},
		ITEMS(change, 1) };
	return ITEMS(v, 1);
}

static html style_chart(struct exchange *x)
{
	static const int64_t values[] = { 12, 40, 95, 180, 260, 410, 690, 880, 640, 210 };
	str labels[10];
	struct chart_series series = { said(x, "Thí sinh", "Candidates"), values };
	struct chart c = { .kind = CHART_HISTOGRAM, .id = S("km-pho"),
		.title = said(x, "Phổ điểm mẫu", "Sample distribution"),
		.desc = said(x, "Nhiều nhất ở khoảng 7 đến 8 điểm", "Most marks lie between 7 and 8"), .n = 10,
		.series = &series, .n_series = 1, .low = 5,
		.height = 220 };

	for (int i = 0; i < 10; i++)
		labels[i] = put_n(x->c->mem, i);
	c.labels = labels;
	return chart_draw(x->c->mem, &c);
}

enum rc style_page(struct exchange *x)
{
	struct section_view section = { said(x, "Mọi loại ô nhập", "Every kind of field"), style_fields(x) };
	struct style_view v = { .title = say(x->c, &said_title), .wrong = true, .problems = style_problems(x),
		.sections = ITEMS(&section, 1),
		.history = style_history(x), .chart = style_chart(x) };

	crumb(x, S("/kieu-mau"), v.title);
	return answer_page(x, 200, "core/style", &style_shape, &v);
}
