package page_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/internal/tools/page/browser"
	"github.com/roster-directory/roster/internal/tools/page/server"
	"github.com/roster-directory/roster/internal/tools/page/views"
)

// serveTokens starts a Roster that lets in callers with a token, and returns the URL of
// its database, too.
func serveTokens(t *testing.T, template *pgtest.Template, settings ...string) (roster *server.Roster, database string) {
	t.Helper()
	database = template.Database(t)
	settings = append([]string{"DATABASE_URL=" + database, "ROSTER_AUTH=token"}, settings...)
	return server.Start(t, program, settings, "serve"), database
}

// command runs a command of Roster beside the running one, and returns its output.
func command(t *testing.T, database string, args ...string) string {
	t.Helper()
	run := exec.CommandContext(t.Context(), program, args...)
	run.Env = append(os.Environ(), "DATABASE_URL="+database)
	out, err := run.Output()
	if err != nil {
		t.Fatalf("roster %v: %v: %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func makeKey(t *testing.T, database, name, scope string) (token string) {
	t.Helper()
	return command(t, database, "key", "create", "--name", name, "--scope", scope)
}

func signIn(tab *browser.Tab, token string) {
	tab.Fill("textbox", "API key", "")
	tab.Paste(token)
	tab.Press(browser.Enter)
}

func TestAPersonSignsInWithAKey(t *testing.T) {
	t.Parallel()
	roster, database := serveTokens(t, people)
	tab := open(t, roster)
	tab.Excuse("status of 401")
	tab.Open("/admin#/people?q=ada")
	tab.See("heading", "Sign in to Roster")
	accessible(t, tab, "sign-in")
	signIn(tab, "roster_nonsense")
	tab.SeeText("Roster does not accept this key")
	signIn(tab, makeKey(t, database, "browser", "admin"))
	tab.See("table", "People who match ada") // where the address led
	tab.See("link", "Keys")
	kept := browser.Evaluate[int](tab, "document.cookie.length + localStorage.length + sessionStorage.length")
	if kept > 0 {
		t.Error("the browser keeps something")
	}
	tab.Activate("button", "Sign out")
	tab.See("heading", "Sign in to Roster")
	tab.SeeNo("table", "")
}

// offers are the names of buttons that change something.
var offers = regexp.MustCompile(`^(Add|Edit|Suspend|Restore|Delete|Erase|Remove|Import|Make|Replace|Revoke|Save|Undo)`)

func TestACallerWhoMayReadSeesNoButtonThatWouldBeRefused(t *testing.T) {
	t.Parallel()
	roster, database := serveTokens(t, people)
	tab := open(t, roster)
	tab.Excuse("status of 401")
	tab.Open("/admin")
	signIn(tab, makeKey(t, database, "reader", "read"))
	tab.See("table", "People")
	for _, room := range tab.Names("link") {
		if room == "Import" || room == "Keys" {
			t.Errorf("there is the room %s", room)
		}
	}
	none := func(where string) {
		t.Helper()
		tab.Settle()
		for _, name := range tab.Names("button") {
			if offers.MatchString(name) {
				t.Errorf("%s has the button %q", where, name)
			}
		}
	}
	none("the list of people")
	tab.Activate("link", "Organizations")
	tab.See("table", "Plans")
	none("the list of organizations")
	tab.Choose("Order", "Name")
	tab.Activate("link", views.AnOrganization)
	tab.See("table", "Members of …")
	none("an organization")
	tab.Activate("link", "Engagement")
	tab.See("table", "Engagement by organization")
	none("the report")
	tab.Activate("link", "People")
	tab.Fill("searchbox", "Search people", "ada.oneil")
	tab.Activate("link", "Ada O'Neil")
	tab.See("table", "Organizations of …")
	none("a person")
	tab.Activate("link", "The model")
	tab.See("heading", "Memberships")
	none("the model")
	browser.Evaluate[any](tab, "location.hash = '#/import', null")
	tab.SeeNo("button", "File…")
}

func TestWhoIsRefusedSignsInAgainAndGoesOn(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]string{
		"revoked": "UPDATE roster.api_keys SET revoked_at = now(), revoked_by = 'local' WHERE name = 'first'",
		"expired": "UPDATE roster.api_keys SET created_at = now() - interval '2 h', expires_at = now() - interval '1 h' WHERE name = 'first'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			roster, database := serveTokens(t, people)
			tab := open(t, roster)
			tab.Excuse("status of 401")
			tab.Open("/admin#/people?q=ada.oneil")
			signIn(tab, makeKey(t, database, "first", "admin"))
			tab.Activate("link", "Ada O'Neil")
			tab.Activate("button", "Edit")
			tab.Fill("textbox", "Name", "Ada King")
			pgtest.Execute(t, pgtest.Connect(t, database), end)
			tab.Activate("button", "Save")
			tab.See("dialog", "Sign in again")
			accessible(t, tab, "sign-in again")
			signIn(tab, makeKey(t, database, "second", "admin"))
			tab.SeeNo("dialog", "")
			tab.See("heading", "Ada King") // the edit is not lost
		})
	}
}

func TestAPersonSignsInAtTheProvider(t *testing.T) {
	t.Parallel()
	provider := server.OpenID(t)
	roster, _ := serveTokens(t, people, "ROSTER_TOKEN_ISSUERS="+provider, "ROSTER_TOKEN_AUDIENCE=https://roster.example.com",
		"ROSTER_TOKEN_SCOPES=read:scope=directory.read", "ROSTER_ADMIN_CLIENT_ID=app", "ROSTER_ADMIN_SCOPE=openid directory.read")
	tab := open(t, roster, provider)
	// The provider's own pages load fonts, which the browser does not reach, and no icon.
	tab.Excuse("status of 401", "fonts.googleapis.com", provider+"/favicon.ico")
	tab.Open("/admin#/people?q=ada")
	tab.Activate("button", "Sign in at "+strings.TrimPrefix(provider, "http://"))
	tab.SeeAddress(provider)
	tab.Click("textbox", "Enter any login")
	tab.Type("ada")
	tab.Press("\t")
	tab.Type("any")
	tab.Press(browser.Enter)
	tab.Click("button", "Continue")
	tab.See("table", "People who match ada")
	tab.SeeText("ada: read.")
	if address := browser.Evaluate[string](tab, "location.href"); address != roster.URL+"/admin#/people?q=ada" {
		t.Errorf("the address is %s", address)
	}
	kept := browser.Evaluate[int](tab, "document.cookie.length + localStorage.length + sessionStorage.length")
	if kept > 0 {
		t.Error("the browser keeps something")
	}
}
