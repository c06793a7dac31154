package rest

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const ndjson = "application/x-ndjson"

// ExportCollection answers with all records of a kind.
func (h *handlers) ExportCollection(ctx context.Context, request exportCollectionRequest) (exportCollectionResponse, error) {
	kind, err := recordKind(request.path.Collection)
	if err != nil {
		return nil, err
	}
	return exportCollection200{&stream{mediaType: request.responseType, timeout: h.timeout, run: func(out *streamWriter) error {
		to, err := dataset.WriteStream(out, formatOf(request.responseType), kind)
		if err == nil {
			err = h.bulk.ExportCollection(ctx, request.caller, kind, to)
		}
		if err == nil {
			err = to.Flush()
		}
		return err
	}}}, nil
}

// ImportCollection answers with the outcome of each line, as the lines come in.
func (h *handlers) ImportCollection(ctx context.Context, request importCollectionRequest) (importCollectionResponse, error) {
	kind, err := recordKind(request.path.Collection)
	if err != nil {
		return nil, err
	}
	return importCollection200{&stream{mediaType: ndjson, timeout: h.timeout, run: func(out *streamWriter) error {
		in := newReadAhead(request.body, out, h.draining)
		defer in.close()
		records := dataset.ReadStream(in, formatOf(request.bodyType))
		var lines []byte
		total, err := h.bulk.ImportStream(ctx, request.caller, kind, records, func(results []app.ImportResult) error {
			lines = lines[:0]
			for i := range results {
				lines = append(appendResult(lines, &results[i]), '\n')
			}
			if _, err := out.Write(lines); err != nil {
				return err
			}
			return out.flush()
		})
		if err != nil {
			return importError(err)
		}
		_, err = out.Write(append(appendImported(lines[:0], total), '\n'))
		return err
	}}}, nil
}

// importError gives the conflict with another import a problem of its own.
func importError(err error) error {
	fault, ok := errors.AsType[*domain.Error](err)
	if ok && fault.Kind == domain.Conflict && fault.Reason == domain.ReasonInUse {
		return newProblem(kindImporting, fault.Detail+"; "+fault.Fix)
	}
	return err
}

// recordKind reads the name of a collection in a path.
func recordKind(text string) (ports.RecordKind, error) {
	kind := ports.RecordKind(text)
	if slices.Contains(ports.RecordKinds(), kind) {
		return kind, nil
	}
	return "", invalidParameter("collection", domain.ReasonUnknown, "is not a collection",
		"use plans, organizations, users, memberships or events")
}

func formatOf(mediaType string) dataset.Format {
	if mediaType == "text/csv" {
		return dataset.CSV
	}
	return dataset.NDJSON
}

func appendResult(b []byte, r *app.ImportResult) []byte {
	b = strconv.AppendInt(append(b, `{"line":`...), r.Line, 10)
	b = appendString(append(b, `,"outcome":`...), string(r.Outcome))
	if r.Problem != nil {
		b = appendList(append(b, `,"errors":`...), faultsOf(r.Problem), appendFault)
	}
	return append(b, '}')
}

func appendImported(b []byte, total app.ImportedStream) []byte {
	b = strconv.AppendInt(append(b, `{"created":`...), total.Created, 10)
	b = strconv.AppendInt(append(b, `,"exists":`...), total.Exists, 10)
	b = strconv.AppendInt(append(b, `,"rejected":`...), total.Rejected, 10)
	return append(b, '}')
}

// faultsOf lists the faults of a line. One failure may concern several fields.
func faultsOf(err error) []fault {
	var faults []fault
	for _, failure := range domain.Failures(err) {
		for field := range strings.SplitSeq(failure.Field, ", ") {
			pointer := ""
			if field != "" {
				pointer = pointerTo(field)
			}
			faults = append(faults, fault{pointer: pointer, detail: failure.Detail, fix: failure.Fix})
		}
	}
	return faults
}
