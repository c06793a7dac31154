-- +goose Up
-- An erasure (00116) is done in parts. A part is one transaction: it changes a
-- bounded number of rows in a bounded number of partitions, which bounds its
-- locks too. It writes to partitions directly, so that neither all partitions are
-- locked nor the triggers of events make whole rollups again.
--
-- A part keeps the row of its erasure locked, and others skip it. So several
-- programs do parts of different erasures. After a crash nothing has to be
-- released: the next part finds the rows that remain.

-- Planner switches: see embed.go.
-- +goose StatementBegin
CREATE FUNCTION roster.rollup_subtract(leaver uuid, organizations uuid[], days date[], counts bigint[]) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    PERFORM roster.require_fresh_snapshots();
    -- As writers of events do, and in their order.
    PERFORM FROM roster.engagement_organizations o
        WHERE o.organization_id = ANY (organizations) ORDER BY o.organization_id FOR SHARE;
    PERFORM FROM unnest(organizations, days) s (organization_id, day)
        JOIN roster.engagement_leavers l ON l.user_id = leaver AND l.organization_id = s.organization_id
        JOIN roster.engagement_days d ON d.day = s.day AND d.organization_id = s.organization_id AND d.chunk = l.ordinal / 512
        ORDER BY d.day, d.organization_id, d.chunk FOR UPDATE OF d;
    UPDATE roster.engagement_days d SET events = d.events - s.events, active = d.active & ~roster.rollup_bit(l.ordinal)
        FROM unnest(organizations, days, counts) s (organization_id, day, events)
        JOIN roster.engagement_leavers l ON l.user_id = leaver AND l.organization_id = s.organization_id
        WHERE d.day = s.day AND d.organization_id = s.organization_id AND d.chunk = l.ordinal / 512;
    DELETE FROM roster.engagement_days d
        USING unnest(organizations, days) s (organization_id, day)
        WHERE d.day = s.day AND d.organization_id = s.organization_id AND d.events = 0;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.rollup_subtract(uuid, uuid[], date[], bigint[]) IS
    'Subtracts events of a leaver from the rollup, given by organization and day.';

-- The subquery must read the index in its order and stop: a plan that reads all
-- of the user's rows first, or the whole partition, has no bound. Hence the
-- planner switches.
-- +goose StatementBegin
CREATE FUNCTION roster.erase_user_rows(erased uuid, partition regclass, max_rows bigint) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
    organizations uuid[];
    days date[];
    counts bigint[];
    changed bigint;
BEGIN
    EXECUTE format('WITH changed AS (
            UPDATE %1$s e SET user_id = NULL
            WHERE e.ctid = ANY (ARRAY(SELECT v.ctid FROM %1$s v WHERE v.user_id = $1 LIMIT $2))
            RETURNING e.organization_id, (e.occurred_at AT TIME ZONE ''UTC'')::date AS day
        )
        SELECT array_agg(c.organization_id), array_agg(c.day), array_agg(c.events), coalesce(sum(c.events), 0)
        FROM (SELECT organization_id, day, count(*) AS events FROM changed GROUP BY organization_id, day) c', partition)
        INTO organizations, days, counts, changed USING erased, max_rows;
    IF changed > 0 THEN
        PERFORM roster.rollup_subtract(erased, organizations, days, counts);
    END IF;
    RETURN changed;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.erase_user_rows(uuid, regclass, bigint) IS 'Removes an erased user from some events of a partition.';

-- +goose StatementBegin
CREATE FUNCTION roster.erase_organization_rows(erased uuid, removed_from regclass, max_rows bigint) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
    removed bigint;
