/* smpp.c -- as much of SMPP 3.4 as sending takes: bind_transceiver, submit_sm, enquire_link, unbind, and the delivery
 * receipts that come as deliver_sm. One request at a time. Numbers in brackets: sections of the specification. */
#include "mod/channel/channel_in.h"
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RESP = (int)0x80000000u, SUBMIT = 4, DELIVER = 5, UNBIND = 6, BIND_TRANSCEIVER = 9, ENQUIRE = 0x15 };
enum { PDU_HEAD = 16, PDU_MAX = 4096, WAIT_MS = 10000, THROTTLED = 0x58, QUEUE_FULL = 0x14, UCS2 = 8, UDHI = 0x40 };
struct smpp { int fd; uint32_t next; uint8_t parts; receipt_fn *receipt; void *arg; str from; char pdu[PDU_MAX]; };

static uint32_t word_at(const char *p)
{
	const uint8_t *u = (const uint8_t *)p;
	return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

static void put_word(struct buf *b, uint32_t v)
{
	for (int i = 24; i >= 0; i -= 8)
		put_c(b, (char)(v >> i));
}

/* A C-octet string [3.1]: at most max bytes with its zero. */
static void put_octets(struct buf *b, str s, ptrdiff_t max)
{
	put(b, str_sub(s, 0, s.n < max ? s.n : max - 1));
	put_c(b, 0);
}

static bool wait_for(int fd, short what, int ms)
{
	struct pollfd p = { fd, what, 0 };
	int n;

	do
		n = poll(&p, 1, ms);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

static bool send_pdu(struct smpp *s, uint32_t command, uint32_t status, uint32_t number, str body)
{
	struct buf b;
	struct arena mem;
	bool good = true;

	arena_init(&mem, PDU_MAX * 4);
	buf_init(&b, &mem, PDU_MAX * 2);
	put_word(&b, (uint32_t)(PDU_HEAD + body.n));
	put_word(&b, command);
	put_word(&b, status);
	put_word(&b, number);
	put(&b, body);
	str left = buf_str(&b);
	while (good && left.n) {
		ssize_t n = wait_for(s->fd, POLLOUT, WAIT_MS) ? send(s->fd, left.p, (size_t)left.n, MSG_NOSIGNAL) : -1;
		good = n > 0;
		left = str_sub(left, good ? n : left.n, -1);
	}
	arena_free(&mem);
	return good;
}

static bool read_whole(struct smpp *s, char *p, size_t n, int ms)
{
	while (n) {
		ssize_t k = wait_for(s->fd, POLLIN, ms) ? recv(s->fd, p, n, 0) : -1;
		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

/* One PDU into s->pdu; its length, 0: none came in time, -1: the connection is over. */
static int next_pdu(struct smpp *s, int ms)
{
	if (!wait_for(s->fd, POLLIN, ms))
		return 0;
	if (!read_whole(s, s->pdu, PDU_HEAD, WAIT_MS))
		return -1;
	uint32_t n = word_at(s->pdu);
	if (n < PDU_HEAD || n > PDU_MAX || !read_whole(s, s->pdu + PDU_HEAD, n - PDU_HEAD, WAIT_MS))
		return -1;
	return (int)n;
}

/* ---- receipts [4.6, appendix B] -------------------------------------------------------------------------------- */

/* A C-octet string at *at; false: it does not end. */
static bool skip_octets(str pdu, ptrdiff_t *at)
{
	while (*at < pdu.n && pdu.p[*at])
		++*at;
	return ++*at <= pdu.n;
}

static str word_behind(str text, str name)
{
	ptrdiff_t at = str_find(text, name), end;

	if (at < 0)
		return S("");
	for (end = at += name.n; end < text.n && text.p[end] != ' ' && text.p[end]; end++)
		continue;
	return str_sub(text, at, end);
}

bool smpp_receipt(str pdu, str *ret_ref, str *ret_state)
{
	ptrdiff_t at = PDU_HEAD;

	if (pdu.n < PDU_HEAD || word_at(pdu.p + 4) != DELIVER || !skip_octets(pdu, &at))     /* service_type */
		return false;
	at += 2;
	if (at > pdu.n || !skip_octets(pdu, &at))                                       /* source_addr */
		return false;
	at += 2;
	if (at > pdu.n || !skip_octets(pdu, &at) || at >= pdu.n)                        /* destination_addr */
		return false;
	bool receipt = (pdu.p[at] & 0x3C) == 4;                                         /* esm_class [5.2.12] */
	at += 3;
	if (at > pdu.n || !skip_octets(pdu, &at) || !skip_octets(pdu, &at) || at + 5 > pdu.n)
		return false;
	at += 4;                                         /* registered_delivery, replace, data_coding, default id */
	ptrdiff_t n = (uint8_t)pdu.p[at++];
	if (!receipt || at + n > pdu.n)
		return false;
	str text = str_sub(pdu, at, at + n);
	*ret_ref = word_behind(text, S("id:"));
	*ret_state = word_behind(text, S("stat:"));
	return ret_ref->n > 0 && ret_state->n > 0;
}

/* What the other side asks of us; false: the connection is over. */
static bool asked(struct smpp *s, int n)
{
	str pdu = { s->pdu, n }, ref, state;
	uint32_t command = word_at(s->pdu + 4), number = word_at(s->pdu + 12);

	if (command == DELIVER && smpp_receipt(pdu, &ref, &state) && s->receipt)
		s->receipt(s->arg, ref, str_is(state, "DELIVRD"), state);
	if (command == DELIVER)
		return send_pdu(s, (uint32_t)RESP | DELIVER, 0, number, (str){ "", 1 });
	if (command == ENQUIRE || command == UNBIND)
		return send_pdu(s, (uint32_t)RESP | command, 0, number, (str){ 0 }) && command != UNBIND;
	return true;
}

/* Sends a request and waits for its answer; what comes in between is answered. Its status, or -1. */
static int64_t request(struct smpp *s, uint32_t command, str body)
{
	uint32_t number = ++s->next;
	int n;

	if (!send_pdu(s, command, 0, number, body))
		return -1;
	while ((n = next_pdu(s, WAIT_MS)) > 0) {
		if (word_at(s->pdu + 4) == ((uint32_t)RESP | command) && word_at(s->pdu + 12) == number)
			return word_at(s->pdu + 8);
		if (!(word_at(s->pdu + 4) & (uint32_t)RESP) && !asked(s, n))
			break;
	}
	return -1;
}

/* ---- the connection ---------------------------------------------------------------------------------------------- */

static int connected(struct arena *mem, str where)
{
	struct addrinfo hint = { .ai_socktype = SOCK_STREAM }, *all = NULL;
	ptrdiff_t colon = where.n;
	int fd = -1;

	while (colon > 0 && where.p[colon - 1] != ':')
		colon--;
	str host = colon ? str_sub(where, 0, colon - 1) : where, port = colon ? str_sub(where, colon, -1) : S("2775");
	if (getaddrinfo(str_z(mem, host), str_z(mem, port), &hint, &all) != 0)
		return -1;
	for (struct addrinfo *a = all; a && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		int failed = 0;
		socklen_t n = sizeof failed;
		bool good = fd >= 0 && (connect(fd, a->ai_addr, a->ai_addrlen) == 0 || (errno == EINPROGRESS &&
			wait_for(fd, POLLOUT, WAIT_MS) && getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &n) == 0 && !failed));
		if (fd >= 0 && !good) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(all);
	return fd;
}

struct smpp *smpp_open(struct arena *mem, const struct gateway *g, receipt_fn *receipt, void *arg, const char **why)
{
	struct smpp *s = NEW(mem, struct smpp);
	struct buf b;

	*s = (struct smpp){ .fd = connected(mem, str_sub(g->url, 7, -1)), .receipt = receipt, .arg = arg, .from = g->from };
	*why = "the gateway does not answer";
	if (s->fd < 0)
		return NULL;
	buf_init(&b, mem, 256);
	put_octets(&b, g->user, 16);
	put_octets(&b, g->secret, 9);
	put_octets(&b, S("khue"), 13);
	put(&b, (str){ "\x34\0\0\0", 4 });               /* version 3.4, any kind of number, no range */
	int64_t status = request(s, BIND_TRANSCEIVER, buf_str(&b));
	if (status != 0) {
		*why = status < 0 ? "the gateway does not answer" : "the gateway refuses user or secret";
		close(s->fd);
		return NULL;
	}
	return s;
}

/* submit_sm [4.4]; of several parts each begins with the header that joins them (TS 23.040 9.2.3.24.1). */
static str submit_body(struct smpp *s, struct arena *mem, const struct sms *m, const struct sms_part *p, int i, int n)
{
	str text = sms_octets(mem, p);
	bool name = !s->from.n || s->from.p[0] < '0' || s->from.p[0] > '9';
	struct buf b;

	buf_init(&b, mem, PDU_MAX);
	put_c(&b, 0);                                    /* service_type */
	put_c(&b, name ? 5 : 1);                         /* alphanumeric, or international; no plan, or E.164 */
	put_c(&b, name ? 0 : 1);
	put_octets(&b, s->from, 21);
	put(&b, (str){ "\1\1", 2 });
	put_octets(&b, m->to, 21);
	put_c(&b, n > 1 ? UDHI : 0);                     /* esm_class */
	put(&b, (str){ "\0\0\0\0\1\0", 6 });             /* at once, no end, receipt asked, no replacing */
	put_c(&b, p->wide ? UCS2 : 0);
	put_c(&b, 0);
	put_c(&b, (char)(text.n + (n > 1 ? 6 : 0)));
	if (n > 1) {
		put(&b, (str){ "\5\0\3", 3 });
		put_c(&b, (char)s->parts);
		put_c(&b, (char)n);
		put_c(&b, (char)(i + 1));
	}
	put(&b, text);
	return buf_str(&b);
}

enum outcome smpp_sms(struct smpp *s, struct arena *mem, const struct sms *m, str *ret_ref, str *ret_why)
{
	struct sms_part cut[SMS_PARTS_MAX];
	int n = sms_cut(m->text, cut);

	*ret_ref = *ret_why = (str){ 0 };
	s->parts++;
	for (int i = 0; i < n; i++) {
		int64_t status = n > SMS_PARTS_MAX ? 1 : request(s, SUBMIT, submit_body(s, mem, m, &cut[i], i, n));
		if (status == 0) {
			size_t room = word_at(s->pdu) - PDU_HEAD;
			*ret_ref = str_copy(mem, (str){ s->pdu + PDU_HEAD, (ptrdiff_t)strnlen(s->pdu + PDU_HEAD, room) });
			continue;
		}
		*ret_why = status < 0 ? S("no answer") : str_fmt(mem, "SMPP status %lld", (long long)status);
		if (status < 0)
			return LOST;
		return i == 0 && (status == THROTTLED || status == QUEUE_FULL) ? AWAY : REFUSED_BY;
	}
	return TAKEN;
}

void smpp_close(struct smpp *s, int ms)
{
	int n = 1;

	if (request(s, ENQUIRE, (str){ 0 }) == 0)
		while (n > 0 && (n = next_pdu(s, ms)) > 0)
			if (!(word_at(s->pdu + 4) & (uint32_t)RESP) && !asked(s, n))
				n = -1;
	if (n >= 0)
		request(s, UNBIND, (str){ 0 });
	close(s->fd);
}
