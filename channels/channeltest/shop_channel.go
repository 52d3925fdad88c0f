package channeltest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/openmip/openmip/mip"
)

// How the shop behaves as a channel.
const (
	shopPage     = 50               // orders in one page
	shopTries    = 4                // of one read
	shopPatience = 30 * time.Second // for one answer
)

// Orders implements [mip.Channel]. The cursor is the shop's own revision
// counter, so that nothing comes twice and nothing is left out. A page that
// cannot be read is tried four times, after the wait the fault asks for or
// one, two and four seconds.
func (s *Shop) Orders(ctx context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	return func(yield func(mip.Page, error) bool) {
		from := 0
		if since != "" {
			var err error
			if from, err = strconv.Atoi(string(since)); err != nil {
				yield(mip.Page{}, &mip.Error{Op: "shop: read cursor", Kind: mip.ErrInvalid})
				return
			}
		}
		for {
			var page mip.Page
			var more bool
			next := from // of the answer that arrived
			err := s.read(ctx, "shop: list orders", func() error {
				page, next, more = s.page(from)
				return nil
			})
			from = next
			if err != nil {
				yield(mip.Page{}, err)
				return
			}
			if !yield(page, nil) || !more {
				return
			}
		}
	}
}

// page returns the orders that changed after revision from, and where to go on.
func (s *Shop) page(from int) (page mip.Page, next int, more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for id, at := range s.changed {
		if at > from {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Compare(s.changed[a], s.changed[b]) })
	if more = len(ids) > shopPage; more {
		ids = ids[:shopPage]
	}
	for _, id := range ids {
		page.Orders = append(page.Orders, s.sales[id].facts())
		from = s.changed[id]
	}
	if from > 0 {
		page.Next = mip.Cursor(strconv.Itoa(from))
	}
	return page, from, more
}

// facts is what a channel that can read everything makes of a sale.
func (s Sale) facts() mip.Facts {
	f := s.Clone().Facts
	defect := func(path string) {
		f.Defects = append(f.Defects, mip.Finding{Code: mip.CodeUnreadable, Path: path, Severity: mip.Blocking})
	}
	switch s.Quirk {
	case BadPrice, NoPrice:
		for i := range f.Lines {
			f.Lines[i].Total = mip.Money{}
			defect(fmt.Sprintf("lines[%d].total", i))
		}
	case HalfPiece:
		for i := range f.Lines {
			f.Lines[i].Quantity = 0
			defect(fmt.Sprintf("lines[%d].quantity", i))
		}
	case NoAddress:
		f.ShipTo = mip.Address{}
	case OddStatus:
		f.Demand = mip.DemandUnpaid
		defect("status")
	}
	if len(f.Defects) > 0 {
		f.Raw, _ = json.Marshal(s.Facts)
	}
	return f
}

// Order implements [mip.Getter].
func (s *Shop) Order(ctx context.Context, id string) (f mip.Facts, err error) {
	err = s.read(ctx, "shop: get order", func() error {
		sale, ok := s.Sale(id)
		if !ok {
			return &mip.Error{Op: "shop: get order", Ref: mip.Ref{Channel: s.name, ID: id}, Kind: mip.ErrNotFound}
		}
		f = sale.facts()
		return nil
	})
	return f, err
}

// Report implements [mip.Channel]. Parcels are kept by id; those that the
// status does not name stay, those without a number are not shown. A status
// without news changes nothing.
func (s *Shop) Report(ctx context.Context, ref mip.Ref, st mip.Status) error {
	return s.write(ctx, "shop: report", ref, func(o *Sale) {
		o.told.State = cmp.Or(st.State, o.told.State)
		o.Shown.State = o.told.State
		for _, p := range st.Parcels {
			o.told.Parcels = with(o.told.Parcels, p)
			if p.Number != "" {
				o.Shown.Parcels = with(o.Shown.Parcels, p)
			}
		}
		o.Shown.Parcels = fitting(o.Lines, cloneStatus(o.Shown).Parcels)
	})
}

