-- +goose Up
-- Holds, receipts of erasures, and the deletion of organizations in parts.
--
-- A held user is not erased, by whatever program. The column may be null, so that the
-- last release runs on.
ALTER TABLE roster.users ADD COLUMN held_at timestamptz;
COMMENT ON COLUMN roster.users.held_at IS 'Since when the user must not be erased; null: no hold.';

-- +goose StatementBegin
CREATE FUNCTION roster.require_no_hold_before_delete() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the user % is held', OLD.id
        USING ERRCODE = 'check_violation', SCHEMA = 'roster', TABLE = 'users', CONSTRAINT = 'users_held';
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.require_no_hold_before_delete() IS 'Refuses to erase a held user.';
CREATE TRIGGER require_no_hold_before_delete BEFORE DELETE ON roster.users
    FOR EACH ROW WHEN (OLD.held_at IS NOT NULL) EXECUTE FUNCTION roster.require_no_hold_before_delete();

-- Retention looks for users who were deleted long ago.
-- Deleted users are few beside the others; the index is built in a moment.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX users_expiring ON roster.users (deleted_at, id) WHERE deleted_at IS NOT NULL AND held_at IS NULL;

ALTER TABLE roster.erasures ADD COLUMN origin jsonb, ADD COLUMN last_member uuid;
COMMENT ON COLUMN roster.erasures.origin IS 'Caller and request of the deletion, for the log''s entries of later parts.';
COMMENT ON COLUMN roster.erasures.last_member IS 'Of an organization: the last member whose membership was removed.';

-- +goose StatementBegin
CREATE FUNCTION roster.count_erased(erased_kind text, counted text, subjects uuid[]) RETURNS void
LANGUAGE sql AS $$
    UPDATE roster.erasures e SET rows = e.rows || jsonb_build_object(counted, r.size + coalesce((e.rows ->> counted)::bigint, 0))
        FROM (SELECT s.id, count(*) AS size FROM unnest(subjects) s (id) GROUP BY s.id) r
        WHERE e.kind = erased_kind AND e.subject = r.id AND e.finished_at IS NULL
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.count_erased(text, text, uuid[]) IS
    'Adds to the number of rows of a table that erasures removed: one for each time that a subject is listed.';

-- The memberships of an organization outlive its row: 200,000 of them took 7 seconds, in
-- which the transaction delayed all readers of changes. Their erasure removes them in
-- parts. So a trigger keeps the rule of the former foreign key.
-- squawk-ignore ban-drop-constraint
ALTER TABLE roster.memberships DROP CONSTRAINT memberships_organization_id_fkey;

-- +goose StatementBegin
CREATE FUNCTION roster.require_organization_after_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    organizations uuid[];
    found_rows bigint;
BEGIN
    SELECT array_agg(DISTINCT n.organization_id) INTO organizations FROM new_rows n;
    PERFORM FROM roster.organizations o WHERE o.id = ANY (organizations) ORDER BY o.id FOR KEY SHARE;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows < cardinality(organizations) THEN
        RAISE EXCEPTION 'a membership is of an organization that does not exist'
            USING ERRCODE = 'foreign_key_violation', SCHEMA = 'roster', TABLE = 'memberships',
                CONSTRAINT = 'memberships_organization_id_fkey';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.require_organization_after_insert() IS 'Requires the organizations of new memberships, as a foreign key does.';
CREATE TRIGGER require_organization_after_insert AFTER INSERT ON roster.memberships
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.require_organization_after_insert();

-- +goose StatementBegin
CREATE FUNCTION roster.require_organization_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM roster.organizations o WHERE o.id = NEW.organization_id FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a membership is of an organization that does not exist'
            USING ERRCODE = 'foreign_key_violation', SCHEMA = 'roster', TABLE = 'memberships',
                CONSTRAINT = 'memberships_organization_id_fkey';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.require_organization_after_update() IS 'Requires the new organization of a membership, as a foreign key does.';
