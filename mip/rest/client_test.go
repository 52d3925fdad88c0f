package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestRepetition(t *testing.T) {
	get, post := rest.Call{Path: "a"}, rest.Call{Method: "POST", Path: "a"}
	search := rest.Call{Method: "POST", Path: "a", Access: rest.Read}
	repeatable := rest.Call{Method: "POST", Path: "a", Repeat: true}
	refused := func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	}
	tests := []struct {
		name  string
		call  rest.Call
		wire  wire
		calls int
	}{
		{"a read is repeated while the server fails", get, always(502, ""), 3},
		{"a read by POST is repeated", search, always(500, ""), 3},
		{"a write is not repeated after a server error", post, always(503, ""), 1},
		{"a write is not repeated after a 429 unless asked", post, always(429, ""), 1},
		{"a write is not repeated after a refused connection unless asked", post, refused, 1},
		{"a repeatable write is repeated after a 429", repeatable, always(429, ""), 3},
		{"a repeatable write is repeated after a refused connection", repeatable, refused, 3},
		{"a repeatable write is not repeated when it may have happened", repeatable, always(504, ""), 1},
		{"a refusal is final", get, always(400, ""), 1},
		{"an answer that is not understood is final", rest.Call{Path: "a", Out: new(int)}, always(200, "<html>"), 1},
		{"a wait that is too long is left to the caller", get, always(503, "", "Retry-After", "3600"), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				c := client(t, wire(func(r *http.Request) (*http.Response, error) {
					calls++
					return tt.wire(r)
				}))
				require.Error(t, c.Do(t.Context(), tt.call))
				assert.Equal(t, tt.calls, calls)
			})
		})
	}
}

func TestWaitsAsLongAsItIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		began := time.Now()
		c := client(t, wire(func(*http.Request) (*http.Response, error) {
			at = append(at, time.Since(began))
			if len(at) == 1 {
				return answer(503, "", "Retry-After", "20"), nil
			}
			return answer(200, "{}"), nil
		}))
		require.NoError(t, c.Do(t.Context(), rest.Call{Path: "a"}))
		require.Len(t, at, 2)
		assert.Equal(t, 20*time.Second, at[1])
	})
}

func TestContext(t *testing.T) {
	t.Run("ended before the call, nothing was done", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := client(t, always(200, "{}")).Do(ctx, rest.Call{Method: "POST", Path: "a"})
		assert.ErrorIs(t, err, mip.ErrUnavailable)
		assert.ErrorIs(t, err, context.Canceled)
	})
	t.Run("ended on the way, a write is unknown", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			c := client(t, wire(func(r *http.Request) (*http.Response, error) {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}))
			err := c.Do(ctx, rest.Call{Method: "POST", Path: "a"})
			assert.ErrorIs(t, err, mip.ErrUnknown)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
		})
	})
	t.Run("the time-out of the client ends a try", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := client(t, wire(func(r *http.Request) (*http.Response, error) {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}), once)
			began := time.Now()
			err := c.Do(t.Context(), rest.Call{Path: "a"})
			assert.ErrorIs(t, err, mip.ErrUnavailable)
			assert.Equal(t, time.Minute, time.Since(began))
		})
	})
	t.Run("ended during a pause, no further try is made", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			calls := 0
			c := client(t, wire(func(*http.Request) (*http.Response, error) {
				calls++
				time.AfterFunc(100*time.Millisecond, cancel)
				return answer(503, ""), nil
			}))
			assert.ErrorIs(t, c.Do(ctx, rest.Call{Path: "a"}), mip.ErrUnavailable)
			assert.Equal(t, 1, calls)
		})
	})
}

