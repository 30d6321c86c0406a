-- How many messages went by telephone, and arrived (contact/reach).
CREATE INDEX delivery_org_channel_idx ON delivery (org, channel, gone, due, state);
