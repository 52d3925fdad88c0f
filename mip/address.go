package mip

import (
	"fmt"
	"log/slog"
	"strings"
)

// Address is where an order goes and how to reach whoever receives it. It is
// personal data: it prints as "address(redacted)" with every fmt verb and in
// slog, and leaves the program only through adapters and [encoding/json].
type Address struct {
	FirstName string `json:"firstName,omitempty"`
	LastName  string `json:"lastName,omitempty"`
	Company   string `json:"company,omitempty"`
	Line1     string `json:"line1,omitempty"`
	Line2     string `json:"line2,omitempty"`
	City      string `json:"city,omitempty"`
	Province  string `json:"province,omitempty"` // the channel's code or words; BigBuy has no field for it
	Postcode  string `json:"postcode,omitempty"`
	Country   string `json:"country,omitempty"` // ISO 3166-1 alpha-2, upper case
	Phone     string `json:"phone,omitempty"`
	Email     string `json:"email,omitempty"`
	VATNumber string `json:"vatNumber,omitempty"`
}

// Street returns both address lines as the one line a supplier with a single
// field receives: trimmed and joined by ", ". Limits are measured on it.
func (a Address) Street() string {
	one, two := strings.TrimSpace(a.Line1), strings.TrimSpace(a.Line2)
	if one == "" || two == "" {
		return one + two
	}
	return one + ", " + two
}

// Normal returns a with outer spaces removed and the country in upper case.
func (a Address) Normal() Address {
	a.normalize()
	return a
}

func (a *Address) normalize() {
	for _, f := range []*string{&a.FirstName, &a.LastName, &a.Company, &a.Line1, &a.Line2, &a.City,
		&a.Province, &a.Postcode, &a.Country, &a.Phone, &a.Email, &a.VATNumber} {
		*f = strings.TrimSpace(*f)
	}
	a.Country = strings.ToUpper(a.Country)
}

// With returns a with the fields replaced that suggestion names by path
// ("shipTo.line1"), as in [Finding.Suggestion]. Other paths are passed over.
func (a Address) With(suggestion map[string]string) Address {
	for path, field := range map[string]*string{
		"shipTo.firstName": &a.FirstName, "shipTo.lastName": &a.LastName, "shipTo.company": &a.Company,
		"shipTo.line1": &a.Line1, "shipTo.line2": &a.Line2, "shipTo.city": &a.City, "shipTo.province": &a.Province,
		"shipTo.postcode": &a.Postcode, "shipTo.country": &a.Country, "shipTo.phone": &a.Phone,
		"shipTo.email": &a.Email, "shipTo.vatNumber": &a.VATNumber,
	} {
		if v, ok := suggestion[path]; ok {
			*field = v
		}
	}
	return a
}

const redacted = "address(redacted)"

// String returns a constant, so that an address cannot leak through a log.
func (a Address) String() string { return redacted }

// Format implements [fmt.Formatter]; every verb prints the same constant.
func (a Address) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte(redacted)) }

// LogValue implements [slog.LogValuer].
func (a Address) LogValue() slog.Value { return slog.StringValue(redacted) }

// differs names the fields in which two addresses differ.
func (a Address) differs(b Address) []string {
	var out []string
	for _, f := range []struct{ name, a, b string }{
		{"firstName", a.FirstName, b.FirstName}, {"lastName", a.LastName, b.LastName}, {"company", a.Company, b.Company},
		{"line1", a.Line1, b.Line1}, {"line2", a.Line2, b.Line2}, {"city", a.City, b.City}, {"province", a.Province, b.Province},
		{"postcode", a.Postcode, b.Postcode}, {"country", a.Country, b.Country}, {"phone", a.Phone, b.Phone},
		{"email", a.Email, b.Email}, {"vatNumber", a.VATNumber, b.VATNumber},
	} {
		if f.a != f.b {
			out = append(out, f.name)
		}
	}
	return out
}
