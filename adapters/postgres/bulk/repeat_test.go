package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// failing makes the first attempts to store users fail. A sequence counts them,
// since it is not rolled back.
func failing(t *testing.T, conn *pgx.Conn, condition string, attempts int) {
	t.Helper()
	pgtest.Execute(t, conn, "CREATE SEQUENCE public.attempts", fmt.Sprintf(`
		CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
			IF nextval('public.attempts') <= %d THEN
				RAISE EXCEPTION 'try again' USING ERRCODE = '%s';
			END IF;
			RETURN NULL;
		END $$`, attempts, condition),
		"CREATE TRIGGER fail AFTER INSERT ON roster.users FOR EACH STATEMENT EXECUTE FUNCTION public.fail()")
}

// unlucky imports three users, the last of which has a name that is taken. The first
// attempts to store them fail.
func unlucky(t *testing.T, how ports.BulkImport, condition string, attempts int) (added ports.Added, refused []int64, err error) {
	t.Helper()
	r := newRivals(t)
	pgtest.Execute(t, r.conn, fmt.Sprintf(`INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
		VALUES (gen_random_uuid(), '%s', 'other@example.com', 'x', now(), now())`, testdb.User(2).Username))
	failing(t, r.conn, condition, attempts)
	err = r.first.Import(t.Context(), how, func(ctx context.Context, to ports.BulkWriter) (err error) {
		added, err = to.AddUsers(ctx, users(0, 3, nil), func(one ports.Refusal) error {
			refused = append(refused, one.Line)
			return nil
		})
		return err
	})
	return added, refused, err
}

func TestAnImportRepeatsWhatADeadlockUndid(t *testing.T) {
	t.Parallel()
	for _, condition := range []string{"40P01", "40001"} {
		for name, how := range ways {
			t.Run(name+", "+condition, func(t *testing.T) {
				t.Parallel()
				var stored []int64
				if how.Stored != nil {
					how.Stored = func(line int64) { stored = append(stored, line) }
				}
				added, refused, err := unlucky(t, how, condition, 3)
				if err != nil || added != (ports.Added{New: 2, Refused: 1}) || !slices.Equal(refused, []int64{3}) {
					t.Errorf("%+v, refused %v, %v", added, refused, err)
				}
				if how.Stored != nil && !slices.Equal(stored, []int64{1, 2}) {
					t.Errorf("the lines reported as new are %v", stored)
				}
			})
		}
	}
}

func TestAnImportThatAlwaysMeetsADeadlockEnds(t *testing.T) {
	t.Parallel()
	for name, how := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, refused, err := unlucky(t, how, "40P01", 1_000_000); !errors.Is(err, domain.Unavailable) || len(refused) > 0 {
				t.Errorf("refused %v, %v", refused, err)
			}
		})
	}
}
