package miptest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

func lostChecks() []SupplierCheck {
	return []SupplierCheck{
		supply("a lost answer to a purchase that was made is unknown, and the look-up sees it",
			"called a failure it is bought again; called a success without ids it is never followed", func(c *customer) error {
				return c.losing(true, func(l Loss, p mip.Purchase) {
					_, err := c.place(p)
					c.kind(err, mip.ErrUnknown, l.Name)
					c.once(p, "after "+l.Name)
					c.finds(p, l.Name)
					again, err := c.place(p)
					c.kind(err, nil, "the same purchase after "+l.Name)
					c.that(again.Exists, "after %s the reference is not known", l.Name)
					c.once(p, "tried again after "+l.Name)
				})
			}),
		supply("a lost answer to a purchase that was not made is no refusal and no success",
			"nothing proves that nothing was bought; a refusal would let another payment method pay as well", func(c *customer) error {
				return c.losing(false, func(l Loss, p mip.Purchase) {
					placed, err := c.place(p)
					k := mip.KindOf(err)
					c.that(slices.Contains([]error{mip.ErrUnknown, mip.ErrUnavailable, mip.ErrThrottled}, k),
						"%s: got the kind %v, %d placements, %d refusals", l.Name, k, len(placed.Placements), len(placed.Refusals))
					c.never(p, "after "+l.Name)
					found, err := c.find(p)
					c.kind(err, nil, "Find after "+l.Name)
					c.that(len(found.Placements) == 0, "after %s Find invents %v", l.Name, ids(found.Placements))
					c.buys(p)
				})
			}),
	}
}

// losing does f for every loss of one sort, each with a purchase of its own.
func (c *customer) losing(after bool, f func(l Loss, p mip.Purchase)) error {
	n := 0
	for _, l := range c.v.Losses {
		if l.After == after {
			n++
			l.Plan()
			f(l, c.v.Purchase(n))
		}
	}
	if n == 0 {
		return lacks(fmt.Sprintf("Losses with After %t", after))
	}
	return nil
}

// finds: the look-up shows an order that is there.
func (c *customer) finds(p mip.Purchase, when string) {
	found, err := c.find(p)
	c.kind(err, nil, "Find after "+when)
	c.that(len(found.Placements) > 0, "Find does not see %q after %s", p.Reference, when)
	c.found(p, found)
}

// found compares what a look-up showed with the books.
func (c *customer) found(p mip.Purchase, f mip.Found) {
	books := map[string]Sold{}
	for _, s := range c.v.Sold(p.Reference) {
		books[s.ID] = s
	}
	c.that(!f.Complete || len(f.Placements) == len(books), "Find calls %d of %d orders complete", len(f.Placements), len(books))
	c.that(!f.Authoritative || len(f.Placements) > 0 || len(books) == 0, "Find vouches that nothing is there; the books hold %d orders", len(books))
	for _, got := range f.Placements {
		s, ok := books[got.ID]
		c.that(ok, "Find shows %q for %q, which is not in the books, or shows it twice", got.ID, p.Reference)
		delete(books, got.ID)
		c.that(got.Reference == p.Reference, "Find for %q shows the reference %q", p.Reference, got.Reference)
		c.that(len(got.Items) == 0 || same(got.Items, s.Items), "Find shows the pieces %v, sold were %v", got.Items, s.Items)
	}
}

// proof is what a trouble makes of a call that buys and of one that reads.
type proof struct {
	trouble  Trouble
	name     string
	buy      error
	read     error
	why      string
	harmless bool // the purchase may be repeated, after a minute or the wait that was named
}

func troubles() []proof {
	return []proof{
		{Unreachable, "a supplier that cannot be reached has certainly not bought", mip.ErrUnavailable, mip.ErrUnavailable,
			"a connection that was never made carried no purchase; as unknown it would wait for a look-up that changes nothing", true},
		{Throttled, "a call over the rate limit has certainly not bought", mip.ErrThrottled, mip.ErrThrottled,
			"it was not executed, so it may be repeated after the wait that the answer names", true},
		{Unauthorized, "withdrawn credentials are a case for a person, and buy nothing", mip.ErrUnauthorized, mip.ErrUnauthorized,
			"repeating does not help, and a refusal would blame the order", true},
		{Failing, "a server that fails leaves a purchase unknown and a question unanswered", mip.ErrUnknown, mip.ErrUnavailable,
			"nobody can see from outside whether it failed before or after", false},
		{Silent, "silence leaves a purchase unknown and a question unanswered", mip.ErrUnknown, mip.ErrUnavailable,
			"the request has left; whether it was read, nobody knows", false},
	}
}

func troubleChecks() []SupplierCheck {
	var out []SupplierCheck
	for _, t := range troubles() {
		out = append(out, supply(t.name, t.why, func(c *customer) error { return c.through(t) }))
	}
	return append(out, supply("a cancelled context ends a call",
		"a program that is told to stop must stop, and a purchase that never left is no success", cancelledCalls))
}

// through makes every call of the port in one trouble.
func (c *customer) through(t proof) error {
	p, before := c.v.Purchase(1), c.v.Purchase(2)
	placed := c.buys(before)
	wait := time.Minute
	err := c.inTrouble(t.trouble, func() {
		got, err := c.place(p)
		wait = max(wait, mip.RetryAfter(err))
		c.kind(err, t.buy, "Place")
		c.that(len(got.Placements)+len(got.Refusals) == 0, "Place told of %d placements and %d refusals as well", len(got.Placements), len(got.Refusals))
		_, err = c.check(p)
		c.kind(err, t.read, "Check")
		_, err = c.find(before)
		c.kind(err, t.read, "Find")
		_, err = c.track(ids(placed.Placements)...)
		c.kind(err, t.read, "Track")
	})
	c.never(p, "after the trouble")
	if err == nil && t.harmless {
		time.Sleep(wait)
		c.buys(p)
	}
	return err
}

func cancelledCalls(c *customer) error {
	before := c.v.Purchase(1)
	placed := c.buys(before)
	whole := c.ctx
	done, stop := contextGone(whole)
	defer stop()
	c.ctx = done
	c.calls("cancelled", c.v.Purchase(2), before, placed)
	c.never(c.v.Purchase(2), "after a cancelled call")
	c.ctx = whole
	return errors.Join(c.inTrouble(Silent, func() {
		hasty, stop := contextHasty(whole)
		defer stop()
		began := time.Now()
		c.ctx = hasty
		c.calls("timed out", c.v.Purchase(3), before, placed)
		c.ctx = whole
		c.that(time.Since(began) < 10*time.Second, "four calls under a context of one second took %s", time.Since(began))
	}))
}

// calls makes one call of each kind, which must all end with an error.
func (c *customer) calls(how string, p, before mip.Purchase, placed mip.Placed) {
	got, err := c.place(p)
	c.that(err != nil && len(got.Placements)+len(got.Refusals) == 0, "Place, %s, is no error", how)
	c.that(slices.Contains([]error{mip.ErrUnknown, mip.ErrUnavailable, mip.ErrThrottled}, mip.KindOf(err)), "Place, %s: the kind is %v", how, mip.KindOf(err))
	_, err = c.check(p)
	c.that(err != nil, "Check, %s, is no error", how)
	_, err = c.find(before)
	c.that(err != nil, "Find, %s, is no error", how)
	_, err = c.track(ids(placed.Placements)...)
	c.that(err != nil, "Track, %s, is no error", how)
}
