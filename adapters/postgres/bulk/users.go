package bulk

import (
	"encoding/json"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/ports"
)

type stagedUser struct {
	Line        int64           `db:"line"`
	ID          *[16]byte       `db:"id"`
	NewID       [16]byte        `db:"new_id"`
	ExternalID  *string         `db:"external_id"`
	Username    string          `db:"username"`
	Email       string          `db:"email"`
	DisplayName *string         `db:"display_name"`
	Attributes  json.RawMessage `db:"attributes"`
	Status      *string         `db:"status"`
	CreatedAt   *time.Time      `db:"created_at"`
	UpdatedAt   *time.Time      `db:"updated_at"`
	DeletedAt   *time.Time      `db:"deleted_at"`
	Version     *int64          `db:"version"`
}

func stageUser(line ports.Line[ports.UserRecord]) stagedUser {
	u := line.Record
	staged := stagedUser{
		Line: line.Number, ID: rows.NonZero([16]byte(u.ID)), NewID: either(u.ID, u.NewID),
		ExternalID: rows.NonZero(u.ExternalID.String()), Username: u.Username.String(), Email: u.Email.String(),
		DisplayName: rows.NonZero(u.DisplayName.String()), Status: rows.NonZero(string(u.Status)),
		CreatedAt: rows.NonZero(u.CreatedAt), UpdatedAt: rows.NonZero(u.UpdatedAt), DeletedAt: rows.NonZero(u.DeletedAt),
		Version: rows.NonZero(int64(u.Version)),
	}
	if u.HasAttributes {
		staged.Attributes = json.RawMessage(u.Attributes.String())
	}
	return staged
}

const userColumns = "line, id, new_id, external_id, username, email, display_name, attributes, status, " +
	"created_at, updated_at, deleted_at, version"

var users = kind[ports.UserRecord, stagedUser]{
	staging: newStaging[stagedUser]("users"), row: stageUser, refusals: userRefusals,
	store: newStoring(storeDef{
		table: "users", columns: userColumns,
		insert: func(p importedAt) sq.InsertBuilder {
			return sq.Insert("roster.users").
				Columns("id", "external_id", "username", "email", "display_name", "attributes", "status",
					"created_at", "updated_at", "deleted_at", "version").
				Select(sq.Select("s.new_id", "s.external_id", "s.username", "s.email", "coalesce(s.display_name, s.username)",
					"coalesce(s.attributes, '{}')", "coalesce(s.status, 'active')").
					Column("coalesce(s.created_at, ?)", p.At).
					Column("coalesce(s.updated_at, s.created_at, ?)", p.At).
					Columns("s.deleted_at", "coalesce(s.version, 1)").
					From("staged s").
					Where("s.new_id NOT IN (" + erasedUsers + ")").
					OrderBy("s.line"))
		},
		returning: "id", key: "stored.id::text", lines: "stored JOIN staged s ON s.new_id = stored.id",
	}),
}

// erasedUsers are the ids of users whose erasure is not finished. No new user may
// have them. erasedOrganizations are those of organizations.
const (
	erasedUsers         = "SELECT x.subject FROM roster.erasures x WHERE x.kind = 'user' AND x.finished_at IS NULL"
	erasedOrganizations = "SELECT x.subject FROM roster.erasures x WHERE x.kind = 'organization' AND x.finished_at IS NULL"
)

var userRefusals = refusing("users", userColumns, "", sq.Select("s.line").
	Column(`CASE WHEN u.id IS NOT NULL THEN 'differs' ELSE 'taken' END AS reason`).
	Column(`CASE WHEN u.id IS NOT NULL THEN d.fields
			WHEN s.new_id IN (`+erasedUsers+`) THEN 'id' ELSE t.fields END AS fields`).
	From("staged s").
	LeftJoin(`roster.users n ON s.id IS NULL AND n.deleted_at IS NULL AND lower(n.username COLLATE "C") = lower(s.username COLLATE "C")`).
	LeftJoin("roster.users u ON u.id = coalesce(s.id, n.id)").
	CrossJoin(`LATERAL (SELECT concat_ws(', ',
			CASE WHEN u.external_id IS DISTINCT FROM s.external_id AND s.external_id IS NOT NULL THEN 'external_id' END,
			CASE WHEN u.username <> s.username THEN 'username' END,
			CASE WHEN u.email <> s.email THEN 'email' END,
			CASE WHEN u.display_name <> s.display_name THEN 'display_name' END,
			CASE WHEN u.attributes <> s.attributes THEN 'attributes' END,
			CASE WHEN u.status <> s.status THEN 'status' END,
			CASE WHEN u.created_at <> s.created_at THEN 'created_at' END,
			CASE WHEN u.updated_at <> s.updated_at THEN 'updated_at' END,
			CASE WHEN u.deleted_at IS DISTINCT FROM s.deleted_at AND s.deleted_at IS NOT NULL THEN 'deleted_at' END,
			CASE WHEN u.version <> s.version THEN 'version' END) AS fields) d`).
	CrossJoin(`LATERAL (SELECT concat_ws(', ',
			CASE WHEN EXISTS (SELECT 1 FROM roster.users o WHERE o.deleted_at IS NULL AND `+
		`lower(o.username COLLATE "C") = lower(s.username COLLATE "C")) THEN 'username' END,
			CASE WHEN EXISTS (SELECT 1 FROM roster.users o WHERE o.deleted_at IS NULL AND `+
		`lower(o.email COLLATE "C") = lower(s.email COLLATE "C")) THEN 'email' END,
			CASE WHEN EXISTS (SELECT 1 FROM roster.users o WHERE o.deleted_at IS NULL AND `+
		`o.external_id = s.external_id) THEN 'external_id' END) AS fields) t`).
	Where("(u.id IS NULL OR d.fields <> '')").
	OrderBy("s.line"))
