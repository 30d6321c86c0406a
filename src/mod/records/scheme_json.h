/* scheme_json.h -- results of pupils given as JSON, and ratings as JSON: `khue scheme` and the API. */
#ifndef KHUE_RECORDS_SCHEME_JSON_H
#define KHUE_RECORDS_SCHEME_JSON_H
#include "mod/records/scheme.h"
#include "core/decl.h"

/* What is wrong with a JSON text, {1} already replaced; field: where in it. */
struct bad_json { str field; struct tr text; str what; };
/* {"tx":[8,9,7.5],"gk":8,"ck":8.5} a term's columns, with "lessons" when the number of regular marks is to be held
 * against the scheme; {"hk1":7.2,"hk2":8.1} the year; {"comments":["dat","dat"]} a comment subject's term. out:
 * {"average":8.3} or {"comment":"dat"}. */
bool average_json(struct arena *a, const struct scheme *s, str json, struct buf *out, struct bad_json *bad);
/* {"subjects":[{"code":"toan","average":8.2},{"code":"gdtc","comment":"dat"}],...}: README.md has all members. Out:
 * {"level":"tot","why":[...]} with "standing", "retest" and "title" when conduct or absences are given. */
bool rate_json(struct arena *a, const struct scheme *s, const struct programme *p, str json, struct buf *out,
	struct bad_json *bad);
/* The rating itself, for a comparison of schemes. */
bool rate_given(struct arena *a, const struct scheme *s, const struct programme *p, str json, struct rating *ret,
	struct bad_json *bad);
#endif
