-- +goose Up
-- The engagement report reads rollups instead of events. A rollup row counts,
-- for a UTC day, an organization and 512 of its members, their events, with a
-- bit for each member who was active. Only members who are not deleted count.
--
-- Triggers keep the rows in the writing transaction (00108). The row in
-- engagement_organizations is the lock:
--   * A writer of events inserts them, shares the lock, then adds them to the
--     rollup with a fresh snapshot.
--   * A writer of members updates the lock's row, then reads the members'
--     events with a fresh snapshot.
-- Of two that overlap, the second waits and sees the first. So each event of a
-- member counts exactly once.
--
-- Locks are taken in this order: organizations, plans, users,
-- engagement_organizations, engagement_days; within each, by id. Triggers fire
-- in the order of their names: require_… before rollup_…, as that order needs.
CREATE TABLE roster.engagement_organizations (
    organization_id uuid NOT NULL,
    members bigint NOT NULL DEFAULT 0,
    next_ordinal integer NOT NULL DEFAULT 0,
    CONSTRAINT engagement_organizations_pkey PRIMARY KEY (organization_id)
);
COMMENT ON TABLE roster.engagement_organizations IS 'Number of members who count, of each organization; triggers keep it.';
COMMENT ON COLUMN roster.engagement_organizations.organization_id IS 'The organization.';
COMMENT ON COLUMN roster.engagement_organizations.members IS 'Number of members who are not deleted.';
COMMENT ON COLUMN roster.engagement_organizations.next_ordinal IS 'Ordinal of the next member.';

CREATE TABLE roster.engagement_members (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    ordinal integer NOT NULL,
    CONSTRAINT engagement_members_pkey PRIMARY KEY (organization_id, user_id) INCLUDE (ordinal)
);
COMMENT ON TABLE roster.engagement_members IS 'Members who count, with the bit of each; triggers keep them.';
COMMENT ON COLUMN roster.engagement_members.organization_id IS 'The organization.';
COMMENT ON COLUMN roster.engagement_members.user_id IS 'The member.';
COMMENT ON COLUMN roster.engagement_members.ordinal IS 'Number of the chunk, times 512, plus the bit in it.';

CREATE TABLE roster.engagement_days (
    organization_id uuid NOT NULL,
    day date NOT NULL,
    chunk integer NOT NULL,
    events bigint NOT NULL,
    active bit(512) NOT NULL,
    CONSTRAINT engagement_days_pkey PRIMARY KEY (day, organization_id, chunk)
) WITH (fillfactor = 70, parallel_workers = 0); -- to start a worker takes longer than a report
CREATE INDEX engagement_days_organization ON roster.engagement_days (organization_id, day);
COMMENT ON TABLE roster.engagement_days IS 'Rollup: events of 512 members on a day; triggers keep it.';
COMMENT ON COLUMN roster.engagement_days.organization_id IS 'The organization.';
COMMENT ON COLUMN roster.engagement_days.day IS 'The day (UTC).';
COMMENT ON COLUMN roster.engagement_days.chunk IS 'Number of the 512 ordinals.';
COMMENT ON COLUMN roster.engagement_days.events IS 'Number of events.';
COMMENT ON COLUMN roster.engagement_days.active IS 'A bit for each member with an event.';

-- +goose StatementBegin
CREATE FUNCTION roster.rollup_bit(ordinal integer) RETURNS bit
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT set_bit(0::bit(512), ordinal % 512, 1) $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_bit(integer) IS 'The bit of an ordinal in its chunk.';

