-- transcript.sql -- what the years of a transcript are drawn up from.
-- "year + 0": SQLite, which keeps no statistics, would else look among all parts of the year (see records.sql).

-- name: class
-- open: whoever may draw up the class was asked by the caller
SELECT k.id, k.org, k.name, k.grade, y.id, y.code, y.year, o.code, o.name, u.full_name,
       (SELECT v.full_name FROM admin_unit v WHERE v.level = 'province' AND v.code = u.province_code AND v.gone = 0 AND (v.until IS NULL OR v.until >= u.until)
        ORDER BY coalesce(v.until, 99999) LIMIT 1), t.name, o.head
FROM school_class k JOIN school_year y ON y.id = k.year JOIN org o ON o.id = k.org
LEFT JOIN admin_unit u ON u.id = o.commune LEFT JOIN person t ON t.id = k.form_teacher WHERE k.id = :class AND k.gone = 0

-- Who was absent too often does not go up without marks (TT 22/2021 Điều 12): drawn up once others of the class are rated.
-- name: pupils
-- open: a class's year is drawn up whole
-- fan-out: a class is in one organisation; a pupil's record may be kept by another meanwhile
SELECT e.pupil, p.name, p.born, p.sex, p.sector_id, p.ethnicity, p.birthplace, p.org, r.scheme, r.hk1, r.hk2, r.level, r.conduct, r.standing, r.title, r.averages, r.absences,
       a.level, b.level, z.summer, b.qualities, z.remark, b.remark, t.id, x.id, x.rev, x.version, x.state
FROM enrolment e JOIN person p ON p.id = e.pupil JOIN year_result r ON r.class = e.class AND r.pupil = e.pupil AND r.gone = 0
  AND (r.level IS NOT NULL OR (r.standing = 'repeats' AND EXISTS (SELECT 1 FROM year_result o WHERE o.class = r.class AND o.level IS NOT NULL AND o.gone = 0)))
LEFT JOIN conduct a ON a.class = e.class AND a.pupil = e.pupil AND a.term = 'hk1' AND a.gone = 0
LEFT JOIN conduct b ON b.class = e.class AND b.pupil = e.pupil AND b.term = 'hk2' AND b.gone = 0
LEFT JOIN conduct z ON z.class = e.class AND z.pupil = e.pupil AND z.term = 'year' AND z.gone = 0
LEFT JOIN transcript t ON t.pupil = e.pupil AND t.level = :level AND t.gone = 0
LEFT JOIN transcript_part x ON x.transcript = t.id AND x.year = :year AND x.state <> 'replaced' AND x.gone = 0 AND NOT EXISTS (SELECT 1 FROM transcript_part n
  WHERE n.transcript = x.transcript AND n.year + 0 = x.year AND n.version > x.version AND n.gone = 0)
WHERE e.class = :class AND (:pupil = 0 OR e.pupil + 0 = :pupil) AND e.gone + 0 = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished') ORDER BY p._sort

-- name: marks
-- open: a class's year is drawn up whole
-- fan-out: a class is in one organisation
SELECT m.pupil, s.code, s.name, m.term, m.average, m.comment, m.remark, s.id, 0
FROM mark m JOIN course k ON k.id = m.course JOIN subject s ON s.id = k.subject
WHERE m.class = :class AND (:pupil = 0 OR m.pupil + 0 = :pupil) AND m.gone = 0 ORDER BY m.pupil, s.id, m.term

-- name: blank
-- open: a class's year is drawn up whole
-- fan-out: a class is in one organisation
SELECT r.pupil, s.code, s.name, 'hk1', CAST(NULL AS BIGINT), CAST(NULL AS TEXT), CAST(NULL AS TEXT), s.id, 0
FROM year_result r CROSS JOIN course k CROSS JOIN subject s
WHERE r.class = :class AND (:pupil = 0 OR r.pupil + 0 = :pupil) AND r.gone = 0 AND r.level IS NULL AND r.standing = 'repeats' AND k.class = r.class AND k.gone = 0 AND s.id = k.subject
AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.course = k.id AND m.pupil + 0 = r.pupil AND m.gone + 0 = 0)
AND NOT EXISTS (SELECT 1 FROM exemption x WHERE x.class = r.class AND x.pupil + 0 = r.pupil AND x.subject + 0 = k.subject AND x.gone + 0 = 0 AND x.covers = 'both')

