-- +goose NO TRANSACTION
-- +goose Up
-- A search among deleted users reads them in page order, as others by users_newest.
CREATE INDEX CONCURRENTLY users_deleted ON roster.users (created_at DESC, id DESC) WHERE deleted_at IS NOT NULL;

-- +goose Down
DROP INDEX CONCURRENTLY roster.users_deleted;