CREATE TRIGGER require_organization_after_update AFTER UPDATE OF organization_id ON roster.memberships
    FOR EACH ROW WHEN (OLD.organization_id <> NEW.organization_id) EXECUTE FUNCTION roster.require_organization_after_update();

-- +goose StatementBegin
CREATE FUNCTION roster.count_api_keys_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM roster.count_erased('organization', 'api_keys', array_agg(o.organization_id)) FROM old_rows o;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.count_api_keys_after_delete() IS 'Counts the API keys that went with their organization.';
CREATE TRIGGER count_api_keys_after_delete AFTER DELETE ON roster.api_keys
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.count_api_keys_after_delete();

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.add_erasures_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    origins jsonb := roster.log_origins();
    unknown jsonb := jsonb_build_array('database:' || session_user);
BEGIN
    INSERT INTO roster.erasures (kind, subject, rows, origin)
        SELECT TG_ARGV[0], o.id, jsonb_build_object(TG_TABLE_NAME, 1), coalesce(origins -> o.id::text, origins -> '', unknown)
        FROM old_rows o;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.clear_idempotency_keys_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    erased uuid[];
BEGIN
    WITH cleared AS (
        UPDATE roster.idempotency_keys k SET result = NULL, about = NULL FROM old_rows o WHERE k.about = o.id RETURNING o.id
    )
    SELECT array_agg(c.id) INTO erased FROM cleared c;
    PERFORM roster.count_erased('user', 'idempotency_keys', erased);
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.index_tokens_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    erased uuid[];
BEGIN
    WITH removed AS (
        DELETE FROM roster.postings p USING old_rows o, roster.search_tokens(o.search) t (token)
        WHERE p.token = t.token AND p.created_at = o.created_at AND p.user_id = o.id
        RETURNING p.user_id
    )
    SELECT array_agg(r.user_id) INTO erased FROM removed r;
    PERFORM roster.count_erased('user', 'postings', erased);
    DELETE FROM roster.vocabulary v USING (SELECT DISTINCT t.token FROM old_rows o, roster.search_tokens(o.search) t (token)) t
        WHERE v.token = t.token AND NOT EXISTS (SELECT FROM roster.postings p WHERE p.token = v.token);
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- The parts of an erasure count the memberships of an organization.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_memberships_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    left_organizations uuid[];
    left_users uuid[];
    erased_organizations uuid[];
    erased_users uuid[];
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
        PERFORM roster.count_erased('user', 'memberships', erased_users);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- Nothing is rolled up of a deleted organization, of which memberships are left.
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
        FROM changed c JOIN roster.memberships m ON m.user_id = c.id
        JOIN roster.engagement_organizations e ON e.organization_id = m.organization_id;
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

