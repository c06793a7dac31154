package migrate

import (
	"errors"
	"fmt"

	"github.com/roster-directory/roster/migrations"
)

// ErrUnreleased is the error of all methods on a database that was made before the
// baseline (migrations.Baseline). Such a database can't be migrated. Its data can
// be exported and imported.
var ErrUnreleased = errors.New("the database is of a Roster from before the first release")

// released returns ErrUnreleased, with a remedy, if a migration from before the
// baseline is applied.
func released(present []appliedRow) error {
	if len(present) == 0 || present[0].Version >= migrations.Baseline {
		return nil
	}
	return fmt.Errorf("%w (it has migration %05d), and this Roster can't migrate it. "+
		"Export it with the Roster that made it: roster export FOLDER. "+
		"Then import the folder into an empty database, or with ROSTER_DATA naming a new folder: roster import FOLDER. "+
		"An export does not hold tombstones of erased users, kept idempotency keys or the key of cursors: "+
		"readers of changes start again without a cursor, and a command that is repeated is carried out again",
		ErrUnreleased, present[0].Version)
}
