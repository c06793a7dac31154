package tool

import "testing"

func TestPrepareWritesWhatBuildsAndChecks(t *testing.T) {
	s := prepared(t)
	s.build()
	s.expect("check", allWell)
	first := readFile(t, s.path("store/snapshots/customers.find.json"))
	has(t, "snapshot", first, `"FROM shop.customers "`, `"Email Sort=email"`, `"postgres": "uuid"`)
	s.expect("prepare", allWell)
	if again := readFile(t, s.path("store/snapshots/customers.find.json")); again != first {
		t.Errorf("the second prepare wrote\n%s", again)
	}
}

func TestARenamedColumnIsNamed(t *testing.T) {
	s := prepared(t)
	s.migrate("00002_address.sql", "ALTER TABLE shop.customers RENAME COLUMN email TO email_address")
	s.expect("check", findings, "stale: this migration is newer than the snapshots: run sqlcheck prepare",
		`customers.go:22: query "customers.find": it seems to use shop.customers.email, which `, "00002_address.sql renames to email_address")
	const said = `customers.go:22: query "customers.find" (4 of 4 variants): column shop.customers.email does not exist; did `
	for range 2 { // its own output broke the build, which is no obstacle
		s.expect("prepare", findings, said, "00002_address.sql rename it to email_address?", `"customers.copy"`)
		s.build("customers.go:22: undefined: query_customers_find_does_not_fit_the_schema",
			"customers.go:43: undefined: query_customers_copy_does_not_fit_the_schema",
			"r.EmailAddress undefined (type customer has no field")
	}
	s.expect("check", findings, `customers.go:22: query "customers.find": column shop.customers.email does not exist; did `)
	s.replace("store/customers.go", `"email"`, `"email_address"`, `"email = ?"`, `"email_address = ?"`, "Email  string", "EmailAddress string")
	s.expect("prepare", allWell)
	s.build()
	s.expect("check", allWell)
}

func TestATableThatHasTheColumnIsNotBlamed(t *testing.T) {
	s := newShop(t)
	s.migrate("00002_archive.sql", "CREATE TABLE shop.archive (id uuid NOT NULL, visits integer NOT NULL)")
	s.replace("store/customers.go", `"visits + 1"`, `"(SELECT max(archive.visits) FROM shop.archive)"`)
	s.expect("prepare", allWell)
	s.migrate("00003_visits.sql", "ALTER TABLE shop.customers RENAME visits TO calls")
	s.expect("prepare", findings,
		`"customers.visit" (1 of 1 variants): column shop.customers.visits does not exist; did `,
		"00003_visits.sql rename it to calls?")
}

func TestAReplacedColumnIsGuessed(t *testing.T) {
	s := prepared(t)
	s.migrate("00002_address.sql", "ALTER TABLE shop.customers ADD address_of_email text NOT NULL, ADD phone text, DROP COLUMN email")
	for range 2 {
		s.expect("prepare", findings, "00002_address.sql rename it to address_of_email?")
	}
}

func TestADroppedColumnIsNamed(t *testing.T) {
	s := prepared(t)
	s.migrate("00002_drop.sql", "ALTER TABLE shop.customers DROP COLUMN visits")
	s.expect("check", findings,
		`customers.go:36: query "customers.visit": it seems to use shop.customers.visits, which `,
		"00002_drop.sql drops: change the query")
	s.expect("prepare", findings, "column shop.customers.visits does not exist; ", "00002_drop.sql dropped it")
	s.build("customers.go:36: undefined: query_customers_visit_does_not_fit_the_schema", "as snapshotCustomer value")
}

func TestATextThatDoesNotFitDoesNotBuild(t *testing.T) {
	s := newShop(t)
	s.replace("store/customers.go", "visits + 1", "visit + 1")
	s.expect("prepare", findings, `customers.go:36: query "customers.visit" (1 of 1 variants): column shop.customers.visit does not exist`)
	s.build("customers.go:36", "undefined: query_customers_visit_does_not_fit_the_schema")
	s.replace("store/customers.go", "visit + 1", "visits + 1")
	s.expect("prepare", allWell)
	s.build()
}

func TestARowNeedsAName(t *testing.T) {
	s := newShop(t)
	s.replace("store/customers.go", "NewCopy[customer](", "NewCopy[struct{ ID [16]byte `db:\"id\"`; Email string `db:\"email\"` }](")
	s.expect("prepare", findings, `customers.go:43: query "customers.copy": its row type has no name`)
}

func TestAColumnThatChangesBreaksTheRow(t *testing.T) {
	cases := []struct{ name, change, finding, build string }{
		{
			"a wider type", "ALTER COLUMN visits TYPE bigint",
			`column "visits" is bigint; field Visits is int32, which doesn't hold them all; it was integer; did `,
			"cannot use &r.Visits (value of type *int32) as *int64 value",
		},
		{
			"NULL allowed", "ALTER COLUMN visits DROP NOT NULL",
			`field Visits is int32; it was never NULL; did `, "cannot use &r.Visits (value of type *int32) as **int32 value",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := prepared(t)
			s.migrate("00002_visits.sql", "ALTER TABLE shop.customers "+c.change)
			s.expect("prepare", findings, "customers.go:22: ", c.finding, "00002_visits.sql ")
			s.build(c.build)
		})
	}
}

func TestARowThatChangesDoesNotBuild(t *testing.T) {
	cases := []struct{ name, old, changed, build string }{
		{"a type", "*string ", "string ", "cannot use &r.Note (value of type *string) as **string value"},
		{"a field's name", "Note   *string", "Memo *string", "r.Note undefined"},
		{"a tag", `db:"note"`, `db:"memo"`, "as snapshotCustomer value"},
		{"a field more", "Visits int32", "More string `db:\"more\"`\nVisits int32", "as snapshotCustomer value"},
	}
	s := prepared(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s.reset(preparedShop)
			s.replace("store/customers.go", c.old, c.changed)
			s.build(c.build)
		})
	}
	s.reset(preparedShop)
	s.build()
}

func TestPrepareStartsAServerOfItsOwn(t *testing.T) {
	s := newShop(t)
	s.database = ""
	s.expect("prepare", allWell)
}

func TestAMigrationThatFailsIsNamed(t *testing.T) {
	s := newShop(t)
	s.migrate("00002_wrong.sql", "ALTER TABLE shop.nothing ADD x text")
	s.expect("prepare", failed, "00002_wrong.sql: ", `relation "shop.nothing" does not exist`)
}
