package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

func attributesPatch(t *testing.T, text string) *domain.AttributesPatch {
	t.Helper()
	patch, err := domain.ParseAttributesPatch([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return &patch
}

// sharedPatch is a patch of a user, and the user that it makes, or the kind of its error.
type sharedPatch struct {
	of     int
	change func(*ports.PatchUser)
	kind   domain.Kind
	want   string
}

// sharedPatches are some that succeed and some that fail.
func sharedPatches(t *testing.T, large func(string) *domain.AttributesPatch) []sharedPatch {
	t.Helper()
	name := domain.MustParse(domain.ParseDisplayName("Ada Lovelace"))
	return []sharedPatch{
		{0, func(in *ports.PatchUser) { in.Attributes = large("b") }, domain.Invalid, ""},
		{
			1, func(in *ports.PatchUser) { in.Attributes = attributesPatch(t, `{"a":null,"b":{"d":3}}`) }, "",
			`user1 user1@example.com user1  {"b":{"c":2,"d":3}} 3`,
		},
		{2, func(in *ports.PatchUser) { in.NoExternalID = true }, "", `user2 user2@example.com user2  {} 3`},
		{3, func(in *ports.PatchUser) { in.DisplayName = name }, "", `user3 user3@example.com Ada Lovelace  {} 2`},
		{4, func(in *ports.PatchUser) { in.Email = testdb.User(5).Email }, domain.Conflict, ""},
		{6, func(in *ports.PatchUser) { in.IfMatch = 7 }, domain.Stale, ""},
		{99, func(in *ports.PatchUser) { in.DisplayName = name }, domain.NotFound, ""},
		{
			7, func(in *ports.PatchUser) { in.Username = testdb.User(70).Username }, "",
			`user70 user7@example.com user7  {} 2`,
		},
		{
			8, func(in *ports.PatchUser) { in.NoAttributes, in.IfMatch = true, 1 }, "",
			`user8 user8@example.com user8  {} 2`,
		},
		{
			9, func(in *ports.PatchUser) { in.ExternalID = domain.MustParse(domain.ParseExternalID("nine")) }, "",
			`user9 user9@example.com user9 nine {} 2`,
		},
	}
}

func TestPatchesThatShareAStatementHaveTheirOwnResults(t *testing.T) {
	t.Parallel()
	d, users, c := usersByMany(t, 12)
	large := func(name string) *domain.AttributesPatch {
		return attributesPatch(t, fmt.Sprintf(`{%q:%q}`, name, strings.Repeat("x", 9_000)))
	}
	patched := func(n int, change func(*ports.PatchUser)) (domain.User, error) {
		in := ports.PatchUser{ID: testdb.User(n).ID, At: testdb.Begin.Add(time.Hour)}
		change(&in)
		return users.PatchUser(t.Context(), in)
	}
	for n, change := range []func(*ports.PatchUser){
		func(in *ports.PatchUser) { in.Attributes = large("a") },
		func(in *ports.PatchUser) { in.Attributes = attributesPatch(t, `{"a":1,"b":{"c":2}}`) },
		func(in *ports.PatchUser) { in.ExternalID = domain.MustParse(domain.ParseExternalID("one")) },
	} {
		if _, err := patched(n, change); err != nil {
			t.Fatal(err)
		}
	}
	// The requests that arrive while the batches in flight wait are one batch.
	release := postgres.Hold(t, d, database.Batched)
	var all sync.WaitGroup
	touch := func(n int) func() {
		return func() {
			if _, err := patched(n, func(in *ports.PatchUser) { in.NoAttributes = true }); err != nil {
				t.Error(err)
			}
		}
	}
	shared := sharedPatches(t, large)
	inTurn(t, d, &all, touch(10), touch(11))
	for _, p := range shared {
		all.Go(func() {
			got, err := patched(p.of, p.change)
			if p.want == "" {
				var fault *domain.Error
				if !errors.As(err, &fault) || fault.Kind != p.kind {
					t.Errorf("the patch of %d: %v, %v", p.of, got, err)
				}
				return
			}
			text := fmt.Sprintf("%s %s %s %s %s %d", got.Username, got.Email, got.DisplayName, got.ExternalID, got.Attributes, got.Version)
			if err != nil || text != p.want {
				t.Errorf("the patch of %d: %s, %v", p.of, text, err)
			}
		})
	}
	pgtest.Eventually(t, "all others wait", func() bool { return postgres.WaitingWrites(users) == len(shared) })
	release()
	all.Wait()
	if got := pgtest.Scalar[int64](t, c, "SELECT sum(version) FROM roster.users"); got != 12+3+2+6 {
		t.Errorf("there are %d versions", got)
	}
}
