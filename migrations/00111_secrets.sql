-- +goose Up
CREATE TABLE roster.secrets (
    name text NOT NULL,
    value bytea NOT NULL,
    CONSTRAINT secrets_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE roster.secrets IS 'Secrets that all replicas share, if none is configured.';
COMMENT ON COLUMN roster.secrets.name IS 'Purpose of the secret.';
COMMENT ON COLUMN roster.secrets.value IS 'Random bytes.';

-- +goose Down
DROP TABLE roster.secrets;
