-- :users users, a minute apart. Of 1,000 two have a rare name, 50 are disabled, 20 deleted, ten of all
-- are editors; the addresses are in no order.
INSERT INTO roles (created_at, updated_at, access_epoch, name, permissions)
VALUES (now(), now(), 0, 'editor', '{}');

INSERT INTO users (
    id, created_at, updated_at, version, email_verified, status, email, email_key, display_name,
    roles, metadata, admin_metadata, external_id, deleted_at, search_text
)
SELECT
    ('019ac3f2-7b00-7000-8000-' || 100000000000 + number)::uuid,
    timestamptz '2025-01-01Z' + number * interval '1 minute',
    timestamptz '2025-01-01Z' + number * interval '1 minute',
    1,
    true,
    CASE WHEN number % 20 = 3 THEN 'disabled' ELSE 'active' END,
    email,
    email,
    display_name,
    CASE WHEN number % (:users / 10) = 5 THEN '{editor,member}' ELSE '{member}'::text[] END,
    '{}',
    '{}',
    'crm-' || number,
    CASE WHEN number % 50 = 7 THEN timestamptz '2027-06-01Z' END,
    lower(display_name) || E'\n' || email
FROM (
    SELECT
        number,
        substr(md5(number::text), 1, 12) || '@example.com' AS email,
        ('{Ada,Grace,Edsger,Barbara,Donald,Margaret,Alan,Katherine}'::text[])[1 + number % 8]
        || CASE WHEN number % 500 = 11 THEN ' Quixotic ' ELSE ' ' END
        || ('{Lovelace,Hopper,Dijkstra,Liskov,Knuth,Hamilton,Turing,Johnson,Perlman}'::text[])
            [1 + number % 9] || ' ' || number AS display_name
    FROM generate_series(0, :users - 1) AS number
) AS people;

VACUUM (ANALYZE) users;
