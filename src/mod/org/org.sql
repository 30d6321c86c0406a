-- name: slug_taken
-- open: a name in addresses is unique in the installation, whoever may see its owner
SELECT count(*) FROM org WHERE slug = :slug

-- name: links_of
-- open: the tree keeps its own links
-- fan-out
SELECT count(*) FROM org_link WHERE child = :child AND gone = 0

-- name: placed_since
-- open: the tree keeps its own links
-- fan-out: of a unit, or of all that stand under it
SELECT COALESCE(max(since), -80000) FROM org_link WHERE gone = 0 AND until > :today AND (child = :child OR parent = :parent)

-- name: part_founded
-- open: which unit was founded for a part of a division
-- fan-out
UPDATE org_change_part SET part = :unit WHERE id = :part

-- name: join_self
-- open: the closure of the tree holds no personal data
-- fan-out
INSERT INTO org_below (top, below, depth, since, until) VALUES (:child, :child, 0, :since, :until)

-- name: join_under
-- open: the closure of the tree holds no personal data
-- fan-out
INSERT INTO org_below (top, below, depth, since, until)
SELECT top, :child, depth + 1, CASE WHEN since > :since THEN since ELSE :since END, until
FROM org_below WHERE below = :parent AND until > :since

-- name: clear_tree
-- open: rebuilt in the same transaction
-- fan-out
DELETE FROM org_below

-- name: build_tree
-- open: the closure of the tree holds no personal data
INSERT INTO org_below (top, below, depth, since, until)
WITH RECURSIVE walk (top, below, depth, since, until) AS (
	SELECT id, id, 0, COALESCE(since, :since), CAST(:until AS BIGINT) FROM org
	UNION ALL
	SELECT w.top, l.child, w.depth + 1, CASE WHEN l.since > w.since THEN l.since ELSE w.since END,
	       CASE WHEN l.until < w.until THEN l.until ELSE w.until END
	FROM walk w JOIN org_link l ON l.parent = w.below AND l.gone = 0
	WHERE l.since < w.until AND w.since < l.until AND w.depth < 16)
SELECT top, below, min(depth), since, max(until) FROM walk GROUP BY top, below, since

-- name: circles
-- open: the tree keeps its own links
-- fan-out
WITH RECURSIVE walk (top, below, depth, since, until) AS (
	SELECT parent, child, 1, since, until FROM org_link WHERE gone = 0
	UNION ALL
	SELECT w.top, l.child, w.depth + 1, CASE WHEN l.since > w.since THEN l.since ELSE w.since END,
	       CASE WHEN l.until < w.until THEN l.until ELSE w.until END
	FROM walk w JOIN org_link l ON l.parent = w.below AND l.gone = 0
	WHERE l.since < w.until AND w.since < l.until AND w.depth < 16)
SELECT count(*) FROM walk WHERE top = below

-- name: units_known
-- open: administrative units are public
-- fan-out
SELECT count(*) FROM admin_unit

-- name: unit_id
-- open: administrative units are public
-- fan-out
SELECT id FROM admin_unit WHERE level = :level AND code = :code AND gone = 0
AND ((:now = 1 AND until IS NULL) OR (:now = 0 AND until IS NOT NULL))

-- name: units_of
-- open: administrative units are public
-- fan-out
SELECT id, code, full_name, level, province_code FROM admin_unit
WHERE until IS NULL AND gone = 0 AND level <> 'district' AND (:province_code IS NULL OR province_code = :province_code)
ORDER BY province_code, CASE WHEN level = 'province' THEN 0 ELSE 1 END, code

-- name: unit_today
-- open: administrative units are public
-- fan-out
SELECT u.id, u.code, u.full_name, p.full_name, m.whole FROM admin_map m
JOIN admin_unit u ON u.code = m.new_code AND u.until IS NULL AND u.level = 'commune'
JOIN admin_unit p ON p.code = u.province_code AND p.until IS NULL AND p.level = 'province'
WHERE m.old_code = :code ORDER BY m.whole DESC, u.code

-- name: end_link
-- open: the tree keeps its own links
-- fan-out
UPDATE org_link SET until = :since, rev = rev + 1 WHERE child = :child AND gone = 0 AND until > :since

-- name: show_parent
-- open: the tree keeps its own links
UPDATE org SET parent = :parent WHERE id = :child

-- name: preview_below
SELECT o.name, (SELECT count(*) FROM org_below b WHERE b.top = o.id) - 1, '' FROM org o
WHERE o.parent = :old_org AND o.state = 'active' AND o.gone = 0 AND {can:org o} ORDER BY o._sort

-- name: preview_circle
-- open: whether the target stands below the unit that moves
-- fan-out
SELECT count(*) FROM org_below WHERE top = :old_org AND below = :new_org AND until > :today AND since <= :today

-- name: under_one_department
-- open: the closure of the tree holds no personal data
-- fan-out
SELECT count(*) FROM org_below h JOIN org t ON t.id = h.top JOIN org_below u ON u.top = h.top AND u.below = :unit
WHERE h.below = :home AND h.until > :today AND u.until > :today AND (t.kind = 'department' OR t.id = :home)

-- name: active_below
-- open: names of units and who manages them are public
-- fan-out
SELECT count(*) FROM org WHERE parent = :old_org AND gone = 0 AND state = 'active'
AND kind IN ('department', 'bureau', 'commune', 'school')

-- name: org_moves_facility
-- open: rooms follow their school
UPDATE facility SET org = :new_org WHERE org = :old_org AND gone = 0

-- name: org_clashes_facility
-- open: rooms of two units that have the same name
SELECT f.id FROM facility f WHERE f.org = :old_org AND f.gone = 0 AND EXISTS (SELECT 1 FROM facility o
WHERE o.org = :new_org AND o.gone = 0 AND o.building = f.building AND o.name = f.name)

-- name: org_counts_facility
-- open: a count of rooms
SELECT count(*) FROM facility WHERE org = :old_org AND gone = 0

-- name: changes_due
-- fan-out
SELECT k.id, k.kind, a.name, b.name, k.effective, k.state FROM org_change k JOIN org a ON a.id = k.subject LEFT JOIN org b ON b.id = k.target
WHERE k.state IN ('draft', 'approved') AND k.gone = 0 AND {can:org_change k} ORDER BY k.effective

-- name: uploads
-- fan-out: of all units at once, for who keeps the installation
SELECT o.name, COUNT(*), SUM(f.size) / 1048576, SUM(CASE WHEN f.made >= :since THEN f.size ELSE 0 END) / 1048576
FROM file f JOIN org o ON o.id = f.org WHERE f.scan <> 'own' AND {can:org o} GROUP BY o.id, o.name ORDER BY 3 DESC, o.name

-- name: letterhead
-- open: names of units are public
-- fan-out
SELECT p.name, o.name, u.name, o.head FROM org o LEFT JOIN org p ON p.id = o.parent LEFT JOIN admin_unit u ON u.id = o.commune WHERE o.id = :unit

-- name: unit_bordered
-- open: administrative units are public
-- fan-out
SELECT id, province_code FROM admin_unit WHERE level = :level AND code = :code AND gone = 0 AND until IS NULL AND :now = 1

-- name: keep_moved
-- open: how many rows went, not which
-- fan-out: one reorganisation
INSERT INTO org_moved (change, i, part, entity, n) VALUES (:change, :i, :part, :entity, :n)

-- name: kept_moved
-- open: how many rows went, not which; the reorganisation was held against the reader
-- fan-out: one reorganisation
SELECT change, i, part, entity, n FROM org_moved WHERE change = :change ORDER BY i
