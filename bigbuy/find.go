package bigbuy

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/openmip/openmip/mip"
)

// Find implements [mip.Supplier]: the reference gives an id, the id gives the
// content. BigBuy shows one order of a reference only, also if there is one
// per warehouse, so Complete is never set: whoever bought compares the items.
// An order that cannot be read is [mip.ErrUnavailable]: it may be one of two.
//
// "No order found" is authoritative, and no other words are: a 404 that says
// something else, such as that there is no such route, is
// [mip.ErrUnavailable]. The sandbox answers an unknown reference with a server
// error: there it is an empty, not authoritative answer; in production it is
// [mip.ErrUnavailable].
func (s *Supplier) Find(ctx context.Context, reference string) (mip.Found, error) {
	slim, err := s.client.OrderByReference(ctx, reference)
	switch {
	case err == nil:
	case saidNoOrder(err):
		return mip.Found{Authoritative: true}, nil
	case errors.Is(err, mip.ErrNotFound):
		return mip.Found{}, &mip.Error{Op: "bigbuy: find", Kind: mip.ErrUnavailable, Err: errors.New("not found, and not said that there is no order")}
	case s.config.Sandbox && serverSaidNo(err):
		return mip.Found{}, nil
	default:
		return mip.Found{}, err
	}
	placements, err := s.byID(ctx, string(slim.ID), reference)
	if errors.Is(err, mip.ErrNotFound) {
		err = &mip.Error{Op: "bigbuy: find", Kind: mip.ErrUnavailable, Err: errors.New("there is an order, and it cannot be read yet")}
	}
	if err != nil {
		return mip.Found{}, err
	}
	if placements[0].Cost.Currency() == "" {
		placements[0].Cost = slim.Total.Money
	}
	return mip.Found{Placements: placements, Authoritative: true}, nil
}

// saidNoOrder: BigBuy looked for the order. A proxy, a gateway and an endpoint
// that is gone answer with a 404 as well, and have looked for nothing.
func saidNoOrder(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && errors.Is(err, mip.ErrNotFound) && strings.HasSuffix(e.missing(), "found")
}

// serverSaidNo: an answer came, and it was a plain server error.
func serverSaidNo(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status >= 500 && e.form != formText && !e.Soft
}

// Open implements [mip.Opener].
func (s *Supplier) Open(ctx context.Context, id string) (mip.Placement, error) {
	if id == "" || strings.Trim(id, "0123456789") != "" {
		return mip.Placement{}, &mip.Error{Op: "bigbuy: open", Kind: mip.ErrNotFound, Err: errors.New("an order id is a number")}
	}
	placements, err := s.byID(ctx, id, "")
	if err != nil {
		return mip.Placement{}, err
	}
	return placements[0], nil
}

// same reports whether two references are one, also where BigBuy should have
// changed case or signs: nothing says what it keeps of them.
func same(a, b string) bool {
	plain := func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}
	return strings.Map(plain, a) == strings.Map(plain, b)
}

// byID returns an order as the one placement it is. One that shows no products
// is not understood: nobody could tell whether it is all of a purchase. Nor is
// one that names another reference than the one it was found by, if any: it is
// somebody else's.
func (s *Supplier) byID(ctx context.Context, id, reference string) ([]mip.Placement, error) {
	if id == "" {
		return nil, nil
	}
	o, err := s.client.Order(ctx, id)
	if err != nil {
		return nil, err
	}
	if named := string(o.InternalReference); reference != "" && named != "" && !same(named, reference) {
		return nil, &mip.Error{Op: "bigbuy: order", Kind: mip.ErrContract, Err: errors.New("it has another reference than was asked for")}
	}
	var items []mip.Item
	for _, line := range o.Products {
		items = append(items, mip.Item{SKU: string(line.Reference), Quantity: int(line.Quantity)})
	}
	if len(items) == 0 {
		return nil, &mip.Error{Op: "bigbuy: order", Kind: mip.ErrContract, Err: errors.New("it holds nothing")}
	}
	return []mip.Placement{{
		ID: id, Reference: cmp.Or(string(o.InternalReference), reference), Items: items,
		Status: statusOf(string(o.Status), s.config.Statuses), StatusText: string(o.Status),
		Cost: o.Total.Money, PlacedAt: instant(o.DateAdd, s.config.Zone),
	}}, nil
}