-- Where one user has most events of a month, the planner thinks so of all users, and read
-- every event for each leaver. OFFSET 0 makes it look up those of the leaver.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_fold_leavers(max_leavers bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET jit = off AS $$
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
        FROM removed r CROSS JOIN LATERAL (SELECT e.occurred_at FROM roster.events e
            WHERE e.user_id = r.user_id AND (e.organization_id = r.organization_id) IS TRUE OFFSET 0) v
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

-- The memberships of an organization outlive it until its erasure is finished.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_check() RETURNS TABLE (organization_id uuid, fault text)
LANGUAGE sql STABLE AS $$
    WITH erased AS (
        SELECT e.subject AS organization_id FROM roster.erasures e WHERE e.kind = 'organization' AND e.finished_at IS NULL
    ), counted AS (
        SELECT m.organization_id, m.user_id FROM roster.memberships m JOIN roster.users u ON u.id = m.user_id
        WHERE u.deleted_at IS NULL AND m.organization_id NOT IN (SELECT x.organization_id FROM erased x)
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

-- The payload of an event may hold what somebody wrote about its user.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.erase_rows(
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
            UPDATE %s e SET user_id = NULL, payload = NULL WHERE %s
            RETURNING e.organization_id, (e.occurred_at AT TIME ZONE ''UTC'')::date AS day
        )
        SELECT coalesce(sum(c.events), 0), array_agg(c.organization_id), array_agg(c.day), array_agg(c.events)
        FROM (SELECT organization_id, day, count(*) AS events FROM changed GROUP BY organization_id, day) c', target, chosen)
        INTO changed, organizations, days, counts USING erased, first, second;
END $$;
-- +goose StatementEnd

-- Parts of organizations remove memberships first. The log's entries name the caller
-- that deleted the organization.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.erase_part(erasure uuid, max_rows bigint, max_partitions bigint)
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
    members uuid[];
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
    PERFORM set_config('roster.origins', jsonb_build_object('', e.origin)::text, true);
    IF e.kind = 'organization' AND e.last_partition = '' THEN
        -- From the last member on, since vacuum may not have removed the former ones.
        SELECT array_agg(c.user_id ORDER BY c.user_id) INTO members FROM (
            SELECT m.user_id FROM roster.memberships m
            WHERE m.organization_id = e.subject AND m.user_id >= coalesce(e.last_member, '00000000-0000-0000-0000-000000000000')
            ORDER BY m.user_id LIMIT max_rows) c;
        DELETE FROM roster.memberships m WHERE m.organization_id = e.subject AND m.user_id = ANY (members);
        GET DIAGNOSTICS changed = ROW_COUNT;
        IF changed > 0 THEN
            e.rows := e.rows || jsonb_build_object('memberships', changed + coalesce((e.rows ->> 'memberships')::bigint, 0));
        END IF;
        e.last_member := coalesce(members[cardinality(members)], e.last_member);
        IF cardinality(members) >= max_rows THEN
            UPDATE roster.erasures x SET rows = e.rows, last_member = e.last_member WHERE x.id = e.id;
            is_finished := false;
            RETURN NEXT;
            RETURN;
        END IF;
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
    UPDATE roster.erasures x SET rows = e.rows, last_member = e.last_member, last_partition = e.last_partition,
        current_partition = e.current_partition, index_parts = e.index_parts, next_block = e.next_block,
        finished_at = CASE WHEN is_finished THEN clock_timestamp() END
        WHERE x.id = e.id;
    RETURN NEXT;
END $$;
-- +goose StatementEnd

-- As before (00129), with the hold.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.log_users_after_update() RETURNS trigger
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
                CASE WHEN o.status IS DISTINCT FROM n.status THEN 'status' END,
                CASE WHEN (o.held_at IS NULL) <> (n.held_at IS NULL) THEN 'hold' END], NULL) AS fields) f
        CROSS JOIN LATERAL (SELECT coalesce(origins -> n.id::text, origins -> '') AS origin) g
        WHERE o.version <> n.version OR f.fields <> '{}' OR o.deleted_at IS DISTINCT FROM n.deleted_at;
    RETURN NULL;
END $$;
-- +goose StatementEnd


