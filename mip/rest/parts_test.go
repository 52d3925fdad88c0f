package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestSecret(t *testing.T) {
	s := rest.NewSecret("hunter2")
	t.Run("no way of printing shows it", func(t *testing.T) {
		type config struct {
			Key    rest.Secret
			hidden rest.Secret
			Ptr    *rest.Secret
		}
		c := config{s, s, &s}
		b, err := json.Marshal(c)
		require.NoError(t, err)
		var log strings.Builder
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", s, "config", c)
		for _, text := range []string{fmt.Sprint(s, c), fmt.Sprintf("%+v %#v %q %x", c, c, s, s), s.String(), string(b), log.String()} {
			assert.NotContains(t, text, "hunter2")
			assert.NotContains(t, text, fmt.Sprintf("%x", "hunter2"))
		}
	})
	t.Run("it can be read from JSON", func(t *testing.T) {
		var c struct{ Key rest.Secret }
		require.NoError(t, json.Unmarshal([]byte(`{"Key":"hunter2"}`), &c))
		assert.Equal(t, "hunter2", c.Key.Reveal())
		assert.True(t, c.Key.Set())
	})
	t.Run("an empty one is none", func(t *testing.T) {
		assert.False(t, rest.NewSecret("").Set())
		assert.Empty(t, rest.Secret{}.Reveal())
	})
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 500_000_000, time.UTC)
	unix := func(d time.Duration) string { return strconv.FormatInt(now.Add(d).Unix(), 10) }
	tests := []struct {
		name, value, date string
		want              time.Duration
	}{
		{"seconds", "30", "", 30 * time.Second},
		{"seconds with a fraction", "1.5", "", 1500 * time.Millisecond},
		{"an HTTP date counts to the end of its second", "Fri, 02 Jan 2026 03:04:10 GMT", "", 5500 * time.Millisecond},
		{"Unix seconds count to the end of their second", unix(10 * time.Second), "", 10500 * time.Millisecond},
		{"Unix milliseconds", strconv.FormatInt(now.Add(10*time.Second).UnixMilli(), 10), "", 10 * time.Second},
		{"the answer's own date beats a wrong clock", "Fri, 02 Jan 2026 09:00:10 GMT", "Fri, 02 Jan 2026 09:00:00 GMT", 11 * time.Second},
		{"the past is nothing", "Fri, 02 Jan 2026 03:00:00 GMT", "", 0},
		{"a negative number is nothing", "-5", "", 0},
		{"garbage is nothing", "soon", "", 0},
		{"not a number is nothing", "NaN", "", 0},
		{"an absurd number is a day", "999999999", "", 24 * time.Hour},
		{"infinity is a day", "1e999", "", 0},
		{"an absurd instant is a day", "99999999999999999999", "", 24 * time.Hour},
		{"nothing is nothing", "", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{"Retry-After": {tt.value}}
			if tt.date != "" {
				h.Set("Date", tt.date)
			}
			assert.Equal(t, tt.want, rest.RetryAfter(h, now))
		})
	}
}

