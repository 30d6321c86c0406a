-- auth.sql -- sessions and proofs of identity. They run before it is known who asks, hence no {can:}.

-- part: in_force
-- of a seat
t.gone + 0 = 0 AND t.since <= :today AND (t.until IS NULL OR t.until >= :today)

-- part: ended
-- the unit of a seat: the seat only reads
(SELECT CASE WHEN o.state = 'active' THEN 0 ELSE 1 END FROM org o WHERE o.id = t.org)

-- part: lent
-- Seats lent to an account. One counts while both the loan and the seat are in force and its lender is not suspended.
FROM delegation d JOIN seat t ON t.id = d.seat JOIN account l ON l.id = d.lender
WHERE d.borrower = :account AND d.gone = 0 AND d.since <= :today AND d.until >= :today AND t.account = d.lender AND {part:in_force} AND l.gone = 0 AND l.state = 'active'

-- part: with_seats
-- A line for each seat of the account, one without where it has none, and whether others have lent it any: few have, and these are asked
-- for by auth/seats_lent.
t.role, t.org, t.since, t.until, {part:ended},
	CASE WHEN EXISTS (SELECT 1 FROM delegation d WHERE d.borrower = a.id AND d.gone + 0 = 0 AND d.since <= :today AND d.until >= :today) THEN 1 ELSE 0 END

-- name: session_by_digest
-- open: this is how it is found out who asks; the digest of 256 random bits is the proof
-- fan-out: a session is found by its digest alone
SELECT s.id, s.account, s.seen, s.ends, s.idle, s.mfa, s.must, s.impersonator, a.person, a.name, a.login, (SELECT k.lang FROM credential k WHERE k.account = a.id), {part:with_seats}
FROM session s JOIN account a ON a.id = s.account LEFT JOIN seat t ON t.account = a.id AND {part:in_force}
WHERE s.digest = :digest AND s.gone = 0 AND s.ends > :now AND s.seen + s.idle > :now AND a.gone + 0 = 0 AND a.state = 'active' ORDER BY t.id

-- name: token_by_digest
-- open: this is how it is found out who asks; the digest of 256 random bits is the proof
-- fan-out: a token is found by its digest alone
SELECT k.id, k.account, 0, 0, 0, 0, 0, 0, a.person, a.name, a.login, '', {part:with_seats}
FROM api_token k JOIN account a ON a.id = k.account LEFT JOIN seat t ON t.account = a.id AND {part:in_force}
WHERE k.digest = :digest AND k.gone = 0 AND k.until >= :today AND a.gone + 0 = 0 AND a.state = 'active' ORDER BY t.id

-- name: seats_lent
-- open: seats lent to the account that asks
SELECT t.role, t.org, d.since, d.until, {part:ended}, d.lender
{part:lent} ORDER BY t.id

-- name: seats
-- open: the seats of the account that asks, or that a keeper of accounts asks about
SELECT t.id, t.role, t.org, t.since, t.until, 0 AS lent
FROM seat t WHERE t.account = :account AND {part:in_force}
UNION ALL
SELECT t.id, t.role, t.org, d.since, d.until, 1
{part:lent}
ORDER BY 1

-- name: session_seen
-- open: the session of the request itself
-- fan-out
UPDATE session SET seen = :now WHERE id = :id

-- name: session_add
-- open: a session begins after the identity was proven
INSERT INTO session (id, org, account, digest, made, seen, ends, idle, mfa, must, impersonator, parent, reason, agent, address, gone)
VALUES (:id, :org, :account, :digest, :now, :now, :ends, :idle, :mfa, :must, :impersonator, :parent, :reason, :agent, :address, 0)

-- name: session_must
-- open: the account's own sessions
-- fan-out
UPDATE session SET must = :must, mfa = :mfa WHERE id = :id AND account = :account

-- name: session_end
-- open: one session of the account that asks
-- fan-out
UPDATE session SET gone = 1 WHERE id = :id AND account = :account AND gone = 0

-- name: sessions_end
-- open: signing out everywhere; :id is the session to keep, 0 none
-- fan-out
UPDATE session SET gone = 1 WHERE account = :account AND gone = 0 AND id <> :id

-- name: sessions_end_all
-- open: khue user revoke-all
-- fan-out
UPDATE session SET gone = 1 WHERE gone = 0

-- name: tokens_end
-- open: khue user revoke-all; :account 0 is every account
-- fan-out
UPDATE api_token SET gone = 1, rev = rev + 1, changed = :now WHERE gone = 0 AND (account = :account OR :account = 0)

