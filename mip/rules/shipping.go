package rules

import (
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

// Carriers checks that at least one of the carrier services a person chose is
// one the supplier knows; names are compared without regard to case. Without a
// choice it passes: any carrier may do, and whether one does is the supplier's
// answer to the check. Its code is [CodeNoCarrier].
func Carriers(names ...string) mip.Rule {
	known := folded(names)
	return mip.Rule{
		Code:  CodeNoCarrier,
		Doc:   "A carrier service that a person chose is one the supplier has.",
		Limit: strings.Join(names, ", "),
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			chosen := s.Order.Shipping
			if len(chosen) == 0 || told(&s, CodeNoCarrier) || slices.ContainsFunc(chosen, func(c string) bool { return known[fold(c)] }) {
				return
			}
			f := finding(CodeNoCarrier, "shipping")
			f.Params = map[string]string{"service": strings.Join(chosen, ", ")}
			report(f)
		},
	}
}

// Services checks that the shipping service the buyer chose, in the channel's
// words, is one of those that may go with any carrier ("Standard"), so that
// nobody who paid for express gets the slowest parcel unnoticed. A person who
// has chosen a carrier has answered the question. Its code is
// [CodeServiceUnmapped]; a person may let it pass.
func Services(ordinary ...string) mip.Rule {
	known := folded(ordinary)
	return mip.Rule{
		Code:  CodeServiceUnmapped,
		Doc:   "The shipping service a buyer paid for is one that any carrier provides.",
		Limit: strings.Join(ordinary, ", "),
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			service := s.Order.Service
			if blank(service) || len(s.Order.Shipping) > 0 || known[fold(service)] {
				return
			}
			f := judged(CodeServiceUnmapped, "service", service)
			f.Params = map[string]string{"service": service}
			report(f)
		},
	}
}

// PickupPoint checks that the parcel goes to an address and not to a parcel
// shop: BigBuy has no field for one. A person who has made the address one to
// which a parcel can be carried may let it pass. Its code is
// [CodePickupUnsupported].
func PickupPoint() mip.Rule {
	return mip.Rule{
		Code: CodePickupUnsupported,
		Doc:  "A parcel goes to an address, not to a pick-up point.",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			if !blank(s.Order.PickupPoint) {
				a := s.Order.ShipTo
				report(judged(CodePickupUnsupported, "pickupPoint", s.Order.PickupPoint, a.Street(), a.Postcode, a.City))
			}
		},
	}
}

func folded(names []string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[fold(n)] = true
	}
	return out
}

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
