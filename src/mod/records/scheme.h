/* scheme.h -- a circular of pupils' assessment as data. Pure: no database, no clock, no floats.
 *
 * A mark is hundredths in an int32_t; an average is computed from whole numbers and rounded once, decimal half-up, as
 * the circulars ask. A rule that the sources do not settle is a parameter without a value: the computation then says
 * which parameter it needs and answers nothing. The form of a scheme file is in README.md. */
#ifndef KHUE_RECORDS_SCHEME_H
#define KHUE_RECORDS_SCHEME_H
#include "base/base.h"

struct words { str code, vi, en; };                      /* a thing of a scheme and its names                  */
enum { GRADES = 16, LEVELS = 8, COLUMNS = 6, TIMES = 6, CONDITIONS = 6, CODES = 32, PARAMETERS = 8, TITLES = 6,
	ADJUSTS = 12,
       QUALITIES = 20, PROBLEMS = 200 };
/* grades: 0 nursery, 1..3 kindergarten, 4.. grade 1..12, as school.h has them. */
int    grade_read(str text);                             /* "nt", "mg3".."mg5", "1".."12"; -1: none of these   */
str    grade_code(int grade);

/* Which pupils: grades first..last from the school year that begins in `year`. cohort: the first grade in that year,
 * the next one a year later and so on (a roll-out with the pupils who began then). until 0: no end. */
struct applies { int first, last, year, until; bool cohort; };
/* first, last: grades that have it. times > 0: exactly so many; by_lessons: the number follows the subject's lessons
 * a year. with >= 0: its marks count as marks of that column, towards its number too. */
struct column  { struct words is; int weight, decimals, times, with, first, last; int32_t least; bool by_lessons;
	str article; };
/* What a level asks. n: how many subjects; bound: in hundredths (SHARE: per cent); word: the lowest word allowed. */
enum condition_kind { EVERY_MARK, COUNT_MARK, FAILED_COMMENTS, OVERALL, ONE_OF, SPECIALISED, EVERY_WORD,
	EVERY_QUALITY, EVERY_TEST, EVERY_DOMAIN };
struct condition { enum condition_kind kind; int n; int32_t bound; int word; str parameter; };
/* alike: codes of levels of other circulars that say the same under another name. */
struct level   { struct words is; struct condition asks[CONDITIONS]; int n; str article, alike[4]; int n_alike; };
struct adjust  { int would_be, dragged_to, result; str article; };   /* levels, 0 the highest                  */
/* A switch of the administrator's. value: the one in force; empty: nobody has said (confidence L). */
struct parameter { struct words is; str choices[6]; int n_choices; int64_t least, most; str value, source;
	char confidence; };
/* word, tests -1: not asked. */
struct title   { struct words is; int learning, conduct, count, word; int32_t bound, tests; bool recognised;
	str article; };
struct test_of { bool mid; int first, last; str codes[CODES]; int n; };
struct domain  { struct words is; int standards, of; };
/* Learning and conduct at least these levels (conduct -1: not looked at); absences 0: not looked at. */
struct promotion { bool set, support /* who fails is helped, the principal decides */;
	int learning, conduct, absences; str absences_by /* a parameter */, article; };
struct retest  { bool set; int learning, conduct; int32_t below; str article; };
struct summer  { bool set; int conduct, learning, cleared; str article; };

struct scheme {
	struct words is; str source, file; char confidence; day from;
	struct applies applies[8]; int n_applies;
	struct column columns[COLUMNS]; int n_columns;
	struct { int lessons /* at most; 0: more */, times; } times[TIMES]; int n_times; str times_article;
	int decimals; str average_article;               /* of averages; -1: this scheme has none              */
	int year_weight[2]; str year_article;
	bool has_overall; str overall_article;
	str reference[6]; int n_reference;               /* one of these: condition ONE_OF                     */
	str comment_only[CODES]; int n_comment_only; str comment_article;
	int comment_times;
	/* a term is passed: at least a/b of the occasions, the last of them too */
	int comment_share[2]; bool comment_last;
	struct words words[6]; int n_words;              /* what comments say, best first; the last is failing  */
	struct words qualities[QUALITIES]; int n_qualities;
	struct words quality_words[4]; int n_quality_words; str quality_article;
	struct test_of tests[12]; int n_tests;
	int32_t test_least; int test_decimals;
	struct domain domains[8]; int n_domains;
	struct level levels[LEVELS]; int n_levels;
	struct adjust adjusts[ADJUSTS]; int n_adjusts;
	struct words conducts[6]; int n_conducts;
	int8_t conduct_year[6][6]; str conduct_article; bool conduct_entered;   /* [term II][term I]              */
	struct promotion promotion; struct retest retest; struct summer summer;
	struct title titles[TITLES]; int n_titles;
	struct parameter parameters[PARAMETERS]; int n_parameters;
	int32_t absent_mark; bool has_absent; str absent_article;
};

