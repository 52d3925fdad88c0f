package woocommerce_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"time"

	"github.com/openmip/openmip/mip"
)

// answer makes a response with a JSON body.
func answer(r *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: bodyOf([]byte(body)), Request: r}
}

func bodyOf(b []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(b)) }

func readAll(resp *http.Response) []byte {
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		panic(err)
	}
	return b
}

// contents reads the pieces of a fulfillment.
func contents(items any) (out []mip.Item) {
	raw, err := json.Marshal(items)
	if err != nil {
		panic(err)
	}
	var rows []struct {
		LineID   json.Number `json:"item_id"`
		Quantity int         `json:"qty"`
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		panic(err)
	}
	for _, r := range rows {
		out = append(out, mip.Item{LineID: r.LineID.String(), Quantity: r.Quantity})
	}
	return out
}

// moveDates shifts every date after a key.
func moveDates(body []byte, key string, by time.Duration) []byte {
	const layout = "2006-01-02T15:04:05"
	pattern := regexp.MustCompile(regexp.QuoteMeta(key) + `([0-9T:-]{19})`)
	return pattern.ReplaceAllFunc(body, func(m []byte) []byte {
		at, err := time.Parse(layout, string(m[len(key):]))
		if err != nil {
			panic(err)
		}
		return append([]byte(key), at.Add(by).Format(layout)...)
	})
}
