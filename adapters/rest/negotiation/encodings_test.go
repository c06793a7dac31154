package negotiation

import "testing"

func TestAcceptEncodingIsRead(t *testing.T) {
	for value, want := range map[string]Encodings{
		"":                               {Identity: true},
		"identity":                       {Identity: true},
		"gzip":                           {Gzip: true, Identity: true},
		"GZIP":                           {Gzip: true, Identity: true},
		"x-gzip":                         {Gzip: true, Identity: true},
		"gzip, deflate, br, zstd":        {Gzip: true, Identity: true},
		"br;q=1.0, gzip;q=0.8, *;q=0.1":  {Gzip: true, Identity: true},
		"*":                              {Gzip: true, Identity: true},
		"br, deflate":                    {Identity: true},
		"gzip;q=0":                       {Identity: true},
		"gzip;q=0, *":                    {Identity: true},
		"identity, gzip;q=0.5":           {Identity: true},
		"identity;q=0.5, gzip;q=0.5":     {Gzip: true, Identity: true},
		"identity;q=0, gzip":             {Gzip: true},
		"*;q=0, gzip":                    {Gzip: true},
		"*;q=0, identity":                {Identity: true},
		"gzip;q=0.001, identity;q=0.002": {Identity: true},
		"identity;q=0":                   {},
		"*;q=0":                          {},
		"br, *;q=0":                      {},
	} {
		if got := ReadEncodings([]string{value}); got != want {
			t.Errorf("%q accepts %+v, not %+v", value, got, want)
		}
	}
	if got := ReadEncodings(nil); got != (Encodings{Identity: true}) {
		t.Errorf("no header accepts %+v", got)
	}
}