-- The one place that adds up stored events. The trigger of new events has a SELECT
-- of its own, since no function sees its transition table; rollup_check shows
-- if the two differ. Planner switches: see embed.go.
-- +goose StatementBegin
CREATE FUNCTION roster.rollup_events(organizations uuid[], users uuid[])
RETURNS TABLE (organization_id uuid, day date, chunk integer, events bigint, active bit)
LANGUAGE sql STABLE AS $$
    SELECT e.organization_id, (e.occurred_at AT TIME ZONE 'UTC')::date, e.ordinal / 512, count(*), bit_or(roster.rollup_bit(e.ordinal))
    FROM (
        SELECT m.organization_id, m.ordinal, v.occurred_at
        FROM (SELECT DISTINCT u.organization_id, u.user_id FROM unnest(organizations, users) u (organization_id, user_id)) p
        JOIN roster.engagement_members m ON m.organization_id = p.organization_id AND m.user_id = p.user_id
        JOIN roster.events v ON v.user_id = m.user_id AND (v.organization_id = m.organization_id) IS TRUE
        WHERE users IS NOT NULL
        UNION ALL
        SELECT m.organization_id, m.ordinal, v.occurred_at
        FROM roster.engagement_members m
        JOIN roster.events v ON v.organization_id = m.organization_id AND v.user_id = m.user_id
        WHERE users IS NULL AND organizations IS NOT NULL
            AND m.organization_id = ANY (organizations) AND v.organization_id = ANY (organizations)
        UNION ALL
        SELECT m.organization_id, m.ordinal, v.occurred_at
        FROM roster.engagement_members m
        JOIN roster.events v ON v.organization_id = m.organization_id AND v.user_id = m.user_id
        WHERE users IS NULL AND organizations IS NULL
    ) e
    GROUP BY 1, 2, 3
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_events(uuid[], uuid[]) IS
    'Rollup rows of the events of members, given as pairs. Null users are all users, and null organizations all organizations.';

-- The caller has locked the users. So none of them is deleted or restored
-- meanwhile. Planner switches: see embed.go.
-- +goose StatementBegin
CREATE FUNCTION roster.rollup_add_members(organizations uuid[], users uuid[]) RETURNS void
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
COMMENT ON FUNCTION roster.rollup_add_members(uuid[], uuid[]) IS 'Adds members who are not deleted, and their events, to the rollup.';

-- +goose StatementBegin
CREATE FUNCTION roster.rollup_remove_members(organizations uuid[], users uuid[]) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
    SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
    empty_days date[];
    empty_organizations uuid[];
    empty_chunks integer[];
BEGIN
    PERFORM roster.require_fresh_snapshots();
    PERFORM FROM roster.engagement_organizations o
        WHERE o.organization_id = ANY (organizations) ORDER BY o.organization_id FOR NO KEY UPDATE;
    WITH reduced AS (
        UPDATE roster.engagement_days d SET events = d.events - e.events, active = d.active & ~ e.active
        FROM roster.rollup_events(organizations, users) e
        WHERE d.organization_id = e.organization_id AND d.day = e.day AND d.chunk = e.chunk
        RETURNING d.organization_id, d.day, d.chunk, d.events
    )
    SELECT array_agg(r.day), array_agg(r.organization_id), array_agg(r.chunk)
        INTO empty_days, empty_organizations, empty_chunks
        FROM reduced r WHERE r.events = 0;
    IF empty_days IS NOT NULL THEN
        DELETE FROM roster.engagement_days d
            USING unnest(empty_days, empty_organizations, empty_chunks) e (day, organization_id, chunk)
            WHERE d.day = e.day AND d.organization_id = e.organization_id AND d.chunk = e.chunk;
    END IF;
    WITH removed AS (
        DELETE FROM roster.engagement_members m USING unnest(organizations, users) p (organization_id, user_id)
        WHERE m.organization_id = p.organization_id AND m.user_id = p.user_id
        RETURNING m.organization_id
    )
    UPDATE roster.engagement_organizations o SET members = o.members - r.size
        FROM (SELECT organization_id, count(*) AS size FROM removed GROUP BY organization_id) r
        WHERE o.organization_id = r.organization_id;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_remove_members(uuid[], uuid[]) IS 'Removes members, and their events, from the rollup.';

