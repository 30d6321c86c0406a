-- The words of a notice as a Zalo message; like sms, empty when it does not go that way.
ALTER TABLE notice ADD COLUMN zalo TEXT;
