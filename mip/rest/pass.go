package rest

import (
	"context"
	"iter"
	"time"

	"github.com/openmip/openmip/mip"
)

// Pass reads once what changed since a mark. Its clock may be learnt, and even
// be set back, while it goes on. It is for one goroutine.
//
// Ask for what changed since From, less an overlap; ask anew if, after the first
// answer, Again says so; save what Reached makes of how far that came. [Changes]
// does so for lists that come by time of change.
type Pass struct {
	From time.Time // by the shop's clock: ask for what changed since then

	clock *Clock
	since Mark
	began time.Time // by ours
	now   time.Time // the same by theirs, the earliest that was told
}

// fog is how far back a pass begins if both clocks were set back: nobody knows
// by how much.
const fog = 24 * time.Hour

// Pass begins to read on from a mark. Where the shop's clock was set back since,
// it dates changes before the mark: they are asked for from what it showed, as
// it goes now, when the mark was made. A clock that was set forward, or told a
// wrong time for one answer, skips nothing either. The zero mark is 1970, which
// every platform can read.
func (c *Clock) Pass(since Mark) *Pass {
	if since.At.IsZero() {
		since.At = time.Unix(0, 0).UTC()
	}
	p := &Pass{From: since.At, clock: c, since: since, began: time.Now()}
	if c.Told() {
		p.From, p.now = p.from(), p.Now()
	}
	return p
}

// from reads more rather than less: what comes twice does no harm.
func (p *Pass) from() time.Time {
	switch at := p.clock.At(p.since.Ours); {
	case p.since.Ours.IsZero():
		return p.since.At
	case p.since.Ours.Sub(p.began) > time.Minute: // ours was set back as well
		return earlier(p.since.At, p.clock.At(p.began).Add(-fog))
	default:
		return earlier(p.since.At, at)
	}
}

// Again is for after the first answer, which told the shop's clock: it reports
// whether that was set back by more than the overlap covers, and From is
// earlier now.
func (p *Pass) Again(overlap time.Duration) bool {
	from := p.from()
	p.now = p.clock.At(p.began)
	if p.From.Sub(from) <= overlap/2 {
		return false
	}
	p.From = from
	return true
}

// Back reports whether the shop's clock was set back since the mark: what was
// changed before that may be dated ahead of what it shows.
func (p *Pass) Back() bool { return p.since.At.Sub(p.From) > time.Minute }

// Reached is the mark to save once everything that the shop dated until at was
// handed over: at, but neither before From nor after [Pass.Now]. A mark that
// somebody put into the future stays.
func (p *Pass) Reached(at time.Time) Mark {
	now := p.Now()
	if p.since.Ours.IsZero() && p.since.At.After(now) {
		return p.since
	}
	if at.Before(p.From) {
		at = p.From
	}
	return Mark{At: earlier(at, now), Ours: p.began}
}

// Now is what the shop's clock showed when the pass began: the earliest, where
// answers differ.
func (p *Pass) Now() time.Time {
	if now := p.clock.At(p.began); p.now.IsZero() || now.Before(p.now) {
		p.now = now
	}
	return p.now
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Changes walks, as [Pages] does, what changed since a mark. fetch gets where the
// page before ended, the zero M for the first page. That one is fetched anew if
// its answer told that the shop's clock was set back, so fetch must remember
// nothing of it.
func Changes[M comparable](ctx context.Context, clock *Clock, since Mark, overlap time.Duration,
	fetch func(ctx context.Context, p *Pass, after M) (page mip.Page, next M, more bool, err error)) iter.Seq2[mip.Page, error] {
	return func(yield func(mip.Page, error) bool) {
		var first M
		p := clock.Pass(since)
		Pages(ctx, first, func(ctx context.Context, after M) ([]mip.Page, M, bool, error) {
			page, next, more, err := fetch(ctx, p, after)
			if err == nil && after == first && p.Again(overlap) {
				page, next, more, err = fetch(ctx, p, after)
			}
			return []mip.Page{page}, next, more, err
		})(yield)
	}
}
