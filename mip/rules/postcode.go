package rules

import (
	"strings"

	"github.com/openmip/openmip/mip"
)

// PostcodePresent checks that there is a postcode, except for countries that
// have none. Its code is [CodePostcodeMissing].
func PostcodePresent() mip.Rule {
	return mip.Rule{
		Code: CodePostcodeMissing,
		Doc:  "An address has a postcode, where its country has postcodes.",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			if !blank(s.Order.ShipTo.Postcode) {
				return
			}
			c, known := countries[countryOf(&s.Order)]
			if known && c.postcode == "" {
				return
			}
			f := finding(CodePostcodeMissing, "shipTo.postcode")
			if c.example != "" {
				f.Params = map[string]string{"example": c.example}
			}
			report(f)
		},
	}
}

// PostcodeFormat checks that a postcode has a form that its country uses.
// Spaces and hyphens that belong into it may be missing, others are an error,
// and letters may be of either case. Countries that the table lacks, and
// missing postcodes, pass. If dropping or adding spaces, hyphens and country
// letters is all it takes ("D-10115", "1012js"), that is suggested. Its code
// is [CodePostcodeFormat].
func PostcodeFormat() mip.Rule {
	return mip.Rule{
		Code:  CodePostcodeFormat,
		Doc:   "A postcode has the form that its country uses.",
		Limit: "per country",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			code := strings.TrimSpace(s.Order.ShipTo.Postcode)
			iso := countryOf(&s.Order)
			c := countries[iso]
			if code == "" || c.postcode == "" || fits(c.postcode, code) {
				return
			}
			f := finding(CodePostcodeFormat, "shipTo.postcode")
			f.Params = map[string]string{"example": c.example, "country": iso}
			if better, ok := c.tidyPostcode(iso, code); ok {
				f.Suggestion = map[string]string{"shipTo.postcode": better}
			}
			report(f)
		},
	}
}

// fits reports whether code has one of the forms.
func fits(forms, code string) bool {
	for forms != "" {
		var form string
		form, forms, _ = strings.Cut(forms, "|")
		if fitsForm(form, code) {
			return true
		}
	}
	return false
}

func fitsForm(form, code string) bool {
	i := 0
	for _, want := range []byte(form) {
		separator := want == ' ' || want == '-'
		switch {
		case i < len(code) && classes(want, code[i]):
			i++
		case separator: // may be left out
		default:
			return false
		}
	}
	return i == len(code)
}

// classes reports whether the byte c may stand where a form says want.
func classes(want, c byte) bool {
	digit := c >= '0' && c <= '9'
	letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	switch want {
	case 'N':
		return digit
	case 'A':
		return letter
	case 'X':
		return digit || letter
	}
	return c == want || letter && c|0x20 == want
}

// tidyPostcode brings a postcode into its country's usual form without
// changing, adding or losing a character that matters.
func (c country) tidyPostcode(iso, code string) (string, bool) {
	bare := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z':
			return r
		case strings.ContainsRune(" -\u2010\u2011\u2012\u2013\u00a0.,/", r):
			return -1
		}
		return 0 // anything else means something we do not know
	}, strings.ToUpper(code))
	if strings.ContainsRune(bare, 0) {
		return "", false
	}
	for _, prefix := range []string{"", iso, c.letters} {
		rest, found := strings.CutPrefix(bare, prefix)
		if !found {
			continue
		}
		for form := range strings.SplitSeq(c.postcode, "|") {
			if out, ok := fill(form, rest); ok {
				return out, true
			}
		}
	}
	return "", false
}

// fill puts bare characters into a form, separators included.
func fill(form, bare string) (string, bool) {
	var b strings.Builder
	for _, want := range []byte(form) {
		if want == ' ' || want == '-' {
			b.WriteByte(want)
			continue
		}
		if bare == "" || !classes(want, bare[0]) {
			return "", false
		}
		b.WriteByte(bare[0])
		bare = bare[1:]
	}
	return b.String(), bare == ""
}
