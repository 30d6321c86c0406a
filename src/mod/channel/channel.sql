-- channel.sql -- notices by e-mail, browser push, SMS and Zalo. All of it is the program's own work, or the reader's own choices.

-- name: waiting
-- open: notices that are not spread yet; the job's work
-- fan-out
SELECT n.id, n.account, n.org, n.kind, n.urgent, n.about, n.sms, n.zalo, n.vi, n.en, n.link, COALESCE(a.org, 0), COALESCE(p.id, 0), p.email, p.phone,
       COALESCE(h.channels, -1), COALESCE(q.since, -1), COALESCE(q.until, -1), COALESCE(q.details, 0), k.lang,
       (SELECT count(*) FROM push_browser b WHERE b.account = a.id AND b.made > COALESCE(k.changed, 0))
FROM notice n LEFT JOIN account a ON a.id = n.account AND a.state = 'active' AND a.gone = 0
LEFT JOIN person p ON p.id = COALESCE(a.person, n.person) AND p.gone = 0
LEFT JOIN channel_choice h ON h.account = n.account AND h.kind = n.kind
LEFT JOIN channel_quiet q ON q.account = n.account LEFT JOIN credential k ON k.account = n.account
WHERE n.spread = 0 ORDER BY n.id

-- name: spread_done
-- open: the notice that was just spread
-- fan-out
UPDATE notice SET spread = 1 WHERE id = :id

-- name: browsers
-- open: where one account wants to be told, asked for since its password was set
-- fan-out
SELECT b.id, b.endpoint FROM push_browser b LEFT JOIN credential k ON k.account = b.account
WHERE b.account = :account AND b.made > COALESCE(k.changed, 0) ORDER BY b.id

-- name: browser
-- open: where one delivery goes
-- fan-out
SELECT b.endpoint, b.p256dh, b.auth FROM push_browser b LEFT JOIN credential k ON k.account = b.account
WHERE b.id = :id AND b.made > COALESCE(k.changed, 0)
AND NOT EXISTS (SELECT 1 FROM account a WHERE a.id = b.account AND (a.gone = 1 OR a.state <> 'active'))

-- name: browser_gone
-- open: the push service says it is no more
-- fan-out
DELETE FROM push_browser WHERE id = :id

-- name: due
-- open: what the job sends now
-- fan-out
SELECT d.id, d.kind, d.urgent, d.carrier, d.address, d.body, d.link, k.lang, d.org
FROM delivery d LEFT JOIN credential k ON k.account = d.account
WHERE d.state = 'waiting' AND d.channel = :channel AND d.due <= :now AND d.gone = 0 ORDER BY d.urgent DESC, d.due, d.id

-- name: claim
-- open: one process sends it
-- fan-out
UPDATE delivery SET state = 'sending', due = :due, tries = tries + 1, rev = rev + 1 WHERE id = :id AND state = 'waiting'

-- name: handed
-- open: the outbox has it now
-- fan-out
UPDATE delivery SET state = 'sending', due = :due, carrier = :carrier, tries = tries + 1, rev = rev + 1 WHERE id = :id AND state = 'waiting'

-- name: wait
-- open: nobody answered, nothing was taken
-- fan-out
UPDATE delivery SET state = 'waiting', due = :due, problem = :problem, rev = rev + 1 WHERE id = :id AND state = 'sending'

-- name: end
-- open: how it went; address and words are no longer needed
-- fan-out
UPDATE delivery SET state = :state, ended = :now, ref = :ref, problem = :problem, address = NULL, body = NULL, link = NULL,
       cost = CASE WHEN :state = 'failed' THEN 0 ELSE cost END, rev = rev + 1 WHERE id = :id AND state IN ('sending', 'waiting')

-- name: receipt_by_ref
-- open: which message a gateway speaks of, by its own number
-- fan-out
SELECT d.id, d.org, d.state, d.parts, d.cost FROM delivery d WHERE d.ref = :ref AND d.channel = :channel AND d.gone = 0 ORDER BY d.id DESC LIMIT 1

-- name: receipt_by_id
-- open: which message a gateway speaks of, by ours
-- fan-out
SELECT d.id, d.org, d.state, d.parts, d.cost FROM delivery d WHERE d.id = :id AND d.channel = :channel AND d.gone = 0

-- name: receipt
-- open: what a gateway says of a message it took; what arrived stays arrived
-- fan-out
UPDATE delivery SET state = :state, ended = :now, cost = :cost, problem = :problem, address = NULL, body = NULL, link = NULL, rev = rev + 1
WHERE id = :id AND state IN ('sending', 'sent', 'failed') AND state <> :state

-- name: token
-- open: the tokens of another service, sealed
-- fan-out
SELECT origin, box, expires FROM channel_token WHERE name = :name

-- name: token_lease
-- open: one process gets a new token
-- fan-out
INSERT INTO channel_token (name, lease) VALUES (:name, :until)
ON CONFLICT (name) DO UPDATE SET lease = excluded.lease WHERE channel_token.lease < :now

