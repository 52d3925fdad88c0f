package engine

import (
	"context"
	"maps"
	"slices"

	"github.com/openmip/openmip/mip"
)

// snapshot gathers what the rules need. payment is the method to begin with
// where the supplier has already refused the first one.
func (e *Engine) snapshot(ctx context.Context, o mip.Order) (s mip.Snapshot, payment string, err error) {
	ctx, cancel := context.WithTimeout(ctx, e.timing.Call)
	defer cancel()
	if s, payment, err = e.facts(ctx, o); err == nil && e.needs&mip.NeedAlike != 0 {
		s.Alike, err = e.alike(ctx, &o) // last, so that what arrived meanwhile is there
	}
	return s, payment, err
}

// facts are what suppliers and payments say of an order.
func (e *Engine) facts(ctx context.Context, o mip.Order) (s mip.Snapshot, payment string, err error) {
	s = mip.Snapshot{Order: o, Now: e.now()}
	items := o.OpenItems()
	if e.needs&mip.NeedFunds != 0 {
		if s.Funds, err = e.funds(ctx, e.chain(o)); err != nil {
			return s, "", err
		}
	}
	if c, ok := e.supplier.Supplier.(mip.Cataloguer); ok && e.needs&mip.NeedCatalogue != 0 && len(items) > 0 {
		if s.Catalogue, err = c.Products(ctx, skus(items)); err != nil {
			return s, "", err
		}
	}
	if len(items) == 0 {
		return s, "", nil
	}
	chain := e.chain(o)
	if len(chain) == 0 {
		s.Quote = mip.Quote{Refusals: []mip.Finding{noMethod(o)}}
		return s, "", nil
	}
	promised := e.watch.promised(o.Ref, o.Version, s.Now)
	if !promised && e.broke(o, s.Funds) {
		s.Quote = mip.Quote{Total: o.Quote.Total, Parts: o.Quote.Parts, At: o.Quote.At, Refusals: []mip.Finding{fundsFinding(s.Funds.Available, o.Quote.Total)}}
		return s, "", nil
	}
	payment, err = e.quote(ctx, &s, o, chain)
	s.Fee = fee(from(chain, payment)[0], s.Quote.Total)
	if promised && s.Quote.Total.Equal(o.Quote.Total) {
		s.Funds.Available = mip.Money{} // released for that price: the reservation decides
	}
	return s, payment, err
}

// quote asks the supplier. Where it refuses the first payment method's money
// and there is a second, payment is that one; its total is asked for if the
// refusal did not tell it, because nobody can reserve an unknown amount.
func (e *Engine) quote(ctx context.Context, s *mip.Snapshot, o mip.Order, chain []mip.Payment) (payment string, err error) {
	if s.Quote, err = e.supplier.Check(ctx, o.Purchase(chain[0].Name())); err != nil {
		return "", err
	}
	s.Quote.At = s.Now
	i := slices.IndexFunc(s.Quote.Refusals, func(f mip.Finding) bool { return f.Code == mip.CodeInsufficientFunds })
	if i < 0 {
		return "", nil
	}
	if f, ok := chain[0].(mip.Funder); ok {
		_ = f.Refused(ctx, balance(s.Quote.Refusals)) // or makes it ask anew
	}
	s.Quote.Refusals = slices.Clone(s.Quote.Refusals) // the supplier's own
	s.Quote.Refusals[i] = withAvailable(s.Quote.Refusals[i], s.Funds.Available)
	if len(chain) == 1 {
		return "", nil
	}
	payment = chain[1].Name()
	if s.Quote.Total.Currency() != "" {
		return payment, nil
	}
	second, err := e.supplier.Check(ctx, o.Purchase(payment))
	if err != nil {
		return "", err
	}
	if second.Total.Currency() == "" {
		s.Quote.Refusals = neither(s.Quote.Refusals, i, payment, second.Refusals)
		return "", nil
	}
	second.At = s.Now
	s.Quote = second
	return payment, nil
}

// neither joins what was said of two methods that cannot pay. What is wrong
// with the second alone is noted with the shortage, refusals[short], and holds
// nothing: money for the first ends it.
func neither(refusals []mip.Finding, short int, method string, second []mip.Finding) []mip.Finding {
	for _, f := range second {
		if f.Path != "payment" {
			refusals = append(refusals, f)
			continue
		}
		params := maps.Clone(refusals[short].Params)
		if params == nil {
			params = map[string]string{}
		}
		params[method] = f.Code
		refusals[short].Params = params
	}
	return refusals
}

// withAvailable notes what there was when the supplier refused, so that the
// order is not asked about again before there is more.
func withAvailable(f mip.Finding, available mip.Money) mip.Finding {
	if _, told := f.Params["available"]; told || available.Currency() == "" {
		return f
	}
	params := maps.Clone(f.Params)
	if params == nil {
		params = map[string]string{}
	}
	params["available"], params["currency"] = available.Text(), available.Currency()
	f.Params = params
	return f
}

// funds asks the first method of a chain what it has.
func (e *Engine) funds(ctx context.Context, chain []mip.Payment) (mip.Funds, error) {
	out := mip.Funds{Fallback: len(chain) > 1}
	if len(chain) == 0 {
		return out, nil
	}
	f, ok := chain[0].(mip.Funder)
	if !ok {
		return out, nil
	}
	available, err := f.Available(ctx)
	out.Available = available
	return out, err
}

// broke reports whether the purse is known not to pay for the order, so that
// the supplier need not be asked.
func (e *Engine) broke(o mip.Order, f mip.Funds) bool {
	if f.Fallback || f.Available.Currency() == "" {
		return false
	}
	if f.Available.IsZero() || f.Available.IsNegative() {
		return true
	}
	if len(o.Placements) > 0 {
		return false // the last quote was for more than is open
	}
	short, err := f.Available.Cmp(o.Quote.Total)
	return err == nil && o.Quote.Total.Currency() != "" && short < 0
}

func fundsFinding(available, needed mip.Money) mip.Finding {
	f := mip.Finding{Code: mip.CodeInsufficientFunds, Severity: mip.Blocking, AutoClear: true,
		Params: map[string]string{"available": available.Text(), "currency": available.Currency()}}
	if needed.Currency() != "" {
		f.Params["needed"] = needed.Text()
	}
	return f
}

func skus(items []mip.Item) []string {
	var out []string
	seen := map[string]bool{}
	for _, it := range items {
		if it.SKU != "" && !seen[it.SKU] {
			seen[it.SKU] = true
			out = append(out, it.SKU)
		}
	}
	return out
}
