-- Who may do what, and who is logged in: roles and their permissions, sessions, and what is known of
-- failed logins. The triggers keep what no single statement of the service could: a role that
-- somebody holds exists, there is an administrator, and whoever relies on a token hears of it when
-- that is not to be relied on any more, whatever made the change.

-- migrate:up

CREATE TABLE roles (
    created_at timestamptz(6) NOT NULL,
    updated_at timestamptz(6) NOT NULL,
    -- When its permissions last changed, as a number of access_epochs.
    access_epoch bigint NOT NULL,
    name text NOT NULL,
    permissions text[] NOT NULL,
    CONSTRAINT roles_pkey PRIMARY KEY (name),
    CONSTRAINT roles_name_form CHECK (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
    CONSTRAINT roles_permissions_known CHECK (
        permissions <@ '{users:read,users:write,roles:write}'
        AND array_position(permissions, NULL) IS NULL
    ),
    CONSTRAINT roles_built_in CHECK (
        (name <> 'admin' OR permissions @> '{users:read,users:write,roles:write}')
        AND (name <> 'member' OR permissions = '{}')
    )
);

-- The built-in ones, and those that users hold already, which allow nothing until somebody says so.
-- Who holds the name admin already is an administrator from now on.
INSERT INTO roles (created_at, updated_at, access_epoch, name, permissions)
VALUES
(now(), now(), 0, 'admin', '{users:read,users:write,roles:write}'),
(now(), now(), 0, 'member', '{}');

INSERT INTO roles (created_at, updated_at, access_epoch, name, permissions)
SELECT now(), now(), 0, held.name, '{}'
FROM (SELECT DISTINCT unnest(roles) AS name FROM users) AS held
WHERE held.name NOT IN ('admin', 'member');

-- Whatever changes what somebody may do takes the next number. A token tells the greatest of its
-- user's and of the user's roles, and is good as long as that is still the greatest.
CREATE SEQUENCE access_epochs;

ALTER TABLE users ADD COLUMN access_epoch bigint NOT NULL DEFAULT 0;

-- One row for each login, until it ends. A refresh counts its token up, and makes no row.
CREATE TABLE sessions (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamptz(6) NOT NULL,
    refreshed_at timestamptz(6) NOT NULL,
    expires_at timestamptz(6) NOT NULL,
    refresh_counter bigint NOT NULL,
    address text,
    user_agent text,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_refresh_counter_positive CHECK (refresh_counter > 0),
    -- An IPv6 address takes 39 characters at most.
    CONSTRAINT sessions_address_length CHECK (octet_length(address) <= 39),
    CONSTRAINT sessions_user_agent_length CHECK (octet_length(user_agent) <= 1024),
    CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) WITH (fillfactor = 90);

CREATE INDEX sessions_user_id_created_at ON sessions (user_id, created_at);

-- What has run out is removed from its oldest end.
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- How logins have gone: by the address that was typed, and, in a row of its own, by the address and
-- a network that has logged in with it, which has a budget of its own. Both are codes (HMAC-SHA256)
-- that tell neither; the network of the first kind of row is empty.
CREATE TABLE login_attempts (
    -- Until when failures count.
    counted_until timestamptz(6) NOT NULL,
    -- Until when nobody may try.
    blocked_until timestamptz(6) NOT NULL,
    -- Until when there is anything to remember here: that, and whose network it is.
    expires_at timestamptz(6) NOT NULL,
    failure_count bigint NOT NULL,
    address_code bytea NOT NULL,
    network_code bytea NOT NULL,
    CONSTRAINT login_attempts_pkey PRIMARY KEY (address_code, network_code),
    CONSTRAINT login_attempts_address_code_length CHECK (octet_length(address_code) = 32),
    CONSTRAINT login_attempts_network_code_length CHECK (octet_length(network_code) IN (0, 32)),
    CONSTRAINT login_attempts_failure_count CHECK (failure_count >= 0)
) WITH (fillfactor = 90);

CREATE INDEX login_attempts_expires_at ON login_attempts (expires_at);

-- A role that a user is given has to exist. It is locked as a foreign key would lock it, so that
-- nobody removes it meanwhile. The built-in ones cannot go.
CREATE FUNCTION users_check_roles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM roles WHERE name = ANY (NEW.roles) FOR KEY SHARE;
    IF (SELECT count(*) FROM roles WHERE name = ANY (NEW.roles)) < cardinality(NEW.roles) THEN
        RAISE EXCEPTION 'a user holds a role that does not exist'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'users_roles_exist',
                TABLE = 'users';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER users_roles_inserted AFTER INSERT ON users
FOR EACH ROW WHEN (NOT NEW.roles <@ '{admin,member}')
EXECUTE FUNCTION users_check_roles();

CREATE TRIGGER users_roles_updated AFTER UPDATE ON users
FOR EACH ROW WHEN (NEW.roles <> OLD.roles AND NOT NEW.roles <@ '{admin,member}')
EXECUTE FUNCTION users_check_roles();

-- The last administrator stays one. Whoever would be next to take one away waits, and then sees
-- what has become of the others.
CREATE FUNCTION users_check_administrators() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('user-management administrators', 0));
    IF NOT EXISTS (
        SELECT FROM users
        WHERE roles <> '{member}' AND roles @> '{admin}' AND status = 'active'
            AND deleted_at IS NULL
    ) THEN
        RAISE EXCEPTION 'this user is the last administrator'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'users_last_administrator',
                TABLE = 'users';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER users_administrator_updated AFTER UPDATE ON users
