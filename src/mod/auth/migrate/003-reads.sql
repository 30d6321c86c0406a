-- Who read how much in the last hour is asked every minute.
CREATE INDEX seen_at_idx ON seen (at);
