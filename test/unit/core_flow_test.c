/* Workflows, numbers, idempotency keys, and the chain of history that a forger cannot mend. */
#include "library.h"
#include "core/checkpoint.h"

static int64_t put_copy(struct ctx *c, const char *barcode)
{
	struct lib_book b = book_of(barcode);
	struct lib_copy x;
	assert_int_equal(create(c, &lib_book, &b), OK);
	row_zero(&lib_copy, &x);
	x.book.v = b.base.id;
	x.barcode = str_of(barcode);
	assert_int_equal(create(c, &lib_copy, &x), OK);
	assert_int_equal(x.state, COPY_FREE);
	return x.base.id;
}

static void steps_follow_the_graph(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_copy x, stale;
	int64_t id = put_copy(c, "B1");

	assert_int_equal(find(c, &lib_copy, id, &x), OK);
	stale = x;
	assert_int_equal(perm_steps(c, &lib_copy, &x), 1 << 2 | 1 << 4);         /* repair, lose; lend belongs to code */
	assert_int_equal(step(c, &lib_copy, &x, "shelve"), E_STATE);
	assert_int_equal(step(c, &lib_copy, &x, "fly"), E_MISSING);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(step(c, &lib_copy, &x, "repair"), OK);
	assert_int_equal(x.state, COPY_REPAIR);
	assert_int_equal(x.base.rev, 2);
	assert_int_equal(step(c, &lib_copy, &stale, "lose"), E_STATE);
	assert_int_equal(step(c, &lib_copy, &stale, "shelve"), E_CONFLICT);

	/* what a step asks is written with it; who may not, may not */
	x.shelf = S("K3");
	assert_int_equal(step(c, &lib_copy, &x, "shelve"), OK);
	assert_int_equal(find(c, &lib_copy, id, &x), OK);
	assert_text(x.shelf, "K3");
	assert_int_equal(x.state, COPY_FREE);
	c = AS(w, 5, 5, { &teacher, { SCHOOL_A }, { 0 }, { 99999 } });
	assert_int_equal(find(c, &lib_copy, id, &x), OK);
	assert_int_equal(step(c, &lib_copy, &x, "lose"), E_DENIED);
	assert_int_equal(perm_steps(c, &lib_copy, &x), 0);
	c = as_librarian(w, SCHOOL_B);
	assert_int_equal(step(c, &lib_copy, &x, "lose"), E_MISSING);

	/* lost is locked */
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(step(c, &lib_copy, &x, "lose"), OK);
	x.shelf = S("K4");
	assert_false(may(c, &lib_copy, UPDATE, &x));
	assert_int_equal(update(c, &lib_copy, &x), E_STATE);
	assert_int_equal(retire(c, &lib_copy, id, x.base.rev), E_STATE);
	items events;
	assert_int_equal(audit_of(c, &lib_copy, id, (instant){ 0 }, 10, &events), OK);
	assert_int_equal(events.n, 4);
	assert_text(((const struct audit_event *)events.p)[0].label, "Report lost");
	world_close(w);
}

static void guards_hold_back_and_leave_nothing(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct lib_loan loan;
	struct reader who;
	row_zero(&reader, &who);
	who.name = S("An");
	assert_int_equal(create(c, &reader, &who), OK);
	row_zero(&lib_loan, &loan);
	loan.copy.v = put_copy(c, "B1");
	loan.reader.v = who.base.id;
	assert_int_equal(create(c, &lib_loan, &loan), OK);
	assert_int_equal(loan.due.v, c->today.v + 14);
	assert_int_equal(loan.lent.v, c->today.v);
	loan.due.v = c->today.v - 1;
	assert_int_equal(step(c, &lib_loan, &loan, "renew"), E_INVALID);
	assert_string_equal(problem_at(c, offsetof(struct lib_loan, due)), "The due date has passed.");
	struct lib_loan got;
	assert_int_equal(find(c, &lib_loan, loan.base.id, &got), OK);
	assert_int_equal(got.due.v, c->today.v + 14);
	assert_int_equal(got.base.rev, 1);
	got.due.v += 7;
	assert_int_equal(step(c, &lib_loan, &got, "renew"), OK);
	assert_int_equal(got.base.rev, 2);
	world_close(w);
}

