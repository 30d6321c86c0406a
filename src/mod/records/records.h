/* records.h -- marks, their ledger, conduct, exemptions, locks, results: rows, and what a page of marks calls.
 *
 * Nobody writes a mark but marks_save: it holds the course against the actor, each cell against scheme and locks, and
 * appends to the course's ledger in the same transaction. */
#ifndef KHUE_RECORDS_H
#define KHUE_RECORDS_H
#include "core/ctx.h"
#include "core/roles.h"
#include "mod/records/scheme.h"
#include "mod/school/school.h"

ID(course); ID(mark); ID(ledger_entry); ID(ledger_seal); ID(conduct); ID(exemption); ID(mark_lock); ID(mark_reopen);
	ID(phrase);
	ID(mark_template);
	ID(year_result);

/* A subject taught to a class: its book of marks. lessons: a year, they set the number of regular marks. entries,
 * head: the length and end of its ledger; sealed: how much of it was countersigned. UPDATE of a course is the right
 * to write its marks. */
struct course { struct base base; school_class_id class; subject_id subject; int64_t lessons, entries, sealed;
	str head, note; };

enum term_of_year { TERM_1, TERM_2, TERM_YEAR };
/* A pupil's term in a course. cells: "tx1=8 tx2=9.5 gk=v": a mark, a scheme's word, v absent, m exempt. average,
 * comment: of the term, once everything the scheme asks is there. */
struct mark { struct base base; course_id course; school_class_id class; person_id pupil; pick term; str cells;
	score average; str comment, remark; };

/* One save: what changed, by whom, when, why. lines: "PUPIL COLUMN FROM TO" each, - for empty. hash: BLAKE2b-256 in
 * hex over the entry and the hash before it. Only appended. */
struct ledger_entry { struct base base; course_id course; int64_t seq; instant at; int64_t author, impersonator;
	pick term; str lines, reason, hash; };
/* The ends of a school's ledgers that moved since the seal before, countersigned. lines: "COURSE SEQ HASH" each. */
struct ledger_seal { struct base base; int64_t seq; instant at; str lines, before, bureau, department; };

enum conduct_level { CONDUCT_NONE, CONDUCT_TOT, CONDUCT_KHA, CONDUCT_DAT, CONDUCT_CHUA_DAT, CONDUCT_TRUNG_BINH,
	CONDUCT_YEU };
/* Kết quả rèn luyện, hạnh kiểm of a term or, where the scheme has no matrix, of the year; summer: after training in
 * summer.
 * qualities: primary: the words of the scheme's qualities in order, "t t d"; preschool: the indices met of each
 * domain, "24 30 29 27". */
struct conduct { struct base base; school_class_id class; person_id pupil; pick term, level, summer;
	str qualities, remark; pick verdict /* of the year: enum verdict (scheme.h) */; };
/* From a subject, until the end of a day or (NO_DAY) of the year. A term is covered when it ends by then. The row of
 * the class of now stands for those of earlier classes of the year. */
enum exempt_terms { EXEMPT_BOTH, EXEMPT_TERM_1, EXEMPT_NONE };
struct exemption { struct base base; school_class_id class; person_id pupil; subject_id subject; str reason;
	day until; pick covers, kind; };
enum exemption_kind { EXEMPT_FREE, EXEMPT_NOT_CHOSEN /* an elective others of the class take */ };

/* What a lock or a permission to write behind it covers. The remark is locked with the whole book only. */
enum mark_part { PART_ALL, PART_REGULAR, PART_MIDDLE, PART_END, PART_REMARK, PARTS };
enum lock_state { LOCK_OPEN, LOCK_LOCKED };
/* A school's marks of a term, or a part of them, may not be written: from on_day on, or once locked. */
struct mark_lock { struct base base; school_year_id year; pick term, part; day on_day; pick state; str note;
	day locked_on; };                        /* when it was locked by hand; NO_DAY: it is not                      */
enum reopen_state { REOPEN_ASKED, REOPEN_APPROVED, REOPEN_REFUSED };
/* A teacher asks to write a part behind a lock; the principal approves that part until a day. The reason goes into the
 * ledger. */
