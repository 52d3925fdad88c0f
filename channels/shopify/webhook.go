package shopify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Webhook verifies a delivery by the signature over its raw body, in constant
// time, and names the order it is about. The secret of the app signs for all
// its shops, so a delivery that another shop's name comes with is
// [mip.ErrInvalid]. Topics of orders and of fulfillments have Refs; those of
// fulfillment orders name no order, and are left to the next reading.
func (s *Shop) Webhook(h http.Header, body []byte) (mip.Delivery, error) {
	if !s.signed(h.Get("X-Shopify-Hmac-Sha256"), body) {
		return mip.Delivery{}, fail("webhook", mip.ErrUnauthorized, "wrong or missing signature, or no secret is configured")
	}
	if from := h.Get("X-Shopify-Shop-Domain"); from != "" && !strings.EqualFold(from, s.host()) {
		return mip.Delivery{}, fail("webhook", mip.ErrInvalid, "another shop's delivery")
	}
	// The headers are not signed: the id only tells repetitions from equal news.
	sum, more := sha256.Sum256(body), sha256.Sum256([]byte(h.Get("X-Shopify-Webhook-Id")))
	d := mip.Delivery{ID: hex.EncodeToString(sum[:16]) + hex.EncodeToString(more[:8]), Topic: topic(h.Get("X-Shopify-Topic"))}
	var o struct {
		GID     string      `json:"admin_graphql_api_id"`
		ID      json.Number `json:"id"`
		OrderID json.Number `json:"order_id"`
	}
	_ = json.Unmarshal(body, &o)
	var id string
	switch kind, _, _ := strings.Cut(d.Topic, "/"); {
	case kind == "fulfillments":
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

func (s *Shop) signed(given string, body []byte) bool {
	signature, err := base64.StdEncoding.DecodeString(given)
	if err != nil || given == "" {
		return false
	}
	ok := false
	for _, secret := range []rest.Secret{s.config.ClientSecret, s.config.OldSecret} {
		if secret.Set() {
			mac := hmac.New(sha256.New, []byte(secret.Reveal()))
			mac.Write(body)
			ok = hmac.Equal(signature, mac.Sum(nil)) || ok
		}
	}
	return ok
}

// topic passes words such as "orders/create" only.
func topic(given string) string {
	if len(given) > 64 || strings.Trim(given, "abcdefghijklmnopqrstuvwxyz0123456789_/") != "" {
		return "unknown"
	}
	return given
}
