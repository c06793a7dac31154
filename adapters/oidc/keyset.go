package oidc

import (
	"crypto/rsa"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/MicahParks/jwkset"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	// maxKeys is the number of keys that one issuer may have.
	maxKeys = 100
	// RSA keys with fewer bits are too weak (RFC 7518, section 3.3); checking a
	// signature by a larger one takes too long.
	minRSABits, maxRSABits = 2048, 8192
)

// keySet is the keys of an issuer at a time. It does not change.
type keySet struct {
	keys []key
	// text is the set as JSON, without the keys that are not used and without
	// private parts.
	text []byte
}

// key is a public key of an issuer.
type key struct {
	id        string
	algorithm string // the only one that the key is for; empty: any that fits
	public    any
	text      jsontext.Value
}

// parseKeySet reads a JSON Web Key Set (RFC 7517). Keys that can't verify are left
// out. The error says that none is left.
func parseKeySet(body []byte) (*keySet, error) {
	var document struct {
		Keys []jsontext.Value `json:"keys"`
	}
	if err := json.Unmarshal(body, &document); err != nil {
		return nil, fmt.Errorf("the key set is no JSON object with a list of keys: %w", err)
	}
	if len(document.Keys) > maxKeys {
		return nil, fmt.Errorf("the key set has %d keys, more than %d", len(document.Keys), maxKeys)
	}
	set := &keySet{}
	var left error
	for _, text := range document.Keys {
		switch one, err := parseKey(text); {
		case err != nil:
			left = err
		default:
			set.keys = append(set.keys, one)
		}
	}
	if len(set.keys) == 0 {
		return nil, errors.Join(errors.New("the key set has no key that verifies signatures"), left)
	}
	// In one order, so that an issuer that shuffles its keys changes nothing.
	slices.SortStableFunc(set.keys, func(a, b key) int { return strings.Compare(string(a.text), string(b.text)) })
	document.Keys = nil
	for _, one := range set.keys {
		document.Keys = append(document.Keys, one.text)
	}
	var err error
	set.text, err = json.Marshal(document)
	return set, err
}

func parseKey(text jsontext.Value) (key, error) {
	var fields jwkset.JWKMarshal
	if err := stdjson.Unmarshal(text, &fields); err != nil { // whose tags the other package refuses
		return key{}, err
	}
	if _, known := algorithms[string(fields.ALG)]; fields.ALG != "" && !known {
		return key{}, errors.New("a key is for an algorithm that is not accepted")
	}
	if fields.USE != "" && fields.USE != jwkset.UseSig {
		return key{}, errors.New("a key is not for signatures")
	}
	if len(fields.KEYOPS) > 0 && !slices.Contains(fields.KEYOPS, jwkset.KeyOpsVerify) {
		return key{}, errors.New("a key is not for verifying")
	}
	// Certificates are not looked at: the key set itself is what is trusted.
	fields.X5C, fields.X5T, fields.X5TS256, fields.X5U = nil, "", "", ""
	parsed, err := jwkset.NewJWKFromMarshal(fields, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
	if err != nil {
		return key{}, err
	}
	one := key{id: fields.KID, algorithm: string(fields.ALG), public: parsed.Key()}
	if public, ok := one.public.(*rsa.PublicKey); ok && (public.N.BitLen() < minRSABits || public.N.BitLen() > maxRSABits || public.E < 3) {
		return key{}, fmt.Errorf("an RSA key has %d bits: %d to %d are accepted", public.N.BitLen(), minRSABits, maxRSABits)
	}
	if !one.fitsAny() {
		return key{}, errors.New("a key fits no algorithm that is accepted")
	}
	one.text, err = stdjson.Marshal(parsed.Marshal())
	return one, err
}

func (k key) fitsAny() bool {
	for name := range algorithms {
		if k.fits(name) {
			return true
		}
	}
	return false
}

// fits reports whether the key is for an algorithm.
func (k key) fits(name string) bool {
	return (k.algorithm == "" || k.algorithm == name) && algorithms[name].fits(k.public)
}

// find returns the key with an id; without an id, the only key that fits.
func (s *keySet) find(id, algorithm string) (key, bool) {
	var found []key
	for _, one := range s.keys {
		if one.id == id && id != "" || id == "" && one.fits(algorithm) {
			found = append(found, one)
		}
	}
	if len(found) == 0 || id == "" && len(found) > 1 {
		return key{}, false
	}
	// Keys of two types may have the same id.
	for _, one := range found {
		if one.fits(algorithm) {
			return one, true
		}
	}
	return found[0], true
}
