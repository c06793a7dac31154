-- +goose Up
-- Triggers that keep the rollups of 00107. They run with their owner's rights.
-- So every writer keeps the rollups, and needs no right to write them alone.

-- +goose StatementBegin
CREATE FUNCTION roster.rollup_organizations_after_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO roster.engagement_organizations (organization_id) SELECT n.id FROM new_rows n;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_organizations_after_insert() IS 'Starts the rollup of new organizations.';

CREATE TRIGGER rollup_organizations_after_insert AFTER INSERT ON roster.organizations
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.rollup_organizations_after_insert();

-- A writer of events waits for the lock's row, and then finds none.
-- +goose StatementBegin
CREATE FUNCTION roster.rollup_organizations_after_delete() RETURNS trigger
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

CREATE TRIGGER rollup_organizations_after_delete AFTER DELETE ON roster.organizations
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.rollup_organizations_after_delete();

-- +goose StatementBegin
CREATE FUNCTION roster.rollup_memberships_after_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- A transaction that deletes or restores one of these users waits, and then
    -- finds the membership.
    PERFORM FROM roster.users u WHERE u.id IN (SELECT n.user_id FROM new_rows n) ORDER BY u.id FOR SHARE;
    PERFORM roster.rollup_add_members(array_agg(n.organization_id), array_agg(n.user_id)) FROM new_rows n;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_memberships_after_insert() IS 'Adds new members to the rollup.';

CREATE TRIGGER rollup_memberships_after_insert AFTER INSERT ON roster.memberships
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.rollup_memberships_after_insert();

-- +goose StatementBegin
CREATE FUNCTION roster.rollup_memberships_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- The rollup of a deleted organization goes as a whole.
    PERFORM roster.rollup_remove_members(array_agg(o.organization_id), array_agg(o.user_id))
        FROM old_rows o WHERE EXISTS (SELECT FROM roster.organizations g WHERE g.id = o.organization_id) HAVING count(*) > 0;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_memberships_after_delete() IS 'Removes former members from the rollup.';

CREATE TRIGGER rollup_memberships_after_delete AFTER DELETE ON roster.memberships
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.rollup_memberships_after_delete();

-- +goose StatementBegin
CREATE FUNCTION roster.rollup_memberships_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM roster.users u WHERE u.id = NEW.user_id FOR SHARE;
    PERFORM roster.rollup_remove_members(ARRAY[OLD.organization_id], ARRAY[OLD.user_id]);
    PERFORM roster.rollup_add_members(ARRAY[NEW.organization_id], ARRAY[NEW.user_id]);
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_memberships_after_update() IS 'Moves a membership to another organization or user in the rollup.';

CREATE TRIGGER rollup_memberships_after_update AFTER UPDATE OF organization_id, user_id ON roster.memberships
    FOR EACH ROW WHEN (OLD.organization_id <> NEW.organization_id OR OLD.user_id <> NEW.user_id)
    EXECUTE FUNCTION roster.rollup_memberships_after_update();

