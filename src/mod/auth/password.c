/* password.c -- see password.h. */
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>
#include "base/hash.h"
#include "core/app.h"
#include "mod/auth/password.h"

enum { HASHES = 2, QUEUE_MAX = 64, WAIT_MS = 3000, NAP_MS = 4, OPS = 2 };
#define MEMORY ((size_t)19456 * 1024)

static const struct tr
	MSG_short = { "Mật khẩu quá ngắn: cần ít nhất {1} ký tự. Một câu ngắn dễ nhớ là tốt nhất.",
	              "The password is too short: at least {1} characters. A short sentence is best." },
	MSG_long = { "Mật khẩu dài quá {1} ký tự.", "The password is longer than {1} characters." },
	MSG_common = { "Mật khẩu này nằm trong những mật khẩu ai cũng thử đầu tiên. Hãy đặt một câu chỉ mình bạn nghĩ ra.",
	               "This password is among those that everybody tries first. Make up a sentence of your own." },
	MSG_context = { "Mật khẩu này đoán được từ tên đăng nhập, họ tên, ngày sinh hay tên trường. Hãy đặt một câu khác.",
	                "This password can be guessed from your login, name, birthday or school. "
	                	"Make up another sentence." },
	MSG_pattern = { "Mật khẩu này chỉ là một dãy lặp lại hoặc liên tiếp. Hãy đặt một câu khác.",
	                "This password is only a repeated or running sequence. Make up another sentence." };

/* ---- rules ------------------------------------------------------------------------------- */

static int compare_word(const void *key, const void *at)
{
	return str_cmp(*(const str *)key, str_of(*(const char *const *)at));
}

static bool is_common(str s)
{
	return bsearch(&s, auth_common, (size_t)auth_common_count, sizeof *auth_common, compare_word) != NULL;
}

