package bigbuytest

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Route names one endpoint by its path below /rest. All orders share the
// route, and with it the rate limit, of order/{id}.
type Route string

// The routes of BigBuy's API that the server has.
const (
	AnyRoute Route = "" // every route, for [Server.Fail], [Server.Answer] and [Server.Requests]

	RouteCheck         Route = "order/check"
	RouteCheckMulti    Route = "order/check/multishipping"
	RouteCreate        Route = "order/create"
	RouteCreateMulti   Route = "order/create/multishipping"
	RouteOrder         Route = "order/{id}"
	RouteReference     Route = "order/reference/{reference}"
	RouteOrderStatuses Route = "order/orderstatuses"
	RouteDeliveryNotes Route = "order/delivery-notes/{id}"
	RouteUploadInvoice Route = "order/upload_invoice"

	RouteShippingCarriers Route = "shipping/carriers"
	RouteShippingOrders   Route = "shipping/orders"
	RouteLowestCost       Route = "shipping/lowest-shipping-cost-by-country"
	RouteLowestCosts      Route = "shipping/lowest-shipping-costs-by-country/{country}"

	RouteTrackingCarriers Route = "tracking/carriers"
	RouteTrackingOrder    Route = "tracking/order/{id}"
	RouteTrackingOrders   Route = "tracking/orders"

	RoutePurse      Route = "user/purse"
	RouteAuthStatus Route = "user/auth/status"

	RouteProducts           Route = "catalog/products"
	RouteProduct            Route = "catalog/product/{id}"
	RouteProductBySKU       Route = "catalog/productinformationbysku/{sku}"
	RouteProductStock       Route = "catalog/productstockbyhandlingdays/{id}"
	RouteProductsStock      Route = "catalog/productsstockbyhandlingdays"
	RouteVariationStock     Route = "catalog/productvariationsstockbyhandlingdays/{id}"
	RouteVariationsStock    Route = "catalog/productsvariationsstockbyhandlingdays"
	RouteProductVariations  Route = "catalog/productvariations/{id}"
	RouteProductsVariations Route = "catalog/productsvariations"
)

// endpoint is one row of the routing table.
type endpoint struct {
	route  Route
	method string
	limit  limit
	handle func(*Server, *request) reply
}

func endpoints() []endpoint {
	const get, post = http.MethodGet, http.MethodPost
	second := limit{1, time.Second}
	single := limit{1, 5 * time.Second}
	list := limit{10, time.Hour}
	return []endpoint{
		{RouteCheck, post, second, (*Server).check},
		{RouteCheckMulti, post, second, (*Server).checkMulti},
		{RouteCreate, post, second, (*Server).create},
		{RouteCreateMulti, post, second, (*Server).createMulti},
		{RouteOrderStatuses, get, second, (*Server).orderStatuses},
		{RouteReference, get, second, (*Server).byReference},
		{RouteDeliveryNotes, get, second, (*Server).deliveryNotes},
		{RouteUploadInvoice, post, second, (*Server).uploadInvoice},
		{RouteOrder, get, second, (*Server).orderByID},

		{RouteShippingCarriers, get, second, (*Server).shippingCarriers},
		{RouteShippingOrders, post, second, (*Server).shippingOrders},
		{RouteLowestCost, post, second, (*Server).lowestCost},
		{RouteLowestCosts, get, limit{36, 6 * time.Hour}, (*Server).lowestCosts},

		{RouteTrackingCarriers, get, second, (*Server).trackingCarriers},
		{RouteTrackingOrder, get, second, (*Server).trackingOrder},
		{RouteTrackingOrders, post, second, (*Server).trackingOrders},

		{RoutePurse, get, second, (*Server).purse},
		{RouteAuthStatus, get, second, (*Server).authStatus},

		{RouteProducts, get, list, (*Server).productList},
		{RouteProduct, get, single, (*Server).productByID},
		{RouteProductBySKU, get, single, (*Server).productBySKU},
		{RouteProductStock, get, single, (*Server).productStock},
		{RouteProductsStock, get, list, (*Server).productsStock},
		{RouteVariationStock, get, single, (*Server).variationStock},
		{RouteVariationsStock, get, list, (*Server).variationsStock},
		{RouteProductVariations, get, single, (*Server).productVariations},
		{RouteProductsVariations, get, list, (*Server).productsVariations},
	}
}

// match finds the endpoint of a path, nil if there is none. The suffix
// ".json" is optional.
func (s *Server) match(method, path string) (*endpoint, []string) {
	rest, found := strings.CutPrefix(path, "/rest/")
	if !found {
		return nil, nil
	}
	parts := strings.Split(strings.TrimSuffix(rest, ".json"), "/")
	for i := range s.endpoints {
		e := &s.endpoints[i]
		if args, fits := e.route.fits(parts); fits && e.method == method {
			return e, args
		}
	}
	return nil, nil
}

// fits reports whether the parts of a path belong to the route, and returns
// the variable ones, unescaped.
func (r Route) fits(parts []string) ([]string, bool) {
	want := strings.Split(string(r), "/")
	if len(want) != len(parts) {
		return nil, false
	}
	var args []string
	for i, w := range want {
		if !strings.HasPrefix(w, "{") {
			if w != parts[i] {
				return nil, false
			}
			continue
		}
		arg, err := url.PathUnescape(parts[i])
		if err != nil || arg == "" {
			return nil, false
		}
		args = append(args, arg)
	}
	return args, true
}
