package postgres_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/roster-directory/roster/domain"
)

// What is stored is folded by the database, what people look for by the domain.
func TestTheDatabaseAndTheDomainPartNamesAlike(t *testing.T) {
	_, pool := migrated(t)
	var texts []string
	for r := rune(0xa0); r < 0x30000; r++ {
		alike := (r >= 0x3400 && r < 0xd7a4 || r >= 0x20000) && r%16 != 0
		// Of Unicode 15, which PostgreSQL 15 does not know.
		newer := r >= 0x1e030 && r <= 0x1e08f
		if unicode.IsPrint(r) && !alike && !newer {
			texts = append(texts, "A"+string(r)+"b")
		}
	}
	texts = append(texts, "Siobhán O’Brien-Łuk", "王小明", "Anne-Marie d'Arc", "佐々木 がく", "김철수 Kim", "สมชาย ใจดี", "ΟΔΥΣΣΕΑΣ", "İstanbul", "مُحَمَّد", "Ёлкин-Й", "a--b '' c'")
	rows, err := pool.Query(t.Context(), `SELECT t, roster.search_text('u', 'u@e.x', t) FROM unnest($1::text[]) t`, texts)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	differ := 0
	for rows.Next() {
		var text, stored string
		if err := rows.Scan(&text, &stored); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(stored, " u | u @e.x | e x | ")
		got := strings.Fields(strings.ReplaceAll(name, "|", " "))
		if want := domain.Words(text); strings.Join(got, " ") != strings.Join(want, " ") {
			if differ++; differ <= 20 {
				t.Errorf("%q (%U) is stored as %q, and looked for as %q", text, []rune(text)[1], got, want)
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if differ > 0 {
		t.Errorf("%d of %d differ", differ, len(texts))
	}
}
