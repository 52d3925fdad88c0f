package mip_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/openmip/openmip/mip"
)

// world is an order under a random sequence of events, with a supplier's own
// book of what each call bought.
type world struct {
	o      mip.Order
	at     time.Time
	bought map[string]int // line id → pieces really bought
	nextID int
	settle map[int]bool // attempts whose payment is to be settled or released
}

func kinds() []mip.EventKind {
	var out []mip.EventKind
	for _, t := range mip.Transitions() {
		if !slices.Contains(out, t.On) {
			out = append(out, t.On)
		}
	}
	return out
}

func TestStepKeepsItsPromisesOverAnySequenceOfEvents(t *testing.T) {
	table := mip.Transitions()
	rapid.Check(t, func(rt *rapid.T) {
		w := &world{o: mip.Order{Facts: mip.Facts{Ref: mip.Ref{Channel: "shop", ID: "1"}}},
			at: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), bought: map[string]int{}, settle: map[int]bool{}}
		for range rapid.IntRange(1, 60).Draw(rt, "events") {
			w.at = w.at.Add(time.Duration(rapid.IntRange(0, 3600).Draw(rt, "seconds")) * time.Second)
			e := w.event(rt)
			before, _ := json.Marshal(w.o)
			r, err := mip.Step(w.o, e, w.at)
			after, _ := json.Marshal(w.o)
			require.Equal(rt, string(before), string(after), "Step changed the order it was given (%s)", e.Kind)
			if err != nil {
				require.True(rt, errors.Is(err, mip.ErrIgnored) || errors.Is(err, mip.ErrIllegal) || errors.Is(err, mip.ErrInvalid), "%v", err)
				rest, _ := json.Marshal(r.Order)
				require.Equal(rt, string(before), string(rest), "%s failed and changed the order", e.Kind)
				require.Empty(rt, r.Effects, "%s failed and left effects", e.Kind)
				continue
			}
			require.True(rt, slices.Contains(table, mip.Transition{From: w.o.State, On: e.Kind, To: r.Order.State}),
				"%s → %s on %s is not in the table", w.o.State, r.Order.State, e.Kind)
			w.o = r.Order
			w.o.Version++
			for _, f := range r.Effects {
				if f.Kind == mip.EffectSettle {
					w.settle[f.Attempt] = true
				}
			}
			w.check(rt, e)
		}
	})
}

// event draws an event, biased towards ones that can do something.
func (w *world) event(rt *rapid.T) mip.Event {
	allowed := w.o.State.Allowed()
	k := rapid.SampledFrom(kinds()).Draw(rt, "kind")
	if len(allowed) > 0 && rapid.IntRange(0, 9).Draw(rt, "likely") > 0 {
		k = rapid.SampledFrom(allowed).Draw(rt, "allowed")
	}
	e := mip.Event{Kind: k, Actor: "tester", Version: w.o.Version, Next: w.at.Add(time.Minute)}
	if a := w.o.LastAttempt(); a != nil {
		e.Attempt = a.Number
	}
	finding := mip.Finding{Code: rapid.SampledFrom([]string{"stock.out_of_stock", "address.too_long", mip.CodeOutcomeUnknown}).Draw(rt, "code"),
		Severity: rapid.SampledFrom([]mip.Severity{mip.Blocking, mip.Overridable}).Draw(rt, "severity"), AutoClear: rapid.Bool().Draw(rt, "auto")}
	switch k {
	case mip.EventImported:
		f := w.facts(rt)
		e.Facts = &f
	case mip.EventHeld, mip.EventGaveUp, mip.EventNoted:
		e.Findings = []mip.Finding{finding}
	case mip.EventRefused, mip.EventAbsent:
		e.Findings, e.Proven = []mip.Finding{finding}, rapid.Bool().Draw(rt, "proven")
		e.Payment = rapid.SampledFrom([]string{"", "paypal"}).Draw(rt, "again")
	case mip.EventUnclear:
		if rapid.Bool().Draw(rt, "ask") {
			e.Findings = []mip.Finding{finding}
		}
	case mip.EventApproved:
		e.Quote = &mip.Quote{Total: mip.EUR(rapid.SampledFrom([]int64{10_00, 12_00}).Draw(rt, "price"))}
	case mip.EventSending:
		e.Payment, e.Amount = "wallet", mip.EUR(10_00)
	case mip.EventAwaiting:
		e.Payment, e.Findings = "paypal", []mip.Finding{{Code: mip.CodePaymentPending, Path: "payment", Severity: mip.Blocking, AutoClear: true}}
	case mip.EventSettled:
		e.Attempt = rapid.IntRange(1, max(1, len(w.o.Attempts))).Draw(rt, "attempt")
	case mip.EventPaymentEnded:
		e.Attempt = rapid.IntRange(1, max(1, len(w.o.Attempts))).Draw(rt, "attempt")
		e.Findings = []mip.Finding{{Code: mip.CodePaymentEnded, Path: "payment", Severity: mip.Blocking, AutoClear: true}}
	case mip.EventPaying:
		e.Payment = rapid.SampledFrom([]string{"wallet", "paypal"}).Draw(rt, "turns to")
	case mip.EventPaymentChosen:
		e.Payment = rapid.SampledFrom([]string{"", "wallet", "paypal"}).Draw(rt, "method")
	case mip.EventPlaced:
		w.place(rt, &e)
	case mip.EventTracked:
		e.PayBy = w.at.Add(time.Duration(rapid.IntRange(1, 7200).Draw(rt, "pay within")) * time.Second)
		for _, p := range w.o.Placements {
			e.Tracking = append(e.Tracking, mip.Tracking{ID: p.ID, Status: rapid.SampledFrom([]mip.PlacementStatus{"",
				mip.PlacementAwaitingPayment, mip.PlacementInProcess, mip.PlacementShipped, mip.PlacementDelivered, mip.PlacementCancelled}).Draw(rt, "status"),
				Parcels: []mip.Parcel{{ID: "p", Number: rapid.StringMatching("[A-Z]{3}").Draw(rt, "number")}}})
		}
	case mip.EventAddressEdited:
		e.Address = &mip.Address{Line1: rapid.StringMatching("[a-z]{1,3}").Draw(rt, "line1")}
	case mip.EventShippingChosen:
		e.Shipping = []string{rapid.StringMatching("[a-z]{1,2}").Draw(rt, "carrier")}
	case mip.EventOverridden:
		e.Override = &mip.Override{Code: finding.Code, Actor: "tester", Why: "because"}
		if len(w.o.Findings) > 0 {
			e.Override.Code, e.Override.Path = w.o.Findings[0].Code, w.o.Findings[0].Path
		}
	case mip.EventReported, mip.EventReportRefused:
		s := w.o.Status()
		e.Status = &s
	}
	return e
}

