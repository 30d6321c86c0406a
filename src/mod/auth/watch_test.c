/* watch_test.c -- somebody who reads record after record is noticed within five minutes, and stopped; a switched-off
 * watch is not;
 * a school's common address and a storm of failures; the days of grace before the second factor. */
#include "auth_world.h"
#include "core/reads.h"
#include "mod/auth/auth_in.h"

enum { PUPILS = 300 };

static int64_t number_of(struct world *w, const char *sql)
{
	int64_t n = 0;

	assert_int_equal(db_int(w->db, sql, NULL, 0, &n), OK);
	return n;
}

static int64_t add_pupils(struct world *w, int64_t *ids)
{
	for (int i = 0; i < PUPILS; i++) {
		struct ctx *c = as_khue(w);
		struct person p;

		row_zero(&person, &p);
		p.base.org.v = w->school_a;
		p.name = str_fmt(c->mem, "Nguyễn Văn Số");
		p.born = (day){ 15000 + i };
		p.pupil = true;
		assert_int_equal(create(c, &person, &p), OK);
		ids[i] = p.base.id;
	}
	return ids[0];
}

static void every_minute(struct world *w)
{
	reads_flush(&w->app, true);
	assert_int_equal(auth_watch(as_khue(w), NULL), OK);
}

/* Fifteen records a second until an alarm; the minutes it took, or 20. */
static int scrape(struct world *w)
{
	int64_t *ids = calloc(PUPILS, sizeof *ids);
	char address[48];
	int minute = 0, at = 0;

	add_pupils(w, ids);
	login(w, "hieutruong");
	while (minute < 20 && number_of(w, "SELECT COUNT(*) FROM audit WHERE verb = 'reads_alarm' AND entity = 'account'")
		== 0) {
		for (int i = 0; i < 900; i++) {
			snprintf(address, sizeof address, "/person/%lld", (long long)ids[at++ % PUPILS]);
			if (get(w, address) == 303)
				break;                   /* he is out */
			w->time += 46;                   /* and 20 by itself */
		}
		every_minute(w);
		minute++;
	}
	free(ids);
	return minute;
}

static void a_scrape_is_noticed_in_five_minutes(void **state)
{
	struct world *w = world_open(state);
	int minutes = scrape(w);

	print_message("noticed after %d minutes\n", minutes);
	assert_in_range(minutes, 1, 4);
	/* the unit's keeper and the department's officer */
	assert_true(number_of(w, "SELECT COUNT(*) FROM notice") >= 2);
	assert_true(number_of(w, "SELECT COUNT(*) FROM notice n JOIN audit a ON a.verb = 'reads_alarm' AND "
		"a.entity = 'account' AND n.link = '/account/' || CAST(a.item AS TEXT)") >= 1);
	every_minute(w);
	assert_int_equal(number_of(w, "SELECT COUNT(*) FROM audit WHERE verb = 'reads_alarm' AND entity = 'account'"), 1);
	world_close(w);
}

/* The control: nobody watches, nobody notices. */
static void without_a_watch_nothing_is_noticed(void **state)
{
	struct world *w = world_open(state);

	assert_int_equal(setting_put(as_khue(w), &mod_auth, "reads_alarm", (org_id){ w->dept }, S("0")), OK);
	assert_int_equal(scrape(w), 20);
	world_close(w);
}

static void beyond_the_bound_the_account_is_suspended(void **state)
{
	struct world *w = world_open(state);

	assert_int_equal(setting_put(as_khue(w), &mod_auth, "reads_stop", (org_id){ w->dept }, S("2000")), OK);
	scrape(w);
	assert_in_range(number_of(w, "SELECT SUM(n) FROM seen"), 2000, 3000);
	assert_status(w, get(w, "/tai-khoan"), 303);
	assert_status(w, login_with(w, "hieutruong", PASSWORD), 422);
	world_close(w);
}

