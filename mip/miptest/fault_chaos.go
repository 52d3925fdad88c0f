package miptest

import (
	"math/rand/v2"
	"slices"
	"sync"
)

// Chaos draws all mishaps of a simulation from one seed: the same questions in
// the same order get the same answers. It is safe for concurrent use.
type Chaos struct {
	mu   sync.Mutex
	seed uint64
	rand *rand.Rand
	off  bool
}

// NewChaos returns a generator.
func NewChaos(seed uint64) *Chaos {
	c := &Chaos{seed: seed}
	c.Turn(0)
	return c
}

// Turn begins the n-th part of a history. What a part draws does not depend on
// what came before, so that parts may be left out of a history and the rest
// stays as it was.
func (c *Chaos) Turn(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rand = rand.New(rand.NewPCG(c.seed, uint64(n)+1)) //nolint:gosec // a count, and no secret
}

// Stop ends all mishaps for good: from now on only the first choice is drawn.
func (c *Chaos) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off = true
}

// Chance is true once in so many times, and never after [Chaos.Stop] or for
// nought.
func (c *Chaos) Chance(oneIn int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.off && oneIn > 0 && c.rand.IntN(oneIn) == 0
}

// Pick returns a number from 0 to n−1, and 0 after [Chaos.Stop].
func (c *Chaos) Pick(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.off {
		return 0
	}
	return c.rand.IntN(n)
}

// Mishap returns one of the given mishaps once in so many times, else [Fine].
func (c *Chaos) Mishap(oneIn int, of ...Mishap) Mishap {
	if len(of) == 0 || !c.Chance(oneIn) {
		return Fine
	}
	return of[c.Pick(len(of))]
}

// Shrink returns a history that still fails and from which no step, and no run
// of steps that it tried, can be left out. It tries at most so many times.
func Shrink[A any](history []A, tries int, fails func([]A) bool) []A {
	for size := max(len(history)/2, 1); size > 0 && tries > 0; {
		smaller := false
		for at := 0; at < len(history) && tries > 0; {
			shorter := slices.Concat(history[:at], history[min(at+size, len(history)):])
			tries--
			if fails(shorter) {
				history, smaller = shorter, true
				continue
			}
			at += size
		}
		if size == 1 && !smaller {
			break
		}
		if size > 1 {
			size /= 2
		}
	}
	return history
}
