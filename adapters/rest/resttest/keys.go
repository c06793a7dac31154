package resttest

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/ports"
)

func testKeys(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	t.Run("a key reaches the store with its caller and a digest", func(t *testing.T) {
		w.ask(t, "POST", "/users", bob, "Idempotency-Key", `"k-1"`)
		w.ask(t, "POST", "/users", bob)
		calls := w.users.CreateUserCalls()
		got := calls[0].CreateUser.Idempotency
		if got == nil || got.Key != "k-1" || got.Operation != "createUser" || got.Caller != "local" || got.Fingerprint == [32]byte{} ||
			got.At.IsZero() {
			t.Errorf("the command has the key %+v", got)
		}
		if got := calls[1].CreateUser.Idempotency; got != nil {
			t.Errorf("a request without a key has %+v", got)
		}
	})
	t.Run("a patch has a key, too", func(t *testing.T) {
		w.ask(t, "PATCH", adaPath, "{}", "Idempotency-Key", "k-1", "If-Match", `"2"`)
		if got := w.users.PatchUserCalls()[0].PatchUser; got.Idempotency == nil || got.Idempotency.Operation != "patchUser" || got.IfMatch != 2 {
			t.Errorf("patched by %+v", got)
		}
	})
	t.Run("the digest covers the whole request", func(t *testing.T) { testFingerprints(t, edge) })
	t.Run("a key is one of visible characters", func(t *testing.T) { testKeySyntax(t, edge) })
}

func testFingerprints(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	digest := func(target, body string, headers ...string) [32]byte {
		w.ask(t, "PATCH", target, body, append(headers, "Idempotency-Key", "k")...)
		calls := w.users.PatchUserCalls()
		return calls[len(calls)-1].PatchUser.Idempotency.Fingerprint
	}
	same := digest(adaPath, "{}")
	if again := digest(adaPath, "{}", "Prefer", "return=minimal", "X-Request-Id", "another"); again != same {
		t.Error("the same request has another digest")
	}
	for name, other := range map[string][32]byte{
		"another body": digest(adaPath, `{"status":"active"}`), "another user": digest("/users/"+orgID, "{}"),
		"a condition": digest(adaPath, "{}", "If-Match", `"2"`),
	} {
		if other == same {
			t.Errorf("%s has the same digest", name)
		}
	}
}

func testKeySyntax(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	long := strings.Repeat("k", 255)
	for text, want := range map[string]string{
		"k": "k", `"k"`: "k", `"a\"b\\c"`: `a"b\c`, long: long, `"` + long + `"`: long, "8e03978e-40d5": "8e03978e-40d5", "a,b;c=d": "a,b;c=d",
	} {
		w.ask(t, "POST", "/users", bob, "Idempotency-Key", text)
		calls := w.users.CreateUserCalls()
		var got *ports.Idempotency
		if len(calls) > 0 {
			got = calls[len(calls)-1].CreateUser.Idempotency
		}
		if got == nil || got.Key != want {
			t.Errorf("Idempotency-Key: %s is %+v", text, got)
		}
	}
	before := len(w.users.CreateUserCalls())
	for _, bad := range []string{
		"", `""`, `"k`, `k"`, `"`, `"a"b"`, `"a\b"`, `"a\"`, "a b", `"a b"`, "é", "a\tb", long + "k", `"` + long + `k"`, `"k";x=1`,
	} {
		t.Run(bad, func(t *testing.T) {
			refused(t, w.ask(t, "POST", "/users", bob, "Idempotency-Key", bad), 400, "key", "?Idempotency-Key")
		})
	}
	if got := len(w.users.CreateUserCalls()) - before; got > 0 {
		t.Errorf("%d requests with malformed keys reached the store", got)
	}
}
