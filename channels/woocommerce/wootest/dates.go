package wootest

import "time"

// dateFilter is one of the four: strict, in whole seconds.
type dateFilter struct {
	modified, before bool
	at               time.Time
}

func (d dateFilter) passes(o *Order) bool {
	t := o.Created
	if d.modified {
		t = o.Modified
	}
	if d.before {
		return t.Before(d.at)
	}
	return t.After(d.at)
}

// dateFilters applies the shop's idea of time zones: a bare date is local
// unless dates_are_gmt; one with a zone is right, but is converted twice with
// dates_are_gmt, and then nothing is found (nothing = true).
func (c *call) dateFilters() (out []dateFilter, nothing bool, e *apiError) {
	gmt := false
	switch v := c.query.Get("dates_are_gmt"); v {
	case "", "false", "0":
	case "true", "1":
		gmt = true
	default:
		return nil, false, invalidParam("dates_are_gmt")
	}
	for _, p := range []struct {
		name string
		dateFilter
	}{
		{"after", dateFilter{}}, {"before", dateFilter{before: true}},
		{"modified_after", dateFilter{modified: true}}, {"modified_before", dateFilter{modified: true, before: true}},
	} {
		v := c.query.Get(p.name)
		if v == "" || p.modified && c.cfg.Before58 {
			continue
		}
		zone := c.cfg.Zone
		if gmt {
			zone = time.UTC
		}
		at, zoned, ok := parseDate(v, zone)
		if !ok {
			return nil, false, invalidParam(p.name)
		}
		nothing = nothing || zoned && gmt
		p.at = at
		out = append(out, p.dateFilter)
	}
	return out, nothing, nil
}

func parseDate(v string, zone *time.Location) (at time.Time, zoned, ok bool) {
	if t, err := time.Parse(time.RFC3339, v); err == nil {
		return t.Truncate(time.Second), true, true
	}
	for _, layout := range []string{wireTime, "2006-01-02 15:04:05"} { // a fraction is accepted by Parse and dropped
		if t, err := time.ParseInLocation(layout, v, zone); err == nil {
			return t.Truncate(time.Second), false, true
		}
	}
	return time.Time{}, false, false
}
