-- +goose Up
-- What the engagement report sums is kept a day: events and, as bits, who was
-- active, of the members who count: those who are not deleted. The row of
-- engagement_organizations is the lock of an organization's sums. Who adds
-- events shares it, after they are in, and then sums with a fresh snapshot; who
-- changes who counts updates it. Locks are taken in the order organizations,
-- plans, users, engagement_organizations, engagement_days, each by id.
CREATE TABLE roster.engagement_organizations (
    organization_id uuid NOT NULL,
    members bigint NOT NULL DEFAULT 0,
    -- squawk-ignore prefer-bigint-over-int
    next_ordinal integer NOT NULL DEFAULT 0,
    CONSTRAINT engagement_organizations_pkey PRIMARY KEY (organization_id)
);
COMMENT ON TABLE roster.engagement_organizations IS 'How many members of each organization count; kept by triggers.';
COMMENT ON COLUMN roster.engagement_organizations.organization_id IS 'The organization.';
COMMENT ON COLUMN roster.engagement_organizations.members IS 'The members who are not deleted.';
COMMENT ON COLUMN roster.engagement_organizations.next_ordinal IS 'The ordinal of the next member.';

CREATE TABLE roster.engagement_members (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    -- squawk-ignore prefer-bigint-over-int
    ordinal integer NOT NULL,
    CONSTRAINT engagement_members_pkey PRIMARY KEY (organization_id, user_id) INCLUDE (ordinal)
);
COMMENT ON TABLE roster.engagement_members IS 'The members who count, and which bit is theirs; kept by triggers.';
COMMENT ON COLUMN roster.engagement_members.organization_id IS 'The organization.';
COMMENT ON COLUMN roster.engagement_members.user_id IS 'The member.';
COMMENT ON COLUMN roster.engagement_members.ordinal IS 'The chunk, times 512, and the bit in it.';

CREATE TABLE roster.engagement_days (
    organization_id uuid NOT NULL,
    day date NOT NULL,
    -- squawk-ignore prefer-bigint-over-int
    chunk integer NOT NULL,
    events bigint NOT NULL,
    active bit(512) NOT NULL,
    CONSTRAINT engagement_days_pkey PRIMARY KEY (day, organization_id, chunk)
) WITH (fillfactor = 70, parallel_workers = 0); -- starting a worker takes longer than a report
CREATE INDEX engagement_days_organization ON roster.engagement_days (organization_id, day);
COMMENT ON TABLE roster.engagement_days IS 'The events of members who count, a day and 512 of them; kept by triggers.';
COMMENT ON COLUMN roster.engagement_days.organization_id IS 'The organization.';
COMMENT ON COLUMN roster.engagement_days.day IS 'The day (UTC).';
COMMENT ON COLUMN roster.engagement_days.chunk IS 'Which 512 ordinals.';
COMMENT ON COLUMN roster.engagement_days.events IS 'How many events.';
COMMENT ON COLUMN roster.engagement_days.active IS 'The members who have one.';

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.require_fresh_snapshots() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    -- Above READ COMMITTED a transaction that waited for the lock would still
    -- look with the snapshot from before, and miss what it waited for.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'owners, seats and sums can be kept at READ COMMITTED only'
            USING ERRCODE = 'feature_not_supported', HINT = 'Begin the transaction with ISOLATION LEVEL READ COMMITTED.';
    END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION roster.engagement_bit(ordinal integer) RETURNS bit
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT set_bit(0::bit(512), ordinal % 512, 1) $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.engagement_bit(integer) IS 'The bit of an ordinal in its chunk.';

