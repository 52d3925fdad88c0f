package shopifytest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// queries are the fields of a query.
func (x *execution) queries() object {
	denied := resolver(func(map[string]any) any {
		return refusal{"ACCESS_DENIED", "Access denied. Required access: `read_orders`"}
	})
	var scopes []object
	for _, h := range x.cfg.Scopes {
		scopes = append(scopes, object{"handle": h, "description": h})
	}
	root := object{
		"currentAppInstallation": object{"accessScopes": scopes},
		"fulfillmentOrders":      resolver(x.listRoutes),
		"orders":                 resolver(x.listOrders),
		"order": resolver(func(args map[string]any) any {
			if o := x.orders[number("Order", args["id"])]; o != nil && x.sees(o) {
				return x.order(o)
			}
			return nil
		}),
		"node": resolver(func(args map[string]any) any { return x.node(args["id"]) }),
		"shop": object{"name": "Shop", "myshopifyDomain": x.host()},
	}
	if !x.may("read_orders") {
		root["orders"], root["order"] = denied, denied
	}
	return root
}

// sees: older orders are left out without a word.
func (s *Server) sees(o *Order) bool {
	return slices.Contains(s.cfg.Scopes, "read_all_orders") || s.now().Sub(o.Created) < 60*24*time.Hour
}

func (x *execution) listOrders(args map[string]any) any {
	query, _ := args["query"].(string)
	sort, _ := args["sortKey"].(string)
	var rows []row
	for _, o := range x.orders {
		at := o.Updated
		if now := x.now(); !now.Before(at) && now.Before(at.Add(x.cfg.Lag)) {
			at = o.before // the index is behind
		}
		words := map[string]string{"financial_status": o.Financial, "tag": strings.Join(o.Tags, ","), "test": strconv.FormatBool(o.Test)}
		if !at.IsZero() && x.sees(o) && matches(query, words, map[string]time.Time{"updated_at": at, "created_at": o.Created}) {
			r := row{id: o.ID, show: func() object { return x.order(o) }}
			switch sort {
			case "UPDATED_AT":
				r.at = at
			case "CREATED_AT", "PROCESSED_AT", "":
				r.at = o.Created
			}
			rows = append(rows, r)
		}
	}
	return connection("orders|"+query+"|"+sort, x.cfg.Deep, rows)(args)
}

func (x *execution) listRoutes(args map[string]any) any {
	query, _ := args["query"].(string)
	sort, _ := args["sortKey"].(string)
	closed, _ := args["includeClosed"].(bool)
	var rows []row
	for _, o := range x.orders {
		for _, r := range o.Routes {
			if !x.mayRoute("read") || r.Status == "CLOSED" && !closed || !x.sees(o) ||
				!matches(query, map[string]string{"status": r.Status}, map[string]time.Time{"updated_at": r.Updated}) {
				continue
			}
			w := row{id: r.ID, show: func() object { return x.route(o, r) }}
			if sort == "UPDATED_AT" {
				w.at = r.Updated
			}
			rows = append(rows, w)
		}
	}
	return connection("fulfillmentOrders|"+query+"|"+sort, x.cfg.Deep, rows)(args)
}

// node finds a fulfillment order or a fulfillment.
func (x *execution) node(id any) any {
	for _, o := range x.orders {
		for _, r := range o.Routes {
			if gid("FulfillmentOrder", r.ID) == id && x.mayRoute("read") {
				return x.route(o, r)
			}
		}
		for _, sh := range o.Shipments {
			if gid("Fulfillment", sh.ID) == id {
				return o.shipment(sh)
			}
		}
	}
	return nil
}
