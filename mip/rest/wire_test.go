package rest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// wire is a transport that answers in-process.
type wire func(*http.Request) (*http.Response, error)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w(r)
}

func answer(status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func always(status int, body string, header ...string) wire {
	return func(*http.Request) (*http.Response, error) { return answer(status, body, header...), nil }
}

func client(t *testing.T, w http.RoundTripper, change ...func(*rest.Config)) *rest.Client {
	t.Helper()
	config := rest.Config{Name: "acme", BaseURL: "https://acme.test/v1/", Transport: w}
	for _, f := range change {
		f(&config)
	}
	c, err := rest.New(config)
	require.NoError(t, err)
	return c
}

func once(c *rest.Config) { c.Retry = mip.Backoff{Tries: 1} }