-- Pairs of which the caller has locked the users, so that who of them is
-- deleted does not change.
-- +goose StatementBegin
CREATE FUNCTION roster.engagement_gain(organizations uuid[], users uuid[]) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    PERFORM roster.require_fresh_snapshots();
    PERFORM FROM roster.engagement_organizations o
        WHERE o.organization_id = ANY (organizations) ORDER BY o.organization_id FOR NO KEY UPDATE;
    WITH gained AS MATERIALIZED (
        SELECT m.organization_id, m.user_id, row_number() OVER (PARTITION BY m.organization_id ORDER BY m.user_id) AS place
        FROM (SELECT DISTINCT p.organization_id, p.user_id FROM unnest(organizations, users) p (organization_id, user_id)) p
        JOIN roster.memberships m ON m.organization_id = p.organization_id AND m.user_id = p.user_id
        JOIN roster.users u ON u.id = m.user_id
        WHERE u.deleted_at IS NULL AND NOT EXISTS (
            SELECT FROM roster.engagement_members e WHERE e.organization_id = m.organization_id AND e.user_id = m.user_id)
    ), numbered AS (
        INSERT INTO roster.engagement_members (organization_id, user_id, ordinal)
        SELECT g.organization_id, g.user_id, o.next_ordinal + g.place - 1
        FROM gained g JOIN roster.engagement_organizations o ON o.organization_id = g.organization_id
        RETURNING organization_id, user_id, ordinal
    ), counted AS (
        UPDATE roster.engagement_organizations o
        SET members = o.members + g.size, next_ordinal = o.next_ordinal + g.size
        FROM (SELECT organization_id, count(*) AS size FROM gained GROUP BY organization_id) g
        WHERE o.organization_id = g.organization_id
    )
    INSERT INTO roster.engagement_days AS d (organization_id, day, chunk, events, active)
        SELECT n.organization_id, (e.occurred_at AT TIME ZONE 'UTC')::date AS day, n.ordinal / 512 AS chunk, count(*), bit_or(roster.engagement_bit(n.ordinal))
        FROM numbered n JOIN roster.events e ON e.organization_id = n.organization_id AND e.user_id = n.user_id
        GROUP BY n.organization_id, day, chunk
        ON CONFLICT (day, organization_id, chunk) DO UPDATE SET events = d.events + excluded.events, active = d.active | excluded.active;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.engagement_gain(uuid[], uuid[]) IS 'Lets members count who do not, if they should.';

-- +goose StatementBegin
CREATE FUNCTION roster.engagement_lose(organizations uuid[], users uuid[]) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    days date[];
    day_organizations uuid[];
    chunks integer[];
BEGIN
    PERFORM roster.require_fresh_snapshots();
    PERFORM FROM roster.engagement_organizations o
        WHERE o.organization_id = ANY (organizations) ORDER BY o.organization_id FOR NO KEY UPDATE;
    WITH lost AS (
        DELETE FROM roster.engagement_members m
        USING (SELECT DISTINCT p.organization_id, p.user_id FROM unnest(organizations, users) p (organization_id, user_id)) p
        WHERE m.organization_id = p.organization_id AND m.user_id = p.user_id
        RETURNING m.organization_id, m.user_id, m.ordinal
    ), counted AS (
        UPDATE roster.engagement_organizations o SET members = o.members - l.size
        FROM (SELECT organization_id, count(*) AS size FROM lost GROUP BY organization_id) l
        WHERE o.organization_id = l.organization_id
    ), summed AS (
        UPDATE roster.engagement_days d SET events = d.events - s.events, active = d.active & ~ s.active
        FROM (SELECT l.organization_id, (e.occurred_at AT TIME ZONE 'UTC')::date AS day, l.ordinal / 512 AS chunk, count(*) AS events, bit_or(roster.engagement_bit(l.ordinal)) AS active
            FROM lost l JOIN roster.events e ON e.organization_id = l.organization_id AND e.user_id = l.user_id
            GROUP BY l.organization_id, day, chunk) s
        WHERE d.organization_id = s.organization_id AND d.day = s.day AND d.chunk = s.chunk
        RETURNING d.organization_id, d.day, d.chunk, d.events
    )
    SELECT array_agg(s.day), array_agg(s.organization_id), array_agg(s.chunk) INTO days, day_organizations, chunks
        FROM summed s WHERE s.events = 0;
    IF days IS NOT NULL THEN
        DELETE FROM roster.engagement_days d USING unnest(days, day_organizations, chunks) g (day, organization_id, chunk)
            WHERE d.day = g.day AND d.organization_id = g.organization_id AND d.chunk = g.chunk;
    END IF;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.engagement_lose(uuid[], uuid[]) IS 'Lets members no longer count, where they do.';

