package mip

import (
	"hash/fnv"
	"time"
)

// Backoff is the one retry policy: how long to wait before try n, and when to
// stop. It has no randomness of its own; jitter comes from a seed, so that
// the same order always waits the same and different orders do not wait
// together.
type Backoff struct {
	First time.Duration // after the first failure
	Max   time.Duration // no wait is longer, unless the other side asks for it
	Tries int           // give up after so many tries
	Age   time.Duration // give up when the work is older than this
}

// DefaultBackoff is for durable work: 5 s, 10 s, 20 s … at most 30 min, 40
// tries, three days.
var DefaultBackoff = Backoff{First: 5 * time.Second, Max: 30 * time.Minute, Tries: 40, Age: 72 * time.Hour}

// Delay returns the wait before the next try after tries failures, at least
// what err asks for, with up to a quarter of jitter drawn from seed.
func (b Backoff) Delay(tries int, seed string, err error) time.Duration {
	d := b.First
	for i := 1; i < tries && d < b.Max; i++ {
		d *= 2
	}
	d = min(d, b.Max)
	h := fnv.New32a()
	_, _ = h.Write([]byte(seed))
	_, _ = h.Write([]byte{byte(tries)})
	jitter := d / 4 / 1024 * time.Duration(h.Sum32()%1024)
	return max(d+jitter, RetryAfter(err))
}

// Spent reports whether to give up.
func (b Backoff) Spent(tries int, age time.Duration) bool {
	return b.Tries > 0 && tries >= b.Tries || b.Age > 0 && age >= b.Age
}

// Repeatable reports whether the same call may simply be made again after
// err: it certainly did nothing, and it may go through later.
func Repeatable(err error) bool {
	switch KindOf(err) {
	case ErrThrottled, ErrUnavailable:
		return true
	}
	return false
}
