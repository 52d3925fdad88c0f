package magento

import (
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// position is what a cursor holds: how far the changes were read, by the clock of
// the shop's database, and when all open orders were.
type position struct {
	rest.Mark
	swept time.Time
}

func readPosition(since mip.Cursor) (m position, err error) {
	mark, swept := string(since), ""
	if fields := strings.Count(mark, "|"); fields == 3 || fields == 2 && strings.HasPrefix(mark, "mag1|") {
		i := strings.LastIndexByte(mark, '|')
		mark, swept = mark[:i], mark[i+1:]
		if m.swept, err = time.Parse(wireTime, swept); err != nil {
			return m, fail("read cursor", mip.ErrInvalid, "not a cursor of this version")
		}
	}
	m.Mark, err = rest.ReadMark("mag", wireTime, mip.Cursor(mark))
	return m, err
}

func (m position) cursor() mip.Cursor {
	out := m.Cursor("mag", wireTime)
	if !m.swept.IsZero() {
		out += mip.Cursor("|" + m.swept.UTC().Format(wireTime))
	}
	return out
}

// CursorAt implements [mip.Rewinder].
func (s *Shop) CursorAt(t time.Time) mip.Cursor { return position{Mark: rest.Mark{At: t}}.cursor() }
