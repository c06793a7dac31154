package porttest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// APIKeys checks an implementation of ports.APIKeys. Some cases need the ports of
// users, plans and organizations, too.
func APIKeys(t *testing.T, open Open) {
	t.Helper()
	cases := slices.Concat(storedAPIKeys(), endedAPIKeys())
	if whole(open(t)) {
		cases = append(cases, boundAPIKeys()...)
	}
	runCases(t, open, cases)
}

func (f *fixture) newAPIKey(name string) ports.StoredAPIKey {
	f.Helper()
	id, at := f.next()
	return ports.StoredAPIKey{
		Key: domain.APIKey{
			ID: id, Name: must[domain.APIKeyName](f)(domain.ParseAPIKeyName(name)), Scopes: []domain.Scope{domain.ScopeRead},
			CreatedAt: at, CreatedBy: "somebody",
		},
		Hash: ports.SecretHash{1, id[15]},
	}
}

func (f *fixture) apiKey(key ports.StoredAPIKey) domain.APIKeyID {
	f.Helper()
	if err := f.APIKeys.CreateAPIKey(f.Context(), key); err != nil {
		f.Fatal(err)
	}
	return key.Key.ID
}

func (f *fixture) apiKeys(in ports.ListAPIKeys) []domain.APIKey {
	f.Helper()
	in.Limit = f.size(100)
	return must[ports.Page[domain.APIKey]](f)(f.APIKeys.ListAPIKeys(f.Context(), in)).Items
}

func (f *fixture) storedAPIKey(id domain.APIKeyID) ports.StoredAPIKey {
	f.Helper()
	return must[ports.StoredAPIKey](f)(f.APIKeys.StoredAPIKey(f.Context(), id))
}

// shown is a value with slices, to be compared.
func shown(value any) string { return fmt.Sprintf("%+v", value) }

func storedAPIKeys() []testCase {
	return []testCase{
		{"a key is found as it was stored", func(f *fixture) {
			plain, full := f.newAPIKey("plain"), f.newAPIKey("Für alles ✓")
			full.Key.Scopes = []domain.Scope{domain.ScopeWrite, domain.ScopeRead, domain.ScopeAdmin}
			full.Key.ExpiresAt = begin.Add(time.Hour)
			f.apiKey(plain)
			f.apiKey(full)
			same(f, "the plain key", shown(f.storedAPIKey(plain.Key.ID)), shown(plain))
			same(f, "the full key", shown(f.storedAPIKey(full.Key.ID)), shown(full))
			_, err := f.APIKeys.StoredAPIKey(f.Context(), nobody)
			f.absent(err)
		}},
		{"keys are listed in pages, the newest first", func(f *fixture) {
			var all []domain.APIKey
			for _, name := range []string{"a", "b", "c", "d", "e"} {
				key := f.newAPIKey(name)
				f.apiKey(key)
				all = slices.Insert(all, 0, key.Key)
			}
			got := pages(f, 2, func(last *domain.APIKey, limit domain.PageSize) (ports.Page[domain.APIKey], error) {
				in := ports.ListAPIKeys{Limit: limit}
				if last != nil {
					in.After = &domain.APIKeyPosition{At: last.CreatedAt, ID: last.ID}
				}
				return f.APIKeys.ListAPIKeys(f.Context(), in)
			})
			same(f, "the keys", shown(got), shown(all))
		}},
		{"the last use is kept, and never goes back", func(f *fixture) {
			id, other := f.apiKey(f.newAPIKey("a")), f.apiKey(f.newAPIKey("b"))
			for _, at := range []time.Time{begin.Add(time.Minute), begin} {
				if err := f.APIKeys.NoteAPIKeyUses(f.Context(), map[domain.APIKeyID]time.Time{id: at, nobody: at}); err != nil {
					f.Fatal(err)
				}
			}
			same(f, "the last use", f.storedAPIKey(id).Key.LastUsedAt, begin.Add(time.Minute))
			same(f, "that of another key", f.storedAPIKey(other).Key.LastUsedAt, time.Time{})
		}},
	}
}

