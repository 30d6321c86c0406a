-- home.sql -- figures of a unit and all below it.
-- Where no unit is named, all are: as a set like any other, so that both engines go through units by the index of each.

-- name: totals
-- fan-out
WITH units AS (SELECT below AS id FROM org_below WHERE top = :school AND since <= :today AND :today < until UNION ALL SELECT id FROM org WHERE :school = 0)
SELECT (SELECT count(*) FROM org o WHERE o.kind = 'school' AND o.state = 'active' AND o.gone = 0 AND o.id IN (SELECT id FROM units) AND {can:org o}),
       (SELECT count(*) FROM school_class k WHERE k.year = :year AND k.gone = 0 AND k.org IN (SELECT id FROM units) AND {can:school_class k}),
       (SELECT COALESCE(sum(k.size), 0) FROM school_class k WHERE k.year = :year AND k.gone = 0 AND k.org IN (SELECT id FROM units) AND {can:school_class k}),
       (SELECT count(*) FROM person p WHERE p.staff = 1 AND p.gone = 0 AND p.org IN (SELECT id FROM units) AND {can:person p}),
       (SELECT count(DISTINCT r.class) FROM roll r WHERE r.held = :today AND r.gone = 0 AND r.org IN (SELECT id FROM units) AND {can:roll r}),
       (SELECT count(*) FROM school_class k WHERE k.year = :year AND k.size > 0 AND k.gone = 0 AND k.org IN (SELECT id FROM units) AND {can:school_class k}),
       (SELECT COALESCE(sum(r.absent), 0) FROM roll r WHERE r.held = :today AND r.gone = 0 AND r.org IN (SELECT id FROM units) AND {can:roll r}),
       (SELECT count(*) FROM move m WHERE m.state IN ('asked', 'accepted', 'released') AND m.gone = 0 AND (m.org IN (SELECT id FROM units) OR m.to_org = :school) AND {can:move m})

-- name: by_grade
-- fan-out
WITH units AS (SELECT below AS id FROM org_below WHERE top = :school AND since <= :today AND :today < until UNION ALL SELECT id FROM org WHERE :school = 0)
SELECT k.grade, count(*), COALESCE(sum(k.size), 0) FROM school_class k
WHERE k.year = :year AND k.gone = 0 AND k.org IN (SELECT id FROM units) AND {can:school_class k} GROUP BY k.grade

-- name: by_day
-- fan-out
WITH units AS (SELECT below AS id FROM org_below WHERE top = :school AND since <= :today AND :today < until UNION ALL SELECT id FROM org WHERE :school = 0)
SELECT r.held, COALESCE(sum(r.present), 0), COALESCE(sum(r.absent), 0), COALESCE(sum(r.late), 0) FROM roll r
WHERE r.held >= :since AND r.gone = 0 AND r.org IN (SELECT id FROM units) AND {can:roll r} GROUP BY r.held ORDER BY r.held

-- name: areas
-- The last column: the commune has schools, but none in reach. A nought would be a lie there.
-- fan-out
WITH units AS (SELECT below AS id FROM org_below WHERE top = :school AND since <= :today AND :today < until UNION ALL SELECT id FROM org WHERE :school = 0),
schools AS (
	SELECT o.id, o.commune FROM org o WHERE o.kind = 'school' AND o.state = 'active' AND o.gone = 0 AND o.id IN (SELECT id FROM units) AND {can:org o}),
sizes AS (
	SELECT s.commune, count(DISTINCT s.id) AS n, COALESCE(sum(k.size), 0) AS pupils FROM schools s
	LEFT JOIN school_class k ON k.org = s.id AND k.year = :year AND k.gone = 0 GROUP BY s.commune),
settled AS (SELECT DISTINCT o.commune FROM org o WHERE o.kind = 'school' AND o.state = 'active' AND o.gone = 0)
SELECT u.id, u.full_name, b.ring, COALESCE(z.n, 0), COALESCE(z.pupils, 0), CASE WHEN z.commune IS NULL AND t.commune IS NOT NULL THEN 1 ELSE 0 END
FROM unit_border b JOIN admin_unit u ON u.id = b.unit LEFT JOIN sizes z ON z.commune = u.id LEFT JOIN settled t ON t.commune = u.id
WHERE u.until IS NULL AND u.level = 'commune' AND u.province_code IN (SELECT c.province_code FROM schools s JOIN admin_unit c ON c.id = s.commune)
ORDER BY u._sort, u.id

-- name: dots
-- fan-out
WITH units AS (SELECT below AS id FROM org_below WHERE top = :school AND since <= :today AND :today < until UNION ALL SELECT id FROM org WHERE :school = 0)
SELECT o.id, o.x, o.y, o.name, o.slug, o.preschool, o.primary_, o.lower, o.upper FROM org o
WHERE o.kind = 'school' AND o.state = 'active' AND o.gone = 0 AND (o.x <> 0 OR o.y <> 0) AND o.id IN (SELECT id FROM units) AND {can:org o} ORDER BY o.id

-- name: standing
-- open: the unit an actor's own seat stands in
-- fan-out
SELECT o.slug, (SELECT y.code FROM school_year y WHERE y.since <= :today AND y.gone = 0 ORDER BY y.year DESC LIMIT 1),
       (SELECT t.code FROM term t WHERE t.since <= :today AND t.until >= :today AND t.gone = 0 LIMIT 1)
FROM org o WHERE o.id = :school AND o.gone = 0

-- name: public_totals
-- open: counts of schools, classes and pupils are published figures
-- fan-out
SELECT (SELECT count(*) FROM org WHERE kind = 'school' AND state = 'active' AND gone = 0),
       (SELECT count(*) FROM school_class WHERE year = :year AND gone = 0),
       (SELECT COALESCE(sum(size), 0) FROM school_class WHERE year = :year AND gone = 0), 0, 0, 0, 0, 0

-- name: public_areas
-- open: counts by commune are published figures
-- fan-out
WITH sizes AS (
	SELECT o.commune, count(DISTINCT o.id) AS n, COALESCE(sum(k.size), 0) AS pupils FROM org o
	LEFT JOIN school_class k ON k.org = o.id AND k.year = :year AND k.gone = 0
	WHERE o.kind = 'school' AND o.state = 'active' AND o.gone = 0 GROUP BY o.commune)
SELECT u.id, u.full_name, b.ring, COALESCE(z.n, 0), COALESCE(z.pupils, 0), 0
FROM unit_border b JOIN admin_unit u ON u.id = b.unit LEFT JOIN sizes z ON z.commune = u.id
WHERE u.until IS NULL AND u.level = 'commune' AND u.province_code IN (SELECT c.province_code FROM sizes s JOIN admin_unit c ON c.id = s.commune)
ORDER BY u._sort, u.id

-- name: public_dots
-- open: where schools stand is public
-- fan-out
SELECT id, x, y, name, slug, preschool, primary_, lower, upper FROM org
WHERE kind = 'school' AND state = 'active' AND gone = 0 AND (x <> 0 OR y <> 0) ORDER BY id
