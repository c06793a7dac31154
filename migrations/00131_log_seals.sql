-- +goose Up
-- Seals show that nobody has changed the log since. Each is a hash of entries and of
-- the seal before it, so that it holds all earlier ones.
--
-- A chain in the rows of the log would make writers wait for each other. So entries
-- are sealed later, in the order of their numbers: roster.log_settling remembers the
-- newest number at a moment, and the transaction of that moment. When all
-- transactions up to that one have ended, every entry up to the number is there, or
-- never will be. That order has no transaction numbers, which a restore may change.
-- A seal covers one month, so that months can be dropped.
CREATE TABLE roster.log_seals (
    number bigint NOT NULL,
    month date NOT NULL,
    after bigint NOT NULL,
    through bigint NOT NULL,
    entries bigint NOT NULL,
    content bytea NOT NULL,
    leaves bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT log_seals_pkey PRIMARY KEY (number)
);
COMMENT ON TABLE roster.log_seals IS 'Hashes of entries of the log; each holds the one before.';
COMMENT ON COLUMN roster.log_seals.number IS 'Place in the chain, from 1 on.';
COMMENT ON COLUMN roster.log_seals.month IS 'First day of the month (UTC) whose entries are sealed.';
COMMENT ON COLUMN roster.log_seals.after IS 'Number after which the sealed entries begin.';
COMMENT ON COLUMN roster.log_seals.through IS 'Greatest number that an entry of the seal may have.';
COMMENT ON COLUMN roster.log_seals.entries IS 'Count of the sealed entries.';
COMMENT ON COLUMN roster.log_seals.content IS 'SHA-256 of the hashes of the entries.';
COMMENT ON COLUMN roster.log_seals.leaves IS 'For each entry its number and eight bytes of its hash, to tell which one differs.';
COMMENT ON COLUMN roster.log_seals.sealed_at IS 'Time of the seal.';
COMMENT ON COLUMN roster.log_seals.hash IS 'SHA-256 of the hash of the seal before and of the columns of this one but leaves.';

CREATE TABLE roster.log_settling (
    one boolean NOT NULL DEFAULT true,
    number bigint NOT NULL,
    xid xid8 NOT NULL,
    CONSTRAINT log_settling_pkey PRIMARY KEY (one),
    CONSTRAINT log_settling_one_check CHECK (one)
);
COMMENT ON TABLE roster.log_settling IS 'Up to where the log is sealed next: a single row.';
COMMENT ON COLUMN roster.log_settling.one IS 'Always true.';
COMMENT ON COLUMN roster.log_settling.number IS 'Newest number of an entry at a moment.';
COMMENT ON COLUMN roster.log_settling.xid IS 'Newest transaction at that moment.';

-- The log is new. An index of all its partitions can't be made concurrently.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX log_number ON roster.log (number);

-- The length before each text makes the encoding of several texts unambiguous.
-- +goose StatementBegin
CREATE FUNCTION roster.log_seal_text(value text) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN value IS NULL THEN '\xffffffff'::bytea
        ELSE int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8') END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_seal_text(text) IS 'A text with its length, for hashes.';

-- +goose StatementBegin
CREATE FUNCTION roster.log_entry_hash(entry roster.log) RETURNS bytea
LANGUAGE sql STABLE AS $$
    SELECT sha256(roster.log_seal_text(entry.number::text) || roster.log_seal_text(entry.id::text)
        || roster.log_seal_text(((extract(epoch FROM entry.at) * 1000000)::bigint)::text)
        || roster.log_seal_text(entry.kind) || roster.log_seal_text(entry.subject)
        || roster.log_seal_text(entry.organization_id::text) || roster.log_seal_text(entry.version::text)
        || roster.log_seal_text(array_to_json(entry.fields)::text)
        || roster.log_seal_text(entry.actor) || roster.log_seal_text(entry.request))
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.log_entry_hash(roster.log) IS 'Hash of all columns of an entry but its transaction.';