func TestReadLimits(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for _, family := range []string{"X-RateLimit-", "X-Ratelimit-", "RateLimit-", "X-Rate-Limit-"} {
		t.Run("the family "+family+" is read", func(t *testing.T) {
			h := http.Header{}
			h.Set(family+"Limit", "10")
			h.Set(family+"Remaining", "0")
			h.Set(family+"Reset", "1800000060")
			l := rest.ReadLimits(rest.Response{Status: 429, Header: h}, now)
			assert.Equal(t, rest.Limits{Throttled: true, Limit: 10, Remaining: 0, Wait: 61 * time.Second}, l)
		})
	}
	t.Run("no headers say nothing", func(t *testing.T) {
		assert.Equal(t, rest.Limits{Limit: -1, Remaining: -1}, rest.ReadLimits(rest.Response{Status: 200}, now))
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"1", "-1", "1e9", "Fri, 02 Jan 2026 03:04:10 GMT", "9223372036854775807", "0x1p62"} {
		f.Add(s, s)
	}
	now := time.Unix(1_800_000_000, 0)
	f.Fuzz(func(t *testing.T, value, date string) {
		d := rest.RetryAfter(http.Header{"Retry-After": {value}, "Date": {date}}, now)
		if d < 0 || d > 24*time.Hour {
			t.Fatalf("%v from %q", d, value)
		}
	})
}

func TestBudgets(t *testing.T) {
	perSecond := map[string]rest.Budget{"create": {Calls: 1, Per: time.Second}, "list": {Calls: 3, Per: time.Hour}, "": {Calls: 1, Per: 5 * time.Second}}
	// times lets n calls ask at once and returns when they left.
	times := func(t *testing.T, b *rest.Budgets, budget string, n int) []time.Duration {
		began := time.Now()
		var mu sync.Mutex
		var out []time.Duration
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				assert.NoError(t, b.Wait(t.Context(), budget, 24*time.Hour))
				mu.Lock()
				defer mu.Unlock()
				out = append(out, time.Since(began))
			})
		}
		wg.Wait()
		return out
	}
	const ms = time.Millisecond
	t.Run("one per second never goes faster", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			assert.Equal(t, []time.Duration{0, 1010 * ms, 2020 * ms, 3030 * ms}, times(t, rest.NewBudgets(perSecond), "create", 4))
		})
	})
	t.Run("a window lets its calls through at once and then waits for the next", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			next := time.Hour + time.Second
			assert.Equal(t, []time.Duration{0, 0, 0, next, next, next, 2 * next}, times(t, rest.NewBudgets(perSecond), "list", 7))
		})
	})
	t.Run("budgets do not share, and the rest share one", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(perSecond)
			assert.Equal(t, []time.Duration{0}, times(t, b, "create", 1))
			assert.Equal(t, []time.Duration{0}, times(t, b, "list", 1))
			assert.Equal(t, []time.Duration{0}, times(t, b, "other", 1))
			assert.Equal(t, []time.Duration{5050 * ms}, times(t, b, "another", 1))
		})
	})
	t.Run("a refusal holds back those who wait already", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(perSecond)
			time.AfterFunc(500*ms, func() { b.Observe(t.Context(), "create", rest.Limits{Throttled: true, Wait: 10 * time.Second}) })
			at := times(t, b, "create", 3)
			assert.Equal(t, []time.Duration{0, 10500 * ms}, at[:2])
			assert.GreaterOrEqual(t, at[2], 11500*ms)
		})
	})
	t.Run("after a refusal the distance grows for a while", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(perSecond)
			times(t, b, "create", 1)
			b.Observe(t.Context(), "create", rest.Limits{Throttled: true, Wait: 2 * time.Second})
			at := times(t, b, "create", 2)
			assert.Equal(t, []time.Duration{1010 * ms, 1010*ms + 1030*ms}, at, "a reset told in whole seconds is no longer than the window")
			for range 200 {
				b.Observe(t.Context(), "create", rest.Limits{Remaining: 0, Limit: 1})
			}
			time.Sleep(time.Minute)
			at = times(t, b, "create", 2)
			assert.Less(t, at[1], 1011*ms)
		})
	})
	t.Run("a count below ours is believed", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(perSecond)
			times(t, b, "list", 1)
			b.Observe(t.Context(), "list", rest.Limits{Limit: 3, Remaining: 0, Wait: 10 * time.Minute})
			assert.Equal(t, []time.Duration{10*time.Minute + time.Second}, times(t, b, "list", 1))
		})
	})
	t.Run("without a plan only refusals count", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(nil)
			assert.Equal(t, []time.Duration{0, 0, 0}, times(t, b, "x", 3))
			b.Observe(t.Context(), "x", rest.Limits{Throttled: true, Wait: time.Minute})
			assert.Equal(t, []time.Duration{0}, times(t, b, "y", 1))
			assert.Equal(t, []time.Duration{time.Minute}, times(t, b, "x", 1))
		})
	})
	t.Run("a wait that is too long takes nothing and says how long", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(perSecond)
			times(t, b, "create", 1)
			err := b.Wait(t.Context(), "create", 100*ms)
			assert.ErrorIs(t, err, mip.ErrThrottled)
			assert.Equal(t, 1010*ms, mip.RetryAfter(err))
			assert.Equal(t, []time.Duration{1010 * ms}, times(t, b, "create", 1))
		})
	})
	t.Run("a context ends the wait", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(perSecond)
			times(t, b, "create", 1)
			ctx, cancel := context.WithTimeout(t.Context(), 10*ms)
			defer cancel()
			err := b.Wait(ctx, "create", time.Minute)
			assert.ErrorIs(t, err, mip.ErrUnavailable)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
		})
	})
}

// TestRepetitionsRespectTheBudget drives a client against a fixed-window
// server that counts.
func TestRepetitionsRespectTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var left []time.Time
		c := client(t, wire(func(*http.Request) (*http.Response, error) {
			left = append(left, time.Now())
			if len(left)%2 == 1 {
				return answer(503, ""), nil
			}
			return answer(200, "{}"), nil
		}), func(c *rest.Config) {
			c.Retry = mip.Backoff{First: time.Millisecond, Max: time.Millisecond, Tries: 3}
			c.Limiter = rest.NewBudgets(map[string]rest.Budget{"": {Calls: 1, Per: time.Second}})
		})
		for range 5 {
			require.NoError(t, c.Do(t.Context(), rest.Call{Path: "a"}))
		}
		require.Len(t, left, 10)
		for i := range left[1:] {
			assert.GreaterOrEqual(t, left[i+1].Sub(left[i]), time.Second)
		}
	})
}

