package schema

// Schema is what the migrations make.
type Schema struct {
	// Version is the newest migration.
	Version   int64      `json:"version,omitzero"`
	Tables    []Table    `json:"tables"`
	Functions []Function `json:"functions"`
}

// Table is a table without its partitions, which come and go.
type Table struct {
	Name        string `json:"name"`
	Unlogged    bool   `json:"unlogged,omitzero"`
	PartitionBy string `json:"partition_by,omitzero"`
	// Rights are those that the role has on all columns, such as SELECT.
	Rights []string `json:"rights,omitzero"`
	// HidesRows is whether row-level security hides rows from the role.
	HidesRows bool `json:"hides_rows,omitzero"`
	// Unchecked is whether triggers of foreign keys are disabled.
	Unchecked   bool         `json:"unchecked,omitzero"`
	Columns     []Column     `json:"columns"`
	Constraints []Constraint `json:"constraints,omitzero"`
	Indexes     []Index      `json:"indexes,omitzero"`
	Triggers    []Trigger    `json:"triggers,omitzero"`
}

// Column is a column of a table.
type Column struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	Collation string `json:"collation,omitzero"` // none for that of the type
	NotNull   bool   `json:"not_null,omitzero"`
	Default   string `json:"default,omitzero"`   // or the expression of a generated column
	Generated string `json:"generated,omitzero"` // s: stored, v: virtual
	Identity  string `json:"identity,omitzero"`  // a: always, d: by default
	// Rights are those that the role has on this column and not on the table.
	Rights []string `json:"rights,omitzero"`
	// Used is whether a statement of the program names it.
	Used bool `json:"used,omitzero"`
}

// Constraint is a primary key (p), unique key (u), foreign key (f), check (c) or
// exclusion (x). NOT NULL belongs to the column, also where PostgreSQL 18 has a
// constraint for it.
type Constraint struct {
	Name       string `json:"name"`
	Type       string `json:"type"`
	Definition string `json:"definition"`
	Invalid    bool   `json:"invalid,omitzero"`    // rows of before may break it
	Unenforced bool   `json:"unenforced,omitzero"` // from PostgreSQL 18 on
}

// Index is an index, also one of a constraint.
type Index struct {
	Name       string `json:"name"`
	Definition string `json:"definition"`
	Unique     bool   `json:"unique,omitzero"`
	// Constraint is whether it belongs to a constraint, which is compared instead.
	Constraint bool `json:"constraint,omitzero"`
	// Invalid names the index, or those of partitions, that can't be used.
	Invalid []string `json:"invalid,omitzero"`
}

// Trigger is a trigger but one of a foreign key.
type Trigger struct {
	Name       string `json:"name"`
	Definition string `json:"definition"`
	Disabled   bool   `json:"disabled,omitzero"`
}

// Function is a function or procedure.
type Function struct {
	Name       string   `json:"name"`
	Arguments  string   `json:"arguments"`           // types
	Parameters string   `json:"parameters,omitzero"` // with names and defaults
	Result     string   `json:"result,omitzero"`
	Kind       string   `json:"kind"` // f: function, p: procedure
	Language   string   `json:"language"`
	Volatility string   `json:"volatility"` // i: immutable, s: stable, v: volatile
	Parallel   string   `json:"parallel"`   // s: safe, r: restricted, u: unsafe
	Strict     bool     `json:"strict,omitzero"`
	Definer    bool     `json:"definer,omitzero"` // runs with its owner's rights
	Settings   []string `json:"settings,omitzero"`
	Body       string   `json:"body"` // MD5
	// Callable is whether the role may call it.
	Callable bool `json:"callable,omitzero"`
	// Used is whether a statement of the program calls it.
	Used bool `json:"used,omitzero"`
}

// Catalogue is the schema of a database, seen by a role.
type Catalogue struct {
	Schema

	// Owner owns the schema; empty without a schema.
	Owner string `json:"owner"`
	// Role is the role whose rights these are; empty if there is none of the name.
	Role string `json:"role"`
	// Owns is whether the role has the rights of the owner.
	Owns bool `json:"owns"`
	// Usage is whether the role may use the schema.
	Usage bool `json:"usage"`
	// Foreign are the objects of other owners.
	Foreign []Foreign `json:"foreign"`
	// Months are the months of events that are not partitions as they should be.
	Months []Month `json:"months"`
	// Undescribed are objects of kinds that Schema has no place for, such as views.
	Undescribed []string `json:"undescribed"`
}

// Month is a table of the events of a month (UTC).
type Month struct {
	Name  string `json:"name"`
	Month string `json:"month"` // such as 2026-01
	// Detached is whether it is no partition, Leaving whether it is being detached.
	Detached bool `json:"detached"`
	Leaving  bool `json:"leaving"`
	// Past is whether the month has ended, so that few events of it are still added.
	Past bool `json:"past"`
}

// Foreign is an object whose owner is not that of the schema.
type Foreign struct {
	Kind  string `json:"kind"` // such as TABLE
	Name  string `json:"name"` // as a statement names it
	Owner string `json:"owner"`
	// Works is whether the owner's functions can use it all the same.
	Works bool `json:"works"`
}

// keyed is an object of a schema, which has its name within a list.
type keyed[T any] interface {
	*T
	key() string
}

// find returns what a list has under a name, or nil.
func find[T any, P keyed[T]](all []T, name string) *T {
	for i := range all {
		if P(&all[i]).key() == name {
			return &all[i]
		}
	}
	return nil
}

func (t *Table) key() string      { return t.Name }
func (c *Column) key() string     { return c.Name }
func (c *Constraint) key() string { return c.Name }
func (i *Index) key() string      { return i.Name }
func (t *Trigger) key() string    { return t.Name }
func (f *Function) key() string   { return f.Name + "(" + f.Arguments + ")" }

// used is whether a statement of the program names the table.
func (t *Table) used() bool {
	for i := range t.Columns {
		if t.Columns[i].Used {
			return true
		}
	}
	return false
}
