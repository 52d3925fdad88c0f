package prestashop

import "time"

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
// shows from one instant to the other: it may be put back in between.
func before(from, to time.Time, zone *time.Location) string {
	low := wall(from.In(zone))
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
