-- +goose Up
-- Transaction numbers repeat after a restore or an asynchronous failover. So each
-- server, and each of its timelines, that writes users is recorded, with the last
-- change that it inherited.
CREATE TABLE roster.timelines (
    number bigint GENERATED ALWAYS AS IDENTITY,
    token uuid NOT NULL DEFAULT gen_random_uuid(),
    origin text NOT NULL,
    timeline text NOT NULL,
    inherited xid8 NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT timelines_pkey PRIMARY KEY (number)
);
COMMENT ON TABLE roster.timelines IS 'Timelines of servers that have written users, for cursors of changes.';
COMMENT ON COLUMN roster.timelines.number IS 'Order of the timelines. Transactions that overlap may record one twice.';
COMMENT ON COLUMN roster.timelines.token IS 'Random name of the timeline, which cursors hold.';
COMMENT ON COLUMN roster.timelines.origin IS 'System identifier of the server, OIDs of the database and of this table.';
COMMENT ON COLUMN roster.timelines.timeline IS 'Timeline of the server, in hexadecimal digits.';
COMMENT ON COLUMN roster.timelines.inherited IS 'Last change of the timeline before; 0 if its numbers mean nothing here.';
COMMENT ON COLUMN roster.timelines.recorded_at IS 'Time at which the recording transaction began.';

-- The insertion is one statement, so that its snapshot has no change of the timeline
-- unless it has the timeline's row. Transactions that overlap may both insert a row,
-- and neither waits for the other.
-- +goose StatementBegin
CREATE FUNCTION roster.record_timeline() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    here text;
    branch text;
BEGIN
    BEGIN
        SELECT concat_ws('/', s.system_identifier, d.oid, 'roster.timelines'::regclass::oid),
                left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)
            INTO here, branch
            FROM pg_control_system() s, pg_database d WHERE d.datname = current_database();
    EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR object_not_in_prerequisite_state THEN
        here := 'unknown'; -- a service that hides this keeps its timelines to itself
        branch := 'unknown';
    END;
    INSERT INTO roster.timelines (origin, timeline, inherited)
        SELECT here, branch,
            CASE WHEN last.origin = here THEN greatest('0'::xid8, (SELECT max(u.changed) FROM roster.users u),
                (SELECT max(t.changed) FROM roster.user_tombstones t)) ELSE '0'::xid8 END
        FROM (SELECT) one LEFT JOIN (SELECT n.origin, n.timeline FROM roster.timelines n ORDER BY n.number DESC LIMIT 1) last ON true
        WHERE (last.origin, last.timeline) IS DISTINCT FROM (here, branch);
    PERFORM set_config('roster.timeline', 'roster.timelines'::regclass::oid::text, false);
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.record_timeline() IS 'Records the timeline of this server, unless it is the last one recorded.';

-- +goose StatementBegin
CREATE FUNCTION roster.record_timeline_before_write() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM roster.record_timeline();
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.record_timeline_before_write() IS 'Records the timeline before the first write of users in a session.';

-- Once a session: a session that has written does not outlive its server's timeline.
CREATE TRIGGER record_timeline_before_write BEFORE INSERT OR UPDATE OR DELETE ON roster.users
    FOR EACH STATEMENT
    WHEN (current_setting('roster.timeline', true) IS DISTINCT FROM 'roster.timelines'::regclass::oid::text)
    EXECUTE FUNCTION roster.record_timeline_before_write();

SELECT roster.record_timeline();

-- +goose Down
DROP TRIGGER record_timeline_before_write ON roster.users;
DROP FUNCTION roster.record_timeline_before_write();
DROP FUNCTION roster.record_timeline();
DROP TABLE roster.timelines;
