/* template_ops.h -- the parsed form of a template, shared by template_parse.c and template.c only. */
#ifndef KHUE_TEMPLATE_OPS_H
#define KHUE_TEMPLATE_OPS_H
#include "web/template.h"

/* Most nesting of sections and partials together; most of them entered in one rendering: partials that call each other
 * twice would double with every level. */
enum { TEMPLATE_DEPTH = 64, TEMPLATE_STEPS = 1 << 20 };
enum op_kind { OP_TEXT, OP_VALUE, OP_RAW, OP_SECTION, OP_INVERTED, OP_END, OP_PARTIAL, OP_UNSAID };

struct op {
	enum op_kind kind;
	int line;
	str text;                                    /* OP_TEXT: bytes to write; others: the name as written   */
	str *path; int n_path;                       /* the name cut at its dots; 0: the implicit iterator "." */
	int jump;                                    /* sections: index of their OP_END; OP_END: of its section*/
	str indent;                                  /* OP_PARTIAL standing alone on its line                  */
	const struct template *partial; bool looked; /* found at the first use                                 */
};
struct template {
	struct template_set *set;
	str name, indent;
	struct op *ops; int n_ops, cap;
	struct template *next;                       /* in the set's bucket                                    */
};
enum { SET_BUCKETS = 256 };
struct template_set {
	struct arena mem;
	bool (*load)(void *, str, str *);
	str (*say)(void *, str);
	void *arg;
	struct template *buckets[SET_BUCKETS];
};
/* Fills t->ops from source. False with the reason and line in why. */
bool template_parse(struct template *t, str source, char why[static 256]);
/* The template of a name with every line indented; NULL: missing or malformed. */
const struct template *template_find(struct template_set *s, str name, str indent, char why[static 256]);
#endif
