package bigbuytest

import (
	"strings"
)

// country is a destination that BigBuy serves.
type country struct {
	code    string
	masks   []string // N a digit, A a letter; none = any postcode
	example string
	union   bool // in the EU: no invoice is asked for
}

func countries() []country {
	return []country{
		{"AT", []string{"NNNN"}, "1010", true},
		{"BE", []string{"NNNN"}, "1000", true},
		{"BG", []string{"NNNN"}, "1000", true},
		{"CH", []string{"NNNN"}, "8001", false},
		{"CY", []string{"NNNN"}, "1010", true},
		{"CZ", []string{"NNNNN", "NNN NN"}, "11000", true},
		{"DE", []string{"NNNNN"}, "10115", true},
		{"DK", []string{"NNNN"}, "1050", true},
		{"EE", []string{"NNNNN"}, "10111", true},
		{"ES", []string{"NNNNN"}, "46005", true},
		{"FI", []string{"NNNNN"}, "00100", true},
		{"FR", []string{"NNNNN"}, "75001", true},
		{"GB", nil, "SW1A 1AA", false},
		{"GR", []string{"NNNNN", "NNN NN"}, "10431", true},
		{"HR", []string{"NNNNN"}, "10000", true},
		{"HU", []string{"NNNN"}, "1011", true},
		{"IE", nil, "D01 F5P2", true},
		{"IT", []string{"NNNNN"}, "00118", true},
		{"LT", []string{"NNNNN"}, "01100", true},
		{"LU", []string{"NNNN"}, "1009", true},
		{"LV", []string{"NNNN", "AA-NNNN"}, "1001", true},
		{"MT", nil, "VLT 1010", true},
		{"NL", []string{"NNNN AA", "NNNNAA"}, "1011 AB", true},
		{"NO", []string{"NNNN"}, "0150", false},
		{"PL", []string{"NN-NNN"}, "00-001", true},
		{"PT", []string{"NNNN-NNN"}, "1000-001", true},
		{"RO", []string{"NNNNNN"}, "010011", true},
		{"SE", []string{"NNNNN", "NNN NN"}, "10005", true},
		{"SI", []string{"NNNN"}, "1000", true},
		{"SK", []string{"NNNNN", "NNN NN"}, "81101", true},
	}
}

// countryOf returns the country of a code, nil for one that is not served.
func countryOf(code string) *country {
	for _, c := range countries() {
		if c.code == code {
			return &c
		}
	}
	return nil
}

// fits reports whether the postcode has one of the country's forms.
func (c *country) fits(postcode string) bool {
	for _, m := range c.masks {
		if fitsMask(m, postcode) {
			return true
		}
	}
	return len(c.masks) == 0
}

func fitsMask(mask, postcode string) bool {
	if len(mask) != len(postcode) {
		return false
	}
	for i := range len(mask) {
		c := postcode[i]
		switch mask[i] {
		case 'N':
			if c < '0' || c > '9' {
				return false
			}
		case 'A':
			if c < 'A' || c > 'Z' {
				return false
			}
		default:
			if c != mask[i] {
				return false
			}
		}
	}
	return true
}

// postcodeError is the text at the postcode's field.
func (c *country) postcodeError() string {
	return "Invalid postcode format. Valid format for the selected country is '" + c.masks[0] + "'."
}

// exportOnly reports whether only a registered Spanish exporter may send
// there: the Canary Islands, Ceuta and Melilla.
func exportOnly(code, postcode string) bool {
	if code != "ES" {
		return false
	}
	for _, prefix := range []string{"35", "38", "51", "52"} {
		if strings.HasPrefix(postcode, prefix) {
			return true
		}
	}
	return false
}