-- +goose StatementBegin
CREATE FUNCTION roster.rollup_rebuild(organizations uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM roster.require_fresh_snapshots();
    INSERT INTO roster.engagement_organizations (organization_id)
        SELECT o.id FROM roster.organizations o WHERE o.id = ANY (organizations) ORDER BY o.id ON CONFLICT DO NOTHING;
    PERFORM FROM roster.engagement_organizations o
        WHERE o.organization_id = ANY (organizations) ORDER BY o.organization_id FOR NO KEY UPDATE;
    DELETE FROM roster.engagement_days d WHERE d.organization_id = ANY (organizations);
    DELETE FROM roster.engagement_members m WHERE m.organization_id = ANY (organizations);
    INSERT INTO roster.engagement_members (organization_id, user_id, ordinal)
        SELECT m.organization_id, m.user_id, row_number() OVER (PARTITION BY m.organization_id ORDER BY m.joined_at, m.user_id) - 1
        FROM roster.memberships m JOIN roster.users u ON u.id = m.user_id
        WHERE m.organization_id = ANY (organizations) AND u.deleted_at IS NULL;
    UPDATE roster.engagement_organizations o SET members = c.size, next_ordinal = c.size
        FROM (SELECT e.organization_id, count(m.user_id) AS size FROM roster.engagement_organizations e
            LEFT JOIN roster.engagement_members m ON m.organization_id = e.organization_id
            WHERE e.organization_id = ANY (organizations) GROUP BY e.organization_id) c
        WHERE o.organization_id = c.organization_id;
    -- A report reads a span of days: rows are written in their order.
    INSERT INTO roster.engagement_days (organization_id, day, chunk, events, active)
        SELECT e.organization_id, e.day, e.chunk, e.events, e.active FROM roster.rollup_events(organizations, NULL) e
        ORDER BY e.day, e.organization_id, e.chunk;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_rebuild(uuid[]) IS 'Makes the rollup of organizations again from their events.';

-- +goose StatementBegin
CREATE FUNCTION roster.rollup_check() RETURNS TABLE (organization_id uuid, fault text)
LANGUAGE sql STABLE AS $$
    WITH counted AS (
        SELECT m.organization_id, m.user_id FROM roster.memberships m JOIN roster.users u ON u.id = m.user_id WHERE u.deleted_at IS NULL
    )
    SELECT o.id, 'is not rolled up' FROM roster.organizations o
        WHERE NOT EXISTS (SELECT FROM roster.engagement_organizations e WHERE e.organization_id = o.id)
    UNION ALL SELECT e.organization_id, 'is rolled up and does not exist' FROM roster.engagement_organizations e
        WHERE NOT EXISTS (SELECT FROM roster.organizations o WHERE o.id = e.organization_id)
    UNION ALL SELECT e.organization_id, 'has ' || coalesce(c.members, 0) || ' members who count, rolled up as ' || e.members
        FROM roster.engagement_organizations e
        LEFT JOIN (SELECT k.organization_id, count(*) AS members FROM counted k GROUP BY k.organization_id) c
            ON c.organization_id = e.organization_id
        WHERE coalesce(c.members, 0) <> e.members
    UNION ALL SELECT coalesce(c.organization_id, m.organization_id), 'member ' || coalesce(c.user_id, m.user_id)
            || CASE WHEN c.user_id IS NULL THEN ' counts and should not' ELSE ' does not count and should' END
        FROM counted c FULL JOIN roster.engagement_members m ON m.organization_id = c.organization_id AND m.user_id = c.user_id
        WHERE c.user_id IS NULL OR m.user_id IS NULL
    UNION ALL SELECT m.organization_id, 'members share the ordinal ' || m.ordinal
        FROM roster.engagement_members m GROUP BY m.organization_id, m.ordinal HAVING count(*) > 1
    UNION ALL SELECT m.organization_id, 'the ordinal ' || max(m.ordinal) || ' is not below ' || o.next_ordinal
        FROM roster.engagement_members m JOIN roster.engagement_organizations o ON o.organization_id = m.organization_id
        GROUP BY m.organization_id, o.next_ordinal HAVING max(m.ordinal) >= o.next_ordinal
    UNION ALL SELECT coalesce(e.organization_id, d.organization_id), 'has ' || coalesce(e.events, 0) || ' events of '
            || coalesce(bit_count(e.active), 0) || ' members on ' || coalesce(e.day, d.day) || ' (chunk ' || coalesce(e.chunk, d.chunk)
            || '), rolled up as ' || coalesce(d.events, 0) || ' of ' || coalesce(bit_count(d.active), 0)
        FROM roster.rollup_events(NULL, NULL) e
        FULL JOIN roster.engagement_days d ON d.organization_id = e.organization_id AND d.day = e.day AND d.chunk = e.chunk
        WHERE e.events IS DISTINCT FROM d.events OR e.active IS DISTINCT FROM d.active
    ORDER BY 1, 2
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_check() IS 'Compares the rollup with the events, and returns all differences.';

-- +goose Down
DROP FUNCTION roster.rollup_check();
DROP FUNCTION roster.rollup_rebuild(uuid[]);
DROP FUNCTION roster.rollup_remove_members(uuid[], uuid[]);
DROP FUNCTION roster.rollup_add_members(uuid[], uuid[]);
DROP FUNCTION roster.rollup_events(uuid[], uuid[]);
DROP FUNCTION roster.rollup_bit(integer);
DROP TABLE roster.engagement_days;
DROP TABLE roster.engagement_members;
DROP TABLE roster.engagement_organizations;
