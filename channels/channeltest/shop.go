package channeltest

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// Shop is a whole sales channel in memory: customers buy in it, and it hears
// what became of their orders. It is a [mip.Channel], [mip.Getter] and
// [mip.Canceller] itself; with [Serve] and a handler that puts a platform's
// JSON around it, it is the far end of any other channel.
//
// It is safe for concurrent use, asks no one but [time.Now] and the timers of
// package time, and so runs in a synctest bubble. Its times are UTC in whole
// seconds, its order and line ids are decimal numbers.
type Shop struct {
	name string
	faults

	mu       sync.Mutex
	sales    map[string]*Sale
	revision int            // of the whole shop
	changed  map[string]int // revision at which an order last changed
	above    int64          // the last id that was given out
	ahead    time.Duration  // of the shop's clock
}

var (
	_ mip.Channel   = (*Shop)(nil)
	_ mip.Getter    = (*Shop)(nil)
	_ mip.Canceller = (*Shop)(nil)
	_ Platform      = (*Shop)(nil)
	_ Remover       = (*Shop)(nil)
	_ Numberer      = (*Shop)(nil)
	_ Skewer        = (*Shop)(nil)
	_ Sender        = (*Shop)(nil)
	_ Network       = (*Shop)(nil)
)

// NewShop opens an empty shop. It panics unless name is a valid account name
// ([mip.ValidChannelName]).
func NewShop(name string) *Shop {
	if err := mip.ValidChannelName(name); err != nil {
		panic(err)
	}
	return &Shop{name: name, above: 1000, sales: map[string]*Sale{}, changed: map[string]int{}}
}

// Name is the account name in every ref.
func (s *Shop) Name() string { return s.name }

// Buy places an order and returns its ref. What f leaves empty the shop fills
// in: order id, number, line ids, demand (to be shipped) and times.
func (s *Shop) Buy(f mip.Facts) mip.Ref {
	f.Ref.ID = ""
	kept, _ := s.Put(Sale{Facts: f})
	return kept.Ref
}

// Put implements [Platform]: it places a new order, or changes the one that
// has the id. The time of change is always now. It returns the order as kept;
// the error is always nil.
func (s *Shop) Put(sale Sale) (mip.Facts, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sale = sale.Clone()
	id := sale.Ref.ID
	if id == "" {
		s.above++
		id = strconv.FormatInt(s.above, 10)
	}
	if old := s.sales[id]; old != nil {
		sale.Shown, sale.told = cloneStatus(old.Shown), cloneStatus(old.told)
	}
	now := s.clock()
	sale.Ref = mip.Ref{Channel: s.name, ID: id}
	sale.Number = cmp.Or(sale.Number, "#"+id)
	sale.Demand = cmp.Or(sale.Demand, mip.DemandShip)
	for i := range sale.Lines {
		sale.Lines[i].ID = cmp.Or(sale.Lines[i].ID, fmt.Sprintf("%s%02d", id, i+1))
	}
	if sale.CreatedAt.IsZero() {
		sale.CreatedAt = now
	}
	s.keep(id, &sale, now)
	return cloneFacts(sale.Facts), nil
}

// NumberAbove implements [Numberer].
func (s *Shop) NumberAbove(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.above = max(s.above, n)
}

// Edit changes one order in place and reports whether it exists. The time of
// change moves only if something did change. Whatever change does to ref and
// times is undone.
func (s *Shop) Edit(id string, change func(*Sale)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.sales[id]
	if old == nil {
		return false
	}
	sale := old.Clone()
	change(&sale)
	sale.Ref, sale.CreatedAt, sale.UpdatedAt = old.Ref, old.CreatedAt, old.UpdatedAt
	if sale = sale.Clone(); !reflect.DeepEqual(sale, old.Clone()) {
		s.keep(id, &sale, s.clock())
	}
	return true
}

// Withdraw is the customer cancelling an order, before or after it was
// bought. It reports whether the order exists.
func (s *Shop) Withdraw(ref mip.Ref) bool {
	return s.Edit(ref.ID, func(o *Sale) { o.Demand = mip.DemandCancel })
}

