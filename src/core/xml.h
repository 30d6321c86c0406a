/* xml.h -- a pull scanner for the XML inside office files, made for large sheets of untrusted origin.
 *
 * Accepts a strict subset of XML 1.0 in UTF-8; whatever it accepts, expat accepts too (test/unit/xml_test.c). Refused:
 * DOCTYPE, undeclared entities, other encodings, names outside ASCII, more than 64 levels or 256 attributes, a tag or
 * a run of text above 8 MiB. Prefixes are cut from names. Memory: one window in the arena. */
#ifndef KHUE_XML_H
#define KHUE_XML_H
#include "base/base.h"

enum { XML_DEPTH = 64, XML_ATTRS = 256, XML_NAMES = 8192 };
enum xml_event { XML_DONE, XML_OPEN, XML_CLOSE, XML_TEXT, XML_BAD };
/* Fills p with up to n bytes; returns how many, 0 at the end, negative on failure. */
typedef ptrdiff_t xml_read_fn(void *arg, char *p, ptrdiff_t n);
struct xml_attr { str name, value; };                    /* value as written: entities not yet replaced       */

struct xml {
	str name;                                        /* OPEN, CLOSE: without prefix                       */
	str text;                                        /* TEXT: as written; see xml_put_text                */
	bool cdata;                                      /* TEXT came from CDATA: nothing to replace          */
	struct xml_attr attrs[XML_ATTRS]; int n_attrs;   /* OPEN                                              */
	int depth;                                       /* elements open, this one included                  */
	int64_t from;                                    /* OPEN, CLOSE: where its tag begins in the data     */
	bool empty;                                      /* OPEN: <x/>, whose CLOSE has no tag                */
	const char *bad;                                 /* BAD: the reason, static text in English           */
	/* private */
	xml_read_fn *read; void *arg; struct arena *mem;
	char *p; ptrdiff_t at, end, cap;
	int64_t gone;
	bool eof, begun, rooted;
	uint16_t ends[XML_DEPTH + 1];
	char names[XML_NAMES];
};

void xml_init(struct xml *x, struct arena *mem, xml_read_fn *read, void *arg);
/* Where in the data a byte stands that a slice of the present event points to. */
int64_t xml_place(const struct xml *x, const char *p);
/* Where in the data the present event ends. */
int64_t xml_behind(const struct xml *x);
/* The next event. Slices are valid until the next call. After DONE or BAD it answers the same again. */
enum xml_event xml_next(struct xml *x);
/* Passes the rest of the element just opened, its CLOSE included. False: x->bad. */
bool xml_skip(struct xml *x);
/* The attribute of that name, prefix ignored; empty when absent. */
str  xml_attr(const struct xml *x, const char *name);
/* Appends text with entities replaced and line ends normalised. False: malformed. */
bool xml_put_text(struct buf *b, str raw, bool cdata);
#endif
