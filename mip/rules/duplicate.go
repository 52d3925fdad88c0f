package rules

import (
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

// DuplicateConfig says when two orders are perhaps one. The zero value is ready.
type DuplicateConfig struct {
	// Within is how far apart they may have been made, by the channels' clocks,
	// or by ours where one does not tell. Default 24 hours.
	Within time.Duration
}

// Duplicate holds an order of the same goods for the same person at the same
// address as another one that is bought, or that came before it and is still
// wanted: a buyer who pressed twice, or a shop that is connected twice or under
// a new name. The first of them goes through; once that is cancelled, or a
// person lets it pass, so does this one. An order of which something is bought
// already is not asked again. Its code is
// [mip.CodeDuplicate].
func Duplicate(c DuplicateConfig) mip.Rule {
	within := c.Within
	if within <= 0 {
		within = 24 * time.Hour
	}
	return mip.Rule{
		Code:  mip.CodeDuplicate,
		Doc:   "No other order has the same goods for the same person at the same address.",
		Limit: "made within " + strings.TrimSuffix(strings.TrimSuffix(within.String(), "0s"), "0m") + " of each other",
		Needs: mip.NeedAlike,
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			if len(s.Alike) == 0 || len(s.Order.Placements) > 0 {
				return
			}
			for i := range s.Alike {
				if other := &s.Alike[i]; goesFirst(other, &s.Order) && apart(other, &s.Order) <= within {
					f := judged(mip.CodeDuplicate, "lines", other.Ref.String())
					f.Params = map[string]string{"order": other.Ref.String(), "number": other.Number}
					report(f)
					return
				}
			}
		},
	}
}

// goesFirst reports whether the other order is bought, perhaps, or is to be
// bought and came before this one.
func goesFirst(other, o *mip.Order) bool {
	living := func() bool {
		for _, p := range other.Placements {
			if p.Status != mip.PlacementCancelled {
				return true
			}
		}
		return false
	}
	switch {
	case living() || other.InFlight() || other.State == mip.StateManuallySent:
		return true
	case other.State.Terminal() || other.CancelAsked || other.Demand != mip.DemandShip:
		return false
	}
	first := other.ReceivedAt.Compare(o.ReceivedAt)
	return first < 0 || first == 0 && other.Ref.String() < o.Ref.String()
}

// apart is how much later one order was made than the other.
func apart(a, b *mip.Order) time.Duration {
	if a.CreatedAt.IsZero() || b.CreatedAt.IsZero() {
		return b.ReceivedAt.Sub(a.ReceivedAt).Abs()
	}
	return b.CreatedAt.Sub(a.CreatedAt).Abs()
}
