package paypal_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/paypal"
)

const captured = `{"id":"` + orderID + `","status":"COMPLETED","purchase_units":[{"reference_id":"default","payments":{"captures":[` +
	`{"id":"3C679366HH908993F","status":"COMPLETED","amount":{"currency_code":"EUR","value":"34.90"}}]}}]}`

// TestRepetition plays what a capture may meet.
func TestRepetition(t *testing.T) {
	refusedConnection := func() (*http.Response, error) { return nil, dialError() }
	inProgress := says(409, `{"name":"RESOURCE_CONFLICT","details":[{"issue":"PREVIOUS_REQUEST_IN_PROGRESS"}]}`)
	tests := []struct {
		name    string
		answers []func() (*http.Response, error)
		kind    error // nil = captured
		calls   int
	}{
		{"a lost answer is asked for again", seq(loses, says(200, captured)), nil, 2},
		{"a server error is asked again", seq(says(500, `{"name":"INTERNAL_SERVER_ERROR"}`), says(200, captured)), nil, 2},
		{"a page of a proxy is asked again", seq(says(502, "<html>"), says(503, ""), says(200, captured)), nil, 3},
		{"a success that is no JSON is asked again", seq(says(201, "<html>"), says(200, captured)), nil, 2},
		{"a success without an id is asked again", seq(says(201, "{}"), says(200, captured)), nil, 2},
		{"a success about another order is asked again", seq(says(201, `{"id":"OTHER","status":"COMPLETED"}`), says(200, captured)), nil, 2},
		{"a call in progress is waited for", seq(inProgress, inProgress, says(200, captured)), nil, 3},
		{"an order in completion is waited for", seq(says(422, issue("ORDER_COMPLETION_IN_PROGRESS")), says(200, captured)), nil, 2},
		{"a call that stays in progress is unknown", seq(inProgress), mip.ErrUnknown, 3},
		{"what stays lost is unknown", seq(loses), mip.ErrUnknown, 3},
		{"a throttled call is repeated", seq(says(429, `{"name":"RATE_LIMIT_REACHED"}`), says(201, captured)), nil, 2},
		{"a call that stays throttled was not done", seq(says(429, "")), mip.ErrThrottled, 3},
		{"a refused connection is repeated", seq(refusedConnection, says(201, captured)), nil, 2},
		{"a connection that stays refused did nothing", seq(refusedConnection), mip.ErrUnavailable, 3},
		{"a refusal is final", seq(says(422, issue("TRANSACTION_REFUSED"))), mip.ErrRefused, 1},
		{"a mistake is final", seq(says(400, `{"name":"INVALID_REQUEST"}`)), mip.ErrInvalid, 1},
		{"a refusal of the same request after a lost answer is believed", seq(loses, says(422, issue("INSTRUMENT_DECLINED"))), mip.ErrPending, 2},
		{"no permission after a lost answer proves nothing", seq(loses, says(403, issue("PERMISSION_DENIED"))), mip.ErrUnknown, 3},
		{"not found after a lost answer proves nothing", seq(loses, says(404, issue("INVALID_RESOURCE_ID"))), mip.ErrUnknown, 3},
		{"no connection after a lost answer proves nothing", seq(loses, refusedConnection), mip.ErrUnknown, 7},
		{"throttling after a lost answer proves nothing", seq(loses, says(429, "")), mip.ErrUnknown, 7},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := inTurn(tt.answers...)
				o, err := client(t, w).CaptureOrder(t.Context(), capture, orderID)
				assert.Len(t, w.sent, tt.calls)
				for _, s := range w.sent {
					assert.Equal(t, capture.String(), s.header.Get("PayPal-Request-Id"), "the same id every time")
					assert.Equal(t, w.sent[0].body, s.body)
				}
				if tt.kind == nil {
					require.NoError(t, err)
					assert.True(t, o.Captures()[0].Paid())
					return
				}
				assert.Equal(t, tt.kind, mip.KindOf(err))
				if tt.kind == mip.ErrUnknown {
					assert.Equal(t, paypal.ClassRetry, paypal.ClassOf(err))
				}
			})
		})
	}
}

