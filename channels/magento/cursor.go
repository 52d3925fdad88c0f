package magento

import (
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

const cursorV1 = "mag1|"

// position is what a cursor holds: how far the changes were read, by the clock of
// the shop's database, and when all open orders were.
type position struct{ at, swept time.Time }

func readPosition(since mip.Cursor) (m position, err error) {
	if since == "" {
		return m, nil
	}
	text, known := strings.CutPrefix(string(since), cursorV1)
	at, swept, twice := strings.Cut(text, "|")
	if m.at, err = time.Parse(wireTime, at); err == nil && twice {
		m.swept, err = time.Parse(wireTime, swept)
	}
	if err != nil || !known {
		return m, fail("read cursor", mip.ErrInvalid, "not a cursor of this version")
	}
	return m, nil
}

func (m position) cursor() mip.Cursor {
	out := cursorV1 + m.at.Format(wireTime)
	if !m.swept.IsZero() {
		out += "|" + m.swept.Format(wireTime)
	}
	return mip.Cursor(out)
}

// reach moves the position to an order that was read. It never moves back, and
// never beyond an order that was seen: the clock that counts is the database's,
// which is not always the shop's. Nor beyond what the shop's shows: an order
// dated ahead would hide everybody else's changes until then.
func (m *position) reach(p place, now time.Time) {
	at, err := time.Parse(wireTime, p.at)
	if at.After(now) {
		at = now
	}
	if err == nil && at.After(m.at) {
		m.at = at
	}
}

// CursorAt implements [mip.Rewinder].
func (s *Shop) CursorAt(t time.Time) mip.Cursor {
	return position{at: t.UTC().Truncate(time.Second)}.cursor()
}
