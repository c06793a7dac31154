-- +goose Up
-- A search for a mistyped word reads all words that share a deletion hash with it,
-- and words that begin with the same seven letters share all of them. So that no
-- search reads very many, a word that begins as 500 others is not added.
-- +goose StatementBegin
CREATE FUNCTION roster.vocabulary_limit() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    prefix constant text COLLATE "C" := left(NEW.token, 7);
BEGIN
    IF (SELECT count(*) = 500 FROM (SELECT FROM roster.vocabulary v
            WHERE v.token >= prefix AND v.token < prefix || chr(1114111) ORDER BY v.token LIMIT 500) s) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.vocabulary_limit() IS 'Leaves out tokens whose first seven letters 500 others have.';

CREATE TRIGGER vocabulary_limit BEFORE INSERT ON roster.vocabulary
    FOR EACH ROW WHEN (char_length(NEW.token) >= 7) EXECUTE FUNCTION roster.vocabulary_limit();

-- +goose Down
DROP TRIGGER vocabulary_limit ON roster.vocabulary;
DROP FUNCTION roster.vocabulary_limit();