-- name: exempt
-- open: a class's year is drawn up whole
-- fan-out: a pupil may have come from another class or school within the year
SELECT x.pupil, s.code, s.name, 'hk1', CAST(NULL AS BIGINT), CAST(NULL AS TEXT), CAST(NULL AS TEXT), s.id, 1
FROM exemption x JOIN subject s ON s.id = x.subject WHERE x.class = :class AND (:pupil = 0 OR x.pupil + 0 = :pupil) AND x.gone = 0 AND x.covers = 'both' AND x.kind = 'exempt'
UNION
SELECT x.pupil, s.code, s.name, 'hk1', CAST(NULL AS BIGINT), CAST(NULL AS TEXT), CAST(NULL AS TEXT), s.id, 1
FROM enrolment e CROSS JOIN enrolment w CROSS JOIN exemption x CROSS JOIN subject s
WHERE e.class = :class AND (:pupil = 0 OR e.pupil + 0 = :pupil) AND e.gone + 0 = 0 AND e.kind IN ('class_change', 'moved_in') AND e.state IN ('studying', 'promoted', 'repeated', 'finished')
AND w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved')
AND x.pupil = e.pupil AND x.class + 0 = w.class AND x.gone + 0 = 0 AND x.covers = 'both' AND x.kind = 'exempt' AND s.id = x.subject
AND NOT EXISTS (SELECT 1 FROM exemption n WHERE n.class = e.class AND n.subject + 0 = x.subject AND n.pupil + 0 = e.pupil AND n.gone + 0 = 0)

-- name: teachers
-- open: a class's year is drawn up whole
-- fan-out: a class is in one organisation
SELECT s.code, p.name FROM teaching t JOIN subject s ON s.id = t.subject JOIN person p ON p.id = t.teacher
WHERE t.class = :class AND t.gone = 0 ORDER BY t.until DESC

-- name: year_now
-- open: school years are public
-- fan-out
SELECT id FROM school_year WHERE since <= :today AND gone = 0 ORDER BY year DESC LIMIT 1

-- name: classes
SELECT k.id, k.name, t.name, k.size, (SELECT count(*) FROM year_result r WHERE r.class = k.id AND (r.level IS NOT NULL OR r.standing = 'repeats') AND r.gone = 0),
       coalesce(sum(CASE WHEN x.state = 'draft' THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN x.state = 'signed' THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN x.state = 'confirmed' THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN x.state = 'issued' THEN 1 ELSE 0 END), 0)
FROM school_class k LEFT JOIN person t ON t.id = k.form_teacher LEFT JOIN transcript_part x ON x.class = k.id AND x.gone = 0 AND NOT EXISTS (SELECT 1 FROM transcript_part n
  WHERE n.transcript = x.transcript AND n.year + 0 = x.year AND n.version > x.version AND n.gone = 0)
WHERE k.org = :school AND k.year = :year AND k.gone = 0 AND k.grade NOT IN ('nt', 'mg3', 'mg4', 'mg5') AND {can:school_class k}
GROUP BY k.id, k.name, t.name, k.size, k._sort ORDER BY k._sort

-- name: class_head
SELECT k.org, k.name, y.code, CASE WHEN EXISTS (SELECT 1 FROM teaching t WHERE t.class = k.id AND t.teacher = :person AND t.form = 1
       AND t.since <= :today AND :today < t.until AND t.gone = 0) THEN 1 ELSE 0 END
FROM school_class k JOIN school_year y ON y.id = k.year WHERE k.id = :class AND k.gone = 0 AND {can:school_class k}

-- name: class_pupils
-- fan-out: a class is in one organisation; records of pupils who moved are kept by another
SELECT e.pupil, p.name, x.id, x.version, x.result, x.state, x.transcript, i.id, CASE WHEN x.org <> k.org THEN 1 ELSE 0 END, CASE WHEN x.class <> e.class THEN x.class_name END, CASE WHEN x.class <> e.class THEN o.name END
FROM enrolment e JOIN person p ON p.id = e.pupil JOIN school_class k ON k.id = e.class
LEFT JOIN transcript_part x ON x.pupil = e.pupil AND x.year + 0 = k.year AND x.state <> 'replaced' AND x.gone = 0 AND NOT EXISTS (SELECT 1 FROM transcript_part n
  WHERE n.transcript = x.transcript AND n.year + 0 = x.year AND n.version > x.version AND n.gone = 0)
  AND (x.class = e.class OR {can:transcript_part x})
LEFT JOIN org o ON o.id = x.school
LEFT JOIN transcript_issue i ON i.transcript = x.transcript AND i.state = 'valid' AND i.gone = 0 AND {can:transcript_issue i}
WHERE e.class = :class AND e.gone + 0 = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished') AND {can:enrolment e} ORDER BY p._sort

-- name: parts_of
-- open: a transcript is issued whole, by the program
-- fan-out: one transcript
SELECT x.id, x.version, y.year, x.state, x.content, x.digest, x.form_mark, x.head_mark, x.form_by, x.head_by, x.head_as, x.form_at, x.head_at, x.reason, x.class
FROM transcript_part x JOIN school_year y ON y.id = x.year
WHERE x.transcript = :id AND x.state IN ('confirmed', 'issued') AND x.gone = 0 AND NOT EXISTS (SELECT 1 FROM transcript_part n
  WHERE n.transcript = x.transcript AND n.year + 0 = x.year AND n.version > x.version AND n.state IN ('confirmed', 'issued') AND n.gone = 0)
ORDER BY y.year

-- name: older
-- open: a transcript is issued whole, by the program
-- fan-out: one transcript
SELECT o.id FROM transcript_part x JOIN transcript_part o ON o.transcript = x.transcript AND o.year = x.year AND o.version < x.version
WHERE x.id = :id AND o.state IN ('confirmed', 'issued') AND o.gone = 0

