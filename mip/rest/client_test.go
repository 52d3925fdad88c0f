package rest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
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

func TestNothingPrivateLeaks(t *testing.T) {
	const canary = "CANARY"
	var logged bytes.Buffer
	var tries []rest.Try
	wires := []wire{
		always(200, `"`+canary+`"`), always(200, canary), always(400, canary), always(302, canary, "Location", "https://x/"+canary),
		always(429, canary), always(200, `{"id":"`+canary+`"}`), always(200, `{"id":1.5}`+canary),
		func(r *http.Request) (*http.Response, error) { return nil, errors.New("reset") },
	}
	for _, w := range wires {
		c := client(t, w, once, func(c *rest.Config) {
			c.Auth = rest.Bearer(rest.NewSecret(canary))
			c.Logger = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
			c.Seen = func(_ context.Context, x rest.Try) { tries = append(tries, x) }
		})
		var reply rest.Response
		err := c.Do(t.Context(), rest.Call{Method: "POST", Path: "a/{id}", Vars: rest.Vars{"id": canary},
			Query: url.Values{"q": {canary}}, Body: canary, Out: &struct{ ID int }{}, Reply: &reply})
		require.Error(t, err)
		assert.NotContains(t, err.Error(), canary)
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v %s", reply, reply, reply, &reply), canary)
		slog.New(slog.NewTextHandler(&logged, nil)).Info("reply", "reply", reply)
	}
	assert.NotEmpty(t, logged.String())
	assert.NotContains(t, logged.String(), canary)
	require.Len(t, tries, len(wires))
	assert.NotContains(t, fmt.Sprintf("%+v", tries), canary)
	assert.Equal(t, "POST a/{id}", tries[0].Call)
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
