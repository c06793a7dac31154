package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListUsers returns a page of the users that pass the filter, in order.
func (s *Users) ListUsers(_ context.Context, in ports.ListUsers) (ports.Page[domain.User], error) {
	found := s.where(func(u domain.User) bool { return passes(in.Filter, u) && follows(in, u) })
	slices.SortFunc(found, func(a, b domain.User) int { return compare(in.Order, in.Order.Position(a), in.Order.Position(b)) })
	items := first(in.Limit, found)
	return ports.Page[domain.User]{Items: items, More: len(found) > len(items)}, nil
}

// CountUsers counts the users that pass the filter.
func (s *Users) CountUsers(_ context.Context, in ports.CountUsers) (domain.Total, error) {
	n := int64(len(s.where(func(u domain.User) bool { return passes(in.Filter, u) })))
	switch {
	case in.How == domain.CountNone || in.How == "":
		return domain.Total{Kind: domain.CountNone}, nil
	case in.How == domain.CountCapped && n > domain.MaxCounted:
		return domain.Total{N: domain.MaxCounted, Kind: domain.CountCapped}, nil
	}
	return domain.Total{N: n, Kind: domain.CountExact}, nil
}

// passes reports whether the user passes the filter. No user has a membership, since
// this storage keeps no organizations.
func passes(f ports.UserFilter, u domain.User) bool {
	switch {
	case !f.Organization.IsZero() || f.Role != "" || f.Plan != domain.PlanCode{}:
		return false
	case u.DeletedAt.IsZero() && f.Deleted == domain.OnlyDeleted:
		return false
	case !u.DeletedAt.IsZero() && f.Deleted != domain.OnlyDeleted && f.Deleted != domain.WithDeleted:
		return false
	case f.Status != "" && u.Status != f.Status:
		return false
	case !f.EmailDomain.IsZero() && !strings.HasSuffix(u.Email.Key(), "@"+f.EmailDomain.String()):
		return false
	case u.CreatedAt.Before(f.CreatedFrom):
		return false
	}
	return f.CreatedTo.IsZero() || u.CreatedAt.Before(f.CreatedTo)
}

// follows reports whether the user comes after the position where the page begins.
func follows(in ports.ListUsers, u domain.User) bool {
	return in.After == nil || compare(in.Order, *in.After, in.Order.Position(u)) < 0
}

// compare compares two positions in an order.
func compare(order domain.UserOrder, a, b domain.UserPosition) int {
	if !order.Ascending() {
		a, b = b, a
	}
	return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Key, b.Key), a.ID.Compare(b.ID))
}

// ListChanges returns the users that were written, in the order of their last
// changes. Writes run one after the other, so none holds back others.
func (s *Users) ListChanges(_ context.Context, in ports.ListChanges) (ports.Changes, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if in.After != nil && in.After.Change > s.changes {
		return ports.Changes{}, ports.Lost()
	}
	next := ports.ChangePosition{Change: s.changes}
	if !in.Within.IsZero() {
		return ports.Changes{Next: next}, nil
	}
	var found []ports.UserChange
	for id, each := range s.records {
		if in.After == nil && !each.written.Before(in.Since) || in.After != nil && each.change > in.After.Change {
			found = append(found, ports.UserChange{User: shown(each), At: ports.ChangePosition{Change: each.change, ID: id}})
		}
	}
	slices.SortFunc(found, func(a, b ports.UserChange) int { return cmp.Compare(a.At.Change, b.At.Change) })
	if limit := in.Limit.Int(); len(found) >= limit {
		found = found[:limit]
		next = found[limit-1].At
	}
	return ports.Changes{Items: found, Next: next}, nil
}

// shown is a user as the list of changes shows it.
func shown(r record) domain.User {
	if r.present() {
		return r.User
	}
	return domain.User{ID: r.ID, UpdatedAt: r.UpdatedAt, DeletedAt: r.DeletedAt, Version: r.Version}
}

func first(limit domain.PageSize, users []domain.User) []domain.User {
	return users[:min(limit.Int(), len(users))]
}
