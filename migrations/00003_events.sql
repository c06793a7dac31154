-- +goose Up
CREATE TABLE roster.events (
    id uuid NOT NULL,
    organization_id uuid NOT NULL,
    user_id uuid,
    kind text NOT NULL,
    occurred_at timestamptz NOT NULL,
    payload jsonb,
    CONSTRAINT events_pkey PRIMARY KEY (id, occurred_at),
    CONSTRAINT events_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES roster.organizations (id) ON DELETE CASCADE,
    CONSTRAINT events_user_id_fkey FOREIGN KEY (user_id) REFERENCES roster.users (id) ON DELETE SET NULL,
    CONSTRAINT events_kind_check CHECK (octet_length(kind) <= 64 AND (kind COLLATE "C") ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
    CONSTRAINT events_payload_check CHECK (octet_length(payload::text) <= 8192)
) PARTITION BY RANGE (occurred_at);
-- The report reads a window by this index alone.
CREATE INDEX events_occurred ON roster.events (occurred_at) INCLUDE (organization_id, user_id);
-- What the foreign keys walk when an organization or a user is removed.
CREATE INDEX events_organization ON roster.events (organization_id);
CREATE INDEX events_user ON roster.events (user_id);
COMMENT ON TABLE roster.events IS 'What users did; append-only, one partition a month (UTC).';
COMMENT ON COLUMN roster.events.id IS 'UUID; with occurred_at the identity of the event, which counts once.';
COMMENT ON COLUMN roster.events.organization_id IS 'The organization in which it happened.';
COMMENT ON COLUMN roster.events.user_id IS 'Who did it; null once that user is erased.';
COMMENT ON COLUMN roster.events.kind IS 'What happened.';
COMMENT ON COLUMN roster.events.occurred_at IS 'When it happened.';
COMMENT ON COLUMN roster.events.payload IS 'A JSON value of the sender''s own.';

-- A role that serves need not own the table to store next month's events: the
-- function runs with its owner's rights, and does only this.
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
        -- Made apart and then attached, it takes no lock that a reader, or a
        -- writer of events, would wait for. Its foreign keys keep writers of
        -- users and organizations out until the end of the transaction: hence
        -- the limit on the wait, during which they would queue up behind it.
        EXECUTE format('CREATE TABLE roster.%I (LIKE roster.events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
        EXECUTE format('ALTER TABLE roster.events ATTACH PARTITION roster.%I FOR VALUES FROM (%L) TO (%L)',
            partition, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
    END LOOP;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.ensure_event_partitions(timestamptz[]) IS 'Makes the partitions that events of these times need.';

-- +goose Down
DROP FUNCTION roster.ensure_event_partitions(timestamptz[]);
DROP TABLE roster.events;
