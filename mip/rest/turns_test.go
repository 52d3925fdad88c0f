package rest_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestOneOrderIsWrittenByOneCallAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns, at := rest.NewTurns(), 0
		for range 5 {
			go func() {
				release, err := turns.Take(t.Context(), "1001")
				if !assert.NoError(t, err) {
					return
				}
				defer release()
				at++
				assert.Equal(t, 1, at)
				time.Sleep(time.Minute)
				at--
			}()
		}
		began := time.Now()
		time.Sleep(time.Second)
		release, err := turns.Take(t.Context(), "1001")
		require.NoError(t, err)
		release()
		assert.GreaterOrEqual(t, time.Since(began), time.Minute)
		release, err = turns.Take(t.Context(), "1002")
		require.NoError(t, err, "another order's turn")
		release()
		time.Sleep(time.Hour)
	})
}

func TestWaitingForATurnEndsWithItsContext(t *testing.T) {
	slots := make(rest.Slots, 1)
	_, err := slots.Take(t.Context())
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = slots.Take(ctx)
	require.ErrorIs(t, err, mip.ErrUnavailable)
	require.ErrorIs(t, err, context.Canceled)
}

func TestAboutNamesTheOrderAndKeepsTheRest(t *testing.T) {
	ref := mip.Ref{Channel: "shop", ID: "7"}
	plain, own := errors.New("x"), &mip.Error{Op: "read", Kind: mip.ErrThrottled, RetryAfter: time.Minute}
	assert.Equal(t, plain, rest.About(ref, plain))
	assert.NoError(t, rest.About(ref, nil))
	named := rest.About(ref, own)
	assert.Equal(t, &mip.Error{Op: "read", Ref: ref, Kind: mip.ErrThrottled, RetryAfter: time.Minute}, named)
	assert.Empty(t, own.Ref, "the caller's own is left alone")
}

func TestTurnsThatNobodyMadeSaySo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		_, err := new(rest.Turns).Take(ctx, "1001")
		assert.ErrorIs(t, err, mip.ErrInvalid)
		assert.ErrorContains(t, err, "NewTurns")
	})
}
