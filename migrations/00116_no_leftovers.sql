-- +goose Up
-- What erasures, new names and dropped months must not leave behind.

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_rebuild(organizations uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM roster.require_fresh_snapshots();
    INSERT INTO roster.engagement_organizations (organization_id)
        SELECT o.id FROM roster.organizations o WHERE o.id = ANY (organizations) ORDER BY o.id ON CONFLICT DO NOTHING;
    PERFORM FROM roster.engagement_organizations o
        WHERE o.organization_id = ANY (organizations) ORDER BY o.organization_id FOR NO KEY UPDATE;
    DELETE FROM roster.engagement_days d WHERE d.organization_id = ANY (organizations);
    DELETE FROM roster.engagement_members m WHERE m.organization_id = ANY (organizations);
    DELETE FROM roster.engagement_leavers l WHERE l.organization_id = ANY (organizations);
    INSERT INTO roster.engagement_members (organization_id, user_id, ordinal)
        SELECT m.organization_id, m.user_id, row_number() OVER (PARTITION BY m.organization_id ORDER BY m.joined_at, m.user_id) - 1
        FROM roster.memberships m JOIN roster.users u ON u.id = m.user_id
        WHERE m.organization_id = ANY (organizations) AND u.deleted_at IS NULL;
    UPDATE roster.engagement_organizations o SET next_ordinal = c.size
        FROM (SELECT e.organization_id, count(m.user_id) AS size FROM roster.engagement_organizations e
            LEFT JOIN roster.engagement_members m ON m.organization_id = e.organization_id
            WHERE e.organization_id = ANY (organizations) GROUP BY e.organization_id) c
        WHERE o.organization_id = c.organization_id;
    UPDATE roster.engagement_organizations o SET members = o.next_ordinal WHERE o.organization_id = ANY (organizations);
    -- A report reads a span of days: rows are written in their order.
    INSERT INTO roster.engagement_days (organization_id, day, chunk, events, active)
        SELECT e.organization_id, e.day, e.chunk, e.events, e.active FROM roster.rollup_events(organizations, NULL) e
        ORDER BY e.day, e.organization_id, e.chunk;
END $$;
-- +goose StatementEnd

-- The rollup has the events of leavers that are not unlinked yet: the surplus.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_check() RETURNS TABLE (organization_id uuid, fault text)
LANGUAGE sql STABLE AS $$
    WITH counted AS (
        SELECT m.organization_id, m.user_id FROM roster.memberships m JOIN roster.users u ON u.id = m.user_id WHERE u.deleted_at IS NULL
    ), erased AS (
        SELECT e.subject AS organization_id FROM roster.erasures e WHERE e.kind = 'organization' AND e.finished_at IS NULL
    ), members AS (
        SELECT m.organization_id, m.user_id, m.ordinal FROM roster.engagement_members m
        WHERE m.organization_id NOT IN (SELECT x.organization_id FROM erased x)
    ), surplus AS (
        SELECT l.organization_id, (v.occurred_at AT TIME ZONE 'UTC')::date AS day, l.ordinal / 512 AS chunk,
            count(*) AS events, bit_or(roster.rollup_bit(l.ordinal)) AS active
        FROM roster.engagement_leavers l
        JOIN roster.events v ON v.user_id = l.user_id AND v.organization_id = l.organization_id
        GROUP BY 1, 2, 3
    ), days AS (
        SELECT coalesce(d.organization_id, s.organization_id) AS organization_id, coalesce(d.day, s.day) AS day,
            coalesce(d.chunk, s.chunk) AS chunk, coalesce(d.events, 0) - coalesce(s.events, 0) AS events,
            CASE WHEN s.active IS NULL THEN d.active ELSE d.active & ~s.active END AS active
        FROM roster.engagement_days d
        FULL JOIN surplus s ON s.organization_id = d.organization_id AND s.day = d.day AND s.chunk = d.chunk
        WHERE d.events IS DISTINCT FROM s.events OR bit_count(d.active & ~s.active) > 0
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
        FROM counted c FULL JOIN members m ON m.organization_id = c.organization_id AND m.user_id = c.user_id
        WHERE c.user_id IS NULL OR m.user_id IS NULL
    UNION ALL SELECT m.organization_id, 'members share the ordinal ' || m.ordinal
        FROM members m GROUP BY m.organization_id, m.ordinal HAVING count(*) > 1
    UNION ALL SELECT m.organization_id, 'the ordinal ' || max(m.ordinal) || ' is not below ' || o.next_ordinal
        FROM members m JOIN roster.engagement_organizations o ON o.organization_id = m.organization_id
        GROUP BY m.organization_id, o.next_ordinal HAVING max(m.ordinal) >= o.next_ordinal
    UNION ALL SELECT coalesce(e.organization_id, d.organization_id), 'has ' || coalesce(e.events, 0) || ' events of '
            || coalesce(bit_count(e.active), 0) || ' members on ' || coalesce(e.day, d.day) || ' (chunk ' || coalesce(e.chunk, d.chunk)
            || '), rolled up as ' || coalesce(d.events, 0) || ' of ' || coalesce(bit_count(d.active), 0)
        FROM roster.rollup_events(NULL, NULL) e
        FULL JOIN days d ON d.organization_id = e.organization_id AND d.day = e.day AND d.chunk = e.chunk
        WHERE (e.events IS DISTINCT FROM d.events OR e.active IS DISTINCT FROM d.active)
            AND coalesce(e.organization_id, d.organization_id) NOT IN (SELECT x.organization_id FROM erased x)
    ORDER BY 1, 2
$$;
-- +goose StatementEnd

-- The rollup rows of the month are deleted twice: most of them while only writers
-- of that month's events wait, and the last ones under the lock of all events.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.drop_event_partition(before timestamptz) RETURNS text
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
    -- A writer of members may have read the month's events before, and committed
    -- their rollup rows since. From here on nobody reads events.
    DELETE FROM roster.engagement_days d WHERE d.day >= month AND d.day < month + interval '1 month';
    EXECUTE format('DROP TABLE roster.%I', partition);
    RETURN partition;
END $$;
-- +goose StatementEnd

-- A name that nobody bears any more must not stay in the vocabulary, where
-- nothing would find it to erase it. The trigger is deferred: by then the
-- postings of the whole transaction are as they stay.
-- +goose StatementBegin
CREATE FUNCTION roster.prune_vocabulary_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM roster.vocabulary v
        WHERE v.token = ANY (ARRAY(SELECT t.token FROM roster.search_tokens(OLD.search) t (token)))
            AND NOT EXISTS (SELECT FROM roster.postings p WHERE p.token = v.token);
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.prune_vocabulary_after_update() IS 'Removes former tokens that no user has any more.';

CREATE CONSTRAINT TRIGGER prune_vocabulary_after_update AFTER UPDATE ON roster.users
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.search IS DISTINCT FROM NEW.search)
    EXECUTE FUNCTION roster.prune_vocabulary_after_update();

DELETE FROM roster.vocabulary v WHERE NOT EXISTS (SELECT FROM roster.postings p WHERE p.token = v.token);

-- +goose Down
DROP TRIGGER prune_vocabulary_after_update ON roster.users;
DROP FUNCTION roster.prune_vocabulary_after_update();
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.drop_event_partition(before timestamptz) RETURNS text
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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_check() RETURNS TABLE (organization_id uuid, fault text)
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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_rebuild(organizations uuid[]) RETURNS void
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