-- name: sessions_of
-- open: the account's own sessions, and those in which somebody acted as it
-- fan-out
SELECT s.id, s.made, s.seen, s.agent, s.address, i.name, s.reason
FROM session s LEFT JOIN account i ON i.id = s.impersonator
WHERE s.account = :account AND s.gone = 0 AND s.ends > :now AND s.seen + s.idle > :now ORDER BY s.seen DESC, s.id

-- name: session_parent
-- open: the administrator's own session, to go back to after acting as somebody
-- fan-out
SELECT p.id, p.account, p.ends, p.idle, p.mfa, p.must, p.org FROM session s JOIN session p ON p.id = s.parent
WHERE s.id = :id AND p.gone = 0 AND p.ends > :now AND p.account = s.impersonator

-- name: proof
-- open: to hold a password or code against; never leaves the module
SELECT a.id, a.org, a.state, a.name, a.login, a.person, c.hash, c.must_change, c.code_until, c.totp, c.totp_step, c.changed, c.last_login, a.made,
	(SELECT count(*) FROM passkey k WHERE k.account = a.id AND k.gone = 0)
FROM account a LEFT JOIN credential c ON c.account = a.id
WHERE a.gone = 0 AND a.id IN (SELECT :account AS id UNION ALL SELECT x.id FROM account x WHERE x.login = :login AND x.gone = 0)

-- name: credential_add
-- open: written together with its account
INSERT INTO credential (account, org, must_change, totp_step) VALUES (:account, :org, 0, 0) ON CONFLICT (account) DO NOTHING

-- name: credential_password
-- open: after the old password, a keeper's right or a command
-- fan-out
UPDATE credential SET hash = :hash, changed = :now, must_change = :must_change, code_until = :code_until WHERE account = :account

-- name: credential_login
-- open: the account that has just signed in
-- fan-out
UPDATE credential SET last_login = :now WHERE account = :account

-- name: totp_set
-- open: the account's own second factor; a new secret counts its steps anew, from the code that proved it
-- fan-out
UPDATE credential SET totp = :totp, totp_step = :step WHERE account = :account

-- name: totp_clear
-- open: a keeper who resets the account, a command, or the account itself
-- fan-out
UPDATE credential SET totp = NULL WHERE account = :account

-- name: totp_use
-- open: a code counts once: the step must be later than the last one used
-- fan-out
UPDATE credential SET totp_step = :step WHERE account = :account AND totp_step < :step

-- name: recovery_add
-- open: the account's own codes
INSERT INTO recovery (account, org, digest) VALUES (:account, :org, :digest)

-- name: recovery_use
-- open: the account's own codes
-- fan-out
UPDATE recovery SET used = :now WHERE account = :account AND digest = :digest AND used IS NULL

-- name: recovery_clear
-- open: the account's own codes
-- fan-out
DELETE FROM recovery WHERE account = :account

-- name: recovery_left
-- open: the account's own codes
-- fan-out
SELECT count(*) FROM recovery WHERE account = :account AND used IS NULL

-- name: throttle_get
-- open: counts failures, holds no personal data
-- fan-out
SELECT failures, since, until FROM throttle WHERE key = :key

-- name: throttle_put
-- open: counts failures, holds no personal data
-- fan-out
INSERT INTO throttle (key, failures, since, until) VALUES (:key, 1, :now, 0)
ON CONFLICT (key) DO UPDATE SET failures = CASE WHEN throttle.since < :fresh THEN 1 ELSE throttle.failures + 1 END,
	since = CASE WHEN throttle.since < :fresh THEN excluded.since ELSE throttle.since END
RETURNING failures

-- name: throttle_wait
-- open: counts failures, holds no personal data
-- fan-out
UPDATE throttle SET until = :until WHERE key = :key

-- name: throttle_clear
-- open: after a success
-- fan-out
DELETE FROM throttle WHERE key = :key

-- name: tidy_sessions
-- open: ended long ago
-- fan-out
DELETE FROM session WHERE ends < :before

-- name: tidy_throttle
-- open: counts failures, holds no personal data
-- fan-out
DELETE FROM throttle WHERE since < :before AND until < :now

-- name: seats_given
-- open: what a keeper weighs before resetting or acting as an account: seats in force or to come, lent ones included
SELECT t.id, t.role, t.org, t.since, t.until, 0 AS lent FROM seat t
WHERE t.account = :account AND t.gone = 0 AND (t.until IS NULL OR t.until >= :today)
UNION ALL
SELECT t.id, t.role, t.org, d.since, d.until, 1 FROM delegation d JOIN seat t ON t.id = d.seat
WHERE d.borrower = :account AND d.gone = 0 AND d.until >= :today AND t.gone = 0
ORDER BY 1

