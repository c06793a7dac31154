package rest

import (
	"fmt"
	"strings"
	"testing"
)

func TestAQueryIsReadUpToABoundedNumberOfParameters(t *testing.T) {
	var names []string
	for i := range 5000 {
		names = append(names, fmt.Sprintf("p%d=1", i))
	}
	faults := refuseQuery(strings.Join(names, "&"))
	if len(faults) == 0 {
		t.Fatal("5,000 parameters were taken")
	}
	if text := faults[0].Error(); !strings.Contains(text, "p64: is one parameter too many; send at most 64") {
		t.Errorf("got %q", text)
	}
}
