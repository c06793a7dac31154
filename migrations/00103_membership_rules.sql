-- +goose Up
-- Two rules for memberships: an organization keeps an active owner, and has no
-- more members than its plan has seats. They hold for every writer.
--
-- A check locks the organization, then reads with a fresh snapshot. Of two
-- transactions that would break a rule together, the second sees the first.
-- A command that touches several organizations locks them beforehand, by id.
-- The rules do not need that; it prevents deadlocks.

-- +goose StatementBegin
CREATE FUNCTION roster.require_fresh_snapshots() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    -- Above READ COMMITTED, a transaction that waited for a lock still reads
    -- with its old snapshot. It would miss the rows that it waited for.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'owners, seats and rollups can be kept at READ COMMITTED only'
            USING ERRCODE = 'feature_not_supported', HINT = 'Begin the transaction with ISOLATION LEVEL READ COMMITTED.';
    END IF;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.require_fresh_snapshots() IS 'Fails in transactions above READ COMMITTED.';

-- +goose StatementBegin
CREATE FUNCTION roster.require_owner(organization uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM roster.require_fresh_snapshots();
    PERFORM FROM roster.organizations o WHERE o.id = organization FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN; -- the organization itself is removed
    END IF;
    -- The lock keeps this owner from being suspended or deleted before the
    -- transaction ends.
    PERFORM FROM roster.memberships m
        JOIN roster.users u ON u.id = m.user_id
        WHERE m.organization_id = organization AND m.role = 'owner' AND u.status = 'active' AND u.deleted_at IS NULL
        LIMIT 1 FOR SHARE OF m, u;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'organization % would have no active owner', organization
            USING ERRCODE = 'check_violation', SCHEMA = 'roster', TABLE = 'memberships', CONSTRAINT = 'memberships_last_owner';
    END IF;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.require_owner(uuid) IS 'Fails if an organization has no active owner.';

-- +goose StatementBegin
CREATE FUNCTION roster.require_seats(organization uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    plan_code text;
    max_members integer;
BEGIN
    PERFORM roster.require_fresh_snapshots();
    SELECT o.plan INTO plan_code FROM roster.organizations o WHERE o.id = organization FOR NO KEY UPDATE;
    SELECT p.seats INTO max_members FROM roster.plans p WHERE p.code = plan_code FOR SHARE;
    IF max_members IS NULL THEN
        RETURN;
    END IF;
    PERFORM FROM roster.memberships m
        JOIN roster.users u ON u.id = m.user_id
        WHERE m.organization_id = organization AND u.deleted_at IS NULL
        OFFSET max_members LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'organization % would have more than % members', organization, max_members
            USING ERRCODE = 'check_violation', SCHEMA = 'roster', TABLE = 'memberships', CONSTRAINT = 'memberships_seats';
    END IF;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.require_seats(uuid) IS 'Fails if an organization has more members than its plan has seats.';

-- +goose StatementBegin
CREATE FUNCTION roster.memberships_require_owner() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM roster.require_owner(o.organization_id)
        FROM (SELECT DISTINCT organization_id FROM old_rows WHERE role = 'owner' ORDER BY organization_id) o;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.memberships_require_owner() IS 'Requires an owner of organizations that lose one.';

-- +goose StatementBegin
CREATE FUNCTION roster.memberships_require_seats() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM roster.require_seats(n.organization_id)
        FROM (SELECT DISTINCT organization_id FROM new_rows ORDER BY organization_id) n;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.memberships_require_seats() IS 'Requires seats for new members.';

CREATE TRIGGER require_seats_after_insert AFTER INSERT ON roster.memberships
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.memberships_require_seats();
CREATE TRIGGER require_seats_after_update AFTER UPDATE ON roster.memberships
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.memberships_require_seats();
CREATE TRIGGER require_owner_after_update AFTER UPDATE ON roster.memberships
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.memberships_require_owner();
CREATE TRIGGER require_owner_after_delete AFTER DELETE ON roster.memberships
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION roster.memberships_require_owner();

-- +goose StatementBegin
CREATE FUNCTION roster.users_require_owner_and_seats() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'suspended' OR NEW.deleted_at IS NOT NULL THEN
        PERFORM roster.require_owner(m.organization_id)
            FROM (SELECT organization_id FROM roster.memberships WHERE user_id = NEW.id AND role = 'owner' ORDER BY organization_id) m;
    END IF;
    IF OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL THEN
        PERFORM roster.require_seats(m.organization_id)
            FROM (SELECT organization_id FROM roster.memberships WHERE user_id = NEW.id ORDER BY organization_id) m;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.users_require_owner_and_seats() IS
    'Requires an owner if a user is suspended or deleted, and seats if a user is restored.';

CREATE TRIGGER require_owner_and_seats_after_update AFTER UPDATE OF status, deleted_at ON roster.users
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status OR (OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL))
    EXECUTE FUNCTION roster.users_require_owner_and_seats();

-- +goose StatementBegin
CREATE FUNCTION roster.organizations_require_seats() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM roster.require_seats(NEW.id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.organizations_require_seats() IS 'Requires that a new plan has seats for all members.';

CREATE TRIGGER require_seats_after_update AFTER UPDATE OF plan ON roster.organizations
    FOR EACH ROW WHEN (OLD.plan IS DISTINCT FROM NEW.plan)
    EXECUTE FUNCTION roster.organizations_require_seats();

-- +goose StatementBegin
CREATE FUNCTION roster.plans_require_seats() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    full_organization uuid;
BEGIN
    PERFORM roster.require_fresh_snapshots();
    -- A writer who adds a member waits for this plan's row. So no organization
    -- has to be locked.
    SELECT m.organization_id INTO full_organization
        FROM roster.organizations o
        JOIN roster.memberships m ON m.organization_id = o.id
        JOIN roster.users u ON u.id = m.user_id
        WHERE o.plan = NEW.code AND u.deleted_at IS NULL
        GROUP BY m.organization_id HAVING count(*) > NEW.seats LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'organization % has more than % members', full_organization, NEW.seats
            USING ERRCODE = 'check_violation', SCHEMA = 'roster', TABLE = 'plans', CONSTRAINT = 'memberships_seats';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.plans_require_seats() IS 'Requires that a changed plan still has seats for all members.';

CREATE TRIGGER require_seats_after_update AFTER UPDATE OF seats ON roster.plans
    FOR EACH ROW WHEN (OLD.seats IS DISTINCT FROM NEW.seats AND NEW.seats IS NOT NULL)
    EXECUTE FUNCTION roster.plans_require_seats();

-- +goose Down
DROP TRIGGER require_seats_after_update ON roster.plans;
DROP TRIGGER require_seats_after_update ON roster.organizations;
DROP TRIGGER require_owner_and_seats_after_update ON roster.users;
DROP TRIGGER require_owner_after_delete ON roster.memberships;
DROP TRIGGER require_owner_after_update ON roster.memberships;
DROP TRIGGER require_seats_after_update ON roster.memberships;
DROP TRIGGER require_seats_after_insert ON roster.memberships;
DROP FUNCTION roster.plans_require_seats();
DROP FUNCTION roster.organizations_require_seats();
DROP FUNCTION roster.users_require_owner_and_seats();
DROP FUNCTION roster.memberships_require_seats();
DROP FUNCTION roster.memberships_require_owner();
DROP FUNCTION roster.require_seats(uuid);
DROP FUNCTION roster.require_owner(uuid);
DROP FUNCTION roster.require_fresh_snapshots();
