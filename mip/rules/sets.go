package rules

import (
	"slices"

	"github.com/openmip/openmip/mip"
)

// AddressLimit is the longest street, both lines joined, that BigBuy takes,
// in characters ("This value is too long. It should have 70 characters or
// less.").
const AddressLimit = 70

// Default returns the rules that suit any supplier, in the order in which
// their findings are shown. It asks for a quote, the funds and the catalogue;
// where a supplier has no catalogue, the product rules pass.
func Default() []mip.Rule {
	return append(common(Name()),
		ProductKnown(), ProductActive(), Variation(), Stock(),
		Margin(MarginConfig{}), Funds())
}

// BigBuy returns the rules for the supplier BigBuy. It differs from [Default]
// in two points. First and last name are both required, because BigBuy's
// order form requires both. And the rules that need the catalogue are left
// out: BigBuy's check of the order answers the same questions in one call and
// for the very moment, while its catalogue allows one product per five
// seconds. Append [Stock] and the others where a fresh catalogue is at hand.
func BigBuy() []mip.Rule {
	return append(common(FullName()), Margin(MarginConfig{}), Funds())
}

func common(name mip.Rule) []mip.Rule {
	return []mip.Rule{
		Shape(), NothingToBuy(), Mapped(), ForeignLines(),
		Anonymised(), name,
		AddressLength(AddressLimit), FieldLengths(DefaultLimits()),
		PostcodePresent(), PostcodeFormat(),
		PhonePresent(), PhonePlausible(), EmailPresent(), EmailValid(),
		Export(), ExportInvoice(), PickupPoint(), Duplicate(DuplicateConfig{}),
	}
}

// With returns a copy of set in which each of more takes the place of the
// rule with the same code; where there is none it is appended.
func With(set []mip.Rule, more ...mip.Rule) []mip.Rule {
	out := slices.Clone(set)
	for _, r := range more {
		if i := slices.IndexFunc(out, func(old mip.Rule) bool { return old.Code == r.Code }); i >= 0 {
			out[i] = r
		} else {
			out = append(out, r)
		}
	}
	return out
}

// Without returns a copy of set that lacks the rules with these codes. Codes
// that no rule has are not an error.
func Without(set []mip.Rule, codes ...string) []mip.Rule {
	return slices.DeleteFunc(slices.Clone(set), func(r mip.Rule) bool { return slices.Contains(codes, r.Code) })
}
