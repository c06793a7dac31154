package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

var importedAt = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// bulkFixture imports a set of two lines of users; the first is no record.
type bulkFixture struct {
	set      *portsmock.DatasetMock
	writer   *portsmock.BulkWriterMock
	store    *portsmock.BulkStoreMock
	rejected []ports.Refusal
	how      ports.BulkImport
	users    []ports.UserRecord
	events   []ports.EventRecord
}

func lines[T any](all ...ports.Line[T]) ports.Lines[T] {
	return func(yield func(ports.Line[T], error) bool) {
		for _, line := range all {
			if !yield(line, nil) {
				return
			}
		}
	}
}

// taking stores every line, and keeps it in into.
func taking[T any](into *[]T) func(context.Context, ports.Lines[T], func(ports.Refusal) error) (ports.Added, error) {
	return func(_ context.Context, all ports.Lines[T], _ func(ports.Refusal) error) (ports.Added, error) {
		var added ports.Added
		for line, err := range all {
			if err != nil {
				return added, err
			}
			*into = append(*into, line.Record)
			added.New++
		}
		return added, nil
	}
}

func newBulkFixture(kinds ...ports.RecordKind) *bulkFixture {
	f := &bulkFixture{}
	f.set = &portsmock.DatasetMock{
		HasFunc: func(kind ports.RecordKind) bool {
			for _, each := range kinds {
				if each == kind {
					return true
				}
			}
			return false
		},
		UsersFunc: func(context.Context) ports.Lines[ports.UserRecord] {
			return lines(
				ports.Line[ports.UserRecord]{Number: 1, Fault: errors.New("no record"), Text: "{"},
				ports.Line[ports.UserRecord]{Number: 2},
				ports.Line[ports.UserRecord]{Number: 3, Record: ports.UserRecord{User: domain.User{ID: domain.UserID{7}}}},
			)
		},
		EventsFunc: func(context.Context) ports.Lines[ports.EventRecord] {
			return lines(
				ports.Line[ports.EventRecord]{Number: 1, Record: ports.EventRecord{OccurredAt: importedAt}},
				ports.Line[ports.EventRecord]{Number: 2, Record: ports.EventRecord{OccurredAt: importedAt.AddDate(1, 0, 0)}},
			)
		},
		RejectFunc: func(_ context.Context, _ ports.RecordKind, r ports.Refusal) error {
			f.rejected = append(f.rejected, r)
			return nil
		},
	}
	f.writer = &portsmock.BulkWriterMock{
		AddUsersFunc:  taking(&f.users),
		AddEventsFunc: taking(&f.events),
		OwnerlessFunc: func(context.Context, int) (int64, []string, error) { return 2, []string{"acme"}, nil },
	}
	f.store = &portsmock.BulkStoreMock{
		ImportFunc: func(ctx context.Context, how ports.BulkImport, fn func(context.Context, ports.BulkWriter) error) error {
			f.how = how
			return fn(ctx, f.writer)
		},
	}
	return f
}

func (f *bulkFixture) run(t *testing.T, opts app.ImportOptions) (app.ImportSummary, error) {
	t.Helper()
	clock := &portsmock.ClockMock{NowFunc: func() time.Time { return importedAt }}
	ids := &portsmock.IDsMock{NewIDFunc: func() [16]byte { return [16]byte{9} }}
	return app.NewBulk(f.store, clock, ids).Import(t.Context(), domain.LocalAdministrator(), f.set, opts)
}

