// Package cloudevents writes entries of the log as CloudEvents 1.0 in the JSON format.
package cloudevents

import (
	"encoding/json"
	"time"

	"github.com/roster-directory/roster/domain"
)

const (
	// MediaType is that of an event.
	MediaType = "application/cloudevents+json"
	// BatchMediaType is that of an array of events.
	BatchMediaType = "application/cloudevents-batch+json"
)

type event struct {
	SpecVersion     string `json:"specversion"`
	ID              string `json:"id"`
	Source          string `json:"source"`
	Type            string `json:"type"`
	Subject         string `json:"subject"`
	Time            string `json:"time"`
	DataContentType string `json:"datacontenttype"`
	Data            data   `json:"data"`
}

// data is what an entry tells, which is no attribute of the event. No field has a value of
// the directory.
type data struct {
	Organization string         `json:"organization,omitempty"`
	Version      domain.Version `json:"version,omitempty"`
	Fields       []string       `json:"fields,omitempty"`
	Actor        string         `json:"actor,omitempty"`
	Request      string         `json:"request,omitempty"`
}

// Append appends an entry as an event to b. Its type is the kind after "roster.".
func Append(b []byte, entry *domain.LogEntry) []byte {
	e := event{
		SpecVersion: "1.0", ID: entry.ID.String(), Source: "/log", Type: "roster." + string(entry.Kind), Subject: entry.Subject,
		Time: domain.Instant(entry.At).Format(time.RFC3339Nano), DataContentType: "application/json",
		Data: data{Version: entry.Version, Fields: entry.Fields, Actor: entry.Actor, Request: entry.Request},
	}
	if !entry.Organization.IsZero() {
		e.Data.Organization = entry.Organization.String()
	}
	text, err := json.Marshal(e)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return append(b, text...)
}
