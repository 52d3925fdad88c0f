package shopifytest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// hook is a subscription.
type hook struct {
	id         int64
	topic, uri string
}

// Delivery is one message waiting to be sent.
type Delivery struct {
	ID    string // the same for repetitions of one
	Event string // the same for all topics of one event
	Topic string
	Order int64
	At    time.Time
	Tries int
	hook  int64
}

// maxTries is how often a message is sent before its subscription is removed:
// once and eight times more.
const maxTries = 9

// Subscribe registers for a topic, as webhookSubscriptionCreate does.
func (s *Server) Subscribe(topic, uri string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = append(s.hooks, &hook{s.newID(), topic, uri})
}

// Subscribed reports whether a topic still has a subscription.
func (s *Server) Subscribed(topic string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.hooks, func(h *hook) bool { return h.topic == topic })
}

// Rotate replaces the client secret. Messages are signed with the old one for
// another hour.
func (s *Server) Rotate(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.oldSecret, s.cfg.Secret, s.rotated = s.cfg.Secret, secret, time.Now()
}

// Deliveries takes all waiting messages, oldest first. To lose one, drop it; to
// repeat or reorder, change the slice; then [Server.Deliver] them.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.outbox
	s.outbox = nil
	return out
}

// Deliver sends messages, once each, and gives five seconds for an answer. It
// returns the status of each answer, 0 for none. A message that failed waits
// again; after nine tries its subscription is removed.
func (s *Server) Deliver(target http.RoundTripper, ds ...Delivery) []int {
	out := make([]int, len(ds))
	for i, d := range ds {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		if resp, err := target.RoundTrip(s.Message(d).WithContext(ctx)); err == nil {
			out[i] = resp.StatusCode
			_ = resp.Body.Close()
		}
		cancel()
		if out[i] < 200 || out[i] > 299 {
			s.failed(d)
		}
	}
	return out
}

func (s *Server) failed(d Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.Tries++; d.Tries >= maxTries {
		s.hooks = slices.DeleteFunc(s.hooks, func(h *hook) bool { return h.id == d.hook })
		return
	}
	s.outbox = append(s.outbox, d)
}

// Message is a delivery as it is sent: signed, its body that of the REST API.
func (s *Server) Message(d Delivery) *http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	uri := "https://mip.test/hook"
	for _, h := range s.hooks {
		if h.id == d.hook {
			uri = h.uri
		}
	}
	secret := s.cfg.Secret
	if s.oldSecret != "" && time.Since(s.rotated) < time.Hour {
		secret = s.oldSecret
	}
	body := s.payload(d)
	r, err := http.NewRequest(http.MethodPost, uri, bytes.NewReader(body))
	if err != nil {
		panic("shopifytest: " + err.Error())
	}
	r.Header.Set("Content-Type", "application/json")
	for k, v := range map[string]string{"Topic": d.Topic, "Shop-Domain": s.host(), "API-Version": "2026-10", "Webhook-Id": d.ID,
		"Event-Id": d.Event, "Triggered-At": d.At.Format(time.RFC3339Nano), "Hmac-Sha256": Sign(body, secret)} {
		r.Header.Set("X-Shopify-"+k, v)
	}
	return r
}

// Sign is the signature of a body: base64 of its HMAC-SHA256.
func Sign(body []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// payload is REST's form: numbers for ids, snake_case.
func (s *Server) payload(d Delivery) []byte {
	o := s.orders[d.Order]
	var v any = map[string]any{"id": d.Order}
	switch kind, _, _ := strings.Cut(d.Topic, "/"); {
	case d.Topic == "orders/edited":
		v = map[string]any{"order_edit": map[string]any{"id": d.Order + 1, "order_id": d.Order, "notify_customer": false}}
	case kind == "refunds":
		v = map[string]any{"id": d.Order + 2, "order_id": d.Order, "note": nil, "admin_graphql_api_id": gid("Refund", d.Order+2)}
	case o == nil || d.Topic == "orders/delete":
	case kind == "fulfillments" && len(o.Shipments) > 0:
		sh := o.Shipments[len(o.Shipments)-1]
		v = map[string]any{"id": sh.ID, "order_id": o.ID, "status": strings.ToLower(sh.Status), "admin_graphql_api_id": gid("Fulfillment", sh.ID)}
	case kind == "fulfillment_orders" && len(o.Routes) > 0:
		v = map[string]any{"fulfillment_order": map[string]any{"id": gid("FulfillmentOrder", o.Routes[0].ID), "status": strings.ToLower(o.Routes[0].Status)}}
	default:
		lines := []any{}
		for _, l := range o.Lines {
			lines = append(lines, map[string]any{"id": l.ID, "sku": l.SKU, "title": l.Title, "quantity": l.Quantity, "price": l.Price,
				"current_quantity": l.Quantity - l.Removed, "admin_graphql_api_id": gid("LineItem", l.ID)})
		}
		out := map[string]any{"id": o.ID, "admin_graphql_api_id": gid("Order", o.ID), "name": o.Name, "email": o.Email, "note": o.Note,
			"financial_status": strings.ToLower(o.Financial), "updated_at": instant(o.Updated), "cancelled_at": instant(o.Cancelled), "line_items": lines}
		if a := o.ShipTo; a != nil {
			out["shipping_address"] = map[string]any{"first_name": a.FirstName, "last_name": a.LastName, "address1": a.Address1,
				"city": a.City, "zip": a.Zip, "country_code": a.Country, "phone": a.Phone}
		}
		v = out
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic("shopifytest: " + err.Error())
	}
	return b
}

// emit queues a message for everyone who subscribed.
func (s *Server) emit(order int64, topic string, event int64) {
	for _, h := range s.hooks {
		if h.topic == topic {
			s.outbox = append(s.outbox, Delivery{ID: "webhook-" + strconv.FormatInt(s.newID(), 10), Event: "event-" + strconv.FormatInt(event, 10),
				Topic: topic, Order: order, At: s.now(), hook: h.id})
		}
	}
}
