package plans_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/plans"
)

func TestPlansThatGrowWithATableAreRefused(t *testing.T) {
	conn := connect(t)
	for name, want := range map[string][]string{
		"good.by_id": nil, "good.newest": nil, "good.period": nil, "good.small": nil, "good.allowed": nil, "good.copy": nil,
		"bad.scan": {`shop_test\.go:\d+: query "bad\.scan" \(2 of 4 variants, like "Total"\): ` +
			`reads all 30000 rows of shop\.orders for \(o\.total = \$1\): no index fits: add one, or give the reason in its definition, ` +
			`Plan: sqlcheck\.Gate\{Whole: map\[string\]string\{"shop\.orders": "…"\}\}`},
		"bad.walk": {`"bad\.walk": reads all 30000 rows of shop\.orders along the index shop\.orders_newest ` +
			`for \(o\.note <> .gift.::text\): add an index that begins with what is filtered`},
		"bad.sort": {`"bad\.sort": sorts about 30000 rows, of shop\.orders, by o\.total: ` +
			`add an index in that order, filter more, or give .* sqlcheck\.Gate\{Sort: `},
		"bad.partitions": {`"bad\.partitions": reads all 18000 rows of shop\.visits for \(v_1\.id = \$1\)`},
		"bad.cte":        {`"bad\.cte": reads all 30000 rows of shop\.orders for \(orders\.total < \$1\)`},
		"bad.subquery":   {`"bad\.subquery": reads all 30000 rows of shop\.orders`},
		"bad.reason":     {`"bad\.reason": its Gate allows Whole of shop\.visits, and no plan needs that: remove it`},
	} {
		t.Run(name, func(t *testing.T) {
			got := check(t, conn, name).Findings
			if len(got) != len(want) {
				t.Fatalf("got %v", got)
			}
			for i := range want {
				if !regexp.MustCompile(want[i]).MatchString(got[i].String()) {
					t.Errorf("got\n%s\nwant\n%s", got[i], want[i])
				}
			}
		})
	}
}

func TestADroppedIndexIsFoundByTheQueryThatNeedsIt(t *testing.T) {
	conn := connect(t, "ALTER TABLE shop.orders DROP CONSTRAINT orders_pkey")
	got := check(t, conn, "good.by_id").Findings
	if len(got) != 1 || got[0].Rule != plans.SeqScan || got[0].Table != "shop.orders" || got[0].Query != "good.by_id" {
		t.Errorf("got %v", got)
	}
}

