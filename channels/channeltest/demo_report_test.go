package channeltest_test

import (
	"cmp"
	"context"
	"crypto/hmac"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/mip"
)

var (
	_ mip.Channel      = (*demo)(nil)
	_ mip.Getter       = (*demo)(nil)
	_ mip.Accepter     = (*demo)(nil)
	_ mip.Canceller    = (*demo)(nil)
	_ mip.Rewinder     = (*demo)(nil)
	_ channels.Webhook = (*demo)(nil)
)

// Report reads the order, then writes what is missing.
func (d *demo) Report(ctx context.Context, ref mip.Ref, s mip.Status) error {
	if ref.Channel != d.name && !d.has("foreign ref accepted") {
		return &mip.Error{Op: "demo: report", Ref: ref, Kind: mip.ErrInvalid}
	}
	if !d.has("reports do not wait for each other") {
		release, err := d.turns.take(ctx, ref.ID)
		if err != nil {
			return err
		}
		defer release()
	}
	var now wireOrder
	if !d.has("writes without reading") {
		if err := d.call(ctx, "GET", "/orders/"+url.PathEscape(ref.ID), nil, &now); err != nil {
			return err
		}
		if now.ID == "" && !d.has("anything with status 200 is an order") {
			return &mip.Error{Op: "demo: report", Ref: ref, Kind: mip.ErrContract}
		}
	}
	if d.has("lost tracking") || d.has("parcels wait for the rest") && s.State == mip.StateSubmitted {
		s.Parcels = nil
	}
	if d.has("first parcel only") && len(s.Parcels) > 1 {
		s.Parcels = s.Parcels[:1]
	}
	if d.has("tracking at another order") {
		ref.ID = "1002"
	}
	if d.has("later parcels are forgotten") && len(now.Parcels) > 0 {
		s.Parcels = nil
	}
	left := map[string]int{}
	for _, l := range now.Lines {
		n, _ := strconv.Atoi(l.Pieces.String())
		left[l.ID] = n - l.Refunded
	}
	for _, p := range s.Parcels {
		p = d.fit(d.lined(p, now.Lines), left)
		if err := d.ship(ctx, ref, p, now.Parcels); err != nil {
			if d.has("failed write is success") {
				return nil
			}
			return err
		}
	}
	if d.has("a report revives a cancelled order") && now.Status == "cancelled" {
		return d.put(ctx, "PUT", "/orders/"+url.PathEscape(ref.ID)+"/revived", struct{}{})
	}
	return d.show(ctx, ref, s.State, now)
}

// lined is where bugs with pieces that are told by SKU live.
func (d *demo) lined(p mip.Parcel, lines []wireLine) mip.Parcel {
	if !d.has("pieces by SKU are of every line") {
		return p
	}
	var items []mip.Item
	for _, it := range p.Items {
		for _, l := range lines {
			if it.LineID == "" && *l.SKU == it.SKU || it.LineID == l.ID {
				items = append(items, mip.Item{LineID: l.ID, SKU: it.SKU, Quantity: it.Quantity})
			}
		}
	}
	p.Items = items
	return p
}

// fit takes out of a parcel what is more than is left of a line.
func (d *demo) fit(p mip.Parcel, left map[string]int) mip.Parcel {
	p.Items = slices.Clone(p.Items)
	for i, it := range p.Items {
		if have, known := left[it.LineID]; known && !d.has("more pieces than wanted") && !d.has("whole lines in every parcel") {
			p.Items[i].Quantity = min(it.Quantity, have)
			left[it.LineID] -= p.Items[i].Quantity
		}
	}
	return p
}

func (d *demo) ship(ctx context.Context, ref mip.Ref, p mip.Parcel, shown []wireParcel) error {
	if p.Number == "" && !d.has("empty number is shown") {
		return nil
	}
	w := wireParcel{Ref: p.ID, Carrier: p.Carrier, Number: p.Number, URL: p.URL, Items: slices.Clone(p.Items)}
	for i := range w.Items {
		switch d.bug {
		case "whole lines in every parcel":
			w.Items[i].Quantity = 3
		case "tracking by SKU":
			w.Items[i].LineID = w.Items[i].SKU
		}
	}
	if d.has("numbers are escaped") {
		w.Number = url.QueryEscape(w.Number)
	}
	if d.has("parcels of unknown content are left out") && len(w.Items) == 0 {
		return nil
	}
	if d.has("lost carrier") {
		w.Carrier = ""
	}
	if d.has("wrong tracking page") {
		w.URL = "https://elsewhere.example/"
	}
	path := "/orders/" + url.PathEscape(ref.ID) + "/parcels"
	i := slices.IndexFunc(shown, func(q wireParcel) bool {
		if d.has("corrections come beside the old one") {
			return q.Number == p.Number
		}
		return q.Ref == p.ID
	})
	switch {
	case i < 0:
		return d.put(ctx, "POST", path, w)
	case d.has("a parcel without a link is told for ever") && w.URL == "":
		bare := w
		bare.Carrier = ""
		if err := d.put(ctx, "PUT", path, bare); err != nil { // and the shop notes each time
			return err
		}
	case reflect.DeepEqual(shown[i], w) || d.has("first number wins"):
		return nil
	case d.has("only numbers are compared") && shown[i].Number == w.Number:
		return nil
	}
	err := d.put(ctx, "PUT", path, w)
	if err != nil && d.has("a correction in doubt is added anew") {
		return d.put(ctx, "POST", path, w)
	}
	return err
}

