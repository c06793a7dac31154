package tracecontext

import (
	"context"
	"regexp"
	"strings"
	"testing"
)

const (
	trace  = "4bf92f3577b34da6a3ce929d0e0e4736"
	parent = "00f067aa0ba902b7"
)

func TestATraceIsJoinedWhereTheRecommendationSaysSo(t *testing.T) {
	for value, flags := range map[string]string{ // empty where it is invalid
		"00-" + trace + "-" + parent + "-01":                         "01",
		"00-" + trace + "-" + parent + "-00":                         "00",
		"00-" + trace + "-" + parent + "-03":                         "03",
		"00-" + trace + "-" + parent + "-ff":                         "03",
		"00-" + trace + "-" + parent + "-fc":                         "00",
		"cc-" + trace + "-" + parent + "-01":                         "01",
		"cc-" + trace + "-" + parent + "-01-what-the-future-is-like": "01",
		"cc-" + trace + "-" + parent + "-01.what-the-future-is-not":  "",
		"01-" + trace + "-" + parent + "-01-":                        "01",
		"00-" + trace + "-" + parent + "-01-more":                    "",
		"00-" + trace + "-" + parent + "-01-":                        "",
		"00-" + trace + "-" + parent + "-01 ":                        "",
		"ff-" + trace + "-" + parent + "-01":                         "",
		"00-" + strings.Repeat("0", 32) + "-" + parent + "-01":       "",
		"00-" + trace + "-" + strings.Repeat("0", 16) + "-01":        "",
		"00-" + strings.ToUpper(trace) + "-" + parent + "-01":        "",
		"00-" + trace + "-" + strings.ToUpper(parent) + "-01":        "",
		"0X-" + trace + "-" + parent + "-01":                         "",
		"CC-" + trace + "-" + parent + "-01":                         "",
		"00-" + trace + "-" + parent + "-0G":                         "",
		"00-" + trace + "-" + parent + "-0A":                         "",
		"00-" + trace + "-" + parent + "-1":                          "",
		"00-" + trace + "-" + parent:                                 "",
		"00_" + trace + "-" + parent + "-01":                         "",
		"00-" + trace + "_" + parent + "-01":                         "",
		"00-" + trace + "-" + parent + "_01":                         "",
		"0-" + trace + "-" + parent + "-01":                          "",
		"00-" + trace[1:] + "g-" + parent + "-01":                    "",
		"00-" + trace + "-" + parent[1:] + ".-01":                    "",
		"":                                    "",
		"-":                                   "",
		" 00-" + trace + "-" + parent + "-01": "",
	} {
		span, ok := Join([]string{value})
		if ok != (flags != "") {
			t.Errorf("%q is valid: %v", value, ok)
		}
		if ok && (span.TraceID() != trace || span.Response() != "00-"+trace+"-"+span.ID()+"-"+flags) {
			t.Errorf("%q is answered with %q", value, span.Response())
		}
	}
}

func TestOneParentIsOneHeader(t *testing.T) {
	valid := "00-" + trace + "-" + parent + "-01"
	for _, values := range [][]string{nil, {}, {valid, valid}, {valid, ""}, {valid + "," + valid}} {
		if span, ok := Join(values); ok {
			t.Errorf("%q became %+v", values, span)
		}
	}
}

func TestEachPartHasAnIDOfItsOwn(t *testing.T) {
	seen, id := map[string]bool{parent: true}, regexp.MustCompile("^[0-9a-f]{16}$")
	for range 100 {
		span, _ := Join([]string{"00-" + trace + "-" + parent + "-01"})
		if seen[span.ID()] || !id.MatchString(span.ID()) || strings.Trim(span.ID(), "0") == "" {
			t.Fatalf("the id is %q", span.ID())
		}
		seen[span.ID()] = true
	}
}

func TestAContextCarriesASpan(t *testing.T) {
	if span, ok := From(t.Context()); ok {
		t.Errorf("an empty context carries %+v", span)
	}
	want, _ := Join([]string{"00-" + trace + "-" + parent + "-01"})
	if got, ok := From(context.WithoutCancel(With(t.Context(), want))); !ok || got != want {
		t.Errorf("%+v became %+v", want, got)
	}
}

func FuzzTraceparentIsReadToTheLetter(f *testing.F) {
	for _, seed := range []string{
		"00-" + trace + "-" + parent + "-01", "ff-" + trace + "-" + parent + "-01", "cc-" + trace + "-" + parent + "-01-x",
		"cc-" + trace + "-" + parent + "-01x",
		"00-" + trace + "-0000000000000000-00", "", "00-", "00-" + trace + "-" + parent + "-0",
	} {
		f.Add(seed)
	}
	valid := regexp.MustCompile(`^(?:00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}|[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?s:-.*)?)$`)
	refused := regexp.MustCompile(`^(?:ff|..-0{32}-|.{36}0{16}|00-.{53})`)
	f.Fuzz(func(t *testing.T, value string) {
		span, ok := Join([]string{value})
		if want := valid.MatchString(value) && !refused.MatchString(value); ok != want {
			t.Fatalf("%q is valid: %v", value, ok)
		}
		if again, fine := Join([]string{span.Response()}); ok && (!fine || again.TraceID() != span.TraceID()) {
			t.Fatalf("%q is answered with %q", value, span.Response())
		}
	})
}
