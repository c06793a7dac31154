package postgres_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/internal/testdb"
)

// sealed is a database with a log and seals.
type sealed struct {
	*testing.T
	seals *postgres.Seals
	db    *pgx.Conn
}

func newSealed(t *testing.T) *sealed {
	t.Helper()
	url := testdb.URL(t)
	return &sealed{t, postgres.NewSeals(testdb.Open(t, testdb.Config(url))), pgtest.Connect(t, url)}
}

// write changes users, and seals the entries of that.
func (s *sealed) write(statements ...string) {
	s.Helper()
	pgtest.Execute(s, s.db, statements...)
	s.seal()
}

// seal seals all entries that there are. Transactions of other databases on the server
// may delay it.
func (s *sealed) seal() {
	s.Helper()
	pgtest.Eventually(s, "a seal", func() bool {
		if _, err := s.seals.Seal(s.Context()); err != nil {
			s.Fatal(err)
		}
		return s.count("SELECT count(*) FROM roster.log WHERE number > (SELECT coalesce(max(through), 0) FROM roster.log_seals)") == 0
	})
}

func (s *sealed) count(query string) (n int) {
	s.Helper()
	if err := s.db.QueryRow(s.Context(), query).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

// faults are what a verification finds.
func (s *sealed) faults() []string {
	s.Helper()
	var found []string
	if _, err := s.seals.Verify(s.Context(), "", func(fault string) error {
		found = append(found, fault)
		return nil
	}); err != nil {
		s.Fatal(err)
	}
	return found
}

const (
	makeUsers = `INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
		SELECT gen_random_uuid(), 'user' || n, 'user' || n || '@example.com', 'x', now(), now() FROM generate_series(%d, %d) n`
	renameUsers = `UPDATE roster.users SET display_name = 'y', version = version + 1`
)

// threeSeals has three seals with at least ten entries each.
func threeSeals(t *testing.T) *sealed {
	t.Helper()
	s := newSealed(t)
	s.write(fmt.Sprintf(makeUsers, 1, 10))
	s.write(renameUsers)
	s.write(fmt.Sprintf(makeUsers, 11, 20))
	if n := s.count("SELECT count(*) FROM roster.log_seals"); n != 3 {
		t.Fatalf("there are %d seals", n)
	}
	return s
}

func TestTheLogIsAsItWasSealed(t *testing.T) {
	t.Parallel()
	s := threeSeals(t)
	pgtest.Execute(t, s.db, fmt.Sprintf(makeUsers, 21, 23))
	result, err := s.seals.Verify(t.Context(), "", func(fault string) error {
		t.Errorf("a fault: %s", fault)
		return nil
	})
	if err != nil || result.Seals != 3 || result.Entries != 30 || result.Unsealed != 3 || result.Head.Number != 3 ||
		len(result.Head.Hash) != 32 {
		t.Errorf("the result is %+v, %v", result, err)
	}
}

func TestAKnownSealMustBeInTheChain(t *testing.T) {
	t.Parallel()
	s := threeSeals(t)
	result, err := s.seals.Verify(t.Context(), "", func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{"SELECT 1", "DELETE FROM roster.log_seals WHERE number = 3"} {
		pgtest.Execute(t, s.db, statement)
		var found []string
		_, err = s.seals.Verify(t.Context(), result.Head.String(), func(fault string) error {
			found = append(found, fault)
			return nil
		})
		if err != nil || (len(found) > 0) != (statement != "SELECT 1") {
			t.Errorf("after %s the faults are %q, %v", statement, found, err)
		}
	}
}

func TestAChangeOfTheLogIsFound(t *testing.T) {
	t.Parallel()
	columns := map[string]string{
		"id": "gen_random_uuid()", "at": "at + interval '1 microsecond'", "kind": "'user.erased'",
		"subject": "left(subject, -1) || CASE right(subject, 1) WHEN '0' THEN '1' ELSE '0' END", "organization_id": "gen_random_uuid()",
		"version": "version + 1", "fields": "fields || ARRAY['']", "actor": "actor || ' '", "request": "coalesce(request, '')",
		"number": "number + 1000000",
	}
	tampering := map[string]struct{ statement, fault string }{
		"a missing entry":      {"DELETE FROM roster.log WHERE number = 13", "entry 13 was removed after seal 2"},
		"a missing seal":       {"DELETE FROM roster.log_seals WHERE number = 2", "seal 2 is missing"},
		"a missing first seal": {"DELETE FROM roster.log_seals WHERE number = 1", "seal 1 is missing"},
		"a changed count":      {"UPDATE roster.log_seals SET entries = entries + 1 WHERE number = 2", "seal 2 was changed"},
		"a changed time": {
			"UPDATE roster.log_seals SET sealed_at = sealed_at + interval '1 second' WHERE number = 2",
			"seal 2 was changed",
		},
		"a changed hash":    {"UPDATE roster.log_seals SET hash = sha256(hash) WHERE number = 2", "seal 2 was changed"},
		"a changed content": {"UPDATE roster.log_seals SET content = sha256(content) WHERE number = 2", "seal 2 was changed"},
		"changed leaves":    {"UPDATE roster.log_seals SET leaves = leaves || leaves WHERE number = 2", "seal 2 was changed"},
		"a changed range":   {"UPDATE roster.log_seals SET after = after + 1 WHERE number = 2", "seal 2 was changed"},
		"a changed month":   {"UPDATE roster.log_seals SET month = month - interval '1 month' WHERE number = 2", "seal 2 was changed"},
		"a changed number":  {"UPDATE roster.log_seals SET number = 4 WHERE number = 3", "seal 3 is missing"},
	}
	for column, value := range columns {
		fault := "was changed after seal 2"
		if column == "number" {
			fault = "entry 13 was removed after seal 2"
		}
		tampering["another "+column] = struct{ statement, fault string }{
			fmt.Sprintf("UPDATE roster.log SET %s = %s WHERE number = 13", column, value), fault,
		}
	}
	s := threeSeals(t)
	for what, each := range tampering {
		t.Run(what, func(t *testing.T) {
			pgtest.Execute(t, s.db, "CREATE TABLE kept AS TABLE roster.log", "CREATE TABLE kept_seals AS TABLE roster.log_seals", each.statement)
			found := s.faults()
			if !slices.ContainsFunc(found, func(fault string) bool { return strings.Contains(fault, each.fault) }) {
				t.Errorf("the faults are %q, without %q", found, each.fault)
			}
			pgtest.Execute(t, s.db, "TRUNCATE roster.log, roster.log_seals", "INSERT INTO roster.log TABLE kept",
				"INSERT INTO roster.log_seals TABLE kept_seals", "DROP TABLE kept, kept_seals")
			if found := s.faults(); len(found) != 0 {
				t.Fatalf("after all is as before, the faults are %q", found)
			}
		})
	}
}

func TestAnEntryThatIsAddedLaterIsFound(t *testing.T) {
	t.Parallel()
	for what, number := range map[string]int{"between sealed entries": 13, "before them": 0} {
		t.Run(what, func(t *testing.T) {
			s := newSealed(t)
			s.write(fmt.Sprintf(makeUsers, 1, 10))
			pgtest.Execute(t, s.db, "BEGIN", fmt.Sprintf(makeUsers, 11, 15), "ROLLBACK") // their numbers stay free
			s.write(fmt.Sprintf(makeUsers, 16, 20))
			for _, at := range []string{"now()", "now() - interval '3 months'"} {
				pgtest.Execute(t, s.db, fmt.Sprintf(
					"INSERT INTO roster.log (number, at, kind, subject, actor) VALUES (%d, %s, 'user.created', 'x', 'y')", max(number, 11), at))
				found := s.faults()
				if len(found) != 1 || !strings.Contains(found[0], "was added after seal 2") {
					t.Errorf("the faults are %q", found)
				}
				pgtest.Execute(t, s.db, "DELETE FROM roster.log WHERE subject = 'x'")
			}
		})
	}
}

func TestAnEntryOfALateTransactionIsSealedOnce(t *testing.T) {
	t.Parallel()
	s := newSealed(t)
	late := pgtest.Begin(t, s.db.Config().ConnString(), fmt.Sprintf(makeUsers, 1, 5))
	pgtest.Execute(t, s.db, fmt.Sprintf(makeUsers, 6, 10))
	for range 5 {
		if seals, err := s.seals.Seal(t.Context()); err != nil || len(seals) > 0 {
			t.Fatalf("while a transaction is open, the seals are %v, %v", seals, err)
		}
	}
	if err := late.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.seal()
	if found := s.faults(); len(found) > 0 {
		t.Errorf("the faults are %q", found)
	}
	if n := s.count("SELECT sum(entries)::int FROM roster.log_seals"); n != 10 {
		t.Errorf("%d entries are sealed", n)
	}
}

func TestADroppedMonthIsVerifiedByItsSeals(t *testing.T) {
	t.Parallel()
	s := newSealed(t)
	old := time.Now().UTC().AddDate(0, -3, 0).Format("2006_01")
	pgtest.Execute(t, s.db, "SELECT roster.ensure_log_partitions(ARRAY[now() - interval '3 months'])",
		`INSERT INTO roster.log (at, kind, subject, actor)
			SELECT now() - interval '3 months', 'user.created', 'x' || n, 'y' FROM generate_series(1, 7) n`)
	s.write(fmt.Sprintf(makeUsers, 1, 10))
	s.write(renameUsers)
	pgtest.Execute(t, s.db, "DROP TABLE roster.log_"+old)
	if found := s.faults(); len(found) != 7 {
		t.Errorf("a month that nobody dropped by the rule gives the faults %q", found)
	}
	pgtest.Execute(t, s.db, "INSERT INTO roster.log_dropped (partition, xid) VALUES ('log_"+old+"', '5')")
	if found := s.faults(); len(found) != 0 {
		t.Errorf("the faults are %q", found)
	}
	pgtest.Execute(t, s.db, "UPDATE roster.log_seals SET content = sha256(content) WHERE number = 1")
	if found := s.faults(); len(found) == 0 {
		t.Error("a changed seal of a dropped month is not found")
	}
}