struct mark_reopen { struct base base; course_id course; pick term, part; str reason; day until; str answer;
	pick state; };

/* A sentence of a teacher's own for remarks. keys: few letters that stand for it; subject 0: for every subject. */
struct phrase { struct base base; person_id teacher; subject_id subject; str text, keys; };

/* A pupil's year in a class. hk1, hk2, level: codes of the scheme's levels; averages: "toan=8.2 gdtc=dat" of the
 * year; why: the machine codes of the reasons; positions: how long each ledger of the class was, by course, when
 * this was computed. */
struct year_result {
	struct base base; school_class_id class; person_id pupil; school_year_id year;
	str scheme, hk1, hk2, level, conduct, standing, title, averages, why, positions;
	str retests;                                     /* subjects that may be tested again in summer: codes        */
	score overall; int64_t absences;
};

enum close_state { CLOSE_CLOSED, CLOSE_OPEN };
/* A class's term, or its year with the retests of summer, is closed: its marks and conduct may not be written until
 * the principal opens it again with a reason. missing: how many gaps there were when it was closed. */
struct class_close { struct base base; school_class_id class; school_year_id year; pick term, state; int64_t missing;
	str reason; day locked_on, opened_on; }; /* since when closed: a reopening after the deadline does not move it;
	                                            when it was last opened again                                        */
/* A line of the form teacher's book (sổ chủ nhiệm): a plan, a note, a meeting, a word with a family. */
enum note_kind { NOTE_PLAN, NOTE_NOTE, NOTE_MEETING, NOTE_FAMILY };
struct form_note { struct base base; school_class_id class; day on_day; pick kind; person_id pupil; str text; };

/* A workbook of a school's, without marks, that books of marks are exported into. */
struct mark_template { struct base base; str name; file_id file; };

extern const struct entity course, mark, mark_template, ledger_entry, ledger_seal, conduct, exemption, mark_lock,
	mark_reopen, year_result, class_close, form_note, phrase;
extern const struct scope at_course;                     /* rows anchored ON_COURSE to a class and subject they teach */
extern const struct choice mark_terms[];
extern const struct module mod_records;

/* ---- schemes of the installation -------------------------------------------------------------------- */
/* The schemes there are, read once per process. */
const struct scheme_set *schemes(struct ctx *c);
/* The scheme of a grade (index into grades) in a school year, with the parameters that hold at an organisation;
 * NULL: none. */
const struct scheme *scheme_at(struct ctx *c, org_id at, pick grade, int64_t year);

/* ---- the cells of a course ------------------------------------------------------------------------------ */
enum { SLOTS = 16, SLOT_REMARK = SLOTS };
enum { CELL_EMPTY = -1, CELL_WORD = 10000, CELL_ABSENT = 20000, CELL_EXEMPT = 20001 };   /* else hundredths       */
/* A column of the page. word: takes a word of the scheme; column: of the scheme, -1 none; part: what locks it. */
struct cell_slot { char key[8]; str vi, en; bool word, test; int column, number; pick part; };
struct cell_layout { const struct scheme *scheme; int lessons; bool comment_only, retest; struct cell_slot slots[SLOTS];
	int n; };
/* The columns of a subject in a term by its scheme. */
void    layout_make(struct arena *a, const struct scheme *s, pick grade, str subject, bool comment_only, int lessons,
	struct cell_layout *ret);
/* The one column of the year: tested again in summer (TT 22/2021 Điều 13, TT 58/2011 Điều 16). No columns: the scheme
 * has no retest. */
void    layout_retest(struct arena *a, const struct scheme *s, bool comment_only, int lessons, struct cell_layout *ret);
int     layout_slot(const struct cell_layout *l, str key);       /* -1: no such column                            */
void    cells_read(const struct cell_layout *l, str text, int32_t cells[static SLOTS]);
str     cells_text(struct arena *a, const struct cell_layout *l, const int32_t *cells);
/* A cell as machines and the ledger write it: "8.5", "dat", "v", "m", "" . */
str     cell_code(struct arena *a, const struct cell_layout *l, int32_t v);
/* As people read it: "8,5", "Đ", "CĐ", "T", "v", "m", "". */
str     cell_shown(struct arena *a, const struct cell_layout *l, int32_t v);
/* As people type it: 8,5 or 8.5, Đ, CĐ, T, H, C, v; empty clears. *ret_why: what is wrong. */
bool    cell_typed(struct arena *a, const struct cell_layout *l, int slot, str typed, int32_t *ret,
	const struct tr **ret_why);
