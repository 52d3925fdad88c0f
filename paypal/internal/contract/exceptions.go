package contract

import (
	"path"
	"strings"
)

// Exception is a field or value that PayPal documents and the files of
// February 2024 do not have yet.
type Exception struct {
	Call  string // method and path template
	Field string // JSON pointer; one that leads below it is excepted as well
	Why   string
}

// Exceptions are all that is passed over in requests.
var Exceptions = []Exception{
	{"POST /v2/checkout/orders", "/payment_source/paypal/stored_credential",
		"stored_credential on wallets: documented for payments without the payer, newer than the file"},
	{"POST /v3/vault/setup-tokens", "/payment_source/paypal/usage_pattern",
		"usage_pattern: in the file's examples, missing in its schema"},
	{"POST /v3/vault/payment-tokens", "/payment_source/token/type",
		"SETUP_TOKEN: how the documentation turns a setup token into a payment token, missing among the file's values"},
	{"POST /v1/notifications/verify-webhook-signature", "/webhook_event",
		"an event is marked as read-only, which it is everywhere but here"},
}

// elsewhere are calls that no file describes.
var elsewhere = map[string]string{
	"POST /v1/oauth2/token": "OAuth 2 client credentials",
}

// issues are refusals that the documentation gives to every operation while
// the files list them for some, or for none.
var issues = []string{
	"PREVIOUS_REQUEST_IN_PROGRESS", // two calls with one request id at once
	"PAYPAL_REQUEST_ID_REQUIRED",
	"INTERNAL_SERVER_ERROR",
	"RATE_LIMIT_REACHED",
	"PERMISSION_DENIED",
}

func excepted(call, field string) bool {
	for _, e := range Exceptions {
		if e.Call == call && (field == e.Field || strings.HasPrefix(field, e.Field+"/")) {
			return true
		}
	}
	return false
}

// template reports whether address fits a path template: "/orders/{id}".
func template(templ, address string) bool {
	want, got := strings.Split(templ, "/"), strings.Split(path.Clean(address), "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !(strings.HasPrefix(want[i], "{") && got[i] != "") {
			return false
		}
	}
	return true
}