/* Random steps by name never reach a state the graph does not allow, and never one from a locked end. */
static void random_walks_stay_on_the_graph(void **state)
{
	struct world *w = world_open(state);
	uint64_t seed = 77;
	int taken = 0, refused = 0;
	for (int k = 0; k < 12; k++) {
		char barcode[8];
		snprintf(barcode, sizeof barcode, "W%d", k);
		int64_t id = put_copy(as_librarian(w, SCHOOL_A), barcode);
		for (int i = 0; i < 15; i++) {
			struct ctx *c = as_librarian(w, SCHOOL_A);
			const struct step *s = &lib_copy.flow.steps[next_number(&seed) % 5];
			struct lib_copy x, after;
			assert_int_equal(find(c, &lib_copy, id, &x), OK);
			pick from = x.state;
			enum rc rc = step(c, &lib_copy, &x, s->name);
			assert_int_equal(find(c, &lib_copy, id, &after), OK);
			if (rc == OK) {
				assert_true(s->from >> from & 1);
				assert_int_equal(after.state, s->to);
				taken++;
			} else {
				assert_int_equal(rc, E_STATE);
				assert_false(s->from >> from & 1);
				assert_int_equal(after.state, from);
				refused++;
			}
		}
	}
	assert_true(taken > 20 && refused > 20);
	world_close(w);
}

static enum rc lend(struct world *w, int64_t org, int64_t copy, int64_t who, bool fails, struct lib_loan *ret)
{
	struct ctx *c = as_librarian(w, org);
	row_zero(&lib_loan, ret);
	ret->copy.v = copy;
	ret->reader.v = who;
	assert_int_equal(db_begin(w->db), OK);
	enum rc rc = create(c, &lib_loan, ret);
	if (rc == OK && !fails)
		return db_commit(w->db);
	db_rollback(w->db);
	return rc;
}

static void gapless_numbers_have_no_gap(void **state)
{
	struct world *w = world_open(state);
	struct reader who[2];
	int64_t copy[2];
	struct lib_loan loan;
	char want[32];
	for (int i = 0; i < 2; i++) {
		struct ctx *c = as_librarian(w, i ? SCHOOL_B : SCHOOL_A);
		row_zero(&reader, &who[i]);
		who[i].name = S("An");
		assert_int_equal(create(c, &reader, &who[i]), OK);
		copy[i] = put_copy(c, "B");
	}
	int n = 0;
	for (int i = 0; i < 20; i++) {
		assert_int_equal(lend(w, SCHOOL_A, copy[0], who[0].base.id, i % 3 == 1, &loan), OK);
		if (i % 3 == 1)
			continue;
		snprintf(want, sizeof want, "PM-%04d/2026", ++n);
		assert_text(loan.number, want);
	}
	assert_int_equal(lend(w, SCHOOL_B, copy[1], who[1].base.id, false, &loan), OK);
	assert_text(loan.number, "PM-0001/2026");
	/* a refused row draws none */
	assert_int_equal(lend(w, SCHOOL_A, copy[1], who[0].base.id, false, &loan), E_INVALID);
	assert_int_equal(lend(w, SCHOOL_A, copy[0], who[0].base.id, false, &loan), OK);
	snprintf(want, sizeof want, "PM-%04d/2026", ++n);
	assert_text(loan.number, want);
	world_close(w);
}

/* A plain number is never drawn twice and, on PostgreSQL, never waits for another's transaction: a rollback leaves a
 * gap. */
