package magento_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/channels/magento/magentest"
	"github.com/openmip/openmip/mip"
)

func box(id, number string, items ...mip.Item) mip.Parcel {
	return mip.Parcel{ID: id, Carrier: "DHL", Number: number, URL: "https://track.example/" + number, Items: items}
}

func shipped(parcels ...mip.Parcel) mip.Status {
	return mip.Status{State: mip.StateShipped, Parcels: parcels}
}

// sold is a shop with one order of three lamps and two mugs.
func sold(t *testing.T, o magentest.Order, change ...func(*magento.Config)) (*magentest.Server, *magento.Shop, magentest.Order) {
	t.Helper()
	shop := magentest.New(magentest.Config{})
	if o.Items == nil {
		o.Items = []magentest.Item{{SKU: "S1", Ordered: "3"}, {SKU: "S2", Ordered: "2"}}
	}
	kept, _ := shop.Order(shop.Buy(o))
	return shop, open(t, shop, change...), kept
}

func pieces(it magentest.Item, n int) mip.Item {
	return mip.Item{LineID: text(it.ID), SKU: it.SKU, Quantity: n}
}

func TestParcelsLeaveOneByOneWithTheirPieces(t *testing.T) {
	shop, c, o := sold(t, magentest.Order{Invoiced: true})
	one := box("1", "N1", pieces(o.Items[0], 2))
	two := box("2", "N2", pieces(o.Items[0], 1), mip.Item{SKU: "S2", Quantity: 2})
	for range 2 {
		require.NoError(t, c.Report(t.Context(), ref(o.ID), shipped(one)))
	}
	now, _ := shop.Order(o.ID)
	assert.Equal(t, "processing", now.State)
	for range 2 {
		require.NoError(t, c.Report(t.Context(), ref(o.ID), shipped(one, two)))
	}
	now, _ = shop.Order(o.ID)
	require.Len(t, now.Shipments, 2)
	assert.Equal(t, map[int64]int{o.Items[0].ID: 2}, now.Shipments[0].Items)
	assert.Equal(t, map[int64]int{o.Items[0].ID: 1, o.Items[1].ID: 2}, now.Shipments[1].Items)
	assert.Equal(t, "complete", now.State, "all is invoiced and shipped")
	assert.True(t, now.Shipments[0].Notified)
	assert.False(t, now.Shipments[0].Comments[0].Visible, "the mark is not for customers")
	assert.Equal(t, 2, shop.Count("POST", "/order/{id}/ship"), "told twice, shipped once")
}

