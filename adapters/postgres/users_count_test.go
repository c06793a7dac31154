package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// populated has 30,000 users. A third of them is suspended, and 100 have addresses at
// another domain.
var populated = pgtest.NewTemplate(func(ctx context.Context, url string) error {
	if err := migrate.Up(ctx, url); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `
		SET session_replication_role = replica; -- counting needs nothing that triggers do
		INSERT INTO roster.users (id, username, email, display_name, status, created_at, updated_at)
			SELECT gen_random_uuid(), 'user' || n,
				'user' || n || CASE WHEN n % 300 = 0 THEN '@elsewhere.example' ELSE '@example.com' END,
				'x', CASE WHEN n % 3 = 0 THEN 'suspended' ELSE 'active' END, now(), now() FROM generate_series(1, 30000) n;
		RESET session_replication_role;
		ANALYZE roster.users`)
	return errors.Join(err, conn.Close(ctx))
})

// countable opens a database. Its exact counts may take as long as limit.
func countable(t *testing.T, url string, limit time.Duration) *postgres.Users {
	t.Helper()
	users := postgres.NewUsers(testdb.Open(t, testdb.Config(url)))
	postgres.CountTime(users, limit)
	return users
}

func counted(t *testing.T, users *postgres.Users, filter ports.UserFilter, how domain.Counting) domain.Total {
	t.Helper()
	total, err := users.CountUsers(t.Context(), ports.CountUsers{Filter: filter, How: how})
	if err != nil {
		t.Fatal(err)
	}
	return total
}

func wantEstimate(t *testing.T, got domain.Total, of int64) {
	t.Helper()
	if got.Kind != domain.CountEstimate || got.N < of*8/10 || got.N > of*12/10 {
		t.Errorf("the total is %+v; it should be an estimate of %d", got, of)
	}
}

func TestManyUsersAreCounted(t *testing.T) {
	t.Parallel()
	users := countable(t, populated.Database(t), time.Hour)
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
	wantEstimate(t, counted(t, users, ports.UserFilter{}, domain.CountEstimate), 30_000)
	wantEstimate(t, counted(t, users, ports.UserFilter{Status: domain.Active}, domain.CountEstimate), 20_000)
	wantEstimate(t, counted(t, users, ports.UserFilter{Deleted: domain.WithDeleted}, domain.CountEstimate), 30_000)
}

func TestACountThatTakesTooLongIsAnEstimate(t *testing.T) {
	t.Parallel()
	url := populated.Database(t)
	users, conn := countable(t, url, time.Millisecond), pgtest.Connect(t, url)
	for _, how := range []domain.Counting{domain.CountExact, domain.CountCapped} {
		locked := pgtest.Begin(t, url, "LOCK TABLE roster.users IN ACCESS EXCLUSIVE MODE")
		got := make(chan domain.Total, 1)
		fault := make(chan error, 1)
		go func() {
			total, err := users.CountUsers(t.Context(), ports.CountUsers{How: how})
			got <- total
			fault <- err
		}()
		pgtest.Eventually(t, "a sample that waits", func() bool {
			return pgtest.Scalar[int64](t, conn, `SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%TABLESAMPLE%'`) > 0
		})
		if err := locked.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantEstimate(t, <-got, 30_000)
		if err := <-fault; err != nil {
			t.Error(err)
		}
	}
}

func TestACountThatNeitherEndsNorSamplesSaysThatTheDatabaseIsBusy(t *testing.T) {
	t.Parallel()
	url := testdb.URL(t)
	c := testdb.Config(url)
	c.LockTimeout = time.Millisecond
	users := postgres.NewUsers(testdb.Open(t, c))
	pgtest.Begin(t, url, "LOCK TABLE roster.users IN ACCESS EXCLUSIVE MODE")
	_, err := users.CountUsers(t.Context(), ports.CountUsers{How: domain.CountExact})
	unavailable(t, err, domain.ReasonOverloaded)
}
