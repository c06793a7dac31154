package rest

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/domain"
)

// Responses are encoded by hand, since encoding is the greater part of what a
// request costs. A test compares every encoder with encoding/json on the types
// of the contract.

func appendList[T any](b []byte, list []T, encode func([]byte, *T) []byte) []byte {
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = encode(b, &list[i])
	}
	return append(b, ']')
}

// appendTime appends an instant as RFC 3339 in UTC, to the microsecond.
func appendTime(b []byte, t time.Time) []byte {
	b = append(b, '"')
	b = domain.Instant(t).AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

// appendString appends text as a JSON string. Bytes that are not UTF-8 become
// U+FFFD.
func appendString(b []byte, text string) []byte {
	b, _ = jsontext.AppendQuote(b, text)
	return b
}

// appendStrings appends texts, such as scopes, as a JSON array.
func appendStrings[T ~string](b []byte, texts []T) []byte {
	return appendList(b, texts, func(b []byte, text *T) []byte { return appendString(b, string(*text)) })
}
