package paypaltest

import (
	"net/http"
	"strings"
	"time"
)

// Route names one operation.
type Route string

// The operations that the server has.
const (
	AnyRoute Route = "" // every route, for [Server.Fail], [Server.Refuse] and [Server.Requests]

	RouteToken Route = "POST /v1/oauth2/token"

	RouteCreateOrder    Route = "POST /v2/checkout/orders"
	RouteGetOrder       Route = "GET /v2/checkout/orders/{id}"
	RouteAuthorizeOrder Route = "POST /v2/checkout/orders/{id}/authorize"
	RouteCaptureOrder   Route = "POST /v2/checkout/orders/{id}/capture"

	RouteGetCapture           Route = "GET /v2/payments/captures/{id}"
	RouteRefundCapture        Route = "POST /v2/payments/captures/{id}/refund"
	RouteGetRefund            Route = "GET /v2/payments/refunds/{id}"
	RouteGetAuthorization     Route = "GET /v2/payments/authorizations/{id}"
	RouteCaptureAuthorization Route = "POST /v2/payments/authorizations/{id}/capture"
	RouteReauthorize          Route = "POST /v2/payments/authorizations/{id}/reauthorize"
	RouteVoid                 Route = "POST /v2/payments/authorizations/{id}/void"

	RouteCreateSetupToken   Route = "POST /v3/vault/setup-tokens"
	RouteGetSetupToken      Route = "GET /v3/vault/setup-tokens/{id}"
	RouteCreatePaymentToken Route = "POST /v3/vault/payment-tokens"
	RouteListPaymentTokens  Route = "GET /v3/vault/payment-tokens"
	RouteGetPaymentToken    Route = "GET /v3/vault/payment-tokens/{id}"
	RouteDeletePaymentToken Route = "DELETE /v3/vault/payment-tokens/{id}"

	RouteVerifySignature Route = "POST /v1/notifications/verify-webhook-signature"
	RouteCertificate     Route = "GET /v1/notifications/certs/{id}"

	RouteCheckoutPage Route = "GET /checkoutnow"
	RouteSetupPage    Route = "GET /agreements/approve"
)

// How long a PayPal-Request-Id is remembered.
const (
	OrdersKeep   = 6 * time.Hour
	PaymentsKeep = 45 * 24 * time.Hour
	VaultKeep    = 3 * time.Hour
)

// endpoint is one row of the routing table: do or page is set.
type endpoint struct {
	route   Route
	success int
	keep    time.Duration // of its PayPal-Request-Id; 0 = takes none
	json    bool          // wants a JSON content type
	public  bool          // asks for no access token
	do      func(*Server, *request) (resource, *refusal)
	page    func(*Server, *request) reply
}

func endpoints() []endpoint {
	const ok, created, gone = http.StatusOK, http.StatusCreated, http.StatusNoContent
	return []endpoint{
		{route: RouteToken, public: true, page: (*Server).issueToken},

		{route: RouteCreateOrder, success: created, keep: OrdersKeep, json: true, do: (*Server).createOrder},
		{route: RouteGetOrder, success: ok, do: (*Server).getOrder},
		{route: RouteAuthorizeOrder, success: created, keep: OrdersKeep, json: true, do: (*Server).authorizeOrder},
		{route: RouteCaptureOrder, success: created, keep: OrdersKeep, json: true, do: (*Server).captureOrder},

		{route: RouteGetCapture, success: ok, do: (*Server).getCapture},
		{route: RouteRefundCapture, success: created, keep: PaymentsKeep, json: true, do: (*Server).refundCapture},
		{route: RouteGetRefund, success: ok, do: (*Server).getRefund},
		{route: RouteGetAuthorization, success: ok, do: (*Server).getAuthorization},
		{route: RouteCaptureAuthorization, success: created, keep: PaymentsKeep, json: true, do: (*Server).captureAuthorization},
		{route: RouteReauthorize, success: created, keep: PaymentsKeep, json: true, do: (*Server).reauthorize},
		{route: RouteVoid, success: ok, do: (*Server).void},

		{route: RouteCreateSetupToken, success: created, keep: VaultKeep, json: true, do: (*Server).createSetupToken},
		{route: RouteGetSetupToken, success: ok, do: (*Server).getSetupToken},
		{route: RouteCreatePaymentToken, success: created, keep: VaultKeep, json: true, do: (*Server).createPaymentToken},
		{route: RouteListPaymentTokens, success: ok, do: (*Server).listPaymentTokens},
		{route: RouteGetPaymentToken, success: ok, do: (*Server).getPaymentToken},
		{route: RouteDeletePaymentToken, success: gone, do: (*Server).deletePaymentToken},

		{route: RouteVerifySignature, success: ok, json: true, do: (*Server).verifySignature},
		{route: RouteCertificate, public: true, page: (*Server).certificate},

		{route: RouteCheckoutPage, public: true, page: (*Server).checkoutPage},
		{route: RouteSetupPage, public: true, page: (*Server).setupPage},
	}
}

// match finds the endpoint of a path, nil if there is none. otherMethod says
// that the path has endpoints with other methods only.
func (s *Server) match(method, path string) (e *endpoint, arg string, otherMethod bool) {
	for i := range s.endpoints {
		want, templ, _ := strings.Cut(string(s.endpoints[i].route), " ")
		got, fits := variable(templ, path)
		if !fits {
			continue
		}
		if want == method {
			return &s.endpoints[i], got, false
		}
		otherMethod = true
	}
	return nil, "", otherMethod
}

// variable reports whether path fits a template, and returns what stands for
// {id}.
func variable(templ, path string) (string, bool) {
	before, after, has := strings.Cut(templ, "{id}")
	if !has {
		return "", templ == path
	}
	rest, found := strings.CutPrefix(path, before)
	if !found || !strings.HasSuffix(rest, after) {
		return "", false
	}
	arg := strings.TrimSuffix(rest, after)
	return arg, arg != "" && !strings.Contains(arg, "/")
}
