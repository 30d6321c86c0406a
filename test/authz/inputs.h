/* inputs.h -- what the matrix sends: values that pass each module's rules, so that only the right decides. */
#ifndef KHUE_INPUTS_H
#define KHUE_INPUTS_H
#include "province.h"
#include "web/http.h"

/* A text column whose rule asks for a certain form has a value here instead of a mark. */
bool input_known(const char *entity, const char *field);
str  input_text(struct arena *mem, const char *entity, const char *field, int64_t id);
/* Pairs of an update: every column and every column of struct base. */
int  input_update(const struct province *p, const struct meta *m, const struct fact *row, struct pair *ret, int max);
/* Pairs of a new row that belongs where `row` does; -1: rows of this kind are not made by a form of one row. */
int  input_create(const struct province *p, const struct meta *m, const struct fact *row, struct pair *ret, int max);
int input_step(const struct province *p, const struct meta *m, const struct step *s, const struct fact *row,
	       struct pair *ret, int max);
/* The bit of the row's state. */
uint32_t input_state(const struct province *p, const struct meta *m, int64_t id);
/* The columns this player may never write, as text: base's, DERIVED, FIXED and hidden ones. */
str input_guarded(const struct province *p, struct arena *mem, const struct player *who, const struct meta *m,
		  int64_t id);
str  input_slug(const struct province *p, struct arena *mem, int64_t org);
/* An address for a declared route with a row of the province in each {name}. */
const char *input_path(const struct province *p, struct arena *mem, const struct route *r);
/* What a form would show in this field of the row as it stands. */
str input_value(const struct province *p, const struct meta *m, const struct field *f, int64_t id);
#endif
