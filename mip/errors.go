package mip

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// The kinds of failure. Each is one decision for the caller; test for them
// with [errors.Is]. Adapters wrap exactly one in an [Error].
var (
	// ErrInvalid: the request or the data is wrong and stays wrong until
	// somebody changes it. Nothing was done.
	ErrInvalid = errors.New("invalid")
	// ErrIllegal: the state table has no such step. The [Error] lists what is
	// allowed instead. Nothing was done.
	ErrIllegal = errors.New("not allowed in this state")
	// ErrIgnored: the event was late or a repetition; it changed nothing.
	// Callers that only deliver news treat it as success.
	ErrIgnored = errors.New("ignored: already known or too late")
	// ErrNotFound: there is no such thing, and the other side can be trusted
	// to know.
	ErrNotFound = errors.New("not found")
	// ErrConflict: somebody else changed it first. Read again, then decide.
	ErrConflict = errors.New("conflict")
	// ErrUnauthorized: the credentials or the account's permissions are wrong.
	// Repeating does not help; a person must act.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrUnfunded: a payment method proved that it cannot pay. Nothing was
	// charged. It is the only kind after which another method may be tried.
	ErrUnfunded = errors.New("not enough money")
	// ErrRefused: the other side understood and said no for good. Nothing was
	// done.
	ErrRefused = errors.New("refused")
	// ErrThrottled: a rate limit was hit; the call was not executed. Repeat
	// after [Error.RetryAfter].
	ErrThrottled = errors.New("throttled")
	// ErrUnavailable: certainly not done; repeat freely after a while.
	ErrUnavailable = errors.New("unavailable")
	// ErrUnknown: perhaps done. Never repeat a write after it: look first.
	ErrUnknown = errors.New("outcome unknown")
	// ErrPending: accepted, the verdict is not in yet. Repeating the same call
	// asks for it; nothing is done twice.
	ErrPending = errors.New("accepted, verdict pending")
	// ErrContract: a read was answered in a form this version does not
	// understand. After a write the same answer is ErrUnknown.
	ErrContract = errors.New("answer not understood")
)

// kinds in the order in which [KindOf] looks for them: the most cautious first.
var kinds = []error{
	ErrUnknown, ErrPending, ErrUnauthorized, ErrUnfunded, ErrThrottled, ErrUnavailable, ErrConflict,
	ErrNotFound, ErrIgnored, ErrIllegal, ErrRefused, ErrContract, ErrInvalid,
}

// Error carries what a caller needs in order to decide: the kind, the
// operation and the order. Its text never contains an address, a name, an
// e-mail, a credential or a message body; whoever fills it keeps that promise.
type Error struct {
	Op         string        // "bigbuy: create order"
	Ref        Ref           // zero where no single order is concerned
	Kind       error         // one of the sentinels of this package
	Code       string        // finding code or vendor code ("ER003"); may be empty
	RetryAfter time.Duration // with ErrThrottled and ErrUnavailable; 0 = not said
	Err        error         // the cause; may be nil
}

// Error implements error.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Ref != (Ref{}) {
		fmt.Fprintf(&b, " %s", e.Ref)
	}
	if e.Kind != nil {
		fmt.Fprintf(&b, ": %v", e.Kind)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, " (%s)", e.Code)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives [errors.Is] and [errors.As] both the kind and the cause.
func (e *Error) Unwrap() []error {
	out := make([]error, 0, 2)
	if e.Kind != nil {
		out = append(out, e.Kind)
	}
	if e.Err != nil {
		out = append(out, e.Err)
	}
	return out
}

// KindOf returns the sentinel err wraps. An error of no kind, which nobody
// has classified, counts as [ErrUnknown]: the careful reading. nil gives nil.
func KindOf(err error) error {
	if err == nil {
		return nil
	}
	for _, k := range kinds {
		if errors.Is(err, k) {
			return k
		}
	}
	return ErrUnknown
}

// RetryAfter returns the longest wait the chain of err asks for, or 0.
func RetryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*Error](err); ok {
		return max(e.RetryAfter, RetryAfter(e.Err))
	}
	return 0
}
