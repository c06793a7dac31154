//sqlcheck:allow statements of the benchmark, on its own database

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

// send sends a request and reads its JSON response into v, unless that is nil.
func (b *bench) send(ctx context.Context, method, path string, body, v any) (took time.Duration, err error) {
	var text []byte
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			return 0, err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, b.url+path, bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	start := time.Now()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	content, err := io.ReadAll(response.Body)
	took = time.Since(start)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s %s", method, path, response.Status, content)
	}
	if err == nil && v != nil {
		err = json.Unmarshal(content, v)
	}
	return took, err
}

// times are the times of repeated measurements.
type times []time.Duration

// at returns a quantile in milliseconds.
func (t times) at(quantile float64) float64 {
	sorted := slices.Sorted(slices.Values(t))
	return sorted[min(int(quantile*float64(len(sorted))), len(sorted)-1)].Seconds() * 1000
}

// repeat measures fn n times, after a first run that does not count.
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

// statement measures a statement on PostgreSQL itself, with all of its rows.
func (b *bench) statement(ctx context.Context, n int, text string, args ...any) (times, error) {
	return repeat(n, func() (time.Duration, error) {
		start := time.Now()
		rows, err := b.conn.Query(ctx, text, args...)
		if err != nil {
			return 0, err
		}
		for rows.Next() {
			rows.RawValues()
		}
		return time.Since(start), rows.Err()
	})
}
