-- +goose Up
CREATE SCHEMA IF NOT EXISTS roster;

CREATE TABLE roster.plans (
    code text NOT NULL,
    name text NOT NULL,
    -- squawk-ignore prefer-bigint-over-int
    seats integer,
    CONSTRAINT plans_pkey PRIMARY KEY (code),
    CONSTRAINT plans_code_check CHECK ((code COLLATE "C") ~ '^[a-z0-9][a-z0-9_-]{0,31}$'),
    CONSTRAINT plans_name_check CHECK (char_length(name) BETWEEN 1 AND 100 AND name !~ '[\u0001-\u001f\u007f-\u009f]'),
    CONSTRAINT plans_seats_check CHECK (seats BETWEEN 1 AND 1000000)
);
COMMENT ON TABLE roster.plans IS 'What organizations can subscribe to.';
COMMENT ON COLUMN roster.plans.code IS 'Unique handle, ASCII lower case.';
COMMENT ON COLUMN roster.plans.name IS 'How people see the plan; NFC.';
COMMENT ON COLUMN roster.plans.seats IS 'The most members an organization on the plan may have; null is no limit.';

CREATE TABLE roster.organizations (
    id uuid NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    plan text NOT NULL,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT organizations_pkey PRIMARY KEY (id),
    CONSTRAINT organizations_slug_key UNIQUE (slug),
    CONSTRAINT organizations_plan_fkey FOREIGN KEY (plan) REFERENCES roster.plans (code) ON UPDATE CASCADE,
    CONSTRAINT organizations_name_check CHECK (char_length(name) BETWEEN 1 AND 200 AND name !~ '[\u0001-\u001f\u007f-\u009f]'),
    CONSTRAINT organizations_slug_check CHECK ((slug COLLATE "C") ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    CONSTRAINT organizations_version_check CHECK (version >= 1)
);
CREATE INDEX organizations_newest ON roster.organizations (created_at DESC, id DESC);
CREATE INDEX organizations_plan ON roster.organizations (plan);
COMMENT ON TABLE roster.organizations IS 'Groups of users, each under one plan.';
COMMENT ON COLUMN roster.organizations.id IS 'UUID; version 7 where Roster made it.';
COMMENT ON COLUMN roster.organizations.name IS 'How people see the organization; NFC.';
COMMENT ON COLUMN roster.organizations.slug IS 'Unique handle in URLs.';
COMMENT ON COLUMN roster.organizations.plan IS 'Code of the plan.';
COMMENT ON COLUMN roster.organizations.created_at IS 'When it was created.';
COMMENT ON COLUMN roster.organizations.version IS 'Counts the writes, from 1; what an ETag shows.';

CREATE TABLE roster.users (
    id uuid NOT NULL,
    external_id text,
    username text NOT NULL,
    email text NOT NULL,
    display_name text NOT NULL,
    attributes jsonb NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'active',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    search tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('pg_catalog.simple',
        translate(username, '._-', '   ') || ' ' || email || ' ' || translate(email, '@._+-', '     ') || ' ' || display_name)) STORED,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_external_id_check CHECK (char_length(external_id) BETWEEN 1 AND 255 AND external_id !~ '[\u0001-\u001f\u007f-\u009f]'),
    -- To count repetitions makes a pattern ten times slower.
    CONSTRAINT users_username_check CHECK (octet_length(username) <= 64 AND (username COLLATE "C") ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
    CONSTRAINT users_email_check CHECK (octet_length(email) <= 254 AND strpos(email, '@') <= 65 AND (email COLLATE "C") ~ '^[!#$%&''*+/=?^_`{|}~A-Za-z0-9.-]+@[][a-z0-9.:-]+$'),
    CONSTRAINT users_display_name_check CHECK (char_length(display_name) BETWEEN 1 AND 200 AND display_name !~ '[\u0001-\u001f\u007f-\u009f]'),
    CONSTRAINT users_attributes_check CHECK (jsonb_typeof(attributes) = 'object' AND octet_length(attributes::text) <= 32768),
    CONSTRAINT users_status_check CHECK (status IN ('active', 'suspended')),
    CONSTRAINT users_version_check CHECK (version >= 1)
);
CREATE UNIQUE INDEX users_username_key ON roster.users (lower(username COLLATE "C")) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_email_key ON roster.users (lower(email COLLATE "C")) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_external_id_key ON roster.users (external_id) WHERE deleted_at IS NULL AND external_id IS NOT NULL;
CREATE INDEX users_newest ON roster.users (created_at DESC, id DESC) WHERE deleted_at IS NULL;
-- Without fastupdate a search never reads a list of pending entries, the
-- largest single cost under mixed traffic.
CREATE INDEX users_search ON roster.users USING gin (search) WITH (fastupdate = off);
COMMENT ON TABLE roster.users IS 'People and programs in the directory.';
COMMENT ON COLUMN roster.users.id IS 'UUID; version 7 where Roster made it.';
COMMENT ON COLUMN roster.users.external_id IS 'The name under which another system knows the user; unique among users not deleted.';
COMMENT ON COLUMN roster.users.username IS 'Handle; unique among users not deleted by lower(username COLLATE "C").';
COMMENT ON COLUMN roster.users.email IS 'RFC 5321 mailbox, domain in lower case; unique among users not deleted by lower(email COLLATE "C").';
COMMENT ON COLUMN roster.users.display_name IS 'How people see the user; any script, NFC.';
COMMENT ON COLUMN roster.users.attributes IS 'A JSON object of the team''s own.';
COMMENT ON COLUMN roster.users.status IS 'active or suspended.';
COMMENT ON COLUMN roster.users.created_at IS 'When the user was created.';
COMMENT ON COLUMN roster.users.updated_at IS 'When the user was last written.';
COMMENT ON COLUMN roster.users.deleted_at IS 'When the user was deleted; null while it is not.';
COMMENT ON COLUMN roster.users.version IS 'Counts the writes, from 1; what an ETag shows.';
COMMENT ON COLUMN roster.users.search IS 'The words by which a search finds the user.';

CREATE TABLE roster.memberships (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    joined_at timestamptz NOT NULL,
    CONSTRAINT memberships_pkey PRIMARY KEY (organization_id, user_id),
    CONSTRAINT memberships_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES roster.organizations (id) ON DELETE CASCADE,
    CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES roster.users (id) ON DELETE CASCADE,
    CONSTRAINT memberships_role_check CHECK (role IN ('owner', 'admin', 'member'))
);
CREATE INDEX memberships_user ON roster.memberships (user_id, organization_id);
CREATE INDEX memberships_joined ON roster.memberships (organization_id, joined_at, user_id);
CREATE INDEX memberships_owner ON roster.memberships (organization_id, user_id) WHERE role = 'owner';
COMMENT ON TABLE roster.memberships IS 'Which user belongs to which organization; one row a pair.';
COMMENT ON COLUMN roster.memberships.organization_id IS 'The organization.';
COMMENT ON COLUMN roster.memberships.user_id IS 'The user.';
COMMENT ON COLUMN roster.memberships.role IS 'owner, admin or member.';
COMMENT ON COLUMN roster.memberships.joined_at IS 'When the user joined.';

-- +goose Down
DROP TABLE roster.memberships;
DROP TABLE roster.users;
DROP TABLE roster.organizations;
DROP TABLE roster.plans;