-- name: token_keep
-- open: the new token
-- fan-out
UPDATE channel_token SET origin = :origin, box = :box, expires = :expires, refreshed = :now, lease = 0 WHERE name = :name

-- name: token_free
-- open: there was no new token
-- fan-out
UPDATE channel_token SET lease = 0 WHERE name = :name

-- name: token_old
-- open: a token that nobody renews for months serves no more
-- fan-out
SELECT count(*) FROM channel_token WHERE name = :channel AND box IS NOT NULL AND refreshed < :due

-- name: receipts_open
-- open: is there anything to hear of
-- fan-out
SELECT count(*) FROM delivery WHERE channel = 'sms' AND state = 'sent' AND ref IS NOT NULL AND ended > :due

-- name: interrupted
-- open: claimed by a process that died; nobody knows whether it went
-- fan-out
UPDATE delivery SET state = 'failed', ended = :now, problem = 'interrupted', address = NULL, body = NULL, link = NULL, rev = rev + 1
WHERE state = 'sending' AND due < :now

-- name: give_up
-- open: waited too long to be of use
-- fan-out
UPDATE delivery SET state = 'failed', ended = :now, cost = 0, address = NULL, body = NULL, link = NULL, rev = rev + 1
WHERE state = 'waiting' AND made < :due

-- name: mail_sent
-- open: letters the mail server took
-- fan-out
UPDATE delivery SET state = 'sent', ended = :now, address = NULL, body = NULL, link = NULL, rev = rev + 1
WHERE channel = 'email' AND state = 'sending' AND EXISTS (SELECT 1 FROM outbox o WHERE o.id = delivery.carrier AND o.sent > 0)

-- name: mail_failed
-- open: letters that were given up
-- fan-out
UPDATE delivery SET state = 'failed', ended = :now, problem = :problem, address = NULL, body = NULL, link = NULL, rev = rev + 1
WHERE channel = 'email' AND state = 'sending'
AND EXISTS (SELECT 1 FROM outbox o WHERE o.id = delivery.carrier AND o.sent = 0 AND o.tries >= :tries)

-- name: sweep
-- open: what ended so long ago that no account of a school year asks for it
-- fan-out
DELETE FROM delivery WHERE ended > 0 AND ended < :due

-- name: choices
-- open: one's own
-- fan-out
SELECT kind, channels FROM channel_choice WHERE account = :user

-- name: choose
-- open: one's own
-- fan-out
INSERT INTO channel_choice (account, kind, channels) VALUES (:user, :kind, :channels)
ON CONFLICT (account, kind) DO UPDATE SET channels = excluded.channels

-- name: quiet
-- open: one's own
-- fan-out
SELECT since, until, details FROM channel_quiet WHERE account = :user

-- name: keep_quiet
-- open: one's own
-- fan-out
INSERT INTO channel_quiet (account, since, until, details) VALUES (:user, :since, :until, :details)
ON CONFLICT (account) DO UPDATE SET since = excluded.since, until = excluded.until, details = excluded.details

-- name: reached_by
-- open: one's own addresses
-- fan-out
SELECT p.email, p.phone, a.org FROM account a LEFT JOIN person p ON p.id = a.person AND p.gone = 0 WHERE a.id = :user

-- name: my_browsers
-- open: one's own
-- fan-out
SELECT b.id, b.agent, b.made FROM push_browser b LEFT JOIN credential k ON k.account = b.account
WHERE b.account = :user AND b.made > COALESCE(k.changed, 0) ORDER BY b.id

-- name: browser_add
-- open: one's own browser; whoever used it before is told there no more
-- fan-out
INSERT INTO push_browser (id, account, endpoint, p256dh, auth, agent, made) VALUES (:id, :user, :endpoint, :key, :auth, :agent, :now)
ON CONFLICT (endpoint) DO UPDATE SET account = excluded.account, p256dh = excluded.p256dh, auth = excluded.auth, agent = excluded.agent, made = excluded.made

-- name: browser_end
-- open: one's own
-- fan-out
DELETE FROM push_browser WHERE id = :id AND account = :user

-- name: subject_bell
-- open: for the copy a person asks of what is kept about them: what the program told them
-- fan-out
SELECT n.made, n.vi, COALESCE(n.link, '') FROM account a JOIN notice n ON n.account = a.id WHERE a.person = :subject ORDER BY n.made

-- name: subject_browsers
-- open: for the copy a person asks of what is kept about them: browsers that are told, without their keys
-- fan-out
SELECT b.made, COALESCE(b.agent, '') FROM account a JOIN push_browser b ON b.account = a.id WHERE a.person = :subject ORDER BY b.made

-- name: forget_browsers
-- open: erasure that the head of the school has decided
-- fan-out
DELETE FROM push_browser WHERE account IN (SELECT a.id FROM account a WHERE a.person = :subject)

-- name: forget_bell
-- open: erasure that the head of the school has decided
-- fan-out
DELETE FROM notice WHERE seen > 0 AND account IN (SELECT a.id FROM account a WHERE a.person = :subject)
