package domain_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/roster-directory/roster/domain"
	"pgregory.net/rapid"
)

func TestIDsReadAndWriteAsUUIDsDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "raw"))
		text := raw.String()
		if rapid.Bool().Draw(t, "upper") {
			text = rapid.SampledFrom([]string{"", "urn"}).Draw(t, "x") + upper(text)
		}
		id, err := domain.ParseID[domain.User]("id", text)
		if len(text) != 36 {
			if err == nil {
				t.Fatalf("%q was accepted", text)
			}
			return
		}
		if err != nil || id.String() != raw.String() || [16]byte(id) != raw {
			t.Fatalf("%q became %s, %v", text, id, err)
		}
	})
}

func upper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'f' {
			b[i] = c - 32
		}
	}
	return string(b)
}

func TestTextsThatAreNotUUIDsAreRefused(t *testing.T) {
	for _, text := range []string{
		"", "1", "01890a5d-ac96-774b-bcce-b302099a805", "01890a5d-ac96-774b-bcce-b302099a80577", "01890a5dac96774bbcceb302099a8057",
		"{01890a5d-ac96-774b-bcce-b302099a8057}", "01890a5d-ac96-774b-bcce-b302099a805g", "01890a5dac-96-774b-bcce-b302099a8057",
		"------------------------------------", "\x00",
	} {
		_, err := domain.ParseID[domain.User]("id", text)
		refused(t, err, "id", text)
	}
}

func TestIDsOrderByTheirBytes(t *testing.T) {
	small, large := domain.UserID{1}, domain.UserID{2}
	if small.Compare(large) >= 0 || large.Compare(small) <= 0 || small.Compare(small) != 0 {
		t.Error("IDs do not compare by bytes")
	}
	if small.IsZero() || !(domain.UserID{}).IsZero() {
		t.Error("only the unset ID is zero")
	}
}
