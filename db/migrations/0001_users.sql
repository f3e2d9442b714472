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
