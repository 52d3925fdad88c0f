package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-playground/validator/v10"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest/benchtest"
	"github.com/openmip/openmip/mip/rules"
)

// fiveLines is the clean snapshot with five lines.
func fiveLines() mip.Snapshot {
	return changed(func(s *mip.Snapshot) {
		s.Order.Lines = nil
		for i := range 5 {
			sku := fmt.Sprintf("S000000%d", i+1)
			s.Order.Lines = append(s.Order.Lines, mip.Line{ID: fmt.Sprint(i + 1), SKU: sku, Title: "Lamp", Quantity: 1, Total: mip.EUR(10_00)})
			s.Catalogue[sku] = mip.Product{SKU: sku, Known: true, Active: true, Stock: 10}
		}
	})
}

// dirty is the same order as it comes from a careless buyer: a telephone
// number that is none, a postcode of another country, a line without SKU, an
// address too long.
func dirty() mip.Snapshot {
	s := fiveLines()
	s.Order.ShipTo.Phone = "000000000"
	s.Order.ShipTo.Postcode = "1012 JS"
	s.Order.ShipTo.Line1 = "Avenida de la Constitución de la República Española, Urbanización Los Rosales, 5"
	s.Order.Lines[2].SKU = " "
	return s
}

// tagged is the order's struct as one would check it with validator/v10
// alone: what tags can say, which is shape and lengths, and nothing about
// placeholders, countries' postcodes, anonymised buyers, stock or money.
type tagged struct {
	ShipTo struct {
		FirstName string `validate:"required,max=255"`
		LastName  string `validate:"required,max=255"`
		Company   string `validate:"max=255"`
		Line1     string `validate:"required,max=70"`
		City      string `validate:"required,max=255"`
		Postcode  string `validate:"required,max=255"`
		Country   string `validate:"required,iso3166_1_alpha2"`
		Phone     string `validate:"required,min=6,max=255"`
		Email     string `validate:"required,email,max=255"`
	}
	Lines []taggedLine `validate:"min=1,dive"`
}

type taggedLine struct {
	ID        string `validate:"required"`
	SKU       string `validate:"required"`
	Quantity  int    `validate:"gt=0"`
	Cancelled int    `validate:"gte=0"`
}

func tag(o mip.Order) *tagged {
	var t tagged
	a := &t.ShipTo
	a.FirstName, a.LastName, a.Company, a.Line1, a.City = o.ShipTo.FirstName, o.ShipTo.LastName, o.ShipTo.Company, o.ShipTo.Street(), o.ShipTo.City
	a.Postcode, a.Country, a.Phone, a.Email = o.ShipTo.Postcode, o.ShipTo.Country, o.ShipTo.Phone, o.ShipTo.Email
	for _, l := range o.Lines {
		t.Lines = append(t.Lines, taggedLine{l.ID, strings.TrimSpace(l.SKU), l.Quantity, l.Cancelled})
	}
	return &t
}

func digitsIn(s string) (n int) {
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

// byHand is the floor: the same questions about an order to Spain as
// rules.Default asks about one to anywhere, in one function that stops at the
// first no and cannot say more than that.
func byHand(s *mip.Snapshot) bool {
	o, a := &s.Order, &s.Order.ShipTo
	blank := func(v string) bool { return strings.TrimSpace(v) == "" }
	if o.Demand != mip.DemandShip || len(o.Defects) > 0 || o.PickupPoint != "" || len(o.Lines) == 0 {
		return false
	}
	if blank(a.FirstName) && blank(a.LastName) || blank(a.Line1) || blank(a.City) || a.Country != "ES" || len(a.Line1)+len(a.Line2)+2 > 70 {
		return false
	}
	for _, v := range []string{a.FirstName, a.LastName, a.Company, a.City, a.Province, a.Phone, a.Email, a.VATNumber} {
		if len(v) > 255 || strings.Contains(v, "***") || strings.EqualFold(v, "deleted") {
			return false
		}
	}
	if len(a.Postcode) != 5 || digitsIn(a.Postcode) != 5 || strings.HasPrefix(a.Postcode, "35") || strings.HasPrefix(a.Postcode, "38") ||
		strings.HasPrefix(a.Postcode, "51") || strings.HasPrefix(a.Postcode, "52") {
		return false
	}
	at, dot := strings.IndexByte(a.Email, '@'), strings.LastIndexByte(a.Email, '.')
	if at < 1 || dot < at+2 || dot == len(a.Email)-1 || strings.ContainsAny(a.Email, " ,;<>()") {
		return false
	}
	digits := digitsIn(a.Phone)
	if digits < 6 || digits > 15 || strings.Trim(a.Phone, a.Phone[:1]) == "" {
		return false
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		p := s.Catalogue[l.SKU]
		if blank(l.ID) || blank(l.SKU) || l.Quantity <= 0 || l.Foreign || !p.Known || !p.Active || p.Variants || p.Stock >= 0 && p.Stock < l.Quantity {
			return false
		}
		for j := range i {
			if o.Lines[j].ID == l.ID {
				return false
			}
		}
	}
	covered, err := o.Total.Cmp(s.Quote.Total)
	if err != nil || covered < 0 {
		return false
	}
	enough, err := s.Funds.Available.Cmp(s.Quote.Total)
	return err == nil && enough >= 0
}

var (
	findings []mip.Finding
	verdict  bool
	faults   error
)

// BenchmarkOrder runs a whole standard set on an order of five lines.
func BenchmarkOrder(b *testing.B) {
	check := validator.New(validator.WithRequiredStructEnabled())
	for _, c := range []struct {
		name string
		s    mip.Snapshot
		set  []mip.Rule
		want int
	}{
		{"clean/default", fiveLines(), rules.Default(), 0},
		{"clean/bigbuy", fiveLines(), rules.BigBuy(), 0},
		{"dirty/default", dirty(), rules.Default(), 4},
	} {
		b.Run(c.name, func(b *testing.B) {
			t := tag(c.s.Order)
			peers := []benchtest.Peer{{Name: "validator", Do: func() { faults = check.Struct(t) }}}
			if verdict = byHand(&c.s); verdict { // else it does not look at the rest
				peers = append(peers, benchtest.Peer{Name: "floor", Do: func() { verdict = byHand(&c.s) }})
			}
			benchtest.Compare(b, func() { findings = mip.Evaluate(c.s, c.set) }, peers...)
			require.Len(b, findings, c.want)
			require.Equal(b, c.want == 0, verdict)
			require.Equal(b, c.want == 0, faults == nil)
		})
	}
}

func TestACleanOrderCostsLittle(t *testing.T) {
	s := fiveLines()
	for _, set := range [][]mip.Rule{rules.Default(), rules.BigBuy()} {
		assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { mip.Evaluate(s, set) }), 2.0, "a whole set")
	}
	for _, r := range rules.Without(every(), rules.CodeBelowWholesale, mip.CodeInsufficientFunds, rules.CodeBelowMinimum, rules.CodeAboveMaximum) {
		allocs := testing.AllocsPerRun(100, func() { r.Check(s, func(mip.Finding) {}) })
		assert.LessOrEqual(t, allocs, 2.0, "%s allocates on a clean order", r.Code)
	}
}
