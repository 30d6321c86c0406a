ALTER TABLE mark_reopen ADD COLUMN answer TEXT;
