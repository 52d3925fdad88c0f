package woocommerce

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// ping is what WooCommerce sends, unsigned and as a form, when a webhook is
// made.
var ping = regexp.MustCompile(`^webhook_id=[0-9]{1,20}$`)

// Webhook verifies a delivery by the signature over its raw body, in constant
// time, and names the order it is about. A ping is the one delivery that may
// be unsigned; it, topics that are not about orders, and orders that are gone by
// the time of sending have no Refs. Anything else unsigned or wrongly signed is
// [mip.ErrUnauthorized]. The order's content is not used: WooCommerce sends
// late, twice and out of order, so whoever gets the Ref reads it anew.
func (s *Shop) Webhook(h http.Header, body []byte) (mip.Delivery, error) {
	fail := func(kind error, why string) (mip.Delivery, error) {
		return mip.Delivery{}, &mip.Error{Op: "woocommerce: webhook", Kind: kind, Err: errors.New(why)}
	}
	d := mip.Delivery{ID: rest.DeliveryID(body, h.Get("X-WC-Webhook-Delivery-ID")), Topic: "ping"}
	given := h.Get("X-WC-Webhook-Signature")
	if given == "" && ping.Match(body) {
		return d, nil
	}
	if !s.config.WebhookSecret.Set() {
		return fail(mip.ErrUnauthorized, "no webhook secret is configured")
	}
	if !rest.Signed(body, given, s.config.WebhookSecret) {
		return fail(mip.ErrUnauthorized, "wrong or missing signature")
	}
	d.Topic = cut(strings.ToValidUTF8(h.Get("X-WC-Webhook-Topic"), ""), 64)
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
