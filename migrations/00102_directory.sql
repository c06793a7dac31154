-- +goose Up
-- Plans, organizations, users and memberships.
CREATE TABLE roster.plans (
    code text NOT NULL,
    name text NOT NULL,
    seats integer,
    CONSTRAINT plans_pkey PRIMARY KEY (code),
    CONSTRAINT plans_code_check CHECK ((code COLLATE "C") ~ '^[a-z0-9][a-z0-9_-]{0,31}$'),
    CONSTRAINT plans_name_check CHECK (char_length(name) BETWEEN 1 AND 100 AND name !~ '[\u0001-\u001f\u007f-\u009f]'),
    CONSTRAINT plans_seats_check CHECK (seats BETWEEN 1 AND 1000000)
);
COMMENT ON TABLE roster.plans IS 'Plans that organizations subscribe to.';
COMMENT ON COLUMN roster.plans.code IS 'Unique handle, ASCII in lower case.';
COMMENT ON COLUMN roster.plans.name IS 'Name that people see, in NFC.';
COMMENT ON COLUMN roster.plans.seats IS 'Most members of an organization on the plan; null: no limit.';

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
CREATE INDEX organizations_name ON roster.organizations ((name COLLATE "C"), id);
CREATE INDEX organizations_slug ON roster.organizations ((slug COLLATE "C"), id);
-- The foreign key to plans uses this one too.
CREATE INDEX organizations_plan_newest ON roster.organizations (plan, created_at DESC, id DESC);
COMMENT ON TABLE roster.organizations IS 'Groups of users, each on one plan.';
COMMENT ON COLUMN roster.organizations.id IS 'UUID; version 7 if Roster made it.';
COMMENT ON COLUMN roster.organizations.name IS 'Name that people see, in NFC.';
COMMENT ON COLUMN roster.organizations.slug IS 'Unique handle in URLs.';
COMMENT ON COLUMN roster.organizations.plan IS 'Code of the plan.';
COMMENT ON COLUMN roster.organizations.created_at IS 'Time of creation.';
COMMENT ON COLUMN roster.organizations.version IS 'Number of writes, from 1; ETags show it.';

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
    changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    search text COLLATE "C" NOT NULL GENERATED ALWAYS AS (roster.search_text(username, email, display_name)) STORED,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_external_id_check
        CHECK (char_length(external_id) BETWEEN 1 AND 255 AND external_id !~ '[\u0001-\u001f\u007f-\u009f]'),
    -- Lengths are checked apart: a pattern that counts repetitions is ten times slower.
    CONSTRAINT users_username_check
        CHECK (octet_length(username) <= 64 AND (username COLLATE "C") ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
    CONSTRAINT users_email_check CHECK (octet_length(email) <= 254 AND strpos(email, '@') <= 65
        AND (email COLLATE "C") ~ '^[!#$%&''*+/=?^_`{|}~A-Za-z0-9.-]+@[][a-z0-9.:-]+$'),
    CONSTRAINT users_display_name_check
        CHECK (char_length(display_name) BETWEEN 1 AND 200 AND display_name !~ '[\u0001-\u001f\u007f-\u009f]'),
    CONSTRAINT users_attributes_check CHECK (jsonb_typeof(attributes) = 'object' AND octet_length(attributes::text) <= 32768),
    CONSTRAINT users_status_check CHECK (status IN ('active', 'suspended')),
    CONSTRAINT users_version_check CHECK (version >= 1)
);
CREATE UNIQUE INDEX users_username_key ON roster.users (lower(username COLLATE "C")) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_email_key ON roster.users (lower(email COLLATE "C")) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_external_id_key ON roster.users (external_id) WHERE deleted_at IS NULL AND external_id IS NOT NULL;
CREATE INDEX users_newest ON roster.users (created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX users_updated ON roster.users (updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX users_changed ON roster.users (changed, id) INCLUDE (changed_at);
CREATE INDEX users_email_domain ON roster.users (split_part(lower(email COLLATE "C"), '@', 2), created_at DESC, id DESC)
    WHERE deleted_at IS NULL;
-- Few users are suspended: a list of them must not read all others.
CREATE INDEX users_suspended ON roster.users (created_at DESC, id DESC) WHERE status = 'suspended' AND deleted_at IS NULL;
COMMENT ON TABLE roster.users IS 'People and programs in the directory.';
COMMENT ON COLUMN roster.users.id IS 'UUID; version 7 if Roster made it.';
COMMENT ON COLUMN roster.users.external_id IS 'Id of the user in another system; unique among users not deleted.';
COMMENT ON COLUMN roster.users.username IS 'Handle; lower(username COLLATE "C") is unique among users not deleted.';
COMMENT ON COLUMN roster.users.email IS
    'RFC 5321 mailbox, domain in lower case; lower(email COLLATE "C") is unique among users not deleted.';
COMMENT ON COLUMN roster.users.display_name IS 'Name that people see; any script, in NFC.';
COMMENT ON COLUMN roster.users.attributes IS 'JSON object for the team''s own use.';
COMMENT ON COLUMN roster.users.status IS 'active or suspended.';
COMMENT ON COLUMN roster.users.created_at IS 'Time of creation.';
COMMENT ON COLUMN roster.users.updated_at IS 'Time of the last write.';
COMMENT ON COLUMN roster.users.deleted_at IS 'Time of deletion; null if the user is not deleted.';
COMMENT ON COLUMN roster.users.version IS 'Number of writes, from 1; ETags show it.';
COMMENT ON COLUMN roster.users.changed IS 'Transaction that wrote the row last; it orders changes.';
COMMENT ON COLUMN roster.users.changed_at IS 'Time at which that transaction began.';
COMMENT ON COLUMN roster.users.search IS 'Tokens by which search finds the user, each between spaces.';

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
COMMENT ON TABLE roster.memberships IS 'Members of organizations, one row for each organization and user.';
COMMENT ON COLUMN roster.memberships.organization_id IS 'The organization.';
COMMENT ON COLUMN roster.memberships.user_id IS 'The user.';
COMMENT ON COLUMN roster.memberships.role IS 'owner, admin or member.';
COMMENT ON COLUMN roster.memberships.joined_at IS 'Time at which the user joined.';

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

-- +goose Down
DROP FUNCTION roster.json_merge_patch(jsonb, jsonb);
DROP TABLE roster.memberships;
DROP TABLE roster.users;
DROP TABLE roster.organizations;
DROP TABLE roster.plans;
