package migrate_test

import "testing"

// An index that is made beside writers is not undone where its run is cut off:
// what is left of it must not pass for the whole.
func TestAMigrationThatWasCutOffIsRunAgain(t *testing.T) {
	url := migrated(t)
	m, c := migrator(t, url), connect(t, url)
	whole := dump(t, url)
	const exists = "SELECT indexrelid::regclass::text FROM pg_index WHERE indexrelid = to_regclass('roster.organizations_slug')"
	for len(list[string](t, c, exists)) > 0 {
		if _, err := m.Down(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	execute(t, c, "CREATE INDEX organizations_name ON roster.organizations (id)", "CREATE INDEX organizations_slug ON roster.organizations (id)")
	if _, err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again := dump(t, url); again != whole {
		t.Errorf("the schema was\n%s\nand is\n%s", whole, again)
	}
}
