package page_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnImportOf50000LinesTellsAndGivesBackThe100BadOnes(t *testing.T) {
	t.Parallel()
	roster, tab := serve(t, empty)
	var file, bad strings.Builder
	for i := 1; i <= 50_000; i++ {
		line := fmt.Sprintf(`{"username":"user%d","email":"user%d@example.com","display_name":"Person %d"}`+"\n", i, i, i)
		if i%500 == 0 {
			line = strings.Replace(line, "@example.com", " at example", 1)
			bad.WriteString(line)
		}
		file.WriteString(line)
	}
	path := filepath.Join(t.TempDir(), "people.ndjson")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	next := tab.Downloads(t.TempDir())
	tab.Open("/admin#/import")
	tab.Pick("button", "File of NDJSON or CSV, in UTF-8…", path)
	tab.SeeText("people.ndjson has 50,000 records of NDJSON. Nothing is sent yet.")
	tab.Activate("button", "Import 50,000 records")
	tab.See("progressbar", "")
	tab.SeeText("Finished: 49,900 new, 0 existed, 100 rejected.")
	accessible(t, tab, "the result of an import")
	tab.See("table", "Rejected lines")
	tab.See("rowheader", "500")
	tab.SeeText("email: ")
	tab.Activate("button", "Download the rejected lines")
	if got := string(next()); got != bad.String() {
		t.Errorf("the download has %d lines, which begin %.200q", strings.Count(got, "\n"), got)
	}
	// The same file again adds nothing.
	tab.Activate("button", "Import 50,000 records")
	tab.SeeText("Finished: 0 new, 49,900 existed, 100 rejected.")
	if stored := userNamed(t, roster, "user49999"); stored.DisplayName != "Person 49999" {
		t.Errorf("stored is %+v", stored)
	}
}
