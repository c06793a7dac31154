-- +goose Up
-- A user or an organization with millions of events is not erased by one
-- statement. The row is deleted at once, and with it all that is read by its id.
-- An erasure remembers what is left: events and rollups. It is done in parts,
-- each a transaction of a bounded number of rows, by roster.erase_part.
CREATE TABLE roster.erasures (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    kind text NOT NULL,
    subject uuid NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    last_partition text COLLATE "C" NOT NULL DEFAULT '',
    current_partition text COLLATE "C",
    index_parts bigint NOT NULL DEFAULT 0,
    next_block bigint,
    rows jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT erasures_pkey PRIMARY KEY (id),
    CONSTRAINT erasures_kind_check CHECK (kind IN ('user', 'organization'))
);
CREATE UNIQUE INDEX erasures_unfinished ON roster.erasures (kind, subject) WHERE finished_at IS NULL;
CREATE INDEX erasures_subject ON roster.erasures (subject, started_at DESC);
COMMENT ON TABLE roster.erasures IS 'Erasures of users and deletions of organizations, finished or not; triggers add them.';
COMMENT ON COLUMN roster.erasures.id IS 'UUID of the erasure.';
COMMENT ON COLUMN roster.erasures.kind IS 'user or organization.';
COMMENT ON COLUMN roster.erasures.subject IS 'Id of the user or organization.';
COMMENT ON COLUMN roster.erasures.started_at IS 'Time at which the deleting transaction began.';
COMMENT ON COLUMN roster.erasures.finished_at IS 'Time at which nothing remained; null before.';
COMMENT ON COLUMN roster.erasures.last_partition IS 'The last partition of events that is done; they are done in the order of their names.';
COMMENT ON COLUMN roster.erasures.current_partition IS 'The partition of the last part.';
COMMENT ON COLUMN roster.erasures.index_parts IS 'Parts in it so far that found rows by an index.';
COMMENT ON COLUMN roster.erasures.next_block IS 'Block of it at which the next part begins; null: the next part uses the index, too.';
COMMENT ON COLUMN roster.erasures.rows IS 'Number of rows that were erased or unlinked so far, by table.';

-- The rollup still counts the events of leavers. Reports subtract those that
-- remain.
CREATE TABLE roster.engagement_leavers (
    user_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    ordinal integer NOT NULL,
    CONSTRAINT engagement_leavers_pkey PRIMARY KEY (user_id, organization_id)
);
COMMENT ON TABLE roster.engagement_leavers IS 'Members who are being erased: their events are still in the rollup, and do not count.';
COMMENT ON COLUMN roster.engagement_leavers.user_id IS 'The erased user.';
COMMENT ON COLUMN roster.engagement_leavers.organization_id IS 'The organization.';
COMMENT ON COLUMN roster.engagement_leavers.ordinal IS 'As in engagement_members.';

-- A new row with the id of an unfinished erasure would lose its events to it.
-- +goose StatementBegin
CREATE FUNCTION roster.require_no_erasure_after_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM roster.erasures e WHERE e.kind = TG_ARGV[0] AND e.finished_at IS NULL)
        AND EXISTS (SELECT FROM roster.erasures e JOIN new_rows n ON n.id = e.subject
            WHERE e.kind = TG_ARGV[0] AND e.finished_at IS NULL) THEN
        RAISE EXCEPTION 'the id belongs to a % that is being erased', TG_ARGV[0]
            USING ERRCODE = 'unique_violation', SCHEMA = 'roster', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_TABLE_NAME || '_pkey';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.require_no_erasure_after_insert() IS 'Refuses the id of a user or organization that is being erased.';

CREATE TRIGGER require_no_erasure_after_insert AFTER INSERT ON roster.users
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.require_no_erasure_after_insert('user');
CREATE TRIGGER require_no_erasure_after_insert AFTER INSERT ON roster.organizations
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.require_no_erasure_after_insert('organization');

-- +goose StatementBegin
CREATE FUNCTION roster.add_erasures_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO roster.erasures (kind, subject, rows)
        SELECT TG_ARGV[0], o.id, jsonb_build_object(TG_TABLE_NAME, 1) FROM old_rows o;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.add_erasures_after_delete() IS 'Adds an erasure for each user or organization whose row is deleted.';

CREATE TRIGGER add_erasures_after_delete AFTER DELETE ON roster.users
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.add_erasures_after_delete('user');
CREATE TRIGGER add_erasures_after_delete AFTER DELETE ON roster.organizations
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.add_erasures_after_delete('organization');

DROP TRIGGER unlink_events_after_delete ON roster.users;
-- Only the trigger called it.
-- squawk-ignore ban-drop-function
DROP FUNCTION roster.unlink_events_after_delete();
DROP TRIGGER rollup_users_after_delete ON roster.users;
-- Only the trigger called it.
-- squawk-ignore ban-drop-function
DROP FUNCTION roster.rollup_users_after_delete();

-- A writer of events waits for the lock's row, and then finds none. The other
-- rows of the rollup, and the events, are removed in parts.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_organizations_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM roster.engagement_organizations e
        WHERE e.organization_id IN (SELECT o.id FROM old_rows o) ORDER BY e.organization_id FOR UPDATE;
    DELETE FROM roster.engagement_organizations e USING old_rows o WHERE e.organization_id = o.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_organizations_after_delete() IS 'Ends the rollup of deleted organizations.';

