package rest

import (
	"context"
	"errors"
	"hash/fnv"

	"github.com/openmip/openmip/mip"
)

// Slots bounds how many things run at once. Make one with its capacity.
type Slots chan struct{}

// Take waits for a slot, which the caller has to release. A context that ends
// before is [mip.ErrUnavailable], and slots that were not made are
// [mip.ErrInvalid] at once. A sync.Mutex could not be left like that, and would
// stop the clock of a synctest bubble.
func (s Slots) Take(ctx context.Context) (release func(), err error) {
	if cap(s) == 0 {
		return nil, &mip.Error{Op: "wait for a turn", Kind: mip.ErrInvalid, Err: errors.New("there are no slots, make them with their capacity or by NewTurns")}
	}
	select {
	case s <- struct{}{}:
		return func() { <-s }, nil
	case <-ctx.Done():
		return nil, &mip.Error{Op: "wait for a turn", Kind: mip.ErrUnavailable, Err: ctx.Err()}
	}
}

// Turns lets whoever writes one order wait for each other: reading what is
// there and writing what is missing is only right alone. Other orders wait
// rarely. Make it with [NewTurns].
type Turns [16]Slots

// NewTurns returns turns that nobody has.
func NewTurns() *Turns {
	t := &Turns{}
	for i := range t {
		t[i] = make(Slots, 1)
	}
	return t
}

// Take waits until no other call has the order of that id, see [Slots.Take].
func (t *Turns) Take(ctx context.Context, id string) (release func(), err error) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return t[h.Sum32()%uint32(len(t))].Take(ctx)
}

// About names the order in an error.
func About(ref mip.Ref, err error) error {
	if e, ok := err.(*mip.Error); ok {
		named := *e
		named.Ref = ref
		return &named
	}
	return err
}