// put writes, and wants to hear that it was done.
func (d *demo) put(ctx context.Context, method, path string, in any) error {
	var out struct{ OK bool }
	err := d.call(ctx, method, path, in, &out)
	if err == nil && !out.OK && !d.has("soft error after a write is success") {
		err = &mip.Error{Op: "demo: " + method, Kind: mip.ErrUnknown}
	}
	return err
}

func (d *demo) show(ctx context.Context, ref mip.Ref, state mip.State, now wireOrder) error {
	if d.has("submitted is shown as shipped") && state == mip.StateSubmitted {
		state = mip.StateShipped
	}
	if d.has("cancelling is left out") && state == mip.StateCancelled || d.has("status is left out") {
		return nil
	}
	put := func(state mip.State) error {
		return d.put(ctx, "PUT", "/orders/"+url.PathEscape(ref.ID)+"/shown/"+string(state), struct{}{})
	}
	if d.has("delivered is shown as submitted") && state == mip.StateDelivered {
		state = mip.StateSubmitted
	}
	if d.has("always writes") { // and the shop notes each time
		if err := put(mip.StateSubmitted); err != nil {
			return err
		}
		return put(state)
	}
	if now.Shown == string(state) || state == "" {
		return nil
	}
	return put(state)
}

// Accept finds that this platform needs no acceptance.
func (d *demo) Accept(ctx context.Context, ref mip.Ref) error {
	if ref.Channel != d.name && !d.has("foreign ref accepted") {
		return &mip.Error{Op: "demo: accept", Ref: ref, Kind: mip.ErrInvalid}
	}
	if d.has("second accept is a conflict") && d.count.Add(1) > 1 {
		return &mip.Error{Op: "demo: accept", Ref: ref, Kind: mip.ErrConflict}
	}
	if d.has("accepts what does not exist") {
		return nil
	}
	var now wireOrder
	return d.call(ctx, "GET", "/orders/"+url.PathEscape(ref.ID), nil, &now)
}

func (d *demo) Cancel(ctx context.Context, ref mip.Ref, _ string) error {
	if ref.Channel != d.name && !d.has("foreign ref accepted") {
		return &mip.Error{Op: "demo: cancel", Ref: ref, Kind: mip.ErrInvalid}
	}
	if d.has("cancelling ignores its context") {
		ctx = context.WithoutCancel(ctx)
	}
	var now wireOrder
	if err := d.call(ctx, "GET", "/orders/"+url.PathEscape(ref.ID), nil, &now); err != nil {
		return err
	}
	if now.Status == "cancelled" && d.has("second cancel is a conflict") {
		return &mip.Error{Op: "demo: cancel", Ref: ref, Kind: mip.ErrConflict}
	}
	if d.has("cancelling what was shipped is left out") && now.Shown == string(mip.StateShipped) {
		return nil
	}
	if now.ID == "" {
		return &mip.Error{Op: "demo: cancel", Ref: ref, Kind: mip.ErrContract}
	}
	return d.show(ctx, ref, mip.StateCancelled, now)
}

// Webhook verifies the hexadecimal HMAC over the body.
func (d *demo) Webhook(h http.Header, body []byte) (mip.Delivery, error) {
	sign, signed := h.Get("X-Sign"), body
	if d.has("signature over the trimmed body") {
		signed = []byte(strings.TrimSpace(string(body)))
	}
	good := hmac.Equal([]byte(sign), []byte(mac(signed)))
	switch d.bug {
	case "signature not looked at":
		good = true
	case "signature only has to be there":
		good = sign != ""
	case "no signature is fine":
		good = good || sign == ""
	}
	if !good {
		return mip.Delivery{}, &mip.Error{Op: "demo: webhook", Kind: mip.ErrUnauthorized}
	}
	var in struct{ Delivery, Order, Product, Buyer string }
	if err := json.Unmarshal(body, &in); err != nil {
		return mip.Delivery{}, &mip.Error{Op: "demo: webhook", Kind: mip.ErrContract}
	}
	out := mip.Delivery{ID: in.Delivery}
	if d.has("every delivery has a new id") {
		out.ID = strconv.FormatInt(d.count.Add(1), 10)
	}
	switch d.bug {
	case "any topic names an order":
		in.Order = cmp.Or(in.Order, in.Product)
	case "the buyer is in the delivery":
		out.ID += in.Buyer
	case "unknown topics are errors":
		if in.Product != "" {
			return mip.Delivery{}, &mip.Error{Op: "demo: webhook", Kind: mip.ErrContract}
		}
	}
	if in.Order != "" || d.has("ping names an order") {
		out.Refs = []mip.Ref{{Channel: d.name, ID: in.Order}}
	}
	return out, nil
}
