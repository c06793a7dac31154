-- +goose NO TRANSACTION
-- +goose Up
-- A search among deleted users reads them in page order, as others by users_newest.
-- An attempt that was interrupted leaves an index that is not valid.
DROP INDEX CONCURRENTLY IF EXISTS roster.users_deleted;
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_deleted ON roster.users (created_at DESC, id DESC) WHERE deleted_at IS NOT NULL;

-- +goose Down
DROP INDEX CONCURRENTLY roster.users_deleted;