/* What keys struck one by one mean, before cell_typed: in a column of tenths two digits are a mark and its tenth, 85 is
 * 8,5 and 05 is 0,5. 10 stays ten; 11 to 19 stay as they are and are refused, for they are as likely a slip. Never for
 * what is pasted or sent by a program. test/vectors/mark-keys.tsv holds it, for this and for the browser's own. */
str     cell_keyed(struct arena *a, const struct cell_layout *l, int slot, str typed);
/* The term's average or word; NO_SCORE and an empty text while something is missing. */
void    cells_result(const struct cell_layout *l, const int32_t *cells, score *ret_average, str *ret_comment);

/* ---- a page of marks --------------------------------------------------------------------------------------- */
struct course_head { int64_t id; org_id org; int64_t class, subject, lessons, entries; str head, code, subject_name;
	bool comment_only; pick grade; int64_t year; str class_name; };
/* average, comment: of the term, with the cells of earlier classes. old, cells_all: where came, those that an earlier
 * class holds, and the whole; from: which class; written: the comment of this book's own row. */
struct grid_row { person_id pupil; str name; int64_t mark; str cells; score average; str comment, written, remark;
	bool exempt, came /* from another class or school within the year */, barred /* may not be tested again in this
	subject */; bool old[SLOTS]; int32_t cells_all[SLOTS]; str from; };
struct grid {
	struct course_head head; struct cell_layout layout; pick term;
	bool locked[SLOTS + 1], reopened[SLOTS + 1];     /* [SLOT_REMARK]: the remark; reopened: by a permission   */
	day lock_day[PARTS], reopened_until[PARTS];      /* the day a part locks or locked by itself; NO_DAY: none */
	bool lock_now[PARTS], asked[PARTS];              /* asked: a request nobody has answered yet               */
	bool may_write;
	struct grid_row *rows; int64_t n;
};
/* The page of a class, subject and term (TERM_1, TERM_2; TERM_YEAR: retests), in class order. E_MISSING: not there,
 * or not to be seen. */
enum rc grid_load(struct ctx *c, school_class_id class, subject_id subject, pick term, struct grid *ret);
/* Whether locks let a slot (or SLOT_REMARK) be written, as it is or by a permission. */
bool    slot_open(const struct grid *g, int slot);
pick    slot_part(const struct grid *g, int slot);
/* Some slot is written behind its lock: a reason is asked for. */
bool    grid_reopened(const struct grid *g);
/* A row's cells, with those of earlier classes. */
void    row_cells(const struct cell_layout *l, const struct grid_row *r, int32_t cells[static SLOTS]);
/* was: the cell as the writer saw it; to: as typed. column "remark": the remark. */
struct cell_edit { int64_t pupil; str column, was, to; };
enum cell_end { CELL_SAVED, CELL_SAME, CELL_WRONG, CELL_CONFLICT, CELL_LOCKED };
extern const char *const cell_ends[];                    /* "saved", "same", "wrong", "conflict", "locked"      */
/* stored: the code of what is in the cell now; of a conflict: who wrote it and when. */
struct cell_told { int64_t pupil; str column; pick end; str stored, why, who; instant at; };
/* A cell that others changed after the writer's base: what it holds now. */
struct cell_news { int64_t pupil; str column, value, shown, who; instant at; };
struct row_told { int64_t pupil; score average; str average_shown, comment; };
/* Writes every cell that may be written and tells of each; whole: writes none if one is refused (E_INVALID). The
 * same edits again change nothing. reason: asked for behind a lock. E_DENIED: not the actor's course.
 * live: base is the entry of the ledger that the writer's page showed; what others changed since is told as news. form:
 * the edits are a whole page: each is held against what the cell held at base, and `was` is not looked at; a cell as
 * it was is not touched, whatever others wrote there; two digits are read as keys (cell_keyed). */
