//sqlcheck:allow what others ask PostgreSQL, on a database of the benchmark's own

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// ask sends a request and reads its JSON answer into v, unless that is nil.
func (b *bench) ask(ctx context.Context, method, path string, body, v any) (took time.Duration, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, method, b.url+path, bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	began := time.Now()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	answer, err := io.ReadAll(response.Body)
	took = time.Since(began)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s %s", method, path, response.Status, answer)
	}
	if err == nil && v != nil {
		err = json.Unmarshal(answer, v)
	}
	return took, err
}

// times are how long something took each time.
type times []time.Duration

// at is the time that a part of them did not exceed, in milliseconds.
func (t times) at(part float64) float64 {
	sorted := slices.Sorted(slices.Values(t))
	return sorted[min(int(part*float64(len(sorted))), len(sorted)-1)].Seconds() * 1000
}

// repeat measures fn as often, after once for nothing.
func repeat(n int, fn func() (time.Duration, error)) (times, error) {
	all := make(times, 0, n)
	for i := range n + 1 {
		took, err := fn()
		if err != nil {
			return nil, err
		}
		if i > 0 {
			all = append(all, took)
		}
	}
	return all, nil
}

// statement measures one on PostgreSQL itself, all of its rows read.
func (b *bench) statement(ctx context.Context, n int, text string, args ...any) (times, error) {
	return repeat(n, func() (time.Duration, error) {
		began := time.Now()
		rows, err := b.conn.Query(ctx, text, args...)
		if err != nil {
			return 0, err
		}
		for rows.Next() {
			rows.RawValues()
		}
		return time.Since(began), rows.Err()
	})
}