// fitting takes pieces out of parcels that hold more than is wanted of a line,
// of the last ones first.
func fitting(lines []mip.Line, parcels []mip.Parcel) []mip.Parcel {
	left := map[string]int{}
	for _, l := range lines {
		left[l.ID] = l.Wanted()
	}
	for _, p := range parcels {
		for i, it := range p.Items {
			if have, known := left[it.LineID]; known {
				p.Items[i].Quantity = min(it.Quantity, have)
				left[it.LineID] -= p.Items[i].Quantity
			}
		}
	}
	return parcels
}

// with returns parcels with p in place of the one of the same id, or added.
func with(parcels []mip.Parcel, p mip.Parcel) []mip.Parcel {
	if i := slices.IndexFunc(parcels, func(q mip.Parcel) bool { return q.ID == p.ID }); i >= 0 {
		parcels[i] = p
		return parcels
	}
	return append(parcels, p)
}

// Cancel implements [mip.Canceller]: the shop cancels the order and its buyer
// sees it.
func (s *Shop) Cancel(ctx context.Context, ref mip.Ref, _ string) error {
	return s.write(ctx, "shop: cancel", ref, func(o *Sale) {
		o.Demand, o.Shown.State = mip.DemandCancel, mip.StateCancelled
	})
}

func (s *Shop) write(ctx context.Context, op string, ref mip.Ref, change func(*Sale)) error {
	return s.call(ctx, op, ref, mip.ErrUnknown, func() error {
		if ref.Channel != s.name || !s.Edit(ref.ID, change) {
			return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrNotFound}
		}
		return nil
	})
}

// read repeats a call as long as that may help.
func (s *Shop) read(ctx context.Context, op string, do func() error) error {
	for try := 1; ; try++ {
		err := s.call(ctx, op, mip.Ref{}, mip.ErrUnavailable, do)
		if !mip.Repeatable(err) || try == shopTries || ctx.Err() != nil {
			return err
		}
		if stop := sleep(ctx, max(time.Second<<(try-1), mip.RetryAfter(err))); stop != nil {
			return &mip.Error{Op: op, Kind: mip.ErrUnavailable, Err: stop}
		}
	}
}

// call is one request. doubt is the kind of an outcome nobody can tell.
func (s *Shop) call(ctx context.Context, op string, ref mip.Ref, doubt error, do func() error) error {
	fail := func(kind, cause error) error { return &mip.Error{Op: op, Ref: ref, Kind: kind, Err: cause} }
	if err := ctx.Err(); err != nil {
		return fail(mip.ErrUnavailable, err)
	}
	f, bad := s.next()
	if !bad {
		return do()
	}
	if f.Slow > 0 || f.Grown || f.Dated != 0 {
		if err := sleep(ctx, f.Slow); err != nil {
			return fail(doubt, err)
		}
		return do()
	}
	if f.Done || f.Torn || f.Stall {
		_ = do() // the caller never hears of it
	}
	if f.Hang || f.Stall {
		if err := sleep(ctx, shopPatience); err != nil {
			return fail(doubt, err)
		}
		return fail(doubt, errors.New("no answer"))
	}
	switch {
	case f.Status == 401 || f.Status == 403:
		return fail(mip.ErrUnauthorized, nil)
	case (f.Status == 404 || f.Status == 410) && f.Body != WebPage:
		return fail(mip.ErrNotFound, nil)
	case f.Status == 429:
		return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrThrottled, RetryAfter: f.asked()}
	case f.Status == 409:
		return fail(mip.ErrConflict, nil)
	case f.Status >= 400 && f.Status != 408 && f.Status != 404 && f.Status != 410 && f.Status < 500:
		return fail(mip.ErrInvalid, nil)
	case f.Status < 300 && f.answered() && doubt == mip.ErrUnavailable:
		return fail(mip.ErrContract, nil)
	}
	return &mip.Error{Op: op, Ref: ref, Kind: doubt, RetryAfter: f.RetryAfter}
}
