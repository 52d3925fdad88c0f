package woocommerce

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/openmip/openmip/mip"
)

// ping is what WooCommerce sends, unsigned and as a form, when a webhook is
// made.
var ping = regexp.MustCompile(`^webhook_id=[0-9]{1,20}$`)

// Webhook verifies a delivery by the signature over its raw body, in constant
// time, and names the order it is about. A ping is the one delivery that may
// be unsigned; it and topics that are not about orders have no Refs. Anything
// else unsigned or wrongly signed is [mip.ErrUnauthorized], a signed body that
// names no order [mip.ErrContract]. The order's content is not used: WooCommerce
// sends late, twice and out of order, so whoever gets the Ref reads it anew.
func (s *Shop) Webhook(h http.Header, body []byte) (mip.Delivery, error) {
	fail := func(kind error, why string) (mip.Delivery, error) {
		return mip.Delivery{}, &mip.Error{Op: "woocommerce: webhook", Kind: kind, Err: errors.New(why)}
	}
	sum := sha256.Sum256(body)
	d := mip.Delivery{ID: hex.EncodeToString(sum[:16]), Topic: "ping"}
	given := h.Get("X-WC-Webhook-Signature")
	if given == "" && ping.Match(body) {
		return d, nil
	}
	if !s.config.WebhookSecret.Set() {
		return fail(mip.ErrUnauthorized, "no webhook secret is configured")
	}
	mac := hmac.New(sha256.New, []byte(s.config.WebhookSecret.Reveal()))
	mac.Write(body)
	signature, err := base64.StdEncoding.DecodeString(given)
	if err != nil || !hmac.Equal(signature, mac.Sum(nil)) {
		return fail(mip.ErrUnauthorized, "wrong or missing signature")
	}
	d.Topic = cut(strings.ToValidUTF8(h.Get("X-WC-Webhook-Topic"), ""), 64)
	// The header is not signed, so it only tells repetitions from equal news.
	if id := h.Get("X-WC-Webhook-Delivery-ID"); id != "" {
		more := sha256.Sum256([]byte(id))
		d.ID += hex.EncodeToString(more[:8])
	}
	if d.Topic != "" && !strings.HasPrefix(d.Topic, "order.") {
		return d, nil
	}
	var o struct{ ID text }
	_ = json.Unmarshal(body, &o)
	if ref := (mip.Ref{Channel: s.config.Name, ID: string(o.ID)}); s.owns(ref) == nil {
		d.Refs = []mip.Ref{ref}
	}
	return d, nil
}
