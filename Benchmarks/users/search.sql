-- `users_search` of the service for pgbench, with the one condition that is asked for: who has a part
-- of an address, which one to eleven users have.
\set limit 21
\set number random(10000, 199999)
SELECT id, external_id, email, email_key, email_verified, display_name, locale, time_zone,
    status, roles, metadata, admin_metadata, created_at, updated_at, password_changed_at,
    deleted_at, version, search_text
FROM users
WHERE deleted_at IS NULL
    AND search_text LIKE '%'
    || ('{ada,grace,edsger,barbara,donald,margaret,alan,katherine}'::text[])
        [1 + :number::integer % 8] || '.'
    || ('{lovelace,hopper,dijkstra,liskov,knuth,hamilton,turing,johnson,perlman}'::text[])
        [1 + :number::integer % 9] || '.' || :number::text || '%'
ORDER BY created_at DESC, id DESC
LIMIT :limit;
