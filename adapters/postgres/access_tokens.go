package postgres

import (
	"context"
	"encoding/json"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

type byKeys struct{ Keys []string }

// accountRow is a user, with the key by which it was found.
type accountRow struct {
	ID     [16]byte `db:"id"`
	Status string   `db:"status"`
	Key    *string  `db:"key"`
}

var accountsByExternalIDs = sqlcheck.New(sqlcheck.Def[byKeys, accountRow]{
	Name: "accounts.by_external_ids",
	Build: func(p byKeys) sq.Sqlizer {
		return selectAccounts("u.external_id").Where("u.external_id = ANY(?)", p.Keys)
	},
})

var accountsByEmails = sqlcheck.New(sqlcheck.Def[byKeys, accountRow]{
	Name: "accounts.by_emails",
	Build: func(p byKeys) sq.Sqlizer {
		return selectAccounts(`lower(u.email COLLATE "C")`).Where(`lower(u.email COLLATE "C") = ANY(?)`, p.Keys)
	},
})

var accountsByUsernames = sqlcheck.New(sqlcheck.Def[byKeys, accountRow]{
	Name: "accounts.by_usernames",
	Build: func(p byKeys) sq.Sqlizer {
		return selectAccounts(`lower(u.username COLLATE "C")`).Where(`lower(u.username COLLATE "C") = ANY(?)`, p.Keys)
	},
})

func selectAccounts(key string) sq.SelectBuilder {
	return sq.Select("u.id", "u.status", key+" AS key").From("roster.users u").Where("u.deleted_at IS NULL")
}

// AccessTokens implements ports.AccessTokens.
type AccessTokens struct {
	pool                              *database.Pool
	byExternalID, byEmail, byUsername database.Batcher[string, string, domain.Account]
}

// NewAccessTokens returns what d keeps for access tokens. It starts batchers: every
// request with an access token may read its user.
func NewAccessTokens(d *Database) *AccessTokens {
	return &AccessTokens{
		pool:         d.pool,
		byExternalID: accountReads(d.pool, accountsByExternalIDs),
		byEmail:      accountReads(d.pool, accountsByEmails),
		byUsername:   accountReads(d.pool, accountsByUsernames),
	}
}

// accountReads makes a batcher for requests for one account each, by its key.
func accountReads(
	pool *database.Pool, query *sqlcheck.Query[byKeys, accountRow],
) database.Batcher[string, string, domain.Account] {
	run := func(ctx context.Context, keys []string, results []batch.Result[domain.Account]) error {
		found, err := database.All(ctx, pool, query, byKeys{keys}, database.AsIs[accountRow])
		if err != nil {
			return err
		}
		answerEach(keys, results, found, func(row *accountRow) string { return rows.OrZero(row.Key) }, accountRow.value,
			func(key string) error { return domain.Absent("user", text(key)) })
		return nil
	}
	return database.Reads(pool, database.ManyReads, batch.Work[string, string, domain.Account]{Key: database.Itself[string], Run: run})
}

// text is a fmt.Stringer.
type text string

func (t text) String() string { return string(t) }

func (r accountRow) value() (domain.Account, error) {
	c := rows.Conversion{Table: "users", ID: domain.UserID(r.ID).String()}
	account := domain.Account{ID: r.ID, Status: rows.Parse(&c, "status", r.Status, domain.ParseStatus)}
	return account, c.Err()
}

// AccountByExternalID implements ports.AccountReader.
func (s *AccessTokens) AccountByExternalID(ctx context.Context, id domain.ExternalID) (domain.Account, error) {
	return s.byExternalID.Do(ctx, id.String())
}

// AccountByEmail implements ports.AccountReader.
func (s *AccessTokens) AccountByEmail(ctx context.Context, email domain.Email) (domain.Account, error) {
	return s.byEmail.Do(ctx, email.Key())
}

// AccountByUsername implements ports.AccountReader.
func (s *AccessTokens) AccountByUsername(ctx context.Context, name domain.Username) (domain.Account, error) {
	return s.byUsername.Do(ctx, name.Key())
}

type issuerKeysRow struct {
	Issuer    string          `db:"issuer"`
	KeySet    json.RawMessage `db:"key_set"`
	FetchedAt time.Time       `db:"fetched_at"`
}

var issuerKeysByIssuer = sqlcheck.New(sqlcheck.Def[byKey, issuerKeysRow]{
	Name: "issuer_keys.by_issuer",
	Build: func(p byKey) sq.Sqlizer {
		return sq.Select("k.issuer", "k.key_set", "k.fetched_at").From("roster.issuer_keys k").Where("k.issuer = ?", p.Key)
	},
})

type keepIssuerKeys struct {
	Issuer    string
	KeySet    json.RawMessage
	FetchedAt time.Time
}

var issuerKeysKeep = sqlcheck.New(sqlcheck.Def[keepIssuerKeys, sqlcheck.None]{
	Name: "issuer_keys.keep",
	Build: func(p keepIssuerKeys) sq.Sqlizer {
		return sq.Insert("roster.issuer_keys AS k").Columns("issuer", "key_set", "fetched_at").Values(p.Issuer, p.KeySet, p.FetchedAt).
			Suffix("ON CONFLICT (issuer) DO UPDATE SET key_set = EXCLUDED.key_set, fetched_at = EXCLUDED.fetched_at" +
				" WHERE k.fetched_at <= EXCLUDED.fetched_at")
	},
})

// IssuerKeySet implements ports.IssuerKeys.
func (s *AccessTokens) IssuerKeySet(ctx context.Context, issuer string) (ports.IssuerKeySet, error) {
	return database.One(ctx, s.pool, issuerKeysByIssuer, byKey{issuer}, issuerKeysRow.value, "issuer", text(issuer))
}

func (r issuerKeysRow) value() (ports.IssuerKeySet, error) {
	return ports.IssuerKeySet{Issuer: r.Issuer, JSON: r.KeySet, FetchedAt: r.FetchedAt.UTC()}, nil
}

// KeepIssuerKeySet implements ports.IssuerKeys.
func (s *AccessTokens) KeepIssuerKeySet(ctx context.Context, in ports.IssuerKeySet) error {
	p := keepIssuerKeys{in.Issuer, in.JSON, in.FetchedAt}
	_, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) (int64, error) { return issuerKeysKeep.Exec(ctx, db, p) })
	return err
}
