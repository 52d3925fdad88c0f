package shopify

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// wireWork is what is to ship of an order, and what was shipped.
type wireWork struct {
	ID        string `json:"id"`
	Cancelled string `json:"cancelledAt"`
	Memory    *struct {
		Value string `json:"value"`
	} `json:"metafield"`
	Routes    list[wireTask] `json:"fulfillmentOrders"`
	Shipments []wireShipment `json:"fulfillments"`
}

// wireTask is a fulfillment order: lines that leave from one location.
type wireTask struct {
	ID       string       `json:"id"`
	Status   string       `json:"status"`
	Actions  []wireAction `json:"supportedActions"`
	Assigned struct {
		Location *struct {
			ID string `json:"id"`
		} `json:"location"`
	} `json:"assignedLocation"`
	Lines list[wireToShip] `json:"lineItems"`
}

type wireToShip struct {
	ID   string   `json:"id"`
	Left int      `json:"remainingQuantity"`
	Line wireItem `json:"lineItem"`
}

type wireItem struct {
	ID  string `json:"id"`
	SKU string `json:"sku"`
}

// wireShipment is a fulfillment.
type wireShipment struct {
	ID     string         `json:"id"`
	Status string         `json:"status"`
	Tracks []track        `json:"trackingInfo"`
	Lines  list[wireSent] `json:"fulfillmentLineItems"`
}

type track struct {
	Company string `json:"company"`
	Number  string `json:"number"`
	URL     string `json:"url"`
}

type wireSent struct {
	Quantity int      `json:"quantity"`
	Line     wireItem `json:"lineItem"`
}

// Of one order so many shipments are read, and of each so many numbers; Shopify
// gives them without pages.
const (
	maxShipments = 100
	maxTracks    = 50
)

// work reads what is to ship of an order, whole.
func (s *Shop) work(ctx context.Context, id string) (*wireWork, error) {
	var row rest.Row[wireWork]
	err := s.sized(ctx, docWork, map[string]any{"id": gid("Order", id)}, rest.Members{"order": &row})
	if err := found(docWork.name, row.Raw, err); err != nil {
		return nil, err
	}
	w := &row.V
	many := func(sh wireShipment) bool { return len(sh.Tracks) >= maxTracks }
	if row.Err != nil || tail("Order", w.ID) != id ||
		len(w.Shipments) >= maxShipments || slices.ContainsFunc(w.Shipments, many) {
		return nil, contract(docWork.name)
	}
	err = w.Routes.rest(docWorkMore.name, func(after string) (*list[wireTask], error) {
		var out struct {
			Order *struct {
				Routes *list[wireTask] `json:"fulfillmentOrders"`
			}
		}
		if err := s.sized(ctx, docWorkMore, map[string]any{"id": w.ID, "after": after}, &out); err != nil || out.Order == nil {
			return nil, err
		}
		return out.Order.Routes, nil
	})
	for i := range w.Routes.Nodes {
		if t := &w.Routes.Nodes[i]; err == nil {
			err = pages(ctx, s, docWorkLines, t.ID, "lineItems", &t.Lines)
		}
	}
	for i := range w.Shipments {
		if sh := &w.Shipments[i]; err == nil {
			err = pages(ctx, s, docSent, sh.ID, "fulfillmentLineItems", &sh.Lines)
		}
	}
	w.keepAlive()
	return w, err
}

// pages reads the further pages of a list inside the object id.
func pages[T any](ctx context.Context, s *Shop, d document, id, field string, l *list[T]) error {
	return l.rest(d.name, func(after string) (*list[T], error) {
		var out struct{ Node map[string]*list[T] }
		err := s.sized(ctx, d, map[string]any{"id": id, "after": after}, &out)
		return out.Node[field], err
	})
}

// keepAlive forgets shipments that were cancelled or failed.
func (w *wireWork) keepAlive() {
	var alive []wireShipment
	for _, sh := range w.Shipments {
		switch sh.Status {
		case "CANCELLED", "ERROR", "FAILURE":
		default:
			alive = append(alive, sh)
		}
	}
	w.Shipments = alive
}

// left counts, by line, the pieces that may be shipped now.
func (w *wireWork) left() map[string]int {
	left := map[string]int{}
	for _, t := range w.Routes.Nodes {
		for _, l := range t.Lines.Nodes {
			if shippable(t.Status, t.Actions) && l.Left > 0 {
				left[tail("LineItem", l.Line.ID)] += l.Left
			}
		}
	}
	return left
}

// room counts, by line, the pieces that parcels can hold, shipped or not.
func (w *wireWork) room() map[string]int {
	room := map[string]int{}
	for _, t := range w.Routes.Nodes {
		for _, l := range t.Lines.Nodes {
			room[tail("LineItem", l.Line.ID)] += l.Left
		}
	}
	for _, sh := range w.Shipments {
		for _, l := range sh.Lines.Nodes {
			room[tail("LineItem", l.Line.ID)] += l.Quantity
		}
	}
	return room
}

// wanted counts, by line, the pieces that a parcel names, and takes them out of
// room. Pieces named by SKU alone are of any lines that have it.
func (w *wireWork) wanted(items []mip.Item, room map[string]int) map[string]int {
	out := map[string]int{}
	put := func(line string, n int) {
		out[line] += n
		room[line] -= n
	}
	for _, it := range items {
		if it.LineID != "" && it.Quantity > 0 {
			put(it.LineID, it.Quantity)
			continue
		}
		n := it.Quantity
		for _, t := range w.Routes.Nodes {
			for _, l := range t.Lines.Nodes {
				if id := tail("LineItem", l.Line.ID); l.Line.SKU == it.SKU && it.SKU != "" && min(n, room[id]) > 0 {
					some := min(n, room[id])
					put(id, some)
					n -= some
				}
			}
		}
	}
	return out
}

// told is what was told of one parcel.
type told struct {
	Numbers []string       `json:"numbers"`          // newest last
	Pieces  map[string]int `json:"pieces,omitempty"` // by line, of a parcel that names none
}

// newest notes a number as the last one told.
func (t *told) newest(number string) {
	if i := slices.Index(t.Numbers, number); number != "" && (i < 0 || i != len(t.Numbers)-1) {
		t.Numbers = append(slices.DeleteFunc(slices.Clone(t.Numbers), func(n string) bool { return n == number }), number)
	}
}

// memory is what was told of each parcel of an order, by its id. It is written
// before what it is about, so that a corrected number finds the old one after
// any interruption.
func (w *wireWork) memory() map[string]told {
	m := map[string]told{}
	if w.Memory != nil && json.Unmarshal([]byte(w.Memory.Value), &m) != nil || m == nil {
		m = map[string]told{}
	}
	return m
}

func (s *Shop) remember(ctx context.Context, w *wireWork, m map[string]told) error {
	value, err := json.Marshal(m)
	if err != nil {
		return fail(docRemember.name, mip.ErrInvalid, "no JSON")
	}
	return s.write(ctx, docRemember, map[string]any{"m": []map[string]any{
		{"ownerId": w.ID, "key": memoryKey, "type": "json", "value": string(value)}}})
}