func seq(answers ...func() (*http.Response, error)) []func() (*http.Response, error) { return answers }

func TestWritesWithoutRequestIDAreNotRepeatedBlindly(t *testing.T) {
	w := inTurn(loses)
	err := client(t, w).VoidAuthorization(t.Context(), "0VF52814937998046")
	assert.Equal(t, mip.ErrUnknown, mip.KindOf(err))
	assert.Len(t, w.sent, 1)
	w = inTurn(loses)
	err = client(t, w).DeletePaymentToken(t.Context(), "8kk8451t")
	assert.Equal(t, mip.ErrUnknown, mip.KindOf(err))
	assert.Len(t, w.sent, 1)
}

func TestTriesHaveABound(t *testing.T) {
	for tries, calls := range map[int]int{0: 1, 1: 1, 5: 5} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{answer: func(_ sent, n int) (*http.Response, error) {
				if n > 20 {
					return answer(422, issue("TRANSACTION_REFUSED")), nil
				}
				return loses()
			}}
			c := client(t, w, func(c *paypal.ClientConfig) {
				c.Retry = mip.Backoff{First: time.Second, Max: time.Second, Tries: tries}
			})
			_, err := c.CaptureOrder(t.Context(), capture, orderID)
			assert.Equal(t, mip.ErrUnknown, mip.KindOf(err))
			assert.Len(t, w.sent, calls)
		})
	}
}

func TestWaits(t *testing.T) {
	t.Run("Retry-After is kept", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			_, err := client(t, inTurn(says(429, "", "Retry-After", "17"), says(201, captured))).CaptureOrder(t.Context(), capture, orderID)
			require.NoError(t, err)
			assert.GreaterOrEqual(t, time.Since(began), 17*time.Second)
			assert.Less(t, time.Since(began), 25*time.Second)
		})
	})
	t.Run("a wait that is too long is left to the caller", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := inTurn(says(429, "", "Retry-After", "600"))
			_, err := client(t, w).CaptureOrder(t.Context(), capture, orderID)
			require.ErrorIs(t, err, mip.ErrThrottled)
			assert.Equal(t, 10*time.Minute, mip.RetryAfter(err))
			assert.Len(t, w.sent, 1)
		})
	})
	t.Run("so is one that was asked for by a server that failed", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := inTurn(says(503, "", "Retry-After", "600"))
			_, err := client(t, w).CaptureOrder(t.Context(), capture, orderID)
			require.ErrorIs(t, err, mip.ErrUnknown)
			assert.Equal(t, 10*time.Minute, mip.RetryAfter(err))
			assert.Len(t, w.sent, 1)
		})
	})
	hangs := roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/v1/oauth2/token" {
			return answer(200, tokenAnswer), nil
		}
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	t.Run("each try has its time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			_, err := client(t, hangs, func(c *paypal.ClientConfig) { c.Timeout = 7 * time.Second }).CaptureOrder(t.Context(), capture, orderID)
			require.ErrorIs(t, err, mip.ErrUnknown)
			assert.GreaterOrEqual(t, time.Since(began), 21*time.Second)
			assert.Less(t, time.Since(began), 30*time.Second)
		})
	})
	t.Run("the caller's deadline ends it all", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			began := time.Now()
			_, err := client(t, hangs).CaptureOrder(ctx, capture, orderID)
			require.ErrorIs(t, err, mip.ErrUnknown)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, 10*time.Second, time.Since(began))
		})
	})
	t.Run("a context that ends between the tries leaves the outcome unknown", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			w := &wire{answer: func(sent, int) (*http.Response, error) {
				time.AfterFunc(100*time.Millisecond, cancel)
				return loses()
			}}
			_, err := client(t, w).CaptureOrder(ctx, capture, orderID)
			require.ErrorIs(t, err, mip.ErrUnknown)
			assert.Len(t, w.sent, 1)
		})
	})
}
