/* scheme_why.c -- reasons in words. */
#include "mod/records/scheme.h"
#include "base/calendar.h"

const char *const standing_codes[] = { "", "promoted", "retest", "summer", "repeats", "support" };

const char *why_name(enum why_code code)
{
	static const char *const names[] = { "level", "every", "count", "comments", "overall", "one_of", "specialised",
		"words", "qualities", "tests", "domains",
		"adjusted", "missing", "parameter", "not_looked_at", "promoted", "retest", "summer", "repeats", "support",
		"title", "absences" };

	return names[code];
}

str average_text(struct arena *a, const struct scheme *s, int32_t v, bool english)
{
	if (s->decimals > 0)
		return score_tenths(a, (score){ v }, english ? '.' : ',');
	return english ? score_json(a, (score){ v }) : score_text(a, (score){ v });
}

/* A subject's, quality's or domain's name; its code when nobody knows a name. */
static str name_of(const struct scheme *s, const struct programme *p, str code, bool english)
{
	const struct programme_subject *found = p ? programme_find(p, code) : NULL;

	if (found)
		return english ? found->is.en : found->is.vi;
	for (int i = 0; i < s->n_domains; i++)
		if (str_eq(s->domains[i].is.code, code))
			return english ? s->domains[i].is.en : s->domains[i].is.vi;
	return code;
}

static str quality_name(const struct scheme *s, str code, bool english)
{
	for (int i = 0; i < s->n_qualities; i++)
		if (str_eq(s->qualities[i].code, code))
			return english ? s->qualities[i].en : s->qualities[i].vi;
	return code;
}

static str level_name(const struct scheme *s, int i, bool english)
{
	return i < 0 ? (str){ 0 } : english ? s->levels[i].is.en : s->levels[i].is.vi;
}

static str of_level(struct arena *a, const struct scheme *s, str subject, const struct why *w, bool en)
{
	str level = level_name(s, w->level, en), bound = average_text(a, s, w->bound, en),
		value = average_text(a, s, w->value, en);

	switch (w->code) {
	case WHY_EVERY: case WHY_SPECIALISED:
		return str_fmt(a, en ? "Not %.*s: %.*s has %.*s, below %.*s"
			: "Chưa đạt mức %.*s: môn %.*s được %.*s, dưới %.*s", FMT(level), FMT(subject), FMT(value), FMT(bound));
	case WHY_COUNT:
		return str_fmt(a, en ? w->value == 1 ? "Not %.*s: %d subject has %.*s or more, %d are needed"
			: "Not %.*s: %d subjects have %.*s or more, %d are needed"
			: "Chưa đạt mức %.*s: có %d môn từ %.*s trở lên, cần %d môn", FMT(level), w->value, FMT(bound), w->n);
	case WHY_COMMENTS:
		return str_fmt(a, en ? "Not %.*s: %d comment subjects not passed (%.*s), at most %d"
			: "Chưa đạt mức %.*s: %d môn nhận xét Chưa đạt (%.*s), nhiều nhất %d", FMT(level), w->value, FMT(subject),
			w->n);
	case WHY_OVERALL:
		return str_fmt(a, en ? "Not %.*s: the overall average is %.*s, below %.*s"
			: "Chưa đạt mức %.*s: điểm trung bình các môn %.*s, dưới %.*s", FMT(level), FMT(value), FMT(bound));
	case WHY_ONE_OF:
		return str_fmt(a, en ? "Not %.*s: none of the main subjects has %.*s or more"
			: "Chưa đạt mức %.*s: không môn nào trong các môn Toán, Ngữ văn… từ %.*s trở lên", FMT(level), FMT(bound));
	case WHY_WORD:
		return str_fmt(a, en ? "Not %.*s: %.*s is below \"%.*s\"" : "Chưa đạt mức %.*s: %.*s dưới mức \"%.*s\"",
			FMT(level), FMT(subject), FMT(en ? s->words[w->to].en : s->words[w->to].vi));
	case WHY_QUALITY:
		return str_fmt(a, en ? "Not %.*s: %.*s is below \"%.*s\""
			: "Chưa đạt mức %.*s: phẩm chất, năng lực %.*s dưới mức \"%.*s\"", FMT(level), FMT(subject),
			FMT(en ? s->quality_words[w->to].en : s->quality_words[w->to].vi));
	case WHY_TEST:
		return str_fmt(a, en ? "Not %.*s: the test in %.*s has %.*s, below %.*s"
			: "Chưa đạt mức %.*s: bài kiểm tra %.*s được %.*s, dưới %.*s", FMT(level), FMT(subject), FMT(value),
			FMT(bound));
	default:
		return str_fmt(a, en ? "Not %.*s: %.*s: %d of %d indices met, %d%% are needed"
			: "Chưa đạt mức %.*s: %.*s đạt %d trên %d chỉ số, cần %d%%", FMT(level), FMT(subject), w->value, w->n,
			w->bound);
	}
}

