-- +goose Up
CREATE TABLE roster.api_keys (
    id uuid NOT NULL,
    name text NOT NULL,
    secret_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    organization_id uuid,
    role text,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    revoked_by text,
    CONSTRAINT api_keys_pkey PRIMARY KEY (id),
    CONSTRAINT api_keys_organization_id_fkey
        FOREIGN KEY (organization_id) REFERENCES roster.organizations (id) ON DELETE CASCADE,
    CONSTRAINT api_keys_name_check CHECK (char_length(name) BETWEEN 1 AND 100 AND name !~ '[\u0001-\u001f\u007f-\u009f]'),
    CONSTRAINT api_keys_secret_hash_check CHECK (octet_length(secret_hash) = 32),
    CONSTRAINT api_keys_scopes_check CHECK (cardinality(scopes) >= 1 AND scopes <@ ARRAY['read', 'write', 'admin']),
    CONSTRAINT api_keys_role_check CHECK (role IS NULL OR role IN ('owner', 'admin', 'member') AND organization_id IS NOT NULL),
    CONSTRAINT api_keys_revoked_check CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX api_keys_newest ON roster.api_keys (created_at DESC, id DESC);
CREATE INDEX api_keys_organization ON roster.api_keys (organization_id, created_at DESC, id DESC);
COMMENT ON TABLE roster.api_keys IS 'Keys by which programs call Roster.';
COMMENT ON COLUMN roster.api_keys.id IS 'UUID of version 7; part of the token.';
COMMENT ON COLUMN roster.api_keys.name IS 'What the key is for.';
COMMENT ON COLUMN roster.api_keys.secret_hash IS 'SHA-256 of the secret of the token.';
COMMENT ON COLUMN roster.api_keys.scopes IS 'What the caller may do.';
COMMENT ON COLUMN roster.api_keys.organization_id IS 'Organization that the key is bound to; null: none.';
COMMENT ON COLUMN roster.api_keys.role IS 'Role of the caller in the organization; null: none.';
COMMENT ON COLUMN roster.api_keys.created_at IS 'Time of creation.';
COMMENT ON COLUMN roster.api_keys.created_by IS 'Caller that made the key.';
COMMENT ON COLUMN roster.api_keys.expires_at IS 'Time from which the key admits no caller; null: none.';
COMMENT ON COLUMN roster.api_keys.revoked_at IS 'Time of revocation; null: not revoked.';
COMMENT ON COLUMN roster.api_keys.revoked_by IS 'Caller that revoked the key.';

-- A table of its own, so that a use does not write the row that each request reads.
CREATE TABLE roster.api_key_uses (
    key_id uuid NOT NULL,
    last_used_at timestamptz NOT NULL,
    CONSTRAINT api_key_uses_pkey PRIMARY KEY (key_id),
    CONSTRAINT api_key_uses_key_id_fkey FOREIGN KEY (key_id) REFERENCES roster.api_keys (id) ON DELETE CASCADE
);
COMMENT ON TABLE roster.api_key_uses IS 'Last use of each API key; written about once a minute.';
COMMENT ON COLUMN roster.api_key_uses.key_id IS 'The key.';
COMMENT ON COLUMN roster.api_key_uses.last_used_at IS 'Time of the last known use.';

-- +goose Down
DROP TABLE roster.api_key_uses;
DROP TABLE roster.api_keys;
