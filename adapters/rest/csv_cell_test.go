package rest

import "testing"

func TestACellOfTextIsNoFormula(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"Analytical Engines":     "Analytical Engines",
		"O'Neil & Co":            "O'Neil & Co",
		"a=b, c-d + e@f":         "a=b, c-d + e@f",
		"3-2":                    "3-2",
		"=1+1":                   "'=1+1",
		"+1":                     "'+1",
		"-1":                     "'-1",
		"@SUM(1)":                "'@SUM(1)",
		"\t=1":                   "'\t'=1",
		"\r=1":                   "'\r'=1",
		"  =1":                   "  '=1",
		"\u00a0=1":               "\u00a0'=1",
		"\u200b=1":               "\u200b'=1",
		"\ufeff=1":               "\ufeff'=1",
		"\u3000\uff1d1":          "\u3000'\uff1d1",
		`"=1`:                    `"'=1`,
		`" "=1`:                  `" "'=1`,
		"'=1":                    "'=1",
		"Engines;=1+1":           "Engines;'=1+1",
		"Engines, =1+1":          "Engines, =1+1",
		"Engines|@x":             "Engines|'@x",
		"Engines\t\"-1":          "Engines\t\"'-1",
		`=HYPERLINK("http://x")`: `'=HYPERLINK("http://x")`,
		"==1":                    "'==1",
		"=;=":                    "'=;'=",
	} {
		if got := cellText(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
