package miptest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

func applyChecks() []StoreCheck {
	return []StoreCheck{
		{"every event is stored as Step decided it", "a store that interprets events is a second state machine", storesEveryEvent},
		{"any sequence of events gives what Step gives", "order, history and effects are one decision and must be kept as one", storesAnySequence},
		{"an order goes in and comes out whole", "orders come from people: any script, any length, any payload", keepsOrdersWhole},
		{"a payload that is no JSON is kept", "an order that cannot be read must not be lost as well", keepsAnyPayload},
		{"an unknown order is not found", "an event for an order that was never imported must not create one", unknownIsNotFound},
		{"an impossible identity is refused", "an order nobody can name can never be found again", badRefIsRefused},
		{"what Step refuses leaves no trace", "a person's refused command is an answer, not news", illegalLeavesNoTrace},
		{"an ignored event is recorded once and changes nothing", "late news is evidence, and must not look like a change", ignoredIsRecordedOnce},
		{"versions rise by one", "the version is the fence against decisions on old knowledge", versionsRise},
		{"what a caller changes in a value changes nothing in the store", "two workers on one order must not write into each other's memory", valuesAreCopies},
		{"a context that has ended changes nothing", "a caller that gave up must not cause anything", endedContextDoesNothing},
		{"an erased person is gone", "personal data must not survive in a copy beside the order", erasedIsGone},
	}
}

func storesEveryEvent(ctx context.Context, s mip.Store) error {
	b := book{}
	return b.live(ctx, s, plainFacts(shopRef(1)), func() error { return b.compare(ctx, s) })
}

func storesAnySequence(ctx context.Context, s mip.Store) error {
	rnd := rand.New(rand.NewPCG(1, 2)) // fixed: every store gets the same sequence
	b := book{}
	for i := range 400 {
		r := shopRef(rnd.IntN(6))
		var o mip.Order
		if en, ok := b[r]; ok {
			o = en.order
		}
		if err := b.both(ctx, s, r, anything(rnd, o, plainFacts(r)), minute(i)); err != nil {
			return err
		}
	}
	return b.compare(ctx, s)
}

// hostile is text that databases, encoders and templates trip over.
const hostile = "a\x00b\u2028 '\"`\\;--\n\r\t<script>&amp; % _ 日本語 ëé e\u0301 \u202eRTL 👩‍👩‍👧 \U0010ffff \ufeff{}[]$1"

func keepsOrdersWhole(ctx context.Context, s mip.Store) error {
	f := plainFacts(mip.Ref{Channel: "shop", ID: `Ünï/"c'; DROP–TABLE % 注文 ` + strings.Repeat("x", 60)})
	f.Number, f.Service, f.PickupPoint = hostile, hostile, hostile
	f.ShipTo.LastName, f.ShipTo.Line2 = strings.TrimSpace(hostile), strings.TrimSpace(hostile)
	f.Lines[0].Title, f.Lines[0].ID = hostile, hostile
	f.Lines[1].Total = mip.Minor(123_456_789_012_345, "JPY")
	f.Note = hostile + strings.Repeat("ñ", 1<<19) // a megabyte
	f.ShipBy = minute(600)
	f.Raw = json.RawMessage(`{ "b": [1.10, "` + "\u2028" + `<x>"],  "a":null }`)
	b := book{}
	if err := b.both(ctx, s, f.Ref, imported(f), minute(0)); err != nil {
		return err
	}
	return b.compare(ctx, s)
}

func keepsAnyPayload(ctx context.Context, s mip.Store) error {
	f := plainFacts(shopRef(1))
	f.Raw = json.RawMessage("\x00\xff<html>502 Bad Gateway")
	f.Defects = []mip.Finding{{Code: mip.CodeUnreadable, Path: "$", Severity: mip.Blocking}}
	f.ShipBy, f.CreatedAt = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)
	b := book{}
	if err := b.both(ctx, s, f.Ref, imported(f), minute(0)); err != nil {
		return err
	}
	if err := b.both(ctx, s, f.Ref, noted("note"), minute(1)); err != nil {
		return err
	}
	if err := b.compare(ctx, s); err != nil {
		return err
	}
	f.Raw, f.Defects = json.RawMessage(`{"read":true}`), nil
	if err := b.both(ctx, s, f.Ref, imported(f), minute(2)); err != nil {
		return err
	}
	if err := b.compare(ctx, s); err != nil {
		return fmt.Errorf("the channel says it anew: %w", err)
	}
	f.Raw, f.Number = nil, "2"
	if err := b.both(ctx, s, f.Ref, imported(f), minute(3)); err != nil {
		return err
	}
	return b.compare(ctx, s)
}

