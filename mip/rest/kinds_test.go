package rest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestKinds(t *testing.T) {
	tests := []struct {
		name        string
		wire        wire
		read, write error
	}{
		{"a 200 with JSON is success", always(200, `{"id":1}`), nil, nil},
		{"a byte order mark is passed over", always(201, "\xef\xbb\xbf{\"id\":1}"), nil, nil},
		{"HTML in a 200 is not understood", always(200, "<html>Oops</html>", "Content-Type", "application/json"), mip.ErrContract, mip.ErrUnknown},
		{"JSON with another content type is read", always(200, `{"id":1}`, "Content-Type", "text/html"), nil, nil},
		{"an empty 200 is not understood", always(200, ""), mip.ErrContract, mip.ErrUnknown},
		{"a field of another type is not understood", always(200, `{"id":"x"}`), mip.ErrContract, mip.ErrUnknown},
		{"two values are not understood", always(200, `{"id":1}{"id":2}`), mip.ErrContract, mip.ErrUnknown},
		{"a cut body is not understood", always(200, `{"id":1`), mip.ErrContract, mip.ErrUnknown},
		{"a redirect is not followed", always(302, "", "Location", "https://elsewhere.test/"), mip.ErrContract, mip.ErrUnknown},
		{"400 is invalid", always(400, "{}"), mip.ErrInvalid, mip.ErrInvalid},
		{"401 is unauthorized", always(401, "{}"), mip.ErrUnauthorized, mip.ErrUnauthorized},
		{"403 is unauthorized", always(403, "{}"), mip.ErrUnauthorized, mip.ErrUnauthorized},
		{"402 is unfunded", always(402, "{}"), mip.ErrUnfunded, mip.ErrUnfunded},
		{"404 is not found", always(404, "{}"), mip.ErrNotFound, mip.ErrNotFound},
		{"410 is not found", always(410, "{}"), mip.ErrNotFound, mip.ErrNotFound},
		{"409 is a conflict", always(409, "{}"), mip.ErrConflict, mip.ErrConflict},
		{"429 is throttled", always(429, "slow down"), mip.ErrThrottled, mip.ErrThrottled},
		{"500 may have been executed", always(500, "{}"), mip.ErrUnavailable, mip.ErrUnknown},
		{"503 may have been executed", always(503, "{}"), mip.ErrUnavailable, mip.ErrUnknown},
		{"a server's time-out may have been executed", always(408, ""), mip.ErrUnavailable, mip.ErrUnknown},
		{"a reset may have been executed", func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}
		}, mip.ErrUnavailable, mip.ErrUnknown},
		{"a body that breaks off may have been executed", func(*http.Request) (*http.Response, error) {
			r := answer(200, "")
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"id":1`), broken{}))
			return r, nil
		}, mip.ErrUnavailable, mip.ErrUnknown},
		{"a refused connection did nothing", func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
		}, mip.ErrUnavailable, mip.ErrUnavailable},
		{"a name that does not resolve did nothing", func(*http.Request) (*http.Response, error) {
			return nil, &net.DNSError{Err: "no such host", Name: "acme.test"}
		}, mip.ErrUnavailable, mip.ErrUnavailable},
		{"a body beyond the limit is not understood", always(200, `{"id":1}`+strings.Repeat(" ", 2000)), mip.ErrContract, mip.ErrUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := client(t, tt.wire, once, func(c *rest.Config) { c.MaxBody = 1000 })
			var out struct{ ID int }
			read := c.Do(t.Context(), rest.Call{Path: "orders/{id}", Vars: rest.Vars{"id": "7"}, Out: &out})
			assert.Equal(t, tt.read, mip.KindOf(read), "read: %v", read)
			write := c.Do(t.Context(), rest.Call{Method: "POST", Path: "orders", Body: out, Out: &out})
			assert.Equal(t, tt.write, mip.KindOf(write), "write: %v", write)
			if tt.read != nil {
				wrapped, ok := errors.AsType[*mip.Error](read)
				require.True(t, ok)
				assert.Equal(t, "acme: GET orders/{id}", wrapped.Op)
			}
		})
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset by peer") }

func TestTransportOfTheStandardLibrary(t *testing.T) {
	post := rest.Call{Method: "POST", Path: "orders", Body: map[string]int{"a": 1}}
	t.Run("a dial that fails in any way did nothing", func(t *testing.T) {
		dial := func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("odd") }
		err := client(t, &http.Transport{DialContext: dial, DialTLSContext: dial}).Do(t.Context(), post)
		assert.ErrorIs(t, err, mip.ErrUnavailable)
		assert.NotErrorIs(t, err, mip.ErrUnknown)
	})
	t.Run("a connection that ends after the request is unknown", func(t *testing.T) {
		dial := func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go func() {
				_, _ = theirs.Read(make([]byte, 1<<16))
				_ = theirs.Close()
			}()
			return ours, nil
		}
		err := client(t, &http.Transport{DialTLSContext: dial}).Do(t.Context(), post)
		assert.ErrorIs(t, err, mip.ErrUnknown)
	})
}

func TestClassify(t *testing.T) {
	vendor := errors.New("vendor says 17")
	tests := []struct {
		name     string
		status   int
		cause    error
		get, put error
	}{
		{"no opinion leaves it to the status", 404, nil, mip.ErrNotFound, mip.ErrNotFound},
		{"a kind decides against the status", 409, &mip.Error{Kind: mip.ErrUnfunded, Code: "V17"}, mip.ErrUnfunded, mip.ErrUnfunded},
		{"an error inside a 200 counts", 200, &mip.Error{Kind: mip.ErrRefused, Err: vendor}, mip.ErrRefused, mip.ErrRefused},
		{"an error without a kind takes the status's", 400, vendor, mip.ErrInvalid, mip.ErrInvalid},
		{"an error without a kind in a 200 is not understood", 200, vendor, mip.ErrContract, mip.ErrUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := client(t, always(tt.status, "{}"), once, func(c *rest.Config) {
				c.Classify = func(rest.Call, rest.Response) error { return tt.cause }
			})
			get := c.Do(t.Context(), rest.Call{Path: "a"})
			assert.Equal(t, tt.get, mip.KindOf(get))
			assert.Equal(t, tt.put, mip.KindOf(c.Do(t.Context(), rest.Call{Method: "PUT", Path: "a"})))
			if errors.Is(tt.cause, vendor) {
				assert.ErrorIs(t, get, vendor, "the cause stays reachable")
			}
			assert.True(t, strings.HasPrefix(get.Error(), "acme: GET a: "), get.Error())
		})
	}
}
