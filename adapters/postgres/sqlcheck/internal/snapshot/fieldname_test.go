package snapshot_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

func TestAColumnHasTheNameOfAGoField(t *testing.T) {
	for column, want := range map[string]string{
		"email": "Email", "external_id": "ExternalID", "image_url": "ImageURL",
		"Grand Total": "GrandTotal", "2nd": "X2nd", "örtlich": "Örtlich",
	} {
		if got := snapshot.FieldName(column); got != want {
			t.Errorf("%s is %s, not %s", column, got, want)
		}
	}
}
