package rest

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// streamReport answers with all lines after a position, or with limit of them.
// It asks for the first page before the response begins, so that an invalid
// query gets a problem.
func (h *handlers) streamReport(
	ctx context.Context, caller domain.Principal, in ports.ReportEngagement, limit *int,
) (*stream, error) {
	if limit == nil {
		in.Limit = domain.MaxReportSize
	}
	page, err := h.activity.ReportEngagement(ctx, caller, in)
	if err != nil {
		return nil, invalidQuery(err)
	}
	return &stream{mediaType: "text/csv", timeout: h.timeout, run: func(out *streamWriter) error {
		to := newReportWriter(out, in.Bucket != "")
		for {
			for i := range page.Items {
				to.add(&page.Items[i])
			}
			if err := to.flush(); err != nil || limit != nil || !page.More {
				return err
			}
			in.After = new(in.Order.Position(page.Items[len(page.Items)-1]))
			if page, err = h.activity.ReportEngagement(ctx, caller, in); err != nil {
				return err
			}
		}
	}}, nil
}

// reportWriter writes a report as CSV (RFC 4180) for people, who open it in a
// spreadsheet.
type reportWriter struct {
	to      *csv.Writer
	buckets bool
	line    []string
}

func newReportWriter(to io.Writer, buckets bool) *reportWriter {
	w := &reportWriter{to: csv.NewWriter(to), buckets: buckets}
	w.to.UseCRLF = true
	columns := []string{"organization_id", "organization", "plan", "members"}
	if buckets {
		columns = append(columns, "bucket", "active_members", "events")
	} else {
		columns = append(columns, "active_members", "events", "last_activity")
	}
	_ = w.to.Write(columns) // flush returns its error
	return w
}

// add writes the lines of an organization.
func (w *reportWriter) add(e *domain.Engagement) {
	w.line = append(w.line[:0], e.Organization.String(), cellText(e.Name.String()), cellText(e.Plan.String()), formatInt(e.Members))
	if !w.buckets {
		last := ""
		if !e.LastActivity.IsZero() {
			last = e.LastActivity.Format(time.RFC3339Nano)
		}
		_ = w.to.Write(append(w.line, formatInt(e.ActiveMembers), formatInt(e.Events), last))
		return
	}
	for i := range e.Series {
		bucket := &e.Series[i]
		_ = w.to.Write(append(w.line, bucket.From.UTC().Format(time.RFC3339), formatInt(bucket.ActiveMembers), formatInt(bucket.Events)))
	}
}

func (w *reportWriter) flush() error {
	w.to.Flush()
	return w.to.Error()
}

func formatInt(n int64) string { return strconv.FormatInt(n, 10) }
