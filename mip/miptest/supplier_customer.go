package miptest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

// customer uses a vendor's supplier, and looks at every answer and error for
// what must hold of all of them. It belongs to one goroutine.
type customer struct {
	breaches
	ctx context.Context
	v   Vendor
}

// supply makes a check of what a customer does. An error that it returns ends
// the check at once; breaches are collected.
func supply(name, why string, do func(c *customer) error) SupplierCheck {
	return SupplierCheck{name, why, func(ctx context.Context, v Vendor) error {
		c := &customer{ctx: ctx, v: v}
		err := do(c)
		if errors.Is(err, errors.ErrUnsupported) && len(c.breaches) == 0 {
			return err
		}
		return errors.Join(c.err(), err)
	}}
}

// lacks is the reason why a check does not apply.
func lacks(what string) error {
	return fmt.Errorf("the vendor has no %s: %w", what, errors.ErrUnsupported)
}

func (c *customer) check(p mip.Purchase) (mip.Quote, error) {
	before := p.Hash()
	q, err := c.v.Supplier.Check(c.ctx, p)
	c.heard("Check", p, err)
	c.that(p.Hash() == before, "Check changed the purchase it was given")
	return q, err
}

func (c *customer) place(p mip.Purchase) (mip.Placed, error) {
	before := p.Hash()
	placed, err := c.v.Supplier.Place(c.ctx, p)
	c.heard("Place", p, err)
	c.that(p.Hash() == before, "Place changed the purchase it was given")
	return placed, err
}

func (c *customer) find(p mip.Purchase) (mip.Found, error) {
	f, err := c.v.Supplier.Find(c.ctx, p.Reference)
	c.heard("Find", p, err)
	return f, err
}

// track asks for ids and returns the answers by id.
func (c *customer) track(ids ...string) (map[string]mip.Tracking, error) {
	news, err := c.v.Supplier.Track(c.ctx, slices.Clone(ids))
	c.heard("Track", c.v.Purchase(0), err)
	out := map[string]mip.Tracking{}
	for _, t := range news {
		_, twice := out[t.ID]
		c.that(!twice, "Track told of %q twice", t.ID)
		c.that(slices.Contains(ids, t.ID), "Track told of %q, which nobody asked for", t.ID)
		out[t.ID] = t
	}
	return out, err
}

// heard looks at one error: it has a kind, and it gives nothing away.
func (c *customer) heard(call string, p mip.Purchase, err error) {
	if err == nil {
		return
	}
	_, ok := errors.AsType[*mip.Error](err)
	c.that(ok, "%s returned an error that is no *mip.Error: %T", call, err)
	text := fmt.Sprintf("%v\n%+v", err, err)
	a := p.ShipTo
	private := append(slices.Clone(c.v.Secrets), a.FirstName, a.LastName, a.Company, a.Line1, a.Line2, a.Street(), a.City,
		a.Postcode, a.Phone, a.Email, a.VATNumber, p.Note)
	for i, s := range private {
		c.that(len(s) < 4 || !strings.Contains(text, s), "the error of %s shows private data or a secret (number %d)", call, i)
	}
}

// buys places p, which must succeed as a whole, and compares the answer with
// the books.
func (c *customer) buys(p mip.Purchase) mip.Placed {
	placed, err := c.place(p)
	if !c.kind(err, nil, "Place") {
		return placed
	}
	c.that(len(placed.Refusals) == 0, "Place refused a good purchase for %v", mip.Codes(placed.Refusals))
	c.that(!placed.Exists, "Place called a fresh reference known")
	c.booked(p, placed)
	c.once(p, "after Place")
	return placed
}

// booked compares placements with the books: the same ids, each once, and the
// pieces that were sold.
func (c *customer) booked(p mip.Purchase, placed mip.Placed) {
	books := map[string]Sold{}
	for _, s := range c.v.Sold(p.Reference) {
		books[s.ID] = s
	}
	for _, got := range placed.Placements {
		s, ok := books[got.ID]
		c.that(ok, "placement %q is not in the supplier's books, or came twice", got.ID)
		delete(books, got.ID)
		c.that(got.Reference == p.Reference, "placement %q has the reference %q, want %q", got.ID, got.Reference, p.Reference)
		c.that(!ok || same(got.Items, s.Items), "placement %q has the pieces %v, sold were %v", got.ID, got.Items, s.Items)
		c.that(got.Status != mip.PlacementShipped && got.Status != mip.PlacementDelivered && got.Status != mip.PlacementCancelled,
			"placement %q is %q although it was just made", got.ID, got.Status)
		c.that(got.Cost.Currency() == "" || s.Paid.Currency() == "" || got.Cost.Equal(s.Paid),
			"placement %q costs %s, paid was %s", got.ID, got.Cost, s.Paid)
	}
	for id := range books {
		c.that(false, "the answer lost order %q", id)
	}
}

// once: the books hold the whole purchase, one time.
func (c *customer) once(p mip.Purchase, when string) {
	var all []mip.Item
	for _, s := range c.v.Sold(p.Reference) {
		all = append(all, s.Items...)
	}
	c.that(same(all, p.Items), "%s the books hold %v for %q, want %v", when, pieces(all), p.Reference, pieces(p.Items))
}

// never: the books hold nothing under the reference.
func (c *customer) never(p mip.Purchase, when string) {
	c.that(len(c.v.Sold(p.Reference)) == 0, "%s the books hold %d orders for %q, want none", when, len(c.v.Sold(p.Reference)), p.Reference)
}

// inTrouble makes every call run into t while f runs.
func (c *customer) inTrouble(t Trouble, f func()) error {
	if c.v.Break == nil || !c.v.Break(t) {
		return lacks(fmt.Sprintf("Break(%d)", t))
	}
	f()
	c.v.Break(NoTrouble)
	return nil
}

// reasoned looks at refusals: each has a code, blocks, and one of them is want
// ("" = any).
func (c *customer) reasoned(what string, refusals []mip.Finding, want string) {
	c.that(len(refusals) > 0, "%s: no refusal", what)
	for _, f := range refusals {
		c.that(f.Code != "" && f.Blocks() && f.Severity != "", "%s: the refusal %q of severity %q holds nothing", what, f.Code, f.Severity)
	}
	c.that(want == "" || slices.Contains(mip.Codes(refusals), want), "%s: refused for %v, want %s", what, mip.Codes(refusals), want)
}

func pieces(items []mip.Item) map[string]int {
	out := map[string]int{}
	for _, it := range items {
		out[it.SKU] += it.Quantity
	}
	return out
}

func same(a, b []mip.Item) bool { return maps.Equal(pieces(a), pieces(b)) }

func ids(placements []mip.Placement) []string {
	var out []string
	for _, p := range placements {
		out = append(out, p.ID)
	}
	return out
}
