-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION roster.json_merge_patch(target jsonb, patch jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    merged jsonb;
    name text;
    value jsonb;
BEGIN
    IF jsonb_typeof(patch) <> 'object' THEN
        RETURN patch;
    END IF;
    merged := CASE WHEN jsonb_typeof(target) = 'object' THEN target ELSE '{}' END;
    FOR name, value IN SELECT e.key, e.value FROM jsonb_each(patch) e LOOP
        IF value = 'null' THEN
            merged := merged - name;
        ELSIF jsonb_typeof(value) = 'object' THEN
            merged := jsonb_set(merged, ARRAY[name], roster.json_merge_patch(merged -> name, value));
        ELSE
            merged := jsonb_set(merged, ARRAY[name], value);
        END IF;
    END LOOP;
    RETURN merged;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.json_merge_patch(jsonb, jsonb) IS 'Applies a JSON merge patch (RFC 7396).';

CREATE TABLE roster.idempotency_keys (
    caller text NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    result jsonb,
    about uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (caller, operation, key)
);
CREATE INDEX idempotency_keys_created ON roster.idempotency_keys (created_at);
CREATE INDEX idempotency_keys_about ON roster.idempotency_keys (about) WHERE about IS NOT NULL;
COMMENT ON TABLE roster.idempotency_keys IS 'Commands that were carried out under a key, so that a repetition gets the same result.';
COMMENT ON COLUMN roster.idempotency_keys.caller IS 'Who sent the command.';
COMMENT ON COLUMN roster.idempotency_keys.operation IS 'What the command was.';
COMMENT ON COLUMN roster.idempotency_keys.key IS 'The key, of the caller''s choice.';
COMMENT ON COLUMN roster.idempotency_keys.fingerprint IS 'A digest of all that the command said.';
COMMENT ON COLUMN roster.idempotency_keys.result IS 'What the command gave; null where that told of a user who was erased since.';
COMMENT ON COLUMN roster.idempotency_keys.about IS 'The user of whom the result tells.';
COMMENT ON COLUMN roster.idempotency_keys.created_at IS 'When it was carried out; it is kept for a day.';

-- A trigger sees what was committed while the deletion waited for the row, and
-- runs whoever deletes. The key stays, so that a command which is repeated does
-- not make the user again.
-- +goose StatementBegin
CREATE FUNCTION roster.users_forgotten() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE roster.idempotency_keys k SET result = NULL, about = NULL FROM erased e WHERE k.about = e.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.users_forgotten() IS 'Removes what is kept under keys about users whose rows are removed.';

CREATE TRIGGER users_forgotten AFTER DELETE ON roster.users
    REFERENCING OLD TABLE AS erased FOR EACH STATEMENT EXECUTE FUNCTION roster.users_forgotten();

CREATE TABLE roster.secrets (
    name text NOT NULL,
    value bytea NOT NULL,
    CONSTRAINT secrets_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE roster.secrets IS 'Secrets that all replicas share, where none is set from outside.';
COMMENT ON COLUMN roster.secrets.name IS 'What the secret is for.';
COMMENT ON COLUMN roster.secrets.value IS 'Random bytes.';

-- +goose Down
DROP TABLE roster.secrets;
DROP TRIGGER users_forgotten ON roster.users;
DROP FUNCTION roster.users_forgotten();
DROP TABLE roster.idempotency_keys;
DROP FUNCTION roster.json_merge_patch(jsonb, jsonb);
