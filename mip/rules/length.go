package rules

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/openmip/openmip/mip"
)

// AddressLength checks that the street, both lines joined as
// [mip.Address.Street] joins them, has at most limit characters. A character
// is one Unicode code point, as in BigBuy's own count; a suppliers' counting
// of what people see as one character never gives more. Its code is
// [CodeAddressTooLong].
//
// The suggestion shortens without losing anything: spaces, repetitions and
// the city go, well-known words take their usual abbreviation, and what is
// not street (c/o, a company, a building) moves to an empty company field.
// Digits are never touched, and where that is not enough there is no
// suggestion. A limit below 1 lets every address pass.
func AddressLength(limit int) mip.Rule {
	return mip.Rule{
		Code:  CodeAddressTooLong,
		Doc:   "The street, both lines joined by a comma, is not longer than the supplier takes.",
		Limit: strconv.Itoa(limit) + " characters",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			a := &s.Order.ShipTo
			if limit < 1 || len(a.Line1)+len(a.Line2)+2 <= limit { // bytes are never fewer
				return
			}
			length := utf8.RuneCountInString(a.Street())
			if length <= limit {
				return
			}
			f := finding(CodeAddressTooLong, "shipTo.line1")
			f.Params = map[string]string{"limit": strconv.Itoa(limit), "length": strconv.Itoa(length)}
			f.Suggestion = shorten(*a, limit)
			report(f)
		},
	}
}

// Limits are the longest values of single fields, in characters; nought means
// that a field is not checked.
type Limits struct {
	FirstName, LastName, Company int
	City, Province, Postcode     int
	Phone, Email, VATNumber      int
	Note                         int
}

// DefaultLimits returns 255 for every field but the note, which is not
// checked. That is no supplier's number: BigBuy publishes no limit but the
// street's (a last name is known to have one), and 255 is what a usual
// database column holds. What the supplier finds too long after all comes
// back from its check.
func DefaultLimits() Limits {
	const n = 255
	return Limits{n, n, n, n, n, n, n, n, n, 0}
}

// FieldLengths checks single fields against limits. Spaces around a value do
// not count. Its code is [CodeFieldTooLong], its path the field.
func FieldLengths(limits Limits) mip.Rule {
	return mip.Rule{
		Code:  CodeFieldTooLong,
		Doc:   "No field is longer than the supplier takes.",
		Limit: "per field, 255 characters unless configured",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			a := &s.Order.ShipTo
			check := func(path, value string, limit int) {
				if limit < 1 || len(value) <= limit {
					return
				}
				value = strings.TrimSpace(value)
				length := utf8.RuneCountInString(value)
				if length <= limit {
					return
				}
				f := finding(CodeFieldTooLong, path)
				f.Params = map[string]string{"limit": strconv.Itoa(limit), "length": strconv.Itoa(length)}
				if short := strings.Join(strings.Fields(value), " "); utf8.RuneCountInString(short) <= limit {
					f.Suggestion = map[string]string{path: short}
				}
				report(f)
			}
			check("shipTo.firstName", a.FirstName, limits.FirstName)
			check("shipTo.lastName", a.LastName, limits.LastName)
			check("shipTo.company", a.Company, limits.Company)
			check("shipTo.city", a.City, limits.City)
			check("shipTo.province", a.Province, limits.Province)
			check("shipTo.postcode", a.Postcode, limits.Postcode)
			check("shipTo.phone", a.Phone, limits.Phone)
			check("shipTo.email", a.Email, limits.Email)
			check("shipTo.vatNumber", a.VATNumber, limits.VATNumber)
			check("note", s.Order.Note, limits.Note)
		},
	}
}