-- A report reads a span of days: the sums are written in their order.
-- +goose StatementBegin
CREATE FUNCTION roster.rebuild_engagement(organizations uuid[]) RETURNS void
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
    INSERT INTO roster.engagement_days (organization_id, day, chunk, events, active)
        SELECT m.organization_id, (e.occurred_at AT TIME ZONE 'UTC')::date AS day, m.ordinal / 512 AS chunk, count(*), bit_or(roster.engagement_bit(m.ordinal))
        FROM roster.events e JOIN roster.engagement_members m ON m.organization_id = e.organization_id AND m.user_id = e.user_id
        WHERE e.organization_id = ANY (organizations)
        GROUP BY m.organization_id, day, chunk ORDER BY day, m.organization_id, chunk;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rebuild_engagement(uuid[]) IS 'Sums the events of organizations anew.';

-- +goose StatementBegin
CREATE FUNCTION roster.check_engagement() RETURNS TABLE (organization_id uuid, fault text)
LANGUAGE sql STABLE AS $$
    WITH counted AS (
        SELECT m.organization_id, m.user_id FROM roster.memberships m JOIN roster.users u ON u.id = m.user_id WHERE u.deleted_at IS NULL
    ), summed AS (
        SELECT m.organization_id, (e.occurred_at AT TIME ZONE 'UTC')::date AS day, m.ordinal / 512 AS chunk, count(*) AS events, bit_or(roster.engagement_bit(m.ordinal)) AS active
        FROM roster.events e JOIN roster.engagement_members m ON m.organization_id = e.organization_id AND m.user_id = e.user_id
        GROUP BY m.organization_id, day, chunk
    )
    SELECT o.id, 'is not summed' FROM roster.organizations o
        WHERE NOT EXISTS (SELECT FROM roster.engagement_organizations e WHERE e.organization_id = o.id)
    UNION ALL SELECT e.organization_id, 'is summed and does not exist' FROM roster.engagement_organizations e
        WHERE NOT EXISTS (SELECT FROM roster.organizations o WHERE o.id = e.organization_id)
    UNION ALL SELECT e.organization_id, 'has ' || c.size || ' members who count, summed as ' || e.members
        FROM roster.engagement_organizations e
        CROSS JOIN LATERAL (SELECT count(*) AS size FROM counted c WHERE c.organization_id = e.organization_id) c
        WHERE c.size <> e.members
    UNION ALL SELECT coalesce(c.organization_id, m.organization_id), 'member ' || coalesce(c.user_id, m.user_id) || CASE WHEN c.user_id IS NULL THEN ' counts and should not' ELSE ' does not count and should' END
        FROM counted c FULL JOIN roster.engagement_members m ON m.organization_id = c.organization_id AND m.user_id = c.user_id
        WHERE c.user_id IS NULL OR m.user_id IS NULL
    UNION ALL SELECT m.organization_id, 'members share the ordinal ' || m.ordinal
        FROM roster.engagement_members m GROUP BY m.organization_id, m.ordinal HAVING count(*) > 1
    UNION ALL SELECT m.organization_id, 'the ordinal ' || max(m.ordinal) || ' is not below ' || o.next_ordinal
        FROM roster.engagement_members m JOIN roster.engagement_organizations o ON o.organization_id = m.organization_id
        GROUP BY m.organization_id, o.next_ordinal HAVING max(m.ordinal) >= o.next_ordinal
    UNION ALL SELECT coalesce(s.organization_id, d.organization_id), 'has ' || coalesce(s.events, 0) || ' events of ' || coalesce(bit_count(s.active), 0)
            || ' members on ' || coalesce(s.day, d.day) || ' (part ' || coalesce(s.chunk, d.chunk) || '), summed as ' || coalesce(d.events, 0) || ' of ' || coalesce(bit_count(d.active), 0)
        FROM summed s FULL JOIN roster.engagement_days d ON d.organization_id = s.organization_id AND d.day = s.day AND d.chunk = s.chunk
        WHERE s.events IS DISTINCT FROM d.events OR s.active IS DISTINCT FROM d.active
    ORDER BY 1, 2
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.check_engagement() IS 'Compares the sums with what they sum.';

