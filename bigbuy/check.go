package bigbuy

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// Check implements [mip.Supplier]. BigBuy tests the wallet last, so a refusal
// for money alone means that the order is fine otherwise. Its exact total is
// then in the quote: where the answer does not tell it, the check for one
// warehouse is asked once, which tells it for baskets from one warehouse. A
// check whose parts all passed has the sum as its total. "Try later" (ER009)
// is [mip.ErrUnavailable].
func (s *Supplier) Check(ctx context.Context, p mip.Purchase) (mip.Quote, error) {
	o, err := s.request(p)
	if err != nil {
		return mip.Quote{}, err
	}
	q := mip.Quote{At: time.Now().UTC()}
	answer, err := s.client.CheckMulti(ctx, o)
	if demanded(o, err) {
		if o.Carriers, err = s.allServices(ctx); err != nil {
			return mip.Quote{}, err
		}
		answer, err = s.client.CheckMulti(ctx, o)
	}
	if err != nil {
		e, ok := refused(err)
		if !ok {
			return mip.Quote{}, err
		}
		q.Refusals, q.Total = e.Findings(), exactTotal(e)
		return q, nil
	}
	if err := transient(answer.Errors); err != nil {
		return mip.Quote{}, err
	}
	q, err = quote(p, q, answer)
	if err == nil && q.Total.Currency() == "" && onlyFunds(answer.Errors) {
		s.price(ctx, o, &q)
	}
	return q, err
}

func onlyFunds(parts []*Error) bool {
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(e *Error) bool { return e.Code != ERFunds })
}

// price fills in what a basket costs that was refused for money. What goes
// wrong leaves q as it is.
func (s *Supplier) price(ctx context.Context, o OrderRequest, q *mip.Quote) {
	totals, err := s.client.Check(ctx, o)
	if e, ok := refused(err); ok && e.Code == ERFunds {
		q.Total, q.Refusals = exactTotal(e), merge(append(q.Refusals, e.Findings()...))
	} else if err == nil {
		q.Total = totals.Total.Money
	}
}

func quote(p mip.Purchase, q mip.Quote, answer Checked) (mip.Quote, error) {
	var sum mip.Money
	var told [][]Text
	for _, part := range answer.Orders {
		if part.Total.Currency() == "" {
			return mip.Quote{}, &mip.Error{Op: "bigbuy: check", Ref: p.Ref, Kind: mip.ErrContract, Err: errors.New("no total")}
		}
		told = append(told, part.ProductReferences)
		q.Parts = append(q.Parts, mip.QuotePart{
			Warehouse: string(part.Warehouse), SKUs: texts(part.ProductReferences),
			Goods: part.Goods.Money, Net: part.Net.Money, Total: part.Total.Money,
		})
		var err error
		if sum, err = sum.Add(part.Total.Money); err != nil {
			return mip.Quote{}, err
		}
	}
	if len(unaccounted(p, told, answer.Errors)) > 0 {
		return mip.Quote{}, &mip.Error{Op: "bigbuy: check", Ref: p.Ref, Kind: mip.ErrContract, Err: errUntold}
	}
	if len(answer.Errors) == 0 {
		q.Total = sum
		return q, nil
	}
	for _, e := range answer.Errors {
		q.Refusals = append(q.Refusals, e.Findings()...)
		if total := exactTotal(e); total.Currency() != "" {
			q.Total = total
		}
	}
	q.Refusals = merge(q.Refusals)
	return q, nil
}

// exactTotal is what BigBuy calls the order's price when it refuses for money.
func exactTotal(e *Error) mip.Money {
	if e.Code == ERFunds {
		return e.Total
	}
	return mip.Money{}
}

// transient returns the error of a part that is worth asking again.
func transient(parts []*Error) error {
	for _, e := range parts {
		if mip.Repeatable(e) {
			return &mip.Error{Op: "bigbuy: check", Kind: e.kind, Code: e.Code, Err: e}
		}
	}
	return nil
}
