package newchannel_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/mip"
)

type object = map[string]any

// render is an order in the platform's JSON.
func render(o channeltest.Sale) object {
	lines, parcels := []object{}, []object{}
	for _, l := range o.Lines {
		lines = append(lines, object{"id": l.ID, "sku": l.SKU, "title": l.Title, "pieces": o.Pieces(l), "refunded": l.Cancelled, "total": o.Amount(l.Total)})
	}
	for _, p := range o.Shown.Parcels {
		parcels = append(parcels, object{"id": p.ID, "carrier": p.Carrier, "number": p.Number, "url": p.URL})
	}
	a := o.ShipTo
	to := object{"first": a.FirstName, "last": a.LastName, "company": a.Company, "street": a.Line1, "extra": a.Line2, "city": a.City,
		"region": a.Province, "postcode": a.Postcode, "country": a.Country, "phone": a.Phone, "email": a.Email}
	out := object{"id": o.Ref.ID, "number": o.Number, "currency": "EUR", "total": o.Total.Text(), "postage": o.Postage.Text(),
		"service": o.Service, "note": o.Note, "created": o.CreatedAt, "updated": o.UpdatedAt, "shipping": o.Shown.State,
		"shipTo": to, "lines": lines, "parcels": parcels, "status": o.Word(map[mip.Demand]string{
			mip.DemandUnpaid: "open", mip.DemandShip: "paid", mip.DemandCancel: "cancelled", mip.DemandClosed: "done"})}
	switch o.Quirk {
	case channeltest.NoAddress:
		delete(out, "shipTo")
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
	order := func(w http.ResponseWriter, id string) {
		if o, ok := shop.Sale(id); ok {
			reply(w, 200, render(o))
		} else {
			reply(w, 404, object{"error": "no such order"})
		}
	}
	mux.HandleFunc("GET /orders", func(w http.ResponseWriter, r *http.Request) {
		since, err := time.Parse(time.RFC3339, r.FormValue("since"))
		if err != nil && r.FormValue("since") != "" {
			reply(w, 400, object{"error": "bad time"})
			return
		}
		var limit int
		_, _ = fmt.Sscan(r.FormValue("limit"), &limit)
		orders := []object{}
		for _, o := range shop.Since(since, r.FormValue("after"), limit) {
			orders = append(orders, render(o))
		}
		reply(w, 200, object{"orders": orders})
	})
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) { order(w, r.PathValue("id")) })
	mux.HandleFunc("PUT /orders/{id}/shipping", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ State mip.State }
		_ = json.NewDecoder(r.Body).Decode(&in)
		shop.Ship(r.PathValue("id"), in.State)
		order(w, r.PathValue("id"))
	})
	mux.HandleFunc("PUT /orders/{id}/parcels", func(w http.ResponseWriter, r *http.Request) {
		var in mip.Parcel
		_ = json.NewDecoder(r.Body).Decode(&in)
		shop.Ship(r.PathValue("id"), "", in)
		order(w, r.PathValue("id"))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer the-right-key" {
			reply(w, 401, object{"error": "bad key"})
			return
		}
		mux.ServeHTTP(w, r)
	})
}
