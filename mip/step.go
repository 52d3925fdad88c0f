package mip

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Result is what a step decided.
type Result struct {
	Order   Order
	Change  Change   // the zero value is not worth recording
	Effects []Effect // to be stored with the order
}

// Valid returns an error for a result that a store of ref's order must not keep:
// it is of another order, or has an effect that nobody would ever do.
func (r *Result) Valid(ref Ref) error {
	if r.Order.Ref != ref {
		return errors.New("the step changed the order's identity")
	}
	for i := range r.Effects {
		if !slices.Contains(EffectKinds(), r.Effects[i].Kind) {
			return fmt.Errorf("unknown kind of effect %q", r.Effects[i].Kind)
		}
	}
	return nil
}

// Step is the whole state machine: what becomes of an order when something
// happens, and what must be done next. It is pure and total: the same
// arguments give the same result, no argument makes it panic, and o is not
// modified. at is the time of the event, in UTC.
//
// Late or repeated news returns [ErrIgnored] with the order as it was; if it
// is worth a line in the history, Change is set. A command that the state
// does not allow returns [ErrIllegal], and one that makes no sense
// [ErrInvalid]; their text lists what is allowed. An override of a value that
// is no longer there returns [ErrConflict].
func Step(o Order, e Event, at time.Time) (r Result, err error) {
	r.Order = o // an order is large: it is copied once, here
	r.Change.At, r.Change.Event, r.Change.From = at, e.Kind, o.State
	r.Change.Actor, r.Change.Why, r.Change.Attempt = e.Actor, e.Why, e.Attempt
	s := step{r: &r, o: &r.Order, c: &r.Change, e: &e}
	if err = s.run(); err != nil {
		return s.unchanged(&o, err)
	}
	s.record()
	if len(r.Effects) == 0 {
		r.Effects = nil
	}
	return r, nil
}

// run makes the order what the event makes of it.
func (s *step) run() error {
	if !inTable(s.c.From, s.e.Kind) {
		if s.alreadySo() {
			return errRepeated
		}
		if s.e.Kind.Command() {
			return s.illegal("")
		}
		return errLate
	}
	if err := s.apply(); err != nil {
		return err
	}
	s.catchUp()
	s.letGo()
	s.inTime()
	s.made()
	if s.o.State != s.c.From {
		s.o.ChangedAt = s.c.At
		s.o.HeldSince = time.Time{}
		if s.o.State == StatePendingReview {
			s.o.HeldSince = s.c.At
		}
	}
	if next := s.o.status(); next.State != "" && !s.o.Reported.Equal(next) {
		s.effect(EffectReport, 0, time.Time{})
	}
	return nil
}

// step is one run of [Step]: the order as it becomes and what follows.
//
// It holds nothing but pointers, to variables of Step: so these stay on its
// stack, whatever the step keeps of their contents.
type step struct {
	r     *Result
	o     *Order  // the result's
	c     *Change // the result's
	e     *Event
	fell  bool // a placement turned out to be cancelled
	bare  bool // a placement turned out to have arrived, and no parcel of it is known
	quiet bool // not worth a line in the history
	// missed: since when the supplier has none of a placement was written down
	// or crossed out.
	missed bool
	over   bool // what an effect was given up for is over
}

// errRepeated: nothing new, not worth a line. errLate: too late, worth one.
var (
	errRepeated = fmt.Errorf("%w: repeated", ErrIgnored)
	errLate     = fmt.Errorf("%w: late", ErrIgnored)
)

func (s *step) apply() error {
	switch s.e.Kind {
	case EventImported:
		return s.imported()
	case EventHeld:
		return s.held()
	case EventApproved:
		return s.approved()
	case EventRecheck:
		return s.recheck()
	case EventPaying:
		return s.paying()
	case EventSending:
		return s.sending()
	case EventNotSent:
		return s.notSent()
	case EventPlaced:
		return s.placed()
	case EventRefused:
		return s.refused()
	case EventAwaiting:
		return s.awaitingPayment()
	case EventUnknown:
		return s.unknown()
	case EventAbsent:
		return s.absent()
	case EventUnclear:
		return s.unclear()
	case EventTracked:
		return s.tracked()
	case EventPaymentEnded:
		return s.paymentEnded()
	case EventSettled:
		return s.settled()
	case EventReported, EventReportRefused:
		return s.reported()
	case EventGaveUp:
		return s.gaveUp()
	case EventNoted:
		return s.noted()
	case EventErased:
		return s.erased()
	}
	return s.command()
}

