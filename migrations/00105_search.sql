-- +goose Up
-- Postings keep the users of each token in the order of search's pages. A
-- full-text index would be read whole for each common token.
CREATE TABLE roster.postings (
    token text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT postings_pkey PRIMARY KEY (token, created_at, user_id)
) WITH (parallel_workers = 0); -- to start a worker takes longer than most searches
COMMENT ON TABLE roster.postings IS 'Users of each token; triggers of users keep them.';
COMMENT ON COLUMN roster.postings.token IS 'A token of users.search.';
COMMENT ON COLUMN roster.postings.created_at IS 'As in users.';
COMMENT ON COLUMN roster.postings.user_id IS 'The user, deleted or not.';

-- The vocabulary holds tokens of letters alone, for terms with typing errors.
-- Two tokens that share a deletion hash may be each other with a typing error.
CREATE TABLE roster.vocabulary (
    id bigint GENERATED ALWAYS AS IDENTITY,
    token text COLLATE "C" NOT NULL,
    deletion_hashes integer[] NOT NULL,
    CONSTRAINT vocabulary_pkey PRIMARY KEY (id)
);
-- Not unique. Otherwise a writer who adds a token waits for another who adds it
-- too, such as a long import.
CREATE INDEX vocabulary_token ON roster.vocabulary (token);
-- Without fastupdate, no search reads a list of pending entries.
CREATE INDEX vocabulary_deletion_hashes ON roster.vocabulary USING gin (deletion_hashes) WITH (fastupdate = off);
COMMENT ON TABLE roster.vocabulary IS 'Distinct tokens that a term with typing errors may mean; triggers of users keep them.';
COMMENT ON COLUMN roster.vocabulary.id IS 'Identifies the row, and means nothing else.';
COMMENT ON COLUMN roster.vocabulary.token IS 'The token; rarely there twice.';
COMMENT ON COLUMN roster.vocabulary.deletion_hashes IS 'Hashes of the token without some of its letters.';

-- +goose StatementBegin
CREATE FUNCTION roster.deletion_hashes(token text) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    prefix constant text := left(token, 7);
    size constant integer := char_length(prefix);
    shorter text;
    hashes integer[] := ARRAY[hashtext(prefix)];
BEGIN
    FOR i IN 1 .. size LOOP
        shorter := left(prefix, i - 1) || substr(prefix, i + 1);
        hashes := hashes || hashtext(shorter);
        IF char_length(token) >= 6 THEN
            FOR j IN i .. size - 1 LOOP
                hashes := hashes || hashtext(left(shorter, j - 1) || substr(shorter, j + 1));
            END LOOP;
        END IF;
    END LOOP;
    RETURN ARRAY(SELECT DISTINCT h.hash FROM unnest(hashes) h (hash) ORDER BY h.hash);
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.deletion_hashes(text) IS
    'Hashes of a token''s first seven letters: of all, and of all less one letter, or two if the token has six or more.';

