-- +goose Up
-- Rules of memberships without reading all members, and for organizations that
-- have no active owner already.
--
-- An organization must not lose its last active owner. One that has none may lose
-- any member: nothing gets worse. An import may make such an organization.

-- +goose StatementBegin
CREATE FUNCTION roster.require_other_owner(organization uuid, leaving uuid) RETURNS void
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
            AND u.id <> leaving
        LIMIT 1 FOR SHARE OF m, u;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'organization % would have no active owner', organization
            USING ERRCODE = 'check_violation', SCHEMA = 'roster', TABLE = 'memberships', CONSTRAINT = 'memberships_last_owner';
    END IF;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.require_other_owner(uuid, uuid) IS 'Fails if an organization has no active owner but one who is leaving.';

-- Members whose user is being deleted for good are not in the join. The trigger of
-- users, below, has checked for them.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.memberships_require_owner() RETURNS trigger
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    PERFORM roster.require_owner(o.organization_id)
        FROM (SELECT DISTINCT r.organization_id FROM old_rows r JOIN roster.users u ON u.id = r.user_id
            WHERE r.role = 'owner' AND u.status = 'active' AND u.deleted_at IS NULL ORDER BY r.organization_id) o;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.users_require_owner_and_seats() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'active' AND OLD.deleted_at IS NULL THEN
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

-- Before the row is deleted: afterwards nobody can tell whether the owner was active.
-- +goose StatementBegin
CREATE FUNCTION roster.require_owner_before_delete() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM roster.require_other_owner(m.organization_id, OLD.id)
        FROM (SELECT organization_id FROM roster.memberships WHERE user_id = OLD.id AND role = 'owner' ORDER BY organization_id) m;
    RETURN OLD;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.require_owner_before_delete() IS 'Requires another owner of the organizations of a user whose row is deleted.';

CREATE TRIGGER require_owner_before_delete BEFORE DELETE ON roster.users
    FOR EACH ROW WHEN (OLD.status = 'active' AND OLD.deleted_at IS NULL)
    EXECUTE FUNCTION roster.require_owner_before_delete();

-- The rollup keeps the number of members. It only grows under the lock of the
-- organization, which triggers of memberships and users take by this function,
-- before the members are counted. It is called again when they are.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.require_seats(organization uuid) RETURNS void
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
    PERFORM FROM roster.engagement_organizations e WHERE e.organization_id = organization AND e.members > max_members;
    IF FOUND THEN
        RAISE EXCEPTION 'organization % would have more than % members', organization, max_members
            USING ERRCODE = 'check_violation', SCHEMA = 'roster', TABLE = 'memberships', CONSTRAINT = 'memberships_seats';
    END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.plans_require_seats() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    full_organization uuid;
BEGIN
    PERFORM roster.require_fresh_snapshots();
    -- A writer who adds a member waits for this plan's row. So no organization
    -- has to be locked.
    SELECT o.id INTO full_organization
        FROM roster.organizations o
        JOIN roster.engagement_organizations e ON e.organization_id = o.id
        WHERE o.plan = NEW.code AND e.members > NEW.seats LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'organization % has more than % members', full_organization, NEW.seats
            USING ERRCODE = 'check_violation', SCHEMA = 'roster', TABLE = 'plans', CONSTRAINT = 'memberships_seats';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- A rebuild changes the two columns one after the other: it adds no members.
-- +goose StatementBegin
CREATE FUNCTION roster.require_seats_after_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM roster.require_seats(NEW.organization_id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.require_seats_after_update() IS 'Requires seats for the members of an organization that got new ones.';

CREATE TRIGGER require_seats_after_update AFTER UPDATE OF members ON roster.engagement_organizations
    FOR EACH ROW WHEN (NEW.members > OLD.members AND NEW.next_ordinal > OLD.next_ordinal)
    EXECUTE FUNCTION roster.require_seats_after_update();

-- +goose Down
DROP TRIGGER require_seats_after_update ON roster.engagement_organizations;
DROP FUNCTION roster.require_seats_after_update();
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.plans_require_seats() RETURNS trigger
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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.require_seats(organization uuid) RETURNS void
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
DROP TRIGGER require_owner_before_delete ON roster.users;
DROP FUNCTION roster.require_owner_before_delete();
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.users_require_owner_and_seats() RETURNS trigger
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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.memberships_require_owner() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM roster.require_owner(o.organization_id)
        FROM (SELECT DISTINCT organization_id FROM old_rows WHERE role = 'owner' ORDER BY organization_id) o;
    RETURN NULL;
END $$;
-- +goose StatementEnd
DROP FUNCTION roster.require_other_owner(uuid, uuid);
