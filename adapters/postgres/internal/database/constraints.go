package database

import (
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/domain"
)

func taken(field, detail, fix string) domain.Error {
	return domain.Error{Kind: domain.Conflict, Reason: domain.ReasonTaken, Field: field, Detail: detail, Fix: fix}
}

func unknown(field, detail, fix string) domain.Error {
	return domain.Error{Kind: domain.Invalid, Reason: domain.ReasonUnknown, Field: field, Detail: detail, Fix: fix}
}

func missing(thing string) domain.Error {
	return domain.Error{
		Kind: domain.NotFound, Reason: domain.ReasonUnknown,
		Detail: "there is no such " + thing, Fix: "check the " + thing + "'s id",
	}
}

// constraints says what each named constraint means to the sender of a
// request. Check constraints of single columns are not listed: violation reads
// the field from the name.
var constraints = map[string]domain.Error{
	"users_pkey":            taken("id", "is the id of another user", "send another id, or none"),
	"users_username_key":    taken("username", "is taken by another user", "choose another username"),
	"users_email_key":       taken("email", "is taken by another user", "send another address"),
	"users_external_id_key": taken("external_id", "is taken by another user", "send another external id, or none"),

	"users_held": {
		Kind: domain.Conflict, Reason: domain.ReasonHeld,
		Detail: "the user is held and must not be erased", Fix: "end the hold first",
	},

	"organizations_pkey":      taken("id", "is the id of another organization", "send another id, or none"),
	"organizations_slug_key":  taken("slug", "is taken by another organization", "choose another slug"),
	"organizations_plan_fkey": unknown("plan", "is not the code of a plan", "choose a plan that exists, or make it first"),

	"webhooks_organization_id_fkey": unknown("organization", "there is no such organization", "send the id of an organization"),

	"memberships_pkey":                 taken("user", "belongs to the organization already", "change the member's role instead"),
	"memberships_organization_id_fkey": missing("organization"),
	"memberships_user_id_fkey":         missing("user"),
	"memberships_last_owner": {
		Kind: domain.Conflict, Reason: domain.ReasonLastOwner,
		Detail: "an organization would be left without an active owner", Fix: "make another active member its owner first",
	},
	"memberships_seats": {
		Kind: domain.Conflict, Reason: domain.ReasonSeats,
		Detail: "an organization would have more members than its plan has seats", Fix: "choose a plan with more seats, or remove members first",
	},

	"plans_pkey": taken("plan", "is the code of another plan", "choose another code"),
	"events_occurred_at_check": {
		Kind: domain.Invalid, Reason: domain.ReasonRange, Field: "occurred_at",
		Detail: "is outside the years for which events are kept", Fix: "send a time from 2000 to 2199",
	},
}

// Violated returns the error of a named constraint in constraints.
func Violated(constraint string) error {
	fault := constraints[constraint]
	return &fault
}

// violation translates what is wrong with the data of a statement.
func violation(pg *pgconn.PgError) (domain.Error, bool) {
	if fault, known := constraints[pg.ConstraintName]; known {
		return fault, true
	}
	switch pg.Code {
	case CheckViolation:
		name, isCheck := strings.CutSuffix(pg.ConstraintName, "_check")
		field, ofTable := strings.CutPrefix(name, pg.TableName+"_")
		return domain.Error{
			Kind: domain.Invalid, Reason: domain.ReasonRange, Field: field,
			Detail: "is refused by the database's rules", Fix: "shorten or correct it",
		}, isCheck && ofTable
	case "22P02", "22P05", "22021", "54001": // not JSON, \u0000, not a character, nested too deep
		return domain.Error{
			Kind: domain.Invalid, Reason: domain.ReasonSyntax,
			Detail: "a value can't be stored as it is", Fix: "send less deeply nested JSON without \\u0000",
		}, true
	}
	return domain.Error{}, false
}
