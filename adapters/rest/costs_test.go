package rest

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestCostsAreDocumented compares the costs of the contract with the table in
// docs/access.md. An operation without a cost takes 1.
func TestCostsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/access.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]float64{}
	for _, row := range regexp.MustCompile("(?m)^\\| (\\d+) \\| (`.*`) \\|$").FindAllStringSubmatch(string(text), -1) {
		cost, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		for name := range strings.SplitSeq(row[2], ", ") {
			documented[strings.Trim(name, "`")] = cost
		}
	}
	for path, item := range contract(t).Paths.Map() {
		for method, operation := range item.Operations() {
			extension, ok := operation.Extensions["x-cost"]
			want, known := documented[operation.OperationID]
			delete(documented, operation.OperationID)
			if !ok && !known {
				continue
			}
			cost, number := extension.(float64)
			if !number || cost < 2 || cost != float64(int(cost)) {
				t.Errorf("%s %s has x-cost: %v; write a whole number above 1, or nothing", method, path, extension)
			}
			if cost != want {
				t.Errorf("%s costs %v, and docs/access.md says %v", operation.OperationID, cost, want)
			}
			if operation.Security == nil || len(*operation.Security) == 0 {
				t.Errorf("%s has a cost, and no caller who pays it", operation.OperationID)
			}
		}
	}
	for name := range documented {
		t.Errorf("docs/access.md has a cost of %s, which is no operation", name)
	}
}
