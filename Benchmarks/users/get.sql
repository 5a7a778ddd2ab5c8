-- `users_by_id` of the service for pgbench.
\set number random(100000000000, 100000199999)
SELECT ROW(id, external_id, email, email_key, email_verified, display_name, locale, time_zone,
    status, roles, metadata, admin_metadata, created_at, updated_at, password_changed_at,
    deleted_at, version)
FROM users
WHERE id = ('019ac3f2-7b00-7000-8000-' || :number::text)::uuid AND deleted_at IS NULL;
