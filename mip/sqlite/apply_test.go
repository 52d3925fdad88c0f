package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/sqlite"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// written starts a write and returns once it waits for its commit as the nth.
func written(t *testing.T, s *sqlite.Store, n int, write func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- write() }()
	require.Eventually(t, func() bool { return s.Uncommitted() == n }, time.Minute, time.Millisecond)
	return done
}

func TestAnOutcomeIsOfTheOrderAsItIsWhenItIsWritten(t *testing.T) {
	held := mip.Event{Kind: mip.EventHeld, Version: 1, Findings: []mip.Finding{{Code: "a", Severity: mip.Blocking, AutoClear: true}}}
	cancel := mip.Event{Kind: mip.EventCancel, Actor: "p1", Why: "gone"}
	for name, c := range map[string]struct {
		first, then mip.Event
		state       mip.State
		verdict     error
		version     int
	}{
		"refused, because another was first":     {cancel, mip.Event{Kind: mip.EventResend, Actor: "p1"}, mip.StateCancelled, mip.ErrIllegal, 2},
		"nothing new, because another was first": {cancel, cancel, mip.StateCancelled, mip.ErrIgnored, 2},
		"accepted, because another was first":    {held, mip.Event{Kind: mip.EventRecheck}, mip.StatePendingReview, nil, 3},
		"changed, whatever was first":            {held, cancel, mip.StateCancelled, nil, 3},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, filepath.Join(t.TempDir(), "orders.db"))
			require.NoError(t, importer(t, s, 1)())
			var first <-chan error
			res, err := s.Overtaken(t.Context(), ref(1), c.then, at(2), func() {}, func() {
				first = written(t, s, 1, func() error {
					_, err := s.Apply(t.Context(), ref(1), c.first, at(1))
					return err
				})
			})
			require.NoError(t, <-first)
			require.ErrorIs(t, err, c.verdict)
			assert.Equal(t, c.state, res.Order.State)
			assert.Equal(t, c.version, res.Order.Version)
			o, err := s.Order(t.Context(), ref(1))
			require.NoError(t, err)
			assert.Equal(t, o, res.Order)
			h, err := s.History(t.Context(), ref(1))
			require.NoError(t, err)
			assert.Len(t, h, c.version)
		})
	}
}

func TestAnOutcomeOfAnOrderThatWasNotKeptIsWorkedOutAnew(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "orders.db"))
	require.NoError(t, importer(t, s, 1)())
	var lost, fails <-chan error
	e := imported(ref(1), 2)
	res, err := s.Overtaken(t.Context(), ref(1), e.event, at(2), func() {
		lost = written(t, s, 1, func() error {
			e := imported(ref(1), 1)
			_, err := s.Apply(t.Context(), e.ref, e.event, at(1))
			return err
		})
	}, func() {
		fails = written(t, s, 2, func() error { return s.Orphan(t.Context()) })
		_, _, err := s.NextDue(t.Context()) // which commits first
		require.NoError(t, err)
	})
	require.NoError(t, err)
	require.ErrorIs(t, <-lost, mip.ErrUnknown)
	require.ErrorIs(t, <-fails, mip.ErrUnknown)
	assert.Equal(t, 2, res.Order.Version)
	h, err := s.History(t.Context(), ref(1))
	require.NoError(t, err)
	assert.Len(t, h, 2)
}

// What is kept for the next event is nobody's but the store's.
func TestAnOrderThatACallerChangesIsNotTheStores(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "orders.db"))
	e := imported(ref(1), 0)
	res, err := s.Apply(t.Context(), e.ref, e.event, at(0))
	require.NoError(t, err)
	e.event.Facts.Lines[0].SKU = "other" // of the event
	res.Order.Lines[0].Quantity = 99     // of what was accepted
	res, err = s.Apply(t.Context(), ref(1), mip.Event{Kind: mip.EventResend}, at(1))
	require.ErrorIs(t, err, mip.ErrIllegal)
	res.Order.Lines[0].Title = "other" // of what was refused
	note := mip.Event{Kind: mip.EventNoted, Findings: []mip.Finding{{Code: "note"}}}
	res, err = s.Apply(t.Context(), ref(1), note, at(2))
	require.NoError(t, err)
	assert.Equal(t, imported(ref(1), 0).event.Facts.Lines, res.Order.Lines)
	res.Order.Findings[0].Code = "other"
	res, err = s.Apply(t.Context(), ref(1), mip.Event{Kind: mip.EventCancel, Actor: "p1"}, at(3))
	require.NoError(t, err)
	assert.Equal(t, imported(ref(1), 0).event.Facts.Lines, res.Order.Lines)
}

func TestAPanicBeforeAWriteHoldsNobodyUp(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "orders.db"))
	var first <-chan error
	assert.PanicsWithValue(t, "planted", func() {
		_, _ = s.Overtaken(t.Context(), ref(2), imported(ref(2), 0).event, at(0), func() {
			first = written(t, s, 1, importer(t, s, 1)) // whose group is left open for this one
			panic("planted")
		}, func() {})
	})
	require.NoError(t, <-first)
	require.NoError(t, importer(t, s, 2)())
	assert.Equal(t, 2, there(t, s))
}
