package portal_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/system"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/docs/examples/portal"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode)
	os.Exit(pgtest.Main{M: m}.Run())
}

var migrated = pgtest.NewTemplate(migrate.Up)

// company is an organization with an owner and a member.
type company struct{ owner, member domain.User }

// found makes a company, and sessions of its people: the cookies are their names.
func found(t *testing.T, roster app.Services, slug string, sessions map[string]portal.Session) company {
	t.Helper()
	ctx, admin := t.Context(), domain.LocalAdministrator()
	create := func(name string) domain.User {
		return domain.MustParse(roster.Users.Create(ctx, admin, app.CreateUser{
			Username: domain.MustParse(domain.ParseUsername(name)), Email: domain.MustParse(domain.ParseEmail(name + "@example.com")),
		}))
	}
	c := company{create("owner-" + slug), create("member-" + slug)}
	organization := domain.MustParse(roster.Organizations.Create(ctx, admin, app.CreateOrganization{
		Name: domain.MustParse(domain.ParseOrganizationName(slug)), Slug: domain.MustParse(domain.ParseSlug(slug)),
		Plan: domain.MustParse(domain.ParsePlanCode("free")), Owner: c.owner.ID,
	}))
	domain.MustParse(roster.Memberships.Add(ctx, admin, organization.ID, c.member.ID, domain.Member))
	sessions["owner-"+slug] = portal.Session{Name: "owner-" + slug, Organization: organization.ID, Role: domain.Owner}
	sessions["member-"+slug] = portal.Session{Name: "member-" + slug, Organization: organization.ID, Role: domain.Member}
	return c
}

func TestPeopleSeeAndChangeOnlyTheirOwnOrganization(t *testing.T) {
	database, err := postgres.Open(context.Background(), postgres.Config{URL: migrated.Database(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(database.Close)
	roster := app.New(database.Stores(), system.NewClock(), system.NewIDs(), system.NewRandom())
	free := domain.Plan{Code: domain.MustParse(domain.ParsePlanCode("free")), Name: domain.MustParse(domain.ParsePlanName("Free"))}
	domain.MustParse(roster.Plans.Put(t.Context(), domain.LocalAdministrator(), ports.PutPlan{Plan: free}))
	sessions := map[string]portal.Session{}
	acme, bolt := found(t, roster, "acme", sessions), found(t, roster, "bolt", sessions)
	service := portal.New(roster, func(cookie string) (portal.Session, bool) {
		session, ok := sessions[cookie]
		return session, ok
	})
	for _, c := range []struct {
		cookie, method, path string
		status               int
		body                 string
	}{
		{"", "GET", "/members", 401, "sign in first"},
		{"forged", "GET", "/members", 401, "sign in first"},
		{"member-acme", "GET", "/members", 200, `{"members":["member-acme","owner-acme"]}`},
		{"owner-bolt", "GET", "/members", 200, `{"members":["member-bolt","owner-bolt"]}`},
		{"member-acme", "PUT", "/members/" + acme.member.ID.String() + "/name?name=Ada", 403, "needs the scope write"},
		{"owner-acme", "PUT", "/members/" + acme.member.ID.String() + "/name?name=Ada", 200, `{"name":"Ada"}`},
		{"owner-acme", "PUT", "/members/" + bolt.member.ID.String() + "/name?name=Ada", 404, "no user"},
		{"owner-acme", "PUT", "/members/x/name?name=Ada", 422, "UUID"},
		{"owner-acme", "DELETE", "/members/" + bolt.member.ID.String(), 404, ""},
		{"owner-acme", "DELETE", "/members/" + acme.owner.ID.String(), 409, "owner"},
		{"owner-acme", "DELETE", "/members/" + acme.member.ID.String(), 204, ""},
		{"owner-acme", "GET", "/members", 200, `{"members":["owner-acme"]}`},
	} {
		request := httptest.NewRequestWithContext(t.Context(), c.method, c.path, nil)
		request.AddCookie(&http.Cookie{Name: "session", Value: c.cookie})
		response := httptest.NewRecorder()
		service.ServeHTTP(response, request)
		if response.Code != c.status || !strings.Contains(response.Body.String(), c.body) {
			t.Errorf("%s %s %s: %d %s", c.cookie, c.method, c.path, response.Code, response.Body)
		}
	}
}
