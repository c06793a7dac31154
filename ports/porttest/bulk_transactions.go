package porttest

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

var errStop = errors.New("stop")

func bulkTransactions() []testCase {
	return []testCase{
		{"an import that is not atomic keeps what it added before its error", func(f *fixture) {
			r := f.acme(0, "ada")
			f.is(f.fails(false, r, errStop), errStop)
			got := f.contents()
			same(f, "plans", len(got.plans), 1)
			same(f, "users", len(got.users), 1)
		}},
		{"an atomic import stores all or nothing", func(f *fixture) {
			all := f.everything().records()
			f.is(f.fails(true, all, errStop), errStop)
			f.holds(contents{})
			if err := f.fails(true, all, nil); err != nil {
				f.Fatal(err)
			}
			f.unchanged(all)
		}},
		{"an error in the middle of a file undoes that file", func(f *fixture) {
			f.cuts(false)
			same(f, "plans", len(f.contents().plans), 1)
		}},
		{"an error in the middle of a file undoes an atomic import, even one that goes on", func(f *fixture) {
			f.cuts(true)
			f.holds(contents{})
		}},
		{"an error of refuse undoes its file", func(f *fixture) { f.stopsRefusing(false) }},
		{"an error of refuse undoes an atomic import, even one that goes on", func(f *fixture) { f.stopsRefusing(true) }},
		{"a second import is refused while one runs, and the next is not", func(f *fixture) {
			err := f.Bulk.Import(f.Context(), ports.BulkImport{At: begin}, func(ctx context.Context, _ ports.BulkWriter) error {
				return f.Bulk.Import(ctx, ports.BulkImport{At: begin}, func(context.Context, ports.BulkWriter) error {
					f.Error("two imports run at the same time")
					return nil
				})
			})
			f.refused(err, domain.Conflict, domain.ReasonInUse, "")
			f.addsAll(f.acme(0))
		}},
	}
}

func (f *fixture) is(err, want error) {
	f.Helper()
	if !errors.Is(err, want) {
		f.Errorf("the error is %v; it should be %v", err, want)
	}
}

// fails imports the records and then returns the error.
func (f *fixture) fails(atomic bool, r records, end error) error {
	f.Helper()
	return f.Bulk.Import(f.Context(), ports.BulkImport{At: begin, Atomic: atomic}, func(ctx context.Context, to ports.BulkWriter) error {
		if _, err := f.addAll(ctx, to, r); err != nil {
			return err
		}
		return end
	})
}

// cuts gives a plan, and then files of each kind that end in an error.
func (f *fixture) cuts(atomic bool) {
	f.Helper()
	r := f.everything().records()
	err := f.Bulk.Import(f.Context(), ports.BulkImport{At: begin, Atomic: atomic}, func(ctx context.Context, to ports.BulkWriter) error {
		if _, err := f.addAll(ctx, to, records{plans: r.plans[:1]}); err != nil {
			return err
		}
		cut(ctx, f, to.AddPlans, r.plans)
		if atomic {
			return nil
		}
		cut(ctx, f, to.AddOrganizations, r.organizations)
		cut(ctx, f, to.AddUsers, r.users)
		cut(ctx, f, to.AddMemberships, r.memberships)
		cut(ctx, f, to.AddEvents, r.events)
		return nil
	})
	if atomic {
		f.is(err, errStop)
	} else if err != nil {
		f.Fatal(err)
	}
}

func cut[T any](ctx context.Context, f *fixture, add adder[T], records []T) {
	f.Helper()
	var lines ports.Lines[T] = broken(records, errStop)
	_, err := add(ctx, lines, func(ports.Refusal) error { return nil })
	f.is(err, errStop)
}

// stopsRefusing gives a file whose refusal ends in an error.
func (f *fixture) stopsRefusing(atomic bool) {
	f.Helper()
	users := []ports.UserRecord{f.bareUser("ada"), f.bareUser("ADA")}
	err := f.Bulk.Import(f.Context(), ports.BulkImport{At: begin, Atomic: atomic}, func(ctx context.Context, to ports.BulkWriter) error {
		_, err := to.AddUsers(ctx, lines(users), func(ports.Refusal) error { return errStop })
		f.is(err, errStop)
		return nil
	})
	if atomic {
		f.is(err, errStop)
	} else if err != nil {
		f.Fatal(err)
	}
	f.holds(contents{})
}
