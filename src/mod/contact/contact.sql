-- contact.sql -- the contact book.

-- name: account
-- open: whom a notice of the program reaches
-- fan-out
SELECT id FROM account WHERE person = :pupil AND state = 'active' AND gone = 0 ORDER BY id LIMIT 1

-- name: studies
-- open: the class a leave request or a thread concerns
SELECT e.class, e.org FROM enrolment e WHERE e.pupil = :pupil AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
ORDER BY e.since DESC LIMIT 1

-- name: session
-- open: when the class has lessons that a family asks leave from
-- fan-out
SELECT k.session, k.name FROM school_class k WHERE k.id = :class AND k.gone = 0

-- name: leave_same
-- open: two requests for the same days are one too many, whoever asked
-- fan-out
SELECT id, asker, made FROM leave_request WHERE pupil = :pupil AND state IN ('asked', 'approved') AND gone = 0
AND first_day <= :until AND last_day >= :since AND id <> :id ORDER BY made LIMIT 1

-- name: form_teacher
-- open: who decides on a request
SELECT k.form_teacher, k.org FROM school_class k WHERE k.id = :class AND k.gone = 0

-- name: children
SELECT p.id, p.name, k.id, k.name, k.org, o.short_name, o.name,
       (SELECT max(r.changed) FROM roll r WHERE r.class = k.id AND r.held = :today AND r.gone = 0),
       (SELECT min(a.kind) FROM absence a WHERE a.pupil = p.id AND a.held = :today AND a.gone = 0)
FROM person p LEFT JOIN enrolment e ON e.pupil = p.id AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
LEFT JOIN school_class k ON k.id = e.class LEFT JOIN org o ON o.id = e.org
WHERE p.gone = 0 AND (p.id IN (SELECT pupil FROM guardianship WHERE guardian = :person AND barred = 0 AND gone = 0)
      OR (p.id = :person AND p.pupil = 1)) AND {can:person p}
ORDER BY p.born, p.id

-- name: marks
-- fan-out: of every class of the school year of this class, for a child may have come from another
SELECT s.name, m.cells, m.average, m.comment, m.remark, m.changed, m.term, g.grade, y.year
FROM mark m JOIN course k ON k.id = m.course JOIN subject s ON s.id = k.subject
JOIN school_class g ON g.id = m.class JOIN school_year y ON y.id = g.year
WHERE m.pupil = :pupil AND y.year = (SELECT z.year FROM school_class h JOIN school_year z ON z.id = h.year WHERE h.id = :class)
AND m.gone = 0 AND (m.cells IS NOT NULL OR m.remark IS NOT NULL) AND {can:mark m}
ORDER BY m.changed DESC, m.id DESC

-- name: notices
-- open: copies addressed to the person who asks
-- fan-out
SELECT a.id, a.title, a.body, a.sent, c.seen, p.name, CASE WHEN a.state = 'recalled' THEN 1 ELSE 0 END,
       CASE WHEN a.state = 'sent' AND a.answer_by IS NOT NULL AND c.replied IS NULL THEN 1 ELSE 0 END
FROM announcement_copy c JOIN announcement a ON a.id = c.announcement JOIN person p ON p.id = c.pupil
WHERE c.person = :person AND c.pupil = :pupil AND c.gone = 0 AND a.gone = 0 AND a.state IN ('sent', 'recalled')
AND EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian = c.person AND g.pupil = c.pupil AND g.barred = 0 AND g.gone = 0)
ORDER BY a.sent DESC, a.id DESC

-- name: notice
-- open: a copy addressed to the person who asks
-- fan-out
SELECT a.id, a.title, a.body, a.sent, c.seen, p.name, COALESCE(a.paper, 0), COALESCE(f.name, ''),
       a.answer_by, CASE WHEN a.state = 'recalled' THEN a.recalled END, c.reply, c.said, c.replied
FROM announcement_copy c JOIN announcement a ON a.id = c.announcement JOIN person p ON p.id = c.pupil LEFT JOIN file f ON f.id = a.paper
WHERE c.announcement = :id AND c.person = :person AND c.gone = 0 AND a.gone = 0 AND a.state IN ('sent', 'recalled')
AND EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian = c.person AND g.pupil = c.pupil AND g.barred = 0 AND g.gone = 0)
ORDER BY c.id LIMIT 1