BEGIN
    EXECUTE format('DELETE FROM %1$s e
        WHERE e.ctid = ANY (ARRAY(SELECT v.ctid FROM %1$s v WHERE v.organization_id = $1 LIMIT $2))', removed_from)
        USING erased, max_rows;
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN removed;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.erase_organization_rows(uuid, regclass, bigint) IS
    'Deletes some rows of a deleted organization from a table that has its id.';

-- Without the id of an erasure, the part is one of any that is not locked. Their
-- order is random, so that one that fails delays no other.
-- +goose StatementBegin
CREATE FUNCTION roster.erase_part(erasure uuid, max_rows bigint, max_partitions integer)
RETURNS TABLE (id uuid, changed bigint, is_finished boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    e roster.erasures;
    target record;
    seen integer := 0;
    changed_here bigint;
    tables text[] := '{}';
BEGIN
    IF erasure IS NULL THEN
        SELECT * INTO e FROM roster.erasures x WHERE x.finished_at IS NULL ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED;
    ELSE
        SELECT * INTO e FROM roster.erasures x WHERE x.id = erasure FOR UPDATE;
    END IF;
    IF e.id IS NULL THEN
        RETURN;
    END IF;
    erase_part.id := e.id;
    erase_part.changed := 0;
    IF e.finished_at IS NOT NULL THEN
        is_finished := true;
        RETURN NEXT;
        RETURN;
    END IF;
    is_finished := true;
    IF e.kind = 'organization' AND e.last_partition = '' THEN
        tables := ARRAY['engagement_members', 'engagement_days'];
    END IF;
    FOR target IN
        SELECT r.name, r.name AS counted_as, false AS is_partition FROM unnest(tables) r (name)
        UNION ALL
        (SELECT c.relname::text, 'events', true FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'roster.events'::regclass AND c.relname::text COLLATE "C" > e.last_partition
            ORDER BY c.relname LIMIT max_partitions + 1)
        ORDER BY 3, 1
    LOOP
        IF changed >= max_rows OR seen >= max_partitions THEN
            is_finished := false;
            EXIT;
        END IF;
        IF e.kind = 'user' THEN
            changed_here := roster.erase_user_rows(e.subject, format('roster.%I', target.name)::regclass, max_rows - changed);
        ELSE
            changed_here := roster.erase_organization_rows(e.subject, format('roster.%I', target.name)::regclass, max_rows - changed);
        END IF;
        changed := changed + changed_here;
        IF changed_here > 0 THEN
            e.rows := e.rows || jsonb_build_object(target.counted_as,
                changed_here + coalesce((e.rows ->> target.counted_as)::bigint, 0));
        END IF;
        IF changed >= max_rows THEN
            is_finished := false; -- rows of this table may remain
            EXIT;
        END IF;
        IF target.is_partition THEN
            e.last_partition := target.name;
            seen := seen + 1;
        END IF;
    END LOOP;
    IF is_finished THEN
        DELETE FROM roster.engagement_leavers l WHERE e.kind = 'user' AND l.user_id = e.subject;
        DELETE FROM roster.engagement_leavers l WHERE e.kind = 'organization' AND l.organization_id = e.subject;
    END IF;
    UPDATE roster.erasures x SET rows = e.rows, last_partition = e.last_partition,
        finished_at = CASE WHEN is_finished THEN clock_timestamp() END
        WHERE x.id = e.id;
    RETURN NEXT;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.erase_part(uuid, bigint, integer) IS
    'Does a part of an erasure, of up to so many rows and partitions. Without an id, the erasure is any that no other program works on.';
REVOKE EXECUTE ON FUNCTION roster.erase_part(uuid, bigint, integer) FROM PUBLIC;

-- Events of leavers that are changed by hand leave the rollup wrong, as those of
-- members do.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_events_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM roster.rollup_rebuild(array_agg(DISTINCT o.organization_id)) FROM old_rows o
        WHERE EXISTS (SELECT FROM roster.engagement_members m WHERE m.organization_id = o.organization_id AND m.user_id = o.user_id)
            OR EXISTS (SELECT FROM roster.engagement_leavers l WHERE l.organization_id = o.organization_id AND l.user_id = o.user_id)
        HAVING count(*) > 0;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_events_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM roster.rollup_rebuild(array_agg(DISTINCT e.organization_id))
        FROM (SELECT o.organization_id, o.user_id FROM old_rows o UNION ALL SELECT n.organization_id, n.user_id FROM new_rows n) e
        WHERE EXISTS (SELECT FROM roster.engagement_members m WHERE m.organization_id = e.organization_id AND m.user_id = e.user_id)
            OR EXISTS (SELECT FROM roster.engagement_leavers l WHERE l.organization_id = e.organization_id AND l.user_id = e.user_id)
        HAVING count(*) > 0;
    RETURN NULL;
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
CREATE OR REPLACE FUNCTION roster.rollup_events_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM roster.rollup_rebuild(array_agg(DISTINCT e.organization_id))
        FROM (SELECT o.organization_id, o.user_id FROM old_rows o UNION ALL SELECT n.organization_id, n.user_id FROM new_rows n) e
        WHERE EXISTS (SELECT FROM roster.engagement_members m WHERE m.organization_id = e.organization_id AND m.user_id = e.user_id)
        HAVING count(*) > 0;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_events_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM roster.rollup_rebuild(array_agg(DISTINCT o.organization_id)) FROM old_rows o
        WHERE EXISTS (SELECT FROM roster.engagement_members m WHERE m.organization_id = o.organization_id AND m.user_id = o.user_id)
        HAVING count(*) > 0;
    RETURN NULL;
END $$;
-- +goose StatementEnd
DROP FUNCTION roster.erase_part(uuid, bigint, integer);
DROP FUNCTION roster.erase_organization_rows(uuid, regclass, bigint);
DROP FUNCTION roster.erase_user_rows(uuid, regclass, bigint);
DROP FUNCTION roster.rollup_subtract(uuid, uuid[], date[], bigint[]);