func (w *world) facts(rt *rapid.T) mip.Facts {
	return mip.Facts{Ref: w.o.Ref, Demand: rapid.SampledFrom([]mip.Demand{mip.DemandShip, mip.DemandShip, mip.DemandShip,
		mip.DemandCancel, mip.DemandUnpaid, mip.DemandClosed}).Draw(rt, "demand"),
		ShipTo: mip.Address{Line1: rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "street")},
		Lines: []mip.Line{{ID: "1", SKU: "A", Quantity: 2, Cancelled: rapid.IntRange(0, 2).Draw(rt, "cancelled")},
			{ID: "2", SKU: "B", Quantity: 1}},
		UpdatedAt: w.at}
}

// place lets the supplier buy what the open attempt covers, or part of it, as
// a real one would: only while an attempt is out.
func (w *world) place(rt *rapid.T, e *mip.Event) {
	a := w.o.LastAttempt()
	if a == nil || !a.InFlight() || a.SentAt.IsZero() {
		return
	}
	items := slices.Clone(a.Items)
	if rapid.Bool().Draw(rt, "partly") {
		items = items[:1]
		e.Findings = []mip.Finding{{Code: "stock.out_of_stock", Severity: mip.Blocking, AutoClear: true}}
	}
	w.nextID++
	e.Placements = []mip.Placement{{ID: fmt.Sprint(w.nextID), Reference: a.Reference, Items: items}}
}

// check holds what must be true of every order at all times.
func (w *world) check(rt *rapid.T, e mip.Event) {
	inFlight := 0
	for _, a := range w.o.Attempts {
		if a.InFlight() {
			inFlight++
		}
	}
	require.LessOrEqual(rt, inFlight, 1, "two attempts at once after %s", e.Kind)
	w.money(rt, e)
	covered := map[string]int{}
	for _, p := range w.o.Placements {
		if p.Status != mip.PlacementCancelled {
			for _, it := range p.Items {
				covered[it.LineID] += it.Quantity
			}
		}
	}
	for _, l := range w.o.Lines {
		require.LessOrEqual(rt, covered[l.ID], l.Quantity, "line %s is bought twice after %s", l.ID, e.Kind)
	}
	if w.o.State == mip.StatePendingReview {
		require.NotEmpty(rt, w.o.Findings, "held without a reason after %s", e.Kind)
		require.False(rt, w.o.HeldSince.IsZero())
	}
	if w.o.State == mip.StateSubmitting {
		require.True(rt, w.o.InFlight(), "submitting without an attempt after %s", e.Kind)
	}
	if w.o.State == mip.StateManuallySent {
		require.False(rt, w.o.InFlight(), "manually sent beside an attempt after %s", e.Kind)
	}
	if w.o.CancelAsked && w.o.State == mip.StateSubmitting {
		a := w.o.LastAttempt()
		require.False(rt, a.Outcome == mip.OutcomeOpen && a.SentAt.IsZero(), "an order cancelled before it left is still being submitted")
	}
	refs := map[string]bool{}
	for _, a := range w.o.Attempts {
		if a.Outcome == mip.OutcomePlaced || a.Outcome == mip.OutcomePartial {
			assert.False(rt, refs[a.Reference], "reference %s was used up twice", a.Reference)
			refs[a.Reference] = true
		}
	}
}

// money: every attempt that ended has its payment closed, or about to be, or
// kept for the next attempt, by one attempt at a time.
func (w *world) money(rt *rapid.T, e mip.Event) {
	waiting, owners := 0, map[string]int{}
	for _, a := range w.o.Attempts {
		if a.Awaits {
			waiting++
			require.Equal(rt, mip.StatePendingReview, w.o.State, "a payment waits for nothing after %s", e.Kind)
		}
		if !a.Settled && a.Pledge.Key != "" {
			owners[a.Pledge.Key]++
			require.Equal(rt, 1, owners[a.Pledge.Key], "two attempts own one payment after %s", e.Kind)
		}
		if !a.InFlight() && !a.Awaits && !a.Settled {
			require.True(rt, w.settle[a.Number], "attempt %d ended and nobody closes its payment, after %s", a.Number, e.Kind)
		}
	}
	require.LessOrEqual(rt, waiting, 1, "two payments wait after %s", e.Kind)
}
