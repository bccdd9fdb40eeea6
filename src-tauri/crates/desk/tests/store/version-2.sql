-- A database as version 2 of its form was written, with something in every table. Never edited: it stands for those that
-- people have.
BEGIN;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    destination TEXT NOT NULL,
    token_type TEXT NOT NULL,
    name TEXT NOT NULL,
    api_key TEXT NOT NULL,
    trusted_ips TEXT NOT NULL,
    permissions TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE tokens ADD COLUMN note TEXT;
ALTER TABLE tokens ADD COLUMN record_is_old INTEGER NOT NULL DEFAULT 0;
CREATE TABLE checks (
    token TEXT PRIMARY KEY REFERENCES tokens (id) ON DELETE CASCADE,
    outcome TEXT NOT NULL,
    code TEXT NOT NULL,
    at TEXT NOT NULL,
    millis INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE journal (
    id TEXT PRIMARY KEY,
    destination TEXT NOT NULL,
    request TEXT NOT NULL,
    trusted_ips TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    stage TEXT NOT NULL,
    started_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO settings VALUES ('address_sources', '[{"operator":"One","url":"https://one.example/","family":"v4","format":"text","vote":true}]');
INSERT INTO settings VALUES ('draft', '{"id":"44444444-4444-4444-8444-444444444444","destination":"practice","token_type":"self_generated","name":"Next","trusted_ips":"203.0.113.7 # Home\n","any_address":false,"script_place":"server","permissions":["BOTS_READ"]}');
INSERT INTO settings VALUES ('installation', '6f2ad4a5-1c5a-4a53-8d7c-3f4f6f0b8a11');
INSERT INTO tokens VALUES (
    '11111111-1111-4111-8111-111111111111', '"practice"', '"system_generated"', 'Home bot',
    'practicepracticepracticepracticepracticepracticepracticepractice',
    '[{"network":"203.0.113.7","label":"Home"},{"network":"2001:db8::/64","label":null}]',
    '["BOTS_READ","SMART_TRADES_WRITE"]', '2026-11-24T14:00:37.25Z', 'Hetzner VPS, grid bot', 1
);
INSERT INTO tokens VALUES (
    '22222222-2222-4222-8222-222222222222', '"own_server"', '"self_generated"', 'Any address',
    '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    '[]', '["ACCOUNTS_READ"]', '2026-11-25T09:30:00Z', NULL, 0
);
INSERT INTO checks VALUES ('11111111-1111-4111-8111-111111111111', '"works"', 'ok', '2026-11-24T14:01:02Z', 12);
INSERT INTO journal VALUES (
    '33333333-3333-4333-8333-333333333333', '"practice"',
    '{"type":"system_generated","name":"Third","trusted_ips":["203.0.113.9"],"permissions":["BOTS_READ"]}',
    '[{"network":"203.0.113.9","label":"VPS"}]',
    '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f',
    '"submitted"', '2026-11-26T08:00:00Z'
);
PRAGMA user_version = 2;
COMMIT;
