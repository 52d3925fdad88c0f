package bigbuytest

import (
	"time"

	"github.com/openmip/openmip/mip"
)

// PayPalMode says what becomes of orders with the payment method "paypal".
type PayPalMode string

const (
	PayPalPays  PayPalMode = ""      // charged by itself: the order goes into process
	PayPalWaits PayPalMode = "waits" // the order waits for a person to pay
	PayPalOff   PayPalMode = "off"   // refused with ER011
)

// Switches change how the server behaves until they are changed back with
// [Server.Switch]. The zero value is the best-supported reading of the public
// facts.
type Switches struct {
	// Sandbox makes it BigBuy's sandbox: an unknown reference is answered
	// with 500, there is no catalogue and no carrier, the purse shows
	// "10000.00".
	Sandbox bool
	// NoLimits switches the rate limiter and its headers off.
	NoLimits bool
	// Hurry makes the windows of the rate limiter so many times shorter, for
	// tests in real time. 0 and 1 = BigBuy's own.
	Hurry int
	// Latency delays every answer. What the request did is done before.
	Latency time.Duration
	// LookupLag hides an order from order/reference for so long after it was
	// made. Everything else knows it at once.
	LookupLag time.Duration
	// LateBy is when a request spoilt with [LateCommit] takes effect after
	// all. 0 = 10 seconds.
	LateBy time.Duration
	// TypeFlips turns numbers into strings and strings into numbers in every
	// answer, for ids, codes and money.
	TypeFlips bool

	// PayPal decides about orders paid with PayPal.
	PayPal PayPalMode
	// MinimumOrder refuses smaller orders with ER007. No amount = no minimum.
	MinimumOrder mip.Money
	// BankwireMinimum refuses smaller orders paid by bank transfer with
	// ER012. No amount = €200.00.
	BankwireMinimum mip.Money
	// PackMissing refuses every order with ER014.
	PackMissing bool

	// CarriersRequired refuses an order without a list of carriers.
	CarriersRequired bool
	// PostcodeInForm refuses a wrong postcode of an order with 400 on the
	// field instead of ER004.
	PostcodeInForm bool
	// PlainNotFound answers 404 with a plain text instead of ER001 and ER010.
	PlainNotFound bool
	// DumpErrors puts a text dump of the form's errors in the place of
	// "Validation Failed".
	DumpErrors bool
	// FlatDuplicate reports a used reference on order/create/multishipping as
	// an entry of "errors", without the earlier order's id.
	FlatDuplicate bool
	// MultiStatus is the status of order/create/multishipping. 0 = 200.
	MultiStatus int
	// WholeRefusal answers a multishipping call of which no part is possible
	// as if it were a plain one: with the first reason alone, as 409.
	WholeRefusal bool
	// MultiRefusedStatus is its status when nothing was made. 0 = MultiStatus.
	MultiRefusedStatus int

	// ShipAfter ships an order so long after it went into process, with a
	// tracking number of its own. 0 = only [Server.Ship] does.
	ShipAfter time.Duration
	// TrackAfter holds the tracking of orders shipped by ShipAfter back.
	TrackAfter time.Duration
	// DeliverAfter delivers an order so long after it was shipped. 0 = only
	// [Server.Deliver] does.
	DeliverAfter time.Duration
	// OwnNumberInTracking shows BigBuy's order number instead of the internal
	// reference in the answers of tracking.
	OwnNumberInTracking bool
	// HonourISOCode translates order statuses where isoCode=en is asked for.
	HonourISOCode bool
}

// Switch changes the switches in one step, atomically. change must not use the
// server.
func (s *Server) Switch(change func(*Switches)) {
	s.enter()
	defer s.mu.Unlock()
	change(&s.sw)
}

func (w Switches) lateBy() time.Duration {
	if w.LateBy == 0 {
		return 10 * time.Second
	}
	return w.LateBy
}

func (w Switches) bankwireMinimum() mip.Money {
	if w.BankwireMinimum.Currency() == "" {
		return mip.EUR(200_00)
	}
	return w.BankwireMinimum
}
