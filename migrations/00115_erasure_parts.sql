-- +goose Up
-- An erasure (00114) is done in parts. A part is one transaction: it changes a
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

-- +goose StatementBegin
CREATE FUNCTION roster.erase_rows(
    kind text, erased uuid, target regclass, chosen text, first bigint, second bigint,
    OUT changed bigint, OUT organizations uuid[], OUT days date[], OUT counts bigint[]
)
LANGUAGE plpgsql AS $$
BEGIN
    chosen := format(chosen, target, kind || '_id');
    IF kind = 'organization' THEN
        EXECUTE format('DELETE FROM %s e WHERE %s', target, chosen) USING erased, first, second;
        GET DIAGNOSTICS changed = ROW_COUNT;
        RETURN;
    END IF;
    EXECUTE format('WITH changed AS (
            UPDATE %s e SET user_id = NULL WHERE %s
            RETURNING e.organization_id, (e.occurred_at AT TIME ZONE ''UTC'')::date AS day
        )
        SELECT coalesce(sum(c.events), 0), array_agg(c.organization_id), array_agg(c.day), array_agg(c.events)
        FROM (SELECT organization_id, day, count(*) AS events FROM changed GROUP BY organization_id, day) c', target, chosen)
        INTO changed, organizations, days, counts USING erased, first, second;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.erase_rows(text, uuid, regclass, text, bigint, bigint) IS
    'Removes an erased user from the chosen rows of a table, or the rows of a deleted organization; with the events by day.';

-- The subquery must read the index in its order and stop: a plan that reads all
-- rows of the user first, or the whole table, has no bound. Hence the planner
-- switches.
-- +goose StatementBegin
CREATE FUNCTION roster.erase_rows_by_index(
    kind text, erased uuid, target regclass, max_rows bigint,
    OUT changed bigint, OUT organizations uuid[], OUT days date[], OUT counts bigint[]
)
LANGUAGE sql SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    SELECT r.changed, r.organizations, r.days, r.counts FROM roster.erase_rows(kind, erased, target,
        'e.ctid = ANY (ARRAY(SELECT v.ctid FROM %1$s v WHERE v.%2$I = $1 LIMIT $2)) AND $3 = 0', max_rows, 0) r
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.erase_rows_by_index(text, uuid, regclass, bigint) IS 'Erases some rows that an index finds.';

-- +goose StatementBegin
CREATE FUNCTION roster.erase_rows_by_block(
    kind text, erased uuid, target regclass, first_block bigint, end_block bigint,
    OUT changed bigint, OUT organizations uuid[], OUT days date[], OUT counts bigint[]
)
LANGUAGE sql SET enable_seqscan = off SET enable_bitmapscan = off SET enable_indexscan = off AS $$
    SELECT r.changed, r.organizations, r.days, r.counts FROM roster.erase_rows(kind, erased, target,
        'e.%2$I = $1 AND e.ctid >= format(''(%%s,0)'', $2)::tid AND e.ctid < format(''(%%s,0)'', $3)::tid', first_block, end_block) r
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.erase_rows_by_block(text, uuid, regclass, bigint, bigint) IS 'Erases the rows in a range of blocks.';

-- An index finds the first rows of a partition. It also finds the rows of former
-- parts again, as long as an old transaction keeps vacuum from removing them. So
-- after a few parts in a partition the next ones read it block by block.
--
-- Without the id of an erasure, the part is one of any that is not locked. Their
-- order is random, so that one that fails delays no other.
-- +goose StatementBegin
CREATE FUNCTION roster.erase_part(erasure uuid, max_rows bigint, max_partitions bigint)
RETURNS TABLE (id uuid, changed bigint, is_finished boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    max_index_parts constant bigint := 4;
    blocks constant bigint := greatest(1, max_rows / 100); -- a block has up to 100 events
    e roster.erasures;
    target record;
    done record;
    tables text[] := '{}';
    seen bigint := 0;
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
    changed := 0;
    is_finished := true;
    IF e.finished_at IS NOT NULL THEN
        RETURN NEXT;
        RETURN;
    END IF;
    IF e.kind = 'organization' AND e.last_partition = '' THEN
        tables := ARRAY['engagement_members', 'engagement_days'];
    END IF;
    FOR target IN
        SELECT t.name, t.name AS counted_as, false AS is_partition FROM unnest(tables) t (name)
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
        IF target.is_partition AND target.name IS DISTINCT FROM e.current_partition THEN
            e.current_partition := target.name;
            e.index_parts := 0;
            e.next_block := NULL;
        END IF;
        IF target.is_partition AND e.next_block IS NOT NULL THEN
            SELECT * INTO done FROM roster.erase_rows_by_block(
                e.kind, e.subject, format('roster.%I', target.name)::regclass, e.next_block, e.next_block + blocks);
            e.next_block := e.next_block + blocks;
            is_finished := e.next_block * current_setting('block_size')::bigint
                >= pg_relation_size(format('roster.%I', target.name)::regclass);
        ELSE
            SELECT * INTO done FROM roster.erase_rows_by_index(
                e.kind, e.subject, format('roster.%I', target.name)::regclass, max_rows - changed);
            is_finished := done.changed < max_rows - changed;
            IF target.is_partition AND NOT is_finished THEN
                e.index_parts := e.index_parts + 1;
                e.next_block := CASE WHEN e.index_parts >= max_index_parts THEN 0 END;
            END IF;
        END IF;
        changed := changed + done.changed;
        IF done.changed > 0 THEN
            e.rows := e.rows || jsonb_build_object(target.counted_as, done.changed + coalesce((e.rows ->> target.counted_as)::bigint, 0));
        END IF;
        IF done.organizations IS NOT NULL THEN
            PERFORM roster.rollup_subtract(e.subject, done.organizations, done.days, done.counts);
        END IF;
        EXIT WHEN NOT is_finished; -- this table may have more
        IF target.is_partition THEN
            e.last_partition := target.name;
            seen := seen + 1;
        END IF;
    END LOOP;
    IF is_finished THEN
        DELETE FROM roster.engagement_leavers l WHERE e.subject = CASE e.kind WHEN 'user' THEN l.user_id ELSE l.organization_id END;
    END IF;
    UPDATE roster.erasures x SET rows = e.rows, last_partition = e.last_partition,
        current_partition = e.current_partition, index_parts = e.index_parts, next_block = e.next_block,
        finished_at = CASE WHEN is_finished THEN clock_timestamp() END
        WHERE x.id = e.id;
    RETURN NEXT;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.erase_part(uuid, bigint, bigint) IS
    'Does a part of an erasure, of up to so many rows and partitions. Without an id, the erasure is any that no other program works on.';
REVOKE EXECUTE ON FUNCTION roster.erase_part(uuid, bigint, bigint) FROM PUBLIC;

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

-- +goose Down
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
DROP FUNCTION roster.erase_part(uuid, bigint, bigint);
DROP FUNCTION roster.erase_rows_by_block(text, uuid, regclass, bigint, bigint);
DROP FUNCTION roster.erase_rows_by_index(text, uuid, regclass, bigint);
DROP FUNCTION roster.erase_rows(text, uuid, regclass, text, bigint, bigint);
DROP FUNCTION roster.rollup_subtract(uuid, uuid[], date[], bigint[]);
