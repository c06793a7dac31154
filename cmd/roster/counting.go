package main

import (
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// countingWriter counts the records of a data set as they are written, and shows
// the progress.
type countingWriter struct {
	ports.RecordWriter
	progress *progress
	written  map[ports.RecordKind]int64
}

// showEvery is the number of records between two updates of the progress.
const showEvery = 1000

func newCountingWriter(to ports.RecordWriter, show *progress) *countingWriter {
	return &countingWriter{RecordWriter: to, progress: show, written: map[ports.RecordKind]int64{}}
}

func (w *countingWriter) count(kind ports.RecordKind) {
	w.written[kind]++
	if n := w.written[kind]; n%showEvery == 0 {
		w.progress.show(step{name: string(kind), lines: n})
	}
}

// WritePlan implements ports.RecordWriter.
func (w *countingWriter) WritePlan(p domain.Plan) error {
	w.count(ports.PlanRecords)
	return w.RecordWriter.WritePlan(p)
}

// WriteOrganization implements ports.RecordWriter.
func (w *countingWriter) WriteOrganization(o domain.Organization) error {
	w.count(ports.OrganizationRecords)
	return w.RecordWriter.WriteOrganization(o)
}

// WriteUser implements ports.RecordWriter.
func (w *countingWriter) WriteUser(u ports.UserRecord) error {
	w.count(ports.UserRecords)
	return w.RecordWriter.WriteUser(u)
}

// WriteMembership implements ports.RecordWriter.
func (w *countingWriter) WriteMembership(m domain.Membership) error {
	w.count(ports.MembershipRecords)
	return w.RecordWriter.WriteMembership(m)
}

// WriteEvent implements ports.RecordWriter.
func (w *countingWriter) WriteEvent(e domain.Event) error {
	w.count(ports.EventRecords)
	return w.RecordWriter.WriteEvent(e)
}
