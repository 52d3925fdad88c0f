package shopify_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/channels/shopify/shopifytest"
	"github.com/openmip/openmip/mip"
)

func shipped(parcels ...mip.Parcel) mip.Status {
	return mip.Status{State: mip.StateShipped, Parcels: parcels}
}

func box(name, number string, items ...mip.Item) mip.Parcel {
	return mip.Parcel{ID: name, Number: number, Carrier: "GLS", URL: "https://track.example/" + number, Items: items}
}

func ref(n int64) mip.Ref { return mip.Ref{Channel: "shop", ID: id(n)} }

// sent counts, by number, the pieces that the shop shows as shipped.
func sent(o shopifytest.Order) map[string]int {
	out := map[string]int{}
	for _, sh := range o.Shipments {
		for _, t := range sh.Tracks {
			for _, l := range sh.Lines {
				out[t.Number] += l.Quantity
			}
		}
	}
	return out
}

func TestOneParcelFromTwoLocationsIsTwoFulfillments(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	channel := open(t, shop)
	n := shop.Buy(shopifytest.Order{Lines: []shopifytest.Line{{Quantity: 3, Places: map[int64]int{1: 1, 2: 2}}, {SKU: "S2", Places: map[int64]int{2: 1}}}})
	for range 2 {
		require.NoError(t, channel.Report(t.Context(), ref(n), shipped(box("a", "T1"))))
	}
	o, _ := shop.Order(n)
	require.Len(t, o.Shipments, 2)
	assert.NotEqual(t, o.Shipments[0].Location, o.Shipments[1].Location)
	assert.Equal(t, map[string]int{"T1": 4}, sent(o))

	require.NoError(t, channel.Report(t.Context(), ref(n), shipped(box("a", "T2"))), "a correction reaches both")
	o, _ = shop.Order(n)
	assert.Equal(t, map[string]int{"T2": 4}, sent(o))
}

func TestAShipmentThatBreaksOffBetweenTwoLocationsIsFinishedLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, fault := range []shopifytest.Fault{shopifytest.LoseAfter(), shopifytest.LoseBefore(), shopifytest.HangAfter(), shopifytest.HTML(500),
			shopifytest.Errors("INTERNAL_SERVER_ERROR")} {
			for skip := range 5 {
				shop := world(t, shopifytest.Config{})
				channel := open(t, shop)
				n := shop.Buy(shopifytest.Order{Lines: []shopifytest.Line{{Quantity: 3, Places: map[int64]int{1: 1, 2: 2}}}})
				faults := make([]shopifytest.Fault, skip)
				shop.Fail(append(faults, fault)...)
				err := channel.Report(t.Context(), ref(n), shipped(box("a", "T1")))
				for range 3 {
					if err == nil {
						break
					}
					time.Sleep(time.Minute)
					err = channel.Report(t.Context(), ref(n), shipped(box("a", "T1")))
				}
				require.NoError(t, err)
				o, _ := shop.Order(n)
				require.Equal(t, map[string]int{"T1": 3}, sent(o), "fault %+v at request %d", fault, skip+1)
			}
		}
	})
}

func TestSomebodyElsesShipmentsStay(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	channel := open(t, shop)
	n := shop.Buy(shopifytest.Order{})
	shop.Fulfil(n, shopifytest.Track{Company: "DHL", Number: "HAND1"})
	o, _ := shop.Order(n)
	piece := mip.Item{LineID: id(o.Lines[0].ID), Quantity: 1}
	require.ErrorIs(t, channel.Report(t.Context(), ref(n), shipped(box("a", "T1"))), mip.ErrRefused)
	require.ErrorIs(t, channel.Report(t.Context(), ref(n), shipped(box("a", "T1", piece))), mip.ErrRefused)
	o, _ = shop.Order(n)
	assert.Equal(t, map[string]int{"HAND1": 1}, sent(o))
	assert.Empty(t, shop.Writes())

	require.NoError(t, channel.Report(t.Context(), ref(n), shipped(mip.Parcel{ID: "a", Number: "HAND1", Carrier: "DHL"})), "typed in already")
	o, _ = shop.Order(n)
	assert.Len(t, o.Shipments, 1)
}

func TestANumberWithoutPiecesStandsBesideAnother(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	channel := open(t, shop)
	n := shop.Buy(shopifytest.Order{Lines: []shopifytest.Line{{Quantity: 2}}})
	for range 3 {
		require.NoError(t, channel.Report(t.Context(), ref(n), shipped(box("a", "T1"), box("b", "T2"))))
	}
	o, _ := shop.Order(n)
	require.Len(t, o.Shipments, 1)
	assert.Equal(t, []shopifytest.Track{{Company: "GLS", Number: "T1", URL: "https://track.example/T1"}, {Company: "GLS", Number: "T2", URL: "https://track.example/T2"}},
		o.Shipments[0].Tracks)
	writes := len(shop.Writes())
	require.NoError(t, channel.Report(t.Context(), ref(n), shipped(box("a", "T1"), box("b", "T3"))))
	o, _ = shop.Order(n)
	assert.Equal(t, "T3", o.Shipments[0].Tracks[1].Number)
	assert.Len(t, shop.Writes(), writes+2, "what is remembered, and the numbers")
}