func unknownIsNotFound(ctx context.Context, s mip.Store) error {
	var found breaches
	if _, err := reach(ctx, s, plainFacts(shopRef(1)), start); err != nil {
		return err
	}
	for _, r := range []mip.Ref{{}, shopRef(2), {Channel: "shop"}, {Channel: "shop2", ID: shopRef(1).ID}, {Channel: "shop", ID: shopRef(1).ID + " "}} {
		_, err := s.Order(ctx, r)
		found.kind(err, mip.ErrNotFound, "order")
		_, err = s.History(ctx, r)
		found.kind(err, mip.ErrNotFound, "history")
		for _, e := range []mip.Event{noted("x"), sending(1), {Kind: mip.EventCancel, Actor: "p1"}, {}} {
			_, err = s.Apply(ctx, r, e, start)
			found.kind(err, mip.ErrNotFound, "apply "+string(e.Kind))
			typed, ok := errors.AsType[*mip.Error](err)
			found.that(ok && typed.Ref == r && typed.Op != "", "apply %s: the error does not say what was done to which order: %v", e.Kind, err)
		}
		if q, ok := s.(mip.Queue); ok {
			w, err := q.Waiting(ctx, r)
			found.that(err == nil && len(w) == 0, "waiting of an unknown order: want none, got %v, %v", w, err)
		}
	}
	counts, err := s.Counts(ctx)
	found.that(err == nil && len(counts) == 1 && counts[mip.StateReceived] == 1, "counts: want the one order that was imported, got %v, %v", counts, err)
	return found.err()
}

func badRefIsRefused(ctx context.Context, s mip.Store) error {
	var found breaches
	for _, r := range []mip.Ref{{}, {Channel: "shop"}, {ID: "1"}, {Channel: "Shop", ID: "1"}, {Channel: "shop", ID: "a\x00b"}, {Channel: "shop", ID: strings.Repeat("x", 129)}} {
		_, err := s.Apply(ctx, r, imported(plainFacts(r)), start)
		found.kind(err, mip.ErrInvalid, "import")
		_, err = s.Order(ctx, r)
		found.kind(err, mip.ErrNotFound, "order after a refused import")
	}
	_, err := s.Apply(ctx, shopRef(1), imported(plainFacts(shopRef(2))), start)
	found.kind(err, mip.ErrInvalid, "import with the facts of another order")
	for _, r := range []mip.Ref{shopRef(1), shopRef(2)} {
		_, err = s.Order(ctx, r)
		found.kind(err, mip.ErrNotFound, "order after a refused import")
	}
	return found.err()
}

func illegalLeavesNoTrace(ctx context.Context, s mip.Store) error {
	b := book{}
	if err := b.both(ctx, s, shopRef(1), imported(plainFacts(shopRef(1))), minute(0)); err != nil {
		return err
	}
	for _, e := range []mip.Event{
		{Kind: mip.EventResend, Actor: "p1"}, {Kind: mip.EventManualUndone, Actor: "p1"}, // illegal here
		{Kind: mip.EventAddressEdited, Actor: "p1"}, {Kind: mip.EventReported}, // without what they need
	} {
		if err := b.both(ctx, s, shopRef(1), e, minute(1)); err != nil {
			return err
		}
	}
	return b.compare(ctx, s)
}

func ignoredIsRecordedOnce(ctx context.Context, s mip.Store) error {
	before, err := reach(ctx, s, plainFacts(shopRef(1)), start)
	if err != nil {
		return err
	}
	res, err := s.Apply(ctx, shopRef(1), sending(1), minute(1)) // nothing was approved
	var found breaches
	found.kind(err, mip.ErrIgnored, "a late event")
	found.that(sameJSON(res.Order, before), "the order returned is not the one stored: %s", show(res.Order))
	found.that(len(res.Effects) == 0, "an ignored event has effects: %s", show(res.Effects))
	found.that(res.Change.Ignored && res.Change.Version == before.Version, "the change returned: %s", show(res.Change))
	h, err := s.History(ctx, shopRef(1))
	found.kind(err, nil, "history")
	if found.that(len(h) == 2, "want import and late event in the history, got %s", show(h)) {
		found.that(h[1].Ignored && h[1].Event == mip.EventSending && h[1].Version == before.Version && h[1].At.Equal(minute(1)),
			"the entry of the late event: %s", show(h[1]))
	}
	_, err = s.Apply(ctx, shopRef(1), imported(plainFacts(shopRef(1))), minute(2)) // a repetition is no news
	found.kind(err, mip.ErrIgnored, "a repeated import")
	h, err = s.History(ctx, shopRef(1))
	found.that(err == nil && len(h) == 2, "a repeated import must leave no line, got %s", show(h))
	after, err := s.Order(ctx, shopRef(1))
	found.that(err == nil && sameJSON(after, before), "an ignored event changed the order to %s", show(after))
	return found.err()
}

