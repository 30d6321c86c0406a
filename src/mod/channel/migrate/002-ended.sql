-- What ended lately is looked for by the contact book, what ended long ago is thrown away.
CREATE INDEX delivery_ended_idx ON delivery (ended);