-- +goose StatementBegin
CREATE FUNCTION roster.rollup_add_leavers(organizations uuid[], users uuid[]) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    PERFORM roster.require_fresh_snapshots();
    PERFORM FROM roster.engagement_organizations o
        WHERE o.organization_id = ANY (organizations) ORDER BY o.organization_id FOR NO KEY UPDATE;
    WITH removed AS (
        DELETE FROM roster.engagement_members m USING unnest(organizations, users) p (organization_id, user_id)
        WHERE m.organization_id = p.organization_id AND m.user_id = p.user_id
        RETURNING m.organization_id, m.user_id, m.ordinal
    ), added AS (
        INSERT INTO roster.engagement_leavers (user_id, organization_id, ordinal)
        SELECT r.user_id, r.organization_id, r.ordinal FROM removed r
    )
    UPDATE roster.engagement_organizations o SET members = o.members - r.size
        FROM (SELECT organization_id, count(*) AS size FROM removed GROUP BY organization_id) r
        WHERE o.organization_id = r.organization_id;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_add_leavers(uuid[], uuid[]) IS 'Makes leavers of members whose users are erased.';

-- The rollup of a deleted organization goes as a whole. This trigger fires after
-- those of users and organizations, since it belongs to their cascade.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_memberships_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    left_organizations uuid[];
    left_users uuid[];
    erased_organizations uuid[];
    erased_users uuid[];
    is_organization_gone boolean;
BEGIN
    SELECT array_agg(o.organization_id) FILTER (WHERE u.id IS NOT NULL), array_agg(o.user_id) FILTER (WHERE u.id IS NOT NULL),
            array_agg(o.organization_id) FILTER (WHERE u.id IS NULL), array_agg(o.user_id) FILTER (WHERE u.id IS NULL)
        INTO left_organizations, left_users, erased_organizations, erased_users
        FROM old_rows o
        JOIN roster.organizations g ON g.id = o.organization_id
        LEFT JOIN roster.users u ON u.id = o.user_id;
    IF left_users IS NOT NULL THEN
        PERFORM roster.rollup_remove_members(left_organizations, left_users);
    END IF;
    IF erased_users IS NOT NULL THEN
        PERFORM roster.rollup_add_leavers(erased_organizations, erased_users);
        UPDATE roster.erasures e SET rows = e.rows || jsonb_build_object('memberships', r.size)
            FROM (SELECT u.id, count(*) AS size FROM unnest(erased_users) u (id) GROUP BY u.id) r
            WHERE e.kind = 'user' AND e.subject = r.id AND e.finished_at IS NULL;
    END IF;
    SELECT bool_or(NOT EXISTS (SELECT FROM roster.organizations g WHERE g.id = o.organization_id)) INTO is_organization_gone
        FROM (SELECT DISTINCT organization_id FROM old_rows) o;
    IF is_organization_gone THEN
        UPDATE roster.erasures e SET rows = e.rows || jsonb_build_object('memberships', r.size)
            FROM (SELECT o.organization_id, count(*) AS size FROM old_rows o GROUP BY o.organization_id) r
            WHERE e.kind = 'organization' AND e.subject = r.organization_id AND e.finished_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_memberships_after_delete() IS 'Removes former members from the rollup.';

-- +goose Down
-- Nothing remembers unfinished erasures afterwards: finish them first.
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM roster.erasures WHERE finished_at IS NULL) THEN
        RAISE EXCEPTION 'erasures are not finished' USING HINT = 'Let roster serve run until roster.erasures has none without finished_at.';
    END IF;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_memberships_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- The rollup of a deleted organization goes as a whole.
    PERFORM roster.rollup_remove_members(array_agg(o.organization_id), array_agg(o.user_id))
        FROM old_rows o WHERE EXISTS (SELECT FROM roster.organizations g WHERE g.id = o.organization_id) HAVING count(*) > 0;
    RETURN NULL;
END $$;
-- +goose StatementEnd
DROP FUNCTION roster.rollup_add_leavers(uuid[], uuid[]);
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_organizations_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM roster.engagement_organizations e
        WHERE e.organization_id IN (SELECT o.id FROM old_rows o) ORDER BY e.organization_id FOR UPDATE;
    DELETE FROM roster.engagement_organizations e USING old_rows o WHERE e.organization_id = o.id;
    DELETE FROM roster.engagement_members m USING old_rows o WHERE m.organization_id = o.id;
    DELETE FROM roster.engagement_days d USING old_rows o WHERE d.organization_id = o.id;
    DELETE FROM roster.events e USING old_rows o WHERE e.organization_id = o.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_organizations_after_delete() IS 'Removes the rollup and the events of deleted organizations.';
-- +goose StatementBegin
CREATE FUNCTION roster.rollup_users_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    PERFORM roster.rollup_remove_members(array_agg(m.organization_id), array_agg(m.user_id))
        FROM (SELECT DISTINCT e.organization_id, e.user_id FROM old_rows o JOIN roster.events e ON e.user_id = o.id) e
        JOIN roster.engagement_members m ON m.organization_id = e.organization_id AND m.user_id = e.user_id
        HAVING count(*) > 0;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_users_after_delete() IS 'Removes deleted users who have events from the rollup.';
CREATE TRIGGER rollup_users_after_delete AFTER DELETE ON roster.users
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.rollup_users_after_delete();
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
DROP TRIGGER add_erasures_after_delete ON roster.organizations;
DROP TRIGGER add_erasures_after_delete ON roster.users;
DROP FUNCTION roster.add_erasures_after_delete();
DROP TRIGGER require_no_erasure_after_insert ON roster.organizations;
DROP TRIGGER require_no_erasure_after_insert ON roster.users;
DROP FUNCTION roster.require_no_erasure_after_insert();
DROP TABLE roster.engagement_leavers;
DROP TABLE roster.erasures;
