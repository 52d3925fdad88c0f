package bigbuy

import (
	"context"
	"errors"
	"time"

	"github.com/openmip/openmip/mip"
)

// Check implements [mip.Supplier]. BigBuy tests the wallet last, so a refusal
// for money alone means that the order is fine otherwise; its exact total is
// then in the quote. A check whose parts all passed has the sum as its total.
// "Try later" (ER009) is [mip.ErrUnavailable].
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
	return quote(p, q, answer)
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
