-- What lists are read from, beside the index on created_at: other orders, deleted users, filters
-- and the search. Each condition of a list has an index that holds few other users, or the list is
-- read from the index of its order.

-- migrate:up

-- Whoever writes waits meanwhile. Nobody is kept waiting: no release had the table without this.
-- squawk-ignore-file require-concurrent-index-creation

-- Comes with PostgreSQL; the owner of a database may create it (a trusted extension).
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- The display name and the address, folded by the service, with a line feed between them. It begins
-- with the name, so its order is that of names. Empty until the service has filled it: rows that
-- SQL has written wait for `user-management migrate upgrade`. Compared octet by octet, which no
-- update of a locale changes.
--
-- Folding makes at most four octets of a code point.
ALTER TABLE users ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT ''
    CONSTRAINT users_search_text_length CHECK (octet_length(search_text) <= 2048);

CREATE INDEX users_email_key_id_live ON users (email_key COLLATE "C", id)
    WHERE deleted_at IS NULL;
CREATE INDEX users_search_text_id_live ON users (search_text, id) WHERE deleted_at IS NULL;

-- The same for deleted users. A list of both reads two indexes side by side, so that neither kind
-- is in the way of the other.
CREATE INDEX users_created_at_id_deleted ON users (created_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX users_email_key_id_deleted ON users (email_key COLLATE "C", id)
    WHERE deleted_at IS NOT NULL;
CREATE INDEX users_search_text_id_deleted ON users (search_text, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX users_external_id_deleted ON users (external_id) WHERE deleted_at IS NOT NULL;

-- Substrings of three characters and more.
CREATE INDEX users_search_text_trigrams ON users USING gin (search_text gin_trgm_ops);

-- Those of a role. Nearly everybody has no role but the first one: they are not in it, and cost
-- nothing here when they are made.
CREATE INDEX users_roles ON users USING gin (roles) WHERE roles <> '{member}';

-- The few who are disabled, in each order.
CREATE INDEX users_created_at_id_disabled ON users (created_at, id)
    WHERE status = 'disabled' AND deleted_at IS NULL;
CREATE INDEX users_email_key_id_disabled ON users (email_key COLLATE "C", id)
    WHERE status = 'disabled' AND deleted_at IS NULL;
CREATE INDEX users_search_text_id_disabled ON users (search_text, id)
    WHERE status = 'disabled' AND deleted_at IS NULL;

-- migrate:down

-- squawk-ignore-file require-concurrent-index-deletion, ban-drop-column
DROP INDEX users_email_key_id_disabled;
DROP INDEX users_created_at_id_disabled;
DROP INDEX users_roles;
DROP INDEX users_external_id_deleted;
DROP INDEX users_email_key_id_deleted;
DROP INDEX users_created_at_id_deleted;
DROP INDEX users_email_key_id_live;
-- With its check and its indexes. The extension stays: others may use it.
ALTER TABLE users DROP COLUMN search_text;