func TestTwoParcelsUnderOneNumberShipAllTheirPieces(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	channel := open(t, shop)
	n := shop.Buy(shopifytest.Order{Lines: []shopifytest.Line{{Quantity: 3}}})
	o, _ := shop.Order(n)
	line := id(o.Lines[0].ID)
	s := shipped(box("a", "T1", mip.Item{LineID: line, Quantity: 1}), box("b", "T1", mip.Item{LineID: line, Quantity: 2}))
	for range 3 {
		require.NoError(t, channel.Report(t.Context(), ref(n), s))
	}
	o, _ = shop.Order(n)
	assert.Equal(t, map[string]int{"T1": 3}, sent(o))
}

func TestAFulfillmentThatWasCancelledIsMadeAnew(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	channel := open(t, shop)
	n := shop.Buy(shopifytest.Order{})
	o, _ := shop.Order(n)
	s := shipped(box("a", "T1", mip.Item{LineID: id(o.Lines[0].ID), Quantity: 1}))
	require.NoError(t, channel.Report(t.Context(), ref(n), s))
	o, _ = shop.Order(n)
	shop.Unship(n, o.Shipments[0].ID)
	require.NoError(t, channel.Report(t.Context(), ref(n), s))
	o, _ = shop.Order(n)
	require.Len(t, o.Shipments, 2)
	assert.Equal(t, "SUCCESS", o.Shipments[1].Status)
}

func TestAnOrderOnHoldIsReportedLater(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	channel := open(t, shop)
	n := shop.Buy(shopifytest.Order{Hold: "ON_HOLD"})
	require.ErrorIs(t, channel.Report(t.Context(), ref(n), shipped(box("a", "T1"))), mip.ErrUnavailable)
	shop.Hold(n, "OPEN")
	require.NoError(t, channel.Report(t.Context(), ref(n), shipped(box("a", "T1"))))
}

func TestTheBuyerHearsOfItUnlessTheChannelIsQuiet(t *testing.T) {
	for _, quiet := range []bool{false, true} {
		shop := world(t, shopifytest.Config{})
		channel := open(t, shop, func(c *shopify.Config) { c.Quiet = quiet })
		n := shop.Buy(shopifytest.Order{})
		require.NoError(t, channel.Report(t.Context(), ref(n), shipped(box("a", "T1"))))
		require.NoError(t, channel.Report(t.Context(), ref(n), shipped(box("a", "T2"))))
		o, _ := shop.Order(n)
		assert.Equal(t, map[bool]int{false: 2, true: 0}[quiet], o.Shipments[0].Notified)
	}
}

func TestACarrierIsSpelledAsShopifyDoes(t *testing.T) {
	for given, want := range map[string]string{"seur": "SEUR", "dhl express": "DHL Express", "Own Van": "Own Van",
		"correos international": "Correos", "United Parcel Service": "UPS", "zásilkovna": "Zásilkovna", "correos express": "Correos Express"} {
		shop := world(t, shopifytest.Config{})
		channel := open(t, shop)
		n := shop.Buy(shopifytest.Order{})
		require.NoError(t, channel.Report(t.Context(), ref(n), shipped(mip.Parcel{ID: "a", Number: "T1", Carrier: given, URL: "javascript:alert(1)"})))
		o, _ := shop.Order(n)
		assert.Equal(t, want, o.Shipments[0].Tracks[0].Company)
		assert.NotContains(t, o.Shipments[0].Tracks[0].URL, "javascript")
		assert.Equal(t, want != "Own Van", o.Shipments[0].Tracks[0].URL != "", "the shop links what it knows, the table what it has a page for")
	}
}

func TestAnOrderOf300LinesIsShippedWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := world(t, shopifytest.Config{})
		channel := open(t, shop)
		n := shop.Buy(shopifytest.Order{Lines: make([]shopifytest.Line, 300)})
		for range 2 {
			require.NoError(t, channel.Report(t.Context(), ref(n), shipped(box("a", "T1"))))
		}
		o, _ := shop.Order(n)
		assert.Equal(t, map[string]int{"T1": 300}, sent(o))
		assert.Len(t, o.Shipments, 2, "at most 250 in one call")
	})
}

func TestDeliveredWithoutANumberShipsTheOrder(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	channel := open(t, shop)
	n := shop.Buy(shopifytest.Order{})
	for range 2 {
		require.NoError(t, channel.Report(t.Context(), ref(n), mip.Status{State: mip.StateDelivered}))
	}
	o, _ := shop.Order(n)
	require.Len(t, o.Shipments, 1)
	assert.Empty(t, o.Shipments[0].Tracks)
}

