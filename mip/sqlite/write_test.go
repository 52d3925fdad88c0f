package sqlite_test

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/openmip/openmip/mip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAPanicDuringAWriteLeavesNothingBehind(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "orders.db"))
	assert.PanicsWithValue(t, "planted", func() { _ = s.Panic(t.Context()) })
	c, err := s.Cursor(t.Context(), "shop")
	require.NoError(t, err)
	assert.Empty(t, c)
	require.NoError(t, s.SaveCursor(t.Context(), "shop", "", "1"), "the store goes on")
	require.NoError(t, s.Check(t.Context()))
}

func TestReadersSeeWholeOrdersWhileWritersWork(t *testing.T) {
	const writers, rounds = 4, 25
	s := open(t, filepath.Join(t.TempDir(), "orders.db"))
	var work, watch sync.WaitGroup
	for i := range writers {
		e := imported(ref(i), 0)
		_, err := s.Apply(t.Context(), e.ref, e.event, at(0))
		require.NoError(t, err)
	}
	done := make(chan struct{})
	for range 2 {
		watch.Go(func() {
			seen := map[mip.Ref]int{}
			for {
				n := 0
				for o, err := range s.Orders(t.Context(), mip.Query{}) {
					if !assert.NoError(t, err) {
						return
					}
					n++
					assert.GreaterOrEqual(t, o.Version, seen[o.Ref], "an order went back in time")
					assert.Equal(t, o.Note, imported(o.Ref, o.Version-1).event.Facts.Note, "an order of two versions")
					seen[o.Ref] = o.Version
				}
				assert.Equal(t, writers, n)
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range writers {
		work.Go(func() {
			for n := 1; n < rounds; n++ {
				e := imported(ref(i), n)
				_, err := s.Apply(t.Context(), e.ref, e.event, at(n))
				assert.NoError(t, err)
			}
		})
	}
	work.Wait()
	close(done)
	watch.Wait()
}

func TestErasureGoesThroughOnceAReaderIsOutOfTheWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.db")
	s := open(t, path)
	canary := []byte("Canary-90c2")
	e := imported(ref(1), 0)
	e.event.Facts.Note = string(canary)
	_, err := s.Apply(t.Context(), e.ref, e.event, at(0))
	require.NoError(t, err)

	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	tx, err := db.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	require.NoError(t, err)
	var n int
	require.NoError(t, tx.QueryRowContext(t.Context(), "SELECT count(*) FROM orders").Scan(&n))
	require.Equal(t, 1, n)

	_, err = s.Apply(t.Context(), ref(1), mip.Event{Kind: mip.EventErased, Actor: "p1"}, at(1))
	require.NoError(t, err, "a reader must not keep an order from being erased")
	require.NoError(t, s.SaveCursor(t.Context(), "shop", "", "1"), "nor a write from going on")
	wal, err := os.ReadFile(path + "-wal")
	require.NoError(t, err)
	require.True(t, bytes.Contains(wal, canary), "the reader was not in the way: the test shows nothing")
	require.NoError(t, tx.Rollback())
	require.NoError(t, db.Close())

	require.NoError(t, s.SaveCursor(t.Context(), "shop", "1", "2"))
	patience, err := s.Pragma(t.Context(), "busy_timeout")
	require.NoError(t, err)
	assert.Equal(t, "5000", patience, "the store waits for other connections again")
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + suffix)
		require.NoError(t, err)
		assert.False(t, bytes.Contains(b, canary), "the file%s still has the person", suffix)
	}
}
