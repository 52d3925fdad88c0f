package rules_test

import (
	"testing"

	"github.com/go-playground/validator/v10"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

func TestNames(t *testing.T) {
	named := func(first, last string) mip.Snapshot {
		return changed(func(s *mip.Snapshot) { s.Order.ShipTo.FirstName, s.Order.ShipTo.LastName = first, last })
	}
	t.Run("one name is enough for most", func(t *testing.T) {
		assert.Empty(t, check(named("Ana", ""), rules.Name()))
		assert.Empty(t, check(named("", "Prueba"), rules.Name()))
		assert.Equal(t, []string{"address.name_missing shipTo.lastName"}, at(check(named(" ", ""), rules.Name())))
	})
	t.Run("bigbuy wants both, and a whole name in one field can be split", func(t *testing.T) {
		assert.Empty(t, check(named("Ana", "Prueba"), rules.FullName()))
		want := map[string]string{"shipTo.firstName": "Ana Maria", "shipTo.lastName": "Prueba"}
		for _, s := range []mip.Snapshot{named("Ana  Maria Prueba", ""), named("", "Ana Maria Prueba ")} {
			assert.Equal(t, want, one(t, s, rules.FullName()).Suggestion)
		}
		assert.Nil(t, one(t, named("Ana", " "), rules.FullName()).Suggestion)
		assert.Equal(t, []string{"address.name_missing shipTo.lastName", "address.name_missing shipTo.firstName"},
			at(check(named("", ""), rules.FullName())))
	})
}

func phoned(country, phone string) mip.Snapshot {
	return changed(func(s *mip.Snapshot) { s.Order.ShipTo.Country, s.Order.ShipTo.Phone = country, phone })
}

func TestPhone(t *testing.T) {
	t.Run("white space is missing", func(t *testing.T) {
		f := one(t, phoned("ES", " \t"), rules.PhonePresent())
		assert.Equal(t, "contact.phone_missing", f.Code)
		assert.Equal(t, mip.Blocking, f.Severity)
		assert.Empty(t, check(phoned("ES", ""), rules.PhonePlausible()), "reported once")
	})
	t.Run("numbers that can be dialled pass", func(t *testing.T) {
		for _, p := range []string{"600000000", "+34 612 345 678", "0034612345678", "(030) 901820", "030/901820", "+1 415-419-8616 ext. 83739",
			"+1 4154198616x12", "612.345.678", "123123123", "+352 621 123", "+49 30\u00a0901820", "+34600000000"} {
			assert.Empty(t, check(phoned("ES", p), rules.PhonePlausible()), p)
		}
	})
	t.Run("placeholders and what cannot be dialled do not", func(t *testing.T) {
		for _, p := range []string{"000000000", "0", "1111111111", "+34 000 000 000", "0034999999999", "123456789", "1234567890", "0123456789",
			"12345", "n/a", "none", "-", "1234567890123456", "call me", "+34 6l2345678", "٦١٢٣٤٥٦٧٨"} {
			f := one(t, phoned("ES", p), rules.PhonePlausible())
			assert.Equal(t, "contact.phone_invalid", f.Code, p)
			assert.NotContains(t, f.Params, p)
		}
	})
	t.Run("a shop's own placeholder can be named", func(t *testing.T) {
		rule := rules.PhonePlausible("+34 612-345-678", "not a number")
		assert.Len(t, check(phoned("ES", "+34612345678"), rule), 1)
		assert.Empty(t, check(phoned("ES", "+34612345679"), rule))
	})
}

func TestEmail(t *testing.T) {
	mailed := func(email string) mip.Snapshot {
		return changed(func(s *mip.Snapshot) { s.Order.ShipTo.Email = email })
	}
	t.Run("white space is missing", func(t *testing.T) {
		assert.Equal(t, "contact.email_missing", one(t, mailed(" "), rules.EmailPresent()).Code)
		assert.Empty(t, check(mailed(""), rules.EmailValid()), "reported once")
	})
	t.Run("relays of marketplaces pass", func(t *testing.T) {
		for _, e := range []string{"x7fk2+A1B2@marketplace.amazon.de", "abc-123@members.ebay.com", " ana@example.test "} {
			assert.Empty(t, check(mailed(e), rules.EmailValid()), e)
			assert.Empty(t, check(mailed(e), rules.Anonymised()), e)
		}
	})
	t.Run("what is none is held", func(t *testing.T) {
		for _, e := range []string{"ana", "ana@", "@example.test", "ana@example", "a b@example.test", "ana@@example.test", "ana@exa mple.test"} {
			assert.Len(t, check(mailed(e), rules.EmailValid()), 1, e)
		}
	})
	t.Run("the fast way agrees with the validator", func(t *testing.T) {
		v := validator.New(validator.WithRequiredStructEnabled())
		part := rapid.StringOfN(rapid.RuneFrom([]rune("aZ09._+-@ü\"")), 1, 6, -1)
		rapid.Check(t, func(rt *rapid.T) {
			email := part.Draw(rt, "local") + rapid.SampledFrom([]string{"@", "", "."}).Draw(rt, "at") + part.Draw(rt, "domain") +
				rapid.SampledFrom([]string{".com", ".c", ".c0m", ".", "", ".TEST"}).Draw(rt, "top")
			require.Equal(rt, v.Var(email, "email") == nil, len(check(mailed(email), rules.EmailValid())) == 0, email)
		})
	})
}

func TestAnonymised(t *testing.T) {
	cases := map[string]struct {
		change func(a *mip.Address)
		path   string
	}{
		"asterisks":                 {func(a *mip.Address) { a.LastName = "P*****" }, "shipTo.lastName"},
		"a row of x":                {func(a *mip.Address) { a.Line1 = "XXXXXX" }, "shipTo.line1"},
		"WordPress's eraser":        {func(a *mip.Address) { a.FirstName, a.Email = "[deleted]", "deleted@site.invalid" }, "shipTo.firstName"},
		"an address that cannot be": {func(a *mip.Address) { a.Email = "x@Site.INVALID" }, "shipTo.email"},
		"a word in German":          {func(a *mip.Address) { a.City = "Gelöscht" }, "shipTo.city"},
		"a masked phone":            {func(a *mip.Address) { a.Phone = "+34 6** *** ***" }, "shipTo.phone"},
		"bullets":                   {func(a *mip.Address) { a.FirstName = "A•••" }, "shipTo.firstName"},
		"not: names with an x":      {func(a *mip.Address) { a.FirstName, a.LastName = "Xx", "Marx" }, ""},
		"not: a street with a word": {func(a *mip.Address) { a.Line1 = "Redacted Road 5" }, ""},
		"not: the example domain":   {func(a *mip.Address) { a.Email = "ana@example.com" }, ""},
		"not: a single asterisk":    {func(a *mip.Address) { a.Line1 = "Calle Mayor 5 *" }, ""},
		"not: nothing at all (that is for other rules)": {func(a *mip.Address) { *a = mip.Address{} }, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			found := check(changed(func(s *mip.Snapshot) { c.change(&s.Order.ShipTo) }), rules.Anonymised())
			if c.path == "" {
				assert.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			assert.Equal(t, c.path, found[0].Path)
			assert.Equal(t, mip.Blocking, found[0].Severity)
		})
	}
}
