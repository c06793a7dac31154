package app_test

import (
	"context"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

// TestAKeyOfIdempotencyBelongsToItsCaller sends each command that takes a key,
// and without one.
func TestAKeyOfIdempotencyBelongsToItsCaller(t *testing.T) {
	sent := app.Idempotency{Operation: "an operation", Key: "a key", Fingerprint: [32]byte{1}}
	want := ports.Idempotency{Caller: admin.Subject, Operation: sent.Operation, Key: sent.Key, Fingerprint: sent.Fingerprint, At: instant}
	var given *ports.Idempotency
	users := &portsmock.UsersMock{
		CreateUserFunc: func(_ context.Context, in ports.CreateUser) (domain.User, error) {
			given = in.Idempotency
			return in.User, nil
		},
		ReplaceUserFunc: func(_ context.Context, in ports.ReplaceUser) (u domain.User, err error) {
			given = in.Idempotency
			return
		},
		PatchUserFunc: func(_ context.Context, in ports.PatchUser) (u domain.User, err error) {
			given = in.Idempotency
			return
		},
	}
	organizations := &portsmock.OrganizationsMock{
		CreateOrganizationFunc: func(_ context.Context, in ports.CreateOrganization) (o domain.Organization, err error) {
			given = in.Idempotency
			return
		},
		ReplaceOrganizationFunc: func(_ context.Context, in ports.ReplaceOrganization) (o domain.Organization, err error) {
			given = in.Idempotency
			return
		},
	}
	events := &portsmock.EventsMock{AddEventsFunc: func(_ context.Context, in ports.AddEvents) ([]ports.Outcome, error) {
		given = in.Idempotency
		return nil, nil
	}}
	commands := commandsWithKeys(
		app.NewUsers(users, clock(), ids()), app.NewOrganizations(organizations, clock(), ids()), app.NewActivity(events, clock(), ids()),
	)
	for name, send := range commands {
		key := sent
		if err := send(&key); err != nil || given == nil || *given != want || key != sent {
			t.Errorf("%s: the store was given %+v, %v; want %+v", name, given, err, want)
		}
		if err := send(nil); err != nil || given != nil {
			t.Errorf("%s without a key: the store was given %+v, %v", name, given, err)
		}
	}
}

func commandsWithKeys(
	users *app.Users, organizations *app.Organizations, activity *app.Activity,
) map[string]func(*app.Idempotency) error {
	return map[string]func(*app.Idempotency) error{
		"create": func(key *app.Idempotency) error {
			_, err := users.Create(ctx, admin, app.CreateUser{Username: ada, Email: address, Idempotency: key})
			return err
		},
		"replace": func(key *app.Idempotency) error {
			_, err := users.Replace(ctx, admin, app.ReplaceUser{Idempotency: key})
			return err
		},
		"patch": func(key *app.Idempotency) error {
			_, err := users.Patch(ctx, admin, app.PatchUser{Idempotency: key})
			return err
		},
		"create organization": func(key *app.Idempotency) error {
			_, err := organizations.Create(ctx, admin, app.CreateOrganization{Idempotency: key})
			return err
		},
		"replace organization": func(key *app.Idempotency) error {
			_, err := organizations.Replace(ctx, admin, app.ReplaceOrganization{Idempotency: key})
			return err
		},
		"add events": func(key *app.Idempotency) error {
			_, err := activity.AddEvents(ctx, admin, app.AddEvents{Events: []domain.Event{{OccurredAt: now}}, Idempotency: key})
			return err
		},
	}
}
