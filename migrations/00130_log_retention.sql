-- +goose Up
-- Months of the log are dropped whole. A reader that is behind what was dropped must
-- learn of it, so the last position of each dropped month is kept.
CREATE TABLE roster.log_dropped (
    partition text NOT NULL,
    xid xid8 NOT NULL,
    dropped_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT log_dropped_pkey PRIMARY KEY (partition)
);
COMMENT ON TABLE roster.log_dropped IS 'Months of the log that were dropped after their retention.';
COMMENT ON COLUMN roster.log_dropped.partition IS 'Name of the partition.';
COMMENT ON COLUMN roster.log_dropped.xid IS 'Greatest transaction of its entries.';
COMMENT ON COLUMN roster.log_dropped.dropped_at IS 'Time of the drop.';

-- No request waits while a month is dropped, as for events (00109).
-- +goose StatementBegin
CREATE FUNCTION roster.drop_log_partition(before timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
    partition text;
    month timestamp;
    last xid8;
BEGIN
    SELECT min(c.relname::text) INTO partition
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = to_regclass('roster.log') AND c.relname ~ '^log_[0-9]{4}_[0-9]{2}$';
    month := to_date(substr(partition, 5), 'YYYY_MM');
    IF partition IS NULL OR (month + interval '1 month') AT TIME ZONE 'UTC' > before THEN
        RETURN NULL;
    END IF;
    EXECUTE format('LOCK TABLE roster.%I IN SHARE MODE NOWAIT', partition);
    EXECUTE format('SELECT max(l.xid) FROM roster.%I l', partition) INTO last;
    LOCK TABLE ONLY roster.log IN ACCESS EXCLUSIVE MODE NOWAIT;
    EXECUTE format('DROP TABLE roster.%I', partition);
    IF last IS NOT NULL THEN
        INSERT INTO roster.log_dropped (partition, xid) VALUES (partition, last);
    END IF;
    RETURN partition;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.drop_log_partition(timestamptz) IS 'Drops the oldest month of the log, if it ended by this time.';

-- In a restored dump, entries have the transactions of another server. Those that this
-- server has yet to give become this one: the rest of their order is their number. What
-- was dropped there is behind every position here.
-- +goose StatementBegin
CREATE FUNCTION roster.restamp_log() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entries bigint;
BEGIN
    UPDATE roster.log SET xid = pg_current_xact_id() WHERE xid >= pg_snapshot_xmax(pg_current_snapshot());
    GET DIAGNOSTICS entries = ROW_COUNT;
    UPDATE roster.log_dropped SET xid = '0' WHERE xid >= pg_snapshot_xmax(pg_current_snapshot());
    RETURN entries;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.restamp_log() IS 'Gives entries of another server the transaction that calls it, and counts them.';
REVOKE EXECUTE ON FUNCTION roster.restamp_log() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION roster.drop_log_partition(timestamptz) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION roster.ensure_log_partitions(timestamptz[]) FROM PUBLIC;

-- +goose Down
DROP FUNCTION roster.restamp_log();
DROP FUNCTION roster.drop_log_partition(timestamptz);
DROP TABLE roster.log_dropped;
