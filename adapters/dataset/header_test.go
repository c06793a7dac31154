package dataset_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/domain"
)

// inUTF16 encodes ASCII text.
func inUTF16(text string, bigEndian bool) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		low, high := byte(unit), byte(unit>>8)
		if bigEndian {
			low, high = high, low
		}
		b.Write([]byte{low, high})
	}
	return b.String()
}

// otherCSV are texts that are not CSV with commas, and the messages about them.
func otherCSV() map[string]string {
	const save = `save the file as "CSV UTF-8 (comma delimited)"`
	const it = `save it as "CSV UTF-8 (comma delimited)"`
	const lf = "save the file with the line ends LF or CR LF"
	const plain = "username,email\r\nada,ada@example.com\r\n"
	const known = "id, external_id, username, email, display_name, attributes, status, created_at, updated_at, deleted_at, version"
	return map[string]string{
		"username;email\r\nada;ada@example.com\r\n":   "semicolons separate the names of the header, not commas; " + save,
		"Benutzer;E-Mail\r\n":                         "semicolons separate the names of the header, not commas; " + save,
		"\"username\";\"email\"\r\n":                  "semicolons separate the names of the header, not commas; " + save,
		"username\temail\r\nada\tada@example.com\r\n": "tabs separate the names of the header, not commas; " + save,
		"username|email\n":                            "vertical bars separate the names of the header, not commas; " + save,
		"\xef\xbb\xbfusername;email;\r\n":             "semicolons separate the names of the header, not commas; " + save,
		"sep=,\r\n" + plain: "the first line is sep=,, which only some spreadsheets understand; " +
			"remove the first line, and separate cells by commas",
		"\"SEP=;\"\r\nusername;email\r\n": "the first line is sep=;, which only some spreadsheets understand; " +
			"remove the first line, and separate cells by commas",
		"username,email\rada,ada@example.com\r": "CR alone ends the lines; " + lf,
		"username;email\rada;ada@example.com\r": "CR alone ends the lines; " + lf,
		"PK\x03\x04\x14\x00\x06\x00":            "the file is a ZIP archive, as an XLSX workbook is one; " + it,
		"\xd0\xcf\x11\xe0\xa1":                  "the file is an XLS workbook; " + it,
		"\xff\xfe" + inUTF16(plain, false):      "the file is in UTF-16; " + it,
		"\xfe\xff" + inUTF16(plain, true):       "the file is in UTF-16; " + it,
		inUTF16(plain, false):                   "the file is in UTF-16, or is no text; " + it,
		inUTF16(plain, true):                    "the file is in UTF-16, or is no text; " + it,
		"\x1f\x8b\x08":                          "the file is compressed by gzip; decompress it, or let the name of its file end with .gz",
		"usern\xe4me,email\n":                   "the header is not valid UTF-8; " + save,
		"username,email,,\n":                    "the header has 2 columns without a name; delete the empty columns",
		"username,email,username,\"email\"\n":   `the header names the fields "username", "email" twice; name each field once`,
		"username,email,username\n":             `the header names the field "username" twice; name each field once`,
		"\"username,email\"\n": "the header is one cell within quotes; " +
			`remove the quotes around each line, and write "" within it as "`,
		"login,firstName,lastName,email,status\n": `the header names unknown fields "login", "firstName", "lastName"; ` +
			"name the fields in the first line, which are " + known,
		"login,email,email,\n": `the header names the unknown field "login", and names the field "email" twice, ` +
			"and has 1 column without a name; name the fields in the first line, which are " + known +
			"; name each field once; delete the empty columns",
		"{\"username\":\"ada\"}\n": "the header is JSON, not CSV; let the name of the file end with .ndjson, " +
			"or send it as application/x-ndjson; write one record a line, as a JSON object",
		"username,\"email\n": "the header opens a quote that is not closed; close it, and write a quote within quotes as \"\"",
	}
}

func TestAFileThatIsOtherCSVSaysWhatItIsAndWhatToSave(t *testing.T) {
	for text, want := range otherCSV() {
		t.Run(fmt.Sprintf("%.20q", text), func(t *testing.T) {
			for line, err := range dataset.ReadStream(strings.NewReader(text), dataset.CSV).Users(t.Context()) {
				if err == nil || err.Error() != want || !errors.Is(err, domain.Invalid) {
					t.Errorf("a stream: got %v, %+v; want %s", err, line, want)
				}
			}
			_, err := dataset.Open(folder(t, map[string]string{"plans.csv": "code,name\n", "users.csv": text}), "")
			if err == nil || err.Error() != "users.csv: "+want {
				t.Errorf("a file: got %v, want %s", err, want)
			}
		})
	}
}

func TestAQuotedHeaderIsRead(t *testing.T) {
	lines := users(t, open(t, map[string]string{"users.csv": "\xef\xbb\xbf\"username\",\"email\"\r\n\"ada\",\"ada@example.com\"\r\n"}))
	if len(lines) != 1 || lines[0].Fault != nil || lines[0].Record.Username.String() != "ada" {
		t.Errorf("got %+v", lines)
	}
}

func TestARecordWithOtherCellsThanTheHeaderSaysTheCure(t *testing.T) {
	const save = `save the file as "CSV UTF-8 (comma delimited)"`
	for record, want := range map[string]string{
		"ada,ada@example.com,,":          "has 4 cells, and the header 2; remove the empty cells at its end",
		"ada":                            "has 1 cell, and the header 2; give a cell for each field",
		"ada;ada@example.com":            "has 1 cell, and the header 2; separate cells by commas: " + save,
		"ada\tada@example.com":           "has 1 cell, and the header 2; separate cells by commas: " + save,
		"ada,ada@example.com,Lovelace":   "has 3 cells, and the header 2; write a cell that has a comma within quotes",
		"ada,ada@example.com\reve,eve@e": "has 3 cells, and the header 2; save the file with the line ends LF or CR LF",
		"ada,\xe4da@example.com":         "is not valid UTF-8; " + save,
	} {
		lines := users(t, open(t, map[string]string{"users.csv": "username,email\n" + record + "\n"}))
		if len(lines) != 1 || lines[0].Fault == nil || lines[0].Fault.Error() != want {
			t.Errorf("%q: got %+v, want %s", record, lines, want)
		}
	}
}

func TestNDJSONOfAnotherFormatIsNamed(t *testing.T) {
	const save = "save it in UTF-8, with one JSON object a line"
	for text, want := range map[string]string{
		"PK\x03\x04":                     "the file is a ZIP archive, as an XLSX workbook is one; " + save,
		"\xff\xfe" + inUTF16(ada, false): "the file is in UTF-16; " + save,
		inUTF16(ada, true):               "the file is in UTF-16, or is no text; " + save,
		"\x1f\x8b\x08":                   "the file is compressed by gzip; decompress it, or let the name of its file end with .gz",
	} {
		for line, err := range dataset.ReadStream(strings.NewReader(text), dataset.NDJSON).Users(t.Context()) {
			if err == nil || err.Error() != want || !errors.Is(err, domain.Invalid) {
				t.Errorf("%q: got %v, %+v; want %s", text, err, line, want)
			}
		}
		_, err := dataset.Open(folder(t, map[string]string{"users.jsonl": text}), "")
		if err == nil || err.Error() != "users.jsonl: "+want {
			t.Errorf("a file: got %v, want %s", err, want)
		}
	}
}

func TestAllFilesOfOtherFormatsAreNamedAtOnce(t *testing.T) {
	_, err := dataset.Open(folder(t, map[string]string{"plans.csv": "code;name\n", "users.csv": "username,emial\n", "events.csv": ""}), "")
	if err == nil || !strings.Contains(err.Error(), "plans.csv: semicolons") || !strings.Contains(err.Error(), "users.csv: the header names") {
		t.Errorf("got %v", err)
	}
}
