package porttest

import (
	"context"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func bulkNames() []testCase {
	return []testCase{
		{"a username names a user that is not deleted, an id any user", func(f *fixture) {
			gone, ada := f.bareUser("ada"), f.bareUser("ada")
			gone.ID, _ = f.next()
			gone.DeletedAt = begin
			r := f.acme(0)
			r.users = []ports.UserRecord{gone, ada}
			byID := f.joins("acme", "ada")
			byID.User = ports.UserRef{ID: gone.ID}
			r.memberships = []ports.MembershipRecord{f.joins("acme", "ADA"), byID}
			f.became(f.load(r), ports.MembershipRecords, ports.Added{New: 2})
			at := begin
			o := r.organizations[0].NewID
			sameList(f, "memberships", f.contents().memberships, []domain.Membership{
				{Organization: o, User: ada.NewID, Role: domain.Member, JoinedAt: at},
				{Organization: o, User: gone.ID, Role: domain.Member, JoinedAt: at},
			})
		}},
		{"the organizations without an active owner are counted, and named in the order of slugs", func(f *fixture) {
			r := f.acme(0, "ada", "ben", "cho")
			for _, slug := range []string{"bolt", "core", "owned"} {
				r.organizations = append(r.organizations, f.bareOrganization(slug, "free"))
			}
			r.users[1].Status = domain.Suspended
			r.users[2].ID, _ = f.next()
			r.users[2].DeletedAt = begin
			r.memberships = []ports.MembershipRecord{f.joins("owned", "ada"), f.joins("acme", "ben"), f.joins("bolt", "cho"), f.joins("core", "ada")}
			for i := range 3 {
				r.memberships[i].Role = domain.Owner
			}
			r.memberships[2].User = ports.UserRef{ID: r.users[2].ID}
			f.addsAll(r)
			f.ownerless(9, 3, "acme", "bolt", "core")
			f.ownerless(2, 3, "acme", "bolt")
			f.ownerless(0, 3)
		}},
	}
}

func (f *fixture) ownerless(most int, count int64, first ...string) {
	f.Helper()
	err := f.Bulk.Import(f.Context(), ports.BulkImport{At: begin}, func(ctx context.Context, to ports.BulkWriter) error {
		n, slugs, err := to.Ownerless(ctx, most)
		same(f, "organizations without an owner", n, count)
		sameList(f, "their slugs", slugs, first)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
}
