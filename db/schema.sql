-- The whole schema as it is now: to read, and for `bin/db/schema-load`.
-- A change is a new file in migrations/ and the same change here; a test holds the two together.

-- Handles and email addresses are ASCII, compared byte by byte (COLLATE "C"): lower() then means
-- the same on every server, and no Unicode look-alike of a handle can be stored.
CREATE TABLE users (
    uuid uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    display_name text NOT NULL,
    handle text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    -- The `sub` of the person's Cognito tokens; NULL until matched.
    cognito_user_id text UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_display_name_check CHECK (display_name ~ '\S' AND length(display_name) <= 100),
    CONSTRAINT users_handle_check CHECK (handle ~ '^[A-Za-z0-9._-]{1,64}$'),
    CONSTRAINT users_email_check CHECK (email ~ '^[!-?A-~]+@[!-?A-~]+$')
);

CREATE UNIQUE INDEX users_handle_key ON users (lower(handle));
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

-- Servers remember people for a while, and forget whoever they are told of here.
-- An empty payload means everybody: TRUNCATE has no rows to name.
CREATE FUNCTION users_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('cruddur_users', CASE TG_OP WHEN 'TRUNCATE' THEN '' ELSE OLD.uuid::text END);
    RETURN NULL;
END
$$;

CREATE TRIGGER users_changed AFTER UPDATE OR DELETE ON users
    FOR EACH ROW EXECUTE FUNCTION users_changed();
CREATE TRIGGER users_truncated AFTER TRUNCATE ON users
    FOR EACH STATEMENT EXECUTE FUNCTION users_changed();