func TestAnIndexThatCostsMoreIsNamed(t *testing.T) {
	conn := connect(t, "UPDATE shop.orders SET customer = 1", "ANALYZE shop.orders")
	got := check(t, conn, "bad.scan").Findings
	if len(got) != 1 || len(got[0].Variants) != 4 {
		t.Fatalf("got %v", got)
	}
	if got := check(t, conn, "bad.subquery", "good.newest").Findings; len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

func TestTheSizeOfALargeTableIsTheCallers(t *testing.T) {
	report, err := plans.Check(t.Context(), connect(t), sqlcheck.All(), 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		t.Errorf("found %s", f)
	}
}

func TestTheShapeSaysWhatThePlanDoes(t *testing.T) {
	conn := connect(t)
	for name, want := range map[string]string{
		"good.newest": `
Limit
  Index Only Scan using orders_newest on shop.orders o
`,
		"good.period": `
Append
  Index Scan using visits_at on shop.visits v
    index: ((v.at >= $1) AND (v.at < $2))
`,
		"good.schemas": "Scan on pg_catalog.pg_namespace s\n",
		"bad.cte": `
CTE Scan gone
  CTE gone
    Delete shop.orders
      Seq Scan on shop.orders
        filter: (orders.total < $1)
`,
	} {
		t.Run(name, func(t *testing.T) {
			got := check(t, conn, name).Plans
			if len(got) != 1 || got[0].Query != name || got[0].Shape != strings.TrimPrefix(want, "\n") {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestShapesStayAsRowsAndPartitionsAreAdded(t *testing.T) {
	conn := connect(t)
	before := check(t, conn).Plans
	for _, text := range []string{
		"INSERT INTO shop.orders SELECT n, 1, n, '', now() FROM generate_series(100000, 101000) n",
		"CREATE TABLE shop.visits_4 PARTITION OF shop.visits FOR VALUES FROM ('2026-04-01') TO ('2026-05-01')",
		"INSERT INTO shop.visits SELECT n, timestamptz '2026-04-01' + n * interval '1 minute', 'home' FROM generate_series(1, 6000) n",
		"ANALYZE",
	} {
		if _, err := conn.Exec(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	if after := check(t, conn).Plans; !slices.Equal(before, after) {
		t.Errorf("before\n%v\nafter\n%v", before, after)
	}
}

func TestADiffShowsLines(t *testing.T) {
	old := "Limit\n  Index Scan using orders_newest on shop.orders o\n"
	now := "Limit\n  Sort\n    key: o.placed_at\n    Seq Scan on shop.orders o\n"
	want := "  Limit\n-   Index Scan using orders_newest on shop.orders o\n+   Sort\n+     key: o.placed_at\n+     Seq Scan on shop.orders o\n"
	if got := plans.Diff(old, now); got != want {
		t.Errorf("got\n%s", got)
	}
	if got := plans.Diff(old, old); got != "" {
		t.Errorf("of nothing: %q", got)
	}
}

func TestWhatNoQueryNeedsIsListedWithItsReason(t *testing.T) {
	report := check(t, connect(t,
		"ALTER TABLE shop.orders ADD ref bigint REFERENCES shop.customers, ADD code text",
		"CREATE INDEX orders_ref ON shop.orders (ref)", "CREATE INDEX orders_code ON shop.orders (code)"))
	wantIndexes := []plans.Unused{
		{Name: "shop.customers_city", Table: "shop.customers", Why: "unique index"},
		{Name: "shop.customers_pkey", Table: "shop.customers", Why: "primary key"},
		{Name: "shop.orders_code", Table: "shop.orders"},
		{Name: "shop.orders_note", Table: "shop.orders"},
		{Name: "shop.orders_ref", Table: "shop.orders", Why: "serves foreign key orders_ref_fkey"},
	}
	if !slices.Equal(report.Indexes, wantIndexes) {
		t.Errorf("indexes %+v", report.Indexes)
	}
	wantColumns := []plans.Unused{
		{Name: "shop.orders.ref", Table: "shop.orders", Why: "in constraint orders_ref_fkey"},
		{Name: "shop.orders.code", Table: "shop.orders", Why: "indexed by orders_code"},
		{Name: "shop.visits.page", Table: "shop.visits"},
	}
	if !slices.Equal(report.Columns, wantColumns) {
		t.Errorf("columns %+v", report.Columns)
	}
}

func TestAnIndexThatFindsConflictsIsUsed(t *testing.T) {
	report := check(t, connect(t), "good.upsert")
	for _, i := range report.Indexes {
		if i.Name == "shop.orders_pkey" {
			t.Errorf("%s is listed", i.Name)
		}
	}
}

func TestAQueryThatTheServerRefusesDoesNotHideTheOthers(t *testing.T) {
	report := check(t, connect(t, "ALTER TABLE shop.orders RENAME total TO sum"), "bad.cte", "bad.partitions", "bad.scan", "bad.subquery")
	var got []string
	for _, f := range report.Findings {
		got = append(got, f.Query+" "+string(f.Rule))
	}
	rules := []string{"bad.cte refused", "bad.partitions seq-scan", "bad.scan seq-scan", "bad.scan refused", "bad.subquery refused"}
	if !slices.Equal(got, rules) {
		t.Errorf("got %q", got)
	}
	want := `query "bad.cte": PostgreSQL refuses it: ERROR: column "total" does not exist (SQLSTATE 42703): ` +
		`run sqlcheck prepare, which says why`
	if !strings.HasSuffix(report.Findings[0].String(), want) {
		t.Errorf("got %s", report.Findings[0])
	}
}

func TestTablesHaveToBeAnalyzed(t *testing.T) {
	_, err := plans.Check(t.Context(), connect(t, "CREATE TABLE shop.fresh (a int)"), only("bad.scan"), 0)
	if want := "the planner knows nothing about shop.fresh: run ANALYZE"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}
