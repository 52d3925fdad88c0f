package channeltest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/openmip/openmip/mip"
)

// LiveWorld is a channel at a real shop, a vendor's sandbox at best. Nothing
// is written there unless Order says where.
type LiveWorld struct {
	Channel mip.Channel
	BadKey  mip.Channel // the same shop with wrong credentials; nil = not tried, since some shops lock accounts
	Since   mip.Cursor  // where to begin to read; empty = the start
	Pages   int         // read at most so many; 0 = 3
	Unknown string      // an id that no order has; empty = "987654321"
	Secrets []string    // the credentials
	// Order is the id of an order that was made for this; empty = nothing is
	// written. It is told as shipped, with the tracking number OPENMIP-TEST-1,
	// twice: look at the shop whether it is there once.
	Order string
}

// LiveCheck is a rule that can be seen at a real shop, in real time and
// without breaking anything.
type LiveCheck struct {
	Name string // what holds, as a sentence
	run  func(context.Context, LiveWorld) error
}

// Live runs every [LiveCheck] as a subtest. It takes as long as the shop does,
// and proves what no imitation can: that the platform is what the handler or
// the fake server says it is. It replaces none of [Test].
func Live(t *testing.T, w LiveWorld) {
	t.Helper()
	for _, c := range LiveChecks() {
		t.Run(c.Name, func(t *testing.T) {
			err := c.Try(t.Context(), w)
			if errors.Is(err, ErrNotConcerned) {
				t.Skip(err)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// LiveChecks returns the checks in the order in which [Live] runs them.
func LiveChecks() []LiveCheck {
	return []LiveCheck{
		{"orders are read, each sound, and a cursor is given at the end", liveReading},
		{"an order by its id is the order of the list", liveByID},
		{"an order by an unknown id is ErrNotFound", liveUnknown},
		{"a bad key is ErrUnauthorized", liveBadKey},
		{"a report on an unknown or another account's order is refused", liveForeign},
		{"a report may be repeated", liveReport},
		{"a cancelled context ends it", liveCancelled},
	}
}

// Try runs the check once and returns what is wrong, nil if nothing.
func (c LiveCheck) Try(ctx context.Context, w LiveWorld) error {
	w.Pages, w.Unknown = cmp.Or(w.Pages, 3), cmp.Or(w.Unknown, "987654321")
	err := c.run(ctx, w)
	l := &leaks{words: map[string]string{}}
	l.forbid("a secret", w.Secrets...)
	if l.hear(err); l.found("") != nil {
		return errors.New("an error tells a secret")
	}
	return err
}

// some reads at most Pages pages.
func (w LiveWorld) some(ctx context.Context) (orders []mip.Facts, whole bool, next mip.Cursor, err error) {
	pages := 0
	for page, err := range w.Channel.Orders(ctx, w.Since) {
		if err != nil {
			return nil, false, "", err
		}
		for _, f := range page.Orders {
			if err := sound(w.Channel.Name(), f); err != nil {
				return nil, false, "", err
			}
		}
		orders, next = append(orders, page.Orders...), cmp.Or(page.Next, next)
		if pages++; pages == w.Pages {
			return orders, false, next, nil
		}
	}
	return orders, true, next, nil
}

func liveReading(ctx context.Context, w LiveWorld) error {
	if err := mip.ValidChannelName(w.Channel.Name()); err != nil {
		return err
	}
	orders, whole, next, err := w.some(ctx)
	if err == nil && whole && next == "" {
		err = errors.New("the shop was read to its end, and there is no cursor")
	}
	for _, f := range orders {
		if err == nil && len(f.Defects) > 0 {
			err = fmt.Errorf("order %s has a defect at %q: is that so?", f.Ref, f.Defects[0].Path)
		}
	}
	return err
}

func liveByID(ctx context.Context, w LiveWorld) error {
	g, ok := w.Channel.(mip.Getter)
	if !ok {
		return skip("the channel is no mip.Getter")
	}
	orders, _, _, err := w.some(ctx)
	if err != nil {
		return err
	}
	for _, listed := range orders[:min(3, len(orders))] {
		alone, err := g.Order(ctx, listed.Ref.ID)
		if err != nil {
			return err
		}
		if alone.UpdatedAt.Equal(listed.UpdatedAt) && string(encode(alone)) != string(encode(listed)) {
			return fmt.Errorf("order %s by its id is another one than in the list", listed.Ref)
		}
	}
	return nil
}

func liveUnknown(ctx context.Context, w LiveWorld) error {
	g, ok := w.Channel.(mip.Getter)
	if !ok {
		return skip("the channel is no mip.Getter")
	}
	if _, err := g.Order(ctx, w.Unknown); !errors.Is(err, mip.ErrNotFound) {
		return fmt.Errorf("want mip.ErrNotFound, got %w", cmp.Or(err, errors.New("an order")))
	}
	return nil
}

func liveBadKey(ctx context.Context, w LiveWorld) error {
	if w.BadKey == nil {
		return skip("no BadKey was given")
	}
	w.Channel = w.BadKey
	if _, _, _, err := w.some(ctx); mip.KindOf(err) != mip.ErrUnauthorized {
		return fmt.Errorf("want mip.ErrUnauthorized, got %w", cmp.Or(err, errors.New("success")))
	}
	return nil
}

func liveForeign(ctx context.Context, w LiveWorld) error {
	for _, ref := range []mip.Ref{{Channel: w.Channel.Name(), ID: w.Unknown}, {Channel: "someoneelse", ID: w.Unknown}} {
		err := w.Channel.Report(ctx, ref, mip.Status{State: mip.StateSubmitted})
		switch mip.KindOf(err) {
		case mip.ErrNotFound, mip.ErrInvalid, mip.ErrRefused:
		default:
			return fmt.Errorf("%s: want mip.ErrNotFound or ErrInvalid, got %w", ref, cmp.Or(err, errors.New("success")))
		}
	}
	return nil
}

func liveReport(ctx context.Context, w LiveWorld) error {
	if w.Order == "" {
		return skip("no order was given that may be written to")
	}
	ref := mip.Ref{Channel: w.Channel.Name(), ID: w.Order}
	box := mip.Parcel{ID: "live-1", Carrier: "DHL", Number: "OPENMIP-TEST-1", URL: "https://track.example/OPENMIP-TEST-1"}
	for range 2 {
		if err := w.Channel.Report(ctx, ref, shipped(box)); err != nil {
			return err
		}
	}
	return nil
}

func liveCancelled(ctx context.Context, w LiveWorld) error {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if _, _, _, err := w.some(ctx); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("want an error that matches context.Canceled, got %w", cmp.Or(err, errors.New("success")))
	}
	return nil
}
