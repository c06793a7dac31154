package porttest

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// parts imports each of the records as one part of a file. It returns the outcome of
// each, and the indices of the lines that were reported as new.
func (f *fixture) parts(all ...records) (got []results, stored [][]int) {
	f.Helper()
	var lines []int
	how := ports.BulkImport{At: begin, Stored: func(line int64) { lines = append(lines, int(line-lineOf(0))/7) }}
	err := f.Bulk.Import(f.Context(), how, func(ctx context.Context, to ports.BulkWriter) error {
		for _, part := range all {
			lines = nil
			result, err := f.addAll(ctx, to, part)
			if err != nil {
				return err
			}
			got, stored = append(got, result), append(stored, lines)
		}
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
	return got, stored
}

func bulkParts() []testCase {
	return []testCase{
		{"an import in parts reports the new lines of each kind", partsReportNewLines},
		{"new lines may be between others", newLinesBetweenOthers},
		{"of two lines with one id, the stored one is new", func(f *fixture) {
			f.addsAll(f.acme(0, "ada"))
			first, second := f.bareUser("ada"), f.bareUser("ben")
			first.ID, _ = f.next()
			second.ID = first.ID
			got, stored := f.parts(records{users: []ports.UserRecord{first, second}})
			f.became(got[0], ports.UserRecords, ports.Added{New: 1, Refused: 1}, differs(0, "username, email"))
			sameList(f, "the new lines", stored[0], []int{1})
		}},
		{"equal events without ids are one in an import in parts", func(f *fixture) {
			f.addsAll(f.acme(0, "ada"))
			login := f.login("ada", begin)
			twice := records{events: []ports.EventRecord{login, login}}
			got, stored := f.parts(twice, twice)
			f.became(got[0], ports.EventRecords, ports.Added{New: 1, Unchanged: 1})
			f.became(got[1], ports.EventRecords, ports.Added{Unchanged: 2})
			sameList(f, "the new lines", stored[0], []int{0})
			f.unchanged(records{events: []ports.EventRecord{login}})
		}},
		{"one kind is exported like all of them", func(f *fixture) {
			all := f.everything()
			f.addsAll(all.records())
			var got contents
			for _, kind := range ports.RecordKinds() {
				before := len(got.kinds)
				if err := f.Bulk.ExportKind(f.Context(), kind, &got); err != nil {
					f.Fatal(err)
				}
				for _, each := range got.kinds[before:] {
					same(f, "the kind", each, kind)
				}
			}
			sameList(f, "users", got.users, all.users)
			sameList(f, "events", got.events, all.events)
			sameList(f, "memberships", got.memberships, all.memberships)
		}},
	}
}

func partsReportNewLines(f *fixture) {
	all := f.everything()
	r := all.records()
	byKind := []records{
		{plans: r.plans},
		{organizations: r.organizations},
		{users: r.users},
		{memberships: r.memberships},
		{events: r.events},
	}
	_, stored := f.parts(byKind...)
	for i, want := range [][]int{{0, 1, 2, 3}, {0, 1}, {0, 1, 2, 3}, {0, 1, 2, 3}, {0, 1, 2, 3}} {
		sameList(f, "the new lines of "+string(ports.RecordKinds()[i]), stored[i], want)
	}
	f.holds(all)
	_, stored = f.parts(byKind...)
	for i := range byKind {
		sameList(f, "the lines that are new again", stored[i], nil)
	}
	f.holds(all)
}

func newLinesBetweenOthers(f *fixture) {
	f.addsAll(f.acme(2, "ada", "ben", "cho"))
	taken := f.bareUser("eve")
	taken.Email = f.bareUser("ada").Email
	users := records{users: []ports.UserRecord{f.bareUser("dan"), f.bareUser("ada"), taken, f.bareUser("eve"), f.bareUser("dan")}}
	seats := records{memberships: []ports.MembershipRecord{
		f.joins("acme", "ada"), f.joins("acme", "ada"),
		f.joins("acme", "nobody"), f.joins("acme", "ben"), f.joins("acme", "cho"),
	}}
	got, stored := f.parts(users, seats)
	f.became(got[0], ports.UserRecords, ports.Added{New: 2, Unchanged: 2, Refused: 1},
		refusal{lineOf(2), domain.Conflict, domain.ReasonTaken, "email"})
	sameList(f, "the new users", stored[0], []int{0, 3})
	f.became(got[1], ports.MembershipRecords, ports.Added{New: 2, Unchanged: 1, Refused: 2}, unknown(2, "user"), full(4))
	sameList(f, "the new memberships", stored[1], []int{0, 3})
}