// Refund takes pieces of the line at index back. It reports whether the order
// exists and has that line.
func (s *Shop) Refund(ref mip.Ref, index, pieces int) bool {
	done := false
	s.Edit(ref.ID, func(o *Sale) {
		if done = index >= 0 && index < len(o.Lines); done {
			o.Lines[index].Cancelled += pieces
		}
	})
	return done
}

// ShipOutside implements [Sender].
func (s *Shop) ShipOutside(id, lineID string, pieces int) {
	s.Edit(id, func(o *Sale) {
		for i := range o.Lines {
			if o.Lines[i].ID == lineID {
				o.Lines[i].Shipped += pieces
			}
		}
	})
}

// Ship is the shop being told where an order stands, for handlers around it:
// its state becomes the one given unless that is empty, cancelled also
// cancels the order, and each parcel replaces the one of its id or is added.
// It reports whether the order exists; the time of change moves only if
// something is new.
func (s *Shop) Ship(id string, state mip.State, parcels ...mip.Parcel) bool {
	return s.Edit(id, func(o *Sale) {
		o.Shown.State = cmp.Or(state, o.Shown.State)
		if state == mip.StateCancelled {
			o.Demand = mip.DemandCancel
		}
		for _, p := range parcels {
			o.Shown.Parcels = with(o.Shown.Parcels, p)
		}
	})
}

// keep stores under s.mu.
func (s *Shop) keep(id string, sale *Sale, now time.Time) {
	s.revision++
	sale.UpdatedAt = now
	s.sales[id], s.changed[id] = sale, s.revision
}

// Sale returns one order, false if the shop has none of that id.
func (s *Shop) Sale(id string) (Sale, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.sales[id]; o != nil {
		return o.Clone(), true
	}
	return Sale{}, false
}

// Since lists at most limit orders (0 = all) that changed at or after from,
// by (time of change, id) and behind the pair (from, after). With an empty
// after that is everything from the instant on. A page's successor is asked
// for with the time of change and the id of its last order.
func (s *Shop) Since(from time.Time, after string, limit int) []Sale {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Sale
	for id, o := range s.sales {
		c := o.UpdatedAt.Compare(from)
		if c > 0 || c == 0 && (after == "" || compareIDs(id, after) > 0) {
			out = append(out, o.Clone())
		}
	}
	slices.SortFunc(out, func(a, b Sale) int {
		return cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), compareIDs(a.Ref.ID, b.Ref.ID))
	})
	if limit > 0 && len(out) > limit {
		out = out[:limit]
	}
	return out
}

// compareIDs sorts decimal ids by value.
func compareIDs(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }

// Shown implements [Platform].
func (s *Shop) Shown(id string) mip.Status {
	o, _ := s.Sale(id)
	return o.Shown
}

// Reported is all that the shop was told of an order through [Shop.Report],
// or through a handler's own doing what it shows; the zero value if nothing.
func (s *Shop) Reported(ref mip.Ref) mip.Status {
	o, _ := s.Sale(ref.ID)
	if o.told.Equal(mip.Status{}) {
		return o.Shown
	}
	return o.told
}

// Lose makes the shop carry the next n requests out and lose their answers.
func (s *Shop) Lose(n int) {
	for range n {
		s.Fail(Fault{Done: true})
	}
}

// Remove implements [Remover]; Orders says nothing of it.
func (s *Shop) Remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sales, id)
	delete(s.changed, id)
}

// Skew implements [Skewer] for the times of orders. The Date header is for the
// handler to set, by [Shop.Now].
func (s *Shop) Skew(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead = d
}

// Now is the shop's clock, in UTC and whole seconds.
func (s *Shop) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock()
}

func (s *Shop) clock() time.Time { return time.Now().Add(s.ahead).UTC().Truncate(time.Second) }

// sleep waits d or until ctx ends, and returns the latter's reason.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
