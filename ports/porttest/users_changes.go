package porttest

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func userChanges() []testCase {
	return []testCase{
		{"changes hold each user's present state once, at its last change", func(f *fixture) {
			ada, ben := f.user("ada"), f.user("ben")
			ada = f.replace(ports.ReplaceUser{ID: ada.ID, Username: f.newUser("grace").Username, Email: ada.Email})
			r := &follower{fixture: f, limit: 10}
			r.until(func() bool { return len(r.all) == 2 })
			sameList(f, "changes", r.all, []domain.User{ben, ada})
		}},
		{"a deletion and an erasure are changes, which show little more than the id", tombstonesAreChanges},
		{"the position after the last change stays valid, and shows later changes", func(f *fixture) {
			f.user("ada")
			r := &follower{fixture: f, limit: 1}
			r.until(func() bool { return len(r.all) == 1 })
			ben := f.user("ben")
			r.until(func() bool { return len(r.all) == 2 })
			same(f, "the later change", r.all[1], ben)
		}},
		{"changes begin at the time asked for, not at the times of the users", func(f *fixture) {
			f.user("ada") // its creation time is in 2024
			r := &follower{fixture: f, limit: 10, since: time.Now().Add(-time.Hour)}
			r.until(func() bool { return len(r.all) == 1 })
			in := ports.ListChanges{Since: time.Now().Add(time.Hour), Limit: f.size(10)}
			changes, err := f.Users.ListChanges(f.Context(), in)
			if got := must[ports.Changes](f)(changes, err).Items; len(got) != 0 {
				f.Errorf("changes of the future: %v", got)
			}
		}},
		{"a reader of the changes knows the state of all users in the end", changesAreFollowed},
	}
}

// follower reads the changes one after the other.
type follower struct {
	*fixture
	limit int
	since time.Time
	after *ports.ChangePosition
	all   []domain.User
	known map[domain.UserID]domain.User
}

// read reads a page, and reports whether it held any changes.
func (r *follower) read() bool {
	r.Helper()
	changes, err := r.Users.ListChanges(r.Context(), ports.ListChanges{Since: r.since, After: r.after, Limit: r.size(r.limit)})
	changes = must[ports.Changes](r)(changes, err)
	r.after = &changes.Next
	if r.known == nil {
		r.known = map[domain.UserID]domain.User{}
	}
	for _, change := range changes.Items {
		r.all = append(r.all, change.User)
		r.known[change.User.ID] = change.User
	}
	return len(changes.Items) > 0
}

// until reads until done. Writes of other tests may delay changes, so that only the
// time limit of the test process ends it.
func (r *follower) until(done func() bool) {
	r.Helper()
	for !done() {
		if r.read() {
			continue
		}
		select {
		case <-r.Context().Done():
			r.Fatalf("after all changes were read there are %d: %v", len(r.all), r.all)
		case <-time.After(time.Millisecond):
		}
	}
}

func tombstonesAreChanges(f *fixture) {
	ada, ben := f.user("ada"), f.user("ben")
	f.remove(ada.ID)
	if err := f.erased(ports.EraseUser{ID: ben.ID}); err != nil {
		f.Fatal(err)
	}
	r := &follower{fixture: f, limit: 10}
	r.until(func() bool { return len(r.known) == 2 && !r.known[ben.ID].DeletedAt.IsZero() })
	gone, err := f.Users.AnyUserByID(f.Context(), ada.ID)
	same(f, "the deleted user", r.known[ada.ID], tombstone(must[domain.User](f)(gone, err)))
	erased := r.known[ben.ID]
	same(f, "the erased user", erased, domain.User{ID: ben.ID, UpdatedAt: erased.UpdatedAt, DeletedAt: erased.DeletedAt})
	if erased.UpdatedAt.IsZero() {
		f.Error("the erased user has no time")
	}
}

// tombstone is a deleted user in a list of changes.
func tombstone(user domain.User) domain.User {
	return domain.User{ID: user.ID, UpdatedAt: user.UpdatedAt, DeletedAt: user.DeletedAt, Version: user.Version}
}

const (
	changeWriters = 4
	writtenBy     = 6
	writesEach    = 60
)

func changesAreFollowed(f *fixture) {
	users := make([][]domain.User, changeWriters)
	for w := range users {
		users[w] = make([]domain.User, writtenBy)
		for i := range users[w] {
			users[w][i] = f.newUser(fmt.Sprintf("user%d.%d", w, i))
		}
	}
	var writers sync.WaitGroup
	for w, own := range users {
		random := rand.New(rand.NewPCG(2, uint64(w)))
		writers.Go(func() {
			for range writesEach {
				if err := f.changeOne(own[random.IntN(len(own))], random); err != nil {
					f.Errorf("a writer: %v", err)
				}
			}
		})
	}
	finished := make(chan struct{})
	go func() { defer close(finished); writers.Wait() }()
	r := &follower{fixture: f, limit: 3}
	for writing := true; writing; r.read() {
		select {
		case <-finished:
			writing = false
		default:
		}
	}
	want := f.presentStates(slices.Concat(users...))
	r.until(func() bool { return sameStates(r.known, want) })
}

// changeOne creates the user, or else deletes, restores, erases or replaces it.
func (f *fixture) changeOne(user domain.User, random *rand.Rand) error {
	stored, err := f.Users.AnyUserByID(f.Context(), user.ID)
	var fault *domain.Error
	switch kind := random.IntN(8); {
	case errors.As(err, &fault) && fault.Kind == domain.NotFound:
		_, err = f.create(user)
	case err != nil:
	case kind == 0:
		err = f.erased(ports.EraseUser{ID: user.ID})
	case !stored.DeletedAt.IsZero():
		_, err = f.Users.RestoreUser(f.Context(), ports.RestoreUser{ID: user.ID, At: user.UpdatedAt})
	case kind < 3:
		err = f.Users.DeleteUser(f.Context(), ports.DeleteUser{ID: user.ID, At: user.UpdatedAt})
	default:
		_, err = f.Users.ReplaceUser(f.Context(), ports.ReplaceUser{ID: user.ID, Username: user.Username, Email: user.Email, At: user.UpdatedAt})
	}
	return err
}

// presentStates are the users as a list of changes shows them; an erased user has
// only an id.
func (f *fixture) presentStates(users []domain.User) map[domain.UserID]domain.User {
	f.Helper()
	states := map[domain.UserID]domain.User{}
	for _, user := range users {
		stored, err := f.Users.AnyUserByID(f.Context(), user.ID)
		switch {
		case err != nil:
			f.absent(err)
			stored = domain.User{ID: user.ID}
		case !stored.DeletedAt.IsZero():
			stored = tombstone(stored)
		}
		states[user.ID] = stored
	}
	return states
}

func sameStates(known, want map[domain.UserID]domain.User) bool {
	return maps.EqualFunc(known, want, func(k, w domain.User) bool {
		if w.UpdatedAt.IsZero() { // erased, or never created
			return !k.DeletedAt.IsZero() && k.Version == 0
		}
		return plain(k) == plain(w)
	})
}