-- name: reached
-- open: asked only for a notice the actor may read; a guardian once, who has it not first
-- fan-out
SELECT p.name, q.name, COALESCE(c.delivered, (SELECT max(d.ended) FROM delivery d WHERE d.about = c.id AND d.state IN ('sent', 'arrived')), 0), COALESCE(c.seen, 0),
       (SELECT max(d.problem) FROM delivery d WHERE d.about = c.id AND d.state = 'failed' AND d.channel IN ('sms', 'zalo')),
       (SELECT count(*) FROM delivery d WHERE d.about = c.id AND d.state IN ('waiting', 'sending') AND d.channel IN ('sms', 'zalo')),
       (SELECT count(*) FROM account a WHERE a.person = c.person AND a.state = 'active' AND a.gone = 0),
       c.reply, c.said, COALESCE(c.replied, 0)
FROM announcement_copy c JOIN person p ON p.id = c.person JOIN person q ON q.id = c.pupil
WHERE c.announcement = :id AND c.gone = 0
AND NOT EXISTS (SELECT 1 FROM announcement_copy e WHERE e.announcement = c.announcement AND e.person = c.person AND e.gone = 0 AND e.id < c.id)
ORDER BY CASE WHEN c.seen > 0 THEN 2 WHEN c.delivered > 0 THEN 1 ELSE 0 END, q._sort, c.id

-- name: notice_seen
-- open: the reader's own copies
-- fan-out
UPDATE announcement_copy SET seen = :now, rev = rev + 1 WHERE announcement = :id AND person = :person AND gone = 0 AND (seen IS NULL OR seen = 0)

-- name: notice_answer
-- open: the reader's own copies
-- fan-out
UPDATE announcement_copy SET reply = :reply, said = :said, replied = :now, rev = rev + 1 WHERE announcement = :announcement AND person = :person AND gone = 0

-- name: recall_waiting
-- open: the step that takes the notice back has held it against the actor
-- fan-out
UPDATE delivery SET state = 'failed', ended = :now, cost = 0, problem = 'recalled', address = NULL, body = NULL, link = NULL, rev = rev + 1
WHERE state = 'waiting' AND about IN (SELECT id FROM announcement_copy WHERE announcement = :id)

-- name: readers
-- open: asked by the job of a notice that was taken back
-- fan-out
SELECT c.person, max(a.id) FROM announcement_copy c JOIN account a ON a.person = c.person AND a.state = 'active' AND a.gone = 0
WHERE c.announcement = :id AND c.gone = 0 GROUP BY c.person

-- name: leaves
-- fan-out
SELECT r.id, r.first_day, r.last_day, r.reason, r.state FROM leave_request r
WHERE r.pupil = :pupil AND r.gone = 0 AND r.last_day >= :since AND {can:leave_request r} ORDER BY r.first_day DESC, r.id DESC

-- name: threads
-- open: only of a party; a guardian's guardianship must hold, and in a conversation of a class a child must study in it
-- fan-out
SELECT t.id, t.about, t.latest, p.name, k.name,
       (SELECT count(*) FROM message m WHERE m.thread = t.id AND m.author <> :person AND m.made > COALESCE(y.seen, 0) AND m.made >= COALESCE(y.since, 0) AND (m.aside = 0 OR y.pupil IS NULL)),
       (SELECT m.body FROM message m WHERE m.thread = t.id AND m.made >= COALESCE(y.since, 0) AND (m.aside = 0 OR m.author = :person OR y.pupil IS NULL) ORDER BY m.made DESC, m.id DESC LIMIT 1)
FROM thread_party y JOIN thread t ON t.id = y.thread LEFT JOIN person p ON p.id = t.pupil LEFT JOIN school_class k ON k.id = t.class
WHERE y.person = :person AND y.gone = 0 AND t.gone = 0
AND (y.pupil IS NULL
     OR (t.pupil IS NOT NULL AND EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian = y.person AND g.pupil = y.pupil AND g.barred = 0 AND g.gone = 0))
     OR (t.pupil IS NULL AND EXISTS (SELECT 1 FROM guardianship g JOIN enrolment e ON e.pupil = g.pupil AND e.class = t.class AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
         WHERE g.guardian = y.person AND g.barred = 0 AND g.gone = 0)))
AND (t._fold LIKE COALESCE(:words, '%') OR p._fold LIKE :words
     OR EXISTS (SELECT 1 FROM message m WHERE m.thread = t.id AND m.made >= COALESCE(y.since, 0) AND (m.aside = 0 OR m.author = :person OR y.pupil IS NULL) AND m._fold LIKE :words))
ORDER BY t.latest DESC, t.id DESC

