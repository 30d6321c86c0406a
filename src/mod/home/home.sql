-- name: totals
-- fan-out
SELECT (SELECT count(*) FROM org o WHERE o.kind = 'school' AND o.state = 'active' AND o.gone = 0 AND {here:o.id} AND {can:org o}),
       (SELECT count(*) FROM school_class k WHERE k.year = :year AND k.gone = 0 AND {here:k.org} AND {can:school_class k}),
       (SELECT COALESCE(sum(k.size), 0) FROM school_class k WHERE k.year = :year AND k.gone = 0 AND {here:k.org} AND {can:school_class k}),
       (SELECT count(*) FROM person p WHERE p.staff = 1 AND p.gone = 0 AND {here:p.org} AND {can:person p}),
       (SELECT count(*) FROM roll r WHERE r.held = :today AND r.session = 'morning' AND r.gone = 0 AND {here:r.org} AND {can:roll r}),
       (SELECT count(*) FROM school_class k WHERE k.year = :year AND k.size > 0 AND k.gone = 0 AND {here:k.org} AND {can:school_class k}),
       (SELECT COALESCE(sum(r.absent), 0) FROM roll r WHERE r.held = :today AND r.gone = 0 AND {here:r.org} AND {can:roll r}),
       (SELECT count(*) FROM move m WHERE m.state IN ('asked', 'accepted', 'released') AND m.gone = 0 AND {can:move m})
