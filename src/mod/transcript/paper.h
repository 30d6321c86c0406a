/* paper.h -- a transcript on paper, in the form of the học bạ of TT 22/2021/TT-BGDĐT (secondary) and TT
 * 27/2020/TT-BGDĐT (primary): drawn from the parts that were signed. */
#ifndef KHUE_TRANSCRIPT_PAPER_H
#define KHUE_TRANSCRIPT_PAPER_H
#include "mod/transcript/bearer.h"
#include "mod/transcript/part.h"
#include "mod/transcript/transcript.h"

/* A part and what is told of its signatures. */
struct signed_part { struct year_part v; str form_by, head_by, head_as; instant form_at, head_at; };
struct paper_ask { pick level; int64_t number, version; struct bearer bearer;
	const struct signed_part *parts; int64_t n; str qr, digest; instant issued; };
/* The PDF, unsigned. */
enum rc paper_pdf(struct ctx *c, const struct paper_ask *ask, str *ret);
#endif
