package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

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
		change func(other, o *mip.Order)
	}{
		{"the second of two waits", true, func(_, _ *mip.Order) {}},
		{"the first goes through", false, func(other, _ *mip.Order) { other.ReceivedAt = made.Add(2 * time.Hour) }},
		{"the first waits once the second is bought", true, func(other, _ *mip.Order) {
			other.ReceivedAt, other.Placements = made.Add(2*time.Hour), bought
		}},
		{"or perhaps bought", true, func(other, _ *mip.Order) {
			other.ReceivedAt, other.Attempts = made.Add(2*time.Hour), []mip.Attempt{{Outcome: mip.OutcomeUnknown}}
		}},
		{"or ordered by hand", true, func(other, _ *mip.Order) {
			other.ReceivedAt, other.State = made.Add(2*time.Hour), mip.StateManuallySent
		}},
		{"of two that came at once, one waits", true, func(other, o *mip.Order) { other.ReceivedAt, other.Ref.Channel = o.ReceivedAt, "a" }},
		{"and only one", false, func(other, o *mip.Order) { other.ReceivedAt, other.Ref.Channel = o.ReceivedAt, "zzz" }},
		{"a cancelled one does not count", false, func(other, _ *mip.Order) { other.State = mip.StateCancelled }},
		{"nor one that is about to be cancelled", false, func(other, _ *mip.Order) { other.CancelAsked = true }},
		{"nor one that nobody paid", false, func(other, _ *mip.Order) { other.Demand = mip.DemandUnpaid }},
		{"a cancelled one that was bought does", true, func(other, _ *mip.Order) { other.State, other.Placements = mip.StateCancelled, bought }},
		{"not if the supplier cancelled it too", false, func(other, _ *mip.Order) {
			other.State, other.Placements = mip.StateCancelled, []mip.Placement{{ID: "1", Status: mip.PlacementCancelled}}
		}},
		{"the next day's is another order", false, func(other, _ *mip.Order) { other.CreatedAt = made.Add(-25 * time.Hour) }},
		{"one made at the same moment is the same, however late it came", true, func(other, o *mip.Order) {
			other.CreatedAt, o.ReceivedAt = made, made.AddDate(1, 0, 0)
		}},
		{"without the channel's time ours counts", true, func(other, _ *mip.Order) { other.CreatedAt = time.Time{} }},
		{"an order that is bought in part is not asked again", false, func(_, o *mip.Order) { o.Placements = bought }},
	} {
		t.Run(c.claim, func(t *testing.T) {
			found := check(other(c.change), rules.Duplicate(rules.DuplicateConfig{}))
			if !c.held {
				assert.Empty(t, found)
				return
			}
			assert.Equal(t, []string{"order.duplicate_suspected lines"}, at(found))
			assert.Equal(t, mip.Overridable, found[0].Severity)
			assert.True(t, found[0].AutoClear)
			assert.Equal(t, "A7", found[0].Params["number"])
		})
	}
	assert.Empty(t, check(other(func(_, _ *mip.Order) {}), rules.Duplicate(rules.DuplicateConfig{Within: time.Second})))
	assert.Equal(t, "made within 24h of each other", rules.Duplicate(rules.DuplicateConfig{}).Limit)
}
