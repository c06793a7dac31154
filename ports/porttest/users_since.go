package porttest

import (
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// changesSince are cases of readers that begin at a time, not with all changes.
func changesSince() []testCase {
	return []testCase{
		{"changes since a time have the erasures before and after other changes", func(f *fixture) {
			ada, ben, cho := f.user("ada"), f.user("ben"), f.user("cho")
			f.erase(ports.EraseUser{ID: ada.ID})
			ben = f.replace(f.rename(ben, "benjamin"))
			f.erase(ports.EraseUser{ID: cho.ID})
			for _, limit := range []int{1, 2, 100} {
				r := &follower{fixture: f, limit: limit, since: time.Now().Add(-time.Hour)}
				r.until(func() bool { return len(r.known) == 3 })
				for i, want := range []domain.UserID{ada.ID, ben.ID, cho.ID} {
					same(f, "the changed user", r.all[i].ID, want)
				}
				same(f, "the replaced user", r.all[1], ben)
			}
		}},
		{"changes since a time have the erasures where all users were erased", func(f *fixture) {
			ada := f.user("ada")
			f.erase(ports.EraseUser{ID: ada.ID})
			r := &follower{fixture: f, limit: 1, since: time.Now().Add(-time.Hour)}
			r.until(func() bool { return !r.known[ada.ID].DeletedAt.IsZero() })
		}},
		{"one whose id is taken up again after an erasure is there in the end", func(f *fixture) {
			ada := f.user("ada")
			f.erase(ports.EraseUser{ID: ada.ID})
			must[domain.User](f)(f.create(ada))
			r := &follower{fixture: f, limit: 1, since: time.Now().Add(-time.Hour)}
			r.until(func() bool { return r.known[ada.ID].Version == 1 })
			same(f, "the last change", r.all[len(r.all)-1], ada)
		}},
		{"a position that the directory has not reached is refused", func(f *fixture) {
			f.user("ada")
			for _, change := range []uint64{1 << 62, 1<<64 - 1} {
				_, err := f.Users.ListChanges(f.Context(), ports.ListChanges{
					After: &ports.ChangePosition{Change: change, Seen: change}, Limit: domain.DefaultListSize,
				})
				f.refused(err, domain.Gone, domain.ReasonLost, "cursor")
			}
		}},
		{"an empty page names a place from which later changes are seen", func(f *fixture) {
			r := &follower{fixture: f, limit: 10, since: time.Now().Add(-time.Hour)}
			if r.read() {
				f.Errorf("nothing was written, and the changes are %v", r.all)
			}
			ada := f.user("ada")
			r.until(func() bool { return len(r.all) == 1 })
			for range 3 {
				if r.read() {
					f.Errorf("nothing more was written, and the changes are %v", r.all)
				}
			}
			f.remove(ada.ID)
			r.until(func() bool { return len(r.all) == 2 })
			same(f, "the deleted user", r.all[1].ID, ada.ID)
		}},
	}
}
