-- Counts of attempts to sign in, shared by all API processes; outside Prisma's schema, as only the limiter reads them.
-- Unlogged: after a crash of the database everybody may try again.
CREATE SCHEMA IF NOT EXISTS security;

CREATE UNLOGGED TABLE security.sign_in_limit (
  key varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);
