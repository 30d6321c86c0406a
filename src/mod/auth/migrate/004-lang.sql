-- The language a person chose, for every device.
ALTER TABLE credential ADD COLUMN lang TEXT;
