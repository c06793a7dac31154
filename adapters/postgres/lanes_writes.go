package postgres

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sort"

	"github.com/roster-directory/roster/adapters/postgres/coalesce"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/ports"
)

// errAlone is the error of a write that has no effect in a batch: what it
// writes to is locked, taken, not there or at another version. By itself it
// waits for the lock, or learns what is wrong.
var errAlone = errors.New("this write is to be done by itself")

// writing makes a lane for writes of users: those of one user follow each
// other, and others are one statement, together.
func writing[Q, A any](d *Database, limits coalesce.Limits, key func(Q) [16]byte, size func(Q) int,
	single func(context.Context, sqlcheck.DB, Q) (A, error),
	together func(context.Context, sqlcheck.DB, []Q) (map[[16]byte]A, error),
) *coalesce.Lane[[16]byte, Q, A] {
	run := func(ctx context.Context, requests []Q, results []coalesce.Result[A]) error {
		if len(requests) == 1 && !d.lanes.alwaysTogether {
			results[0].Value, results[0].Err = write(ctx, d, func(db sqlcheck.DB) (A, error) { return single(ctx, db, requests[0]) })
			return nil
		}
		inOrder := slices.Clone(requests) // the locks of all batches have one order
		// slices.SortFunc would be in the program once more for each Q.
		sort.Slice(inOrder, func(i, j int) bool {
			of, than := key(inOrder[i]), key(inOrder[j])
			return bytes.Compare(of[:], than[:]) < 0
		})
		written, err := write(ctx, d, func(db sqlcheck.DB) (map[[16]byte]A, error) { return together(ctx, db, inOrder) })
		if err != nil {
			return err
		}
		for i, request := range requests {
			var ok bool
			if results[i].Value, ok = written[key(request)]; !ok {
				results[i].Err = errAlone
			}
		}
		return nil
	}
	return coalesce.Exclusive(limits, coalesce.Work[[16]byte, Q, A]{Key: key, Size: size, Run: run, Split: ofOne})
}

// ofOne reports whether err, of a batch, may be the fault of one write in it.
func ofOne(err error) bool {
	state := code(err)
	return state == lockNotAvailable || state != "" && outageOf(state) == ""
}

// oneWrite has a request written by its lane. It is written by itself where
// there is no lane or the lane says so, and where it has a key: the key is kept
// in the same transaction.
func oneWrite[Q, A any](ctx context.Context, d *Database, key *ports.Idempotency, lane *coalesce.Lane[[16]byte, Q, A], request Q,
	single func(context.Context, sqlcheck.DB, Q) (A, error),
) (A, error) {
	if lane != nil && key == nil {
		answer, err := lane.Do(ctx, request)
		if !errors.Is(err, errAlone) {
			return answer, translate(ctx, err)
		}
	}
	return once(ctx, d, key, func(db sqlcheck.DB) (A, error) { return single(ctx, db, request) })
}

func insertOne(ctx context.Context, db sqlcheck.DB, in insertUser) (userRow, error) {
	return userInsert.One(ctx, db, in)
}

func insertTogether(ctx context.Context, db sqlcheck.DB, all []insertUser) (map[[16]byte]userRow, error) {
	// Names of others that are not committed are waited for, so their order counts.
	sort.Slice(all, func(i, j int) bool { return all[i].Username < all[j].Username })
	var p insertUsers
	for _, in := range all {
		p.IDs = append(p.IDs, in.ID)
		p.ExternalIDs = append(p.ExternalIDs, orEmpty(in.ExternalID))
		p.Usernames = append(p.Usernames, in.Username)
		p.Emails = append(p.Emails, in.Email)
		p.DisplayNames = append(p.DisplayNames, in.DisplayName)
		p.Attributes = append(p.Attributes, string(in.Attributes))
		p.Statuses = append(p.Statuses, in.Status)
		p.CreatedAts = append(p.CreatedAts, in.CreatedAt)
		p.UpdatedAts = append(p.UpdatedAts, in.UpdatedAt)
		p.Versions = append(p.Versions, in.Version)
	}
	return byTheirIDs(usersInsert.All(ctx, db, p))
}

func updateOne(ctx context.Context, db sqlcheck.DB, in updateUser) (userRow, error) {
	return userUpdate.One(ctx, db, in)
}

