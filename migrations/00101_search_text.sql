-- +goose Up
-- Functions that turn the names of a user into tokens. Search terms become
-- tokens in Go (domain.Words); tests compare the two.
--
-- unaccent is not used: it is not immutable, and may not be installed.
-- Functions in SQL are not STRICT, though null gives null: the planner inlines
-- them only then, and a function that is not inlined is planned at each call.
CREATE SCHEMA IF NOT EXISTS roster;

-- Lower case beyond ASCII must not depend on the database's locale. So the
-- function uses ICU's root collation if the server has one.
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
COMMENT ON FUNCTION roster.search_fold(text) IS 'Removes case, accents and ligatures.';

-- +goose StatementBegin
CREATE FUNCTION roster.search_bigrams(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    scripts constant text := '[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u302f'
        '\u3031-\u303c\u3040-\u30ff\u3100-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]';
    run text;
    bigrams text := '';
    parted text;
BEGIN
    IF words COLLATE "C" !~ scripts THEN
        RETURN words;
    END IF;
    parted := regexp_replace(words COLLATE "C", '(' || scripts || '+)', ' \1 ', 'g');
    FOREACH run IN ARRAY regexp_split_to_array(parted, ' +') LOOP
        IF run COLLATE "C" !~ scripts THEN
            bigrams := bigrams || ' ' || run;
        ELSE
            FOR i IN 1 .. char_length(run) LOOP
                bigrams := bigrams || ' ' || substr(run, i, 2);
            END LOOP;
        END IF;
    END LOOP;
    RETURN bigrams;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_bigrams(text) IS 'Splits text of scripts without spaces between words into tokens of two characters.';

-- +goose StatementBegin
CREATE FUNCTION roster.search_split(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(words) = char_length(words)
        THEN btrim(regexp_replace(words COLLATE "C", '[^0-9a-z]+', ' ', 'g'))
        ELSE btrim(regexp_replace(roster.search_bigrams(regexp_replace(words COLLATE "C",
            '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u206f\u2e00-\u2e7f'
            '\u3000-\u3004\u3008-\u3020\u3030\u303d\u30fb]+', ' ', 'g')), ' +', ' ', 'g'))
    END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_split(text) IS 'Splits folded text into tokens, with one space between two.';

-- +goose StatementBegin
CREATE FUNCTION roster.search_joined(display_name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg(joined.token, ' ' ORDER BY joined.position)
    FROM (SELECT replace(roster.search_split(roster.search_fold(part)), ' ', '') AS token, position
        FROM regexp_split_to_table(display_name, '\s+') WITH ORDINALITY AS parts (part, position)
        WHERE part ~ '[^''‘’ʼ`´-][''‘’ʼ`´-]+[^''‘’ʼ`´-]') joined
    WHERE joined.token <> ''
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_joined(text) IS 'The words with apostrophes or hyphens, written without them; null if there are none.';

-- +goose StatementBegin
CREATE FUNCTION roster.search_text(username text, email text, display_name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    name constant text := lower(username COLLATE "C");
    mailbox constant text := lower(split_part(email, '@', 1) COLLATE "C");
    host constant text := split_part(email, '@', 2);
    folded text;
    tokens text := ' ' || roster.search_split(name) || ' | ' || roster.search_split(mailbox)
        || ' @' || lower(host COLLATE "C") || ' | ' || roster.search_split(host);
BEGIN
    IF display_name <> username THEN
        -- A variable, since search_split is not inlined if its argument is costly.
        folded := roster.search_fold(display_name);
        tokens := tokens || ' | ' || roster.search_split(folded);
    END IF;
    IF display_name ~ '[''‘’ʼ`´-]' THEN
        tokens := tokens || coalesce(' | ' || roster.search_joined(display_name), '');
    END IF;
    RETURN tokens || ' ';
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_text(text, text, text) IS
    'The tokens of a user, each between spaces, with "|" between tokens that are not side by side.';

-- +goose StatementBegin
CREATE FUNCTION roster.search_tokens(search text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 8 AS $$
    SELECT DISTINCT t.token FROM unnest(string_to_array(search, ' ')) t (token) WHERE t.token <> '' AND t.token <> '|'
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_tokens(text) IS 'The distinct tokens of users.search.';

-- +goose Down
DROP FUNCTION roster.search_tokens(text);
DROP FUNCTION roster.search_text(text, text, text);
DROP FUNCTION roster.search_joined(text);
DROP FUNCTION roster.search_split(text);
DROP FUNCTION roster.search_bigrams(text);
DROP FUNCTION roster.search_fold(text);
