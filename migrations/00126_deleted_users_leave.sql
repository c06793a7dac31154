-- +goose Up
-- To take the events of a deleted user out of the rollup is most of the work of a
-- delete: a row for each day with events. So a deleted user becomes a leaver, as
-- an erased one does (00114): reports subtract the events of leavers, and
-- rollup_fold_leavers takes them out later, many users at a time.
--
-- The rollup has the events of members and of leavers, each with its ordinal. A
-- user is one of the two in an organization, or neither.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_users_after_update() RETURNS trigger
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
        -- Reports subtract the events of leavers, so their number is bounded.
        IF (SELECT count(*) FROM (SELECT FROM roster.engagement_leavers LIMIT 512) l) < 512 THEN
            PERFORM roster.rollup_add_leavers(left_organizations, left_users);
        ELSE
            PERFORM roster.rollup_remove_members(left_organizations, left_users);
        END IF;
    END IF;
    IF joined_users IS NOT NULL THEN
        PERFORM roster.rollup_add_members(joined_organizations, joined_users);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_users_after_update() IS 'Makes leavers of deleted users, and members of restored ones.';
COMMENT ON FUNCTION roster.rollup_add_leavers(uuid[], uuid[]) IS 'Makes leavers of members whose users are deleted or erased.';
COMMENT ON TABLE roster.engagement_leavers IS
    'Members who were deleted or are being erased: their events are still in the rollup, and do not count.';
COMMENT ON COLUMN roster.engagement_leavers.user_id IS 'The deleted or erased user.';

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_add_members(organizations uuid[], users uuid[]) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
    SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
    added_organizations uuid[];
    added_users uuid[];
BEGIN
    PERFORM roster.require_fresh_snapshots();
    PERFORM FROM roster.engagement_organizations o
        WHERE o.organization_id = ANY (organizations) ORDER BY o.organization_id FOR NO KEY UPDATE;
    -- Leavers come back with the ordinal that they had: the rollup has their events.
    -- The ordinal that is skipped for each makes require_seats_after_update look.
    IF EXISTS (SELECT FROM unnest(organizations, users) p (organization_id, user_id)
        JOIN roster.engagement_leavers l ON l.user_id = p.user_id AND l.organization_id = p.organization_id) THEN
        WITH returned AS (
            DELETE FROM roster.engagement_leavers l
            USING unnest(organizations, users) p (organization_id, user_id)
            JOIN roster.memberships m ON m.organization_id = p.organization_id AND m.user_id = p.user_id
            JOIN roster.users u ON u.id = m.user_id
            WHERE u.deleted_at IS NULL AND l.user_id = p.user_id AND l.organization_id = p.organization_id
            RETURNING l.organization_id, l.user_id, l.ordinal
        ), numbered AS (
            INSERT INTO roster.engagement_members (organization_id, user_id, ordinal)
            SELECT r.organization_id, r.user_id, r.ordinal FROM returned r
        )
        UPDATE roster.engagement_organizations o
            SET members = o.members + r.size, next_ordinal = o.next_ordinal + r.size
            FROM (SELECT organization_id, count(*) AS size FROM returned GROUP BY organization_id) r
            WHERE o.organization_id = r.organization_id;
    END IF;
    WITH added AS MATERIALIZED (
        SELECT m.organization_id, m.user_id, row_number() OVER (PARTITION BY m.organization_id ORDER BY m.user_id) AS position
        FROM (SELECT DISTINCT p.organization_id, p.user_id FROM unnest(organizations, users) p (organization_id, user_id)) p
        JOIN roster.memberships m ON m.organization_id = p.organization_id AND m.user_id = p.user_id
        JOIN roster.users u ON u.id = m.user_id
        WHERE u.deleted_at IS NULL AND NOT EXISTS (
            SELECT FROM roster.engagement_members e WHERE e.organization_id = m.organization_id AND e.user_id = m.user_id)
    ), numbered AS (
        INSERT INTO roster.engagement_members (organization_id, user_id, ordinal)
        SELECT a.organization_id, a.user_id, o.next_ordinal + a.position - 1
        FROM added a JOIN roster.engagement_organizations o ON o.organization_id = a.organization_id
    ), counted AS (
        UPDATE roster.engagement_organizations o
        SET members = o.members + a.size, next_ordinal = o.next_ordinal + a.size
        FROM (SELECT organization_id, count(*) AS size FROM added GROUP BY organization_id) a
        WHERE o.organization_id = a.organization_id
    )
    SELECT array_agg(a.organization_id), array_agg(a.user_id) INTO added_organizations, added_users FROM added a;
    IF added_users IS NOT NULL THEN
        INSERT INTO roster.engagement_days AS d (organization_id, day, chunk, events, active)
            SELECT e.organization_id, e.day, e.chunk, e.events, e.active
            FROM roster.rollup_events(added_organizations, added_users) e
            ON CONFLICT (day, organization_id, chunk)
            DO UPDATE SET events = d.events + excluded.events, active = d.active | excluded.active;
    END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_events_after_insert() RETURNS trigger
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
    -- As rollup_events does, for the transition table, and for leavers too: their
    -- events are subtracted.
    INSERT INTO roster.engagement_days AS d (organization_id, day, chunk, events, active)
        SELECT m.organization_id, (n.occurred_at AT TIME ZONE 'UTC')::date AS day, m.ordinal / 512 AS chunk,
            count(*), bit_or(roster.rollup_bit(m.ordinal))
        FROM new_rows n CROSS JOIN LATERAL (
            SELECT e.organization_id, e.ordinal FROM roster.engagement_members e
                WHERE e.organization_id = n.organization_id AND e.user_id = n.user_id
            UNION ALL SELECT l.organization_id, l.ordinal FROM roster.engagement_leavers l
                WHERE l.organization_id = n.organization_id AND l.user_id = n.user_id
        ) m
        GROUP BY m.organization_id, day, chunk
        ORDER BY day, m.organization_id, chunk
        ON CONFLICT (day, organization_id, chunk)
        DO UPDATE SET events = d.events + excluded.events, active = d.active | excluded.active;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- Erasures see to the leavers whose users are gone. Organizations that a writer has
