package rest_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

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
