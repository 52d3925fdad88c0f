package paypaltest

import (
	"errors"
	"fmt"
	"time"
)

// chargeback is why a payment went back without the receiver.
const chargeback = "CHARGEBACK"

// What a test's payer cannot do.
var (
	ErrUnknownID = errors.New("paypaltest: no such thing")
	ErrState     = errors.New("paypaltest: its state does not allow this")
)

// Approve is the payer who logs in and agrees to pay an order.
func (s *Server) Approve(orderID string) error { return s.ApproveWith(orderID, Instant) }

// ApproveWith is [Server.Approve] with a certain instrument. An order that was
// approved before is approved with another one. [ECheck] is refused where the
// order asks for immediate payment.
func (s *Server) ApproveWith(orderID string, funding Funding) error {
	now := s.enter()
	defer s.mu.Unlock()
	o, err := s.approvable(orderID, now)
	if err != nil {
		return err
	}
	if funding == ECheck && o.immediate() {
		return fmt.Errorf("%w: the order asks for immediate payment", ErrState)
	}
	s.approve(o, funding, now)
	return nil
}

func (s *Server) approvable(orderID string, now time.Time) (*order, error) {
	o, known := s.byID[orderID].(*order)
	switch {
	case !known:
		return nil, fmt.Errorf("%w: order %s", ErrUnknownID, orderID)
	case s.expired(o, now):
		return nil, fmt.Errorf("%w: the order has expired", ErrState)
	case o.status == "COMPLETED" || o.status == "VOIDED":
		return nil, fmt.Errorf("%w: the order is %s", ErrState, o.status)
	}
	return o, nil
}

func (s *Server) approve(o *order, funding Funding, now time.Time) {
	o.status, o.funding, o.approved, o.updated = "APPROVED", funding, now, now
	s.emit(now, "CHECKOUT.ORDER.APPROVED", "checkout-order", "An order has been approved by buyer", o.shown(s))
}

// Decline is the payer who agrees, with an instrument that will be declined
// when the order is captured or authorized.
func (s *Server) Decline(orderID string) error { return s.ApproveWith(orderID, Declined) }

// CancelAtPayPal is the payer who leaves the page without agreeing. PayPal
// tells nobody: the order stays as it is, and may still be approved. It
// returns where the payer is sent to, empty if the order does not say.
func (s *Server) CancelAtPayPal(orderID string) (cancelURL string, err error) {
	now := s.enter()
	defer s.mu.Unlock()
	o, err := s.approvable(orderID, now)
	if err != nil {
		return "", err
	}
	return withQuery(o.cancelURL, "token", o.id), nil
}

// ReverseApproval takes an approval back before the capture: by PayPal's risk
// control, or by the payer.
func (s *Server) ReverseApproval(orderID string) error {
	now := s.enter()
	defer s.mu.Unlock()
	o, known := s.byID[orderID].(*order)
	if !known {
		return fmt.Errorf("%w: order %s", ErrUnknownID, orderID)
	}
	if o.status != "APPROVED" {
		return fmt.Errorf("%w: the order is %s", ErrState, o.status)
	}
	o.status, o.approved, o.updated = "CREATED", time.Time{}, now
	if o.form.Source != nil {
		o.status = "PAYER_ACTION_REQUIRED"
	}
	s.emit(now, "CHECKOUT.PAYMENT-APPROVAL.REVERSED", "checkout-order", "The approval of a payment was reversed", s.reversal(o))
	return nil
}

// reversal is the resource of CHECKOUT.PAYMENT-APPROVAL.REVERSED.
func (s *Server) reversal(o *order) object {
	units := make([]object, len(o.units))
	for i, u := range o.units {
		units[i] = object{"reference_id": u.reference}
		units[i].put("custom_id", text(u.form.Custom))
		units[i].put("invoice_id", text(u.form.Invoice))
	}
	return object{"order_id": o.id, "purchase_units": units, "payment_source": object{"paypal": object{}}}
}

// ApproveSetup is the payer who agrees to pay by himself from now on.
func (s *Server) ApproveSetup(setupToken string) error {
	now := s.enter()
	defer s.mu.Unlock()
	return s.approveSetup(setupToken, now)
}

func (s *Server) approveSetup(id string, now time.Time) error {
	t, known := s.byID[id].(*setupToken)
	switch {
	case !known:
		return fmt.Errorf("%w: setup token %s", ErrUnknownID, id)
	case t.used || now.Sub(t.created) > setupLife:
		return fmt.Errorf("%w: the setup token is used or expired", ErrState)
	}
	t.status = "APPROVED"
	return nil
}

// Vault saves the payer's account without the ceremony and returns the
// payment token's id.
func (s *Server) Vault(customer string) string {
	now := s.enter()
	defer s.mu.Unlock()
	return s.newPaymentToken(customer, now).id
}

// RevokeConsent is the payer who withdraws a saved account in his settings.
func (s *Server) RevokeConsent(paymentToken string) error {
	now := s.enter()
	defer s.mu.Unlock()
	p, err := s.token(paymentToken)
	if err != nil {
		return err
	}
	s.deleteToken(p, now)
	return nil
}

// Fund says where the money of a saved account comes from, from now on.
func (s *Server) Fund(paymentToken string, funding Funding) error {
	s.enter()
	defer s.mu.Unlock()
	p, err := s.token(paymentToken)
	if err != nil {
		return err
	}
	p.funding = funding
	return nil
}

func (s *Server) token(id string) (*paymentToken, error) {
	p, known := s.byID[id].(*paymentToken)
	if !known || p.deleted {
		return nil, fmt.Errorf("%w: payment token %s", ErrUnknownID, id)
	}
	return p, nil
}

// CompleteCapture lets the money of a pending capture arrive.
func (s *Server) CompleteCapture(captureID string) error {
	return s.changeCapture(captureID, "PENDING", "COMPLETED", "", "COMPLETED")
}

// DenyCapture ends a pending capture without money.
func (s *Server) DenyCapture(captureID string) error {
	return s.changeCapture(captureID, "PENDING", "DECLINED", "", "DENIED")
}

// ReverseCapture takes a completed payment back from the receiver, after a
// dispute.
func (s *Server) ReverseCapture(captureID string) error {
	return s.changeCapture(captureID, "COMPLETED", "REFUNDED", chargeback, "REVERSED")
}

func (s *Server) changeCapture(id, from, to, reason, event string) error {
	now := s.enter()
	defer s.mu.Unlock()
	c, known := s.byID[id].(*capture)
	if !known {
		return fmt.Errorf("%w: capture %s", ErrUnknownID, id)
	}
	if c.status != from {
		return fmt.Errorf("%w: the capture is %s", ErrState, c.status)
	}
	c.status, c.reason, c.updated = to, reason, now
	s.emitCapture(now, c, event)
	return nil
}

// CompleteRefund ends a pending refund. See [Switches.PendingRefunds].
func (s *Server) CompleteRefund(refundID string) error { return s.changeRefund(refundID, "COMPLETED") }

// FailRefund ends a pending refund without money.
func (s *Server) FailRefund(refundID string) error { return s.changeRefund(refundID, "FAILED") }

func (s *Server) changeRefund(id, to string) error {
	now := s.enter()
	defer s.mu.Unlock()
	r, known := s.byID[id].(*refund)
	if !known {
		return fmt.Errorf("%w: refund %s", ErrUnknownID, id)
	}
	if r.status != "PENDING" {
		return fmt.Errorf("%w: the refund is %s", ErrState, r.status)
	}
	r.status = to
	s.refundSettled(r, now)
	return nil
}
