package rest

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports/portsmock"
)

func services() app.Services {
	clock, ids := &portsmock.ClockMock{}, &portsmock.IDsMock{}
	return app.Services{
		Users:         app.NewUsers(&portsmock.UsersMock{}, clock, ids),
		Organizations: app.NewOrganizations(&portsmock.OrganizationsMock{}, clock, ids),
		Memberships:   app.NewMemberships(&portsmock.MembershipsMock{}, clock),
		Plans:         app.NewPlans(&portsmock.PlansMock{}, &portsmock.OrganizationsMock{}),
		Activity:      app.NewActivity(&portsmock.EventsMock{}, clock, ids),
		Bulk:          app.NewBulk(&portsmock.BulkStoreMock{}, clock, ids),
		APIKeys:       app.NewAPIKeys(&portsmock.APIKeysMock{}, clock, ids, &portsmock.RandomMock{}),
		Log:           app.NewLog(&portsmock.LogEntriesMock{}, &portsmock.UsersMock{}),
		Webhooks: app.NewWebhooks(
			&portsmock.WebhooksMock{}, &portsmock.LogEntriesMock{}, &portsmock.WebhookSenderMock{}, clock, ids, &portsmock.RandomMock{}),
	}
}

func options(log *bytes.Buffer) Options {
	return Options{
		Authenticate: func(*http.Request) (domain.Principal, error) { return domain.LocalAdministrator(), nil },
		Ready:        func(context.Context) error { return nil },
		CursorKey:    func(context.Context) ([]byte, error) { return []byte("a secret"), nil },
		Logger:       slog.New(slog.NewTextHandler(log, nil)),
	}
}

func TestInvalidOptionsAreRefused(t *testing.T) {
	for want, change := range map[string]func(*app.Services, *Options){
		"a service is missing": func(s *app.Services, _ *Options) { s.Plans = nil },
		"CursorKey":            func(_ *app.Services, o *Options) { o.CursorKey = nil },
		"Ready":                func(_ *app.Services, o *Options) { o.Ready = nil },
		"Logger":               func(_ *app.Services, o *Options) { o.Logger = nil },
		`AllowedOrigins: "app.example.com" has no scheme`: func(_ *app.Services, o *Options) {
			o.AllowedOrigins = []string{"*", "app.example.com"}
		},
		`AllowedOrigins: "http://" is not`:              func(_ *app.Services, o *Options) { o.AllowedOrigins = []string{"http://"} },
		`AllowedHosts: "" is empty`:                     func(_ *app.Services, o *Options) { o.AllowedHosts = []string{""} },
		`AllowedHosts: "a.example:80" has a port`:       func(_ *app.Services, o *Options) { o.AllowedHosts = []string{"*", "a.example:80"} },
		`AllowedHosts: "http://b.example" has a scheme`: func(_ *app.Services, o *Options) { o.AllowedHosts = []string{"http://b.example"} },
	} {
		s, o := services(), options(new(bytes.Buffer))
		change(&s, &o)
		if _, err := New(s, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, not one that says %s", err, want)
		}
	}
	if _, err := New(services(), options(new(bytes.Buffer))); err != nil {
		t.Error(err)
	}
}

// newAPI makes an API whose stores panic when they are called.
func newAPI(t *testing.T, log *bytes.Buffer) *API {
	t.Helper()
	api, err := New(services(), options(log))
	if err != nil {
		t.Fatal(err)
	}
	return api
}