-- name: thread
-- open: only of a party; a guardian's guardianship must hold
-- fan-out
SELECT t.id, t.about, t.latest, p.name, k.name,
       (SELECT count(*) FROM message m WHERE m.thread = t.id AND m.author <> :person AND m.made > COALESCE(y.seen, 0) AND m.made >= COALESCE(y.since, 0) AND (m.aside = 0 OR y.pupil IS NULL)),
       y.id, CASE WHEN y.pupil IS NULL THEN 0 ELSE 1 END, CASE WHEN t.replies = 'teacher' THEN 1 ELSE 0 END
FROM thread_party y JOIN thread t ON t.id = y.thread LEFT JOIN person p ON p.id = t.pupil LEFT JOIN school_class k ON k.id = t.class
WHERE t.id = :id AND y.person = :person AND y.gone = 0 AND t.gone = 0
AND (y.pupil IS NULL
     OR (t.pupil IS NOT NULL AND EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian = y.person AND g.pupil = y.pupil AND g.barred = 0 AND g.gone = 0))
     OR (t.pupil IS NULL AND EXISTS (SELECT 1 FROM guardianship g JOIN enrolment e ON e.pupil = g.pupil AND e.class = t.class AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
         WHERE g.guardian = y.person AND g.barred = 0 AND g.gone = 0)))

-- name: messages
-- open: asked only after contact/thread has let the reader in
-- fan-out
SELECT m.id, m.author, a.name, m.body, m.made,
       (SELECT count(*) FROM thread_party y WHERE y.thread = m.thread AND y.person <> m.author AND y.gone = 0 AND y.seen >= m.made),
       COALESCE(m.paper, 0), m.aside, COALESCE(f.name, '')
FROM message m JOIN person a ON a.id = m.author LEFT JOIN file f ON f.id = m.paper WHERE m.thread = :id AND m.gone = 0
AND m.made >= COALESCE((SELECT max(z.since) FROM thread_party z WHERE z.thread = m.thread AND z.person = :person AND z.gone = 0), 0)
AND (m.aside = 0 OR m.author = :person OR NOT EXISTS (SELECT 1 FROM thread_party z WHERE z.thread = m.thread AND z.person = :person AND z.pupil IS NOT NULL AND z.gone = 0))
ORDER BY m.made DESC, m.id DESC

-- name: message_paper
-- open: asked only after contact/thread or contact/thread_looked has let the reader in
-- fan-out
SELECT m.paper FROM message m WHERE m.id = :after AND m.thread = :id AND m.paper > 0 AND m.gone = 0
AND m.made >= COALESCE((SELECT max(z.since) FROM thread_party z WHERE z.thread = m.thread AND z.person = :person AND z.gone = 0), 0)
AND (m.aside = 0 OR m.author = :person OR NOT EXISTS (SELECT 1 FROM thread_party z WHERE z.thread = m.thread AND z.person = :person AND z.pupil IS NOT NULL AND z.gone = 0))

-- name: thread_looked
-- open: of whoever opened it with a reason that its parties see, for as long as that holds
-- fan-out
SELECT t.id, t.about, t.latest, p.name, k.name, 0, 0, 0, CASE WHEN t.replies = 'teacher' THEN 1 ELSE 0 END
FROM thread t LEFT JOIN person p ON p.id = t.pupil LEFT JOIN school_class k ON k.id = t.class
WHERE t.id = :id AND t.gone = 0 AND EXISTS (SELECT 1 FROM thread_look l WHERE l.thread = t.id AND l.person = :person AND l.until > :now AND l.gone = 0)

-- name: thread_taught
-- open: asked only for a thread the actor is a party of
-- fan-out
-- teachers of it who still teach its class, or the pupil's of now
SELECT count(*) FROM thread_party z JOIN thread t ON t.id = z.thread WHERE z.thread = :id AND z.pupil IS NULL AND z.gone = 0
AND EXISTS (SELECT 1 FROM teaching h WHERE h.teacher = z.person AND h.gone = 0 AND h.since <= :today AND h.until > :today
	AND (h.class = t.class OR h.class IN (SELECT e.class FROM enrolment e WHERE e.pupil = t.pupil AND e.state = 'studying' AND e.gone = 0 AND e.until > :today)))

-- name: looks_of
-- open: asked only for a thread the actor may read
-- fan-out
SELECT a.name, l.made, l.reason FROM thread_look l JOIN person a ON a.id = l.person WHERE l.thread = :id AND l.gone = 0 ORDER BY l.made DESC

