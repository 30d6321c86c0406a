/* smpp_fuzz.c -- any bytes as what an SMS gateway sends, and as the file that describes one: nothing is read beyond
 * them, and what is taken from a receipt stands in it. */
#include <assert.h>
#include <stdlib.h>
#include "mod/channel/channel_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void as_text(struct arena *mem, str text)
{
	struct sms_part cut[SMS_PARTS_MAX];
	struct gateway g;
	const char *why;
	ptrdiff_t all = 0;

	gateway_parse(mem, text, &g, &why);
	if (!str_is_utf8(text))
		return;
	int n = sms_cut(text, cut);
	assert(n == sms_parts(text));
	for (int i = 0; i < n && n <= SMS_PARTS_MAX; i++) {
		str octets = sms_octets(mem, &cut[i]);
		assert(octets.n > 0 && octets.n <= (n == 1 && !cut[i].wide ? 160 : cut[i].wide ? 140 : 153));
		all += cut[i].text.n;
	}
	assert(n > SMS_PARTS_MAX || all == text.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem;
	str ref, state, pdu;

	if (size > 4096)
		return 0;
	arena_init(&mem, (size_t)8 << 20);
	char *copy = malloc(size ? size : 1);            /* of its own length: a byte read behind it is seen */
	assert(copy);
	memcpy(copy, data, size);
	pdu = (str){ copy, (ptrdiff_t)size };
	if (smpp_receipt(pdu, &ref, &state))
		assert(ref.p >= pdu.p && ref.p + ref.n <= pdu.p + pdu.n && state.p >= pdu.p &&
			state.p + state.n <= pdu.p + pdu.n);
	as_text(&mem, pdu);
	free(copy);
	arena_free(&mem);
	return 0;
}