// record completes the line of the history.
func (s *step) record() {
	if s.quiet {
		*s.c = Change{}
		return
	}
	s.c.To = s.o.State
	if s.c.Codes == nil && len(s.e.Findings) > 0 {
		s.c.Codes = Codes(s.e.Findings)
	}
}

// unchanged is the result for an event that changes nothing. Re-reading the
// channel repeats what it said, so that is not worth a line.
func (s *step) unchanged(o *Order, err error) (Result, error) {
	r := Result{Order: *o}
	switch {
	case err == errRepeated:
		return r, ErrIgnored
	case err != errLate:
		return r, err
	case s.e.Kind != EventImported && o.State != "":
		s.o.State = o.State
		s.record()
		r.Change = *s.c
		r.Change.Ignored = true
	}
	return r, ErrIgnored
}

func (s *step) illegal(why string) error {
	if why != "" {
		why += "; "
	}
	allows := "nothing"
	if can := Actions(*s.o); len(can) > 0 {
		allows = fmt.Sprint(can)
	}
	return &Error{Op: string(s.e.Kind), Ref: s.o.Ref, Kind: ErrIllegal,
		Err: fmt.Errorf("%sthe order is %s, which allows %s", why, s.c.From, allows)}
}

func (s *step) invalid(why string) error {
	return &Error{Op: string(s.e.Kind), Ref: s.o.Ref, Kind: ErrInvalid, Err: fmt.Errorf("%s", why)}
}

// effect adds something to do; due zero = at once.
func (s *step) effect(k EffectKind, attempt int, due time.Time) {
	if due.IsZero() {
		due = s.c.At
	}
	for i := range s.r.Effects {
		if s.r.Effects[i].Kind == k && s.r.Effects[i].Attempt == attempt {
			s.r.Effects[i].Due = due
			return
		}
	}
	if s.r.Effects == nil { // most steps have one, and a literal is cheaper than append
		s.r.Effects = []Effect{{Kind: k, Ref: s.o.Ref, Attempt: attempt, Due: due}}
		return
	}
	s.r.Effects = append(s.r.Effects, Effect{Kind: k, Ref: s.o.Ref, Attempt: attempt, Due: due})
}

// attempt returns the attempt with that number for writing, nil if there is
// none or its outcome is known.
func (s *step) attempt(number int) *Attempt {
	for i := range s.o.Attempts {
		if s.o.Attempts[i].Number != number {
			continue
		}
		if !s.o.Attempts[i].InFlight() {
			return nil
		}
		return s.writable(i)
	}
	return nil
}

// writable returns the attempt at position i for writing, until the next call:
// from then on the attempts are s's own.
func (s *step) writable(i int) *Attempt {
	if was := s.o.Attempts; len(was) == 1 && s.r.Effects == nil { // as in most steps, which have one of each: a single allocation
		both := &struct {
			attempts [1]Attempt
			effects  [1]Effect
		}{attempts: [1]Attempt{was[0]}}
		s.o.Attempts, s.r.Effects = both.attempts[:], both.effects[:0]
	} else {
		s.o.Attempts = slices.Clone(was)
	}
	return &s.o.Attempts[i]
}

// stop ends an order whose cancellation was asked: what is bought is followed
// to its end, nothing more is bought.
func (s *step) stop() {
	s.o.CancelAsked = true
	if s.o.bought() {
		s.o.State = StateSubmitted
		s.setFindings(s.notices())
		s.add(Finding{Code: CodeCancelLate, Severity: Notice})
		s.effect(EffectTrack, 0, s.c.At) // it may be further than that already
		return
	}
	s.o.State = StateCancelled
	s.o.Findings = nil
}
