-- `users_insert` of the service for pgbench, for a user without a password. The id is of the database,
-- and the address random: of two in ten thousand million million one is there already.
\set number random(100000000000, 999999999999)
\set other random(1000, 9999)
INSERT INTO users (
    id, email, email_key, email_verified, display_name, status, roles, metadata, admin_metadata,
    created_at, updated_at, version, search_text
)
VALUES (
    gen_random_uuid(), 'registered-' || :number::text || '-' || :other::text || '@example.com',
    'registered-' || :number::text || '-' || :other::text || '@example.com', false, 'Ada Lovelace',
    'active', '{member}', '{}', '{}', now(), now(), 1,
    E'ada lovelace\nregistered-' || :number::text || '-' || :other::text || '@example.com'
)
RETURNING ROW(id, external_id, email, email_key, email_verified, display_name, locale,
    time_zone, status, roles, metadata, admin_metadata, created_at, updated_at,
    password_changed_at, deleted_at, version);
