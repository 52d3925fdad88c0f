package miptest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// book is the reference that stores are compared with: [mip.Step] and maps.
type book map[mip.Ref]*entry

type entry struct {
	order   mip.Order
	history []mip.Change
	effects map[task]mip.Effect
}

type task struct {
	kind    mip.EffectKind
	attempt int
}

// apply does in the book what a store must do.
func (b book) apply(ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
	en, ok := b[ref]
	if !ok {
		if e.Kind != mip.EventImported {
			return mip.Result{}, mip.ErrNotFound
		}
		en = &entry{order: mip.Order{Facts: mip.Facts{Ref: ref}}, effects: map[task]mip.Effect{}}
	}
	res, err := mip.Step(en.order, e, at)
	if err != nil {
		if errors.Is(err, mip.ErrIgnored) && ok && res.Change.Event != "" {
			res.Change.Version = en.order.Version
			en.history = append(en.history, res.Change)
		}
		res.Order = en.order
		return res, err
	}
	b[ref] = en
	res.Order.Version = en.order.Version + 1
	en.order = res.Order
	if res.Change.Event != "" {
		res.Change.Version = en.order.Version
		en.history = append(en.history, res.Change)
	}
	for i, e := range res.Effects {
		if e.Due.IsZero() {
			res.Effects[i].Due = at
		}
		en.effects[task{e.Kind, e.Attempt}] = res.Effects[i]
	}
	return res, nil
}

// waiting returns an order's effects, most urgent first.
func (en *entry) waiting() []mip.Effect {
	return slices.SortedFunc(maps.Values(en.effects), byUrgency)
}

func byUrgency(a, b mip.Effect) int {
	kinds := mip.EffectKinds()
	return cmp.Or(cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), a.Due.Compare(b.Due),
		cmp.Compare(a.Attempt, b.Attempt))
}

// both applies an event to a store and to the book, and compares the answers.
func (b book) both(ctx context.Context, s mip.Store, ref mip.Ref, e mip.Event, at time.Time) error {
	want, wantErr := b.apply(ref, e, at)
	got, err := s.Apply(ctx, ref, e, at)
	what := fmt.Sprintf("apply %s to %s", e.Kind, ref)
	var found breaches
	found.kind(err, mip.KindOf(wantErr), what)
	if wantErr != nil && errors.Is(wantErr, mip.ErrNotFound) {
		return found.err()
	}
	found.that(sameJSON(got.Order, want.Order), "%s: the order returned\n got %s\nwant %s", what, show(got.Order), show(want.Order))
	if wantErr == nil || want.Change.Ignored {
		found.that(sameJSON(got.Change, want.Change), "%s: the change returned\n got %s\nwant %s", what, show(got.Change), show(want.Change))
		found.that(sameJSON(got.Effects, want.Effects), "%s: the effects returned\n got %s\nwant %s", what, show(got.Effects), show(want.Effects))
	}
	return found.err()
}

// compare compares what a store says of every order with the book.
func (b book) compare(ctx context.Context, s mip.Store) error {
	var found breaches
	for ref, en := range b {
		o, err := s.Order(ctx, ref)
		found.kind(err, nil, "order")
		found.that(sameJSON(o, en.order), "order %s\n got %s\nwant %s", ref, show(o), show(en.order))
		h, err := s.History(ctx, ref)
		found.kind(err, nil, "history")
		found.that(sameJSON(h, en.history), "history of %s\n got %s\nwant %s", ref, show(h), show(en.history))
		if q, ok := s.(mip.Queue); ok {
			w, err := q.Waiting(ctx, ref)
			found.kind(err, nil, "waiting")
			found.that(sameJSON(w, en.waiting()), "effects of %s\n got %s\nwant %s", ref, show(w), show(en.waiting()))
		}
	}
	return found.err()
}

// sameJSON compares by JSON, so that absent and empty, and two spellings of one
// amount or instant, are the same. The payload, which may be anything, is
// compared byte by byte.
func sameJSON(a, b any) bool {
	x, ok := a.(mip.Order)
	if ok {
		y := b.(mip.Order)
		if !bytes.Equal(x.Raw, y.Raw) {
			return false
		}
		x.Raw, y.Raw = nil, nil
		a, b = x, y
	}
	p, errP := json.Marshal(a)
	q, errQ := json.Marshal(b)
	return errP == nil && errQ == nil && (bytes.Equal(p, q) || empty(p) && empty(q))
}

func empty(b []byte) bool { return string(b) == "null" || string(b) == "[]" }

// show shows a value in a failure, at most a screenful, and costs nothing
// where there is none.
func show(v any) shown { return shown{v} }

type shown struct{ v any }

func (s shown) String() string {
	if o, ok := s.v.(mip.Order); ok {
		o.Raw = nil
		s.v = o
	}
	b, err := json.Marshal(s.v)
	if err != nil {
		return err.Error()
	}
	if len(b) > 2000 {
		return fmt.Sprintf("%s… (%d bytes)", b[:2000], len(b))
	}
	return string(b)
}