static void plain_numbers_never_repeat(void **state)
{
	struct world *w = world_open(state);
	int64_t last = 0;
	for (int i = 0; i < 8; i++) {
		struct ctx *c = as_librarian(w, SCHOOL_A);
		struct lib_book b = book_of("A");
		assert_int_equal(db_begin(w->db), OK);
		assert_int_equal(create(c, &lib_book, &b), OK);
		bool gap = db_kind(w->db) == DB_POSTGRES;
		assert_int_equal(b.serial, last + 1);
		if (i % 2)
			db_rollback(w->db);
		else
			assert_int_equal(db_commit(w->db), OK);
		last = i % 2 && !gap ? last : b.serial;
	}
	assert_int_equal(last, db_kind(w->db) == DB_POSTGRES ? 8 : 4);
	world_close(w);
}

static enum rc take(struct ctx *c, digest input, bool *ret_again, struct once *ret)
{
	struct once_asked asked;

	TRY(once_ask(c, input, &asked));
	return once_take(c, &asked, ret_again, ret);
}

static void a_key_has_one_effect(void **state)
{
	struct world *w = world_open(state);
	digest input = hash_of(S("POST /lib_book title=A")), other = hash_of(S("POST /lib_book title=B"));
	struct once answer = { 0 };
	bool again;
	for (int i = 0; i < 3; i++) {
		struct ctx *c = as_librarian(w, SCHOOL_A);
		c->key = S("k-1");
		assert_int_equal(db_begin(w->db), OK);
		assert_int_equal(take(c, input, &again, &answer), OK);
		assert_int_equal(again, i == 2);
		if (again) {
			assert_int_equal(answer.status, 303);
			assert_text(answer.go, "/lib_book/1");
			assert_text(answer.body, "{\"id\":1}");
		} else {
			struct lib_book b = book_of("A");
			assert_int_equal(create(c, &lib_book, &b), OK);
			assert_int_equal(once_keep(c, &(struct once){ 303, S("/lib_book/1"), S("saved"), S("{\"id\":1}") }), OK);
		}
		/* the first time the transaction fails: the key is as new as before */
		if (i == 0)
			db_rollback(w->db);
		else
			assert_int_equal(db_commit(w->db), OK);
	}
	assert_int_equal(rows_in(w, "lib_book"), 1);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	c->key = S("k-1");
	assert_int_equal(take(c, other, &again, &answer), E_CONFLICT);
	c = as_librarian(w, SCHOOL_B);
	c->key = S("k-1");
	assert_int_equal(take(c, other, &again, &answer), OK);
	assert_false(again);
	c->key = S("bad key");
	assert_int_equal(take(c, other, &again, &answer), E_INVALID);
	int64_t n;
	assert_int_equal(once_forget(c, (instant){ w->time + 1 }, &n), OK);
	assert_int_equal(n, 2);
	world_close(w);
}

/* ---- history -------------------------------------------------------------------------------- */

static void write_history(struct world *w)
{
	for (int i = 0; i < 6; i++) {
		struct ctx *c = as_librarian(w, i % 2 ? SCHOOL_A : SCHOOL_B);
		struct lib_book b = book_of("A");
		assert_int_equal(create(c, &lib_book, &b), OK);
		b.title = S("B");
		assert_int_equal(update(c, &lib_book, &b), OK);
		assert_int_equal(audit(c, b.base.org, "lib_book", b.base.id, "print", S("nhãn")), OK);
	}
}

static void the_chain_fits(void **state)
{
	struct world *w = world_open(state);
	struct audit_fault fault = { 0 };
	int64_t lines;
	write_history(w);
	assert_int_equal(audit_verify(w->db, &w->mem, &lines, &fault), OK);
	assert_int_equal(lines, 18);
	world_close(w);
}

