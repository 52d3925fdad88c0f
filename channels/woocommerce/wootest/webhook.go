package wootest

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // ids, as the shop makes them
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Webhook is a subscription.
type Webhook struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Status   string `json:"status"` // active, disabled
	Topic    string `json:"topic"`  // order.created, .updated, .deleted, .restored
	URL      string `json:"delivery_url"`
	Secret   string `json:"secret,omitempty"`
	Failures int    `json:"-"` // in a row
}

// Delivery is one message waiting to be sent. The body is made when it is
// sent, from the order as it is then.
type Delivery struct {
	ID    string
	Hook  int64
	Topic string // empty = the ping
	Order int64
}

// Subscribe registers a webhook as a person in the back office does, and
// queues its ping.
func (s *Server) Subscribe(topic, url, secret string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.subscribe(Webhook{Topic: topic, URL: url, Secret: secret}).ID
}

// Webhook returns a copy of a subscription.
func (s *Server) Webhook(id int64) (Webhook, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.hook(id); h != nil {
		return *h, true
	}
	return Webhook{}, false
}

// Deliveries takes all waiting messages, oldest first. To lose one, drop it;
// to repeat or reorder, change the slice; then [Server.Deliver] them.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.outbox
	s.outbox = nil
	return out
}

// Deliver sends messages, once each: failed ones are not repeated. target is
// an http.Client's Transport, or [Handler]. It returns the status of each
// answer, 0 for none, and −1 for a message whose webhook is disabled. After
// more than five failures in a row a webhook disables itself.
func (s *Server) Deliver(target http.RoundTripper, ds ...Delivery) []int {
	out := make([]int, len(ds))
	for i, d := range ds {
		req := s.message(d)
		if req == nil {
			out[i] = -1
			continue
		}
		if resp, err := target.RoundTrip(req); err == nil {
			out[i] = resp.StatusCode
			_ = resp.Body.Close()
		}
		s.delivered(d, out[i] >= 200 && out[i] <= 302)
	}
	return out
}

// Handler makes a handler a target for [Server.Deliver].
func Handler(h http.Handler) http.RoundTripper { return target{h} }

type target struct{ h http.Handler }

func (t target) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := &recorder{header: http.Header{}, status: http.StatusOK}
	t.h.ServeHTTP(rec, r)
	return &http.Response{StatusCode: rec.status, Header: rec.header, Body: http.NoBody, Request: r}, nil
}

// message makes the request for a delivery; nil if the hook does not send.
func (s *Server) message(d Delivery) *http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hook(d.Hook)
	if h == nil || h.Status != "active" {
		return nil
	}
	body, contentType := fmt.Appendf(nil, "webhook_id=%d", h.ID), "application/x-www-form-urlencoded"
	if d.Topic != "" {
		body, contentType = s.payload(d), "application/json"
	}
	r, err := http.NewRequest(http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return nil
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("User-Agent", "WooCommerce/10.0.2 Hookshot (WordPress/6.8.8)")
	if d.Topic != "" {
		event := strings.TrimPrefix(d.Topic, "order.")
		for k, v := range map[string]string{"Source": s.home() + "/", "Topic": d.Topic, "Resource": "order", "Event": event,
			"Signature": Sign(body, h.Secret), "ID": itoa(h.ID), "Delivery-ID": d.ID} {
			r.Header.Set("X-WC-Webhook-"+k, v)
		}
	}
	return r
}

// Sign is the signature of a body: base64 of its HMAC-SHA256.
func Sign(body []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (s *Server) payload(d Delivery) []byte {
	var v any = object{"id": d.Order}
	if d.Topic != "order.deleted" {
		v = invalidID()
		if o, ok := s.orders[d.Order]; ok {
			v = s.render(o, -1)
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic("wootest: " + err.Error())
	}
	return b
}

func (s *Server) delivered(d Delivery, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hook(d.Hook)
	if h == nil || ok {
		if h != nil {
			h.Failures = 0
		}
		return
	}
	if h.Failures++; h.Failures > 5 {
		h.Status = "disabled"
	}
}

// emit queues a message for everyone who subscribed.
func (s *Server) emit(order int64, event string) {
	for _, h := range s.webhooks {
		if h.Topic == "order."+event && h.Status == "active" {
			s.outbox = append(s.outbox, Delivery{ID: s.deliveryID(), Hook: h.ID, Topic: h.Topic, Order: order})
		}
	}
}

func (s *Server) deliveryID() string {
	sum := md5.Sum(fmt.Appendf(nil, "%d %d", s.newID(), time.Now().Unix())) //nolint:gosec // as above
	return hex.EncodeToString(sum[:])
}

func (s *Server) hook(id int64) *Webhook {
	for _, h := range s.webhooks {
		if h.ID == id {
			return h
		}
	}
	return nil
}

func (s *Server) subscribe(h Webhook) *Webhook {
	h.ID, h.Status = s.newID(), "active"
	s.webhooks = append(s.webhooks, &h)
	s.outbox = append(s.outbox, Delivery{Hook: h.ID})
	return &h
}

// shown is a webhook as the API shows it: without its secret.
func shown(h Webhook) Webhook { h.Secret = ""; return h }

func (c *call) listWebhooks() {
	out := []Webhook{}
	for _, h := range c.webhooks {
		out = append(out, shown(*h))
	}
	c.json(http.StatusOK, out)
}

func (c *call) createWebhook() {
	var h Webhook
	if !c.decode(&h) {
		return
	}
	if !strings.HasPrefix(h.Topic, "order.") || h.URL == "" {
		c.refuse(fail(http.StatusBadRequest, "woocommerce_rest_webhook_invalid_topic", "Webhook topic must be valid."))
		return
	}
	c.json(http.StatusCreated, shown(*c.subscribe(h)))
}

// webhook finds the one of the route; nil after having refused.
func (c *call) webhook() *Webhook {
	h := c.hook(c.id)
	if h == nil {
		c.refuse(fail(http.StatusNotFound, "woocommerce_rest_shop_webhook_invalid_id", "Invalid ID."))
	}
	return h
}

func (c *call) getWebhook() {
	if h := c.webhook(); h != nil {
		c.json(http.StatusOK, shown(*h))
	}
}

func (c *call) updateWebhook() {
	h := c.webhook()
	w := Webhook{}
	if h == nil || !c.decode(&w) {
		return
	}
	h.Status, h.URL, h.Secret = or(w.Status, h.Status), or(w.URL, h.URL), or(w.Secret, h.Secret)
	h.Failures = 0
	c.json(http.StatusOK, shown(*h))
}

func (c *call) deleteWebhook() {
	if h := c.webhook(); h != nil {
		gone := shown(*h)
		kept := c.webhooks[:0]
		for _, other := range c.webhooks {
			if other.ID != h.ID {
				kept = append(kept, other)
			}
		}
		c.webhooks = kept
		c.json(http.StatusOK, gone)
	}
}
