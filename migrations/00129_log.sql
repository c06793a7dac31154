-- +goose Up
-- The log of changes: an entry for each change of a user, organization,
-- membership, plan or API key. Triggers add it in the transaction of the change,
-- so that it covers every writer. An entry holds names of fields and no values, so
-- that an erasure need not change the log. The serving role reads it only.
--
-- Readers that follow the log read it in the order of (xid, number), up to the
-- oldest transaction in progress, as the list of changes does (00104). Readers of a
-- time read it in the order of (at, number).
CREATE TABLE roster.log (
    number bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME roster.log_numbers),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT now(),
    kind text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    organization_id uuid,
    version bigint,
    fields text[] NOT NULL DEFAULT '{}',
    actor text COLLATE "C" NOT NULL,
    request text,
    CONSTRAINT log_pkey PRIMARY KEY (at, number)
) PARTITION BY RANGE (at);
CREATE INDEX log_xid ON roster.log (xid, number);
CREATE INDEX log_subject ON roster.log (subject, at, number);
CREATE INDEX log_organization ON roster.log (organization_id, at, number) WHERE organization_id IS NOT NULL;
CREATE INDEX log_actor ON roster.log (actor, at, number);
COMMENT ON TABLE roster.log IS 'Changes of the directory, without values; only added, one partition for each month (UTC).';
COMMENT ON COLUMN roster.log.number IS 'Orders the entries of a transaction.';
COMMENT ON COLUMN roster.log.id IS 'Random UUID by which receivers know the entry again.';
COMMENT ON COLUMN roster.log.xid IS 'Transaction of the change; it orders entries.';
COMMENT ON COLUMN roster.log.at IS 'Time at which that transaction began.';
COMMENT ON COLUMN roster.log.kind IS 'What happened, such as user.created.';
COMMENT ON COLUMN roster.log.subject IS 'Id of the user, organization or API key; of a membership, the user; of a plan, its code.';
COMMENT ON COLUMN roster.log.organization_id IS 'The organization to which the change belongs; null: none.';
COMMENT ON COLUMN roster.log.version IS 'Version of the user or organization after the change; null: it has none.';
COMMENT ON COLUMN roster.log.fields IS 'Names of the fields that an update changed.';
COMMENT ON COLUMN roster.log.actor IS 'Caller that made the change; database: and a role, where no caller is known.';
COMMENT ON COLUMN roster.log.request IS 'Id of the request; null: none.';

-- Writes must not fail where nothing has made the partition of the month.
CREATE TABLE roster.log_default PARTITION OF roster.log DEFAULT;
COMMENT ON TABLE roster.log_default IS 'Entries of months that had no partition.';

