package shopifytest

import (
	"strconv"
	"strings"
	"time"
)

func gid(kind string, id int64) string {
	return "gid://shopify/" + kind + "/" + strconv.FormatInt(id, 10)
}

// number reads the number in a global id, 0 if there is none.
func number(kind string, v any) int64 {
	text, _ := v.(string)
	n, _ := strconv.ParseInt(strings.TrimPrefix(text, "gid://shopify/"+kind+"/"), 10, 64)
	return n
}

func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

// orNull is text, or null for none.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// money is an amount in the shop's currency and, for who pays in another one,
// in that.
func money(amount, currency string) object {
	m := object{"__typename": "MoneyV2", "amount": amount, "currencyCode": currency}
	return object{"__typename": "MoneyBag", "shopMoney": m, "presentmentMoney": m}
}

func taxes(amount, currency string) []object {
	if amount == "" {
		return []object{}
	}
	return []object{{"title": "VAT", "priceSet": money(amount, currency)}}
}

// order renders an order, as far as the app may see it.
func (s *Server) order(o *Order) object {
	protected := func(v any) any {
		switch s.cfg.Buyers {
		case Nulled:
			return nil
		case Denied:
			return resolver(func(map[string]any) any {
				return refusal{"ACCESS_DENIED", "This app is not approved to access the field."}
			})
		}
		return v
	}
	var lines, shipping []object
	needs := false
	for _, l := range o.Lines {
		lines = append(lines, o.lineItem(l))
		needs = needs || !l.Digital
	}
	for _, l := range o.Shipping {
		shipping = append(shipping, object{"title": l.Title, "isRemoved": l.Removed, "discountedPriceSet": money(l.Price, o.Currency),
			"originalPriceSet": money(l.Price, o.Currency), "taxLines": taxes(l.Tax, o.Currency)})
	}
	var address any
	if o.ShipTo != nil {
		address = o.ShipTo.render()
	}
	out := object{
		"__typename": "Order", "id": gid("Order", o.ID), "legacyResourceId": strconv.FormatInt(o.ID, 10), "name": o.Name,
		"createdAt": instant(o.Created), "processedAt": instant(o.Created), "updatedAt": instant(o.Updated), "cancelledAt": instant(o.Cancelled),
		"cancelReason": orNull(o.CancelReason), "closedAt": instant(o.Closed), "test": o.Test, "confirmed": true, "requiresShipping": needs,
		"taxesIncluded": !o.NetPrices, "currencyCode": o.Currency, "presentmentCurrencyCode": o.Currency, "tags": o.Tags,
		"displayFinancialStatus": orNull(o.Financial), "displayFulfillmentStatus": o.fulfillment(),
		"email": protected(orNull(o.Email)), "phone": protected(orNull(o.Phone)), "note": orNull(o.Note),
		"totalPriceSet": money(o.total(), o.Currency), "shippingAddress": protected(address),
		"shippingLines":     nested("shippingLines", shipping),
		"lineItems":         nested("lineItems", lines),
		"fulfillmentOrders": nested("fulfillmentOrders", s.routes(o)),
		"fulfillments": resolver(func(args map[string]any) any {
			all := s.shipments(o)
			if first, ok := whole(args["first"]); ok {
				all = all[:min(first, len(all))]
			}
			return all
		}),
		"metafield": resolver(func(args map[string]any) any {
			key, _ := args["key"].(string)
			if v, ok := o.Metafields[key]; ok {
				return object{"id": gid("Metafield", o.ID), "key": key, "value": v}
			}
			return nil
		}),
	}
	if o.Edit != nil {
		o.Edit(out)
	}
	return out
}

func (a *Address) render() object {
	return object{"firstName": orNull(a.FirstName), "lastName": orNull(a.LastName), "name": orNull(strings.TrimSpace(a.FirstName + " " + a.LastName)),
		"company": orNull(a.Company), "address1": orNull(a.Address1), "address2": orNull(a.Address2), "city": orNull(a.City),
		"province": orNull(a.Province), "provinceCode": orNull(a.ProvinceCode), "zip": orNull(a.Zip), "countryCodeV2": orNull(a.Country),
		"phone": orNull(a.Phone)}
}

