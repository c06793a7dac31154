-- +goose Up
-- Folding is written out here, since unaccent is not immutable and may not be
-- installed. domain.Words folds what people look for in the same way.

-- Functions in SQL are not STRICT here, though null gives null: then they are
-- part of the statement that calls them, where else each call of one would be
-- parsed and planned anew.

-- Lower case beyond ASCII must not depend on the database's locale, where that
-- can be had.
-- +goose StatementBegin
DO $$
DECLARE
    rules text := '';
BEGIN
    IF EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu' AND collnamespace = 'pg_catalog'::regnamespace) THEN
        rules := ' COLLATE pg_catalog."und-x-icu"';
    END IF;
    EXECUTE format($f$
        CREATE FUNCTION roster.search_fold(words text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
            SELECT CASE WHEN octet_length(words) = char_length(words) THEN lower(words COLLATE "C")
            ELSE (normalize(replace(replace(replace(replace(translate(
                lower(regexp_replace(normalize(words, NFKD) COLLATE "C", '[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]', '', 'g')%s),
                'øłđðħıς', 'olddhiσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), NFC)) COLLATE "C"
            END
        $body$ $f$, rules);
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_fold(text) IS 'Takes case, accents and ligatures away.';

-- +goose StatementBegin
CREATE FUNCTION roster.search_pairs(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    scripts constant text := '[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u302f\u3031-\u303c\u3040-\u30ff\u3100-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]';
    run text;
    pairs text := '';
    parted text;
BEGIN
    IF words COLLATE "C" !~ scripts THEN
        RETURN words;
    END IF;
    parted := regexp_replace(words COLLATE "C", '(' || scripts || '+)', ' \1 ', 'g');
    FOREACH run IN ARRAY regexp_split_to_array(parted, ' +') LOOP
        IF run COLLATE "C" !~ scripts THEN
            pairs := pairs || ' ' || run;
        ELSE
            FOR i IN 1 .. char_length(run) LOOP
                pairs := pairs || ' ' || substr(run, i, 2);
            END LOOP;
        END IF;
    END LOOP;
    RETURN pairs;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_pairs(text) IS 'Makes words of two characters in scripts that put no spaces between words.';

-- +goose StatementBegin
CREATE FUNCTION roster.search_split(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(words) = char_length(words)
        THEN btrim(regexp_replace(words COLLATE "C", '[^0-9a-z]+', ' ', 'g'))
        ELSE btrim(regexp_replace(roster.search_pairs(regexp_replace(words COLLATE "C", '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u206f\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u303d\u30fb]+', ' ', 'g')), ' +', ' ', 'g'))
    END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_split(text) IS 'Parts what was folded into words, with one space between two.';

-- +goose StatementBegin
CREATE FUNCTION roster.search_joined(display_name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg(joined.word, ' ' ORDER BY joined.place)
    FROM (SELECT replace(roster.search_split(roster.search_fold(piece)), ' ', '') AS word, place
        FROM regexp_split_to_table(display_name, '\s+') WITH ORDINALITY AS pieces (piece, place)
        WHERE piece ~ '[^''‘’ʼ`´-][''‘’ʼ`´-]+[^''‘’ʼ`´-]') joined
    WHERE joined.word <> ''
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_joined(text) IS 'The words of a name that have apostrophes or hyphens, without them; null where none has.';

-- +goose StatementBegin
CREATE FUNCTION roster.search_text(username text, email text, display_name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    name constant text := lower(username COLLATE "C");
    mailbox constant text := lower(split_part(email, '@', 1) COLLATE "C");
    host constant text := split_part(email, '@', 2);
    folded text;
    words text := ' ' || roster.search_split(name) || ' | ' || roster.search_split(mailbox)
        || ' @' || lower(host COLLATE "C") || ' | ' || roster.search_split(host);
BEGIN
    IF display_name <> username THEN
        folded := roster.search_fold(display_name);
        words := words || ' | ' || roster.search_split(folded);
    END IF;
    IF display_name ~ '[''‘’ʼ`´-]' THEN
        words := words || coalesce(' | ' || roster.search_joined(display_name), '');
    END IF;
    RETURN words || ' ';
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_text(text, text, text) IS 'The words of a user, each between spaces, and "|" between what does not stand side by side.';

-- Nothing was released yet that reads the column that goes, and the table is
-- rewritten once either way.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX roster.users_search;
-- squawk-ignore ban-drop-column
ALTER TABLE roster.users DROP COLUMN search;
-- squawk-ignore adding-field-with-default
ALTER TABLE roster.users ADD COLUMN search text COLLATE "C" NOT NULL GENERATED ALWAYS AS (roster.search_text(username, email, display_name)) STORED;
COMMENT ON COLUMN roster.users.search IS 'The words by which a search finds the user, each between spaces.';

-- The words of all users in the order in which a search shows who has them. A
-- full-text index would have to be read whole for each common word.
CREATE TABLE roster.user_words (
    word text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT user_words_pkey PRIMARY KEY (word, created_at, user_id)
) WITH (parallel_workers = 0); -- starting one takes longer than most searches
COMMENT ON TABLE roster.user_words IS 'Which user has which word; kept by triggers of users.';
COMMENT ON COLUMN roster.user_words.word IS 'One word of users.search.';
COMMENT ON COLUMN roster.user_words.created_at IS 'As in users.';
COMMENT ON COLUMN roster.user_words.user_id IS 'The user, deleted or not.';

-- What a mistyped word could have been: words of letters alone, each under all
-- that is left of it when a letter or, of six letters on, two are left out of
-- its first seven.
CREATE TABLE roster.search_words (
    id bigint GENERATED ALWAYS AS IDENTITY,
    word text COLLATE "C" NOT NULL,
    -- squawk-ignore prefer-bigint-over-int
    near integer[] NOT NULL,
    CONSTRAINT search_words_pkey PRIMARY KEY (id)
);
-- Not unique: whoever adds a word would wait for another who adds it, too, and
-- who may be a long import.
CREATE INDEX search_words_word ON roster.search_words (word);
CREATE INDEX search_words_near ON roster.search_words USING gin (near) WITH (fastupdate = off);
COMMENT ON TABLE roster.search_words IS 'The distinct words that a mistyped one may stand for; kept by triggers of users.';
COMMENT ON COLUMN roster.search_words.id IS 'Of no meaning.';
COMMENT ON COLUMN roster.search_words.word IS 'The word; seldom there twice.';
COMMENT ON COLUMN roster.search_words.near IS 'Hashes of what is left of it without some letters.';

-- +goose StatementBegin
CREATE FUNCTION roster.search_near(word text) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    start constant text := left(word, 7);
    size constant integer := char_length(start);
    once text;
    near integer[] := ARRAY[hashtext(start)];
BEGIN
    FOR i IN 1 .. size LOOP
        once := left(start, i - 1) || substr(start, i + 1);
        near := near || hashtext(once);
        IF char_length(word) >= 6 THEN
            FOR j IN i .. size - 1 LOOP
                near := near || hashtext(left(once, j - 1) || substr(once, j + 1));
            END LOOP;
        END IF;
    END LOOP;
    RETURN ARRAY(SELECT DISTINCT n.hash FROM unnest(near) n (hash) ORDER BY n.hash);
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_near(text) IS 'Hashes of what is left of a word without some letters.';

-- Nobody waits for anybody here. A word that is forgotten while somebody relies
-- on its being there is learned again with its next user.
-- +goose StatementBegin
CREATE FUNCTION roster.search_learn(words text[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO roster.search_words (word, near)
        SELECT w.word, roster.search_near(w.word)
        FROM (SELECT DISTINCT u.word COLLATE "C" AS word FROM unnest(words) u (word)) w
        WHERE char_length(w.word) BETWEEN 3 AND 40 AND w.word !~ '[0-9@.]'
            AND NOT EXISTS (SELECT FROM roster.search_words k WHERE k.word = w.word)
        ORDER BY w.word;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_learn(text[]) IS 'Adds words to search_words.';

-- +goose StatementBegin
CREATE FUNCTION roster.search_split_text(search text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 8 AS $$
    SELECT DISTINCT w.word FROM unnest(string_to_array(search, ' ')) w (word) WHERE w.word <> '' AND w.word <> '|'
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_split_text(text) IS 'The distinct words of users.search.';

-- The triggers run with their owner's rights: whoever writes users keeps their
-- words, and nobody writes words alone.
-- +goose StatementBegin
CREATE FUNCTION roster.users_worded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    learned text[];
BEGIN
    WITH stored AS (
        INSERT INTO roster.user_words (word, created_at, user_id)
        SELECT w.word, a.created_at, a.id FROM added a, roster.search_split_text(a.search) w (word)
        ORDER BY w.word, a.created_at, a.id
        RETURNING word
    )
    SELECT array_agg(DISTINCT s.word) INTO learned FROM stored s WHERE s.word !~ '[0-9@]';
    IF learned IS NOT NULL THEN
        PERFORM roster.search_learn(learned);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.users_worded() IS 'Keeps the words of new users.';

CREATE TRIGGER users_worded AFTER INSERT ON roster.users
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION roster.users_worded();

-- Once a statement: what is the same before and after falls out first, then the
-- words that are. Joins are looked up by index, whatever the plan was made for.
-- +goose StatementBegin
CREATE FUNCTION roster.users_reworded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    lost text[];
    lost_at timestamptz[];
    losers uuid[];
    gained text[];
    gained_at timestamptz[];
    gainers uuid[];
    learned text[];
BEGIN
    WITH changed AS (
        SELECT r.id, r.created_at, r.search, bool_or(r.had) AS had
        FROM (SELECT b.id, b.created_at, b.search, true AS had FROM before b
            UNION ALL SELECT a.id, a.created_at, a.search, false FROM after a) r
        GROUP BY r.id, r.created_at, r.search HAVING count(*) = 1
    ), words AS (
        SELECT w.word, c.created_at, c.id, bool_or(c.had) AS had FROM changed c, roster.search_split_text(c.search) w (word)
        GROUP BY w.word, c.created_at, c.id HAVING count(*) = 1
    )
    SELECT array_agg(w.word) FILTER (WHERE w.had), array_agg(w.created_at) FILTER (WHERE w.had), array_agg(w.id) FILTER (WHERE w.had),
            array_agg(w.word) FILTER (WHERE NOT w.had), array_agg(w.created_at) FILTER (WHERE NOT w.had), array_agg(w.id) FILTER (WHERE NOT w.had),
            array_agg(DISTINCT w.word) FILTER (WHERE NOT w.had AND w.word !~ '[0-9@]')
        INTO lost, lost_at, losers, gained, gained_at, gainers, learned
        FROM words w;
    IF lost IS NOT NULL THEN
        DELETE FROM roster.user_words w USING unnest(lost, lost_at, losers) l (word, created_at, user_id)
            WHERE w.word = l.word AND w.created_at = l.created_at AND w.user_id = l.user_id;
    END IF;
    IF gained IS NOT NULL THEN
        INSERT INTO roster.user_words (word, created_at, user_id)
            SELECT g.word, g.created_at, g.user_id FROM unnest(gained, gained_at, gainers) g (word, created_at, user_id)
            ORDER BY g.word COLLATE "C", g.created_at, g.user_id;
    END IF;
    IF learned IS NOT NULL THEN
        PERFORM roster.search_learn(learned);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.users_reworded() IS 'Keeps the words of users whose names change.';

CREATE TRIGGER users_reworded AFTER UPDATE ON roster.users
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION roster.users_reworded();

-- Words that nobody has any more are somebody's name all the same.
-- +goose StatementBegin
CREATE FUNCTION roster.users_unworded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM roster.user_words w USING erased e, roster.search_split_text(e.search) o (word)
        WHERE w.word = o.word AND w.created_at = e.created_at AND w.user_id = e.id;
    DELETE FROM roster.search_words k USING (SELECT DISTINCT o.word FROM erased e, roster.search_split_text(e.search) o (word)) o
        WHERE k.word = o.word AND NOT EXISTS (SELECT FROM roster.user_words w WHERE w.word = k.word);
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.users_unworded() IS 'Forgets the words of users whose rows are removed.';

CREATE TRIGGER users_unworded AFTER DELETE ON roster.users
    REFERENCING OLD TABLE AS erased FOR EACH STATEMENT EXECUTE FUNCTION roster.users_unworded();

INSERT INTO roster.user_words (word, created_at, user_id)
    SELECT w.word, u.created_at, u.id FROM roster.users u, roster.search_split_text(u.search) w (word);
SELECT roster.search_learn(ARRAY(SELECT DISTINCT w.word FROM roster.user_words w WHERE w.word !~ '[0-9@]'));

-- +goose Down
DROP TRIGGER users_unworded ON roster.users;
DROP TRIGGER users_reworded ON roster.users;
DROP TRIGGER users_worded ON roster.users;
DROP FUNCTION roster.users_unworded();
DROP FUNCTION roster.users_reworded();
DROP FUNCTION roster.users_worded();
DROP FUNCTION roster.search_learn(text[]);
DROP FUNCTION roster.search_split_text(text);
DROP TABLE roster.search_words;
DROP FUNCTION roster.search_near(text);
DROP TABLE roster.user_words;
ALTER TABLE roster.users DROP COLUMN search;
DROP FUNCTION roster.search_text(text, text, text);
DROP FUNCTION roster.search_joined(text);
DROP FUNCTION roster.search_split(text);
DROP FUNCTION roster.search_pairs(text);
DROP FUNCTION roster.search_fold(text);
ALTER TABLE roster.users ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('pg_catalog.simple',
    translate(username, '._-', '   ') || ' ' || email || ' ' || translate(email, '@._+-', '     ') || ' ' || display_name)) STORED;
COMMENT ON COLUMN roster.users.search IS 'The words by which a search finds the user.';
CREATE INDEX users_search ON roster.users USING gin (search) WITH (fastupdate = off);
