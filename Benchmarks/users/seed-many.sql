-- The users of seed.sql instead of all that there are. Indices are made afterwards, which takes a
-- fraction of the time, for a million half a minute.
SET client_min_messages = warning;
SET maintenance_work_mem = '512MB';

TRUNCATE users CASCADE;

CREATE TEMPORARY TABLE indices AS
SELECT
    indexrelid::regclass::text AS name,
    pg_get_indexdef(indexrelid) AS definition
FROM pg_index
WHERE indrelid = 'users'::regclass AND NOT indisprimary;

SELECT format('DROP INDEX %s', name) FROM indices
\gexec

\ir seed.sql

SELECT definition FROM indices
\gexec