-- name: school_threads
-- open: class, pupil and time only, for the head of the school; no words before a reason is given
SELECT t.id, COALESCE(p.name, ''), k.name, t.latest, t.messages,
       (SELECT max(l.until) FROM thread_look l WHERE l.thread = t.id AND l.person = :person AND l.until > :now AND l.gone = 0)
FROM thread t LEFT JOIN person p ON p.id = t.pupil LEFT JOIN school_class k ON k.id = t.class
WHERE t.org = :school AND t.gone = 0 AND (COALESCE(p._fold, '') LIKE :words OR COALESCE(k._fold, '') LIKE :words) ORDER BY t.latest DESC, t.id DESC

-- name: class_guardians
-- open: whom a teacher's message to the class reaches
-- fan-out
SELECT g.guardian, min(g.pupil) FROM enrolment e JOIN guardianship g ON g.pupil = e.pupil AND g.barred = 0 AND g.gone = 0
WHERE e.class = :class AND e.state = 'studying' AND e.gone = 0 AND e.until > :today GROUP BY g.guardian ORDER BY g.guardian

-- name: class_size
-- open: a count, for the limit
-- fan-out
SELECT count(*) FROM enrolment e WHERE e.class = :class AND e.state = 'studying' AND e.gone = 0 AND e.until > :today

-- name: teaches_class
-- open: does this person (id) teach the class
-- fan-out
SELECT count(*) FROM teaching t WHERE t.class = :class AND t.teacher = :id AND t.gone = 0 AND t.since <= :today AND t.until > :today

-- name: templates
SELECT w.id, w.name, 0, '' FROM message_template w WHERE w.gone = 0 AND w.org IS NOT NULL AND {can:message_template w} ORDER BY w._sort, w.id

-- name: reach_days
SELECT r.held, sum(r.guardians), sum(r.accounts), sum(r.readers), sum(r.actors) FROM reach_day r
WHERE r.held >= :since AND r.gone = 0 AND {can:reach_day r}
AND r.org IN (SELECT below FROM org_below WHERE top = :school AND since <= :today AND :today < until UNION ALL SELECT id FROM org WHERE COALESCE(:school, 0) = 0)
GROUP BY r.held ORDER BY r.held

-- name: reach_counted
-- open: was this school counted today
SELECT count(*) FROM reach_day WHERE org = :school AND held = :today

-- name: parties
-- open: asked only for a thread the actor is a party of; who is one at present, as contact/thread lets them in
-- fan-out
SELECT y.person, a.name, y.pupil, y.seen FROM thread_party y JOIN thread t ON t.id = y.thread JOIN person a ON a.id = y.person
WHERE y.thread = :id AND y.gone = 0
AND (y.pupil IS NULL
     OR (t.pupil IS NOT NULL AND EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian = y.person AND g.pupil = y.pupil AND g.barred = 0 AND g.gone = 0))
     OR (t.pupil IS NULL AND EXISTS (SELECT 1 FROM guardianship g JOIN enrolment e ON e.pupil = g.pupil AND e.class = t.class AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
         WHERE g.guardian = y.person AND g.barred = 0 AND g.gone = 0)))
ORDER BY y.id

-- name: left_class
-- open: guardians without a child in the class any more have no part in what is written from now on
-- fan-out
UPDATE thread_party SET gone = 1, rev = rev + 1 WHERE thread = :id AND pupil IS NOT NULL AND gone = 0
AND NOT EXISTS (SELECT 1 FROM guardianship g JOIN enrolment e ON e.pupil = g.pupil AND e.class = :class AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
    WHERE g.guardian = thread_party.person AND g.barred = 0 AND g.gone = 0)

-- name: came_to_class
-- open: guardians of the class who are not in the conversation yet, while somebody in it teaches the class
-- fan-out
SELECT g.guardian, min(g.pupil) FROM enrolment e JOIN guardianship g ON g.pupil = e.pupil AND g.barred = 0 AND g.gone = 0
WHERE e.class = :class AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
AND NOT EXISTS (SELECT 1 FROM thread_party y WHERE y.thread = :id AND y.person = g.guardian AND y.gone = 0)
AND EXISTS (SELECT 1 FROM thread_party z JOIN teaching h ON h.teacher = z.person AND h.class = :class AND h.gone = 0 AND h.since <= :today AND h.until > :today
    WHERE z.thread = :id AND z.pupil IS NULL AND z.gone = 0)
GROUP BY g.guardian ORDER BY g.guardian

