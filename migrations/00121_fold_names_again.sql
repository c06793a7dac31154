-- +goose NO TRANSACTION
-- +goose Up
-- The tokens of names that were stored before the functions of search changed. A
-- new version of Unicode in PostgreSQL is another reason to call it.
-- +goose StatementBegin
CREATE OR REPLACE PROCEDURE roster.fold_names_again()
LANGUAGE plpgsql AS $$
DECLARE
    part uuid[];
    latest uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
    LOOP
        -- Parts are short transactions: writers wait for no more than one.
        part := ARRAY(SELECT u.id FROM roster.users u WHERE u.id > latest ORDER BY u.id LIMIT 1000);
        EXIT WHEN part = '{}';
        UPDATE roster.users u SET display_name = u.display_name
            WHERE u.id = ANY (part) AND octet_length(u.display_name) > char_length(u.display_name)
                AND u.search <> roster.search_text(u.username, u.email, u.display_name);
        latest := part[cardinality(part)];
        COMMIT;
    END LOOP;
    DELETE FROM roster.vocabulary v
        WHERE octet_length(v.token) > char_length(v.token) AND NOT EXISTS (SELECT FROM roster.postings p WHERE p.token = v.token);
END $$;
-- +goose StatementEnd
COMMENT ON PROCEDURE roster.fold_names_again() IS
    'Computes the tokens of all names with other letters than ASCII again, a thousand users at a time.';

CALL roster.fold_names_again();

-- +goose Down
DROP PROCEDURE roster.fold_names_again();
