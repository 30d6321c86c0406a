-- where what a job did is seen
ALTER TABLE job ADD COLUMN link TEXT;