-- name: posts_near
-- open: the posts of whom a seat is being lent to, at its unit or above; who lends was checked just before
SELECT t.role, t.org FROM seat t JOIN org_below b ON b.top = t.org AND b.below = :org
WHERE t.account = :account AND t.gone = 0 AND t.since <= :today AND (t.until IS NULL OR t.until >= :today)
	AND b.since <= :today AND :today < b.until
ORDER BY b.depth, t.id

-- name: my_loans
-- open: delegations by or to the account that asks
SELECT d.id, d.rev, l.name, b.name, t.role, o.name, d.since, d.until, d.reason, CASE WHEN d.lender = :account THEN 1 ELSE 0 END
FROM delegation d JOIN seat t ON t.id = d.seat JOIN account l ON l.id = d.lender JOIN account b ON b.id = d.borrower
LEFT JOIN org o ON o.id = d.org
WHERE (d.lender = :account OR d.borrower = :account) AND d.gone = 0 AND d.until >= :today ORDER BY d.since, d.id

-- name: org_names
-- open: names of organisations are public
SELECT name FROM org WHERE id = :org

-- name: person_words
-- open: words a person's own password must not be made of
SELECT p.name, p.born, o.name FROM account a LEFT JOIN person p ON p.id = a.person LEFT JOIN org o ON o.id = a.org WHERE a.id = :account

-- name: accounts_list
-- open: khue user list
-- fan-out
SELECT a.id, a.login, a.name, a.state, c.last_login, c.totp FROM account a LEFT JOIN credential c ON c.account = a.id
WHERE a.gone = 0 AND (a.org = :org OR :org = 0) ORDER BY a.login

-- name: readers
-- open: how many records, not which: for the alarm
-- fan-out
SELECT s.user_id, a.org, SUM(s.n), SUM(CASE WHEN s.verb = 'read' THEN s.n ELSE 0 END) FROM seen s JOIN account a ON a.id = s.user_id
WHERE s.at > :since AND s.at <= :until GROUP BY s.user_id, a.org HAVING SUM(s.n) > :least ORDER BY 3 DESC

-- name: reading_units
-- open: how many records, not which: for the alarm
-- fan-out
SELECT 0, a.org, SUM(s.n), 0 FROM seen s JOIN account a ON a.id = s.user_id
WHERE s.at > :since AND s.at <= :until GROUP BY a.org HAVING SUM(s.n) > :least ORDER BY 3 DESC

-- name: usual_reader
-- open: how many records, not which: for the alarm
-- fan-out
SELECT COALESCE(SUM(n), 0), COUNT(DISTINCT at / 3600000) FROM seen WHERE user_id = :account AND at > :since AND at <= :until

-- name: usual_unit
-- open: how many records, not which: for the alarm
-- fan-out
SELECT COALESCE(SUM(s.n), 0), COUNT(DISTINCT s.at / 3600000) FROM seen s JOIN account a ON a.id = s.user_id
WHERE a.org = :org AND s.at > :since AND s.at <= :until

-- name: org_moves_account
-- open: accounts follow their holders' school; its keeper of accounts is the new school's
UPDATE account SET org = :new_org WHERE org = :old_org AND gone = 0

-- name: org_moves_seat
-- open: whoever teaches, learns or has a child there goes along; a head and an office are appointed anew
UPDATE seat SET org = :new_org WHERE org = :old_org AND gone = 0
AND role IN ('teacher', 'form_teacher', 'pupil', 'parent', 'librarian', 'accountant')

-- name: org_follows_account
-- open: accounts follow who went on to another part of a division
UPDATE account SET org = :new_org WHERE org = :old_org AND gone = 0
AND person IN (SELECT id FROM person WHERE org = :new_org AND gone = 0)

-- name: org_follows_seat
-- open: so do the seats of whoever teaches, learns or has a child there
UPDATE seat SET org = :new_org WHERE org = :old_org AND gone = 0
AND role IN ('teacher', 'form_teacher', 'pupil', 'parent', 'librarian', 'accountant')
AND person IN (SELECT id FROM person WHERE org = :new_org AND gone = 0)

-- name: org_counts_account
-- open: a count of accounts
SELECT count(*) FROM account WHERE org = :old_org AND gone = 0

-- name: new_accounts
SELECT a.id, a.name, a.login, 0 FROM account a LEFT JOIN credential k ON k.account = a.id
WHERE a.state = 'active' AND a.gone = 0 AND (:unit = 0 OR a.org = :unit) AND COALESCE(k.last_login, 0) = 0
AND (COALESCE(k.hash, '') = '' OR (COALESCE(k.code_until, 0) > 0 AND k.code_until < :now)) AND {can:account a} ORDER BY a.org, a._sort

-- name: lang_put
-- open: one's own choice of language
-- fan-out
UPDATE credential SET lang = :lang WHERE account = :account