-- locked are left for the next time.
-- +goose StatementBegin
CREATE FUNCTION roster.rollup_fold_leavers(max_leavers bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    organizations uuid[];
    users uuid[];
    locked uuid[];
    folded bigint;
    empty_days date[];
    empty_organizations uuid[];
    empty_chunks integer[];
BEGIN
    PERFORM roster.require_fresh_snapshots();
    SELECT array_agg(c.organization_id), array_agg(c.user_id) INTO organizations, users FROM (
        SELECT l.organization_id, l.user_id FROM roster.engagement_leavers l
        WHERE EXISTS (SELECT FROM roster.users u WHERE u.id = l.user_id)
        ORDER BY l.organization_id, l.user_id LIMIT max_leavers) c;
    SELECT array_agg(o.organization_id) INTO locked FROM (
        SELECT e.organization_id FROM roster.engagement_organizations e
        WHERE e.organization_id = ANY (organizations) ORDER BY e.organization_id FOR NO KEY UPDATE SKIP LOCKED) o;
    WITH removed AS MATERIALIZED (
        DELETE FROM roster.engagement_leavers l USING unnest(organizations, users) p (organization_id, user_id)
        WHERE l.user_id = p.user_id AND l.organization_id = p.organization_id AND l.organization_id = ANY (locked)
        RETURNING l.organization_id, l.user_id, l.ordinal
    ), counted AS (
        SELECT r.organization_id, (v.occurred_at AT TIME ZONE 'UTC')::date AS day, r.ordinal / 512 AS chunk,
            count(*) AS events, bit_or(roster.rollup_bit(r.ordinal)) AS active
        FROM removed r JOIN roster.events v ON v.user_id = r.user_id AND (v.organization_id = r.organization_id) IS TRUE
        GROUP BY 1, 2, 3
    ), reduced AS (
        UPDATE roster.engagement_days d SET events = d.events - c.events, active = d.active & ~ c.active
        FROM counted c WHERE d.organization_id = c.organization_id AND d.day = c.day AND d.chunk = c.chunk
        RETURNING d.organization_id, d.day, d.chunk, d.events
    )
    SELECT (SELECT count(*) FROM removed), array_agg(r.day), array_agg(r.organization_id), array_agg(r.chunk)
        INTO folded, empty_days, empty_organizations, empty_chunks
        FROM reduced r WHERE r.events = 0;
    IF empty_days IS NOT NULL THEN
        DELETE FROM roster.engagement_days d
            USING unnest(empty_days, empty_organizations, empty_chunks) e (day, organization_id, chunk)
            WHERE d.day = e.day AND d.organization_id = e.organization_id AND d.chunk = e.chunk;
    END IF;
    RETURN folded;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_fold_leavers(bigint) IS
    'Takes the events of up to so many deleted users out of the rollup, and returns the number of users.';
REVOKE EXECUTE ON FUNCTION roster.rollup_fold_leavers(bigint) FROM PUBLIC;

-- +goose Down
-- Without this function nothing folds the leavers of deleted users.
-- +goose StatementBegin
DO $$
BEGIN
    LOCK TABLE roster.users IN SHARE ROW EXCLUSIVE MODE;
    PERFORM roster.rollup_fold_leavers(NULL);
    IF EXISTS (SELECT FROM roster.engagement_leavers l JOIN roster.users u ON u.id = l.user_id) THEN
        RAISE EXCEPTION 'writers keep the rollup of deleted users locked' USING HINT = 'Repeat it when they have ended.';
    END IF;
END $$;
-- +goose StatementEnd
DROP FUNCTION roster.rollup_fold_leavers(bigint);
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_events_after_insert() RETURNS trigger
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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_add_members(organizations uuid[], users uuid[]) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
    SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
    added_organizations uuid[];
    added_users uuid[];
BEGIN
    PERFORM roster.require_fresh_snapshots();
    PERFORM FROM roster.engagement_organizations o
        WHERE o.organization_id = ANY (organizations) ORDER BY o.organization_id FOR NO KEY UPDATE;
    WITH added AS MATERIALIZED (
        SELECT m.organization_id, m.user_id, row_number() OVER (PARTITION BY m.organization_id ORDER BY m.user_id) AS position
        FROM (SELECT DISTINCT p.organization_id, p.user_id FROM unnest(organizations, users) p (organization_id, user_id)) p
        JOIN roster.memberships m ON m.organization_id = p.organization_id AND m.user_id = p.user_id
        JOIN roster.users u ON u.id = m.user_id
        WHERE u.deleted_at IS NULL AND NOT EXISTS (
            SELECT FROM roster.engagement_members e WHERE e.organization_id = m.organization_id AND e.user_id = m.user_id)
    ), numbered AS (
        INSERT INTO roster.engagement_members (organization_id, user_id, ordinal)
        SELECT a.organization_id, a.user_id, o.next_ordinal + a.position - 1
        FROM added a JOIN roster.engagement_organizations o ON o.organization_id = a.organization_id
    ), counted AS (
        UPDATE roster.engagement_organizations o
        SET members = o.members + a.size, next_ordinal = o.next_ordinal + a.size
        FROM (SELECT organization_id, count(*) AS size FROM added GROUP BY organization_id) a
        WHERE o.organization_id = a.organization_id
    )
    SELECT array_agg(a.organization_id), array_agg(a.user_id) INTO added_organizations, added_users FROM added a;
    IF added_users IS NOT NULL THEN
        INSERT INTO roster.engagement_days AS d (organization_id, day, chunk, events, active)
            SELECT e.organization_id, e.day, e.chunk, e.events, e.active
            FROM roster.rollup_events(added_organizations, added_users) e
            ON CONFLICT (day, organization_id, chunk)
            DO UPDATE SET events = d.events + excluded.events, active = d.active | excluded.active;
    END IF;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_users_after_update() RETURNS trigger
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
