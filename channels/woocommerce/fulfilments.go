package woocommerce

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const fulfillments = "/wc/v3/orders/{id}/fulfillments"

// parcelKey is the private field by which a fulfillment of ours is known.
const parcelKey = "_openmip_parcel"

type fulfillment struct {
	ID   text                   `json:"id"`
	Meta part[[]part[wireMeta]] `json:"meta_data"`
}

// fulfilItem goes out as JSON numbers: strings are "Invalid item.".
type fulfilItem struct {
	LineID   int64 `json:"item_id"`
	Quantity int   `json:"qty"`
}

// fulfil shows each parcel as a fulfillment, with as many pieces as are left.
func (s *Shop) fulfil(ctx context.Context, o *order, parcels []mip.Parcel) error {
	var have []fulfillment
	vars := rest.Vars{"id": o.Ref.ID}
	if _, err := s.do(ctx, rest.Call{Path: fulfillments, Vars: vars, Out: &have}); err != nil {
		return err
	}
	if err := s.readRefunds(ctx, o); err != nil {
		return err
	}
	left := o.unsent(have)
	var untold []mip.Parcel
	for _, p := range parcels {
		wanted := map[string]string{"_tracking_number": p.Number, "_shipping_provider": p.Carrier, "_tracking_url": p.URL, parcelKey: p.ID}
		at := slices.IndexFunc(have, func(f fulfillment) bool { return metaText(f.Meta, parcelKey) == p.ID })
		switch {
		case at >= 0:
			if err := s.correct(ctx, o, have[at], wanted); err != nil {
				return err
			}
		case slices.ContainsFunc(have, func(f fulfillment) bool { return metaText(f.Meta, "_tracking_number") == p.Number }):
			// somebody typed it in
		default:
			items := o.take(left, p)
			if len(items) == 0 {
				untold = append(untold, p)
				continue
			}
			meta := append(metaList(wanted), map[string]any{"id": 0, "key": "_items", "value": items})
			if _, err := s.do(ctx, rest.Call{Method: "POST", Path: fulfillments, Vars: vars, Body: fulfilled(meta)}); err != nil {
				return err
			}
		}
	}
	return s.notify(ctx, o, untold)
}

// fulfilled is a request's body. The customer hears of it with the status.
func fulfilled(meta []map[string]any) map[string]any {
	return map[string]any{"status": "fulfilled", "is_fulfilled": true, "notify_customer": false, "meta_data": meta}
}

func metaList(wanted map[string]string) []map[string]any {
	var out []map[string]any
	for _, key := range []string{"_tracking_number", "_shipping_provider", "_tracking_url", parcelKey} {
		out = append(out, map[string]any{"id": 0, "key": key, "value": wanted[key]})
	}
	return out
}

// correct rewrites our fulfillment if it shows anything else. The request
// must repeat every field that is to stay.
func (s *Shop) correct(ctx context.Context, o *order, f fulfillment, wanted map[string]string) error {
	same := true
	var meta []map[string]any
	for key, value := range wanted {
		same = same && metaText(f.Meta, text(key)) == value
	}
	if same {
		return nil
	}
	for _, m := range f.Meta.V {
		if _, ours := wanted[string(m.V.Key)]; !ours {
			meta = append(meta, map[string]any{"id": m.V.ID, "key": m.V.Key, "value": m.V.Value})
		}
	}
	_, err := s.do(ctx, rest.Call{Method: "PUT", Path: fulfillments + "/{item}", Body: fulfilled(append(meta, metaList(wanted)...)),
		Vars: rest.Vars{"id": o.Ref.ID, "item": string(f.ID)}})
	return err
}

// unsent counts, by line, the pieces wanted that no fulfillment has. The shop
// does not check that itself.
func (o *order) unsent(have []fulfillment) map[string]int {
	left := map[string]int{}
	for _, l := range o.Lines {
		left[l.ID] += l.Wanted()
	}
	for _, f := range have {
		for _, m := range f.Meta.V {
			var items []struct {
				LineID   text `json:"item_id"`
				Quantity text `json:"qty"`
			}
			if m.V.Key != "_items" || json.Unmarshal(m.V.Value, &items) != nil {
				continue
			}
			for _, it := range items {
				n, _ := pieces(it.Quantity)
				left[string(it.LineID)] -= n
			}
		}
	}
	return left
}

// take removes a parcel's pieces from what is left: those it names, by line
// or by SKU, which may be of several lines, or everything.
func (o *order) take(left map[string]int, p mip.Parcel) []fulfilItem {
	var out []fulfilItem
	named := slices.Clone(p.Items) // with the pieces that have no line yet
	for _, l := range o.Lines {
		n := left[l.ID]
		if len(p.Items) > 0 {
			n = 0
			for i, it := range named {
				if it.LineID == l.ID || it.LineID == "" && it.SKU != "" && it.SKU == l.SKU {
					some := max(0, min(left[l.ID]-n, it.Quantity))
					named[i].Quantity -= some
					n += some
				}
			}
		}
		id, err := strconv.ParseInt(l.ID, 10, 64)
		if n <= 0 || err != nil {
			continue
		}
		left[l.ID] -= n
		out = append(out, fulfilItem{LineID: id, Quantity: n})
	}
	return out
}
