package porttest

import (
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// AccessTokens checks an implementation of ports.AccessTokens. Some cases need the
// port of users, too.
func AccessTokens(t *testing.T, open Open) {
	t.Helper()
	cases := issuerKeySets()
	if open(t).Users != nil {
		cases = append(cases, accounts()...)
	}
	runCases(t, open, cases)
}

func (f *fixture) keepKeys(issuer, json string, at time.Time) {
	f.Helper()
	if err := f.AccessTokens.KeepIssuerKeySet(f.Context(), ports.IssuerKeySet{Issuer: issuer, JSON: []byte(json), FetchedAt: at}); err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) keys(issuer string) ports.IssuerKeySet {
	f.Helper()
	return must[ports.IssuerKeySet](f)(f.AccessTokens.IssuerKeySet(f.Context(), issuer))
}

func issuerKeySets() []testCase {
	const issuer, other = "https://id.example.com", "https://id.example.com/"
	return []testCase{
		{"the last key set of an issuer is kept", func(f *fixture) {
			_, err := f.AccessTokens.IssuerKeySet(f.Context(), issuer)
			f.absent(err)
			f.keepKeys(issuer, `{"keys": [1]}`, begin)
			f.keepKeys(other, `{"keys": [2]}`, begin)
			f.keepKeys(issuer, `{"keys": [3]}`, begin.Add(time.Minute))
			f.keepKeys(issuer, `{"keys": [4]}`, begin) // by a slower replica
			same(f, "the keys", shown(f.keys(issuer)),
				shown(ports.IssuerKeySet{Issuer: issuer, JSON: []byte(`{"keys": [3]}`), FetchedAt: begin.Add(time.Minute)}))
			same(f, "those of another issuer", string(f.keys(other).JSON), `{"keys": [2]}`)
		}},
	}
}

func accounts() []testCase {
	return []testCase{
		{"an account is found by each name of its user, in any case", func(f *fixture) {
			user := f.user("Ada")
			f.user("grace")
			named := must[domain.User](f)(f.Users.ReplaceUser(f.Context(), ports.ReplaceUser{
				ID: user.ID, Username: user.Username, Email: user.Email, At: user.UpdatedAt,
				ExternalID: must[domain.ExternalID](f)(domain.ParseExternalID("00u1")),
			}))
			want := domain.Account{ID: user.ID, Status: domain.Active}
			lower := must[domain.Username](f)(domain.ParseUsername("ada"))
			same(f, "by external id", must[domain.Account](f)(f.AccessTokens.AccountByExternalID(f.Context(), named.ExternalID)), want)
			same(f, "by email", must[domain.Account](f)(f.AccessTokens.AccountByEmail(f.Context(), named.Email)), want)
			same(f, "by username", must[domain.Account](f)(f.AccessTokens.AccountByUsername(f.Context(), lower)), want)
			_, err := f.AccessTokens.AccountByExternalID(f.Context(), must[domain.ExternalID](f)(domain.ParseExternalID("00U1")))
			f.absent(err)
		}},
		{"a suspension and a deletion are seen at once", func(f *fixture) {
			user := f.user("ada")
			suspend := ports.PatchUser{ID: user.ID, Status: domain.Suspended, At: user.UpdatedAt}
			must[domain.User](f)(f.Users.PatchUser(f.Context(), suspend))
			account := must[domain.Account](f)(f.AccessTokens.AccountByUsername(f.Context(), user.Username))
			same(f, "the status", account.Status, domain.Suspended)
			if err := f.Users.DeleteUser(f.Context(), ports.DeleteUser{ID: user.ID, At: user.UpdatedAt}); err != nil {
				f.Fatal(err)
			}
			_, err := f.AccessTokens.AccountByUsername(f.Context(), user.Username)
			f.absent(err)
			_, err = f.AccessTokens.AccountByEmail(f.Context(), user.Email)
			f.absent(err)
		}},
	}
}
