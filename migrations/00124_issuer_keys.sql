-- +goose Up
CREATE TABLE roster.issuer_keys (
    issuer text NOT NULL,
    key_set jsonb NOT NULL,
    fetched_at timestamptz NOT NULL,
    CONSTRAINT issuer_keys_pkey PRIMARY KEY (issuer),
    CONSTRAINT issuer_keys_issuer_check CHECK (char_length(issuer) BETWEEN 1 AND 2048)
);
COMMENT ON TABLE roster.issuer_keys IS 'The last public keys of each issuer of access tokens, for a start while it does not answer.';
COMMENT ON COLUMN roster.issuer_keys.issuer IS 'The issuer, as its tokens name it.';
COMMENT ON COLUMN roster.issuer_keys.key_set IS 'JSON Web Key Set of RFC 7517, without private parts.';
COMMENT ON COLUMN roster.issuer_keys.fetched_at IS 'Time at which the issuer had these keys.';

-- +goose Down
DROP TABLE roster.issuer_keys;
