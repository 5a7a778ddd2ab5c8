-- :users users who have registered one after the other, a minute apart, or 200,000.
--
-- Their ids have the form of a UUIDv7, and end in twelve decimal digits from 100000000000 on: so
-- pgbench, whose variables are numbers, can name an existing one.
\if :{?users}
\else
\set users 200000
\endif

INSERT INTO users (
    id, created_at, updated_at, version, email_verified, status, email, email_key, display_name,
    roles, metadata, admin_metadata, locale, time_zone, password_hash, password_changed_at,
    search_text
)
SELECT
    ('019ac3f2-7b00-7000-8000-' || 100000000000 + number)::uuid,
    registered_at,
    registered_at,
    1,
    number % 4 <> 0,
    'active',
    given_name || '.' || family_name || '.' || number || '@Example.com',
    lower(given_name || '.' || family_name) || '.' || number || '@example.com',
    given_name || ' ' || family_name,
    '{member}',
    '{}',
    '{}',
    'en-GB',
    'Europe/London',
    '$argon2id$v=19$m=19456,t=2,p=1$' || left(md5(number::text), 22) || '$'
    || left(md5(number::text) || md5((number + 1)::text), 43),
    registered_at,
    lower(given_name || ' ' || family_name) || E'\n'
    || lower(given_name || '.' || family_name) || '.' || number || '@example.com'
FROM (
    SELECT
        number,
        timestamptz '2026-01-01T00:00:00.123456Z' + number * interval '1 minute' AS registered_at,
        ('{Ada,Grace,Edsger,Barbara,Donald,Margaret,Alan,Katherine}'::text[])[1 + number % 8]
            AS given_name,
        ('{Lovelace,Hopper,Dijkstra,Liskov,Knuth,Hamilton,Turing,Johnson,Perlman}'::text[])
            [1 + number % 9] AS family_name
    FROM generate_series(0, :users - 1) AS number
) AS people;

VACUUM (ANALYZE) users;