func TestImportCountsEveryLine(t *testing.T) {
	f := newBulkFixture(ports.UserRecords)
	summary, err := f.run(t, app.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := app.ImportedFile{Kind: ports.UserRecords, Read: 3, New: 2, Rejected: 1}
	if len(summary.Files) != 1 || summary.Files[0] != want || summary.Rejected() != 1 {
		t.Errorf("got %+v, want one file %+v", summary.Files, want)
	}
	if summary.Ownerless != 2 || summary.OwnerlessFirst[0] != "acme" {
		t.Errorf("organizations without an owner: %d %v", summary.Ownerless, summary.OwnerlessFirst)
	}
	if len(f.rejected) != 1 || f.rejected[0].Line != 1 || f.rejected[0].Text != "{" {
		t.Errorf("rejected %+v, want line 1 with its text", f.rejected)
	}
	if f.how.Atomic || !f.how.At.Equal(importedAt) {
		t.Errorf("stored by %+v", f.how)
	}
}

func TestImportSaysThatItWaitsForAnother(t *testing.T) {
	f := newBulkFixture(ports.UserRecords)
	var waits time.Duration
	if _, err := f.run(t, app.ImportOptions{Waiting: func(left time.Duration) { waits = left }}); err != nil {
		t.Fatal(err)
	}
	if f.how.Waiting(time.Second); waits != time.Second || f.how.Wait < 15*time.Second {
		t.Errorf("the import waits %s, and says %s", f.how.Wait, waits)
	}
}

func TestImportGivesIDsToUsersWithoutOne(t *testing.T) {
	f := newBulkFixture(ports.UserRecords)
	if _, err := f.run(t, app.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := f.users[0].NewID; got != (domain.UserID{9}) {
		t.Errorf("a user without an id got %v", got)
	}
	if got := f.users[1].NewID; got != (domain.UserID{7}) {
		t.Errorf("a user with an id got %v", got)
	}
}

func TestImportRejectsEventsOfTheFuture(t *testing.T) {
	f := newBulkFixture(ports.EventRecords)
	summary, err := f.run(t, app.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.events) != 1 || summary.Files[0].Rejected != 1 || !errors.Is(f.rejected[0].Problem, domain.Invalid) {
		t.Errorf("stored %d events, rejected %+v", len(f.events), f.rejected)
	}
}

func TestStrictImportFailsAtTheFirstFileWithAFault(t *testing.T) {
	f := newBulkFixture(ports.UserRecords, ports.EventRecords)
	summary, err := f.run(t, app.ImportOptions{Strict: true})
	if !errors.Is(err, domain.Invalid) || !f.how.Atomic {
		t.Fatalf("got %v, atomic %v", err, f.how.Atomic)
	}
	if len(summary.Files) != 1 || len(f.writer.AddEventsCalls()) != 0 {
		t.Errorf("went on after the fault: %+v", summary.Files)
	}
	if len(f.rejected) != 1 {
		t.Errorf("%d lines rejected, want the one at fault", len(f.rejected))
	}
}

func TestImportReportsItsProgress(t *testing.T) {
	f := newBulkFixture(ports.UserRecords)
	var seen []app.ImportProgress
	if _, err := f.run(t, app.ImportOptions{Progress: func(p app.ImportProgress) { seen = append(seen, p) }}); err != nil {
		t.Fatal(err)
	}
	want := app.ImportProgress{Kind: ports.UserRecords, Read: 3, Storing: true}
	if len(seen) != 1 || seen[0] != want {
		t.Errorf("got %+v, want %+v", seen, want)
	}
}

func TestImportEndsWithTheErrorOf(t *testing.T) {
	broken := errors.New("broken")
	for name, spoil := range map[string]func(*bulkFixture){
		"the store": func(f *bulkFixture) {
			f.store.ImportFunc = func(context.Context, ports.BulkImport, func(context.Context, ports.BulkWriter) error) error {
				return broken
			}
		},
		"the data set": func(f *bulkFixture) {
			f.set.UsersFunc = func(context.Context) ports.Lines[ports.UserRecord] {
				return func(yield func(ports.Line[ports.UserRecord], error) bool) {
					yield(ports.Line[ports.UserRecord]{}, broken)
				}
			}
		},
		"the rejects": func(f *bulkFixture) {
			f.set.RejectFunc = func(context.Context, ports.RecordKind, ports.Refusal) error { return broken }
		},
		"the count of owners": func(f *bulkFixture) {
			f.writer.OwnerlessFunc = func(context.Context, int) (int64, []string, error) { return 0, nil, broken }
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newBulkFixture(ports.UserRecords)
			spoil(f)
			if _, err := f.run(t, app.ImportOptions{}); !errors.Is(err, broken) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestOnlyAdministratorsMoveDirectories(t *testing.T) {
	f := newBulkFixture(ports.UserRecords)
	writer := domain.Principal{Scopes: []domain.Scope{domain.ScopeRead, domain.ScopeWrite}}
	service := app.NewBulk(f.store, nil, nil)
	if _, err := service.Import(t.Context(), writer, f.set, app.ImportOptions{}); !errors.Is(err, domain.Denied) {
		t.Errorf("import: %v", err)
	}
	if err := service.Export(t.Context(), writer, nil); !errors.Is(err, domain.Denied) {
		t.Errorf("export: %v", err)
	}
}

func TestExportPassesTheWriterOn(t *testing.T) {
	f := newBulkFixture()
	out := &portsmock.RecordWriterMock{}
	var got ports.RecordWriter
	f.store.ExportFunc = func(_ context.Context, to ports.RecordWriter) error {
		got = to
		return nil
	}
	if err := app.NewBulk(f.store, nil, nil).Export(t.Context(), domain.LocalAdministrator(), out); err != nil || got != out {
		t.Errorf("got %v to %v", err, got)
	}
}
