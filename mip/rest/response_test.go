package rest_test

import (
	"encoding/json"
	"testing"

	"github.com/openmip/openmip/mip/rest"
)

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "{}", "\xef\xbb\xbf[1]", "<html>", `{"a":{"b":[null]}}`, `"x" "y"`, "1e999999"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var v any
		if err := rest.Decode(body, &v); err != nil {
			return
		}
		if _, err := json.Marshal(v); err != nil {
			t.Fatalf("decoded %q to something that does not encode: %v", body, err)
		}
	})
}
