/* carried.h -- marks and conduct of the classes a pupil came from within the school year; within the module. They stay
 * in the old class's book, whose ledger tells of them, and are read with the new class's: doc/why/gradebook.md. */
#ifndef KHUE_RECORDS_CARRIED_H
#define KHUE_RECORDS_CARRIED_H
#include "mod/records/records_rules.h"
#include "core/query.h"

/* A pupil's term in a subject in an earlier class, and own: what the class of now has of it. school: empty within
 * one. */
struct carried_row { int64_t class, pupil, subject; pick term; str cells, remark, class_name, school, own;
	int64_t course /* the book of now; 0: none */, lessons; pick grade; int64_t year; str code, name;
	bool comment_only; };
/* in->class: of every subject; with in->course and in->subject of this book, up to own; class 0: of every class of
 * in->school in in->year, in->subject or every one. By pupil, oldest first. Only after a change of class, or a move
 * that the new school has received. Rights are the caller's. */
enum rc carried_marks(struct ctx *c, const struct book_in *in, items *ret);
/* Of in->class, in->subject and in->term alone, without own: a page of a book. asked: filled by carried_ahead or not at
 * all. */
enum rc carried_term(struct ctx *c, const struct book_in *in, struct ahead *asked, items *ret);
void carried_ahead(struct ctx *c, const struct book_in *in, struct ahead *ret);
/* Fills the empty cells with those of earlier classes, the latest first; old: which they were, NULL: not asked. The
 * last of the rows that filled one; NULL: none did. */
const struct carried_row *carried_into(const items *rows, int64_t class, int64_t pupil, int64_t subject, pick term,
	const struct cell_layout *l, int32_t *cells, bool *old);
/* "từ lớp 7B", with the school where it is another; empty for NULL. */
str carried_from(struct ctx *c, const struct carried_row *r);
/* The books of earlier classes that hold a pupil's marks of a subject, oldest first. */
struct carried_book { int64_t course; str class_name, school; };
enum rc carried_books(struct ctx *c, school_class_id class, subject_id subject, person_id pupil, items *ret);
/* The terms of carried_marks as items of struct carried_term. */
enum rc carried_terms(struct ctx *c, const struct book_in *in, items *ret);
/* The items of conduct_brought. */
enum rc carried_conducts(struct ctx *c, const struct book_in *in, items *ret);
str carried_from_class(struct ctx *c, str class_name, str school);
#endif
