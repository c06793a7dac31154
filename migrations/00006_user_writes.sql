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
    result jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (caller, operation, key)
);
CREATE INDEX idempotency_keys_created ON roster.idempotency_keys (created_at);
COMMENT ON TABLE roster.idempotency_keys IS 'Commands that were carried out under a key, so that a repetition gets the same result.';
COMMENT ON COLUMN roster.idempotency_keys.caller IS 'Who sent the command.';
COMMENT ON COLUMN roster.idempotency_keys.operation IS 'What the command was.';
COMMENT ON COLUMN roster.idempotency_keys.key IS 'The key, of the caller''s choice.';
COMMENT ON COLUMN roster.idempotency_keys.fingerprint IS 'A digest of all that the command said.';
COMMENT ON COLUMN roster.idempotency_keys.result IS 'What the command gave.';
COMMENT ON COLUMN roster.idempotency_keys.created_at IS 'When it was carried out; it is kept for a day.';

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
DROP TABLE roster.idempotency_keys;
DROP FUNCTION roster.json_merge_patch(jsonb, jsonb);
