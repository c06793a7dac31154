package plans

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// reads asks the server which columns a statement reads: those for which it
// needs the right to select, as noted in the analysed statement. Columns that
// are only written are not among them. Number 0 is the whole row.
func reads(ctx context.Context, tx pgx.Tx, text string) (map[uint32][]int16, error) {
	var types string
	err := tx.QueryRow(ctx, `SELECT coalesce(array_to_string(parameter_types, ', '), '')
		FROM pg_prepared_statements WHERE name = 'sqlcheck_plan'`, pgx.QueryExecModeSimpleProtocol).Scan(&types)
	if err != nil {
		return nil, err
	}
	returning := func(result string) string {
		return "CREATE FUNCTION pg_temp.sqlcheck_plan(" + types + ") RETURNS " + result + " LANGUAGE sql BEGIN ATOMIC " + text + "; END"
	}
	if err := send(ctx, tx, "SAVEPOINT sqlcheck_plan"); err != nil {
		return nil, err
	}
	if err := send(ctx, tx, returning("SETOF record")); err != nil { // it gives no rows
		if err := send(ctx, tx, "ROLLBACK TO sqlcheck_plan", returning("void")); err != nil {
			return nil, err
		}
	}
	var tree string
	err = tx.QueryRow(ctx, "SELECT prosqlbody::text FROM pg_proc WHERE proname = 'sqlcheck_plan' AND pronamespace = pg_my_temp_schema()",
		pgx.QueryExecModeSimpleProtocol).Scan(&tree)
	return selected(tree), err
}

// viewReads is the same for what views read.
func viewReads(ctx context.Context, conn *pgx.Conn) (map[uint32][]int16, error) {
	rows, err := conn.Query(ctx, `SELECT w.ev_action::text FROM pg_rewrite w
		JOIN pg_class r ON r.oid = w.ev_class JOIN pg_namespace n ON n.oid = r.relnamespace WHERE `+userSchemas)
	if err != nil {
		return nil, err
	}
	trees, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return selected(strings.Join(trees, "\n")), err
}

var selectedColumns = regexp.MustCompile(`:relid (\d+) [^{}]*?:selectedCols \(b([ \d]*)\)`)

// selected finds the columns in the text of an analysed statement. There they
// are counted from the first of the system's columns.
func selected(tree string) map[uint32][]int16 {
	const system = 7
	found := map[uint32][]int16{}
	for _, m := range selectedColumns.FindAllStringSubmatch(tree, -1) {
		relation, err := strconv.ParseUint(m[1], 10, 32)
		if err != nil {
			continue
		}
		for _, word := range strings.Fields(m[2]) {
			n, err := strconv.ParseInt(word, 10, 16)
			if err != nil || n < system {
				continue
			}
			if column := int16(n - system); !slices.Contains(found[uint32(relation)], column) {
				found[uint32(relation)] = append(found[uint32(relation)], column)
			}
		}
	}
	return found
}
