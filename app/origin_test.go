package app_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

var changing = regexp.MustCompile(
	`store\.((?:Create|Replace|Patch|Delete|Restore|Erase|Hold|Release|Put|Set|Add|Remove|Rotate|Revoke|Import|Change)\w*)\((\w+)`)

// Events are not in the log, and have no actor.
func TestEveryChangeTellsTheStoreWhoMakesIt(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range changing.FindAllStringSubmatch(string(text), -1) {
			if strings.HasSuffix(name, "_test.go") || call[1] == "AddEvents" {
				continue
			}
			if found++; call[2] != "by" {
				t.Errorf("%s: %s is called with %s; call it with by(ctx, caller)", name, call[1], call[2])
			}
		}
	}
	if found < 25 {
		t.Errorf("only %d changes were found", found)
	}
}

func TestTheActorIsAddedToTheRequest(t *testing.T) {
	var got ports.Origin
	store := &portsmock.UsersMock{HoldUserFunc: func(ctx context.Context, in ports.HoldUser) (time.Time, error) {
		got = ports.OriginOf(ctx)
		return in.At, nil
	}}
	users := app.NewUsers(store, clock(), ids())
	request := ports.WithOrigin(t.Context(), ports.Origin{Request: "r1"})
	if _, err := users.Hold(request, domain.LocalAdministrator(), domain.UserID{1}); err != nil {
		t.Fatal(err)
	}
	if want := (ports.Origin{Actor: "local", Request: "r1"}); got != want {
		t.Errorf("the store was told %+v, not %+v", got, want)
	}
}
