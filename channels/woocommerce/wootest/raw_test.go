package wootest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce/wootest"
)

// raw speaks plain HTTP to a shop, so that the tests share no mistake with
// any client.
type raw struct {
	t    *testing.T
	shop *wootest.Server
}

type reply struct {
	status int
	header http.Header
	body   []byte
}

// in runs a test inside a bubble, where time is the shop's and costs nothing.
func in(t *testing.T, c wootest.Config, test func(t *testing.T, r raw)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, raw{t, wootest.New(c)}) })
}

func (r raw) request(method, url string, body any) *http.Request {
	r.t.Helper()
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		require.NoError(r.t, err)
		content = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, url, content)
	require.NoError(r.t, err)
	return req
}

func (r raw) send(req *http.Request) reply {
	r.t.Helper()
	resp, err := r.shop.Transport().RoundTrip(req)
	require.NoError(r.t, err)
	b, err := io.ReadAll(resp.Body)
	require.NoError(r.t, err)
	return reply{resp.StatusCode, resp.Header, b}
}

// do calls a route with good credentials.
func (r raw) do(method, route string, body any) reply {
	r.t.Helper()
	req := r.request(method, "https://woo.test/wp-json"+route, body)
	req.SetBasicAuth(wootest.DefaultKey, wootest.DefaultSecret)
	return r.send(req)
}

func (r raw) get(route string) reply { r.t.Helper(); return r.do("GET", route, nil) }

func (p reply) object(t *testing.T) map[string]any {
	t.Helper()
	var out map[string]any
	require.NoError(t, json.Unmarshal(p.body, &out), "%s", p.body)
	return out
}

func (p reply) list(t *testing.T) []map[string]any {
	t.Helper()
	require.Equal(t, http.StatusOK, p.status, "%s", p.body)
	var out []map[string]any
	require.NoError(t, json.Unmarshal(p.body, &out), "%s", p.body)
	return out
}

func (p reply) ids(t *testing.T) []int64 {
	t.Helper()
	var out []int64
	for _, o := range p.list(t) {
		out = append(out, int64(o["id"].(float64)))
	}
	return out
}

func (p reply) code(t *testing.T) string {
	t.Helper()
	o := p.object(t)
	require.InDelta(t, p.status, o["data"].(map[string]any)["status"], 0)
	return o["code"].(string)
}

func orderRoute(id int64) string { return "/wc/v3/orders/" + strconv.FormatInt(id, 10) }
