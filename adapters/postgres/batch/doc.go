// Package batch lets concurrent requests share round trips to a store. It knows
// neither the store nor the requests.
//
// A [Batcher] forms batches from requests of one kind:
//
//   - At most MaxBatches run at a time. Requests that arrive meanwhile wait, and
//     are the next batch as soon as one ends. Batches grow with the load.
//   - There is no timer. A request that finds nothing running is sent at once,
//     in its caller's goroutine.
//   - A batch has a timeout of its own. A caller that gives up leaves the queue,
//     or, once its request is sent, leaves without the answer; it never ends the
//     batch of the others.
//
// The invariant: a request joins only a batch that has not been sent yet. So an
// answer shows everything that was acknowledged before its request arrived.
//
// A request is waiting, then in a batch, then answered or left out. It may also be
// cancelled while it waits.
//
// A batch must end soon, since others wait for it. So Run must not wait for what one
// request needs, such as a lock. It leaves that request out, and so do batches that
// were stopped because they waited or took too long. Requests that are left out run
// alone, at the same time and in the place of no batch. Their number is for Alone to
// limit.
//
//	constructor | equal keys                       | for
//	ForReads    | run once, share the answer       | requests that change nothing
//	ForWrites   | in one batch, in arrival order   | requests that change what the key names
//	Direct      | each request runs by itself      | turning batching off
//
//	event                      | what happens
//	MaxWaiting requests wait   | ErrFull
//	all wait beyond MaxDelay   | ErrFull for new requests, and for those that waited longest
//	a batch panics             | PanicError for each of its requests
//	a batch fails as a whole   | its error for each request, unless LeavesOut says that
//	                           | all are left out, or Bisect that one request may be at
//	                           | fault: then each half runs by itself, and so on, until
//	                           | that request is found
//	a result has an error      | that request's own; the others keep their answers
//	a result is left out       | Alone answers that request, in its caller's goroutine
//	Close                      | ErrClosed for new requests; accepted ones are answered
//
// Batchers may share a [Gate]. A batch then takes a place before it is formed, and so
// grows while it waits for the database, not on a connection.
//
// Requests of different cost belong in different batchers, so that a slow one is
// never in front of a quick one.
package batch
