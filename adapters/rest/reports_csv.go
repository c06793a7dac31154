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

// streamReport answers with all lines from a place on, or with as many as are
// asked for. The first page is asked for before the answer begins, so that what
// is wrong with the question can still be said.
func (h *handlers) streamReport(ctx context.Context, caller domain.Principal, in ports.ReportEngagement, most *int) (*stream, error) {
	if most == nil {
		in.Limit = domain.MostReportSize
	}
	page, err := h.activity.ReportEngagement(ctx, caller, in)
	if err != nil {
		return nil, misasked(err)
	}
	return &stream{mediaType: "text/csv", patience: h.patience, run: func(out *outflow) error {
		to := newReportWriter(out, in.Bucket != "")
		for {
			for i := range page.Items {
				to.add(&page.Items[i])
			}
			if err := to.flush(); err != nil || most != nil || !page.More {
				return err
			}
			in.After = new(in.Order.Position(page.Items[len(page.Items)-1]))
			if page, err = h.activity.ReportEngagement(ctx, caller, in); err != nil {
				return err
			}
		}
	}}, nil
}

// reportWriter writes a report as CSV (RFC 4180).
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
	_ = w.to.Write(columns) // flush returns what goes wrong
	return w
}

// add writes the lines of an organization.
func (w *reportWriter) add(e *domain.Engagement) {
	w.line = append(w.line[:0], e.Organization.String(), e.Name.String(), e.Plan.String(), number(e.Members))
	if !w.buckets {
		last := ""
		if !e.LastActivity.IsZero() {
			last = e.LastActivity.Format(time.RFC3339Nano)
		}
		_ = w.to.Write(append(w.line, number(e.ActiveMembers), number(e.Events), last))
		return
	}
	for i := range e.Series {
		bucket := &e.Series[i]
		_ = w.to.Write(append(w.line, bucket.From.UTC().Format(time.RFC3339), number(bucket.ActiveMembers), number(bucket.Events)))
	}
}

func (w *reportWriter) flush() error {
	w.to.Flush()
	return w.to.Error()
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