-- +goose StatementBegin
CREATE FUNCTION roster.ensure_log_partitions(moments timestamptz[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    month timestamp;
    next_month timestamp;
    partition text;
BEGIN
    FOR month IN
        SELECT DISTINCT date_trunc('month', moment AT TIME ZONE 'UTC') FROM unnest(moments) moment ORDER BY 1
    LOOP
        next_month := month + interval '1 month';
        partition := to_char(month, '"log_"YYYY_MM');
        PERFORM pg_advisory_xact_lock(hashtext('roster.' || partition));
        -- A month that has entries in the default partition keeps them there.
        IF to_regclass('roster.' || partition) IS NOT NULL OR EXISTS (SELECT FROM roster.log_default l
            WHERE l.at >= month AT TIME ZONE 'UTC' AND l.at < next_month AT TIME ZONE 'UTC') THEN
            CONTINUE;
        END IF;
        EXECUTE format('CREATE TABLE roster.%I (LIKE roster.log INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
        EXECUTE format('ALTER TABLE roster.log ATTACH PARTITION roster.%I FOR VALUES FROM (%L) TO (%L)',
            partition, month AT TIME ZONE 'UTC', next_month AT TIME ZONE 'UTC');
    END LOOP;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.ensure_log_partitions(timestamptz[]) IS 'Makes the partitions of the log for these times.';

SELECT roster.ensure_log_partitions(ARRAY[now(), now() + interval '1 month']);

-- The setting roster.origins names the callers of a transaction: a JSON object of
-- [actor, request] by subject; the key '' is that of all other subjects.
-- +goose StatementBegin
CREATE FUNCTION roster.log_origins() RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('roster.origins', true), '')::jsonb, '{}')
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_origins() IS 'The callers of the transaction, by subject.';

-- Old and new rows are joined by hashing: nothing else is fast for one row and for
-- the rows of an import (see embed.go).
-- +goose StatementBegin
CREATE FUNCTION roster.log_users_after_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, version, actor, request)
        SELECT 'user.created', n.id::text, n.version,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM new_rows n CROSS JOIN LATERAL (SELECT coalesce(origins -> n.id::text, origins -> '') AS origin) g;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_users_after_insert() IS 'Logs new users.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_users_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, version, fields, actor, request)
        SELECT CASE WHEN (o.deleted_at IS NULL) = (n.deleted_at IS NULL) THEN 'user.updated'
                WHEN o.deleted_at IS NULL THEN 'user.deleted' ELSE 'user.restored' END,
            n.id::text, n.version, f.fields,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM new_rows n JOIN old_rows o ON o.id = n.id
        CROSS JOIN LATERAL (SELECT array_remove(ARRAY[CASE WHEN o.external_id IS DISTINCT FROM n.external_id THEN 'external_id' END,
                CASE WHEN o.username IS DISTINCT FROM n.username THEN 'username' END,
                CASE WHEN o.email IS DISTINCT FROM n.email THEN 'email' END,
                CASE WHEN o.display_name IS DISTINCT FROM n.display_name THEN 'display_name' END,
                CASE WHEN o.attributes IS DISTINCT FROM n.attributes THEN 'attributes' END,
                CASE WHEN o.status IS DISTINCT FROM n.status THEN 'status' END], NULL) AS fields) f
        CROSS JOIN LATERAL (SELECT coalesce(origins -> n.id::text, origins -> '') AS origin) g
        WHERE o.version <> n.version OR f.fields <> '{}' OR o.deleted_at IS DISTINCT FROM n.deleted_at;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_users_after_update() IS 'Logs changes of users, deletions and restorations.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_users_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, version, actor, request)
        SELECT 'user.erased', o.id::text, o.version,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM old_rows o CROSS JOIN LATERAL (SELECT coalesce(origins -> o.id::text, origins -> '') AS origin) g;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_users_after_delete() IS 'Logs erased users.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_organizations_after_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, organization_id, version, actor, request)
        SELECT 'organization.created', n.id::text, n.id, n.version,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM new_rows n CROSS JOIN LATERAL (SELECT coalesce(origins -> n.id::text, origins -> '') AS origin) g;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_organizations_after_insert() IS 'Logs new organizations.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_organizations_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, organization_id, version, fields, actor, request)
        SELECT 'organization.updated', n.id::text, n.id, n.version, f.fields,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM new_rows n JOIN old_rows o ON o.id = n.id
        CROSS JOIN LATERAL (SELECT array_remove(ARRAY[CASE WHEN o.name IS DISTINCT FROM n.name THEN 'name' END,
                CASE WHEN o.slug IS DISTINCT FROM n.slug THEN 'slug' END,
                CASE WHEN o.plan IS DISTINCT FROM n.plan THEN 'plan' END], NULL) AS fields) f
        CROSS JOIN LATERAL (SELECT coalesce(origins -> n.id::text, origins -> '') AS origin) g
        WHERE o.version <> n.version OR f.fields <> '{}';
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_organizations_after_update() IS 'Logs changes of organizations.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_organizations_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, organization_id, version, actor, request)
        SELECT 'organization.deleted', o.id::text, o.id, o.version,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM old_rows o CROSS JOIN LATERAL (SELECT coalesce(origins -> o.id::text, origins -> '') AS origin) g;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_organizations_after_delete() IS 'Logs deleted organizations.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_memberships_after_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, organization_id, actor, request)
        SELECT 'membership.created', n.user_id::text, n.organization_id,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM new_rows n CROSS JOIN LATERAL (SELECT coalesce(origins -> n.user_id::text, origins -> '') AS origin) g;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_memberships_after_insert() IS 'Logs new memberships.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_memberships_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, organization_id, fields, actor, request)
        SELECT CASE WHEN o.user_id IS NULL THEN 'membership.created' WHEN n.user_id IS NULL THEN 'membership.deleted'
                ELSE 'membership.updated' END,
            coalesce(n.user_id, o.user_id)::text, coalesce(n.organization_id, o.organization_id),
            CASE WHEN o.user_id = n.user_id THEN f.fields ELSE '{}' END,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM new_rows n FULL JOIN old_rows o ON o.organization_id = n.organization_id AND o.user_id = n.user_id
        CROSS JOIN LATERAL (SELECT array_remove(ARRAY[CASE WHEN o.role IS DISTINCT FROM n.role THEN 'role' END,
                CASE WHEN o.joined_at IS DISTINCT FROM n.joined_at THEN 'joined_at' END], NULL) AS fields) f
        CROSS JOIN LATERAL (SELECT coalesce(origins -> coalesce(n.user_id, o.user_id)::text, origins -> '') AS origin) g
        WHERE f.fields <> '{}';
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_memberships_after_update() IS 'Logs changes of memberships. One of another pair is another membership.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_memberships_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, organization_id, actor, request)
        SELECT 'membership.deleted', o.user_id::text, o.organization_id,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM old_rows o CROSS JOIN LATERAL (SELECT coalesce(origins -> o.user_id::text, origins -> '') AS origin) g;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_memberships_after_delete() IS 'Logs memberships that ended.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_plans_after_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, actor, request)
        SELECT 'plan.created', n.code,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM new_rows n CROSS JOIN LATERAL (SELECT coalesce(origins -> n.code, origins -> '') AS origin) g;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_plans_after_insert() IS 'Logs new plans.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_plans_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, fields, actor, request)
        SELECT CASE WHEN o.code IS NULL THEN 'plan.created' WHEN n.code IS NULL THEN 'plan.deleted' ELSE 'plan.updated' END,
            coalesce(n.code, o.code), CASE WHEN o.code = n.code THEN f.fields ELSE '{}' END,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM new_rows n FULL JOIN old_rows o ON o.code = n.code
        CROSS JOIN LATERAL (SELECT array_remove(ARRAY[CASE WHEN o.name IS DISTINCT FROM n.name THEN 'name' END,
                CASE WHEN o.seats IS DISTINCT FROM n.seats THEN 'seats' END], NULL) AS fields) f
        CROSS JOIN LATERAL (SELECT coalesce(origins -> coalesce(n.code, o.code), origins -> '') AS origin) g
        WHERE f.fields <> '{}';
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_plans_after_update() IS 'Logs changes of plans. A plan with another code is another plan.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_plans_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, actor, request)
        SELECT 'plan.deleted', o.code,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM old_rows o CROSS JOIN LATERAL (SELECT coalesce(origins -> o.code, origins -> '') AS origin) g;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_plans_after_delete() IS 'Logs deleted plans.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_api_keys_after_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, organization_id, actor, request)
        SELECT 'key.created', n.id::text, n.organization_id,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM new_rows n CROSS JOIN LATERAL (SELECT coalesce(origins -> n.id::text, origins -> '') AS origin) g;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_api_keys_after_insert() IS 'Logs new API keys.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_api_keys_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, organization_id, fields, actor, request)
        SELECT CASE WHEN o.revoked_at IS NULL AND n.revoked_at IS NOT NULL THEN 'key.revoked' ELSE 'key.updated' END,
            n.id::text, n.organization_id, f.fields,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM new_rows n JOIN old_rows o ON o.id = n.id
        CROSS JOIN LATERAL (SELECT array_remove(ARRAY[CASE WHEN o.name IS DISTINCT FROM n.name THEN 'name' END,
                CASE WHEN o.scopes IS DISTINCT FROM n.scopes THEN 'scopes' END,
                CASE WHEN o.organization_id IS DISTINCT FROM n.organization_id THEN 'organization_id' END,
                CASE WHEN o.role IS DISTINCT FROM n.role THEN 'role' END,
                CASE WHEN o.expires_at IS DISTINCT FROM n.expires_at THEN 'expires_at' END,
                CASE WHEN o.secret_hash IS DISTINCT FROM n.secret_hash THEN 'secret' END], NULL) AS fields) f
        CROSS JOIN LATERAL (SELECT coalesce(origins -> n.id::text, origins -> '') AS origin) g
        WHERE f.fields <> '{}' OR o.revoked_at IS DISTINCT FROM n.revoked_at;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_api_keys_after_update() IS 'Logs changes and revocations of API keys.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_api_keys_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown text := 'database:' || session_user;
