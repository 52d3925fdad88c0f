package rest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

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