-- No writer waits for another here. A token may be found just before another
-- transaction removes it; the next new user with the token adds it again.
-- +goose StatementBegin
CREATE FUNCTION roster.vocabulary_add(tokens text[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO roster.vocabulary (token, deletion_hashes)
        SELECT t.token, roster.deletion_hashes(t.token)
        FROM (SELECT DISTINCT u.token COLLATE "C" AS token FROM unnest(tokens) u (token)) t
        WHERE char_length(t.token) BETWEEN 3 AND 40 AND t.token !~ '[0-9@.]'
            AND NOT EXISTS (SELECT FROM roster.vocabulary v WHERE v.token = t.token)
        ORDER BY t.token;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.vocabulary_add(text[]) IS 'Adds tokens to the vocabulary.';

-- The triggers run with their owner's rights. So a writer of users keeps their
-- tokens, and needs no right to write tokens alone.
-- +goose StatementBegin
CREATE FUNCTION roster.index_tokens_after_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    new_tokens text[];
BEGIN
    WITH stored AS (
        INSERT INTO roster.postings (token, created_at, user_id)
        SELECT t.token, n.created_at, n.id FROM new_rows n, roster.search_tokens(n.search) t (token)
        ORDER BY t.token, n.created_at, n.id
        RETURNING token
    )
    SELECT array_agg(DISTINCT s.token) INTO new_tokens FROM stored s WHERE s.token !~ '[0-9@]';
    IF new_tokens IS NOT NULL THEN
        PERFORM roster.vocabulary_add(new_tokens);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.index_tokens_after_insert() IS 'Adds the tokens of new users.';

CREATE TRIGGER index_tokens_after_insert AFTER INSERT ON roster.users
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.index_tokens_after_insert();

-- Users whose search text stays the same fall out first, then tokens that stay.
-- Planner switches: see embed.go.
-- +goose StatementBegin
CREATE FUNCTION roster.index_tokens_after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    old_tokens text[];
    old_times timestamptz[];
    old_users uuid[];
    new_tokens text[];
    new_times timestamptz[];
    new_users uuid[];
    new_words text[];
BEGIN
    WITH changed AS (
        SELECT r.id, r.created_at, r.search, bool_or(r.is_old) AS is_old
        FROM (SELECT o.id, o.created_at, o.search, true AS is_old FROM old_rows o
            UNION ALL SELECT n.id, n.created_at, n.search, false FROM new_rows n) r
        GROUP BY r.id, r.created_at, r.search HAVING count(*) = 1
    ), tokens AS (
        SELECT t.token, c.created_at, c.id, bool_or(c.is_old) AS is_old
        FROM changed c, roster.search_tokens(c.search) t (token)
        GROUP BY t.token, c.created_at, c.id HAVING count(*) = 1
    )
    SELECT array_agg(t.token) FILTER (WHERE t.is_old), array_agg(t.created_at) FILTER (WHERE t.is_old),
            array_agg(t.id) FILTER (WHERE t.is_old),
            array_agg(t.token) FILTER (WHERE NOT t.is_old), array_agg(t.created_at) FILTER (WHERE NOT t.is_old),
            array_agg(t.id) FILTER (WHERE NOT t.is_old),
            array_agg(DISTINCT t.token) FILTER (WHERE NOT t.is_old AND t.token !~ '[0-9@]')
        INTO old_tokens, old_times, old_users, new_tokens, new_times, new_users, new_words
        FROM tokens t;
    IF old_tokens IS NOT NULL THEN
        DELETE FROM roster.postings p USING unnest(old_tokens, old_times, old_users) o (token, created_at, user_id)
            WHERE p.token = o.token AND p.created_at = o.created_at AND p.user_id = o.user_id;
    END IF;
    IF new_tokens IS NOT NULL THEN
        INSERT INTO roster.postings (token, created_at, user_id)
            SELECT n.token, n.created_at, n.user_id FROM unnest(new_tokens, new_times, new_users) n (token, created_at, user_id)
            ORDER BY n.token COLLATE "C", n.created_at, n.user_id;
    END IF;
    IF new_words IS NOT NULL THEN
        PERFORM roster.vocabulary_add(new_words);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.index_tokens_after_update() IS 'Replaces the tokens of users whose names change.';

CREATE TRIGGER index_tokens_after_update AFTER UPDATE ON roster.users
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION roster.index_tokens_after_update();

-- A token without a user leaves the vocabulary: it may be the name of an erased
-- user.
-- +goose StatementBegin
CREATE FUNCTION roster.index_tokens_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM roster.postings p USING old_rows o, roster.search_tokens(o.search) t (token)
        WHERE p.token = t.token AND p.created_at = o.created_at AND p.user_id = o.id;
    DELETE FROM roster.vocabulary v USING (SELECT DISTINCT t.token FROM old_rows o, roster.search_tokens(o.search) t (token)) t
        WHERE v.token = t.token AND NOT EXISTS (SELECT FROM roster.postings p WHERE p.token = v.token);
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.index_tokens_after_delete() IS 'Removes the tokens of users whose rows are deleted.';

CREATE TRIGGER index_tokens_after_delete AFTER DELETE ON roster.users
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.index_tokens_after_delete();

-- +goose Down
DROP TRIGGER index_tokens_after_delete ON roster.users;
DROP TRIGGER index_tokens_after_update ON roster.users;
DROP TRIGGER index_tokens_after_insert ON roster.users;
DROP FUNCTION roster.index_tokens_after_delete();
DROP FUNCTION roster.index_tokens_after_update();
DROP FUNCTION roster.index_tokens_after_insert();
DROP FUNCTION roster.vocabulary_add(text[]);
DROP TABLE roster.vocabulary;
DROP FUNCTION roster.deletion_hashes(text);
DROP TABLE roster.postings;