-- Once a statement, so that the organizations of all users are locked in one
-- order. Planner switches: see embed.go.
-- +goose StatementBegin
CREATE FUNCTION roster.rollup_users_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    left_organizations uuid[];
    left_users uuid[];
    joined_organizations uuid[];
    joined_users uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM old_rows o WHERE o.deleted_at IS NOT NULL)
        AND NOT EXISTS (SELECT FROM new_rows n WHERE n.deleted_at IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    WITH changed AS (
        SELECT r.id, bool_or(r.deleted AND r.is_new) AS deleted
        FROM (SELECT o.id, o.deleted_at IS NOT NULL AS deleted, false AS is_new FROM old_rows o
            UNION ALL SELECT n.id, n.deleted_at IS NOT NULL, true FROM new_rows n) r
        GROUP BY r.id HAVING bool_or(r.deleted) <> bool_and(r.deleted)
    )
    SELECT array_agg(m.organization_id) FILTER (WHERE c.deleted), array_agg(m.user_id) FILTER (WHERE c.deleted),
            array_agg(m.organization_id) FILTER (WHERE NOT c.deleted), array_agg(m.user_id) FILTER (WHERE NOT c.deleted)
        INTO left_organizations, left_users, joined_organizations, joined_users
        FROM changed c JOIN roster.memberships m ON m.user_id = c.id;
    IF left_users IS NOT NULL THEN
        PERFORM roster.rollup_remove_members(left_organizations, left_users);
    END IF;
    IF joined_users IS NOT NULL THEN
        PERFORM roster.rollup_add_members(joined_organizations, joined_users);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_users_after_update() IS 'Removes deleted users from the rollup, and adds restored ones.';

CREATE TRIGGER rollup_users_after_update AFTER UPDATE ON roster.users
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION roster.rollup_users_after_update();

-- Triggers of a cascade fire after those of the statement that caused it. So
-- deleted users are still members in the rollup. They must be out before
-- unlink_events_after_delete: otherwise rollup_events_after_update sees changed
-- events of members, and makes whole organizations again.
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

-- This trigger also does the work of two foreign keys of events. Those would
-- look up each row, and lock users and organizations while a partition is attached.
-- +goose StatementBegin
CREATE FUNCTION roster.rollup_events_after_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    found_rows bigint;
BEGIN
    PERFORM roster.require_fresh_snapshots();
    PERFORM FROM roster.users u WHERE u.id IN (SELECT DISTINCT n.user_id FROM new_rows n) ORDER BY u.id FOR KEY SHARE;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows < (SELECT count(DISTINCT n.user_id) FROM new_rows n) THEN
        RAISE EXCEPTION 'an event is of a user who does not exist'
            USING ERRCODE = 'foreign_key_violation', SCHEMA = 'roster', TABLE = 'events', CONSTRAINT = 'events_user_id_fkey';
    END IF;
    PERFORM FROM roster.engagement_organizations o
        WHERE o.organization_id IN (SELECT DISTINCT n.organization_id FROM new_rows n) ORDER BY o.organization_id FOR SHARE;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows < (SELECT count(DISTINCT n.organization_id) FROM new_rows n) THEN
        RAISE EXCEPTION 'an event is of an organization that does not exist'
            USING ERRCODE = 'foreign_key_violation', SCHEMA = 'roster', TABLE = 'events', CONSTRAINT = 'events_organization_id_fkey';
    END IF;
    -- As rollup_events does, for the transition table.
    INSERT INTO roster.engagement_days AS d (organization_id, day, chunk, events, active)
        SELECT m.organization_id, (n.occurred_at AT TIME ZONE 'UTC')::date AS day, m.ordinal / 512 AS chunk,
            count(*), bit_or(roster.rollup_bit(m.ordinal))
        FROM new_rows n JOIN roster.engagement_members m ON m.organization_id = n.organization_id AND m.user_id = n.user_id
        GROUP BY m.organization_id, day, chunk
        ORDER BY day, m.organization_id, chunk
        ON CONFLICT (day, organization_id, chunk)
        DO UPDATE SET events = d.events + excluded.events, active = d.active | excluded.active;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_events_after_insert() IS
    'Checks that users and organizations of new events exist, and adds the events to the rollup.';

CREATE TRIGGER rollup_events_after_insert AFTER INSERT ON roster.events
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.rollup_events_after_insert();

-- Roster only adds events, drops their month, or deletes them with their
-- organization. After any other change the rollup is made again, at any cost.
-- +goose StatementBegin
CREATE FUNCTION roster.rollup_events_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM roster.rollup_rebuild(array_agg(DISTINCT o.organization_id)) FROM old_rows o
        WHERE EXISTS (SELECT FROM roster.engagement_members m WHERE m.organization_id = o.organization_id AND m.user_id = o.user_id)
        HAVING count(*) > 0;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_events_after_delete() IS 'Makes the rollup again if events are deleted by hand.';

CREATE TRIGGER rollup_events_after_delete AFTER DELETE ON roster.events
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.rollup_events_after_delete();

-- +goose StatementBegin
CREATE FUNCTION roster.rollup_events_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM roster.rollup_rebuild(array_agg(DISTINCT e.organization_id))
        FROM (SELECT o.organization_id, o.user_id FROM old_rows o UNION ALL SELECT n.organization_id, n.user_id FROM new_rows n) e
        WHERE EXISTS (SELECT FROM roster.engagement_members m WHERE m.organization_id = e.organization_id AND m.user_id = e.user_id)
        HAVING count(*) > 0;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_events_after_update() IS 'Makes the rollup again if events are changed by hand.';

CREATE TRIGGER rollup_events_after_update AFTER UPDATE ON roster.events
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION roster.rollup_events_after_update();

-- +goose Down
DROP TRIGGER rollup_events_after_update ON roster.events;
DROP TRIGGER rollup_events_after_delete ON roster.events;
DROP TRIGGER rollup_events_after_insert ON roster.events;
DROP TRIGGER rollup_users_after_delete ON roster.users;
DROP TRIGGER rollup_users_after_update ON roster.users;
DROP TRIGGER rollup_memberships_after_update ON roster.memberships;
DROP TRIGGER rollup_memberships_after_delete ON roster.memberships;
DROP TRIGGER rollup_memberships_after_insert ON roster.memberships;
DROP TRIGGER rollup_organizations_after_delete ON roster.organizations;
DROP TRIGGER rollup_organizations_after_insert ON roster.organizations;
DROP FUNCTION roster.rollup_events_after_update();
DROP FUNCTION roster.rollup_events_after_delete();
DROP FUNCTION roster.rollup_events_after_insert();
DROP FUNCTION roster.rollup_users_after_delete();
DROP FUNCTION roster.rollup_users_after_update();
DROP FUNCTION roster.rollup_memberships_after_update();
DROP FUNCTION roster.rollup_memberships_after_delete();
DROP FUNCTION roster.rollup_memberships_after_insert();
DROP FUNCTION roster.rollup_organizations_after_delete();
DROP FUNCTION roster.rollup_organizations_after_insert();
