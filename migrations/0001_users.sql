-- migrate:up

-- Clock, ids and versions come from the service, so no column has a default. The checks are a last
-- net under the rules of the service, which alone gives users a readable reason.
--
-- Columns of a fixed width stand first, so that PostgreSQL finds them without walking the others.
-- An update that changes no indexed column stays on its page and touches no index (HOT) if the page
-- has room: hence the fillfactor, and no index on display_name, updated_at or version.
CREATE TABLE users (
    id uuid NOT NULL,
    created_at timestamptz(6) NOT NULL,
    updated_at timestamptz(6) NOT NULL,
    version bigint NOT NULL,
    email_verified boolean NOT NULL,
    status text NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    display_name text NOT NULL,
    roles text[] NOT NULL,
    metadata jsonb NOT NULL,
    admin_metadata jsonb NOT NULL,
    external_id text,
    locale text,
    time_zone text,
    password_hash text,
    password_changed_at timestamptz(6),
    deleted_at timestamptz(6),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_version_positive CHECK (version > 0),
    CONSTRAINT users_status_known CHECK (status IN ('active', 'disabled')),
    CONSTRAINT users_email_length CHECK (octet_length(email) BETWEEN 3 AND 254),
    -- Folding and IDNA may lengthen an address, but not fourfold.
    CONSTRAINT users_email_key_length CHECK (octet_length(email_key) BETWEEN 3 AND 1024),
    CONSTRAINT users_display_name_length CHECK (char_length(display_name) BETWEEN 1 AND 100),
    CONSTRAINT users_external_id_length CHECK (char_length(external_id) BETWEEN 1 AND 255),
    CONSTRAINT users_locale_length CHECK (char_length(locale) BETWEEN 1 AND 255),
    CONSTRAINT users_time_zone_length CHECK (char_length(time_zone) BETWEEN 1 AND 255),
    CONSTRAINT users_password_hash_length CHECK (octet_length(password_hash) BETWEEN 1 AND 1024),
    CONSTRAINT users_roles_count CHECK (cardinality(roles) <= 16),
    CONSTRAINT users_roles_not_null CHECK (array_position(roles, NULL) IS NULL),
    -- 16 KiB of JSON text take at most eight times as much in binary form.
    CONSTRAINT users_metadata_object CHECK (
        jsonb_typeof(metadata) = 'object' AND pg_column_size(metadata) <= 131072
    ),
    CONSTRAINT users_admin_metadata_object CHECK (
        jsonb_typeof(admin_metadata) = 'object' AND pg_column_size(admin_metadata) <= 131072
    )
) WITH (fillfactor = 90);

-- Look-ups by e-mail; a deleted user's address is free again.
CREATE UNIQUE INDEX users_email_key_live ON users (email_key) WHERE deleted_at IS NULL;

-- Look-ups by the id that another system gave.
CREATE UNIQUE INDEX users_external_id_live ON users (external_id) WHERE deleted_at IS NULL;

-- Keyset pages by age, read in both directions.
CREATE INDEX users_created_at_id_live ON users (created_at, id) WHERE deleted_at IS NULL;

-- migrate:down

-- squawk-ignore ban-drop-table
DROP TABLE users;