static str of_year(struct arena *a, const struct scheme *s, const struct why *w, bool en)
{
	switch (w->code) {
	case WHY_PROMOTED: return en ? S("Promoted") : S("Được lên lớp hoặc hoàn thành chương trình");
	case WHY_RETEST: return en ? S("May be tested again in summer in the subjects listed")
		: S("Được kiểm tra lại trong hè ở các môn chưa đạt");
	case WHY_SUMMER: return en ? S("Summer training of conduct") : S("Rèn luyện trong hè");
	case WHY_SUPPORT: return en ? S("Extra support; the principal then decides")
		: S("Được giúp đỡ thêm, sau đó hiệu trưởng xét lên lớp");
	case WHY_ABSENT: return str_fmt(a, en ? "Repeats the year: absent %d times, at most %d"
		: "Ở lại lớp: nghỉ %d buổi, nhiều nhất %d", w->value, w->bound);
	case WHY_TITLE: return en ? s->titles[w->level].is.en : s->titles[w->level].is.vi;
	default: return en ? S("Repeats the year") : S("Ở lại lớp");
	}
}

str why_text(struct arena *a, const struct scheme *s, const struct programme *p, const struct why *w, bool en)
{
	str subject = w->code == WHY_QUALITY ? quality_name(s, w->subject, en) : name_of(s, p, w->subject, en);
	const struct parameter *q;

	switch (w->code) {
	case WHY_LEVEL:
		if (w->level == s->n_levels - 1)
			return str_fmt(a, en ? "%.*s: the requirements above are not met" : "%.*s: không đáp ứng các mức trên",
				FMT(level_name(s, w->level, en)));
		return str_fmt(a, en ? "%.*s: what this level asks is met" : "%.*s: đáp ứng yêu cầu của mức này",
			FMT(level_name(s, w->level, en)));
	case WHY_ADJUST:
		return str_fmt(a, en ? "Raised to %.*s: only %.*s keeps the pupil from %.*s"
			: "Được lên mức %.*s: chỉ vì môn %.*s mà không đạt mức %.*s", FMT(level_name(s, w->to, en)),
			FMT(subject), FMT(level_name(s, w->level, en)));
	case WHY_MISSING:
		if (!w->subject.n && s->n_domains)
			return str_fmt(a, en ? "Missing: %.*s" : "Còn thiếu: %.*s",
				FMT(en ? s->domains[0].is.en : s->domains[0].is.vi));
		if (!w->subject.n)
			return w->n ? en ? S("No subject has a mark: nothing to rate by") : S("Chưa có môn nào có điểm để xếp mức")
				: en ? S("Nothing to rate is there yet") : S("Chưa có kết quả để xếp mức");
		return str_fmt(a, en ? "%.*s has no result yet" : "Môn %.*s chưa có kết quả", FMT(subject));
	case WHY_NOT_ASKED:
		if (s->decimals < 0)
			return str_fmt(a, en ? "%.*s has no word (T, H or C): not looked at; this scheme has no averages"
				: "Môn %.*s chưa có mức đạt (T, H hoặc C): không xét; quy chế này không có điểm trung bình",
				FMT(subject));
		return str_fmt(a, en ? "%.*s has no word: not looked at" : "Môn %.*s chưa có mức đạt: không xét", FMT(subject));
	case WHY_PARAMETER:
		q = scheme_parameter(s, w->subject);
		return str_fmt(a, en ? "Needs the administrator's parameter %.*s.%.*s: %.*s"
			: "Cần người quản trị đặt tham số %.*s.%.*s: %.*s", FMT(s->is.code), FMT(q->is.code),
			FMT(en ? q->is.en : q->is.vi));
	case WHY_PROMOTED: case WHY_RETEST: case WHY_SUMMER: case WHY_REPEATS: case WHY_SUPPORT: case WHY_TITLE:
	case WHY_ABSENT:
		return of_year(a, s, w, en);
	default:
		return of_level(a, s, subject, w, en);
	}
}