func TestWhatAParcelMayHold(t *testing.T) {
	both := func(o magentest.Order) map[int64]int {
		return map[int64]int{o.Items[0].ID: 3, o.Items[1].ID: 2, o.Items[2].ID: 2}
	}
	for _, c := range []struct {
		name    string
		parcels func(magentest.Order) []mip.Parcel
		want    func(magentest.Order) []map[int64]int
		numbers [][]string
	}{
		{"what is unknown takes what is left, whatever comes first",
			func(o magentest.Order) []mip.Parcel {
				return []mip.Parcel{box("1", "N1"), box("2", "N2", pieces(o.Items[0], 3))}
			},
			func(o magentest.Order) []map[int64]int {
				return []map[int64]int{{o.Items[0].ID: 3}, {o.Items[1].ID: 2, o.Items[2].ID: 2}}
			}, [][]string{{"N2"}, {"N1"}}},
		{"a number for which nothing is left stands with the last shipment",
			func(magentest.Order) []mip.Parcel { return []mip.Parcel{box("1", "N1"), box("2", "N2")} },
			func(o magentest.Order) []map[int64]int { return []map[int64]int{both(o)} }, [][]string{{"N1", "N2"}}},
		{"more than is left is not shipped",
			func(o magentest.Order) []mip.Parcel {
				return []mip.Parcel{box("1", "N1", pieces(o.Items[0], 9), pieces(o.Items[1], 2), pieces(o.Items[2], 3))}
			},
			func(o magentest.Order) []map[int64]int { return []map[int64]int{both(o)} }, [][]string{{"N1"}}},
		{"one number for two parcels stands once, and both leave",
			func(o magentest.Order) []mip.Parcel {
				return []mip.Parcel{box("1", "N1", pieces(o.Items[0], 3)), box("2", "N1", pieces(o.Items[1], 2))}
			},
			func(o magentest.Order) []map[int64]int {
				return []map[int64]int{{o.Items[0].ID: 3}, {o.Items[1].ID: 2}}
			}, [][]string{{"N1"}, nil}},
		{"parcels without ids leave as well",
			func(o magentest.Order) []mip.Parcel {
				return []mip.Parcel{box("", "N1", pieces(o.Items[0], 3)), box("", "N1", pieces(o.Items[1], 2))}
			},
			func(o magentest.Order) []map[int64]int {
				return []map[int64]int{{o.Items[0].ID: 3}, {o.Items[1].ID: 2}}
			}, [][]string{{"N1"}, nil}},
		{"pieces by their SKU are taken once, from whichever lines have it",
			func(magentest.Order) []mip.Parcel {
				return []mip.Parcel{box("1", "N1", mip.Item{SKU: "S1", Quantity: 4})}
			},
			func(o magentest.Order) []map[int64]int { return []map[int64]int{{o.Items[0].ID: 3, o.Items[2].ID: 1}} }, [][]string{{"N1"}}},
		{"a parcel without a number waits",
			func(o magentest.Order) []mip.Parcel {
				return []mip.Parcel{box("1", "", pieces(o.Items[0], 3)), box("2", "N2", pieces(o.Items[1], 2))}
			},
			func(o magentest.Order) []map[int64]int { return []map[int64]int{{o.Items[1].ID: 2}} }, [][]string{{"N2"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			shop, ch, o := sold(t, magentest.Order{Items: []magentest.Item{{SKU: "S1", Ordered: "3"}, {SKU: "S2", Ordered: "2"}, {SKU: "S1", Ordered: "2"}}})
			for range 2 {
				require.NoError(t, ch.Report(t.Context(), ref(o.ID), shipped(c.parcels(o)...)))
			}
			now, _ := shop.Order(o.ID)
			var sent []map[int64]int
			var numbers [][]string
			for _, s := range now.Shipments {
				sent = append(sent, s.Items)
				var some []string
				for _, tr := range s.Tracks {
					some = append(some, tr.Number)
				}
				numbers = append(numbers, some)
			}
			assert.Equal(t, c.want(o), sent)
			assert.Equal(t, c.numbers, numbers)
		})
	}
}

func TestCorrectionsReplaceTheirOwnNumberOnly(t *testing.T) {
	shop, c, o := sold(t, magentest.Order{})
	one, two, three := box("1", "N1", pieces(o.Items[0], 3)), box("2", "N2", pieces(o.Items[1], 2)), box("3", "N3")
	require.NoError(t, c.Report(t.Context(), ref(o.ID), shipped(one, two, three)))
	one.Number, three.Number = "N1b", "N3b"
	two.Carrier = "GLS"
	for range 2 {
		require.NoError(t, c.Report(t.Context(), ref(o.ID), shipped(one, two, three)))
	}
	now, _ := shop.Order(o.ID)
	got := map[string]string{}
	for i, s := range now.Shipments {
		for _, tr := range s.Tracks {
			got[tr.Number+" in "+text(int64(i))] = tr.Title
		}
	}
	assert.Equal(t, map[string]string{"N1b in 0": "DHL", "N2 in 1": "GLS", "N3b in 1": "DHL"}, got)
}

func TestNumbersTypedInByHandStay(t *testing.T) {
	shop, c, o := sold(t, magentest.Order{})
	shop.ShipByHand(o.ID, map[int64]int{o.Items[0].ID: 3, o.Items[1].ID: 2}, magentest.Track{Number: "N1", Title: "by bike", CarrierCode: "custom"},
		magentest.Track{Number: "HAND", Title: "by bike", CarrierCode: "custom"})
	require.NoError(t, c.Report(t.Context(), ref(o.ID), shipped(box("1", "N1"))))
	assert.Empty(t, shop.Writes(), "the number is there")
	require.NoError(t, c.Report(t.Context(), ref(o.ID), shipped(box("1", "N9"))))
	now, _ := shop.Order(o.ID)
	require.Len(t, now.Shipments, 1)
	assert.Len(t, now.Shipments[0].Tracks, 3)
}

func TestRefusalsAreReadBack(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault magentest.Fault
		kind  error // of the first report; nil = none
		sent  int   // shipments after it
	}{
		{"it broke while saving, and did", magentest.CouldNotShip(true), mip.ErrUnknown, 1},
		{"it broke while saving, and did not", magentest.CouldNotShip(false), mip.ErrUnknown, 0},
		{"it broke in German, and did", magentest.Fault{Status: 400, Body: `{"message":"Lieferung konnte nicht gespeichert werden"}`, Applied: true}, mip.ErrUnknown, 1},
		{"it broke in German, and did not", magentest.Fault{Status: 400, Body: `{"message":"Lieferung konnte nicht gespeichert werden"}`}, mip.ErrUnknown, 0},
		{"something else is missing after the work", magentest.Fault{Status: 404, Body: `{"message":"No such entity with %fieldName"}`, Applied: true}, mip.ErrUnknown, 1},
		{"a crash after the work", magentest.Crash(true), mip.ErrUnknown, 1},
		{"a cache's page after the work", magentest.HTMLAfter(503), mip.ErrUnknown, 1},
		{"a firewall's page", magentest.HTML(403), mip.ErrUnknown, 0},
		{"a refusal that was none", magentest.Fault{Status: 400, Body: `{"message":"Shipment Document Validation Error(s):\nx"}`, Applied: true}, nil, 1},
		{"a refusal", magentest.Fault{Status: 400, Body: `{"message":"Shipment Document Validation Error(s):\n%1","parameters":["no"]}`}, mip.ErrRefused, 0},
		{"an answer that is no id", magentest.Fault{Status: 200, Body: `true`, Applied: true}, mip.ErrUnknown, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			shop, ch, o := sold(t, magentest.Order{})
			pass := magentest.Fault{}
			shop.Fail(pass, pass, c.fault)
			err := ch.Report(t.Context(), ref(o.ID), shipped(box("1", "N1")))
			if c.kind == nil {
				require.NoError(t, err)
			} else {
				require.Equal(t, c.kind, mip.KindOf(err), "%v", err)
			}
			now, _ := shop.Order(o.ID)
			assert.Len(t, now.Shipments, c.sent)
			require.NoError(t, ch.Report(t.Context(), ref(o.ID), shipped(box("1", "N1"))))
			now, _ = shop.Order(o.ID)
			assert.Len(t, now.Shipments, 1, "in the end it is shipped once")
		})
	}
}
