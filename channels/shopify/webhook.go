package shopify

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Webhook verifies a delivery by the signature over its raw body, in constant
// time, and names the order it is about. The secret of the app signs for all
// its shops, so a delivery that another shop's name comes with is
// [mip.ErrInvalid]. Topics of orders, fulfillments, refunds and transactions have Refs; those of
// fulfillment orders name no order, and are left to the next reading.
func (s *Shop) Webhook(h http.Header, body []byte) (mip.Delivery, error) {
	if !rest.Signed(body, h.Get("X-Shopify-Hmac-Sha256"), s.config.ClientSecret, s.config.OldSecret) {
		return mip.Delivery{}, fail("webhook", mip.ErrUnauthorized, "wrong or missing signature, or no secret is configured")
	}
	if from := h.Get("X-Shopify-Shop-Domain"); from != "" && !strings.EqualFold(from, s.host()) {
		return mip.Delivery{}, fail("webhook", mip.ErrInvalid, "another shop's delivery")
	}
	d := mip.Delivery{ID: rest.DeliveryID(body, h.Get("X-Shopify-Webhook-Id")), Topic: topic(h.Get("X-Shopify-Topic"))}
	var o struct {
		GID     string      `json:"admin_graphql_api_id"`
		ID      json.Number `json:"id"`
		OrderID json.Number `json:"order_id"`
		Edit    struct {
			OrderID json.Number `json:"order_id"`
		} `json:"order_edit"`
	}
	_ = json.Unmarshal(body, &o)
	var id string
	switch kind, _, _ := strings.Cut(d.Topic, "/"); {
	case d.Topic == "orders/edited":
		id = o.Edit.OrderID.String()
	case kind == "fulfillments" || kind == "refunds" || kind == "order_transactions":
		id = o.OrderID.String()
	case kind == "orders" && o.GID == "":
		id = o.ID.String() // a deletion has nothing else
	case kind == "orders" || kind == "":
		id = tail("Order", o.GID)
	}
	if ref := (mip.Ref{Channel: s.config.Name, ID: id}); s.owns(ref) == nil {
		d.Refs = []mip.Ref{ref}
	}
	return d, nil
}

// topic passes words such as "orders/create" only.
func topic(given string) string {
	if len(given) > 64 || strings.Trim(given, "abcdefghijklmnopqrstuvwxyz0123456789_/") != "" {
		return "unknown"
	}
	return given
}
