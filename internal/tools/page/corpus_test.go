package page_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roster-directory/roster/internal/tools/page/browser"
	"github.com/roster-directory/roster/internal/tools/page/server"
)

// attacks are texts that run a script, or add an element, where a page takes text for
// HTML, a URL, a template or a style. All set xss or make an element with that id.
var attacks = []string{
	`<script id=xss>xss=1</script>`,
	`<img id=xss src=x onerror=xss=1>`,
	`"><svg id=xss onload=xss=1>`,
	`' onfocus=xss=1 autofocus id=xss x='`,
	`</title><script id=xss>xss=1</script>`,
	`</textarea><iframe id=xss srcdoc="<script>parent.xss=1</script>">`,
	`<mark><img id=xss src=x onerror=xss=1></mark>`,
	`</mark><b id=xss>b</b><mark>`,
	`&lt;img id=xss src=x onerror=xss=1&gt;`,
	`&#60;img id=xss src=x onerror=xss=1&#62;`,
	`%3Cimg%20id%3Dxss%20src%3Dx%20onerror%3Dxss%3D1%3E`,
	`\u003cimg id=xss src=x onerror=xss=1\u003e`,
	`javascript:xss=1`,
	`<a id=xss href="javascript:xss=1">x</a>`,
	`<math><mtext><table><mglyph><style><img id=xss src=x onerror=xss=1>`,
	`<form id=xss><input name=attributes><button formaction=javascript:xss=1>`,
	`<style id=xss>*{display:none}</style>`,
	`{{constructor.constructor('xss=1')()}}`,
	"${xss=1}`${xss=1}`",
	`<template id=xss shadowrootmode=open><script>xss=1</script>`,
	`__proto__`, `constructor`, // names of fields of every object
	`=HYPERLINK("javascript:xss=1")`,
}

// unharmed fails the test if an attack did anything.
func unharmed(t *testing.T, tab *browser.Tab, where string) {
	t.Helper()
	found := browser.Evaluate[string](tab, `typeof xss !== 'undefined' ? 'a script ran' :
		document.querySelector('#xss, iframe, [onerror], [onload], [onfocus], [href^="javascript:"], body style')?.outerHTML ?? ''`)
	if found != "" {
		t.Errorf("%s: %s", where, found)
	}
}

func quoted(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// attack stores every attack in every field that takes it.
func attack(t *testing.T, roster *server.Roster) (users, organizations []string) {
	t.Helper()
	for i, text := range attacks {
		u := ask[user](t, roster, "POST", "/users", quoted(t, map[string]any{
			"username": fmt.Sprintf("user%d", i), "email": fmt.Sprintf("user%d@example.com", i), "display_name": text, "external_id": text,
			"attributes": map[string]any{"text": text, strings.Repeat("a", i+1): []string{text}, "object": map[string]string{"text": text}},
		}))
		users = append(users, u.ID)
		code := fmt.Sprintf("plan%d", i)
		ask[any](t, roster, "PUT", "/plans/"+code, quoted(t, map[string]any{"name": text, "seats": nil}))
		o := ask[struct{ ID string }](t, roster, "POST", "/organizations", quoted(t, map[string]any{
			"name": text, "slug": fmt.Sprintf("slug%d", i), "plan": code, "owner": u.ID,
		}))
		organizations = append(organizations, o.ID)
		ask[any](t, roster, "POST", "/keys", quoted(t, map[string]any{"name": text, "scopes": []string{"read"}}))
	}
	return users, organizations
}

func TestStoredTextsAreOnlyTexts(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, empty)
	users, organizations := attack(t, roster)
	for _, view := range []struct{ address, role, name string }{
		{"people", "table", "People"},
		{"people?q=xss", "table", "People who match xss"},
		{"people?q=" + "img+xss+onerror", "table", "People who match img xss onerror"},
		{"organizations", "table", "Plans"},
		{"keys", "table", "API keys"},
		{"engagement", "table", "Engagement by organization"},
		{"model", "heading", "The model"},
		{"activity", "heading", "Growth"},
		{"import", "heading", "Import"},
	} {
		tab.Open("/admin#/" + view.address)
		tab.See(view.role, view.name)
		tab.Settle()
		unharmed(t, tab, view.address)
	}
	for i, text := range attacks {
		tab.Open("/admin#/people/" + users[i])
		tab.See("heading", strings.Join(strings.Fields(text), " "))
		tab.Settle()
		unharmed(t, tab, "a person named "+text)
		tab.Open("/admin#/organizations/" + organizations[i])
		tab.See("heading", strings.Join(strings.Fields(text), " "))
		tab.Settle()
		unharmed(t, tab, "an organization named "+text)
	}
}

func TestTypedTextsAreOnlyTexts(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, empty)
	tab.Excuse("status of 4")
	stored := addUser(t, roster, "grace", "Grace Hopper")
	for _, text := range attacks {
		tab.Open("/admin#/people/" + stored.ID)
		tab.Activate("button", "Edit")
		for _, field := range []string{"Name", "Username", "Email", "External id", "Attributes"} {
			tab.Fill("textbox", field, "")
			tab.Paste(text)
		}
		tab.Activate("button", "Save") // which is refused
		tab.See("alert", "")
		unharmed(t, tab, "an edit to "+text)
		tab.Press(browser.Escape)
		value := strings.NewReplacer("%", "%25", "&", "%26", "#", "%23").Replace(text)
		for _, name := range []string{"domain", "status", "organization", "q"} {
			tab.Open("/admin#/people?" + name + "=" + value)
			tab.Settle()
			unharmed(t, tab, "the filter "+name+"="+text)
		}
		tab.Fill("searchbox", "Search people", "")
		tab.Paste(text)
		tab.SeeValue("searchbox", "Search people", text)
		tab.Settle()
		unharmed(t, tab, "a search for "+text)
		tab.Open("/admin#/" + text)
		tab.See("heading", "No such room")
		unharmed(t, tab, "the address "+text)
	}
}

func TestTextsOfAnImportedFileAreOnlyTexts(t *testing.T) {
	t.Parallel()
	_, tab := serve(t, empty)
	var file strings.Builder
	for _, text := range attacks {
		file.WriteString(quoted(t, map[string]string{"username": text, "email": text, "kind": text}) + "\n" + text + "\n")
	}
	path := filepath.Join(t.TempDir(), "<img id=xss src=x onerror=xss=1>.ndjson")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	tab.Open("/admin#/import")
	tab.Pick("button", "File of NDJSON or CSV, in UTF-8…", path)
	tab.SeeText("Nothing is sent yet.")
	unharmed(t, tab, "a file to import")
	tab.Activate("button", "Import…")
	tab.SeeText("Finished: 0 new")
	unharmed(t, tab, "the result of an import")
}
