package columns_test

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/columns"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/schema"
)

func table(full string, names ...string) schema.Table {
	before, after, _ := strings.Cut(full, ".")
	t := schema.Table{Schema: before, Name: after}
	for _, n := range names {
		t.Columns = append(t.Columns, schema.Column{Name: n, Type: "text"})
	}
	return t
}

func TestNamesAreGoAndValuesAreSQL(t *testing.T) {
	cases := []struct {
		name   string
		tables []schema.Table
		want   []string
	}{
		{"words and initialisms", []schema.Table{table("shop.order_lines", "external_id", "image_url")}, []string{
			`OrderLines = "shop.order_lines"`, `OrderLinesExternalID = "external_id"`, `OrderLinesImageURL = "image_url"`,
		}},
		{"words that SQL reserves", []schema.Table{table("shop.user", "order")}, []string{
			`User = "shop.\"user\""`, `UserOrder = "\"order\""`,
		}},
		{"names that need quotes", []schema.Table{table("shop.Orders", "Grand Total", "2nd")}, []string{
			`Orders = "shop.\"Orders\""`, `OrdersGrandTotal = "\"Grand Total\""`, `Orders2nd = "\"2nd\""`,
		}},
		{"a table that starts with a digit", []schema.Table{table("shop.2fa", "a")}, []string{`X2fa = "shop.\"2fa\""`, `X2faA = "a"`}},
		{"a table and a column alike", []schema.Table{table("shop.users", "email"), table("shop.users_email", "id")}, []string{
			`Shop_Users_Email = "email"`, `Shop_UsersEmail = "shop.users_email"`, `UsersEmailID = "id"`,
		}},
		{"tables of two schemas", []schema.Table{table("a.users", "id"), table("b.users", "id")}, []string{
			`A_Users = "a.users"`, `A_Users_ID = "id"`, `B_Users = "b.users"`, `B_Users_ID = "id"`,
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text, err := columns.Source("columns", schema.Schema{Tables: c.tables})
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !strings.Contains(string(text), "\t"+want+"\n") {
					t.Errorf("no %s in\n%s", want, text)
				}
			}
		})
	}
}

func TestCommentsAreTheSchemas(t *testing.T) {
	users := table("shop.users", "email")
	users.Comment = "Those who\nbuy."
	users.Columns[0].Comment, users.Columns[0].Nullable = "Where the bill goes.", true
	text, err := columns.Source("names", schema.Schema{Tables: []schema.Table{users}})
	if err != nil {
		t.Fatal(err)
	}
	const want = columns.Header + `

// Package names names the tables of the database and their columns.
package names

// Table shop.users: Those who buy.
const (
	Users = "shop.users"
	// email: text, may be NULL. Where the bill goes.
	UsersEmail = "email"
)
`
	if string(text) != want {
		t.Errorf("got\n%s", text)
	}
}

func TestRetiredNamesAreOnlyThoseThatAreGone(t *testing.T) {
	now := schema.Schema{Tables: []schema.Table{table("shop.users", "email_address")}}
	gone := []schema.Gone{
		{Schema: "shop", Table: "users", Column: schema.Column{Name: "email"}},
		{Schema: "shop", Table: "users", Column: schema.Column{Name: "email_address"}},
	}
	const want = "package columns\n\nconst UsersEmail = \"email\"\n"
	if got := string(columns.Retired("columns", now, gone)); got != want {
		t.Errorf("got %q", got)
	}
	if got := columns.Retired("columns", now, gone[1:]); got != nil {
		t.Errorf("got %q of none", got)
	}
}
