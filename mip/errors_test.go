package mip_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip"
)

func TestErrors(t *testing.T) {
	t.Run("kind and cause are both found", func(t *testing.T) {
		err := fmt.Errorf("outer: %w", &mip.Error{Op: "bigbuy: create", Ref: mip.Ref{Channel: "shop", ID: "1"}, Kind: mip.ErrUnknown, Code: "ER009", Err: context.DeadlineExceeded})
		assert.ErrorIs(t, err, mip.ErrUnknown)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, "outer: bigbuy: create shop/1: outcome unknown (ER009): context deadline exceeded", err.Error())
	})
	t.Run("an error of no kind counts as unknown, the careful reading", func(t *testing.T) {
		assert.Equal(t, mip.ErrUnknown, mip.KindOf(errors.New("surprise")))
		assert.NoError(t, mip.KindOf(nil))
	})
	t.Run("unknown outranks every other kind in one chain", func(t *testing.T) {
		assert.Equal(t, mip.ErrUnknown, mip.KindOf(errors.Join(mip.ErrUnavailable, mip.ErrUnknown)))
		assert.False(t, mip.Repeatable(errors.Join(mip.ErrUnavailable, mip.ErrUnknown)))
	})
	t.Run("the longest wait asked for is found", func(t *testing.T) {
		inner := &mip.Error{Kind: mip.ErrThrottled, RetryAfter: time.Minute}
		assert.Equal(t, time.Minute, mip.RetryAfter(&mip.Error{Op: "outer", Kind: mip.ErrThrottled, RetryAfter: time.Second, Err: inner}))
		assert.Zero(t, mip.RetryAfter(errors.New("plain")))
	})
}

func TestBackoff(t *testing.T) {
	b := mip.Backoff{First: time.Second, Max: time.Minute, Tries: 3, Age: time.Hour}
	assert.Equal(t, b.Delay(2, "a", nil), b.Delay(2, "a", nil), "the same order waits the same")
	assert.NotEqual(t, b.Delay(2, "a", nil), b.Delay(2, "b", nil), "different orders do not wait together")
	last := time.Duration(0)
	for n := 1; n < 60; n++ {
		d := b.Delay(n, "", nil)
		assert.GreaterOrEqual(t, d, min(time.Second<<min(n-1, 10), time.Minute))
		assert.LessOrEqual(t, d, time.Minute*5/4)
		last = d
	}
	assert.GreaterOrEqual(t, last, time.Minute)
	assert.GreaterOrEqual(t, b.Delay(1, "", &mip.Error{Kind: mip.ErrThrottled, RetryAfter: time.Hour}), time.Hour, "the other side's word counts")
	assert.True(t, b.Spent(3, 0))
	assert.True(t, b.Spent(0, time.Hour))
	assert.False(t, b.Spent(2, time.Minute))
}
