-- a family's code is looked up by itself
CREATE INDEX activation_code_idx ON activation (code);
