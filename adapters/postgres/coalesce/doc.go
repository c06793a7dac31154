// Package coalesce lets concurrent requests share the round trips to a store.
// It knows neither the store nor what is asked of it.
//
// A Lane takes requests of one kind. While a few batches are under way, in its
// slots, what arrives waits; as soon as a slot is free, what waits is a batch.
// So batches grow with the load, nothing ever waits for a timer, and a request
// that is alone is sent at once, by its caller.
//
// A request joins only a batch that has not been sent. So whatever was
// acknowledged before the request is seen by its answer.
//
// Requests of different cost belong in different lanes, so that a slow one is
// never in front of a quick one.
package coalesce
