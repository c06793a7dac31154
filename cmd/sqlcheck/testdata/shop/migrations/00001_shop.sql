-- +goose Up
CREATE SCHEMA shop;

CREATE TABLE shop.customers (
    id uuid PRIMARY KEY,
    email text NOT NULL,
    note text,
    visits integer NOT NULL DEFAULT 0,
    "order" text
);
COMMENT ON TABLE shop.customers IS 'Those who buy.';
COMMENT ON COLUMN shop.customers.email IS 'Where the bill goes.';

-- +goose Down
DROP SCHEMA shop CASCADE;
