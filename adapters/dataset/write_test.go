package dataset_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

var moment = time.Date(2026, 1, 2, 3, 4, 5, 678_000, time.UTC)

// writeAll writes one record of each kind.
func writeAll(t *testing.T, w *dataset.Writer) {
	t.Helper()
	code, slug := domain.MustParse(domain.ParsePlanCode("free")), domain.MustParse(domain.ParseSlug("acme"))
	user := ports.UserRecord{HasAttributes: true, User: domain.User{
		ID: domain.UserID{1}, Status: domain.Active, CreatedAt: moment, UpdatedAt: moment, DeletedAt: moment, Version: 2,
		Username:    domain.MustParse(domain.ParseUsername("ada")),
		Email:       domain.MustParse(domain.ParseEmail("ada@example.com")),
		DisplayName: domain.MustParse(domain.ParseDisplayName(`Ada "<&>", 李`)),
		Attributes:  domain.MustParse(domain.ParseAttributes([]byte(`{"a":"b,c"}`))),
	}}
	acme := domain.OrganizationID{2}
	event := domain.Event{
		ID: domain.EventID{3}, Organization: acme, OccurredAt: moment,
		Kind:    domain.MustParse(domain.ParseEventKind("login")),
		Payload: domain.MustParse(domain.ParsePayload([]byte("null"))),
	}
	for _, err := range []error{
		w.WritePlan(domain.Plan{
			Code: code, Name: domain.MustParse(domain.ParsePlanName("Free")), Seats: domain.MustParse(domain.ParseSeats(5)),
		}),
		w.WriteOrganization(domain.NewOrganization(acme, domain.MustParse(domain.ParseOrganizationName("Acme")), slug, code, moment)),
		w.WriteUser(user),
		w.WriteMembership(domain.Membership{Organization: acme, User: domain.UserID{1}, Role: domain.Owner, JoinedAt: moment}),
		w.WriteEvent(event),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestADataSetIsReadAsItWasWritten(t *testing.T) {
	for _, format := range []dataset.Format{dataset.NDJSON, dataset.CSV} {
		t.Run(string(format), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "new", "folder")
			w, err := dataset.Create(dir, format, false)
			if err != nil {
				t.Fatal(err)
			}
			writeAll(t, w)
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			set, err := dataset.Open(dir, "")
			if err != nil {
				t.Fatal(err)
			}
			u := users(t, set)[0]
			if u.Fault != nil || u.Record.DisplayName.String() != `Ada "<&>", 李` || u.Record.Attributes.String() != `{"a":"b,c"}` ||
				!u.Record.DeletedAt.Equal(moment) || u.Record.Version != 2 {
				t.Errorf("got %+v", u)
			}
			for e, err := range set.Events(t.Context()) {
				if err != nil || e.Fault != nil || !e.Record.User.IsZero() || e.Record.Payload.String() != "null" ||
					!e.Record.OccurredAt.Equal(moment) {
					t.Errorf("got %+v, %v", e, err)
				}
			}
			for p, err := range set.Plans(t.Context()) {
				if seats, limited := p.Record.Seats.Limit(); err != nil || p.Fault != nil || seats != 5 || !limited {
					t.Errorf("got %+v, %v", p, err)
				}
			}
			for o, err := range set.Organizations(t.Context()) {
				if err != nil || o.Fault != nil || o.Record.Slug.String() != "acme" || o.Record.Version != 1 {
					t.Errorf("got %+v, %v", o, err)
				}
			}
			for m, err := range set.Memberships(t.Context()) {
				if err != nil || m.Fault != nil || m.Record.Role != domain.Owner || m.Record.User.ID != (domain.UserID{1}) {
					t.Errorf("got %+v, %v", m, err)
				}
			}
		})
	}
}

func TestAFolderIsNotOverwrittenUnlessAsked(t *testing.T) {
	dir := folder(t, map[string]string{"users.csv": "username,email\n", "Plans.jsonl": "", "events.CSV.gz": "", "memberships.ndjson": "old"})
	if _, err := dataset.Create(dir, dataset.NDJSON, false); err == nil || !strings.Contains(err.Error(), "with --force") {
		t.Errorf("got %v", err)
	}
	w, err := dataset.Create(dir, dataset.NDJSON, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := dataset.Open(dir, ""); err != nil {
		t.Errorf("the folder holds two data sets: %v", err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "memberships.ndjson")); err != nil || len(text) > 0 {
		t.Errorf("the old memberships are there: %s, %v", text, err)
	}
}

func TestAWriterThatIsAbortedLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	w, err := dataset.Create(dir, dataset.CSV, false)
	if err != nil {
		t.Fatal(err)
	}
	writeAll(t, w)
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

func TestAnUnknownFormatIsRefused(t *testing.T) {
	if _, err := dataset.Create(t.TempDir(), "xml", false); err == nil || !strings.Contains(err.Error(), `unknown format "xml"`) {
		t.Errorf("got %v", err)
	}
}