-- name: unread
-- open: a count of one's own
-- fan-out
SELECT count(*) FROM thread_party y JOIN thread t ON t.id = y.thread AND t.gone = 0
JOIN message m ON m.thread = y.thread AND m.author <> y.person AND m.made > COALESCE(y.seen, 0) AND m.made >= COALESCE(y.since, 0)
AND (m.aside = 0 OR y.pupil IS NULL)
WHERE y.person = :person AND y.gone = 0
AND (y.pupil IS NULL
     OR (t.pupil IS NOT NULL AND EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian = y.person AND g.pupil = y.pupil AND g.barred = 0 AND g.gone = 0))
     OR (t.pupil IS NULL AND EXISTS (SELECT 1 FROM guardianship g JOIN enrolment e ON e.pupil = g.pupil AND e.class = t.class AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
         WHERE g.guardian = y.person AND g.barred = 0 AND g.gone = 0)))

-- name: unread_notices
-- open: a count of one's own
-- fan-out
SELECT count(DISTINCT c.announcement) FROM announcement_copy c JOIN announcement a ON a.id = c.announcement AND a.state = 'sent' AND a.gone = 0
WHERE c.person = :person AND c.gone = 0 AND (c.seen IS NULL OR c.seen = 0)
AND EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian = c.person AND g.pupil = c.pupil AND g.barred = 0 AND g.gone = 0)

-- name: leaves_asked
SELECT count(*) FROM leave_request r WHERE r.org = :school AND r.state = 'asked' AND r.last_day >= :today AND r.gone = 0 AND {can:leave_request r}

-- name: approvals_asked
SELECT count(*) FROM announcement a WHERE a.org = :school AND a.state = 'waiting' AND a.gone = 0 AND {can:announcement a}

-- name: seen
-- open: one's own line of the thread
-- fan-out
UPDATE thread_party SET seen = :after, rev = rev + 1 WHERE thread = :id AND person = :person AND gone = 0 AND COALESCE(seen, 0) < :after

-- name: shown_until
-- open: asked only for a thread the actor is a party of; a time, when something came after the last message that was shown
-- fan-out
SELECT COALESCE(max(m.made), 0) FROM message m WHERE m.thread = :id AND m.id = :after
AND EXISTS (SELECT 1 FROM message n WHERE n.thread = m.thread AND n.author <> :person AND n.made > m.made AND n.gone = 0)

-- name: written_today
-- open: a count of one's own, for the limit
-- fan-out
SELECT count(*) FROM message WHERE author = :person AND made >= :after

-- name: guards
-- open: does the actor guard this pupil
-- fan-out
SELECT count(*) FROM guardianship WHERE guardian = :person AND pupil = :pupil AND barred = 0 AND gone = 0

-- name: teaches
-- open: does this person (id) teach the pupil's class
-- fan-out
SELECT count(*) FROM teaching t JOIN enrolment e ON e.class = t.class
WHERE e.pupil = :pupil AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
AND t.teacher = :id AND t.gone = 0 AND t.since <= :today AND t.until > :today

-- name: guardians
-- open: whom a teacher's message about the pupil reaches
-- fan-out
SELECT g.guardian FROM guardianship g WHERE g.pupil = :pupil AND g.barred = 0 AND g.gone = 0 ORDER BY g.contact_first DESC, g.id

-- name: teachers
-- open: the teachers of one's own child's class
-- fan-out
SELECT p.id, p.name, max(t.form), min(s.name)
FROM enrolment e JOIN teaching t ON t.class = e.class AND t.gone = 0 AND t.since <= :today AND t.until > :today
JOIN person p ON p.id = t.teacher LEFT JOIN subject s ON s.id = t.subject
WHERE e.pupil = :pupil AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
AND EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian = :person AND g.pupil = e.pupil AND g.barred = 0 AND g.gone = 0)
GROUP BY p.id, p.name, p._sort ORDER BY max(t.form) DESC, p._sort

-- name: my_classes
-- open: the classes the actor teaches
-- fan-out
SELECT k.id, k.name, max(t.form), min(s.name) FROM teaching t JOIN school_class k ON k.id = t.class AND k.gone = 0 LEFT JOIN subject s ON s.id = t.subject
WHERE t.teacher = :person AND t.gone = 0 AND t.since <= :today AND t.until > :today GROUP BY k.id, k.name, k._sort ORDER BY max(t.form) DESC, k._sort