/* Who always reads much is not told on for reading as much as always. */
static void a_usual_day_is_quiet(void **state)
{
	struct world *w = world_open(state);

	for (int d = 1; d <= 10; d++)
		assert_int_equal(db_exec(w->db,
			"INSERT INTO seen (id, at, user_id, impersonator, session, org, entity, item, verb, n, items) "
			"VALUES (?1, ?2, ?3, 0, 0, 0, 'person', 0, 'read', 4000, ',')",
			VALS(v_int(d), v_int(w->time - d * INT64_C(86400000)), v_int(w->officer)), NULL), OK);
	assert_int_equal(db_exec(w->db,
		"INSERT INTO seen (id, at, user_id, impersonator, session, org, entity, item, verb, n, items) "
		"VALUES (99, ?1, ?2, 0, 0, 0, 'person', 0, 'read', 9000, ',')",
		VALS(v_int(w->time - MINUTE), v_int(w->officer)), NULL), OK);
	every_minute(w);
	assert_int_equal(number_of(w, "SELECT COUNT(*) FROM audit WHERE verb = 'reads_alarm'"), 0);
	assert_int_equal(db_exec(w->db, "UPDATE seen SET n = 13000 WHERE id = 99", NULL, 0, NULL), OK);
	every_minute(w);
	assert_int_equal(number_of(w, "SELECT COUNT(*) FROM audit WHERE verb = 'reads_alarm' AND entity = 'account'"), 1);
	world_close(w);
}

/* ---- passwords -------------------------------------------------------------------------------------- */

/* The same at every address: an attacker with many of them is slowed down once all fail together; a clean address is
 * not. */
static void a_storm_of_failures_slows_every_address(void **state)
{
	struct world *w = world_open(state);

	login_with(w, "khong.co", "sai");
	assert_int_equal(db_exec(w->db, "UPDATE throttle SET failures = 21 WHERE key LIKE 'i:%'", NULL, 0, NULL), OK);
	assert_status(w, login_with(w, "khong.co.2", "sai"), 422);
	assert_status(w, login_with(w, "khong.co.3", "sai"), 422);       /* no storm: this address has patience left */
	assert_int_equal(db_exec(w->db, "UPDATE throttle SET failures = 2001 WHERE key = 'all'", NULL, 0, NULL), OK);
	assert_status(w, login_with(w, "khong.co.4", "sai"), 422);
	assert_status(w, login_with(w, "an.nv", PASSWORD), 429);
	w->address = "10.0.0.9";
	login(w, "an.nv");
	world_close(w);
}

/* Where many sign in well, as pupils do behind one address, many may also mistype. */
static void a_school_shares_its_address(void **state)
{
	struct world *w = world_open(state);

	login(w, "an.nv");
	login_with(w, "hs001", "sai");
	assert_int_equal(db_exec(w->db, "UPDATE throttle SET failures = 350 WHERE key LIKE 'i:%'", NULL, 0, NULL), OK);
	assert_int_equal(db_exec(w->db, "UPDATE throttle SET failures = 40 WHERE key LIKE 's:%'", NULL, 0, NULL), OK);
	assert_status(w, login_with(w, "hs002", "sai"), 422);
	assert_status(w, login_with(w, "hs003", "sai"), 422);
	assert_int_equal(db_exec(w->db, "UPDATE throttle SET failures = 1 WHERE key LIKE 's:%'", NULL, 0, NULL), OK);
	assert_status(w, login_with(w, "hs004", "sai"), 422);
	assert_status(w, login_with(w, "hs005", "sai"), 429);
	world_close(w);
}

static void staff_have_two_weeks_for_the_second_factor(void **state)
{
	struct world *w = world_open(state);

	login(w, "hieutruong");
	assert_text(sent_header(w, "Location"), "/");
	w->time += 15 * 24 * 60 * MINUTE;
	login(w, "hieutruong");
	assert_text(sent_header(w, "Location"), "/tai-khoan/xac-thuc");
	assert_status(w, get(w, "/seat/new"), 303);              /* and no right before that */
	login(w, "an.nv");                                       /* a teacher sees his own classes only */
	assert_text(sent_header(w, "Location"), "/");
	assert_int_equal(setting_put(as_khue(w), &mod_auth, "staff_totp_days", (org_id){ w->dept }, S("30")), OK);
	login(w, "hieutruong");
	assert_text(sent_header(w, "Location"), "/");
	world_close(w);
}

