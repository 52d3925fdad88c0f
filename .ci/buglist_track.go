//go:build ignore

package main

func init() {
	bugs = append(bugs, []bug{
		{"a failure counts with one of days ago", "mip/engine/trouble.go", "if at.Sub(s.last) >= apart {", "if s.n == 0 {", engineTests},
		{"what the supplier does not show is told of at once", "mip/step_missing.go", "return p.open() && !p.MissedAt.IsZero() && at.Sub(p.MissedAt) >= missedFor", "return p.open() && !p.MissedAt.IsZero()", engineTests},
		{"what the supplier does not show is never told of", "mip/step_track.go", "\ts.missing()\n", "", engineTests},
		{"what turns up again is missed for ever", "mip/step_missing.go", "p.MissedAt, s.missed = time.Time{}, true", "", engineTests},
		{"every miss is a line of the history", "mip/step_track.go", "\t\ts.quiet = true\n", "", engineTests},
		{"an order that BigBuy does not show passes for silence", "bigbuy/track.go", "t.Missing = len(t.Parcels) == 0\n", "", bigTests},
		{"an order that BigBuy does not show hides its carrier's news", "bigbuy/track.go", "t.Missing = len(t.Parcels) == 0\n", "t.Missing, t.Parcels = true, nil\n", bigTests},
		{"one order that cannot be read stops the tracking of all", "bigbuy/track.go", "row >= outage && (!answers || mip.Repeatable(err))", "row > 0", bigTests},
		{"an outage makes orders missing", "bigbuy/track.go", "if cause != nil && !answers {", "if cause != nil && len(open) == 0 {", bigTests},
		{"a purchase that costs more passes in silence", "mip/step_submit.go", "\ts.costMore()\n", "", coreTests},
		{"a purchase that costs more as told later passes in silence", "mip/step_track.go", "\t\ts.costMore()\n", "", coreTests},
		{"a purchase that costs more by a rounding is told of", "mip/step_cost.go", "budget.Add(Minor(rounding, ", "budget.Add(Minor(0*rounding, ", coreTests},
		{"an order that is late passes in silence from its first sight", "mip/step_channel.go", "\tif s.o.owed() {\n\t\ts.remind()\n", "\tif false {\n\t\ts.remind()\n", engineTests},
		{"an order that is late passes in silence once its date has moved", "mip/step_channel.go", "if slices.Contains(changed, \"shipBy\") {", "if false {", engineTests},
		{"an order that is late passes in silence when it is wanted again", "mip/step_channel.go", "\ts.remind()\n\treturn nil\n", "\treturn nil\n", coreTests},
		{"an order that has left is called late", "mip/step_late.go", "return o.State != StateShipped && ", "return ", engineTests},
		{"an order that is late is so for ever", "mip/step.go", "\ts.inTime()\n", "", engineTests},
		{"an order that is late is not so by a slow clock", "mip/step_late.go", "(!s.o.owed() || ", "(!s.o.Late(s.c.At) || ", coreTests},
		{"an order that is late by a fast clock is forgotten", "mip/engine/remind.go", "return o.ShipBy, nil", "return time.Time{}, nil", engineTests},
		{"an order that is late is checked anew for being told so", "mip/engine/remind.go", "case o.State == mip.StateReceived:", "case false:", engineTests},
		{"questions that brought no news count as failures", "mip/engine/do.go", "e.later(ctx, e.trouble.failed(l, e.now()), err)", "e.later(ctx, l, err)", engineTests},
		{"a streak of failures never ends", "mip/engine/do.go", "\t\te.trouble.over(l)\n", "", engineTests},
		{"tracking that goes on is given up for people", "mip/step_track.go", "\t\ts.goesOn(EffectTrack)\n", "", engineTests},
		{"parcels listed in another order swap their numbers", "mip/step_parcels.go", "return p.Number == t.Number && !listed(p.ID, p.Number) }); j >= 0 {", "return false }); j >= 0 {", coreTests},
		{"a parcel listed before another takes its place", "mip/step_parcels.go", "if i >= 0 && listed(\"\", have[i].Number) {", "if false {", coreTests},
		{"two parcels of one number are one", "mip/step_parcels.go", " && !listed(p.ID, p.Number) })", " })", coreTests},
		{"a cancellation that BigBuy denied counts", "bigbuy/status.go", " && !deniedWords.MatchString(word) {", " {", bigTests},
		{"numbers that a batch does not tell are lost", "bigbuy/track.go", "if len(ids) > 1 || len(told) == 0 {", "if false {", bigTests},
		{"a batch that is refused for one order is no answer for any", "bigbuy/track.go", "if refusal != nil && (mip.Repeatable(refusal) || ctx.Err() != nil) {", "if refusal != nil {", bigTests},
		{"an old word of a carrier listed last is its last word", "bigbuy/track.go", "} else if when.Before(at[i]) {\n\t\t\tcontinue\n\t\t}", "}", bigTests},
		{"a key that may not read numbers is silent", "bigbuy/track.go", "refused && refusal != nil {", "refused && false {", bigTests},
	}...)
}
