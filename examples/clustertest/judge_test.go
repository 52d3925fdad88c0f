package clustertest_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

// sound returns books with which everything is right: one order of a lamp and
// two mugs that came, one that waits for a person.
func sound(t *testing.T) books {
	t.Helper()
	a := sale{id: 101, pieces: map[string]int{"LAMP": 1, "MUG": 2}}
	b := sale{id: 102, held: true, pieces: map[string]int{"GONE": 1}}
	r := mip.Reference(a.ref(), 1)
	items := []mip.Item{{SKU: "LAMP", Quantity: 1}, {SKU: "MUG", Quantity: 2}}
	return books{
		sales: []sale{a, b},
		purse: mip.EUR(100_00),
		apart: 300 * time.Millisecond,
		orders: []mip.Order{
			{Facts: mip.Facts{Ref: a.ref()}, State: mip.StateDelivered,
				Placements: []mip.Placement{{ID: "1", Reference: r, Parcels: []mip.Parcel{{Number: "N1"}}}}},
			{Facts: mip.Facts{Ref: b.ref()}, State: mip.StatePendingReview, Findings: []mip.Finding{{Code: "product.inactive", Severity: mip.Blocking}}},
		},
		reserved: []mip.Reservation{
			{Key: r + "--a1", State: mip.ReservationSettled, Amount: mip.EUR(30_00), Actual: mip.EUR(29_00)},
			{Key: "other", State: mip.ReservationReleased, Amount: mip.EUR(90_00)},
		},
		bought: []bigbuytest.Order{{ID: "1", Reference: r, Items: items, Total: mip.EUR(29_00), CreatedAt: noon}},
		calls:  []bigbuytest.Call{purchase(t, r, noon.Add(-time.Millisecond), 200), {Route: bigbuytest.RouteReference, At: noon.Add(time.Minute), Status: 200}},
		shown: []wootest.Order{{ID: 101, Status: "completed", Trackings: []wootest.TrackingItem{{Number: "N1"}}},
			{ID: 102, Status: "processing"}},
		writes: []wootest.Call{{Method: "POST", Route: "/orders/101/shipment-trackings", Body: `{"tracking_number":"N1"}`},
			{Method: "PUT", Route: "/orders/101", Body: `{"status":"completed"}`}},
	}
}

func purchase(t *testing.T, reference string, at time.Time, status int) bigbuytest.Call {
	t.Helper()
	body, err := json.Marshal(map[string]any{"order": map[string]any{"internalReference": reference}})
	require.NoError(t, err)
	return bigbuytest.Call{Route: bigbuytest.RouteCreateMulti, Body: body, At: at, Status: status}
}

func TestTheJudgePassesSoundBooks(t *testing.T) {
	assert.Empty(t, sound(t).wrong())
	assert.Empty(t, sound(t).missing())
}

func TestTheJudgeSeesWhatMustNeverBe(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*books)
		says   string
	}{
		"bought twice under another reference": {func(b *books) {
			again := b.bought[0]
			again.ID, again.Reference = "2", mip.Reference(b.sales[0].ref(), 2)
			b.bought = append(b.bought, again)
		}, "order 101 wanted 1 of LAMP, bought were 2"},
		"too many pieces":        {func(b *books) { b.bought[0].Items[1].Quantity = 3 }, "order 101 wanted 2 of MUG, bought were 3"},
		"bought what nobody had": {func(b *books) { b.bought[0].Items[0].SKU = "SOFA" }, "order 101 wanted 0 of SOFA, bought were 1"},
		"bought although held":   {func(b *books) { b.bought[0].Reference = mip.Reference(b.sales[1].ref(), 1) }, "order 102 wanted 0 of LAMP, bought were 1"},
		"bought for nobody":      {func(b *books) { b.bought[0].Reference = "x" }, "bought for nobody"},
		"asked for again": {func(b *books) {
			b.calls = append(b.calls, purchase(t, b.bought[0].Reference, noon.Add(time.Second), 409))
		}, "was to be bought again, 1s after it was"},
		"completed twice":         {func(b *books) { b.writes = append(b.writes, b.writes[1]) }, "completed twice: /orders/101"},
		"a number written twice":  {func(b *books) { b.shown[0].Trackings = append(b.shown[0].Trackings, b.shown[0].Trackings[0]) }, "order 101 shows the number N1 twice"},
		"more settled than taken": {func(b *books) { b.reserved[0].Actual = mip.EUR(29_01) }, "settled were 29.01 EUR, BigBuy took only 29.00 EUR"},
		"more set aside than there is": {func(b *books) { b.reserved[1].State = mip.ReservationOpen },
			"119.00 EUR are spent or set aside, the purse held 100.00 EUR"},
		"calls of several limiters": {func(b *books) {
			for i := range 30 {
				b.calls = append(b.calls, bigbuytest.Call{Route: bigbuytest.RoutePurse, At: noon.Add(time.Duration(i) * 200 * time.Millisecond), Status: 200})
			}
		}, "calls too many: user/purse at Jan  5 12:00:04.200"},
		"many refusals": {func(b *books) {
			for i := range 4 {
				b.calls = append(b.calls, bigbuytest.Call{At: noon.Add(time.Duration(i) * time.Minute), Status: 429})
			}
		}, "4 of 6 calls were refused"},
	} {
		t.Run(name, func(t *testing.T) {
			b := sound(t)
			tt.change(&b)
			assert.Contains(t, strings.Join(b.wrong(), "\n"), tt.says)
		})
	}
}

