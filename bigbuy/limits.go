package bigbuy

import (
	"time"

	"github.com/openmip/openmip/mip/rest"
)

// Limits returns BigBuy's published rate limits by call, a fresh map. They are
// fixed windows per endpoint; whether per account or per key is not known.
// Names are method and path template as in [rest.Call.Name].
func Limits() map[string]rest.Budget {
	out := map[string]rest.Budget{}
	add := func(calls int, per time.Duration, names ...string) {
		for _, n := range names {
			out[n] = rest.Budget{Calls: calls, Per: per}
		}
	}
	add(1, time.Second,
		"POST "+pathCheck, "POST "+pathCheckMulti, "POST "+pathCreate, "POST "+pathCreateMulti,
		"GET "+pathOrder, "GET "+pathReference, "GET "+pathStatuses, "GET "+pathNotes, "POST "+pathInvoice,
		"GET "+pathCarriers, "POST "+pathShipping, "POST "+pathLowestCost,
		"GET "+pathTrackingCarriers, "GET "+pathTrackingOrder, "POST "+pathTrackingOrders,
		"GET "+pathPurse, "GET "+pathAuthStatus)
	add(36, 6*time.Hour, "GET "+pathLowestCosts)
	add(10, time.Hour, "GET "+pathProducts)
	add(1, 5*time.Second, "GET "+pathProduct, "GET "+pathProductBySKU, "GET "+pathProductStock, "GET "+pathVariationStock)
	return out
}