-- name: own_forms
-- open: the classes of this year whose form teacher asks
-- fan-out
SELECT DISTINCT k.id, k.org FROM teaching t JOIN school_class k ON k.id = t.class AND k.gone = 0
JOIN school_year y ON y.id = k.year AND y.since <= :today AND :today <= y.until
WHERE t.teacher = :person AND t.form = 1 AND t.since <= :today AND :today < t.until AND t.gone = 0 ORDER BY k.id

-- name: own_children
-- open: one's own children, who study
-- fan-out
SELECT p.id, p.name FROM guardianship g JOIN person p ON p.id = g.pupil AND p.gone = 0
JOIN enrolment e ON e.pupil = p.id AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
WHERE g.guardian = :person AND g.barred = 0 AND g.gone = 0 GROUP BY p.id, p.name, p.born ORDER BY p.born, p.id

-- name: class_pupils
-- fan-out
SELECT p.id, p.name FROM enrolment e JOIN person p ON p.id = e.pupil
WHERE e.class = :class AND e.state = 'studying' AND e.gone = 0 AND e.until > :today AND {can:enrolment e} ORDER BY p._sort

-- name: recipients
-- open: the guardians a notice goes to; asked for a notice the actor may send
SELECT g.guardian, g.pupil, min(a.id), (SELECT count(*) FROM announcement_copy d WHERE d.announcement = :id AND d.person = g.guardian)
FROM enrolment e JOIN guardianship g ON g.pupil = e.pupil AND g.barred = 0 AND g.gone = 0
LEFT JOIN account a ON a.person = g.guardian AND a.state = 'active' AND a.gone = 0
WHERE e.org = :school AND e.class = COALESCE(:class, e.class) AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
AND NOT EXISTS (SELECT 1 FROM announcement_copy c WHERE c.announcement = :id AND c.person = g.guardian AND c.pupil = g.pupil)
GROUP BY g.guardian, g.pupil ORDER BY g.guardian, g.pupil

-- name: recipients_count
-- open: a count, shown to the sender
SELECT count(DISTINCT g.guardian) FROM enrolment e JOIN guardianship g ON g.pupil = e.pupil AND g.barred = 0 AND g.gone = 0
WHERE e.org = :school AND e.class = COALESCE(:class, e.class) AND e.state = 'studying' AND e.gone = 0 AND e.until > :today

-- name: recipients_by_phone
-- open: a count, shown to the sender
SELECT count(DISTINCT g.guardian) FROM enrolment e JOIN guardianship g ON g.pupil = e.pupil AND g.barred = 0 AND g.gone = 0
JOIN person p ON p.id = g.guardian AND p.phone IS NOT NULL AND p.gone = 0
WHERE e.org = :school AND e.class = COALESCE(:class, e.class) AND e.state = 'studying' AND e.gone = 0 AND e.until > :today

-- name: sms_of_sender
-- open: a count, for the limit
-- fan-out
SELECT COALESCE(sum(sms_people * sms_parts), 0) FROM announcement WHERE author = :pupil AND sent >= :after AND by_sms = 1

-- name: sms_of_unit
-- open: a count, for the limit
SELECT COALESCE(sum(sms_people * sms_parts), 0) FROM announcement WHERE org = :school AND sent >= :after AND by_sms = 1

-- name: zalo_of_sender
-- open: a count, for the limit
-- fan-out
SELECT COALESCE(sum(sms_people), 0) FROM announcement WHERE author = :pupil AND sent >= :after AND by_zalo = 1

-- name: zalo_of_unit
-- open: a count, for the limit
SELECT COALESCE(sum(sms_people), 0) FROM announcement WHERE org = :school AND sent >= :after AND by_zalo = 1

-- name: arrived
-- open: copies without an account that an SMS or Zalo reached
-- fan-out
UPDATE announcement_copy SET rev = rev + 1, delivered = (SELECT max(d.ended) FROM delivery d WHERE d.about = announcement_copy.id AND d.state IN ('sent', 'arrived'))
WHERE delivered IS NULL AND gone = 0
AND id IN (SELECT d.about FROM delivery d WHERE d.ended > :after AND d.about > 0 AND d.state IN ('sent', 'arrived'))

-- name: not_arrived
-- open: copies without an account that were thought to have arrived, until the gateway told that none did
-- fan-out
UPDATE announcement_copy SET rev = rev + 1, delivered = NULL WHERE delivered > 0 AND COALESCE(seen, 0) = 0 AND gone = 0
AND id IN (SELECT d.about FROM delivery d WHERE d.ended > :after AND d.about > 0 AND d.account = 0 AND d.state = 'failed')
AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.about = announcement_copy.id AND (d.account <> 0 OR d.state IN ('sent', 'arrived')))

