-- +goose Up
-- An import empties these tables and fills one of them by COPY. A few statements
-- then move its rows, and the table is emptied again. Nothing in them outlives
-- an import, so they are unlogged. They have no constraints: COPY would stop at
-- a bad line, while the statement that moves it can name it.
CREATE UNLOGGED TABLE roster.staging_plans (
    line bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    seats integer
);
COMMENT ON TABLE roster.staging_plans IS 'The plans of the running import.';
COMMENT ON COLUMN roster.staging_plans.line IS 'Number of the line in its file, from 1.';
COMMENT ON COLUMN roster.staging_plans.code IS 'As in plans.';
COMMENT ON COLUMN roster.staging_plans.name IS 'As in plans.';
COMMENT ON COLUMN roster.staging_plans.seats IS 'As in plans.';

CREATE UNLOGGED TABLE roster.staging_organizations (
    line bigint NOT NULL,
    id uuid,
    new_id uuid NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    plan text NOT NULL,
    created_at timestamptz,
    version bigint
);
COMMENT ON TABLE roster.staging_organizations IS 'The organizations of the running import.';
COMMENT ON COLUMN roster.staging_organizations.line IS 'Number of the line in its file, from 1.';
COMMENT ON COLUMN roster.staging_organizations.id IS 'Id in the line; null if the slug names the organization.';
COMMENT ON COLUMN roster.staging_organizations.new_id IS 'Id of the organization if it is new.';
COMMENT ON COLUMN roster.staging_organizations.name IS 'As in organizations.';
COMMENT ON COLUMN roster.staging_organizations.slug IS 'As in organizations.';
COMMENT ON COLUMN roster.staging_organizations.plan IS 'As in organizations; the plan may not exist.';
COMMENT ON COLUMN roster.staging_organizations.created_at IS 'As in organizations; null if the line has none.';
COMMENT ON COLUMN roster.staging_organizations.version IS 'As in organizations; null if the line has none.';

CREATE UNLOGGED TABLE roster.staging_users (
    line bigint NOT NULL,
    id uuid,
    new_id uuid NOT NULL,
    external_id text,
    username text NOT NULL,
    email text NOT NULL,
    display_name text,
    attributes jsonb,
    status text,
    created_at timestamptz,
    updated_at timestamptz,
    deleted_at timestamptz,
    version bigint
);
COMMENT ON TABLE roster.staging_users IS 'The users of the running import.';
COMMENT ON COLUMN roster.staging_users.line IS 'Number of the line in its file, from 1.';
COMMENT ON COLUMN roster.staging_users.id IS 'Id in the line; null if the username names the user.';
COMMENT ON COLUMN roster.staging_users.new_id IS 'Id of the user if it is new.';
COMMENT ON COLUMN roster.staging_users.external_id IS 'As in users; null if the line has none.';
COMMENT ON COLUMN roster.staging_users.username IS 'As in users.';
COMMENT ON COLUMN roster.staging_users.email IS 'As in users.';
COMMENT ON COLUMN roster.staging_users.display_name IS 'As in users; null if the line has none.';
COMMENT ON COLUMN roster.staging_users.attributes IS 'As in users; null if the line has none.';
COMMENT ON COLUMN roster.staging_users.status IS 'As in users; null if the line has none.';
COMMENT ON COLUMN roster.staging_users.created_at IS 'As in users; null if the line has none.';
COMMENT ON COLUMN roster.staging_users.updated_at IS 'As in users; null if the line has none.';
COMMENT ON COLUMN roster.staging_users.deleted_at IS 'As in users; null if the line has none.';
COMMENT ON COLUMN roster.staging_users.version IS 'As in users; null if the line has none.';

CREATE UNLOGGED TABLE roster.staging_memberships (
    line bigint NOT NULL,
    organization_id uuid,
    organization text,
    user_id uuid,
    username text,
    role text NOT NULL,
    joined_at timestamptz
);
COMMENT ON TABLE roster.staging_memberships IS 'The memberships of the running import.';
COMMENT ON COLUMN roster.staging_memberships.line IS 'Number of the line in its file, from 1.';
COMMENT ON COLUMN roster.staging_memberships.organization_id IS 'The organization; null if the line has its slug.';
COMMENT ON COLUMN roster.staging_memberships.organization IS 'Slug of the organization; null if the line has its id.';
COMMENT ON COLUMN roster.staging_memberships.user_id IS 'The user; null if the line has its username.';
COMMENT ON COLUMN roster.staging_memberships.username IS 'Username of the user; null if the line has its id.';
COMMENT ON COLUMN roster.staging_memberships.role IS 'As in memberships.';
COMMENT ON COLUMN roster.staging_memberships.joined_at IS 'As in memberships; null if the line has none.';

CREATE UNLOGGED TABLE roster.staging_events (
    line bigint NOT NULL,
    id uuid,
    organization_id uuid,
    organization text,
    user_id uuid,
    username text,
    kind text NOT NULL,
    occurred_at timestamptz NOT NULL,
    payload jsonb
);
COMMENT ON TABLE roster.staging_events IS 'The events of the running import.';
COMMENT ON COLUMN roster.staging_events.line IS 'Number of the line in its file, from 1.';
COMMENT ON COLUMN roster.staging_events.id IS 'Id in the line, or else one made from its content.';
COMMENT ON COLUMN roster.staging_events.organization_id IS 'The organization; null if the line has its slug.';
COMMENT ON COLUMN roster.staging_events.organization IS 'Slug of the organization; null if the line has its id.';
COMMENT ON COLUMN roster.staging_events.user_id IS 'The user; null if the line has its username, or the user is erased.';
COMMENT ON COLUMN roster.staging_events.username IS 'Username of the user; null if the line has its id, or the user is erased.';
COMMENT ON COLUMN roster.staging_events.kind IS 'As in events.';
COMMENT ON COLUMN roster.staging_events.occurred_at IS 'As in events.';
COMMENT ON COLUMN roster.staging_events.payload IS 'As in events.';

-- +goose Down
DROP TABLE roster.staging_events;
DROP TABLE roster.staging_memberships;
DROP TABLE roster.staging_users;
DROP TABLE roster.staging_organizations;
DROP TABLE roster.staging_plans;
