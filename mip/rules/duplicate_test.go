package rules_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

func TestDuplicate(t *testing.T) {
	made := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	other := func(change func(other, o *mip.Order)) mip.Snapshot {
		return changed(func(s *mip.Snapshot) {
			s.Order.CreatedAt, s.Order.ReceivedAt = made, made.Add(time.Hour)
			twin := s.Order
			twin.Ref, twin.Number = mip.Ref{Channel: "old", ID: "7"}, "A7"
			twin.CreatedAt, twin.ReceivedAt = made.Add(-time.Minute), made
			change(&twin, &s.Order)
			s.Alike = []mip.Order{twin}
		})
	}
	bought := []mip.Placement{{ID: "1", Status: mip.PlacementInProcess}}
	for _, c := range []struct {
		claim  string
		held   bool
		alone  bool // it may go away by itself
		change func(other, o *mip.Order)
	}{
		{"the second of two waits", true, true, func(_, _ *mip.Order) {}},
		{"the first goes through", false, false, func(other, _ *mip.Order) { other.ReceivedAt = made.Add(2 * time.Hour) }},
		{"the first waits once the second is bought", true, false, func(other, _ *mip.Order) {
			other.ReceivedAt, other.Placements = made.Add(2*time.Hour), bought
		}},
		{"or perhaps bought", true, true, func(other, _ *mip.Order) {
			other.ReceivedAt, other.Attempts = made.Add(2*time.Hour), []mip.Attempt{{Outcome: mip.OutcomeUnknown}}
		}},
		{"or ordered by hand", true, false, func(other, _ *mip.Order) {
			other.ReceivedAt, other.State = made.Add(2*time.Hour), mip.StateManuallySent
		}},
		{"of two that came at once, one waits", true, true, func(other, o *mip.Order) { other.ReceivedAt, other.Ref.Channel = o.ReceivedAt, "a" }},
		{"and only one", false, false, func(other, o *mip.Order) { other.ReceivedAt, other.Ref.Channel = o.ReceivedAt, "zzz" }},
		{"a cancelled one does not count", false, false, func(other, _ *mip.Order) { other.State = mip.StateCancelled }},
		{"nor one that is about to be cancelled", false, false, func(other, _ *mip.Order) { other.CancelAsked = true }},
		{"nor one that nobody paid", false, false, func(other, _ *mip.Order) { other.Demand = mip.DemandUnpaid }},
		{"nor one of which nothing is wanted any more", false, false, func(other, _ *mip.Order) {
			other.Lines = slices.Clone(other.Lines)
			for i := range other.Lines {
				other.Lines[i].Cancelled = other.Lines[i].Quantity
			}
		}},
		{"a cancelled one that was bought does", true, false, func(other, _ *mip.Order) { other.State, other.Placements = mip.StateCancelled, bought }},
		{"not if the supplier cancelled it too", false, false, func(other, _ *mip.Order) {
			other.State, other.Placements = mip.StateCancelled, []mip.Placement{{ID: "1", Status: mip.PlacementCancelled}}
		}},
		{"the next day's is another order", false, false, func(other, _ *mip.Order) { other.CreatedAt = made.Add(-25 * time.Hour) }},
		{"one made at the same moment is the same, however late it came", true, true, func(other, o *mip.Order) {
			other.CreatedAt, o.ReceivedAt = made, made.AddDate(1, 0, 0)
		}},
		{"without the channel's time ours counts", true, true, func(other, _ *mip.Order) { other.CreatedAt = time.Time{} }},
		{"nor one that a person has let pass beside this one", false, false, func(other, o *mip.Order) {
			other.Placements, other.Overrides = bought, []mip.Override{passing(o.Ref)}
		}},
		{"but for one that was let pass beside yet another", true, false, func(other, _ *mip.Order) {
			other.Placements, other.Overrides = bought, []mip.Override{passing(mip.Ref{Channel: "old", ID: "8"})}
		}},
		{"an order whose purchase the supplier cancelled is asked as any other", true, true, func(_, o *mip.Order) {
			o.Placements = []mip.Placement{{ID: "1", Status: mip.PlacementCancelled}}
		}},
		{"an order that is bought in part is not asked again", false, false, func(_, o *mip.Order) { o.Placements = bought }},
	} {
		t.Run(c.claim, func(t *testing.T) {
			found := check(other(c.change), rules.Duplicate(rules.DuplicateConfig{}))
			if !c.held {
				assert.Empty(t, found)
				return
			}
			require.Equal(t, []string{"order.duplicate_suspected lines"}, at(found))
			assert.Equal(t, mip.Overridable, found[0].Severity)
			assert.Equal(t, c.alone, found[0].AutoClear)
			assert.Equal(t, "A7", found[0].Params["number"])
		})
	}
	assert.Empty(t, check(other(func(_, _ *mip.Order) {}), rules.Duplicate(rules.DuplicateConfig{Within: time.Second})))
	assert.Equal(t, "made within 24h of each other", rules.Duplicate(rules.DuplicateConfig{}).Limit)
}

// passing is a person's decision to let an order pass beside ref's.
func passing(ref mip.Ref) mip.Override {
	return mip.Override{Code: mip.CodeDuplicate, Path: "lines", Value: mip.ValueHash(ref.String()), Actor: "p1", Why: "he wants both"}
}

func TestWhoLetsAnOrderPassBesideOneHasNotSeenTheThird(t *testing.T) {
	twin := func(o mip.Order, id string) mip.Order {
		o.Ref, o.Overrides = mip.Ref{Channel: "old", ID: id}, nil
		o.ReceivedAt = o.ReceivedAt.Add(-time.Minute)
		return o
	}
	for name, c := range map[string]struct {
		passed []string
		bought string
		want   string // beside which it waits, empty: none
	}{
		"of two that wait, one after the other": {nil, "", "old/1"},
		"the second is seen then":               {[]string{"1"}, "", "old/2"},
		"the first as well":                     {[]string{"2"}, "", "old/1"},
		"what is bought comes first":            {nil, "2", "old/2"},
		"unless it has been let pass":           {[]string{"2"}, "2", "old/1"},
		"both are let pass":                     {[]string{"1", "2"}, "1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := changed(func(s *mip.Snapshot) {
				s.Alike = []mip.Order{twin(s.Order, "1"), twin(s.Order, "2")}
				for i := range s.Alike {
					if s.Alike[i].Ref.ID == c.bought {
						s.Alike[i].Placements = []mip.Placement{{ID: "7", Status: mip.PlacementInProcess}}
					}
				}
				for _, id := range c.passed {
					s.Order.Overrides = append(s.Order.Overrides, passing(mip.Ref{Channel: "old", ID: id}))
				}
			})
			holding := mip.Holding(check(s, rules.Duplicate(rules.DuplicateConfig{})), s.Order.Overrides)
			if c.want == "" {
				assert.Empty(t, holding)
				return
			}
			require.Len(t, holding, 1)
			assert.Equal(t, c.want, holding[0].Params["order"])
		})
	}
}