func versionsRise(ctx context.Context, s mip.Store) error {
	var found breaches
	f := plainFacts(shopRef(1))
	f.Defects = nil
	res, err := s.Apply(ctx, shopRef(1), imported(f), start)
	found.that(err == nil && res.Order.Version == 1, "the first version is 1, got %d, %v", res.Order.Version, err)
	for i := range 5 {
		res, err = s.Apply(ctx, shopRef(1), noted(string(rune('a'+i))), minute(i))
		found.that(err == nil && res.Order.Version == i+2 && res.Change.Version == i+2, "want version %d of order and change, got %d and %d, %v",
			i+2, res.Order.Version, res.Change.Version, err)
	}
	o, err := s.Order(ctx, shopRef(1))
	found.that(err == nil && o.Version == 6, "want stored version 6, got %d, %v", o.Version, err)
	h, err := s.History(ctx, shopRef(1))
	found.that(err == nil && slices.IsSortedFunc(h, func(a, b mip.Change) int { return a.Version - b.Version }) && len(h) == 6,
		"want six entries, oldest first, got %s", show(h))
	return found.err()
}

func endedContextDoesNothing(ctx context.Context, s mip.Store) error {
	if _, err := reach(ctx, s, plainFacts(shopRef(1)), start); err != nil {
		return err
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	var found breaches
	try := func(what string, err error) { found.kind(err, context.Canceled, what) }
	_, err := s.Apply(ended, shopRef(1), noted("x"), start)
	try("apply", err)
	_, err = s.Apply(ended, shopRef(2), imported(plainFacts(shopRef(2))), start)
	try("import", err)
	_, err = s.Order(ended, shopRef(1))
	try("order", err)
	_, err = s.History(ended, shopRef(1))
	try("history", err)
	_, err = s.Counts(ended)
	try("counts", err)
	_, err = s.Cursor(ended, "shop")
	try("cursor", err)
	try("save cursor", s.SaveCursor(ended, "shop", "", "x"))
	try("reserve", s.Reserve(ended, setAside("k", 1_00), funds(10_00, start)))
	try("settle", s.Settle(ended, "k", mip.EUR(1), start))
	try("release", s.Release(ended, "k", start))
	_, err = s.Reservations(ended, "a", start)
	try("reservations", err)
	n := 0
	for _, err = range s.Orders(ended, mip.Query{}) {
		n++
	}
	try("orders", err)
	found.that(n == 1, "orders: want the error and nothing else, got %d turns", n)

	o, err := s.Order(ctx, shopRef(1))
	found.that(err == nil && o.Version == 1, "an order was changed under an ended context: version %d, %v", o.Version, err)
	_, err = s.Order(ctx, shopRef(2))
	found.kind(err, mip.ErrNotFound, "an order imported under an ended context")
	c, err := s.Cursor(ctx, "shop")
	found.that(err == nil && c == "", "a cursor was saved under an ended context: %q, %v", c, err)
	rs, err := s.Reservations(ctx, "a", start)
	found.that(err == nil && len(rs) == 0, "a reservation was made under an ended context: %s, %v", show(rs), err)
	return found.err()
}

func erasedIsGone(ctx context.Context, s mip.Store) error {
	const canary = "Canary-7e1f"
	f := plainFacts(shopRef(1))
	f.ShipTo = mip.Address{FirstName: canary, LastName: canary, Line1: canary, City: canary, Country: "ES", Email: canary + "@example.org"}
	f.Note, f.Raw = canary, json.RawMessage(`"`+canary+`"`)
	suggest := func(o mip.Order) mip.Event {
		e := held(o, "address.too_long")
		e.Findings[0].Suggestion["shipTo.line1"] = canary
		return e
	}
	erase := func(mip.Order) mip.Event { return mip.Event{Kind: mip.EventErased, Actor: "p1"} }
	if _, err := reach(ctx, s, f, start, suggest, erase); err != nil {
		return err
	}
	var found breaches
	o, err := s.Order(ctx, shopRef(1))
	b, errJSON := json.Marshal(o)
	found.that(err == nil && errJSON == nil && !strings.Contains(string(b), canary), "the order still has the person: %s, %v", show(o), err)
	h, err := s.History(ctx, shopRef(1))
	found.that(err == nil && !strings.Contains(show(h).String(), canary), "the history has the person: %s, %v", show(h), err)
	for o, err := range s.Orders(ctx, mip.Query{}) {
		found.that(err == nil && !strings.Contains(show(o).String(), canary) && len(o.Raw) == 0, "the listing still has the person: %s, %v", show(o), err)
	}
	return found.err()
}
