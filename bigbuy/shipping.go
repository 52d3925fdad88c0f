package bigbuy

import (
	"context"

	"github.com/openmip/openmip/mip/rest"
)

const (
	pathCarriers    = "shipping/carriers.json"
	pathShipping    = "shipping/orders.json"
	pathLowestCost  = "shipping/lowest-shipping-cost-by-country.json"
	pathLowestCosts = "shipping/lowest-shipping-costs-by-country/{country}.json"
)

// ShippingCarrier is a carrier with its services.
type ShippingCarrier struct {
	ID       Text                  `json:"id"`
	Name     Text                  `json:"name"`
	Services List[ShippingService] `json:"shippingServices"`
}

// ShippingService is one way of shipping. Its name in lower case is what an
// order's carriers list takes.
type ShippingService struct {
	ID              Text `json:"id"`
	Name            Text `json:"name"`
	ServiceName     Text `json:"serviceName"` // for people; may be missing
	Delay           Text `json:"delay"`       // "24 h", "1-2 days"
	TransportMethod Text `json:"transportMethod"`
	CashOnDelivery  Flag `json:"pod"`
}

// ShippingOption is a service with what it costs for a basket. BigBuy does not
// say whether tax is in it.
type ShippingOption struct {
	Service ShippingService `json:"shippingService"`
	Cost    Euro            `json:"cost"`
	Weight  Text            `json:"weight"` // kg
}

// LowestCost is the cheapest shipping of one product to a country.
type LowestCost struct {
	Reference   Text `json:"reference"`
	Cost        Euro `json:"cost"` // zero value = cannot be shipped there
	CarrierID   Text `json:"carrierId"`
	CarrierName Text `json:"carrierName"`
	// An older form of the same.
	ShippingCost Euro         `json:"shippingCost"`
	Carrier      Maybe[Named] `json:"carrier"`
}

// Normal returns l with the newer fields filled.
func (l LowestCost) Normal() LowestCost {
	if l.Cost.Currency() == "" {
		l.Cost = l.ShippingCost
	}
	if l.CarrierID == "" && l.Carrier.Set {
		l.CarrierID, l.CarrierName = l.Carrier.Value.ID, l.Carrier.Value.Name
	}
	return l
}

// Carriers lists all carriers with their services.
func (c *Client) Carriers(ctx context.Context) ([]ShippingCarrier, error) {
	var out List[ShippingCarrier]
	err := c.get(ctx, pathCarriers, nil, &out)
	return out, err
}

// ShippingOptions lists the services for a basket from one warehouse. None is
// [mip.ErrNotFound]; several warehouses are an [*Error] with Warehouses.
func (c *Client) ShippingOptions(ctx context.Context, country, postcode string, lines []OrderLine) ([]ShippingOption, error) {
	type delivery struct {
		Country  string `json:"isoCountry"`
		Postcode string `json:"postcode"`
	}
	type order struct {
		Delivery delivery    `json:"delivery"`
		Products []OrderLine `json:"products"`
	}
	body := struct {
		Order order `json:"order"`
	}{order{delivery{country, postcode}, lines}}
	var out Maybe[struct {
		Options List[ShippingOption] `json:"shippingOptions"`
	}]
	err := c.ask(ctx, pathShipping, body, &out)
	return out.Value.Options, err
}

// LowestCost returns the cheapest shipping of one piece to a country.
func (c *Client) LowestCost(ctx context.Context, sku, country string) (LowestCost, error) {
	type product struct {
		Reference string `json:"reference"`
		Country   string `json:"countryIsoCode"`
	}
	body := struct {
		Product product `json:"product_country"`
	}{product{sku, country}}
	var out LowestCost
	err := c.ask(ctx, pathLowestCost, body, &out)
	return out.Normal(), err
}

// LowestCosts returns the cheapest shipping of the whole catalogue to a
// country: some hundred thousand rows, 26 MB, in one answer.
func (c *Client) LowestCosts(ctx context.Context, country string) ([]LowestCost, error) {
	var out List[LowestCost]
	err := c.get(ctx, pathLowestCosts, rest.Vars{"country": country}, &out)
	for i := range out {
		out[i] = out[i].Normal()
	}
	return out, err
}
