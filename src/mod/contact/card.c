/* card.c -- what waits between family and school, on the first page of either: messages and notices nobody read yet,
 * requests for leave and notices that wait for an answer. */
#include "mod/contact/contact_in.h"

struct waiting { int64_t messages, notices, leaves, approvals; };
#define ROW struct waiting
static const struct shape waiting_shape = { sizeof(ROW), FIELDS{ { COL(messages) }, { COL(notices) }, { COL(leaves) },
	{ COL(approvals) }, END } };
#undef ROW

static bool decides(const struct ctx *c)
{
	return has_role(c, &form_teacher, c->here.org) || has_role(c, &principal, c->here.org) ||
		has_role(c, &clerk, c->here.org);
}

static enum rc card_waiting(struct ctx *c, const void *in, void *out_)
{
	struct waiting *out = out_;
	struct key_in key = { .school = c->here.org };

	(void)in;
	TRY(query_int(c, "contact/unread", NULL, NULL, &out->messages));
	if (has_role(c, &parent, (org_id){ 0 }))
		TRY(query_int(c, "contact/unread_notices", NULL, NULL, &out->notices));
	if (c->here.org.v && decides(c))
		TRY(query_int(c, "contact/leaves_asked", &key_shape, &key, &out->leaves));
	if (c->here.org.v && has_role(c, &principal, c->here.org))
		TRY(query_int(c, "contact/approvals_asked", &key_shape, &key, &out->approvals));
	return out->messages || out->notices || out->leaves || out->approvals ? OK : E_MISSING;
}

static const struct grant everybody[] = { { &parent, &own_child, READ }, { &teacher, &at_org, READ },
	{ &form_teacher, &at_org, READ }, { &principal, &at_org, READ }, { &clerk, &at_org, READ }, { 0 } };
const struct card contact_cards[] = {
	{ "waiting", { "Gia đình và nhà trường", "Family and school" }, everybody, &waiting_shape, card_waiting,
		"contact/card_waiting" }, END };