func TestSomebodyWhoIsFasterIsSeen(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	channel := open(t, shop)
	n := shop.Buy(shopifytest.Order{})
	requests := 0
	shop.SetFault(func(*http.Request) shopifytest.Fault {
		if requests++; requests == 3 { // what is there, what is remembered, and then the fulfillment
			shop.Fulfil(n, shopifytest.Track{Number: "HAND1"})
		}
		return shopifytest.Fault{}
	})
	require.ErrorIs(t, channel.Report(t.Context(), ref(n), shipped(box("a", "T1"))), mip.ErrRefused)
	o, _ := shop.Order(n)
	assert.Equal(t, map[string]int{"HAND1": 1}, sent(o))
}

func TestACancelledOrderIsNotShippedThoughItCouldBe(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	n := shop.Buy(shopifytest.Order{})
	shop.Edit(n, func(o *shopifytest.Order) { o.Cancelled = time.Now() }) // its fulfillment orders are still open
	require.ErrorIs(t, open(t, shop).Report(t.Context(), ref(n), shipped(box("a", "T1"))), mip.ErrRefused)
	assert.Empty(t, shop.Writes())
}

// Shopify shows one carrier for all numbers of a shipment, and links for all or
// none. What cannot be shown is not written again and again.
func TestNumbersThatShareAShipmentSettle(t *testing.T) {
	with := func(name, carrier, url string) mip.Parcel {
		return mip.Parcel{ID: name, Number: "T-" + name, Carrier: carrier, URL: url}
	}
	for name, parcels := range map[string][]mip.Parcel{
		"two carriers": {with("a", "GLS", "https://a.example/"), with("b", "SEUR", "https://b.example/")},
		"one link":     {with("a", "GLS", "https://a.example/"), with("b", "GLS", "")},
		"no carrier":   {with("a", "", ""), with("b", "SEUR", "https://b.example/")},
	} {
		shop := world(t, shopifytest.Config{})
		channel := open(t, shop)
		n := shop.Buy(shopifytest.Order{})
		require.NoError(t, channel.Report(t.Context(), ref(n), shipped(parcels...)))
		require.NoError(t, channel.Report(t.Context(), ref(n), shipped(parcels...)))
		writes := len(shop.Writes())
		require.NoError(t, channel.Report(t.Context(), ref(n), shipped(parcels...)))
		assert.Len(t, shop.Writes(), writes, "%s: the buyer gets an e-mail for each", name)
		o, _ := shop.Order(n)
		assert.Equal(t, map[string]int{"T-a": 1, "T-b": 1}, sent(o), name)
	}
}

func TestNumbersThatSomebodyTypedInStayAsTheyAre(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	n := shop.Buy(shopifytest.Order{})
	typed := []shopifytest.Track{{Company: "DHL", Number: "H1", URL: "https://dhl.example/H1"}, {Company: "GLS", Number: "H2"}}
	shop.Fulfil(n, typed...)
	require.NoError(t, open(t, shop).Report(t.Context(), ref(n), shipped(mip.Parcel{ID: "a", Number: "H1", Carrier: "DHL", URL: "https://dhl.example/H1"})))
	o, _ := shop.Order(n)
	assert.Equal(t, typed, o.Shipments[0].Tracks)
	assert.Zero(t, shop.Count("Track"))
}

func TestPiecesNamedBySKUAloneAreOfAnyLinesThatHaveIt(t *testing.T) {
	piece := func(n int) mip.Item { return mip.Item{SKU: "S1", Quantity: n} }
	for name, parcels := range map[string][]mip.Parcel{
		"in one parcel":  {box("a", "T1", piece(3))},
		"in two parcels": {box("a", "T1", piece(1)), box("b", "T2", piece(2))},
	} {
		shop := world(t, shopifytest.Config{})
		channel := open(t, shop)
		n := shop.Buy(shopifytest.Order{Lines: []shopifytest.Line{{SKU: "S1"}, {SKU: "S1", Quantity: 3}}})
		for range 2 {
			require.NoError(t, channel.Report(t.Context(), ref(n), shipped(parcels...)))
		}
		o, _ := shop.Order(n)
		pieces := 0
		for _, count := range sent(o) {
			pieces += count
		}
		assert.Equal(t, 3, pieces, name)
		assert.Len(t, o.Shipments, len(parcels), name)
	}
}

func TestMoreNumbersThanAreReadAreLeftAlone(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	n := shop.Buy(shopifytest.Order{})
	shop.Fulfil(n, make([]shopifytest.Track, 50)...)
	require.ErrorIs(t, open(t, shop).Report(t.Context(), ref(n), shipped(box("a", "T1"))), mip.ErrContract)
	assert.Empty(t, shop.Writes())
}
