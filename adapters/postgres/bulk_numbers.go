package postgres

import (
	"bytes"
	"strconv"
)

// shortNumbers rewrites the long numbers in a JSON text of PostgreSQL's.
// jsonb writes 1e300 out as 301 digits, so what went in within its limit may
// come out beyond it. Short numbers stay as they are; the values, and the
// scales that jsonb keeps, do not change.
func shortNumbers(text []byte) []byte {
	const longest = 16
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		n := 1
		switch c := text[i]; {
		case c == '"':
			n = quotedLength(text[i:])
		case c == '-' || '0' <= c && c <= '9':
			n = numberLength(text[i:])
		}
		token := text[i : i+n]
		if text[i] != '"' && n > longest {
			token = shortNumber(token)
		}
		out = append(out, token...)
		i += n
	}
	return out
}

func quotedLength(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

func numberLength(text []byte) int {
	n := 1
	for n < len(text) && ('0' <= text[n] && text[n] <= '9' || text[n] == '.') {
		n++
	}
	return n
}

// shortNumber writes plain digits with an exponent where that is shorter.
func shortNumber(plain []byte) []byte {
	whole, fraction, _ := bytes.Cut(plain, []byte{'.'})
	sign := ""
	if whole[0] == '-' {
		sign, whole = "-", whole[1:]
	}
	digits := bytes.TrimLeft(append(bytes.Clone(whole), fraction...), "0")
	exponent := -len(fraction)
	if exponent == 0 {
		kept := bytes.TrimRight(digits, "0")
		exponent = len(digits) - len(kept)
		digits = kept
	}
	if len(digits) == 0 {
		return plain
	}
	short := append([]byte(sign), digits...)
	short = strconv.AppendInt(append(short, 'e'), int64(exponent), 10)
	if len(short) >= len(plain) {
		return plain
	}
	return short
}
