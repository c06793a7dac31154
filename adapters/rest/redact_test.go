package rest

import (
	"errors"
	"strings"
	"testing"
)

func TestLoggedErrorsAreRedacted(t *testing.T) {
	const apiToken = "roster_02tcRIyrxLXTR81B3dqdOx_000000000000000000000000000000000000000000006k2pG"
	for text, want := range map[string]string{
		"ERROR: relation \"users\" does not exist (SQLSTATE 42P01)": "ERROR: relation \"users\" does not exist (SQLSTATE 42P01)",
		"Key (email)=(ada@example.com) already exists":              "Key (email)=([removed]) already exists",
		`invalid input: "Ada.Lovelace+x@example.com", at 3`:         `invalid input: "[removed]", at 3`,
		"to ada@example.com: no; 李@例え.jp":                           "to [removed]: no; [removed]",
		"dial postgres://roster:s3cr@t@10.0.0.7:5432/roster":        "dial postgres://roster:[removed]10.0.0.7:5432/roster",
		"user=roster password=hunter2 host=10.0.0.7":                "user=roster password=[removed] host=10.0.0.7",
		"password = 'hunter 2' host=x":                              "password = [removed] host=x",
		"header Authorization: Bearer abc.DEF-1_2 is odd":           "header Authorization: Bearer [removed] is odd",
		"with eyJhbGciOi.eyJzdWIi.c2ln in it":                       "with [removed] in it",
		"unexpected EOF":                                            "unexpected EOF",
		"":                                                          "",
		"panic: " + apiToken + " in roster_test_1_2":                "panic: [removed] in roster_test_1_2",
	} {
		if got := redacted(errors.New(text)); got != want {
			t.Errorf("%q is logged as %q", text, got)
		}
	}
}

func FuzzNoAddressIsLogged(f *testing.F) {
	for _, seed := range []string{"", "a b", "(x)=", "postgres://a:b@c", "\"'`", "password=", "\x00\xff", "@", "Bearer "} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		if got := redacted(errors.New(before + " ada@example.com " + after)); strings.Contains(got, "ada@example") {
			t.Fatalf("logged %q", got)
		}
	})
}
