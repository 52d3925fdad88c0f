package miptest_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
)

// depot is a small supplier of its own kind with two warehouses, one for each
// of its SKUs. Its bugs are the ones that the suite must find.
type depot struct {
	mu      sync.Mutex
	stock   map[string]int
	balance mip.Money
	orders  []*sale
	trouble miptest.Trouble
	lost    []bool // the next answers; true = after the purchase
	lag     time.Duration
	checked map[string]int
	bug     string
}

// sale is one order of a depot.
type sale struct {
	miptest.Sold
	reference string
	status    mip.PlacementStatus
	parcels   []mip.Parcel
	shown     time.Time
}

var price = map[string]mip.Money{"A": mip.EUR(4_50), "B": mip.EUR(19_00)}

const secret = "depot-key-0815"

func newDepot(bug string) *depot {
	return &depot{stock: map[string]int{"A": 1000, "B": 1000}, balance: mip.EUR(10_000_00), checked: map[string]int{}, bug: bug}
}

func (d *depot) fail(kind error, after time.Duration) error {
	return &mip.Error{Op: "depot", Kind: kind, RetryAfter: after}
}

// reach is what every call goes through.
func (d *depot) reach(ctx context.Context, writes bool) error {
	if ctx.Err() != nil && d.bug != "deaf to its context" {
		return d.fail(mip.ErrUnavailable, 0)
	}
	d.mu.Lock()
	trouble := d.trouble
	d.mu.Unlock()
	doubt := mip.ErrUnavailable
	if writes && d.bug != "a failure is no doubt" {
		doubt = mip.ErrUnknown
	}
	switch trouble {
	case miptest.Unreachable:
		if d.bug == "no connection is doubt" && writes {
			return d.fail(mip.ErrUnknown, 0)
		}
		return d.fail(mip.ErrUnavailable, 0)
	case miptest.Throttled:
		if d.bug == "a rate limit is an outage" {
			return d.fail(mip.ErrUnavailable, 0)
		}
		return d.fail(mip.ErrThrottled, 30*time.Second)
	case miptest.Unauthorized:
		if d.bug == "a wrong key is a refusal" {
			return d.fail(mip.ErrRefused, 0)
		}
		return d.fail(mip.ErrUnauthorized, 0)
	case miptest.Failing:
		return d.fail(doubt, 0)
	case miptest.Silent:
		if d.bug == "deaf to its context" {
			ctx = context.WithoutCancel(ctx)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Minute):
		}
		return d.fail(doubt, 0)
	}
	return nil
}

