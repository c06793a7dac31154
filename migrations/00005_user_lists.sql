-- +goose Up
-- The place of a row in the order of changes is the transaction that wrote it
-- last. A reader stops before the oldest transaction that is still under way,
-- and so passes over none that commits late.
ALTER TABLE roster.users
    ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
    ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN roster.users.changed IS 'The transaction that wrote the row last; the order of changes.';
COMMENT ON COLUMN roster.users.changed_at IS 'When that transaction began.';

-- +goose StatementBegin
CREATE FUNCTION roster.users_touched() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := pg_current_xact_id();
    NEW.changed_at := now();
    RETURN NEW;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.users_touched() IS 'Notes which transaction wrote a user last.';

CREATE TRIGGER users_touched BEFORE UPDATE ON roster.users
    FOR EACH ROW EXECUTE FUNCTION roster.users_touched();

CREATE TABLE roster.user_tombstones (
    id uuid NOT NULL,
    erased_at timestamptz NOT NULL DEFAULT now(),
    changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT user_tombstones_pkey PRIMARY KEY (id)
);
CREATE INDEX user_tombstones_changed ON roster.user_tombstones (changed, id);
COMMENT ON TABLE roster.user_tombstones IS 'Users who were erased, for those who follow the changes.';
COMMENT ON COLUMN roster.user_tombstones.id IS 'The id that the user had.';
COMMENT ON COLUMN roster.user_tombstones.erased_at IS 'When the transaction began that erased the user.';
COMMENT ON COLUMN roster.user_tombstones.changed IS 'That transaction; the order of changes.';

-- +goose StatementBegin
CREATE FUNCTION roster.users_erased() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO roster.user_tombstones (id) SELECT e.id FROM erased e
        ON CONFLICT (id) DO UPDATE SET erased_at = excluded.erased_at, changed = excluded.changed;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.users_erased() IS 'Leaves a tombstone for each user whose row is removed.';

CREATE TRIGGER users_erased AFTER DELETE ON roster.users
    REFERENCING OLD TABLE AS erased FOR EACH STATEMENT EXECUTE FUNCTION roster.users_erased();

-- +goose Down
DROP TRIGGER users_erased ON roster.users;
DROP FUNCTION roster.users_erased();
DROP TABLE roster.user_tombstones;
DROP TRIGGER users_touched ON roster.users;
DROP FUNCTION roster.users_touched();
ALTER TABLE roster.users DROP COLUMN changed_at, DROP COLUMN changed;
