-- migrate:up

-- What the service's keys are derived from when no SECRET_KEY is set. The first process to need one
-- makes it; the primary key sees to it that there is one, whoever else tries at the same moment.
CREATE TABLE secret_keys (
    name text NOT NULL,
    octets bytea NOT NULL,
    CONSTRAINT secret_keys_pkey PRIMARY KEY (name),
    CONSTRAINT secret_keys_octets_length CHECK (octet_length(octets) >= 32)
);

-- migrate:down

-- squawk-ignore ban-drop-table
DROP TABLE secret_keys;
