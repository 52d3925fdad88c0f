package bigbuy_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// wire answers in-process.
type wire func(*http.Request) (int, string)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := w(r)
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func always(status int, body string) wire {
	return func(*http.Request) (int, string) { return status, body }
}

// routes answers by method and path below /rest, and 400 otherwise.
type routes map[string]string

func (w routes) RoundTrip(r *http.Request) (*http.Response, error) {
	body, ok := w[r.Method+" "+strings.TrimPrefix(r.URL.Path, "/rest/")]
	status := 200
	if !ok {
		status, body = 404, `{"code":404,"message":"Not found"}`
	}
	return always(status, body).RoundTrip(r)
}

// config has no limits and no repetitions, so that nothing waits.
func config(transport http.RoundTripper) bigbuy.Config {
	return bigbuy.Config{Key: rest.NewSecret("key"), Transport: transport,
		Limiter: rest.NewBudgets(nil), Retry: mip.Backoff{Tries: 1}}
}

func client(t testing.TB, transport http.RoundTripper) *bigbuy.Client {
	t.Helper()
	c, err := bigbuy.NewClient(config(transport))
	require.NoError(t, err)
	return c
}

func supplier(t testing.TB, transport http.RoundTripper, change ...func(*bigbuy.Config)) *bigbuy.Supplier {
	t.Helper()
	c := config(transport)
	for _, f := range change {
		f(&c)
	}
	s, err := bigbuy.New(c)
	require.NoError(t, err)
	return s
}

// counting tells of every path that is asked for.
type counting struct {
	http.RoundTripper
	seen func(path string)
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.seen(r.URL.Path)
	return c.RoundTripper.RoundTrip(r)
}