-- name: counted
-- open: how far notices of the last days came
-- fan-out
UPDATE announcement SET
 reached = (SELECT count(DISTINCT c.person) FROM announcement_copy c WHERE c.announcement = announcement.id AND c.delivered > 0 AND c.gone = 0),
 seen_by = (SELECT count(DISTINCT c.person) FROM announcement_copy c WHERE c.announcement = announcement.id AND c.seen > 0 AND c.gone = 0),
 failed = (SELECT count(DISTINCT c.person) FROM announcement_copy c JOIN delivery d ON d.about = c.id AND d.channel IN ('sms', 'zalo') AND d.state = 'failed'
           WHERE c.announcement = announcement.id AND c.gone = 0
           AND NOT EXISTS (SELECT 1 FROM delivery x WHERE x.about = c.id AND x.channel IN ('sms', 'zalo') AND x.state IN ('sent', 'arrived')))
WHERE state = 'sent' AND sent > :after AND gone = 0

-- name: sent_today
-- open: a count of one's own, for the limit
-- fan-out
SELECT count(*) FROM announcement WHERE author = :person AND sent >= :after

-- name: reach
SELECT o.id, o.name,
       (SELECT count(DISTINCT g.guardian) FROM guardianship g WHERE g.org = o.id AND g.barred = 0 AND g.gone = 0),
       (SELECT count(DISTINCT g.guardian) FROM guardianship g JOIN account a ON a.person = g.guardian AND a.state = 'active' AND a.gone = 0
        WHERE g.org = o.id AND g.barred = 0 AND g.gone = 0),
       (SELECT count(DISTINCT g.guardian) FROM guardianship g WHERE g.org = o.id AND g.barred = 0 AND g.gone = 0 AND (
          EXISTS (SELECT 1 FROM announcement_copy c WHERE c.person = g.guardian AND c.seen >= :after)
          OR EXISTS (SELECT 1 FROM thread_party y WHERE y.person = g.guardian AND y.seen >= :after))),
       (SELECT count(DISTINCT g.guardian) FROM guardianship g WHERE g.org = o.id AND g.barred = 0 AND g.gone = 0 AND (
          EXISTS (SELECT 1 FROM message m WHERE m.author = g.guardian AND m.made >= :after)
          OR EXISTS (SELECT 1 FROM leave_request r WHERE r.asker = g.guardian AND r.made >= :after))),
       (SELECT count(*) FROM delivery d WHERE d.org = o.id AND d.gone = 0 AND d.due >= :after AND d.channel IN ('sms', 'zalo') AND d.state IN ('sent', 'arrived', 'failed')),
       (SELECT count(*) FROM delivery d WHERE d.org = o.id AND d.gone = 0 AND d.due >= :after AND d.channel IN ('sms', 'zalo') AND d.state = 'arrived')
FROM (SELECT id, id AS org, name, kind, gone FROM org) o
WHERE o.kind = 'school' AND o.gone = 0 AND {can:reach_day o} AND (COALESCE(:school, 0) = 0 OR o.id IN (SELECT below FROM org_below WHERE top = :school AND since <= :today AND :today < until))
ORDER BY o.name

-- name: sheets
-- open: counts of guardians by class, for the office of the school
SELECT k.id, k.name, count(DISTINCT g.guardian), count(DISTINCT a.person), count(DISTINCT v.guardian)
FROM school_class k JOIN school_year y ON y.id = k.year AND y.since <= :today AND :today <= y.until
JOIN enrolment e ON e.class = k.id AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
JOIN guardianship g ON g.pupil = e.pupil AND g.barred = 0 AND g.gone = 0
LEFT JOIN account a ON a.person = g.guardian AND a.gone = 0
LEFT JOIN activation v ON v.guardian = g.guardian AND v.class = k.id AND v.until >= :today AND v.tries < 5 AND v.gone = 0
WHERE k.org = :school AND k.gone = 0 GROUP BY k.id, k.name, k._sort ORDER BY k._sort

-- name: without_account
-- open: whom the sheet of a class is for; asked by the office of its school
-- fan-out
SELECT x.guardian, x.pupil, p.name, c.name,
       (SELECT max(v.until) FROM activation v WHERE v.guardian = x.guardian AND v.class = :class AND v.until >= :today AND v.tries < 5 AND v.gone = 0)
