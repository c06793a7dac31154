package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/roster-directory/roster/domain"
)

// TestStringsMeanWhatEncodingJSONWrites compares strings as clients decode them.
func TestStringsMeanWhatEncodingJSONWrites(t *testing.T) {
	check := func(t interface{ Errorf(string, ...any) }, text string) {
		written, err := json.Marshal(text)
		var want, got string
		err = errors.Join(err, json.Unmarshal(written, &want))
		encoded := appendString(nil, text)
		if err := errors.Join(err, json.Unmarshal(encoded, &got)); err != nil || got != want || !utf8.Valid(encoded) {
			t.Errorf("%q became %s, which is %q, not %q: %v", text, encoded, got, want, err)
		}
	}
	for c := range 0x3000 { // every ASCII character, and the line ends of JavaScript
		check(t, string(rune(c)))
		check(t, "a"+string(rune(c))+"b")
	}
	for _, text := range []string{"", "\xff", "a\xc3", "\xed\xa0\x80", "\u2028\u2029x", "<script>&", "李小龍\U0001F600"} {
		check(t, text)
	}
	rapid.Check(t, func(t *rapid.T) { check(t, rapid.String().Draw(t, "text")) })
	rapid.Check(t, func(t *rapid.T) { check(t, string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))) })
}

// strictly reads JSON into a type of the contract, which must name every member.
func strictly[T any](t *rapid.T, text []byte) T {
	var v T
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&v); err != nil || !utf8.Valid(text) {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// drawn is a value whose text matches the pattern. Of the letters, which a pattern can't
// tell apart, a few are invisible: a text of these alone is drawn again.
func drawn[V any](t *rapid.T, name, pattern string, parse func(string) (V, error)) V {
	reads := func(text string) bool { return parses(parse)(text) == nil }
	v, err := parse(rapid.StringMatching(pattern).Filter(reads).Draw(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func drawnTime(t *rapid.T, name string) time.Time {
	micros := rapid.Int64Range(0, 253402300799999999).Draw(t, name)
	return time.UnixMicro(micros).In(time.FixedZone("", 3600))
}

func drawnUser(t *rapid.T) domain.User {
	user := domain.User{
		ID:          drawnID(t, "id"),
		Username:    drawn(t, "username", `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, domain.ParseUsername),
		Email:       drawn(t, "email", `[a-z0-9!#$%&'*+/=?^_{|}~-]{1,64}@[a-z]{1,63}\.[a-z]{2,9}`, domain.ParseEmail),
		DisplayName: drawn(t, "display name", `[^\p{Cc}]{0,50}[\pL"\\<>&]`, domain.ParseDisplayName),
		Status:      rapid.SampledFrom([]domain.Status{domain.Active, domain.Suspended}).Draw(t, "status"),
		CreatedAt:   drawnTime(t, "created"),
		UpdatedAt:   drawnTime(t, "updated"),
		Version:     domain.Version(rapid.Int64Min(1).Draw(t, "version")),
	}
	if rapid.Bool().Draw(t, "has external id") {
		user.ExternalID = drawn(t, "external id", `[^\p{Cc}]{0,50}[\pL"\\]`, domain.ParseExternalID)
	}
	if rapid.Bool().Draw(t, "has attributes") {
		value, _ := json.Marshal(map[string]string{rapid.String().Draw(t, "name"): rapid.String().Draw(t, "value")})
		attributes, err := domain.ParseAttributes(value)
		if err == nil { // a NUL is not kept
			user.Attributes = attributes
		}
	}
	return user
}

func TestUsersFollowTheContract(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		user := drawnUser(t)
		text := appendUser(nil, &user, allFields)
		got := strictly[User](t, text)
		external := ""
		if got.ExternalID != nil {
			external = *got.ExternalID
		}
		if got.ID != user.ID.String() || external != user.ExternalID.String() || (got.ExternalID == nil) != user.ExternalID.IsZero() ||
			got.Username != user.Username.String() || got.Email != user.Email.String() || got.DisplayName != user.DisplayName.String() ||
			string(got.Attributes) != user.Attributes.String() || string(got.Status) != string(user.Status) ||
			!got.CreatedAt.Equal(user.CreatedAt) || !got.UpdatedAt.Equal(user.UpdatedAt) || got.Version != int64(user.Version) {
			t.Fatalf("%+v became %s", user, text)
		}
	})
}

func TestListsAreArrays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		users := rapid.SliceOfN(rapid.Custom(drawnUser), 0, 5).Draw(t, "users")
		got := strictly[[]User](t, appendList(nil, users, userEncoder(allFields)))
		if got == nil || len(got) != len(users) {
			t.Fatalf("%d users became %d", len(users), len(got))
		}
		for i := range users {
			if got[i].ID != users[i].ID.String() {
				t.Fatalf("user %d became %v", i, got[i])
			}
		}
	})
}

func TestReportsFollowTheContract(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := domain.Engagement{
			Organization: drawnID(t, "id"),
			Name:         drawn(t, "name", `[^\p{Cc}]{0,50}[\pL"\\]`, domain.ParseOrganizationName),
			Plan:         drawn(t, "plan", `[a-z0-9][a-z0-9_-]{0,31}`, domain.ParsePlanCode),
			Members:      rapid.Int64Min(0).Draw(t, "members"),
			Activity:     domain.Activity{ActiveMembers: rapid.Int64Min(0).Draw(t, "active"), Events: rapid.Int64Min(0).Draw(t, "events")},
		}
		if rapid.Bool().Draw(t, "has a series") {
			line.Series = []domain.BucketActivity{{From: drawnTime(t, "from").Truncate(time.Second), Activity: line.Activity}}
		}
		if rapid.Bool().Draw(t, "was active") {
			line.LastActivity = drawnTime(t, "last")
		}
		text := appendEngagement(nil, &line)
		got := strictly[Engagement](t, text)
		if got.OrganizationID != line.Organization.String() || got.Organization != line.Name.String() || got.Plan != line.Plan.String() ||
			got.Members != line.Members || got.ActiveMembers != line.ActiveMembers || got.Events != line.Events ||
			(got.Series == nil) != (line.Series == nil) || got.Series != nil && (len(*got.Series) != 1 || (*got.Series)[0].Events != line.Events ||
			(*got.Series)[0].ActiveMembers != line.ActiveMembers || !(*got.Series)[0].From.Equal(line.Series[0].From)) ||
			(got.LastActivity == nil) != line.LastActivity.IsZero() || got.LastActivity != nil && !got.LastActivity.Equal(line.LastActivity) {
			t.Fatalf("%+v became %s", line, text)
		}
	})
}

func TestProblemsFollowTheContract(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &problem{kind: problemKind(rapid.IntRange(0, len(catalogue)-1).Draw(t, "kind")), detail: rapid.String().Draw(t, "detail")}
		for range rapid.IntRange(0, 3).Draw(t, "faults") {
			p.faults = append(p.faults, fault{
				pointer: rapid.String().Draw(t, "pointer"), parameter: rapid.String().Draw(t, "parameter"),
				detail: "d", fix: "f",
			})
		}
		got := strictly[Problem](t, appendProblem(nil, p, "id"))
		if got.Type != p.kind.uri() || got.Title != catalogue[p.kind].title || got.Status != p.kind.status() ||
			got.Detail != p.detail || got.RequestID != "id" {
			t.Fatalf("%+v became %+v", p, got)
		}
		if (got.Errors == nil) != (p.faults == nil) || got.Errors != nil && len(*got.Errors) != len(p.faults) {
			t.Fatalf("%d faults became %v", len(p.faults), got.Errors)
		}
	})
}
