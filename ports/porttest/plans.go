package porttest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Plans checks an implementation of ports.Plans. Some cases need the ports of users,
// organizations and memberships, too.
func Plans(t *testing.T, open Open) {
	t.Helper()
	cases := slices.Concat(plainPlans(), newPlans())
	if whole(open(t)) {
		cases = append(cases, plansInUse()...)
	}
	runCases(t, open, cases)
}

func plainPlans() []testCase {
	return []testCase{
		{"plans come by code", func(f *fixture) {
			sameList(f, "no plans", must[[]domain.Plan](f)(f.Plans.ListPlans(f.Context())), nil)
			pro, big, under := f.plan("pro", 5), f.plan("big", 0), f.plan("a_b", 7)
			dash := f.plan("a-b", 1_000_000)
			sameList(f, "plans", must[[]domain.Plan](f)(f.Plans.ListPlans(f.Context())), []domain.Plan{dash, under, big, pro})
		}},
		{"a plan is stored as it is, and replaced under its code", func(f *fixture) {
			plan := f.plan("pro", 5)
			same(f, "the code", plan.Code.String(), "pro")
			plan.Name = must[domain.PlanName](f)(domain.ParsePlanName("Für Profis"))
			plan.Seats = domain.Seats{}
			same(f, "the result", must[domain.Plan](f)(f.putPlan(plan)), plan)
			sameList(f, "plans", must[[]domain.Plan](f)(f.Plans.ListPlans(f.Context())), []domain.Plan{plan})
		}},
		{"a plan is found by its code", func(f *fixture) {
			f.plan("proud", 7)
			plan := f.newPlan("pro", 5)
			_, err := f.Plans.PlanByCode(f.Context(), plan.Code)
			f.absent(err)
			f.plan("pro", 5)
			same(f, "the plan", must[domain.Plan](f)(f.Plans.PlanByCode(f.Context(), plan.Code)), plan)
		}},
		{"a plan is deleted, once", func(f *fixture) {
			plan := f.plan("pro", 5)
			if err := f.Plans.DeletePlan(f.Context(), plan.Code); err != nil {
				f.Fatal(err)
			}
			f.absent(f.Plans.DeletePlan(f.Context(), plan.Code))
		}},
	}
}

func newPlans() []testCase {
	return []testCase{
		{"a plan that is new is told from one that is replaced", func(f *fixture) {
			small, large := f.newPlan("pro", 5), f.newPlan("pro", 500)
			same(f, "the first is new", must[bool](f)(f.Plans.PutPlan(f.Context(), ports.PutPlan{Plan: small, OnlyNew: true})), true)
			same(f, "the second is new", must[bool](f)(f.Plans.PutPlan(f.Context(), ports.PutPlan{Plan: large})), false)
			_, err := f.Plans.PutPlan(f.Context(), ports.PutPlan{Plan: small, OnlyNew: true})
			f.refused(err, domain.Stale, domain.ReasonVersion, "")
			same(f, "the stored value", must[domain.Plan](f)(f.Plans.PlanByCode(f.Context(), small.Code)), large)
		}},
		{"when 20 callers make one plan at once, it is new to one", func(f *fixture) {
			for _, onlyNew := range []bool{true, false} {
				in, created := ports.PutPlan{Plan: f.newPlan(fmt.Sprint("plan-", onlyNew), 5), OnlyNew: onlyNew}, make([]bool, 20)
				counts := f.count(atOnce(len(created), func(i int) (err error) {
					created[i], err = f.Plans.PutPlan(f.Context(), in)
					return err
				}))
				same(f, "new", trues(created), 1)
				same(f, "successes", counts[""], map[bool]int{true: 1, false: 20}[onlyNew])
				same(f, "stale", counts[domain.ReasonVersion], map[bool]int{true: 19, false: 0}[onlyNew])
			}
		}},
		{"plans that are put and removed at once are there as often as they were told to be new", plansComeAndGo},
	}
}

func plansInUse() []testCase {
	return []testCase{
		{"a plan in use is not deleted", func(f *fixture) {
			o := f.organization("acme", f.user("ada").ID)
			f.refused(f.Plans.DeletePlan(f.Context(), o.Plan), domain.Conflict, domain.ReasonInUse, "")
		}},
		{"a plan keeps as many seats as an organization on it has members", func(f *fixture) {
			ada, ben := f.user("ada"), f.user("ben")
			plan := f.plan("pro", 5)
			o := f.organizationOn(plan, "acme", ada.ID)
			f.member(o.ID, ben.ID, domain.Member)
			f.plan("pro", 2)
			plan.Seats = must[domain.Seats](f)(domain.ParseSeats(1))
			_, err := f.putPlan(plan)
			f.refused(err, domain.Conflict, domain.ReasonSeats, "")
			f.remove(ben.ID)
			f.plan("pro", 1)
		}},
		{"a plan that shrinks while members join is never exceeded", func(f *fixture) {
			plan := f.plan("pro", 20)
			o := f.organizationOn(plan, "acme", f.user("ada").ID)
			joining := make([]domain.Membership, 20)
			for i := range joining {
				joining[i] = f.newMember(o.ID, f.user(fmt.Sprintf("user%d", i)).ID, domain.Member)
			}
			plan.Seats = must[domain.Seats](f)(domain.ParseSeats(8))
			faults := atOnce(len(joining)+1, func(i int) error {
				if i == len(joining) {
					_, err := f.putPlan(plan)
					return err
				}
				_, err := f.Memberships.AddMember(f.Context(), joining[i])
				return err
			})
			f.count(faults)
			members, err := f.members(o.ID, f.size(1000))
			n := len(must[[]domain.Membership](f)(members, err))
			if shrunk := faults[len(joining)] == nil; shrunk && n > 8 || !shrunk && n <= 8 {
				f.Errorf("%d members; the plan shrank to 8 seats: %t", n, shrunk)
			}
		}},
	}
}

func plansComeAndGo(f *fixture) {
	plan := f.newPlan("pro", 5)
	created, removed := make([]bool, 60), make([]bool, 60)
	counts := f.count(atOnce(len(created), func(i int) (err error) {
		if i%2 == 0 {
			err = f.Plans.DeletePlan(f.Context(), plan.Code)
			removed[i] = err == nil
			return err
		}
		created[i], err = f.Plans.PutPlan(f.Context(), ports.PutPlan{Plan: plan})
		return err
	}))
	if counts[""] < 30 || counts[""]+counts[domain.ReasonUnknown] < len(created) {
		f.Errorf("outcomes by reason: %v", counts)
	}
	all, err := f.Plans.ListPlans(f.Context())
	same(f, "plans", len(must[[]domain.Plan](f)(all, err)), trues(created)-trues(removed))
}

func trues(all []bool) int {
	return len(slices.DeleteFunc(all, func(is bool) bool { return !is }))
}
