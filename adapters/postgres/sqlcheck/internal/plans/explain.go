package plans

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// settings make the plan that serves any arguments, the same on any machine.
// Partitions that the arguments rule out are left in the plan: with NULLs that
// would be all.
const settings = `
	SET LOCAL plan_cache_mode = force_generic_plan;
	SET LOCAL enable_partition_pruning = off;
	SET LOCAL max_parallel_workers_per_gather = 0;
	SET LOCAL jit = off`

var plannable = regexp.MustCompile(`(?i)^\W*(select|insert|update|delete|with|values|merge)\b`)

// statement is a variant that is prepared, with its plan.
type statement struct {
	sqlcheck.Variant
	plan *node
	// without is the plan with sequential scans discouraged.
	without *node
	reads   map[uint32][]int16
}

// explain plans a variant in a transaction of its own, which it rolls back.
// The plan is nil for what has none: COPY and other utility statements.
func explain(ctx context.Context, conn *pgx.Conn, v sqlcheck.Variant) (statement, error) {
	s := statement{Variant: v}
	if !plannable.MatchString(v.Text) {
		return s, nil
	}
	err := inTransaction(ctx, conn, func(tx pgx.Tx) (err error) {
		if err = send(ctx, tx, settings, "PREPARE sqlcheck_plan AS "+v.Text); err != nil {
			return err
		}
		if s.plan, err = plan(ctx, tx, len(v.Args)); err != nil {
			return err
		}
		if err = send(ctx, tx, "SET LOCAL enable_seqscan = off", "DEALLOCATE sqlcheck_plan", "PREPARE sqlcheck_plan AS "+v.Text); err != nil {
			return err
		}
		if s.without, err = plan(ctx, tx, len(v.Args)); err != nil {
			return err
		}
		s.reads, err = reads(ctx, tx, v.Text)
		return err
	})
	return s, err
}

// inTransaction runs do and takes back what it did. What it prepared would
// outlive the transaction.
func inTransaction(ctx context.Context, conn *pgx.Conn, do func(pgx.Tx) error) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	err = do(tx)
	if undo := tx.Rollback(ctx); err == nil {
		err = undo
	}
	if undo := conn.DeallocateAll(ctx); err == nil {
		err = undo
	}
	return err
}

func send(ctx context.Context, tx pgx.Tx, texts ...string) error {
	for _, text := range texts {
		if _, err := tx.Exec(ctx, text, pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
	}
	return nil
}

func plan(ctx context.Context, tx pgx.Tx, args int) (*node, error) {
	text := "EXPLAIN (FORMAT JSON, VERBOSE) EXECUTE sqlcheck_plan"
	if args > 0 {
		text += "(" + strings.TrimSuffix(strings.Repeat("NULL, ", args), ", ") + ")"
	}
	rows, err := tx.Query(ctx, text, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return nil, err
	}
	out, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[[]byte])
	if err != nil {
		return nil, err
	}
	var explained []struct{ Plan *node }
	if err := json.Unmarshal(out, &explained); err != nil || len(explained) != 1 {
		return nil, fmt.Errorf("EXPLAIN answered %d plans: %w", len(explained), err)
	}
	return explained[0].Plan, nil
}
