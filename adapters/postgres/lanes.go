package postgres

import (
	"context"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/coalesce"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// lanes are where concurrent requests share statements: one for each kind and
// cost, so that a slow request is never in front of a quick one. They are nil
// where requests share nothing.
type lanes struct {
	users    *coalesce.Lane[domain.UserID, domain.UserID, domain.User]
	newest   *coalesce.Lane[domain.PageSize, domain.PageSize, ports.Page[domain.User]]
	listed   *coalesce.Lane[listKey, ports.ListUsers, ports.Page[domain.User]]
	begun    *coalesce.Lane[searchKey, ports.SearchUsers, *search]
	searched *coalesce.Lane[*search, *search, ports.FoundUsers]
	reported *coalesce.Lane[reportKey, ports.ReportEngagement, ports.Page[domain.Engagement]]
	created  *coalesce.Lane[[16]byte, insertUser, userRow]
	replaced *coalesce.Lane[[16]byte, updateUser, userRow]
	patched  *coalesce.Lane[[16]byte, patchUser, userRow]
	deleted  *coalesce.Lane[[16]byte, deleteUser, int64]
	occurred *coalesce.Lane[*addEvents, *addEvents, []ports.Outcome]

	// alwaysTogether has even a write that is alone in its batch done by the
	// statement for many.
	alwaysTogether bool
}

// mostWaiting is how many may wait in a lane, before others are told to come
// again later.
const mostWaiting = 4096

// mostWritten is how many bytes a batch of writes has, or one write.
const mostWritten = 1 << 20

func (d *Database) openLanes(c Config) lanes {
	many := coalesce.Limits{Slots: 2, Requests: 256, Queue: mostWaiting, Deadline: batchDeadline(c)}
	single := many
	single.Requests = 1
	slow := single
	slow.Slots = 3
	begun := many
	begun.Requests = 64
	writes := many
	writes.Bytes = mostWritten
	// Members of one organization can't be deleted by two batches at a time, and
	// what one finds locked it would leave to be deleted by itself.
	deletes := writes
	deletes.Slots = 1
	return lanes{
		users:    coalesce.Sharing(many, coalesce.Work[domain.UserID, domain.UserID, domain.User]{Key: itself[domain.UserID], Run: d.usersTogether}),
		newest:   sharing(single, itself[domain.PageSize], pageForMany(d.newestUsers)),
		listed:   sharing(slow, listKeyOf, pageForMany(d.listUsers)),
		begun:    coalesce.Sharing(begun, coalesce.Work[searchKey, ports.SearchUsers, *search]{Key: searchKeyOf, Run: d.beginSearches, Split: ofOne}),
		searched: sharing(slow, itself[*search], endSearch),
		reported: sharing(slow, reportKeyOf, pageForMany(d.reportEngagement)),
		created:  writing(d, writes, insertUser.key, insertUser.size, insertOne, insertTogether),
		replaced: writing(d, writes, updateUser.key, updateUser.size, updateOne, updateTogether),
		patched:  writing(d, writes, patchUser.key, patchUser.size, patchOne, patchTogether),
		deleted:  writing(d, deletes, deleteUser.key, deleteUser.size, deleteOne, deleteTogether),
		occurred: coalesce.Exclusive(writes, coalesce.Work[*addEvents, *addEvents, []ports.Outcome]{
			Key: itself[*addEvents], Size: (*addEvents).size, Run: d.eventsTogether, Split: ofOne,
		}),
	}
}

// close waits for what the lanes have taken.
func (l lanes) close() {
	if l.users == nil {
		return
	}
	for _, lane := range []interface{ Close() }{
		l.users, l.newest, l.listed, l.begun, l.searched, l.reported, l.created, l.replaced, l.patched, l.deleted, l.occurred,
	} {
		lane.Close()
	}
}

// sharing makes a lane in which equal requests are run once, and no others.
func sharing[K comparable, Q, A any](limits coalesce.Limits, key func(Q) K, run func(context.Context, Q) (A, error)) *coalesce.Lane[K, Q, A] {
	return coalesce.Sharing(limits, coalesce.Work[K, Q, A]{Key: key, Run: coalesce.Each(run)})
}

// pageForMany has those who share a page share what they make of it.
func pageForMany[Q, T any](run func(context.Context, Q) (ports.Page[T], error)) func(context.Context, Q) (ports.Page[T], error) {
	return func(ctx context.Context, request Q) (ports.Page[T], error) {
		page, err := run(ctx, request)
		page.Memo = new(ports.Memo)
		return page, err
	}
}

// through has a request answered by its lane, or alone where there is none.
func through[K comparable, Q, A any](ctx context.Context, lane *coalesce.Lane[K, Q, A], request Q, alone func(context.Context, Q) (A, error)) (A, error) {
	if lane == nil {
		return alone(ctx, request)
	}
	answer, err := lane.Do(ctx, request)
	return answer, translate(ctx, err)
}

// batchDeadline leaves a batch, which nobody's patience ends, the time for two
// attempts.
func batchDeadline(c Config) time.Duration {
	if c.StatementTimeout == 0 {
		return time.Hour
	}
	return 2 * (c.StatementTimeout + c.ConnectTimeout)
}

func itself[K any](key K) K { return key }
