-- name: give_exam
-- open: whoever publishes an exam may publish it
-- fan-out
UPDATE exam SET org = :home WHERE id = :id
