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
