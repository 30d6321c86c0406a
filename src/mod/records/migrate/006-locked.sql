ALTER TABLE mark_lock ADD COLUMN locked_on BIGINT;
ALTER TABLE class_close ADD COLUMN locked_on BIGINT;
ALTER TABLE class_close ADD COLUMN opened_on BIGINT;
UPDATE mark_lock SET locked_on = (changed + 25200000) / 86400000 WHERE state = 'locked';
UPDATE class_close SET locked_on = (changed + 25200000) / 86400000 WHERE state = 'closed';
