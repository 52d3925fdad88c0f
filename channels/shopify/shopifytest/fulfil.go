package shopifytest

import (
	"maps"
	"slices"
	"strings"
)

// linked are carriers for which the shop makes links, spelled as they must be.
var linked = map[string]string{
	"DHL": "https://www.dhl.com/track?n=", "DHL Express": "https://www.dhl.com/express?n=", "GLS": "https://gls-group.eu/track/",
	"SEUR": "https://www.seur.com/track/", "UPS": "https://www.ups.com/track?num=", "Correos": "https://www.correos.es/track/",
	"DPD": "https://www.dpd.com/track/", "BRT": "https://www.brt.it/track/", "Zásilkovna": "https://www.zasilkovna.cz/track/",
}

// tracks reads a FulfillmentTrackingInput.
func tracks(v any) []Track {
	in, _ := v.(map[string]any)
	company, _ := in["company"].(string)
	numbers, urls := texts(in["numbers"]), texts(in["urls"])
	if n, ok := in["number"].(string); ok && len(numbers) == 0 {
		numbers = []string{n}
	}
	if u, ok := in["url"].(string); ok && len(urls) == 0 {
		urls = []string{u}
	}
	var out []Track
	for i, n := range numbers {
		t := Track{Company: company, Number: n}
		if base, known := linked[company]; known {
			t.URL = base + n
		}
		if i < len(urls) {
			t.URL = urls[i]
		}
		out = append(out, t)
	}
	return out
}

// piece is what of one fulfillment order line is to leave.
type piece struct {
	route *Route
	line  *RouteLine
	n     int
}

// createFulfillment is not idempotent: a repetition ships what remains.
func (x *execution) createFulfillment(args map[string]any) object {
	in, _ := args["fulfillment"].(map[string]any)
	var order *Order
	var pieces []piece
	for _, part := range inputs(in["lineItemsByFulfillmentOrder"]) {
		o, r := x.findRoute(part["fulfillmentOrderId"])
		switch {
		case r == nil:
			return userErrors("fulfillment", "Fulfillment order does not exist.")
		case order != nil && o != order:
			return userErrors("fulfillment", "All fulfillment orders must belong to the same order.")
		case len(pieces) > 0 && pieces[0].route.Location != r.Location:
			return userErrors("fulfillment", "All fulfillment orders must be assigned to the same location.")
		case r.Foreign || r.Status != "OPEN" && r.Status != "IN_PROGRESS":
			return userErrors("fulfillment", "Fulfillment order "+gid("FulfillmentOrder", r.ID)+" has an unfulfillable status= "+strings.ToLower(r.Status)+".")
		}
		order = o
		chosen := inputs(part["fulfillmentOrderLineItems"])
		if len(chosen) > 512 {
			return userErrors("fulfillment", "Too many line items.")
		}
		for i := range r.Lines {
			if l := &r.Lines[i]; len(chosen) == 0 && l.Remaining > 0 {
				pieces = append(pieces, piece{r, l, l.Remaining})
			}
		}
		for _, c := range chosen {
			n, _ := whole(c["quantity"])
			at := slices.IndexFunc(r.Lines, func(l RouteLine) bool { return gid("FulfillmentOrderLineItem", l.ID) == c["id"] })
			if at < 0 || n < 1 || n > r.Lines[at].Remaining {
				return userErrors("fulfillment", "Invalid fulfillment order line item quantity requested.")
			}
			pieces = append(pieces, piece{r, &r.Lines[at], n})
		}
	}
	if len(pieces) == 0 {
		return userErrors("fulfillment", "Fulfillment order line items are missing.")
	}
	sh := x.fulfil(order, pieces, tracks(in["trackingInfo"]))
	if notify, _ := in["notifyCustomer"].(bool); notify {
		order.Shipments[len(order.Shipments)-1].Notified++
	}
	return done("fulfillment", order.shipment(sh))
}

// fulfil ships pieces from one location.
func (s *Server) fulfil(o *Order, pieces []piece, t []Track) Shipment {
	sh := Shipment{ID: s.newID(), Location: pieces[0].route.Location, Status: "SUCCESS", Tracks: t}
	for _, p := range pieces {
		p.line.Remaining -= p.n
		sh.Lines = append(sh.Lines, ShipmentLine{LineID: p.line.LineID, Quantity: p.n})
		p.route.Status, p.route.Updated = "IN_PROGRESS", s.now()
		if !slices.ContainsFunc(p.route.Lines, func(l RouteLine) bool { return l.Remaining > 0 }) {
			p.route.Status = "CLOSED"
		}
	}
	o.Shipments = append(o.Shipments, sh)
	s.touch(o, "fulfillments/create", "orders/"+strings.ToLower(o.fulfillment()))
	return sh
}

func (x *execution) updateTracking(args map[string]any) object {
	o, sh := x.findShipment(args["fulfillmentId"])
	if sh == nil || sh.Status == "CANCELLED" {
		return userErrors("fulfillmentId", "Fulfillment does not exist.")
	}
	sh.Tracks = tracks(args["trackingInfoInput"])
	if notify, _ := args["notifyCustomer"].(bool); notify {
		sh.Notified++
	}
	x.touch(o, "fulfillments/update")
	return done("fulfillment", o.shipment(*sh))
}

// cancelFulfillment makes new fulfillment orders of what was shipped.
func (x *execution) cancelFulfillment(args map[string]any) object {
	o, sh := x.findShipment(args["id"])
	if sh == nil || sh.Status == "CANCELLED" {
		return userErrors("id", "Fulfillment does not exist.")
	}
	x.unship(o, sh)
	return done("fulfillment", o.shipment(*sh))
}

func (s *Server) unship(o *Order, sh *Shipment) {
	sh.Status = "CANCELLED"
	r := Route{ID: s.newID(), Location: sh.Location, Status: "OPEN", Updated: s.now()}
	for _, l := range sh.Lines {
		r.Lines = append(r.Lines, RouteLine{ID: s.newID(), LineID: l.LineID, Total: l.Quantity, Remaining: l.Quantity})
	}
	o.Routes = append(o.Routes, r)
	s.touch(o, "fulfillments/update")
}

func (s *Server) findRoute(id any) (*Order, *Route) {
	for _, o := range s.orders {
		for i := range o.Routes {
			if gid("FulfillmentOrder", o.Routes[i].ID) == id {
				return o, &o.Routes[i]
			}
		}
	}
	return nil, nil
}

func (s *Server) findShipment(id any) (*Order, *Shipment) {
	for _, o := range s.orders {
		for i := range o.Shipments {
			if gid("Fulfillment", o.Shipments[i].ID) == id {
				return o, &o.Shipments[i]
			}
		}
	}
	return nil, nil
}

func sortedKeys[V any](m map[int64]V) []int64 { return slices.Sorted(maps.Keys(m)) }
