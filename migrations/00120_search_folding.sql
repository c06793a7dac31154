-- +goose Up
-- Letters that people write in two ways become one token, and so do the words of
-- scripts without spaces, whether a space stands between them or not. The next
-- migration folds the stored names again. See docs/search.md.

-- Writers that fold by the functions before have ended when the lock is taken.
LOCK TABLE roster.users IN SHARE ROW EXCLUSIVE MODE;

-- Each part is for the scripts that need it: a translation compares each letter
-- with all that it replaces.
-- +goose StatementBegin
CREATE FUNCTION roster.search_letters(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    -- From the zero of each script on.
    digits constant text :=
        E'\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9'
        '\u07c0\u07c1\u07c2\u07c3\u07c4\u07c5\u07c6\u07c7\u07c8\u07c9\u0966\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e\u096f'
        '\u09e6\u09e7\u09e8\u09e9\u09ea\u09eb\u09ec\u09ed\u09ee\u09ef\u0a66\u0a67\u0a68\u0a69\u0a6a\u0a6b\u0a6c\u0a6d\u0a6e\u0a6f'
        '\u0ae6\u0ae7\u0ae8\u0ae9\u0aea\u0aeb\u0aec\u0aed\u0aee\u0aef\u0b66\u0b67\u0b68\u0b69\u0b6a\u0b6b\u0b6c\u0b6d\u0b6e\u0b6f'
        '\u0be6\u0be7\u0be8\u0be9\u0bea\u0beb\u0bec\u0bed\u0bee\u0bef\u0c66\u0c67\u0c68\u0c69\u0c6a\u0c6b\u0c6c\u0c6d\u0c6e\u0c6f'
        '\u0ce6\u0ce7\u0ce8\u0ce9\u0cea\u0ceb\u0cec\u0ced\u0cee\u0cef\u0d66\u0d67\u0d68\u0d69\u0d6a\u0d6b\u0d6c\u0d6d\u0d6e\u0d6f'
        '\u0e50\u0e51\u0e52\u0e53\u0e54\u0e55\u0e56\u0e57\u0e58\u0e59\u0ed0\u0ed1\u0ed2\u0ed3\u0ed4\u0ed5\u0ed6\u0ed7\u0ed8\u0ed9'
        '\u0f20\u0f21\u0f22\u0f23\u0f24\u0f25\u0f26\u0f27\u0f28\u0f29\u1040\u1041\u1042\u1043\u1044\u1045\u1046\u1047\u1048\u1049'
        '\u17e0\u17e1\u17e2\u17e3\u17e4\u17e5\u17e6\u17e7\u17e8\u17e9\u1810\u1811\u1812\u1813\u1814\u1815\u1816\u1817\u1818\u1819';
BEGIN
    IF octet_length(words) = char_length(words) THEN
        RETURN words;
    END IF;
    IF words COLLATE "C" ~ '[\u00df-\u02af\u03c2\u0491\u1d7d\u2c60-\u2c7f]' THEN
        -- Latin letters with a stroke, a hook or no dot; final sigma; ge.
        words := translate(words, 'ⱥəƀɓȼƈđðɖɗɇɛƒǥɠħⱨıɨɉȷƙⱪłƚŋɲøɔƥᵽɍɽŧƭʈⱦʉʋɏƴƶȥⱬςґ',
            'aabbccddddeefgghhiijjkkllnnoopprrttttuvyyzzzσг');
        words := replace(replace(replace(replace(words, 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'þ', 'th');
    END IF;
    IF words COLLATE "C" ~ '[\u05d0-\u06ff]' THEN
        -- Final forms of Hebrew, and the digraphs of Yiddish.
        words := translate(words, E'\u05da\u05dd\u05df\u05e3\u05e5', E'\u05db\u05de\u05e0\u05e4\u05e6');
        words := replace(replace(words, E'\u05f0', E'\u05d5\u05d5'), E'\u05f1', E'\u05d5\u05d9');
        words := replace(words, E'\u05f2', E'\u05d9\u05d9');
        -- Alefs, hehs, yehs and kafs of Arabic script.
        words := translate(words, E'\u0671\u0672\u0673\u0629\u06be\u06c1\u06c3\u06d5\u0649\u06cc\u06d2\u06a9\u06aa',
            E'\u0627\u0627\u0627\u0647\u0647\u0647\u0647\u0647\u064a\u064a\u064a\u0643\u0643');
    END IF;
    IF words COLLATE "C" ~ '[\u0900-\u0d7f]' THEN
        -- Candrabindu, and nasals before a consonant of their class, as anusvara.
        words := regexp_replace(words COLLATE "C", '\u0901|\u0919\u094d(?=[\u0915-\u0918])|\u091e\u094d(?=[\u091a-\u091d])|'
            '\u0923\u094d(?=[\u091f-\u0922])|\u0928\u094d(?=[\u0924-\u0927])|\u092e\u094d(?=[\u092a-\u092d])', E'\u0902', 'g');
        -- Letters of Bengali and Malayalam that are also written with a virama.
        words := replace(replace(words, E'\u09ce', E'\u09a4\u09cd'), E'\u0d7a', E'\u0d23\u0d4d');
        words := replace(replace(words, E'\u0d7b', E'\u0d28\u0d4d'), E'\u0d7c', E'\u0d30\u0d4d');
        words := replace(replace(words, E'\u0d7d', E'\u0d32\u0d4d'), E'\u0d7e', E'\u0d33\u0d4d');
        words := replace(words, E'\u0d7f', E'\u0d15\u0d4d');
    END IF;
    IF words COLLATE "C" ~ '[\u3041-\u30fe]' THEN
        -- Small kana, then katakana.
        words := translate(words, 'ァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎゕゖ', 'あいうえおつやゆよわかけあいうえおつやゆよわかけ');
        words := translate(words, 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヰヱヲンヽ',
            'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをんゝ');
    END IF;
    IF words COLLATE "C" ~ '[\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f\u0ae6-\u0aef\u0b66-\u0b6f\u0be6-\u0bef'
        '\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9\u0f20-\u0f29\u1040-\u1049\u17e0-\u17e9\u1810-\u1819]' THEN
        words := translate(words, digits, repeat('0123456789', 18));
    END IF;
    RETURN words;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_letters(text) IS 'Replaces small letters that are written in two ways, and digits.';

-- +goose StatementBegin
DO $$
DECLARE
    rules text := '';
BEGIN
    IF EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu' AND collnamespace = 'pg_catalog'::regnamespace) THEN
        rules := ' COLLATE pg_catalog."und-x-icu"';
    END IF;
    EXECUTE format($f$
        CREATE OR REPLACE FUNCTION roster.search_fold(words text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
            SELECT CASE WHEN octet_length(words) = char_length(words) THEN lower(words COLLATE "C")
            ELSE (normalize(roster.search_letters(lower(regexp_replace(normalize(words, NFKD) COLLATE "C",
                '[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a\u061c\u0621'
                '\u0640\u064b-\u065f\u0670\u0674\u06d6-\u06dc\u06df-\u06e4\u06e7-\u06e8\u06ea-\u06ed\u08ca-\u08ff\u093c\u09bc'
                '\u0a3c\u0abc\u0b3c\u0cbc\u115f-\u1160\u17b4-\u17b5\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f'
                '\u202a-\u202e\u2060-\u206f\u20d0-\u20f0\u3164\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0\ufff0-\ufff8'
                '\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]', '', 'g')%s)), NFC)) COLLATE "C"
            END
        $body$ $f$, rules);
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_fold(text) IS
    'Removes case, accents, ligatures and invisible characters, and replaces letters that are written in two ways.';

-- +goose StatementBegin
CREATE FUNCTION roster.search_spaced(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(words COLLATE "C",
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u02b9-\u02bf\u02c8\u02ca-\u02cb\u055a-\u055f'
        '\u0589-\u058a\u05be\u05c0\u05c3\u05c6\u05f3-\u05f4\u060c-\u060d\u061b\u061d-\u061f\u066a-\u066d\u06d4'
        '\u0700-\u070d\u0964-\u0965\u0970\u0e5a-\u0e5b\u0f04-\u0f14\u104a-\u104f\u1360-\u1368\u1400\u1680\u17d4-\u17da'
        '\u1800-\u180a\u2000-\u206f\u2212\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u303d\u30a0\u30fb\ua78b-\ua78c]+', ' ', 'g')
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_spaced(text) IS 'Replaces punctuation by spaces.';

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.search_split(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(words) = char_length(words)
        THEN btrim(regexp_replace(words COLLATE "C", '[^0-9a-z]+', ' ', 'g'))
        ELSE btrim(regexp_replace(roster.search_bigrams(roster.search_spaced(words)), ' +', ' ', 'g'))
    END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION roster.search_unspaced(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    scripts constant text := '[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u302f'
        '\u3031-\u303c\u3040-\u30ff\u3100-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff'
        '\uf900-\ufaff\U00020000-\U0003ffff]+';
    spaced constant text := roster.search_spaced(words);
    parted text[];
    tokens text;
BEGIN
    FOR parted IN SELECT regexp_matches(spaced COLLATE "C", scripts || '(?: +' || scripts || ')+', 'g') LOOP
        tokens := concat_ws(' | ', tokens, roster.search_split(replace(parted[1], ' ', '')));
    END LOOP;
    RETURN tokens;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_unspaced(text) IS
    'The tokens of words in scripts without spaces, written without the spaces between them; null if there are none.';

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.search_joined(display_name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    part text;
    token text;
    tokens text;
BEGIN
    FOREACH part IN ARRAY regexp_split_to_array(display_name COLLATE "C",
        '[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+')
    LOOP
        CONTINUE WHEN part COLLATE "C" !~ '[^'']''+[^'']';
        token := roster.search_fold(part);
        token := replace(roster.search_split(token), ' ', '');
        IF token <> '' AND roster.search_bigrams(token) = token THEN
            tokens := concat_ws(' ', tokens, token);
        END IF;
    END LOOP;
    RETURN tokens;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_joined(text) IS
    'The words with apostrophes, written without them; null if there are none, or in scripts without spaces.';

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.search_text(username text, email text, display_name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    name constant text := lower(username COLLATE "C");
    mailbox constant text := lower(split_part(email, '@', 1) COLLATE "C");
    host constant text := split_part(email, '@', 2);
    -- What looks like an apostrophe, and the hyphens and dashes of all scripts.
    joints constant text := E'-`\u00b4\u00b7\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u055a\u05f3\u2018\u2019'
        '\u201b\u2032\u2035\ua78b\ua78c\uff07\uff40\u058a\u05be\u05f4\u1806\u2010\u2011\u2012\u2013\u2014'
        '\u2015\u2212\u2e17\ufe58\ufe63\uff0d';
    is_ascii constant boolean := octet_length(display_name) = char_length(display_name);
    apostrophized text := translate(display_name, '-`', '''''');
    folded text;
    tokens text := ' ' || roster.search_split(name) || ' | ' || roster.search_split(mailbox)
        || ' @' || lower(host COLLATE "C") || ' | ' || roster.search_split(host);
BEGIN
    IF display_name <> username THEN
        -- A variable, since search_split is not inlined if its argument is costly.
        folded := roster.search_fold(display_name);
        tokens := tokens || ' | ' || roster.search_split(folded);
    END IF;
    IF NOT is_ascii THEN
        apostrophized := translate(display_name, joints, repeat('''', 40));
    END IF;
    IF strpos(apostrophized, '''') > 0 THEN
        tokens := tokens || coalesce(' | ' || roster.search_joined(apostrophized), '');
    END IF;
    IF NOT is_ascii THEN
        -- Zero-width space and non-joiner may part a word, or not.
        IF display_name COLLATE "C" ~ '[\u200b\u200c]' THEN
            tokens := tokens || ' | ' || roster.search_split(roster.search_fold(translate(display_name, E'\u200b\u200c', '  ')));
        END IF;
        IF octet_length(folded) > char_length(folded) THEN
            tokens := tokens || coalesce(' | ' || roster.search_unspaced(folded), '');
        END IF;
    END IF;
    RETURN tokens || ' ';
END $$;
-- +goose StatementEnd

-- +goose Down
LOCK TABLE roster.users IN SHARE ROW EXCLUSIVE MODE;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.search_text(username text, email text, display_name text) RETURNS text
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

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.search_joined(display_name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg(joined.token, ' ' ORDER BY joined.position)
    FROM (SELECT replace(roster.search_split(roster.search_fold(part)), ' ', '') AS token, position
        FROM regexp_split_to_table(display_name, '\s+') WITH ORDINALITY AS parts (part, position)
        WHERE part ~ '[^''‘’ʼ`´-][''‘’ʼ`´-]+[^''‘’ʼ`´-]') joined
    WHERE joined.token <> ''
$$;
-- +goose StatementEnd

COMMENT ON FUNCTION roster.search_joined(text) IS 'The words with apostrophes or hyphens, written without them; null if there are none.';

DROP FUNCTION roster.search_unspaced(text);

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.search_split(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(words) = char_length(words)
        THEN btrim(regexp_replace(words COLLATE "C", '[^0-9a-z]+', ' ', 'g'))
        ELSE btrim(regexp_replace(roster.search_bigrams(regexp_replace(words COLLATE "C",
            '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u206f\u2e00-\u2e7f'
            '\u3000-\u3004\u3008-\u3020\u3030\u303d\u30fb]+', ' ', 'g')), ' +', ' ', 'g'))
    END
$$;
-- +goose StatementEnd

DROP FUNCTION roster.search_spaced(text);

-- +goose StatementBegin
DO $$
DECLARE
    rules text := '';
BEGIN
    IF EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu' AND collnamespace = 'pg_catalog'::regnamespace) THEN
        rules := ' COLLATE pg_catalog."und-x-icu"';
    END IF;
    EXECUTE format($f$
        CREATE OR REPLACE FUNCTION roster.search_fold(words text) RETURNS text
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
DROP FUNCTION roster.search_letters(text);

UPDATE roster.users SET display_name = display_name
    WHERE octet_length(display_name) > char_length(display_name) AND search <> roster.search_text(username, email, display_name);