func (o *Order) lineItem(l Line) object {
	discounts := []object{}
	if l.Discount != "" {
		discounts = append(discounts, object{"allocatedAmountSet": money(l.Discount, o.Currency)})
	}
	unfulfilled := 0
	if !o.routed {
		unfulfilled = l.Quantity - l.Removed
	}
	for _, r := range o.Routes {
		for _, rl := range r.Lines {
			if rl.LineID == l.ID {
				unfulfilled += rl.Remaining
			}
		}
	}
	out := object{"__typename": "LineItem", "id": gid("LineItem", l.ID), "name": l.Title, "title": l.Title, "variantTitle": orNull(l.Variant),
		"sku": orNull(l.SKU), "quantity": l.Quantity, "currentQuantity": l.Quantity - l.Removed, "unfulfilledQuantity": unfulfilled,
		"requiresShipping": !l.Digital, "isGiftCard": l.Digital, "originalUnitPriceSet": money(l.Price, o.Currency),
		"originalTotalSet": money(l.original(), o.Currency), "discountAllocations": discounts, "taxLines": taxes(l.Tax, o.Currency)}
	if l.Edit != nil {
		l.Edit(out)
	}
	return out
}

// routes are the fulfillment orders, none for an app without the scopes.
func (s *Server) routes(o *Order) []object {
	out := []object{}
	if !s.mayRoute("read") {
		return out
	}
	for _, r := range o.Routes {
		out = append(out, s.route(o, r))
	}
	return out
}

func (s *Server) route(o *Order, r Route) object {
	actions := []object{}
	switch {
	case r.Foreign:
		actions = append(actions, object{"action": "EXTERNAL"})
	case r.Status == "CLOSED" || r.Status == "CANCELLED" || r.Status == "INCOMPLETE":
	case r.Status == "ON_HOLD":
		actions = append(actions, object{"action": "RELEASE_HOLD"})
	case r.Status == "SCHEDULED":
		actions = append(actions, object{"action": "MARK_AS_OPEN"})
	default:
		actions = append(actions, object{"action": "CREATE_FULFILLMENT"}, object{"action": "HOLD"})
	}
	var lines []object
	for _, l := range r.Lines {
		lines = append(lines, object{"__typename": "FulfillmentOrderLineItem", "id": gid("FulfillmentOrderLineItem", l.ID),
			"remainingQuantity": l.Remaining, "totalQuantity": l.Total, "lineItem": o.lineItem(*o.line(l.LineID))})
	}
	return object{"__typename": "FulfillmentOrder", "id": gid("FulfillmentOrder", r.ID), "status": r.Status, "requestStatus": "UNSUBMITTED",
		"updatedAt": instant(r.Updated), "supportedActions": actions, "orderId": gid("Order", o.ID),
		"order":            resolver(func(map[string]any) any { return s.order(o) }),
		"assignedLocation": object{"name": "Warehouse", "location": object{"id": gid("Location", r.Location)}},
		"lineItems":        nested("lineItems", lines)}
}

func (s *Server) shipments(o *Order) []object {
	out := []object{}
	for _, sh := range o.Shipments {
		out = append(out, o.shipment(sh))
	}
	return out
}

func (o *Order) shipment(sh Shipment) object {
	tracks := []object{}
	for _, t := range sh.Tracks {
		tracks = append(tracks, object{"company": orNull(t.Company), "number": orNull(t.Number), "url": orNull(t.URL)})
	}
	var lines []object
	for _, l := range sh.Lines {
		lines = append(lines, object{"__typename": "FulfillmentLineItem", "quantity": l.Quantity, "lineItem": o.lineItem(*o.line(l.LineID))})
	}
	return object{"__typename": "Fulfillment", "id": gid("Fulfillment", sh.ID), "status": sh.Status,
		"trackingInfo": resolver(func(map[string]any) any { return tracks }), "fulfillmentLineItems": nested("fulfillmentLineItems", lines)}
}
