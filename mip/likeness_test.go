package mip_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip"
)

func TestOrdersThatMayBeOneAreAlike(t *testing.T) {
	order := func(change func(o *mip.Order)) mip.Order {
		o := mip.Order{Facts: fiveLines(mip.Ref{Channel: "shop", ID: "1"}, noon)}
		change(&o)
		return o
	}
	first := order(func(*mip.Order) {})
	assert.NotZero(t, first.Likeness())
	for claim, o := range map[string]mip.Order{
		"another channel":          order(func(o *mip.Order) { o.Ref, o.Number = mip.Ref{Channel: "new", ID: "77"}, "77" }),
		"other case":               order(func(o *mip.Order) { o.ShipTo.LastName, o.ShipTo.Email = "PRUEBA", "Ana@Example.test" }),
		"other spaces and commas":  order(func(o *mip.Order) { o.ShipTo.Line1 = " Calle  Mayor,5 " }),
		"the lines in other order": order(func(o *mip.Order) { o.Lines[0], o.Lines[4] = o.Lines[4], o.Lines[0] }),
		"pieces on two lines": order(func(o *mip.Order) {
			o.Lines[0].Quantity = 1
			o.Lines = append(o.Lines, mip.Line{ID: "6", SKU: o.Lines[0].SKU, Quantity: 1})
		}),
		"a foreign line": order(func(o *mip.Order) {
			o.Lines = append(o.Lines, mip.Line{ID: "6", SKU: "X", Quantity: 1, Foreign: true})
		}),
		"pieces that were taken back since": order(func(o *mip.Order) { o.Lines[0].Cancelled, o.Lines[1].Cancelled = 1, 2 }),
		"another price, another phone":      order(func(o *mip.Order) { o.Total, o.ShipTo.Phone = mip.EUR(1), "" }),
	} {
		assert.Equal(t, first.Likeness(), o.Likeness(), claim)
	}
	for claim, o := range map[string]mip.Order{
		"more pieces":            order(func(o *mip.Order) { o.Lines[2].Quantity++ }),
		"other goods":            order(func(o *mip.Order) { o.Lines[2].SKU = "S9" }),
		"another person":         order(func(o *mip.Order) { o.ShipTo.FirstName = "Eva" }),
		"another mailbox":        order(func(o *mip.Order) { o.ShipTo.Email = "eva@example.test" }),
		"another house":          order(func(o *mip.Order) { o.ShipTo.Line1 = "Calle Mayor 51" }),
		"a digit moved":          order(func(o *mip.Order) { o.ShipTo.Line2, o.ShipTo.Postcode = "3º B 2", "8013" }),
		"another country":        order(func(o *mip.Order) { o.ShipTo.Country = "PT" }),
		"one of its lines alone": order(func(o *mip.Order) { o.Lines = o.Lines[:1] }),
	} {
		assert.NotEqual(t, first.Likeness(), o.Likeness(), claim)
	}
	for claim, o := range map[string]mip.Order{
		"nothing":           {},
		"no street":         order(func(o *mip.Order) { o.ShipTo.Line1, o.ShipTo.Line2 = " ", "" }),
		"nothing to buy":    order(func(o *mip.Order) { o.Lines = nil }),
		"an erased address": order(func(o *mip.Order) { o.ShipTo = mip.Address{Country: "ES"} }),
	} {
		assert.Zero(t, o.Likeness(), claim)
	}
}
