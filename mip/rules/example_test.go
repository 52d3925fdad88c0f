package rules_test

import (
	"fmt"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

// An embedder's set: the standard rules for BigBuy, stricter in one point,
// laxer in another, with a rule of its own.
func Example() {
	noGlass := mip.Rule{
		Code: "acme.no_glass_abroad",
		Doc:  "Glass is not sent abroad.",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			for i, l := range s.Order.Lines {
				if l.SKU == "S0000009" && s.Order.ShipTo.Country != "ES" {
					report(mip.Finding{Path: fmt.Sprintf("lines[%d].sku", i)})
				}
			}
		},
	}
	set := rules.With(rules.BigBuy(), rules.MaximumPrice(mip.EUR(250_00)), noGlass)
	set = rules.Without(set, rules.CodePickupUnsupported)

	s := clean()
	s.Order.ShipTo.Country, s.Order.ShipTo.Postcode = "DE", "D-10115"
	s.Order.Lines[0].SKU = "S0000009"
	for _, f := range mip.Evaluate(s, set) {
		fmt.Println(f.Code, f.Path, f.Suggestion)
	}
	// Output:
	// address.postcode_format shipTo.postcode map[shipTo.postcode:10115]
	// acme.no_glass_abroad lines[0].sku map[]
}

// A street that is too long comes with a proposal that fits.
func ExampleAddressLength() {
	s := clean()
	s.Order.ShipTo.Line1 = "Avenida de la Constitución de los Reyes Católicos 128"
	s.Order.ShipTo.Line2 = "Escalera B, Puerta 3"

	for _, f := range mip.Evaluate(s, []mip.Rule{rules.AddressLength(70)}) {
		fmt.Println(f.Code, f.Params["length"], "of", f.Params["limit"])
		fmt.Println(f.Suggestion["shipTo.line1"])
		fmt.Println(f.Suggestion["shipTo.line2"])
	}
	// Output:
	// address.too_long 75 of 70
	// Av. de la Constitución de los Reyes Católicos 128
	// Esc. B, Puerta 3
}

// What a code means, and what to do about it.
func ExampleLookup() {
	info, _ := rules.Lookup("contact.phone_missing")
	fmt.Println(info.Doc)
	fmt.Println(info.Fix)
	// Output:
	// The telephone number is missing.
	// Add the buyer's number.
}

func ExampleMargin() {
	s := clean()
	s.Quote.Total = mip.EUR(60_00) // the buyer paid 55.00
	for _, f := range mip.Evaluate(s, []mip.Rule{rules.Margin(rules.MarginConfig{})}) {
		fmt.Println(f.Code, f.Severity, f.Params["paid"], "<", f.Params["cost"], f.Params["currency"])
	}
	// Output:
	// price.below_wholesale overridable 55.00 < 60.00 EUR
}
