package newchannel_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/mip"
)

type object = map[string]any

// render is an order in the platform's JSON.
func render(o channeltest.Sale) object {
	lines := []object{}
	for _, l := range o.Lines {
		lines = append(lines, object{"id": l.ID, "sku": l.SKU, "title": l.Title, "pieces": o.Pieces(l), "refunded": l.Cancelled,
			"sent": l.Shipped, "total": o.Amount(l.Total)})
	}
	a := o.ShipTo
	to := object{"first": a.FirstName, "last": a.LastName, "company": a.Company, "street": a.Line1, "extra": a.Line2, "city": a.City,
		"region": a.Province, "postcode": a.Postcode, "country": a.Country, "phone": a.Phone, "email": a.Email}
	out := object{"id": o.Ref.ID, "number": o.Number, "currency": "EUR", "total": o.Total.Text(), "postage": o.Postage.Text(),
		"service": o.Service, "note": o.Note, "created": o.CreatedAt, "updated": o.UpdatedAt,
		"shipTo": to, "lines": lines, "status": o.Word(map[mip.Demand]string{
			mip.DemandUnpaid: "open", mip.DemandShip: "paid", mip.DemandCancel: "cancelled", mip.DemandClosed: "done"})}
	switch o.Quirk {
	case channeltest.NoAddress:
		delete(out, "shipTo")
	case channeltest.NoPrice:
		lines[0]["total"] = nil
	case channeltest.Bare:
		for k, v := range to {
			if v == "" {
				to[k] = nil
			}
		}
		out["note"], out["service"], lines[0]["sku"] = nil, nil, nil
	}
	return out
}

// wire is the platform's server around the shop.
func wire(shop *channeltest.Shop) http.Handler {
	mux := http.NewServeMux()
	reply := func(w http.ResponseWriter, status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /orders", func(w http.ResponseWriter, r *http.Request) {
		const perPage = 50
		since, after, _ := strings.Cut(cmp.Or(r.FormValue("page"), r.FormValue("since")), "/")
		from, err := time.Parse(time.RFC3339, since)
		if err != nil && since != "" {
			reply(w, 400, object{"error": "bad time"})
			return
		}
		orders, next := []object{}, ""
		for _, o := range shop.Since(from, after, perPage) {
			orders, next = append(orders, render(o)), o.UpdatedAt.Format(time.RFC3339)+"/"+o.Ref.ID
		}
		if len(orders) < perPage {
			next = ""
		}
		reply(w, 200, object{"orders": orders, "next": next})
	})
	shipment := func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		if r.Method == http.MethodPut {
			var in mip.Status
			_ = json.NewDecoder(r.Body).Decode(&in)
			shop.Edit(id, func(o *channeltest.Sale) { o.Shown.Parcels = in.Parcels })
			shop.Ship(id, in.State)
		}
		if _, ok := shop.Sale(id); !ok {
			reply(w, 404, object{"error": "no such order"})
			return
		}
		reply(w, 200, shop.Shown(id))
	}
	mux.HandleFunc("GET /orders/{id}/shipment", shipment)
	mux.HandleFunc("PUT /orders/{id}/shipment", shipment)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", shop.Now().Format(http.TimeFormat))
		if r.Header.Get("Authorization") != "Bearer the-right-key" {
			reply(w, 401, object{"error": "bad key"})
			return
		}
		mux.ServeHTTP(w, r)
	})
}