-- The triggers run with their owner's rights: whoever writes keeps the sums, and
-- nobody writes sums alone.
-- +goose StatementBegin
CREATE FUNCTION roster.organizations_counted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO roster.engagement_organizations (organization_id) SELECT a.id FROM added a;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.organizations_counted() IS 'Begins to sum what happens in new organizations.';

CREATE TRIGGER organizations_counted AFTER INSERT ON roster.organizations
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION roster.organizations_counted();

-- Whoever adds events waits for the row that goes, and then finds none.
-- +goose StatementBegin
CREATE FUNCTION roster.organizations_uncounted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM roster.engagement_organizations o
        WHERE o.organization_id IN (SELECT g.id FROM gone g) ORDER BY o.organization_id FOR UPDATE;
    DELETE FROM roster.engagement_organizations o USING gone g WHERE o.organization_id = g.id;
    DELETE FROM roster.engagement_members m USING gone g WHERE m.organization_id = g.id;
    DELETE FROM roster.engagement_days d USING gone g WHERE d.organization_id = g.id;
    DELETE FROM roster.events e USING gone g WHERE e.organization_id = g.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.organizations_uncounted() IS 'Removes events and sums of organizations that are removed.';

CREATE TRIGGER organizations_uncounted AFTER DELETE ON roster.organizations
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION roster.organizations_uncounted();

-- +goose StatementBegin
CREATE FUNCTION roster.memberships_counted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Who deletes or restores one of them waits, and then finds the membership.
    PERFORM FROM roster.users u WHERE u.id IN (SELECT a.user_id FROM added a) ORDER BY u.id FOR SHARE;
    PERFORM roster.engagement_gain(array_agg(a.organization_id), array_agg(a.user_id)) FROM added a;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.memberships_counted() IS 'Lets new members count.';

CREATE TRIGGER memberships_counted AFTER INSERT ON roster.memberships
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION roster.memberships_counted();

-- +goose StatementBegin
CREATE FUNCTION roster.memberships_uncounted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Of organizations that are gone nothing need be summed.
    PERFORM roster.engagement_lose(array_agg(g.organization_id), array_agg(g.user_id))
        FROM gone g WHERE EXISTS (SELECT FROM roster.organizations o WHERE o.id = g.organization_id) HAVING count(*) > 0;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.memberships_uncounted() IS 'Lets members who are removed no longer count.';

CREATE TRIGGER memberships_uncounted AFTER DELETE ON roster.memberships
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION roster.memberships_uncounted();

-- +goose StatementBegin
CREATE FUNCTION roster.memberships_recounted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM roster.users u WHERE u.id = NEW.user_id FOR SHARE;
    PERFORM roster.engagement_lose(ARRAY[OLD.organization_id], ARRAY[OLD.user_id]);
    PERFORM roster.engagement_gain(ARRAY[NEW.organization_id], ARRAY[NEW.user_id]);
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.memberships_recounted() IS 'Keeps sums right when a membership becomes another''s.';

CREATE TRIGGER memberships_recounted AFTER UPDATE OF organization_id, user_id ON roster.memberships
    FOR EACH ROW WHEN (OLD.organization_id <> NEW.organization_id OR OLD.user_id <> NEW.user_id)
    EXECUTE FUNCTION roster.memberships_recounted();