BEGIN
    INSERT INTO roster.log (kind, subject, organization_id, actor, request)
        SELECT 'key.deleted', o.id::text, o.organization_id,
            coalesce(g.origin ->> 0, unknown), g.origin ->> 1
        FROM old_rows o CROSS JOIN LATERAL (SELECT coalesce(origins -> o.id::text, origins -> '') AS origin) g;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_api_keys_after_delete() IS 'Logs API keys that went with their organization.';

CREATE TRIGGER log_users_after_insert AFTER INSERT ON roster.users
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_users_after_insert();
CREATE TRIGGER log_users_after_update AFTER UPDATE ON roster.users
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_users_after_update();
CREATE TRIGGER log_users_after_delete AFTER DELETE ON roster.users
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_users_after_delete();
CREATE TRIGGER log_organizations_after_insert AFTER INSERT ON roster.organizations
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_organizations_after_insert();
CREATE TRIGGER log_organizations_after_update AFTER UPDATE ON roster.organizations
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_organizations_after_update();
CREATE TRIGGER log_organizations_after_delete AFTER DELETE ON roster.organizations
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_organizations_after_delete();
CREATE TRIGGER log_memberships_after_insert AFTER INSERT ON roster.memberships
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_memberships_after_insert();
CREATE TRIGGER log_memberships_after_update AFTER UPDATE ON roster.memberships
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_memberships_after_update();
CREATE TRIGGER log_memberships_after_delete AFTER DELETE ON roster.memberships
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_memberships_after_delete();
CREATE TRIGGER log_plans_after_insert AFTER INSERT ON roster.plans
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_plans_after_insert();
CREATE TRIGGER log_plans_after_update AFTER UPDATE ON roster.plans
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_plans_after_update();
CREATE TRIGGER log_plans_after_delete AFTER DELETE ON roster.plans
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_plans_after_delete();
CREATE TRIGGER log_api_keys_after_insert AFTER INSERT ON roster.api_keys
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_api_keys_after_insert();
CREATE TRIGGER log_api_keys_after_update AFTER UPDATE ON roster.api_keys
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_api_keys_after_update();
CREATE TRIGGER log_api_keys_after_delete AFTER DELETE ON roster.api_keys
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.log_api_keys_after_delete();