func TestTokens(t *testing.T) {
	t.Run("one fetch serves all who wait", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			fetches := 0
			tokens := rest.NewTokens(func(context.Context) (rest.Token, error) {
				fetches++
				time.Sleep(time.Second)
				return rest.Token{Value: rest.NewSecret("t" + strconv.Itoa(fetches)), Expires: time.Now().Add(10 * time.Minute)}, nil
			})
			var wg sync.WaitGroup
			for range 20 {
				wg.Go(func() {
					v, err := tokens.Get(t.Context())
					assert.NoError(t, err)
					assert.Equal(t, "t1", v.Reveal())
				})
			}
			wg.Wait()
			assert.Equal(t, 1, fetches)
			time.Sleep(9*time.Minute + time.Second)
			v, err := tokens.Get(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "t2", v.Reveal(), "renewed a minute before its end")
		})
	})
	t.Run("a caller that gives up does not end the fetch of the others", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tokens := rest.NewTokens(func(ctx context.Context) (rest.Token, error) {
				time.Sleep(time.Second)
				return rest.Token{Value: rest.NewSecret("t")}, ctx.Err()
			})
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			defer cancel()
			_, err := tokens.Get(ctx)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			v, err := tokens.Get(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "t", v.Reveal())
		})
	})
	t.Run("a rejected token is replaced once", func(t *testing.T) {
		fetches := 0
		tokens := rest.NewTokens(func(context.Context) (rest.Token, error) {
			fetches++
			return rest.Token{Value: rest.NewSecret("t" + strconv.Itoa(fetches))}, nil
		})
		good := "Bearer t2"
		var calls int
		c := client(t, wire(func(r *http.Request) (*http.Response, error) {
			calls++
			if r.Header.Get("Authorization") != good {
				return answer(401, ""), nil
			}
			return answer(200, "{}"), nil
		}), func(c *rest.Config) { c.Auth, c.Rejected = tokens.Authorize, tokens.Rejected })
		require.NoError(t, c.Do(t.Context(), rest.Call{Path: "a"}))
		assert.Equal(t, 2, calls)
		good = "none"
		assert.ErrorIs(t, c.Do(t.Context(), rest.Call{Path: "a"}), mip.ErrUnauthorized)
		assert.Equal(t, 4, calls)
	})
	t.Run("a token that cannot be had means that the call was not made", func(t *testing.T) {
		for _, kind := range []error{mip.ErrUnknown, mip.ErrContract, errors.New("odd")} {
			tokens := rest.NewTokens(func(context.Context) (rest.Token, error) { return rest.Token{}, &mip.Error{Op: "token", Kind: kind} })
			c := client(t, always(200, "{}"), once, func(c *rest.Config) { c.Auth = tokens.Authorize })
			err := c.Do(t.Context(), rest.Call{Method: "POST", Path: "a"})
			assert.Equal(t, mip.ErrUnavailable, mip.KindOf(err), "%v", err)
		}
		tokens := rest.NewTokens(func(context.Context) (rest.Token, error) {
			return rest.Token{}, &mip.Error{Op: "token", Kind: mip.ErrUnauthorized}
		})
		c := client(t, always(200, "{}"), func(c *rest.Config) { c.Auth = tokens.Authorize })
		assert.ErrorIs(t, c.Do(t.Context(), rest.Call{Method: "POST", Path: "a"}), mip.ErrUnauthorized)
	})
}

func TestPages(t *testing.T) {
	var fetched []int
	boom := errors.New("boom")
	pages := func(failAt int) func(func(string, error) bool) {
		return rest.Pages(t.Context(), 1, func(_ context.Context, page int) ([]string, int, bool, error) {
			fetched = append(fetched, page)
			if page == failAt {
				return []string{"lost"}, 0, true, boom
			}
			return []string{fmt.Sprint(page, "a"), fmt.Sprint(page, "b")}, page + 1, page < 3, nil
		})
	}
	collect := func(seq func(func(string, error) bool)) (items []string, err error) {
		for it, e := range seq {
			if err = e; e == nil {
				items = append(items, it)
			}
		}
		return items, err
	}
	all := []string{"1a", "1b", "2a", "2b", "3a", "3b"}
	t.Run("lazy and restartable", func(t *testing.T) {
		fetched = nil
		seq := pages(0)
		assert.Empty(t, fetched)
		for range 2 {
			items, err := collect(seq)
			require.NoError(t, err)
			assert.Equal(t, all, items)
		}
		assert.Equal(t, []int{1, 2, 3, 1, 2, 3}, fetched)
	})
	t.Run("an error comes last", func(t *testing.T) {
		fetched = nil
		items, err := collect(pages(2))
		assert.ErrorIs(t, err, boom)
		assert.Equal(t, all[:2], items)
		assert.Equal(t, []int{1, 2}, fetched)
	})
	t.Run("break fetches nothing more", func(t *testing.T) {
		fetched = nil
		for range pages(0) {
			break
		}
		assert.Equal(t, []int{1}, fetched)
	})
	t.Run("a page that leads to itself ends with an error", func(t *testing.T) {
		_, err := collect(rest.Pages(t.Context(), "x", func(context.Context, string) ([]string, string, bool, error) {
			return nil, "x", true, nil
		}))
		assert.ErrorIs(t, err, mip.ErrContract)
	})
}

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