-- Once a statement, so that the organizations of all users are locked in one
-- order.
-- +goose StatementBegin
CREATE FUNCTION roster.users_counted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    left_organizations uuid[];
    leavers uuid[];
    joined_organizations uuid[];
    joiners uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM before b WHERE b.deleted_at IS NOT NULL) AND NOT EXISTS (SELECT FROM after a WHERE a.deleted_at IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    WITH changed AS (
        SELECT r.id, bool_or(r.gone AND r.is_new) AS gone
        FROM (SELECT b.id, b.deleted_at IS NOT NULL AS gone, false AS is_new FROM before b
            UNION ALL SELECT a.id, a.deleted_at IS NOT NULL, true FROM after a) r
        GROUP BY r.id HAVING bool_or(r.gone) <> bool_and(r.gone)
    )
    SELECT array_agg(m.organization_id) FILTER (WHERE c.gone), array_agg(m.user_id) FILTER (WHERE c.gone),
            array_agg(m.organization_id) FILTER (WHERE NOT c.gone), array_agg(m.user_id) FILTER (WHERE NOT c.gone)
        INTO left_organizations, leavers, joined_organizations, joiners
        FROM changed c JOIN roster.memberships m ON m.user_id = c.id;
    IF leavers IS NOT NULL THEN
        PERFORM roster.engagement_lose(left_organizations, leavers);
    END IF;
    IF joiners IS NOT NULL THEN
        PERFORM roster.engagement_gain(joined_organizations, joiners);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.users_counted() IS 'Lets users count who are restored, and not those who are deleted.';

CREATE TRIGGER users_counted AFTER UPDATE ON roster.users
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION roster.users_counted();

-- Their memberships are gone by now, and with them what their events summed to.
-- +goose StatementBegin
CREATE FUNCTION roster.users_unnamed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE roster.events e SET user_id = NULL FROM erased u WHERE e.user_id = u.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.users_unnamed() IS 'Cuts events loose from users whose rows are removed.';

CREATE TRIGGER users_unnamed AFTER DELETE ON roster.users
    REFERENCING OLD TABLE AS erased FOR EACH STATEMENT EXECUTE FUNCTION roster.users_unnamed();

-- Stands in for two foreign keys, a look a row, and for the lock on users and
-- organizations under which a partition would be attached.
-- +goose StatementBegin
CREATE FUNCTION roster.events_summed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    found_ones bigint;
BEGIN
    PERFORM roster.require_fresh_snapshots();
    PERFORM FROM roster.users u WHERE u.id IN (SELECT DISTINCT a.user_id FROM added a) ORDER BY u.id FOR KEY SHARE;
    GET DIAGNOSTICS found_ones = ROW_COUNT;
    IF found_ones < (SELECT count(DISTINCT a.user_id) FROM added a) THEN
        RAISE EXCEPTION 'an event is of a user who does not exist'
            USING ERRCODE = 'foreign_key_violation', SCHEMA = 'roster', TABLE = 'events', CONSTRAINT = 'events_user_id_fkey';
    END IF;
    PERFORM FROM roster.engagement_organizations o
        WHERE o.organization_id IN (SELECT DISTINCT a.organization_id FROM added a) ORDER BY o.organization_id FOR SHARE;
    GET DIAGNOSTICS found_ones = ROW_COUNT;
    IF found_ones < (SELECT count(DISTINCT a.organization_id) FROM added a) THEN
        RAISE EXCEPTION 'an event is of an organization that does not exist'
            USING ERRCODE = 'foreign_key_violation', SCHEMA = 'roster', TABLE = 'events', CONSTRAINT = 'events_organization_id_fkey';
    END IF;
    INSERT INTO roster.engagement_days AS d (organization_id, day, chunk, events, active)
        SELECT m.organization_id, (a.occurred_at AT TIME ZONE 'UTC')::date AS day, m.ordinal / 512 AS chunk, count(*), bit_or(roster.engagement_bit(m.ordinal))
        FROM added a JOIN roster.engagement_members m ON m.organization_id = a.organization_id AND m.user_id = a.user_id
        GROUP BY m.organization_id, day, chunk
        ORDER BY day, m.organization_id, chunk
        ON CONFLICT (day, organization_id, chunk) DO UPDATE SET events = d.events + excluded.events, active = d.active | excluded.active;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.events_summed() IS 'Checks of whom new events are, and sums them.';

CREATE TRIGGER events_summed AFTER INSERT ON roster.events
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION roster.events_summed();

-- Events are only ever added, dropped with their month, or removed with their
-- organization: sums of others are made anew, whatever that takes.
-- +goose StatementBegin
CREATE FUNCTION roster.events_unsummed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM roster.rebuild_engagement(array_agg(DISTINCT b.organization_id)) FROM before b
        WHERE EXISTS (SELECT FROM roster.engagement_members m WHERE m.organization_id = b.organization_id AND m.user_id = b.user_id)
        HAVING count(*) > 0;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.events_unsummed() IS 'Keeps sums right when events are removed by hand.';

CREATE TRIGGER events_unsummed AFTER DELETE ON roster.events
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION roster.events_unsummed();

-- +goose StatementBegin
CREATE FUNCTION roster.events_resummed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM roster.rebuild_engagement(array_agg(DISTINCT e.organization_id))
        FROM (SELECT b.organization_id, b.user_id FROM before b UNION ALL SELECT a.organization_id, a.user_id FROM added a) e
        WHERE EXISTS (SELECT FROM roster.engagement_members m WHERE m.organization_id = e.organization_id AND m.user_id = e.user_id)
        HAVING count(*) > 0;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.events_resummed() IS 'Keeps sums right when events are changed by hand.';

CREATE TRIGGER events_resummed AFTER UPDATE ON roster.events
    REFERENCING OLD TABLE AS before NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION roster.events_resummed();

-- The trigger above guarantees the same.
-- squawk-ignore ban-drop-constraint
ALTER TABLE roster.events DROP CONSTRAINT events_organization_id_fkey;
-- squawk-ignore ban-drop-constraint
ALTER TABLE roster.events DROP CONSTRAINT events_user_id_fkey;
-- The last event of an organization is found by this index, read backward. An
-- index of a partitioned table can't be made concurrently.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX events_latest ON roster.events (organization_id, occurred_at) INCLUDE (user_id);
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX roster.events_organization;

SELECT roster.rebuild_engagement(ARRAY(SELECT o.id FROM roster.organizations o));

-- +goose Down
CREATE INDEX events_organization ON roster.events (organization_id);
DROP INDEX roster.events_latest;
ALTER TABLE roster.events ADD CONSTRAINT events_user_id_fkey FOREIGN KEY (user_id) REFERENCES roster.users (id) ON DELETE SET NULL;
ALTER TABLE roster.events ADD CONSTRAINT events_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES roster.organizations (id) ON DELETE CASCADE;
DROP TRIGGER events_resummed ON roster.events;
DROP FUNCTION roster.events_resummed();
DROP TRIGGER events_unsummed ON roster.events;
DROP FUNCTION roster.events_unsummed();
DROP TRIGGER events_summed ON roster.events;
DROP FUNCTION roster.events_summed();
DROP TRIGGER users_unnamed ON roster.users;
DROP FUNCTION roster.users_unnamed();
DROP TRIGGER users_counted ON roster.users;
DROP FUNCTION roster.users_counted();
DROP TRIGGER memberships_recounted ON roster.memberships;
DROP FUNCTION roster.memberships_recounted();
DROP TRIGGER memberships_uncounted ON roster.memberships;
DROP FUNCTION roster.memberships_uncounted();
DROP TRIGGER memberships_counted ON roster.memberships;
DROP FUNCTION roster.memberships_counted();
DROP TRIGGER organizations_uncounted ON roster.organizations;
DROP FUNCTION roster.organizations_uncounted();
DROP TRIGGER organizations_counted ON roster.organizations;
DROP FUNCTION roster.organizations_counted();
DROP FUNCTION roster.check_engagement();
DROP FUNCTION roster.rebuild_engagement(uuid[]);
DROP FUNCTION roster.engagement_lose(uuid[], uuid[]);
DROP FUNCTION roster.engagement_gain(uuid[], uuid[]);
DROP FUNCTION roster.engagement_bit(integer);
DROP TABLE roster.engagement_days;
DROP TABLE roster.engagement_members;
DROP TABLE roster.engagement_organizations;
