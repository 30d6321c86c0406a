-- A row: words are looked for in another way than these lines were written, so a job writes them anew (search_stale.c).
CREATE TABLE search_stale (mark BIGINT PRIMARY KEY);
INSERT INTO search_stale (mark) SELECT 1 WHERE EXISTS (SELECT 1 FROM search);
