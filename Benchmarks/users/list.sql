-- `users_page` of the service for pgbench, as it is without bounds: twenty users, and one more that
-- tells whether there is another page.
\set limit 21
SELECT id, external_id, email, email_key, email_verified, display_name, locale, time_zone,
    status, roles, metadata, admin_metadata, created_at, updated_at, password_changed_at,
    deleted_at, version
FROM users
WHERE deleted_at IS NULL
ORDER BY created_at DESC, id DESC
LIMIT :limit;