-- +goose StatementBegin
CREATE FUNCTION roster.seal_log(most bigint) RETURNS TABLE (number bigint, entries bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off SET enable_mergejoin = off SET enable_hashjoin = off SET jit = off AS $$
DECLARE
    last roster.log_seals;
    target roster.log_settling;
    until bigint;
    part record;
    sealed timestamptz := date_trunc('microseconds', clock_timestamp());
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('roster.log_seals')) THEN
        RETURN; -- another replica seals
    END IF;
    SELECT s.* INTO last FROM roster.log_seals s ORDER BY s.number DESC LIMIT 1;
    last.number := coalesce(last.number, 0);
    last.through := coalesce(last.through, 0);
    last.hash := coalesce(last.hash, ''::bytea);
    SELECT t.* INTO target FROM roster.log_settling t;
    IF target.number > last.through AND target.xid < pg_snapshot_xmin(pg_current_snapshot()) THEN
        SELECT l.number INTO until FROM roster.log l WHERE l.number > last.through AND l.number <= target.number
            ORDER BY l.number OFFSET most - 1 LIMIT 1;
        until := coalesce(until, target.number);
        FOR part IN
            SELECT m.month, count(*) AS entries,
                sha256(string_agg(m.entry_hash, ''::bytea ORDER BY m.number)) AS content,
                string_agg(int8send(m.number) || substr(m.entry_hash, 1, 8), ''::bytea ORDER BY m.number) AS leaves
            FROM (SELECT l.number, date_trunc('month', l.at AT TIME ZONE 'UTC')::date AS month, roster.log_entry_hash(l) AS entry_hash
                FROM roster.log l WHERE l.number > last.through AND l.number <= until) m
            GROUP BY m.month ORDER BY m.month
        LOOP
            last.number := last.number + 1;
            last.hash := sha256(roster.log_seal_text(encode(last.hash, 'hex')) || roster.log_seal_text(last.number::text)
                || roster.log_seal_text(to_char(part.month, 'YYYY-MM-DD')) || roster.log_seal_text(last.through::text)
                || roster.log_seal_text(until::text) || roster.log_seal_text(part.entries::text)
                || roster.log_seal_text(((extract(epoch FROM sealed) * 1000000)::bigint)::text)
                || roster.log_seal_text(encode(part.content, 'hex')));
            INSERT INTO roster.log_seals (number, month, after, through, entries, content, leaves, sealed_at, hash)
                VALUES (last.number, part.month, last.through, until, part.entries, part.content, part.leaves, sealed, last.hash);
            number := last.number;
            entries := part.entries;
            hash := last.hash;
            RETURN NEXT;
        END LOOP;
        IF FOUND THEN
            RETURN; -- a target needs a transaction that begins after its number is read
        END IF;
    END IF;
    -- A target that waits is replaced only if its transaction is of another server,
    -- or if nothing is left to seal up to it.
    IF target.number IS NULL OR until = target.number OR target.number <= last.through
        OR target.xid >= pg_snapshot_xmax(pg_current_snapshot()) THEN
        SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END INTO until FROM roster.log_numbers s;
        IF until > last.through AND until IS DISTINCT FROM target.number THEN
            INSERT INTO roster.log_settling (number, xid) VALUES (until, pg_current_xact_id())
                ON CONFLICT (one) DO UPDATE SET number = excluded.number, xid = excluded.xid;
        END IF;
    END IF;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.seal_log(bigint) IS 'Seals the entries that are settled, up to this many.';
REVOKE EXECUTE ON FUNCTION roster.seal_log(bigint) FROM PUBLIC;

-- +goose Down
DROP FUNCTION roster.seal_log(bigint);
DROP FUNCTION roster.log_entry_hash(roster.log);
DROP FUNCTION roster.log_seal_text(text);
DROP INDEX roster.log_number;
DROP TABLE roster.log_settling;
DROP TABLE roster.log_seals;
