-- +goose Up
CREATE TABLE roster.events (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    user_id uuid,
    kind text NOT NULL,
    occurred_at timestamptz NOT NULL,
    payload jsonb,
    CONSTRAINT events_pkey PRIMARY KEY (id, occurred_at),
    CONSTRAINT events_kind_check CHECK (octet_length(kind) <= 64 AND (kind COLLATE "C") ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
    CONSTRAINT events_payload_check CHECK (octet_length(payload::text) <= 8192)
) PARTITION BY RANGE (occurred_at);
-- The report reads parts of days by this index alone.
CREATE INDEX events_occurred ON roster.events (occurred_at) INCLUDE (organization_id, user_id);
-- Triggers of memberships and users find the events of a user by this one.
CREATE INDEX events_user ON roster.events (user_id);
-- The last event of an organization is found by this one, read backward.
CREATE INDEX events_latest ON roster.events (organization_id, occurred_at) INCLUDE (user_id);
COMMENT ON TABLE roster.events IS 'Events of users; only added, one partition for each month (UTC).';
COMMENT ON COLUMN roster.events.id IS 'UUID; with occurred_at it identifies the event, which counts once.';
COMMENT ON COLUMN roster.events.organization_id IS 'Organization in which it happened.';
COMMENT ON COLUMN roster.events.user_id IS 'User of the event; null after that user is erased.';
COMMENT ON COLUMN roster.events.kind IS 'Kind of the event.';
COMMENT ON COLUMN roster.events.occurred_at IS 'Time of the event.';
COMMENT ON COLUMN roster.events.payload IS 'JSON value for the sender''s own use.';

-- The function runs with its owner's rights, and does only this. So the serving
-- role need not own the table to add partitions.
-- +goose StatementBegin
CREATE FUNCTION roster.ensure_event_partitions(moments timestamptz[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    month timestamp;
    partition text;
BEGIN
    FOR month IN
        SELECT DISTINCT date_trunc('month', moment AT TIME ZONE 'UTC') FROM unnest(moments) moment ORDER BY 1
    LOOP
        IF month < '2000-01-01' OR month >= '2200-01-01' THEN
            RAISE EXCEPTION 'no events are kept for %', month USING ERRCODE = 'check_violation', CONSTRAINT = 'events_occurred_at_check';
        END IF;
        partition := to_char(month, '"events_"YYYY_MM');
        PERFORM pg_advisory_xact_lock(hashtext('roster.' || partition));
        IF to_regclass('roster.' || partition) IS NOT NULL THEN
            CONTINUE;
        END IF;
        -- The partition is made apart and then attached. That takes no lock for
        -- which a reader or a writer of events would wait. It may itself wait for
        -- vacuum or another change of the table: hence lock_timeout.
        EXECUTE format('CREATE TABLE roster.%I (LIKE roster.events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
        EXECUTE format('ALTER TABLE roster.events ATTACH PARTITION roster.%I FOR VALUES FROM (%L) TO (%L)',
            partition, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
    END LOOP;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.ensure_event_partitions(timestamptz[]) IS 'Makes the partitions that events of these times need.';

-- Events of an erased user stay, without the user. By then the user is out of
-- the rollup (rollup_users_after_delete): else it would be made again.
-- +goose StatementBegin
CREATE FUNCTION roster.unlink_events_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE roster.events e SET user_id = NULL FROM old_rows o WHERE e.user_id = o.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.unlink_events_after_delete() IS 'Removes deleted users from their events.';

CREATE TRIGGER unlink_events_after_delete AFTER DELETE ON roster.users
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.unlink_events_after_delete();

-- +goose Down
DROP TRIGGER unlink_events_after_delete ON roster.users;
DROP FUNCTION roster.unlink_events_after_delete();
DROP FUNCTION roster.ensure_event_partitions(timestamptz[]);
DROP TABLE roster.events;