/* Whatever is altered, the verifier names the first broken line. */
static void forgery_is_found(void **state)
{
	struct world *w = world_open(state);
	static const struct { const char *sql; int64_t seq; } forged[] = {
		{ "UPDATE audit SET detail = '{}' WHERE org = 10 AND seq = 4", 4 },
		{ "UPDATE audit SET user_id = user_id + 1 WHERE org = 10 AND seq = 2", 2 },
		{ "UPDATE audit SET at = at + 1 WHERE org = 10 AND seq = 1", 1 },
		{ "UPDATE audit SET verb = 'create' WHERE org = 10 AND seq = 9", 9 },
		{ "UPDATE audit SET reason = 'x' WHERE org = 10 AND seq = 3", 3 },
		{ "UPDATE audit SET entity = 'lib_copy' WHERE org = 10 AND seq = 5", 5 },
		{ "UPDATE audit SET item = item + 1 WHERE org = 10 AND seq = 5", 5 },
		{ "UPDATE audit SET impersonator = 1 WHERE org = 10 AND seq = 5", 5 },
		{ "DELETE FROM audit WHERE org = 10 AND seq = 6", 6 },
		{ "DELETE FROM audit WHERE org = 10 AND seq = 1", 1 },
		{ "DELETE FROM audit WHERE org = 10 AND seq >= 8", 8 },
		{ "DELETE FROM audit WHERE org = 10", 1 },
		{ "UPDATE audit SET seq = -1 WHERE org = 10 AND seq = 3; UPDATE audit SET seq = 3 WHERE org = 10 AND seq = 4; "
		  "UPDATE audit SET seq = 4 WHERE org = 10 AND seq = -1", 3 },
		{ "UPDATE audit SET hash = (SELECT hash FROM audit a WHERE a.org = 10 AND a.seq = 1) WHERE org = 10 AND seq "
			"= 7", 7 },
		{ "UPDATE audit SET org = 20, seq = 10 WHERE org = 10 AND seq = 9", 9 },
		{ "DELETE FROM audit WHERE org = 10 AND seq = 9; UPDATE audit_head SET seq = 8 WHERE org = 10", 8 },
		{ "DELETE FROM audit_head WHERE org = 10", 1 } };
	struct audit_fault fault;
	int64_t lines;
	write_history(w);
	for (int i = 0; i < (int)COUNT(forged); i++) {
		assert_int_equal(db_begin(w->db), OK);
		must(w, forged[i].sql);
		if (audit_verify(w->db, &w->mem, &lines, &fault) != E_STATE || fault.org != 10 || fault.seq != forged[i].seq)
			fail_msg("%s: line %d of %d is named\n", forged[i].sql, (int)fault.seq, (int)fault.org);
		db_rollback(w->db);
	}
	assert_int_equal(audit_verify(w->db, &w->mem, &lines, &fault), OK);
	world_close(w);
}

