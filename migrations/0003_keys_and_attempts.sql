-- migrate:up

-- What the service's keys are derived from when no SECRET_KEY is set. The first process to need one
-- makes it; the primary key sees to it that there is one, whoever else tries at the same moment.
CREATE TABLE secret_keys (
    name text NOT NULL,
    octets bytea NOT NULL,
    CONSTRAINT secret_keys_pkey PRIMARY KEY (name),
    CONSTRAINT secret_keys_octets_length CHECK (octet_length(octets) >= 32)
);

-- Attempts at making a user that their clients may repeat (Idempotency-Key). A row without a user
-- reserves a name until it expires; one with a user remembers it as it was made, without its
-- password, until later attempts remove what has expired. Name and content are codes (HMAC-SHA256)
-- that tell nothing of who tried what. Who is removed takes the memory along.
CREATE TABLE registration_attempts (
    expires_at timestamptz(6) NOT NULL,
    user_id uuid,
    name bytea NOT NULL,
    content bytea NOT NULL,
    user_as_made jsonb,
    CONSTRAINT registration_attempts_pkey PRIMARY KEY (name),
    CONSTRAINT registration_attempts_name_length CHECK (octet_length(name) = 32),
    CONSTRAINT registration_attempts_content_length CHECK (octet_length(content) = 32),
    CONSTRAINT registration_attempts_user_as_made CHECK (
        (user_id IS NULL) = (user_as_made IS NULL)
    ),
    CONSTRAINT registration_attempts_user FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE CASCADE
);

-- What has run out is removed from its oldest end.
CREATE INDEX registration_attempts_expires_at ON registration_attempts (expires_at);

-- The removal of a user looks here.
CREATE INDEX registration_attempts_user_id ON registration_attempts (user_id);

-- migrate:down

-- squawk-ignore ban-drop-table
DROP TABLE registration_attempts;

-- squawk-ignore ban-drop-table
DROP TABLE secret_keys;
