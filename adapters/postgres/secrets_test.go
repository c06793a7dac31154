package postgres_test

import (
	"bytes"
	"sync"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/internal/testdb"
)

func TestConcurrentRequestsMakeASecretOnce(t *testing.T) {
	t.Parallel()
	const requests = 20
	secrets, faults := make([][]byte, requests), make([]error, requests)
	one, c := testdb.New(t)
	other := testdb.Open(t, testdb.Config(c.Config().ConnString()))
	var all sync.WaitGroup
	for i := range requests {
		all.Go(func() {
			d := one
			if i%2 == 0 {
				d = other
			}
			secrets[i], faults[i] = d.Secret(t.Context(), "cursors")
		})
	}
	all.Wait()
	for i, secret := range secrets {
		if faults[i] != nil || len(secret) != 32 || !bytes.Equal(secret, secrets[0]) {
			t.Errorf("secret %d has %d bytes, equal to the first: %t; %v", i, len(secret), bytes.Equal(secret, secrets[0]), faults[i])
		}
	}
	different, err := one.Secret(t.Context(), "another")
	if err != nil || len(different) != 32 || bytes.Equal(different, secrets[0]) {
		t.Errorf("another secret has %d bytes, equal to the first: %t; %v", len(different), bytes.Equal(different, secrets[0]), err)
	}
	if n := pgtest.Scalar[int64](t, c, "SELECT count(*) FROM roster.secrets"); n != 2 {
		t.Errorf("%d secrets are stored", n)
	}
}

func TestASecretThatCannotBeStoredIsNotReturned(t *testing.T) {
	t.Parallel()
	d, c := testdb.New(t)
	first, err := d.Secret(t.Context(), "cursors")
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Execute(t, c, "ALTER TABLE roster.secrets ADD CONSTRAINT closed CHECK (name = 'cursors')")
	if secret, err := d.Secret(t.Context(), "another"); err == nil || secret != nil {
		t.Errorf("the secret is %x, %v", secret, err)
	}
	if again, err := d.Secret(t.Context(), "cursors"); err != nil || !bytes.Equal(again, first) {
		t.Errorf("the secret that is stored: %v", err)
	}
}