static bool alike(const int64_t best[2])
{
	return best[0] * 8 <= best[1] * 9 && best[1] * 8 <= best[0] * 9;
}

/* An unknown name costs the same work: the least of many tries, in CPU time, within an eighth
 * (the hash is nearly all of it). */
static void unknown_names_take_as_long(void **state)
{
	struct world *w = world_open(state);
	int64_t best[2] = { INT64_MAX, INT64_MAX };

	/* a busy machine disturbs one round; it does not favour one name in three */
	for (int i = 0; i < 72 && (i < 24 || i % 24 || !alike(best)); i++) {
		struct timespec a, b;

		assert_int_equal(db_exec(w->db, "DELETE FROM throttle", NULL, 0, NULL), OK);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
		assert_status(w, login_with(w, i & 1 ? "an.nv" : "khong.co", "sai hoàn toàn"), 422);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
		int64_t us = (b.tv_sec - a.tv_sec) * 1000000 + (b.tv_nsec - a.tv_nsec) / 1000;
		best[i & 1] = us < best[i & 1] ? us : best[i & 1];
	}
	print_message("known %lld us, unknown %lld us\n", (long long)best[1], (long long)best[0]);
	assert_true(alike(best));
	world_close(w);
}

/* Each unit's own years; what it keeps stays, and the history tells what went. */
static void the_log_is_kept_as_long_as_said(void **state)
{
	struct world *w = world_open(state);
	char sql[400];
	const int64_t year = INT64_C(36525) * 864000, orgs[] = { w->school_a, w->school_b };

	for (int i = 0; i < 8; i++) {                            /* of both schools: 0, 1, 2 and 3 years and a day old */
		snprintf(sql, sizeof sql, "INSERT INTO seen (id, at, user_id, impersonator, session, org, entity, item, verb, "
			"n, items) VALUES (%d, %lld, %lld, 0, 0, %lld, 'person', 1, 'read', 1, '')", i + 1,
			(long long)(w->time - (i / 2) * year - 86400000), (long long)w->teacher, (long long)orgs[i % 2]);
		must(w, sql);
	}
	assert_int_equal(auth_tidy(as_khue(w), NULL), OK);       /* nobody said how long: for good */
	assert_int_equal(number_of(w, "SELECT count(*) FROM seen"), 8);
	assert_int_equal(setting_put(as_khue(w), &mod_auth, "reads_kept", (org_id){ w->school_a }, S("2")), OK);
	assert_int_equal(auth_tidy(as_khue(w), NULL), OK);
	assert_int_equal(number(w, "SELECT count(*) FROM seen WHERE org = ?1", w->school_a), 2);
	assert_int_equal(number(w, "SELECT count(*) FROM seen WHERE org = ?1", w->school_b), 4);
	assert_int_equal(number(w, "SELECT count(*) FROM audit WHERE org = ?1 AND verb = 'reads_forgotten' "
		"AND detail LIKE '%2%'", w->school_a), 1);
	assert_int_equal(auth_tidy(as_khue(w), NULL), OK);       /* and no more lines the next night */
	assert_int_equal(number_of(w, "SELECT count(*) FROM audit WHERE verb = 'reads_forgotten'"), 1);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_scrape_is_noticed_in_five_minutes), { "without_a_watch_nothing_is_noticed",
			without_a_watch_nothing_is_noticed, engine_sqlite, engine_close, NULL },
		ON_BOTH(beyond_the_bound_the_account_is_suspended), ON_BOTH(a_usual_day_is_quiet),
		ON_BOTH(the_log_is_kept_as_long_as_said), ON_BOTH(a_storm_of_failures_slows_every_address),
		ON_BOTH(a_school_shares_its_address), ON_BOTH(staff_have_two_weeks_for_the_second_factor),
		{ "unknown_names_take_as_long", unknown_names_take_as_long, engine_sqlite, engine_close, NULL },
	};

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("auth_watch", tests, NULL, NULL);
}