func TestTheJudgeAllowsForTheTravelsOfCalls(t *testing.T) {
	b := sound(t)
	for i := range 30 { // each in its turn, every third one half a second late
		at := noon.Add(time.Duration(i) * b.apart)
		if i%3 == 0 {
			at = at.Add(500 * time.Millisecond)
		}
		b.calls = append(b.calls, bigbuytest.Call{Route: bigbuytest.RoutePurse, At: at, Status: 200})
	}
	slices.SortFunc(b.calls, func(a, b bigbuytest.Call) int { return a.At.Compare(b.At) })
	b.calls = append(b.calls, purchase(t, b.bought[0].Reference, noon.Add(time.Hour), 429))
	assert.Empty(t, b.wrong(), "and a refused call asked for nothing")
}

func TestTheJudgeSeesWhatIsMissing(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*books)
		says   string
	}{
		"a lost order":            {func(b *books) { b.orders = b.orders[1:] }, "order 101 was lost"},
		"a lost order that waits": {func(b *books) { b.orders = b.orders[:1] }, "order 102 was lost"},
		"an order under way":      {func(b *books) { b.orders[0].State = mip.StateShipped }, "order 101 is shipped"},
		"held for something else": {func(b *books) { b.orders[1].Findings[0].Code = "wallet.insufficient_funds" }, "order 102 is pending_review for [wallet.insufficient_funds]"},
		"not held":                {func(b *books) { b.orders[1].State = mip.StateSubmitting }, "order 102 is submitting"},
		"nothing bought":          {func(b *books) { b.bought = nil }, "order 101 lacks 1 of LAMP"},
		"a piece not bought":      {func(b *books) { b.bought[0].Items[1].Quantity = 1 }, "order 101 lacks 1 of MUG"},
		"a purchase nobody knows": {func(b *books) { b.orders[0].Placements[0].ID = "7" }, "BigBuy's order 1 is followed by nobody"},
		"no number":               {func(b *books) { b.orders[0].Placements[0].Parcels = nil }, "order 101 has no tracking number"},
		"a number not shown":      {func(b *books) { b.shown[0].Trackings = nil }, "order 101 does not show the number N1"},
		"not told":                {func(b *books) { b.shown[0].Status = "processing" }, "order 101 is processing in the shop"},
		"gone from the shop":      {func(b *books) { b.shown = b.shown[1:] }, "order 101 is not in the shop"},
		"still set aside":         {func(b *books) { b.reserved[1].State = mip.ReservationOpen }, "90.00 EUR are still set aside for other"},
		"taken and not settled":   {func(b *books) { b.reserved = b.reserved[1:] }, "settled were 0.00 EUR, BigBuy took 29.00 EUR"},
		"less settled than taken": {func(b *books) { b.reserved[0].Actual = mip.EUR(28_99) }, "settled were 28.99 EUR, BigBuy took 29.00 EUR"},
	} {
		t.Run(name, func(t *testing.T) {
			b := sound(t)
			tt.change(&b)
			assert.Contains(t, strings.Join(b.missing(), "\n"), tt.says)
		})
	}
}
