package bulk_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }
