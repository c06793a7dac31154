-- +goose Up
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
COMMENT ON TABLE roster.idempotency_keys IS 'Results of commands with a key: a repeated command gets the same result.';
COMMENT ON COLUMN roster.idempotency_keys.caller IS 'Sender of the command.';
COMMENT ON COLUMN roster.idempotency_keys.operation IS 'Name of the command.';
COMMENT ON COLUMN roster.idempotency_keys.key IS 'Key that the caller chose.';
COMMENT ON COLUMN roster.idempotency_keys.fingerprint IS 'Digest of the whole command.';
COMMENT ON COLUMN roster.idempotency_keys.result IS 'Result of the command; null after the user in it was erased.';
COMMENT ON COLUMN roster.idempotency_keys.about IS 'User in the result.';
COMMENT ON COLUMN roster.idempotency_keys.created_at IS 'Time of the command; the row is kept for a day.';

-- A trigger sees what was committed while the deletion waited for the user's
-- row, and runs for every writer. The key stays: a command that is repeated
-- must not make the user again.
-- +goose StatementBegin
CREATE FUNCTION roster.clear_idempotency_keys_after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE roster.idempotency_keys k SET result = NULL, about = NULL FROM old_rows o WHERE k.about = o.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.clear_idempotency_keys_after_delete() IS 'Removes results that hold users whose rows are deleted.';

CREATE TRIGGER clear_idempotency_keys_after_delete AFTER DELETE ON roster.users
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.clear_idempotency_keys_after_delete();

-- +goose Down
DROP TRIGGER clear_idempotency_keys_after_delete ON roster.users;
DROP FUNCTION roster.clear_idempotency_keys_after_delete();
DROP TABLE roster.idempotency_keys;
