package app_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

// streamFixture imports users. The store accepts those on even lines, has those
// on lines divisible by three, and refuses the others.
type streamFixture struct {
	lines []ports.Line[ports.UserRecord]
	ends  error // of the lines
	store error
	parts [][]int64 // the lines that reached the store, by part
	told  [][]app.ImportResult
	fails error // of the report
}

// writer is the store's writer for an import.
func (f *streamFixture) writer(how ports.BulkImport) *portsmock.BulkWriterMock {
	add := func(_ context.Context, lines ports.Lines[ports.UserRecord], refuse func(ports.Refusal) error) (ports.Added, error) {
		var part []int64
		for line, err := range lines {
			if err != nil {
				return ports.Added{}, err
			}
			part = append(part, line.Number)
			switch {
			case line.Number%2 == 0:
				how.Stored(line.Number)
			case line.Number%3 != 0:
				if err := refuse(ports.Refusal{Line: line.Number, Problem: errors.New("odd")}); err != nil {
					return ports.Added{}, err
				}
			}
		}
		f.parts = append(f.parts, part)
		return ports.Added{}, f.store
	}
	return &portsmock.BulkWriterMock{AddUsersFunc: add}
}

func (f *streamFixture) run(t *testing.T) (app.ImportedStream, error) {
	t.Helper()
	store := &portsmock.BulkStoreMock{}
	store.ImportFunc = func(ctx context.Context, how ports.BulkImport, fn func(context.Context, ports.BulkWriter) error) error {
		if how.Atomic || !how.At.Equal(importedAt) || how.Wait <= 0 || how.Wait > 5*time.Second {
			t.Errorf("imported as %+v", how)
		}
		return fn(ctx, f.writer(how))
	}
	from := &portsmock.DatasetMock{UsersFunc: func(context.Context) ports.Lines[ports.UserRecord] {
		return func(yield func(ports.Line[ports.UserRecord], error) bool) {
			for _, line := range f.lines {
				if !yield(line, nil) {
					return
				}
			}
			if f.ends != nil {
				yield(ports.Line[ports.UserRecord]{}, f.ends)
			}
		}
	}}
	clock := &portsmock.ClockMock{NowFunc: func() time.Time { return importedAt }}
	ids := &portsmock.IDsMock{NewIDFunc: func() [16]byte { return [16]byte{9} }}
	return app.NewBulk(store, clock, ids).ImportStream(t.Context(), domain.LocalAdministrator(), ports.UserRecords, from,
		func(results []app.ImportResult) error {
			f.told = append(f.told, slices.Clone(results))
			return f.fails
		})
}

func userLines(n int) []ports.Line[ports.UserRecord] {
	all := make([]ports.Line[ports.UserRecord], n)
	for i := range all {
		all[i] = ports.Line[ports.UserRecord]{Number: int64(i + 1), Size: 100}
	}
	return all
}

func sizes(parts [][]int64) (all []int) {
	for _, part := range parts {
		all = append(all, len(part))
	}
	return all
}

func TestEachLineOfAStreamHasItsOutcome(t *testing.T) {
	f := &streamFixture{lines: userLines(5)}
	f.lines[3].Fault = errors.New("no record")
	total, err := f.run(t)
	if err != nil || total != (app.ImportedStream{Created: 1, Exists: 1, Rejected: 3}) {
		t.Errorf("%+v %v", total, err)
	}
	want := []app.Outcome{app.Rejected, app.Created, app.Exists, app.Rejected, app.Rejected}
	for i, result := range f.told[0] {
		if result.Line != int64(i+1) || result.Outcome != want[i] || (result.Problem != nil) != (want[i] == app.Rejected) {
			t.Errorf("line %d: %+v, want %s", i+1, result, want[i])
		}
	}
	if !slices.Equal(f.parts[0], []int64{1, 2, 3, 5}) {
		t.Errorf("lines %v reached the store", f.parts[0])
	}
}

func TestAStreamIsStoredInParts(t *testing.T) {
	big, paused := userLines(3), userLines(3)
	big[1].Size = 1 << 20
	paused[0].Pause = true
	faulty := userLines(1)
	faulty[0].Fault = errors.New("no record")
	for name, c := range map[string]struct {
		lines []ports.Line[ports.UserRecord]
		want  []int
	}{
		"of none":                    {nil, nil},
		"of a thousand lines":        {userLines(2001), []int{1000, 1000, 1}},
		"of a mebibyte":              {big, []int{2, 1}},
		"that end where it pauses":   {paused, []int{1, 2}},
		"unless no line is a record": {faulty, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := &streamFixture{lines: c.lines}
			if _, err := f.run(t); err != nil {
				t.Fatal(err)
			}
			if got := sizes(f.parts); !slices.Equal(got, c.want) {
				t.Errorf("parts of %v, want %v", got, c.want)
			}
		})
	}
}

func TestAStreamThatEndsBadlyKeepsItsParts(t *testing.T) {
	bad := errors.New("bad")
	for name, c := range map[string]struct {
		f            streamFixture
		parts, tells int
	}{
		"the lines break off": {streamFixture{ends: bad}, 1, 1},
		"the store fails":     {streamFixture{store: bad}, 1, 0},
		"nobody hears":        {streamFixture{fails: bad}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			c.f.lines = userLines(1500)
			if _, err := c.f.run(t); !errors.Is(err, bad) {
				t.Errorf("the error is %v", err)
			}
			if len(c.f.parts) != c.parts || len(c.f.told) != c.tells {
				t.Errorf("%d parts and %d reports, want %d and %d", len(c.f.parts), len(c.f.told), c.parts, c.tells)
			}
		})
	}
}

func TestStreamsAreForAdministrators(t *testing.T) {
	bulk := app.NewBulk(&portsmock.BulkStoreMock{}, &portsmock.ClockMock{}, &portsmock.IDsMock{})
	if _, err := bulk.ImportStream(t.Context(), domain.Principal{}, ports.UserRecords, nil, nil); !errors.Is(err, domain.Denied) {
		t.Errorf("import: %v", err)
	}
	if err := bulk.ExportCollection(t.Context(), domain.Principal{}, ports.UserRecords, nil); !errors.Is(err, domain.Denied) {
		t.Errorf("export: %v", err)
	}
}
