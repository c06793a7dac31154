-- +goose Up
CREATE INDEX organizations_name ON roster.organizations ((name COLLATE "C"), id);
CREATE INDEX organizations_slug ON roster.organizations ((slug COLLATE "C"), id);
-- The foreign key to plans uses this one as well as the one that it replaces.
CREATE INDEX organizations_plan_newest ON roster.organizations (plan, created_at DESC, id DESC);
DROP INDEX roster.organizations_plan;

-- +goose Down
CREATE INDEX organizations_plan ON roster.organizations (plan);
DROP INDEX roster.organizations_plan_newest;
DROP INDEX roster.organizations_slug;
DROP INDEX roster.organizations_name;
