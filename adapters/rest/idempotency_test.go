package rest

import (
	"net/http"
	"net/url"
	"testing"
)

func TestTwoKeysAreNoKey(t *testing.T) {
	for _, given := range [][]string{{`"a"`, `"b"`}, {`"a"`, "zzz"}, {"a", "b"}, {`"a"`, `"a"`}} {
		var key idempotencyKey
		if err := key.read(http.Header{"Idempotency-Key": given}); err == nil {
			t.Errorf("%q is read as %q", given, key.key)
		}
	}
}

func TestATargetWithoutAPathIsNotPlain(t *testing.T) {
	for _, path := range []string{"", "*", "users"} {
		if isPlain(&url.URL{Path: path}) {
			t.Errorf("%q reaches a router", path)
		}
	}
}
