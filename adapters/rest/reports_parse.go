package rest

import (
	"errors"
	"strconv"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// parseReport parses the parameters of a report except the cursor. The error
// includes the faults.
func parseReport(p *reportEngagementParams, faults error) (ports.ReportEngagement, error) {
	limit, badLimit := pageSize(p.Limit, domain.DefaultReportSize)
	window, err1 := domain.ParseWindow(timeOrZero(p.From), timeOrZero(p.To))
	order, err2 := parseGiven(p.Sort, domain.ParseEngagementOrder)
	organization, err3 := parseGiven(p.Organization, parseOrganization)
	plan, err4 := parseGiven(p.Plan, domain.ParsePlanCode)
	role, err5 := parseGiven(p.Role, domain.ParseRole)
	minMembers, err6 := parseMinMembers(p.MinMembers)
	bucket, err7 := parseGiven(p.Bucket, domain.ParseBucket)
	zone, err8 := parseGiven(p.TimeZone, domain.ParseTimeZone)
	if zone == nil || p.Bucket == "" { // a zone matters to buckets alone
		zone = time.UTC
	}
	if p.From == nil || p.To == nil {
		err1 = nil // the faults say that one is missing
	}
	if err := errors.Join(faults, badLimit, inParameter(errors.Join(err1, err2, err3, err4, err5, err6, err7, err8))); err != nil {
		return ports.ReportEngagement{}, err
	}
	return ports.ReportEngagement{
		Window: window, Order: order, Limit: limit, Bucket: bucket, Zone: zone,
		Filter: ports.EngagementFilter{Organization: organization, Plan: plan, Role: role, MinMembers: minMembers},
	}, nil
}

func parseMinMembers(n *int) (int64, error) {
	const maximum = 1_000_000
	if n == nil {
		return 1, nil
	}
	if *n < 1 || *n > maximum {
		return 0, invalidField("min_members", domain.ReasonRange, "is "+strconv.Itoa(*n), "send 1 to 1000000")
	}
	return int64(*n), nil
}

func reportFingerprint(caller domain.Principal, in *ports.ReportEngagement) fingerprint {
	return newFingerprint(caller, "reportEngagement", instantText(in.Window.From()), instantText(in.Window.To()), in.Order.String(),
		organizationText(in.Filter.Organization), in.Filter.Plan.String(), string(in.Filter.Role), strconv.FormatInt(in.Filter.MinMembers, 10))
}
