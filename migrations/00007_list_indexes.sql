-- +goose NO TRANSACTION
-- +goose Up
-- What a run that was cut off left behind is dropped first.
DROP INDEX CONCURRENTLY IF EXISTS roster.users_changed;
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_changed ON roster.users (changed, id) INCLUDE (changed_at);
DROP INDEX CONCURRENTLY IF EXISTS roster.users_updated;
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_updated ON roster.users (updated_at DESC, id DESC) WHERE deleted_at IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS roster.users_email_domain;
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email_domain ON roster.users (split_part(lower(email COLLATE "C"), '@', 2), created_at DESC, id DESC) WHERE deleted_at IS NULL;
-- Few are suspended, and a list of them should not walk past all others.
DROP INDEX CONCURRENTLY IF EXISTS roster.users_suspended;
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_suspended ON roster.users (created_at DESC, id DESC) WHERE status = 'suspended' AND deleted_at IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS roster.organizations_name;
CREATE INDEX CONCURRENTLY IF NOT EXISTS organizations_name ON roster.organizations ((name COLLATE "C"), id);
DROP INDEX CONCURRENTLY IF EXISTS roster.organizations_slug;
CREATE INDEX CONCURRENTLY IF NOT EXISTS organizations_slug ON roster.organizations ((slug COLLATE "C"), id);
DROP INDEX CONCURRENTLY IF EXISTS roster.organizations_plan_newest;
CREATE INDEX CONCURRENTLY IF NOT EXISTS organizations_plan_newest ON roster.organizations (plan, created_at DESC, id DESC);
-- The foreign key to plans uses that one as well.
DROP INDEX CONCURRENTLY IF EXISTS roster.organizations_plan;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS roster.organizations_plan;
CREATE INDEX CONCURRENTLY IF NOT EXISTS organizations_plan ON roster.organizations (plan);
DROP INDEX CONCURRENTLY IF EXISTS roster.organizations_plan_newest;
DROP INDEX CONCURRENTLY IF EXISTS roster.organizations_slug;
DROP INDEX CONCURRENTLY IF EXISTS roster.organizations_name;
DROP INDEX CONCURRENTLY IF EXISTS roster.users_suspended;
DROP INDEX CONCURRENTLY IF EXISTS roster.users_email_domain;
DROP INDEX CONCURRENTLY IF EXISTS roster.users_updated;
DROP INDEX CONCURRENTLY IF EXISTS roster.users_changed;
