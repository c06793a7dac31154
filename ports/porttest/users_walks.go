package porttest

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// The numbers of users in a walk: those that stay as they are, and those that are
// written meanwhile.
const (
	steadyUsers  = 40
	movingUsers  = 12
	walkWriters  = 3
	momentsApart = time.Second
	moments      = 8
)

func userWalks() []testCase {
	return []testCase{{"pages have each user that does not move once while others write", func(f *fixture) {
		steady := map[domain.UserID]string{}
		for i := range steadyUsers {
			steady[f.atMoment(fmt.Sprintf("s%02d.steady", i*7%steadyUsers), i%moments).ID] = fmt.Sprint("steady user ", i)
		}
		stop := f.disturb()
		defer stop()
		for _, name := range orderNames {
			for _, size := range []int{1, 3, 7, 50} {
				f.meetsOnce(steady, ports.ListUsers{Order: f.order(name), Limit: f.size(size)})
			}
		}
		active := ports.UserFilter{Status: domain.Active, EmailDomain: must[domain.EmailDomain](f)(domain.ParseEmailDomain("example.com"))}
		for _, name := range orderNames {
			f.meetsOnce(steady, ports.ListUsers{Filter: active, Order: f.order(name), Limit: f.size(4)})
		}
	}}}
}

// atMoment makes one of the users that share a time with others.
func (f *fixture) atMoment(name string, moment int) domain.User {
	f.Helper()
	user := f.newUser(name)
	user.CreatedAt = begin.Add(time.Duration(moment) * momentsApart)
	user.UpdatedAt = user.CreatedAt
	return must[domain.User](f)(f.create(user))
}

func (f *fixture) meetsOnce(steady map[domain.UserID]string, in ports.ListUsers) {
	f.Helper()
	met := map[domain.UserID]int{}
	var before *domain.UserPosition
	for _, user := range f.walked(in) {
		met[user.ID]++
		at := in.Order.Position(user)
		if before != nil && (compare(*before, at) < 0) != in.Order.Ascending() {
			f.Errorf("by %v, %v comes after %v", in.Order, at, *before)
		}
		before = &at
	}
	for id, name := range steady {
		if met[id] != 1 {
			f.Errorf("by %v, in pages of %d, %s was met %d times", in.Order, in.Limit.Int(), name, met[id])
		}
	}
}

// disturb creates, renames, replaces and deletes users until stop, which waits for
// the writers.
func (f *fixture) disturb() (stop func()) {
	f.Helper()
	done := make(chan struct{})
	var writers sync.WaitGroup
	for w := range walkWriters {
		moving := make([]domain.User, movingUsers)
		for i := range moving {
			moving[i] = f.atMoment(fmt.Sprintf("s%02d.moving%d", i*3, w), i%moments)
		}
		writer := &disturber{f, rand.New(rand.NewPCG(1, uint64(w))), w, f.newUser(fmt.Sprintf("s00.passing%d", w))}
		writers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if err := writer.write(moving[writer.random.IntN(len(moving))]); err != nil {
					f.Errorf("a writer: %v", err)
					return
				}
			}
		})
	}
	return func() {
		close(done)
		writers.Wait()
	}
}

type disturber struct {
	*fixture
	random  *rand.Rand
	number  int
	passing domain.User
}

func (d *disturber) moment() time.Time {
	return begin.Add(time.Duration(d.random.IntN(moments)) * momentsApart)
}

// write moves a user to another position in every order but that of creation. It also
// creates and deletes a user.
func (d *disturber) write(user domain.User) error {
	place := fmt.Sprintf("s%02d.m%d.%d", d.random.IntN(steadyUsers), d.number, user.ID[15])
	name, err := domain.ParseUsername(place)
	if err != nil {
		return err
	}
	email, err := domain.ParseEmail(place + "@example.com")
	if err != nil {
		return err
	}
	if _, err := d.Users.ReplaceUser(d.Context(), ports.ReplaceUser{ID: user.ID, Username: name, Email: email, At: d.moment()}); err != nil {
		return err
	}
	d.passing.ID[1], d.passing.ID[13] = byte(d.number+1), d.passing.ID[13]+1
	d.passing.ID[12] += byte(d.random.IntN(256))
	d.passing.ID[11] += byte(d.random.IntN(256))
	d.passing.CreatedAt = d.moment()
	d.passing.UpdatedAt = d.passing.CreatedAt
	if _, err := d.create(d.passing); err != nil {
		return err
	}
	return d.Users.DeleteUser(d.Context(), ports.DeleteUser{ID: d.passing.ID, At: d.moment()})
}
