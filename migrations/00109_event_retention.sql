-- +goose Up
-- No request waits while a month is dropped: the drop fails instead, and is tried
-- again later. The rollup rows of the month go first; only writers of that
-- month's events wait for that. The table of all events is locked last, briefly.
-- +goose StatementBegin
CREATE FUNCTION roster.drop_event_partition(before timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
    partition text;
    month timestamp;
BEGIN
    SELECT min(c.relname::text) INTO partition
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = to_regclass('roster.events') AND c.relname ~ '^events_[0-9]{4}_[0-9]{2}$';
    month := to_date(substr(partition, 8), 'YYYY_MM');
    IF partition IS NULL OR (month + interval '1 month') AT TIME ZONE 'UTC' > before THEN
        RETURN NULL;
    END IF;
    EXECUTE format('LOCK TABLE roster.%I IN SHARE MODE NOWAIT', partition);
    DELETE FROM roster.engagement_days d WHERE d.day >= month AND d.day < month + interval '1 month';
    LOCK TABLE ONLY roster.events IN ACCESS EXCLUSIVE MODE NOWAIT;
    EXECUTE format('DROP TABLE roster.%I', partition);
    RETURN partition;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.drop_event_partition(timestamptz) IS 'Drops the oldest month of events, if it ended by this time.';
REVOKE EXECUTE ON FUNCTION roster.drop_event_partition(timestamptz) FROM PUBLIC;

-- +goose Down
DROP FUNCTION roster.drop_event_partition(timestamptz);
