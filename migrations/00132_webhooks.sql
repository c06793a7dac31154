-- +goose Up
-- Webhooks have no queue: each has its position in the log. A program that delivers
-- leases a webhook, posts its entries in order and moves the position.
CREATE TABLE roster.webhooks (
    id uuid NOT NULL,
    url text NOT NULL,
    kinds text[] NOT NULL DEFAULT '{}',
    organization_id uuid,
    secret bytea NOT NULL,
    old_secret bytea,
    old_secret_until timestamptz,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    position_timeline uuid NOT NULL,
    position_xid xid8 NOT NULL,
    position_number bigint NOT NULL,
    position_seen xid8 NOT NULL,
    failures bigint NOT NULL DEFAULT 0,
    failing_since timestamptz,
    next_at timestamptz NOT NULL DEFAULT '-infinity',
    lease bigint NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    disabled_at timestamptz,
    disabled_reason text,
    CONSTRAINT webhooks_pkey PRIMARY KEY (id),
    CONSTRAINT webhooks_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES roster.organizations (id) ON DELETE CASCADE,
    CONSTRAINT webhooks_url_check CHECK (octet_length(url) <= 2048 AND url ~ '^https?://'),
    CONSTRAINT webhooks_secret_check CHECK (octet_length(secret) BETWEEN 24 AND 64),
    CONSTRAINT webhooks_failures_check CHECK (failures >= 0),
    CONSTRAINT webhooks_disabled_check CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
);
CREATE INDEX webhooks_newest ON roster.webhooks (created_at DESC, id DESC);
CREATE INDEX webhooks_organization ON roster.webhooks (organization_id, created_at DESC, id DESC);
CREATE INDEX webhooks_due ON roster.webhooks (next_at) WHERE disabled_at IS NULL;
COMMENT ON TABLE roster.webhooks IS 'URLs to which entries of the log are posted.';
COMMENT ON COLUMN roster.webhooks.id IS 'UUID of version 7.';
COMMENT ON COLUMN roster.webhooks.url IS 'Where entries are posted.';
COMMENT ON COLUMN roster.webhooks.kinds IS 'Kinds of entries that are posted; none: all.';
COMMENT ON COLUMN roster.webhooks.organization_id IS 'Organization to whose entries the webhook is limited; null: none.';
COMMENT ON COLUMN roster.webhooks.secret IS 'Signs what is posted. It is no hash, since a signature needs it.';
COMMENT ON COLUMN roster.webhooks.old_secret IS 'The secret before, which signs too, for a while.';
COMMENT ON COLUMN roster.webhooks.old_secret_until IS 'Time from which the old secret does not sign.';
COMMENT ON COLUMN roster.webhooks.created_at IS 'Time of creation.';
COMMENT ON COLUMN roster.webhooks.created_by IS 'Caller that made the webhook.';
COMMENT ON COLUMN roster.webhooks.position_timeline IS 'Timeline of the position.';
COMMENT ON COLUMN roster.webhooks.position_xid IS 'Transaction of the last entry that needs no delivery any more.';
COMMENT ON COLUMN roster.webhooks.position_number IS 'Number of that entry.';
COMMENT ON COLUMN roster.webhooks.position_seen IS 'Transaction of the last entry that was read.';
COMMENT ON COLUMN roster.webhooks.failures IS 'Attempts in a row that have failed.';
COMMENT ON COLUMN roster.webhooks.failing_since IS 'Time of the first of them.';
COMMENT ON COLUMN roster.webhooks.next_at IS 'Time of the next attempt.';
COMMENT ON COLUMN roster.webhooks.lease IS 'Number of the last lease; a change of the webhook ends it.';
COMMENT ON COLUMN roster.webhooks.lease_until IS 'Time from which another program may lease the webhook.';
COMMENT ON COLUMN roster.webhooks.disabled_at IS 'Time from which nothing is posted; null: not disabled.';
COMMENT ON COLUMN roster.webhooks.disabled_reason IS 'gone, failed or expired.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_webhooks_after_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, organization_id, actor, request)
        SELECT 'webhook.created', n.id::text, n.organization_id,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM new_rows n CROSS JOIN LATERAL (SELECT coalesce(origins -> n.id::text, origins -> '') AS origin) g;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_webhooks_after_insert() IS 'Logs new webhooks.';

-- Progress is no change: it would be logged, and posted, without an end.
-- +goose StatementBegin
CREATE FUNCTION roster.log_webhooks_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, organization_id, fields, actor, request)
        SELECT CASE WHEN o.disabled_at IS NULL AND n.disabled_at IS NOT NULL THEN 'webhook.disabled' ELSE 'webhook.updated' END,
            n.id::text, n.organization_id, f.fields,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM new_rows n JOIN old_rows o ON o.id = n.id
        CROSS JOIN LATERAL (SELECT array_remove(ARRAY[CASE WHEN o.url IS DISTINCT FROM n.url THEN 'url' END,
                CASE WHEN o.kinds IS DISTINCT FROM n.kinds THEN 'kinds' END,
                CASE WHEN o.organization_id IS DISTINCT FROM n.organization_id THEN 'organization' END,
                CASE WHEN o.secret IS DISTINCT FROM n.secret THEN 'secret' END,
                CASE WHEN (o.disabled_at IS NULL) <> (n.disabled_at IS NULL) THEN 'disabled_at' END], NULL) AS fields) f
        CROSS JOIN LATERAL (SELECT coalesce(origins -> n.id::text, origins -> '') AS origin) g
        WHERE f.fields <> '{}';
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_webhooks_after_update() IS 'Logs changes of webhooks.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_webhooks_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, organization_id, actor, request)
        SELECT 'webhook.deleted', o.id::text, o.organization_id,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM old_rows o CROSS JOIN LATERAL (SELECT coalesce(origins -> o.id::text, origins -> '') AS origin) g;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_webhooks_after_delete() IS 'Logs deleted webhooks.';

CREATE TRIGGER log_webhooks_after_insert AFTER INSERT ON roster.webhooks
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_webhooks_after_insert();
CREATE TRIGGER log_webhooks_after_update AFTER UPDATE ON roster.webhooks
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_webhooks_after_update();
CREATE TRIGGER log_webhooks_after_delete AFTER DELETE ON roster.webhooks
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_webhooks_after_delete();
CREATE TRIGGER record_timeline_before_write BEFORE INSERT OR UPDATE OR DELETE ON roster.webhooks
    FOR EACH STATEMENT
    WHEN (current_setting('roster.timeline', true) IS DISTINCT FROM 'roster.timelines'::regclass::oid::text)
    EXECUTE FUNCTION roster.record_timeline_before_write();

-- +goose Down
DROP TABLE roster.webhooks;
DROP FUNCTION roster.log_webhooks_after_delete();
DROP FUNCTION roster.log_webhooks_after_update();
DROP FUNCTION roster.log_webhooks_after_insert();
