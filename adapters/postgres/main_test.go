package postgres_test

import (
	"testing"

	"github.com/roster-directory/roster/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }
