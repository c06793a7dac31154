package dataset

import (
	"bytes"
	"strings"
)

// signatureSize is the number of bytes that tell a foreign format.
const signatureSize = 3

// signatures are the first bytes of files that people take for text.
var signatures = []struct{ prefix, format, fix string }{
	{"PK\x03", "is a ZIP archive, as an XLSX workbook is one", ""},
	{"PK\x05", "is an empty ZIP archive", ""},
	{"\xd0\xcf\x11", "is an XLS workbook", ""},
	{"\x1f\x8b", "is compressed by gzip", "decompress it, or let the name of its file end with .gz"},
	{"\x28\xb5\x2f", "is compressed by zstd", "decompress it"},
	{"\xfd7z", "is compressed by xz", "decompress it"},
	{"BZh", "is compressed by bzip2", "decompress it"},
	{"%PD", "is a PDF document", ""},
	{"\xff\xfe", "is in UTF-16", ""},
	{"\xfe\xff", "is in UTF-16", ""},
}

// foreign returns the fault of a text that begins like a file of another format; nil
// of any other.
func foreign(start []byte, csv bool) error {
	saveAs := "save it in UTF-8, with one JSON object a line"
	if csv {
		saveAs = strings.Replace(saveAsCSV, "the file", "it", 1)
	}
	for _, known := range signatures {
		if !bytes.HasPrefix(start, []byte(known.prefix)) {
			continue
		}
		if known.fix != "" {
			saveAs = known.fix
		}
		return invalid("the file "+known.format, saveAs)
	}
	if bytes.IndexByte(start, 0) >= 0 {
		return invalid("the file is in UTF-16, or is no text", saveAs)
	}
	return nil
}
