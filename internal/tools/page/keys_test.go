package page_test

import (
	"strings"
	"testing"
)

func TestAKeyIsMadeReplacedAndRevoked(t *testing.T) {
	t.Parallel()
	roster, database := serveTokens(t, empty)
	tab := open(t, roster)
	tab.Excuse("status of 401")
	tab.Open("/admin#/keys")
	signIn(tab, makeKey(t, database, "browser", "admin"))
	tab.Activate("button", "Make a key")
	tab.Fill("textbox", "Name", "billing")
	tab.Toggle("checkbox", "write…")
	tab.Activate("button", "Make")
	tab.See("dialog", "The token of billing")
	first := tab.Value("textbox", "Token")
	me := func(token string) string {
		return ask[struct{ Scopes []string }](t, roster, "GET", "/me", "", "Authorization: Bearer "+token).Scopes[0]
	}
	if scope := me(first); scope != "read" {
		t.Errorf("the key's first scope is %s", scope)
	}
	tab.Activate("button", "Done")
	tab.SeeNo("dialog", "")
	tab.SeeNoText(first)

	tab.Activate("button", "Replace the key billing")
	tab.Choose("The old key", "ends at once")
	tab.Activate("button", "Replace")
	tab.See("dialog", "The token of billing")
	second := tab.Value("textbox", "Token")
	me(second)
	refused(t, roster, first)
	tab.Activate("button", "Done")
	tab.Activate("button", "Revoke the key billing")
	tab.Activate("button", "Revoke")
	tab.SeeText("Revoked the key billing.")
	refused(t, roster, second)
	tab.SeeNo("button", "Revoke the key billing")
	if list := command(t, database, "key", "list"); strings.Count(list, "billing") != 2 {
		t.Errorf("the keys are %s", list)
	}
}
