package paypal

import (
	"encoding/json"
	"errors"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Event is what a webhook is about, by ids only. It is a hint: events come
// late, twice and in any order, so read the order or the capture and act on
// that. ID is the same in every repetition.
type Event struct {
	ID   string
	Type string // "CHECKOUT.ORDER.APPROVED"; types that nobody knows come through
	// ResourceID is the id of what changed. The others are what could be
	// found in it, empty if there was none.
	ResourceID string
	OrderID    string
	CaptureID  string
	CustomID   string    // [Unit].CustomID; empty if the order has several units
	InvoiceID  string    // [Unit].InvoiceID; empty if the order has several units
	TokenID    string    // [PaymentToken].ID
	At         time.Time // when it happened, UTC; zero = not said
}

var (
	payPalID  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	eventType = regexp.MustCompile(`^[A-Z][A-Z0-9._-]{1,99}$`)
)

type envelope struct {
	ID       string `json:"id"`
	Type     string `json:"event_type"`
	Kind     string `json:"resource_type"`
	At       stamp  `json:"create_time"`
	Resource json.RawMessage
}

type resource struct {
	ID        string `json:"id"`
	OrderID   string `json:"order_id"`
	CustomID  string `json:"custom_id"`
	InvoiceID string `json:"invoice_id"`
	Related   struct {
		IDs struct {
			Order   string `json:"order_id"`
			Capture string `json:"capture_id"`
		} `json:"related_ids"`
	} `json:"supplementary_data"`
	Units []struct {
		CustomID  string `json:"custom_id"`
		InvoiceID string `json:"invoice_id"`
	} `json:"purchase_units"`
	Links []link `json:"links"`
}

// ParseEvent reads a webhook's body; verify it first, see [Verifier]. A body
// without an id and a type is [mip.ErrInvalid]. A resource of another form
// than expected gives an event with fewer ids.
func ParseEvent(body []byte) (Event, error) {
	var e envelope
	if err := rest.Decode(body, &e); err != nil {
		return Event{}, &mip.Error{Op: "paypal: webhook", Kind: mip.ErrInvalid, Err: errors.New("not an event")}
	}
	if !payPalID.MatchString(e.ID) || !eventType.MatchString(e.Type) {
		return Event{}, &mip.Error{Op: "paypal: webhook", Kind: mip.ErrInvalid, Err: errors.New("an event without id or type")}
	}
	var r resource
	_ = json.Unmarshal(e.Resource, &r) // fields of another type are left out
	out := Event{ID: e.ID, Type: e.Type, At: e.At.Time, ResourceID: match(payPalID, r.ID), OrderID: match(payPalID, r.Related.IDs.Order),
		CustomID: own(r.CustomID), InvoiceID: own(r.InvoiceID)}
	switch {
	case strings.HasPrefix(e.Type, "CHECKOUT.ORDER."):
		out.OrderID = out.ResourceID
	case strings.HasPrefix(e.Type, "CHECKOUT.PAYMENT-APPROVAL."):
		out.OrderID = match(payPalID, r.OrderID)
	case strings.HasPrefix(e.Type, "PAYMENT.CAPTURE."):
		out.CaptureID = captureOf(e.Kind, out.ResourceID, r)
	case strings.HasPrefix(e.Type, "VAULT.PAYMENT-TOKEN."):
		out.TokenID = out.ResourceID
	}
	if len(r.Units) == 1 {
		out.CustomID, out.InvoiceID = own(r.Units[0].CustomID), own(r.Units[0].InvoiceID)
	}
	return out, nil
}

// captureOf: the events of refunds are named after the capture, and their
// resource is the refund, which leads up to it.
func captureOf(kind, id string, r resource) string {
	if kind != "refund" {
		return id
	}
	if up := linked(r.Links, "up"); path.Base(path.Dir(up)) == "captures" {
		return match(payPalID, path.Base(up))
	}
	return match(payPalID, r.Related.IDs.Capture)
}

// own passes on what may have been our own reference.
func own(text string) string {
	if long(text, 127) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd }) {
		return ""
	}
	return text
}
