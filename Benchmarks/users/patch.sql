-- What `users_update` of the service does when only the display name changes, for pgbench: without
-- a flag for every other member, since pgbench can pass no NULL.
\set number random(100000000000, 100000199999)
\set name random(100000000000, 999999999999)
UPDATE users SET display_name = :name, updated_at = now(), version = version + 1,
    search_text = :name::text || E'\n' || split_part(search_text, E'\n', 2)
WHERE id = ('019ac3f2-7b00-7000-8000-' || :number::text)::uuid AND deleted_at IS NULL
RETURNING ROW(id, external_id, email, email_key, email_verified, display_name, locale,
    time_zone, status, roles, metadata, admin_metadata, created_at, updated_at,
    password_changed_at, deleted_at, version);
