-- The database roles of the deployed processes, each with what its code needs. Run it once, by the
-- owner of the tables, after bin/db/migrate; then give each one a password (psql: \password).

-- The server looks people up, and listens, which needs no right.
CREATE ROLE cruddur_server LOGIN;
GRANT SELECT ON users TO cruddur_server;

-- The stream Lambda connects and notifies, which needs no right either.
CREATE ROLE cruddur_stream LOGIN;

-- The post-confirmation Lambda adds people, and links those who were there before.
CREATE ROLE cruddur_registrations LOGIN;
GRANT SELECT, INSERT, UPDATE (cognito_user_id) ON users TO cruddur_registrations;
