-- +goose Up
CREATE SCHEMA shop;

CREATE TABLE shop.customers (
    id uuid PRIMARY KEY,
    email text NOT NULL,
    note text,
    visits integer NOT NULL DEFAULT 0
);

-- +goose Down
DROP SCHEMA shop CASCADE;
