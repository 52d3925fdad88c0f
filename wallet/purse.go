package wallet

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/openmip/openmip/mip"
)

// purse remembers the supplier's balance for a while, and asks for it with
// one question at a time.
type purse struct {
	bank    mip.Balancer
	refresh time.Duration // the least time between two questions
	timeout time.Duration
	now     func() time.Time
	flight  singleflight.Group

	mu    sync.Mutex
	last  mip.Balance // no currency = nothing known
	since time.Time   // when last became known
	word  bool        // last came with a refusal: it stands until the next question
	// epoch rises with every refusal. A question that left before one is out
	// of date when it is answered.
	epoch int
	err   error     // why the last question had no answer
	quiet time.Time // nobody asks again before
}

// balance returns a balance known for at most maxAge, asking for one if need
// be. Whoever comes while a question is on its way shares the answer.
func (p *purse) balance(ctx context.Context, maxAge time.Duration) (mip.Balance, error) {
	for {
		b, epoch, err := p.recall(maxAge)
		if err != nil || b.Amount.Currency() != "" {
			return b, err
		}
		// The question outlives a caller who gives up: others share it.
		asking := context.WithoutCancel(ctx)
		answer := p.flight.DoChan(strconv.Itoa(epoch), func() (any, error) { return p.ask(asking, epoch) })
		select {
		case <-ctx.Done():
			return mip.Balance{}, &mip.Error{Op: "wallet: balance", Kind: mip.ErrUnavailable, Err: context.Cause(ctx)}
		case a := <-answer:
			if a.Err != nil {
				return mip.Balance{}, a.Err
			}
			if b := a.Val.(mip.Balance); p.current(epoch) {
				return b, nil
			}
		}
	}
}

// recall returns what is known and still fresh, or the failure that is too
// recent to ask again; else nothing, and the epoch in which to ask.
func (p *purse) recall(maxAge time.Duration) (mip.Balance, int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.word {
		maxAge = min(maxAge, p.refresh)
	}
	now := p.now()
	age := now.Sub(p.since)
	if p.last.Amount.Currency() != "" && age >= 0 && age <= maxAge {
		return p.last, p.epoch, nil
	}
	if p.err != nil && now.Before(p.quiet) {
		return mip.Balance{}, p.epoch, p.err
	}
	return mip.Balance{}, p.epoch, nil
}

// ask puts the question and keeps the answer, unless a refusal came since.
func (p *purse) ask(ctx context.Context, epoch int) (mip.Balance, error) {
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	// Whole milliseconds, downwards: a ledger may keep times no finer.
	asked := p.now().Truncate(time.Millisecond)
	amount, err := p.bank.Balance(ctx)
	if err == nil && amount.Currency() == "" {
		err = &mip.Error{Op: "wallet: balance", Kind: mip.ErrContract, Err: errors.New("no currency")}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.err = unreadable(err)
		p.quiet = p.now().Add(max(p.refresh, mip.RetryAfter(err)))
		return mip.Balance{}, p.err
	}
	b := mip.Balance{Amount: amount, ReadAt: asked}
	if epoch == p.epoch {
		p.last, p.since, p.word, p.err = b, asked, false, nil
	}
	return b, nil
}

// believe takes the balance that a refusal named, or forgets what it knew. It
// returns false if the currency is not the one known.
func (p *purse) believe(amount mip.Money) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.epoch++
	known, named := p.last.Amount.Currency(), amount.Currency()
	if known == "" || named != known {
		p.last, p.word = mip.Balance{}, false
		return known == "" || named == ""
	}
	// Nobody says when the supplier looked, so ReadAt stays: all that settled
	// since the last question counts against the amount once more.
	p.last.Amount, p.since, p.word = amount, p.now(), true
	return true
}

// known is the last balance, the zero value if there is none.
func (p *purse) known() mip.Money {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last.Amount
}

func (p *purse) current(epoch int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.epoch == epoch
}

// unreadable gives a failed question its kind. Asking changes nothing, so a
// failure that is unknown or unclassified is certainly without effect; and no
// failure to read a balance proves that it is too small.
func unreadable(err error) error {
	switch kind := mip.KindOf(err); {
	case !errors.Is(err, kind): // unclassified
		return &mip.Error{Op: "wallet: balance", Kind: mip.ErrUnavailable, Err: err}
	case kind == mip.ErrUnknown, errors.Is(err, mip.ErrUnfunded):
		return &mip.Error{Op: "wallet: balance", Kind: mip.ErrUnavailable,
			RetryAfter: mip.RetryAfter(err), Err: errors.New(err.Error())}
	}
	return err
}