FROM (SELECT g.guardian, min(g.pupil) AS pupil FROM enrolment e JOIN guardianship g ON g.pupil = e.pupil AND g.barred = 0 AND g.gone = 0
      WHERE e.class = :class AND e.state = 'studying' AND e.gone = 0 AND e.until > :today GROUP BY g.guardian) x
JOIN person p ON p.id = x.guardian AND p.gone = 0 JOIN person c ON c.id = x.pupil
WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.person = x.guardian AND a.gone = 0)
ORDER BY c._sort, c.id, p._sort, x.guardian

-- name: void_slips
-- open: the codes of one guardian's slips of a class, and of those about the child (id), voided by a new slip
-- fan-out
UPDATE activation SET gone = 1, rev = rev + 1 WHERE guardian = :pupil AND (class = :class OR pupil = :id) AND gone = 0

-- name: void_codes
-- open: the codes of one guardian, voided by the account
-- fan-out
UPDATE activation SET gone = 1, rev = rev + 1 WHERE guardian = :pupil AND gone = 0

-- name: code_missed
-- open: a wrong birthday counts against the code
-- fan-out
UPDATE activation SET tries = tries + 1, rev = rev + 1 WHERE id = :id

-- name: code
-- open: whoever holds the code
-- fan-out
SELECT v.id, v.org, v.guardian, v.pupil, p.name, c.born, v.tries FROM activation v
JOIN person p ON p.id = v.guardian AND p.gone = 0 JOIN person c ON c.id = v.pupil AND c.gone = 0
WHERE v.code = :words AND v.until >= :today AND v.gone = 0
AND EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian = v.guardian AND g.pupil = v.pupil AND g.barred = 0 AND g.gone = 0)
AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person = v.guardian AND a.gone = 0)

-- name: org_follows_leave_request
-- open: rows about a class are its school's
UPDATE leave_request SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_announcement
-- open: rows about a class are its school's
UPDATE announcement SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_thread
-- open: rows about a class are its school's
UPDATE thread SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_activation
-- open: rows about a class are its school's
UPDATE activation SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: subject_talks
-- open: for the copy a person asks of what is kept about them: conversations they are a party of, as contact/messages shows them
-- fan-out
SELECT m.made, a.name, t.about, COALESCE(p.name, k.name, ''), m.body, m.aside, COALESCE(f.name, '')
FROM thread_party y JOIN thread t ON t.id = y.thread JOIN message m ON m.thread = t.id JOIN person a ON a.id = m.author
LEFT JOIN person p ON p.id = t.pupil LEFT JOIN school_class k ON k.id = t.class LEFT JOIN file f ON f.id = m.paper
WHERE y.person = :subject AND y.gone = 0 AND t.gone = 0 AND m.gone = 0 AND m.made >= COALESCE(y.since, 0)
AND (m.aside = 0 OR m.author = :subject OR y.pupil IS NULL)
AND (y.pupil IS NULL OR EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian = y.person AND g.pupil = y.pupil AND g.barred = 0 AND g.gone = 0))
ORDER BY m.made, m.id

-- name: subject_notices
-- open: for the copy a person asks of what is kept about them: notices sent to them, or because of them
-- fan-out
SELECT a.sent, a.title, a.body FROM announcement a
WHERE a.id IN (SELECT c.announcement FROM announcement_copy c WHERE c.person = :subject AND c.gone = 0
               UNION ALL SELECT c.announcement FROM announcement_copy c WHERE c.pupil = :subject AND c.gone = 0)
AND a.state IN ('sent', 'recalled') AND a.gone = 0 ORDER BY a.sent, a.id

-- name: forget_codes
-- open: erasure that the head of the school has decided
-- fan-out
DELETE FROM activation WHERE guardian = :subject

-- name: forget_papers
-- open: erasure that the head of the school has decided; of a pupil who has left: why a child was ill is nobody's any more, the absences stay
-- fan-out
UPDATE file SET until = :now WHERE id IN (SELECT r.paper FROM leave_request r WHERE r.pupil = :subject AND r.paper > 0)
AND EXISTS (SELECT 1 FROM person p WHERE p.id = :subject AND p.pupil = 0)

-- name: forget_reasons
-- open: as contact/forget_papers
-- fan-out
UPDATE leave_request SET reason = NULL, paper = NULL, rev = rev + 1, changed = :now WHERE pupil = :subject
AND EXISTS (SELECT 1 FROM person p WHERE p.id = :subject AND p.pupil = 0)
