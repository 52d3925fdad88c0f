package prestashop

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// wireTime is how the shop writes its own time, without a zone.
const (
	wireTime = "2006-01-02 15:04:05"
	noDate   = "0000-00-00 00:00:00"
)

// instant reads a date in the shop's time; none is the zero time. What the
// clock showed twice is the later instant, unless that lies after now.
func instant(t text, zone *time.Location, now time.Time) (at time.Time, ok bool) {
	if t == "" || t == noDate {
		return time.Time{}, true
	}
	wall, err := time.Parse(wireTime, string(t))
	if err != nil {
		return time.Time{}, false
	}
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(near).In(zone).Zone()
		one := wall.Add(-time.Duration(offset) * time.Second)
		if one.In(zone).Format(wireTime) == string(t) && (at.IsZero() || one.After(at) && !one.After(now)) {
			at = one
		}
	}
	if at.IsZero() { // never shown: the clock was put forward
		_, offset := wall.Add(-24 * time.Hour).In(zone).Zone()
		at = wall.Add(-time.Duration(offset) * time.Second)
	}
	return at.UTC(), true
}

// before returns a time of the shop's clock that lies before every one that it
// shows from one instant to the other: it may be put back in between. was is the
// shop's zone at the first of them, nil if that is not known to have changed.
func before(from, to time.Time, zone, was *time.Location) string {
	low := wall(from.In(zone))
	if was != nil && wall(from.In(was)).Before(low) {
		low = wall(from.In(was))
	}
	for at := from.In(zone); ; {
		_, end := at.ZoneBounds()
		if end.IsZero() || end.After(to) {
			return low.Add(-time.Second).Format(wireTime)
		}
		at = end.In(zone)
		if w := wall(at); w.Before(low) {
			low = w
		}
	}
}

// wall is what a clock shows, as if it stood in UTC.
func wall(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// cursor writes a mark; one of a reading together with the shop's offset from
// UTC then, in seconds: changes keep the date of the zone that they were made in.
func cursor(m rest.Mark, zone *time.Location) mip.Cursor {
	c := m.Cursor("presta", time.RFC3339)
	if !m.Ours.IsZero() {
		_, offset := m.At.In(zone).Zone()
		c += mip.Cursor("|" + strconv.Itoa(offset))
	}
	return c
}

// readCursor reads what cursor wrote. was is nil unless a reading did.
func readCursor(since mip.Cursor) (m rest.Mark, was *time.Location, err error) {
	text, offset := string(since), ""
	if i := strings.LastIndexByte(text, '|'); strings.Count(text, "|") == 3 {
		text, offset = text[:i], text[i+1:]
	}
	m, err = rest.ReadMark("presta", time.RFC3339, mip.Cursor(text))
	if err != nil || m.Ours.IsZero() {
		return m, nil, err
	}
	seconds, err := strconv.Atoi(offset)
	if err != nil || max(seconds, -seconds) > 24*60*60 {
		return m, nil, &mip.Error{Op: "presta: read cursor", Kind: mip.ErrInvalid, Err: errors.New("an offset that is none")}
	}
	return m, time.FixedZone("", seconds), nil
}