/* Letters and digits of the folded text: "Hoc Sinh-2014!" -> "hocsinh2014". */
static str squeezed(struct arena *mem, str s)
{
	str folded = viet_fold(mem, s);
	struct buf b;

	buf_init(&b, mem, (size_t)folded.n + 1);
	for (ptrdiff_t i = 0; i < folded.n; i++)
		if ((folded.p[i] >= 'a' && folded.p[i] <= 'z') || (folded.p[i] >= '0' && folded.p[i] <= '9'))
			put_c(&b, folded.p[i]);
	return buf_str(&b);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Without digits at either end: what is left of "123hocsinh2014". */
static str stem(str s)
{
	while (s.n && is_digit(s.p[0]))
		s = str_sub(s, 1, -1);
	while (s.n && is_digit(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* One character or block again and again, or each the neighbour of the last: aaaaaaaa, 12121212, 23456789. */
static bool is_pattern(str s)
{
	for (ptrdiff_t block = 1; block * 2 <= s.n; block++) {
		ptrdiff_t i = block;
		while (i < s.n && s.p[i] == s.p[i - block])
			i++;
		if (i == s.n)
			return true;
	}
	for (int step = -1; step <= 1; step += 2) {
		ptrdiff_t i = 1;
		while (i < s.n && s.p[i] - s.p[i - 1] == step)
			i++;
		if (s.n > 1 && i == s.n)
			return true;
	}
	return false;
}

/* Whether the words of the account, put one after another in any order, with digits, are all of s. */
static bool only_context(str s, const str *words, int n)
{
	bool cut = true;

	s = stem(s);
	while (s.n && cut) {
		cut = false;
		for (int i = 0; i < n && !cut; i++) {
			if (words[i].n >= 2 && str_starts(s, words[i])) {
				s = stem(str_sub(s, words[i].n, -1));
				cut = true;
			}
		}
	}
	return s.n == 0;
}

/* "p@ssw0rd" is "password": the signs that everybody puts for letters. */
static str plain_letters(struct arena *mem, str s)
{
	static const char signs[] = "@4301!$57", letters[] = "aaeoiisst";
	char *p = arena_alloc(mem, (size_t)s.n + 1, 1);
	const char *at;

	for (ptrdiff_t i = 0; i < s.n; i++)
		p[i] = (at = memchr(signs, s.p[i], sizeof signs - 1)) != NULL ? letters[at - signs] : s.p[i];
	return squeezed(mem, (str){ p, s.n });
}

const struct tr *password_flaw(struct arena *mem, str password, int min, const str *context, int n)
{
	str words[64], plain = squeezed(mem, password), all_digits;
	int k = 0;

	if (str_chars(password) < min)
		return &MSG_short;
	if (str_chars(password) > PASSWORD_MAX)
		return &MSG_long;
	if (is_common(str_lower(mem, password)) || is_common(plain) || is_common(stem(plain)) ||
		is_common(plain_letters(mem, password)))
		return &MSG_common;
	if (is_pattern(password) || is_pattern(plain))
		return &MSG_pattern;
	all_digits = plain;
	for (int i = 0; i < n && k < (int)COUNT(words); i++) {
		str folded = viet_fold(mem, context[i]), head, whole = squeezed(mem, context[i]);
		if (whole.n >= 4 && str_eq(whole, all_digits))
			return &MSG_context;
		words[k++] = whole;
		for (bool more = true; more && k < (int)COUNT(words); ) {
			more = str_cut(folded, ' ', &head, &folded);
			words[k++] = squeezed(mem, head);
		}
	}
	return stem(plain).n && only_context(plain, words, k) ? &MSG_context : NULL;
}

/* ---- keeping ----------------------------------------------------------------------------- */

static void nap(void)
{
	struct timespec t = { 0, NAP_MS * 1000000L };

	nanosleep(&t, NULL);
}

/* Of n places on this machine one that is free: a lock that the kernel gives back when a worker dies. -1: none; -2:
 * no file. */
static int take_one(struct ctx *c, const char *kind, int n)
{
	for (int i = 0; i < n; i++) {
		int fd = open(str_z(c->mem, TEXT(c, "%s/%s-%d.lock", c->app->data, kind, i)), O_RDWR | O_CREAT | O_CLOEXEC,
			0600);

		if (fd < 0)
			return -2;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return fd;
		close(fd);
	}
	return -1;
}

/* A place to hash at, one core of two left to others. Who waits holds up a worker: so few wait that two workers
 * always answer pages, and the rest are told to come back. */
static enum rc take_place(struct ctx *c, int *ret_fd)
{
	int places = sysconf(_SC_NPROCESSORS_ONLN) > 2 ? HASHES : 1, workers = c->app->workers;
	int queue = workers == 0 ? QUEUE_MAX : workers - places - 2, waits = -1;

	*ret_fd = take_one(c, "hash", places);
	if (*ret_fd == -1 && queue > 0)
		waits = take_one(c, "hash-wait", queue < QUEUE_MAX ? queue : QUEUE_MAX);
	for (int waited = 0; *ret_fd == -1 && waits >= 0 && waited <= WAIT_MS; waited += NAP_MS) {
		nap();
		*ret_fd = take_one(c, "hash", places);
	}
	if (waits >= 0)
		close(waits);
	return *ret_fd >= 0 ? OK : *ret_fd == -1 ? E_BUSY : E_FAULT;
}

/* Password and installation secret as one text of fixed length. */
static str peppered(struct ctx *c, str password)
{
	digest key;
	str label = S("khue password pepper");

	memcpy(key.b, c->app->secret, sizeof key.b);
	key = hash_keyed(key, label);
	key = hash_keyed(key, password);
	return hex_of(c->mem, key.b, sizeof key.b);
}

enum rc password_hash(struct ctx *c, str password, str *ret)
{
	char out[crypto_pwhash_STRBYTES];
	str text = peppered(c, password);
	int fd = -1, bad;

	TRY(take_place(c, &fd));
	bad = crypto_pwhash_str_alg(out, text.p, (unsigned long long)text.n, OPS, MEMORY, crypto_pwhash_ALG_ARGON2ID13);
	close(fd);
	if (bad)
		return E_BUSY;                           /* no memory */
	*ret = str_copy(c->mem, str_of(out));
	return OK;
}

/* Of no password: what an unknown name is held against. */
#define NOBODY "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$Y3s8BB0nVZQ0nGZsNUKYnk0rUmRbAzvVQwqDpGAkzjQ"

enum rc password_matches(struct ctx *c, str kept, str password, bool *ret, bool *ret_old)
{
	char hash[crypto_pwhash_STRBYTES] = { 0 };
	str held = kept.n && kept.n < (ptrdiff_t)sizeof hash ? kept : S(NOBODY);
	str text = peppered(c, password);
	int fd = -1;
	bool same;

	memcpy(hash, held.p, (size_t)held.n);
	TRY(take_place(c, &fd));
	same = crypto_pwhash_str_verify(hash, text.p, (unsigned long long)text.n) == 0;
	close(fd);
	*ret = same && kept.n > 0;
	*ret_old = *ret && crypto_pwhash_str_needs_rehash(hash, OPS, MEMORY) != 0;
	return OK;
}

/* ---- codes ------------------------------------------------------------------------------- */

str code_make(struct ctx *c, int n)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789x";      /* 32: no i l o 0 1; x twice */
	uint8_t bytes[64];
	struct buf b;

	buf_init(&b, c->mem, 128);
	fresh_bytes(c, bytes, (size_t)n);
	for (int i = 0; i < n; i++) {
		if (i && i % 4 == 0)
			put_c(&b, '-');
		put_c(&b, letters[bytes[i] & 31]);
	}
	return buf_str(&b);
}

str code_read(struct arena *mem, str typed)
{
	struct buf b;

	buf_init(&b, mem, 200);
	typed = str_lower(mem, typed);
	for (ptrdiff_t i = 0; i < typed.n; i++)
		if ((typed.p[i] >= 'a' && typed.p[i] <= 'z') || is_digit(typed.p[i]))
			put_c(&b, typed.p[i]);
	return buf_str(&b);
}
