-- +goose Up
-- Each import empties these tables, fills one by COPY, moves its rows with a few
-- statements and empties it again. Nothing in them outlives an import, so they
-- are unlogged; they have no constraints, so that a bad line is found by the
-- statement that moves it, which names it, and not by COPY, which would stop.
CREATE UNLOGGED TABLE roster.staging_plans (
    line bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    -- squawk-ignore prefer-bigint-over-int
    seats integer
);
COMMENT ON TABLE roster.staging_plans IS 'The plans of an import under way.';
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
COMMENT ON TABLE roster.staging_organizations IS 'The organizations of an import under way.';
COMMENT ON COLUMN roster.staging_organizations.line IS 'Number of the line in its file, from 1.';
COMMENT ON COLUMN roster.staging_organizations.id IS 'The id that the line gives; null where the slug names the organization.';
COMMENT ON COLUMN roster.staging_organizations.new_id IS 'The id that the organization gets if it is new.';
COMMENT ON COLUMN roster.staging_organizations.name IS 'As in organizations.';
COMMENT ON COLUMN roster.staging_organizations.slug IS 'As in organizations.';
COMMENT ON COLUMN roster.staging_organizations.plan IS 'As in organizations; the plan may not exist.';
COMMENT ON COLUMN roster.staging_organizations.created_at IS 'As in organizations; null where the line does not say.';
COMMENT ON COLUMN roster.staging_organizations.version IS 'As in organizations; null where the line does not say.';

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
COMMENT ON TABLE roster.staging_users IS 'The users of an import under way.';
COMMENT ON COLUMN roster.staging_users.line IS 'Number of the line in its file, from 1.';
COMMENT ON COLUMN roster.staging_users.id IS 'The id that the line gives; null where the username names the user.';
COMMENT ON COLUMN roster.staging_users.new_id IS 'The id that the user gets if it is new.';
COMMENT ON COLUMN roster.staging_users.external_id IS 'As in users; null where the line does not say.';
COMMENT ON COLUMN roster.staging_users.username IS 'As in users.';
COMMENT ON COLUMN roster.staging_users.email IS 'As in users.';
COMMENT ON COLUMN roster.staging_users.display_name IS 'As in users; null where the line does not say.';
COMMENT ON COLUMN roster.staging_users.attributes IS 'As in users; null where the line does not say.';
COMMENT ON COLUMN roster.staging_users.status IS 'As in users; null where the line does not say.';
COMMENT ON COLUMN roster.staging_users.created_at IS 'As in users; null where the line does not say.';
COMMENT ON COLUMN roster.staging_users.updated_at IS 'As in users; null where the line does not say.';
COMMENT ON COLUMN roster.staging_users.deleted_at IS 'As in users; null where the line does not say.';
COMMENT ON COLUMN roster.staging_users.version IS 'As in users; null where the line does not say.';

CREATE UNLOGGED TABLE roster.staging_memberships (
    line bigint NOT NULL,
    organization_id uuid,
    organization text,
    user_id uuid,
    username text,
    role text NOT NULL,
    joined_at timestamptz
);
COMMENT ON TABLE roster.staging_memberships IS 'The memberships of an import under way.';
COMMENT ON COLUMN roster.staging_memberships.line IS 'Number of the line in its file, from 1.';
COMMENT ON COLUMN roster.staging_memberships.organization_id IS 'The organization; null where it is named by slug.';
COMMENT ON COLUMN roster.staging_memberships.organization IS 'The organization''s slug; null where it is named by id.';
COMMENT ON COLUMN roster.staging_memberships.user_id IS 'The user; null where it is named by username.';
COMMENT ON COLUMN roster.staging_memberships.username IS 'The user''s username; null where it is named by id.';
COMMENT ON COLUMN roster.staging_memberships.role IS 'As in memberships.';
COMMENT ON COLUMN roster.staging_memberships.joined_at IS 'As in memberships; null where the line does not say.';

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
COMMENT ON TABLE roster.staging_events IS 'The events of an import under way.';
COMMENT ON COLUMN roster.staging_events.line IS 'Number of the line in its file, from 1.';
COMMENT ON COLUMN roster.staging_events.id IS 'The id that the line gives, or else one made from its content.';
COMMENT ON COLUMN roster.staging_events.organization_id IS 'The organization; null where it is named by slug.';
COMMENT ON COLUMN roster.staging_events.organization IS 'The organization''s slug; null where it is named by id.';
COMMENT ON COLUMN roster.staging_events.user_id IS 'The user; null where it is named by username, or erased.';
COMMENT ON COLUMN roster.staging_events.username IS 'The user''s username; null where it is named by id, or erased.';
COMMENT ON COLUMN roster.staging_events.kind IS 'As in events.';
COMMENT ON COLUMN roster.staging_events.occurred_at IS 'As in events.';
COMMENT ON COLUMN roster.staging_events.payload IS 'As in events.';

-- +goose Down
DROP TABLE roster.staging_events;
DROP TABLE roster.staging_memberships;
DROP TABLE roster.staging_users;
DROP TABLE roster.staging_organizations;
DROP TABLE roster.staging_plans;
