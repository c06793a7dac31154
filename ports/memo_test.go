package ports_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/roster-directory/roster/ports"
)

func TestAValueIsDerivedOnce(t *testing.T) {
	var memo ports.Memo
	var derived atomic.Int32
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			got := memo.Do(func() any {
				derived.Add(1)
				return "text"
			})
			if got != "text" {
				t.Errorf("got %q", got)
			}
		})
	}
	callers.Wait()
	if n := derived.Load(); n != 1 {
		t.Errorf("it was derived %d times", n)
	}
}
