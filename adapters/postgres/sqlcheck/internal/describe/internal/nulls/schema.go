package nulls

import "github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"

// Schema reads the database's catalogs.
type Schema interface {
	Relation(oid uint32) (Relation, error)
	Function(oid uint32) (Function, error)
	Operator(oid uint32) (Operator, error)
	// RefusesNull reports whether a domain, or one that it is made of, is NOT
	// NULL.
	RefusesNull(domain uint32) (bool, error)
}

// Relation is a table, a view or the like.
type Relation struct {
	Name    string
	Kind    byte           // pg_class.relkind
	Columns map[int]Column // by attribute number
	// Rewritten reports whether rules may replace what is done to the table, and
	// Triggered that row triggers may change what is written to it.
	Rewritten, Triggered bool
	View                 *nodetree.Node // the query of a view
}

// Column is a column of a relation.
type Column struct {
	Name string
	// NotNull reports whether the server refuses NULL in the relation and in all
	// that inherit from it.
	NotNull bool
	// Declared reports whether it refuses NULL in the relation itself, for new rows.
	Declared bool
	Domain   bool // the type is a domain that refuses NULL
}

// Function is a function, an aggregate or a window function.
type Function struct {
	Name      string // as users call it; with its schema unless built in
	Kind      byte   // pg_proc.prokind
	Language  string
	Source    string // what implements it
	Library   string // that holds Source; "" for built-in functions
	Arguments int
	Strict    bool // NULL when an argument is
	BuiltIn   bool
}

// Operator is an operator.
type Operator struct {
	Name     string
	Function uint32
}