/* A subject of the programme: lessons a year by grade. Elective: some of them are chosen; optional: beyond the hours
 * of the programme; cluster: specialised topics, `times` of them. */
enum subject_place { NOT_TAUGHT, COMPULSORY, ELECTIVE, OPTIONAL };
struct programme_subject { struct words is; int16_t lessons[GRADES]; uint8_t place[GRADES]; int times; bool cluster; };
struct programme {
	struct words is; str source, file;
	struct programme_subject subjects[60]; int n;
	struct { str from, to; } alias[60]; int n_alias;
	str order[60]; int n_order;                              /* of registers and transcripts; the others after   */
	struct { int first, last, lessons, electives; } totals[12]; int n_totals;
};
const struct programme_subject *programme_find(const struct programme *p, str code);
/* Subjects' codes in the order of registers and transcripts: their indices, first to last. */
void programme_sort(const struct programme *p, const str *codes, int n, int *ret);
str programme_code(const struct programme *p, str code);         /* an alias's own code; else code itself           */

/* ---- reading -------------------------------------------------------------------------------------- */
struct mistake { int line; str vi, en; };                        /* line 0: of the whole file                       */
struct reading { struct arena *mem; struct mistake found[PROBLEMS]; int n; };
/* The scheme or programme of a file's text; false when r->found tells mistakes. What they hold are views of text and
 * memory of r->mem. */
bool scheme_read(struct reading *r, str text, struct scheme *ret);
bool programme_read(struct reading *r, str text, struct programme *ret);
void mistake(struct reading *r, int line, const char *vi, const char *en, str what);    /* {1}: what           */

/* ---- averages ---------------------------------------------------------------------------------------- */
/* sum / parts, both whole, rounded half-up at that many decimals; all in hundredths. */
int32_t mark_round(int64_t sum, int64_t parts, int decimals);
/* Days absent at most of whom goes up; 0: not looked at. */
int scheme_absences(const struct scheme *s);
int scheme_times(const struct scheme *s, int lessons);           /* regular marks a term; lessons 0: 0, not known   */
struct mark_given { int column; int32_t value; };                /* column: index in s->columns                     */
/* A term's average. lessons 0: the number of regular marks is not checked. missing: the column that lacks marks and how
 * many it asks, when false. */
struct missing { int column, has, asks; };
bool term_average(const struct scheme *s, const struct mark_given *m, int n, int lessons, int32_t *ret,
	struct missing *ret_missing);
int32_t year_average(const struct scheme *s, int32_t hk1, int32_t hk2);
/* A comment subject's term: n occasions, the last is that at the end of the term. -1: too few; else index of the
 * word. */
int term_comment(const struct scheme *s, const int8_t *words, int n);

/* ---- rating -------------------------------------------------------------------------------------------- */
/* One subject of a pupil. average, test: hundredths, -1 none. word: index in s->words, -1 none. */
struct subject_given { str code; int32_t average, test, retest; int8_t word, retest_word; bool exempt, specialised;
	bool left /* exempt, as an elective that was not chosen */; };
