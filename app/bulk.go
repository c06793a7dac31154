package app

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Bulk is the service that imports and exports directories. It needs the scope
// admin.
type Bulk struct {
	store ports.BulkStore
	clock ports.Clock
	ids   ports.IDs
}

// NewBulk makes the service.
func NewBulk(store ports.BulkStore, clock ports.Clock, ids ports.IDs) *Bulk {
	return &Bulk{store: store, clock: clock, ids: ids}
}

// Export writes the whole directory as of one instant, deleted users included.
// The error is Denied, or that of to.
func (s *Bulk) Export(ctx context.Context, caller domain.Principal, to ports.RecordWriter) error {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return err
	}
	return s.store.Export(ctx, to)
}

// ExportCollection writes the records of one kind as of one instant, deleted
// users included. The error is Denied, or that of to.
func (s *Bulk) ExportCollection(ctx context.Context, caller domain.Principal, kind ports.RecordKind, to ports.RecordWriter) error {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return err
	}
	return s.store.ExportKind(ctx, kind, to)
}

// ExportUser calls write with everything that is kept of a user, deleted or erased ones
// included, as of one instant. The error is Denied, NotFound or that of write.
func (s *Bulk) ExportUser(ctx context.Context, caller domain.Principal, id domain.UserID, write func(ports.KeptRecord) error) error {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return err
	}
	return s.store.ExportUser(ctx, id, write)
}