FOR EACH ROW WHEN (
    OLD.roles @> '{admin}' AND OLD.status = 'active' AND OLD.deleted_at IS NULL
    AND NOT (NEW.roles @> '{admin}' AND NEW.status = 'active' AND NEW.deleted_at IS NULL)
) EXECUTE FUNCTION users_check_administrators();

CREATE TRIGGER users_administrator_deleted AFTER DELETE ON users
FOR EACH ROW WHEN (
    OLD.roles @> '{admin}' AND OLD.status = 'active' AND OLD.deleted_at IS NULL
) EXECUTE FUNCTION users_check_administrators();

-- A user may do something else from now on. The lock is shared by users and taken alone by roles,
-- so that a number is never less than one that was given, but not yet committed, before.
CREATE FUNCTION users_access_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('user-management access', 0));
    UPDATE users SET access_epoch = nextval('access_epochs') WHERE id = NEW.id;
    IF NEW.status <> 'active' OR NEW.deleted_at IS NOT NULL THEN
        DELETE FROM sessions WHERE user_id = NEW.id;
    END IF;
    PERFORM pg_notify('user_management_access', 'user ' || NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER users_access_changed AFTER UPDATE ON users
FOR EACH ROW WHEN (
    OLD.status <> NEW.status OR OLD.roles <> NEW.roles
    OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at
    OR OLD.password_changed_at IS DISTINCT FROM NEW.password_changed_at
) EXECUTE FUNCTION users_access_changed();

-- The holders of a role may do something else from now on.
CREATE FUNCTION roles_access_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('user-management access', 0));
    UPDATE roles SET access_epoch = nextval('access_epochs') WHERE name = NEW.name;
    PERFORM pg_notify('user_management_access', 'roles');
    RETURN NULL;
END
$$;

CREATE TRIGGER roles_access_changed AFTER UPDATE ON roles
FOR EACH ROW WHEN (OLD.permissions <> NEW.permissions)
EXECUTE FUNCTION roles_access_changed();

-- Whether those who hold these roles may do nothing beyond what is granted to somebody. It sees the
-- roles as they are when it is called, which a user may have got since the statement began.
CREATE FUNCTION roles_within(names text[], granted text[]) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT FROM roles WHERE name = ANY (names) AND NOT permissions <@ granted
    );
END
$$;

-- These roles, if they are within what is granted to somebody.
CREATE FUNCTION roles_granted(names text[], granted text[]) RETURNS text[] LANGUAGE plpgsql AS $$
BEGIN
    IF NOT roles_within(names, granted) THEN
        RAISE EXCEPTION 'a role allows more than whoever grants it may do'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'users_roles_within',
                TABLE = 'users';
    END IF;
    RETURN names;
END
$$;

-- Ends the sessions of a user, who is locked, but for one, and returns the user. It sees those that
-- are there when it is called, which may have begun since the statement did.
CREATE FUNCTION sessions_end(owner uuid, kept uuid) RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM sessions WHERE user_id = owner AND id IS DISTINCT FROM kept;
    RETURN owner;
END
$$;

-- Nobody holds a role that goes, or gets another name. The row is locked by then: whoever has just
-- been given it is seen.
CREATE FUNCTION roles_check_unused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.name IN ('admin', 'member')
        OR EXISTS (
            SELECT FROM users WHERE roles <> '{member}' AND roles @> ARRAY[OLD.name]
        )
    THEN
        RAISE EXCEPTION 'the role is built in, or somebody holds it'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'users_roles_exist',
                TABLE = 'roles';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;

CREATE TRIGGER roles_unused BEFORE DELETE ON roles
FOR EACH ROW EXECUTE FUNCTION roles_check_unused();

CREATE TRIGGER roles_renamed BEFORE UPDATE ON roles
FOR EACH ROW WHEN (NEW.name <> OLD.name) EXECUTE FUNCTION roles_check_unused();

-- Sessions have ended, in whatever way: each user of theirs is told of once. Nobody need hear of
-- those that had run out, since no token outlives its session.
CREATE FUNCTION sessions_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('user_management_access', 'user ' || user_id)
    FROM (SELECT DISTINCT user_id FROM ended WHERE expires_at > now()) AS owners;
    RETURN NULL;
END
$$;

CREATE TRIGGER sessions_ended AFTER DELETE ON sessions REFERENCING OLD TABLE AS ended
FOR EACH STATEMENT EXECUTE FUNCTION sessions_ended();

-- migrate:down

-- squawk-ignore-file ban-drop-table, ban-drop-column, ban-drop-function, ban-drop-sequence
DROP TRIGGER users_access_changed ON users;
DROP TRIGGER users_administrator_deleted ON users;
DROP TRIGGER users_administrator_updated ON users;
DROP TRIGGER users_roles_updated ON users;
DROP TRIGGER users_roles_inserted ON users;
DROP TABLE login_attempts;
DROP TABLE sessions;
DROP TABLE roles;
DROP FUNCTION sessions_ended();
DROP FUNCTION sessions_end(uuid, uuid);
DROP FUNCTION roles_granted(text[], text[]);
DROP FUNCTION roles_within(text[], text[]);
DROP FUNCTION roles_check_unused();
DROP FUNCTION roles_access_changed();
DROP FUNCTION users_access_changed();
DROP FUNCTION users_check_administrators();
DROP FUNCTION users_check_roles();
ALTER TABLE users DROP COLUMN access_epoch;
DROP SEQUENCE access_epochs;
