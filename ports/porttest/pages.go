package porttest

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// maxListed is more than the length of any list.
const maxListed = 10_000

// pages reads a list to its end, each page after the last item of the one before.
func pages[T any](f *fixture, size int, read func(last *T, limit domain.PageSize) (ports.Page[T], error)) []T {
	f.Helper()
	var all []T
	var last *T
	for limit := f.size(size); ; {
		page, err := read(last, limit)
		page = must[ports.Page[T]](f)(page, err)
		if len(page.Items) > size || page.More && len(page.Items) < size {
			f.Fatalf("a page of %d has %d items, and goes on: %t", size, len(page.Items), page.More)
		}
		all = append(all, page.Items...)
		if !page.More {
			return all
		}
		if len(all) > maxListed {
			f.Fatalf("a short list does not end: it goes on after %d items, the last is %+v", len(all),
				page.Items[len(page.Items)-1])
		}
		last = &all[len(all)-1]
	}
}

// metOnce fails the test unless the items are in the strict order of compare, and
// have each of the steady items, by id, exactly once.
func metOnce[T any](f *fixture, what string, items []T, id func(T) [16]byte, compare func(a, b T) int, steady map[[16]byte]bool) {
	f.Helper()
	met := map[[16]byte]int{}
	for i, item := range items {
		met[id(item)]++
		if i > 0 && compare(items[i-1], item) >= 0 {
			f.Errorf("%s: %+v comes after %+v", what, item, items[i-1])
		}
	}
	for each := range steady {
		if met[each] != 1 {
			f.Errorf("%s: %x was met %d times", what, each, met[each])
		}
	}
}

// moment is one of a few times, so that several share one.
func moment(n int) time.Time { return begin.Add(time.Duration(n%moments) * momentsApart) }

// meanwhile runs writers, each with its number and a source of random numbers, until
// stop, which waits for them.
func (f *fixture) meanwhile(writers int, write func(writer int, random *rand.Rand) error) (stop func()) {
	done := make(chan struct{})
	var all sync.WaitGroup
	for writer := range writers {
		random := rand.New(rand.NewPCG(3, uint64(writer)))
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if err := write(writer, random); err != nil {
					f.Errorf("writer %d: %v", writer, err)
					return
				}
			}
		})
	}
	return func() {
		close(done)
		all.Wait()
	}
}
