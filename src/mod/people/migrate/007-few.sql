-- what a province asks of all its people: who holds a post, who is of a people; few among a million, in the order of names
CREATE INDEX person_post_gone_sort_id_idx ON person (post, gone, _sort, id);
CREATE INDEX person_ethnicity_gone_sort_id_idx ON person (ethnicity, gone, _sort, id);
