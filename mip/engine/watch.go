package engine

import (
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// promiseFor is how long an order that was released for its check is taken to
// be on its way to it; then it may be released again.
const promiseFor = 30 * time.Minute

// watch remembers what one process has seen of the purse and told about it.
type watch struct {
	mu       sync.Mutex
	looked   time.Time
	promises map[mip.Ref]promise
	last     time.Time // the time of the last release
	low      bool
	missing  mip.Money // last told; no currency: nothing is missing
	told     time.Time
}

// promise is money that an order was released for.
type promise struct {
	version int // of the order when it was released: another one was checked since
	at      time.Time
}

// dueAt reports whether the last look is long ago.
func (w *watch) dueAt(now time.Time, every time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.looked.IsZero() || now.Sub(w.looked) >= every
}

func (w *watch) lookedAt(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looked = now
}

func (w *watch) promise(ref mip.Ref, version int, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.promises == nil {
		w.promises = map[mip.Ref]promise{}
	}
	w.promises[ref] = promise{version, at}
}

// promised reports whether an order was released and not checked since.
func (w *watch) promised(ref mip.Ref, version int, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, ok := w.promises[ref]
	if !ok {
		return false
	}
	if p.version == version && now.Sub(p.at) < promiseFor {
		return true
	}
	delete(w.promises, ref)
	return false
}

// strictlyAfter returns now, or a nanosecond after the last time returned:
// what is released first is due first, however coarse the clock.
func (w *watch) strictlyAfter(now time.Time) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !now.After(w.last) {
		now = w.last.Add(time.Nanosecond)
	}
	w.last = now
	return now
}

// fell reports whether the balance is low and was not before.
func (w *watch) fell(low bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	was := w.low
	w.low = low
	return low && !was
}

// short reports whether a shortage is worth telling: a new one, one that
// changed while the queue rests, or one that has lasted another hour.
func (w *watch) short(missing mip.Money, resting bool, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	news := w.missing.Currency() == "" || resting && !missing.Equal(w.missing) || now.Sub(w.told) >= time.Hour
	if news {
		w.missing, w.told = missing, now
	}
	return news
}

func (w *watch) noShortage() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.missing = mip.Money{}
}
