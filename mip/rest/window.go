package rest

import "time"

// window is the newest window of a budget in which a call was let through or
// has been promised its turn; it may lie ahead.
type window struct {
	Budget
	start    time.Time
	used     int
	slack    time.Duration // extra margin, learnt from refusals
	refusals int           // turns taken before the last one are void
	until    time.Time     // after a refusal: nothing leaves before
}

// next returns the window of the next call and how many it already has. The
// call may leave once that window has begun.
func (w *window) next(now time.Time) (start time.Time, used int) {
	switch length := w.Per + w.Margin + w.slack; {
	case w.Calls == 0 || !now.Before(w.start.Add(length)), w.used == 0 && now.After(w.start):
		start = now
	case w.used < w.Calls:
		start, used = w.start, w.used
	default:
		start = w.start.Add(length)
	}
	if start.Before(w.until) && now.Before(w.until) {
		start = w.until
	}
	return start, used
}

func (w *window) observe(now time.Time, seen Limits) {
	if seen.Throttled {
		w.refused(now, seen.Wait)
		return
	}
	w.slack -= w.slack / 32
	// Somebody else uses the account too: believe the other side's count.
	if w.Calls > 0 && seen.Remaining == 0 && w.used < w.Calls && !w.start.After(now) {
		w.used = w.Calls
		w.start = now.Add(w.bounded(seen.Wait) - w.Per)
	}
}

// refused closes the budget until the reset, and widens the margin unless
// this refusal belongs to a wave already answered.
func (w *window) refused(now time.Time, reset time.Duration) {
	if !now.Before(w.until) {
		w.slack = min(2*w.slack+w.Per/50, w.Per/4, time.Minute)
	}
	w.refusals++
	at := now.Add(max(w.bounded(reset), minPause))
	if at.After(w.until) {
		w.until = at
	}
	w.start, w.used = w.until, 0
}

// minPause is the wait after a refusal that says nothing.
const minPause = time.Second

// bounded corrects a reset that is told in whole seconds: a window that has
// begun never lasts longer than its length. A reset far beyond that is believed
// for five minutes at a time. Not said = the whole length.
func (w *window) bounded(reset time.Duration) time.Duration {
	switch {
	case reset == 0:
		return w.Per + w.Margin
	case w.Calls > 0 && reset <= w.Per+2*time.Second:
		return min(reset, w.Per+w.Margin)
	case w.Calls > 0:
		return min(reset, max(w.Per, 5*time.Minute))
	}
	return reset
}