-- name: passkeys_of
-- open: the account's own keys
-- fan-out
SELECT id, account, ext, key, rp, label, count, made, used, gone FROM passkey WHERE account = :account AND gone = 0 ORDER BY made, id

-- name: passkey_by_ext
-- open: to hold a signature against; never leaves the module
-- fan-out: a key is found by its name alone
SELECT id, account, ext, key, rp, label, count, made, used, gone FROM passkey WHERE ext = :ext

-- name: passkey_add
-- open: the account's own key, after its password
INSERT INTO passkey (id, org, account, ext, key, rp, label, count, verified, made, gone)
VALUES (:id, :org, :account, :ext, :key, :rp, :label, :count, :verified, :now, 0) ON CONFLICT (ext) DO NOTHING

-- name: passkey_used
-- open: a signature counts once: its number must be above the last one's, if the key counts
-- fan-out
UPDATE passkey SET count = :count, used = :now WHERE id = :id AND gone = 0 AND (count < :count OR (count = 0 AND :count = 0))

-- name: passkey_end
-- open: the account's own key, or one that was copied
-- fan-out
UPDATE passkey SET gone = :gone WHERE id = :id AND account = :account AND gone = 0

-- name: passkeys_end
-- open: a keeper who resets the account, or a command
-- fan-out
UPDATE passkey SET gone = 1 WHERE account = :account AND gone = 0

-- name: challenge_use
-- open: random bytes of ours that were answered
-- fan-out
INSERT INTO challenge (digest, ends) VALUES (:digest, :ends) ON CONFLICT (digest) DO NOTHING

-- name: tidy_challenge
-- open: random bytes of ours that nobody can answer any more
-- fan-out
DELETE FROM challenge WHERE ends < :before

-- name: trusted_of
-- open: the account's own devices
-- fan-out
SELECT id, made, seen, ends, agent, address FROM trusted WHERE account = :account AND gone = 0 AND ends > :now ORDER BY seen DESC, id

-- name: trusted_add
-- open: a device of the account, after its second factor
INSERT INTO trusted (id, org, account, digest, made, seen, ends, agent, address, gone)
VALUES (:id, :org, :account, :digest, :now, :now, :ends, :agent, :address, 0)

-- name: trusted_use
-- open: the digest of 256 random bits and the account's password are the proof
-- fan-out
UPDATE trusted SET seen = :now WHERE digest = :digest AND account = :account AND gone = 0 AND ends > :now AND made > :since

-- name: trusted_end
-- open: the account's own devices; :id 0: all of them
-- fan-out
UPDATE trusted SET gone = 1 WHERE account = :account AND gone = 0 AND (id = :id OR :id = 0)

-- name: trusted_end_all
-- open: khue user revoke-all
-- fan-out
UPDATE trusted SET gone = 1 WHERE gone = 0

-- name: tidy_trusted
-- open: ended long ago
-- fan-out
DELETE FROM trusted WHERE ends < :before

-- name: reading_orgs
-- open: which units have a log of readings older than that
-- fan-out
SELECT DISTINCT org FROM seen WHERE at < :until

-- name: tidy_reads
-- open: longer ago than the unit keeps it; what is left waits for the next night
DELETE FROM seen WHERE id IN (SELECT id FROM seen WHERE org = :org AND at < :until ORDER BY at LIMIT 200000)

-- name: subject_sessions
-- open: for the copy a person asks of what is kept about them: their own sessions, none of who acted as them
-- fan-out
SELECT s.made, s.seen, COALESCE(s.agent, ''), COALESCE(s.address, '')
FROM account a JOIN session s ON s.account = a.id WHERE a.person = :subject AND COALESCE(s.impersonator, 0) = 0 ORDER BY s.made

-- name: subject_devices
-- open: for the copy a person asks of what is kept about them: passkeys and devices that were remembered, without their keys
-- fan-out
SELECT t.made, t.seen, 'trusted', COALESCE(t.agent, ''), COALESCE(t.address, '') FROM account a JOIN trusted t ON t.account = a.id WHERE a.person = :subject
UNION ALL
SELECT p.made, p.used, 'passkey', COALESCE(p.label, ''), '' FROM account a JOIN passkey p ON p.account = a.id WHERE a.person = :subject
ORDER BY 1

-- name: forget_sessions
-- open: erasure that the head of the school has decided; where somebody was, of sessions that have ended
-- fan-out
UPDATE session SET agent = NULL, address = NULL
WHERE account IN (SELECT a.id FROM account a WHERE a.person = :subject) AND (gone = 1 OR ends <= :now OR seen + idle <= :now)

-- name: forget_devices
-- open: erasure that the head of the school has decided
-- fan-out
DELETE FROM trusted WHERE account IN (SELECT a.id FROM account a WHERE a.person = :subject)
