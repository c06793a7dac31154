package rest

import (
	"net/http"
	"strings"
	"testing"
)

func FuzzKeysAreReadAsTheContractSays(f *testing.F) {
	for _, seed := range []string{
		``, `k`, `"k"`, `"a\"b\\"`, `"`, `""`, `k"`, `"k`, `a b`, "é", strings.Repeat("k", 255), strings.Repeat("k", 256),
		`"\k"`, `"k";a=1`, "k\x7f", `\`, `"\`,
	} {
		f.Add(seed)
	}
	pattern := ecma(contract(f).Components.Parameters["IdempotencyKey"].Value.Schema.Value.Pattern)
	f.Fuzz(func(t *testing.T, text string) {
		var key idempotencyKey
		err := key.read(http.Header{"Idempotency-Key": {text}})
		if (err == nil) != pattern.MatchString(text) {
			t.Fatalf("%q: the contract says %v, the reader %v", text, pattern.MatchString(text), err)
		}
		if err != nil {
			p := problemOf(err)
			if p.kind != kindKey || p.faults[0].parameter != "Idempotency-Key" || key.forOperation("x") != nil {
				t.Fatalf("%q is refused by %+v", text, p)
			}
			return
		}
		got := key.forOperation("createUser")
		if got == nil || got.Key == "" || len(got.Key) > maxKey || strings.Trim(text, `"`) == text && got.Key != text {
			t.Fatalf("%q is the key %+v", text, got)
		}
	})
}

func TestTwoKeysAreNoKey(t *testing.T) {
	for _, given := range [][]string{{`"a"`, `"b"`}, {`"a"`, "zzz"}, {"a", "b"}, {`"a"`, `"a"`}} {
		var key idempotencyKey
		if err := key.read(http.Header{"Idempotency-Key": given}); err == nil {
			t.Errorf("%q is read as %q", given, key.key)
		}
	}
}
