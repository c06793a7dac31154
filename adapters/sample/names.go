package sample

import (
	_ "embed"
	"strings"
)

// names are lists of common names, of no real persons. Each culture has a line with
// its locale, one with given and one with family names. Each name is written in its
// own script and, after a slash, in ASCII for usernames. "family-first" puts the
// family name first, "joined" writes no space between the names.
//
//go:embed names.txt
var names string

// person is a name in its own script and in ASCII, with a "." between its parts.
type person struct{ display, ascii, locale string }

// people returns all pairs of a given and a family name, culture by culture.
func people() []person {
	var all []person
	for culture := range strings.SplitSeq(names, "\n\n") {
		lines := strings.Split(culture, "\n")
		for given := range strings.FieldsSeq(lines[1]) {
			for family := range strings.FieldsSeq(lines[2]) {
				all = append(all, newPerson(lines[0], given, family))
			}
		}
	}
	return all
}

func newPerson(culture, given, family string) person {
	locale, order, _ := strings.Cut(culture, " ")
	first, firstASCII, _ := strings.Cut(given, "/")
	last, lastASCII, _ := strings.Cut(family, "/")
	last = strings.Replace(last, "von", "von ", 1)
	space := " "
	if strings.Contains(order, "joined") {
		space = ""
	}
	p := person{display: first + space + last, ascii: firstASCII + "." + lastASCII, locale: locale}
	if strings.Contains(order, "family-first") {
		p.display = last + space + first
	}
	return p
}

// The words of the names of organizations.
const (
	firstWords = `Amber Blue Bright Cedar Copper Crimson Delta Ember Falcon Golden Granite Harbor
		Iron Juniper Lunar Maple Nordic Orchid Pioneer Quartz River Silver Summit Velvet`
	secondWords = `Analytics Aviation Bakery Biotech Cargo Ceramics Design Energy Farms Films Foods Games
		Health Insurance Journal Kitchen Logistics Media Motors Optics Press Robotics Software Textiles`
	legalForms = "Labs Group Works Studio Partners Collective Institute Cooperative"
)

const departments = "engineering sales support finance people legal design research"