func updateTogether(ctx context.Context, db sqlcheck.DB, all []updateUser) (map[[16]byte]userRow, error) {
	var p updateUsers
	for _, in := range all {
		p.IDs = append(p.IDs, in.ID)
		p.Expecteds = append(p.Expecteds, in.Expected)
		p.Usernames = append(p.Usernames, in.Username)
		p.Emails = append(p.Emails, in.Email)
		p.ExternalIDs = append(p.ExternalIDs, orEmpty(in.ExternalID))
		p.DisplayNames = append(p.DisplayNames, orEmpty(in.DisplayName))
		p.Attributes = append(p.Attributes, string(orEmpty(in.Attributes)))
		p.Statuses = append(p.Statuses, orEmpty(in.Status))
		p.Ats = append(p.Ats, in.At)
	}
	return byTheirIDs(usersUpdate.All(ctx, db, p))
}

// patchOne is for the lane: the statement for many leaves out a patch that may
// have to be undone.
func patchOne(ctx context.Context, db sqlcheck.DB, in patchUser) (userRow, error) {
	if !in.merges() {
		return userPatch.One(ctx, db, in)
	}
	rows, err := patchTogether(ctx, db, []patchUser{in})
	if row, ok := rows[in.ID]; ok || err != nil {
		return row, err
	}
	return userRow{}, errAlone
}

func patchTogether(ctx context.Context, db sqlcheck.DB, all []patchUser) (map[[16]byte]userRow, error) {
	var p patchUsers
	for _, in := range all {
		p.IDs = append(p.IDs, in.ID)
		p.Expecteds = append(p.Expecteds, in.Expected)
		p.Usernames = append(p.Usernames, orEmpty(in.Username))
		p.Emails = append(p.Emails, orEmpty(in.Email))
		p.DisplayNames = append(p.DisplayNames, orEmpty(in.DisplayName))
		p.Statuses = append(p.Statuses, orEmpty(in.Status))
		p.NoExternalIDs = append(p.NoExternalIDs, in.NoExternalID)
		p.ExternalIDs = append(p.ExternalIDs, orEmpty(in.ExternalID))
		p.NoAttributes = append(p.NoAttributes, in.NoAttributes)
		p.Attributes = append(p.Attributes, string(in.Attributes))
		p.Ats = append(p.Ats, in.At)
	}
	return byTheirIDs(usersPatch.All(ctx, db, p))
}

func deleteOne(ctx context.Context, db sqlcheck.DB, in deleteUser) (int64, error) {
	return userDelete.Exec(ctx, db, in)
}

func deleteTogether(ctx context.Context, db sqlcheck.DB, all []deleteUser) (map[[16]byte]int64, error) {
	var p deleteUsers
	for _, in := range all {
		p.IDs = append(p.IDs, in.ID)
		p.Expecteds = append(p.Expecteds, in.Expected)
		p.Ats = append(p.Ats, in.At)
	}
	rows, err := usersDelete.All(ctx, db, p)
	deleted := make(map[[16]byte]int64, len(rows))
	for _, row := range rows {
		deleted[row.ID] = 1
	}
	return deleted, err
}

func byTheirIDs(rows []userRow, err error) (map[[16]byte]userRow, error) {
	users := make(map[[16]byte]userRow, len(rows))
	for _, row := range rows {
		users[row.ID] = row
	}
	return users, err
}

// orEmpty is what is pointed to, or nothing.
func orEmpty[T any](value *T) (empty T) {
	if value == nil {
		return empty
	}
	return *value
}

func (in insertUser) key() [16]byte { return in.ID }
func (in updateUser) key() [16]byte { return in.ID }
func (in patchUser) key() [16]byte  { return in.ID }
func (in deleteUser) key() [16]byte { return in.ID }

// size is about how many bytes are sent.
func (in insertUser) size() int {
	return 64 + len(in.Username) + len(in.Email) + len(in.DisplayName) + len(in.Attributes) + len(orEmpty(in.ExternalID))
}

func (in updateUser) size() int {
	return 64 + len(in.Username) + len(in.Email) + len(orEmpty(in.DisplayName)) + len(orEmpty(in.Attributes)) + len(orEmpty(in.ExternalID))
}

func (in patchUser) size() int {
	return 64 + len(orEmpty(in.Username)) + len(orEmpty(in.Email)) + len(orEmpty(in.DisplayName)) + len(in.Attributes) + len(orEmpty(in.ExternalID))
}

func (deleteUser) size() int { return 64 }
