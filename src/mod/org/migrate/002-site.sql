-- One public address of the installation, where contact and transcript had one each.
INSERT INTO setting (org, module, name, value, changed, changed_by)
SELECT org, 'org', 'site', value, changed, changed_by FROM setting WHERE module = 'contact' AND name = 'site';

INSERT INTO setting (org, module, name, value, changed, changed_by)
SELECT s.org, 'org', 'site', rtrim(s.value, '/'), s.changed, s.changed_by FROM setting s
WHERE s.module = 'transcript' AND s.name = 'address'
AND NOT EXISTS (SELECT 1 FROM setting o WHERE o.org = s.org AND o.module = 'org' AND o.name = 'site');