-- name: to_issue
-- open: the job of the school's principal
SELECT DISTINCT x.transcript FROM transcript_part x WHERE x.org = :school AND x.year IN (SELECT b.id FROM school_year a JOIN school_year b ON b.year <= a.year WHERE a.id = :year) AND x.state = 'confirmed' AND x.gone = 0
AND x.transcript > :after ORDER BY x.transcript LIMIT 100

-- name: to_issue_count
-- open: the job of the school's principal
SELECT count(DISTINCT x.transcript) FROM transcript_part x WHERE x.org = :school AND x.year IN (SELECT b.id FROM school_year a JOIN school_year b ON b.year <= a.year WHERE a.id = :year) AND x.state = 'confirmed' AND x.gone = 0
AND x.transcript > :after

-- name: ended_in
-- open: whose year it is was asked of a row the program has read
-- fan-out: the school of the class in which the pupil ended the year
SELECT k.id, k.org FROM transcript_part x JOIN enrolment e ON e.pupil = x.pupil AND e.year + 0 = x.year JOIN school_class k ON k.id = e.class
WHERE x.id = :id AND e.state IN ('studying', 'promoted', 'repeated', 'finished') AND e.gone = 0 ORDER BY e.since DESC, e.id DESC LIMIT 1

-- name: newest
-- open: whether a transcript in one's hand was replaced is public; who is in it is not told
-- fan-out: one issue by its number
SELECT i.version, (SELECT max(n.version) FROM transcript_issue n WHERE n.transcript = i.transcript AND n.gone = 0), i.state, i.digest
FROM transcript_issue i WHERE i.id = :id AND i.gone = 0

-- name: parts_in
SELECT x.id FROM transcript_part x WHERE x.class = :class AND x.state = :state AND x.gone = 0 AND {can:transcript_part x} ORDER BY x.id

-- name: newer
-- open: asked of a row the actor has read
-- fan-out: one transcript
SELECT count(*) FROM transcript_part x JOIN transcript_part n ON n.transcript = x.transcript AND n.year + 0 = x.year AND n.version > x.version
WHERE x.id = :id AND n.gone = 0

-- name: schools
-- open: a command on the machine
-- fan-out: every school
SELECT o.id, o.name, o.name FROM org o WHERE o.kind = 'school' AND o.state = 'active' AND o.gone = 0 ORDER BY o.id

-- name: signers
-- open: a command on the machine
-- fan-out: every school
SELECT DISTINCT p.id, p.name, o.name FROM seat s JOIN person p ON p.id = s.person JOIN org o ON o.id = s.org
WHERE s.role IN ('principal', 'form_teacher') AND s.since <= :today AND (s.until IS NULL OR :today < s.until) AND s.gone = 0 ORDER BY p.id

-- name: carry
-- open: the transcript of a received pupil passes to the new school
UPDATE transcript SET org = :school, rev = rev + 1 WHERE pupil = :pupil AND gone = 0

-- name: carry_parts
-- open: the transcript of a received pupil passes to the new school
-- What a school has yet to sign of a year that ended there stays with it: nobody else can (draft.c).
UPDATE transcript_part SET org = :school, rev = rev + 1 WHERE pupil = :pupil AND gone = 0 AND (state NOT IN ('draft', 'signed')
OR class IN (SELECT k.id FROM school_class k WHERE k.org = :school)
OR class NOT IN (SELECT e.class FROM enrolment e WHERE e.pupil = :pupil AND e.state IN ('promoted', 'repeated', 'finished') AND e.gone = 0))

-- name: carry_signed
-- open: the transcript of a received pupil passes to the new school
UPDATE transcript_part SET state = 'draft', form_mark = NULL, form_by = NULL, form_at = NULL, rev = rev + 1 WHERE pupil = :pupil AND state = 'signed' AND gone = 0
AND org = :school AND class IN (SELECT e.class FROM enrolment e WHERE e.pupil = :pupil AND e.state = 'moved' AND e.gone = 0)

-- name: carry_issues
-- open: the transcript of a received pupil passes to the new school
UPDATE transcript_issue SET org = :school, rev = rev + 1 WHERE pupil = :pupil AND gone = 0

-- name: org_follows_transcript
-- open: a pupil's transcript is kept by the school that keeps the record
UPDATE transcript SET org = :new_org WHERE org = :old_org AND pupil IN (SELECT id FROM person WHERE org = :new_org)

-- name: org_follows_transcript_part
-- open: a pupil's transcript is kept by the school that keeps the record
UPDATE transcript_part SET org = :new_org WHERE org = :old_org AND (pupil IN (SELECT id FROM person WHERE org = :new_org) OR class IN (SELECT id FROM school_class WHERE org = :new_org))

-- name: org_follows_transcript_issue
-- open: a pupil's transcript is kept by the school that keeps the record
UPDATE transcript_issue SET org = :new_org WHERE org = :old_org AND pupil IN (SELECT id FROM person WHERE org = :new_org)
