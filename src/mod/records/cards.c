/* cards.c -- what waits in the books of marks for a word of the school's head, on the first page. */
#include "mod/records/records_rules.h"

struct asked_view { int64_t reopens; };
#define ROW struct asked_view
static const struct shape asked_shape = { sizeof(ROW), FIELDS{ { COL(reopens) }, END } };
#undef ROW

static enum rc card_asked(struct ctx *c, const void *in, void *out_)
{
	struct asked_view *out = out_;
	struct book_in ask = { .school = c->here.org.v };

	(void)in;
	if (!ask.school)
		return E_MISSING;
	TRY(query_int(c, "records/reopens_asked", &book_in_shape, &ask, &out->reopens));
	return out->reopens ? OK : E_MISSING;
}

static const struct grant openers[] = { { &principal, &at_org, READ }, { &deputy, &at_org, READ }, { 0 } };
const struct card records_cards[] = { { "reopens", { "Sổ điểm chờ bạn trả lời", "Books of marks that wait for you" },
	openers, &asked_shape, card_asked, "records/card_asked" }, END };
