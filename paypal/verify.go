package paypal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// VerifyWebhook asks PayPal whether a webhook is its own, and reads it. header
// and body are those of the request as it came: PayPal compares the bytes.
// A forged one is [mip.ErrUnauthorized]; any other error says nothing, so
// answer with a failure and PayPal sends it again. Events of PayPal's
// simulator cannot be verified. [Verifier] does it without a call.
func (c *Client) VerifyWebhook(ctx context.Context, webhookID string, header http.Header, body []byte, opts ...Option) (Event, error) {
	const path = "/v1/notifications/verify-webhook-signature"
	s, err := signatureOf(header)
	if err != nil {
		return Event{}, err
	}
	if !webhookName.MatchString(webhookID) {
		return Event{}, refused(http.MethodPost, path, errors.New("no webhook id"))
	}
	event, err := ParseEvent(body)
	if err != nil {
		return Event{}, forged("not an event")
	}
	var out struct {
		Status string `json:"verification_status"`
	}
	err = c.read(ctx, call{Call: rest.Call{Method: http.MethodPost, Path: path, Body: s.question(webhookID, body), Out: &out}}, opts)
	switch {
	case err != nil:
		return Event{}, err
	case out.Status == "FAILURE":
		return Event{}, forged("PayPal did not send it")
	case out.Status != "SUCCESS":
		return Event{}, &mip.Error{Op: "paypal: POST " + path, Kind: mip.ErrContract, Err: errors.New("no verdict")}
	}
	return event, nil
}

// question puts the event's own bytes at the end: the encoder would compact
// and escape them.
func (s signature) question(webhookID string, body []byte) []byte {
	head, _ := json.Marshal(map[string]string{ // strings marshal
		"auth_algo": s.algorithm, "cert_url": s.certificate, "transmission_id": s.id, "transmission_sig": s.text,
		"transmission_time": s.time, "webhook_id": webhookID,
	})
	return append(append(append(bytes.TrimSuffix(head, []byte("}")), `,"webhook_event":`...), body...), '}')
}
