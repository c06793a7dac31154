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
	kind, err := collection(request.path.Collection)
	if err != nil {
		return nil, err
	}
	return exportCollection200{&stream{mediaType: request.answerType, patience: h.patience, run: func(out *outflow) error {
		to, err := dataset.WriteStream(out, formatOf(request.answerType), kind)
		if err == nil {
			err = h.bulk.ExportCollection(ctx, request.caller, kind, to)
		}
		if err == nil {
			err = to.Flush()
		}
		return err
	}}}, nil
}

// ImportCollection answers with what became of each line, as they come in.
func (h *handlers) ImportCollection(ctx context.Context, request importCollectionRequest) (importCollectionResponse, error) {
	kind, err := collection(request.path.Collection)
	if err != nil {
		return nil, err
	}
	return importCollection200{&stream{mediaType: ndjson, patience: h.patience, run: func(out *outflow) error {
		in := newInflow(request.body, out, h.draining)
		defer in.close()
		var lines []byte
		total, err := h.bulk.ImportStream(ctx, request.caller, kind, dataset.ReadStream(in, formatOf(request.bodyType)), func(results []app.ImportResult) error {
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
			return beside(err)
		}
		_, err = out.Write(append(appendImported(lines[:0], total), '\n'))
		return err
	}}}, nil
}

// beside names the conflict of an import that another one is in the way of.
func beside(err error) error {
	if fault, ok := errors.AsType[*domain.Error](err); ok && fault.Kind == domain.Conflict && fault.Reason == domain.ReasonInUse {
		return newProblem(kindImporting, fault.Detail+"; "+fault.Fix)
	}
	return err
}

// collection reads the name of a collection in a path.
func collection(text string) (ports.RecordKind, error) {
	kind := ports.RecordKind(text)
	if slices.Contains(ports.RecordKinds(), kind) {
		return kind, nil
	}
	return "", inParameter(&domain.Error{
		Kind: domain.Invalid, Reason: domain.ReasonUnknown, Field: "collection",
		Detail: "is no collection", Fix: "use plans, organizations, users, memberships or events",
	})
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

// faultsOf lists what is wrong with a line; a failure may be of several fields.
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
