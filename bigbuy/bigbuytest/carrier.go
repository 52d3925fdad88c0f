package bigbuytest

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
)

// Carrier is a carrier with its services.
type Carrier struct {
	ID       string // as in tracking/carriers
	Name     string
	Services []Service
}

// Service is one shipping service.
type Service struct {
	ID         string
	Name       string // in lower case, what an order names in "carriers"
	Delay      string // "24 h", "1-2 days"
	Transport  string // "van"; empty = left out
	Cost       mip.Money
	Countries  []string // ISO 3166-1 alpha-2; empty = all that BigBuy serves
	NameMisses bool     // serviceName is missing in shipping/orders
}

// Carriers returns the carriers of a server whose [Config] names none. A
// service costs its price, without tax, up to 2 kg, and €2.00 for every
// further kilogram begun. The cheapest to Spain is Chrono for €4.00, to
// everywhere else Standard Shipment for €8.58.
func Carriers() []Carrier {
	return []Carrier{
		{"3", "Chrono", []Service{{ID: "43", Name: "Chrono", Delay: "24 h", Transport: "van", Cost: mip.EUR(4_00), Countries: []string{"ES", "PT"}}}},
		{"7", "GLS", []Service{{ID: "180", Name: "GLS", Delay: "4-6 days", Transport: "van", Cost: mip.EUR(9_68)}}},
		{"9", "Seur", []Service{{ID: "91", Name: "SEUR", Delay: "48 h", Transport: "van", Cost: mip.EUR(10_25)}}},
		{"11", "DHL", []Service{{ID: "112", Name: "DHL", Delay: "1-2 days", Transport: "plane", Cost: mip.EUR(15_90)}}},
		{"12", "Standard", []Service{{ID: "120", Name: "Standard Shipment", Delay: "5-7 days", Cost: mip.EUR(8_58), NameMisses: true}}},
	}
}

// offer is a service at its price for one parcel, without tax.
type offer struct {
	Service
	carrier string // its id
	cost    decimal.Decimal
}

// offers lists the services to a country, cheapest first. allowed names
// carriers or services by name or id; empty = all.
func (s *Server) offers(to string, grams int, allowed []string) []offer {
	if countryOf(to) == nil {
		return nil
	}
	var out []offer
	for _, c := range s.carriers {
		for _, v := range c.Services {
			if len(v.Countries) > 0 && !slices.Contains(v.Countries, to) {
				continue
			}
			if len(allowed) > 0 && !v.among(allowed, c) {
				continue
			}
			out = append(out, offer{v, c.ID, euros(v.Cost).Add(surcharge(grams))})
		}
	}
	slices.SortStableFunc(out, func(a, b offer) int { return a.cost.Cmp(b.cost) })
	return out
}

func (v Service) among(allowed []string, c Carrier) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		return a == v.ID || plainName(a) == plainName(v.Name) || plainName(a) == plainName(c.Name)
	})
}

// plainName forgives case and spaces: "correos international".
func plainName(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }

func kilograms(grams int) decimal.Decimal { return decimal.New(int64(grams), -3) }

func surcharge(grams int) decimal.Decimal {
	extra := max(0, grams-2000)
	return decimal.NewFromInt(int64((extra + 999) / 1000 * 2))
}
