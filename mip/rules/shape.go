package rules

import (
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"

	"github.com/openmip/openmip/mip"
)

// form is the part of an order whose shape is checked, with the paths that
// findings name. White space has been cut away before.
type form struct {
	ShipTo formAddress `json:"shipTo"`
	Lines  []formLine  `json:"lines" validate:"min=1,dive"`
}

type formAddress struct {
	Street  string `json:"line1" validate:"required"`
	City    string `json:"city" validate:"required"`
	Country string `json:"country" validate:"required,iso3166_1_alpha2"`
}

type formLine struct {
	ID        string `json:"id" validate:"required"`
	Quantity  int    `json:"quantity" validate:"gt=0"`
	Cancelled int    `json:"cancelled" validate:"gte=0"`
}

// shapeCodes gives the code of a violation by field and tag.
var shapeCodes = map[string]string{
	"shipTo.line1 required":           CodeStreetMissing,
	"shipTo.city required":            CodeCityMissing,
	"shipTo.country required":         CodeCountryMissing,
	"shipTo.country iso3166_1_alpha2": CodeCountryInvalid,
	"lines min":                       CodeLinesMissing,
	"lines.id required":               CodeLineIDMissing,
	"lines.quantity gt":               CodeLineQuantity,
	"lines.cancelled gte":             CodeLineQuantity,
}

// validate is compiled once and only read afterwards.
var validate = newValidate()

func newValidate() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	return v
}

// Shape checks that an order is complete in itself: street, city and an ISO
// 3166-1 country, at least one line, each own line with an id of its own and a
// positive quantity. White space counts as missing, and the country is
// compared in upper case. A violation without a code of its own would be
// reported as [CodeDataInvalid].
func Shape() mip.Rule {
	return mip.Rule{
		Code: CodeDataInvalid,
		Doc:  "An order has a street, a city, a country and lines with an id and a quantity.",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			if !tidy(&s.Order) {
				violations(&s.Order, report)
			}
			duplicates(&s.Order, report)
		},
	}
}

// tidy is the fast way to a yes; a no means that the validator has to look.
func tidy(o *mip.Order) bool {
	a := &o.ShipTo
	if len(o.Lines) == 0 || blank(a.City) || blank(a.Line1) && blank(a.Line2) {
		return false
	}
	if _, known := countries[a.Country]; !known {
		return false
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		if !l.Foreign && (blank(l.ID) || l.Quantity <= 0 || l.Cancelled < 0) {
			return false
		}
	}
	return true
}

func violations(o *mip.Order, report func(mip.Finding)) {
	var fields validator.ValidationErrors
	if !errors.As(validate.Struct(formOf(o)), &fields) {
		return
	}
	for _, f := range fields {
		_, path, _ := strings.Cut(f.Namespace(), ".")
		code, known := shapeCodes[withoutIndex(path)+" "+f.Tag()]
		if !known {
			code = CodeDataInvalid
		}
		found := finding(code, path)
		if code == CodeCountryInvalid {
			if iso, ok := countryAliases[countryOf(o)]; ok {
				found.Suggestion = map[string]string{path: iso}
			}
		}
		report(found)
	}
}

func formOf(o *mip.Order) form {
	a := o.ShipTo.Normal()
	f := form{ShipTo: formAddress{Street: a.Street(), City: a.City, Country: a.Country}}
	for i := range o.Lines {
		l := &o.Lines[i]
		if l.Foreign { // another supplier's: its place counts, its content does not
			f.Lines = append(f.Lines, formLine{ID: "foreign", Quantity: 1})
			continue
		}
		f.Lines = append(f.Lines, formLine{ID: strings.TrimSpace(l.ID), Quantity: l.Quantity, Cancelled: l.Cancelled})
	}
	return f
}

// withoutIndex turns "lines[3].id" into "lines.id".
func withoutIndex(path string) string {
	before, rest, found := strings.Cut(path, "[")
	if !found {
		return path
	}
	_, after, _ := strings.Cut(rest, "]")
	return before + after
}

// duplicates reports lines that repeat the id of an earlier one: tracking and
// what is already bought are counted by it.
func duplicates(o *mip.Order, report func(mip.Finding)) {
	for i := 1; i < len(o.Lines); i++ {
		for j := range i {
			if o.Lines[i].ID == o.Lines[j].ID && !blank(o.Lines[i].ID) {
				report(finding(CodeLineIDDuplicate, linePath(i, "id")))
				break
			}
		}
	}
}

func linePath(i int, field string) string { return "lines[" + strconv.Itoa(i) + "]." + field }
