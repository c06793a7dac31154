package database

import (
	"time"

	"github.com/roster-directory/roster/domain"
)

// Class is a kind of work that has a share of the connections, so that no kind can
// take them all.
type Class int

// The classes, in the order in which connections to spare are given out.
const (
	Quick   Class = iota // reads that take a few milliseconds
	Slow                 // lists, searches and reports
	Batched              // statements for several writes
	Waiting              // requests that wait for a lock or take long
	Alone                // writes by themselves, as long as they need not wait
	Streams              // exports and imports, which last as long as their clients
	Counts               // counts of rows

	numClasses
)

// classTrait is what is particular to a class.
type classTrait struct {
	weight int // its connections of every 20
	work   string
	wait   time.Duration // the most time that a request waits for its share
}

// traits says what each class gets. A request that would wait behind long work is
// refused soon; other work ends soon, so that waiting is worth it.
var traits = [numClasses]classTrait{
	Quick:   {5, "reads", DefaultQueueTimeout},
	Slow:    {3, "lists, searches and reports", DefaultQueueTimeout},
	Batched: {4, "writes", DefaultQueueTimeout},
	Waiting: {3, "requests that wait for others", time.Second},
	Alone:   {2, "writes", DefaultQueueTimeout},
	Streams: {2, "exports and imports", time.Second},
	Counts:  {1, "counts", time.Second},
}

// DefaultQueueTimeout is how long a request waits for its share of the connections.
const DefaultQueueTimeout = 5 * time.Second

// busy is the error of a request that found no room in its class.
func (c Class) busy() error {
	return &domain.Error{
		Kind: domain.Unavailable, Reason: domain.ReasonOverloaded,
		Detail: "as many " + traits[c].work + " run as the server allows at a time", Fix: "try again later",
	}
}

// division says which connections each class may use: those of its group, which it
// may share with other classes.
type division struct {
	group [numClasses]int
	size  [numClasses]int // by group
}

// together are the classes that share a connection where there are fewer connections
// than classes, by the number of connections. Work that lasts is kept from work that
// ends soon for as long as possible.
var together = [numClasses][][]Class{
	1: {{Quick, Slow, Batched, Waiting, Alone, Streams, Counts}},
	2: {{Quick, Batched, Alone, Slow, Counts}, {Waiting, Streams}},
	3: {{Quick, Batched, Alone}, {Slow, Counts}, {Waiting, Streams}},
	4: {{Quick}, {Batched, Alone}, {Slow, Counts}, {Waiting, Streams}},
	5: {{Quick}, {Batched, Alone}, {Slow, Counts}, {Waiting}, {Streams}},
	6: {{Quick}, {Batched}, {Alone}, {Slow, Counts}, {Waiting}, {Streams}},
}

// divide divides connections among the classes.
func divide(connections int) (d division) {
	connections = max(connections, 1)
	if connections < int(numClasses) {
		for group, members := range together[connections] {
			d.size[group] = 1
			for _, class := range members {
				d.group[class] = group
			}
		}
		return d
	}
	total := 0
	for _, each := range traits {
		total += each.weight
	}
	spare := connections
	for class, each := range traits {
		d.group[class] = class
		d.size[class] = max(1, connections*each.weight/total)
		spare -= d.size[class]
	}
	for class := 0; spare > 0; class = (class + 1) % int(numClasses) {
		d.size[class]++
		spare--
	}
	return d
}

// of is how many connections a class may use at a time.
func (d division) of(class Class) int { return d.size[d.group[class]] }