struct save_ask { school_class_id class; subject_id subject; pick term; const struct cell_edit *edits; int64_t n;
	bool whole; str reason; int64_t base; bool live, form; };
/* rows: the averages of the rows that this save or the news changed. course, seq, head: the book's end after it. */
struct save_told { items cells; int64_t saved; int64_t course, seq; str head; items news, rows; };
enum rc marks_save(struct ctx *c, const struct save_ask *ask, struct save_told *ret);
/* A cell's history, oldest first: items of struct cell_event. column empty: of every column of the pupil. What an
 * earlier class of the year wrote comes first, with class_from: "từ lớp 7B". */
struct cell_event { int64_t seq; instant at; int64_t author, impersonator; str column, from, to, reason,
	class_from; };
enum rc mark_history(struct ctx *c, school_class_id class, subject_id subject, pick term, person_id pupil, str column,
	items *ret);
/* Books of marks for every subject taught to the classes of a school year that have none yet. *ret: how many. */
enum rc courses_open(struct ctx *c, org_id at, school_year_id year, int64_t *ret);

/* ---- results ---------------------------------------------------------------------------------------------------- */
/* Computes the results of a class anew; writes those that changed. *ret: how many pupils. */
enum rc results_of_class(struct ctx *c, school_class_id class, int64_t *ret);
/* Queues the job that computes those of every class of the installation in the school year that begins in year. */
enum rc results_queue(struct ctx *c, int64_t year, int64_t *ret_job);
extern const struct job records_jobs[];                  /* results (a year of an organisation's tree), seal, close */
enum { JOB_RESULTS, JOB_SEAL, JOB_CLOSE };
/* at 0: every organisation. after: the last class that is done; classes, pupils: how many were. */
struct results_in { org_id at; school_year_id year; int64_t after, classes, pupils; };
/* Would another scheme rate a pupil differently: told for each pupil of a year whose level differs. */
typedef void differ_fn(void *arg, str school, str class, str pupil, str a, str b);
enum rc results_differ(struct ctx *c, const struct scheme *a, const struct scheme *b, int64_t year, differ_fn *tell,
	void *arg, int64_t *ret_pupils);

/* ---- who changed class or school within the year ---------------------------------------------------------------- */
/* A term in a subject as it counts for who came: what the class of now holds with what earlier classes do. name: of the
 * subject. */
struct carried_term { int64_t class, pupil, subject, course; pick term; score average; str comment, remark, code,
	name; };
/* Of the pupils of a class; the caller has asked for rights. */
enum rc terms_brought(struct ctx *c, school_class_id class, items *ret);
/* Conduct of the classes the pupils of a class came from, oldest first. term: as rating_terms has it. */
struct carried_conduct { int64_t pupil; pick term; str level, summer, qualities, remark, class_name, school; };
enum rc conduct_brought(struct ctx *c, school_class_id class, items *ret);

/* ---- the ledger -------------------------------------------------------------------------------------------------- */
/* What khue check --ledger prints. seq: of the entry or seal, id of the row. 0 of the rest: not known, or not about
 * that; subject: of a book that is there no more. */
struct ledger_fault { int64_t course, seq; const struct tr *what; int64_t pupil, class, subject, school; };
/* What it is about in words: the book by subject, class and school, a class, a school; and the pupil. */
str ledger_where(struct ctx *c, const struct ledger_fault *f);
/* Every chain, every mark against its ledger, every average against its marks, every seal, conduct against its history
 * and results against what they come from. OK: all fit. E_STATE: *ret names the first that does not. Another error:
 * ret->course is the book that was being read, 0: none. */
enum rc ledger_verify(struct ctx *c, int64_t *ret_courses, int64_t *ret_entries, int64_t *ret_seals,
	struct ledger_fault *ret);
/* The hash of an entry after the one whose hash is `before` (empty for the first), in hex. */
str ledger_hash(struct arena *a, str before, const struct ledger_entry *e);
/* How a remark stands in the ledger: by its hash, for it may be long and name people. */
str ledger_remark(struct arena *a, str remark);
/* Countersigns what moved in every school; *ret: how many seals. */
enum rc ledger_seal_all(struct ctx *c, int64_t *ret);
#endif