struct pupil_given {
	const struct subject_given *subjects; int n;
	const int8_t *qualities; int n_qualities;                /* indices in s->quality_words                     */
	const int32_t *domains; int n_domains;                   /* indices met of each of s->domains               */
	int conduct, summer_conduct, absences;                   /* -1: not known                                   */
	bool recognised;                                         /* by the class, for titles that ask it            */
	enum verdict { VERDICT_NONE, VERDICT_RECOGNISED, VERDICT_UP, VERDICT_REPEATS } verdict;  /* the principal's */
	bool whole;                                              /* everything the scheme asks must be there        */
};
enum why_code { WHY_LEVEL, WHY_EVERY, WHY_COUNT, WHY_COMMENTS, WHY_OVERALL, WHY_ONE_OF, WHY_SPECIALISED, WHY_WORD,
	WHY_QUALITY, WHY_TEST, WHY_DOMAIN,
	WHY_ADJUST, WHY_MISSING, WHY_PARAMETER, WHY_NOT_ASKED, WHY_PROMOTED, WHY_RETEST, WHY_SUMMER, WHY_REPEATS,
	WHY_SUPPORT, WHY_TITLE, WHY_ABSENT };
/* A reason: its code, of which level (or title) and subject, the value found and the bound asked. */
struct why { enum why_code code; int level, to; str subject; int32_t value, bound; int n; str article; };
enum standing { STANDING_UNKNOWN, STANDING_PROMOTED, STANDING_RETEST, STANDING_SUMMER, STANDING_REPEATS,
	STANDING_SUPPORT };
extern const char *const standing_codes[];
struct rating {
	/* before: without the adjustment; -1: could not be rated */
	int level, before;
	int32_t overall;                                         /* -1: the scheme has none                          */
	enum standing standing; int title;                       /* title: index in s->titles, -1 none              */
	const struct parameter *needs;                           /* the parameter nobody has set                    */
	struct why why[24]; int n_why;
	str retest[CODES]; int n_retest;                         /* subjects that may be tested again               */
};
/* Never fails on data: what is missing or not settled is level -1 and a reason. */
void scheme_rate(const struct scheme *s, const struct pupil_given *p, struct rating *ret);
/* The year's conduct from the terms'; -1: the scheme has no matrix, it is entered. */
int  conduct_of_year(const struct scheme *s, int hk1, int hk2);
/* An average in words, with its decimal place as the circulars write bars and averages ("từ 8,0 trở lên": TT
 * 22/2021/TT-BGDĐT Điều 9); where the scheme has none, the mark of a test as it was given (TT 27/2020/TT-BGDĐT: whole).
 * v < 0: empty. */
str  average_text(struct arena *a, const struct scheme *s, int32_t v, bool english);
const char *why_name(enum why_code code);
/* The sentence of a reason. p names the subjects; NULL: by their codes. */
str  why_text(struct arena *a, const struct scheme *s, const struct programme *p, const struct why *w, bool english);

/* ---- parameters, binding ---------------------------------------------------------------------------------- */
const struct parameter *scheme_parameter(const struct scheme *s, str code);
/* Do level i of a and level j of b say the same? By code where each scheme has the other's, else by what the files call
 * alike: tot of tt22 is gioi of tt58, and hoan_thanh of tt30-22 all three of tt27 that complete the grade. */
bool scheme_alike(const struct scheme *a, int i, const struct scheme *b, int j);
/* Sets a parameter; false: no such parameter or a value it does not take. */
bool scheme_set(struct scheme *s, str code, str value);
struct scheme_set { struct scheme *at[40]; int n; struct programme *programme; };
/* Every file carried with the program (data/records/), then those of folder (may be NULL): NAME.scheme. Mistakes
 * name the file through `found`. False when some file is not right; the rest is there. */
typedef void mistake_fn(void *arg, str file, const struct mistake *m);
bool schemes_load(struct arena *mem, const char *folder, struct scheme_set *ret, mistake_fn *found, void *arg);
/* Two schemes for the same grade from the same year, a gap, subjects a scheme names that no programme has. */
void schemes_check(struct arena *mem, const struct scheme_set *set, mistake_fn *found, void *arg);
struct scheme *scheme_named(const struct scheme_set *set, str code);
/* The scheme of a grade in the school year that begins in year; NULL: none is known. */
struct scheme *scheme_for(const struct scheme_set *set, int grade, int year);
#endif
