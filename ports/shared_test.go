package ports_test

import (
	"sync"
	"testing"

	"github.com/roster-directory/roster/ports"
)

func TestWhatIsSharedIsMadeOnce(t *testing.T) {
	var shared ports.Shared
	var mu sync.Mutex
	made := 0
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			got := shared.Text(func() []byte {
				mu.Lock()
				defer mu.Unlock()
				made++
				return []byte("text")
			})
			if string(got) != "text" {
				t.Errorf("got %q", got)
			}
		})
	}
	callers.Wait()
	if made != 1 {
		t.Errorf("it was made %d times", made)
	}
}
