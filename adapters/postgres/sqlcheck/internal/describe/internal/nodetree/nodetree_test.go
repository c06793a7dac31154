package nodetree

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func parsed(t *testing.T, text string) *Node {
	t.Helper()
	v, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	n, ok := v.(*Node)
	if !ok {
		t.Fatalf("%q is no node", text)
	}
	return n
}

func TestANodeIsRead(t *testing.T) {
	n := parsed(t, `{QUERY :commandType 1 :hasAggs true :name a\ \(b\) :none <> :quoted "x\ y" :odd :colon
		:constvalue 4 [ 1 0 255 0 ] :oids (o 25 4294967295) :list ({VAR :varno 2} <> "c" {VAR :varno 3}) :child {CONST :oid 4294967295}}`)
	if n.Tag != "QUERY" || n.Int("commandType") != 1 || !n.Bool("hasAggs") || n.Bool("commandType") {
		t.Errorf("got %+v", n)
	}
	if n.Text("name") != "a (b)" || n.Text("quoted") != "x y" || n.Text("odd") != ":colon" {
		t.Errorf("got %q, %q, %q", n.Text("name"), n.Text("quoted"), n.Text("odd"))
	}
	if n.Field("none") != nil || n.Field("missing") != nil || n.Node("list") != nil || len(n.List("child")) != 0 {
		t.Error("something is there that is not")
	}
	if b := n.Bytes("constvalue"); !slices.Equal(b, []byte{1, 0, 255, 0}) {
		t.Errorf("bytes %v", b)
	}
	if o := n.List("oids").Ints(); !slices.Equal(o, []int{25, 4294967295}) {
		t.Errorf("numbers %v", o)
	}
	if l := n.List("list"); len(l) != 4 || len(l.Nodes()) != 2 || l.Nodes()[1].Int("varno") != 3 {
		t.Errorf("list %v", l)
	}
	if n.Node("child").OID("oid") != 4294967295 {
		t.Error("an oid is cut")
	}
}

func TestOlderTagsAreRenamed(t *testing.T) {
	for older, newer := range map[string]string{"RTE": "RANGETBLENTRY", "CASE": "CASEEXPR", "VAR": "VAR"} {
		if n := parsed(t, "{"+older+" :a 1}"); n.Tag != newer {
			t.Errorf("%s is %s", older, n.Tag)
		}
	}
}

func TestMalformedTreesAreRefused(t *testing.T) {
	for _, text := range []string{"", "{", "{A", "{A :b", "{A :b }", "{A b 1}", "(", ")", "{A :b 1} x", "{A :b (1}", "{A :b {C} [ 1 ]}"} {
		if v, err := Parse(text); err == nil {
			t.Errorf("%q is read as %v", text, v)
		}
	}
}

func TestEqualityIgnoresThePlace(t *testing.T) {
	a := "{OP :args ({VAR :varno 1 :location 7} <>) :location 3}"
	cases := map[string]bool{
		"{OP :args ({VAR :varno 1 :location 9} <>) :location 4}":      true,
		"{OP :args ({VAR :varno 2 :location 7} <>) :location 3}":      false,
		"{OP :args ({VAR :varno 1 :location 7}) :location 3}":         false,
		"{OQ :args ({VAR :varno 1 :location 7} <>) :location 3}":      false,
		"{OP :args {VAR :varno 1 :location 7} :location 3}":           false,
		"{OP :args ({VAR :varno 1 :location 7} <>) :location 3 :c 1}": false,
		"{OP :args (1 <>) :location 3}":                               false,
	}
	for b, want := range cases {
		if Equal(parsed(t, a), parsed(t, b)) != want {
			t.Errorf("%s: %v", b, !want)
		}
	}
}

func TestAllNodesAreVisited(t *testing.T) {
	var tags []string
	All(parsed(t, "{A :b ({B} ({C})) :c 1}"), func(n *Node) { tags = append(tags, n.Tag) })
	if got := strings.Join(tags, ""); got != "ABC" {
		t.Errorf("got %s", got)
	}
}

// The server escapes a word's separators and backslashes; any name survives.
func TestNamesSurvive(t *testing.T) {
	escape := strings.NewReplacer(` `, `\ `, "\n", "\\\n", "\t", "\\\t", `(`, `\(`, `)`, `\)`, `{`, `\{`, `}`, `\}`, `\`, `\\`)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z][ -~é\n\t]*`).Draw(t, "name")
		v, err := Parse("{A :name " + escape.Replace(name) + " :next 1}")
		if err != nil {
			t.Fatal(err)
		}
		if n := v.(*Node); n.Text("name") != name || n.Int("next") != 1 {
			t.Fatalf("%q came back as %q", name, n.Text("name"))
		}
	})
}

// Whatever is parsed, parsing ends and doesn't panic.
func TestAnyTextEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SampledFrom([]string{"{", "}", "(", ")", "[", "]", "<>", ":a", "A", " ", `\`, `"`, "1"})
		text := strings.Join(rapid.SliceOf(words).Draw(t, "words"), "")
		if v, err := Parse(text); (v == nil) != (err != nil) && text != "<>" && strings.TrimSpace(text) != "<>" {
			t.Fatalf("%v, %v", v, err)
		}
	})
}
