package rules

import (
	"slices"
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
// person lets it pass, so does this one. Beside one that is bought it waits for
// a person, who lets it pass beside each of the others by itself; that is for
// both of the two. An order of which something is bought already is not asked
// again. Its code is [mip.CodeDuplicate].
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
			if len(s.Alike) == 0 || s.Order.Bought() {
				return
			}
			var worst mip.Finding
			for i := range s.Alike {
				other := &s.Alike[i]
				if !goesFirst(other, &s.Order) || other.Apart(s.Order) > within || passed(other.Overrides, beside(&s.Order)) {
					continue
				}
				if f := beside(other); worst.Code == "" || graver(f, worst, s.Order.Overrides) {
					worst = f
				}
			}
			if worst.Code != "" {
				report(worst)
			}
		},
	}
}

// beside is the finding of an order beside another one.
func beside(other *mip.Order) mip.Finding {
	f := judged(mip.CodeDuplicate, "lines", other.Ref.String())
	f.AutoClear = !bought(other)
	f.Params = map[string]string{"order": other.Ref.String(), "number": other.Number}
	return f
}

// graver reports whether f says more than g: nobody has let it pass, or it
// does not go away by itself.
func graver(f, g mip.Finding, overrides []mip.Override) bool {
	if a, b := passed(overrides, f), passed(overrides, g); a != b {
		return b
	}
	return g.AutoClear && !f.AutoClear
}

func passed(overrides []mip.Override, f mip.Finding) bool {
	return slices.ContainsFunc(overrides, func(o mip.Override) bool { return o.Covers(f) })
}

// bought reports whether something of an order is bought, here or by hand.
func bought(o *mip.Order) bool { return o.Bought() || o.State == mip.StateManuallySent }

// goesFirst reports whether the other order is bought, perhaps, or is to be
// bought and came before this one.
func goesFirst(other, o *mip.Order) bool {
	switch {
	case bought(other) || other.InFlight():
		return true
	case other.State.Terminal() || other.CancelAsked || other.Demand != mip.DemandShip || len(other.OpenItems()) == 0:
		return false
	}
	first := other.ReceivedAt.Compare(o.ReceivedAt)
	return first < 0 || first == 0 && other.Ref.String() < o.Ref.String()
}