/* A forger who chains everything anew deceives the database, not the checkpoint. */
static void checkpoints_stand_outside(void **state)
{
	struct world *w = world_open(state);
	char folder[64] = "/tmp/khue-audit.XXXXXX", path[160];
	struct audit_fault fault;
	int64_t n, blocks, lines;
	FILE *f;
	assert_non_null(mkdtemp(folder));
	w->app.data = folder;
	snprintf(path, sizeof path, "%s/audit/2026-11-01.log", folder);
	assert_int_equal(checkpoint_write(as_khue(w), &n), OK);
	assert_int_equal(n, 0);
	for (int i = 0; i < 3; i++) {
		write_history(w);
		assert_int_equal(checkpoint_write(as_khue(w), &n), OK);
		assert_int_equal(n, 2);
		w->time += 60000;
	}
	assert_int_equal(checkpoint_write(as_khue(w), &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(checkpoint_verify(w->db, &w->mem, folder, w->app.secret, &blocks, &fault), OK);
	assert_int_equal(blocks, 3);

	/* a crash while writing: the block counts for nothing, the next one stands */
	f = fopen(path, "a");
	fputs("at 1793500000000 2\n10 2", f);
	fclose(f);
	assert_int_equal(checkpoint_verify(w->db, &w->mem, folder, w->app.secret, &blocks, &fault), OK);
	write_history(w);
	assert_int_equal(checkpoint_write(as_khue(w), &n), OK);
	assert_int_equal(checkpoint_verify(w->db, &w->mem, folder, w->app.secret, &blocks, &fault), OK);
	assert_int_equal(blocks, 4);

	/* all of school A's history replaced by another that fits in itself */
	assert_int_equal(db_begin(w->db), OK);
	must(w, "DELETE FROM audit WHERE org = 10; DELETE FROM audit_head WHERE org = 10");
	for (int i = 0; i < 60; i++)
		assert_int_equal(audit(as_khue(w), (org_id){ SCHOOL_A }, "lib_book", i, "update", S("forged")), OK);
	assert_int_equal(audit_verify(w->db, &w->mem, &lines, &fault), OK);
	assert_int_equal(checkpoint_verify(w->db, &w->mem, folder, w->app.secret, &blocks, &fault), E_STATE);
	assert_int_equal(fault.org, SCHOOL_A);
	assert_int_equal(fault.seq, 9);
	db_rollback(w->db);

	/* an altered file, or another secret */
	uint8_t other[32] = { 1 };
	assert_int_equal(checkpoint_verify(w->db, &w->mem, folder, other, &blocks, &fault), E_STATE);
	assert_int_equal(fault.org, 0);
	f = fopen(path, "r+");
	fseek(f, 30, SEEK_SET);
	int c = fgetc(f);
	fseek(f, 30, SEEK_SET);
	fputc(c == '0' ? '1' : '0', f);
	fclose(f);
	assert_int_equal(checkpoint_verify(w->db, &w->mem, folder, w->app.secret, &blocks, &fault), E_STATE);
	assert_int_equal(fault.seq, 1);
	nftw(folder, engine_remove, 8, FTW_DEPTH | FTW_PHYS);
	world_close(w);
}

static void a_held_chain_fits_too(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_librarian(w, SCHOOL_A);
	struct audit_fault fault;
	int64_t lines;
	assert_int_equal(db_begin(w->db), OK);
	audit_hold(c);
	for (int i = 0; i < 50; i++) {
		struct lib_book b = book_of("A");
		b.base.org.v = SCHOOL_A;
		assert_int_equal(create(c, &lib_book, &b), OK);
	}
	assert_int_equal(audit_release(c), OK);
	struct lib_book last = book_of("B");
	assert_int_equal(create(c, &lib_book, &last), OK);
	assert_int_equal(db_commit(w->db), OK);
	assert_int_equal(audit_verify(w->db, c->mem, &lines, &fault), OK);
	assert_int_equal(lines, 51);
	world_close(w);
}

/* Two processes write to one organisation in turn: neither's memory of the chain's end misleads it. */
static void two_writers_share_a_chain(void **state)
{
	struct world *w = world_open(state);
	struct db *second = engine_again(state), *first = w->db;
	struct app other = w->app;
	struct arena mem;
	struct ctx a, b;
	struct audit_fault fault;
	int64_t lines;
	arena_init(&mem, (size_t)8 << 20);
	other.db = second;
	ctx_start(&a, &w->app, &w->mem);
	ctx_start(&b, &other, &mem);
	a.who = b.who = &actor_system;
	for (int i = 0; i < 6; i++) {
		struct lib_book x = book_of("A");
		x.base.org.v = SCHOOL_A;
		assert_int_equal(create(i % 2 ? &a : &b, &lib_book, &x), OK);
	}
	assert_int_equal(audit_verify(first, &mem, &lines, &fault), OK);
	assert_int_equal(lines, 6);
	db_close(second);
	arena_free(&mem);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(steps_follow_the_graph), ON_BOTH(guards_hold_back_and_leave_nothing),
			ON_BOTH(random_walks_stay_on_the_graph),
		ON_BOTH(gapless_numbers_have_no_gap), ON_BOTH(plain_numbers_never_repeat), ON_BOTH(a_key_has_one_effect),
		ON_BOTH(the_chain_fits), ON_BOTH(forgery_is_found),
		ON_BOTH(checkpoints_stand_outside), ON_BOTH(a_held_chain_fits_too), ON_BOTH(two_writers_share_a_chain) };
	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
