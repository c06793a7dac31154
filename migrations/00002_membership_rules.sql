-- +goose Up
-- The rules hold for whoever writes to the database. Each check first locks the
-- organization, then looks with a fresh snapshot, so that of two transactions
-- that together would break a rule the second sees the first. Commands that may
-- touch several organizations lock them beforehand, in the order of their ids:
-- that is for the sake of no deadlock, not of the rules.

-- +goose StatementBegin
CREATE FUNCTION roster.require_fresh_snapshots() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    -- Above READ COMMITTED a transaction that waited for the lock would still
    -- look with the snapshot from before, and miss what it waited for.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'owners and seats can be checked at READ COMMITTED only'
            USING ERRCODE = 'feature_not_supported', HINT = 'Begin the transaction with ISOLATION LEVEL READ COMMITTED.';
    END IF;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.require_fresh_snapshots() IS 'Fails in transactions that could not see what they waited for.';

-- +goose StatementBegin
CREATE FUNCTION roster.require_owner(organization uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM roster.require_fresh_snapshots();
    PERFORM FROM roster.organizations o WHERE o.id = organization FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN; -- removed as a whole
    END IF;
    -- The lock on the owner found keeps it from being suspended or deleted
    -- before this transaction ends.
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
COMMENT ON FUNCTION roster.require_owner(uuid) IS 'Fails where an organization has no active owner.';

-- +goose StatementBegin
CREATE FUNCTION roster.require_seats(organization uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    plan_code text;
    most integer;
BEGIN
    PERFORM roster.require_fresh_snapshots();
    SELECT o.plan INTO plan_code FROM roster.organizations o WHERE o.id = organization FOR NO KEY UPDATE;
    SELECT p.seats INTO most FROM roster.plans p WHERE p.code = plan_code FOR SHARE;
    IF most IS NULL THEN
        RETURN;
    END IF;
    PERFORM FROM roster.memberships m
        JOIN roster.users u ON u.id = m.user_id
        WHERE m.organization_id = organization AND u.deleted_at IS NULL
        OFFSET most LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'organization % would have more than % members', organization, most
            USING ERRCODE = 'check_violation', SCHEMA = 'roster', TABLE = 'memberships', CONSTRAINT = 'memberships_seats';
    END IF;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.require_seats(uuid) IS 'Fails where an organization has more members than its plan has seats.';

-- +goose StatementBegin
CREATE FUNCTION roster.memberships_left() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM roster.require_owner(l.organization_id)
        FROM (SELECT DISTINCT organization_id FROM before WHERE role = 'owner' ORDER BY organization_id) l;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.memberships_left() IS 'Keeps an owner in organizations that owners leave.';

-- +goose StatementBegin
CREATE FUNCTION roster.memberships_added() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM roster.require_seats(a.organization_id)
        FROM (SELECT DISTINCT organization_id FROM added ORDER BY organization_id) a;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.memberships_added() IS 'Keeps organizations within their seats.';

CREATE TRIGGER memberships_added AFTER INSERT ON roster.memberships
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION roster.memberships_added();
CREATE TRIGGER memberships_moved AFTER UPDATE ON roster.memberships
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION roster.memberships_added();
CREATE TRIGGER memberships_demoted AFTER UPDATE ON roster.memberships
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION roster.memberships_left();
CREATE TRIGGER memberships_removed AFTER DELETE ON roster.memberships
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION roster.memberships_left();

-- +goose StatementBegin
CREATE FUNCTION roster.users_changed() RETURNS trigger
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
COMMENT ON FUNCTION roster.users_changed() IS 'Keeps owners and seats right when users are suspended, deleted or restored.';

CREATE TRIGGER users_changed AFTER UPDATE OF status, deleted_at ON roster.users
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status OR (OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL))
    EXECUTE FUNCTION roster.users_changed();

-- +goose StatementBegin
CREATE FUNCTION roster.organizations_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM roster.require_seats(NEW.id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.organizations_changed() IS 'Keeps an organization within the seats of its new plan.';

CREATE TRIGGER organizations_changed AFTER UPDATE OF plan ON roster.organizations
    FOR EACH ROW WHEN (OLD.plan IS DISTINCT FROM NEW.plan)
    EXECUTE FUNCTION roster.organizations_changed();

-- +goose StatementBegin
CREATE FUNCTION roster.plans_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    full_one uuid;
BEGIN
    PERFORM roster.require_fresh_snapshots();
    -- Whoever adds a member waits for this plan's row, so no organization need be locked.
    SELECT m.organization_id INTO full_one
        FROM roster.organizations o
        JOIN roster.memberships m ON m.organization_id = o.id
        JOIN roster.users u ON u.id = m.user_id
        WHERE o.plan = NEW.code AND u.deleted_at IS NULL
        GROUP BY m.organization_id HAVING count(*) > NEW.seats LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'organization % has more than % members', full_one, NEW.seats
            USING ERRCODE = 'check_violation', SCHEMA = 'roster', TABLE = 'plans', CONSTRAINT = 'memberships_seats';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.plans_changed() IS 'Keeps organizations within the seats of their plan when it is changed.';

CREATE TRIGGER plans_changed AFTER UPDATE OF seats ON roster.plans
    FOR EACH ROW WHEN (OLD.seats IS DISTINCT FROM NEW.seats AND NEW.seats IS NOT NULL)
    EXECUTE FUNCTION roster.plans_changed();

-- +goose Down
DROP TRIGGER plans_changed ON roster.plans;
DROP TRIGGER organizations_changed ON roster.organizations;
DROP TRIGGER users_changed ON roster.users;
DROP TRIGGER memberships_removed ON roster.memberships;
DROP TRIGGER memberships_demoted ON roster.memberships;
DROP TRIGGER memberships_moved ON roster.memberships;
DROP TRIGGER memberships_added ON roster.memberships;
DROP FUNCTION roster.plans_changed();
DROP FUNCTION roster.organizations_changed();
DROP FUNCTION roster.users_changed();
DROP FUNCTION roster.memberships_added();
DROP FUNCTION roster.memberships_left();
DROP FUNCTION roster.require_seats(uuid);
DROP FUNCTION roster.require_owner(uuid);
DROP FUNCTION roster.require_fresh_snapshots();