-- The last change of a timeline is one of the log now. Every table of the log records
-- the timeline before it is written.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.record_timeline() RETURNS void
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
                (SELECT max(t.changed) FROM roster.user_tombstones t), (SELECT max(l.xid) FROM roster.log l)) ELSE '0'::xid8 END
        FROM (SELECT) one LEFT JOIN (SELECT n.origin, n.timeline FROM roster.timelines n ORDER BY n.number DESC LIMIT 1) last ON true
        WHERE (last.origin, last.timeline) IS DISTINCT FROM (here, branch);
    PERFORM set_config('roster.timeline', 'roster.timelines'::regclass::oid::text, false);
END $$;
-- +goose StatementEnd
CREATE TRIGGER record_timeline_before_write BEFORE INSERT OR UPDATE OR DELETE ON roster.organizations
    FOR EACH STATEMENT
    WHEN (current_setting('roster.timeline', true) IS DISTINCT FROM 'roster.timelines'::regclass::oid::text)
    EXECUTE FUNCTION roster.record_timeline_before_write();
CREATE TRIGGER record_timeline_before_write BEFORE INSERT OR UPDATE OR DELETE ON roster.memberships
    FOR EACH STATEMENT
    WHEN (current_setting('roster.timeline', true) IS DISTINCT FROM 'roster.timelines'::regclass::oid::text)
    EXECUTE FUNCTION roster.record_timeline_before_write();
