package contract

import (
	"path"
	"strings"
)

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
