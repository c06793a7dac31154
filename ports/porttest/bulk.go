package porttest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Bulk checks an implementation of ports.BulkStore. It needs no other port.
func Bulk(t *testing.T, open Open) {
	t.Helper()
	runCases(t, open, slices.Concat(bulkAdditions(), bulkRepetitions(), bulkRefusals(), bulkNames(),
		bulkEvents(), bulkMemberships(), bulkTransactions(), bulkParts(), bulkExports()))
}

// records are the records of a data set, each kind in the order of its lines.
type records struct {
	plans         []domain.Plan
	organizations []ports.OrganizationRecord
	users         []ports.UserRecord
	memberships   []ports.MembershipRecord
	events        []ports.EventRecord
}

// lineOf is the number of the i-th line, from 0. There may be invalid lines between
// two lines, which a store never sees.
func lineOf(i int) int64 { return int64(i)*7 + 3 }

// refusal is the content of a ports.Refusal.
type refusal struct {
	line   int64
	kind   domain.Kind
	reason domain.Reason
	field  string
}

// result is the outcome of the lines of one kind.
type result struct {
	ports.Added
	refusals []refusal
}

// results are the outcomes of the kinds that have lines.
type results map[ports.RecordKind]result

// adder is a method of ports.BulkWriter.
type adder[T any] func(context.Context, ports.Lines[T], func(ports.Refusal) error) (ports.Added, error)

func lines[T any](records []T) ports.Lines[T] {
	return func(yield func(ports.Line[T], error) bool) {
		for i, record := range records {
			if !yield(ports.Line[T]{Number: lineOf(i), Record: record}, nil) {
				return
			}
		}
	}
}

// broken gives the records and then the error.
func broken[T any](records []T, err error) ports.Lines[T] {
	return func(yield func(ports.Line[T], error) bool) {
		for line, err := range lines(records) {
			if !yield(line, err) {
				return
			}
		}
		yield(ports.Line[T]{}, err)
	}
}

func addTo[T any](ctx context.Context, f *fixture, got results, kind ports.RecordKind, add adder[T], records []T) error {
	f.Helper()
	if len(records) == 0 {
		return nil
	}
	var found result
	var err error
	found.Added, err = add(ctx, lines(records), func(r ports.Refusal) error {
		var fault *domain.Error
		if !errors.As(r.Problem, &fault) {
			f.Errorf("%s, line %d: the problem is %v, of no kind", kind, r.Line, r.Problem)
			return nil
		}
		f.refused(r.Problem, fault.Kind, fault.Reason, fault.Field)
		found.refusals = append(found.refusals, refusal{r.Line, fault.Kind, fault.Reason, fault.Field})
		return nil
	})
	got[kind] = found
	return err
}

// addAll adds the records by one writer, each kind as one file.
func (f *fixture) addAll(ctx context.Context, to ports.BulkWriter, r records) (results, error) {
	f.Helper()
	got := results{}
	err := addTo(ctx, f, got, ports.PlanRecords, to.AddPlans, r.plans)
	if err == nil {
		err = addTo(ctx, f, got, ports.OrganizationRecords, to.AddOrganizations, r.organizations)
	}
	if err == nil {
		err = addTo(ctx, f, got, ports.UserRecords, to.AddUsers, r.users)
	}
	if err == nil {
		err = addTo(ctx, f, got, ports.MembershipRecords, to.AddMemberships, r.memberships)
	}
	if err == nil {
		err = addTo(ctx, f, got, ports.EventRecords, to.AddEvents, r.events)
	}
	return got, err
}

// load imports the records.
func (f *fixture) load(r records) (got results) {
	f.Helper()
	err := f.Bulk.Import(f.Context(), ports.BulkImport{At: begin}, func(ctx context.Context, to ports.BulkWriter) (err error) {
		got, err = f.addAll(ctx, to, r)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	return got
}

// became fails the test unless the lines of a kind have the outcome.
func (f *fixture) became(got results, kind ports.RecordKind, added ports.Added, refusals ...refusal) {
	f.Helper()
	same(f, "the outcome of the "+string(kind), got[kind].Added, added)
	sameList(f, "refused "+string(kind), got[kind].refusals, refusals)
}

// addsAll imports records that are all new.
func (f *fixture) addsAll(r records) {
	f.Helper()
	for kind, result := range f.load(r) {
		if result.Unchanged+result.Refused > 0 {
			f.Fatalf("%s: %+v; all should be new", kind, result)
		}
	}
}
