package postgres_test

import (
	"errors"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// populated has 30,000 users, of whom a third is suspended, and 100 live elsewhere.
func populated(t *testing.T) (url string, users *postgres.Users) {
	t.Helper()
	url = testdb.URL(t)
	pgtest.Execute(t, pgtest.Connect(t, url), `INSERT INTO roster.users (id, username, email, display_name, status, created_at, updated_at)
			SELECT gen_random_uuid(), 'user' || n, 'user' || n || CASE WHEN n % 300 = 0 THEN '@elsewhere.example' ELSE '@example.com' END,
				'x', CASE WHEN n % 3 = 0 THEN 'suspended' ELSE 'active' END, now(), now() FROM generate_series(1, 30000) n`,
		"ANALYZE roster.users")
	return url, postgres.NewUsers(testdb.Open(t, testdb.Config(url)))
}

func counted(t *testing.T, users *postgres.Users, filter ports.UserFilter, how domain.Counting) domain.Total {
	t.Helper()
	total, err := users.CountUsers(t.Context(), ports.CountUsers{Filter: filter, How: how})
	if err != nil {
		t.Fatal(err)
	}
	return total
}

func isAbout(t *testing.T, got domain.Total, want int64) {
	t.Helper()
	if got.Kind != domain.CountEstimate || got.N < want*8/10 || got.N > want*12/10 {
		t.Errorf("it is %+v; it should be about %d", got, want)
	}
}

func TestManyUsersAreCounted(t *testing.T) {
	_, users := populated(t)
	elsewhere := ports.UserFilter{EmailDomain: domain.MustParse(domain.ParseEmailDomain("elsewhere.example"))}
	for what, c := range map[string]struct {
		filter ports.UserFilter
		how    domain.Counting
		want   domain.Total
	}{
		"all, exactly":    {ports.UserFilter{}, domain.CountExact, domain.Total{N: 30_000, Kind: domain.CountExact}},
		"some, exactly":   {ports.UserFilter{Status: domain.Suspended}, domain.CountExact, domain.Total{N: 10_000, Kind: domain.CountExact}},
		"all, to the cap": {ports.UserFilter{}, domain.CountCapped, domain.Total{N: domain.MaxCounted, Kind: domain.CountCapped}},
		"as many as the cap, which is all": {
			ports.UserFilter{Status: domain.Suspended}, domain.CountCapped, domain.Total{N: domain.MaxCounted, Kind: domain.CountExact},
		},
		"few, to the cap": {elsewhere, domain.CountCapped, domain.Total{N: 100, Kind: domain.CountExact}},
		"not at all":      {ports.UserFilter{}, "", domain.Total{Kind: domain.CountNone}},
	} {
		if got := counted(t, users, c.filter, c.how); got != c.want {
			t.Errorf("%s: %+v; want %+v", what, got, c.want)
		}
	}
	isAbout(t, counted(t, users, ports.UserFilter{}, domain.CountEstimate), 30_000)
	isAbout(t, counted(t, users, ports.UserFilter{Status: domain.Active}, domain.CountEstimate), 20_000)
	isAbout(t, counted(t, users, ports.UserFilter{Deleted: domain.WithDeleted}, domain.CountEstimate), 30_000)
}

func TestACountThatTakesTooLongIsAnEstimate(t *testing.T) {
	for _, how := range []domain.Counting{domain.CountExact, domain.CountCapped} {
		url, users := populated(t)
		locked := begun(t, url, "LOCK TABLE roster.users IN ACCESS EXCLUSIVE MODE")
		got := make(chan domain.Total, 1)
		fault := make(chan error, 1)
		go func() {
			total, err := users.CountUsers(t.Context(), ports.CountUsers{How: how})
			got <- total
			fault <- err
		}()
		watching := pgtest.Connect(t, url)
		sampling := false
		for range manyLooks {
			if sampling = pgtest.Scalar[int64](t, watching, `SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%TABLESAMPLE%'`) > 0; sampling {
				break
			}
		}
		if !sampling {
			t.Fatal("no sample was taken")
		}
		if err := locked.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		isAbout(t, <-got, 30_000)
		if err := <-fault; err != nil {
			t.Error(err)
		}
	}
}

func TestACountThatNeitherEndsNorSamplesSaysThatTheDatabaseIsBusy(t *testing.T) {
	url := testdb.URL(t)
	c := testdb.Config(url)
	c.LockTimeout = 200 * time.Millisecond
	users := postgres.NewUsers(testdb.Open(t, c))
	locked := begun(t, url, "LOCK TABLE roster.users IN ACCESS EXCLUSIVE MODE")
	_, err := users.CountUsers(t.Context(), ports.CountUsers{How: domain.CountExact})
	var fault *domain.Error
	if !errors.As(err, &fault) || fault.Kind != domain.Unavailable || fault.Reason != domain.ReasonOverloaded {
		t.Errorf("the error is %v", err)
	}
	if err := locked.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}
