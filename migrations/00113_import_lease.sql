-- +goose Up
-- One import runs at a time: the one that has the lease, which it renews. The
-- transactions of an import lock its lease against other owners (FOR KEY SHARE).
-- A session's lock would not do: a pooler gives each transaction another session.
-- Unlogged as the staging tables are: a crash of the server empties all of them,
-- and then no import goes on without the lines that it has staged.
CREATE UNLOGGED TABLE roster.import_lease (
    singleton boolean NOT NULL DEFAULT true,
    owner uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT import_lease_pkey PRIMARY KEY (singleton),
    CONSTRAINT import_lease_singleton_check CHECK (singleton)
);
COMMENT ON TABLE roster.import_lease IS 'Which import may store records; at most one row.';
COMMENT ON COLUMN roster.import_lease.singleton IS 'Always true.';
COMMENT ON COLUMN roster.import_lease.owner IS 'Number that an import gets with the lease.';
COMMENT ON COLUMN roster.import_lease.expires_at IS 'Time from which another import may take the lease.';

-- TRUNCATE gives the space back, but waits for every reader, such as pg_dump, and
-- all later readers wait for it. So it runs only if nobody reads the table. Else
-- the rows are deleted, as they are if they are few.
-- +goose StatementBegin
CREATE FUNCTION roster.clear_staging(kind text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name constant text := format('roster.%I', 'staging_' || kind);
BEGIN
    IF pg_relation_size(name::regclass) > 1048576 THEN
        BEGIN
            EXECUTE 'LOCK TABLE ' || name || ' IN ACCESS EXCLUSIVE MODE NOWAIT';
            EXECUTE 'TRUNCATE ' || name;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            NULL;
        END;
    END IF;
    EXECUTE 'DELETE FROM ' || name;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.clear_staging(text) IS 'Empties the staging table of a kind of record, and waits for nobody.';

-- An import in parts deletes the lines of each part. By these indexes the next
-- part does not read the deleted ones again, which stay while pg_dump runs.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX staging_plans_line ON roster.staging_plans (line);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX staging_organizations_line ON roster.staging_organizations (line);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX staging_users_line ON roster.staging_users (line);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX staging_memberships_line ON roster.staging_memberships (line);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX staging_events_line ON roster.staging_events (line);

-- +goose Down
DROP INDEX roster.staging_events_line;
DROP INDEX roster.staging_memberships_line;
DROP INDEX roster.staging_users_line;
DROP INDEX roster.staging_organizations_line;
DROP INDEX roster.staging_plans_line;
DROP FUNCTION roster.clear_staging(text);
DROP TABLE roster.import_lease;
