package app

import (
	"context"
	"fmt"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ImportOptions say how to import. The zero value stores every valid line.
type ImportOptions struct {
	// Strict is all or nothing: the first file with a rejected line undoes the
	// import.
	Strict bool
	// Progress, unless nil, is called during the import, from one goroutine.
	Progress func(ImportProgress)
	// Waiting, unless nil, is called when another import may be running, with the
	// time after which its right ends unless that import renews it.
	Waiting func(left time.Duration)
}

// ImportProgress is how far the import of one file is.
type ImportProgress struct {
	Kind ports.RecordKind
	// Read counts the lines read so far.
	Read int64
	// Storing says that all lines are read, and the directory stores them.
	Storing bool
}

// ImportedFile counts the outcomes of the lines of one file.
// Read = New + Unchanged + Rejected.
type ImportedFile struct {
	Kind                           ports.RecordKind
	Read, New, Unchanged, Rejected int64
	Took                           time.Duration
}

// ImportSummary is the result of an import.
type ImportSummary struct {
	// Files holds the files that the data set has, in the order of import. A
	// strict import that failed has those up to the one with a rejected line.
	Files []ImportedFile
	// Ownerless counts the directory's organizations without an active owner,
	// imported or not; OwnerlessFirst holds the slugs of some of them.
	Ownerless      int64
	OwnerlessFirst []string
}

// Rejected counts the rejected lines.
func (s ImportSummary) Rejected() int64 {
	var n int64
	for _, file := range s.Files {
		n += file.Rejected
	}
	return n
}

const (
	// progressEvery is how many lines are read between two calls of Progress.
	progressEvery = 1000
	// importWait is how long an import waits for another to end. If the other one was
	// killed, its right ends before that.
	importWait = 20 * time.Second
	// maxOwnerless is how many organizations without an owner a summary names.
	maxOwnerless = 5
)

// Import stores a data set. It adds new records, leaves equal ones as they are,
// and gives lines that conflict back to the set. It never overwrites. The error
// is Denied; Invalid where a strict import has a rejected line; or that of from
// or of ports.BulkStore.
func (s *Bulk) Import(ctx context.Context, caller domain.Principal, from ports.Dataset, opts ImportOptions) (ImportSummary, error) {
	if err := caller.Require(domain.ScopeAdmin); err != nil {
		return ImportSummary{}, err
	}
	now := domain.Instant(s.clock.Now())
	im := &importing{service: s, set: from, opts: opts, now: now}
	how := ports.BulkImport{At: now, Atomic: opts.Strict, Wait: importWait, Waiting: opts.Waiting}
	err := s.store.Import(by(ctx, caller), how, func(ctx context.Context, to ports.BulkWriter) error {
		if err := im.files(ctx, to); err != nil {
			return err
		}
		var err error
		im.summary.Ownerless, im.summary.OwnerlessFirst, err = to.Ownerless(ctx, maxOwnerless)
		return err
	})
	return im.summary, err
}

// importing is one run of Import.
type importing struct {
	service *Bulk
	set     ports.Dataset
	opts    ImportOptions
	now     time.Time
	summary ImportSummary
}

func (im *importing) files(ctx context.Context, to ports.BulkWriter) error {
	steps := []func() error{
		func() error { return load(ctx, im, ports.PlanRecords, im.set.Plans, nil, to.AddPlans) },
		func() error {
			return load(ctx, im, ports.OrganizationRecords, im.set.Organizations, im.organization, to.AddOrganizations)
		},
		func() error { return load(ctx, im, ports.UserRecords, im.set.Users, im.user, to.AddUsers) },
		func() error {
			return load(ctx, im, ports.MembershipRecords, im.set.Memberships, nil, to.AddMemberships)
		},
		func() error { return load(ctx, im, ports.EventRecords, im.set.Events, im.event, to.AddEvents) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (im *importing) organization(o *ports.OrganizationRecord) error {
	if o.NewID = o.ID; o.ID.IsZero() {
		o.NewID = im.service.ids.NewID()
	}
	return nil
}

func (im *importing) user(u *ports.UserRecord) error {
	if u.NewID = u.ID; u.ID.IsZero() {
		u.NewID = im.service.ids.NewID()
	}
	return nil
}

func (im *importing) event(e *ports.EventRecord) error {
	at, err := domain.ParseOccurredAt(e.OccurredAt, im.now)
	e.OccurredAt = at
	return err
}

// load stores one file. prepare, unless nil, completes a record or finds its
// fault.
func load[T any](
	ctx context.Context, im *importing, kind ports.RecordKind,
	read func(context.Context) ports.Lines[T],
	prepare func(*T) error,
	add func(context.Context, ports.Lines[T], func(ports.Refusal) error) (ports.Added, error),
) error {
	if !im.set.Has(kind) {
		return nil
	}
	file := ImportedFile{Kind: kind}
	began := im.service.clock.Now()
	reject := func(r ports.Refusal) error {
		file.Rejected++
		return im.set.Reject(ctx, kind, r)
	}
	lines := valid(im, kind, read(ctx), prepare, &file.Read, reject)
	added, err := add(ctx, lines, reject)
	file.New, file.Unchanged, file.Took = added.New, added.Unchanged, im.service.clock.Now().Sub(began)
	im.summary.Files = append(im.summary.Files, file)
	if err != nil {
		return fmt.Errorf("importing %s: %w", kind, err)
	}
	if im.opts.Strict && file.Rejected > 0 {
		return rejected(file)
	}
	return nil
}

// valid gives the lines that have a valid record. It counts all lines in read,
// and rejects the others.
func valid[T any](
	im *importing, kind ports.RecordKind, lines ports.Lines[T],
	prepare func(*T) error, read *int64, reject func(ports.Refusal) error,
) ports.Lines[T] {
	return func(yield func(ports.Line[T], error) bool) {
		for line, err := range lines {
			if err != nil {
				yield(line, err)
				return
			}
			if *read++; *read%progressEvery == 0 {
				im.progress(ImportProgress{Kind: kind, Read: *read})
			}
			if line.Fault == nil && prepare != nil {
				line.Fault = prepare(&line.Record)
			}
			if line.Fault != nil {
				err = reject(ports.Refusal{Line: line.Number, Problem: line.Fault, Text: line.Text})
			}
			if line.Fault != nil && err == nil {
				continue
			}
			if !yield(line, err) || err != nil {
				return
			}
		}
		im.progress(ImportProgress{Kind: kind, Read: *read, Storing: true})
	}
}

func (im *importing) progress(p ImportProgress) {
	if im.opts.Progress != nil {
		im.opts.Progress(p)
	}
}

func rejected(file ImportedFile) error {
	lines := "lines"
	if file.Rejected == 1 {
		lines = "line"
	}
	return &domain.Error{
		Kind: domain.Invalid, Reason: domain.ReasonSyntax, Field: string(file.Kind),
		Detail: fmt.Sprintf("%d %s can't be imported, so nothing was", file.Rejected, lines),
		Fix:    "correct the rejected lines, or import without strict",
	}
}
