-- +goose NO TRANSACTION
-- +goose Up
-- What a run that was cut off left behind is dropped first.
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