func TestRequestAsSent(t *testing.T) {
	var got *http.Request
	var body []byte
	keep := wire(func(r *http.Request) (*http.Response, error) {
		got = r
		if r.Body != nil {
			body, _ = io.ReadAll(r.Body)
		}
		return answer(200, "{}", "Set-Cookie", "BBSESSID=1; Path=/"), nil
	})
	var signedURL, signedBody string
	c := client(t, keep, func(c *rest.Config) {
		c.Header = http.Header{"X-Account": {"7"}}
		c.Auth = func(r *http.Request) error {
			signedURL = r.URL.String()
			if r.GetBody != nil {
				b, _ := r.GetBody()
				raw, _ := io.ReadAll(b)
				signedBody = string(raw)
			}
			r.Header.Set("X-Signature", "s")
			return nil
		}
	})
	t.Run("the signature sees address and body as sent", func(t *testing.T) {
		require.NoError(t, c.Do(t.Context(), rest.Call{Method: "PUT", Path: "/orders/{id}/x", Vars: rest.Vars{"id": "a/b ü"},
			Query: url.Values{"z": {"1"}, "a": {"b c"}}, Body: map[string]int{"n": 1}}))
		assert.Equal(t, "https://acme.test/v1/orders/a%2Fb%20%C3%BC/x?a=b+c&z=1", got.URL.String())
		assert.Equal(t, got.URL.String(), signedURL)
		assert.Equal(t, `{"n":1}`, string(body))
		assert.Equal(t, string(body), signedBody)
		assert.Equal(t, "application/json", got.Header.Get("Content-Type"))
		assert.Equal(t, "openmip", got.Header.Get("User-Agent"))
		assert.Equal(t, "7", got.Header.Get("X-Account"))
		assert.Equal(t, "s", got.Header.Get("X-Signature"))
	})
	t.Run("cookies are not kept", func(t *testing.T) {
		require.NoError(t, c.Do(t.Context(), rest.Call{Path: "a"}))
		assert.Empty(t, got.Header.Get("Cookie"))
	})
	t.Run("a form is sent as a form", func(t *testing.T) {
		require.NoError(t, c.Do(t.Context(), rest.Call{Method: "POST", Path: "a", Body: url.Values{"k": {"v w"}}}))
		assert.Equal(t, "k=v+w", string(body))
		assert.Equal(t, "application/x-www-form-urlencoded", got.Header.Get("Content-Type"))
	})
	t.Run("an address given by the other side is used as it is", func(t *testing.T) {
		require.NoError(t, c.Do(t.Context(), rest.Call{Path: "a", URL: "https://acme.test/v1/a?cursor=%2F"}))
		assert.Equal(t, "https://acme.test/v1/a?cursor=%2F", got.URL.String())
	})
	t.Run("an address on another host never gets the credential", func(t *testing.T) {
		got = nil
		err := c.Do(t.Context(), rest.Call{Path: "a", URL: "https://evil.test/v1/a"})
		assert.ErrorIs(t, err, mip.ErrContract)
		assert.Nil(t, got)
	})
	for _, id := range []string{"", ".", ".."} {
		t.Run(fmt.Sprintf("the id %q is invalid", id), func(t *testing.T) {
			assert.ErrorIs(t, c.Do(t.Context(), rest.Call{Path: "a/{id}", Vars: rest.Vars{"id": id}}), mip.ErrInvalid)
		})
	}
	t.Run("an unfilled variable is invalid", func(t *testing.T) {
		assert.ErrorIs(t, c.Do(t.Context(), rest.Call{Path: "a/{id}", Vars: rest.Vars{"no": "1"}}), mip.ErrInvalid)
	})
}

func TestConfig(t *testing.T) {
	tests := []struct {
		name   string
		config rest.Config
	}{
		{"a name is required", rest.Config{BaseURL: "https://acme.test"}},
		{"a base is required", rest.Config{Name: "acme"}},
		{"a base is a whole address", rest.Config{Name: "acme", BaseURL: "acme.test"}},
		{"credentials do not belong into the base", rest.Config{Name: "acme", BaseURL: "https://u:CANARY@acme.test"}},
		{"a query does not belong into the base", rest.Config{Name: "acme", BaseURL: "https://acme.test?key=CANARY"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := rest.New(tt.config)
			assert.ErrorIs(t, err, mip.ErrInvalid)
			assert.NotContains(t, err.Error(), "CANARY")
		})
	}
}
