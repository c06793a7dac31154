-- +goose Up
CREATE SCHEMA shop;
CREATE TABLE shop.books (
    isbn text PRIMARY KEY,
    title text NOT NULL,
    subtitle text,
    added_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX books_newest ON shop.books (added_at DESC, isbn);
CREATE INDEX books_title ON shop.books (title, isbn);

-- +goose Down
DROP SCHEMA shop CASCADE;