func (d *depot) Check(ctx context.Context, p mip.Purchase) (mip.Quote, error) {
	if err := d.reach(ctx, false); err != nil {
		if d.bug == "a check hides its failure" {
			err = nil
		}
		return mip.Quote{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch d.checked[p.Reference]++; {
	case d.bug == "a check buys":
		d.sell(p)
	case d.bug == "a check uses the reference up" && d.checked[p.Reference] > 1:
		return mip.Quote{Refusals: []mip.Finding{{Code: mip.CodeAlreadyExists, Severity: mip.Blocking}}}, nil
	case d.bug == "a check changes the purchase":
		p.Items[0].Quantity++
	}
	q := d.quote(p)
	if q.Refusals = d.refusals(p); len(q.Refusals) > 0 && d.bug == "a refused check is an error" {
		return mip.Quote{}, d.fail(mip.ErrRefused, 0)
	}
	return q, nil
}

// quote prices a purchase: goods, a euro for each parcel, and a fifth for tax.
func (d *depot) quote(p mip.Purchase) mip.Quote {
	var q mip.Quote
	for _, part := range d.split(p) {
		q.Parts = append(q.Parts, part)
		if d.bug == "a part without tax" {
			part.Total = part.Net
		}
		q.Total, _ = q.Total.Add(part.Total)
	}
	if d.bug == "no total" {
		q.Total = mip.Money{}
	}
	return q
}

func (d *depot) split(p mip.Purchase) []mip.QuotePart {
	var out []mip.QuotePart
	for _, it := range p.BySKU() {
		goods := price[it.SKU].Times(it.Quantity)
		net, _ := goods.Add(mip.EUR(1_00))
		total, _ := net.Add(mip.EUR(20))
		if d.bug == "shipping comes on top" {
			net, total = goods, goods
		}
		out = append(out, mip.QuotePart{Warehouse: it.SKU, SKUs: []string{it.SKU}, Goods: goods, Net: net, Total: total})
	}
	return out
}

// refusals says what is wrong with a purchase as a whole.
func (d *depot) refusals(p mip.Purchase) []mip.Finding {
	block := func(code, path string, clears bool) []mip.Finding {
		f := mip.Finding{Code: code, Path: path, Severity: mip.Blocking, AutoClear: clears}
		switch d.bug {
		case "a refusal without a code":
			f.Code = ""
		case "a refusal without a path":
			f.Path = ""
		case "a refusal that holds nothing":
			f.Severity = mip.Notice
		case "money never clears":
			f.AutoClear = false
		case "money under another code":
			f.Code = mip.CodeRefused
		}
		return []mip.Finding{f}
	}
	if len(p.ShipTo.Street()) > 70 && d.bug != "cuts the street" {
		return block("address.too_long", "shipTo.line1", false)
	}
	var out []mip.Finding
	short := 0
	for _, it := range p.BySKU() {
		if d.stock[it.SKU] < it.Quantity {
			out = append(out, block("stock.out_of_stock", "lines", true)...)
			short++
		}
	}
	if total := d.quote(p).Total; short == 0 && d.bug != "sells on credit" {
		if c, err := d.balance.Cmp(total); err == nil && c < 0 {
			return block(mip.CodeInsufficientFunds, "", true)
		}
	}
	return out
}

func (d *depot) Place(ctx context.Context, p mip.Purchase) (mip.Placed, error) {
	if err := d.invalid(p); err != nil {
		return mip.Placed{}, err
	}
	if err := d.reach(ctx, true); err != nil {
		if d.bug == "a leak in an error" {
			err = &mip.Error{Op: "depot", Kind: mip.KindOf(err), Err: errors.New("for " + p.ShipTo.Email)}
		}
		if d.bug == "the key in an error" {
			err = &mip.Error{Op: "depot", Kind: mip.KindOf(err), Err: errors.New("with " + secret)}
		}
		if d.bug == "an error of its own" {
			err = mip.KindOf(err)
		}
		return mip.Placed{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	lost := -1
	if len(d.lost) > 0 {
		lost, d.lost = map[bool]int{false: 0, true: 1}[d.lost[0]], d.lost[1:]
	}
	if lost == 0 {
		return d.missed(p)
	}
	if d.bug == "looks, then sells" && len(d.known(p.Reference)) == 0 {
		d.pause()
		return mip.Placed{Placements: placements(d.sell(p), p.Reference)}, nil
	}
	placed := d.take(p)
	if d.bug == "answers go astray" && len(placed.Refusals) == 0 {
		d.pause()
		placed.Placements = placements(d.orders[len(d.orders)-1:], p.Reference)
	}
	if lost == 1 {
		return d.missed(p)
	}
	return placed, nil
}

// pause lets the others in.
func (d *depot) pause() {
	d.mu.Unlock()
	time.Sleep(time.Second)
	d.mu.Lock()
}

func (d *depot) invalid(p mip.Purchase) error {
	switch {
	case p.Payment != "wallet" && d.bug != "takes any payment", p.Reference == "" && d.bug != "takes no reference", len(p.Items) == 0:
		kind := mip.ErrInvalid
		if d.bug == "an invalid purchase is refused" {
			kind = mip.ErrRefused
		}
		return d.fail(kind, 0)
	}
	return nil
}

// missed is what the caller sees of a lost answer.
func (d *depot) missed(p mip.Purchase) (mip.Placed, error) {
	switch d.bug {
	case "a lost answer is an outage":
		return mip.Placed{}, d.fail(mip.ErrUnavailable, 0)
	case "a lost answer is a refusal":
		return mip.Placed{Refusals: []mip.Finding{{Code: mip.CodeRefused, Severity: mip.Blocking}}}, nil
	case "a lost answer is a success":
		return mip.Placed{}, nil
	case "a lost answer is tried again":
		return d.take(p), nil
	}
	return mip.Placed{}, d.fail(mip.ErrUnknown, 0)
}

// take sells, or refuses.
func (d *depot) take(p mip.Purchase) mip.Placed {
	if have := d.known(p.Reference); len(have) > 0 && d.bug != "forgets references" {
		switch d.bug {
		case "known is refused":
			return mip.Placed{Refusals: []mip.Finding{{Code: mip.CodeAlreadyExists, Severity: mip.Blocking}}}
		case "known is fresh":
			return mip.Placed{Placements: placements(have, p.Reference)}
		case "known under another id":
			return mip.Placed{Exists: true, Placements: []mip.Placement{{ID: "1", Reference: p.Reference}}}
		}
		return mip.Placed{Exists: true, Placements: placements(have, p.Reference)}
	}
	refusals := d.refusals(p)
	if len(refusals) > 0 && (len(refusals) >= len(p.BySKU()) || refusals[0].Code != "stock.out_of_stock" && refusals[0].Code != "") {
		if d.bug == "sells what it refuses" {
			d.sell(p)
		}
		return mip.Placed{Refusals: refusals}
	}
	out := mip.Placed{Placements: placements(d.sell(p), p.Reference), Refusals: refusals}
	switch {
	case d.bug == "the second id is lost":
		out.Placements = out.Placements[:1]
	case d.bug == "an id twice":
		out.Placements = append(out.Placements, out.Placements[0])
	case d.bug == "parts are refused as a whole" && len(refusals) > 0:
		out.Placements = nil
	case d.bug == "parts are bought in silence":
		out.Refusals = nil
	case d.bug == "its own reference":
		out.Placements[0].Reference = "D-" + out.Placements[0].ID
	case d.bug == "every part has all pieces":
		out.Placements[0].Items = p.BySKU()
	case d.bug == "made is sent":
		out.Placements[0].Status = mip.PlacementShipped
	case d.bug == "costs nothing":
		out.Placements[0].Cost = mip.EUR(0)
	}
	return out
}
