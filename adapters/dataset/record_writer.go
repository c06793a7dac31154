package dataset

import (
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// recordWriter implements ports.RecordWriter with a function that writes the fields
// of a record.
type recordWriter func(kind ports.RecordKind, record fields) error

// WritePlan implements ports.RecordWriter.
func (w recordWriter) WritePlan(p domain.Plan) error { return w(ports.PlanRecords, planFields(p)) }

// WriteOrganization implements ports.RecordWriter.
func (w recordWriter) WriteOrganization(o domain.Organization) error {
	return w(ports.OrganizationRecords, organizationFields(o))
}

// WriteUser implements ports.RecordWriter.
func (w recordWriter) WriteUser(u ports.UserRecord) error { return w(ports.UserRecords, userFields(u)) }

// WriteMembership implements ports.RecordWriter.
func (w recordWriter) WriteMembership(m domain.Membership) error {
	return w(ports.MembershipRecords, membershipFields(m))
}

// WriteEvent implements ports.RecordWriter.
func (w recordWriter) WriteEvent(e domain.Event) error { return w(ports.EventRecords, eventFields(e)) }