-- Searches a table for values, so that an erasure can be verified. Whatever the columns
-- are: new ones are searched, too.
-- +goose StatementBegin
CREATE FUNCTION roster.find_values(target regclass, wanted text[]) RETURNS TABLE (name text, place bigint, size bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    columns text;
    counts text;
BEGIN
    -- Numbers, times and booleans hold no value of a person.
    SELECT string_agg(format('%L', a.attname), ', ' ORDER BY a.attnum),
            string_agg('count(*) FILTER (WHERE ' || format(CASE WHEN a.atttypid = 'bytea'::regtype
                    THEN 'strpos(encode(t.%1$I, ''hex''), w.bytes) > 0 OR strpos(encode(t.%1$I, ''hex''), w.digits) > 0'
                    ELSE 'strpos(lower(t.%1$I::text), w.folded) > 0 OR strpos(lower(t.%1$I::text), w.quoted) > 0'
                END, a.attname) || ')', ', ' ORDER BY a.attnum)
        INTO columns, counts
        FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
        WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND y.typcategory NOT IN ('N', 'D', 'B', 'T');
    IF columns IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format('SELECT f.name, f.place, f.size FROM (
            SELECT w.place, ARRAY[%s] AS names, ARRAY[%s] AS sizes FROM %s t
            CROSS JOIN (SELECT v.place, lower(v.value) AS folded, lower(substr(q.quoted, 2, length(q.quoted) - 2)) AS quoted,
                encode(convert_to(v.value, ''UTF8''), ''hex'') AS bytes,
                CASE WHEN v.value ~ ''^[0-9A-Fa-f-]{36}$'' THEN lower(replace(v.value, ''-'', '''')) END AS digits
                FROM unnest($1) WITH ORDINALITY v (value, place), LATERAL (SELECT to_jsonb(v.value)::text AS quoted) q) w
            GROUP BY w.place) c, unnest(c.names, c.sizes) f0 (name, size) CROSS JOIN LATERAL (SELECT f0.name, c.place, f0.size) f
        WHERE f.size > 0 ORDER BY f.place, f.name', columns, counts, target) USING wanted;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.find_values(regclass, text[]) IS
    'Counts the rows of a table in which values occur, by column and place of the value; case is ignored.';

-- +goose Down
-- The memberships of an organization that is being deleted would break the foreign key.
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM roster.erasures WHERE finished_at IS NULL) THEN
        RAISE EXCEPTION 'erasures are not finished' USING HINT = 'Let roster serve run until roster.erasures has none without finished_at.';
    END IF;
END $$;
-- +goose StatementEnd
DROP TRIGGER require_no_hold_before_delete ON roster.users;
DROP FUNCTION roster.require_no_hold_before_delete();
DROP FUNCTION roster.find_values(regclass, text[]);
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.log_users_after_update() RETURNS trigger
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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.erase_part(erasure uuid, max_rows bigint, max_partitions bigint)
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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.erase_rows(
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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.rollup_fold_leavers(max_leavers bigint) RETURNS bigint
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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.index_tokens_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM roster.postings p USING old_rows o, roster.search_tokens(o.search) t (token)
        WHERE p.token = t.token AND p.created_at = o.created_at AND p.user_id = o.id;
    DELETE FROM roster.vocabulary v USING (SELECT DISTINCT t.token FROM old_rows o, roster.search_tokens(o.search) t (token)) t
        WHERE v.token = t.token AND NOT EXISTS (SELECT FROM roster.postings p WHERE p.token = v.token);
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.clear_idempotency_keys_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE roster.idempotency_keys k SET result = NULL, about = NULL FROM old_rows o WHERE k.about = o.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.add_erasures_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO roster.erasures (kind, subject, rows)
        SELECT TG_ARGV[0], o.id, jsonb_build_object(TG_TABLE_NAME, 1) FROM old_rows o;
    RETURN NULL;
END $$;
-- +goose StatementEnd
DROP TRIGGER count_api_keys_after_delete ON roster.api_keys;
DROP FUNCTION roster.count_api_keys_after_delete();
DROP TRIGGER require_organization_after_update ON roster.memberships;
DROP FUNCTION roster.require_organization_after_update();
DROP TRIGGER require_organization_after_insert ON roster.memberships;
DROP FUNCTION roster.require_organization_after_insert();
ALTER TABLE roster.memberships ADD CONSTRAINT memberships_organization_id_fkey
    FOREIGN KEY (organization_id) REFERENCES roster.organizations (id) ON DELETE CASCADE;
DROP FUNCTION roster.count_erased(text, text, uuid[]);
ALTER TABLE roster.erasures DROP COLUMN last_member, DROP COLUMN origin;
DROP INDEX roster.users_expiring;
ALTER TABLE roster.users DROP COLUMN held_at;
