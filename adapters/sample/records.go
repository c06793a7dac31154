package sample

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// joined returns the time when user i joined, in the order of the numbers.
func (d *directory) joined(i int) time.Time {
	return d.firstJoined.Add(d.joinInterval() * time.Duration(i)).Truncate(time.Millisecond)
}

// joinInterval is the time between two users who join.
func (d *directory) joinInterval() time.Duration {
	return d.lastJoined.Sub(d.firstJoined) / time.Duration(d.options.Users)
}

// joinedBy returns how many users joined until a time, and at least 1.
func (d *directory) joinedBy(at time.Time) int {
	return min(max(1, int(at.Sub(d.firstJoined)/d.joinInterval())), d.options.Users)
}

func (d *directory) organizationID(i int) domain.OrganizationID {
	return d.draw(drawOrganization, i).id(d.joined(i).UnixMilli())
}

func (d *directory) userID(i int) domain.UserID {
	return d.draw(drawUser, i).id(d.joined(i).UnixMilli())
}

// organization generates organization i. Its plan is the smallest with enough seats
// for its members, or sometimes a larger one.
func (d *directory) organization(i int) domain.Organization {
	r := d.draw(drawOrganization, i)
	id := domain.OrganizationID(r.id(d.joined(i).UnixMilli()))
	words := []string{
		d.first[i%len(d.first)], d.second[i/len(d.first)%len(d.second)],
		d.forms[i/len(d.first)/len(d.second)%len(d.forms)],
	}
	if round := i / len(d.first) / len(d.second) / len(d.forms); round > 0 {
		words = append(words, strconv.Itoa(round+1))
	}
	name := strings.Join(words, " ")
	plan := 0
	for plan < len(plans)-1 && (plans[plan].seats < int64(d.members[i]) || r.chance(10)) {
		plan++
	}
	return domain.Organization{
		ID:        id,
		Name:      domain.MustParse(domain.ParseOrganizationName(name)),
		Slug:      domain.MustParse(domain.ParseSlug(strings.ReplaceAll(strings.ToLower(name), " ", "-"))),
		Plan:      domain.MustParse(domain.ParsePlanCode(plans[plan].code)),
		CreatedAt: d.joined(i), Version: 1,
	}
}

// user generates user i. The first user of each organization stays active.
func (d *directory) user(i int) ports.UserRecord {
	r := d.draw(drawUser, i)
	joined := d.joined(i)
	id := domain.UserID(r.id(joined.UnixMilli()))
	person := d.people[shuffled(i%len(d.people), len(d.people))]
	name := d.username(r, person, i/len(d.people))
	u := ports.UserRecord{HasAttributes: true, User: domain.User{
		ID: id, Username: domain.MustParse(domain.ParseUsername(name)),
		Email:       domain.MustParse(domain.ParseEmail(name + "@" + d.host(r, i))),
		DisplayName: domain.MustParse(domain.ParseDisplayName(person.display)),
		Status:      domain.Active, CreatedAt: joined, UpdatedAt: joined, Version: 1,
	}}
	if r.chance(30) {
		u.ExternalID = domain.MustParse(domain.ParseExternalID(fmt.Sprintf("hr-%07d", i)))
	}
	if r.chance(40) {
		text := fmt.Sprintf(`{"department":%q,"locale":%q}`, pick(r, d.departments), person.locale)
		u.Attributes = domain.MustParse(domain.ParseAttributes([]byte(text)))
	}
	if r.chance(20) {
		changed := joined.Add(time.Duration(1+r.below(90*24)) * time.Hour)
		u.UpdatedAt, u.Version = earlier(changed, d.end.Add(-time.Hour)), domain.Version(2+r.skewed(20))
	}
	if fate := r.below(100); i >= d.organizations {
		switch {
		case fate < 2:
			u.Status = domain.Suspended
		case fate < 3:
			u.DeletedAt = u.UpdatedAt.Add(time.Hour)
			u.UpdatedAt = u.DeletedAt
		}
	}
	return u
}

// username returns a unique name: that of the person, and a number from the second
// round of people on.
func (d *directory) username(r draw, person person, round int) string {
	name := person.ascii
	if r.chance(30) {
		name = strings.Replace(name, ".", "_", 1)
	}
	if round > 0 {
		name += strconv.Itoa(round + 1)
	}
	return name
}

// host returns the host of a user's email, mostly that of the first organization.
func (d *directory) host(r draw, i int) string {
	if r.chance(25) {
		return pick(r, []string{"mail.example", "post.example", "inbox.example"})
	}
	return d.organization(d.affiliations(i)[0].organization).Slug.String() + ".example"
}

// affiliation is a user's role in an organization.
type affiliation struct {
	organization int
	role         domain.Role
}

// affiliations returns the affiliations of user i, the main one first. The first
// users own one organization each.
func (d *directory) affiliations(i int) []affiliation {
	r := d.draw(drawAffiliation, i)
	if i < d.organizations {
		return []affiliation{{i, domain.Owner}}
	}
	all := []affiliation{{d.pickOrganization(r), randomRole(r)}}
	for _, percent := range []int{15, 5} {
		if o := d.pickOrganization(r); r.chance(percent) && o != all[0].organization && o != all[len(all)-1].organization {
			all = append(all, affiliation{o, randomRole(r)})
		}
	}
	return all
}

func randomRole(r draw) domain.Role {
	switch n := r.below(100); {
	case n < 2:
		return domain.Owner
	case n < 8:
		return domain.Admin
	}
	return domain.Member
}

func (d *directory) writeMemberships(i int, to ports.RecordWriter) error {
	for n, a := range d.affiliations(i) {
		err := to.WriteMembership(domain.Membership{
			Organization: d.organizationID(a.organization), User: d.userID(i), Role: a.role,
			JoinedAt: earlier(d.joined(i).Add(time.Duration(n)*24*time.Hour), d.end),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// event generates event i. The days are in the order of the numbers. Few events are
// on weekends; within a day most are around noon.
func (d *directory) event(i int) domain.Event {
	r := d.draw(drawEvent, i)
	days := int(d.lastEvent.Sub(d.firstEvent) / (24 * time.Hour))
	day := d.firstEvent.AddDate(0, 0, i*days/d.options.Events)
	if weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday; weekend && r.chance(70) {
		day = day.AddDate(0, 0, -2)
	}
	at := day.Add(time.Duration(r.below(12*3600*1000)+r.below(12*3600*1000)) * time.Millisecond)
	if at.Before(d.firstEvent) {
		at = at.AddDate(0, 0, 7)
	}
	for at.After(d.end) {
		at = at.AddDate(0, 0, -1)
	}
	user := shuffled(r.skewed(d.options.Users), d.options.Users) % d.joinedBy(at)
	event := domain.Event{
		ID: r.id(at.UnixMilli()), User: d.userID(user),
		Organization: d.organizationID(pick(r, d.affiliations(user)).organization),
		Kind:         domain.MustParse(domain.ParseEventKind(randomKind(r))), OccurredAt: at,
	}
	if r.chance(20) {
		text := fmt.Appendf(nil, `{"ms":%d,"page":"/page/%d"}`, 5+r.skewed(2000), r.skewed(500))
		event.Payload = domain.MustParse(domain.ParsePayload(text))
	}
	return event
}

func randomKind(r draw) string {
	switch n := r.below(100); {
	case n < 35:
		return "login"
	case n < 75:
		return "view"
	case n < 90:
		return "edit"
	case n < 96:
		return "comment"
	}
	return "export"
}
