-- +goose Up
-- Changes of users are ordered by the transaction that wrote the row last. A
-- reader stops before the oldest transaction in progress. So it passes over
-- none that commits late.

-- +goose StatementBegin
CREATE FUNCTION roster.stamp_changed_before_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := pg_current_xact_id();
    NEW.changed_at := now();
    RETURN NEW;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.stamp_changed_before_update() IS 'Stamps a user with the transaction that writes it.';

CREATE TRIGGER stamp_changed_before_update BEFORE UPDATE ON roster.users
    FOR EACH ROW EXECUTE FUNCTION roster.stamp_changed_before_update();

CREATE TABLE roster.user_tombstones (
    id uuid NOT NULL,
    erased_at timestamptz NOT NULL DEFAULT now(),
    changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT user_tombstones_pkey PRIMARY KEY (id)
);
CREATE INDEX user_tombstones_changed ON roster.user_tombstones (changed, id);
COMMENT ON TABLE roster.user_tombstones IS 'Erased users, for readers of changes.';
COMMENT ON COLUMN roster.user_tombstones.id IS 'Id of the erased user.';
COMMENT ON COLUMN roster.user_tombstones.erased_at IS 'Time at which the erasing transaction began.';
COMMENT ON COLUMN roster.user_tombstones.changed IS 'That transaction; it orders changes.';

-- +goose StatementBegin
CREATE FUNCTION roster.add_tombstones_after_delete() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO roster.user_tombstones (id) SELECT o.id FROM old_rows o
        ON CONFLICT (id) DO UPDATE SET erased_at = excluded.erased_at, changed = excluded.changed;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.add_tombstones_after_delete() IS 'Adds a tombstone for each user whose row is deleted.';

CREATE TRIGGER add_tombstones_after_delete AFTER DELETE ON roster.users
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.add_tombstones_after_delete();

-- +goose Down
DROP TRIGGER add_tombstones_after_delete ON roster.users;
DROP FUNCTION roster.add_tombstones_after_delete();
DROP TABLE roster.user_tombstones;
DROP TRIGGER stamp_changed_before_update ON roster.users;
DROP FUNCTION roster.stamp_changed_before_update();