func endedAPIKeys() []testCase {
	return []testCase{
		{"a key is revoked once", func(f *fixture) {
			id := f.apiKey(f.newAPIKey("a"))
			for i, by := range []string{"Ada", "Grace"} {
				revoke := ports.RevokeAPIKey{ID: id, At: begin.Add(time.Duration(i) * time.Hour), By: by}
				if err := f.APIKeys.RevokeAPIKey(f.Context(), revoke); err != nil {
					f.Fatal(err)
				}
			}
			key := f.storedAPIKey(id).Key
			same(f, "the time", key.RevokedAt, begin)
			same(f, "who did it", key.RevokedBy, "Ada")
			f.absent(f.APIKeys.RevokeAPIKey(f.Context(), ports.RevokeAPIKey{ID: nobody, At: begin, By: "Ada"}))
		}},
		{"a key is replaced by one with the same rights, and ends later", func(f *fixture) {
			old := f.newAPIKey("a")
			old.Key.Scopes = []domain.Scope{domain.ScopeWrite}
			f.apiKey(old)
			next := f.newAPIKey("not used")
			next.Key.Scopes, next.Key.ExpiresAt = nil, begin.Add(48*time.Hour)
			until := begin.Add(24 * time.Hour)
			made := must[domain.APIKey](f)(f.APIKeys.RotateAPIKey(f.Context(), ports.RotateAPIKey{ID: old.Key.ID, Until: until, New: next}))
			want := next
			want.Key.Name, want.Key.Scopes = old.Key.Name, old.Key.Scopes
			same(f, "the result", shown(made), shown(want.Key))
			same(f, "the new key", shown(f.storedAPIKey(made.ID)), shown(want))
			same(f, "the end of the old key", f.storedAPIKey(old.Key.ID).Key.ExpiresAt, until)
			later := ports.RotateAPIKey{ID: old.Key.ID, Until: until.Add(time.Hour), New: f.newAPIKey("x")}
			must[domain.APIKey](f)(f.APIKeys.RotateAPIKey(f.Context(), later))
			same(f, "its end, which is not put off", f.storedAPIKey(old.Key.ID).Key.ExpiresAt, until)
		}},
		{"a key that has ended is not replaced", func(f *fixture) {
			revoked, expired := f.newAPIKey("a"), f.newAPIKey("b")
			expired.Key.ExpiresAt = expired.Key.CreatedAt.Add(time.Microsecond)
			f.apiKey(revoked)
			f.apiKey(expired)
			if err := f.APIKeys.RevokeAPIKey(f.Context(), ports.RevokeAPIKey{ID: revoked.Key.ID, At: begin, By: "Ada"}); err != nil {
				f.Fatal(err)
			}
			for _, id := range []domain.APIKeyID{revoked.Key.ID, expired.Key.ID} {
				_, err := f.APIKeys.RotateAPIKey(f.Context(), ports.RotateAPIKey{ID: id, Until: begin, New: f.newAPIKey("x")})
				f.refused(err, domain.Conflict, domain.ReasonVersion, "")
			}
			_, err := f.APIKeys.RotateAPIKey(f.Context(), ports.RotateAPIKey{ID: nobody, Until: begin, New: f.newAPIKey("x")})
			f.absent(err)
			same(f, "the number of keys", len(f.apiKeys(ports.ListAPIKeys{})), 2)
		}},
	}
}

func boundAPIKeys() []testCase {
	return []testCase{
		{"a key is bound to an organization, and goes with it", func(f *fixture) {
			home := f.organization("home", f.user("ada").ID)
			bound := f.newAPIKey("bound")
			bound.Key.Organization, bound.Key.Role = home.ID, domain.Admin
			f.apiKey(bound)
			f.apiKey(f.newAPIKey("free"))
			same(f, "the key", shown(f.storedAPIKey(bound.Key.ID)), shown(bound))
			same(f, "its keys", shown(f.apiKeys(ports.ListAPIKeys{Organization: home.ID})), shown([]domain.APIKey{bound.Key}))
			if _, err := f.Organizations.DeleteOrganization(f.Context(), home.ID, 0); err != nil {
				f.Fatal(err)
			}
			_, err := f.APIKeys.StoredAPIKey(f.Context(), bound.Key.ID)
			f.absent(err)
		}},
		{"a key is not bound to an organization that does not exist", func(f *fixture) {
			key := f.newAPIKey("a")
			key.Key.Organization = nobody
			f.refused(f.APIKeys.CreateAPIKey(f.Context(), key), domain.Invalid, domain.ReasonUnknown, "organization")
		}},
	}
}
