package plans

import (
	"regexp"
	"slices"
	"strings"
)

// node is a node of a plan, as EXPLAIN prints it.
type node struct {
	Type       string  `json:"Node Type"`
	Parent     string  `json:"Parent Relationship"`
	Subplan    string  `json:"Subplan Name"`
	Join       string  `json:"Join Type"`
	Strategy   string  `json:"Strategy"`
	Operation  string  `json:"Operation"`
	Direction  string  `json:"Scan Direction"`
	Schema     string  `json:"Schema"`
	Relation   string  `json:"Relation Name"`
	Alias      string  `json:"Alias"`
	Index      string  `json:"Index Name"`
	Function   string  `json:"Function Name"`
	CTE        string  `json:"CTE Name"`
	Rows       float64 `json:"Plan Rows"`
	IndexCond  string  `json:"Index Cond"`
	Recheck    string  `json:"Recheck Cond"`
	OrderBy    string  `json:"Order By"`
	HashCond   string  `json:"Hash Cond"`
	MergeCond  string  `json:"Merge Cond"`
	JoinFilter string  `json:"Join Filter"`
	TID        string  `json:"TID Cond"`
	Filter     string  `json:"Filter"`
	OneTime    string  `json:"One-Time Filter"`

	SortKey   []string `json:"Sort Key"`
	Presorted []string `json:"Presorted Key"`
	GroupKey  []string `json:"Group Key"`
	Conflict  string   `json:"Conflict Resolution"`
	Arbiters  []string `json:"Conflict Arbiter Indexes"`

	Children []*node `json:"Plans"`
}

// table is the name of the table that the node scans, "" if it scans none.
func (n *node) table() string {
	if n.Relation == "" || n.Type == "ModifyTable" {
		return ""
	}
	return n.Schema + "." + n.Relation
}

// walk visits the nodes from the top, each with those above it.
func (n *node) walk(visit func(n *node, above []*node)) {
	var down func(n *node, above []*node)
	down = func(n *node, above []*node) {
		visit(n, above)
		above = append(slices.Clip(above), n)
		for _, child := range n.Children {
			down(child, above)
		}
	}
	down(n, nil)
}

// fold leaves out of a plan what is not the query's doing. It names partitions
// and their indexes by the partitioned table's, takes the numbers off their
// aliases, and keeps one of the branches that become alike. How PostgreSQL's
// own tables are scanned it does not say.
func (n *node) fold(c *catalog) {
	for _, child := range n.Children {
		child.fold(c)
	}
	aliases := map[string]string{}
	n.walk(func(n *node, _ []*node) {
		if t := c.tables[n.table()]; t != nil && t.root != t.name {
			aliases[n.Alias] = partitionNumber.ReplaceAllString(n.Alias, "")
		}
	})
	n.walk(func(n *node, _ []*node) {
		n.rename(aliases)
		if n.Schema == "pg_catalog" && n.Relation != "" {
			// PostgreSQL's own tables grow and shrink with each migration.
			*n = node{Type: "Scan", Parent: n.Parent, Subplan: n.Subplan, Schema: n.Schema, Relation: n.Relation, Alias: n.Alias}
		}
	})
	n.walk(func(n *node, _ []*node) {
		if i := c.indexes[n.Schema+"."+n.Index]; i != nil {
			_, n.Index, _ = strings.Cut(i.root, ".")
		}
		if t := c.tables[n.table()]; t != nil {
			n.foldBitmaps(c, t.root)
			_, n.Relation, _ = strings.Cut(t.root, ".")
		}
	})
	seen := map[string]bool{}
	n.Children = slices.DeleteFunc(n.Children, func(child *node) bool {
		shape := child.shape()
		twin := seen[shape] && child.Parent == "Member"
		seen[shape] = true
		return twin
	})
}

func (n *node) foldBitmaps(c *catalog, table string) {
	for _, child := range n.Children {
		if child.Type == "Bitmap Index Scan" {
			_, child.Index, _ = strings.Cut(c.bitmapIndex(child, table), ".")
		}
		if strings.HasPrefix(child.Type, "Bitmap") {
			child.foldBitmaps(c, table)
		}
	}
}

var partitionNumber = regexp.MustCompile(`_\d+$`)

func (n *node) rename(aliases map[string]string) {
	change := func(text string) string {
		for from, to := range aliases {
			text = regexp.MustCompile(`\b`+regexp.QuoteMeta(from)+`\.`).ReplaceAllString(text, to+".")
		}
		return text
	}
	if to, ok := aliases[n.Alias]; ok {
		n.Alias = to
	}
	for _, text := range []*string{&n.IndexCond, &n.Recheck, &n.OrderBy, &n.HashCond, &n.MergeCond, &n.JoinFilter, &n.Filter} {
		*text = change(*text)
	}
	for _, list := range [][]string{n.SortKey, n.Presorted, n.GroupKey} {
		for i := range list {
			list[i] = change(list[i])
		}
	}
}