CREATE TRIGGER record_timeline_before_write BEFORE INSERT OR UPDATE OR DELETE ON roster.plans
    FOR EACH STATEMENT
    WHEN (current_setting('roster.timeline', true) IS DISTINCT FROM 'roster.timelines'::regclass::oid::text)
    EXECUTE FUNCTION roster.record_timeline_before_write();
CREATE TRIGGER record_timeline_before_write BEFORE INSERT OR UPDATE OR DELETE ON roster.api_keys
    FOR EACH STATEMENT
    WHEN (current_setting('roster.timeline', true) IS DISTINCT FROM 'roster.timelines'::regclass::oid::text)
    EXECUTE FUNCTION roster.record_timeline_before_write();

-- +goose Down
DROP TRIGGER record_timeline_before_write ON roster.organizations;
DROP TRIGGER record_timeline_before_write ON roster.memberships;
DROP TRIGGER record_timeline_before_write ON roster.plans;
DROP TRIGGER record_timeline_before_write ON roster.api_keys;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.record_timeline() RETURNS void
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
DROP TRIGGER log_api_keys_after_delete ON roster.api_keys;
DROP TRIGGER log_api_keys_after_update ON roster.api_keys;
DROP TRIGGER log_api_keys_after_insert ON roster.api_keys;
DROP TRIGGER log_plans_after_delete ON roster.plans;
DROP TRIGGER log_plans_after_update ON roster.plans;
DROP TRIGGER log_plans_after_insert ON roster.plans;
DROP TRIGGER log_memberships_after_delete ON roster.memberships;
DROP TRIGGER log_memberships_after_update ON roster.memberships;
DROP TRIGGER log_memberships_after_insert ON roster.memberships;
DROP TRIGGER log_organizations_after_delete ON roster.organizations;
DROP TRIGGER log_organizations_after_update ON roster.organizations;
DROP TRIGGER log_organizations_after_insert ON roster.organizations;
DROP TRIGGER log_users_after_delete ON roster.users;
DROP TRIGGER log_users_after_update ON roster.users;
DROP TRIGGER log_users_after_insert ON roster.users;
DROP FUNCTION roster.log_api_keys_after_delete();
DROP FUNCTION roster.log_api_keys_after_update();
DROP FUNCTION roster.log_api_keys_after_insert();
DROP FUNCTION roster.log_plans_after_delete();
DROP FUNCTION roster.log_plans_after_update();
DROP FUNCTION roster.log_plans_after_insert();
DROP FUNCTION roster.log_memberships_after_delete();
DROP FUNCTION roster.log_memberships_after_update();
DROP FUNCTION roster.log_memberships_after_insert();
DROP FUNCTION roster.log_organizations_after_delete();
DROP FUNCTION roster.log_organizations_after_update();
DROP FUNCTION roster.log_organizations_after_insert();
DROP FUNCTION roster.log_users_after_delete();
DROP FUNCTION roster.log_users_after_update();
DROP FUNCTION roster.log_users_after_insert();
DROP FUNCTION roster.log_origins();
DROP FUNCTION roster.ensure_log_partitions(timestamptz[]);
DROP TABLE roster.log;
