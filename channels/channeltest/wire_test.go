package channeltest_test

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/mip"
)

// The JSON of an invented platform, around a Shop.

const (
	goodKey    = "key-that-must-stay-secret"
	hookSecret = "hook-that-must-stay-secret"
)

var words = map[mip.Demand]string{
	mip.DemandShip: "paid", mip.DemandUnpaid: "open", mip.DemandCancel: "cancelled", mip.DemandClosed: "done",
}

type wireOrder struct {
	ID       string          `json:"id"`
	Number   string          `json:"number"`
	Status   string          `json:"status"`
	Currency string          `json:"currency"`
	Total    string          `json:"total"`
	Postage  string          `json:"postage"`
	Service  string          `json:"service,omitempty"`
	Note     string          `json:"note,omitempty"`
	ShipTo   *mip.Address    `json:"ship_to"`
	Lines    []wireLine      `json:"lines"`
	Created  time.Time       `json:"created"`
	Updated  time.Time       `json:"updated"`
	Shown    string          `json:"shown"`
	Parcels  []wireParcel    `json:"parcels"`
	raw      json.RawMessage // as it came
}

type wireLine struct {
	ID       string      `json:"id"`
	SKU      *string     `json:"sku"`
	Title    string      `json:"title"`
	Pieces   json.Number `json:"pieces"`
	Refunded int         `json:"refunded"`
	Sent     int         `json:"sent,omitempty"`
	Total    string      `json:"total,omitempty"`
}

type wireParcel struct {
	Ref     string     `json:"ref"`
	Carrier string     `json:"carrier"`
	Number  string     `json:"number"`
	URL     string     `json:"url"`
	Items   []mip.Item `json:"items"`
}

func render(s channeltest.Sale) wireOrder {
	o := wireOrder{
		ID: s.Ref.ID, Number: s.Number, Status: s.Word(words), Currency: s.Total.Currency(),
		Total: s.Total.Text(), Postage: s.Postage.Text(), Service: s.Service, Note: s.Note,
		ShipTo: &s.ShipTo, Created: s.CreatedAt, Updated: s.UpdatedAt, Shown: string(s.Shown.State),
	}
	if s.Quirk == channeltest.NoAddress {
		o.ShipTo = nil
	}
	for _, l := range s.Lines {
		w := wireLine{ID: l.ID, SKU: &l.SKU, Title: l.Title, Pieces: s.Pieces(l), Refunded: l.Cancelled, Sent: l.Shipped, Total: s.Amount(l.Total)}
		if s.Quirk == channeltest.Bare && l.SKU == "" {
			w.SKU = nil
		}
		if s.Quirk == channeltest.NoPrice {
			w.Total = ""
		}
		o.Lines = append(o.Lines, w)
	}
	for _, p := range s.Shown.Parcels {
		o.Parcels = append(o.Parcels, wireParcel{p.ID, p.Carrier, p.Number, p.URL, p.Items})
	}
	return o
}

// wire is the platform's server: lists by (updated, id) or by page number,
// adds a parcel with each POST, and lets any status follow any other.
func wire(shop *channeltest.Shop) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		since, _ := time.Parse(time.RFC3339, q.Get("since"))
		limit, _ := strconv.Atoi(q.Get("limit"))
		page, _ := strconv.Atoi(q.Get("page"))
		var sales []channeltest.Sale
		if q.Has("page") {
			all := shop.Since(since, "", 0)
			sales = all[min(page*limit, len(all)):min((page+1)*limit, len(all))]
		} else {
			sales = shop.Since(since, q.Get("after"), limit)
		}
		created, _ := time.Parse(time.RFC3339, q.Get("created_since"))
		orders := []wireOrder{}
		for _, s := range sales {
			if !s.CreatedAt.Before(created) {
				orders = append(orders, render(s))
			}
		}
		reply(w, 200, map[string]any{"orders": orders})
	})
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		if s, ok := shop.Sale(r.PathValue("id")); ok {
			reply(w, 200, render(s))
			return
		}
		reply(w, 404, map[string]string{"code": "no_such_order"})
	})
	change := func(pattern string, do func(r *http.Request, in wireParcel, s *channeltest.Sale)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			var in wireParcel
			if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
				reply(w, 400, map[string]string{"code": "bad_json"})
				return
			}
			if !shop.Edit(r.PathValue("id"), func(s *channeltest.Sale) { do(r, in, s) }) {
				reply(w, 404, map[string]string{"code": "no_such_order"})
				return
			}
			reply(w, 200, map[string]bool{"ok": true})
		})
	}
	change("POST /orders/{id}/parcels", func(_ *http.Request, in wireParcel, s *channeltest.Sale) {
		s.Shown.Parcels = append(s.Shown.Parcels, mip.Parcel{ID: in.Ref, Carrier: in.Carrier, Number: in.Number, URL: in.URL, Items: in.Items})
	})
	change("PUT /orders/{id}/parcels", func(_ *http.Request, in wireParcel, s *channeltest.Sale) {
		for i, p := range s.Shown.Parcels {
			if p.ID == in.Ref {
				s.Shown.Parcels[i] = mip.Parcel{ID: in.Ref, Carrier: in.Carrier, Number: in.Number, URL: in.URL, Items: in.Items}
			}
		}
	})
	change("PUT /orders/{id}/revived", func(_ *http.Request, _ wireParcel, s *channeltest.Sale) {
		s.Demand, s.Shown.State = mip.DemandShip, mip.StateShipped
	})
	change("PUT /orders/{id}/shown/{state}", func(r *http.Request, _ wireParcel, s *channeltest.Sale) {
		s.Shown.State = mip.State(r.PathValue("state"))
		if s.Shown.State == mip.StateCancelled {
			s.Demand = mip.DemandCancel
		}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", shop.Now().Format(http.TimeFormat))
		if cmp.Or(r.URL.Query().Get("key"), r.Header.Get("X-Key")) != goodKey {
			reply(w, 401, map[string]string{"code": "bad_key"})
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// hooks signs as the platform does: hexadecimal HMAC-SHA256 over the body.
type hooks struct {
	count int
	shop  *channeltest.Shop
}

func (h *hooks) Hook(id string) (http.Header, []byte) {
	h.count++
	return sign([]byte(`{"delivery":"d` + strconv.Itoa(h.count) + `","order":"` + id + `","buyer":"` + h.buyer(id) + `"}`))
}

func (h *hooks) buyer(id string) string {
	s, _ := h.shop.Sale(id)
	return s.ShipTo.FirstName
}

func (h *hooks) Chat(id string) (http.Header, []byte) {
	return sign([]byte(`{"delivery":"c1","product":"` + id + `"}`))
}

func (h *hooks) Ping() (http.Header, []byte) { return sign([]byte(`{"delivery":"ping"}`)) }

func sign(body []byte) (http.Header, []byte) {
	return http.Header{"X-Sign": {mac(body)}, "Content-Type": {"application/json"}}, body
}

func mac(body []byte) string {
	m := hmac.New(sha256.New, []byte(hookSecret))
	m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}

func demandOf(word string) (mip.Demand, bool) {
	for d, w := range words {
		if w == word {
			return d, true
		}
	}
	return mip.DemandUnpaid, false
}
