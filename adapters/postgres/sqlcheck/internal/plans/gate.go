package plans

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// applyGate reports the faults that the definition's gate does not allow.
func applyGate(d sqlcheck.Definition, perVariant map[string][]*fault, large map[string]bool) []Finding {
	merged := map[string]*fault{}
	variants := map[string][]string{}
	used := map[string]bool{}
	for _, v := range d.Variants {
		for _, f := range perVariant[v.Name] {
			key := f.kind() + " " + f.table
			if f.allowed(d.Plan) {
				used[key] = true
				continue
			}
			key += " " + string(f.rule)
			variants[key] = append(variants[key], v.Name)
			if merged[key] == nil {
				merged[key] = f
			}
			merged[key].merge(f)
		}
	}
	findings := unneeded(d, used, large)
	for _, key := range slices.Sorted(maps.Keys(merged)) {
		f := merged[key]
		findings = append(findings, Finding{
			Source: d.Source, Query: d.Name, Variants: variants[key], Of: len(d.Variants),
			Rule: f.rule, Table: f.table, Detail: f.detail(), Fix: f.fix(),
		})
	}
	return findings
}

// kind is the field of the gate that allows a fault.
func (f *fault) kind() string {
	if f.rule == WholeSort {
		return "Sort"
	}
	return "Whole"
}

func (f *fault) allowed(gate sqlcheck.Gate) bool {
	if f.rule == WholeSort {
		return gate.Sort[f.table] != ""
	}
	return gate.Whole[f.table] != ""
}

// merge adds another variant's fault to f.
func (f *fault) merge(other *fault) {
	f.rows = max(f.rows, other.rows)
	f.index = cmp.Or(f.index, other.index)
	for _, condition := range other.conditions {
		f.add(condition)
	}
}

// unneeded are exceptions for large tables that no plan takes. Of a table that
// is small here nobody knows.
func unneeded(d sqlcheck.Definition, used, large map[string]bool) (findings []Finding) {
	for kind, allowed := range map[string]map[string]string{"Sort": d.Plan.Sort, "Whole": d.Plan.Whole} {
		for _, name := range slices.Sorted(maps.Keys(allowed)) {
			if !used[kind+" "+name] && large[name] {
				findings = append(findings, Finding{
					Source: d.Source, Query: d.Name, Of: len(d.Variants), Rule: Unneeded, Table: name,
					Detail: fmt.Sprintf("its Gate allows %s of %s, and no plan needs that", kind, name), Fix: "remove it",
				})
			}
		}
	}
	slices.SortFunc(findings, func(a, b Finding) int { return cmp.Compare(a.Detail, b.Detail) })
	return findings
}

func (f *fault) detail() string {
	by := ""
	if len(f.conditions) > 0 {
		by = " for " + strings.Join(f.conditions, " and ")
	}
	switch f.rule {
	case SeqScan:
		return fmt.Sprintf("reads all %.0f rows of %s%s", f.rows, f.table, by)
	case IndexWalk:
		return fmt.Sprintf("reads all %.0f rows of %s along the index %s%s", f.rows, f.table, f.index, by)
	default:
		return fmt.Sprintf("sorts about %.0f rows, of %s, by %s", f.rows, f.table, strings.Join(f.conditions, " and by "))
	}
}

func (f *fault) fix() string {
	why := fmt.Sprintf("or give the reason in its definition, Plan: sqlcheck.Gate{%s: map[string]string{%q: \"…\"}}", f.kind(), f.table)
	switch {
	case f.rule == WholeSort:
		return "add an index in that order, filter more, " + why
	case f.rule == IndexWalk:
		return "add an index that begins with what is filtered or joined by, " + why
	case f.index != "":
		return fmt.Sprintf("the planner estimates that the index %s costs more: make the condition narrower, %s", f.index, why)
	}
	return "no index fits: add one, " + why
}
