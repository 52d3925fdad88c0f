package rest

import (
	"errors"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

// Mark is how far a shop was read that tells what changed by its own clock.
// It is what cursors of such channels hold.
type Mark struct {
	// At is by the shop's clock: what it dated until then was handed over.
	At time.Time
	// Ours is our clock when that was read. Zero = no reading made the mark:
	// somebody named a time.
	Ours time.Time
}

// Cursor writes a mark: name + "1|" and the time, or name + "2|" and both, in
// UTC and in the layout of package time, which keeps whole seconds.
func (m Mark) Cursor(name, layout string) mip.Cursor {
	at := m.At.UTC().Format(layout)
	if m.Ours.IsZero() {
		return mip.Cursor(name + "1|" + at)
	}
	return mip.Cursor(name + "2|" + at + "|" + m.Ours.UTC().Format(layout))
}

// ReadMark reads what [Mark.Cursor] wrote; the empty cursor is the zero mark.
// Anything else is [mip.ErrInvalid].
func ReadMark(name, layout string, c mip.Cursor) (m Mark, err error) {
	if c == "" {
		return m, nil
	}
	at, alone := strings.CutPrefix(string(c), name+"1|")
	both, twice := strings.CutPrefix(string(c), name+"2|")
	if twice {
		var ours string
		if at, ours, alone = strings.Cut(both, "|"); alone {
			m.Ours, err = time.Parse(layout, ours)
		}
	}
	if err == nil {
		m.At, err = time.Parse(layout, at)
	}
	if err != nil || !alone || twice && m.Ours.IsZero() {
		return Mark{}, &mip.Error{Op: name + ": read cursor", Kind: mip.ErrInvalid, Err: errors.New("not a cursor of this version")}
	}
	return Mark{At: m.At.UTC(), Ours: m.Ours.UTC()}, nil
}
