package shopifytest

import (
	"slices"
	"strings"
	"time"
)

// userErrors is a mutation's answer that refuses.
func userErrors(field, message string) object {
	return object{"fulfillment": nil, "metafields": nil, "job": nil, "node": nil,
		"userErrors":            []object{{"field": []string{field}, "message": message, "code": "INVALID"}},
		"orderCancelUserErrors": []object{{"field": []string{field}, "message": message, "code": "INVALID"}}}
}

// done is a mutation's answer that names what was written.
func done(name string, v any) object {
	return object{name: v, "userErrors": []object{}, "orderCancelUserErrors": []object{}}
}

// mutations are the fields of a mutation. Each is carried out when it is asked
// for; directives such as @idempotent change nothing here.
func (x *execution) mutations() object {
	guard := func(allowed bool, f func(map[string]any) object) resolver {
		return func(args map[string]any) any {
			if !allowed {
				return refusal{"ACCESS_DENIED", "Access denied."}
			}
			return f(args)
		}
	}
	orders, routes := x.may("write_orders"), x.mayRoute("write")
	return object{
		"fulfillmentCreate":             guard(routes, x.createFulfillment),
		"fulfillmentTrackingInfoUpdate": guard(routes, x.updateTracking),
		"fulfillmentCancel":             guard(routes, x.cancelFulfillment),
		"orderCancel":                   guard(orders, x.cancelOrder),
		"metafieldsSet":                 guard(orders, x.setMetafields),
		"tagsAdd":                       guard(orders, x.addTags),
	}
}

func (x *execution) setMetafields(args map[string]any) object {
	var set []object
	for _, m := range inputs(args["metafields"]) {
		o := x.orders[number("Order", m["ownerId"])]
		if o == nil || !x.sees(o) {
			return userErrors("metafields", "Owner does not exist.")
		}
		key, _ := m["key"].(string)
		value, _ := m["value"].(string)
		if o.Metafields[key] == value {
			set = append(set, object{"id": gid("Metafield", o.ID), "key": key, "value": value})
			continue
		}
		if o.Metafields == nil {
			o.Metafields = map[string]string{}
		}
		o.Metafields[key] = value
		x.touch(o, "orders/updated")
		set = append(set, object{"id": gid("Metafield", o.ID), "key": key, "value": value})
	}
	return done("metafields", set)
}

func (x *execution) addTags(args map[string]any) object {
	o := x.orders[number("Order", args["id"])]
	if o == nil {
		return userErrors("id", "Order does not exist.")
	}
	added := false
	for _, t := range list(args["tags"]) {
		if tag, _ := t.(string); !slices.Contains(o.Tags, tag) {
			o.Tags, added = append(o.Tags, tag), true
		}
	}
	if added {
		x.touch(o, "orders/updated")
	}
	return done("node", object{"__typename": "Order", "id": gid("Order", o.ID)})
}

// cancelOrder begins a job.
func (x *execution) cancelOrder(args map[string]any) object {
	o := x.orders[number("Order", args["orderId"])]
	note, _ := args["staffNote"].(string)
	switch {
	case o == nil || !x.sees(o):
		return userErrors("orderId", "Order does not exist.")
	case !o.Cancelled.IsZero() || !o.cancelAt.IsZero():
		return userErrors("orderId", "Cannot cancel an order that has already been canceled.")
	case o.shipped():
		return userErrors("orderId", "Cannot cancel an order that has fulfillments.")
	case len([]rune(note)) > 255:
		return userErrors("staffNote", "Staff note is too long.")
	}
	o.CancelReason, _ = args["reason"].(string)
	method, _ := args["refundMethod"].(map[string]any)
	o.Refunded, _ = method["originalPaymentMethodsRefund"].(bool)
	o.StaffNote, o.cancelAt = note, x.now().Add(x.cfg.Job)
	return object{"job": object{"id": gid("Job", o.ID), "done": false}, "userErrors": []object{}, "orderCancelUserErrors": []object{}}
}

// cancel takes an order back: nothing of it is to be shipped any more.
func (s *Server) cancel(o *Order, at time.Time) {
	o.Cancelled, o.cancelAt = at, time.Time{}
	if o.Refunded {
		o.Financial = "REFUNDED"
	}
	for i := range o.Routes {
		if r := &o.Routes[i]; r.Status != "CLOSED" {
			r.Status, r.Updated = "CANCELLED", at
			for j := range r.Lines {
				r.Lines[j].Remaining = 0
			}
		}
	}
	s.touch(o, "orders/cancelled")
}

// touch moves the order's time of change and tells webhooks.
func (s *Server) touch(o *Order, topics ...string) {
	now := s.now()
	if now.After(o.Updated) {
		o.before = o.Updated
	}
	o.Updated = now
	event := s.newID()
	for _, topic := range slices.Compact(append(topics, "orders/updated")) {
		s.emit(o.ID, topic, event)
	}
}

// tick does what is due by now: routing, and jobs.
func (s *Server) tick() {
	now := s.now()
	for _, o := range s.orders {
		due := o.Created.Add(s.cfg.Routing)
		if now.Before(o.Created) { // the clock was set back meanwhile
			due = now
		}
		if !o.routed && !now.Before(due) {
			s.split(o, due)
		}
		if !o.cancelAt.IsZero() && !now.Before(o.cancelAt) {
			s.cancel(o, o.cancelAt)
		}
	}
}

// split makes the fulfillment orders, one for each location. The order itself
// does not change by it.
func (s *Server) split(o *Order, at time.Time) {
	o.routed = true
	byPlace := map[int64][]RouteLine{}
	for _, l := range o.Lines {
		places := l.Places
		if places == nil {
			places = map[int64]int{1: l.Quantity}
		}
		for place, n := range places {
			if !l.Digital && n > 0 {
				byPlace[place] = append(byPlace[place], RouteLine{ID: s.newID(), LineID: l.ID, Total: n, Remaining: n})
			}
		}
	}
	for _, place := range sortedKeys(byPlace) {
		r := Route{ID: s.newID(), Location: place, Status: "OPEN", Updated: at, Lines: byPlace[place]}
		if o.Hold != "" {
			r.Status = o.Hold
		}
		o.Routes = append(o.Routes, r)
	}
	s.emit(o.ID, "fulfillment_orders/order_routing_complete", s.newID())
}

func list(v any) []any {
	l, ok := v.([]any)
	if !ok && v != nil {
		return []any{v} // one thing stands for a list of it
	}
	return l
}

func inputs(v any) []map[string]any {
	var out []map[string]any
	for _, e := range list(v) {
		if m, ok := e.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func texts(v any) []string {
	var out []string
	for _, e := range list(v) {
		if t, ok := e.(string); ok {
			out = append(out, strings.TrimSpace(t))
		}
	}
	return out
}
