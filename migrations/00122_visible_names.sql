-- +goose NO TRANSACTION
-- +goose Up
-- Text that people read has a visible character. The class is that of
-- domain.isVisible: white space, Unicode's Default_Ignorable_Code_Point and
-- characters with an empty glyph. Each constraint keeps its name and old rules.
-- squawk-ignore-file ban-drop-constraint -- the same statement adds a stricter one
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.is_visible(words text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT words COLLATE "C" ~
        '[^\u0009-\u000d\u0020\u0085\u00a0\u00ad\u034f\u061c\u115f-\u1160\u1680\u17b4-\u17b5\u180b-\u180f\u2000-\u200f'
        '\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U00013441-\U00013442'
        '\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]'
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.is_visible(text) IS 'Whether a text has a visible character.';

ALTER TABLE roster.plans DROP CONSTRAINT IF EXISTS plans_name_check, ADD CONSTRAINT plans_name_check
    CHECK (char_length(name) BETWEEN 1 AND 100 AND name !~ '[\u0001-\u001f\u007f-\u009f]' AND roster.is_visible(name)) NOT VALID;
ALTER TABLE roster.organizations DROP CONSTRAINT IF EXISTS organizations_name_check, ADD CONSTRAINT organizations_name_check
    CHECK (char_length(name) BETWEEN 1 AND 200 AND name !~ '[\u0001-\u001f\u007f-\u009f]' AND roster.is_visible(name)) NOT VALID;
ALTER TABLE roster.users DROP CONSTRAINT IF EXISTS users_external_id_check, ADD CONSTRAINT users_external_id_check
    CHECK (char_length(external_id) BETWEEN 1 AND 255 AND external_id !~ '[\u0001-\u001f\u007f-\u009f]'
        AND roster.is_visible(external_id)) NOT VALID;
ALTER TABLE roster.users DROP CONSTRAINT IF EXISTS users_display_name_check, ADD CONSTRAINT users_display_name_check
    CHECK (char_length(display_name) BETWEEN 1 AND 200 AND display_name !~ '[\u0001-\u001f\u007f-\u009f]'
        AND roster.is_visible(display_name)) NOT VALID;

-- Invisible names of before become what names the row otherwise.
UPDATE roster.plans SET name = code WHERE NOT roster.is_visible(name);
UPDATE roster.organizations SET name = slug, version = version + 1 WHERE NOT roster.is_visible(name);
UPDATE roster.users SET display_name = CASE WHEN roster.is_visible(display_name) THEN display_name ELSE username END,
        external_id = CASE WHEN roster.is_visible(external_id) THEN external_id END, version = version + 1, updated_at = now()
    WHERE NOT roster.is_visible(display_name) OR NOT roster.is_visible(external_id);

ALTER TABLE roster.plans VALIDATE CONSTRAINT plans_name_check;
ALTER TABLE roster.organizations VALIDATE CONSTRAINT organizations_name_check;
ALTER TABLE roster.users VALIDATE CONSTRAINT users_external_id_check;
ALTER TABLE roster.users VALIDATE CONSTRAINT users_display_name_check;

-- +goose Down
ALTER TABLE roster.users DROP CONSTRAINT users_display_name_check, ADD CONSTRAINT users_display_name_check
    CHECK (char_length(display_name) BETWEEN 1 AND 200 AND display_name !~ '[\u0001-\u001f\u007f-\u009f]');
ALTER TABLE roster.users DROP CONSTRAINT users_external_id_check, ADD CONSTRAINT users_external_id_check
    CHECK (char_length(external_id) BETWEEN 1 AND 255 AND external_id !~ '[\u0001-\u001f\u007f-\u009f]');
ALTER TABLE roster.organizations DROP CONSTRAINT organizations_name_check, ADD CONSTRAINT organizations_name_check
    CHECK (char_length(name) BETWEEN 1 AND 200 AND name !~ '[\u0001-\u001f\u007f-\u009f]');
ALTER TABLE roster.plans DROP CONSTRAINT plans_name_check, ADD CONSTRAINT plans_name_check
    CHECK (char_length(name) BETWEEN 1 AND 100 AND name !~ '[\u0001-\u001f\u007f-\u009f]');
DROP FUNCTION roster.is_visible(text);
