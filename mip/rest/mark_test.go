package rest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestMarksAreWrittenAndRead(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.FixedZone("", 7200))
	ours := time.Date(2026, 11, 23, 7, 59, 58, 0, time.UTC)
	for layout, want := range map[string][2]mip.Cursor{
		time.RFC3339:  {"a1|2026-11-23T08:00:00Z", "a2|2026-11-23T08:00:00Z|2026-11-23T07:59:58Z"},
		time.DateTime: {"a1|2026-11-23 08:00:00", "a2|2026-11-23 08:00:00|2026-11-23 07:59:58"},
	} {
		for i, m := range []rest.Mark{{At: at}, {At: at, Ours: ours}} {
			assert.Equal(t, want[i], m.Cursor("a", layout))
			got, err := rest.ReadMark("a", layout, want[i])
			require.NoError(t, err)
			assert.Equal(t, rest.Mark{At: at.UTC(), Ours: m.Ours}, got)
		}
	}
	none, err := rest.ReadMark("a", time.RFC3339, "")
	require.NoError(t, err)
	assert.Zero(t, none)
}

func TestWhatIsNoMarkIsRefused(t *testing.T) {
	const at = "2026-11-23T08:00:00Z"
	for _, c := range []mip.Cursor{"x", at, "a1|", "a1", "a1|today", "a3|" + at, "b1|" + at, "a1|" + at + "|" + at, "a1|" + at + "|",
		"a2|" + at, "a2|" + at + "|", "a2|" + at + "|today", "a2|today|" + at, "a2|" + at + "|" + at + "|" + at, "a2|" + at + "|0001-01-01T00:00:00Z",
		" a1|" + at, "a1|" + at + " ", "a1|2026-11-23T08:00:00"} {
		m, err := rest.ReadMark("a", time.RFC3339, c)
		require.ErrorIs(t, err, mip.ErrInvalid, c)
		assert.Equal(t, mip.ErrInvalid, mip.KindOf(err))
		assert.Zero(t, m)
		assert.NotContains(t, err.Error(), string(c)+"|")
	}
}

// A cursor is refused, or means the same once it was written again.
func FuzzReadMark(f *testing.F) {
	for _, c := range []string{"", "a1|2026-11-23T08:00:00Z", "a2|2026-11-23T08:00:00Z|2026-11-23T07:59:58Z", "a1|2026-11-23T08:00:00.5+02:00",
		"a2|0000-01-01T00:00:00Z|9999-12-31T23:59:59-23:59", "a2||", "woo1|2026-11-23T00:00:00"} {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, c string) {
		m, err := rest.ReadMark("a", time.RFC3339, mip.Cursor(c))
		if err != nil {
			require.ErrorIs(t, err, mip.ErrInvalid)
			return
		}
		if c == "" || m.At.Year() < 0 || m.At.Year() > 9999 || m.Ours.Year() < 0 || m.Ours.Year() > 9999 {
			return // a zone can carry it beyond the years that can be written
		}
		again, err := rest.ReadMark("a", time.RFC3339, m.Cursor("a", time.RFC3339))
		require.NoError(t, err)
		assert.True(t, m.At.Truncate(time.Second).Equal(again.At) && m.Ours.Truncate(time.Second).Equal(again.Ours), "%s became %s", c, again.At)
	})
}
